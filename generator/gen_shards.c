#include "gen_index.h"

#include "gen_text.h"

#include <stdlib.h>


/* A key of one thread. */
typedef struct {
    const gen_key_slot  *slot;
    const gen_search    *search;
} item;


struct gen_shards {
    gen_arena    arena;                 /* holds this struct too */
    item        *items;                 /* ascending by key */
    size_t       item_count;
    size_t      *starts;                /* of shards, and the end */
    size_t       count;
};


static caplat_slice
word_of(const item *i)
{
    return gen_keys_text(&i->search->keys, i->slot->id);
}


static bool
is_word(const item *i)
{
    return (i->slot->id & GEN_KEY_WORD) != 0;
}


static uint32_t
shard_of(const item *i)
{
    return is_word(i) ? (unsigned char) word_of(i).ptr[0]
                      : (uint32_t) (i->slot->id >> 32);
}


/* By shard and key; the same key of two threads is equal. */
static int
order_items(const void *left, const void *right)
{
    const item  *a = left;
    const item  *b = right;
    uint32_t     shard_a = shard_of(a);
    uint32_t     shard_b = shard_of(b);

    if (shard_a != shard_b) {
        return shard_a < shard_b ? -1 : 1;
    }

    /* A shard has words or pairs: letters are no Han characters. */
    if (is_word(a)) {
        return caplat_slice_cmp(word_of(a), word_of(b));
    }

    return (a->slot->id > b->slot->id) - (a->slot->id < b->slot->id);
}


static void
gather_items(gen_shards *shards, const gen_search *search)
{
    for (size_t i = 0; i < search->keys.slot_count; i++) {
        const gen_key_slot  *slot = gen_keys_slot(&search->keys, i);

        if (slot->id != 0) {
            shards->items[shards->item_count++] = (item) { slot, search };
        }
    }
}


static void
find_starts(gen_shards *shards)
{
    for (size_t i = 0; i < shards->item_count; i++) {
        if (i == 0 || shard_of(&shards->items[i])
                      != shard_of(&shards->items[i - 1]))
        {
            shards->starts[shards->count++] = i;
        }
    }

    shards->starts[shards->count] = shards->item_count;
}


gen_shards *
gen_shards_open(gen_search *const *searches, size_t count)
{
    gen_arena    arena = { 0 };
    gen_shards  *shards = gen_arena_zero(&arena, 1, sizeof(gen_shards));
    size_t       total = 0;

    caplat_assert(count <= GEN_SEARCHES_MAX);

    for (size_t i = 0; i < count; i++) {
        total += searches[i]->keys.used;
    }

    shards->items = gen_arena_take(&arena, total * sizeof(item));
    shards->starts = gen_arena_take(&arena, (total + 1) * sizeof(size_t));

    for (size_t i = 0; i < count; i++) {
        gather_items(shards, searches[i]);
    }

    if (total != 0) {
        qsort(shards->items, total, sizeof(item), order_items);
    }

    find_starts(shards);
    shards->arena = arena;

    return shards;
}


size_t
gen_shards_count(const gen_shards *shards)
{
    return shards->count;
}


/* The first of the walks by document; count when all are at their ends. */
static size_t
first_walk(const gen_walk *walks, const bool *more, size_t count)
{
    size_t  first = count;

    for (size_t i = 0; i < count; i++) {
        if (more[i] && (first == count
                        || walks[i].document < walks[first].document))
        {
            first = i;
        }
    }

    return first;
}


/* One key's documents, from all threads that have it. */
static void
write_documents(gen_buf *buf, const item *items, size_t count,
    const uint32_t *numbers)
{
    gen_walk  walks[GEN_SEARCHES_MAX];
    bool      more[GEN_SEARCHES_MAX];
    uint32_t  total = 0;
    uint32_t  before = 0;
    size_t    first;

    for (size_t i = 0; i < count; i++) {
        const gen_pool  *pool = &items[i].search->pool;

        total += gen_postings_count(pool, &items[i].slot->postings);
        walks[i] = gen_walk_of(pool, &items[i].slot->postings);
        more[i] = gen_walk_next(&walks[i]);
    }

    gen_varint_write(buf, total);

    while ((first = first_walk(walks, more, count)) != count) {
        uint32_t  place = numbers[walks[first].document];

        caplat_assert(place >= before);
        gen_varint_write(buf, (place - before) * 2
                              + (walks[first].in_title ? 1 : 0));
        before = place;
        more[first] = gen_walk_next(&walks[first]);
    }
}


/* The key without its first character, and the length of that. */
static void
write_rest(gen_buf *buf, const item *i)
{
    char          bytes[GEN_CHAR_LEN_MAX];
    uint32_t      second = (uint32_t) i->slot->id;
    caplat_slice  rest;

    if (is_word(i)) {
        rest = gen_text_part(word_of(i), 1, word_of(i).len);

    } else {
        rest = caplat_slice_of(bytes, second != 0
                                      ? gen_char_write(second, bytes) : 0);
    }

    gen_buf_byte(buf, (char) rest.len);
    gen_buf_add(buf, rest);
}


void
gen_shards_write(const gen_shards *shards, size_t at, uint32_t list_id,
    const uint32_t *numbers, gen_buf *buf, uint32_t *code_point)
{
    const item  *i = &shards->items[shards->starts[at]];
    const item  *end = &shards->items[shards->starts[at + 1]];

    *code_point = shard_of(i);
    buf->len = 0;

    for (unsigned shift = 0; shift < 32; shift += 8) {
        gen_buf_byte(buf, (char) (list_id >> shift & 0xFF));
    }

    while (i < end) {
        size_t  count = 1;

        while (i + count < end && order_items(i, i + count) == 0) {
            count++;
        }

        write_rest(buf, i);
        write_documents(buf, i, count, numbers);
        i += count;
    }
}


void
gen_shards_close(gen_shards *shards)
{
    gen_arena  arena;

    if (shards != NULL) {
        arena = shards->arena;
        gen_arena_close(&arena);
    }
}
