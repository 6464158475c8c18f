#define _POSIX_C_SOURCE 200809L

#include "caplat_ledger_inner.h"
#include "caplat_replay.h"
#include "caplat_segment.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>


#define PART        32768               /* records of one transaction */


/* A record of a batch that is not known to be whole yet. */
typedef struct {
    caplat_record   record;
    caplat_spot     spot;
} kept;


typedef struct {
    caplat_ledger        *ledger;
    caplat_view         **view;
    bool                  in_parts;
    caplat_overlay       *overlay;      /* where it is in parts */
    caplat_head           head;
    uint64_t              committed;    /* size of the tree by then */
    kept                 *list;
    size_t                count;
    size_t                room;
    caplat_growth         growth;
    caplat_progress_pt    progress;
    void                 *data;
    caplat_ledger_error  *error;
} recovery;


static bool
keep(void *data, const caplat_replayed *replayed, const char **why)
{
    recovery  *r = data;

    if (r->growth.count == CAPLAT_LINES_MAX) {
        *why = "the batch has too many records";
        return false;
    }

    if (r->count == r->room) {
        size_t   room = r->room != 0 ? 2 * r->room : 256;
        kept    *grown = realloc(r->list, room * sizeof(*grown));

        if (grown == NULL) {
            *why = "there is no memory";
            return false;
        }

        r->list = grown;
        r->room = room;
    }

    r->list[r->count++] = (kept) { *replayed->record, replayed->spot };
    caplat_growth_add(&r->growth, replayed->record->index, replayed->entry,
        &replayed->leaf, replayed->full, replayed->full_count);

    return true;
}


static bool
damaged(recovery *r, uint64_t at, uint64_t index, const char *why)
{
    return caplat_ledger_damaged(r->error, r->head.segment, at, index, why);
}


static bool
failed(recovery *r, const char *why)
{
    return caplat_ledger_fail(r->error, CAPLAT_LEDGER_IO, NULL, why);
}


/* A part is committed, so that memory stays flat. */
static bool
end_part(recovery *r)
{
    const char  *why;

    if (!r->in_parts || r->head.frontier.size - r->committed < PART) {
        return true;
    }

    if (!caplat_view_put_gathered(*r->view, &why)
        || !caplat_view_set_head(*r->view, &r->head, &why))
    {
        return failed(r, why);
    }

    caplat_view  *view = *r->view;

    *r->view = NULL;

    if (!caplat_view_commit(view, &why)
        || !caplat_index_write(r->ledger->index, r->view, &why))
    {
        return failed(r, why);
    }

    caplat_view_gather(*r->view, r->overlay);
    r->committed = r->head.frontier.size;

    return true;
}


/* A whole batch: into the index and the tiles. */
static bool
take_batch(recovery *r, const caplat_head *head, const caplat_spot *note)
{
    const char  *why;

    for (size_t i = 0; i < r->count; i++) {
        if (!caplat_view_apply(*r->view, &r->list[i].record, &r->list[i].spot,
                               &why))
        {
            return damaged(r, r->list[i].spot.at, r->list[i].record.index,
                why);
        }
    }

    if (!caplat_growth_write(&r->growth, &r->ledger->levels)) {
        return failed(r, strerror(errno));
    }

    if (!caplat_view_add_checkpoint(*r->view, head->frontier.size, note,
                                    &why))
    {
        return failed(r, why);
    }

    r->head = *head;

    return end_part(r);
}


/*
 * Whether a line of ours stands behind what cannot be read. Where nothing can
 * be read, a checkpoint of anybody tells that this is another log.
 */
static bool
has_checkpoint(const recovery *r, caplat_slice text)
{
    caplat_cursor      c = caplat_cursor_of(text);
    caplat_slice       line, note;
    char               room[CAPLAT_CHECKPOINT_MAX];
    caplat_checkpoint  checkpoint;
    const char        *why;

    while (caplat_take_until(&c, '\n', text.len, &line)) {
        if (caplat_checkpoint_line_read(line, room, &note)
            && (r->head.frontier.size == 0
                || caplat_checkpoint_read(note, r->ledger->conf.verifier,
                                          &checkpoint, &why)))
        {
            return true;
        }
    }

    return false;
}


/* Whether a segment stands behind the head's. */
static bool
has_next(recovery *r, bool *has, uint64_t *next)
{
    uint64_t  *list;
    size_t     count;

    if (!caplat_segment_list(r->ledger->log, &list, &count)) {
        return failed(r, strerror(errno));
    }

    *has = false;

    for (size_t i = 0; i < count && !*has; i++) {
        *has = list[i] > r->head.segment;
        *next = list[i];
    }

    free(list);

    return true;
}


/* The same of all that is left of the segment, and of the log. */
static bool
is_followed(recovery *r, caplat_walk *walk, bool *is)
{
    uint64_t      at;
    caplat_slice  batch;

    *is = false;

    for ( ;; ) {
        switch (caplat_walk_next(walk, &at, &batch)) {

        case CAPLAT_WALK_BATCH:
            if (has_checkpoint(r, batch)) {
                *is = true;
                return true;
            }

            break;

        case CAPLAT_WALK_TAIL:
            if (caplat_walk_skip(walk)) {
                break;
            }

            return has_next(r, is, &at);

        case CAPLAT_WALK_END:
            return has_next(r, is, &at);

        case CAPLAT_WALK_FAILED:
            return failed(r, strerror(errno));
        }
    }
}


/* Up to which size of the tree somebody was told of records. */
static uint64_t
promised(const recovery *r)
{
    uint64_t  durable = caplat_ledger_durable(r->ledger);

    return durable > r->ledger->published.size ? durable
                                               : r->ledger->published.size;
}


/*
 * What follows the last good batch of a segment and cannot be read: damage
 * where it was promised, or something of ours stands behind it; else what a
 * crash has left.
 */
static bool
settle_tail(recovery *r, int fd, caplat_walk *walk, caplat_slice batch,
    const caplat_replay_fault *fault)
{
    bool  is;

    if (r->head.frontier.size < promised(r) || has_checkpoint(r, batch)) {
        return damaged(r, fault->at, fault->index, fault->why);
    }

    if (!is_followed(r, walk, &is)) {
        return false;
    }

    if (is) {
        return damaged(r, fault->at, fault->index, fault->why);
    }

    return r->ledger->conf.key == NULL
        || caplat_ledger_move_tail(r->ledger, r->head.segment, fd,
                                   r->head.offset, r->error);
}


static bool
walk_segment(recovery *r, int fd, caplat_walk *walk, uint64_t len)
{
    caplat_replay_conf   conf = {
        r->ledger->conf.verifier, false, NULL, keep, r
    };
    caplat_replay_fault  fault;
    caplat_head          head;
    caplat_spot          note;
    caplat_slice         batch;
    uint64_t             at;

    for ( ;; ) {
        if (r->ledger->conf.cut
            && r->head.frontier.size == caplat_ledger_durable(r->ledger))
        {
            return r->head.offset == len
                || caplat_ledger_move_tail(r->ledger, r->head.segment, fd,
                                           r->head.offset, r->error);
        }

        switch (caplat_walk_next(walk, &at, &batch)) {

        case CAPLAT_WALK_END:
            return true;

        case CAPLAT_WALK_FAILED:
            return failed(r, strerror(errno));

        case CAPLAT_WALK_TAIL:
            fault = (caplat_replay_fault) {
                "there is no checkpoint behind it", at, r->head.frontier.size
            };

            return settle_tail(r, fd, walk, caplat_slice_of("", 0), &fault);

        case CAPLAT_WALK_BATCH:
            break;
        }

        head = r->head;
        r->count = 0;
        r->growth.count = 0;
        r->growth.hash_count = 0;

        /* The first tells whose log it is, and roots of those between; the
           last may be torn. */
        conf.signatures = head.frontier.size == 0 || at + batch.len == len;

        if (!caplat_replay_batch(&conf, batch, &head, &note, &fault)) {
            return settle_tail(r, fd, walk, batch, &fault);
        }

        if (!take_batch(r, &head, &note)) {
            return false;
        }

        if (r->progress != NULL) {
            r->progress(r->data, "records", r->head.frontier.size, 0);
        }
    }
}


/* What the index knows of must be there. */
static bool
check_length(recovery *r, int fd, uint64_t *len)
{
    if (!caplat_io_length(fd, len)) {
        return failed(r, strerror(errno));
    }

    return *len >= r->head.offset
        || damaged(r, *len, r->head.frontier.size, "the segment is too short");
}


static bool
recover_segment(recovery *r)
{
    char         name[CAPLAT_SEGMENT_NAME_MAX];
    int          fd;
    uint64_t     len;
    caplat_walk  walk;
    bool         is_done;

    caplat_segment_name(r->head.segment, name);
    fd = caplat_io_open(r->ledger->log, name,
                        r->ledger->conf.key != NULL ? O_RDWR : O_RDONLY);

    if (fd < 0 && errno == ENOENT && r->head.frontier.size == 0) {
        return true;
    }

    if (fd < 0) {
        return caplat_ledger_fail(r->error, errno == ENOENT
            ? CAPLAT_LEDGER_DAMAGED : CAPLAT_LEDGER_IO, name,
            strerror(errno));
    }

    is_done = check_length(r, fd, &len);

    if (is_done && !caplat_walk_open(fd, r->head.offset, &walk)) {
        is_done = failed(r, "there is no memory");

    } else if (is_done) {
        is_done = walk_segment(r, fd, &walk, len);
        caplat_walk_close(&walk);
    }

    (void) close(fd);

    return is_done;
}


static bool
recover_all(recovery *r)
{
    bool         has;
    uint64_t     next;
    const char  *why;

    for ( ;; ) {
        if (!recover_segment(r) || !has_next(r, &has, &next)) {
            return false;
        }

        if (!has) {
            break;
        }

        if (next != r->head.frontier.size) {
            return damaged(r, r->head.offset, r->head.frontier.size,
                "a segment is missing behind it");
        }

        r->head.segment = next;
        r->head.offset = 0;
    }

    return ((!r->in_parts || caplat_view_put_gathered(*r->view, &why))
            && caplat_view_set_head(*r->view, &r->head, &why))
        || failed(r, why);
}


/* In parts the rows of enterprises are put in the order of their keys. */
static bool
recover_ordered(recovery *r)
{
    bool  is_done;

    r->overlay = caplat_overlay_open();

    if (r->overlay == NULL) {
        return failed(r, "there is no memory");
    }

    caplat_view_gather(*r->view, r->overlay);
    is_done = recover_all(r);

    if (*r->view != NULL) {
        caplat_view_gather(*r->view, NULL);
    }

    caplat_overlay_close(r->overlay);

    return is_done;
}


bool
caplat_ledger_recover(caplat_ledger *ledger, caplat_view **view,
    bool in_parts, caplat_progress_pt progress, void *data,
    caplat_ledger_error *error)
{
    recovery  *r = calloc(1, sizeof(*r));
    bool       is_done;

    if (r == NULL) {
        return caplat_ledger_fail(error, CAPLAT_LEDGER_IO, NULL,
            "there is no memory");
    }

    r->ledger = ledger;
    r->view = view;
    r->in_parts = in_parts;
    r->progress = progress;
    r->data = data;
    r->error = error;
    caplat_view_head(*view, &r->head);
    r->committed = r->head.frontier.size;

    is_done = in_parts ? recover_ordered(r) : recover_all(r);
    free(r->list);
    free(r);

    return is_done;
}
