/*
 * Lists of documents in little memory. Documents are numbered from 1; each
 * number is kept as the difference to the one before, twice that plus a title
 * flag, in 1 to 5 bytes (varint: seven bits a byte, the lowest first, the high
 * bit set on all but the last).
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


static inline uint8_t *
gen_pool_at(const gen_pool *pool, uint32_t place)
{
    return pool->blocks[place / GEN_POOL_BLOCK] + place % GEN_POOL_BLOCK;
}


/* One list. Zero is an empty one. */
typedef struct {
    uint32_t      last;                 /* document; 0: none */
    uint32_t      head;                 /* place of the first chunk */
    uint32_t      tail;                 /* where the next byte goes */
    uint16_t      left;                 /* bytes to the end of that chunk */
    uint16_t      chunk;                /* its size */
} gen_postings;


/* gen_postings_add() where a byte or this chunk is not enough. */
void gen_postings_add_long(gen_pool *pool, gen_postings *postings,
    uint32_t document, bool in_title);

/* Add a document unless it is the last one already. Numbers ascend. */
static inline void
gen_postings_add(gen_pool *pool, gen_postings *postings, uint32_t document,
    bool in_title)
{
    uint32_t  more = document - postings->last;

    if (more == 0) {
        return;
    }

    if (more < 0x80 / 2 && postings->left != 0) {
        *gen_pool_at(pool, postings->tail) = (uint8_t) (more * 2 + in_title);
        postings->tail++;
        postings->left--;
        postings->last = document;

    } else {
        gen_postings_add_long(pool, postings, document, in_title);
    }
}


/* A walk along a list. */
typedef struct {
    const gen_pool      *pool;
    const gen_postings  *postings;
    const uint8_t       *at;            /* in this chunk's bytes */
    const uint8_t       *end;
    uint32_t             place;         /* of this chunk */
    uint32_t             chunk;         /* its size; 0: before the first one */
    uint32_t             document;
    bool                 in_title;
} gen_walk;


static inline gen_walk
gen_walk_of(const gen_pool *pool, const gen_postings *postings)
{
    return (gen_walk) { .pool = pool, .postings = postings };
}


/* Step to the next chunk: at..end are its bytes. False at the end. */
bool gen_walk_chunk(gen_walk *walk);

/* Step to the next document; false at the end. */
static inline bool
gen_walk_next(gen_walk *walk)
{
    uint32_t  value = 0;
    unsigned  shift = 0;
    uint8_t   byte;

    do {
        if (walk->at == walk->end && !gen_walk_chunk(walk)) {
            return false;
        }

        byte = *walk->at++;
        value |= (uint32_t) (byte & 0x7F) << shift;
        shift += 7;
    } while (byte >= 0x80);

    walk->document += value / 2;
    walk->in_title = value % 2 != 0;

    return true;
}


/* A number in the same 1 to 5 bytes. */
static inline void
gen_varint_write(gen_buf *buf, uint32_t value)
{
    for (; value >= 0x80; value >>= 7) {
        gen_buf_byte(buf, (char) (value | 0x80));
    }

    gen_buf_byte(buf, (char) value);
}


#endif /* GEN_POSTINGS_H */
