#define _POSIX_C_SOURCE 200809L

#include "caplat_ahead.h"
#include "caplat_hash.h"
#include "caplat_ledger_inner.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>


#define PART        32768               /* records of one transaction */


typedef struct {
    caplat_ledger        *ledger;
    caplat_view         **view;
    bool                  in_parts;
    caplat_head           head;
    uint64_t              committed;    /* size of the tree by then */
    caplat_ahead         *ahead;
    caplat_growth         growth;       /* that is not in the tiles yet */
    caplat_progress_pt    progress;
    void                 *data;
    caplat_ledger_error  *error;
} recovery;


/* What a record adds to the tiles, once its whole batch is known to hold. */
static bool
see(void *data, const caplat_replayed *replayed, const char **why)
{
    recovery                  *r = data;
    const caplat_replay_line  *line = replayed->line;

    (void) why;
    caplat_growth_add(&r->growth, line->record.index, line->entry, &line->leaf,
        replayed->full, replayed->full_count);

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


static bool
put_growth(recovery *r)
{
    if (r->growth.count != 0
        && !caplat_growth_write(&r->growth, &r->ledger->levels))
    {
        return failed(r, strerror(errno));
    }

    r->growth.count = 0;
    r->growth.hash_count = 0;

    return true;
}


/* A part is committed, so that memory stays flat. */
static bool
end_part(recovery *r)
{
    const char  *why;

    if (!r->in_parts || r->head.frontier.size - r->committed < PART) {
        return true;
    }

    if (!caplat_view_go_on(r->view, &r->head, &why)) {
        return failed(r, why);
    }

    r->committed = r->head.frontier.size;

    return true;
}


/* A whole batch, into the index. */
static bool
take_batch(recovery *r, const caplat_replay_lines *lines,
    const caplat_head *head)
{
    caplat_replay_fault  fault;

    if (!caplat_replay_apply(*r->view, lines, &r->head, &fault)) {
        return damaged(r, fault.at, fault.index, fault.why);
    }

    r->head = *head;

    return end_part(r);
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
 * Sectors that have reached the disk out of order look like damage. Who has
 * kept the newest checkpoint that anybody was shown knows better: what stands
 * behind it was never acknowledged.
 */
static bool
may_go(recovery *r)
{
    const caplat_checkpoint  *since = r->ledger->since;
    caplat_node               root;
    uint64_t                  next;
    bool                      has;

    return since != NULL && r->head.frontier.size >= since->size
        && r->head.frontier.size >= promised(r) && put_growth(r)
        && caplat_merkle_root_of(caplat_sha256, since->size,
                                 caplat_levels_read, &r->ledger->levels, &root)
        && memcmp(root.bytes, since->root.bytes, CAPLAT_NODE_LEN) == 0
        && caplat_ledger_has_next(r->ledger, r->head.segment, &has, &next,
                                  r->error)
        && !has;
}


/*
 * What follows the last good batch of a segment and cannot be read, itself a
 * batch or a tail: damage where it was promised, or something of ours stands
 * behind it; else what a crash has left.
 */
static bool
settle_tail(recovery *r, int fd, const caplat_ahead_batch *found,
    const caplat_replay_fault *fault)
{
    bool  is_ours = r->head.frontier.size < promised(r);

    caplat_ahead_stop(r->ahead);

    if (!is_ours
        && !caplat_ledger_is_followed(r->ledger, &r->head, fd, found->at,
                                      &is_ours, r->error))
    {
        return false;
    }

    if (is_ours && !may_go(r)) {
        return damaged(r, fault->at, fault->index, fault->why);
    }

    return r->ledger->conf.key == NULL
        || caplat_ledger_move_tail(r->ledger, r->head.segment, fd,
                                   r->head.offset, r->error);
}


/* A batch of a segment that has len bytes, on the head. */
static bool
replay(recovery *r, const caplat_ahead_batch *next, uint64_t len,
    caplat_head *head, caplat_replay_fault *fault)
{
    caplat_replay_conf  conf = {
        r->ledger->conf.verifier, false, NULL, see, r
    };

    size_t              count = r->growth.count;
    size_t              hash_count = r->growth.hash_count;

    *head = r->head;

    /* The first tells whose log it is, and roots of those between; the last may
       be torn. */
    conf.signatures = head->frontier.size == 0
                      || next->at + next->lines.text.len == len;

    if (caplat_replay_batch(&conf, &next->lines, head, fault)) {
        return true;
    }

    r->growth.count = count;
    r->growth.hash_count = hash_count;
    caplat_replay_blame(&r->ledger->levels, &next->lines, next->at, fault);

    return false;
}


/* What the ledger has not synced, where it is to be cut there. */
static bool
cut(recovery *r, int fd, uint64_t len)
{
    caplat_ahead_stop(r->ahead);

    return r->head.offset == len
        || caplat_ledger_move_tail(r->ledger, r->head.segment, fd,
                                   r->head.offset, r->error);
}


static bool
walk_segment(recovery *r, int fd, uint64_t len)
{
    const caplat_ahead_batch  *next;
    caplat_replay_fault        fault;
    caplat_head                head;

    for ( ;; ) {
        if (r->ledger->conf.cut
            && r->head.frontier.size == caplat_ledger_durable(r->ledger))
        {
            return cut(r, fd, len);
        }

        next = caplat_ahead_next(r->ahead);

        switch (next->state) {

        case CAPLAT_WALK_END:
            return true;

        case CAPLAT_WALK_FAILED:
            return failed(r, strerror(next->code));

        case CAPLAT_WALK_TAIL:
            fault = (caplat_replay_fault) {
                "there is no checkpoint behind it", next->at,
                r->head.frontier.size
            };

            return settle_tail(r, fd, next, &fault);

        case CAPLAT_WALK_BATCH:
            break;
        }

        if (r->growth.count + next->lines.count > CAPLAT_LINES_MAX
            && !put_growth(r))
        {
            return false;
        }

        if (!replay(r, next, len, &head, &fault)) {
            return settle_tail(r, fd, next, &fault);
        }

        if (!take_batch(r, &next->lines, &head)) {
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
    char      name[CAPLAT_SEGMENT_NAME_MAX];
    int       fd;
    uint64_t  len;
    bool      is_done;

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

    if (is_done && !caplat_ahead_start(r->ahead, fd, r->head.offset)) {
        is_done = failed(r, "there is no memory");

    } else if (is_done) {
        is_done = walk_segment(r, fd, len);
    }

    caplat_ahead_stop(r->ahead);
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
        if (!recover_segment(r)
            || !caplat_ledger_has_next(r->ledger, r->head.segment, &has, &next,
                                       r->error))
        {
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

    return put_growth(r)
        && (caplat_view_set_head(*r->view, &r->head, &why)
            || failed(r, why));
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

    if (!caplat_ahead_open(in_parts ? caplat_notary_crew() : 0, &r->ahead)) {
        free(r);
        return caplat_ledger_fail(error, CAPLAT_LEDGER_IO, NULL,
            "there is no memory");
    }

    is_done = recover_all(r);
    caplat_ahead_close(r->ahead);
    free(r);

    return is_done;
}
