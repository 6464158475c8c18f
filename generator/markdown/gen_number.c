#include "gen_number.h"

#include "gen_text.h"


#define WIDE_LEN  3                     /* bytes of a full-width character */


static bool
is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}


/*
 * How long the digit, comma or point is that stands at `at`, and what it is in
 * ASCII; 0 when there is none. U+FF0C is no comma of a number: it parts
 * clauses.
 */
static size_t
take_mark(caplat_slice text, size_t at, char *ascii)
{
    const char  *p = text.ptr + at;

    if (at >= text.len) {
        return 0;
    }

    if (is_digit(*p) || *p == ',' || *p == '.') {
        *ascii = *p;
        return 1;
    }

    if (text.len - at < WIDE_LEN || memcmp(p, "\xef\xbc", 2) != 0) {
        return 0;
    }

    /* U+FF01 to U+FF3F are ! to ? */
    *ascii = (char) ((uint8_t) p[2] - 0x60);

    return is_digit(*ascii) || *ascii == '.' ? WIDE_LEN : 0;
}


/* The same for what ends at `to`. */
static size_t
mark_before(caplat_slice text, size_t to, char *ascii)
{
    if (to >= 1 && take_mark(text, to - 1, ascii) == 1) {
        return 1;
    }

    return to >= WIDE_LEN
           && take_mark(text, to - WIDE_LEN, ascii) == WIDE_LEN ? WIDE_LEN : 0;
}


caplat_slice
gen_number_unspaced(caplat_slice text)
{
    static const caplat_slice  blanks[] = {
        CAPLAT_INIT(" "), CAPLAT_INIT("\xc2\xa0"), CAPLAT_INIT("\xe3\x80\x80")
    };
    size_t                     i = 0;

    while (i < CAPLAT_COUNT(blanks)) {
        if (gen_text_ends(text, blanks[i])) {
            text = gen_text_part(text, 0, text.len - blanks[i].len);
            i = 0;

        } else {
            i++;
        }
    }

    return text;
}


/* Without commas and points at either end; empty when there is one last. */
static caplat_slice
bare(caplat_slice number)
{
    size_t  from = 0;
    char    ascii = 0;
    size_t  len;

    if (mark_before(number, number.len, &ascii) == 0 || !is_digit(ascii)
        || number.len > GEN_NUMBER_LEN_MAX)
    {
        return gen_text_part(number, number.len, number.len);
    }

    while ((len = take_mark(number, from, &ascii)) != 0 && !is_digit(ascii)) {
        from += len;
    }

    return gen_text_part(number, from, number.len);
}


caplat_slice
gen_number_before(caplat_slice text)
{
    size_t  from = text.len;
    size_t  len;
    char    ascii;

    while ((len = mark_before(text, from, &ascii)) != 0) {
        from -= len;
    }

    return bare(gen_text_part(text, from, text.len));
}


caplat_slice
gen_number_after(caplat_slice text)
{
    size_t  at = 0;
    size_t  to = 0;
    size_t  len;
    char    ascii;

    while ((len = take_mark(text, at, &ascii)) != 0) {
        at += len;
        to = is_digit(ascii) ? at : to;
    }

    return bare(gen_text_part(text, 0, to));
}


caplat_slice
gen_number_fold(caplat_slice number,
    char ascii[static GEN_NUMBER_LEN_MAX])
{
    size_t  count = 0;
    size_t  at = 0;

    caplat_assert(number.len <= GEN_NUMBER_LEN_MAX);

    while (at < number.len) {
        at += take_mark(number, at, &ascii[count++]);
    }

    return caplat_slice_of(ascii, count);
}
