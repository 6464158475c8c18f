/*
 * The glue between nginx and caplat: what a location is configured with, what
 * a request carries along, and the few calls that its files share.
 *
 * Nothing here decides about prices or proofs: that is trust/'s and core/'s.
 * Memory comes from the pool that lives as long as the thing. What a worker
 * is configured with is const.
 */

#ifndef NGX_HTTP_CAPLAT_MODULE_H
#define NGX_HTTP_CAPLAT_MODULE_H

#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include "caplat_answer.h"
#include "caplat_auth.h"
#include "caplat_issuer.h"
#include "caplat_registry.h"
#include "caplat_zone.h"


/* Fields of a request beyond which it is refused: more than any client has. */
#define NGX_HTTP_CAPLAT_HEADERS_MAX  128


/* R(NAME, "name"): the routes, as counters and logs name them. */
#define NGX_HTTP_CAPLAT_ROUTES(R)                                             \
    R(QUOTES,   "quotes")                                                     \
    R(PRICES,   "prices")                                                     \
    R(SESSION,  "session")                                                    \
    R(ORDERS,   "orders")                                                     \
    R(NOTIFY,   "notify")                                                     \
    R(CASHIER,  "cashier")                                                    \
    R(OPENINGS, "openings")                                                   \
    R(LOG,      "log")                                                        \
    R(SIGN_IN,  "sign_in")                                                    \
    R(HEALTH,   "health")                                                     \
    R(STATUS,   "status")                                                     \
    R(PROBLEM,  "problem")

typedef enum {
    NGX_HTTP_CAPLAT_NONE,
#define NGX_HTTP_CAPLAT_ROUTE(name, word)  NGX_HTTP_CAPLAT_##name,
    NGX_HTTP_CAPLAT_ROUTES(NGX_HTTP_CAPLAT_ROUTE)
#undef NGX_HTTP_CAPLAT_ROUTE
    NGX_HTTP_CAPLAT_ROUTE_COUNT
} ngx_http_caplat_route_e;


typedef enum {
    NGX_HTTP_CAPLAT_DEMO,
    NGX_HTTP_CAPLAT_CERTIFICATE
} ngx_http_caplat_way_e;


/* caplat_sign_in */
typedef struct {
    ngx_http_caplat_way_e       way;
    caplat_registry            *registry;
    caplat_private_key         *key;
    ngx_str_t                   client_id;
    time_t                      life;
    ngx_uint_t                  forced;     /* unsigned  forced:1; */
    ngx_int_t                   verify_index;       /* $ssl_client_... */
    ngx_int_t                   issuer_index;
    ngx_int_t                   serial_index;
} ngx_http_caplat_sign_in_t;


typedef struct ngx_http_caplat_ledger_s  ngx_http_caplat_ledger_t;
typedef struct ngx_http_caplat_pay_s     ngx_http_caplat_pay_t;
typedef struct ngx_http_caplat_cashier_s ngx_http_caplat_cashier_t;


/* A server on which somebody is taken at his word. */
typedef struct {
    ngx_http_core_srv_conf_t   *server;
    const char                 *directive;
    const char                 *deed;       /* what everybody can do there */
    ngx_str_t                   file;
    ngx_uint_t                  line;
} ngx_http_caplat_demo_t;


/* Where a directive stands; line 0: nowhere. */
typedef struct {
    ngx_str_t                   file;
    ngx_uint_t                  line;
} ngx_http_caplat_place_t;


typedef struct {
    ngx_str_t                   zone_path;
    size_t                      zone_len;
    ngx_http_caplat_place_t     zone_place;
    ngx_uint_t                  tokens;
    ngx_http_caplat_place_t     ledger_place;
    ngx_http_caplat_ledger_t   *ledger;     /* NULL: no orders */
    ngx_http_caplat_pay_t      *pay;
    ngx_int_t                   request_id_index;
    ngx_array_t                 demos;      /* of ngx_http_caplat_demo_t */

    /* Opened when the server starts for real, never by `nginx -t`. */
    caplat_zone                *zone;
    caplat_auth                *auth;       /* each worker has its copy */
} ngx_http_caplat_main_conf_t;


typedef struct {
    caplat_rates               *rates;
    caplat_keyring             *issuer_keys;
    caplat_keyring             *partner_keys;
    ngx_str_t                   issuer;
    ngx_str_t                   audience;
    ngx_str_t                   origin;
    ngx_str_t                   tag;
    ngx_array_t                *cors;       /* of ngx_str_t */

    ngx_http_caplat_place_t     rates_place;
    ngx_http_caplat_place_t     issuer_keys_place;
    ngx_http_caplat_place_t     partner_keys_place;
    ngx_http_caplat_place_t     issuer_place;
    ngx_http_caplat_place_t     audience_place;
    ngx_http_caplat_place_t     origin_place;
    ngx_http_caplat_place_t     tag_place;
    ngx_http_caplat_place_t     cors_place;

    ngx_http_caplat_route_e     route;
    ngx_http_handler_pt         handler;    /* the route's */
    ngx_str_t                   route_file; /* where the route was set */
    ngx_uint_t                  route_line;
    caplat_problem              problem;    /* caplat_problem */
    ngx_http_caplat_sign_in_t  *sign_in;
    ngx_str_t                   log_prefix; /* "/log/", of caplat_log */
    ngx_uint_t                  channel;    /* of caplat_notify */
    ngx_http_caplat_cashier_t  *cashier;

    caplat_policy               policy;     /* of the above, when merged */
    ngx_str_t                   accept_signature;
} ngx_http_caplat_loc_conf_t;


typedef struct ngx_http_caplat_ctx_s  ngx_http_caplat_ctx_t;
typedef struct ngx_http_caplat_follower_s  ngx_http_caplat_follower_t;

/* What follows when the body has been read and is what was signed, or when a
   request has waited. */
typedef ngx_int_t (*ngx_http_caplat_body_pt)(ngx_http_request_t *r,
    ngx_http_caplat_ctx_t *ctx);

/* How a route refuses that answers no problems. */
typedef ngx_int_t (*ngx_http_caplat_refuse_pt)(ngx_http_request_t *r,
    ngx_http_caplat_ctx_t *ctx, const caplat_denial *denial);

typedef struct ngx_http_caplat_gateway_s  ngx_http_caplat_gateway_t;

/* A request's own, made by its route's handler. */
struct ngx_http_caplat_ctx_s {
    ngx_http_caplat_route_e     route;
    struct timespec             start;

    caplat_message              message;
    caplat_identity             who;
    unsigned                    signed_in:1;
    unsigned                    too_many_headers:1;
    unsigned                    retry_soon:1;   /* with a 503 */
    unsigned                    is_refund:1;    /* what a channel tells of */

    u_char                     *body;
    size_t                      body_len;
    ngx_http_caplat_body_pt     with_body;
    ngx_http_caplat_refuse_pt   refuse;     /* NULL: with a problem */

    ngx_uint_t                  channel;    /* to be paid by, or that speaks */
    ngx_str_t                   trade;      /* that it speaks of */
    ngx_http_caplat_gateway_t  *gateway;    /* that is asked */

    ngx_http_caplat_follower_t *follower;   /* NULL: it has not waited */

    caplat_slice                extra;      /* members of a problem: ,"a":1 */

    /* For logs and variables. */
    caplat_problem              problem;
    const char                 *reason;
    int64_t                     amount_fen; /* -1: none */
    ngx_str_t                   order;      /* its id */
};


extern ngx_module_t  ngx_http_caplat_module;


/* ngx_str_t and slices are two views of the same. */
static ngx_inline caplat_slice
ngx_http_caplat_slice(const ngx_str_t *s)
{
    return caplat_slice_of((const char *) s->data, s->len);
}


static ngx_inline caplat_slice
ngx_http_caplat_body(const ngx_http_caplat_ctx_t *ctx)
{
    return caplat_slice_of((const char *) ctx->body, ctx->body_len);
}


/* ngx_http_caplat_conf.c: directives that read files or make a route. */

char *ngx_http_caplat_set_zone(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_caplat_set_rates(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_caplat_set_keys(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_caplat_set_route(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
/* "quotes", of NGX_HTTP_CAPLAT_QUOTES. */
const char *ngx_http_caplat_route_word(ngx_uint_t route);

char *ngx_http_caplat_set_problem(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/* A file or folder that a directive names can be made, or is there; what is
   there is one, and no link. */
ngx_int_t ngx_http_caplat_check_place(ngx_conf_t *cf, const char *directive,
    const ngx_str_t *path, ngx_uint_t is_folder);

/* ngx_http_caplat_words.c: directives that take words. */

char *ngx_http_caplat_set_text(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_caplat_set_origin(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_caplat_set_cors(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/* ngx_http_caplat_merge.c: what a location inherits, and what it lacks. */

char *ngx_http_caplat_merge_loc_conf(ngx_conf_t *cf, void *parent,
    void *child);

/* ngx_http_caplat_sign_in_conf.c */

char *ngx_http_caplat_set_sign_in(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/*
 * ngx_http_caplat_demo.c: who signs in by choosing a name is nobody, and who
 * pays by saying so has paid nothing. A demo is noted when it is read, and
 * judged when all servers know where they listen.
 *
 * deed  what it lets everybody do: "sign in as anybody"
 */

ngx_int_t ngx_http_caplat_add_demo(ngx_conf_t *cf, const char *directive,
    const char *deed, ngx_uint_t forced);
ngx_int_t ngx_http_caplat_check_demos(ngx_conf_t *cf);

/* The first of a directive in its block: its place is kept; a second names
   both. */
char *ngx_http_caplat_set_once(ngx_conf_t *cf, ngx_command_t *cmd,
    ngx_http_caplat_place_t *place);

/* ngx_http_caplat_file.c: files that the configuration names, read whole. */

ngx_int_t ngx_http_caplat_read_file(ngx_conf_t *cf, ngx_str_t *path,
    size_t max, caplat_slice *text);

/* The refusal of a file: `directive "...": path:line:column: field: fault`. */
char *ngx_http_caplat_file_fault(ngx_conf_t *cf, const ngx_str_t *path,
    caplat_slice text, const caplat_err *err);


/*
 * ngx_http_caplat_request.c: a request as the floors below see it.
 *
 * Its checks return NGX_OK; or NGX_DECLINED, when the request has been
 * answered and rc is what the content handler returns.
 */

/* Make the context; answer OPTIONS, other methods than those, and requests
   with too many fields. */
ngx_int_t ngx_http_caplat_enter(ngx_http_request_t *r,
    ngx_http_caplat_route_e route, ngx_uint_t methods,
    ngx_http_caplat_ctx_t **ctx, ngx_int_t *rc);

/* The body is JSON, and not announced to be too large. */
ngx_int_t ngx_http_caplat_check_content(ngx_http_request_t *r,
    const ngx_http_caplat_ctx_t *ctx, ngx_int_t *rc);

/*
 * Read the body into memory, at most CAPLAT_BODY_LEN_MAX bytes, then call
 * with_body, whose result finalizes the request. Returns what a content
 * handler returns.
 */
ngx_int_t ngx_http_caplat_read_body(ngx_http_request_t *r,
    ngx_http_caplat_ctx_t *ctx, ngx_http_caplat_body_pt with_body);

/* For as long as the request lives: what logs name, an order's id. */
ngx_int_t ngx_http_caplat_copy(ngx_http_request_t *r, caplat_slice text,
    ngx_str_t *copy);


/* ngx_http_caplat_answer.c: answers. */

/* A writer for the one answer that is being made: a worker has one room. */
caplat_writer ngx_http_caplat_scratch(void);

/* JSON of a status; text is copied. */
ngx_int_t ngx_http_caplat_send_json(ngx_http_request_t *r, ngx_uint_t status,
    caplat_slice text);

/* The same of one caller's: not to be stored. */
ngx_int_t ngx_http_caplat_send_private(ngx_http_request_t *r,
    ngx_uint_t status, caplat_slice text);

/* A tlog-proof, which is the caller's alone, to be saved under the order's
   name. */
ngx_int_t ngx_http_caplat_send_receipt(ngx_http_request_t *r,
    const ngx_str_t *order, caplat_slice text);

/* The fields that a page of another origin needs. */
ngx_int_t ngx_http_caplat_add_cors(ngx_http_request_t *r);

/* 204 with Allow, and the headers that a page of another origin needs. */
ngx_int_t ngx_http_caplat_send_options(ngx_http_request_t *r,
    const ngx_str_t *allow);

/* Add a field to the answer; the value is borrowed. */
ngx_int_t ngx_http_caplat_add_header(ngx_http_request_t *r, const char *name,
    const ngx_str_t *value);

ngx_int_t ngx_http_caplat_add_word(ngx_http_request_t *r, const char *name,
    const char *word);
ngx_int_t ngx_http_caplat_no_store(ngx_http_request_t *r);

/* The seconds after which to come again. */
ngx_int_t ngx_http_caplat_retry_after(ngx_http_request_t *r,
    ngx_uint_t seconds);


/* ngx_http_caplat_refuse.c: refusals. */

/*
 * A problem document (RFC 9457), and a line in the log. An unread body is
 * thrown away.
 *
 * faults  NULL when there are none
 */
ngx_int_t ngx_http_caplat_refuse(ngx_http_request_t *r,
    const caplat_denial *denial, const caplat_faults *faults);

/* The same of a problem whose reason is its name. */
ngx_int_t ngx_http_caplat_refuse_plainly(ngx_http_request_t *r,
    caplat_problem problem);

/* 405, and what would be allowed. */
ngx_int_t ngx_http_caplat_refuse_method(ngx_http_request_t *r,
    const ngx_str_t *allow);


/* Content handlers, one file each. */

ngx_int_t ngx_http_caplat_quotes_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_caplat_prices_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_caplat_session_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_caplat_orders_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_caplat_openings_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_caplat_log_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_caplat_sign_in_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_caplat_health_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_caplat_status_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_caplat_problem_handler(ngx_http_request_t *r);


/* ngx_http_caplat_access.c: who calls; checks as above. */

/* Token and proof, or a signature, which may come without a token. */
ngx_int_t ngx_http_caplat_authenticate(ngx_http_request_t *r,
    ngx_http_caplat_ctx_t *ctx, ngx_uint_t token_needed, ngx_int_t *rc);

/* The body is the one that was signed. */
ngx_int_t ngx_http_caplat_check_digest(ngx_http_request_t *r,
    const ngx_http_caplat_ctx_t *ctx, ngx_int_t *rc);

ngx_int_t ngx_http_caplat_check_scope(ngx_http_request_t *r,
    const ngx_http_caplat_ctx_t *ctx, caplat_scope scope, ngx_int_t *rc);


/* ngx_http_caplat_status.c: counters. */

/* One more answer of the route, and the time that it took. */
void ngx_http_caplat_count(ngx_http_request_t *r,
    const ngx_http_caplat_ctx_t *ctx);


/* ngx_http_caplat_log.c */

char *ngx_http_caplat_set_log(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);


/* ngx_http_caplat_variable.c */

ngx_int_t ngx_http_caplat_add_variables(ngx_conf_t *cf);


#endif /* NGX_HTTP_CAPLAT_MODULE_H */
