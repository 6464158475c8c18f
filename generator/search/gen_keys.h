/*
 * What can be searched for, and where it is: the postings of pairs of Han
 * characters and of Latin words, in one hash table with open addressing.
 *
 * The keys lie side by side in the order in which they came; an index of
 * their numbers is what is hashed, so that room for keys to come costs four
 * bytes and not a whole key:
 *
 *   index   |   | 2 |   |   | 1 |   | 3 |   |        0: an empty slot
 *   keys    | none | key | key | key |
 */

#ifndef GEN_KEYS_H
#define GEN_KEYS_H

#include "gen_postings.h"


#define GEN_KEY_LEN_MAX  8              /* bytes of text that an id holds */

/*
 * id   the text in UTF-8, its first byte highest, zeros at the end of each
 *      character of a pair and behind a word:
 *
 *        新增   E6 96 B0 00 E5 A2 9E 00
 *        锁     E9 94 81 00 00 00 00 00
 *        cfca   63 66 63 61 00 00 00 00
 *
 *      so ids ascend as texts do. A longer word: GEN_KEY_LONG | its number
 *      in gen_keys.words. No id is 0.
 */
typedef struct {
    uint64_t      id;
    gen_postings  postings;
} gen_key;


#define GEN_KEY_LONG    (UINT64_C(0xFF) << 56)      /* no UTF-8 begins so */
#define GEN_KEY_FIRSTS  0x40000U                    /* so ids begin below F1 */


typedef struct {
    uint32_t   *index;
    unsigned    shift;                  /* its length is 1 << (64 - shift) */
    gen_key    *keys;
    uint32_t    count;                  /* of keys, the one at 0 included */
    uint32_t    room;
    gen_buf     words;                  /* of caplat_slice */
    gen_arena   arena;                  /* the words' bytes */
} gen_keys;


void gen_keys_open(gen_keys *keys);
void gen_keys_close(gen_keys *keys);


/* Fibonacci hashing: the high bits of the product are the well mixed ones. */
static inline uint64_t
gen_keys_mix(uint64_t value)
{
    return value * UINT64_C(0x9E3779B97F4A7C15);
}


/* The slot behind a slot that is used. */
static inline size_t
gen_keys_next(const gen_keys *keys, size_t slot)
{
    return (slot + 1) & (UINT64_MAX >> keys->shift);
}


/* Add the key that belongs into this slot, which is empty. */
gen_key *gen_keys_add(gen_keys *keys, uint64_t id, size_t slot);

/* A key, which is made when it is new; stays where it is until the next one. */
static inline gen_key *
gen_keys_find(gen_keys *keys, uint64_t id)
{
    size_t    slot = gen_keys_mix(id) >> keys->shift;
    gen_key  *key = &keys->keys[keys->index[slot]];

    while (key->id != id) {
        if (key == keys->keys) {
            return gen_keys_add(keys, id, slot);
        }

        slot = gen_keys_next(keys, slot);
        key = &keys->keys[keys->index[slot]];
    }

    return key;
}


/* The same for a word of ASCII letters and digits, which is not empty. */
gen_key *gen_keys_find_word(gen_keys *keys, caplat_slice word);

/* All keys are there: give back the index. None can be found any more. */
void gen_keys_seal(gen_keys *keys);

/* The code point with which a key begins; less than GEN_KEY_FIRSTS. */
uint32_t gen_keys_first(const gen_keys *keys, uint64_t id);

/* A key's text; `bytes` is room for a short one. */
caplat_slice gen_keys_text(const gen_keys *keys, uint64_t id,
    char bytes[static GEN_KEY_LEN_MAX]);


#endif /* GEN_KEYS_H */
