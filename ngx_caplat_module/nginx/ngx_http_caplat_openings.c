#include "ngx_http_caplat_ledger.h"


static ngx_int_t ngx_http_caplat_ask_openings(ngx_http_request_t *r,
    ngx_http_caplat_ctx_t *ctx);


/* The platform of /platforms/ID/openings; false: it is another address. */
static ngx_uint_t
ngx_http_caplat_take_platform(const ngx_http_request_t *r, caplat_slice *id)
{
    static const ngx_str_t  platforms = ngx_string("/platforms/");

    u_char         *p;
    caplat_slice    rest;
    caplat_cursor   c;

    p = ngx_strnstr(r->uri.data, (char *) platforms.data, r->uri.len);

    if (p == NULL) {
        return 0;
    }

    p += platforms.len;
    c = caplat_cursor_of(caplat_slice_of((char *) p,
                                         r->uri.data + r->uri.len - p));

    return caplat_take_until(&c, '/', CAPLAT_NAME_LEN_MAX, id)
           && caplat_take_rest(&c, r->uri.len, &rest)
           && caplat_slice_eq(rest, CAPLAT_LIT("openings"));
}


/* Something to tell, or nothing, for which the caller may want to wait. */
static ngx_int_t
ngx_http_caplat_told(ngx_http_request_t *r, ngx_http_caplat_ctx_t *ctx,
    const caplat_reply *reply)
{
    ngx_int_t  rc;

    if (reply->wait != 0) {
        rc = ngx_http_caplat_follow(r, ctx, reply->seen, reply->wait,
                                    ngx_http_caplat_ask_openings);

        if (rc != NGX_DECLINED) {
            return rc;
        }
    }

    return ngx_http_caplat_replied(r, ctx, reply);
}


static ngx_int_t
ngx_http_caplat_ask_openings(ngx_http_request_t *r,
    ngx_http_caplat_ctx_t *ctx)
{
    caplat_job                   *job;
    caplat_slice                  platform;
    caplat_denial                 denial;
    caplat_faults                 faults;
    ngx_http_caplat_main_conf_t  *cmcf;

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_caplat_module);

    (void) ngx_http_caplat_take_platform(r, &platform);

    if (!caplat_job_openings(&cmcf->ledger->orders, &ctx->who, platform,
                             ngx_http_caplat_slice(&r->args), ngx_time(), &job,
                             &faults, &denial))
    {
        return ngx_http_caplat_refuse(r, &denial, &faults);
    }

    return ngx_http_caplat_read(r, ctx, job, ngx_http_caplat_told);
}


ngx_int_t
ngx_http_caplat_openings_handler(ngx_http_request_t *r)
{
    ngx_int_t               rc;
    caplat_slice            platform;
    ngx_http_caplat_ctx_t  *ctx;

    if (ngx_http_caplat_enter(r, NGX_HTTP_CAPLAT_OPENINGS,
                              NGX_HTTP_GET|NGX_HTTP_HEAD, &ctx, &rc)
        != NGX_OK)
    {
        return rc;
    }

    if (!ngx_http_caplat_take_platform(r, &platform)) {
        return ngx_http_caplat_refuse_plainly(r, CAPLAT_PROBLEM_NOT_FOUND);
    }

    if (ngx_http_caplat_authenticate(r, ctx, 0, &rc) != NGX_OK
        || ngx_http_caplat_check_scope(r, ctx, CAPLAT_SCOPE_READ, &rc)
           != NGX_OK)
    {
        return rc;
    }

    return ngx_http_caplat_ask_openings(r, ctx);
}
