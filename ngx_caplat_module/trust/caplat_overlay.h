/*
 * Rows of a table that wait to be put into it in the order of their keys. Put
 * as they come each would go to a page of its own, and a page would be fetched,
 * copied and written for each; in order they go there together. What it may
 * take is fixed: whoever has filled it empties it. It remembers about which
 * keys it had, so that a new one is not looked for in the table.
 */

#ifndef CAPLAT_OVERLAY_H
#define CAPLAT_OVERLAY_H

#include "caplat_slice.h"


#define CAPLAT_OVERLAY_ROWS  ((size_t) 1 << 18)     /* of 131,072 orders */
#define CAPLAT_OVERLAY_LEN   ((size_t) 24 << 20)    /* bytes of all keys and
                                           values, and 12 for each */
#define CAPLAT_OVERLAY_BITS  ((size_t) 1 << 27)     /* of what it had: a Bloom
                                           filter of two bits a key */


typedef struct caplat_overlay  caplat_overlay;


/* NULL: there is no memory. */
caplat_overlay *caplat_overlay_open(void);
void caplat_overlay_close(caplat_overlay *overlay);     /* NULL too */

/* The newest value of a key, valid until the next call; false: none waits. */
bool caplat_overlay_find(const caplat_overlay *overlay, caplat_slice key,
    caplat_slice *value);

/* Whether a row of that key may have been put before it was cleared; false:
   there was none, and who has begun with an empty table need not look. */
bool caplat_overlay_had(const caplat_overlay *overlay, caplat_slice key);

/* A row, which are copied, in place of one of the same key. False: no room. */
bool caplat_overlay_put(caplat_overlay *overlay, caplat_slice key,
    caplat_slice value);

/* The same of a row that caplat_overlay_find need not find. */
bool caplat_overlay_add(caplat_overlay *overlay, caplat_slice key,
    caplat_slice value);

/* Bring them into the order of their keys, each key once; how many there are.
   From then on they are only walked, until it is cleared. */
size_t caplat_overlay_sort(caplat_overlay *overlay);
void caplat_overlay_at(const caplat_overlay *overlay, size_t i,
    caplat_slice *key, caplat_slice *value);
void caplat_overlay_clear(caplat_overlay *overlay);


#endif /* CAPLAT_OVERLAY_H */
