/*
 * The four functions of string.h, as small as they can be: this program
 * copies little and is loaded often.
 */

#include <string.h>


void *
memcpy(void *restrict to, const void *restrict from, size_t len)
{
    unsigned char        *out = to;
    const unsigned char  *in = from;

    while (len-- != 0) {
        *out++ = *in++;
    }

    return to;
}


void *
memset(void *to, int byte, size_t len)
{
    unsigned char  *out = to;

    while (len-- != 0) {
        *out++ = (unsigned char) byte;
    }

    return to;
}


void *
memchr(const void *bytes, int byte, size_t len)
{
    const unsigned char  *in = bytes;

    for ( ; len-- != 0; in++) {
        if (*in == (unsigned char) byte) {
            return (void *) (size_t) in;
        }
    }

    return NULL;
}


int
memcmp(const void *a, const void *b, size_t len)
{
    const unsigned char  *left = a;
    const unsigned char  *right = b;

    for ( ; len-- != 0; left++, right++) {
        if (*left != *right) {
            return *left - *right;
        }
    }

    return 0;
}
