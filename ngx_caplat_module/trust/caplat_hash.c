#include "caplat_hash.h"
#include "caplat_ec.h"

#include <openssl/evp.h>
#include <sodium.h>


/* Fetched once: to look an algorithm up costs more than to hash with it. */
static EVP_MD  *sha256;
static EVP_MD  *sha512;


bool
caplat_trust_open(void)
{
    if (sha512 != NULL) {
        return true;
    }

    if (sodium_init() < 0) {
        return false;
    }

    EVP_MD  *first = EVP_MD_fetch(NULL, "SHA256", NULL);
    EVP_MD  *second = EVP_MD_fetch(NULL, "SHA512", NULL);

    if (first == NULL || second == NULL || !caplat_ec_open()) {
        EVP_MD_free(first);
        EVP_MD_free(second);
        return false;
    }

    sha256 = first;
    sha512 = second;

    return true;
}


static void
digest(const EVP_MD *md, caplat_slice text, uint8_t *out)
{
    caplat_assert(md != NULL);

    /* Only memory can be wanting here, and then no answer may be given. */
    caplat_assert(EVP_Digest(text.ptr, text.len, out, NULL, md, NULL) == 1);
}


void
caplat_sha256(caplat_slice text, uint8_t out[static CAPLAT_SHA256_LEN])
{
    digest(sha256, text, out);
}


void
caplat_sha512(caplat_slice text, uint8_t out[static CAPLAT_SHA512_LEN])
{
    digest(sha512, text, out);
}


void
caplat_sha256_hex(caplat_slice text, char out[static CAPLAT_HEX_LEN])
{
    static const char  hex[] = "0123456789abcdef";

    uint8_t  bytes[CAPLAT_SHA256_LEN];

    caplat_sha256(text, bytes);

    for (size_t i = 0; i < sizeof(bytes); i++) {
        out[2 * i] = hex[bytes[i] >> 4];
        out[2 * i + 1] = hex[bytes[i] & 15];
    }
}


void
caplat_keyed_hash(const uint8_t key[static CAPLAT_KEYED_KEY],
    const caplat_slice *parts, size_t count, uint8_t *out, size_t out_len)
{
    crypto_generichash_state  state;

    caplat_assert(out_len >= crypto_generichash_BYTES_MIN
                  && out_len <= crypto_generichash_BYTES_MAX);

    crypto_generichash_init(&state, key, CAPLAT_KEYED_KEY, out_len);

    for (size_t i = 0; i < count; i++) {
        uint8_t  len[8];

        for (size_t j = 0; j < sizeof(len); j++) {
            len[j] = (uint8_t) ((uint64_t) parts[i].len >> (8 * j));
        }

        crypto_generichash_update(&state, len, sizeof(len));
        crypto_generichash_update(&state, (const uint8_t *) parts[i].ptr,
                                  parts[i].len);
    }

    crypto_generichash_final(&state, out, out_len);
    sodium_memzero(&state, sizeof(state));
}


bool
caplat_ct_eq(const uint8_t *a, const uint8_t *b, size_t len)
{
    return sodium_memcmp(a, b, len) == 0;
}
