#include "gen_text.h"

#include "gen_word.h"


/*
 * Bytes of the code point at s, 0 when they are not UTF-8. The second byte's
 * bounds shut out long forms, surrogates and what lies above U+10FFFF
 * (RFC 3629, 4).
 */
static size_t
char_len(const unsigned char *s, size_t left)
{
    unsigned char  low = 0x80;
    unsigned char  high = 0xBF;
    size_t         len = 0;

    if (s[0] < 0x80) {
        return 1;
    }

    if (s[0] >= 0xC2 && s[0] <= 0xDF) {
        return left >= 2 && gen_text_is_tail(s[1]) ? 2 : 0;
    }

    if (s[0] >= 0xE0 && s[0] <= 0xEF) {
        low = s[0] == 0xE0 ? 0xA0 : low;
        high = s[0] == 0xED ? 0x9F : high;
        len = 3;

    } else if (s[0] >= 0xF0 && s[0] <= 0xF4) {
        low = s[0] == 0xF0 ? 0x90 : low;
        high = s[0] == 0xF4 ? 0x8F : high;
        len = 4;
    }

    if (len == 0 || left < len || s[1] < low || s[1] > high
        || !gen_text_is_tail(s[2])
        || (len == 4 && !gen_text_is_tail(s[3])))
    {
        return 0;
    }

    return len;
}


static bool
is_control(unsigned char byte)
{
    return (byte < ' ' || byte == 0x7F)
           && byte != '\n' && byte != '\t' && byte != '\r';
}


/*
 * Two code points of three bytes, in a text without E0 and ED: these are the
 * only ones of their leads that may not have any tails (RFC 3629, 4).
 */
static inline bool
is_pair(const char *s)
{
    static const char  fixed[] = "\xF0\xC0\xC0\xF0\xC0\xC0\0";
    static const char  right[] = "\xE0\x80\x80\xE0\x80\x80\0";

    return (gen_word_at(s) & gen_word_at(fixed)) == gen_word_at(right);
}


static size_t
skip_pairs(caplat_slice text, size_t at)
{
    size_t  last = text.len - GEN_WORD_LEN;

    if (text.len < GEN_WORD_LEN) {
        return at;
    }

    while (at <= last && is_pair(text.ptr + at)) {
        at += 6;
    }

    return at;
}


static size_t
skip_ascii(caplat_slice text, size_t at)
{
    while (at < text.len
           && ((text.ptr[at] >= ' ' && text.ptr[at] <= '~')
               || text.ptr[at] == '\n'))
    {
        at++;
    }

    return at;
}


static bool
has_byte(caplat_slice text, unsigned char byte)
{
    return text.len != 0 && memchr(text.ptr, byte, text.len) != NULL;
}


bool
gen_text_valid(caplat_slice text, size_t *bad_at)
{
    const unsigned char  *s = (const unsigned char *) text.ptr;
    bool                  paired = !has_byte(text, 0xE0)
                                   && !has_byte(text, 0xED);
    size_t                at = 0;

    for ( ;; ) {
        size_t  len;

        at = skip_ascii(text, at);
        at = paired ? skip_pairs(text, at) : at;

        if (at == text.len) {
            return true;
        }

        len = char_len(s + at, text.len - at);

        if (len == 0 || (len == 1 && is_control(s[at]))) {
            *bad_at = at;
            return false;
        }

        at += len;
    }
}


uint32_t
gen_text_next_other(caplat_slice text, size_t *at)
{
    const unsigned char  *s = (const unsigned char *) text.ptr + *at;
    size_t                len = char_len(s, text.len - *at);

    *at += len != 0 ? len : 1;

    switch (len) {

    case 1:
        return s[0];

    case 2:
        return (s[0] & 0x1FU) << 6 | (s[1] & 0x3FU);

    case 3:
        return (s[0] & 0x0FU) << 12 | (s[1] & 0x3FU) << 6 | (s[2] & 0x3FU);

    case 4:
        return (s[0] & 0x07U) << 18 | (s[1] & 0x3FU) << 12
               | (s[2] & 0x3FU) << 6 | (s[3] & 0x3FU);

    default:
        return GEN_CHAR_BROKEN;
    }
}


uint32_t
gen_text_before(caplat_slice text, size_t at)
{
    size_t  from = at;

    if (at == 0) {
        return 0;
    }

    do {
        from--;
    } while (from > 0 && at - from < GEN_CHAR_LEN_MAX
             && gen_text_is_tail((unsigned char) text.ptr[from]));

    return gen_text_next(gen_text_part(text, 0, at), &from);
}


size_t
gen_text_count(caplat_slice text)
{
    size_t  count = 0;

    for (size_t at = 0; at < text.len; count++) {
        (void) gen_text_next(text, &at);
    }

    return count;
}


size_t
gen_text_cells(caplat_slice text)
{
    size_t  cells = 0;
    size_t  at = 0;

    while (at < text.len) {
        cells += gen_char_cells(gen_text_next(text, &at));
    }

    return cells;
}


static bool
is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}


caplat_slice
gen_text_trim(caplat_slice text)
{
    while (text.len != 0 && is_blank(text.ptr[0])) {
        text.ptr++;
        text.len--;
    }

    while (text.len != 0 && is_blank(text.ptr[text.len - 1])) {
        text.len--;
    }

    return text;
}


bool
gen_text_ends(caplat_slice text, caplat_slice with)
{
    return text.len >= with.len
           && caplat_slice_eq(
                  gen_text_part(text, text.len - with.len, text.len), with);
}


bool
gen_text_find(caplat_slice text, caplat_slice what, size_t *at)
{
    const char  *from = text.ptr;
    size_t       left = text.len;

    if (what.len == 0) {
        return false;
    }

    while (left >= what.len) {
        const char  *hit = memchr(from, what.ptr[0], left - what.len + 1);

        if (hit == NULL) {
            return false;
        }

        if (memcmp(hit, what.ptr, what.len) == 0) {
            *at = (size_t) (hit - text.ptr);
            return true;
        }

        left -= (size_t) (hit + 1 - from);
        from = hit + 1;
    }

    return false;
}


bool
gen_text_cut(caplat_slice text, caplat_slice what, caplat_slice *before,
    caplat_slice *after)
{
    size_t  at;

    if (!gen_text_find(text, what, &at)) {
        return false;
    }

    *before = gen_text_part(text, 0, at);
    *after = gen_text_part(text, at + what.len, text.len);

    return true;
}


bool
gen_text_line(caplat_slice text, size_t *at, caplat_slice *line)
{
    const char  *from;
    const char  *stop;

    if (*at >= text.len) {
        return false;
    }

    from = text.ptr + *at;
    stop = memchr(from, '\n', text.len - *at);
    *line = caplat_slice_of(from, stop != NULL ? (size_t) (stop - from)
                                               : text.len - *at);
    *at += line->len + (stop != NULL ? 1 : 0);

    if (line->len != 0 && line->ptr[line->len - 1] == '\r') {
        line->len--;
    }

    return true;
}


bool
gen_text_item(caplat_slice text, char mark, size_t *at, caplat_slice *item)
{
    const char  *from;
    const char  *stop;
    size_t       len;

    if (*at > text.len || text.len == 0) {
        return false;
    }

    from = text.ptr + *at;
    stop = memchr(from, mark, text.len - *at);
    len = stop != NULL ? (size_t) (stop - from) : text.len - *at;
    *item = gen_text_trim(caplat_slice_of(from, len));
    *at += len + 1;

    return true;
}


bool
gen_text_is_id(caplat_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char  byte = text.ptr[i];

        if (!((byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9')
              || byte == '-'))
        {
            return false;
        }
    }

    return text.len != 0;
}


bool
gen_text_uint(caplat_slice text, uint64_t max, uint64_t *value)
{
    caplat_cursor  c = caplat_cursor_of(text);
    uint64_t       read;

    if (!caplat_take_uint(&c, max, &read) || caplat_cursor_left(&c) != 0) {
        return false;
    }

    *value = read;

    return true;
}
