/*
 * A batch of the log, judged: the form of its records, their indices and times,
 * the tree that they make, and the checkpoint behind them. Whoever rebuilds,
 * recovers or audits goes this way.
 *
 * First its lines are read, which needs nothing of what stands before them and
 * is most of the work; then they are replayed on the head.
 */

#ifndef CAPLAT_REPLAY_H
#define CAPLAT_REPLAY_H

#include "caplat_ledger.h"
#include "caplat_notary.h"


/* A record's line, and what it tells by itself. It borrows from the batch. */
typedef struct {
    caplat_slice     text;              /* without LF */
    caplat_record    record;
    uint8_t          entry[CAPLAT_ENTRY_LEN];
    caplat_node      leaf;
} caplat_replay_line;

/*
 * A batch whose lines have been read: up to its checkpoint, or up to where
 * something is wrong. Zeros at first; its memory is used again.
 */
typedef struct {
    caplat_slice          text;         /* all of it, borrowed */
    caplat_replay_line   *list;
    size_t                count;
    size_t                room;
    caplat_slice          checkpoint;   /* its line, without LF */
    const char           *why;          /* what is wrong; NULL: nothing */
    size_t                at;           /* of that, or of the checkpoint */
} caplat_replay_lines;

/* Read the lines of a batch, the checkpoint's with its LF the last. What is
   wrong is kept for caplat_replay_batch. */
void caplat_replay_read(caplat_slice text, caplat_replay_lines *lines);
void caplat_replay_free(caplat_replay_lines *lines);


/* A record that holds, and how the tree has grown by it. */
typedef struct {
    const caplat_replay_line   *line;
    caplat_node                 full[64];   /* completed at levels 1, 2... */
    size_t                      full_count;
} caplat_replayed;

/* False: the rest is not wanted; `why` may tell. */
typedef bool (*caplat_replay_pt)(void *data, const caplat_replayed *replayed,
    const char **why);

typedef struct {
    const caplat_verifier  *verifier;
    bool                    signatures; /* verify the checkpoint's too: the
                                           dearest part of it */
    caplat_notary          *notary;     /* who does that instead, and is to be
                                           settled with; NULL */
    caplat_replay_pt        each;       /* NULL: none */
    void                   *data;
} caplat_replay_conf;

/* What is wrong, at which byte of the segment, with which record. */
typedef struct {
    const char   *why;
    uint64_t      at;
    uint64_t      index;
} caplat_replay_fault;


/*
 * head  before the batch, where it begins; on true, after it. On false it means
 *       nothing, and where the notary knows of something wrong, that came first
 */
bool caplat_replay_batch(const caplat_replay_conf *conf,
    const caplat_replay_lines *lines, caplat_head *head,
    caplat_replay_fault *fault);

/*
 * A batch that holds, into an index: what its records change, and where its
 * lines stand. False: the index is full, or a record cannot follow those of
 * before.
 *
 * head  before the batch
 */
bool caplat_replay_apply(caplat_view *view, const caplat_replay_lines *lines,
    const caplat_head *head, caplat_replay_fault *fault);


#endif /* CAPLAT_REPLAY_H */
