#include "gen_html.h"

#include "gen_word.h"


/* One bit a byte: may it not stand there as it is? */
typedef uint32_t  byte_set[8];


static const byte_set  in_text = {
    0x00000000,     /* control characters: a page may show them */
    0x50000040,     /* & < > */
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000
};


static const byte_set  in_attribute = {
    0x00000000,
    0x50000044,     /* " & < > */
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000
};


static const byte_set  in_url = {
    0xffffffff,     /* control characters */
    0x500000c5,     /* space " & ' < > */
    0x78000000,     /* [ \ ] ^ */
    0xb8000001,     /* ` { | } DEL */
    0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff
};


static const byte_set  in_json = {
    0xffffffff,     /* control characters */
    0x10000004,     /* " < */
    0x10000000,     /* \ */
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000
};


/* RFC 3986, 2.1 wants percent-encoding in upper case. */
static const char  hex_upper[] = "0123456789ABCDEF";
static const char  hex_lower[] = "0123456789abcdef";


/*
 * May these eight bytes stand there as they are? True is certain; false only
 * sends the caller to look at each byte.
 */
typedef bool (*word_test)(uint64_t word);


/* " and & differ in one bit, < and > as well: two looks find all four. */
static inline bool
is_markup_free(uint64_t word)
{
    return gen_word_is_wide(word)
           || (!gen_word_has(word & ~GEN_WORD_OF('"' ^ '&'), '"')
               && !gen_word_has(word & ~GEN_WORD_OF('<' ^ '>'), '<'));
}


static inline bool
is_json_free(uint64_t word)
{
    return gen_word_is_wide(word)
           || (!gen_word_below(word, ' ') && !gen_word_has(word, '"')
               && !gen_word_has(word, '<') && !gen_word_has(word, '\\'));
}


/* What most addresses are made of: a-z, and - . / 0-9, which are in a row. */
static inline bool
is_url_free(uint64_t word)
{
    return gen_word_of_two(word, 'a', 'z', '-', '9');
}


static inline bool
holds(const byte_set set, char byte)
{
    uint8_t  b = (uint8_t) byte;

    return (set[b >> 5] >> (b & 31) & 1) != 0;
}


/* The first byte of `set`, or the end. */
static inline const char *
find(const char *from, const char *end, const byte_set set,
    word_test is_free)
{
    const char  *p = from;

    while (end - p >= GEN_WORD_LEN && is_free(gen_word_at(p))) {
        p += GEN_WORD_LEN;
    }

    /* What is left makes a word with some bytes that we have seen. */
    if (p != from && end - p < GEN_WORD_LEN
        && is_free(gen_word_at(end - GEN_WORD_LEN)))
    {
        return end;
    }

    while (p != end && !holds(set, *p)) {
        p++;
    }

    return p;
}


/*
 * Copy the run before the next byte of `set` and take that byte; false at the
 * end of the text.
 */
static inline bool
copy_run(gen_buf *buf, caplat_cursor *c, const byte_set set, word_test is_free,
    char *stop)
{
    const char  *run = c->at;
    const char  *p = find(run, c->end, set, is_free);

    gen_buf_add(buf, caplat_slice_of(run, (size_t) (p - run)));

    if (p == c->end) {
        return false;
    }

    *stop = *p;
    c->at = p + 1;

    return true;
}


static void
add_entity(gen_buf *buf, char byte)
{
    switch (byte) {

    case '&':
        gen_buf_lit(buf, "&amp;");
        break;

    case '<':
        gen_buf_lit(buf, "&lt;");
        break;

    case '>':
        gen_buf_lit(buf, "&gt;");
        break;

    case '"':
        gen_buf_lit(buf, "&quot;");
        break;

    default:
        caplat_assert(0);
    }
}


static void
add_hex(gen_buf *buf, const char *digits, char byte)
{
    uint8_t  b = (uint8_t) byte;

    gen_buf_byte(buf, digits[b >> 4]);
    gen_buf_byte(buf, digits[b & 15]);
}


void
gen_html_text(gen_buf *buf, caplat_slice text)
{
    caplat_cursor  c = caplat_cursor_of(text);
    char           stop;

    while (copy_run(buf, &c, in_text, is_markup_free, &stop)) {
        add_entity(buf, stop);
    }
}


void
gen_html_attribute(gen_buf *buf, caplat_slice text)
{
    caplat_cursor  c = caplat_cursor_of(text);
    char           stop;

    while (copy_run(buf, &c, in_attribute, is_markup_free, &stop)) {
        add_entity(buf, stop);
    }
}


void
gen_html_url(gen_buf *buf, caplat_slice text)
{
    caplat_cursor  c = caplat_cursor_of(text);
    char           stop;

    while (copy_run(buf, &c, in_url, is_url_free, &stop)) {
        if (stop == '&') {
            gen_buf_lit(buf, "&amp;");
            continue;
        }

        gen_buf_byte(buf, '%');
        add_hex(buf, hex_upper, stop);
    }
}


void
gen_html_json(gen_buf *buf, caplat_slice text)
{
    caplat_cursor  c = caplat_cursor_of(text);
    char           stop;

    while (copy_run(buf, &c, in_json, is_json_free, &stop)) {
        if (stop == '"' || stop == '\\') {
            gen_buf_byte(buf, '\\');
            gen_buf_byte(buf, stop);
            continue;
        }

        gen_buf_lit(buf, "\\u00");
        add_hex(buf, hex_lower, stop);
    }
}
