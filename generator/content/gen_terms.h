/*
 * The house's words: content/words.txt says what to write for what.
 *
 *   # comment
 *   登陆 = 登录
 *
 * One `wrong = right` a line. The longest wrong word at a place counts. A
 * wrong word that is part of its right one (锁 = CA 锁) is no fault where the
 * right one stands.
 */

#ifndef GEN_TERMS_H
#define GEN_TERMS_H

#include "gen_diag.h"


typedef struct gen_term  gen_term;

struct gen_term {
    caplat_slice   wrong;
    caplat_slice   right;
    size_t         inside_at;           /* of wrong in right, when inside */
    bool           inside;
    gen_term      *next;                /* with the same hash, shorter ones */
};                                      /* last */


#define GEN_TERM_CHAINS  256U

/* Zero is an empty list. Read only once it is read; threads share it. */
typedef struct gen_terms {
    gen_term      *chains[GEN_TERM_CHAINS];     /* by first code point */
    uint64_t       starts[0x10000 / 64];        /* one bit a code point that */
                                                /* begins a wrong word */
} gen_terms;


/*
 * Read content/words.txt; the words are kept in `keep`. Returns false when a
 * problem was reported; terms is then untouched.
 */
bool gen_terms_read(gen_arena *keep, gen_diags *diags,
    const gen_source *source, gen_terms *terms);

/* May a wrong word begin with this character? Mostly not: ask this first. */
static inline bool
gen_terms_start(const gen_terms *terms, uint32_t c)
{
    return c < 0x10000 && (terms->starts[c / 64] >> (c % 64) & 1) != 0;
}


/*
 * The same for a code point of which gen_text_is_common() is true: the bytes
 * E4..E9, 80..BF, 80..BF. Others would get a wrong answer, within the array.
 */
static inline bool
gen_terms_start_common(const gen_terms *terms, const char *s)
{
    size_t  word = (size_t) (uint8_t) s[0] * 64 + (uint8_t) s[1]
                   - (0xE0 * 64 + 0x80);

    return (terms->starts[word] >> ((uint8_t) s[2] % 64) & 1) != 0;
}


/*
 * The wrong word at line.ptr[at], NULL when there is none. `first` is the
 * code point there.
 */
const gen_term *gen_terms_find(const gen_terms *terms, caplat_slice line,
    size_t at, uint32_t first);


#endif /* GEN_TERMS_H */
