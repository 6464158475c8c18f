/*
 * A browser that calls: its requests, and the server that judges them.
 */

#ifndef BROWSERS_H
#define BROWSERS_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE                     /* mkdtemp */
#endif

#include "caplat_auth.h"

#include "callers.h"
#include "proofs.h"
#include "test.h"
#include "tokens.h"

#include <openssl/err.h>


#define OLD       (NOW - 3600)          /* when most zones were made */
#define NOBODY    "https://nobody.example/"


static caplat_policy        policy;
static caplat_private_key  *issuer;
static caplat_private_key  *browser;
static caplat_private_key  *stranger;


/* A server: its zone, and a worker. */
typedef struct {
    caplat_zone   *zone;
    caplat_auth   *auth;
} server;


static inline server
open_server(int64_t made, size_t tokens)
{
    server  s = { callers_zone(made), NULL };

    s.auth = caplat_auth_open(s.zone, tokens);

    return s;
}


static inline void
close_server(server *s)
{
    caplat_auth_close(s->auth);
    caplat_zone_close(s->zone);
}


/* A token of the issuer with a claim changed, in static room. */
static inline caplat_slice
token_with(const char *name, const char *value)
{
    static char  room[8192];

    caplat_writer  w = caplat_writer_of(room, sizeof(room));

    signed_put_jws(&w, token_header_with(NULL, NULL),
                   token_claims_with(name, value), issuer);

    return caplat_written(&w);
}


/* A proof with a claim changed, in static room. */
static inline caplat_slice
proof_with(caplat_slice token, const char *name, const char *value,
    const caplat_private_key *key)
{
    static char  room[8192];

    caplat_writer  w = caplat_writer_of(room, sizeof(room));
    caplat_slice   header = key == stranger
                            ? CAPLAT_LIT("{\"typ\":\"dpop+jwt\","
                                         "\"alg\":\"EdDSA\","
                                         "\"jwk\":" JWK_ED25519 "}")
                            : proof_header_with(NULL, NULL);

    signed_put_jws(&w, header, proof_claims_with(token, name, value), key);

    return caplat_written(&w);
}


static inline caplat_slice
authorization(const char *scheme, caplat_slice token)
{
    static char  room[8192];

    caplat_writer  w = caplat_writer_of(room, sizeof(room));

    caplat_put(&w, test_slice(scheme));
    caplat_put(&w, token);

    return caplat_written(&w);
}


static inline void
open_request(callers_request *r)
{
    r->message = (caplat_message) {
        .method = CAPLAT_LIT("POST"),
        .origin = CAPLAT_LIT(AUDIENCE),
        .target = CAPLAT_LIT("/v1/orders"),
        .has_content = true,
    };
}


/* POST /v1/orders with a proof. */
static inline void
browser_request(callers_request *r, caplat_slice token, caplat_slice proof)
{
    open_request(r);
    callers_add(r, CAPLAT_LIT("Authorization"),
                authorization("DPoP ", token));
    callers_add(r, CAPLAT_LIT("DPoP"), proof);
}


static inline void
expect_at(const server *s, const callers_request *r, bool token_needed,
    int64_t now, caplat_problem want, const char *reason, const char *words)
{
    caplat_identity  who;
    caplat_denial    denial = { CAPLAT_NO_PROBLEM, "" };

    test_that(caplat_auth_request(s->auth, &policy, &r->message, token_needed,
                                  now, &who, &denial)
              == (want == CAPLAT_NO_PROBLEM), words);
    test_number(denial.problem, want, words);
    test_text(test_slice(denial.reason), test_slice(reason), words);
    test_number(ERR_peek_error(), 0, "OpenSSL's queue is empty");
}


static inline void
expect(const server *s, const callers_request *r, caplat_problem want,
    const char *reason)
{
    expect_at(s, r, true, NOW, want, reason,
              want == CAPLAT_NO_PROBLEM ? "accepted" : reason);
}


/* What all of it needs, and its end. */
static inline void
browsers_open(void)
{
    test_that(caplat_trust_open(), "the libraries start");

    issuer = signed_key(KEY_ED25519);
    browser = signed_key(KEY_P256_OTHER);
    stranger = signed_key(KEY_ED25519_OTHER);
    policy = (caplat_policy) {
        .token = { CAPLAT_LIT(ISSUER), CAPLAT_LIT(AUDIENCE), token_ring() },
        .tag = CAPLAT_LIT("ca-order-v1"),
    };
    callers_room_open();
}


static inline void
browsers_close(void)
{
    callers_room_close();
    caplat_private_key_close(issuer);
    caplat_private_key_close(browser);
    caplat_private_key_close(stranger);
    caplat_keyring_close((caplat_keyring *) (uintptr_t) policy.token.keys);
}


#endif /* BROWSERS_H */
