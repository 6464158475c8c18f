#define _GNU_SOURCE                     /* mkdtemp */

#include "caplat_auth.h"

#include "browsers.h"
#include "test.h"


/* A nonce of ours heals any clock, and is no way round the replay check. */
static void
test_nonce(void)
{
    server           s = open_server(OLD, 4);
    caplat_slice     token = token_with(NULL, NULL);
    char             nonce[CAPLAT_NONCE_LEN + 3] = "\"";
    callers_request  r;

    caplat_zone_nonce(s.zone, NOW, nonce + 1);
    nonce[CAPLAT_NONCE_LEN + 1] = '"';

    static const signed_member  wrong_clock[] = {
        { "jti", "\"proof-01\"" },
        { "htm", "\"POST\"" },
        { "htu", "\"" AUDIENCE "/v1/orders\"" },
        { "iat", "1" },
        { "content-digest", "\"" DIGEST_OF_BRACES "\"" },
    };

    char           ath[64] = "\"";
    char           claims[1024];
    char           proof[2048];
    caplat_writer  hash = caplat_writer_of(ath + 1, sizeof(ath) - 3);
    caplat_writer  body = caplat_writer_of(claims, sizeof(claims));
    caplat_writer  w = caplat_writer_of(proof, sizeof(proof));

    signed_put_hash(&hash, token);
    ath[hash.len + 1] = '"';
    ath[hash.len + 2] = '\0';
    signed_put_object(&body, wrong_clock, CAPLAT_COUNT(wrong_clock), "nonce",
                      nonce);
    body.len--;
    signed_put_member(&body, "ath", ath);
    caplat_put(&body, CAPLAT_LIT("}"));
    signed_put_jws(&w, proof_header_with(NULL, NULL), caplat_written(&body),
                   browser);

    browser_request(&r, token, caplat_written(&w));
    expect(&s, &r, CAPLAT_NO_PROBLEM, "");
    expect(&s, &r, CAPLAT_PROBLEM_PROOF_REPLAYED, "proof-used");
    expect_at(&s, &r, true, NOW + 300, CAPLAT_PROBLEM_PROOF_REPLAYED,
              "proof-used", "an old nonce");
    expect_at(&s, &r, true, NOW + 301, CAPLAT_PROBLEM_DPOP_NONCE_REQUIRED,
              "proof-nonce", "an older one");
    close_server(&s);
}


/* A zone that has just been made knows nothing of what came before. */
static void
test_blind(void)
{
    server           s = open_server(NOW, 4);
    caplat_slice     token = token_with(NULL, NULL);
    callers_request  r;

    browser_request(&r, token, proof_with(token, "iat", "1800000060",
                                          browser));
    expect(&s, &r, CAPLAT_PROBLEM_DPOP_NONCE_REQUIRED, "proof-blind");
    browser_request(&r, token, proof_with(token, "iat", "1800000061",
                                          browser));
    expect_at(&s, &r, true, NOW + 61, CAPLAT_NO_PROBLEM, "", "then");
    close_server(&s);
}


static void
test_full(void)
{
    server           s = open_server(OLD, 4);
    caplat_slice     token = token_with(NULL, NULL);
    size_t           room = caplat_zone_proofs(s.zone).room;
    callers_request  r;

    for (uint64_t i = 0; i < room; i++) {
        caplat_slice  id = caplat_slice_of((const char *) &i, sizeof(i));

        (void) test_that(caplat_zone_use(s.zone, id, id, NOW, false, NOW)
                             == CAPLAT_PROOF_NEW,
                         "there is room");
    }

    browser_request(&r, token, proof_with(token, NULL, NULL, browser));
    expect(&s, &r, CAPLAT_PROBLEM_REPLAY_CACHE_FULL, "zone-full");
    close_server(&s);
}


/* A key that signs without end has only its part of the zone. */
static void
test_rate(void)
{
    server           s = open_server(OLD, 4);
    caplat_slice     token = token_with(NULL, NULL);
    caplat_identity  who;
    caplat_denial    denial;
    callers_request  r;

    browser_request(&r, token, proof_with(token, "jti", "\"the-first-of-all\"",
                                          browser));

    if (test_that(caplat_auth_request(s.auth, &policy, &r.message, true, NOW,
                                      &who, &denial), "accepted"))
    {
        callers_use_share(s.zone, caplat_slice_of(who.thumbprint,
                                                  CAPLAT_THUMBPRINT_LEN),
                          1, NOW);
    }

    browser_request(&r, token, proof_with(token, NULL, NULL, browser));
    expect(&s, &r, CAPLAT_PROBLEM_RATE_LIMITED, "proof-rate");
    close_server(&s);
}


static void
test_identity(void)
{
    server           s = open_server(OLD, 4);
    caplat_slice     token = token_with(NULL, NULL);
    caplat_identity  who;
    caplat_denial    denial;
    callers_request  r;

    browser_request(&r, token, proof_with(token, NULL, NULL, browser));

    if (test_that(caplat_auth_request(s.auth, &policy, &r.message, true, NOW,
                                      &who, &denial), "accepted"))
    {
        test_number(who.way, CAPLAT_BY_DPOP, "by a proof");
        test_text(who.client_id, CAPLAT_LIT("wizard"), "client_id");
        test_text(who.claims->subject, CAPLAT_LIT("u-7f3a9c2e"), "sub");
        test_number(who.scopes, CAPLAT_SCOPE_QUOTE | CAPLAT_SCOPE_READ,
                    "scopes");
        test_text(caplat_slice_of(who.thumbprint, CAPLAT_THUMBPRINT_LEN),
                  CAPLAT_LIT(BOUND_TO), "thumbprint");
        test_that(who.has_digest, "a digest");
        test_that(caplat_auth_content(&who, &r.message, CAPLAT_LIT("{}"),
                                      &denial), "the body");
        test_that(!caplat_auth_content(&who, &r.message, CAPLAT_LIT("{ }"),
                                       &denial)
                  && denial.problem == CAPLAT_PROBLEM_DIGEST_MISMATCHED,
                  "another body");
    }

    close_server(&s);
}


static void
test_cache(void)
{
    server              s = open_server(OLD, 2);
    caplat_policy       other = policy;
    caplat_identity     who;
    caplat_denial       denial;
    callers_request     r;
    static const char  *subs[] = { "\"a\"", "\"b\"", "\"a\"", "\"c\"",
                                   "\"a\"", "\"b\"" };
    static const char  *ids[] = { "\"proof-a1\"", "\"proof-b1\"",
                                  "\"proof-a2\"", "\"proof-c1\"",
                                  "\"proof-a3\"", "\"proof-b2\"" };

    /* b is the oldest when c comes, since a has been seen again. */
    for (size_t i = 0; i < CAPLAT_COUNT(subs); i++) {
        caplat_slice  token = token_with("sub", subs[i]);

        browser_request(&r, token, proof_with(token, "jti", ids[i], browser));
        expect(&s, &r, CAPLAT_NO_PROBLEM, "");
    }

    caplat_auth_fill  fill_now = caplat_auth_tokens(s.auth);

    test_number(fill_now.count, 2, "two tokens");
    test_number(fill_now.room, 2, "of two");
    test_number(fill_now.hits, 2, "a was there twice");
    test_number(fill_now.misses, 4, "a, b, c and b again");

    /* Good here is not good there. */
    caplat_slice  token = token_with("sub", "\"b\"");

    other.token.audience = CAPLAT_LIT(NOBODY);
    browser_request(&r, token, proof_with(token, "jti", "\"proof-b3\"",
                                          browser));
    test_that(!caplat_auth_request(s.auth, &other, &r.message, true, NOW,
                                   &who, &denial)
              && denial.problem == CAPLAT_PROBLEM_TOKEN_INVALID,
              "another audience");
    expect(&s, &r, CAPLAT_NO_PROBLEM, "");
    close_server(&s);
}


/* Each location has its policy: where the rules are the same, what one has
   verified is known to the other. */
static void
test_cache_of_rules(void)
{
    server           s = open_server(OLD, 4);
    caplat_policy    twin = policy;
    caplat_slice     token = token_with(NULL, NULL);
    caplat_identity  who;
    caplat_denial    denial;
    callers_request  r;

    twin.tag = CAPLAT_LIT("another-tag");
    browser_request(&r, token, proof_with(token, "jti", "\"proof-01\"",
                                          browser));
    expect(&s, &r, CAPLAT_NO_PROBLEM, "");
    browser_request(&r, token, proof_with(token, "jti", "\"proof-02\"",
                                          browser));
    test_that(caplat_auth_request(s.auth, &twin, &r.message, true, NOW, &who,
                                  &denial), "by the other policy");

    caplat_auth_fill  fill_now = caplat_auth_tokens(s.auth);

    test_number(fill_now.count, 1, "one token");
    test_number(fill_now.hits, 1, "known");
    test_number(fill_now.misses, 1, "verified once");
    close_server(&s);
}


/* A cached token expires all the same. */
static void
test_expiry(void)
{
    server           s = open_server(OLD, 2);
    caplat_slice     token = token_with("exp", "1800000001");
    callers_request  r;

    browser_request(&r, token, proof_with(token, NULL, NULL, browser));
    expect(&s, &r, CAPLAT_NO_PROBLEM, "");
    browser_request(&r, token, proof_with(token, "jti", "\"proof-02\"",
                                          browser));
    expect_at(&s, &r, true, NOW + 60, CAPLAT_NO_PROBLEM, "", "60 s later");
    browser_request(&r, token, proof_with(token, "jti", "\"proof-03\"",
                                          browser));
    expect_at(&s, &r, true, NOW + 61, CAPLAT_PROBLEM_TOKEN_EXPIRED,
              "token-exp", "61 s later");
    close_server(&s);
}


static void
test_key(void)
{
    server           s = open_server(OLD, 2);
    caplat_slice     none = CAPLAT_LIT("");
    caplat_identity  who;
    caplat_denial    denial;
    callers_request  r;

    open_request(&r);
    test_that(!caplat_auth_key(s.auth, &r.message, NOW, &who, &denial)
              && denial.problem == CAPLAT_PROBLEM_PROOF_MISSING, "no proof");
    callers_add(&r, CAPLAT_LIT("dpop"),
                proof_with(none, NULL, NULL, stranger));

    if (test_that(caplat_auth_key(s.auth, &r.message, NOW, &who, &denial),
                  "a proof"))
    {
        test_that(who.claims == NULL && who.client_id.len == 0
                  && who.scopes == 0, "of nobody");
        test_text(caplat_slice_of(who.thumbprint, CAPLAT_THUMBPRINT_LEN),
                  signed_thumbprint(stranger), "its thumbprint");
    }

    test_that(!caplat_auth_key(s.auth, &r.message, NOW, &who, &denial)
              && denial.problem == CAPLAT_PROBLEM_PROOF_REPLAYED, "again");
    r.headers[0].value = proof_with(CAPLAT_LIT("t"), "jti", "\"proof-02\"",
                                    stranger);
    test_that(!caplat_auth_key(s.auth, &r.message, NOW, &who, &denial)
              && denial.problem == CAPLAT_PROBLEM_PROOF_INVALID,
              "a proof of a token");
    close_server(&s);
}


/* A partner's key signs as its file allows, and no other way. */
static void
test_partner_key(void)
{
    static const char  keys[] =
        "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\","
        "\"x\":\"qIVYZVLCrPZHGHjP17CTW0_-D9Lfw0EkjqF7xB4FivA\","
        "\"y\":\"Mc4nN9LTDOBhfoUeg8Ye9WedFRhnZXZJA12Qp0zZ6F0\","
        "\"kid\":\"" BOUND_TO "\",\"client_id\":\"erp-2\",\"exp\":1}]}";

    server           s = open_server(OLD, 4);
    caplat_slice     token = token_with(NULL, NULL);
    caplat_keyring  *partners;
    caplat_err       err;
    callers_request  r;

    test_that(caplat_keyring_read(test_slice(keys), CAPLAT_PARTNER_KEYS,
                                  &partners, &err), "a partner's key");
    browser_request(&r, token, proof_with(token, NULL, NULL, browser));

    policy.partners = partners;
    expect(&s, &r, CAPLAT_PROBLEM_PROOF_INVALID, "proof-partner-key");
    policy.partners = NULL;
    expect(&s, &r, CAPLAT_NO_PROBLEM, "");

    caplat_keyring_close(partners);
    close_server(&s);
}


int
main(void)
{
    browsers_open();

    test_nonce();
    test_blind();
    test_full();
    test_rate();
    test_identity();
    test_cache();
    test_cache_of_rules();
    test_expiry();
    test_key();
    test_partner_key();

    browsers_close();
    caplat_auth_close(NULL);

    return test_done();
}
