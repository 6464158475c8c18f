#include "ngx_http_caplat_pay.h"

#include "caplat_idempotency.h"
#include "caplat_json.h"


/* What stands below /orders. */
typedef enum {
    NGX_HTTP_CAPLAT_LIST,               /* /orders itself */
    NGX_HTTP_CAPLAT_ORDER,              /* /orders/ID */
    NGX_HTTP_CAPLAT_EVENTS,
    NGX_HTTP_CAPLAT_RECEIPT,
    NGX_HTTP_CAPLAT_CANCEL,
    NGX_HTTP_CAPLAT_PAYMENTS,           /* to pay */
    NGX_HTTP_CAPLAT_PAYMENT,            /* that has been made */
    NGX_HTTP_CAPLAT_INVOICE,
    NGX_HTTP_CAPLAT_NOTHING
} ngx_http_caplat_thing_e;


static ngx_http_caplat_thing_e
ngx_http_caplat_find_thing(caplat_slice word)
{
    static const caplat_slice  words[NGX_HTTP_CAPLAT_NOTHING] = {
        [NGX_HTTP_CAPLAT_EVENTS] = CAPLAT_INIT("events"),
        [NGX_HTTP_CAPLAT_RECEIPT] = CAPLAT_INIT("receipt"),
        [NGX_HTTP_CAPLAT_CANCEL] = CAPLAT_INIT("cancel"),
        [NGX_HTTP_CAPLAT_PAYMENTS] = CAPLAT_INIT("payments"),
        [NGX_HTTP_CAPLAT_PAYMENT] = CAPLAT_INIT("payment"),
        [NGX_HTTP_CAPLAT_INVOICE] = CAPLAT_INIT("invoice")
    };

    ngx_uint_t  thing;

    for (thing = NGX_HTTP_CAPLAT_EVENTS; thing < NGX_HTTP_CAPLAT_NOTHING;
         thing++)
    {
        if (caplat_slice_eq(word, words[thing])) {
            return thing;
        }
    }

    return NGX_HTTP_CAPLAT_NOTHING;
}


/* The order that the address names, and what of it. */
static ngx_http_caplat_thing_e
ngx_http_caplat_take_thing(const ngx_http_request_t *r, caplat_slice *id)
{
    static const ngx_str_t  orders = ngx_string("/orders/");

    u_char  *p, *end, *slash;

    end = r->uri.data + r->uri.len;
    p = ngx_strnstr(r->uri.data, (char *) orders.data, r->uri.len);

    if (p == NULL) {
        return NGX_HTTP_CAPLAT_LIST;
    }

    p += orders.len;
    slash = ngx_strlchr(p, end, '/');

    if (slash == NULL) {
        *id = caplat_slice_of((char *) p, end - p);
        return NGX_HTTP_CAPLAT_ORDER;
    }

    *id = caplat_slice_of((char *) p, slash - p);

    return ngx_http_caplat_find_thing(caplat_slice_of((char *) slash + 1,
                                                      end - slash - 1));
}


/* A field's value, empty without it. */
static caplat_slice
ngx_http_caplat_field(const ngx_http_caplat_ctx_t *ctx, caplat_slice name)
{
    caplat_slice  value;

    return caplat_message_header(&ctx->message, name, &value)
           ? value : CAPLAT_LIT("");
}


/* What stands behind the scheme. */
static caplat_slice
ngx_http_caplat_token(const ngx_http_caplat_ctx_t *ctx)
{
    size_t        i;
    caplat_slice  value;

    value = ngx_http_caplat_field(ctx, CAPLAT_LIT("authorization"));

    for (i = 0; i < value.len && value.ptr[i] != ' '; i++) {
        /* void */
    }

    return i == value.len ? CAPLAT_LIT("")
                          : caplat_slice_of(value.ptr + i + 1,
                                            value.len - i - 1);
}


static ngx_int_t
ngx_http_caplat_place_order(ngx_http_request_t *r, ngx_http_caplat_ctx_t *ctx)
{
    ngx_int_t                          rc;
    caplat_job                        *job;
    caplat_slice                       key;
    caplat_denial                      denial;
    caplat_faults                      faults;
    caplat_evidence                    evidence;
    ngx_http_caplat_main_conf_t       *cmcf;
    const ngx_http_caplat_loc_conf_t  *clcf;

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_caplat_module);
    clcf = ngx_http_get_module_loc_conf(r, ngx_http_caplat_module);

    if (ngx_http_caplat_check_digest(r, ctx, &rc) != NGX_OK) {
        return rc;
    }

    /* It has been read before the body was. */
    (void) caplat_idempotency_key_read(
        ngx_http_caplat_field(ctx, CAPLAT_LIT("idempotency-key")), &key);

    evidence.method = ctx->message.method;
    evidence.target = ctx->message.target;
    evidence.body = ngx_http_caplat_body(ctx);
    evidence.idempotency_key = key;
    evidence.address = ngx_http_caplat_slice(&r->connection->addr_text);
    evidence.token = ngx_http_caplat_token(ctx);
    evidence.proof = ngx_http_caplat_field(ctx, CAPLAT_LIT("dpop"));
    evidence.signature_input = ngx_http_caplat_field(ctx,
                                               CAPLAT_LIT("signature-input"));
    evidence.signature = ngx_http_caplat_field(ctx, CAPLAT_LIT("signature"));

    if (!caplat_job_place(&cmcf->ledger->orders, clcf->rates, &ctx->who,
                          &evidence, ngx_time(), &job, &faults, &denial))
    {
        return ngx_http_caplat_refuse(r, &denial, &faults);
    }

    return ngx_http_caplat_commit(r, ctx, job, ngx_http_caplat_placed);
}


/* Nothing is said in the body: it is empty, or an object that is. */
static ngx_uint_t
ngx_http_caplat_is_nothing(caplat_slice body)
{
    ngx_uint_t    empty;
    caplat_err    err;
    caplat_json  *object;

    if (body.len == 0) {
        return 1;
    }

    if (!caplat_json_open(body, CAPLAT_JSON_DEPTH_MAX, &object, &err)) {
        return 0;
    }

    empty = caplat_json_members(object) == 0;
    caplat_json_close(object);

    return empty;
}


static ngx_int_t
ngx_http_caplat_cancel_order(ngx_http_request_t *r,
    ngx_http_caplat_ctx_t *ctx)
{
    ngx_int_t                     rc;
    caplat_job                   *job;
    caplat_slice                  id;
    caplat_denial                 denial;
    ngx_http_caplat_main_conf_t  *cmcf;

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_caplat_module);

    if (ctx->message.has_content
        && ngx_http_caplat_check_digest(r, ctx, &rc) != NGX_OK)
    {
        return rc;
    }

    if (!ngx_http_caplat_is_nothing(ngx_http_caplat_body(ctx))) {
        (void) caplat_deny(&denial, CAPLAT_PROBLEM_REQUEST_MALFORMED,
                           "body-not-empty");
        return ngx_http_caplat_refuse(r, &denial, NULL);
    }

    (void) ngx_http_caplat_take_thing(r, &id);

    if (!caplat_job_cancel(&cmcf->ledger->orders, &ctx->who, id, ngx_time(),
                           &job, &denial))
    {
        return ngx_http_caplat_refuse(r, &denial, NULL);
    }

    return ngx_http_caplat_commit(r, ctx, job, ngx_http_caplat_cancelled);
}


/* Without a key a second try of a lost answer would be a second order. */
static ngx_int_t
ngx_http_caplat_check_key(ngx_http_request_t *r,
    const ngx_http_caplat_ctx_t *ctx, ngx_int_t *rc)
{
    static const caplat_slice  name = CAPLAT_INIT("idempotency-key");

    caplat_slice   value, key;
    caplat_denial  denial;

    if (!caplat_message_header(&ctx->message, name, &value)) {
        *rc = ngx_http_caplat_refuse_plainly(r,
                                      CAPLAT_PROBLEM_IDEMPOTENCY_KEY_MISSING);
        return NGX_DECLINED;
    }

    if (caplat_message_count(&ctx->message, name) == 1
        && caplat_idempotency_key_read(value, &key))
    {
        return NGX_OK;
    }

    (void) caplat_deny(&denial, CAPLAT_PROBLEM_REQUEST_MALFORMED,
                       "idempotency-key");
    *rc = ngx_http_caplat_refuse(r, &denial, NULL);

    return NGX_DECLINED;
}


static ngx_int_t
ngx_http_caplat_list_orders(ngx_http_request_t *r, ngx_http_caplat_ctx_t *ctx)
{
    caplat_job                   *job;
    caplat_denial                 denial;
    caplat_faults                 faults;
    ngx_http_caplat_main_conf_t  *cmcf;

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_caplat_module);

    if (!caplat_job_list(&cmcf->ledger->orders, &ctx->who,
                         ngx_http_caplat_slice(&r->args), ngx_time(), &job,
                         &faults, &denial))
    {
        return ngx_http_caplat_refuse(r, &denial, &faults);
    }

    return ngx_http_caplat_read(r, ctx, job, ngx_http_caplat_replied);
}


static ngx_int_t
ngx_http_caplat_read_order(ngx_http_request_t *r, ngx_http_caplat_ctx_t *ctx,
    ngx_http_caplat_thing_e thing, caplat_slice id)
{
    bool                          made;
    caplat_job                   *job;
    caplat_denial                 denial;
    const caplat_order_conf      *conf;
    ngx_http_caplat_main_conf_t  *cmcf;

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_caplat_module);
    conf = &cmcf->ledger->orders;

    made = thing == NGX_HTTP_CAPLAT_ORDER
           ? caplat_job_order(conf, &ctx->who, id, ngx_time(), &job, &denial)
           : thing == NGX_HTTP_CAPLAT_EVENTS
           ? caplat_job_events(conf, &ctx->who, id, ngx_time(), &job, &denial)
           : caplat_job_receipt(conf, &ctx->who, id, ngx_time(), &job,
                                &denial);

    if (!made) {
        return ngx_http_caplat_refuse(r, &denial, NULL);
    }

    if (ngx_http_caplat_copy(r, id, &ctx->order) != NGX_OK) {
        caplat_job_close(job);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_caplat_read(r, ctx, job, ngx_http_caplat_replied);
}


/* What is said of an order that there may be. */
static ngx_int_t
ngx_http_caplat_write_order(ngx_http_request_t *r, ngx_http_caplat_ctx_t *ctx,
    caplat_slice id, ngx_http_caplat_body_pt with_body)
{
    uint64_t       number;
    caplat_denial  denial;

    if (id.len > CAPLAT_ORDER_ID_LEN_MAX || !caplat_order_number(id, &number)) {
        (void) caplat_deny(&denial, CAPLAT_PROBLEM_ORDER_NOT_FOUND,
                           "order-id");
        return ngx_http_caplat_refuse(r, &denial, NULL);
    }

    if (ngx_http_caplat_copy(r, id, &ctx->order) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_caplat_read_body(r, ctx, with_body);
}


/* POST to the list, or to what is done with one of it. */
static ngx_int_t
ngx_http_caplat_write(ngx_http_request_t *r, ngx_http_caplat_ctx_t *ctx,
    ngx_http_caplat_thing_e thing, caplat_slice id)
{
    ngx_int_t  rc;

    switch (thing) {

    case NGX_HTTP_CAPLAT_CANCEL:
        return ngx_http_caplat_read_body(r, ctx,
                                         ngx_http_caplat_cancel_order);

    case NGX_HTTP_CAPLAT_PAYMENTS:
        return ngx_http_caplat_write_order(r, ctx, id,
                                           ngx_http_caplat_pay_order);

    case NGX_HTTP_CAPLAT_PAYMENT:
        return ngx_http_caplat_write_order(r, ctx, id,
                                           ngx_http_caplat_book_payment);

    case NGX_HTTP_CAPLAT_INVOICE:
        return ngx_http_caplat_write_order(r, ctx, id,
                                           ngx_http_caplat_book_invoice);

    default: /* NGX_HTTP_CAPLAT_LIST */
        break;
    }

    if (ngx_http_caplat_check_key(r, ctx, &rc) != NGX_OK) {
        return rc;
    }

    return ngx_http_caplat_read_body(r, ctx, ngx_http_caplat_place_order);
}


static ngx_uint_t
ngx_http_caplat_methods(ngx_http_caplat_thing_e thing)
{
    switch (thing) {

    case NGX_HTTP_CAPLAT_LIST:
        return NGX_HTTP_GET|NGX_HTTP_HEAD|NGX_HTTP_POST;

    case NGX_HTTP_CAPLAT_CANCEL:
    case NGX_HTTP_CAPLAT_PAYMENTS:
    case NGX_HTTP_CAPLAT_PAYMENT:
    case NGX_HTTP_CAPLAT_INVOICE:
        return NGX_HTTP_POST;

    case NGX_HTTP_CAPLAT_NOTHING:
        return (ngx_uint_t) -1;

    default:
        return NGX_HTTP_GET|NGX_HTTP_HEAD;
    }
}


/* Whether it is somebody's own order, who says so with a token. A partner asks
   for its orders, and pays them, by its signature; who keeps the books has
   nothing else. */
static ngx_uint_t
ngx_http_caplat_needs_token(const ngx_http_caplat_ctx_t *ctx,
    ngx_http_caplat_thing_e thing)
{
    return thing == NGX_HTTP_CAPLAT_LIST || thing == NGX_HTTP_CAPLAT_CANCEL
           || caplat_message_count(&ctx->message,
                                   CAPLAT_LIT("signature-input")) == 0;
}


static caplat_scope
ngx_http_caplat_scope(ngx_http_caplat_thing_e thing, ngx_uint_t writes)
{
    if (thing == NGX_HTTP_CAPLAT_PAYMENT || thing == NGX_HTTP_CAPLAT_INVOICE) {
        return CAPLAT_SCOPE_ADMIN;
    }

    return writes ? CAPLAT_SCOPE_ORDER : CAPLAT_SCOPE_READ;
}


ngx_int_t
ngx_http_caplat_orders_handler(ngx_http_request_t *r)
{
    ngx_int_t                 rc;
    ngx_uint_t                writes;
    caplat_slice              id;
    ngx_http_caplat_ctx_t    *ctx;
    ngx_http_caplat_thing_e   thing;

    thing = ngx_http_caplat_take_thing(r, &id);
    writes = r->method == NGX_HTTP_POST;

    if (ngx_http_caplat_enter(r, NGX_HTTP_CAPLAT_ORDERS,
                              ngx_http_caplat_methods(thing), &ctx, &rc)
        != NGX_OK)
    {
        return rc;
    }

    if (thing == NGX_HTTP_CAPLAT_NOTHING) {
        return ngx_http_caplat_refuse_plainly(r, CAPLAT_PROBLEM_NOT_FOUND);
    }

    if (writes
        && (thing != NGX_HTTP_CAPLAT_CANCEL || ctx->message.has_content)
        && ngx_http_caplat_check_content(r, ctx, &rc) != NGX_OK)
    {
        return rc;
    }

    if (ngx_http_caplat_authenticate(r, ctx,
                                     ngx_http_caplat_needs_token(ctx, thing),
                                     &rc)
        != NGX_OK
        || ngx_http_caplat_check_scope(r, ctx,
                                       ngx_http_caplat_scope(thing, writes),
                                       &rc)
           != NGX_OK)
    {
        return rc;
    }

    return writes ? ngx_http_caplat_write(r, ctx, thing, id)
           : thing == NGX_HTTP_CAPLAT_LIST
           ? ngx_http_caplat_list_orders(r, ctx)
           : ngx_http_caplat_read_order(r, ctx, thing, id);
}
