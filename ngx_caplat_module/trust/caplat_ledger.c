#define _DEFAULT_SOURCE                 /* flock */

#include "caplat_ledger.h"

#include "caplat_file.h"
#include "caplat_hash.h"
#include "caplat_ledger_inner.h"
#include "caplat_segment.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>


#define CLOSED  "closed"                /* the file that says so */
#define LARGE   ((uint64_t) 4 << 20)    /* bytes of a log from which on an index
                                           is filled in parts */


static bool
make_paths(caplat_ledger *ledger, caplat_ledger_error *error)
{
    return (caplat_io_path(ledger->log, ledger->conf.folder, "log")
            && caplat_io_path(ledger->index_folder, ledger->conf.folder,
                              "index")
            && caplat_io_path(ledger->tile, ledger->conf.folder, "tile"))
        || caplat_ledger_fail(error, CAPLAT_LEDGER_IO, NULL,
            "the folder's path is too long");
}


static bool
fail_open(caplat_ledger_error *error, const char *file)
{
    return caplat_ledger_fail(error, CAPLAT_LEDGER_IO, file, strerror(errno));
}


/*
 * Only one opens at a time. Whoever has the ledger open shares a lock of the
 * folder `log`, for that cannot get lost as the index can: who finds no index,
 * and that others have another one, must not make a second.
 */
static bool
lock_files(caplat_ledger *ledger, caplat_ledger_error *error)
{
    ledger->lock = caplat_io_open(ledger->index_folder, "lock",
                                  O_RDWR | O_CREAT);
    ledger->publish = caplat_io_open(ledger->index_folder, "publish",
                                     O_RDWR | O_CREAT);
    ledger->use = caplat_io_open(ledger->log, ".", O_RDONLY | O_DIRECTORY);

    if (ledger->lock < 0 || ledger->publish < 0
        || flock(ledger->lock, LOCK_EX) != 0)
    {
        return fail_open(error, "index");
    }

    if (ledger->use < 0) {
        return fail_open(error, "log");
    }

    ledger->is_alone = flock(ledger->use, LOCK_EX | LOCK_NB) == 0;

    return ledger->is_alone || flock(ledger->use, LOCK_SH) == 0
        || fail_open(error, "log");
}


/* LMDB's files of another boot may be torn, and are not even looked at. */
static bool
remove_index(const caplat_ledger *ledger, caplat_ledger_error *error)
{
    static const char *const  names[] = { "data.mdb", "lock.mdb" };

    char  path[CAPLAT_PATH_MAX];

    for (size_t i = 0; i < CAPLAT_COUNT(names); i++) {
        if (!caplat_io_path(path, ledger->index_folder, names[i])
            || (unlink(path) != 0 && errno != ENOENT))
        {
            return fail_open(error, "index");
        }
    }

    return true;
}


static bool
open_index(caplat_ledger *ledger, bool is_filled, caplat_ledger_error *error)
{
    const char  *why;

    caplat_index_close(ledger->index);
    ledger->index = NULL;

    return caplat_index_open(ledger->index_folder, ledger->conf.index_len,
                             is_filled, &ledger->index, &why)
        || caplat_ledger_fail(error, CAPLAT_LEDGER_IO, "index", why);
}


static bool
open_files(caplat_ledger *ledger, bool *is_new, caplat_ledger_error *error)
{
    const char  *why;

    if (!caplat_levels_open(ledger->tile, true, &ledger->levels)) {
        return fail_open(error, "tile");
    }

    if (!caplat_shared_map(ledger->index_folder, ledger->is_alone,
                           &ledger->shared, is_new, &why))
    {
        return caplat_ledger_fail(error, CAPLAT_LEDGER_IO, "index/shared",
            why);
    }

    if (*is_new && !remove_index(ledger, error)) {
        return false;
    }

    return open_index(ledger, false, error);
}


/* In a transaction of its own: an index that is not whole is made empty. */
static bool
begin(caplat_ledger *ledger, caplat_view **view, bool *is_whole,
    caplat_ledger_error *error)
{
    const char  *why;
    bool         is_usable;

    if (!caplat_index_write(ledger->index, view, &why)) {
        *view = NULL;
        return caplat_ledger_fail(error, CAPLAT_LEDGER_IO, "index", why);
    }

    is_usable = caplat_view_is_whole(*view);
    *is_whole = !ledger->conf.rebuild && is_usable;

    if (!is_usable && !ledger->is_alone) {
        return caplat_ledger_fail(error, CAPLAT_LEDGER_IO, "index",
            "it is gone, and others use the ledger with the one of before");
    }

    return *is_whole || caplat_view_clear(*view, &why)
        || caplat_ledger_fail(error, CAPLAT_LEDGER_IO, "index", why);
}


/* An empty index that is to be filled, instead of the one that was begun. */
static bool
begin_filling(caplat_ledger *ledger, caplat_view **view,
    caplat_ledger_error *error)
{
    const char  *why;

    caplat_view_end(*view);
    *view = NULL;

    return open_index(ledger, true, error)
        && ((caplat_index_write(ledger->index, view, &why)
             && caplat_view_clear(*view, &why))
            || caplat_ledger_fail(error, CAPLAT_LEDGER_IO, "index", why));
}


/* The checkpoint that stands behind the last record. */
static bool
read_last(caplat_ledger *ledger, const caplat_view *view,
    const caplat_head *head, caplat_ledger_error *error)
{
    char               room[CAPLAT_CHECKPOINT_MAX];
    caplat_slice       note;
    caplat_checkpoint  checkpoint;
    caplat_node        root;

    if (head->frontier.size == 0) {
        return true;
    }

    if (!caplat_ledger_checkpoint_of(ledger, view, head->frontier.size - 1,
                                     room, &note, &checkpoint, error))
    {
        return false;
    }

    caplat_merkle_root(caplat_sha256, &head->frontier, &root);

    return (checkpoint.size == head->frontier.size
            && memcmp(checkpoint.root.bytes, root.bytes, CAPLAT_NODE_LEN)
               == 0)
        || caplat_ledger_damaged(error, head->segment, head->offset,
            head->frontier.size,
            "the last checkpoint is not the one of the records before it");
}


/* What has been published, by whose key and name the log is known. */
static bool
read_published(caplat_ledger *ledger, caplat_ledger_error *error)
{
    const char  *why;

    return caplat_published_read(ledger->conf.folder, ledger->conf.verifier,
                                 &ledger->published, &why)
        || caplat_ledger_fail(error, CAPLAT_LEDGER_DAMAGED, "checkpoint", why);
}


/* It must be a beginning of what the log holds: else another history would be
   signed. */
static bool
check_published(caplat_ledger *ledger, const caplat_head *head,
    caplat_ledger_error *error)
{
    const caplat_checkpoint  *published = &ledger->published;
    caplat_node               root;

    return published->size == 0
        || (published->size <= head->frontier.size
            && caplat_merkle_root_of(caplat_sha256, published->size,
                                     caplat_levels_read, &ledger->levels,
                                     &root)
            && memcmp(root.bytes, published->root.bytes, CAPLAT_NODE_LEN)
               == 0)
        || caplat_ledger_fail(error, CAPLAT_LEDGER_DAMAGED, "checkpoint",
            "it has been published, and the log does not hold what it signs");
}


static bool
is_closed_by_file(const caplat_ledger *ledger)
{
    char  path[CAPLAT_PATH_MAX];

    return caplat_io_path(path, ledger->conf.folder, CLOSED)
        && access(path, F_OK) == 0;
}


/*
 * The log on the disk, whoever wrote it: from here on it may be told. Where a
 * sync has failed on this boot the page cache may have more than the disk, and
 * nothing is told that was not before; what another boot finds is the disk's.
 */
static bool
settle(caplat_ledger *ledger, const caplat_head *head, uint64_t last_order,
    bool is_new, caplat_ledger_error *error)
{
    caplat_shared  *shared = ledger->shared;

    caplat_shared_raise(&shared->last_order, last_order);
    caplat_shared_raise(&shared->published, ledger->published.size);

    if (head->frontier.size < atomic_load(&shared->durable)) {
        return caplat_ledger_damaged(error, head->segment, head->offset,
            head->frontier.size, "records that were acknowledged are missing");
    }

    if (head->frontier.size <= atomic_load(&shared->durable)) {
        return true;
    }

    if (atomic_load(&shared->closed)) {
        if (is_new) {
            caplat_shared_raise(&shared->durable, head->frontier.size);
        }

        return true;
    }

    return caplat_ledger_use_segment(ledger, head->segment, false, error)
        && caplat_ledger_sync(ledger, head->frontier.size, error);
}


/* was_whole: the index was believed, as far as it went. */
static bool
recover(caplat_ledger *ledger, bool is_new, caplat_progress_pt progress,
    void *data, bool *was_whole, caplat_ledger_error *error)
{
    caplat_view  *view;
    caplat_head   head;
    uint64_t      last_order;
    const char   *why;
    bool          is_whole, in_parts, is_done;

    *was_whole = false;

    if (is_closed_by_file(ledger)) {
        atomic_store(&ledger->shared->closed, 1);
    }

    ledger->conf.cut = ledger->conf.cut && !is_new
                       && caplat_ledger_closed(ledger);

    if (!read_published(ledger, error)) {
        return false;
    }

    if (!begin(ledger, &view, &is_whole, error)) {
        caplat_view_end(view);
        return false;
    }

    caplat_view_head(view, &head);

    /* The tiles are the index's companions: lost with it, made with it. */
    if (is_whole && !caplat_levels_have(&ledger->levels, head.frontier.size)) {
        is_whole = false;

        if (!caplat_view_clear(view, &why)) {
            caplat_view_end(view);
            return caplat_ledger_fail(error, CAPLAT_LEDGER_IO, "index", why);
        }
    }

    *was_whole = is_whole;

    /* In parts nobody else may see it. */
    in_parts = !is_whole && ledger->is_alone
               && caplat_segment_sum(ledger->log) >= LARGE;

    is_done = (!in_parts || begin_filling(ledger, &view, error))
        && caplat_ledger_recover(ledger, &view, in_parts, progress, data,
                                 error);

    if (is_done) {
        caplat_view_head(view, &head);
        last_order = caplat_view_last_order(view);
        is_done = read_last(ledger, view, &head, error)
            && check_published(ledger, &head, error)
            && settle(ledger, &head, last_order, is_new, error);
    }

    if (is_done && !caplat_view_set_whole(view, &why)) {
        is_done = caplat_ledger_fail(error, CAPLAT_LEDGER_FULL, "index", why);
    }

    if (!is_done) {
        caplat_view_end(view);
        return false;
    }

    return ((caplat_view_commit(view, &why)
             && (!is_new || caplat_shared_own(ledger->shared, &why)))
            || caplat_ledger_fail(error, CAPLAT_LEDGER_FULL, "index", why))
        && (!in_parts || open_index(ledger, false, error));
}


static caplat_ledger *
make(const caplat_ledger_conf *conf)
{
    caplat_ledger  *ledger = calloc(1, sizeof(*ledger));
    char           *room = malloc(CAPLAT_BATCH_ROOM);

    if (ledger == NULL || room == NULL) {
        free(ledger);
        free(room);
        return NULL;
    }

    ledger->conf = *conf;
    ledger->lock = -1;
    ledger->use = -1;
    ledger->publish = -1;
    ledger->segment_fd = -1;
    ledger->levels.entries = -1;
    ledger->batch.text = caplat_writer_of(room, CAPLAT_BATCH_ROOM);

    for (unsigned i = 0; i < CAPLAT_LEVELS; i++) {
        ledger->levels.levels[i] = -1;
    }

    return ledger;
}


/* What index and tiles say against the log is judged by the log alone. */
static bool
recover_or_rebuild(caplat_ledger *ledger, bool is_new,
    caplat_progress_pt progress, void *data, caplat_ledger_error *error)
{
    bool  was_whole;

    if (recover(ledger, is_new, progress, data, &was_whole, error)) {
        return true;
    }

    if (!was_whole || error->fault != CAPLAT_LEDGER_DAMAGED) {
        return false;
    }

    error->fault = CAPLAT_LEDGER_OK;
    error->len = 0;
    ledger->conf.rebuild = true;

    return recover(ledger, is_new, progress, data, &was_whole, error);
}


bool
caplat_ledger_open(const caplat_ledger_conf *conf, caplat_progress_pt progress,
    void *data, caplat_ledger **ledger, caplat_ledger_error *error)
{
    caplat_ledger  *made = make(conf);
    bool            is_new;

    error->fault = CAPLAT_LEDGER_OK;
    error->len = 0;

    if (made == NULL) {
        return caplat_ledger_fail(error, CAPLAT_LEDGER_IO, NULL,
            "there is no memory");
    }

    if (!make_paths(made, error) || !lock_files(made, error)
        || !open_files(made, &is_new, error)
        || !recover_or_rebuild(made, is_new, progress, data, error)
        || (flock(made->use, LOCK_SH) != 0 && !fail_open(error, "log")))
    {
        caplat_ledger_close(made);
        return false;
    }

    (void) flock(made->lock, LOCK_UN);
    *ledger = made;

    return true;
}


static void
close_file(int fd)
{
    if (fd >= 0) {
        (void) close(fd);
    }
}


void
caplat_ledger_close(caplat_ledger *ledger)
{
    if (ledger == NULL) {
        return;
    }

    caplat_index_close(ledger->index);
    caplat_shared_unmap(ledger->shared);
    caplat_levels_close(&ledger->levels);
    close_file(ledger->segment_fd);
    close_file(ledger->publish);
    close_file(ledger->use);
    close_file(ledger->lock);
    free(ledger->batch.text.ptr);
    free(ledger);
}
