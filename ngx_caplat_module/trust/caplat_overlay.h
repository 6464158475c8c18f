/*
 * Rows of a table that wait to be put into it in the order of their keys. Put
 * as they come each would go to a page of its own, and a page would be fetched,
 * copied and written for each; in order they go there together. What it may
 * take is fixed: who has filled it lets all that is there leave, and takes it
 * out bit by bit while others are put. It remembers about which keys it had, so
 * that a new one is not looked for in the table.
 */

#ifndef CAPLAT_OVERLAY_H
#define CAPLAT_OVERLAY_H

#include "caplat_slice.h"


#define CAPLAT_OVERLAY_ROWS  ((size_t) 1 << 18)     /* that wait, and as many
                                           that leave: of 131,072 orders */
#define CAPLAT_OVERLAY_LEN   ((size_t) 24 << 20)    /* bytes of their keys and
                                           values, and 12 for each */
#define CAPLAT_OVERLAY_BITS  ((size_t) 1 << 27)     /* of what it had: a Bloom
                                           filter of two bits a key */


typedef struct caplat_overlay  caplat_overlay;


/* NULL: there is no memory. */
caplat_overlay *caplat_overlay_open(void);
void caplat_overlay_close(caplat_overlay *overlay);     /* NULL too */

/* A key will soon be asked about: fetch what is far away. */
void caplat_overlay_expect(const caplat_overlay *overlay, caplat_slice key);

/* The newest value of a key, valid until the next call; false: none waits or
   leaves. */
bool caplat_overlay_find(const caplat_overlay *overlay, caplat_slice key,
    caplat_slice *value);

/* Whether a row of that key may have been put, ever; false: there was none, and
   who has begun with an empty table need not look. */
bool caplat_overlay_had(const caplat_overlay *overlay, caplat_slice key);

/* A row, which is copied, in place of one of the same key. False: no room. */
bool caplat_overlay_put(caplat_overlay *overlay, caplat_slice key,
    caplat_slice value);

/* The same of a row that need not be found. */
bool caplat_overlay_add(caplat_overlay *overlay, caplat_slice key,
    caplat_slice value);

/* All that waits is to leave; all that was to leave has been taken. */
void caplat_overlay_turn(caplat_overlay *overlay);

/* Take out the next row that leaves, in the order of their keys, each key once;
   it is valid until the next turn. False: there is none. */
bool caplat_overlay_take(caplat_overlay *overlay, caplat_slice *key,
    caplat_slice *value);


#endif /* CAPLAT_OVERLAY_H */
