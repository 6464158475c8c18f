#define _POSIX_C_SOURCE 200809L

#include "caplat_ledger_inner.h"

#include "caplat_hash.h"
#include "caplat_segment.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>


uint64_t
caplat_ledger_durable(const caplat_ledger *ledger)
{
    return atomic_load(&ledger->shared->durable);
}


bool
caplat_ledger_closed(const caplat_ledger *ledger)
{
    return atomic_load(&ledger->shared->closed) != 0
        && !ledger->is_reopening;
}


caplat_slice
caplat_ledger_torn(const caplat_ledger *ledger)
{
    return caplat_slice_of(ledger->torn, ledger->torn_len);
}


uint64_t
caplat_ledger_next_order(caplat_ledger *ledger)
{
    return atomic_fetch_add(&ledger->shared->last_order, 1) + 1;
}


/* The place of an epoch; NULL: it has none. */
static caplat_shared_epoch *
find_epoch(caplat_shared *shared, caplat_slice name)
{
    for (size_t i = 0; i < CAPLAT_EPOCHS_MAX; i++) {
        caplat_shared_epoch  *epoch = &shared->epochs[i];
        size_t                len = atomic_load(&epoch->name_len);

        if (len != 0 && caplat_slice_eq(caplat_slice_of(epoch->name, len),
                                        name))
        {
            return epoch;
        }
    }

    return NULL;
}


/* A name is told when all of it stands there. */
static void
add_epoch(caplat_shared *shared, caplat_slice name)
{
    for (size_t i = 0; i < CAPLAT_EPOCHS_MAX; i++) {
        caplat_shared_epoch  *epoch = &shared->epochs[i];

        if (atomic_load(&epoch->name_len) == 0) {
            memcpy(epoch->name, name.ptr, name.len);
            atomic_store(&epoch->name_len, name.len);
            return;
        }
    }
}


bool
caplat_ledger_next_slot(caplat_ledger *ledger, caplat_slice epoch,
    uint64_t at_least, uint64_t *slot)
{
    caplat_shared_epoch  *place = find_epoch(ledger->shared, epoch);
    caplat_view          *view;
    const char           *why;

    if (place == NULL) {
        /* The index's lock guards the table. */
        if (epoch.len > CAPLAT_EPOCH_LEN_MAX
            || !caplat_index_write(ledger->index, &view, &why))
        {
            return false;
        }

        if (find_epoch(ledger->shared, epoch) == NULL) {
            add_epoch(ledger->shared, epoch);
        }

        caplat_view_end(view);
        place = find_epoch(ledger->shared, epoch);
    }

    if (place == NULL) {
        return false;
    }

    caplat_shared_raise(&place->next_slot, at_least);
    *slot = atomic_fetch_add(&place->next_slot, 1);

    return true;
}


bool
caplat_ledger_view(caplat_ledger *ledger, caplat_view **view,
    caplat_ledger_error *error)
{
    const char  *why;

    return caplat_index_read(ledger->index, view, &why)
        || caplat_ledger_fail(error, CAPLAT_LEDGER_IO, "index", why);
}


static bool
read_spot(const caplat_ledger *ledger, const caplat_spot *spot, char *room,
    caplat_ledger_error *error)
{
    char     name[CAPLAT_SEGMENT_NAME_MAX];
    int      fd;
    ssize_t  n;

    caplat_segment_name(spot->segment, name);
    fd = caplat_io_open(ledger->log, name, O_RDONLY);
    n = fd >= 0 ? caplat_io_read(fd, room, spot->len, spot->at) : -1;

    if (n < 0) {
        (void) caplat_ledger_fail(error, CAPLAT_LEDGER_IO, name,
            strerror(errno));

    } else if ((size_t) n != spot->len) {
        (void) caplat_ledger_fail(error, CAPLAT_LEDGER_DAMAGED, name,
            "it is shorter than the index says");
    }

    if (fd >= 0) {
        (void) close(fd);
    }

    return n >= 0 && (size_t) n == spot->len;
}


bool
caplat_ledger_line(caplat_ledger *ledger, const caplat_view *view,
    uint64_t index, char *room, caplat_slice *line,
    caplat_ledger_error *error)
{
    caplat_spot  spot;

    if (!caplat_view_spot(view, index, &spot)
        || spot.len > CAPLAT_RECORD_LEN_MAX)
    {
        return caplat_ledger_fail(error, CAPLAT_LEDGER_DAMAGED, "index",
            "it does not know the record");
    }

    if (!read_spot(ledger, &spot, room, error)) {
        return false;
    }

    *line = caplat_slice_of(room, spot.len);

    return true;
}


bool
caplat_ledger_checkpoint_of(caplat_ledger *ledger, const caplat_view *view,
    uint64_t index, char *room, caplat_slice *note,
    caplat_checkpoint *checkpoint, caplat_ledger_error *error)
{
    char         line[2 * CAPLAT_CHECKPOINT_MAX];
    caplat_spot  spot;
    uint64_t     size;
    const char  *why = "it does not know the checkpoint";

    if (!caplat_view_checkpoint(view, index, &size, &spot)
        || spot.len > sizeof(line))
    {
        return caplat_ledger_fail(error, CAPLAT_LEDGER_DAMAGED, "index", why);
    }

    if (!read_spot(ledger, &spot, line, error)) {
        return false;
    }

    return (caplat_checkpoint_line_read(caplat_slice_of(line, spot.len), room,
                                        note)
            && caplat_checkpoint_read(*note, ledger->conf.verifier, checkpoint,
                                      &why))
        || caplat_ledger_damaged(error, spot.segment, spot.at, size, why);
}


bool
caplat_ledger_checkpoint(caplat_ledger *ledger, const caplat_view *view,
    char *room, caplat_slice *note, caplat_checkpoint *checkpoint,
    caplat_ledger_error *error)
{
    caplat_head  head;
    uint64_t     durable = caplat_ledger_durable(ledger);

    caplat_view_head(view, &head);

    /* The view may lie before the mark, and the mark before the view. */
    if (durable > head.frontier.size) {
        durable = head.frontier.size;
    }

    if (durable == 0) {
        return caplat_ledger_fail(error, CAPLAT_LEDGER_IO, NULL,
            "there is no checkpoint yet");
    }

    return caplat_ledger_checkpoint_of(ledger, view, durable - 1, room, note,
        checkpoint, error);
}


bool
caplat_ledger_path(caplat_ledger *ledger, uint64_t index, uint64_t size,
    caplat_node path[static CAPLAT_PATH_LEN_MAX], size_t *count,
    caplat_ledger_error *error)
{
    return caplat_merkle_path(caplat_sha256, index, size, caplat_levels_read,
                              &ledger->levels, path, count)
        || caplat_ledger_fail(error, CAPLAT_LEDGER_IO, "tile",
            "the hashes cannot be read");
}
