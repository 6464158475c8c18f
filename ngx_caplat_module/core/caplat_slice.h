/*
 * Bytes with a length, and a cursor that walks them.
 *
 * A slice borrows: it never owns its bytes and is never NUL-terminated. Every
 * `take` has a bound, moves the cursor only when it succeeds, and returns
 * true when it did, so takes chain with ||.
 */

#ifndef CAPLAT_SLICE_H
#define CAPLAT_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>


/* States what we can prove; on in every build; never tests input. */
#define caplat_assert(x)  do { if (!(x)) { __builtin_trap(); } } while (0)


typedef struct {
    const char  *ptr;
    size_t       len;               /* bytes */
} caplat_slice;


typedef struct {
    const char  *start;
    const char  *at;
    const char  *end;
} caplat_cursor;


/* How many elements an array has. */
#define CAPLAT_COUNT(array)  (sizeof(array) / sizeof((array)[0]))

/* A string literal as a slice; and as an element of a static table, where C
   wants a constant. */
#define CAPLAT_LIT(s)   ((caplat_slice) { (s), sizeof(s) - 1 })
#define CAPLAT_INIT(s)  { (s), sizeof(s) - 1 }


static inline caplat_slice
caplat_slice_of(const char *ptr, size_t len)
{
    return (caplat_slice) { ptr, len };
}


/* One of our own static words, NUL at the end. */
static inline caplat_slice
caplat_slice_of_word(const char *word)
{
    size_t  len = 0;

    while (word[len] != '\0') {
        len++;
    }

    return (caplat_slice) { word, len };
}


static inline bool
caplat_slice_eq(caplat_slice a, caplat_slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}


/* Orders by bytes, a prefix first: < 0, 0, > 0. */
static inline int
caplat_slice_cmp(caplat_slice a, caplat_slice b)
{
    size_t  len = a.len < b.len ? a.len : b.len;
    int     order = len != 0 ? memcmp(a.ptr, b.ptr, len) : 0;

    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}


/* Bytes as ASCII has them, whatever the locale. */
static inline bool
caplat_is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}


static inline bool
caplat_is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}


static inline char
caplat_lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char) (byte - 'A' + 'a') : byte;
}


/* Whether text is a word in any case; lower is that word in lower case. */
static inline bool
caplat_slice_eq_lower(caplat_slice text, caplat_slice lower)
{
    if (text.len != lower.len) {
        return false;
    }

    for (size_t i = 0; i < text.len; i++) {
        if (caplat_lower(text.ptr[i]) != lower.ptr[i]) {
            return false;
        }
    }

    return true;
}


static inline caplat_cursor
caplat_cursor_of(caplat_slice text)
{
    /* NULL may not be added to, not even 0. */
    const char  *end = text.len != 0 ? text.ptr + text.len : text.ptr;

    return (caplat_cursor) { text.ptr, text.ptr, end };
}


/* Offset of the cursor from the start of its text. */
static inline size_t
caplat_cursor_at(const caplat_cursor *c)
{
    return (size_t) (c->at - c->start);
}


static inline size_t
caplat_cursor_left(const caplat_cursor *c)
{
    return (size_t) (c->end - c->at);
}


static inline bool
caplat_take_byte(caplat_cursor *c, char byte)
{
    if (c->at == c->end || *c->at != byte) {
        return false;
    }

    c->at++;

    return true;
}


static inline bool
caplat_take_literal(caplat_cursor *c, caplat_slice literal)
{
    if (caplat_cursor_left(c) < literal.len
        || memcmp(c->at, literal.ptr, literal.len) != 0)
    {
        return false;
    }

    c->at += literal.len;

    return true;
}


/* Everything before the next `byte`, which is taken too; at most max bytes. */
static inline bool
caplat_take_until(caplat_cursor *c, char byte, size_t max, caplat_slice *out)
{
    size_t       left = caplat_cursor_left(c);
    size_t       reach = left <= max ? left : max + 1;
    const char  *stop = reach != 0 ? memchr(c->at, byte, reach) : NULL;

    if (stop == NULL) {
        return false;
    }

    *out = caplat_slice_of(c->at, (size_t) (stop - c->at));
    c->at = stop + 1;

    return true;
}


/* All that is left; at most max bytes. */
static inline bool
caplat_take_rest(caplat_cursor *c, size_t max, caplat_slice *out)
{
    if (caplat_cursor_left(c) > max) {
        return false;
    }

    *out = caplat_slice_of(c->at, caplat_cursor_left(c));
    c->at = c->end;

    return true;
}


/* Decimal digits, no sign, no leading zero, at most max. */
static inline bool
caplat_take_uint(caplat_cursor *c, uint64_t max, uint64_t *out)
{
    const char  *p = c->at;
    uint64_t     value = 0;

    while (p != c->end && caplat_is_digit(*p)) {
        uint64_t  digit = (uint64_t) (*p - '0');

        if (digit > max || value > (max - digit) / 10
            || (value == 0 && p != c->at))
        {
            return false;
        }

        value = value * 10 + digit;
        p++;
    }

    if (p == c->at) {
        return false;
    }

    *out = value;
    c->at = p;

    return true;
}


#endif /* CAPLAT_SLICE_H */
