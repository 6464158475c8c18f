#include "ngx_http_caplat_module.h"


ngx_int_t
ngx_http_caplat_add_header(ngx_http_request_t *r, const char *name,
    const ngx_str_t *value)
{
    ngx_table_elt_t  *h;

    h = ngx_list_push(&r->headers_out.headers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    h->hash = 1;
    h->key.data = (u_char *) name;
    h->key.len = ngx_strlen(name);
    h->value = *value;
#if (nginx_version >= 1023000)
    h->next = NULL;
#endif

    return NGX_OK;
}


ngx_int_t
ngx_http_caplat_add_word(ngx_http_request_t *r, const char *name,
    const char *word)
{
    ngx_str_t  value;

    value.data = (u_char *) word;
    value.len = ngx_strlen(word);

    return ngx_http_caplat_add_header(r, name, &value);
}


ngx_int_t
ngx_http_caplat_no_store(ngx_http_request_t *r)
{
    return ngx_http_caplat_add_word(r, "Cache-Control", "no-store");
}


ngx_int_t
ngx_http_caplat_retry_after(ngx_http_request_t *r, ngx_uint_t seconds)
{
    ngx_str_t  value;

    value.data = ngx_pnalloc(r->pool, NGX_INT_T_LEN);
    if (value.data == NULL) {
        return NGX_ERROR;
    }

    value.len = ngx_sprintf(value.data, "%ui", seconds) - value.data;

    return ngx_http_caplat_add_header(r, "Retry-After", &value);
}


caplat_writer
ngx_http_caplat_scratch(void)
{
    static char  room[CAPLAT_LIST_ROOM];

    return caplat_writer_of(room, sizeof(room));
}


/* The origin of a page that is allowed to call us; NULL: none. */
static const ngx_str_t *
ngx_http_caplat_cors_origin(ngx_http_request_t *r)
{
    ngx_uint_t                         i;
    ngx_str_t                         *origin;
    caplat_slice                       given;
    const ngx_http_caplat_ctx_t       *ctx;
    const ngx_http_caplat_loc_conf_t  *clcf;

    ctx = ngx_http_get_module_ctx(r, ngx_http_caplat_module);
    clcf = ngx_http_get_module_loc_conf(r, ngx_http_caplat_module);

    if (clcf->cors == NULL
        || !caplat_message_header(&ctx->message, CAPLAT_LIT("origin"),
                                  &given))
    {
        return NULL;
    }

    origin = clcf->cors->elts;

    for (i = 0; i < clcf->cors->nelts; i++) {
        if (caplat_slice_eq(ngx_http_caplat_slice(&origin[i]), given)) {
            return &origin[i];
        }
    }

    return NULL;
}


ngx_int_t
ngx_http_caplat_add_cors(ngx_http_request_t *r)
{
    const ngx_str_t                   *origin;
    const ngx_http_caplat_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_caplat_module);

    /* A log is for everybody who wants to check it. */
    if (clcf->route == NGX_HTTP_CAPLAT_LOG) {
        return ngx_http_caplat_add_word(r, "Access-Control-Allow-Origin",
                                        "*");
    }

    if (clcf->cors == NULL) {
        return NGX_OK;
    }

    if (ngx_http_caplat_add_word(r, "Vary", "Origin") != NGX_OK) {
        return NGX_ERROR;
    }

    origin = ngx_http_caplat_cors_origin(r);

    if (origin == NULL) {
        return NGX_OK;
    }

    if (ngx_http_caplat_add_header(r, "Access-Control-Allow-Origin", origin)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_caplat_add_word(r, "Access-Control-Expose-Headers",
                                    "DPoP-Nonce, WWW-Authenticate, "
                                    "Accept-Signature, Want-Content-Digest, "
                                    "ETag, Retry-After, Location, "
                                    "Idempotency-Replayed");
}


/* What every answer under the API has; text is copied. */
static ngx_int_t
ngx_http_caplat_send(ngx_http_request_t *r, ngx_uint_t status,
    caplat_slice text)
{
    ngx_int_t     rc;
    ngx_buf_t    *b;
    ngx_chain_t   out;

    /* Ours, and not that of the error_page which has led here. */
    r->err_status = 0;

    r->headers_out.status = status;
    r->headers_out.content_length_n = text.len;

    if (ngx_http_caplat_add_cors(r) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_http_send_header(r);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only || text.len == 0) {
        return rc;
    }

    b = ngx_create_temp_buf(r->pool, text.len);
    if (b == NULL) {
        return NGX_ERROR;
    }

    b->last = ngx_cpymem(b->pos, text.ptr, text.len);
    b->last_buf = (r == r->main) ? 1 : 0;
    b->last_in_chain = 1;

    out.buf = b;
    out.next = NULL;

    return ngx_http_output_filter(r, &out);
}


ngx_int_t
ngx_http_caplat_send_private(ngx_http_request_t *r, ngx_uint_t status,
    caplat_slice text)
{
    /* There is no other answer that a client could have kept. */
    r->disable_not_modified = 1;

    if (ngx_http_caplat_no_store(r) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_caplat_send_json(r, status, text);
}


ngx_int_t
ngx_http_caplat_send_receipt(ngx_http_request_t *r, const ngx_str_t *order,
    caplat_slice text)
{
    static const char  format[] =
        "attachment; filename=\"%V.tlog-proof\"";

    ngx_str_t  value;

    r->disable_not_modified = 1;

    value.data = ngx_pnalloc(r->pool, sizeof(format) + order->len);
    if (value.data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    value.len = ngx_sprintf(value.data, format, order) - value.data;

    if (ngx_http_caplat_add_header(r, "Content-Disposition", &value)
        != NGX_OK
        || ngx_http_caplat_add_word(r, "Cache-Control", "private, no-store")
           != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_str_set(&r->headers_out.content_type, "text/plain; charset=utf-8");
    r->headers_out.content_type_len = r->headers_out.content_type.len;

    return ngx_http_caplat_send_json(r, NGX_HTTP_OK, text);
}


ngx_int_t
ngx_http_caplat_send_json(ngx_http_request_t *r, ngx_uint_t status,
    caplat_slice text)
{
    /* A body that nobody wanted would be read as the next request. Who waits
       to be told to send it is told the answer instead. */
    r->expect_tested = 1;

    if (ngx_http_discard_request_body(r) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (r->headers_out.content_type.len == 0) {
        ngx_str_set(&r->headers_out.content_type, "application/json");
        r->headers_out.content_type_len = r->headers_out.content_type.len;
    }

    ngx_http_caplat_count(r, ngx_http_get_module_ctx(r,
                                                     ngx_http_caplat_module));

    return ngx_http_caplat_send(r, status, text);
}


ngx_int_t
ngx_http_caplat_send_options(ngx_http_request_t *r, const ngx_str_t *allow)
{
    if (ngx_http_discard_request_body(r) != NGX_OK
        || ngx_http_caplat_add_header(r, "Allow", allow) != NGX_OK
        || ngx_http_caplat_no_store(r) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ngx_http_caplat_cors_origin(r) != NULL
        && (ngx_http_caplat_add_header(r, "Access-Control-Allow-Methods",
                                       allow)
            != NGX_OK
            || ngx_http_caplat_add_word(r, "Access-Control-Allow-Headers",
                                        "Authorization, DPoP, Content-Type, "
                                        "Idempotency-Key")
               != NGX_OK
            || ngx_http_caplat_add_word(r, "Access-Control-Max-Age", "600")
               != NGX_OK))
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_caplat_send(r, NGX_HTTP_NO_CONTENT, CAPLAT_LIT(""));
}
