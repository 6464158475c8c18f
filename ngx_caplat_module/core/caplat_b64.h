/*
 * base64 and base64url (RFC 4648, 4 and 5), strict both ways: the one
 * spelling of some bytes and no other. No blanks, no foreign characters, no
 * bits left over in the last character; base64 with its padding, base64url
 * without.
 */

#ifndef CAPLAT_B64_H
#define CAPLAT_B64_H

#include "caplat_slice.h"


/* Characters of `len` bytes. */
#define CAPLAT_B64_LEN(len)     (((len) + 2) / 3 * 4)
#define CAPLAT_B64URL_LEN(len)  (((len) * 4 + 2) / 3)


/*
 * Read a whole text.
 *
 * out  room bytes; untouched where they do not suffice, else what is written
 *      on false means nothing
 * len  how many bytes came out
 */
bool caplat_b64_read(caplat_slice text, uint8_t *out, size_t room,
    size_t *len);
bool caplat_b64url_read(caplat_slice text, uint8_t *out, size_t room,
    size_t *len);

/* Whether caplat_b64_read would read a text, given the room. */
bool caplat_b64_valid(caplat_slice text);

/* Write all of bytes to out, which has room; returns the length. */
size_t caplat_b64_write(const uint8_t *bytes, size_t len, char *out);
size_t caplat_b64url_write(const uint8_t *bytes, size_t len, char *out);


#endif /* CAPLAT_B64_H */
