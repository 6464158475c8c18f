#include "caplat_auth.h"
#include "caplat_digest.h"
#include "caplat_trial.h"

#include <stdlib.h>


#define DIGEST_FIELD_MAX  1024          /* bytes of Content-Digest's lines */


caplat_auth *
caplat_auth_open(caplat_zone *zone, size_t tokens)
{
    caplat_auth  *auth = malloc(sizeof(caplat_auth));

    if (auth == NULL) {
        return NULL;
    }

    auth->zone = zone;
    auth->room = tokens;
    auth->hits = 0;
    auth->misses = 0;
    auth->cache = caplat_cache_open(tokens);

    if (auth->cache == NULL) {
        caplat_auth_close(auth);
        return NULL;
    }

    return auth;
}


void
caplat_auth_close(caplat_auth *auth)
{
    if (auth != NULL) {
        caplat_cache_close(auth->cache);
        free(auth);
    }
}


caplat_auth_fill
caplat_auth_tokens(const caplat_auth *auth)
{
    return (caplat_auth_fill) { caplat_cache_count(auth->cache), auth->room,
                                auth->hits, auth->misses };
}


typedef enum { SCHEME_NONE, SCHEME_DPOP, SCHEME_BEARER, SCHEME_OTHER }
    auth_scheme;


/* A scheme, one space, a token (RFC 9110, 11.4); its form is asked later. */
static bool
take_credentials(caplat_slice value, auth_scheme *scheme,
    caplat_slice *token, caplat_denial *denial)
{
    caplat_cursor  c = caplat_cursor_of(value);
    caplat_slice   word;
    bool           has_token = caplat_take_until(&c, ' ', value.len, &word);

    if (!has_token) {
        word = value;
    }

    *scheme = caplat_slice_eq_lower(word, CAPLAT_LIT("dpop")) ? SCHEME_DPOP
              : caplat_slice_eq_lower(word, CAPLAT_LIT("bearer"))
              ? SCHEME_BEARER : SCHEME_OTHER;

    if (*scheme == SCHEME_OTHER && word.len != 0) {
        return caplat_deny(denial, CAPLAT_PROBLEM_TOKEN_MISSING,
                           "authorization-scheme");
    }

    if (!has_token || word.len == 0 || caplat_cursor_left(&c) == 0) {
        return caplat_deny(denial, CAPLAT_PROBLEM_TOKEN_MALFORMED,
                           "authorization-form");
    }

    return caplat_take_rest(&c, CAPLAT_TOKEN_LEN_MAX, token)
           || caplat_deny(denial, CAPLAT_PROBLEM_TOKEN_MALFORMED,
                          "token-long");
}


static bool
read_authorization(const caplat_message *message, auth_scheme *scheme,
    caplat_slice *token, caplat_denial *denial)
{
    caplat_slice  name = CAPLAT_LIT("authorization");
    caplat_slice  value;

    if (!caplat_message_header(message, name, &value)) {
        *scheme = SCHEME_NONE;
        return true;
    }

    if (caplat_message_count(message, name) != 1) {
        return caplat_deny(denial, CAPLAT_PROBLEM_TOKEN_MALFORMED,
                           "authorization-twice");
    }

    return take_credentials(value, scheme, token, denial);
}


bool
caplat_auth_request(caplat_auth *auth, const caplat_policy *policy,
    const caplat_message *message, bool token_needed, int64_t now,
    caplat_identity *who, caplat_denial *denial)
{
    caplat_trial  t = { auth, policy, message, now, denial };
    auth_scheme   scheme;
    caplat_slice  token;

    if (!read_authorization(message, &scheme, &token, denial)) {
        return false;
    }

    switch (scheme) {
    case SCHEME_DPOP:
        return caplat_trial_by_proof(&t, &token, who);

    case SCHEME_BEARER:
        return caplat_trial_by_signature(&t, &token, who);

    default:
        return token_needed
               ? caplat_deny(denial, CAPLAT_PROBLEM_TOKEN_MISSING,
                             "authorization-missing")
               : caplat_trial_by_signature(&t, NULL, who);
    }
}


bool
caplat_auth_key(caplat_auth *auth, const caplat_message *message,
    int64_t now, caplat_identity *who, caplat_denial *denial)
{
    caplat_trial  t = { auth, NULL, message, now, denial };

    return caplat_trial_by_proof(&t, NULL, who);
}


/* All lines of Content-Digest, joined; false when they are too long. */
static bool
join_digests(const caplat_message *message, caplat_writer *w)
{
    caplat_slice  between = CAPLAT_LIT("");
    caplat_slice  line;
    size_t        at = 0;

    while (caplat_message_next(message, CAPLAT_LIT("content-digest"), &at,
                               &line))
    {
        caplat_put(w, between);
        caplat_put(w, line);
        between = CAPLAT_LIT(", ");
    }

    return !w->full;
}


/* Every digest that we know must hold (RFC 9530, 2). */
static bool
check_digests(const caplat_digests *digests, caplat_slice body)
{
    uint8_t  bytes[CAPLAT_SHA512_LEN];
    bool     holds = true;

    if (digests->has_sha256) {
        caplat_sha256(body, bytes);
        holds = caplat_ct_eq(bytes, digests->sha256, CAPLAT_SHA256_LEN);
    }

    if (digests->has_sha512) {
        caplat_sha512(body, bytes);
        holds = caplat_ct_eq(bytes, digests->sha512, CAPLAT_SHA512_LEN)
                && holds;
    }

    return holds;
}


static bool
check_field(const caplat_message *message, caplat_slice body,
    caplat_denial *denial)
{
    char            room[DIGEST_FIELD_MAX];
    caplat_writer   w = caplat_writer_of(room, sizeof(room));
    caplat_digests  digests;

    if (!join_digests(message, &w)) {
        return caplat_deny(denial, CAPLAT_PROBLEM_DIGEST_INVALID,
                           "digest-long");
    }

    if (!caplat_digests_read(caplat_written(&w), &digests, denial)) {
        return false;
    }

    return check_digests(&digests, body)
           || caplat_deny(denial, CAPLAT_PROBLEM_DIGEST_MISMATCHED,
                          "digest-field");
}


bool
caplat_auth_content(const caplat_identity *who, const caplat_message *message,
    caplat_slice body, caplat_denial *denial)
{
    bool     has_field = caplat_message_count(message,
                             CAPLAT_LIT("content-digest")) != 0;
    uint8_t  bytes[CAPLAT_SHA256_LEN];

    /* What nobody vouches for is not read, however it came so far. */
    if (body.len != 0 && !who->has_digest && !has_field) {
        return caplat_deny(denial, CAPLAT_PROBLEM_DIGEST_MISMATCHED,
                           "digest-missing");
    }

    if (has_field && !check_field(message, body, denial)) {
        return false;
    }

    if (who->has_digest) {
        caplat_sha256(body, bytes);

        if (!caplat_ct_eq(bytes, who->digest, sizeof(bytes))) {
            return caplat_deny(denial, CAPLAT_PROBLEM_DIGEST_MISMATCHED,
                               "digest-proof");
        }
    }

    return true;
}
