#define _DEFAULT_SOURCE                 /* flock */

#include "caplat_ledger_inner.h"

#include "caplat_file.h"
#include "caplat_hash.h"
#include "caplat_segment.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>


#define CLOSED  "closed"                /* the file that says so */


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


static bool
open_files(caplat_ledger *ledger, bool *is_new, caplat_ledger_error *error)
{
    const char  *why;

    ledger->lock = caplat_io_open(ledger->index_folder, "lock",
                                  O_RDWR | O_CREAT);
    ledger->publish = caplat_io_open(ledger->index_folder, "publish",
                                     O_RDWR | O_CREAT);

    if (ledger->lock < 0 || ledger->publish < 0
        || flock(ledger->lock, LOCK_EX) != 0)
    {
        return fail_open(error, "index");
    }

    if (!caplat_levels_open(ledger->tile, true, &ledger->levels)) {
        return fail_open(error, "tile");
    }

    if (!caplat_shared_map(ledger->index_folder, &ledger->shared, is_new,
                           &why)
        || !caplat_index_open(ledger->index_folder, ledger->conf.index_len,
                              &ledger->index, &why))
    {
        return caplat_ledger_fail(error, CAPLAT_LEDGER_IO, "index", why);
    }

    return true;
}


/* In a transaction of its own: an index that is not whole is made empty. */
static bool
begin(caplat_ledger *ledger, caplat_view **view, bool *is_whole,
    caplat_ledger_error *error)
{
    const char  *why;

    if (!caplat_index_write(ledger->index, view, &why)) {
        *view = NULL;
        return caplat_ledger_fail(error, CAPLAT_LEDGER_IO, "index", why);
    }

    *is_whole = !ledger->conf.rebuild && caplat_view_is_whole(*view);

    return *is_whole || caplat_view_clear(*view, &why)
        || caplat_ledger_fail(error, CAPLAT_LEDGER_IO, "index", why);
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


/* What has been published must be a beginning of what the log holds: else
   another history would be signed. */
static bool
check_published(caplat_ledger *ledger, const caplat_head *head,
    uint64_t *published, caplat_ledger_error *error)
{
    char               path[CAPLAT_PATH_MAX];
    caplat_slice       text;
    caplat_checkpoint  checkpoint;
    caplat_node        root;
    const char        *why;
    bool               is_ours;

    *published = 0;

    if (!caplat_io_path(path, ledger->conf.folder, "checkpoint")
        || (access(path, F_OK) != 0 && errno == ENOENT))
    {
        return true;
    }

    if (!caplat_file_read(path, CAPLAT_NOTE_LEN_MAX, &text, &why)) {
        return caplat_ledger_fail(error, CAPLAT_LEDGER_IO, "checkpoint", why);
    }

    is_ours = caplat_checkpoint_read(text, ledger->conf.verifier, &checkpoint,
                                     &why);
    free((void *) (uintptr_t) text.ptr);

    if (!is_ours) {
        return caplat_ledger_fail(error, CAPLAT_LEDGER_DAMAGED, "checkpoint",
            why);
    }

    if (checkpoint.size > head->frontier.size
        || !caplat_merkle_root_of(caplat_sha256, checkpoint.size,
                                  caplat_levels_read, &ledger->levels, &root)
        || memcmp(root.bytes, checkpoint.root.bytes, CAPLAT_NODE_LEN) != 0)
    {
        return caplat_ledger_fail(error, CAPLAT_LEDGER_DAMAGED, "checkpoint",
            "it has been published, and the log does not hold what it signs");
    }

    *published = checkpoint.size;

    return true;
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
    uint64_t published, bool is_new, caplat_ledger_error *error)
{
    caplat_shared  *shared = ledger->shared;

    if (is_closed_by_file(ledger)) {
        atomic_store(&shared->closed, 1);
    }

    caplat_shared_raise(&shared->last_order, last_order);
    caplat_shared_raise(&shared->published, published);

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


static bool
recover(caplat_ledger *ledger, bool is_new, caplat_progress_pt progress,
    void *data, caplat_ledger_error *error)
{
    caplat_view  *view;
    caplat_head   head;
    uint64_t      last_order, published;
    const char   *why;
    bool          is_whole, is_done;

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

    is_done = caplat_ledger_recover(ledger, &view, !is_whole, progress, data,
                                    error);

    if (is_done) {
        caplat_view_head(view, &head);
        last_order = caplat_view_last_order(view);
        is_done = read_last(ledger, view, &head, error)
            && check_published(ledger, &head, &published, error)
            && settle(ledger, &head, last_order, published, is_new, error);
    }

    if (is_done && !caplat_view_set_whole(view, &why)) {
        is_done = caplat_ledger_fail(error, CAPLAT_LEDGER_FULL, "index", why);
    }

    if (!is_done) {
        caplat_view_end(view);
        return false;
    }

    return caplat_view_commit(view, &why)
        || caplat_ledger_fail(error, CAPLAT_LEDGER_FULL, "index", why);
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
    ledger->publish = -1;
    ledger->segment_fd = -1;
    ledger->levels.entries = -1;
    ledger->batch.text = caplat_writer_of(room, CAPLAT_BATCH_ROOM);

    for (unsigned i = 0; i < CAPLAT_LEVELS; i++) {
        ledger->levels.levels[i] = -1;
    }

    return ledger;
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

    if (!make_paths(made, error) || !open_files(made, &is_new, error)
        || !recover(made, is_new, progress, data, error))
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
    close_file(ledger->lock);
    free(ledger->batch.text.ptr);
    free(ledger);
}
