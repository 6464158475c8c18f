#include "gen_postings.h"


#define CHUNK_FIRST  8U
#define CHUNK_LAST   128U
#define NEXT_LEN     ((uint32_t) sizeof(uint32_t))

_Static_assert((uint64_t) GEN_POOL_BLOCK * GEN_POOL_BLOCKS
               == UINT64_C(1) << 32, "a place has 32 bits");


static inline uint8_t *
place(const gen_pool *pool, uint32_t at)
{
    return pool->blocks[at / GEN_POOL_BLOCK] + at % GEN_POOL_BLOCK;
}


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


/* The list's last chunk is full, or there is none: chain another one. */
static void
add_chunk(gen_pool *pool, gen_postings *p)
{
    uint32_t  size = p->chunk == 0 ? CHUNK_FIRST
                     : p->chunk < CHUNK_LAST ? p->chunk * 2U : CHUNK_LAST;
    uint32_t  at = take_chunk(pool, size);

    if (p->chunk == 0) {
        p->head = at;

    } else {
        memcpy(place(pool, p->tail), &at, NEXT_LEN);
    }

    p->tail = at;
    p->chunk = (uint16_t) size;
    p->left = (uint16_t) (size - NEXT_LEN);
}


static inline void
add_byte(gen_pool *pool, gen_postings *p, uint8_t byte)
{
    if (p->left == 0) {
        add_chunk(pool, p);
    }

    *place(pool, p->tail++) = byte;
    p->left--;
}


void
gen_postings_append(gen_pool *pool, gen_postings *p, uint32_t document,
    bool in_title)
{
    uint32_t  before = p->last != 0 ? p->last - 1 : 0;
    uint32_t  value;

    caplat_assert(document >= p->last && document < UINT32_MAX / 2);

    value = (document - before) * 2 + (in_title ? 1 : 0);

    while (value >= 0x80) {
        add_byte(pool, p, (uint8_t) (value | 0x80));
        value >>= 7;
    }

    add_byte(pool, p, (uint8_t) value);
    p->last = document + 1;
}


gen_walk
gen_walk_of(const gen_pool *pool, const gen_postings *postings)
{
    return (gen_walk) {
        .pool = pool,
        .postings = postings,
        .at = postings->head,
        .end = postings->head + CHUNK_FIRST - NEXT_LEN,
        .chunk = CHUNK_FIRST,
    };
}


static void
next_chunk(gen_walk *walk)
{
    memcpy(&walk->at, place(walk->pool, walk->end), NEXT_LEN);
    walk->chunk = walk->chunk < CHUNK_LAST ? walk->chunk * 2 : CHUNK_LAST;
    walk->end = walk->at + walk->chunk - NEXT_LEN;
}


/* The next byte; there must be one. */
static inline uint8_t
take_byte(gen_walk *walk)
{
    if (walk->at == walk->end) {
        next_chunk(walk);
    }

    return *place(walk->pool, walk->at++);
}


bool
gen_walk_next(gen_walk *walk)
{
    uint32_t  value = 0;
    unsigned  shift = 0;
    uint8_t   byte;

    if (walk->postings->last == 0 || walk->at == walk->postings->tail) {
        return false;
    }

    do {
        byte = take_byte(walk);
        value |= (uint32_t) (byte & 0x7F) << shift;
        shift += 7;
    } while ((byte & 0x80) != 0);

    walk->document += value / 2;
    walk->in_title = value % 2 != 0;

    return true;
}


/* Each number has one byte without the high bit. */
static uint32_t
count_ends(const uint8_t *bytes, uint32_t len)
{
    uint32_t  count = 0;

    for (uint32_t i = 0; i < len; i++) {
        count += bytes[i] < 0x80;
    }

    return count;
}


uint32_t
gen_postings_count(const gen_pool *pool, const gen_postings *postings)
{
    gen_walk  walk = gen_walk_of(pool, postings);
    uint32_t  count = 0;

    if (postings->last == 0) {
        return 0;
    }

    while (postings->tail < walk.at || postings->tail > walk.end) {
        count += count_ends(place(pool, walk.at), walk.end - walk.at);
        next_chunk(&walk);
    }

    return count + count_ends(place(pool, walk.at), postings->tail - walk.at);
}


void
gen_varint_write(gen_buf *buf, uint32_t value)
{
    while (value >= 0x80) {
        gen_buf_byte(buf, (char) (value | 0x80));
        value >>= 7;
    }

    gen_buf_byte(buf, (char) value);
}
