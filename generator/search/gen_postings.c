#include "gen_postings.h"


#define CHUNK_FIRST  8U
#define CHUNK_LAST   128U
#define NEXT_LEN     ((uint32_t) sizeof(uint32_t))

_Static_assert((uint64_t) GEN_POOL_BLOCK * GEN_POOL_BLOCKS
               == UINT64_C(1) << 32, "a place has 32 bits");


/* A chunk; none lies across two blocks. */
static uint32_t
take_chunk(gen_pool *pool, uint32_t size)
{
    uint32_t  at;

    if (pool->blocks == NULL) {
        pool->blocks = gen_arena_take(&pool->arena, GEN_POOL_BLOCKS
                                                    * sizeof(uint8_t *));
        pool->used = GEN_POOL_BLOCK;
    }

    if (GEN_POOL_BLOCK - pool->used < size) {
        /* Four gigabytes of postings are a thousand times our limits. */
        caplat_assert(pool->block_count < GEN_POOL_BLOCKS);
        pool->blocks[pool->block_count++] = gen_arena_take(&pool->arena,
                                                           GEN_POOL_BLOCK);
        pool->used = 0;
    }

    at = (pool->block_count - 1) * GEN_POOL_BLOCK + pool->used;
    pool->used += size;

    return at;
}


/* The size of the chunk behind one of this size; 0: of the first one. */
static uint32_t
next_size(uint32_t size)
{
    return size == 0 ? CHUNK_FIRST : size < CHUNK_LAST ? size * 2 : CHUNK_LAST;
}


/* The list's last chunk is full, or there is none: chain another one. */
static void
add_chunk(gen_pool *pool, gen_postings *p)
{
    uint32_t  size = next_size(p->chunk);
    uint32_t  at = take_chunk(pool, size);

    if (p->chunk == 0) {
        p->head = at;

    } else {
        memcpy(gen_pool_at(pool, p->tail), &at, NEXT_LEN);
    }

    p->tail = at;
    p->chunk = (uint16_t) size;
    p->left = (uint16_t) (size - NEXT_LEN);
}


static void
add_byte(gen_pool *pool, gen_postings *p, uint8_t byte)
{
    if (p->left == 0) {
        add_chunk(pool, p);
    }

    *gen_pool_at(pool, p->tail++) = byte;
    p->left--;
}


void
gen_postings_add_long(gen_pool *pool, gen_postings *p, uint32_t document,
    bool in_title)
{
    uint32_t  value;

    caplat_assert(document > p->last && document < UINT32_MAX / 2);

    value = (document - p->last) * 2 + in_title;

    for (; value >= 0x80; value >>= 7) {
        add_byte(pool, p, (uint8_t) (value | 0x80));
    }

    add_byte(pool, p, (uint8_t) value);
    p->last = document;
}


/* Does the list end in the chunk at which the walk is? */
static bool
in_last_chunk(const gen_walk *walk)
{
    return walk->postings->tail - walk->place <= walk->chunk - NEXT_LEN;
}


bool
gen_walk_chunk(gen_walk *walk)
{
    if (walk->postings->last == 0) {
        return false;
    }

    if (walk->chunk == 0) {
        walk->place = walk->postings->head;

    } else if (in_last_chunk(walk)) {
        return false;

    } else {
        memcpy(&walk->place, walk->end, NEXT_LEN);
    }

    walk->chunk = next_size(walk->chunk);
    walk->at = gen_pool_at(walk->pool, walk->place);
    walk->end = walk->at + (in_last_chunk(walk)
                            ? walk->postings->tail - walk->place
                            : walk->chunk - NEXT_LEN);

    return true;
}
