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
    size_t  from = 0;

    caplat_put(w, CAPLAT_LIT("\""));

    for (size_t i = 0; i < text.len; i++) {
        if (needs_escape(text.ptr[i])) {
            caplat_put(w, caplat_slice_of(text.ptr + from, i - from));
            put_escape(w, text.ptr[i]);
            from = i + 1;
        }
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
