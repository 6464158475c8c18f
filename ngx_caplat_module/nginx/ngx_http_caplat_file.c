#include "ngx_http_caplat_module.h"

#include "caplat_file.h"


static void
ngx_http_caplat_free_text(void *data)
{
    free(data);
}


ngx_int_t
ngx_http_caplat_read_file(ngx_conf_t *cf, ngx_str_t *path, size_t max,
    caplat_slice *text)
{
    const char          *why;
    ngx_pool_cleanup_t  *cleanup;

    /* A relative path is the configuration's, as that of an include. */
    if (ngx_conf_full_name(cf->cycle, path, 1) != NGX_OK) {
        return NGX_ERROR;
    }

    cleanup = ngx_pool_cleanup_add(cf->pool, 0);
    if (cleanup == NULL) {
        return NGX_ERROR;
    }

    if (!caplat_file_read((const char *) path->data, max, text, &why)) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "cannot read \"%V\": %s",
                           path, why);
        return NGX_ERROR;
    }

    cleanup->handler = ngx_http_caplat_free_text;
    cleanup->data = (void *) text->ptr;

    return NGX_OK;
}


char *
ngx_http_caplat_file_fault(ngx_conf_t *cf, const ngx_str_t *path,
    caplat_slice text, const caplat_err *err)
{
    size_t  line, col;

    caplat_locate(text, ngx_min(err->at, text.len), &line, &col);

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "%V:%uz:%uz: %s: %s", path, line,
                       col, err->what, caplat_code_name(err->code));

    return NGX_CONF_ERROR;
}
