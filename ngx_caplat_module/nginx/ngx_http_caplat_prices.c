#include "ngx_http_caplat_module.h"


#define NGX_HTTP_CAPLAT_PRICE_AGE  300          /* seconds, as of the pages */
#define NGX_HTTP_CAPLAT_DAY        86400
#define NGX_HTTP_CAPLAT_BEIJING    28800        /* seconds before UTC */


/*
 * How long a CDN may keep the price: for a question that leaves the day to
 * us, no longer than the day.
 */
static ngx_int_t
ngx_http_caplat_add_age(ngx_http_request_t *r, ngx_uint_t day_matters)
{
    time_t     left;
    ngx_str_t  value;

    if (!day_matters) {
        ngx_str_set(&value, "public, max-age=300");
        return ngx_http_caplat_add_header(r, "Cache-Control", &value);
    }

    left = NGX_HTTP_CAPLAT_DAY
           - (ngx_time() + NGX_HTTP_CAPLAT_BEIJING) % NGX_HTTP_CAPLAT_DAY;

    value.data = ngx_pnalloc(r->pool, sizeof("public, max-age=")
                                      + NGX_TIME_T_LEN);
    if (value.data == NULL) {
        return NGX_ERROR;
    }

    value.len = ngx_sprintf(value.data, "public, max-age=%T",
                            ngx_min(left, NGX_HTTP_CAPLAT_PRICE_AGE))
                - value.data;

    return ngx_http_caplat_add_header(r, "Cache-Control", &value);
}


/* The rate card's id, and the day where the answer depends on it. */
static ngx_int_t
ngx_http_caplat_set_etag(ngx_http_request_t *r, const caplat_rates *rates,
    ngx_uint_t day_matters, caplat_date today)
{
    u_char           *p;
    ngx_table_elt_t  *etag;

    etag = ngx_list_push(&r->headers_out.headers);
    if (etag == NULL) {
        return NGX_ERROR;
    }

    p = ngx_pnalloc(r->pool, sizeof("\"-20270115\"") + CAPLAT_HEX_LEN);
    if (p == NULL) {
        etag->hash = 0;
        return NGX_ERROR;
    }

    etag->hash = 1;
    ngx_str_set(&etag->key, "ETag");
    etag->value.data = p;
#if (nginx_version >= 1023000)
    etag->next = NULL;
#endif

    *p++ = '"';
    p = ngx_cpymem(p, rates->id, CAPLAT_HEX_LEN);

    if (day_matters) {
        p = ngx_sprintf(p, "-%04ui%02ui%02ui", (ngx_uint_t) today.year,
                        (ngx_uint_t) today.month, (ngx_uint_t) today.day);
    }

    *p++ = '"';

    etag->value.len = p - etag->value.data;
    r->headers_out.etag = etag;

    return NGX_OK;
}


static ngx_int_t
ngx_http_caplat_price(ngx_http_request_t *r, ngx_http_caplat_ctx_t *ctx)
{
    bool                               day_matters;
    caplat_date                        today;
    caplat_denial                      denial;
    caplat_faults                      faults;
    caplat_writer                      w;
    const ngx_http_caplat_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_caplat_module);

    w = ngx_http_caplat_scratch();

    today = caplat_day_in_beijing(ngx_time());

    if (!caplat_answer_price(clcf->rates, ngx_http_caplat_slice(&r->args),
                             today, &w, &ctx->amount_fen, &day_matters,
                             &faults, &denial))
    {
        return ngx_http_caplat_refuse(r, &denial, &faults);
    }

    if (ngx_http_caplat_add_age(r, day_matters) != NGX_OK
        || ngx_http_caplat_set_etag(r, clcf->rates, day_matters, today)
           != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_caplat_send_json(r, NGX_HTTP_OK, caplat_written(&w));
}


/* The list for a partner, whose signature says who it is. */
static ngx_int_t
ngx_http_caplat_price_list(ngx_http_request_t *r, ngx_http_caplat_ctx_t *ctx)
{
    ngx_int_t                          rc;
    caplat_denial                      denial;
    caplat_faults                      faults;
    caplat_writer                      w;
    const ngx_http_caplat_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_caplat_module);

    if (ngx_http_caplat_check_digest(r, ctx, &rc) != NGX_OK) {
        return rc;
    }

    w = ngx_http_caplat_scratch();

    if (!caplat_answer_list(clcf->rates, ngx_http_caplat_body(ctx),
                            caplat_day_in_beijing(ngx_time()), &w, &faults,
                            &denial))
    {
        return ngx_http_caplat_refuse(r, &denial, &faults);
    }

    return ngx_http_caplat_send_private(r, NGX_HTTP_OK, caplat_written(&w));
}


ngx_int_t
ngx_http_caplat_prices_handler(ngx_http_request_t *r)
{
    ngx_int_t                          rc;
    ngx_uint_t                         methods;
    ngx_http_caplat_ctx_t             *ctx;
    const ngx_http_caplat_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_caplat_module);
    methods = NGX_HTTP_GET|NGX_HTTP_HEAD
              |(clcf->partner_keys != NULL ? NGX_HTTP_POST : 0);

    if (ngx_http_caplat_enter(r, NGX_HTTP_CAPLAT_PRICES, methods, &ctx, &rc)
        != NGX_OK)
    {
        return rc;
    }

    if (r->method != NGX_HTTP_POST) {
        return ngx_http_caplat_price(r, ctx);
    }

    if (ngx_http_caplat_check_content(r, ctx, &rc) != NGX_OK
        || ngx_http_caplat_authenticate(r, ctx, 0, &rc) != NGX_OK
        || ngx_http_caplat_check_scope(r, ctx, CAPLAT_SCOPE_QUOTE, &rc)
           != NGX_OK)
    {
        return rc;
    }

    return ngx_http_caplat_read_body(r, ctx, ngx_http_caplat_price_list);
}
