/*
 * Eight bytes at a time, in portable C. A word is what memcpy makes of them;
 * which byte comes first in it differs by machine and does not matter here,
 * for each byte is asked the same.
 */

#ifndef GEN_WORD_H
#define GEN_WORD_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>


#define GEN_WORD_LEN  8

/* The same byte eight times. */
#define GEN_WORD_OF(byte)  (UINT64_C(0x0101010101010101) * (byte))


static inline uint64_t
gen_word_at(const char *bytes)
{
    uint64_t  word;

    memcpy(&word, bytes, sizeof(word));

    return word;
}


/*
 * Is any byte less than `limit`, which is at most 0x80? A byte that is borrows
 * from its highest bit, and had none of its own.
 */
static inline bool
gen_word_below(uint64_t word, uint8_t limit)
{
    return ((word - GEN_WORD_OF(limit)) & ~word & GEN_WORD_OF(0x80)) != 0;
}


static inline bool
gen_word_has(uint64_t word, char byte)
{
    return gen_word_below(word ^ GEN_WORD_OF((uint8_t) byte), 1);
}


/* Is every byte beyond ASCII? */
static inline bool
gen_word_is_wide(uint64_t word)
{
    return (word & GEN_WORD_OF(0x80)) == GEN_WORD_OF(0x80);
}


/*
 * The highest bits of the bytes from `low` to `high`, of a word that has none
 * of its own.
 */
static inline uint64_t
gen_word_range(uint64_t word, char low, char high)
{
    return (word + GEN_WORD_OF(0x80 - (unsigned) low))
           & ~(word + GEN_WORD_OF(0x7F - (unsigned) high));
}


/* Is every byte within one of two ranges of ASCII? */
static inline bool
gen_word_of_two(uint64_t word, char low, char high, char low_2, char high_2)
{
    uint64_t  ascii = word & GEN_WORD_OF(0x7F);

    return ((gen_word_range(ascii, low, high)
             | gen_word_range(ascii, low_2, high_2))
            & ~word & GEN_WORD_OF(0x80)) == GEN_WORD_OF(0x80);
}


#endif /* GEN_WORD_H */
