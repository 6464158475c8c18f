#include "ngx_http_caplat_ledger.h"


/* With a ledger: what it has opened is held, too. */
static ngx_int_t
ngx_http_caplat_session_of_ledger(ngx_http_request_t *r,
    ngx_http_caplat_ctx_t *ctx, const ngx_http_caplat_ledger_t *ledger,
    const caplat_rates *rates)
{
    caplat_job     *job;
    caplat_denial   denial;

    if (!caplat_job_session(&ledger->orders, rates, &ctx->who, ngx_time(),
                            &job, &denial))
    {
        return ngx_http_caplat_refuse(r, &denial, NULL);
    }

    return ngx_http_caplat_read(r, ctx, job, ngx_http_caplat_replied);
}


ngx_int_t
ngx_http_caplat_session_handler(ngx_http_request_t *r)
{
    ngx_int_t                          rc;
    caplat_denial                      denial;
    caplat_writer                      w;
    ngx_http_caplat_ctx_t             *ctx;
    ngx_http_caplat_main_conf_t       *cmcf;
    const ngx_http_caplat_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_caplat_module);

    if (ngx_http_caplat_enter(r, NGX_HTTP_CAPLAT_SESSION,
                              NGX_HTTP_GET|NGX_HTTP_HEAD, &ctx, &rc)
        != NGX_OK
        || ngx_http_caplat_authenticate(r, ctx, 1, &rc) != NGX_OK)
    {
        return rc;
    }

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_caplat_module);

    if (cmcf->ledger != NULL) {
        return ngx_http_caplat_session_of_ledger(r, ctx, cmcf->ledger,
                                                 clcf->rates);
    }

    w = ngx_http_caplat_scratch();

    if (!caplat_answer_session(clcf->rates, ctx->who.claims, ctx->who.scopes, 0,
                               ngx_time(), &w, &denial))
    {
        return ngx_http_caplat_refuse(r, &denial, NULL);
    }

    return ngx_http_caplat_send_private(r, NGX_HTTP_OK, caplat_written(&w));
}
