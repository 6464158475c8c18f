/*
 * What can be searched for, and where it is: the postings of pairs of Han
 * characters and of Latin words, in one hash table with open addressing.
 */

#ifndef GEN_KEYS_H
#define GEN_KEYS_H

#include "gen_postings.h"


/*
 * id   a pair:  first code point << 32 | second, 0 when there is no second
 *      a word:  GEN_KEY_WORD | its place in gen_keys.words
 *      0:       an empty slot
 */
typedef struct {
    uint64_t      id;
    gen_postings  postings;
} gen_key_slot;


#define GEN_KEY_WORD  (UINT64_C(1) << 63)


/* Zero is an empty table. */
typedef struct {
    gen_buf       slots;                /* of gen_key_slot */
    size_t        slot_count;           /* a power of two */
    size_t        used;
    gen_buf       words;                /* of caplat_slice */
    gen_arena     arena;                /* the words' bytes */
} gen_keys;


/* The postings of a key, which is made when it is new. */
gen_postings *gen_keys_pair(gen_keys *keys, uint32_t first, uint32_t second);
gen_postings *gen_keys_word(gen_keys *keys, caplat_slice word);

static inline const gen_key_slot *
gen_keys_slot(const gen_keys *keys, size_t at)
{
    return (const gen_key_slot *) (const void *) keys->slots.data + at;
}


static inline caplat_slice
gen_keys_text(const gen_keys *keys, uint64_t id)
{
    return ((const caplat_slice *) (const void *) keys->words.data)
               [id & ~GEN_KEY_WORD];
}


void gen_keys_close(gen_keys *keys);


#endif /* GEN_KEYS_H */
