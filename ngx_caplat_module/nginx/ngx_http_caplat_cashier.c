#include "ngx_http_caplat_pay.h"


#define NGX_HTTP_CAPLAT_KEY(name, field)                                      \
    { ngx_string(name), ngx_http_caplat_take_private_key,                     \
      offsetof(caplat_cashier, field), 0 }

static const ngx_http_caplat_param_t  ngx_http_caplat_cashier_params[] = {
    NGX_HTTP_CAPLAT_KEY("alipay_key", alipay_key),
    NGX_HTTP_CAPLAT_KEY("wechat_key", wechat_key),
    { ngx_null_string, NULL, 0, 0 }
};


/* The words before the keys. */
static ngx_uint_t
ngx_http_caplat_take_words(ngx_conf_t *cf,
    ngx_http_caplat_cashier_t *cashier, ngx_uint_t *forced)
{
    ngx_str_t   *value;
    ngx_uint_t   i;

    value = cf->args->elts;
    *forced = 0;

    for (i = 1; i < cf->args->nelts; i++) {

        if (ngx_strcmp(value[i].data, "gateway") == 0) {
            cashier->is_gateway = 1;

        } else if (ngx_strcmp(value[i].data, "forced") == 0) {
            *forced = 1;

        } else {
            break;
        }
    }

    return i;
}


char *
ngx_http_caplat_set_cashier(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_caplat_loc_conf_t  *clcf = conf;

    ngx_uint_t                    first, forced;
    ngx_http_caplat_cashier_t    *cashier;
    ngx_http_caplat_main_conf_t  *cmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_caplat_module);

    cashier = ngx_pcalloc(cf->pool, sizeof(ngx_http_caplat_cashier_t));
    if (cashier == NULL) {
        return NGX_CONF_ERROR;
    }

    first = ngx_http_caplat_take_words(cf, cashier, &forced);

    if (ngx_http_caplat_take_params(cf, first, ngx_http_caplat_cashier_params,
                                    &cashier->keys)
        != NGX_CONF_OK)
    {
        return NGX_CONF_ERROR;
    }

    if (cashier->keys.wechat_key == NULL
        && (cashier->is_gateway || cashier->keys.alipay_key == NULL))
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           cashier->is_gateway
                           ? "\"caplat_cashier gateway\" needs \"wechat_key=\""
                           : "\"caplat_cashier\" needs \"alipay_key=\" or "
                             "\"wechat_key=\"");
        return NGX_CONF_ERROR;
    }

    if (ngx_http_caplat_add_demo(cf, "caplat_cashier", "pay with nothing",
                                 forced)
        != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    cashier->keys.alipay = &cmcf->pay->alipay;
    cashier->keys.wechat = &cmcf->pay->wechat;
    clcf->cashier = cashier;

    return ngx_http_caplat_set_route(cf, cmd, conf);
}


const char *
ngx_http_caplat_cashier_lacks(const ngx_http_caplat_loc_conf_t *clcf,
    const ngx_http_caplat_pay_t *pay)
{
    const caplat_cashier  *keys;

    keys = &clcf->cashier->keys;

    return keys->alipay_key != NULL && pay->places[CAPLAT_ALIPAY].line == 0
           ? ngx_http_caplat_pay_directive(CAPLAT_ALIPAY)
           : keys->wechat_key != NULL && pay->places[CAPLAT_WECHAT].line == 0
           ? ngx_http_caplat_pay_directive(CAPLAT_WECHAT) : NULL;
}


static ngx_int_t
ngx_http_caplat_make_notice(ngx_http_request_t *r, ngx_http_caplat_ctx_t *ctx)
{
    caplat_denial                      denial;
    caplat_faults                      faults;
    caplat_writer                      w;
    const ngx_http_caplat_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_caplat_module);
    w = ngx_http_caplat_scratch();

    if (!caplat_cashier_notice(&clcf->cashier->keys, ngx_http_caplat_body(ctx),
                               ngx_time(), &w, &faults, &denial))
    {
        return ngx_http_caplat_refuse(r, &denial, &faults);
    }

    return ngx_http_caplat_send_private(r, NGX_HTTP_OK, caplat_written(&w));
}


/* As the gateway signs its answers. */
static ngx_int_t
ngx_http_caplat_sign_answer(ngx_http_request_t *r,
    const caplat_cashier *cashier, caplat_slice body)
{
    ngx_uint_t              i;
    ngx_str_t               value;
    caplat_cashier_signed  *made;

    made = ngx_palloc(r->pool, sizeof(caplat_cashier_signed));

    if (made == NULL || !caplat_cashier_sign(cashier, body, ngx_time(), made)) {
        return NGX_ERROR;
    }

    for (i = 0; i < CAPLAT_CASHIER_FIELDS; i++) {
        value.data = (u_char *) made->fields[i].value.ptr;
        value.len = made->fields[i].value.len;

        /* The names are literals, with NUL behind them. */
        if (ngx_http_caplat_add_header(r, made->fields[i].name.ptr, &value)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_caplat_make_code(ngx_http_request_t *r, ngx_http_caplat_ctx_t *ctx)
{
    caplat_writer                      w;
    const ngx_http_caplat_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_caplat_module);
    w = ngx_http_caplat_scratch();

    if (!caplat_cashier_code(&clcf->cashier->keys, &ctx->message,
                             ngx_http_caplat_body(ctx), ngx_time(), &w))
    {
        ctx->reason = "cashier-signature";
        return ngx_http_caplat_send_private(r, NGX_HTTP_UNAUTHORIZED,
            CAPLAT_LIT("{\"code\":\"SIGN_ERROR\",\"message\":\"refused\"}"));
    }

    if (ngx_http_caplat_sign_answer(r, &clcf->cashier->keys,
                                    caplat_written(&w))
        != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_caplat_send_private(r, NGX_HTTP_OK, caplat_written(&w));
}


ngx_int_t
ngx_http_caplat_cashier_handler(ngx_http_request_t *r)
{
    ngx_int_t                          rc;
    ngx_http_caplat_ctx_t             *ctx;
    const ngx_http_caplat_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_caplat_module);

    if (ngx_http_caplat_enter(r, NGX_HTTP_CAPLAT_CASHIER, NGX_HTTP_POST,
                              &ctx, &rc)
        != NGX_OK
        || ngx_http_caplat_check_content(r, ctx, &rc) != NGX_OK)
    {
        return rc;
    }

    return ngx_http_caplat_read_body(r, ctx, clcf->cashier->is_gateway
                                             ? ngx_http_caplat_make_code
                                             : ngx_http_caplat_make_notice);
}
