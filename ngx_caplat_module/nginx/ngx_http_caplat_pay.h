/*
 * Payment: what the configuration says of the channels, the notices that they
 * send, and what a buyer needs to pay an order. What a notice means and how a
 * request is signed is trust/'s; the one request that goes out is nginx's own
 * proxy's, in a subrequest.
 */

#ifndef NGX_HTTP_CAPLAT_PAY_H
#define NGX_HTTP_CAPLAT_PAY_H

#include "ngx_http_caplat_ledger.h"

#include "caplat_alipay.h"
#include "caplat_cashier.h"
#include "caplat_charge.h"
#include "caplat_wechat.h"


/* Where notices are sent to, below the origin. */
#define NGX_HTTP_CAPLAT_NOTIFY_PATH  "/v1/notify/"

/* To which page buyers return. */
#define NGX_HTTP_CAPLAT_RETURN_PATH  "/apply/pay/"


/* caplat_pay_...; const for workers. What is personal or secret of it lies in
   the keys. */
struct ngx_http_caplat_pay_s {
    ngx_http_caplat_place_t    places[CAPLAT_CHANNEL_COUNT];
    caplat_alipay              alipay;
    caplat_wechat              wechat;
    ngx_str_t                  gateway;         /* a location's */
    ngx_array_t                servers;         /* ngx_http_core_srv_conf_t *,
                                                   with orders */
    caplat_transfer            transfer;
    caplat_slice               origin;          /* of the first caplat_orders */
    ngx_http_caplat_place_t    origin_place;
};


/* caplat_cashier */
struct ngx_http_caplat_cashier_s {
    caplat_cashier             keys;
    ngx_uint_t                 is_gateway;      /* unsigned  is_gateway:1; */
};


/* ngx_http_caplat_pay_place.c: whether each server that has orders has the
   location through which WeChat is asked. When all is read, and nginx has made
   its trees of locations. */
ngx_int_t ngx_http_caplat_check_gateway(ngx_conf_t *cf,
    const ngx_http_caplat_pay_t *pay);


/*
 * ngx_http_caplat_param.c: parameters `name=VALUE` of a directive, in any
 * order, each at most once.
 */

/* Take a value for the field; NGX_CONF_OK, NGX_CONF_ERROR when it has been
   said what is wrong, or a word that says it. */
typedef char *(*ngx_http_caplat_take_pt)(ngx_conf_t *cf, ngx_str_t *text,
    void *field);

typedef struct {
    ngx_str_t                  name;
    ngx_http_caplat_take_pt    take;
    size_t                     offset;          /* of the field in base */
    ngx_uint_t                 is_needed;       /* unsigned  is_needed:1; */
} ngx_http_caplat_param_t;

/* The directive's words from the one at first on; params end with a name that
   is empty. */
char *ngx_http_caplat_take_params(ngx_conf_t *cf, ngx_uint_t first,
    const ngx_http_caplat_param_t *params, void *base);

/* Of caplat_slice: an identifier, words, a bank account, an address or path. */
char *ngx_http_caplat_take_id(ngx_conf_t *cf, ngx_str_t *text, void *field);
char *ngx_http_caplat_take_phrase(ngx_conf_t *cf, ngx_str_t *text,
    void *field);
char *ngx_http_caplat_take_account(ngx_conf_t *cf, ngx_str_t *text,
    void *field);
char *ngx_http_caplat_take_address(ngx_conf_t *cf, ngx_str_t *text,
    void *field);

/* Of ngx_str_t: the path of a location. */
char *ngx_http_caplat_take_path(ngx_conf_t *cf, ngx_str_t *text, void *field);

/* Of pointers: a file that holds an RSA key, or the APIv3 key. */
char *ngx_http_caplat_take_private_key(ngx_conf_t *cf, ngx_str_t *text,
    void *field);
char *ngx_http_caplat_take_public_key(ngx_conf_t *cf, ngx_str_t *text,
    void *field);
char *ngx_http_caplat_take_api_key(ngx_conf_t *cf, ngx_str_t *text,
    void *field);


/* ngx_http_caplat_pay_conf.c */

ngx_http_caplat_pay_t *ngx_http_caplat_create_pay(ngx_conf_t *cf);

/* caplat_pay_alipay, caplat_pay_wechat, caplat_pay_transfer. */
char *ngx_http_caplat_set_pay(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

/* When all has been read: the ledger learns by what its orders can be paid. */
char *ngx_http_caplat_init_pay(ngx_conf_t *cf,
    ngx_http_caplat_main_conf_t *cmcf);

/* A location with orders: all of them have one origin, which is the one that
   channels are told. */
char *ngx_http_caplat_join_pay(ngx_conf_t *cf, ngx_http_caplat_pay_t *pay,
    const ngx_http_caplat_loc_conf_t *clcf);

/* caplat_notify CHANNEL */
char *ngx_http_caplat_set_notify(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/* The directive that a channel needs: "caplat_pay_alipay". */
const char *ngx_http_caplat_pay_directive(ngx_uint_t channel);


/* ngx_http_caplat_pay.c: with a body, of the order that ctx names. */

ngx_int_t ngx_http_caplat_pay_order(ngx_http_request_t *r,
    ngx_http_caplat_ctx_t *ctx);
ngx_int_t ngx_http_caplat_book_payment(ngx_http_request_t *r,
    ngx_http_caplat_ctx_t *ctx);
ngx_int_t ngx_http_caplat_book_invoice(ngx_http_request_t *r,
    ngx_http_caplat_ctx_t *ctx);


/*
 * ngx_http_caplat_gateway.c: ask WeChat's gateway for a code, in a subrequest
 * that sends nothing of the caller's. NGX_DONE: the answer follows when it has
 * answered.
 */
ngx_int_t ngx_http_caplat_ask_gateway(ngx_http_request_t *r,
    ngx_http_caplat_ctx_t *ctx, const caplat_charge *charge);


/* ngx_http_caplat_notify.c */

ngx_int_t ngx_http_caplat_notify_handler(ngx_http_request_t *r);


/* ngx_http_caplat_cashier.c: a demo of both channels. */

char *ngx_http_caplat_set_cashier(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/* The directive of the channel that it has a key for, which is not configured;
   NULL: none. */
const char *ngx_http_caplat_cashier_lacks(
    const ngx_http_caplat_loc_conf_t *clcf, const ngx_http_caplat_pay_t *pay);

ngx_int_t ngx_http_caplat_cashier_handler(ngx_http_request_t *r);


/* ngx_http_caplat_count.c */

void ngx_http_caplat_count_notice(const ngx_http_caplat_main_conf_t *cmcf,
    ngx_uint_t channel, ngx_http_caplat_noticed_e noticed);


#endif /* NGX_HTTP_CAPLAT_PAY_H */
