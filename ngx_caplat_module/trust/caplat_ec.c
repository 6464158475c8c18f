#include "caplat_ec.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>

#include <sodium.h>


#define POINT_LEN    (1 + 2 * CAPLAT_EC_LEN)    /* 04 || x || y */
#define DER_LEN_MAX  (2 + 2 * (2 + 1 + CAPLAT_EC_LEN))


/*
 * Some key of the curve. A copy whose point is replaced costs a third of what
 * a key costs that is made of its parameters: they need not be found again.
 */
static EVP_PKEY  *pattern;

/*
 * A context that nobody needs now: one, for a request that makes a key has
 * released another, its own or that of the token that left the cache for it.
 */
static _Thread_local EVP_PKEY_CTX  *spare;


bool
caplat_ec_open(void)
{
    if (pattern == NULL) {
        pattern = EVP_EC_gen("P-256");
        ERR_clear_error();
    }

    return pattern != NULL;
}


static void
point_of(uint8_t point[static POINT_LEN],
    const uint8_t x[static CAPLAT_EC_LEN],
    const uint8_t y[static CAPLAT_EC_LEN])
{
    point[0] = 0x04;
    memcpy(point + 1, x, CAPLAT_EC_LEN);
    memcpy(point + 1 + CAPLAT_EC_LEN, y, CAPLAT_EC_LEN);
}


/* A context lives on its own: it holds the key. */
static EVP_PKEY_CTX *
context_of(EVP_PKEY *key, int (*init)(EVP_PKEY_CTX *))
{
    EVP_PKEY_CTX  *context = EVP_PKEY_CTX_new(key, NULL);

    if (context != NULL && init(context) != 1) {
        EVP_PKEY_CTX_free(context);
        context = NULL;
    }

    return context;
}


static EVP_PKEY_CTX *
new_verifier(void)
{
    EVP_PKEY      *key = EVP_PKEY_dup(pattern);
    EVP_PKEY_CTX  *context = key != NULL ? EVP_PKEY_CTX_new(key, NULL) : NULL;

    EVP_PKEY_free(key);

    return context;
}


EVP_PKEY_CTX *
caplat_ec_verifier(const uint8_t x[static CAPLAT_EC_LEN],
    const uint8_t y[static CAPLAT_EC_LEN])
{
    uint8_t        point[POINT_LEN];
    EVP_PKEY_CTX  *context = spare;

    caplat_assert(pattern != NULL);
    point_of(point, x, y);
    spare = NULL;

    if (context == NULL) {
        context = new_verifier();
    }

    if (context != NULL
        && (EVP_PKEY_set1_encoded_public_key(EVP_PKEY_CTX_get0_pkey(context),
                                             point, POINT_LEN) != 1
            || EVP_PKEY_verify_init(context) != 1))
    {
        EVP_PKEY_CTX_free(context);
        context = NULL;
    }

    ERR_clear_error();

    return context;
}


void
caplat_ec_release(EVP_PKEY_CTX *verifier)
{
    if (verifier == NULL) {
        return;
    }

    EVP_PKEY_CTX_free(spare);
    spare = verifier;
}


/* A DER INTEGER: no zeros in front but the one that keeps it positive. */
static size_t
put_integer(uint8_t *der, const uint8_t number[static CAPLAT_EC_LEN])
{
    size_t  skip = 0;
    size_t  at = 2;

    while (skip < CAPLAT_EC_LEN - 1 && number[skip] == 0) {
        skip++;
    }

    if (number[skip] >= 0x80) {
        der[at++] = 0;
    }

    memcpy(der + at, number + skip, CAPLAT_EC_LEN - skip);
    at += CAPLAT_EC_LEN - skip;
    der[0] = 0x02;
    der[1] = (uint8_t) (at - 2);

    return at;
}


/* OpenSSL refuses r and s that are not in 1..n-1. */
bool
caplat_ec_verify(EVP_PKEY_CTX *verifier, const uint8_t digest[static 32],
    const uint8_t signature[static 2 * CAPLAT_EC_LEN])
{
    uint8_t  der[DER_LEN_MAX];
    size_t   len = 2;

    len += put_integer(der + len, signature);
    len += put_integer(der + len, signature + CAPLAT_EC_LEN);
    der[0] = 0x30;
    der[1] = (uint8_t) (len - 2);

    bool  valid = EVP_PKEY_verify(verifier, der, len, digest, 32) == 1;

    if (!valid) {
        ERR_clear_error();
    }

    return valid;
}


bool
caplat_ec_new(uint8_t d[static CAPLAT_EC_LEN],
    uint8_t x[static CAPLAT_EC_LEN], uint8_t y[static CAPLAT_EC_LEN])
{
    uint8_t    point[POINT_LEN];
    size_t     len = 0;
    BIGNUM    *number = NULL;
    EVP_PKEY  *key = EVP_EC_gen("P-256");
    bool       made;

    made = key != NULL
           && EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY, &number)
              == 1
           && EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY,
                  point, sizeof(point), &len) == 1
           && len == POINT_LEN && point[0] == 0x04
           && BN_bn2binpad(number, d, CAPLAT_EC_LEN) == CAPLAT_EC_LEN;

    if (made) {
        memcpy(x, point + 1, CAPLAT_EC_LEN);
        memcpy(y, point + 1 + CAPLAT_EC_LEN, CAPLAT_EC_LEN);
    }

    BN_clear_free(number);
    EVP_PKEY_free(key);
    ERR_clear_error();

    return made;
}


/* A key of both halves, as OpenSSL wants them: d in the machine's order. */
static EVP_PKEY *
private_of(const uint8_t d[static CAPLAT_EC_LEN], uint8_t *point)
{
    char           group[] = "P-256";
    uint8_t        native[CAPLAT_EC_LEN];
    EVP_PKEY      *key = NULL;
    EVP_PKEY_CTX  *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    BIGNUM        *number = BN_bin2bn(d, CAPLAT_EC_LEN, NULL);
    OSSL_PARAM     params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group,
                                         0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point,
                                          POINT_LEN),
        OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_PRIV_KEY, native,
                                sizeof(native)),
        OSSL_PARAM_construct_end(),
    };

    if (context != NULL && number != NULL
        && BN_bn2nativepad(number, native, sizeof(native)) > 0
        && EVP_PKEY_fromdata_init(context) == 1)
    {
        (void) EVP_PKEY_fromdata(context, &key, EVP_PKEY_KEYPAIR, params);
    }

    sodium_memzero(native, sizeof(native));
    BN_clear_free(number);
    EVP_PKEY_CTX_free(context);

    return key;
}


static bool
is_pair(EVP_PKEY *key)
{
    EVP_PKEY_CTX  *context = EVP_PKEY_CTX_new(key, NULL);
    bool           pair = context != NULL
                          && EVP_PKEY_private_check(context) == 1
                          && EVP_PKEY_pairwise_check(context) == 1;

    EVP_PKEY_CTX_free(context);

    return pair;
}


EVP_PKEY_CTX *
caplat_ec_signer(const uint8_t d[static CAPLAT_EC_LEN],
    const uint8_t x[static CAPLAT_EC_LEN],
    const uint8_t y[static CAPLAT_EC_LEN])
{
    uint8_t        point[POINT_LEN];
    EVP_PKEY_CTX  *context = NULL;

    point_of(point, x, y);

    EVP_PKEY  *key = private_of(d, point);

    if (key != NULL && is_pair(key)) {
        context = context_of(key, EVP_PKEY_sign_init);
    }

    EVP_PKEY_free(key);
    ERR_clear_error();

    return context;
}


bool
caplat_ec_sign(EVP_PKEY_CTX *signer, const uint8_t digest[static 32],
    uint8_t signature[static 2 * CAPLAT_EC_LEN])
{
    uint8_t         der[DER_LEN_MAX];
    size_t          len = sizeof(der);
    const uint8_t  *at = der;
    ECDSA_SIG      *numbers = NULL;
    bool            made;

    made = EVP_PKEY_sign(signer, der, &len, digest, 32) == 1
           && (numbers = d2i_ECDSA_SIG(NULL, &at, (long) len)) != NULL
           && BN_bn2binpad(ECDSA_SIG_get0_r(numbers), signature,
                           CAPLAT_EC_LEN) == CAPLAT_EC_LEN
           && BN_bn2binpad(ECDSA_SIG_get0_s(numbers),
                           signature + CAPLAT_EC_LEN, CAPLAT_EC_LEN)
              == CAPLAT_EC_LEN;

    ECDSA_SIG_free(numbers);
    ERR_clear_error();

    return made;
}
