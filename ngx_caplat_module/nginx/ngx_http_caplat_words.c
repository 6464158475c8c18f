#include "ngx_http_caplat_module.h"


/* Bytes of an issuer, an audience, a tag: what claims have room for. */
#define NGX_HTTP_CAPLAT_TEXT_MAX  256


/* A name or an address in lower case; an IPv6 address in brackets. */
static ngx_uint_t
ngx_http_caplat_is_host(const u_char *p, const u_char *end)
{
    u_char      ch;
    ngx_uint_t  in_brackets;

    if (p == end) {
        return 0;
    }

    in_brackets = *p == '[';

    if (in_brackets) {
        p++;
        end--;

        if (p >= end || *end != ']') {
            return 0;
        }
    }

    for ( /* void */ ; p < end; p++) {
        ch = *p;

        if ((ch < 'a' || ch > 'z') && (ch < '0' || ch > '9')
            && ch != (in_brackets ? ':' : '-') && ch != '.')
        {
            return 0;
        }
    }

    return 1;
}


/*
 * scheme://host or scheme://host:port, as browsers write an origin: without
 * the port that the scheme has anyway.
 */
static ngx_uint_t
ngx_http_caplat_is_origin(const ngx_str_t *text)
{
    u_char     *p, *end, *colon;
    ngx_int_t   port, usual;

    p = text->data;
    end = p + text->len;

    if (text->len > 8 && ngx_strncmp(p, "https://", 8) == 0) {
        p += 8;
        usual = 443;

    } else if (text->len > 7 && ngx_strncmp(p, "http://", 7) == 0) {
        p += 7;
        usual = 80;

    } else {
        return 0;
    }

    for (colon = end; colon > p && colon[-1] >= '0' && colon[-1] <= '9';
         colon--)
    {
        /* void */
    }

    if (colon == p || colon[-1] != ':' || colon == end) {
        return ngx_http_caplat_is_host(p, end);
    }

    port = ngx_atoi(colon, end - colon);

    return port > 0 && port <= 65535 && port != usual && *colon != '0'
           && ngx_http_caplat_is_host(p, colon - 1);
}


char *
ngx_http_caplat_set_origin(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_caplat_loc_conf_t  *clcf = conf;

    ngx_str_t  *value;

    value = cf->args->elts;

    if (ngx_http_caplat_set_once(cf, cmd, &clcf->origin_place)
        != NGX_CONF_OK)
    {
        return NGX_CONF_ERROR;
    }

    if (!ngx_http_caplat_is_origin(&value[1])) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" is not an origin: scheme and host in lower "
                           "case, as in \"https://ca.example.cn\"",
                           &value[1]);
        return NGX_CONF_ERROR;
    }

    clcf->origin = value[1];

    return NGX_CONF_OK;
}


/*
 * A text that tokens or signatures must bear: printable ASCII without what
 * would have to be escaped in one of them.
 */
char *
ngx_http_caplat_set_text(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char  *p = conf;

    size_t                    i;
    u_char                    ch;
    ngx_str_t                *field, *value;
    ngx_http_caplat_place_t  *place;

    field = (ngx_str_t *) (p + cmd->offset);
    value = cf->args->elts;

    place = (ngx_http_caplat_place_t *) (p + (size_t) cmd->post);

    if (ngx_http_caplat_set_once(cf, cmd, place) != NGX_CONF_OK) {
        return NGX_CONF_ERROR;
    }

    for (i = 0; i < value[1].len; i++) {
        ch = value[1].data[i];

        if (ch <= ' ' || ch > '~' || ch == '"' || ch == '\\') {
            break;
        }
    }

    if (i != value[1].len || i == 0 || i > NGX_HTTP_CAPLAT_TEXT_MAX) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" must be 1 to %d printable characters "
                           "without blanks, quotation marks and backslashes",
                           &cmd->name, NGX_HTTP_CAPLAT_TEXT_MAX);
        return NGX_CONF_ERROR;
    }

    *field = value[1];

    return NGX_CONF_OK;
}


char *
ngx_http_caplat_set_cors(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_caplat_loc_conf_t  *clcf = conf;

    ngx_str_t   *value, *origin;
    ngx_uint_t   i;

    value = cf->args->elts;

    if (ngx_http_caplat_set_once(cf, cmd, &clcf->cors_place)
        != NGX_CONF_OK)
    {
        return NGX_CONF_ERROR;
    }

    clcf->cors = ngx_array_create(cf->pool, cf->args->nelts - 1,
                                  sizeof(ngx_str_t));
    if (clcf->cors == NULL) {
        return NGX_CONF_ERROR;
    }

    for (i = 1; i < cf->args->nelts; i++) {
        if (!ngx_http_caplat_is_origin(&value[i])) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"%V\" is not an origin, as in "
                               "\"https://ca.example.cn\"", &value[i]);
            return NGX_CONF_ERROR;
        }

        origin = ngx_array_push(clcf->cors);
        if (origin == NULL) {
            return NGX_CONF_ERROR;
        }

        *origin = value[i];
    }

    return NGX_CONF_OK;
}
