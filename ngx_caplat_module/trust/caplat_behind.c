#include "caplat_ledger_inner.h"
#include "caplat_segment.h"

#include <errno.h>
#include <stdlib.h>


static bool
failed(caplat_ledger_error *error, const char *why)
{
    return caplat_ledger_fail(error, CAPLAT_LEDGER_IO, NULL, why);
}


bool
caplat_ledger_has_next(const caplat_ledger *ledger, uint64_t segment,
    bool *has, uint64_t *next, caplat_ledger_error *error)
{
    uint64_t  *list;
    size_t     count;

    if (!caplat_segment_list(ledger->log, &list, &count)) {
        return failed(error, strerror(errno));
    }

    *has = false;

    for (size_t i = 0; i < count && !*has; i++) {
        *has = list[i] > segment;
        *next = list[i];
    }

    free(list);

    return true;
}


/* Where nothing can be read, one of anybody's counts. */
static bool
has_checkpoint(const caplat_ledger *ledger, const caplat_head *head,
    caplat_slice text)
{
    caplat_cursor      c = caplat_cursor_of(text);
    caplat_slice       line, note;
    char               room[CAPLAT_CHECKPOINT_MAX];
    caplat_checkpoint  checkpoint;
    const char        *why;

    while (caplat_take_until(&c, '\n', text.len, &line)) {
        if (caplat_checkpoint_line_read(line, room, &note)
            && (head->frontier.size == 0
                || caplat_checkpoint_read(note, ledger->conf.verifier,
                                          &checkpoint, &why)))
        {
            return true;
        }
    }

    return false;
}


/* The same of all that a walk has before it, and of the log behind that. */
static bool
walk_follows(const caplat_ledger *ledger, const caplat_head *head,
    caplat_walk *walk, bool *is, caplat_ledger_error *error)
{
    uint64_t      at;
    caplat_slice  batch;

    *is = false;

    for ( ;; ) {
        switch (caplat_walk_next(walk, &at, &batch)) {

        case CAPLAT_WALK_BATCH:
            if (has_checkpoint(ledger, head, batch)) {
                *is = true;
                return true;
            }

            break;

        case CAPLAT_WALK_TAIL:
            if (caplat_walk_skip(walk)) {
                break;
            }

            return caplat_ledger_has_next(ledger, head->segment, is, &at,
                error);

        case CAPLAT_WALK_END:
            return caplat_ledger_has_next(ledger, head->segment, is, &at,
                error);

        case CAPLAT_WALK_FAILED:
            return failed(error, strerror(errno));
        }
    }
}


bool
caplat_ledger_is_followed(const caplat_ledger *ledger, const caplat_head *head,
    int fd, uint64_t at, bool *is, caplat_ledger_error *error)
{
    caplat_walk  walk;
    bool         is_done;

    if (!caplat_walk_open(fd, at, &walk)) {
        return failed(error, "there is no memory");
    }

    is_done = walk_follows(ledger, head, &walk, is, error);
    caplat_walk_close(&walk);

    return is_done;
}
