#include "ngx_http_caplat_module.h"


static void ngx_http_caplat_body_begin(ngx_http_request_t *r);
static void ngx_http_caplat_body_more(ngx_http_request_t *r);


/*
 * What comes without a length is chunked to nginx, in HTTP/2 and 3 too. There
 * it may be no more than the frame that ends it, which is all that a GET
 * means by it; its body is never read.
 */
static ngx_uint_t
ngx_http_caplat_has_content(const ngx_http_request_t *r)
{
    return r->headers_in.content_length_n > 0
           || (r->headers_in.chunked
               && (r->http_version < NGX_HTTP_VERSION_20
                   || r->method == NGX_HTTP_POST));
}


static ngx_int_t
ngx_http_caplat_take_headers(ngx_http_request_t *r,
    ngx_http_caplat_ctx_t *ctx)
{
    size_t            count;
    ngx_uint_t        i;
    caplat_header    *headers;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *header;

    count = 0;

    for (part = &r->headers_in.headers.part; part; part = part->next) {
        count += part->nelts;
    }

    if (count > NGX_HTTP_CAPLAT_HEADERS_MAX) {
        ctx->too_many_headers = 1;
        return NGX_OK;
    }

    headers = ngx_palloc(r->pool, count * sizeof(caplat_header));
    if (headers == NULL) {
        return NGX_ERROR;
    }

    ctx->message.headers = headers;
    ctx->message.header_count = count;

    for (part = &r->headers_in.headers.part; part; part = part->next) {
        header = part->elts;

        for (i = 0; i < part->nelts; i++) {
            headers->name = ngx_http_caplat_slice(&header[i].key);
            headers->value = ngx_http_caplat_slice(&header[i].value);
            headers++;
        }
    }

    return NGX_OK;
}


/*
 * The method as it was sent: an error_page has made a GET of what nginx
 * answers.
 */
static caplat_slice
ngx_http_caplat_method(const ngx_http_request_t *r)
{
    u_char  *p, *end;

    p = r->request_line.data;
    end = ngx_strlchr(p, p + r->request_line.len, ' ');

    return end != NULL ? caplat_slice_of((const char *) p, end - p)
                       : ngx_http_caplat_slice(&r->method_name);
}


/* The context of a route's request; NULL without memory. */
static ngx_http_caplat_ctx_t *
ngx_http_caplat_begin(ngx_http_request_t *r, ngx_http_caplat_route_e route)
{
    ngx_http_caplat_ctx_t             *ctx;
    const ngx_http_caplat_loc_conf_t  *clcf;

    ctx = ngx_pcalloc(r->pool, sizeof(ngx_http_caplat_ctx_t));
    if (ctx == NULL || ngx_http_caplat_take_headers(r, ctx) != NGX_OK) {
        return NULL;
    }

    ctx->route = route;
    ctx->amount_fen = -1;
    (void) clock_gettime(CLOCK_MONOTONIC, &ctx->start);

    ngx_http_set_ctx(r, ctx, ngx_http_caplat_module);

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_caplat_module);

    ctx->message.method = ngx_http_caplat_method(r);
    ctx->message.origin = ngx_http_caplat_slice(&clcf->origin);
    ctx->message.target = ngx_http_caplat_slice(&r->unparsed_uri);
    ctx->message.has_content = ngx_http_caplat_has_content(r);

    return ctx;
}


ngx_int_t
ngx_http_caplat_enter(ngx_http_request_t *r, ngx_http_caplat_route_e route,
    ngx_uint_t methods, ngx_http_caplat_ctx_t **ctx, ngx_int_t *rc)
{
    static ngx_str_t  read_write = ngx_string("GET, HEAD, POST, OPTIONS");
    static ngx_str_t  read = ngx_string("GET, HEAD, OPTIONS");
    static ngx_str_t  write = ngx_string("POST, OPTIONS");

    ngx_str_t      *allow;
    caplat_denial   denial;

    /* A subrequest bears the fields of another request, and not its method:
       whoever signed that did not sign this. */
    if (r != r->main) {
        ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                      "caplat: a subrequest asked \"%V\"", &r->uri);
        *rc = NGX_HTTP_FORBIDDEN;
        return NGX_DECLINED;
    }

    *ctx = ngx_http_caplat_begin(r, route);

    if (*ctx == NULL) {
        *rc = NGX_HTTP_INTERNAL_SERVER_ERROR;
        return NGX_DECLINED;
    }

    if ((*ctx)->too_many_headers) {
        (void) caplat_deny(&denial, CAPLAT_PROBLEM_REQUEST_MALFORMED,
                           "too-many-fields");
        *rc = ngx_http_caplat_refuse(r, &denial, NULL);
        return NGX_DECLINED;
    }

    if (r->method & methods) {
        return NGX_OK;
    }

    allow = !(methods & NGX_HTTP_POST) ? &read
            : !(methods & NGX_HTTP_GET) ? &write : &read_write;

    *rc = r->method == NGX_HTTP_OPTIONS
          ? ngx_http_caplat_send_options(r, allow)
          : ngx_http_caplat_refuse_method(r, allow);

    return NGX_DECLINED;
}


/* `application/json`, with or without parameters. */
static ngx_uint_t
ngx_http_caplat_is_json(const caplat_message *message)
{
    static const caplat_slice  json = CAPLAT_INIT("application/json");

    size_t        i;
    caplat_slice  type;

    if (!caplat_message_header(message, CAPLAT_LIT("content-type"), &type)
        || type.len < json.len
        || ngx_strncasecmp((u_char *) type.ptr, (u_char *) json.ptr, json.len)
           != 0)
    {
        return 0;
    }

    i = json.len;

    while (i < type.len && (type.ptr[i] == ' ' || type.ptr[i] == '\t')) {
        i++;
    }

    return i == type.len || type.ptr[i] == ';';
}


ngx_int_t
ngx_http_caplat_check_content(ngx_http_request_t *r,
    const ngx_http_caplat_ctx_t *ctx, ngx_int_t *rc)
{
    if (!ngx_http_caplat_is_json(&ctx->message)) {
        *rc = ngx_http_caplat_refuse_plainly(r,
                                       CAPLAT_PROBLEM_UNSUPPORTED_MEDIA_TYPE);
        return NGX_DECLINED;
    }

    if (r->headers_in.content_length_n > CAPLAT_BODY_LEN_MAX) {
        *rc = ngx_http_caplat_refuse_plainly(r,
                                            CAPLAT_PROBLEM_CONTENT_TOO_LARGE);
        return NGX_DECLINED;
    }

    return NGX_OK;
}


/* What nginx has read so far; false when it is more than we take. */
static ngx_uint_t
ngx_http_caplat_take_body(ngx_http_request_t *r, ngx_http_caplat_ctx_t *ctx)
{
    size_t        len;
    ngx_buf_t    *b;
    ngx_chain_t  *cl;

    /* Thrown away before we were asked. */
    if (r->request_body == NULL) {
        return 1;
    }

    for (cl = r->request_body->bufs; cl; cl = cl->next) {
        b = cl->buf;

        if (b->in_file) {
            return 0;
        }

        len = b->last - b->pos;

        if (len > CAPLAT_BODY_LEN_MAX - ctx->body_len) {
            return 0;
        }

        ngx_memcpy(ctx->body + ctx->body_len, b->pos, len);
        ctx->body_len += len;
        b->pos = b->last;
    }

    r->request_body->bufs = NULL;

    return 1;
}


ngx_int_t
ngx_http_caplat_read_body(ngx_http_request_t *r, ngx_http_caplat_ctx_t *ctx,
    ngx_http_caplat_body_pt with_body)
{
    ngx_int_t  rc;

    ctx->with_body = with_body;
    ctx->body = ngx_pnalloc(r->pool, r->headers_in.content_length_n >= 0
                                     ? (size_t) r->headers_in.content_length_n
                                     : CAPLAT_BODY_LEN_MAX);
    if (ctx->body == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    /* As it comes, so that a body without a length is bounded by us and never
       goes to the disk. */
    r->request_body_no_buffering = 1;

    rc = ngx_http_read_client_request_body(r, ngx_http_caplat_body_begin);

    return rc >= NGX_HTTP_SPECIAL_RESPONSE ? rc : NGX_DONE;
}


static void
ngx_http_caplat_body_begin(ngx_http_request_t *r)
{
    r->read_event_handler = ngx_http_caplat_body_more;

    ngx_http_caplat_body_more(r);
}


static void
ngx_http_caplat_body_more(ngx_http_request_t *r)
{
    ngx_int_t               rc;
    ngx_http_caplat_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_caplat_module);

    for ( ;; ) {

        if (!ngx_http_caplat_take_body(r, ctx)) {
            r->read_event_handler = ngx_http_block_reading;
            ngx_http_finalize_request(r,
                ngx_http_caplat_refuse_plainly(r,
                                           CAPLAT_PROBLEM_CONTENT_TOO_LARGE));
            return;
        }

        if (!r->reading_body) {
            break;
        }

        rc = ngx_http_read_unbuffered_request_body(r);

        if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
            ngx_http_finalize_request(r, rc);
            return;
        }

        if (rc == NGX_AGAIN && r->request_body->bufs == NULL) {
            return;
        }
    }

    r->read_event_handler = ngx_http_block_reading;

    ngx_http_finalize_request(r, ctx->with_body(r, ctx));
}


ngx_int_t
ngx_http_caplat_copy(ngx_http_request_t *r, caplat_slice text, ngx_str_t *copy)
{
    copy->data = ngx_pnalloc(r->pool, text.len);
    if (copy->data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(copy->data, text.ptr, text.len);
    copy->len = text.len;

    return NGX_OK;
}
