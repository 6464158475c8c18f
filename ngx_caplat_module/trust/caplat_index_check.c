#define _POSIX_C_SOURCE 200809L

#include "caplat_index_check.h"

#include "caplat_index_compare.h"
#include "caplat_index_view.h"
#include "caplat_ledger_inner.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>


#define PART  32768                     /* records of one transaction */


static const char *const  files[] = { "data.mdb", "lock.mdb", "finder" };


struct caplat_index_check {
    caplat_index  *is;                  /* the one in use */
    caplat_view   *is_view;
    caplat_head    is_head;
    caplat_index  *must;                /* the one from the log */
    caplat_view   *must_view;
    caplat_head    head;                /* of what has been taken */
    uint64_t       committed;
};


static bool
failed(caplat_ledger_error *error, const char *why)
{
    return caplat_ledger_fail(error, CAPLAT_LEDGER_IO, "index", why);
}


/* What is only looked at must not be made by that. */
static bool
is_there(const char *folder)
{
    for (size_t i = 0; i < CAPLAT_COUNT(files); i++) {
        char  path[CAPLAT_PATH_MAX];

        if (!caplat_io_path(path, folder, files[i])
            || access(path, F_OK) != 0)
        {
            return false;
        }
    }

    return true;
}


static bool
open_is(const char *folder, caplat_index_check *check,
    caplat_ledger_error *error)
{
    char         path[CAPLAT_PATH_MAX];
    const char  *why = "there is none: a server makes it when it starts";

    if (!caplat_io_path(path, folder, "index") || !is_there(path)
        || !caplat_index_open_to_read(path, &check->is, &why)
        || !caplat_index_read(check->is, &check->is_view, &why))
    {
        return failed(error, why);
    }

    if (!caplat_view_is_whole(check->is_view)) {
        return failed(error, "it is none of this boot, or not whole: a server "
                      "makes it anew when it starts");
    }

    caplat_view_head(check->is_view, &check->is_head);

    return true;
}


/* The names of what is open go, and with them all that a kill could leave. */
static bool
remove_names(const char *folder)
{
    bool  are_gone = true;

    for (size_t i = 0; i < CAPLAT_COUNT(files); i++) {
        char  path[CAPLAT_PATH_MAX];

        are_gone &= caplat_io_path(path, folder, files[i])
                    && (unlink(path) == 0 || errno == ENOENT);
    }

    return rmdir(folder) == 0 && are_gone;
}


/* Servers go on beside it: they must not run out of what they keep free. */
static bool
has_room(const char *folder)
{
    int          fd = caplat_io_open(folder, "index/finder", O_RDONLY);
    struct stat  st;
    char         path[CAPLAT_PATH_MAX];
    uint64_t     room, finder_len;
    bool         has = fd >= 0 && caplat_io_path(path, folder, "index/data.mdb")
                       && stat(path, &st) == 0 && caplat_io_room(fd, &room)
                       && caplat_io_length(fd, &finder_len)
                       && room / 2 >= (uint64_t) st.st_size + finder_len;

    if (fd >= 0) {
        (void) close(fd);
    }

    return has;
}


static bool
open_must(const char *folder, caplat_index_check *check,
    caplat_ledger_error *error)
{
    char         path[CAPLAT_PATH_MAX];
    MDB_envinfo  info;
    const char  *why = NULL;
    bool         is_open;

    if (!has_room(folder)) {
        return failed(error, "its disk has too little room for another one");
    }

    if (!caplat_io_path(path, folder, "index-check-XXXXXX")
        || mkdtemp(path) == NULL)
    {
        return failed(error, strerror(errno));
    }

    is_open = caplat_lmdb_ok(mdb_env_info(check->is->env, &info), &why)
        && caplat_index_open(path, info.me_mapsize, true, &check->must, &why)
        && caplat_index_write(check->must, &check->must_view, &why);

    if (!remove_names(path) && is_open) {
        return failed(error, strerror(errno));
    }

    return is_open || failed(error, why);
}


bool
caplat_index_check_open(const char *folder, caplat_index_check **check,
    caplat_ledger_error *error)
{
    caplat_index_check  *made = calloc(1, sizeof(*made));

    if (made == NULL) {
        return failed(error, "there is no memory");
    }

    if (!open_is(folder, made, error) || !open_must(folder, made, error)) {
        caplat_index_check_close(made);
        return false;
    }

    *check = made;

    return true;
}


void
caplat_index_check_close(caplat_index_check *check)
{
    if (check == NULL) {
        return;
    }

    caplat_view_end(check->is_view);
    caplat_view_end(check->must_view);
    caplat_index_close(check->is);
    caplat_index_close(check->must);
    free(check);
}


bool
caplat_index_check_take(caplat_index_check *check,
    const caplat_replay_lines *lines, const caplat_head *before,
    const caplat_head *after, caplat_ledger_error *error)
{
    caplat_replay_fault  fault;
    const char          *why;

    if (before->frontier.size >= check->is_head.frontier.size) {
        return true;
    }

    if (!caplat_replay_apply(check->must_view, lines, before, &fault)) {
        return caplat_ledger_damaged(error, before->segment, fault.at,
            fault.index, fault.why);
    }

    check->head = *after;

    if (after->frontier.size - check->committed < PART) {
        return true;
    }

    check->committed = after->frontier.size;

    return caplat_view_go_on(&check->must_view, after, &why)
        || failed(error, why);
}


bool
caplat_index_check_end(caplat_index_check *check, uint64_t *records,
    caplat_ledger_error *error)
{
    const char  *why;

    *records = check->is_head.frontier.size;

    return (caplat_view_set_head(check->must_view, &check->head, &why)
            || failed(error, why))
        && caplat_index_compare(check->is_view, check->must_view, error);
}
