/*
 * Text as the generator's rooms walk it: UTF-8, code points, lines, days.
 *
 * Everything here borrows and nothing allocates. A text that passed
 * gen_text_valid() can be walked without further checks; one that did not is
 * still safe to walk, a broken byte then counts as U+FFFD.
 */

#ifndef GEN_TEXT_H
#define GEN_TEXT_H

#include "caplat_slice.h"
#include "gen_char.h"


/*
 * True when text is UTF-8 (RFC 3629: shortest forms, no surrogates) without
 * control characters other than tab, line feed and carriage return. Otherwise
 * `bad_at` is the first byte that is not.
 */
bool gen_text_valid(caplat_slice text, size_t *bad_at);

/* gen_text_next() for all that is neither ASCII nor common Chinese. */
uint32_t gen_text_next_other(caplat_slice text, size_t *at);


/* 10......, which a signed byte has for its least 64 values. */
static inline bool
gen_text_is_tail(unsigned char byte)
{
    return (signed char) byte < -0x40;
}


/*
 * Is this one of the code points of three bytes that may have any tails, as
 * nearly all of our text is? E0 and ED may not (RFC 3629, 4).
 */
static inline bool
gen_text_is_three(const unsigned char *s)
{
    return s[0] >= 0xE1 && s[0] <= 0xEF && s[0] != 0xED
           && gen_text_is_tail(s[1]) && gen_text_is_tail(s[2]);
}


/*
 * Does one of U+4000..9FFF begin with this byte, in a text that passed
 * gen_text_valid()? These are Han characters of three bytes, as nearly all are.
 */
static inline bool
gen_text_leads_common(char byte)
{
    return (unsigned char) byte >= 0xE4 && (unsigned char) byte <= 0xE9;
}


/* Does one begin at `at`, and goes on three bytes behind? */
static inline bool
gen_text_is_common(caplat_slice text, size_t at)
{
    return text.len - at >= 3 && gen_text_leads_common(text.ptr[at]);
}


/*
 * The code point at text.ptr[*at]; moves *at past it. *at must be less than
 * text.len.
 */
static inline uint32_t
gen_text_next(caplat_slice text, size_t *at)
{
    const unsigned char  *s = (const unsigned char *) text.ptr + *at;

    if (s[0] < 0x80) {
        *at += 1;
        return s[0];
    }

    if (text.len - *at >= 3 && gen_text_is_three(s)) {
        *at += 3;
        return (s[0] & 0x0FU) << 12 | (s[1] & 0x3FU) << 6 | (s[2] & 0x3FU);
    }

    return gen_text_next_other(text, at);
}


/* The code point that ends at `at`; 0 at the start of the text. */
uint32_t gen_text_before(caplat_slice text, size_t at);

/* The code point at `at`; 0 at the end of the text. */
static inline uint32_t
gen_text_peek(caplat_slice text, size_t at)
{
    return at < text.len ? gen_text_next(text, &at) : 0;
}


size_t gen_text_count(caplat_slice text);           /* code points */
size_t gen_text_cells(caplat_slice text);           /* a terminal's cells */


/* Without blanks, tabs and line ends at both ends. */
caplat_slice gen_text_trim(caplat_slice text);

static inline bool
gen_text_begins(caplat_slice text, caplat_slice with)
{
    return text.len >= with.len
           && caplat_slice_eq(caplat_slice_of(text.ptr, with.len), with);
}


bool gen_text_ends(caplat_slice text, caplat_slice with);

/* First place of `what`; false when it is not there. Empty is never there. */
bool gen_text_find(caplat_slice text, caplat_slice what, size_t *at);

/*
 * Cut text in two at the first `what`, which is in neither part. False, and
 * both parts untouched, when it is not there.
 */
bool gen_text_cut(caplat_slice text, caplat_slice what, caplat_slice *before,
    caplat_slice *after);

/* The bytes from..to. */
static inline caplat_slice
gen_text_part(caplat_slice text, size_t from, size_t to)
{
    caplat_assert(from <= to && to <= text.len);

    return to == 0 ? caplat_slice_of(text.ptr, 0)
                   : caplat_slice_of(text.ptr + from, to - from);
}


/*
 * The line that begins at *at, without its "\n" or "\r\n"; moves *at to the
 * next one. False at the end of the text.
 */
bool gen_text_line(caplat_slice text, size_t *at, caplat_slice *line);

/* Like gen_text_line(), for items parted by `mark`: each is trimmed. */
bool gen_text_item(caplat_slice text, char mark, size_t *at,
    caplat_slice *item);


/* An address: [a-z0-9-], not empty. */
bool gen_text_is_id(caplat_slice text);

/* Decimal digits only, no leading zero, at most max. */
bool gen_text_uint(caplat_slice text, uint64_t max, uint64_t *value);


#endif /* GEN_TEXT_H */
