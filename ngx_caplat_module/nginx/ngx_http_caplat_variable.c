#include "ngx_http_caplat_module.h"


#define NGX_HTTP_CAPLAT_SUBJECT_LEN  16         /* bytes, twice as much hex */


static ngx_int_t
ngx_http_caplat_set_value(ngx_http_variable_value_t *v, const char *data,
    size_t len)
{
    v->data = (u_char *) data;
    v->len = (unsigned) len;
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;

    return NGX_OK;
}


static ngx_int_t
ngx_http_caplat_no_value(ngx_http_variable_value_t *v)
{
    v->not_found = 1;

    return NGX_OK;
}


/* A keyed hash of iss and sub: the same person is the same, nobody's name. */
static ngx_int_t
ngx_http_caplat_subject(ngx_http_request_t *r, ngx_http_variable_value_t *v,
    uintptr_t data)
{
    u_char                            *hex;
    uint8_t                            hash[NGX_HTTP_CAPLAT_SUBJECT_LEN];
    caplat_slice                       parts[2];
    ngx_http_caplat_ctx_t             *ctx;
    ngx_http_caplat_main_conf_t       *cmcf;
    const ngx_http_caplat_loc_conf_t  *clcf;

    ctx = ngx_http_get_module_ctx(r, ngx_http_caplat_module);
    cmcf = ngx_http_get_module_main_conf(r, ngx_http_caplat_module);
    clcf = ngx_http_get_module_loc_conf(r, ngx_http_caplat_module);

    if (ctx == NULL || !ctx->signed_in || ctx->who.claims == NULL) {
        return ngx_http_caplat_no_value(v);
    }

    hex = ngx_pnalloc(r->pool, 2 * sizeof(hash));
    if (hex == NULL) {
        return NGX_ERROR;
    }

    parts[0] = ngx_http_caplat_slice(&clcf->issuer);
    parts[1] = ctx->who.claims->subject;

    caplat_keyed_hash(caplat_zone_secret(cmcf->zone), parts, 2, hash,
                      sizeof(hash));
    ngx_hex_dump(hex, hash, sizeof(hash));

    return ngx_http_caplat_set_value(v, (char *) hex, 2 * sizeof(hash));
}


static ngx_int_t
ngx_http_caplat_client(ngx_http_request_t *r, ngx_http_variable_value_t *v,
    uintptr_t data)
{
    ngx_http_caplat_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_caplat_module);

    if (ctx == NULL || !ctx->signed_in) {
        return ngx_http_caplat_no_value(v);
    }

    return ngx_http_caplat_set_value(v, ctx->who.client_id.ptr,
                                     ctx->who.client_id.len);
}


static ngx_int_t
ngx_http_caplat_reason(ngx_http_request_t *r, ngx_http_variable_value_t *v,
    uintptr_t data)
{
    ngx_http_caplat_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_caplat_module);

    if (ctx == NULL || ctx->reason == NULL) {
        return ngx_http_caplat_no_value(v);
    }

    return ngx_http_caplat_set_value(v, ctx->reason, ngx_strlen(ctx->reason));
}


static ngx_int_t
ngx_http_caplat_amount(ngx_http_request_t *r, ngx_http_variable_value_t *v,
    uintptr_t data)
{
    u_char                 *p;
    ngx_http_caplat_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_caplat_module);

    if (ctx == NULL || ctx->amount_fen < 0) {
        return ngx_http_caplat_no_value(v);
    }

    p = ngx_pnalloc(r->pool, NGX_INT64_LEN);
    if (p == NULL) {
        return NGX_ERROR;
    }

    return ngx_http_caplat_set_value(v, (char *) p,
                                     ngx_sprintf(p, "%L", ctx->amount_fen)
                                     - p);
}


static ngx_int_t
ngx_http_caplat_order_id(ngx_http_request_t *r, ngx_http_variable_value_t *v,
    uintptr_t data)
{
    ngx_http_caplat_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_caplat_module);

    if (ctx == NULL || ctx->order.len == 0) {
        return ngx_http_caplat_no_value(v);
    }

    return ngx_http_caplat_set_value(v, (char *) ctx->order.data,
                                     ctx->order.len);
}


static ngx_int_t
ngx_http_caplat_rates_id(ngx_http_request_t *r, ngx_http_variable_value_t *v,
    uintptr_t data)
{
    const ngx_http_caplat_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_caplat_module);

    if (clcf->rates == NULL) {
        return ngx_http_caplat_no_value(v);
    }

    return ngx_http_caplat_set_value(v, clcf->rates->id, CAPLAT_HEX_LEN);
}


/* What a request is found to be changes while it is judged: not kept. */
static ngx_http_variable_t  ngx_http_caplat_variables[] = {

    { ngx_string("caplat_subject"), NULL, ngx_http_caplat_subject, 0,
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("caplat_client"), NULL, ngx_http_caplat_client, 0,
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("caplat_reason"), NULL, ngx_http_caplat_reason, 0,
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("caplat_amount"), NULL, ngx_http_caplat_amount, 0,
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("caplat_order"), NULL, ngx_http_caplat_order_id, 0,
      NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("caplat_rates"), NULL, ngx_http_caplat_rates_id, 0, 0, 0 },

      ngx_http_null_variable
};


ngx_int_t
ngx_http_caplat_add_variables(ngx_conf_t *cf)
{
    ngx_http_variable_t  *var, *v;

    for (v = ngx_http_caplat_variables; v->name.len; v++) {
        var = ngx_http_add_variable(cf, &v->name, v->flags);
        if (var == NULL) {
            return NGX_ERROR;
        }

        var->get_handler = v->get_handler;
        var->data = v->data;
    }

    return NGX_OK;
}
