#define _DEFAULT_SOURCE                 /* flock */

#include "caplat_ledger_inner.h"

#include "caplat_file.h"
#include "caplat_segment.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>


#define PUBLISH_MS  100                 /* while others wait */


bool
caplat_ledger_fail(caplat_ledger_error *error, caplat_ledger_fault fault,
    const char *file, const char *why)
{
    caplat_writer  w = caplat_writer_of(error->words, sizeof(error->words));

    if (file != NULL) {
        caplat_put(&w, caplat_slice_of_word(file));
        caplat_put(&w, CAPLAT_LIT(": "));
    }

    caplat_put(&w, caplat_slice_of_word(why));
    error->fault = fault;
    error->len = w.len;

    return false;
}


bool
caplat_ledger_damaged(caplat_ledger_error *error, uint64_t segment,
    uint64_t at, uint64_t index, const char *why)
{
    char           name[CAPLAT_SEGMENT_NAME_MAX];
    caplat_writer  w = caplat_writer_of(error->words, sizeof(error->words));

    caplat_segment_name(segment, name);
    caplat_put(&w, CAPLAT_LIT("log/"));
    caplat_put(&w, caplat_slice_of_word(name));
    caplat_put(&w, CAPLAT_LIT(": byte "));
    caplat_put_number(&w, at);
    caplat_put(&w, CAPLAT_LIT(", record "));
    caplat_put_number(&w, index);
    caplat_put(&w, CAPLAT_LIT(": "));
    caplat_put(&w, caplat_slice_of_word(why));
    error->fault = CAPLAT_LEDGER_DAMAGED;
    error->len = w.len;

    return false;
}


bool
caplat_ledger_damaged_tile(caplat_ledger_error *error, const char *name,
    uint64_t index)
{
    caplat_writer  w = caplat_writer_of(error->words, sizeof(error->words));

    caplat_put(&w, CAPLAT_LIT("tile/"));
    caplat_put(&w, caplat_slice_of_word(name));
    caplat_put(&w, CAPLAT_LIT(": record "));
    caplat_put_number(&w, index);
    caplat_put(&w, CAPLAT_LIT(": the hash is not the one of the log"));
    error->fault = CAPLAT_LEDGER_DAMAGED;
    error->len = w.len;

    return false;
}


bool
caplat_ledger_use_segment(caplat_ledger *ledger, uint64_t segment, bool is_new,
    caplat_ledger_error *error)
{
    char  name[CAPLAT_SEGMENT_NAME_MAX];
    int   fd;

    if (ledger->segment_fd >= 0 && ledger->segment == segment) {
        return true;
    }

    caplat_segment_name(segment, name);
    fd = caplat_io_open(ledger->log, name, O_RDWR | (is_new ? O_CREAT : 0));

    if (fd < 0) {
        return caplat_ledger_fail(error, errno == ENOSPC
            ? CAPLAT_LEDGER_FULL : CAPLAT_LEDGER_IO, name, strerror(errno));
    }

    if (fsync(ledger->use) != 0) {
        int  code = errno;

        (void) close(fd);

        return caplat_ledger_shut(ledger, "log's folder", strerror(code),
            error);
    }

    if (ledger->segment_fd >= 0) {
        (void) close(ledger->segment_fd);
    }

    ledger->segment_fd = fd;
    ledger->segment = segment;

    return true;
}


/* Where an operator sees it. */
static void
put_closed(const caplat_ledger *ledger, const char *what, const char *why)
{
    int            fd;
    char           room[256];
    caplat_writer  w = caplat_writer_of(room, sizeof(room));

    fd = caplat_io_open(ledger->conf.folder, "closed", O_WRONLY | O_CREAT);

    if (fd < 0) {
        return;
    }

    caplat_put(&w, CAPLAT_LIT("A sync of the "));
    caplat_put(&w, caplat_slice_of_word(what));
    caplat_put(&w, CAPLAT_LIT(" has failed: "));
    caplat_put(&w, caplat_slice_of_word(why));
    caplat_put(&w, CAPLAT_LIT("\nSee `caplat log reopen`.\n"));

    /* The disk is not to be trusted; the flag in memory holds anyway. */
    (void) (caplat_io_write(fd, caplat_written(&w), 0) && fsync(fd) == 0);
    (void) close(fd);
}


bool
caplat_ledger_shut(caplat_ledger *ledger, const char *what, const char *why,
    caplat_ledger_error *error)
{
    atomic_store(&ledger->shared->closed, 1);
    put_closed(ledger, what, why);

    return caplat_ledger_fail(error, CAPLAT_LEDGER_CLOSED, what, why);
}


bool
caplat_ledger_sync(caplat_ledger *ledger, uint64_t size,
    caplat_ledger_error *error)
{
    if (fdatasync(ledger->segment_fd) != 0) {
        return caplat_ledger_shut(ledger, "log", strerror(errno), error);
    }

    if (caplat_ledger_closed(ledger)) {
        return caplat_ledger_fail(error, CAPLAT_LEDGER_CLOSED, NULL,
            "the ledger was closed while this was written");
    }

    caplat_shared_raise(&ledger->shared->durable, size);

    return true;
}


bool
caplat_published_read(const char *folder, const caplat_verifier *verifier,
    caplat_checkpoint *checkpoint, const char **why)
{
    char          path[CAPLAT_PATH_MAX];
    caplat_slice  text;
    bool          is_ours;

    checkpoint->size = 0;

    if (!caplat_io_path(path, folder, "checkpoint")
        || (access(path, F_OK) != 0 && errno == ENOENT))
    {
        return true;
    }

    if (!caplat_file_read(path, CAPLAT_NOTE_LEN_MAX, &text, why)) {
        return false;
    }

    is_ours = caplat_checkpoint_read(text, verifier, checkpoint, why);
    free((void *) (uintptr_t) text.ptr);

    return is_ours;
}


static int64_t
monotonic_ms(void)
{
    struct timespec  now;

    (void) clock_gettime(CLOCK_MONOTONIC, &now);

    return (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}


/* Beside its place, and renamed there. */
static bool
replace_checkpoint(caplat_ledger *ledger, caplat_slice note)
{
    char  from[CAPLAT_PATH_MAX], to[CAPLAT_PATH_MAX];
    int   fd = caplat_io_open(ledger->conf.folder, "checkpoint.new",
                              O_WRONLY | O_CREAT | O_TRUNC);
    bool  is_written;

    if (fd < 0) {
        return false;
    }

    is_written = fchmod(fd, 0644) == 0 && caplat_io_write(fd, note, 0);

    return close(fd) == 0 && is_written
        && caplat_io_path(from, ledger->conf.folder, "checkpoint.new")
        && caplat_io_path(to, ledger->conf.folder, "checkpoint")
        && rename(from, to) == 0;
}


static bool
publish(caplat_ledger *ledger, uint64_t size, caplat_slice note, int64_t now)
{
    caplat_shared  *shared = ledger->shared;
    bool            is_done = true;

    if (flock(ledger->publish, LOCK_EX) != 0) {
        return false;
    }

    if (size > atomic_load(&shared->published)) {
        is_done = replace_checkpoint(ledger, note);

        if (is_done) {
            atomic_store(&shared->published, size);
            atomic_store(&shared->published_ms, now);
        }
    }

    (void) flock(ledger->publish, LOCK_UN);

    return is_done;
}


/* False: it stands where it stood. */
static bool
move_checkpoint(caplat_ledger *ledger)
{
    char  from[CAPLAT_PATH_MAX], to[CAPLAT_PATH_MAX];

    if (!caplat_io_path(from, ledger->conf.folder, "checkpoint")
        || !caplat_io_path(to, ledger->conf.folder, "checkpoint.torn")
        || rename(from, to) != 0)
    {
        return false;
    }

    caplat_ledger_tell_torn(ledger,
        CAPLAT_LIT("`checkpoint`, which could not be read, is in "
                   "checkpoint.torn, and was made anew"));

    return true;
}


void
caplat_ledger_republish(caplat_ledger *ledger, uint64_t size,
    caplat_slice note)
{
    caplat_checkpoint  now;
    const char        *why;
    bool               is_read;

    if (flock(ledger->publish, LOCK_EX) != 0) {
        return;
    }

    is_read = caplat_published_read(ledger->conf.folder, ledger->conf.verifier,
                                    &now, &why);

    if ((is_read ? now.size < size : move_checkpoint(ledger))
        && replace_checkpoint(ledger, note))
    {
        atomic_store(&ledger->shared->published, size);
    }

    (void) flock(ledger->publish, LOCK_UN);
}


bool
caplat_ledger_publish(caplat_ledger *ledger, uint64_t size, caplat_slice note,
    bool more, caplat_ledger_error *error)
{
    int64_t  now = monotonic_ms();

    if (more && now - atomic_load(&ledger->shared->published_ms) < PUBLISH_MS)
    {
        return true;
    }

    return publish(ledger, size, note, now)
        || caplat_ledger_fail(error, CAPLAT_LEDGER_IO, "checkpoint",
            strerror(errno));
}
