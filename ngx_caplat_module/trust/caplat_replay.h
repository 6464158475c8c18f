/*
 * A batch of the log, judged: the form of its records, their indices and times,
 * the tree that they make, and the checkpoint behind them. Whoever rebuilds,
 * recovers or audits goes this way.
 */

#ifndef CAPLAT_REPLAY_H
#define CAPLAT_REPLAY_H

#include "caplat_ledger.h"
#include "caplat_notary.h"


/* A record that holds, and how the tree has grown by it. */
typedef struct {
    const caplat_record   *record;
    caplat_slice           line;
    caplat_spot            spot;
    uint8_t                entry[CAPLAT_ENTRY_LEN];
    caplat_node            leaf;
    caplat_node            full[64];    /* completed at levels 1, 2, 3... */
    size_t                 full_count;
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
 * text  all lines of a batch, the checkpoint's with its LF
 * head  before it, where it begins; on true, after it. On false it means
 *       nothing, and where the notary knows of something wrong, that came first
 * note  where the checkpoint's line stands
 */
bool caplat_replay_batch(const caplat_replay_conf *conf, caplat_slice text,
    caplat_head *head, caplat_spot *note, caplat_replay_fault *fault);


#endif /* CAPLAT_REPLAY_H */
