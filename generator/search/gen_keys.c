#include "gen_keys.h"

#include <stdlib.h>


#define ROOM_FIRST   2048U              /* keys; the index has twice as many */
#define SHIFT_FIRST  (64 - 12)

_Static_assert(ROOM_FIRST * 2 == UINT64_C(1) << (64 - SHIFT_FIRST),
               "at most half of the index is used: probes stay short");


/* Room for the keys, and an empty index for them. */
static void
make_room(gen_keys *keys)
{
    free(keys->index);
    keys->index = calloc((size_t) keys->room * 2, sizeof(uint32_t));
    keys->keys = realloc(keys->keys, (size_t) keys->room * sizeof(gen_key));

    if (keys->index == NULL || keys->keys == NULL) {
        gen_out_of_memory();
    }
}


void
gen_keys_open(gen_keys *keys)
{
    *keys = (gen_keys) { .room = ROOM_FIRST, .shift = SHIFT_FIRST };
    make_room(keys);
    keys->keys[keys->count++] = (gen_key) { 0 };
}


void
gen_keys_close(gen_keys *keys)
{
    free(keys->index);
    free(keys->keys);
    gen_buf_close(&keys->words);
    gen_arena_close(&keys->arena);
    *keys = (gen_keys) { 0 };
}


static caplat_slice
long_word(const gen_keys *keys, uint64_t id)
{
    return ((const caplat_slice *) (const void *) keys->words.data)
               [id & ~GEN_KEY_LONG];
}


/* FNV-1a, mixed: words are short. */
static uint64_t
hash_word(caplat_slice word)
{
    uint64_t  hash = UINT64_C(0xCBF29CE484222325);

    for (size_t i = 0; i < word.len; i++) {
        hash = (hash ^ (unsigned char) word.ptr[i])
               * UINT64_C(0x100000001B3);
    }

    return gen_keys_mix(hash);
}


static uint64_t
hash_id(const gen_keys *keys, uint64_t id)
{
    return id >= GEN_KEY_LONG ? hash_word(long_word(keys, id))
                              : gen_keys_mix(id);
}


static void
grow(gen_keys *keys)
{
    caplat_assert(keys->room < UINT32_MAX / 2);
    keys->room *= 2;
    keys->shift--;
    make_room(keys);

    for (uint32_t i = 1; i < keys->count; i++) {
        size_t  slot = hash_id(keys, keys->keys[i].id) >> keys->shift;

        while (keys->index[slot] != 0) {
            slot = gen_keys_next(keys, slot);
        }

        keys->index[slot] = i;
    }
}


gen_key *
gen_keys_add(gen_keys *keys, uint64_t id, size_t slot)
{
    gen_key  *key = &keys->keys[keys->count];

    *key = (gen_key) { .id = id };
    keys->index[slot] = keys->count++;

    if (keys->count == keys->room) {
        grow(keys);
        key = &keys->keys[keys->count - 1];
    }

    return key;
}


static uint64_t
keep_word(gen_keys *keys, caplat_slice word)
{
    size_t        at = keys->words.len / sizeof(caplat_slice);
    caplat_slice  kept = gen_arena_copy(&keys->arena, word);

    gen_buf_add(&keys->words, caplat_slice_of((const char *) &kept,
                                              sizeof(kept)));

    return GEN_KEY_LONG | at;
}


static gen_key *
find_long(gen_keys *keys, caplat_slice word)
{
    size_t  slot = hash_word(word) >> keys->shift;

    while (keys->index[slot] != 0) {
        gen_key  *key = &keys->keys[keys->index[slot]];

        if (key->id >= GEN_KEY_LONG
            && caplat_slice_eq(long_word(keys, key->id), word))
        {
            return key;
        }

        slot = gen_keys_next(keys, slot);
    }

    return gen_keys_add(keys, keep_word(keys, word), slot);
}


gen_key *
gen_keys_find_word(gen_keys *keys, caplat_slice word)
{
    uint64_t  id = 0;

    if (word.len > GEN_KEY_LEN_MAX) {
        return find_long(keys, word);
    }

    for (size_t i = 0; i < word.len; i++) {
        id |= (uint64_t) (unsigned char) word.ptr[i] << (56 - 8 * i);
    }

    return gen_keys_find(keys, id);
}


void
gen_keys_seal(gen_keys *keys)
{
    free(keys->index);
    keys->index = NULL;
}


uint32_t
gen_keys_first(const gen_keys *keys, uint64_t id)
{
    uint32_t  head = (uint32_t) (id >> 32);

    if (id >= GEN_KEY_LONG) {
        return (unsigned char) long_word(keys, id).ptr[0];
    }

    if (head < 0x80000000) {
        return head >> 24;
    }

    if (head < 0xF0000000) {
        return (head >> 24 & 0x0F) << 12 | (head >> 16 & 0x3F) << 6
               | (head >> 8 & 0x3F);
    }

    return (head >> 16 & 0x3F) << 12 | (head >> 8 & 0x3F) << 6 | (head & 0x3F);
}


caplat_slice
gen_keys_text(const gen_keys *keys, uint64_t id,
    char bytes[static GEN_KEY_LEN_MAX])
{
    size_t  len = 0;

    if (id >= GEN_KEY_LONG) {
        return long_word(keys, id);
    }

    for (; id != 0; id <<= 8) {
        if (id >> 56 != 0) {
            bytes[len++] = (char) (id >> 56);
        }
    }

    return caplat_slice_of(bytes, len);
}
