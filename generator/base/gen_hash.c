#include "gen_hash.h"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <xxhash.h>

#ifdef __x86_64__
#include <xxh_x86dispatch.h>            /* wider registers where there are */
#endif


gen_sha256
gen_hash_sha256(caplat_slice text)
{
    gen_sha256  hash;

    caplat_assert(SHA256((const unsigned char *) text.ptr, text.len,
                         hash.bytes) != NULL);

    return hash;
}


void
gen_hash_hex(gen_buf *buf, gen_sha256 hash)
{
    static const char  digits[] = "0123456789abcdef";

    for (size_t i = 0; i != sizeof(hash.bytes); i++) {
        gen_buf_byte(buf, digits[hash.bytes[i] >> 4]);
        gen_buf_byte(buf, digits[hash.bytes[i] & 15]);
    }
}


void
gen_hash_base64(gen_buf *buf, gen_sha256 hash)
{
    unsigned char  text[48];
    int            len = EVP_EncodeBlock(text, hash.bytes,
                                         sizeof(hash.bytes));

    gen_buf_add(buf, caplat_slice_of((const char *) text, (size_t) len));
}


gen_print
gen_hash_print(caplat_slice text)
{
    XXH128_hash_t  hash = XXH3_128bits(text.ptr, text.len);

    return (gen_print) { hash.high64, hash.low64 };
}
