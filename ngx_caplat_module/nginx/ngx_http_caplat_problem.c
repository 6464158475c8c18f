#include "ngx_http_caplat_module.h"


/*
 * One problem, whatever was asked: for what nginx itself refuses, by
 * error_page, and for addresses under the API where there is nothing.
 */
ngx_int_t
ngx_http_caplat_problem_handler(ngx_http_request_t *r)
{
    ngx_int_t                          rc;
    ngx_http_caplat_ctx_t             *ctx;
    const ngx_http_caplat_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_caplat_module);

    /* Any method. */
    if (ngx_http_caplat_enter(r, NGX_HTTP_CAPLAT_PROBLEM, (ngx_uint_t) -1,
                              &ctx, &rc)
        != NGX_OK)
    {
        return rc;
    }

    return ngx_http_caplat_refuse_plainly(r, clcf->problem);
}
