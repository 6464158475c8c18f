/*
 * What one signature check costs on this core, in nanoseconds of CPU time, with
 * a key that is ready: P-256 of a text as long as a proof's, Ed25519 of one as
 * long as a token's.
 *
 *     {"p256_ns":N,"ed25519_ns":N,"sodium":"VERSION","openssl":"VERSION"}
 *
 * P-256 is OpenSSL's, Ed25519 libsodium's, as the module uses them. The least
 * of several runs: what is more is other programs' work.
 */

#define _GNU_SOURCE                     /* clock_gettime */

#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>


#define PROOF_LEN  450                  /* bytes: header and claims */
#define TOKEN_LEN  960
#define TIMES      500                  /* checks in a run */
#define RUNS       7


typedef struct {
    EVP_PKEY       *key;
    EVP_MD_CTX     *digest;
    unsigned char   text[TOKEN_LEN];
    unsigned char   der[80];
    size_t          der_len;
    unsigned char   ed_key[crypto_sign_PUBLICKEYBYTES];
    unsigned char   ed_signature[crypto_sign_BYTES];
} sample;


static long long
now_ns(void)
{
    struct timespec  now;

    (void) clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);

    return now.tv_sec * 1000000000LL + now.tv_nsec;
}


static bool
check_p256(const sample *s)
{
    return EVP_DigestVerifyInit(s->digest, NULL, EVP_sha256(), NULL, s->key)
               == 1
           && EVP_DigestVerify(s->digest, s->der, s->der_len, s->text,
                               PROOF_LEN) == 1;
}


static bool
check_ed25519(const sample *s)
{
    return crypto_sign_verify_detached(s->ed_signature, s->text, TOKEN_LEN,
                                       s->ed_key) == 0;
}


static bool
make_sample(sample *s)
{
    unsigned char  secret[crypto_sign_SECRETKEYBYTES];

    randombytes_buf(s->text, TOKEN_LEN);
    s->der_len = sizeof(s->der);
    s->key = EVP_EC_gen("P-256");
    s->digest = EVP_MD_CTX_new();

    return s->key != NULL
           && s->digest != NULL
           && EVP_DigestSignInit(s->digest, NULL, EVP_sha256(), NULL, s->key)
              == 1
           && EVP_DigestSign(s->digest, s->der, &s->der_len, s->text,
                             PROOF_LEN) == 1
           && crypto_sign_keypair(s->ed_key, secret) == 0
           && crypto_sign_detached(s->ed_signature, NULL, s->text, TOKEN_LEN,
                                   secret) == 0;
}


/* The least time of a check, 0 when one fails. */
static long long
least(bool (*check)(const sample *), const sample *s)
{
    long long  best = 0;

    for (int run = 0; run < RUNS; run++) {
        long long  began = now_ns();

        for (int i = 0; i < TIMES; i++) {
            if (!check(s)) {
                return 0;
            }
        }

        long long  took = (now_ns() - began) / TIMES;

        if (best == 0 || took < best) {
            best = took;
        }
    }

    return best;
}


int
main(void)
{
    sample     s;
    long long  p256, ed25519;

    if (sodium_init() < 0 || !make_sample(&s)) {
        (void) fputs("verify: no key\n", stderr);
        return 1;
    }

    p256 = least(check_p256, &s);
    ed25519 = least(check_ed25519, &s);

    EVP_MD_CTX_free(s.digest);
    EVP_PKEY_free(s.key);

    if (p256 == 0 || ed25519 == 0) {
        (void) fputs("verify: a signature does not hold\n", stderr);
        return 1;
    }

    printf("{\"p256_ns\":%lld,\"ed25519_ns\":%lld,\"sodium\":\"%s\","
        "\"openssl\":\"%s\"}\n", p256, ed25519, sodium_version_string(),
        OpenSSL_version(OPENSSL_VERSION_STRING));

    return 0;
}
