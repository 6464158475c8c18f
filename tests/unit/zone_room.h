/*
 * What the tests of a zone share: a folder of their own, and short words.
 */

#ifndef ZONE_ROOM_H
#define ZONE_ROOM_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE                     /* mkdtemp, MAP_ANONYMOUS */
#endif

#include "caplat_zone.h"

#include "test.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>


#define NOW    INT64_C(1795334400)      /* when the zones of tests are made */
#define CLEAR  (NOW + 61)               /* the first moment they can tell of */
#define SMALL  CAPLAT_ZONE_LEN_MIN


static char  zone_folder[] = "/tmp/caplat-zone-XXXXXX";
static char  zone_path[sizeof(zone_folder) + 5];


/* A folder for zone_path, or the end. */
static inline void
zone_room_open(void)
{
    if (mkdtemp(zone_folder) == NULL) {
        perror(zone_folder);
        exit(1);
    }

    memcpy(zone_path, zone_folder, sizeof(zone_folder) - 1);
    memcpy(zone_path + sizeof(zone_folder) - 1, "/zone", 6);
}


static inline void
zone_room_close(void)
{
    (void) unlink(zone_path);
    test_that(rmdir(zone_folder) == 0, "nothing is left behind");
}


static inline caplat_zone *
open_at(size_t len, int64_t now)
{
    caplat_zone  *zone = NULL;
    const char   *why = "";

    if (!caplat_zone_open(zone_path, len, now, &zone, &why)) {
        printf("%s: %s\n", zone_path, why);
        exit(1);
    }

    return zone;
}


/* A zone that is new. */
static inline caplat_zone *
open_new(size_t len)
{
    (void) unlink(zone_path);

    return open_at(len, NOW);
}


static inline caplat_slice
number_slice(const uint64_t *number)
{
    return caplat_slice_of((const char *) number, sizeof(*number));
}


/* One key of sixty-four, so that none has more than its share. */
static inline caplat_slice
key_of(uint64_t id)
{
    static uint64_t  key;

    key = id % 64;

    return number_slice(&key);
}


/* Use proof `id`, made and shown at a moment. */
static inline caplat_proof_state
use_made(caplat_zone *zone, uint64_t id, int64_t made, int64_t now)
{
    return caplat_zone_use(zone, key_of(id), number_slice(&id), made, false,
                           now);
}


static inline caplat_proof_state
use(caplat_zone *zone, uint64_t id, int64_t now)
{
    return use_made(zone, id, now, now);
}


/* The same with a nonce that its caller has found valid. */
static inline caplat_proof_state
use_exempt(caplat_zone *zone, uint64_t id, int64_t now)
{
    return caplat_zone_use(zone, key_of(id), number_slice(&id), 1, true,
                           now);
}


/* Memory that processes share; zeroed. */
static inline void *
share(size_t len)
{
    void  *at = mmap(NULL, len, PROT_READ | PROT_WRITE,
                     MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (at == MAP_FAILED) {
        perror("mmap");
        exit(1);
    }

    return at;
}


#endif /* ZONE_ROOM_H */
