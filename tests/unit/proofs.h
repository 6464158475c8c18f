/*
 * DPoP proofs for tests: a good one, of which a member can be another.
 */

#ifndef PROOFS_H
#define PROOFS_H

#include "signed.h"


#define JWK_P256                                                              \
    "{\"kty\":\"EC\",\"crv\":\"P-256\","                                      \
    "\"x\":\"qIVYZVLCrPZHGHjP17CTW0_-D9Lfw0EkjqF7xB4FivA\","                  \
    "\"y\":\"Mc4nN9LTDOBhfoUeg8Ye9WedFRhnZXZJA12Qp0zZ6F0\"}"
#define JWK_ED25519                                                           \
    "{\"kty\":\"OKP\",\"crv\":\"Ed25519\","                                   \
    "\"x\":\"JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs\"}"

/* SHA-256 of "{}". */
#define DIGEST_OF_BRACES                                                      \
    "sha-256=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:"


/* Signed with KEY_P256_OTHER, for a POST of "{}" to /v1/orders. */
static const signed_member  proof_header[] = {
    { "typ", "\"dpop+jwt\"" },
    { "alg", "\"ES256\"" },
    { "jwk", JWK_P256 },
};

static const signed_member  proof_claims[] = {
    { "jti", "\"proof-01\"" },
    { "htm", "\"POST\"" },
    { "htu", "\"https://ca.example.cn/v1/orders\"" },
    { "iat", "1800000000" },
    { "content-digest", "\"" DIGEST_OF_BRACES "\"" },
};


static inline caplat_slice
proof_header_with(const char *name, const char *value)
{
    static char  room[4096];

    caplat_writer  w = caplat_writer_of(room, sizeof(room));

    signed_put_object(&w, proof_header, CAPLAT_COUNT(proof_header), name,
                      value);

    return caplat_written(&w);
}


/* ath: of a token; none of an empty one. */
static inline caplat_slice
proof_claims_with(caplat_slice token, const char *name, const char *value)
{
    static char  room[4096];

    char           ath[64];
    caplat_writer  hash = caplat_writer_of(ath, sizeof(ath) - 1);
    caplat_writer  w = caplat_writer_of(room, sizeof(room));
    bool           has_ath = token.len != 0
                             && (name == NULL || !signed_is(name, "ath"));

    signed_put_object(&w, proof_claims, CAPLAT_COUNT(proof_claims), name,
                      value);

    if (has_ath) {
        caplat_put(&hash, CAPLAT_LIT("\""));
        signed_put_hash(&hash, token);
        caplat_put(&hash, CAPLAT_LIT("\""));
        ath[hash.len] = '\0';
        w.len--;
        signed_put_member(&w, "ath", ath);
        caplat_put(&w, CAPLAT_LIT("}"));
    }

    return caplat_written(&w);
}


#endif /* PROOFS_H */
