/*
 * Tokens that are signed for a test, and judged.
 */

#ifndef JUDGED_H
#define JUDGED_H

#include "caplat_token.h"

#include "test.h"
#include "tokens.h"


/* What must be wherever nothing else is asked for. */
#define GOOD  CAPLAT_NO_PROBLEM
#define BAD   CAPLAT_PROBLEM_TOKEN_INVALID
#define FORM  CAPLAT_PROBLEM_TOKEN_MALFORMED
#define LATE  CAPLAT_PROBLEM_TOKEN_EXPIRED


static caplat_keyring      *ring;
static caplat_private_key  *ed;
static caplat_private_key  *ec;


static inline caplat_token_rules
rules(void)
{
    return (caplat_token_rules) { CAPLAT_LIT(ISSUER), CAPLAT_LIT(AUDIENCE),
                                  ring };
}


/* Whether a text is judged as it should be. */
static inline void
judge(caplat_slice text, int64_t now, caplat_problem want, const char *reason,
    const char *words)
{
    caplat_token_rules   policy = rules();
    caplat_claims       *claims = NULL;
    caplat_denial        denial = { CAPLAT_NO_PROBLEM, "" };

    test_that(caplat_token_verify(text, &policy, now, &claims, &denial)
              == (want == GOOD), words);
    test_number(denial.problem, want, words);

    if (reason != NULL) {
        test_text(test_slice(denial.reason), test_slice(reason), words);
    }

    test_that((claims != NULL) == (want == GOOD), words);
    caplat_claims_close(claims);
}


/* A token of these texts, in static room. */
static inline caplat_slice
sign(caplat_slice header, caplat_slice claims, const caplat_private_key *key)
{
    static char  room[32768];

    caplat_writer  w = caplat_writer_of(room, sizeof(room));

    signed_put_jws(&w, header, claims, key);

    return caplat_written(&w);
}


/* The good token, in static room. */
static inline caplat_slice
good(void)
{
    return sign(token_header_with(NULL, NULL), token_claims_with(NULL, NULL),
                ed);
}


static inline void
judged_open(void)
{
    test_that(caplat_trust_open(), "the libraries start");

    ring = token_ring();
    ed = signed_key(KEY_ED25519);
    ec = signed_key(KEY_P256);
}


static inline void
judged_close(void)
{
    caplat_private_key_close(ec);
    caplat_private_key_close(ed);
    caplat_keyring_close(ring);
}


#endif /* JUDGED_H */
