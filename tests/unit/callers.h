/*
 * What tests of callers share: a zone in a folder of its own that has been
 * there for a while, and requests.
 */

#ifndef CALLERS_H
#define CALLERS_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE                     /* mkdtemp */
#endif

#include "caplat_auth.h"
#include "caplat_zone.h"

#include "test.h"

#include <stdlib.h>
#include <unistd.h>


#define CALLERS_HEADERS_MAX  128


static char  callers_folder[] = "/tmp/caplat-callers-XXXXXX";
static char  callers_path[sizeof(callers_folder) + 5];


static inline void
callers_room_open(void)
{
    if (mkdtemp(callers_folder) == NULL) {
        perror(callers_folder);
        exit(1);
    }

    memcpy(callers_path, callers_folder, sizeof(callers_folder) - 1);
    memcpy(callers_path + sizeof(callers_folder) - 1, "/zone", 6);
}


static inline void
callers_room_close(void)
{
    (void) unlink(callers_path);
    test_that(rmdir(callers_folder) == 0, "nothing is left behind");
}


/* A new zone, made at a moment. */
static inline caplat_zone *
callers_zone(int64_t made)
{
    caplat_zone  *zone = NULL;
    const char   *why = "";

    (void) unlink(callers_path);

    if (!caplat_zone_open(callers_path, CAPLAT_ZONE_LEN_MIN, made, &zone,
                          &why))
    {
        printf("%s: %s\n", callers_path, why);
        exit(1);
    }

    return zone;
}


/* Let a key have all of its part of a new zone, but `left` proofs. */
static inline void
callers_use_share(caplat_zone *zone, caplat_slice key, size_t left,
    int64_t now)
{
    for (uint64_t i = 0; i + left < CAPLAT_PROOF_SHARE_MIN; i++) {
        caplat_slice  id = caplat_slice_of((const char *) &i, sizeof(i));

        (void) test_that(caplat_zone_use(zone, key, id, now, false, now)
                             == CAPLAT_PROOF_NEW,
                         "it is within its part");
    }
}


/* A request with room for its fields. */
typedef struct {
    caplat_message   message;
    caplat_header    headers[CALLERS_HEADERS_MAX];
} callers_request;


static inline void
callers_add(callers_request *r, caplat_slice name, caplat_slice value)
{
    caplat_assert(r->message.header_count < CALLERS_HEADERS_MAX);
    r->headers[r->message.header_count++] = (caplat_header) { name, value };
    r->message.headers = r->headers;
}


#endif /* CALLERS_H */
