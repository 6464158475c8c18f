#include "caplat_json_reader.h"
#include "caplat_text.h"


#define PAIR_HIGH  0xd800               /* RFC 8259, 7 */
#define PAIR_LOW   0xdc00
#define PAIR_END   0xe000


bool
caplat_json_take(caplat_json_reader *r, char byte)
{
    return caplat_take_byte(&r->c, byte) || caplat_json_fail_here(r);
}


static bool
take_unit(caplat_json_reader *r, uint32_t *unit)
{
    uint32_t  read = 0;

    for (size_t i = 0; i < 4; i++) {
        uint32_t  byte = r->c.at != r->c.end ? (uint8_t) *r->c.at : 0;
        uint32_t  lower = byte | 0x20;

        if (byte - '0' < 10) {
            read = read << 4 | (byte - '0');

        } else if (lower - 'a' < 6) {
            read = read << 4 | (lower - 'a' + 10);

        } else {
            return caplat_json_fail_here(r);
        }

        r->c.at++;
    }

    *unit = read;

    return true;
}


static char *
put_character(char *out, uint32_t character)
{
    if (character < 0x80) {
        *out++ = (char) character;
        return out;
    }

    if (character < 0x800) {
        *out++ = (char) (0xc0 | character >> 6);

    } else {
        if (character < 0x10000) {
            *out++ = (char) (0xe0 | character >> 12);

        } else {
            *out++ = (char) (0xf0 | character >> 18);
            *out++ = (char) (0x80 | (character >> 12 & 0x3f));
        }

        *out++ = (char) (0x80 | (character >> 6 & 0x3f));
    }

    *out++ = (char) (0x80 | (character & 0x3f));

    return out;
}


/* Behind `\u`: a character, of which each half of a pair is none. */
static bool
take_code(caplat_json_reader *r, char **out)
{
    uint32_t  high;
    uint32_t  low;

    if (!take_unit(r, &high)) {
        return false;
    }

    if (high >= PAIR_HIGH && high < PAIR_END) {
        if (high >= PAIR_LOW
            || !caplat_take_literal(&r->c, CAPLAT_LIT("\\u")))
        {
            return caplat_json_fail(r, CAPLAT_NOT_WORDS);
        }

        if (!take_unit(r, &low)) {
            return false;
        }

        if (low < PAIR_LOW || low >= PAIR_END) {
            return caplat_json_fail(r, CAPLAT_NOT_WORDS);
        }

        high = 0x10000 + ((high - PAIR_HIGH) << 10) + (low - PAIR_LOW);
    }

    *out = put_character(*out, high);

    return true;
}


/* Behind a backslash. What is written is never longer than what was read. */
static bool
take_escape(caplat_json_reader *r, char **out)
{
    static const char  names[] = "\"\\/bfnrt";
    static const char  bytes[] = "\"\\/\b\f\n\r\t";

    if (caplat_take_byte(&r->c, 'u')) {
        return take_code(r, out);
    }

    const char  *name = r->c.at != r->c.end
                        ? memchr(names, *r->c.at, sizeof(names) - 1) : NULL;

    if (name == NULL) {
        return caplat_json_fail_here(r);
    }

    *(*out)++ = bytes[name - names];
    r->c.at++;

    return true;
}


bool
caplat_json_read_string(caplat_json_reader *r, caplat_slice *text)
{
    uint32_t  character;

    if (!caplat_json_take(r, '"')) {
        return false;
    }

    /* The text is ours: see caplat_json_open. */
    char  *start = (char *) (uintptr_t) r->c.at;
    char  *out = start;

    while (!caplat_take_byte(&r->c, '"')) {
        const char  *at = r->c.at;

        if (at == r->c.end || (uint8_t) *at < 0x20) {
            return caplat_json_fail_here(r);
        }

        if (*at == '\\') {
            r->c.at++;

            if (!take_escape(r, &out)) {
                return false;
            }

            continue;
        }

        if ((uint8_t) *at < 0x80) {
            r->c.at++;

        } else if (!caplat_take_character(&r->c, &character)) {
            return caplat_json_fail(r, CAPLAT_NOT_WORDS);
        }

        while (at != r->c.at) {
            *out++ = *at++;
        }
    }

    /* Where the second quotation mark was, or before. */
    *out = '\0';
    *text = caplat_slice_of(start, (size_t) (out - start));

    return true;
}
