#include "ngx_http_caplat_pay.h"

#include "caplat_text.h"


#define NGX_HTTP_CAPLAT_ACCOUNT_MAX  50         /* bytes */
#define NGX_HTTP_CAPLAT_ADDRESS_MAX  256


/* Read a file's text into the field, and say what closes it. */
typedef bool (*ngx_http_caplat_read_pt)(caplat_slice text, void *field,
    ngx_pool_cleanup_t *cleanup, caplat_err *err);


/* The parameter of `name=text`; NULL: there is none such. */
static const ngx_http_caplat_param_t *
ngx_http_caplat_find_param(const ngx_http_caplat_param_t *param,
    const ngx_str_t *value, ngx_str_t *text)
{
    const ngx_str_t  *name;

    for ( /* void */ ; param->name.len != 0; param++) {
        name = &param->name;

        if (value->len > name->len && value->data[name->len] == '='
            && ngx_memcmp(value->data, name->data, name->len) == 0)
        {
            text->data = value->data + name->len + 1;
            text->len = value->len - name->len - 1;
            return param;
        }
    }

    return NULL;
}


static char *
ngx_http_caplat_check_needed(ngx_conf_t *cf,
    const ngx_http_caplat_param_t *params, ngx_uint_t seen)
{
    ngx_str_t   *value;
    ngx_uint_t   n;

    value = cf->args->elts;

    for (n = 0; params[n].name.len != 0; n++) {
        if (params[n].is_needed && !(seen & (1 << n))) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "\"%V\" needs \"%V=\"",
                               &value[0], &params[n].name);
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


char *
ngx_http_caplat_take_params(ngx_conf_t *cf, ngx_uint_t first,
    const ngx_http_caplat_param_t *params, void *base)
{
    char                           *fault;
    ngx_str_t                      *value, text;
    ngx_uint_t                      i, bit, seen;
    const ngx_http_caplat_param_t  *param;

    value = cf->args->elts;
    seen = 0;

    for (i = first; i < cf->args->nelts; i++) {
        param = ngx_http_caplat_find_param(params, &value[i], &text);
        bit = param != NULL ? 1 << (param - params) : 0;

        fault = param == NULL ? "unknown"
                : seen & bit ? "duplicate"
                : param->take(cf, &text, (u_char *) base + param->offset);

        if (fault == NGX_CONF_ERROR) {
            return NGX_CONF_ERROR;
        }

        if (fault != NGX_CONF_OK) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "parameter \"%V\" of \"%V\": %s", &value[i],
                               &value[0], fault);
            return NGX_CONF_ERROR;
        }

        seen |= bit;
    }

    return ngx_http_caplat_check_needed(cf, params, seen);
}


char *
ngx_http_caplat_take_id(ngx_conf_t *cf, ngx_str_t *text, void *field)
{
    caplat_slice  *id = field;

    if (!caplat_notice_number(ngx_http_caplat_slice(text))) {
        return "not 1 to 64 of letters, digits, \"-\" and \"_\"";
    }

    *id = ngx_http_caplat_slice(text);

    return NGX_CONF_OK;
}


char *
ngx_http_caplat_take_phrase(ngx_conf_t *cf, ngx_str_t *text, void *field)
{
    caplat_slice  *phrase = field;

    if (!caplat_words_valid(ngx_http_caplat_slice(text))) {
        return "not 1 to 200 bytes of printable UTF-8";
    }

    *phrase = ngx_http_caplat_slice(text);

    return NGX_CONF_OK;
}


char *
ngx_http_caplat_take_account(ngx_conf_t *cf, ngx_str_t *text, void *field)
{
    caplat_slice  *account = field;

    size_t  i;

    for (i = 0; i < text->len; i++) {
        if ((text->data[i] < '0' || text->data[i] > '9')
            && text->data[i] != '-')
        {
            break;
        }
    }

    if (i != text->len || i == 0 || i > NGX_HTTP_CAPLAT_ACCOUNT_MAX) {
        return "not 1 to 50 of digits and \"-\"";
    }

    *account = ngx_http_caplat_slice(text);

    return NGX_CONF_OK;
}


/* Visible characters that mean nothing to what an address stands in. */
static ngx_uint_t
ngx_http_caplat_is_plain(const ngx_str_t *text)
{
    size_t  i;

    for (i = 0; i < text->len; i++) {
        if (text->data[i] <= ' ' || text->data[i] > '~'
            || ngx_strchr("\"\\<>?#", text->data[i]) != NULL)
        {
            return 0;
        }
    }

    return text->len <= NGX_HTTP_CAPLAT_ADDRESS_MAX;
}


static ngx_uint_t
ngx_http_caplat_begins(const ngx_str_t *text, const char *start)
{
    size_t  len;

    len = ngx_strlen(start);

    return text->len > len && ngx_memcmp(text->data, start, len) == 0;
}


static ngx_uint_t
ngx_http_caplat_is_path(const ngx_str_t *text)
{
    return ngx_http_caplat_is_plain(text) && text->len != 0
           && text->data[0] == '/' && (text->len == 1 || text->data[1] != '/');
}


/* What a buyer is sent to: in the clear only on this machine. */
char *
ngx_http_caplat_take_address(ngx_conf_t *cf, ngx_str_t *text, void *field)
{
    caplat_slice  *address = field;

    if (!ngx_http_caplat_is_path(text)
        && !(ngx_http_caplat_is_plain(text)
             && (ngx_http_caplat_begins(text, "https://")
                 || ngx_http_caplat_begins(text, "http://127.0.0.1")
                 || ngx_http_caplat_begins(text, "http://[::1]")
                 || ngx_http_caplat_begins(text, "http://localhost"))))
    {
        return "not an address of \"https\", or a path, without a query";
    }

    *address = ngx_http_caplat_slice(text);

    return NGX_CONF_OK;
}


char *
ngx_http_caplat_take_path(ngx_conf_t *cf, ngx_str_t *text, void *field)
{
    ngx_str_t  *path = field;

    if (!ngx_http_caplat_is_path(text)) {
        return "not the path of a location, as in \"/internal/wechat\"";
    }

    *path = *text;

    return NGX_CONF_OK;
}


static bool
ngx_http_caplat_read_private(caplat_slice text, void *field,
    ngx_pool_cleanup_t *cleanup, caplat_err *err)
{
    const caplat_rsa_private  **key = field;

    caplat_rsa_private  *made;

    if (!caplat_rsa_private_read(text, &made, err)) {
        return false;
    }

    cleanup->handler = (ngx_pool_cleanup_pt) caplat_rsa_private_close;
    cleanup->data = made;
    *key = made;

    return true;
}


static bool
ngx_http_caplat_read_public(caplat_slice text, void *field,
    ngx_pool_cleanup_t *cleanup, caplat_err *err)
{
    const caplat_rsa_public  **key = field;

    caplat_rsa_public  *made;

    if (!caplat_rsa_public_read(text, &made, err)) {
        return false;
    }

    cleanup->handler = (ngx_pool_cleanup_pt) caplat_rsa_public_close;
    cleanup->data = made;
    *key = made;

    return true;
}


static bool
ngx_http_caplat_read_api_key(caplat_slice text, void *field,
    ngx_pool_cleanup_t *cleanup, caplat_err *err)
{
    const caplat_gcm  **key = field;

    caplat_gcm  *made;

    if (!caplat_wechat_api_key_read(text, &made, err)) {
        return false;
    }

    cleanup->handler = (ngx_pool_cleanup_pt) caplat_gcm_close;
    cleanup->data = made;
    *key = made;

    return true;
}


/* The text is wiped, whatever it was. */
static char *
ngx_http_caplat_take_file(ngx_conf_t *cf, ngx_str_t *path, void *field,
    ngx_http_caplat_read_pt read)
{
    bool                 is_read;
    caplat_err           err;
    caplat_slice         text;
    ngx_pool_cleanup_t  *cleanup;

    cleanup = ngx_pool_cleanup_add(cf->pool, 0);
    if (cleanup == NULL) {
        return NGX_CONF_ERROR;
    }

    if (ngx_http_caplat_read_file(cf, path, CAPLAT_PEM_LEN_MAX, &text)
        != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    is_read = read(text, field, cleanup, &err);

    if (!is_read) {
        (void) ngx_http_caplat_file_fault(cf, path, text, &err);
    }

    ngx_explicit_memzero((void *) text.ptr, text.len);

    return is_read ? NGX_CONF_OK : NGX_CONF_ERROR;
}


char *
ngx_http_caplat_take_private_key(ngx_conf_t *cf, ngx_str_t *text, void *field)
{
    return ngx_http_caplat_take_file(cf, text, field,
                                     ngx_http_caplat_read_private);
}


char *
ngx_http_caplat_take_public_key(ngx_conf_t *cf, ngx_str_t *text, void *field)
{
    return ngx_http_caplat_take_file(cf, text, field,
                                     ngx_http_caplat_read_public);
}


char *
ngx_http_caplat_take_api_key(ngx_conf_t *cf, ngx_str_t *text, void *field)
{
    return ngx_http_caplat_take_file(cf, text, field,
                                     ngx_http_caplat_read_api_key);
}
