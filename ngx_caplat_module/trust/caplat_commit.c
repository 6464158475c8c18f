#define _GNU_SOURCE                     /* sync_file_range */

#include "caplat_hash.h"
#include "caplat_ledger_inner.h"
#include "caplat_segment.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>


#define SOON_LEN  32768                 /* bytes of a batch that the disk begins
                                           with before it is synced */


/* Whether the disk has room beyond what is to stay free. */
static bool
check_reserve(const caplat_ledger *ledger, caplat_ledger_error *error)
{
    uint64_t  room;

    if (!caplat_io_room(ledger->use, &room)) {
        return caplat_ledger_fail(error, CAPLAT_LEDGER_IO, "log",
            strerror(errno));
    }

    return room >= ledger->conf.reserve_len
        || caplat_ledger_fail(error, CAPLAT_LEDGER_FULL, "log",
            "the disk has less room than is to stay free (reserve=)");
}


bool
caplat_ledger_is_ready(const caplat_ledger *ledger, caplat_ledger_error *error)
{
    if (caplat_ledger_closed(ledger)) {
        return caplat_ledger_fail(error, CAPLAT_LEDGER_CLOSED, NULL,
            "the ledger is closed since a sync has failed: see "
            "`caplat log reopen`");
    }

    return check_reserve(ledger, error);
}


uint64_t
caplat_ledger_reserve(const caplat_ledger *ledger)
{
    return ledger->conf.reserve_len;
}


/* The segment's end is where the head says, or a crash was between them. */
static bool
check_end(caplat_ledger *ledger, caplat_batch *batch,
    caplat_ledger_error *error)
{
    uint64_t  len;

    if (!caplat_io_length(ledger->segment_fd, &len)) {
        return caplat_ledger_fail(error, CAPLAT_LEDGER_IO, "log",
            strerror(errno));
    }

    if (len == batch->head.offset) {
        return true;
    }

    if (!caplat_ledger_recover(ledger, &batch->view, false, NULL, NULL,
                               error))
    {
        return false;
    }

    caplat_view_head(batch->view, &batch->head);

    return caplat_ledger_use_segment(ledger, batch->head.segment, false,
        error);
}


/*
 * A new segment when this one is long enough. What stands in the old one is
 * synced before, for later syncs are of the new one; which may have something
 * already, of one who was killed before the index knew.
 */
static bool
rotate(caplat_ledger *ledger, caplat_batch *batch, caplat_ledger_error *error)
{
    caplat_head  *head = &batch->head;

    if (head->offset < ledger->conf.segment_len) {
        return true;
    }

    if (!caplat_ledger_sync(ledger, head->frontier.size, error)) {
        return false;
    }

    head->segment = head->frontier.size;
    head->offset = 0;

    return caplat_ledger_use_segment(ledger, head->segment, true, error)
        && check_end(ledger, batch, error);
}


static bool
begin(caplat_ledger *ledger, int64_t now_ms, caplat_batch *batch,
    caplat_ledger_error *error)
{
    const char  *why;

    if (!caplat_index_write(ledger->index, &batch->view, &why)) {
        batch->view = NULL;
        return caplat_ledger_fail(error, CAPLAT_LEDGER_IO, "index", why);
    }

    if (!caplat_view_has_finder(batch->view)) {
        return caplat_ledger_fail(error, CAPLAT_LEDGER_IO, "index",
            "`finder` has been replaced: restart the server, which makes the "
            "index anew");
    }

    caplat_view_head(batch->view, &batch->head);

    if (!caplat_ledger_use_segment(ledger, batch->head.segment,
                                   batch->head.frontier.size == 0, error)
        || !check_end(ledger, batch, error) || !rotate(ledger, batch, error))
    {
        return false;
    }

    caplat_view_reserve(batch->view, ledger->conf.reserve_len);
    batch->before = batch->head;
    batch->now_ms = now_ms;
    batch->time_ms = now_ms > batch->head.time_ms ? now_ms
                                                  : batch->head.time_ms;

    return true;
}


/* The line of the checkpoint, for the records that have been added. */
static bool
sign(caplat_ledger *ledger, caplat_batch *batch)
{
    caplat_writer      note = caplat_writer_of(batch->note,
                                               sizeof(batch->note));
    caplat_checkpoint  checkpoint;

    checkpoint.size = batch->head.frontier.size;
    caplat_merkle_root(caplat_sha256, &batch->head.frontier,
        &checkpoint.root);

    if (!caplat_checkpoint_sign(ledger->conf.verifier, ledger->conf.key,
                                &checkpoint, &note)
        || note.full)
    {
        return false;
    }

    batch->note_len = note.len;
    caplat_checkpoint_line_write(&batch->text, caplat_written(&note));
    batch->ends[batch->count] = (uint32_t) batch->text.len - 1;

    return !batch->text.full;
}


/* Back to the head: what a write has left behind it is nobody's. */
static void
cut(caplat_ledger *ledger, const caplat_batch *batch)
{
    int  ignored = ftruncate(ledger->segment_fd,
                             (off_t) batch->before.offset);

    /* Where that fails the next commit finds it, and recovers. */
    (void) ignored;
}


static caplat_ledger_fault
fault_of(int code)
{
    return code == ENOSPC || code == EDQUOT || code == EFBIG
           ? CAPLAT_LEDGER_FULL : CAPLAT_LEDGER_IO;
}


/*
 * The disk begins while the index commits. To ask costs time within the lock,
 * and of a large batch the others would wait for it longer than its sync takes
 * less. Where the disk fails it is a sync that fails, for who is told may be
 * told once; where the kernel does not do it, the sync does all.
 */
static bool
begin_sync(caplat_ledger *ledger, const caplat_batch *batch,
    caplat_ledger_error *error)
{
    return batch->text.len > SOON_LEN
        || sync_file_range(ledger->segment_fd, (off_t) batch->before.offset,
                           (off_t) batch->text.len, SYNC_FILE_RANGE_WRITE) == 0
        || (errno != EIO && errno != ENOSPC && errno != EDQUOT)
        || caplat_ledger_shut(ledger, "log", strerror(errno), error);
}


static bool
write_batch(caplat_ledger *ledger, caplat_batch *batch,
    caplat_ledger_error *error)
{
    const caplat_lines  lines = {
        batch->head.segment, batch->before.offset, batch->before.frontier.size,
        batch->count, batch->ends
    };

    const char  *why;

    if (!sign(ledger, batch)) {
        return caplat_ledger_fail(error, CAPLAT_LEDGER_IO, NULL,
            "the checkpoint cannot be signed");
    }

    if (!caplat_io_write(ledger->segment_fd, caplat_written(&batch->text),
                         batch->before.offset)
        || !caplat_growth_write(&batch->growth, &ledger->levels))
    {
        int  code = errno;

        cut(ledger, batch);

        return caplat_ledger_fail(error, fault_of(code), "log",
            strerror(code));
    }

    if (!begin_sync(ledger, batch, error)) {
        return false;
    }

    batch->head.offset += batch->text.len;

    if (!caplat_view_add_batch(batch->view, &lines, &why)
        || !caplat_view_set_head(batch->view, &batch->head, &why))
    {
        cut(ledger, batch);

        return caplat_ledger_fail(error, CAPLAT_LEDGER_FULL, "index", why);
    }

    return true;
}


/* The lock is gone when this has been done. */
static bool
end(caplat_batch *batch, caplat_ledger_error *error)
{
    caplat_view  *view = batch->view;
    const char   *why;

    batch->view = NULL;

    if (caplat_view_commit(view, &why)) {
        return true;
    }

    /* What is in the log is whole, and may not be cut any more: others write.
       Whoever comes next takes it into the index. */
    return caplat_ledger_fail(error, CAPLAT_LEDGER_FULL, "index", why);
}


static bool
decide_all(caplat_batch *batch, caplat_decide_pt decide, void *data,
    size_t count, caplat_ledger_error *error)
{
    while (batch->decided < count
           && batch->text.len < CAPLAT_BATCH_LEN_MAX)
    {
        if (!decide(data, batch->decided, batch)) {
            return caplat_ledger_fail(error, CAPLAT_LEDGER_FULL, batch->part,
                batch->why);
        }

        batch->decided++;
    }

    return true;
}


static bool
commit(caplat_ledger *ledger, caplat_batch *batch, caplat_decide_pt decide,
    void *data, size_t count, int64_t now_ms, caplat_ledger_error *error)
{
    if (!begin(ledger, now_ms, batch, error)
        || !decide_all(batch, decide, data, count, error))
    {
        return false;
    }

    caplat_batch_grow(batch);

    /* Refusals change nothing, unless a recovery has. */
    return (batch->count == 0 || write_batch(ledger, batch, error))
        && end(batch, error);
}


/* Publish the batch's checkpoint, or the one that another has left to it. */
static void
publish(caplat_ledger *ledger, const caplat_batch *batch, bool more,
    caplat_ledger_error *error)
{
    if (batch->count != 0) {
        memcpy(ledger->note, batch->note, batch->note_len);
        ledger->note_len = batch->note_len;
        ledger->note_size = batch->head.frontier.size;
    }

    if (ledger->note_size > atomic_load(&ledger->shared->published)
        && !caplat_ledger_publish(ledger, ledger->note_size,
               caplat_slice_of(ledger->note, ledger->note_len), more, error))
    {
        /* It is derived: what was promised is promised. */
        error->fault = CAPLAT_LEDGER_UNPUBLISHED;
    }
}


bool
caplat_ledger_commit(caplat_ledger *ledger, caplat_decide_pt decide,
    void *data, size_t count, int64_t now_ms, bool more,
    caplat_batch **batch, caplat_ledger_error *error)
{
    caplat_batch  *made = &ledger->batch;
    uint64_t       size;
    bool           is_committed;

    caplat_assert(count <= CAPLAT_BATCH_MAX);

    error->fault = CAPLAT_LEDGER_OK;
    error->len = 0;
    caplat_batch_clear(made, ledger);

    if (!caplat_ledger_is_ready(ledger, error)) {
        return false;
    }

    is_committed = commit(ledger, made, decide, data, count, now_ms, error);
    caplat_view_end(made->view);
    made->view = NULL;

    if (!is_committed) {
        return false;
    }

    size = made->head.frontier.size;

    if (size > caplat_ledger_durable(ledger)
        && !caplat_ledger_sync(ledger, size, error))
    {
        return false;
    }

    publish(ledger, made, more, error);
    *batch = made;

    return true;
}
