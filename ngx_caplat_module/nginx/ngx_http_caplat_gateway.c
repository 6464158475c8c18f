#include "ngx_http_caplat_pay.h"


/*
 * A question to WeChat's gateway is a subrequest to the location that
 * caplat_pay_wechat names, where proxy_pass carries it. It has fields of its
 * own: those of whoever asked us, with their token, go no further.
 *
 *   ask_gateway   the subrequest begins; its parent waits
 *   answered      the subrequest has ended, well or not: what came is kept
 *   conclude      the parent goes on with it
 *
 * Who leaves meanwhile takes the subrequest along; nothing of ours depends on
 * what it would have brought.
 */

struct ngx_http_caplat_gateway_s {
    int64_t                      expires;
    ngx_http_post_subrequest_t   post;
    ngx_http_request_t          *answered;      /* NULL: not yet */
    ngx_int_t                    rc;
};


static ngx_int_t
ngx_http_caplat_answered(ngx_http_request_t *sr, void *data, ngx_int_t rc)
{
    ngx_http_caplat_gateway_t  *gateway = data;

    if (gateway->answered == NULL) {
        gateway->answered = sr;
        gateway->rc = rc;
    }

    if (rc == NGX_HTTP_CLIENT_CLOSED_REQUEST) {
        return rc;
    }

    /* A response that is too long for its buffer counts as an error of the
       connection, to which nothing has been written. */
    sr->connection->error = 0;

    /* No page of an error, and no end of the parent. */
    return NGX_OK;
}


/* The fields of the response, as those see it who verify it. */
static ngx_int_t
ngx_http_caplat_response(ngx_http_request_t *r, ngx_http_request_t *sr,
    caplat_message *message)
{
    size_t            count;
    ngx_uint_t        i;
    caplat_header    *headers;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *header;

    count = 0;

    for (part = &sr->headers_out.headers.part; part; part = part->next) {
        count += part->nelts;
    }

    headers = ngx_palloc(r->pool, count * sizeof(caplat_header) + 1);
    if (headers == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(message, sizeof(caplat_message));
    message->headers = headers;

    for (part = &sr->headers_out.headers.part; part; part = part->next) {
        header = part->elts;

        for (i = 0; i < part->nelts; i++) {

            if (header[i].hash == 0) {
                continue;
            }

            headers->name = ngx_http_caplat_slice(&header[i].key);
            headers->value = ngx_http_caplat_slice(&header[i].value);
            headers++;
            message->header_count++;
        }
    }

    return NGX_OK;
}


static caplat_slice
ngx_http_caplat_response_body(const ngx_http_request_t *sr)
{
    const ngx_buf_t  *b;

    if (sr->out == NULL) {
        return CAPLAT_LIT("");
    }

    b = sr->out->buf;

    return caplat_slice_of((const char *) b->pos, b->last - b->pos);
}


/* That an order is paid is WeChat's word, unsigned, not yet ours: its notice is
   late, and the buyer should wait, and pay no other way. */
static ngx_int_t
ngx_http_caplat_no_code(ngx_http_request_t *r, ngx_http_caplat_ctx_t *ctx,
    const char *reason, caplat_slice why)
{
    caplat_denial  denial;

    ngx_log_error(NGX_LOG_WARN, r->connection->log, 0,
                  "caplat: no code of WeChat's gateway order=%V status=%ui "
                  "rc=%i why=%*s", &ctx->order,
                  ctx->gateway->answered->headers_out.status,
                  ctx->gateway->rc, why.len, why.ptr);

    if (caplat_slice_eq(why, CAPLAT_LIT("ORDERPAID"))) {
        reason = "order-paid";
        ctx->extra = CAPLAT_LIT(",\"reason\":\"order-paid\"");
    }

    (void) caplat_deny(&denial, CAPLAT_PROBLEM_PAYMENT_UNAVAILABLE, reason);

    return ngx_http_caplat_refuse(r, &denial, NULL);
}


static ngx_int_t
ngx_http_caplat_answer_code(ngx_http_request_t *r,
    ngx_http_caplat_ctx_t *ctx)
{
    char                          room[CAPLAT_WECHAT_CODE_MAX];
    caplat_slice                  why;
    caplat_writer                 code, w;
    caplat_message                message;
    ngx_http_request_t           *sr;
    ngx_http_caplat_main_conf_t  *cmcf;

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_caplat_module);
    sr = ctx->gateway->answered;

    /* What ended early is not even looked at. */
    if (ctx->gateway->rc != NGX_OK) {
        return ngx_http_caplat_no_code(r, ctx, "gateway-silent",
                                       CAPLAT_LIT("no-answer"));
    }

    if (ngx_http_caplat_response(r, sr, &message) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    code = caplat_writer_of(room, sizeof(room));

    if (!caplat_wechat_code_url(&cmcf->pay->wechat,
                                (unsigned) sr->headers_out.status, &message,
                                ngx_http_caplat_response_body(sr), ngx_time(),
                                &code, &why))
    {
        return ngx_http_caplat_no_code(r, ctx, "gateway-answer", why);
    }

    w = ngx_http_caplat_scratch();
    caplat_charge_show_code(caplat_written(&code), ctx->gateway->expires,
                            &w);

    if (w.full) {
        return ngx_http_caplat_no_code(r, ctx, "gateway-answer",
                                       CAPLAT_LIT("code-room"));
    }

    return ngx_http_caplat_send_private(r, NGX_HTTP_OK, caplat_written(&w));
}


static void
ngx_http_caplat_conclude(ngx_http_request_t *r)
{
    ngx_http_caplat_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_caplat_module);

    if (ctx->gateway->answered == NULL) {
        return;
    }

    r->write_event_handler = ngx_http_request_empty_handler;

    ngx_http_finalize_request(r, ngx_http_caplat_answer_code(r, ctx));
}


/* One field of the subrequest; the value is borrowed. */
static ngx_int_t
ngx_http_caplat_add_field(ngx_http_request_t *sr, const char *name,
    caplat_slice value)
{
    ngx_table_elt_t  *h;

    h = ngx_list_push(&sr->headers_in.headers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    h->key.data = (u_char *) name;
    h->key.len = ngx_strlen(name);
    h->value.data = (u_char *) value.ptr;
    h->value.len = value.len;
    h->lowcase_key = ngx_pnalloc(sr->pool, h->key.len);
    if (h->lowcase_key == NULL) {
        return NGX_ERROR;
    }

    h->hash = ngx_hash_strlow(h->lowcase_key, h->key.data, h->key.len);
#if (nginx_version >= 1023000)
    h->next = NULL;
#endif

    return NGX_OK;
}


/* Nothing of the parent's: method, fields and body are the question's. */
static ngx_int_t
ngx_http_caplat_dress(ngx_http_request_t *sr, const caplat_wechat *wechat,
    caplat_slice authorization, caplat_slice body)
{
    static ngx_str_t  post = ngx_string("POST");

    ngx_buf_t                *b;
    ngx_http_request_body_t  *rb;

    ngx_memzero(&sr->headers_in, sizeof(ngx_http_headers_in_t));

    b = ngx_calloc_buf(sr->pool);
    rb = ngx_pcalloc(sr->pool, sizeof(ngx_http_request_body_t));

    if (b == NULL || rb == NULL
        || ngx_list_init(&sr->headers_in.headers, sr->pool, 8,
                         sizeof(ngx_table_elt_t))
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    rb->bufs = ngx_alloc_chain_link(sr->pool);
    if (rb->bufs == NULL) {
        return NGX_ERROR;
    }

    b->pos = (u_char *) body.ptr;
    b->last = b->pos + body.len;
    b->start = b->pos;
    b->end = b->last;
    b->memory = 1;
    b->last_buf = 1;
    rb->bufs->buf = b;
    rb->bufs->next = NULL;

    sr->request_body = rb;
    sr->method = NGX_HTTP_POST;
    sr->method_name = post;
    sr->headers_in.content_length_n = body.len;
    sr->headers_in.keep_alive_n = -1;

    return ngx_http_caplat_add_field(sr, "Accept",
                                     CAPLAT_LIT("application/json")) == NGX_OK
           && ngx_http_caplat_add_field(sr, "Content-Type",
                                        CAPLAT_LIT("application/json"))
              == NGX_OK
           && ngx_http_caplat_add_field(sr, "User-Agent",
                                        CAPLAT_LIT("caplat")) == NGX_OK
           && ngx_http_caplat_add_field(sr, "Wechatpay-Serial",
                                        wechat->platform_serial) == NGX_OK
           && ngx_http_caplat_add_field(sr, "Authorization", authorization)
              == NGX_OK
           ? NGX_OK : NGX_ERROR;
}


/* The request, in memory of its own. */
static ngx_int_t
ngx_http_caplat_sign(ngx_http_request_t *r, const caplat_wechat *wechat,
    const caplat_charge *charge, caplat_slice *authorization,
    caplat_slice *body)
{
    char          *room, nonce[CAPLAT_CHARGE_NONCE];
    caplat_writer  w;

    room = ngx_pnalloc(r->pool, 2 * CAPLAT_WECHAT_REQUEST_MAX);
    if (room == NULL) {
        return NGX_ERROR;
    }

    w = caplat_writer_of(room, CAPLAT_WECHAT_REQUEST_MAX);
    caplat_wechat_native_body(wechat, charge, &w);
    *body = caplat_written(&w);

    if (w.full) {
        return NGX_ERROR;
    }

    w = caplat_writer_of(room + CAPLAT_WECHAT_REQUEST_MAX,
                         CAPLAT_WECHAT_REQUEST_MAX);
    caplat_charge_nonce(nonce);

    if (!caplat_wechat_authorization(wechat, *body,
                                     caplat_slice_of(nonce, sizeof(nonce)),
                                     ngx_time(), &w))
    {
        return NGX_ERROR;
    }

    *authorization = caplat_written(&w);

    return NGX_OK;
}


ngx_int_t
ngx_http_caplat_ask_gateway(ngx_http_request_t *r, ngx_http_caplat_ctx_t *ctx,
    const caplat_charge *charge)
{
    caplat_slice                  authorization, body;
    ngx_http_request_t           *sr;
    ngx_http_caplat_gateway_t    *gateway;
    ngx_http_caplat_main_conf_t  *cmcf;

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_caplat_module);

    gateway = ngx_pcalloc(r->pool, sizeof(ngx_http_caplat_gateway_t));

    if (gateway == NULL
        || ngx_http_caplat_sign(r, &cmcf->pay->wechat, charge, &authorization,
                                &body)
           != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    gateway->expires = caplat_charge_code_ends(charge->expires, ngx_time());
    gateway->post.handler = ngx_http_caplat_answered;
    gateway->post.data = gateway;
    ctx->gateway = gateway;

    if (ngx_http_subrequest(r, &cmcf->pay->gateway, NULL, &sr, &gateway->post,
                            NGX_HTTP_SUBREQUEST_IN_MEMORY
                            |NGX_HTTP_SUBREQUEST_WAITED)
        != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    /* It has not begun: nginx runs it when this returns. */
    if (ngx_http_caplat_dress(sr, &cmcf->pay->wechat, authorization, body)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    r->write_event_handler = ngx_http_caplat_conclude;
    r->main->count++;

    return NGX_DONE;
}
