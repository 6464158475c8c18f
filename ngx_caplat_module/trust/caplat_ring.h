/*
 * Used proofs in the order of their coming, and where each of them lies: the
 * ring and the index of a zone (caplat_zone.h), over memory that is handed
 * in. Who calls holds the zone's lock.
 *
 *            first                 next
 *              v                    v
 *   ring   | . | A | B | C | D | E | . | . |     room entries, the n-th at
 *                    ^                           n modulo room
 *                    |
 *   index  | 0 | 5 | 3 | 0 | 2 | 0 | ... |       slots positions in the ring,
 *                                                from 1; 0: none
 *
 * The ring is right at every moment, whenever a process dies: an entry is
 * written before `next` counts it. The index, which is open addressing with
 * half of it empty, is right only while nobody is at work in it, and so are
 * the counts of the buckets; after a death caplat_ring_mend makes them anew.
 *
 * Each entry is of a bucket, which stands for the key that signed: so it can
 * be said how many there are of one key. Two keys may share a bucket.
 */

#ifndef CAPLAT_RING_H
#define CAPLAT_RING_H

#include "caplat_slice.h"

#include <stdatomic.h>


#define CAPLAT_RING_HASH     14         /* bytes: 112 bits, keyed */
#define CAPLAT_RING_BUCKETS  4096

/* Bytes that an entry costs, its two slots in the index included. */
#define CAPLAT_RING_COST  (sizeof(caplat_ring_entry) + 2 * sizeof(uint32_t))


typedef struct {
    uint8_t    hash[CAPLAT_RING_HASH];
    uint16_t   bucket;                  /* < CAPLAT_RING_BUCKETS */
    int64_t    used;                    /* when, as its user's clock said */
    int64_t    until;                   /* it leaves then, by the clock of the
                                           zone */
} caplat_ring_entry;


/* Numbers of entries since the zone was made; they only grow. */
typedef struct {
    _Atomic uint64_t   first;           /* the oldest that is still there */
    _Atomic uint64_t   next;            /* the one that will come */
} caplat_ring_ends;


/* All of it shared but the struct itself. Zeroed memory is an empty ring. */
typedef struct {
    caplat_ring_ends    *ends;
    caplat_ring_entry   *entries;
    uint32_t            *index;
    uint32_t            *counts;        /* of CAPLAT_RING_BUCKETS */
    uint32_t             room;          /* entries, from 1 */
    uint32_t             slots;         /* twice as many */
} caplat_ring;


bool caplat_ring_has(const caplat_ring *ring,
    const uint8_t hash[static CAPLAT_RING_HASH]);

/* An entry whose hash it does not have; false when it is full. */
bool caplat_ring_add(caplat_ring *ring, const caplat_ring_entry *entry);

/* The one that came first; NULL when there is none. */
const caplat_ring_entry *caplat_ring_oldest(const caplat_ring *ring);

/* Forget the oldest, which must be there. */
void caplat_ring_drop(caplat_ring *ring);

/* How many there are of a bucket. */
size_t caplat_ring_held(const caplat_ring *ring, uint16_t bucket);

/* Make the index and the counts of what the ring has. */
void caplat_ring_mend(caplat_ring *ring);

/* How many there are; needs no lock. */
size_t caplat_ring_count(const caplat_ring *ring);


#endif /* CAPLAT_RING_H */
