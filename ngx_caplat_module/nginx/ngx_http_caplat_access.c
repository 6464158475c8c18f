#include "ngx_http_caplat_module.h"


/* A token that others hold too leaves the cache only when all are done. */
static void
ngx_http_caplat_release_claims(void *data)
{
    caplat_claims_close(data);
}


static ngx_int_t
ngx_http_caplat_keep_claims(ngx_http_request_t *r,
    const ngx_http_caplat_ctx_t *ctx)
{
    ngx_pool_cleanup_t  *cleanup;

    if (ctx->who.claims == NULL) {
        return NGX_OK;
    }

    cleanup = ngx_pool_cleanup_add(r->pool, 0);
    if (cleanup == NULL) {
        return NGX_ERROR;
    }

    cleanup->handler = ngx_http_caplat_release_claims;
    cleanup->data = caplat_claims_hold(ctx->who.claims);

    return NGX_OK;
}


ngx_int_t
ngx_http_caplat_authenticate(ngx_http_request_t *r,
    ngx_http_caplat_ctx_t *ctx, ngx_uint_t token_needed, ngx_int_t *rc)
{
    caplat_denial                      denial;
    ngx_http_caplat_main_conf_t       *cmcf;
    const ngx_http_caplat_loc_conf_t  *clcf;

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_caplat_module);
    clcf = ngx_http_get_module_loc_conf(r, ngx_http_caplat_module);

    if (!caplat_auth_request(cmcf->auth, &clcf->policy, &ctx->message,
                             token_needed, ngx_time(), &ctx->who, &denial))
    {
        *rc = ngx_http_caplat_refuse(r, &denial, NULL);
        return NGX_DECLINED;
    }

    if (ngx_http_caplat_keep_claims(r, ctx) != NGX_OK) {
        *rc = NGX_HTTP_INTERNAL_SERVER_ERROR;
        return NGX_DECLINED;
    }

    ctx->signed_in = 1;

    return NGX_OK;
}


ngx_int_t
ngx_http_caplat_check_digest(ngx_http_request_t *r,
    const ngx_http_caplat_ctx_t *ctx, ngx_int_t *rc)
{
    caplat_denial  denial;

    if (caplat_auth_content(&ctx->who, &ctx->message,
                            ngx_http_caplat_body(ctx), &denial))
    {
        return NGX_OK;
    }

    *rc = ngx_http_caplat_refuse(r, &denial, NULL);

    return NGX_DECLINED;
}


ngx_int_t
ngx_http_caplat_check_scope(ngx_http_request_t *r,
    const ngx_http_caplat_ctx_t *ctx, caplat_scope scope, ngx_int_t *rc)
{
    caplat_denial  denial;

    if (ctx->who.scopes & scope) {
        return NGX_OK;
    }

    (void) caplat_deny(&denial, CAPLAT_PROBLEM_SCOPE_INSUFFICIENT, "scope");
    *rc = ngx_http_caplat_refuse(r, &denial, NULL);

    return NGX_DECLINED;
}
