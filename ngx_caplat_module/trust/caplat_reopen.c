#define _POSIX_C_SOURCE 200809L

#include "caplat_audit.h"

#include "caplat_ledger_inner.h"
#include "caplat_segment.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>


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
        || (unlink(path) != 0 && errno != ENOENT)
        || !caplat_io_sync_folder(ledger->conf.folder))
    {
        return caplat_ledger_fail(error, CAPLAT_LEDGER_IO, "closed",
            strerror(errno));
    }

    return true;
}


/* All that the disk has, and a record that says so: from then on it is open. */
static bool
reopen(caplat_ledger *ledger, int64_t now_ms, caplat_ledger_error *error)
{
    caplat_batch  *batch;

    if (!remove_mark(ledger, error)) {
        return false;
    }

    atomic_store(&ledger->shared->closed, 0);

    if (caplat_ledger_commit(ledger, decide_reopened, NULL, 1, now_ms, false,
                             &batch, error))
    {
        return true;
    }

    atomic_store(&ledger->shared->closed, 1);

    return false;
}


bool
caplat_ledger_reopen(const caplat_ledger_conf *conf, int64_t now_ms,
    caplat_progress_pt progress, void *data, caplat_audit *audit,
    caplat_ledger_error *error)
{
    const caplat_audit_conf  audit_conf = {
        conf->folder, conf->verifier, NULL, NULL, NULL, progress, data
    };

    caplat_ledger_conf   again = *conf;
    char                 log[CAPLAT_PATH_MAX];
    caplat_ledger       *ledger;
    bool                 is_done;

    again.rebuild = true;

    if (!caplat_io_path(log, conf->folder, "log")) {
        return caplat_ledger_fail(error, CAPLAT_LEDGER_IO, NULL,
            "the folder's path is too long");
    }

    /* The index may know of what the disk does not have. */
    if (!drop_cache(log, error)
        || !caplat_audit_log(&audit_conf, audit, error)
        || !caplat_ledger_open(&again, progress, data, &ledger, error))
    {
        return false;
    }

    is_done = reopen(ledger, now_ms, error);
    caplat_ledger_close(ledger);

    return is_done;
}
