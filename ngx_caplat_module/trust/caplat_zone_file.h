/*
 * The file of a zone: made, found, told from others, mapped.
 *
 *   prefix      the same in every version of the program, so that each knows
 *               another's and what it has forgotten
 *   secrets, lock, clock, ends and buckets of the ring, counters, tallies
 *   entries     of the ring (caplat_ring.h)
 *   index       of the ring
 *
 * A file is made under a name of its own and given its name when it is whole.
 * It loses the name to another one only when nobody uses it:
 *
 *   to use it      a shared flock, as long as any process has it open
 *   to replace it  an exclusive one, without waiting for it
 *
 * And whoever has got the lock looks whether the path still leads to the file.
 */

#ifndef CAPLAT_ZONE_FILE_H
#define CAPLAT_ZONE_FILE_H

#include "caplat_boot.h"
#include "caplat_hash.h"
#include "caplat_ring.h"
#include "caplat_zone.h"

#include <pthread.h>


/* Seconds: sums of some of them are no overflow. */
#define CAPLAT_MOMENT_MAX   ((INT64_C(1) << 53) - 1)


/* Nothing here may ever move. */
typedef struct {
    char               magic[8];
    uint32_t           version;
    uint32_t           head;            /* bytes before the entries */
    uint64_t           len;             /* of the file */
    char               boot[CAPLAT_BOOT_LEN];
    uint8_t            zero[4];
    _Atomic int64_t    blind_until;
    _Atomic int64_t    latest;          /* that anybody's clock has said */
} caplat_zone_prefix;

_Static_assert(sizeof(caplat_zone_prefix) == 80, "as all versions have it");


/* Those with a word stand without a gap behind the home of their hash. */
typedef struct {
    char                word[CAPLAT_TALLY_LEN_MAX];
    _Atomic uint64_t    len;            /* 0: empty; told when all is written */
    _Atomic uint64_t    count;
} caplat_tally;


typedef struct {
    caplat_zone_prefix  prefix;
    uint8_t             secret[CAPLAT_KEYED_KEY];
    uint8_t             proof_key[CAPLAT_KEYED_KEY];
    uint8_t             nonce_key[CAPLAT_KEYED_KEY];
    pthread_mutex_t     lock;
    int64_t             wall;           /* what the clock said last */
    _Atomic int64_t     clock;          /* the zone's own; never goes back */
    caplat_ring_ends    ends;
    uint32_t            buckets[CAPLAT_RING_BUCKETS];
    _Atomic uint64_t    counters[CAPLAT_COUNTERS_MAX];
    caplat_tally        tallies[CAPLAT_TALLIES_MAX];
} caplat_zone_head;


/* Map the file of caplat_zone_open, whose arguments these are; `fd` holds it
   until it is closed here and in all processes that were forked. */
bool caplat_zone_map(const char *path, size_t len, int64_t now,
    caplat_zone_head **head, int *fd, const char **why);


#endif /* CAPLAT_ZONE_FILE_H */
