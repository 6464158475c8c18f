#include "ngx_http_caplat_ledger.h"


/* No worker can order, or not this one. */
static ngx_uint_t
ngx_http_caplat_orders_closed(const ngx_http_caplat_main_conf_t *cmcf)
{
    ngx_http_caplat_journal_state_t  state;

    if (cmcf->ledger == NULL) {
        return 0;
    }

    state = ngx_http_caplat_journal_state(cmcf->ledger->journal);

    return state.failed
           || (state.ledger != NULL && caplat_ledger_closed(state.ledger));
}


/* Alive, and with which prices; 503 when signed requests are refused, or
   orders are, so that a balancer sees it. */
ngx_int_t
ngx_http_caplat_health_handler(ngx_http_request_t *r)
{
    ngx_int_t                          rc;
    caplat_writer                      w;
    caplat_zone_fill                   fill;
    ngx_http_caplat_ctx_t             *ctx;
    ngx_http_caplat_main_conf_t       *cmcf;
    const ngx_http_caplat_loc_conf_t  *clcf;

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_caplat_module);
    clcf = ngx_http_get_module_loc_conf(r, ngx_http_caplat_module);

    if (ngx_http_caplat_enter(r, NGX_HTTP_CAPLAT_HEALTH,
                              NGX_HTTP_GET|NGX_HTTP_HEAD, &ctx, &rc)
        != NGX_OK)
    {
        return rc;
    }

    if (cmcf->zone != NULL) {
        fill = caplat_zone_proofs(cmcf->zone);

        if (fill.count == fill.room) {
            return ngx_http_caplat_refuse_plainly(r,
                                            CAPLAT_PROBLEM_REPLAY_CACHE_FULL);
        }
    }

    if (ngx_http_caplat_orders_closed(cmcf)) {
        return ngx_http_caplat_refuse_plainly(r,
                                              CAPLAT_PROBLEM_LOG_UNAVAILABLE);
    }

    w = ngx_http_caplat_scratch();

    caplat_put(&w, CAPLAT_LIT("{\"status\":\"ok\",\"rates\":"));

    if (clcf->rates != NULL) {
        caplat_put_string(&w, caplat_slice_of(clcf->rates->id,
                                              CAPLAT_HEX_LEN));
    } else {
        caplat_put(&w, CAPLAT_LIT("null"));
    }

    caplat_put(&w, CAPLAT_LIT(",\"orders\":"));
    caplat_put(&w, cmcf->ledger != NULL ? CAPLAT_LIT("\"open\"")
                                        : CAPLAT_LIT("null"));
    caplat_put(&w, CAPLAT_LIT("}"));

    return ngx_http_caplat_send_private(r, NGX_HTTP_OK, caplat_written(&w));
}
