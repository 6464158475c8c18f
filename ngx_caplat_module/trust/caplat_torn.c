#define _POSIX_C_SOURCE 200809L

#include "caplat_ledger_inner.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>


#define TORN_NAMES  1000                /* tries for a name */


static bool
failed(caplat_ledger_error *error)
{
    return caplat_ledger_fail(error, CAPLAT_LEDGER_IO, "log", strerror(errno));
}


/* SEGMENT-OFFSET-N.torn: a name that nobody has had. */
static int
open_torn(const char *log, uint64_t segment, uint64_t at,
    char name[static CAPLAT_PATH_MAX])
{
    for (uint64_t n = 1; n <= TORN_NAMES; n++) {
        caplat_writer  w = caplat_writer_of(name, CAPLAT_PATH_MAX);
        int            fd;

        caplat_put_number(&w, segment);
        caplat_put(&w, CAPLAT_LIT("-"));
        caplat_put_number(&w, at);
        caplat_put(&w, CAPLAT_LIT("-"));
        caplat_put_number(&w, n);
        caplat_put(&w, CAPLAT_LIT(".torn\0"));
        fd = caplat_io_open(log, name, O_WRONLY | O_CREAT | O_EXCL);

        if (fd >= 0 || errno != EEXIST) {
            return fd;
        }
    }

    return -1;
}


void
caplat_ledger_tell_torn(caplat_ledger *ledger, caplat_slice words)
{
    caplat_writer  w = caplat_writer_of(ledger->torn, sizeof(ledger->torn));

    w.len = ledger->torn_len;

    if (w.len != 0) {
        caplat_put(&w, CAPLAT_LIT("; "));
    }

    caplat_put(&w, words);
    ledger->torn_len = w.len;
}


static void
tell_tail(caplat_ledger *ledger, const char *name, uint64_t len)
{
    char           room[sizeof(ledger->torn)];
    caplat_writer  w = caplat_writer_of(room, sizeof(room));

    caplat_put_number(&w, len);
    caplat_put(&w, CAPLAT_LIT(" bytes behind the last checkpoint, which were "
                              "never acknowledged, are in log/"));
    caplat_put(&w, caplat_slice_of_word(name));
    caplat_ledger_tell_torn(ledger, caplat_written(&w));
}


/* All from an offset on, into a file of its own. */
static bool
copy_tail(int fd, uint64_t at, int to, uint64_t *len)
{
    char     room[65536];
    ssize_t  n;

    *len = 0;

    while ((n = caplat_io_read(fd, room, sizeof(room), at + *len)) > 0) {
        if (!caplat_io_write(to, caplat_slice_of(room, (size_t) n), *len)) {
            return false;
        }

        *len += (uint64_t) n;
    }

    return n == 0 && fsync(to) == 0;
}


bool
caplat_ledger_move_tail(caplat_ledger *ledger, uint64_t segment, int fd,
    uint64_t at, caplat_ledger_error *error)
{
    char      name[CAPLAT_PATH_MAX];
    uint64_t  len = 0;
    int       to = open_torn(ledger->log, segment, at, name);
    bool      is_moved;

    if (to < 0) {
        return failed(error);
    }

    is_moved = copy_tail(fd, at, to, &len)
        && caplat_io_sync_folder(ledger->log)
        && ftruncate(fd, (off_t) at) == 0 && fsync(fd) == 0;

    if (!is_moved) {
        (void) failed(error);
        (void) close(to);
        return false;
    }

    (void) close(to);
    tell_tail(ledger, name, len);

    return true;
}


size_t
caplat_ledger_torn_count(const caplat_ledger *ledger)
{
    DIR            *dir = opendir(ledger->log);
    struct dirent  *entry;
    size_t          count = 0;

    if (dir == NULL) {
        return 0;
    }

    while ((entry = readdir(dir)) != NULL) {
        caplat_slice  name = caplat_slice_of_word(entry->d_name);

        count += name.len > 5
            && memcmp(name.ptr + name.len - 5, ".torn", 5) == 0;
    }

    (void) closedir(dir);

    return count;
}
