#include "ngx_http_caplat_module.h"

#include "caplat_idempotency.h"


/* What ends with /orders is the list; whatever stands below it is one order. */
static ngx_uint_t
ngx_http_caplat_is_list(const ngx_http_request_t *r)
{
    static const ngx_str_t  end = ngx_string("/orders");

    return r->uri.len >= end.len
           && ngx_memcmp(r->uri.data + r->uri.len - end.len, end.data,
                         end.len)
              == 0;
}


/* What the new price is, for a page that shows both. */
static ngx_int_t
ngx_http_caplat_price_changed(ngx_http_request_t *r,
    ngx_http_caplat_ctx_t *ctx, const caplat_denial *denial,
    caplat_slice quote)
{
    u_char        *p;
    caplat_writer  w;

    p = ngx_pnalloc(r->pool, quote.len + 64);
    if (p == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    w = caplat_writer_of((char *) p, quote.len + 64);

    caplat_put(&w, CAPLAT_LIT(",\"amount\":"));
    caplat_put_number(&w, ctx->amount_fen);
    caplat_put(&w, CAPLAT_LIT(",\"quote\":"));
    caplat_put(&w, quote);

    ctx->extra = caplat_written(&w);

    return ngx_http_caplat_refuse(r, denial, NULL);
}


static ngx_int_t
ngx_http_caplat_order(ngx_http_request_t *r, ngx_http_caplat_ctx_t *ctx)
{
    ngx_int_t                          rc;
    caplat_denial                      denial;
    caplat_faults                      faults;
    caplat_writer                      w;
    const ngx_http_caplat_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_caplat_module);

    if (ngx_http_caplat_check_digest(r, ctx, &rc) != NGX_OK) {
        return rc;
    }

    w = ngx_http_caplat_scratch();

    if (caplat_answer_order(clcf->rates, ctx->who.claims,
                            ngx_http_caplat_body(ctx), ngx_time(), &w,
                            &ctx->amount_fen, &faults, &denial))
    {
        /* All is as it should be, but there is no log to write it to. */
        return ngx_http_caplat_refuse_plainly(r,
                                              CAPLAT_PROBLEM_LOG_UNAVAILABLE);
    }

    if (denial.problem == CAPLAT_PROBLEM_PRICE_CHANGED) {
        return ngx_http_caplat_price_changed(r, ctx, &denial,
                                             caplat_written(&w));
    }

    return ngx_http_caplat_refuse(r, &denial, &faults);
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
ngx_http_caplat_order_list(ngx_http_request_t *r)
{
    /* Nothing can have been ordered where nothing can be recorded. */
    return ngx_http_caplat_send_private(r,
                                CAPLAT_LIT("{\"orders\":[],\"next\":null}"));
}


ngx_int_t
ngx_http_caplat_orders_handler(ngx_http_request_t *r)
{
    ngx_int_t               rc;
    ngx_uint_t              is_list, methods, needs_token;
    caplat_scope            scope;
    ngx_http_caplat_ctx_t  *ctx;

    is_list = ngx_http_caplat_is_list(r);
    methods = NGX_HTTP_GET|NGX_HTTP_HEAD|(is_list ? NGX_HTTP_POST : 0);
    scope = r->method == NGX_HTTP_POST ? CAPLAT_SCOPE_ORDER
                                       : CAPLAT_SCOPE_READ;

    if (ngx_http_caplat_enter(r, NGX_HTTP_CAPLAT_ORDERS, methods, &ctx, &rc)
        != NGX_OK
        || (r->method == NGX_HTTP_POST
            && ngx_http_caplat_check_content(r, ctx, &rc) != NGX_OK))
    {
        return rc;
    }

    /* A partner asks for the state of its own orders by its signature. */
    needs_token = is_list || caplat_message_count(&ctx->message,
                                 CAPLAT_LIT("signature-input")) == 0;

    if (ngx_http_caplat_authenticate(r, ctx, needs_token, &rc) != NGX_OK
        || ngx_http_caplat_check_scope(r, ctx, scope, &rc) != NGX_OK)
    {
        return rc;
    }

    if (!is_list) {
        return ngx_http_caplat_refuse_plainly(r,
                                              CAPLAT_PROBLEM_ORDER_NOT_FOUND);
    }

    if (r->method != NGX_HTTP_POST) {
        return ngx_http_caplat_order_list(r);
    }

    if (ngx_http_caplat_check_key(r, ctx, &rc) != NGX_OK) {
        return rc;
    }

    return ngx_http_caplat_read_body(r, ctx, ngx_http_caplat_order);
}
