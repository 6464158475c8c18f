/*
 * The log's segments: which there are, and a walk over their batches.
 *
 *   NNNNNNNNNN.ndjson   ten digits at least: the index of its first record
 *
 * A batch is the lines of its records and behind them the line of their
 * checkpoint, {"checkpoint":"<note>"}. A walk holds one batch in memory.
 */

#ifndef CAPLAT_SEGMENT_H
#define CAPLAT_SEGMENT_H

#include "caplat_ledger.h"


#define CAPLAT_SEGMENT_NAME_MAX  40     /* bytes with the NUL */
#define CAPLAT_BATCH_ROOM                                                     \
    (CAPLAT_BATCH_LEN_MAX + CAPLAT_BATCH_SLACK)
#define CAPLAT_BATCH_SLACK       ((size_t) 1 << 20)     /* what one request may
                                           add beyond, and the checkpoint */


void caplat_segment_name(uint64_t first,
    char name[static CAPLAT_SEGMENT_NAME_MAX]);

/*
 * All segments in their order; the caller frees the list.
 *
 * False when the folder cannot be read: errno tells.
 */
bool caplat_segment_list(const char *folder, uint64_t **list, size_t *count);

/* How many bytes all of them have; 0 where that cannot be told. */
uint64_t caplat_segment_sum(const char *folder);

/* Write the line of a checkpoint, with its LF. */
void caplat_checkpoint_line_write(caplat_writer *w, caplat_slice note);

/* Read such a line without its LF: the note, into room. */
bool caplat_checkpoint_line_read(caplat_slice line,
    char room[static CAPLAT_CHECKPOINT_MAX], caplat_slice *note);

/* Whether a line is one of those, by how it begins. */
bool caplat_is_checkpoint_line(caplat_slice line);


typedef struct {
    int        fd;
    uint64_t   at;                      /* offset of what is in the room */
    char      *room;                    /* CAPLAT_BATCH_ROOM bytes */
    size_t     len;                     /* bytes in it */
    size_t     used;                    /* of those, walked over */
} caplat_walk;

typedef enum {
    CAPLAT_WALK_BATCH,
    CAPLAT_WALK_END,                    /* nothing behind the last batch */
    CAPLAT_WALK_TAIL,                   /* something, but no whole batch */
    CAPLAT_WALK_FAILED                  /* errno tells */
} caplat_walk_state;

/* Walk the file from an offset on; false: no memory. fd is borrowed. */
bool caplat_walk_open(int fd, uint64_t at, caplat_walk *walk);
void caplat_walk_close(caplat_walk *walk);

/*
 * The next batch.
 *
 * at     where it begins in the file; of a tail too
 * batch  its lines, the checkpoint's with LF the last. Valid until the next
 *        call. Of a tail: as much of it as there is room for
 */
caplat_walk_state caplat_walk_next(caplat_walk *walk, uint64_t *at,
    caplat_slice *batch);

/* Go on behind a tail that is longer than the room, with its last line; false:
   it is not. */
bool caplat_walk_skip(caplat_walk *walk);


#endif /* CAPLAT_SEGMENT_H */
