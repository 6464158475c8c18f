#include "gen_index.h"

#include "gen_text.h"

#include <stdlib.h>


#define NO_VALUE  UINT32_MAX            /* no document any more */


/* One thread's postings, and where its documents are in documents.json. */
typedef struct {
    const gen_search  *search;
    const uint32_t    *places;          /* by document; the first one is 1 */
} source;


/* A key of one thread. */
typedef struct {
    const gen_key  *key;
    const source   *from;
} item;


/* Its keys are items[start] up to the start of the next one. */
typedef struct {
    uint32_t  code_point;
    size_t    start;
} shard;


struct gen_shards {
    gen_arena   arena;                  /* holds this struct too */
    source     *sources;
    size_t      source_count;
    item       *items;                  /* ascending by key */
    shard      *shards;                 /* and one that begins at the end */
    size_t      count;
};


static void
add_source(gen_shards *shards, const gen_search *search,
    const uint32_t *places, uint32_t parts)
{
    source    *from = &shards->sources[shards->source_count++];
    uint32_t  *own = gen_arena_take(&shards->arena, ((size_t) search->document
                                                     + 1) * sizeof(uint32_t));

    *from = (source) { search, own };

    for (uint32_t i = 1; i <= search->document; i++) {
        uint32_t  number = gen_search_number(search, i);

        own[i] = places[number / parts] + number % parts;
    }
}


static caplat_slice
text_of(const item *i, char bytes[static GEN_KEY_LEN_MAX])
{
    return gen_keys_text(&i->from->search->keys, i->key->id, bytes);
}


/* By text, as ids are too; the same key of two threads is equal. */
static int
order_items(const void *left, const void *right)
{
    const item  *a = left;
    const item  *b = right;
    uint64_t     id_a = a->key->id;
    uint64_t     id_b = b->key->id;
    char         bytes_a[GEN_KEY_LEN_MAX];
    char         bytes_b[GEN_KEY_LEN_MAX];

    if (id_a >= GEN_KEY_LONG || id_b >= GEN_KEY_LONG) {
        return caplat_slice_cmp(text_of(a, bytes_a), text_of(b, bytes_b));
    }

    return (id_a > id_b) - (id_a < id_b);
}


/* Count the keys by first character. */
static void
count_firsts(const source *from, uint32_t *counts)
{
    const gen_keys  *keys = &from->search->keys;

    for (uint32_t i = 1; i < keys->count; i++) {
        counts[gen_keys_first(keys, keys->keys[i].id)]++;
    }
}


/* A shard for each first character; turns counts into where its items end. */
static void
open_shards(gen_shards *shards, uint32_t *counts)
{
    uint32_t  start = 0;

    for (uint32_t c = 0; c < GEN_KEY_FIRSTS; c++) {
        if (counts[c] != 0) {
            shards->shards[shards->count++] = (shard) { c, start };
            start += counts[c];
            counts[c] = start;
        }
    }

    shards->shards[shards->count] = (shard) { GEN_KEY_FIRSTS, start };
}


static void
put_items(gen_shards *shards, const source *from, uint32_t *ends)
{
    const gen_keys  *keys = &from->search->keys;

    for (uint32_t i = 1; i < keys->count; i++) {
        uint32_t  first = gen_keys_first(keys, keys->keys[i].id);

        shards->items[--ends[first]] = (item) { &keys->keys[i], from };
    }
}


/* Part the keys by first character; then few are left to sort in each. */
static void
sort_items(gen_shards *shards)
{
    uint32_t  *counts = calloc(GEN_KEY_FIRSTS, sizeof(uint32_t));

    if (counts == NULL) {
        gen_out_of_memory();
    }

    for (size_t i = 0; i < shards->source_count; i++) {
        count_firsts(&shards->sources[i], counts);
    }

    open_shards(shards, counts);

    for (size_t i = 0; i < shards->source_count; i++) {
        put_items(shards, &shards->sources[i], counts);
    }

    free(counts);

    for (const shard *s = shards->shards; s < shards->shards + shards->count;
         s++)
    {
        qsort(shards->items + s->start, s[1].start - s->start, sizeof(item),
              order_items);
    }
}


gen_shards *
gen_shards_open(gen_search *const *searches, size_t count,
    const uint32_t *places, uint32_t parts)
{
    gen_arena    arena = { 0 };
    gen_shards  *shards = gen_arena_zero(&arena, 1, sizeof(gen_shards));
    size_t       total = 0;

    caplat_assert(count <= GEN_SEARCHES_MAX);
    shards->arena = arena;
    shards->sources = gen_arena_take(&shards->arena, count * sizeof(source));

    for (size_t i = 0; i < count; i++) {
        gen_keys_seal(&searches[i]->keys);
        add_source(shards, searches[i], places, parts);
        total += searches[i]->keys.count - 1;
    }

    shards->items = gen_arena_take(&shards->arena, total * sizeof(item));
    shards->shards = gen_arena_take(&shards->arena,
                                    (total + 1) * sizeof(shard));
    sort_items(shards);

    return shards;
}


size_t
gen_shards_count(const gen_shards *shards)
{
    return shards->count;
}


/* One thread's list on the way to the merged one. */
typedef struct {
    gen_walk         walk;
    const uint32_t  *places;
    uint32_t         next;              /* place * 2 + title, or NO_VALUE */
} feed;


static inline void
step(feed *f)
{
    f->next = gen_walk_next(&f->walk)
              ? f->places[f->walk.document] * 2 + f->walk.in_title : NO_VALUE;
}


static inline feed *
first_feed(feed *feeds, size_t count)
{
    feed  *first = feeds;

    for (feed *f = feeds + 1; f < feeds + count; f++) {
        if (f->next < first->next) {
            first = f;
        }
    }

    return first;
}


/*
 * A thread takes several pages at a time, so places mostly are as far apart
 * as documents: copy what can stay as it is of this chunk, where each byte is
 * a document. How many.
 */
static inline uint32_t
copy_near(gen_buf *list, feed *f)
{
    const uint8_t  *from = f->walk.at;
    const uint8_t  *at = from;
    uint32_t        document = f->walk.document;
    uint32_t        distance = f->places[document] - document;

    for (; at != f->walk.end && *at < 0x80; at++) {
        uint32_t  next = document + *at / 2;

        if (f->places[next] - next != distance) {
            break;
        }

        document = next;
    }

    gen_buf_add(list, caplat_slice_of((const char *) from,
                                      (size_t) (at - from)));
    f->walk.at = at;
    f->walk.document = document;

    return (uint32_t) (at - from);
}


/* One key's documents, from all threads that have it. How many. */
static uint32_t
merge_documents(gen_buf *list, const item *items, size_t count)
{
    feed      feeds[GEN_SEARCHES_MAX];
    feed     *first;
    uint32_t  before = 0;
    uint32_t  total = 0;

    for (size_t i = 0; i < count; i++) {
        feeds[i] = (feed) {
            .walk = gen_walk_of(&items[i].from->search->pool,
                                &items[i].key->postings),
            .places = items[i].from->places,
        };
        step(&feeds[i]);
    }

    while ((first = first_feed(feeds, count))->next != NO_VALUE) {
        caplat_assert(first->next >= before);
        gen_varint_write(list, first->next - before);
        total += 1 + copy_near(list, first);
        before = first->places[first->walk.document] * 2;
        step(first);
    }

    return total;
}


/* The key without its first character, and the length of that. */
static void
write_rest(gen_buf *buf, const item *i)
{
    char          bytes[GEN_KEY_LEN_MAX];
    caplat_slice  text = text_of(i, bytes);
    caplat_slice  rest;
    size_t        at = 0;

    (void) gen_text_next(text, &at);
    rest = gen_text_part(text, at, text.len);
    gen_buf_byte(buf, (char) rest.len);
    gen_buf_add(buf, rest);
}


void
gen_shards_write(const gen_shards *shards, size_t at, uint32_t list_id,
    gen_buf *buf, uint32_t *code_point)
{
    const item  *i = shards->items + shards->shards[at].start;
    const item  *end = shards->items + shards->shards[at + 1].start;
    gen_buf      list = { 0 };

    *code_point = shards->shards[at].code_point;
    buf->len = 0;

    for (unsigned shift = 0; shift < 32; shift += 8) {
        gen_buf_byte(buf, (char) (list_id >> shift & 0xFF));
    }

    while (i < end) {
        size_t    count = 1;
        uint32_t  total;

        while (i + count < end && order_items(i, i + count) == 0) {
            count++;
        }

        list.len = 0;
        total = merge_documents(&list, i, count);
        write_rest(buf, i);
        gen_varint_write(buf, total);
        gen_buf_add(buf, gen_buf_slice(&list));
        i += count;
    }

    gen_buf_close(&list);
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
