/*
 * A ledger from within: for the files that implement caplat_ledger.h.
 */

#ifndef CAPLAT_LEDGER_INNER_H
#define CAPLAT_LEDGER_INNER_H

#include "caplat_io.h"
#include "caplat_ledger.h"
#include "caplat_level.h"
#include "caplat_replay.h"
#include "caplat_shared.h"


#define CAPLAT_LINES_MAX     (4 * CAPLAT_BATCH_MAX)     /* records of a batch:
                                           what a request adds is four at
                                           most */
#define CAPLAT_LEVEL_HASHES  (CAPLAT_LINES_MAX / CAPLAT_TILE_WIDTH + 8)


/* A hash of a higher tile level, which a batch has completed. */
typedef struct {
    unsigned      level;
    uint64_t      number;
    caplat_node   node;
} caplat_level_hash;


/* What records add to the tiles. */
typedef struct {
    uint64_t            first;          /* index of the first of them */
    size_t              count;
    caplat_node         leaves[CAPLAT_LINES_MAX];
    uint8_t             bundles[CAPLAT_LINES_MAX * CAPLAT_BUNDLE_LEN];
    caplat_level_hash   hashes[CAPLAT_LEVEL_HASHES];
    size_t              hash_count;
} caplat_growth;


struct caplat_batch {
    caplat_ledger  *ledger;
    caplat_view    *view;
    caplat_head     before;
    caplat_head     head;               /* with what has been added */
    int64_t         now_ms;             /* what the clock says */
    int64_t         time_ms;            /* of its records */
    caplat_writer   text;               /* the lines */
    size_t          decided;            /* requests */
    size_t          count;              /* of lines */
    uint32_t        ends[CAPLAT_LINES_MAX + 1];     /* of each and the
                                           checkpoint's, without LF */
    uint8_t         salts[CAPLAT_LINES_MAX][CAPLAT_SALT_LEN];
    caplat_growth   growth;

    /* Nodes that the batch has completed, by tree level: of level l the first
       is number before.size >> l. */
    caplat_node     nodes[2 * CAPLAT_LINES_MAX + 3 * 64];
    size_t          node_at[64];        /* where a level begins */

    char            note[CAPLAT_CHECKPOINT_MAX];
    size_t          note_len;
    const char     *part;               /* whose `why` is: log or index */
    const char     *why;                /* a record was not added */
};


struct caplat_ledger {
    caplat_ledger_conf   conf;
    char                 log[CAPLAT_PATH_MAX];
    char                 index_folder[CAPLAT_PATH_MAX];
    char                 tile[CAPLAT_PATH_MAX];
    int                  lock;          /* held while one opens */
    int                  use;           /* log/: shared with all who have it
                                           open */
    bool                 is_alone;      /* nobody has, while it is opened */
    int                  publish;       /* held while one publishes */

    caplat_index        *index;
    caplat_shared       *shared;
    caplat_levels        levels;

    /* The committing thread's. */
    int                  segment_fd;    /* -1: none is open */
    uint64_t             segment;
    uint8_t              salts[CAPLAT_LINES_MAX][CAPLAT_SALT_LEN];
    size_t               salts_left;
    caplat_batch         batch;
    char                 note[CAPLAT_CHECKPOINT_MAX];   /* the newest that is
                                           synced, of those that this process
                                           has signed */
    size_t               note_len;      /* 0: none */
    uint64_t             note_size;     /* of its tree */

    caplat_checkpoint    published;     /* the file `checkpoint`, when it was
                                           opened; size 0: none */
    const char          *published_why; /* why it could not be read; NULL */
    const caplat_checkpoint  *since;    /* what somebody has kept, by whose word
                                           the rest may go; NULL */
    bool                 is_reopening;  /* closed for all but this one */
    char                 torn[256];
    size_t               torn_len;
};


/*
 * Fill error: `FILE: WHY`, and where it is known the byte and record. Always
 * false. file may be NULL.
 */
bool caplat_ledger_fail(caplat_ledger_error *error, caplat_ledger_fault fault,
    const char *file, const char *why);
bool caplat_ledger_damaged(caplat_ledger_error *error, uint64_t segment,
    uint64_t at, uint64_t index, const char *why);

/* The same of a file of tile/: what it has of a record, or of those up to it,
   is not what the log says. */
bool caplat_ledger_damaged_tile(caplat_ledger_error *error, const char *name,
    uint64_t index);

/* Before a commit: nothing has been added. */
void caplat_batch_clear(caplat_batch *batch, caplat_ledger *ledger);

/* When all has been added: the tree with it. */
void caplat_batch_grow(caplat_batch *batch);

/* Write what has been added to the tiles. False: errno tells. */
bool caplat_growth_write(const caplat_growth *growth,
    const caplat_levels *levels);

/* One more leaf; full: what caplat_merkle_append tells. */
void caplat_growth_add(caplat_growth *growth, uint64_t index,
    const uint8_t entry[static CAPLAT_ENTRY_LEN], const caplat_node *leaf,
    const caplat_node *full, size_t full_count);

/*
 * Of a batch whose checkpoint does not sign its records: if the tiles know one
 * of them otherwise, that is what is wrong.
 *
 * at     where the batch begins
 * fault  of caplat_replay_batch
 */
void caplat_replay_blame(const caplat_levels *levels,
    const caplat_replay_lines *lines, uint64_t at, caplat_replay_fault *fault);

/*
 * Go on from the head to the log's end, into the index: after a crash, or from
 * nothing. What is behind the last good batch is moved away.
 *
 * view      of which NULL means that the transaction may be committed now and
 *           then, and is begun anew
 */
bool caplat_ledger_recover(caplat_ledger *ledger, caplat_view **view,
    bool in_parts, caplat_progress_pt progress, void *data,
    caplat_ledger_error *error);

/* caplat_ledger_open, which also moves away what cannot be read of the log's
   end though something of ours stands behind it, where the log before that
   holds what was kept elsewhere and what was published. since may be NULL. */
bool caplat_ledger_open_since(const caplat_ledger_conf *conf,
    const caplat_checkpoint *since, caplat_progress_pt progress, void *data,
    caplat_ledger **ledger, caplat_ledger_error *error);

/* What opening does once the files are open: recover what a crash has left, or
   rebuild; settle up to where the log is synced, and what is published. */
bool caplat_ledger_start(caplat_ledger *ledger, bool is_new,
    caplat_progress_pt progress, void *data, caplat_ledger_error *error);

/* Add to what caplat_ledger_torn tells. */
void caplat_ledger_tell_torn(caplat_ledger *ledger, caplat_slice words);

/* Whether a segment stands behind that one, and which is the next. */
bool caplat_ledger_has_next(const caplat_ledger *ledger, uint64_t segment,
    bool *has, uint64_t *next, caplat_ledger_error *error);

/*
 * Whether anything of ours stands in the head's segment from an offset on, or
 * behind that segment: a checkpoint of ours, or of anybody where the head knows
 * of no record, for that tells that this is another log.
 */
bool caplat_ledger_is_followed(const caplat_ledger *ledger,
    const caplat_head *head, int fd, uint64_t at, bool *is,
    caplat_ledger_error *error);

/* Move what stands in a segment from an offset on to a file of its own, where
   it is synced before it goes here: nothing is dropped. */
bool caplat_ledger_move_tail(caplat_ledger *ledger, uint64_t segment, int fd,
    uint64_t at, caplat_ledger_error *error);

/* Open the segment of the head for writing; made when it is to begin. The
   folder is synced whoever has made it: who did may have been killed before. A
   sync that fails closes the ledger. */
bool caplat_ledger_use_segment(caplat_ledger *ledger, uint64_t segment,
    bool is_new, caplat_ledger_error *error);

/* Sync the log up to that size, which moves `durable`; or close the ledger. */
bool caplat_ledger_sync(caplat_ledger *ledger, uint64_t size,
    caplat_ledger_error *error);

/*
 * Read and verify the file `checkpoint` of a folder.
 *
 * checkpoint  size 0: there is none
 * why         on false: it cannot be read, or is not the verifier's
 */
bool caplat_published_read(const char *folder, const caplat_verifier *verifier,
    caplat_checkpoint *checkpoint, const char **why);

/* At the start: where `checkpoint` cannot be read it is moved away, and where
   it is behind it is replaced, if the disk lets us: it is derived. */
void caplat_ledger_republish(caplat_ledger *ledger, uint64_t size,
    caplat_slice note);

/* Replace `checkpoint` unless a newer one stands there. */
bool caplat_ledger_publish(caplat_ledger *ledger, uint64_t size,
    caplat_slice note, bool more, caplat_ledger_error *error);


#endif /* CAPLAT_LEDGER_INNER_H */
