/*
 * The batches of a segment, read ahead of whoever takes them in their order.
 * Threads of its own walk over the file and read the lines, several batches at
 * a time; the taker does the same where it would have to wait. Without threads
 * all of it is done when it is asked for, and nothing is read ahead.
 */

#ifndef CAPLAT_AHEAD_H
#define CAPLAT_AHEAD_H

#include "caplat_replay.h"
#include "caplat_segment.h"


#define CAPLAT_AHEAD_CREW  2            /* threads, at most: more have nothing
                                           to do beside one taker */
#define CAPLAT_AHEAD_MAX   256          /* batches that are held */
#define CAPLAT_AHEAD_LEN   ((size_t) 4 << 20)       /* bytes of their texts,
                                           beyond which only one is read */


typedef struct caplat_ahead  caplat_ahead;

/* What the walk has found. */
typedef struct {
    caplat_walk_state     state;
    int                   code;         /* errno, where it has failed */
    uint64_t              at;           /* where it begins in the file */
    caplat_replay_lines   lines;        /* of a batch */
} caplat_ahead_batch;


/* At most crew threads. False: no memory. */
bool caplat_ahead_open(size_t crew, caplat_ahead **ahead);
void caplat_ahead_close(caplat_ahead *ahead);       /* NULL too; it waits */

/* Walk over a file from an offset on, instead of what was walked over before;
   fd is borrowed until it is stopped. False: no memory. */
bool caplat_ahead_start(caplat_ahead *ahead, int fd, uint64_t at);

/* The next one, valid until the next call, or until another file is begun with.
   Behind one that is no batch there is none. */
const caplat_ahead_batch *caplat_ahead_next(caplat_ahead *ahead);

/* From here on nobody reads. What was taken stays. */
void caplat_ahead_stop(caplat_ahead *ahead);


#endif /* CAPLAT_AHEAD_H */
