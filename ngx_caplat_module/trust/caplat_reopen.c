#define _POSIX_C_SOURCE 200809L

#include "caplat_audit.h"

#include "caplat_ledger_inner.h"
#include "caplat_segment.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>


#define NOT_CLOSED  "it is not closed: nothing was done"


/* What the page cache has of the log, dropped: the disk is asked. */
static bool
drop_cache(const char *log, caplat_ledger_error *error)
{
    uint64_t  *list;
    size_t     count;

    if (!caplat_segment_list(log, &list, &count)) {
        return caplat_ledger_fail(error, CAPLAT_LEDGER_IO, "log",
            strerror(errno));
    }

    for (size_t i = 0; i < count; i++) {
        char  name[CAPLAT_SEGMENT_NAME_MAX];
        int   fd;

        caplat_segment_name(list[i], name);
        fd = caplat_io_open(log, name, O_RDONLY);

        if (fd >= 0) {
            (void) posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
            (void) close(fd);
        }
    }

    free(list);

    return true;
}


static bool
decide_reopened(void *data, size_t at, caplat_batch *batch)
{
    caplat_record  record;

    (void) data;
    (void) at;
    memset(&record, 0, sizeof(record));
    record.type = CAPLAT_EVENT_LEDGER_REOPENED;

    return caplat_batch_add(batch, &record);
}


static bool
remove_mark(caplat_ledger *ledger, caplat_ledger_error *error)
{
    char  path[CAPLAT_PATH_MAX];

    if (!caplat_io_path(path, ledger->conf.folder, "closed")
        || (unlink(path) != 0 && errno != ENOENT))
    {
        return caplat_ledger_fail(error, CAPLAT_LEDGER_IO, "closed",
            strerror(errno));
    }

    return true;
}


/* All that the disk has, and a record that says so: from then on it is open.
   Whatever ends this before leaves it closed, to be opened again. */
static bool
reopen(caplat_ledger *ledger, int64_t now_ms, caplat_ledger_error *error)
{
    caplat_batch  *batch;

    ledger->is_reopening = true;

    if (!caplat_ledger_commit(ledger, decide_reopened, NULL, 1, now_ms, false,
                              &batch, error)
        || !remove_mark(ledger, error))
    {
        return false;
    }

    atomic_store(&ledger->shared->closed, 0);

    /* A mark that comes back with the power is removed once more: nothing is
       promised by its being gone. */
    (void) caplat_io_sync_folder(ledger->conf.folder);

    return true;
}


/* By its mark, or in the memory of those who could not write that. */
static bool
is_closed(const char *folder)
{
    char            path[CAPLAT_PATH_MAX], index[CAPLAT_PATH_MAX];
    caplat_shared  *shared;
    const char     *why;
    bool            is, is_new;

    if (!caplat_io_path(path, folder, "closed")
        || !caplat_io_path(index, folder, "index"))
    {
        return false;
    }

    if (access(path, F_OK) == 0) {
        return true;
    }

    if (!caplat_shared_map(index, false, &shared, &is_new, &why)) {
        return false;
    }

    is = atomic_load(&shared->closed) != 0;
    caplat_shared_unmap(shared);

    return is;
}


bool
caplat_ledger_reopen(const caplat_ledger_conf *conf,
    const caplat_checkpoint *since, int64_t now_ms,
    caplat_progress_pt progress, void *data, caplat_audit *audit,
    caplat_ledger_error *error)
{
    const caplat_audit_conf  audit_conf = {
        .folder = conf->folder, .verifier = conf->verifier, .since = since,
        .progress = progress, .progress_data = data
    };

    caplat_ledger_conf   again = *conf;
    char                 log[CAPLAT_PATH_MAX];
    caplat_ledger       *ledger;
    bool                 is_done;

    again.rebuild = true;
    again.cut = true;

    if (!caplat_io_path(log, conf->folder, "log")) {
        return caplat_ledger_fail(error, CAPLAT_LEDGER_IO, NULL,
            "the folder's path is too long");
    }

    if (since == NULL && !is_closed(conf->folder)) {
        return caplat_ledger_fail(error, CAPLAT_LEDGER_IO, NULL, NOT_CLOSED);
    }

    /* The index may know of what the disk does not have; and what was not
       synced was never acknowledged, whatever the disk has of it. */
    if (!drop_cache(log, error)
        || !caplat_ledger_open_since(&again, since, progress, data, &ledger,
                                     error))
    {
        return false;
    }

    if (!caplat_ledger_closed(ledger) && ledger->torn_len == 0) {
        caplat_ledger_close(ledger);
        return caplat_ledger_fail(error, CAPLAT_LEDGER_IO, NULL, NOT_CLOSED);
    }

    is_done = caplat_audit_log(&audit_conf, audit, error)
        && reopen(ledger, now_ms, error);
    caplat_ledger_close(ledger);

    return is_done;
}
