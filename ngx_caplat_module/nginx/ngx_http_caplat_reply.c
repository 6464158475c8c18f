#include "ngx_http_caplat_ledger.h"


/* An answer about one order begins {"id":"ID", and logs name it. */
static ngx_int_t
ngx_http_caplat_note_order(ngx_http_request_t *r, ngx_http_caplat_ctx_t *ctx,
    caplat_slice text)
{
    static const caplat_slice  start = CAPLAT_INIT("{\"id\":\"");

    size_t  len;

    if (text.len < start.len
        || ngx_memcmp(text.ptr, start.ptr, start.len) != 0)
    {
        return NGX_OK;
    }

    text = caplat_slice_of(text.ptr + start.len, text.len - start.len);
    len = 0;

    while (len < text.len && text.ptr[len] != '"') {
        len++;
    }

    return ngx_http_caplat_copy(r, caplat_slice_of(text.ptr, len),
                                &ctx->order);
}


/* Where the order stands from now on, and whether that is news. */
static ngx_int_t
ngx_http_caplat_add_place(ngx_http_request_t *r,
    const ngx_http_caplat_ctx_t *ctx, const caplat_reply *reply)
{
    u_char     *p;
    ngx_str_t   value;

    p = ngx_pnalloc(r->pool, r->uri.len + 1 + ctx->order.len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    value.data = p;
    value.len = ngx_sprintf(p, "%V/%V", &r->uri, &ctx->order) - p;

    if (ngx_http_caplat_add_header(r, "Location", &value) != NGX_OK) {
        return NGX_ERROR;
    }

    return reply->is_replay
           ? ngx_http_caplat_add_word(r, "Idempotency-Replayed", "true")
           : NGX_OK;
}


static ngx_int_t
ngx_http_caplat_refused(ngx_http_request_t *r, ngx_http_caplat_ctx_t *ctx,
    const caplat_reply *reply)
{
    ctx->extra = reply->text;

    return ngx_http_caplat_refuse(r, &reply->denial, reply->faults);
}


/* A job that has been done; the reply goes when this returns. */
ngx_int_t
ngx_http_caplat_replied(ngx_http_request_t *r, ngx_http_caplat_ctx_t *ctx,
    const caplat_reply *reply)
{
    ctx->amount_fen = reply->amount_fen;

    if (reply->status == 0) {
        return ngx_http_caplat_refused(r, ctx, reply);
    }

    if (reply->is_receipt) {
        return ngx_http_caplat_send_receipt(r, &ctx->order, reply->text);
    }

    if (ngx_http_caplat_note_order(r, ctx, reply->text) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_caplat_send_private(r, reply->status, reply->text);
}


ngx_int_t
ngx_http_caplat_placed(ngx_http_request_t *r, ngx_http_caplat_ctx_t *ctx,
    const caplat_reply *reply)
{
    ngx_http_caplat_main_conf_t  *cmcf;

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_caplat_module);

    if (reply->status != 0) {

        if (ngx_http_caplat_note_order(r, ctx, reply->text) != NGX_OK
            || ngx_http_caplat_add_place(r, ctx, reply) != NGX_OK)
        {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        ngx_http_caplat_count_ledger(cmcf, reply->is_replay
                                           ? NGX_HTTP_CAPLAT_COUNT_REPEATED
                                           : NGX_HTTP_CAPLAT_COUNT_ORDERED,
                                     1);
    }

    return ngx_http_caplat_replied(r, ctx, reply);
}


ngx_int_t
ngx_http_caplat_cancelled(ngx_http_request_t *r, ngx_http_caplat_ctx_t *ctx,
    const caplat_reply *reply)
{
    ngx_http_caplat_main_conf_t  *cmcf;

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_caplat_module);

    if (reply->status != 0) {
        ngx_http_caplat_count_ledger(cmcf, NGX_HTTP_CAPLAT_COUNT_CANCELLED,
                                     1);
    }

    return ngx_http_caplat_replied(r, ctx, reply);
}
