#include "caplat_b64.h"


#define X     64                        /* no digit: larger than all of them */
#define NONE  X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X


/* What a character is worth. */
static const uint8_t  b64_values[256] = {
    NONE, NONE,
     X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X, 62,  X,  X,  X, 63,
    52, 53, 54, 55, 56, 57, 58, 59, 60, 61,  X,  X,  X,  X,  X,  X,
     X,  0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14,
    15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25,  X,  X,  X,  X,  X,
     X, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
    41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51,  X,  X,  X,  X,  X,
    NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE,
};

static const uint8_t  b64url_values[256] = {
    NONE, NONE,
     X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X, 62,  X,  X,
    52, 53, 54, 55, 56, 57, 58, 59, 60, 61,  X,  X,  X,  X,  X,  X,
     X,  0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14,
    15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25,  X,  X,  X,  X, 63,
     X, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
    41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51,  X,  X,  X,  X,  X,
    NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE,
};

static const char  b64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static const char  b64url_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";


/* Four digits are three bytes; whether all of them were digits. */
static bool
read_fours(const uint8_t *in, size_t fours, const uint8_t *values,
    uint8_t *out)
{
    unsigned  seen = 0;

    for (size_t i = 0; i < fours; i++, in += 4, out += 3) {
        unsigned  a = values[in[0]];
        unsigned  b = values[in[1]];
        unsigned  c = values[in[2]];
        unsigned  d = values[in[3]];

        seen |= a | b | c | d;
        out[0] = (uint8_t) (a << 2 | b >> 4);
        out[1] = (uint8_t) (b << 4 | c >> 2);
        out[2] = (uint8_t) (c << 6 | d);
    }

    return seen < X;
}


/* Two digits are a byte and four bits over, three are two bytes and two. */
static bool
read_end(const uint8_t *in, size_t digits, const uint8_t *values,
    uint8_t *out)
{
    unsigned  a = values[in[0]];
    unsigned  b = values[in[1]];
    unsigned  c = digits == 3 ? values[in[2]] : 0;
    unsigned  over = digits == 3 ? c & 3 : b & 15;

    if ((a | b | c) >= X || over != 0) {
        return false;
    }

    out[0] = (uint8_t) (a << 2 | b >> 4);

    if (digits == 3) {
        out[1] = (uint8_t) (b << 4 | c >> 2);
    }

    return true;
}


/* Digits without padding. */
static bool
read_digits(caplat_slice digits, const uint8_t *values, uint8_t *out,
    size_t room, size_t *len)
{
    const uint8_t  *in = (const uint8_t *) digits.ptr;
    size_t          fours = digits.len / 4;
    size_t          rest = digits.len % 4;
    size_t          bytes = fours * 3 + (rest != 0 ? rest - 1 : 0);

    if (rest == 1 || bytes > room) {
        return false;
    }

    if (!read_fours(in, fours, values, out)
        || (rest != 0
            && !read_end(in + fours * 4, rest, values, out + fours * 3)))
    {
        return false;
    }

    *len = bytes;

    return true;
}


/* Take one or two `=` off the end of a text whose length fits them. */
static bool
strip(caplat_slice *text)
{
    if (text->len % 4 != 0) {
        return false;
    }

    for (int i = 0; i < 2; i++) {
        if (text->len != 0 && text->ptr[text->len - 1] == '=') {
            text->len--;
        }
    }

    return true;
}


bool
caplat_b64_read(caplat_slice text, uint8_t *out, size_t room, size_t *len)
{
    return strip(&text) && read_digits(text, b64_values, out, room, len);
}


bool
caplat_b64url_read(caplat_slice text, uint8_t *out, size_t room,
    size_t *len)
{
    return read_digits(text, b64url_values, out, room, len);
}


bool
caplat_b64_valid(caplat_slice text)
{
    unsigned  seen = 0;
    uint8_t   last[2];

    if (!strip(&text)) {
        return false;
    }

    for (size_t i = 0; i < text.len / 4 * 4; i++) {
        seen |= b64_values[(uint8_t) text.ptr[i]];
    }

    return seen < X
        && (text.len % 4 == 0
            || read_end((const uint8_t *) text.ptr + text.len / 4 * 4,
                        text.len % 4, b64_values, last));
}


/* The digits of all bytes but the last len % 3. */
static char *
write_threes(const uint8_t *bytes, size_t len, const char *digits, char *out)
{
    for (size_t i = 0; i + 3 <= len; i += 3) {
        unsigned  a = bytes[i];
        unsigned  b = bytes[i + 1];
        unsigned  c = bytes[i + 2];

        *out++ = digits[a >> 2];
        *out++ = digits[(a & 3) << 4 | b >> 4];
        *out++ = digits[(b & 15) << 2 | c >> 6];
        *out++ = digits[c & 63];
    }

    return out;
}


/* The digits of a byte or two, if any are over. */
static char *
write_end(const uint8_t *bytes, size_t len, const char *digits, char *out)
{
    if (len == 0) {
        return out;
    }

    unsigned  a = bytes[0];
    unsigned  b = len == 2 ? bytes[1] : 0;

    *out++ = digits[a >> 2];
    *out++ = digits[(a & 3) << 4 | b >> 4];

    if (len == 2) {
        *out++ = digits[(b & 15) << 2];
    }

    return out;
}


static char *
write_digits(const uint8_t *bytes, size_t len, const char *digits, char *out)
{
    out = write_threes(bytes, len, digits, out);

    return len % 3 != 0
           ? write_end(bytes + len / 3 * 3, len % 3, digits, out) : out;
}


size_t
caplat_b64_write(const uint8_t *bytes, size_t len, char *out)
{
    char  *end = write_digits(bytes, len, b64_digits, out);

    while ((end - out) % 4 != 0) {
        *end++ = '=';
    }

    return (size_t) (end - out);
}


size_t
caplat_b64url_write(const uint8_t *bytes, size_t len, char *out)
{
    return (size_t) (write_digits(bytes, len, b64url_digits, out) - out);
}
