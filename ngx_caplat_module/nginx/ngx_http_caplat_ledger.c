#include "ngx_http_caplat_ledger.h"

#include <grp.h>
#include <pwd.h>


/* Whose files the workers' are; -1: they stay the master's. */
static ngx_int_t
ngx_http_caplat_worker_user(ngx_conf_t *cf, int *user, int *group)
{
    ngx_core_conf_t      *ccf;
    const struct group   *grp;
    const struct passwd  *pwd;

    *user = -1;
    *group = -1;

    if (geteuid() != 0) {
        return NGX_OK;
    }

    ccf = (ngx_core_conf_t *) ngx_get_conf(cf->cycle->conf_ctx,
                                           ngx_core_module);

    if (ccf->user != (ngx_uid_t) NGX_CONF_UNSET_UINT) {
        *user = (int) ccf->user;
        *group = (int) ccf->group;
        return NGX_OK;
    }

    /* What nginx takes when there is no `user` before http. */
    pwd = getpwnam(NGX_USER);
    grp = getgrnam(NGX_GROUP);

    if (pwd == NULL || grp == NULL) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "\"caplat_ledger\": there is no user \"" NGX_USER
                      "\" or no group \"" NGX_GROUP "\"");
        return NGX_ERROR;
    }

    *user = (int) pwd->pw_uid;
    *group = (int) grp->gr_gid;

    return NGX_OK;
}


/*
 * The ledger of a server that runs stays what it is: old workers and new ones
 * append to it together. A single process would open it twice, which takes the
 * index's lock away from itself.
 */
static ngx_int_t
ngx_http_caplat_check_ledger(ngx_conf_t *cf,
    const ngx_http_caplat_ledger_t *ledger,
    const ngx_http_caplat_ledger_t *running)
{
    const char  *what;

    if (ngx_process == NGX_PROCESS_SINGLE) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "\"caplat_ledger\" in %V:%ui cannot be read again with "
                      "\"master_process off\"; restart nginx",
                      &ledger->place.file, ledger->place.line);
        return NGX_ERROR;
    }

    what = !caplat_slice_eq(ngx_http_caplat_slice(&ledger->folder),
                            ngx_http_caplat_slice(&running->folder))
           ? "folder"
           : !caplat_slice_eq(ngx_http_caplat_slice(&ledger->name),
                              ngx_http_caplat_slice(&running->name))
           ? "name"
           : ngx_memcmp(ledger->verifier.public_key,
                        running->verifier.public_key, 32) != 0
           ? "key"
           : ledger->conf.index_len != running->conf.index_len
           ? "index" : NULL;

    if (what == NULL) {
        return NGX_OK;
    }

    ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                  "\"caplat_ledger\" in %V:%ui cannot change its %s at a "
                  "reload; restart nginx", &ledger->place.file,
                  ledger->place.line, what);

    return NGX_ERROR;
}


/* A vault elsewhere: its folder, and what is in it of this epoch. */
static ngx_int_t
ngx_http_caplat_prepare_vault(ngx_conf_t *cf,
    const ngx_http_caplat_ledger_t *ledger, int user, int group)
{
    u_char      *file;
    const char  *folder;

    folder = (const char *) ledger->vault.data;

    file = ngx_pnalloc(cf->temp_pool, ledger->vault.len
                                      + sizeof("/.keys")
                                      + CAPLAT_EPOCH_LEN_MAX);
    if (file == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_sprintf(file, "%V/%*s.keys%Z", &ledger->vault,
                       ledger->epoch.name_len, ledger->epoch.name);

    if ((mkdir(folder, 0700) == -1 && ngx_errno != NGX_EEXIST)
        || (user != -1
            && (lchown(folder, (uid_t) user, (gid_t) group) == -1
                || (lchown((const char *) file, (uid_t) user, (gid_t) group)
                    == -1 && ngx_errno != NGX_ENOENT))))
    {
        ngx_log_error(NGX_LOG_EMERG, cf->log, ngx_errno,
                      "\"caplat_ledger\" cannot prepare \"%V\"",
                      &ledger->vault);
        return NGX_ERROR;
    }

    return NGX_OK;
}


static void
ngx_http_caplat_progress(void *data, const char *what, uint64_t done,
    uint64_t all)
{
    ngx_log_t  *log = data;

    ngx_log_error(NGX_LOG_NOTICE, log, 0, "caplat: ledger %s done=%uL all=%uL",
                  what, done, all);
}


/* Recover, and close: nothing of the index may cross a fork. */
static ngx_int_t
ngx_http_caplat_look(ngx_conf_t *cf, const ngx_http_caplat_ledger_t *ledger,
    caplat_ledger_error *error)
{
    caplat_slice    torn;
    caplat_ledger  *opened;

    if (!caplat_ledger_open(&ledger->conf, ngx_http_caplat_progress, cf->log,
                            &opened, error))
    {
        return NGX_ERROR;
    }

    torn = caplat_ledger_torn(opened);

    if (torn.len != 0) {
        ngx_log_error(NGX_LOG_WARN, cf->log, 0,
                      "caplat: what a crash has left was moved away: %*s",
                      torn.len, torn.ptr);
    }

    if (caplat_ledger_closed(opened)) {
        ngx_log_error(NGX_LOG_CRIT, cf->log, 0,
                      "caplat: \"%V\" is closed: a sync has failed; no orders "
                      "until `caplat log reopen`", &ledger->folder);
    }

    ngx_log_error(NGX_LOG_NOTICE, cf->log, 0,
                  "caplat: ledger ready records=%uL torn=%uz",
                  caplat_ledger_durable(opened),
                  caplat_ledger_torn_count(opened));

    caplat_ledger_close(opened);

    return NGX_OK;
}


ngx_int_t
ngx_http_caplat_start_ledger(ngx_conf_t *cf, ngx_http_caplat_ledger_t *ledger,
    const ngx_http_caplat_ledger_t *running)
{
    int                  user, group;
    caplat_ledger_error  error;

    if (ngx_http_caplat_worker_user(cf, &user, &group) != NGX_OK) {
        return NGX_ERROR;
    }

    if (running != NULL) {
        return ngx_http_caplat_check_ledger(cf, ledger, running) == NGX_OK
               ? ngx_http_caplat_prepare_vault(cf, ledger, user, group)
               : NGX_ERROR;
    }

    /* Twice: what the look has made belongs to the workers, too. */
    if (caplat_ledger_prepare(ledger->conf.folder, user, group, &error)
        && ngx_http_caplat_look(cf, ledger, &error) == NGX_OK
        && caplat_ledger_prepare(ledger->conf.folder, user, group, &error))
    {
        return ngx_http_caplat_prepare_vault(cf, ledger, user, group);
    }

    ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                  "\"caplat_ledger\" in %V:%ui: %*s", &ledger->place.file,
                  ledger->place.line, error.len, error.words);

    return NGX_ERROR;
}
