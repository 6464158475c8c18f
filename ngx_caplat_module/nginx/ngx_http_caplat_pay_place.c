#include "ngx_http_caplat_pay.h"


/*
 * Which location a subrequest would find, before there are requests: as
 * ngx_http_core_find_location does it, with the trees that it uses.
 */


/* By exact names and prefixes; `is_exact`: no other is asked. NULL: none. */
static ngx_http_core_loc_conf_t *
ngx_http_caplat_find_static(ngx_http_location_tree_node_t *node,
    const ngx_str_t *path, ngx_uint_t *is_exact)
{
    u_char                    *p;
    size_t                     len;
    ngx_int_t                  rc;
    ngx_http_core_loc_conf_t  *found;

    p = path->data;
    len = path->len;
    found = NULL;
    *is_exact = 0;

    while (node != NULL) {
        rc = ngx_filename_cmp(p, node->name, ngx_min(len, node->len));

        if (rc != 0) {
            node = rc < 0 ? node->left : node->right;

        } else if (len < node->len) {
            node = node->left;

        } else if (len == node->len) {
            *is_exact = node->exact != NULL;
            return node->exact != NULL ? node->exact
                   : node->inclusive != NULL ? node->inclusive : found;

        } else if (node->inclusive == NULL) {
            node = node->right;

        } else {
            found = node->inclusive;
            p += node->len;
            len -= node->len;
            node = node->tree;
        }
    }

    return found;
}


/* The first of a location's that are regular expressions; NULL: none. */
static ngx_http_core_loc_conf_t *
ngx_http_caplat_find_regex(const ngx_http_core_loc_conf_t *within,
    ngx_str_t *path)
{
#if (NGX_PCRE)
    ngx_http_core_loc_conf_t  **clcfp;

    for (clcfp = within->regex_locations; clcfp != NULL && *clcfp; clcfp++) {
        if (ngx_regex_exec((*clcfp)->regex->regex, path, NULL, 0) >= 0) {
            return *clcfp;
        }
    }
#endif

    return NULL;
}


/* Locations lie in locations; `is_final`: those around it are not asked for
   another one. NULL: none. */
static ngx_http_core_loc_conf_t *
ngx_http_caplat_find_location(const ngx_http_core_loc_conf_t *within,
    ngx_str_t *path, ngx_uint_t *is_final)
{
    ngx_uint_t                 noregex;
    ngx_http_core_loc_conf_t  *found, *inner;

    noregex = 0;
    found = ngx_http_caplat_find_static(within->static_locations, path,
                                        is_final);

    if (found != NULL && !*is_final) {
        noregex = found->noregex;
        inner = ngx_http_caplat_find_location(found, path, is_final);
        found = inner != NULL ? inner : found;
    }

    if (*is_final || noregex) {
        return found;
    }

    inner = ngx_http_caplat_find_regex(within, path);
    if (inner == NULL) {
        return found;
    }

    found = ngx_http_caplat_find_location(inner, path, is_final);
    *is_final = 1;

    return found != NULL ? found : inner;
}


ngx_int_t
ngx_http_caplat_check_gateway(ngx_conf_t *cf,
    const ngx_http_caplat_pay_t *pay)
{
    ngx_str_t                        path;
    ngx_uint_t                       i, is_final;
    ngx_http_core_loc_conf_t        *clcf;
    ngx_http_core_srv_conf_t       **servers;
    const ngx_http_caplat_place_t   *place;

    place = &pay->places[CAPLAT_WECHAT];
    path = pay->gateway;
    servers = pay->servers.elts;

    for (i = 0; place->line != 0 && i < pay->servers.nelts; i++) {
        clcf = servers[i]->ctx->loc_conf[ngx_http_core_module.ctx_index];
        clcf = ngx_http_caplat_find_location(clcf, &path, &is_final);

        if (clcf != NULL && clcf->handler != NULL) {
            continue;
        }

        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "\"caplat_pay_wechat\" in %V:%ui: \"gateway=%V\" is no "
                      "location of the server in %s:%ui that passes on what "
                      "it is asked (proxy_pass)", &place->file, place->line,
                      &pay->gateway, servers[i]->file_name, servers[i]->line);

        return NGX_ERROR;
    }

    return NGX_OK;
}
