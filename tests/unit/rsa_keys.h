/*
 * RSA keys for tests, made by OpenSSL, in the forms that files have.
 */

#ifndef RSA_KEYS_H
#define RSA_KEYS_H

#include "caplat_rsa.h"
#include "caplat_write.h"

#include "test.h"
#include "vectors.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>


typedef enum { RSA_PKCS8, RSA_PKCS1, RSA_ENCRYPTED, RSA_OLD_ENCRYPTED,
    RSA_SPKI, RSA_CERTIFICATE } rsa_form;

typedef struct {
    char     text[8192];                /* NUL at the end */
    size_t   len;
} rsa_pem;


static inline caplat_slice
rsa_text(const rsa_pem *pem)
{
    return caplat_slice_of(pem->text, pem->len);
}


/* A certificate of nobody's, signed with the key itself where it has one. */
static inline X509 *
rsa_certificate(EVP_PKEY *key, EVP_PKEY *issuer)
{
    X509  *x509 = X509_new();

    (void) ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
    (void) X509_gmtime_adj(X509_getm_notBefore(x509), 0);
    (void) X509_gmtime_adj(X509_getm_notAfter(x509), 60);
    (void) X509_set_pubkey(x509, key);
    test_that(X509_sign(x509, issuer, EVP_sha256()) != 0, "a certificate");

    return x509;
}


static inline bool
rsa_write(BIO *bio, EVP_PKEY *key, rsa_form form)
{
    char  password[] = "password";

    switch (form) {

    case RSA_PKCS8:
        return PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL,
                                             NULL) == 1;

    case RSA_PKCS1:
        return PEM_write_bio_PrivateKey_traditional(bio, key, NULL, NULL, 0,
                                                    NULL, NULL) == 1;

    case RSA_ENCRYPTED:
        return PEM_write_bio_PKCS8PrivateKey(bio, key, EVP_aes_128_cbc(),
                                             password, 8, NULL, NULL) == 1;

    case RSA_OLD_ENCRYPTED:
        return PEM_write_bio_PrivateKey_traditional(bio, key,
                   EVP_aes_128_cbc(), (unsigned char *) password, 8, NULL,
                   NULL) == 1;

    case RSA_SPKI:
        return PEM_write_bio_PUBKEY(bio, key) == 1;

    case RSA_CERTIFICATE:
        break;
    }

    X509  *x509 = rsa_certificate(key, key);
    bool   written = PEM_write_bio_X509(bio, x509) == 1;

    X509_free(x509);

    return written;
}


static inline void
rsa_keep(BIO *bio, rsa_pem *pem)
{
    int  len = BIO_read(bio, pem->text, sizeof(pem->text) - 1);

    test_that(len > 0 && (size_t) len < sizeof(pem->text) - 1, "a PEM text");
    pem->len = len > 0 ? (size_t) len : 0;
    pem->text[pem->len] = '\0';
    BIO_free(bio);
}


static inline void
rsa_pem_of(EVP_PKEY *key, rsa_form form, rsa_pem *pem)
{
    BIO  *bio = BIO_new(BIO_s_mem());

    test_that(rsa_write(bio, key, form), "OpenSSL writes");
    rsa_keep(bio, pem);
}


/* A public key of any modulus, which need not be a product of two primes. */
static inline EVP_PKEY *
rsa_public_of(int bits, unsigned long exponent)
{
    OSSL_PARAM_BLD  *build = OSSL_PARAM_BLD_new();
    BIGNUM          *n = BN_new(), *e = BN_new();
    EVP_PKEY_CTX    *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    EVP_PKEY        *key = NULL;

    (void) BN_rand(n, bits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ODD);
    (void) BN_set_word(e, exponent);
    (void) OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n);
    (void) OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e);

    OSSL_PARAM  *params = OSSL_PARAM_BLD_to_param(build);

    (void) EVP_PKEY_fromdata_init(context);
    test_that(EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params)
              == 1, "a public key");
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(build);
    EVP_PKEY_CTX_free(context);
    BN_free(n);
    BN_free(e);

    return key;
}


/* A private key, as the module reads it, and its public half. */
static inline void
rsa_open(EVP_PKEY *key, caplat_rsa_private **own, caplat_rsa_public **half)
{
    rsa_pem     pem;
    caplat_err  err;

    rsa_pem_of(key, RSA_PKCS8, &pem);
    test_that(caplat_rsa_private_read(rsa_text(&pem), own, &err),
              "a private key");
    rsa_pem_of(key, RSA_SPKI, &pem);
    test_that(caplat_rsa_public_read(rsa_text(&pem), half, &err),
              "its public half");
}


static inline bool
rsa_reads(caplat_slice text, caplat_rsa_public **key, caplat_err *err)
{
    bool  read = caplat_rsa_public_read(text, key, err);

    test_number(ERR_peek_error(), 0, "no error left behind");

    return read;
}


/* Refused with a code at a byte. */
static inline void
rsa_refused(bool read, const caplat_err *err, caplat_code code, size_t at,
    const char *words)
{
    test_that(!read, words);
    test_number(err->code, code, words);
    test_number(err->at, at, words);
    test_that(!read && err->what != NULL, words);
}


/* Where a word begins in a text. */
static inline size_t
rsa_find(caplat_slice text, const char *word)
{
    caplat_slice  wanted = test_slice(word);

    for (size_t i = 0; i + wanted.len <= text.len; i++) {
        if (memcmp(text.ptr + i, wanted.ptr, wanted.len) == 0) {
            return i;
        }
    }

    return text.len;
}


/* A text with something put in, `from` bytes taken out for it. */
static inline caplat_slice
rsa_patched(caplat_slice text, size_t at, size_t from, const char *with)
{
    static char  room[2 * CAPLAT_PEM_LEN_MAX];

    caplat_writer  w = caplat_writer_of(room, sizeof(room));

    caplat_put(&w, caplat_slice_of(text.ptr, at));
    caplat_put(&w, test_slice(with));
    caplat_put(&w, caplat_slice_of(text.ptr + at + from,
                                   text.len - at - from));
    test_that(!w.full, "room");

    return caplat_written(&w);
}


/* A public key beside the repository; NULL, and said so, without it. */
static inline caplat_rsa_public *
rsa_shared(const char *name)
{
    caplat_slice        text;
    caplat_rsa_public  *key = NULL;
    caplat_err          err;

    if (vectors_shared(name, &text)) {
        test_that(caplat_rsa_public_read(text, &key, &err), name);
        vectors_close(text);
    }

    return key;
}


#endif /* RSA_KEYS_H */
