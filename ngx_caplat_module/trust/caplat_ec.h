/*
 * ECDSA with P-256 by OpenSSL, in the one shape that we use: points of two
 * coordinates, digests of 32 bytes, signatures r || s.
 *
 * Each function leaves OpenSSL's error queue empty: what a request leaves
 * there would make nginx believe that its own next call has failed.
 */

#ifndef CAPLAT_EC_H
#define CAPLAT_EC_H

#include "caplat_slice.h"

#include <openssl/evp.h>


#define CAPLAT_EC_LEN  32               /* bytes of a coordinate, of d, r, s */


/* Once, by caplat_trust_open. */
bool caplat_ec_open(void);

/*
 * What verifying with a point needs; NULL when the point is not on the curve.
 * The bytes are never handed on as they came: 04 is put before them, so that
 * neither the point at infinity nor a compressed one can be meant.
 *
 * A context is for one thread. What is released, NULL too, is given out again:
 * another point in the same context costs a tenth of a new one.
 */
EVP_PKEY_CTX *caplat_ec_verifier(const uint8_t x[static CAPLAT_EC_LEN],
    const uint8_t y[static CAPLAT_EC_LEN]);
void caplat_ec_release(EVP_PKEY_CTX *verifier);

bool caplat_ec_verify(EVP_PKEY_CTX *verifier,
    const uint8_t digest[static 32],
    const uint8_t signature[static 2 * CAPLAT_EC_LEN]);

/* A new private key and its point. */
bool caplat_ec_new(uint8_t d[static CAPLAT_EC_LEN],
    uint8_t x[static CAPLAT_EC_LEN], uint8_t y[static CAPLAT_EC_LEN]);

/*
 * What signing needs; NULL when the point is not that of d. EVP_PKEY_CTX_free
 * frees it.
 */
EVP_PKEY_CTX *caplat_ec_signer(const uint8_t d[static CAPLAT_EC_LEN],
    const uint8_t x[static CAPLAT_EC_LEN],
    const uint8_t y[static CAPLAT_EC_LEN]);

bool caplat_ec_sign(EVP_PKEY_CTX *signer, const uint8_t digest[static 32],
    uint8_t signature[static 2 * CAPLAT_EC_LEN]);


#endif /* CAPLAT_EC_H */
