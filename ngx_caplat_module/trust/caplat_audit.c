#define _POSIX_C_SOURCE 200809L

#include "caplat_audit.h"

#include "caplat_hash.h"
#include "caplat_io.h"
#include "caplat_ledger_inner.h"
#include "caplat_replay.h"
#include "caplat_segment.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>


#define PAUSE_NS   (50 * 1000 * 1000)   /* in which a batch has been written */

#define OTHER_SINCE                                                           \
    "the log is not the one of the checkpoint that was given"
#define OTHER_PUBLISHED                                                       \
    "the log is not the one of the file `checkpoint`"


/* Where the audit is. */
typedef struct {
    const caplat_audit_conf  *conf;
    caplat_audit             *audit;
    caplat_ledger_error      *error;
    char                      log[CAPLAT_PATH_MAX];
    caplat_checkpoint         published;    /* size 0: none */
    caplat_head               head;
    uint64_t                  since_seen;   /* the size of `since`, when it was
                                               a batch's; the same of */
    uint64_t                  published_seen;
    uint64_t                  all_bytes;
    caplat_levels             levels;
    bool                      has_levels;
    caplat_notary            *notary;

    caplat_replay_lines       lines;        /* of a batch */
    caplat_growth             growth;       /* what a batch has in the tiles */
} walk;


static bool
fail(walk *w, const char *file)
{
    return caplat_ledger_fail(w->error, CAPLAT_LEDGER_IO, file,
        strerror(errno));
}


static bool
damaged(walk *w, uint64_t at, uint64_t index, const char *why)
{
    return caplat_ledger_damaged(w->error, w->head.segment, at, index, why);
}


/*
 * A file against what it must have from a place on, as far as it goes: it is a
 * little behind the log while a server writes, and may have what an aborted
 * batch has left, so that a difference is looked at twice.
 *
 * each   bytes of what one record has there
 * first  the record of the first of them
 */
static bool
compare(walk *w, int fd, const char *name, const void *want, size_t count,
    size_t each, uint64_t number, uint64_t first)
{
    static const struct timespec  pause = { 0, PAUSE_NS };

    char  kept[CAPLAT_LINES_MAX * CAPLAT_BUNDLE_LEN];

    for (int again = 0; again < 2; again++) {
        ssize_t  n = caplat_io_read(fd, kept, count * each, number * each);
        size_t   i = 0;

        if (n < 0) {
            return fail(w, name);
        }

        while (i < (size_t) n / each
               && memcmp(kept + i * each, (const char *) want + i * each, each)
                  == 0)
        {
            i++;
        }

        if (i == (size_t) n / each) {
            return true;
        }

        if (again == 1) {
            return caplat_ledger_damaged_tile(w->error, name, first + i);
        }

        (void) nanosleep(&pause, NULL);
    }

    return true;
}


/* A batch that holds against the tiles: what differs is theirs. */
static bool
check_tiles(walk *w)
{
    const caplat_growth  *growth = &w->growth;

    if (!w->has_levels) {
        return true;
    }

    for (size_t i = 0; i < growth->hash_count; i++) {
        const caplat_level_hash  *hash = &growth->hashes[i];
        char                      name[CAPLAT_LEVEL_NAME_MAX];

        caplat_level_name(hash->level, name);

        if (!compare(w, w->levels.levels[hash->level], name, &hash->node, 1,
                     CAPLAT_NODE_LEN, hash->number,
                     ((hash->number + 1) << (8 * hash->level)) - 1))
        {
            return false;
        }
    }

    return compare(w, w->levels.levels[0], "0.hashes", growth->leaves,
                   growth->count, CAPLAT_NODE_LEN, growth->first,
                   growth->first)
        && compare(w, w->levels.entries, CAPLAT_ENTRIES_NAME, growth->bundles,
                   growth->count, CAPLAT_BUNDLE_LEN, growth->first,
                   growth->first);
}


/* Where a batch ends with the size of a checkpoint, its root must be ours. */
static bool
check_root(const walk *w, const caplat_checkpoint *checkpoint, uint64_t *seen)
{
    caplat_node  root;

    if (checkpoint == NULL || w->head.frontier.size != checkpoint->size) {
        return true;
    }

    *seen = checkpoint->size;
    caplat_merkle_root(caplat_sha256, &w->head.frontier, &root);

    return memcmp(root.bytes, checkpoint->root.bytes, CAPLAT_NODE_LEN) == 0;
}


/* The checkpoint that somebody has kept, and the one that is published. */
static bool
check_roots(walk *w)
{
    uint64_t  size = w->head.frontier.size;

    if (!check_root(w, w->conf->since, &w->since_seen)) {
        return damaged(w, w->head.offset, size, OTHER_SINCE);
    }

    return check_root(w, &w->published, &w->published_seen)
        || damaged(w, w->head.offset, size, OTHER_PUBLISHED);
}


/* All of the log was read: it holds what was signed, and each batch has been
   published whole or not at all. */
static bool
check_seen(walk *w)
{
    const caplat_checkpoint  *since = w->conf->since;
    uint64_t                  at = w->head.offset, size = w->head.frontier.size;

    if (since != NULL && since->size > size) {
        return damaged(w, at, size,
            "the checkpoint that was given is of a longer log");
    }

    if (since != NULL && since->size != w->since_seen) {
        return damaged(w, at, size, OTHER_SINCE);
    }

    if (w->published.size > size) {
        return damaged(w, at, size,
            "the log ends here, and the file `checkpoint` signs more");
    }

    return w->published.size == w->published_seen
        || damaged(w, at, size, OTHER_PUBLISHED);
}


/* What is published has its tiles. */
static bool
check_lengths(walk *w)
{
    return w->published.size == 0
        || (w->has_levels && caplat_levels_have(&w->levels,
                                                w->published.size))
        || caplat_ledger_fail(w->error, CAPLAT_LEDGER_DAMAGED, "tile",
            "a file is not there, or shorter than the file `checkpoint` says: "
            "a server makes it anew when it starts");
}


static bool
see(void *data, const caplat_replayed *replayed, const char **why)
{
    walk                      *w = data;
    const caplat_replay_line  *line = replayed->line;

    caplat_growth_add(&w->growth, line->record.index, line->entry, &line->leaf,
        replayed->full, replayed->full_count);
    w->audit->records++;
    *why = "it was not accepted";

    return w->conf->each == NULL
        || w->conf->each(w->conf->data, &line->record, line->text);
}


/* A batch, and after it the roots that others have been shown. */
static bool
take_batch(walk *w, caplat_slice text)
{
    const caplat_replay_conf  conf = {
        w->conf->verifier, false, w->notary, see, w
    };

    const caplat_head    before = w->head;
    caplat_replay_fault  fault;

    w->growth.count = 0;
    w->growth.hash_count = 0;

    caplat_replay_read(text, &w->lines);

    if (!caplat_replay_batch(&conf, &w->lines, &w->head, &fault)) {
        if (w->has_levels) {
            caplat_replay_blame(&w->levels, &w->lines, before.offset, &fault);
        }

        return w->error->len == 0
               && damaged(w, fault.at, fault.index, fault.why);
    }

    w->audit->checkpoints++;
    w->audit->bytes += text.len;

    if (!check_tiles(w) || !check_roots(w)
        || (w->conf->index != NULL
            && !caplat_index_check_take(w->conf->index, &w->lines, &before,
                                        &w->head, w->error)))
    {
        return false;
    }

    if (w->conf->progress != NULL) {
        w->conf->progress(w->conf->progress_data, "bytes", w->audit->bytes,
            w->all_bytes);
    }

    return true;
}


static bool
walk_segment(walk *w, int fd, bool is_last)
{
    caplat_walk        c;
    caplat_walk_state  state = CAPLAT_WALK_BATCH;
    caplat_slice       batch;
    uint64_t           at = 0, len;
    bool               is_done = true;

    if (!caplat_walk_open(fd, 0, &c)) {
        errno = ENOMEM;
        return fail(w, "log");
    }

    while (is_done
           && (state = caplat_walk_next(&c, &at, &batch))
              == CAPLAT_WALK_BATCH)
    {
        is_done = take_batch(w, batch);
    }

    caplat_walk_close(&c);

    if (!is_done) {
        return false;
    }

    if (state == CAPLAT_WALK_FAILED) {
        return fail(w, "log");
    }

    if (state == CAPLAT_WALK_TAIL
        && (!is_last || w->head.frontier.size < w->published.size))
    {
        return damaged(w, at, w->head.frontier.size,
            "there is no checkpoint behind it");
    }

    if (state == CAPLAT_WALK_TAIL && caplat_io_length(fd, &len)) {
        w->audit->torn = len - at;
    }

    return true;
}


static bool
audit_segment(walk *w, uint64_t first, bool is_last)
{
    char  name[CAPLAT_SEGMENT_NAME_MAX];
    int   fd;
    bool  is_done;

    if (first != w->head.frontier.size) {
        return damaged(w, w->head.offset, w->head.frontier.size,
            "a segment is missing behind it");
    }

    w->head.segment = first;
    w->head.offset = 0;
    w->audit->segments++;
    caplat_segment_name(first, name);
    fd = caplat_io_open(w->log, name, O_RDONLY);

    if (fd < 0) {
        return fail(w, name);
    }

    is_done = walk_segment(w, fd, is_last);
    (void) close(fd);

    return is_done;
}


static bool
sum_bytes(walk *w, const uint64_t *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char      name[CAPLAT_SEGMENT_NAME_MAX];
        uint64_t  len = 0;
        int       fd;

        caplat_segment_name(list[i], name);
        fd = caplat_io_open(w->log, name, O_RDONLY);

        if (fd < 0 || !caplat_io_length(fd, &len)) {
            (void) fail(w, name);
        }

        if (fd >= 0) {
            (void) close(fd);
        }

        w->all_bytes += len;
    }

    return w->error->len == 0;
}


static bool
audit_all(walk *w)
{
    uint64_t  *list;
    size_t     count;
    bool       is_done;

    if (!caplat_segment_list(w->log, &list, &count)) {
        return fail(w, "log");
    }

    is_done = sum_bytes(w, list, count);

    for (size_t i = 0; is_done && i < count; i++) {
        is_done = audit_segment(w, list[i], i + 1 == count);
    }

    free(list);

    if (!is_done || !check_seen(w) || !check_lengths(w)
        || (w->conf->index != NULL
            && !caplat_index_check_end(w->conf->index, &w->audit->indexed,
                                       w->error)))
    {
        return false;
    }

    w->audit->last.size = w->head.frontier.size;
    caplat_merkle_root(caplat_sha256, &w->head.frontier,
        &w->audit->last.root);

    return true;
}


/*
 * All of it, and then what the notary found: it came before whatever has ended
 * the walk. Who is shown the records sees none behind a signature that does not
 * hold, so that each is verified where it stands.
 */
static bool
audit_signed(walk *w)
{
    caplat_notary_spot  spot;
    const char         *why;
    bool                is_done, is_signed;

    if (!caplat_notary_open(w->conf->verifier,
                            w->conf->each != NULL ? 0 : caplat_notary_crew(),
                            &w->notary))
    {
        errno = ENOMEM;
        return fail(w, "log");
    }

    is_done = audit_all(w);
    is_signed = caplat_notary_settle(w->notary, &spot, &why);
    caplat_notary_close(w->notary);

    return is_signed ? is_done
           : caplat_ledger_damaged(w->error, spot.segment, spot.at,
                                   spot.index, why);
}


bool
caplat_audit_log(const caplat_audit_conf *conf, caplat_audit *audit,
    caplat_ledger_error *error)
{
    walk        *w = calloc(1, sizeof(*w));
    char         tile[CAPLAT_PATH_MAX];
    const char  *why;
    bool         is_done;

    memset(audit, 0, sizeof(*audit));
    error->fault = CAPLAT_LEDGER_OK;
    error->len = 0;

    if (w == NULL) {
        return caplat_ledger_fail(error, CAPLAT_LEDGER_IO, NULL,
            "there is no memory");
    }

    w->conf = conf;
    w->audit = audit;
    w->error = error;

    if (!caplat_io_path(w->log, conf->folder, "log")
        || !caplat_io_path(tile, conf->folder, "tile"))
    {
        free(w);
        return caplat_ledger_fail(error, CAPLAT_LEDGER_IO, NULL,
            "the folder's path is too long");
    }

    /* Before the log and the tiles, which a server writes first. */
    if (!caplat_published_read(conf->folder, conf->verifier, &w->published,
                               &why))
    {
        free(w);
        return caplat_ledger_fail(error, CAPLAT_LEDGER_DAMAGED, "checkpoint",
            why);
    }

    audit->published = w->published.size;
    w->has_levels = caplat_levels_open(tile, false, &w->levels);
    is_done = audit_signed(w);

    if (w->has_levels) {
        caplat_levels_close(&w->levels);
    }

    caplat_replay_free(&w->lines);
    free(w);

    return is_done;
}
