/*
 * base64 and base64url have one spelling: what is read is written back to the
 * same characters, and what is written is read back to the same bytes.
 */

#include "caplat_b64.h"


#define SIZE_MAX_TRIED  4096            /* bytes of an input */


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static uint8_t  bytes[SIZE_MAX_TRIED];
static char     text[CAPLAT_B64_LEN(SIZE_MAX_TRIED)];


/* The input as text. */
static void
check_read(caplat_slice input)
{
    size_t  len;
    bool    good = caplat_b64_read(input, bytes, sizeof(bytes), &len);

    caplat_assert(good == caplat_b64_valid(input));

    if (good) {
        size_t  wrote = caplat_b64_write(bytes, len, text);

        caplat_assert(len == 0 || !caplat_b64_read(input, bytes, len - 1,
                                                   &len));
        caplat_assert(caplat_slice_eq(caplat_slice_of(text, wrote), input));
    }

    if (caplat_b64url_read(input, bytes, sizeof(bytes), &len)) {
        size_t  wrote = caplat_b64url_write(bytes, len, text);

        caplat_assert(caplat_slice_eq(caplat_slice_of(text, wrote), input));
    }
}


/* The input as bytes. */
static void
check_write(const uint8_t *data, size_t size)
{
    size_t  len;
    size_t  wrote = caplat_b64_write(data, size, text);

    caplat_assert(wrote == CAPLAT_B64_LEN(size));
    caplat_assert(caplat_b64_read(caplat_slice_of(text, wrote), bytes, size,
                                  &len));
    caplat_assert(len == size);
    caplat_assert(size == 0 || memcmp(bytes, data, size) == 0);

    wrote = caplat_b64url_write(data, size, text);
    caplat_assert(wrote == CAPLAT_B64URL_LEN(size));
    caplat_assert(caplat_b64url_read(caplat_slice_of(text, wrote), bytes,
                                     size, &len));
    caplat_assert(len == size);
    caplat_assert(size == 0 || memcmp(bytes, data, size) == 0);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size <= SIZE_MAX_TRIED) {
        check_read(caplat_slice_of((const char *) data, size));
        check_write(data, size);
    }

    return 0;
}
