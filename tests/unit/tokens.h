/*
 * Tokens for tests: a good one, of which a claim can be another.
 */

#ifndef TOKENS_H
#define TOKENS_H

#include "caplat_token.h"

#include "signed.h"


#define NOW       INT64_C(1800000000)
#define ISSUER    "https://id.example.cn"
#define AUDIENCE  "https://ca.example.cn"

/* Of KEY_ED25519 and KEY_P256, under their thumbprints, and two more. */
#define ISSUER_KEYS                                                           \
    "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\","                        \
    "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\","                  \
    "\"kid\":\"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k\"},"               \
    "{\"kty\":\"EC\",\"crv\":\"P-256\","                                      \
    "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","                  \
    "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\","                  \
    "\"kid\":\"oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U\"},"               \
    "{\"kty\":\"OKP\",\"crv\":\"Ed25519\","                                   \
    "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\","                  \
    "\"kid\":\"old\",\"exp\":1800000000},"                                    \
    "{\"kty\":\"OKP\",\"crv\":\"Ed25519\","                                   \
    "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\","                  \
    "\"kid\":\"ending\",\"exp\":1800000001}]}"

/* The thumbprint of KEY_P256_OTHER. */
#define BOUND_TO  "ydQXMtvbsOsZyFir-Y7A8t7fKEM1gbKPvyFkdpu4fvI"

#define CERT                                                                  \
    "{\"sn\":\"JK1\",\"ca\":\"CFCA\",\"lock\":\"project_leader\","            \
    "\"exp\":1806912000,\"hold\":\"\xe5\x88\x98\xe6\x9f\x90\","               \
    "\"plat\":[\"ln-tender\",\"anshan\"]}"


static const signed_member  token_header[] = {
    { "typ", "\"at+jwt\"" },
    { "alg", "\"Ed25519\"" },
    { "kid", "\"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k\"" },
};

static const signed_member  token_claims[] = {
    { "iss",       "\"" ISSUER "\"" },
    { "aud",       "\"" AUDIENCE "\"" },
    { "sub",       "\"u-7f3a9c2e\"" },
    { "client_id", "\"wizard\"" },
    { "iat",       "1799999970" },
    { "exp",       "1800000870" },
    { "jti",       "\"tok-0001\"" },
    { "scope",     "\"ca:quote ca:read\"" },
    { "roles",     "[\"individual\"]" },
    { "cnf",       "{\"jkt\":\"" BOUND_TO "\"}" },
    { "org",       "{\"id\":\"91350100M000100Y43\",\"name\":\"\xe5\x85\xac"
                   "\xe5\x8f\xb8\",\"city\":\"210100\"}" },
    { "certs",     "[" CERT "]" },
};


static inline caplat_keyring *
token_ring(void)
{
    caplat_keyring  *ring = NULL;
    caplat_err       err = { CAPLAT_OK, 0, "" };

    if (!caplat_keyring_read(test_slice(ISSUER_KEYS), CAPLAT_ISSUER_KEYS,
                             &ring, &err))
    {
        printf("issuer's keys: %s at %zu\n", err.what, err.at);
        exit(1);
    }

    return ring;
}


/* The header, or the claims, with one member changed; of static room. */
static inline caplat_slice
token_header_with(const char *name, const char *value)
{
    static char  room[8192];

    caplat_writer  w = caplat_writer_of(room, sizeof(room));

    signed_put_object(&w, token_header, CAPLAT_COUNT(token_header), name,
                      value);

    return caplat_written(&w);
}


static inline caplat_slice
token_claims_with(const char *name, const char *value)
{
    static char  room[16384];

    caplat_writer  w = caplat_writer_of(room, sizeof(room));

    signed_put_object(&w, token_claims, CAPLAT_COUNT(token_claims), name,
                      value);

    return caplat_written(&w);
}


#endif /* TOKENS_H */
