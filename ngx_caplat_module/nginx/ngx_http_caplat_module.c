#include "ngx_http_caplat_module.h"


#define NGX_HTTP_CAPLAT_TOKENS_MAX  1048576


static ngx_int_t ngx_http_caplat_add_module_variables(ngx_conf_t *cf);
static ngx_int_t ngx_http_caplat_open(ngx_conf_t *cf);
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
    NULL,                                  /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    NULL,                                  /* exit process */
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

    return NGX_CONF_OK;
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


static void
ngx_http_caplat_close_zone(void *data)
{
    caplat_zone_close(data);
}


static void
ngx_http_caplat_close_auth(void *data)
{
    caplat_auth_close(data);
}


/*
 * What the server that runs is configured with, at a reload; else NULL. A
 * module that has been loaded from another file is not this one, and what it
 * has is laid out as it likes.
 */
static ngx_http_caplat_main_conf_t *
ngx_http_caplat_running(const ngx_conf_t *cf)
{
    ngx_uint_t    i;
    ngx_cycle_t  *old;

    old = cf->cycle->old_cycle;

    if (old == NULL || ngx_is_init_cycle(old) || old->modules == NULL) {
        return NULL;
    }

    for (i = 0; old->modules[i] != NULL; i++) {
        if (old->modules[i] == &ngx_http_caplat_module) {
            return ngx_http_cycle_get_module_main_conf(old,
                                                      ngx_http_caplat_module);
        }
    }

    return NULL;
}


/* Two zones at once would let a proof be used twice, while workers of before
   end. */
static ngx_int_t
ngx_http_caplat_check_running(ngx_conf_t *cf,
    const ngx_http_caplat_main_conf_t *cmcf,
    const ngx_http_caplat_main_conf_t *running)
{
    const ngx_str_t  *path;

    if (running == NULL || running->zone == NULL) {
        return NGX_OK;
    }

    path = &running->zone_path;

    if (cmcf->zone_len == running->zone_len
        && cmcf->zone_path.len == path->len
        && ngx_memcmp(cmcf->zone_path.data, path->data, path->len) == 0)
    {
        return NGX_OK;
    }

    ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                  "\"caplat_zone\" cannot change its file or size at a reload: "
                  "it was \"%V\" of %uz bytes; restart nginx",
                  path, running->zone_len);

    return NGX_ERROR;
}


/*
 * The zone belongs to the master, which has the right to make files, and its
 * workers inherit the mapping.
 */
static ngx_int_t
ngx_http_caplat_open_zone(ngx_conf_t *cf, ngx_http_caplat_main_conf_t *cmcf,
    const ngx_http_caplat_main_conf_t *running)
{
    const char          *why;
    ngx_pool_cleanup_t  *cleanup;

    cleanup = ngx_pool_cleanup_add(cf->pool, 0);
    if (cleanup == NULL) {
        return NGX_ERROR;
    }

    if (!caplat_zone_open((const char *) cmcf->zone_path.data, cmcf->zone_len,
                          ngx_time(), &cmcf->zone, &why))
    {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "\"caplat_zone\" cannot open \"%V\": %s",
                      &cmcf->zone_path, why);
        return NGX_ERROR;
    }

    cleanup->handler = ngx_http_caplat_close_zone;
    cleanup->data = cmcf->zone;

    if (running != NULL && running->zone != NULL
        && !caplat_zone_same(running->zone, cmcf->zone))
    {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "\"caplat_zone\" \"%V\" is no longer the file that the "
                      "server uses; restart nginx", &cmcf->zone_path);
        return NGX_ERROR;
    }

    return NGX_OK;
}


/* The tokens that are known: none yet. Each worker goes on with a copy. */
static ngx_int_t
ngx_http_caplat_open_auth(ngx_conf_t *cf, ngx_http_caplat_main_conf_t *cmcf)
{
    ngx_pool_cleanup_t  *cleanup;

    cleanup = ngx_pool_cleanup_add(cf->pool, 0);
    if (cleanup == NULL) {
        return NGX_ERROR;
    }

    cmcf->auth = caplat_auth_open(cmcf->zone, cmcf->tokens);
    if (cmcf->auth == NULL) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "\"caplat_tokens\": no memory for %ui tokens",
                      cmcf->tokens);
        return NGX_ERROR;
    }

    cleanup->handler = ngx_http_caplat_close_auth;
    cleanup->data = cmcf->auth;

    return NGX_OK;
}


/*
 * What is opened when the server starts for real. It is done here and not by
 * init_module or init_process, whose failure at a reload would end the server
 * that runs.
 */
static ngx_int_t
ngx_http_caplat_open(ngx_conf_t *cf)
{
    ngx_http_caplat_main_conf_t  *cmcf, *running;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_caplat_module);

    if (ngx_http_caplat_check_demos(cf) != NGX_OK) {
        return NGX_ERROR;
    }

    if (ngx_test_config || ngx_process == NGX_PROCESS_SIGNALLER) {
        return NGX_OK;
    }

    running = ngx_http_caplat_running(cf);

    if (ngx_http_caplat_check_running(cf, cmcf, running) != NGX_OK) {
        return NGX_ERROR;
    }

    if (cmcf->zone_len == 0) {
        return NGX_OK;
    }

    if (ngx_http_caplat_open_zone(cf, cmcf, running) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_caplat_open_auth(cf, cmcf);
}
