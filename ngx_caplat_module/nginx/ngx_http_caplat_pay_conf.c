#include "ngx_http_caplat_pay.h"


#define NGX_HTTP_CAPLAT_PAY(name, take, field, is_needed)                     \
    { ngx_string(name), take, offsetof(ngx_http_caplat_pay_t, field),         \
      is_needed }

static const ngx_http_caplat_param_t  ngx_http_caplat_alipay_params[] = {
    NGX_HTTP_CAPLAT_PAY("app_id", ngx_http_caplat_take_id,
                        alipay.app_id, 1),
    NGX_HTTP_CAPLAT_PAY("seller_id", ngx_http_caplat_take_id,
                        alipay.seller_id, 1),
    NGX_HTTP_CAPLAT_PAY("app_key", ngx_http_caplat_take_private_key,
                        alipay.app_key, 1),
    NGX_HTTP_CAPLAT_PAY("platform_key", ngx_http_caplat_take_public_key,
                        alipay.platform_key, 1),
    NGX_HTTP_CAPLAT_PAY("gateway", ngx_http_caplat_take_address,
                        alipay.gateway, 0),
    NGX_HTTP_CAPLAT_PAY("return", ngx_http_caplat_take_address,
                        alipay.return_url, 0),
    { ngx_null_string, NULL, 0, 0 }
};

static const ngx_http_caplat_param_t  ngx_http_caplat_wechat_params[] = {
    NGX_HTTP_CAPLAT_PAY("appid", ngx_http_caplat_take_id,
                        wechat.appid, 1),
    NGX_HTTP_CAPLAT_PAY("mchid", ngx_http_caplat_take_id,
                        wechat.mchid, 1),
    NGX_HTTP_CAPLAT_PAY("serial", ngx_http_caplat_take_id,
                        wechat.serial, 1),
    NGX_HTTP_CAPLAT_PAY("merchant_key", ngx_http_caplat_take_private_key,
                        wechat.merchant_key, 1),
    NGX_HTTP_CAPLAT_PAY("platform_key", ngx_http_caplat_take_public_key,
                        wechat.platform_key, 1),
    NGX_HTTP_CAPLAT_PAY("platform_serial", ngx_http_caplat_take_id,
                        wechat.platform_serial, 1),
    NGX_HTTP_CAPLAT_PAY("api_key", ngx_http_caplat_take_api_key,
                        wechat.api_key, 1),
    NGX_HTTP_CAPLAT_PAY("gateway", ngx_http_caplat_take_path,
                        gateway, 1),
    { ngx_null_string, NULL, 0, 0 }
};

static const ngx_http_caplat_param_t  ngx_http_caplat_transfer_params[] = {
    NGX_HTTP_CAPLAT_PAY("name", ngx_http_caplat_take_phrase,
                        transfer.name, 1),
    NGX_HTTP_CAPLAT_PAY("bank", ngx_http_caplat_take_phrase,
                        transfer.bank, 1),
    NGX_HTTP_CAPLAT_PAY("account", ngx_http_caplat_take_account,
                        transfer.account, 1),
    { ngx_null_string, NULL, 0, 0 }
};

static const ngx_http_caplat_param_t
    *ngx_http_caplat_pay_params[CAPLAT_CHANNEL_COUNT] =
{
    [CAPLAT_ALIPAY] = ngx_http_caplat_alipay_params,
    [CAPLAT_WECHAT] = ngx_http_caplat_wechat_params,
    [CAPLAT_TRANSFER] = ngx_http_caplat_transfer_params
};


const char *
ngx_http_caplat_pay_directive(ngx_uint_t channel)
{
    static const char  *directives[CAPLAT_CHANNEL_COUNT] = {
        [CAPLAT_ALIPAY] = "caplat_pay_alipay",
        [CAPLAT_WECHAT] = "caplat_pay_wechat",
        [CAPLAT_TRANSFER] = "caplat_pay_transfer"
    };

    return directives[channel];
}


ngx_http_caplat_pay_t *
ngx_http_caplat_create_pay(ngx_conf_t *cf)
{
    ngx_http_caplat_pay_t  *pay;

    pay = ngx_pcalloc(cf->pool, sizeof(ngx_http_caplat_pay_t));
    if (pay == NULL
        || ngx_array_init(&pay->servers, cf->pool, 2,
                          sizeof(ngx_http_core_srv_conf_t *))
           != NGX_OK)
    {
        return NULL;
    }

    pay->alipay.gateway = CAPLAT_LIT(CAPLAT_ALIPAY_GATEWAY);
    pay->alipay.return_url = CAPLAT_LIT(NGX_HTTP_CAPLAT_RETURN_PATH);

    return pay;
}


/* cmd->offset is the channel. */
char *
ngx_http_caplat_set_pay(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_caplat_main_conf_t  *cmcf = conf;

    if (ngx_http_caplat_set_once(cf, cmd, &cmcf->pay->places[cmd->offset])
        != NGX_CONF_OK)
    {
        return NGX_CONF_ERROR;
    }

    return ngx_http_caplat_take_params(cf, 1,
                                       ngx_http_caplat_pay_params[cmd->offset],
                                       cmcf->pay);
}


char *
ngx_http_caplat_init_pay(ngx_conf_t *cf, ngx_http_caplat_main_conf_t *cmcf)
{
    ngx_uint_t                      channel;
    const ngx_http_caplat_place_t  *place;

    for (channel = CAPLAT_ALIPAY; channel < CAPLAT_CHANNEL_COUNT; channel++) {
        place = &cmcf->pay->places[channel];

        if (place->line == 0) {
            continue;
        }

        if (cmcf->ledger == NULL) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "\"%s\" needs \"caplat_ledger\" in %V:%ui",
                          ngx_http_caplat_pay_directive(channel),
                          &place->file, place->line);
            return NGX_CONF_ERROR;
        }

        cmcf->ledger->orders.channels |= 1u << channel;
    }

    return NGX_CONF_OK;
}


/* The origin before what is a path. */
static ngx_int_t
ngx_http_caplat_complete_address(ngx_conf_t *cf, caplat_slice origin,
    caplat_slice *address)
{
    u_char  *p;

    if (address->ptr[0] != '/') {
        return NGX_OK;
    }

    p = ngx_pnalloc(cf->pool, origin.len + address->len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(ngx_cpymem(p, origin.ptr, origin.len), address->ptr,
               address->len);

    *address = caplat_slice_of((char *) p, origin.len + address->len);

    return NGX_OK;
}


char *
ngx_http_caplat_join_pay(ngx_conf_t *cf, ngx_http_caplat_pay_t *pay,
    const ngx_http_caplat_loc_conf_t *clcf)
{
    caplat_slice                origin;
    ngx_http_core_srv_conf_t  **server;

    origin = ngx_http_caplat_slice(&clcf->origin);

    if (pay->places[CAPLAT_ALIPAY].line == 0
        && pay->places[CAPLAT_WECHAT].line == 0)
    {
        return NGX_CONF_OK;
    }

    server = ngx_array_push(&pay->servers);
    if (server == NULL) {
        return NGX_CONF_ERROR;
    }

    *server = ngx_http_conf_get_module_srv_conf(cf, ngx_http_core_module);

    if (pay->origin_place.line != 0) {

        if (caplat_slice_eq(pay->origin, origin)) {
            return NGX_CONF_OK;
        }

        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "\"caplat_orders\" in %V:%ui has another "
                      "\"caplat_origin\" than in %V:%ui: payment channels are "
                      "told one", &clcf->route_file, clcf->route_line,
                      &pay->origin_place.file, pay->origin_place.line);

        return NGX_CONF_ERROR;
    }

    pay->origin = origin;
    pay->origin_place.file = clcf->route_file;
    pay->origin_place.line = clcf->route_line;
    pay->alipay.notify_url = CAPLAT_LIT(NGX_HTTP_CAPLAT_NOTIFY_PATH "alipay");
    pay->wechat.notify_url = CAPLAT_LIT(NGX_HTTP_CAPLAT_NOTIFY_PATH "wechat");

    if (ngx_http_caplat_complete_address(cf, origin, &pay->alipay.notify_url)
        != NGX_OK
        || ngx_http_caplat_complete_address(cf, origin,
                                            &pay->wechat.notify_url)
           != NGX_OK
        || ngx_http_caplat_complete_address(cf, origin, &pay->alipay.gateway)
           != NGX_OK
        || ngx_http_caplat_complete_address(cf, origin,
                                            &pay->alipay.return_url)
           != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


/* A bank transfer is seen by a human, who has no notices. */
char *
ngx_http_caplat_set_notify(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_caplat_loc_conf_t  *clcf = conf;

    ngx_str_t   *value;
    ngx_uint_t   channel;

    value = cf->args->elts;

    for (channel = CAPLAT_ALIPAY; channel < CAPLAT_TRANSFER; channel++) {
        if (caplat_slice_eq(ngx_http_caplat_slice(&value[1]),
                            caplat_channel_word((caplat_channel) channel)))
        {
            clcf->channel = channel;
            return ngx_http_caplat_set_route(cf, cmd, conf);
        }
    }

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "\"caplat_notify %V\": the channel must be \"alipay\" "
                       "or \"wechat\"", &value[1]);

    return NGX_CONF_ERROR;
}
