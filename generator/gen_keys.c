#include "gen_keys.h"


#define SLOTS_FIRST  4096U


/* Fibonacci hashing: the high bits of the product are the well mixed ones. */
static uint64_t
mix(uint64_t value)
{
    return (value ^ value >> 32) * UINT64_C(0x9E3779B97F4A7C15) >> 20;
}


/* FNV-1a: words are short. */
static uint64_t
hash_word(caplat_slice word)
{
    uint64_t  hash = UINT64_C(0xCBF29CE484222325);

    for (size_t i = 0; i < word.len; i++) {
        hash = (hash ^ (unsigned char) word.ptr[i])
               * UINT64_C(0x100000001B3);
    }

    return mix(hash);
}


static gen_key_slot *
slots_of(const gen_keys *keys)
{
    return (gen_key_slot *) (void *) keys->slots.data;
}


/* Put a slot that is known to be new into a table with room. */
static void
move_slot(const gen_keys *keys, const gen_key_slot *slot)
{
    uint64_t  hash = (slot->id & GEN_KEY_WORD) != 0
                     ? hash_word(gen_keys_text(keys, slot->id))
                     : mix(slot->id);
    size_t    at = hash & (keys->slot_count - 1);

    while (slots_of(keys)[at].id != 0) {
        at = (at + 1) & (keys->slot_count - 1);
    }

    slots_of(keys)[at] = *slot;
}


static void
grow(gen_keys *keys)
{
    gen_buf  old = keys->slots;
    size_t   old_count = keys->slot_count;

    keys->slot_count = old_count != 0 ? old_count * 2 : SLOTS_FIRST;
    keys->slots = (gen_buf) { 0 };
    gen_buf_grow(&keys->slots, keys->slot_count * sizeof(gen_key_slot));
    memset(keys->slots.data, 0, keys->slot_count * sizeof(gen_key_slot));

    for (size_t i = 0; i < old_count; i++) {
        const gen_key_slot  *slot = (gen_key_slot *) (void *) old.data + i;

        if (slot->id != 0) {
            move_slot(keys, slot);
        }
    }

    gen_buf_close(&old);
}


/* At most two thirds of the slots are used: probes stay short. */
static inline void
make_room(gen_keys *keys)
{
    if (keys->used >= keys->slot_count / 3 * 2) {
        grow(keys);
    }
}


gen_postings *
gen_keys_pair(gen_keys *keys, uint32_t first, uint32_t second)
{
    uint64_t       id = (uint64_t) first << 32 | second;
    gen_key_slot  *slots;
    size_t         at;

    make_room(keys);
    slots = slots_of(keys);
    at = mix(id) & (keys->slot_count - 1);

    while (slots[at].id != id) {
        if (slots[at].id == 0) {
            slots[at].id = id;
            keys->used++;
            break;
        }

        at = (at + 1) & (keys->slot_count - 1);
    }

    return &slots[at].postings;
}


static uint64_t
keep_word(gen_keys *keys, caplat_slice word)
{
    size_t        at = keys->words.len / sizeof(caplat_slice);
    caplat_slice  kept = gen_arena_copy(&keys->arena, word);

    gen_buf_add(&keys->words, caplat_slice_of((const char *) &kept,
                                              sizeof(kept)));

    return GEN_KEY_WORD | at;
}


gen_postings *
gen_keys_word(gen_keys *keys, caplat_slice word)
{
    gen_key_slot  *slots;
    size_t         at;

    make_room(keys);
    slots = slots_of(keys);
    at = hash_word(word) & (keys->slot_count - 1);

    while ((slots[at].id & GEN_KEY_WORD) == 0
           || !caplat_slice_eq(gen_keys_text(keys, slots[at].id), word))
    {
        if (slots[at].id == 0) {
            slots[at].id = keep_word(keys, word);
            keys->used++;
            break;
        }

        at = (at + 1) & (keys->slot_count - 1);
    }

    return &slots[at].postings;
}


void
gen_keys_close(gen_keys *keys)
{
    gen_buf_close(&keys->slots);
    gen_buf_close(&keys->words);
    gen_arena_close(&keys->arena);
    *keys = (gen_keys) { 0 };
}
