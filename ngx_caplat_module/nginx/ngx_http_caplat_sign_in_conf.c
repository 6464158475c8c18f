#include "ngx_http_caplat_module.h"


static ngx_int_t
ngx_http_caplat_read_registry(ngx_conf_t *cf, ngx_str_t *path,
    ngx_http_caplat_sign_in_t *si)
{
    caplat_err           err;
    caplat_slice         text;
    ngx_pool_cleanup_t  *cleanup;

    cleanup = ngx_pool_cleanup_add(cf->pool, 0);
    if (cleanup == NULL) {
        return NGX_ERROR;
    }

    if (ngx_http_caplat_read_file(cf, path, CAPLAT_REGISTRY_LEN_MAX, &text)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (!caplat_registry_read(text, &si->registry, &err)) {
        (void) ngx_http_caplat_file_fault(cf, path, text, &err);
        return NGX_ERROR;
    }

    cleanup->handler = (ngx_pool_cleanup_pt) caplat_registry_close;
    cleanup->data = si->registry;

    return NGX_OK;
}


static ngx_int_t
ngx_http_caplat_read_key(ngx_conf_t *cf, ngx_str_t *path,
    ngx_http_caplat_sign_in_t *si)
{
    ngx_uint_t           read;
    caplat_err           err;
    caplat_slice         text;
    ngx_pool_cleanup_t  *cleanup;

    cleanup = ngx_pool_cleanup_add(cf->pool, 0);
    if (cleanup == NULL) {
        return NGX_ERROR;
    }

    if (ngx_http_caplat_read_file(cf, path, CAPLAT_JWKS_LEN_MAX, &text)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    read = caplat_private_key_read(text, &si->key, &err);

    if (!read) {
        (void) ngx_http_caplat_file_fault(cf, path, text, &err);
    }

    ngx_explicit_memzero((void *) text.ptr, text.len);

    if (!read) {
        return NGX_ERROR;
    }

    cleanup->handler = (ngx_pool_cleanup_pt) caplat_private_key_close;
    cleanup->data = si->key;

    return NGX_OK;
}


/* What nginx knows of the client certificate, which it has verified. */
static ngx_int_t
ngx_http_caplat_find_variables(ngx_conf_t *cf, ngx_http_caplat_sign_in_t *si)
{
    static ngx_str_t  verify = ngx_string("ssl_client_verify");
    static ngx_str_t  issuer = ngx_string("ssl_client_i_dn");
    static ngx_str_t  serial = ngx_string("ssl_client_serial");

    si->verify_index = ngx_http_get_variable_index(cf, &verify);
    si->issuer_index = ngx_http_get_variable_index(cf, &issuer);
    si->serial_index = ngx_http_get_variable_index(cf, &serial);

    return si->verify_index == NGX_ERROR || si->issuer_index == NGX_ERROR
           || si->serial_index == NGX_ERROR
           ? NGX_ERROR : NGX_OK;
}


/* One of `registry=`, `key=`, `client=`, `life=`, `forced`. */
static char *
ngx_http_caplat_set_option(ngx_conf_t *cf, ngx_str_t *value,
    ngx_http_caplat_sign_in_t *si)
{
    ngx_str_t  text;

    if (ngx_strcmp(value->data, "forced") == 0) {

        if (si->way != NGX_HTTP_CAPLAT_DEMO) {
            return "\"forced\" goes with \"demo\" only";
        }

        si->forced = 1;
        return NGX_CONF_OK;
    }

    text.data = (u_char *) ngx_strchr(value->data, '=');

    if (text.data == NULL) {
        return "unknown";
    }

    text.data++;
    text.len = value->data + value->len - text.data;

    if (ngx_strncmp(value->data, "registry=", 9) == 0) {
        return si->registry != NULL ? "duplicate"
               : ngx_http_caplat_read_registry(cf, &text, si) == NGX_OK
                 ? NGX_CONF_OK : NGX_CONF_ERROR;
    }

    if (ngx_strncmp(value->data, "key=", 4) == 0) {
        return si->key != NULL ? "duplicate"
               : ngx_http_caplat_read_key(cf, &text, si) == NGX_OK
                 ? NGX_CONF_OK : NGX_CONF_ERROR;
    }

    if (ngx_strncmp(value->data, "client=", 7) == 0) {

        if (si->client_id.data != NULL) {
            return "duplicate";
        }

        if (text.len == 0 || text.len > CAPLAT_CLIENT_LEN_MAX) {
            return "not a client's name of 1 to 64 bytes";
        }

        si->client_id = text;
        return NGX_CONF_OK;
    }

    if (ngx_strncmp(value->data, "life=", 5) == 0) {

        if (si->life != 0) {
            return "duplicate";
        }

        si->life = ngx_parse_time(&text, 1);

        return si->life == (time_t) NGX_ERROR || si->life < 1
               || si->life > CAPLAT_TOKEN_LIFE_MAX
               ? "not a time of 1s to 1h" : NGX_CONF_OK;
    }

    return "unknown";
}


char *
ngx_http_caplat_set_sign_in(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_caplat_loc_conf_t  *clcf = conf;

    char                       *fault;
    ngx_str_t                  *value;
    ngx_uint_t                  i;
    ngx_http_caplat_sign_in_t  *si;

    value = cf->args->elts;

    si = ngx_pcalloc(cf->pool, sizeof(ngx_http_caplat_sign_in_t));
    if (si == NULL) {
        return NGX_CONF_ERROR;
    }

    if (ngx_strcmp(value[1].data, "certificate") == 0) {
        si->way = NGX_HTTP_CAPLAT_CERTIFICATE;

    } else if (ngx_strcmp(value[1].data, "demo") == 0) {
        si->way = NGX_HTTP_CAPLAT_DEMO;

    } else {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"caplat_sign_in %V\": the way must be \"demo\" "
                           "or \"certificate\"", &value[1]);
        return NGX_CONF_ERROR;
    }

    for (i = 2; i < cf->args->nelts; i++) {
        fault = ngx_http_caplat_set_option(cf, &value[i], si);

        if (fault == NGX_CONF_ERROR) {
            return NGX_CONF_ERROR;
        }

        if (fault != NGX_CONF_OK) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "parameter \"%V\" of \"caplat_sign_in %V\": "
                               "%s", &value[i], &value[1], fault);
            return NGX_CONF_ERROR;
        }
    }

    if (si->client_id.data == NULL) {
        ngx_str_set(&si->client_id, "wizard");
    }

    if (si->life == 0) {
        si->life = CAPLAT_TOKEN_LIFE;
    }

    if (si->registry == NULL || si->key == NULL) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"caplat_sign_in %V\" needs \"registry=FILE\" and "
                           "\"key=FILE\"", &value[1]);
        return NGX_CONF_ERROR;
    }

    if (si->way == NGX_HTTP_CAPLAT_CERTIFICATE
        && ngx_http_caplat_find_variables(cf, si) != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    if (si->way == NGX_HTTP_CAPLAT_DEMO
        && ngx_http_caplat_add_demo(cf, "caplat_sign_in demo",
                                    "sign in as anybody", si->forced)
           != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    clcf->sign_in = si;

    return ngx_http_caplat_set_route(cf, cmd, conf);
}
