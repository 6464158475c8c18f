/*
 * The ledger: an append-only log of orders that lasts and can be proved.
 *
 * Files below one folder:
 *
 *   log/NNNNNNNNNN.ndjson   segments, named by the index of their first record,
 *                           ten digits at least: lines of records
 *                           (caplat_record.h), and behind each batch its signed
 *                           checkpoint, {"checkpoint":"<note as a string>"}.
 *                           The truth: never rewritten
 *   log/NAME.torn           what a crash has left behind the last good batch
 *   index/                  LMDB (caplat_index.h), and what all processes map:
 *                           `finder` (caplat_finder.h), and `shared`: the next
 *                           number of an order, of a slot, up to where the log
 *                           is synced, whether it is closed. Derived
 *   tile/L.hashes           the hashes of tile level L, 32 bytes each
 *   tile/entries.bundles    the commitments, 34 bytes each. Both derived
 *   checkpoint              the newest, for publishing: how far the log must go
 *                           at least. Derived, and not synced; made anew by an
 *                           opening that cannot read it, which keeps it as
 *                           checkpoint.torn
 *   vault/                  caplat_vault.h; may lie elsewhere
 *   closed                  there when a sync has failed: why, and since when
 *
 * A commit, in one thread of each process:
 *
 *   1  the index's write transaction: the lock between processes. If the log is
 *      longer than the head says, recover first
 *   2  each request decides by what it sees there, and adds its records
 *   3  records and checkpoint are written in one piece at the head's offset;
 *      tiles are written; the index commits: the lock is gone
 *   4  fdatasync of the log, while others may be at 2 and 3: it covers all
 *      that was written before it. The mark `durable` moves to the batch's end
 *   5  `checkpoint` is replaced; the caller answers
 *
 * Whoever reads acts only on what lies before `durable`. A refused or repeated
 * request that leans on a record behind it waits for the sync as well.
 *
 * What goes wrong:
 *
 *   a write is short or fails, the index is full, the disk has less than its
 *   reserve: the transaction is given up, the log is cut back to the head,
 *   FULL or IO; nothing was ordered. An index that is full only when it commits
 *   leaves the batch in the log, for whoever comes next: FULL, and nobody was
 *   told
 *   a sync fails, of log/ and the vault too: CLOSED, in all processes and for
 *   ever, until `caplat log reopen` has verified all. It is never tried again:
 *   the page cache does not tell what the disk has
 *   the log does not verify before its last checkpoint: DAMAGED
 *
 * The clock: no record's time lies before the one of the record before it,
 * whatever the clock does. What is decided, prices and how long an order waits,
 * goes by the clock: one that was ahead for a moment leaves later records with
 * the last time that it told, and nothing else.
 */

#ifndef CAPLAT_LEDGER_H
#define CAPLAT_LEDGER_H

#include "caplat_index.h"
#include "caplat_note.h"
#include "caplat_record.h"


#define CAPLAT_SEGMENT_LEN      ((uint64_t) 64 << 20)   /* bytes, unless told */
#define CAPLAT_SEGMENT_LEN_MIN  ((uint64_t) 65536)
#define CAPLAT_RESERVE_LEN      ((uint64_t) 64 << 20)   /* bytes that stay free
                                           on the disk */
#define CAPLAT_BATCH_MAX        1024    /* requests of one commit */
#define CAPLAT_BATCH_LEN_MAX    ((size_t) 4 << 20)      /* bytes: a request that
                                           begins behind them waits for the
                                           next commit */


typedef struct {
    const char                 *folder;         /* NUL at the end */
    caplat_slice                name;           /* the log's origin */
    const caplat_private_key   *key;            /* NULL: to read only */
    const caplat_verifier      *verifier;
    uint64_t                    segment_len;
    uint64_t                    reserve_len;
    size_t                      index_len;
    bool                        rebuild;        /* do not believe the index */
    bool                        cut;            /* move away what a closed
                                           ledger has not synced:
                                           caplat_ledger_reopen's */
} caplat_ledger_conf;

typedef struct caplat_ledger  caplat_ledger;


/* What is said while something takes long; NULL: nothing. */
typedef void (*caplat_progress_pt)(void *data, const char *what,
    uint64_t done, uint64_t all);

typedef enum {
    CAPLAT_LEDGER_OK,
    CAPLAT_LEDGER_FULL,                 /* disk or index */
    CAPLAT_LEDGER_IO,
    CAPLAT_LEDGER_CLOSED,
    CAPLAT_LEDGER_DAMAGED,
    CAPLAT_LEDGER_UNPUBLISHED           /* all is recorded, but the file
                                           `checkpoint` is an older one */
} caplat_ledger_fault;

/* Which file and byte, in words for an operator. */
typedef struct {
    caplat_ledger_fault   fault;
    char                  words[256];
    size_t                len;
} caplat_ledger_error;


/*
 * Make the folders of a ledger that are missing, mode 0700, owned by user and
 * group, and synced; all that is there already and ours is handed to them too.
 * For the process that starts others. -1: as it is.
 */
bool caplat_ledger_prepare(const char *folder, int user, int group,
    caplat_ledger_error *error);

/*
 * Open: recover what a crash has left, rebuild the index where it is lost.
 * Files of caplat_ledger_conf are borrowed. A closed ledger opens, for reading.
 */
bool caplat_ledger_open(const caplat_ledger_conf *conf,
    caplat_progress_pt progress, void *data, caplat_ledger **ledger,
    caplat_ledger_error *error);
void caplat_ledger_close(caplat_ledger *ledger);    /* NULL too */

/* What recovery has moved away, in words, for a warning; empty: nothing. */
caplat_slice caplat_ledger_torn(const caplat_ledger *ledger);

/* How many such files there are, of all recoveries: whoever moved one away may
   have been killed before it could say so. */
size_t caplat_ledger_torn_count(const caplat_ledger *ledger);

/* The next number for an order, and slot of an epoch; nobody else gets it. */
uint64_t caplat_ledger_next_order(caplat_ledger *ledger);
bool caplat_ledger_next_slot(caplat_ledger *ledger, caplat_slice epoch,
    uint64_t at_least, uint64_t *slot);

/* Up to which size of the tree all is synced; whether it is closed. */
uint64_t caplat_ledger_durable(const caplat_ledger *ledger);
bool caplat_ledger_closed(const caplat_ledger *ledger);

/* Whether a commit can begin: it is not closed, and its disk has more than its
   reserve. */
bool caplat_ledger_is_ready(const caplat_ledger *ledger,
    caplat_ledger_error *error);
uint64_t caplat_ledger_reserve(const caplat_ledger *ledger);   /* bytes */

/* By how many ms the log was ahead of the clock at this process's last commit;
   0: it was not, or there was none. Not beside a commit. */
int64_t caplat_ledger_ahead(const caplat_ledger *ledger);

/* Close it, as when a sync fails: what a batch leans on, "vault", was not
   synced. False, with CLOSED, always. */
bool caplat_ledger_shut(caplat_ledger *ledger, const char *what,
    const char *why, caplat_ledger_error *error);


/* What is being committed; its memory is the ledger's, until the next one. */
typedef struct caplat_batch  caplat_batch;

/*
 * Decide the request `at`: look, and add records or none. Called within the
 * lock, for each in turn; those of before can be seen. False ends the batch:
 * only for what ends it all (a record could not be added).
 */
typedef bool (*caplat_decide_pt)(void *data, size_t at, caplat_batch *batch);

/* What a decision sees. */
const caplat_view *caplat_batch_view(const caplat_batch *batch);

/* In ms: what the clock says, and what records are given: never back. */
int64_t caplat_batch_now(const caplat_batch *batch);
int64_t caplat_batch_time(const caplat_batch *batch);

/*
 * Add a record: index, time and salt are set here. False: the index is full, or
 * the record cannot follow; the batch fails.
 */
bool caplat_batch_add(caplat_batch *batch, caplat_record *record);

/* Of a batch that has been committed: how many of the requests were decided,
   from the first one on; its checkpoint; the size of the tree. */
size_t caplat_batch_decided(const caplat_batch *batch);
caplat_slice caplat_batch_checkpoint(const caplat_batch *batch);
uint64_t caplat_batch_size(const caplat_batch *batch);

/* The line of a record of this batch, by its index in the tree; and its audit
   path in the batch's tree. */
caplat_slice caplat_batch_line(const caplat_batch *batch, uint64_t index);
bool caplat_batch_path(const caplat_batch *batch, uint64_t index,
    caplat_node path[static CAPLAT_PATH_LEN_MAX], size_t *count);

/*
 * Commit count requests, steps 1 to 5, or as many as there is room for, one at
 * least. One thread of a process at a time.
 *
 * now_ms  what the clock says
 * more    others wait to be committed next: `checkpoint` may be left to them
 * error   on true: OK, or UNPUBLISHED
 *
 * On false nothing is promised, and no answer may say otherwise.
 */
bool caplat_ledger_commit(caplat_ledger *ledger, caplat_decide_pt decide,
    void *data, size_t count, int64_t now_ms, bool more,
    caplat_batch **batch, caplat_ledger_error *error);


/*
 * To read, in any thread: a view, as of caplat_index_read.
 */
bool caplat_ledger_view(caplat_ledger *ledger, caplat_view **view,
    caplat_ledger_error *error);

/* A record's line, in room for CAPLAT_RECORD_LEN_MAX bytes. */
bool caplat_ledger_line(caplat_ledger *ledger, const caplat_view *view,
    uint64_t index, char *room, caplat_slice *line,
    caplat_ledger_error *error);

/*
 * The checkpoint that was written with a record: what its first answer had.
 *
 * room  for CAPLAT_CHECKPOINT_MAX bytes
 */
bool caplat_ledger_checkpoint_of(caplat_ledger *ledger,
    const caplat_view *view, uint64_t index, char *room, caplat_slice *note,
    caplat_checkpoint *checkpoint, caplat_ledger_error *error);

/* The newest checkpoint whose records are all synced. */
bool caplat_ledger_checkpoint(caplat_ledger *ledger, const caplat_view *view,
    char *room, caplat_slice *note, caplat_checkpoint *checkpoint,
    caplat_ledger_error *error);

/* The audit path of a record in a tree of that size, out of the tiles. */
bool caplat_ledger_path(caplat_ledger *ledger, uint64_t index, uint64_t size,
    caplat_node path[static CAPLAT_PATH_LEN_MAX], size_t *count,
    caplat_ledger_error *error);


#endif /* CAPLAT_LEDGER_H */
