#include "caplat_write.h"


#define NUMBER_LEN_MAX  20              /* bytes of any uint64_t */


void
caplat_put_number(caplat_writer *w, uint64_t number)
{
    char    digits[NUMBER_LEN_MAX];
    size_t  at = sizeof(digits);

    do {
        digits[--at] = (char) ('0' + number % 10);
        number /= 10;
    } while (number != 0);

    caplat_put(w, caplat_slice_of(digits + at, sizeof(digits) - at));
}


#define EACH(byte)  (UINT64_C(0x0101010101010101) * (byte))


/* Whether eight bytes need no escape: the highest bit of one is set below where
   it is less than 0x20, a quotation mark or a backslash. */
static bool
is_plain(const char *text)
{
    uint64_t  word, mark, slash;

    memcpy(&word, text, sizeof(word));
    mark = word ^ EACH('"');
    slash = word ^ EACH('\\');

    return ((((word - EACH(0x20)) & ~word)
             | ((mark - EACH(1)) & ~mark)
             | ((slash - EACH(1)) & ~slash)) & EACH(0x80)) == 0;
}


static bool
needs_escape(char byte)
{
    return byte == '"' || byte == '\\' || (unsigned char) byte < 0x20;
}


static void
put_escape(caplat_writer *w, char byte)
{
    static const char  hex[] = "0123456789abcdef";

    char  escape[6] = { '\\', byte, '0', '0', '0', '0' };

    if ((unsigned char) byte < 0x20) {
        escape[1] = 'u';
        escape[4] = hex[(unsigned char) byte >> 4];
        escape[5] = hex[(unsigned char) byte & 15];
        caplat_put(w, caplat_slice_of(escape, 6));

    } else {
        caplat_put(w, caplat_slice_of(escape, 2));
    }
}


void
caplat_put_string(caplat_writer *w, caplat_slice text)
{
    size_t  from = 0, at = 0;

    caplat_put(w, CAPLAT_LIT("\""));

    while (at < text.len) {
        if (text.len - at >= 8 && is_plain(text.ptr + at)) {
            at += 8;
            continue;
        }

        if (needs_escape(text.ptr[at])) {
            caplat_put(w, caplat_slice_of(text.ptr + from, at - from));
            put_escape(w, text.ptr[at]);
            from = at + 1;
        }

        at++;
    }

    if (from != text.len) {
        caplat_put(w, caplat_slice_of(text.ptr + from, text.len - from));
    }

    caplat_put(w, CAPLAT_LIT("\""));
}


void
caplat_put_word(caplat_writer *w, const char *word)
{
    caplat_put_string(w, caplat_slice_of_word(word));
}
