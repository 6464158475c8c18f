#include "ngx_http_caplat_pay.h"


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
ngx_int_t
ngx_http_caplat_open(ngx_conf_t *cf)
{
    ngx_http_caplat_main_conf_t  *cmcf, *running;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_caplat_module);

    if (ngx_http_caplat_check_demos(cf) != NGX_OK
        || ngx_http_caplat_check_gateway(cf, cmcf->pay) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ngx_test_config || ngx_process == NGX_PROCESS_SIGNALLER) {
        return NGX_OK;
    }

    running = ngx_http_caplat_running(cf);

    if (ngx_http_caplat_check_running(cf, cmcf, running) != NGX_OK) {
        return NGX_ERROR;
    }

    if (cmcf->zone_len != 0
        && (ngx_http_caplat_open_zone(cf, cmcf, running) != NGX_OK
            || ngx_http_caplat_open_auth(cf, cmcf) != NGX_OK))
    {
        return NGX_ERROR;
    }

    return cmcf->ledger == NULL ? NGX_OK
           : ngx_http_caplat_start_ledger(cf, cmcf->ledger,
                                          running != NULL ? running->ledger
                                                          : NULL);
}


/* This process's journal; NULL: it has no ledger, or serves nobody. */
static ngx_http_caplat_journal_t *
ngx_http_caplat_journal_of(ngx_cycle_t *cycle)
{
    ngx_http_caplat_main_conf_t  *cmcf;

    if (ngx_process != NGX_PROCESS_WORKER
        && ngx_process != NGX_PROCESS_SINGLE)
    {
        return NULL;
    }

    cmcf = ngx_http_cycle_get_module_main_conf(cycle, ngx_http_caplat_module);

    return cmcf != NULL && cmcf->ledger != NULL ? cmcf->ledger->journal
                                                : NULL;
}


/* Orders' personal data passes through this memory: no file of it is left by a
   crash, whatever "worker_rlimit_core" says. */
static void
ngx_http_caplat_no_core(ngx_log_t *log)
{
    const struct rlimit  none = { 0, 0 };

    if (setrlimit(RLIMIT_CORE, &none) == -1) {
        ngx_log_error(NGX_LOG_ALERT, log, ngx_errno,
                      "setrlimit(RLIMIT_CORE, 0) failed");
    }
}


ngx_int_t
ngx_http_caplat_init_process(ngx_cycle_t *cycle)
{
    ngx_http_caplat_journal_t  *journal;

    journal = ngx_http_caplat_journal_of(cycle);

    if (journal != NULL) {
        ngx_http_caplat_no_core(cycle->log);
        ngx_http_caplat_open_journal(cycle, journal);
    }

    return NGX_OK;
}


void
ngx_http_caplat_exit_process(ngx_cycle_t *cycle)
{
    ngx_http_caplat_journal_t  *journal;

    journal = ngx_http_caplat_journal_of(cycle);

    if (journal != NULL) {
        ngx_http_caplat_close_journal(journal);
    }
}
