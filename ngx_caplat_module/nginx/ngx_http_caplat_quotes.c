#include "ngx_http_caplat_ledger.h"


/* With a ledger: what it has opened is held, too. */
static ngx_int_t
ngx_http_caplat_quote_of_ledger(ngx_http_request_t *r,
    ngx_http_caplat_ctx_t *ctx, const ngx_http_caplat_ledger_t *ledger,
    const caplat_rates *rates)
{
    caplat_job     *job;
    caplat_denial   denial;

    if (!caplat_job_quote(&ledger->orders, rates, &ctx->who,
                          ngx_http_caplat_body(ctx), ngx_time(), &job,
                          &denial))
    {
        return ngx_http_caplat_refuse(r, &denial, NULL);
    }

    return ngx_http_caplat_read(r, ctx, job, ngx_http_caplat_replied);
}


static ngx_int_t
ngx_http_caplat_quote(ngx_http_request_t *r, ngx_http_caplat_ctx_t *ctx)
{
    ngx_int_t                          rc;
    caplat_denial                      denial;
    caplat_faults                      faults;
    caplat_writer                      w;
    ngx_http_caplat_main_conf_t       *cmcf;
    const ngx_http_caplat_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_caplat_module);

    if (ngx_http_caplat_check_digest(r, ctx, &rc) != NGX_OK) {
        return rc;
    }

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_caplat_module);

    if (cmcf->ledger != NULL) {
        return ngx_http_caplat_quote_of_ledger(r, ctx, cmcf->ledger,
                                               clcf->rates);
    }

    w = ngx_http_caplat_scratch();

    if (!caplat_answer_quote(clcf->rates, ctx->who.claims,
                             ngx_http_caplat_body(ctx), ngx_time(), &w,
                             &ctx->amount_fen, &faults, &denial))
    {
        return ngx_http_caplat_refuse(r, &denial, &faults);
    }

    return ngx_http_caplat_send_private(r, NGX_HTTP_OK, caplat_written(&w));
}


ngx_int_t
ngx_http_caplat_quotes_handler(ngx_http_request_t *r)
{
    ngx_int_t               rc;
    ngx_http_caplat_ctx_t  *ctx;

    if (ngx_http_caplat_enter(r, NGX_HTTP_CAPLAT_QUOTES, NGX_HTTP_POST, &ctx,
                              &rc)
        != NGX_OK
        || ngx_http_caplat_check_content(r, ctx, &rc) != NGX_OK
        || ngx_http_caplat_authenticate(r, ctx, 1, &rc) != NGX_OK
        || ngx_http_caplat_check_scope(r, ctx, CAPLAT_SCOPE_QUOTE, &rc)
           != NGX_OK)
    {
        return rc;
    }

    return ngx_http_caplat_read_body(r, ctx, ngx_http_caplat_quote);
}
