/*
 * Public keys: JWK (RFC 7517, RFC 8037), sets of them in files, thumbprints
 * (RFC 7638). And our own private keys, which are JWK files too.
 *
 * A key's algorithm is the key's: Ed25519 (libsodium) for OKP Ed25519, ECDSA
 * P-256 with SHA-256 (OpenSSL) for EC P-256. Nothing else is a key here.
 */

#ifndef CAPLAT_KEY_H
#define CAPLAT_KEY_H

#include "caplat_err.h"
#include "caplat_json.h"
#include "caplat_scope.h"
#include "caplat_slice.h"
#include "caplat_write.h"


#define CAPLAT_THUMBPRINT_LEN  43       /* base64url of a SHA-256 */
#define CAPLAT_KID_LEN_MAX     64
#define CAPLAT_CLIENT_LEN_MAX  64
#define CAPLAT_SIGNATURE_LEN   64       /* of both algorithms: r || s, never
                                           DER */
#define CAPLAT_KEYS_MAX        64       /* of one set */
#define CAPLAT_JWKS_LEN_MAX    65536    /* bytes: a file is read whole */
#define CAPLAT_KEY_PLATFORMS_MAX  32    /* whose server one key is */


typedef enum { CAPLAT_ED25519, CAPLAT_ES256 } caplat_algorithm;


/* What a JWK says: the algorithm, and coordinates that may be no point. */
typedef struct {
    caplat_algorithm  algorithm;
    uint8_t           x[32];
    uint8_t           y[32];            /* zero for Ed25519 */
} caplat_point;


/* Holds what verifying needs, ready made; caplat_public_key_close frees it. */
typedef struct {
    caplat_algorithm  algorithm;
    uint8_t           x[32];
    uint8_t           y[32];            /* zero for Ed25519 */
    void             *evp;              /* EVP_PKEY_CTX of P-256; else NULL */
    char              thumbprint[CAPLAT_THUMBPRINT_LEN];
} caplat_public_key;


/*
 * A JWK without private members, in two steps of which the first costs little.
 * Coordinates are exactly 32 bytes, strict base64url; members that we do not
 * know are ignored (RFC 7517, 4).
 *
 * member  on false, the one that is wrong: static, "kty", "crv", "x", "y",
 *         or a private one
 */
bool caplat_point_read(const caplat_json *jwk, caplat_point *point,
    const char **member);

/*
 * A point must be on its curve and in the group that signatures use.
 *
 * key  untouched on false
 */
bool caplat_public_key_make(const caplat_point *point,
    caplat_public_key *key);
void caplat_public_key_close(caplat_public_key *key);

/*
 * The same for a key that will verify once and be known by its thumbprint:
 * whether the bytes are a point of Ed25519, which takes as long as verifying
 * does, is left to caplat_verify. It holds for none that is not on the curve
 * or of small order.
 */
bool caplat_public_key_take(const caplat_point *point,
    caplat_public_key *key);

/* Whether that is the point of the key. */
bool caplat_public_key_is(const caplat_public_key *key,
    const caplat_point *point);

/* The key's JWK, {"crv":...,"kty":...,"x":...}: what RFC 7638 hashes. */
void caplat_public_key_write(const caplat_public_key *key, caplat_writer *w);

/*
 * Whether the signature is the key's over the message. Never an error: what
 * cannot be verified is not valid. OpenSSL's error queue is empty afterwards.
 * A key is used by one thread at a time.
 */
bool caplat_verify(const caplat_public_key *key, caplat_slice message,
    const uint8_t signature[static CAPLAT_SIGNATURE_LEN]);

/* "Ed25519" or "EdDSA" for Ed25519, "ES256" for P-256 (RFC 9864, RFC 7518). */
bool caplat_algorithm_fits_jws(caplat_algorithm algorithm, caplat_slice alg);

/* "ed25519", "ecdsa-p256-sha256" (RFC 9421, 3.3). */
bool caplat_algorithm_fits_httpsig(caplat_algorithm algorithm,
    caplat_slice alg);


/*
 * A set of keys out of a file:
 *
 *   {"keys":[{"kty":...,"crv":...,"x":...,("y":...),"kid":...,"alg":...,
 *             "use":"sig","client_id":...,"nbf":N,"exp":N,"scope":...,
 *             "platforms":["jinzhou",...]},...]}
 *
 * kid is required, 1..64 of [A-Za-z0-9_-], no two alike; alg, if there, must
 * fit the key; use, if there, is "sig". A partner's key also needs client_id,
 * its kid is its thumbprint, scope has no word that we do not know, and
 * platforms, if there, are 1 to CAPLAT_KEY_PLATFORMS_MAX ids, no two alike: it
 * is the key of their own server. In an issuer's key these are ignored. Keys of
 * other kinds (RSA, say) are refused with their place, so that nobody believes
 * that they work. A set has 1 to CAPLAT_KEYS_MAX keys.
 */
typedef enum { CAPLAT_ISSUER_KEYS, CAPLAT_PARTNER_KEYS } caplat_jwks_kind;

typedef struct {
    caplat_public_key   key;
    caplat_slice        kid;
    caplat_slice        client_id;      /* empty for an issuer's */
    int64_t             not_before;     /* seconds; 0: always */
    int64_t             expires;        /* seconds; 0: never */
    unsigned            scopes;         /* of caplat_scope; not given: all */
    const caplat_json  *platforms;      /* a list of ids; NULL: none */
} caplat_jwk;

typedef struct caplat_keyring  caplat_keyring;

/*
 * ring  owns all; text may go. Untouched on false
 * err   at: the byte in text of the key or member that is wrong
 */
bool caplat_keyring_read(caplat_slice text, caplat_jwks_kind kind,
    caplat_keyring **ring, caplat_err *err);
void caplat_keyring_close(caplat_keyring *ring);    /* NULL too */

/* The key of a kid, alive at `now`; NULL when there is none, or no ring. */
const caplat_jwk *caplat_keyring_find(const caplat_keyring *ring,
    caplat_slice kid, int64_t now);

/* Whether there is such a key, alive or not. */
bool caplat_keyring_has(const caplat_keyring *ring, caplat_slice kid);

/* Whether it is the key of that platform's server. */
bool caplat_jwk_serves(const caplat_jwk *jwk, caplat_slice platform);


/*
 * Our own key: a JWK with `d`, as `caplat key new` writes it. Kept in locked
 * memory, wiped when closed; OpenSSL keeps a copy of P-256's, which it wipes.
 */
typedef struct caplat_private_key  caplat_private_key;

/* key is untouched on false; text is the caller's, who wipes it. */

bool caplat_private_key_read(caplat_slice text, caplat_private_key **key,
    caplat_err *err);
void caplat_private_key_close(caplat_private_key *key);     /* NULL too */

/* The JWK, {"crv":...,"d":...,"kty":...,"x":...}: at most 256 bytes. */
void caplat_private_key_write(const caplat_private_key *key,
    caplat_writer *w);

/* A new random key. */
bool caplat_private_key_new(caplat_algorithm algorithm,
    caplat_private_key **key);

/* Its public half, which lives as long as it. */
const caplat_public_key *caplat_private_key_public(
    const caplat_private_key *key);

/* Sign as caplat_verify verifies; false when the library fails. */
bool caplat_sign(const caplat_private_key *key, caplat_slice message,
    uint8_t signature[static CAPLAT_SIGNATURE_LEN]);


#endif /* CAPLAT_KEY_H */
