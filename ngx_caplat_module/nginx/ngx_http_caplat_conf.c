#include "ngx_http_caplat_module.h"


char *
ngx_http_caplat_set_once(ngx_conf_t *cf, ngx_command_t *cmd,
    ngx_http_caplat_place_t *place)
{
    if (place->line != 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" is duplicate: it stands in %V:%ui "
                           "already,", &cmd->name, &place->file, place->line);
        return NGX_CONF_ERROR;
    }

    place->file = cf->conf_file->file.name;
    place->line = cf->conf_file->line;

    return NGX_CONF_OK;
}


/* Where something will be made: `nginx -t` looks and makes nothing. */
static ngx_int_t
ngx_http_caplat_check_folder(ngx_conf_t *cf, const char *directive,
    const ngx_str_t *path)
{
    size_t            len;
    u_char           *folder;
    ngx_file_info_t   fi;

    for (len = path->len; len > 1 && path->data[len - 1] != '/'; len--) {
        /* void */
    }

    folder = ngx_pnalloc(cf->temp_pool, len + 1);
    if (folder == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_cpystrn(folder, path->data, len + 1);

    if (ngx_file_info(folder, &fi) == NGX_FILE_ERROR) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                           "\"%s\" cannot be made in \"%s\"", directive,
                           folder);
        return NGX_ERROR;
    }

    if (access((const char *) folder, W_OK|X_OK) == -1) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                           "\"%s\" cannot be written in \"%s\"", directive,
                           folder);
        return NGX_ERROR;
    }

    return NGX_OK;
}


ngx_int_t
ngx_http_caplat_check_place(ngx_conf_t *cf, const char *directive,
    const ngx_str_t *path, ngx_uint_t is_folder)
{
    ngx_uint_t       there;
    ngx_file_info_t  fi;

    there = ngx_link_info(path->data, &fi) != NGX_FILE_ERROR;

    /* A folder that is there may stand in one that nobody writes to. */
    if (!(there && is_folder)
        && ngx_http_caplat_check_folder(cf, directive, path) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (!there) {
        return NGX_OK;
    }

    if (is_folder ? ngx_is_dir(&fi) : ngx_is_file(&fi)) {
        return NGX_OK;
    }

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "\"%V\" of \"%s\" %s", path,
                       directive, is_folder ? "is not a folder"
                                  : ngx_is_dir(&fi) ? "is a folder"
                                  : "is not a regular file");

    return NGX_ERROR;
}


static ngx_int_t
ngx_http_caplat_zone_len(ngx_conf_t *cf, ngx_str_t *value, size_t *len)
{
    ssize_t  size;

    size = ngx_parse_size(value);

    if (size == NGX_ERROR) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" of \"caplat_zone\" is not a size, as in "
                           "\"16m\"", value);
        return NGX_ERROR;
    }

    if (size < CAPLAT_ZONE_LEN_MIN) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "the size \"%V\" of \"caplat_zone\" must be at "
                           "least %uz bytes", value,
                           (size_t) CAPLAT_ZONE_LEN_MIN);
        return NGX_ERROR;
    }

    if ((size_t) size > CAPLAT_ZONE_LEN_MAX) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "the size \"%V\" of \"caplat_zone\" must be at "
                           "most %uz bytes", value, CAPLAT_ZONE_LEN_MAX);
        return NGX_ERROR;
    }

    *len = (size_t) size;

    return NGX_OK;
}


char *
ngx_http_caplat_set_zone(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_caplat_main_conf_t  *cmcf = conf;

    ngx_str_t  *value;

    value = cf->args->elts;

    if (ngx_http_caplat_set_once(cf, cmd, &cmcf->zone_place)
        != NGX_CONF_OK)
    {
        return NGX_CONF_ERROR;
    }

    if (ngx_conf_full_name(cf->cycle, &value[1], 0) != NGX_OK
        || ngx_http_caplat_check_place(cf, "caplat_zone", &value[1], 0)
           != NGX_OK
        || ngx_http_caplat_zone_len(cf, &value[2], &cmcf->zone_len) != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    cmcf->zone_path = value[1];

    return NGX_CONF_OK;
}


char *
ngx_http_caplat_set_rates(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_caplat_loc_conf_t  *clcf = conf;

    ngx_str_t     *value;
    caplat_err     err;
    caplat_slice   text;
    caplat_rates  *rates;

    value = cf->args->elts;

    if (ngx_http_caplat_set_once(cf, cmd, &clcf->rates_place)
        != NGX_CONF_OK)
    {
        return NGX_CONF_ERROR;
    }

    rates = ngx_palloc(cf->pool, sizeof(caplat_rates));
    if (rates == NULL) {
        return NGX_CONF_ERROR;
    }

    if (ngx_http_caplat_read_file(cf, &value[1], CAPLAT_RATES_LEN_MAX, &text)
        != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    if (!caplat_rates_read(text, rates, &err)) {
        return ngx_http_caplat_file_fault(cf, &value[1], text, &err);
    }

    clcf->rates = rates;

    return NGX_CONF_OK;
}


static void
ngx_http_caplat_close_keyring(void *data)
{
    caplat_keyring_close(data);
}


char *
ngx_http_caplat_set_keys(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char  *p = conf;

    ngx_str_t                *value;
    caplat_err                err;
    caplat_slice              text;
    caplat_keyring          **ring;
    caplat_jwks_kind          kind;
    ngx_pool_cleanup_t       *cleanup;
    ngx_http_caplat_place_t  *place;

    value = cf->args->elts;
    ring = (caplat_keyring **) (p + cmd->offset);
    kind = cmd->offset == offsetof(ngx_http_caplat_loc_conf_t, issuer_keys)
           ? CAPLAT_ISSUER_KEYS : CAPLAT_PARTNER_KEYS;

    place = (ngx_http_caplat_place_t *) (p + (size_t) cmd->post);

    if (ngx_http_caplat_set_once(cf, cmd, place) != NGX_CONF_OK) {
        return NGX_CONF_ERROR;
    }

    cleanup = ngx_pool_cleanup_add(cf->pool, 0);
    if (cleanup == NULL) {
        return NGX_CONF_ERROR;
    }

    if (ngx_http_caplat_read_file(cf, &value[1], CAPLAT_JWKS_LEN_MAX, &text)
        != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    if (!caplat_keyring_read(text, kind, ring, &err)) {
        return ngx_http_caplat_file_fault(cf, &value[1], text, &err);
    }

    cleanup->handler = ngx_http_caplat_close_keyring;
    cleanup->data = *ring;

    return NGX_CONF_OK;
}


const char *
ngx_http_caplat_route_word(ngx_uint_t route)
{
    static const char  *words[] = {
        "",
#define ROUTE_WORD(name, word)  word,
        NGX_HTTP_CAPLAT_ROUTES(ROUTE_WORD)
#undef ROUTE_WORD
    };

    return words[route];
}


/* A location is one route, and nothing else answers there. */
char *
ngx_http_caplat_set_route(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_caplat_loc_conf_t  *clcf = conf;

    ngx_http_core_loc_conf_t  *core;

    core = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    if (clcf->route != NGX_HTTP_CAPLAT_NONE) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" in a location that is a route "
                           "already, in %V:%ui", &cmd->name,
                           &clcf->route_file, clcf->route_line);
        return NGX_CONF_ERROR;
    }

    if (core->handler != NULL) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" in a location that has a handler already",
                           &cmd->name);
        return NGX_CONF_ERROR;
    }

    clcf->handler = (ngx_http_handler_pt) cmd->post;
    core->handler = clcf->handler;

    clcf->route = (ngx_http_caplat_route_e) cmd->offset;
    clcf->route_file = cf->conf_file->file.name;
    clcf->route_line = cf->conf_file->line;

    return NGX_CONF_OK;
}


char *
ngx_http_caplat_set_problem(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_caplat_loc_conf_t  *clcf = conf;

    ngx_str_t  *value;

    value = cf->args->elts;

    clcf->problem = caplat_problem_find(ngx_http_caplat_slice(&value[1]));

    if (clcf->problem == CAPLAT_NO_PROBLEM) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "there is no problem \"%V\"; the names stand in "
                           "the module's README", &value[1]);
        return NGX_CONF_ERROR;
    }

    return ngx_http_caplat_set_route(cf, cmd, conf);
}
