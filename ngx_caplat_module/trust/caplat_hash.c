#include "caplat_hash.h"
#include "caplat_ec.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <sodium.h>


/* Fetched once: to look an algorithm up costs more than to hash with it. */
static EVP_MD  *sha256;
static EVP_MD  *sha512;

static pthread_key_t  context_key;


static void
free_context(void *context)
{
    EVP_MD_CTX_free(context);
}


static void
make_key(void)
{
    caplat_assert(pthread_key_create(&context_key, free_context) == 0);
}


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

    make_key();
    sha256 = first;
    sha512 = second;

    return true;
}


/*
 * A context of this thread's that has been set to SHA-256 before: to make one
 * costs more than to hash with it. Only memory can be wanting, and then no
 * answer may be given.
 */
static EVP_MD_CTX *
context(void)
{
    EVP_MD_CTX  *made = pthread_getspecific(context_key);

    if (made == NULL) {
        made = EVP_MD_CTX_new();
        caplat_assert(made != NULL
                      && EVP_DigestInit_ex2(made, sha256, NULL) == 1
                      && pthread_setspecific(context_key, made) == 0);
    }

    return made;
}


void
caplat_sha256_parts(const caplat_slice *parts, size_t count,
    uint8_t out[static CAPLAT_SHA256_LEN])
{
    EVP_MD_CTX  *kept = context();

    caplat_assert(EVP_DigestInit_ex2(kept, NULL, NULL) == 1);

    for (size_t i = 0; i < count; i++) {
        caplat_assert(EVP_DigestUpdate(kept, parts[i].ptr, parts[i].len) == 1);
    }

    caplat_assert(EVP_DigestFinal_ex(kept, out, NULL) == 1);
}


void
caplat_sha256(caplat_slice text, uint8_t out[static CAPLAT_SHA256_LEN])
{
    caplat_sha256_parts(&text, 1, out);
}


void
caplat_sha512(caplat_slice text, uint8_t out[static CAPLAT_SHA512_LEN])
{
    caplat_assert(EVP_Digest(text.ptr, text.len, out, NULL, sha512, NULL)
                  == 1);
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
