#include "caplat_ledger_inner.h"

#include "caplat_hash.h"
#include "caplat_segment.h"

#include <unistd.h>


#define CLOSED  "closed"                /* the file that says so */
#define LARGE   ((uint64_t) 4 << 20)    /* bytes of a log from which on an index
                                           is filled in parts */


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


/* What has been published. */
static void
read_published(caplat_ledger *ledger)
{
    const char  *why;

    ledger->published_why = caplat_published_read(ledger->conf.folder,
                                                  ledger->conf.verifier,
                                                  &ledger->published, &why)
                            ? NULL : why;
}


/*
 * It must be a beginning of what the log holds: else another history would be
 * signed. What cannot be read a crash may have left, for it is not synced; but
 * then records stand in the log, which was synced before.
 */
static bool
check_published(caplat_ledger *ledger, const caplat_head *head,
    caplat_ledger_error *error)
{
    const caplat_checkpoint  *published = &ledger->published;
    caplat_node               root;

    if (ledger->published_why != NULL && head->frontier.size == 0) {
        return caplat_ledger_fail(error, CAPLAT_LEDGER_DAMAGED, "checkpoint",
            ledger->published_why);
    }

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


static void
republish(caplat_ledger *ledger, const caplat_view *view)
{
    char                 room[CAPLAT_CHECKPOINT_MAX];
    caplat_slice         note;
    caplat_checkpoint    checkpoint;
    caplat_ledger_error  ignored;

    if (ledger->conf.key != NULL
        && caplat_ledger_checkpoint(ledger, view, room, &note, &checkpoint,
                                    &ignored))
    {
        caplat_ledger_republish(ledger, checkpoint.size, note);
    }
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

    read_published(ledger);

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

    is_done = caplat_ledger_recover(ledger, &view, in_parts, progress, data,
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

    republish(ledger, view);

    return (caplat_view_commit(view, &why)
            && (!is_new || caplat_shared_own(ledger->shared, &why)))
        || caplat_ledger_fail(error, CAPLAT_LEDGER_FULL, "index", why);
}


/* What index and tiles say against the log is judged by the log alone. */
bool
caplat_ledger_start(caplat_ledger *ledger, bool is_new,
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
