#include "ngx_http_caplat_pay.h"


#define NGX_HTTP_CAPLAT_TOKENS_MAX  1048576


static ngx_int_t ngx_http_caplat_add_module_variables(ngx_conf_t *cf);
static void *ngx_http_caplat_create_main_conf(ngx_conf_t *cf);
static char *ngx_http_caplat_init_main_conf(ngx_conf_t *cf, void *conf);
static void *ngx_http_caplat_create_loc_conf(ngx_conf_t *cf);


static ngx_conf_num_bounds_t  ngx_http_caplat_tokens_bounds = {
    ngx_conf_check_num_bounds, 1, NGX_HTTP_CAPLAT_TOKENS_MAX
};


#define NGX_HTTP_CAPLAT_ANYWHERE                                              \
    (NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF)


static ngx_command_t  ngx_http_caplat_commands[] = {

    { ngx_string("caplat_zone"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE2,
      ngx_http_caplat_set_zone,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("caplat_tokens"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_num_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_caplat_main_conf_t, tokens),
      &ngx_http_caplat_tokens_bounds },

    { ngx_string("caplat_ledger"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_2MORE,
      ngx_http_caplat_set_ledger,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("caplat_pay_alipay"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_1MORE,
      ngx_http_caplat_set_pay,
      NGX_HTTP_MAIN_CONF_OFFSET,
      CAPLAT_ALIPAY,
      NULL },

    { ngx_string("caplat_pay_wechat"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_1MORE,
      ngx_http_caplat_set_pay,
      NGX_HTTP_MAIN_CONF_OFFSET,
      CAPLAT_WECHAT,
      NULL },

    { ngx_string("caplat_pay_transfer"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_1MORE,
      ngx_http_caplat_set_pay,
      NGX_HTTP_MAIN_CONF_OFFSET,
      CAPLAT_TRANSFER,
      NULL },

    { ngx_string("caplat_rates"),
      NGX_HTTP_CAPLAT_ANYWHERE|NGX_CONF_TAKE1,
      ngx_http_caplat_set_rates,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("caplat_issuer"),
      NGX_HTTP_CAPLAT_ANYWHERE|NGX_CONF_TAKE1,
      ngx_http_caplat_set_text,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_caplat_loc_conf_t, issuer),
      (void *) offsetof(ngx_http_caplat_loc_conf_t, issuer_place) },

    { ngx_string("caplat_issuer_keys"),
      NGX_HTTP_CAPLAT_ANYWHERE|NGX_CONF_TAKE1,
      ngx_http_caplat_set_keys,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_caplat_loc_conf_t, issuer_keys),
      (void *) offsetof(ngx_http_caplat_loc_conf_t, issuer_keys_place) },

    { ngx_string("caplat_partner_keys"),
      NGX_HTTP_CAPLAT_ANYWHERE|NGX_CONF_TAKE1,
      ngx_http_caplat_set_keys,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_caplat_loc_conf_t, partner_keys),
      (void *) offsetof(ngx_http_caplat_loc_conf_t, partner_keys_place) },

    { ngx_string("caplat_audience"),
      NGX_HTTP_CAPLAT_ANYWHERE|NGX_CONF_TAKE1,
      ngx_http_caplat_set_text,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_caplat_loc_conf_t, audience),
      (void *) offsetof(ngx_http_caplat_loc_conf_t, audience_place) },

    { ngx_string("caplat_origin"),
      NGX_HTTP_CAPLAT_ANYWHERE|NGX_CONF_TAKE1,
      ngx_http_caplat_set_origin,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_caplat_loc_conf_t, origin),
      NULL },

    { ngx_string("caplat_tag"),
      NGX_HTTP_CAPLAT_ANYWHERE|NGX_CONF_TAKE1,
      ngx_http_caplat_set_text,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_caplat_loc_conf_t, tag),
      (void *) offsetof(ngx_http_caplat_loc_conf_t, tag_place) },

    { ngx_string("caplat_cors"),
      NGX_HTTP_CAPLAT_ANYWHERE|NGX_CONF_1MORE,
      ngx_http_caplat_set_cors,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("caplat_quotes"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS,
      ngx_http_caplat_set_route,
      NGX_HTTP_LOC_CONF_OFFSET,
      NGX_HTTP_CAPLAT_QUOTES,
      ngx_http_caplat_quotes_handler },

    { ngx_string("caplat_prices"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS,
      ngx_http_caplat_set_route,
      NGX_HTTP_LOC_CONF_OFFSET,
      NGX_HTTP_CAPLAT_PRICES,
      ngx_http_caplat_prices_handler },

    { ngx_string("caplat_session"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS,
      ngx_http_caplat_set_route,
      NGX_HTTP_LOC_CONF_OFFSET,
      NGX_HTTP_CAPLAT_SESSION,
      ngx_http_caplat_session_handler },

    { ngx_string("caplat_orders"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS,
      ngx_http_caplat_set_route,
      NGX_HTTP_LOC_CONF_OFFSET,
      NGX_HTTP_CAPLAT_ORDERS,
      ngx_http_caplat_orders_handler },

    { ngx_string("caplat_notify"),
      NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_caplat_set_notify,
      NGX_HTTP_LOC_CONF_OFFSET,
      NGX_HTTP_CAPLAT_NOTIFY,
      ngx_http_caplat_notify_handler },

    { ngx_string("caplat_cashier"),
      NGX_HTTP_LOC_CONF|NGX_CONF_1MORE,
      ngx_http_caplat_set_cashier,
      NGX_HTTP_LOC_CONF_OFFSET,
      NGX_HTTP_CAPLAT_CASHIER,
      ngx_http_caplat_cashier_handler },

    { ngx_string("caplat_openings"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS,
      ngx_http_caplat_set_route,
      NGX_HTTP_LOC_CONF_OFFSET,
      NGX_HTTP_CAPLAT_OPENINGS,
      ngx_http_caplat_openings_handler },

    { ngx_string("caplat_log"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS,
      ngx_http_caplat_set_log,
      NGX_HTTP_LOC_CONF_OFFSET,
      NGX_HTTP_CAPLAT_LOG,
      ngx_http_caplat_log_handler },

    { ngx_string("caplat_sign_in"),
      NGX_HTTP_LOC_CONF|NGX_CONF_1MORE,
      ngx_http_caplat_set_sign_in,
      NGX_HTTP_LOC_CONF_OFFSET,
      NGX_HTTP_CAPLAT_SIGN_IN,
      ngx_http_caplat_sign_in_handler },

    { ngx_string("caplat_health"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS,
      ngx_http_caplat_set_route,
      NGX_HTTP_LOC_CONF_OFFSET,
      NGX_HTTP_CAPLAT_HEALTH,
      ngx_http_caplat_health_handler },

    { ngx_string("caplat_status"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS,
      ngx_http_caplat_set_route,
      NGX_HTTP_LOC_CONF_OFFSET,
      NGX_HTTP_CAPLAT_STATUS,
      ngx_http_caplat_status_handler },

    { ngx_string("caplat_problem"),
      NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_caplat_set_problem,
      NGX_HTTP_LOC_CONF_OFFSET,
      NGX_HTTP_CAPLAT_PROBLEM,
      ngx_http_caplat_problem_handler },

    ngx_null_command
};


static ngx_http_module_t  ngx_http_caplat_module_ctx = {
    ngx_http_caplat_add_module_variables,  /* preconfiguration */
    ngx_http_caplat_open,                  /* postconfiguration */

    ngx_http_caplat_create_main_conf,      /* create main configuration */
    ngx_http_caplat_init_main_conf,        /* init main configuration */

    NULL,                                  /* create server configuration */
    NULL,                                  /* merge server configuration */

    ngx_http_caplat_create_loc_conf,       /* create location configuration */
    ngx_http_caplat_merge_loc_conf         /* merge location configuration */
};


ngx_module_t  ngx_http_caplat_module = {
    NGX_MODULE_V1,
    &ngx_http_caplat_module_ctx,           /* module context */
    ngx_http_caplat_commands,              /* module directives */
    NGX_HTTP_MODULE,                       /* module type */
    NULL,                                  /* init master */
    NULL,                                  /* init module */
    ngx_http_caplat_init_process,          /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    ngx_http_caplat_exit_process,          /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};


static ngx_int_t
ngx_http_caplat_add_module_variables(ngx_conf_t *cf)
{
    if (!caplat_trust_open()) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "caplat: libsodium or OpenSSL does not start");
        return NGX_ERROR;
    }

    return ngx_http_caplat_add_variables(cf);
}


static void *
ngx_http_caplat_create_main_conf(ngx_conf_t *cf)
{
    ngx_http_caplat_main_conf_t  *cmcf;

    cmcf = ngx_pcalloc(cf->pool, sizeof(ngx_http_caplat_main_conf_t));
    if (cmcf == NULL) {
        return NULL;
    }

    cmcf->tokens = NGX_CONF_UNSET_UINT;
    cmcf->pay = ngx_http_caplat_create_pay(cf);

    if (cmcf->pay == NULL) {
        return NULL;
    }

    if (ngx_array_init(&cmcf->demos, cf->pool, 1,
                       sizeof(ngx_http_caplat_demo_t))
        != NGX_OK)
    {
        return NULL;
    }

    return cmcf;
}


static char *
ngx_http_caplat_init_main_conf(ngx_conf_t *cf, void *conf)
{
    ngx_http_caplat_main_conf_t  *cmcf = conf;

    ngx_str_t  request_id = ngx_string("request_id");

    if (cmcf->tokens != NGX_CONF_UNSET_UINT && cmcf->zone_len == 0) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "\"caplat_tokens\" does nothing without "
                      "\"caplat_zone\"");
        return NGX_CONF_ERROR;
    }

    ngx_conf_init_uint_value(cmcf->tokens, 4096);

    cmcf->request_id_index = ngx_http_get_variable_index(cf, &request_id);
    if (cmcf->request_id_index == NGX_ERROR) {
        return NGX_CONF_ERROR;
    }

    return ngx_http_caplat_init_pay(cf, cmcf);
}


static void *
ngx_http_caplat_create_loc_conf(ngx_conf_t *cf)
{
    ngx_http_caplat_loc_conf_t  *clcf;

    /*
     * set by ngx_pcalloc():
     *
     *     clcf->rates = NULL;
     *     clcf->issuer_keys = NULL;
     *     clcf->issuer = { 0, NULL };
     *     clcf->cors = NULL;
     *     clcf->route = NGX_HTTP_CAPLAT_NONE;
     *     ...
     */

    clcf = ngx_pcalloc(cf->pool, sizeof(ngx_http_caplat_loc_conf_t));

    return clcf;
}
