/*
 * Lists of documents in little memory: each number is kept as the difference
 * to the one before, twice that plus a title flag, in 1 to 5 bytes (varint:
 * seven bits a byte, the lowest first, the high bit set on all but the last).
 *
 * The bytes of a list lie in a chain of chunks, which double from 8 to 128
 * bytes; the last four of each are the place of the next one:
 *
 *   +------------+------+     +--------------------------+------+
 *   | 4 bytes    | next |---> | 12 bytes                 | next |---> ...
 *   +------------+------+     +--------------------------+------+
 *
 * Chunks come from a pool and are never given back.
 */

#ifndef GEN_POSTINGS_H
#define GEN_POSTINGS_H

#include "gen_mem.h"


#define GEN_POOL_BLOCK   (1024 * 1024)          /* bytes */
#define GEN_POOL_BLOCKS  4096                   /* so a place has 32 bits */


/* Zero is an empty pool. */
typedef struct {
    gen_arena     arena;
    uint8_t     **blocks;
    uint32_t      block_count;
    uint32_t      used;                 /* of the last block */
} gen_pool;


/* One list. Zero is an empty one. */
typedef struct {
    uint32_t      last;                 /* document + 1; 0: none */
    uint32_t      head;                 /* place of the first chunk */
    uint32_t      tail;                 /* where the next byte goes */
    uint16_t      left;                 /* bytes to the end of that chunk */
    uint16_t      chunk;                /* its size */
} gen_postings;


/* Add a document unless it is the last one already. Numbers ascend. */
void gen_postings_append(gen_pool *pool, gen_postings *postings,
    uint32_t document, bool in_title);

static inline void
gen_postings_add(gen_pool *pool, gen_postings *postings, uint32_t document,
    bool in_title)
{
    if (postings->last != document + 1) {
        gen_postings_append(pool, postings, document, in_title);
    }
}


/* How many documents there are; takes a look at every byte. */
uint32_t gen_postings_count(const gen_pool *pool,
    const gen_postings *postings);


/* A walk along a list. */
typedef struct {
    const gen_pool      *pool;
    const gen_postings  *postings;
    uint32_t             at;
    uint32_t             end;           /* of this chunk's bytes */
    uint32_t             chunk;         /* its size */
    uint32_t             document;
    bool                 in_title;
} gen_walk;


gen_walk gen_walk_of(const gen_pool *pool, const gen_postings *postings);

/* Step to the next document; false at the end. */
bool gen_walk_next(gen_walk *walk);


/* A number in the same 1 to 5 bytes. */
void gen_varint_write(gen_buf *buf, uint32_t value);


#endif /* GEN_POSTINGS_H */
