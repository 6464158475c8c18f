#include "ngx_http_caplat_pay.h"


static char *
ngx_http_caplat_lacks(ngx_conf_t *cf, const ngx_http_caplat_loc_conf_t *clcf,
    const char *directive)
{
    ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                  "\"caplat_%s\" needs \"%s\" in %V:%ui",
                  ngx_http_caplat_route_word(clcf->route), directive,
                  &clcf->route_file, clcf->route_line);

    return NGX_CONF_ERROR;
}


/* What each route cannot do without. */
static char *
ngx_http_caplat_check_route(ngx_conf_t *cf,
    const ngx_http_caplat_loc_conf_t *clcf)
{
    const char                   *lacking;
    ngx_uint_t                    keys, proofs, prices;
    ngx_http_caplat_main_conf_t  *cmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_caplat_module);

    prices = clcf->route == NGX_HTTP_CAPLAT_QUOTES
             || clcf->route == NGX_HTTP_CAPLAT_PRICES
             || clcf->route == NGX_HTTP_CAPLAT_SESSION
             || clcf->route == NGX_HTTP_CAPLAT_ORDERS;
    keys = prices && clcf->route != NGX_HTTP_CAPLAT_PRICES;
    proofs = keys || clcf->route == NGX_HTTP_CAPLAT_SIGN_IN
             || clcf->route == NGX_HTTP_CAPLAT_OPENINGS
             || (prices && clcf->partner_keys != NULL);

    if (prices && clcf->rates == NULL) {
        return ngx_http_caplat_lacks(cf, clcf, "caplat_rates");
    }

    if (clcf->route == NGX_HTTP_CAPLAT_OPENINGS
        && clcf->partner_keys == NULL)
    {
        return ngx_http_caplat_lacks(cf, clcf, "caplat_partner_keys");
    }

    if (keys && clcf->issuer_keys == NULL) {
        return ngx_http_caplat_lacks(cf, clcf, "caplat_issuer_keys");
    }

    if ((keys || clcf->route == NGX_HTTP_CAPLAT_SIGN_IN)
        && clcf->issuer.len == 0)
    {
        return ngx_http_caplat_lacks(cf, clcf, "caplat_issuer");
    }

    if ((keys || clcf->route == NGX_HTTP_CAPLAT_SIGN_IN)
        && clcf->audience.len == 0)
    {
        return ngx_http_caplat_lacks(cf, clcf, "caplat_audience");
    }

    if (proofs && clcf->origin.len == 0) {
        return ngx_http_caplat_lacks(cf, clcf, "caplat_origin");
    }

    if ((proofs || clcf->route == NGX_HTTP_CAPLAT_STATUS)
        && cmcf->zone_len == 0)
    {
        return ngx_http_caplat_lacks(cf, clcf, "caplat_zone");
    }

    if ((clcf->route == NGX_HTTP_CAPLAT_ORDERS
         || clcf->route == NGX_HTTP_CAPLAT_OPENINGS
         || clcf->route == NGX_HTTP_CAPLAT_LOG)
        && cmcf->ledger == NULL)
    {
        return ngx_http_caplat_lacks(cf, clcf, "caplat_ledger");
    }

    lacking = clcf->route == NGX_HTTP_CAPLAT_CASHIER
              ? ngx_http_caplat_cashier_lacks(clcf, cmcf->pay)
              : clcf->route == NGX_HTTP_CAPLAT_NOTIFY
                && cmcf->pay->places[clcf->channel].line == 0
              ? ngx_http_caplat_pay_directive(clcf->channel) : NULL;

    if (lacking != NULL) {
        return ngx_http_caplat_lacks(cf, clcf, lacking);
    }

    if (clcf->route != NGX_HTTP_CAPLAT_ORDERS) {
        return NGX_CONF_OK;
    }

    return ngx_http_caplat_join_ledger(cf, cmcf->ledger, clcf) == NGX_CONF_OK
           ? ngx_http_caplat_join_pay(cf, cmcf->pay, clcf) : NGX_CONF_ERROR;
}


/* Another directive may have taken the location since. */
static char *
ngx_http_caplat_check_handler(ngx_conf_t *cf,
    const ngx_http_caplat_loc_conf_t *clcf)
{
    ngx_http_core_loc_conf_t  *core;

    core = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    if (core->handler == clcf->handler) {
        return NGX_CONF_OK;
    }

    ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                  "\"caplat_%s\" in a location that has another handler too "
                  "in %V:%ui", ngx_http_caplat_route_word(clcf->route),
                  &clcf->route_file, clcf->route_line);

    return NGX_CONF_ERROR;
}


/* A key whose tokens this very server would refuse. */
static char *
ngx_http_caplat_check_sign_in(ngx_conf_t *cf,
    const ngx_http_caplat_loc_conf_t *clcf)
{
    const caplat_jwk         *jwk;
    const caplat_public_key  *public;

    if (clcf->sign_in == NULL || clcf->issuer_keys == NULL) {
        return NGX_CONF_OK;
    }

    public = caplat_private_key_public(clcf->sign_in->key);
    jwk = caplat_keyring_find(clcf->issuer_keys,
                              caplat_slice_of(public->thumbprint,
                                              CAPLAT_THUMBPRINT_LEN),
                              ngx_time());

    if (jwk != NULL) {
        return NGX_CONF_OK;
    }

    ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                  "the key of \"caplat_sign_in\" in %V:%ui, kid \"%*s\", is "
                  "not one of \"caplat_issuer_keys\": its tokens would be "
                  "refused", &clcf->route_file, clcf->route_line,
                  (size_t) CAPLAT_THUMBPRINT_LEN, public->thumbprint);

    return NGX_CONF_ERROR;
}


/* What a 401 asks a server for (RFC 9421, 5.1). */
static ngx_int_t
ngx_http_caplat_set_accept_signature(ngx_conf_t *cf,
    ngx_http_caplat_loc_conf_t *clcf)
{
    static const char  format[] =
        "sig1=(\"@method\" \"@target-uri\" \"content-type\" "
        "\"content-digest\" \"authorization\" \"idempotency-key\");created;"
        "tag=\"%*s\"";

    size_t   len;
    u_char  *p;

    len = sizeof(format) + clcf->policy.tag.len;

    p = ngx_pnalloc(cf->pool, len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    clcf->accept_signature.data = p;
    clcf->accept_signature.len = ngx_snprintf(p, len, format,
                                              clcf->policy.tag.len,
                                              clcf->policy.tag.ptr)
                                 - p;

    return NGX_OK;
}


/* Bodies are bounded, read and judged here: nginx keeps them in memory. */
static void
ngx_http_caplat_bound_body(ngx_conf_t *cf)
{
    ngx_http_core_loc_conf_t  *core;

    core = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    core->client_max_body_size = 0;

    if (core->client_body_buffer_size < CAPLAT_BODY_LEN_MAX + 1) {
        core->client_body_buffer_size = CAPLAT_BODY_LEN_MAX + 1;
    }
}


/*
 * In an `if` or `limit_except` of its location a route is still the route,
 * unless something else answers there.
 */
static void
ngx_http_caplat_inherit_route(ngx_conf_t *cf,
    const ngx_http_caplat_loc_conf_t *prev, ngx_http_caplat_loc_conf_t *conf)
{
    ngx_http_core_loc_conf_t  *core;

    core = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    if (!core->noname || core->handler != NULL) {
        return;
    }

    conf->route = prev->route;
    conf->handler = prev->handler;
    core->handler = prev->handler;
    conf->route_file = prev->route_file;
    conf->route_line = prev->route_line;
    conf->problem = prev->problem;
    conf->sign_in = prev->sign_in;
    conf->log_prefix = prev->log_prefix;
    conf->channel = prev->channel;
    conf->cashier = prev->cashier;
}


char *
ngx_http_caplat_merge_loc_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_http_caplat_loc_conf_t  *prev = parent;
    ngx_http_caplat_loc_conf_t  *conf = child;

    ngx_http_caplat_inherit_route(cf, prev, conf);

    if (conf->rates == NULL) {
        conf->rates = prev->rates;
    }

    if (conf->issuer_keys == NULL) {
        conf->issuer_keys = prev->issuer_keys;
    }

    if (conf->partner_keys == NULL) {
        conf->partner_keys = prev->partner_keys;
    }

    if (conf->cors == NULL) {
        conf->cors = prev->cors;
    }

    ngx_conf_merge_str_value(conf->issuer, prev->issuer, "");
    ngx_conf_merge_str_value(conf->audience, prev->audience, "");
    ngx_conf_merge_str_value(conf->origin, prev->origin, "");
    ngx_conf_merge_str_value(conf->tag, prev->tag, "");

    if (conf->route == NGX_HTTP_CAPLAT_NONE) {
        return NGX_CONF_OK;
    }

    if (conf->tag.len != 0 && conf->partner_keys == NULL) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "\"caplat_tag\" does nothing without "
                      "\"caplat_partner_keys\" for the location in %V:%ui",
                      &conf->route_file, conf->route_line);
        return NGX_CONF_ERROR;
    }

    /* The default stays out of conf->tag: a block would inherit it as set. */
    conf->policy.tag = conf->tag.len != 0
                       ? ngx_http_caplat_slice(&conf->tag)
                       : CAPLAT_LIT("ca-order-v1");

    if (ngx_http_caplat_check_handler(cf, conf) != NGX_CONF_OK
        || ngx_http_caplat_check_route(cf, conf) != NGX_CONF_OK
        || ngx_http_caplat_check_sign_in(cf, conf) != NGX_CONF_OK
        || ngx_http_caplat_set_accept_signature(cf, conf) != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    conf->policy.token.issuer = ngx_http_caplat_slice(&conf->issuer);
    conf->policy.token.audience = ngx_http_caplat_slice(&conf->audience);
    conf->policy.token.keys = conf->issuer_keys;
    conf->policy.partners = conf->partner_keys;

    ngx_http_caplat_bound_body(cf);

    return NGX_CONF_OK;
}
