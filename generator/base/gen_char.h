/*
 * One code point: what kind of character it is, how wide, how it is written.
 */

#ifndef GEN_CHAR_H
#define GEN_CHAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>


#define GEN_CHAR_BROKEN   0xFFFDU       /* stands for a byte not in UTF-8 */
#define GEN_CHAR_LEN_MAX  4             /* bytes of one code point */


/* Bytes written to out, 1..4. The code point must not be a surrogate. */
size_t gen_char_write(uint32_t c, char out[static GEN_CHAR_LEN_MAX]);

/* Han characters: U+3400..9FFF, U+F900..FAFF, U+20000..3FFFF, and 〇. */
static inline bool
gen_char_is_han(uint32_t c)
{
    return (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF)
           || (c >= 0x20000 && c <= 0x3FFFF) || c == 0x3007;
}


/*
 * Punctuation as CommonMark means it: ASCII punctuation and Unicode's P
 * classes of general, CJK, vertical, small and full-width forms. The symbols
 * among the full-width forms, such as ￥ and ＋, are none.
 */
bool gen_char_is_punct(uint32_t c);

bool gen_char_is_space(uint32_t c);     /* also U+00A0 and U+3000 */

/* ASCII letters and digits. */
static inline bool
gen_char_is_alnum(uint32_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
           || (c >= 'A' && c <= 'Z');
}


/*
 * Cells in a terminal: 2 for East Asian wide characters, 0 for marks that
 * combine, otherwise 1.
 */
unsigned gen_char_cells(uint32_t c);


#endif /* GEN_CHAR_H */
