/*
 * An overlay from within: for the files that implement caplat_overlay.h.
 *
 * A half holds rows: those that wait, or those that leave. Their keys and
 * values lie in its text one behind the other; a list tells where, and is
 * brought into the order of the keys run by run, while a run is in the cache.
 * Those of a key stay in the order in which they came: the last one counts.
 */

#ifndef CAPLAT_OVERLAY_INNER_H
#define CAPLAT_OVERLAY_INNER_H

#include "caplat_overlay.h"


#define CAPLAT_HALF_SLOTS  (2 * CAPLAT_OVERLAY_ROWS)   /* a power of two */
#define CAPLAT_ROW_WORDS   2            /* of a key, that stand in the list */
#define CAPLAT_RUN_LEN     4096         /* rows */
#define CAPLAT_RUNS        (CAPLAT_OVERLAY_ROWS / CAPLAT_RUN_LEN)   /* a power
                                           of two too */


/* Where a row stands in the text: its lengths, key and value. */
typedef struct {
    uint64_t    words[CAPLAT_ROW_WORDS];    /* of its key, as numbers that
                                           compare as bytes */
    uint64_t    at;
} caplat_row_at;

typedef struct {
    uint32_t    key_len;
    uint32_t    value_len;
    uint32_t    room;                   /* for the value */
} caplat_row_lens;

typedef struct {
    uint32_t    tag;                    /* other bits of the hash: mostly the
                                           key need not be looked at */
    uint32_t    at;                     /* of the row, and 1; 0: empty */
} caplat_half_slot;


typedef struct {
    caplat_half_slot  slots[CAPLAT_HALF_SLOTS];     /* of rows to be found */
    caplat_row_at     rows[CAPLAT_OVERLAY_ROWS];
    size_t            count;
    size_t            len;              /* bytes of the text */
    char              text[CAPLAT_OVERLAY_LEN];
} caplat_half;


struct caplat_overlay {
    caplat_half      halves[2];
    caplat_half     *fresh;             /* where rows are put */
    caplat_half     *leaving;           /* from where they are taken */
    size_t           left;              /* rows that are still to be taken */
    size_t           next[CAPLAT_RUNS];         /* of each run there */
    uint32_t         best[2 * CAPLAT_RUNS];     /* a tournament of runs: of
                                           node n the better of 2n, 2n + 1 */
    caplat_row_at    spare[CAPLAT_RUN_LEN];     /* for who sorts */
    uint64_t         had[CAPLAT_OVERLAY_BITS / 64];
};

_Static_assert(CAPLAT_OVERLAY_LEN < UINT32_MAX, "a slot tells where");


static inline caplat_row_lens
caplat_half_lens(const caplat_half *h, uint64_t at)
{
    caplat_row_lens  found;

    memcpy(&found, h->text + at, sizeof(found));

    return found;
}


static inline caplat_slice
caplat_half_key(const caplat_half *h, uint64_t at)
{
    return caplat_slice_of(h->text + at + sizeof(caplat_row_lens),
                           caplat_half_lens(h, at).key_len);
}


static inline caplat_slice
caplat_half_value(const caplat_half *h, uint64_t at)
{
    caplat_row_lens  found = caplat_half_lens(h, at);

    return caplat_slice_of(h->text + at + sizeof(found) + found.key_len,
                           found.value_len);
}


/* Bring the last rows of a half into order, which are at most a run. */
void caplat_half_sort(caplat_half *h, size_t count, caplat_row_at *spare);


#endif /* CAPLAT_OVERLAY_INNER_H */
