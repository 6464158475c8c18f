#include "caplat_token.h"
#include "caplat_json.h"

#include <stdlib.h>


#define HEADER_LEN_MAX  512             /* bytes of its JSON */


/*
 * A text that cannot be read, or one that can and is wrong: a number that is
 * out of range is a value's fault, not the form's.
 */
static bool
deny_text(caplat_denial *denial, const caplat_err *err, const char *reason)
{
    return caplat_deny(denial, err->code == CAPLAT_NOT_A_NUMBER
                               ? CAPLAT_PROBLEM_TOKEN_INVALID
                               : CAPLAT_PROBLEM_TOKEN_MALFORMED, reason);
}


/* kid is anybody's: it finds a key of ours or none. */
static bool
find_signer(const caplat_jws *jws, const caplat_token_rules *rules,
    int64_t now, const caplat_jwk **signer, caplat_denial *denial)
{
    caplat_slice        kid;
    const caplat_jwk   *found = NULL;

    if (caplat_json_string(jws->header, "kid", 1, CAPLAT_KID_LEN_MAX, &kid)) {
        found = caplat_keyring_find(rules->keys, kid, now);
    }

    if (found == NULL) {
        return caplat_deny(denial, CAPLAT_PROBLEM_TOKEN_INVALID, "token-kid");
    }

    *signer = found;

    return true;
}


static bool
judge_header(const caplat_jws *jws, const caplat_token_rules *rules,
    int64_t now, const caplat_jwk **signer, caplat_denial *denial)
{
    if (!caplat_jws_is_type(jws, CAPLAT_LIT("at+jwt"))) {
        return caplat_deny(denial, CAPLAT_PROBLEM_TOKEN_INVALID, "token-typ");
    }

    if (caplat_jws_is_critical(jws)) {
        return caplat_deny(denial, CAPLAT_PROBLEM_TOKEN_INVALID,
                           "token-crit");
    }

    if (!find_signer(jws, rules, now, signer, denial)) {
        return false;
    }

    if (!caplat_jws_fits(jws, (*signer)->key.algorithm)) {
        return caplat_deny(denial, CAPLAT_PROBLEM_TOKEN_INVALID, "token-alg");
    }

    return true;
}


bool
caplat_token_open(caplat_slice text, const caplat_token_rules *rules,
    int64_t now, caplat_token *token, caplat_denial *denial)
{
    caplat_err  err;

    _Static_assert(CAPLAT_TOKEN_LEN_MAX <= CAPLAT_JWS_LEN_MAX, "it fits");

    if (text.len > CAPLAT_TOKEN_LEN_MAX) {
        return caplat_deny(denial, CAPLAT_PROBLEM_TOKEN_MALFORMED,
                           "token-long");
    }

    if (!caplat_jws_open(text, HEADER_LEN_MAX, &token->jws, &err)) {
        return deny_text(denial, &err, "token-form");
    }

    if (!judge_header(&token->jws, rules, now, &token->signer, denial)) {
        caplat_token_close(token);
        return false;
    }

    return true;
}


void
caplat_token_close(caplat_token *token)
{
    caplat_jws_close(&token->jws);
}


/* The claims of a payload whose signature holds. */
static bool
read_payload(const caplat_token *token, const caplat_token_rules *rules,
    caplat_claims **claims, caplat_denial *denial)
{
    caplat_json  *payload;
    caplat_err    err;
    const char   *reason;

    if (!caplat_jws_payload(&token->jws, &payload, &err)) {
        return deny_text(denial, &err, "token-payload");
    }

    bool  read = caplat_claims_read(payload, token->jws.payload_len, rules,
                                    claims, &reason);

    caplat_json_close(payload);

    if (!read && reason == NULL) {
        return caplat_deny(denial, CAPLAT_PROBLEM_INTERNAL_ERROR, "memory");
    }

    return read || caplat_deny(denial, CAPLAT_PROBLEM_TOKEN_INVALID, reason);
}


bool
caplat_token_judge(const caplat_token *token,
    const caplat_token_rules *rules, int64_t now, caplat_claims **claims,
    caplat_denial *denial)
{
    caplat_claims  *read;

    if (!caplat_jws_verify(&token->jws, &token->signer->key)) {
        return caplat_deny(denial, CAPLAT_PROBLEM_TOKEN_INVALID,
                           "token-signature");
    }

    if (!read_payload(token, rules, &read, denial)) {
        return false;
    }

    read->key_until = token->signer->expires;

    if (!caplat_claims_alive(read, now, denial)) {
        caplat_claims_close(read);
        return false;
    }

    *claims = read;

    return true;
}


bool
caplat_token_verify(caplat_slice text, const caplat_token_rules *rules,
    int64_t now, caplat_claims **claims, caplat_denial *denial)
{
    caplat_token  token;

    if (!caplat_token_open(text, rules, now, &token, denial)) {
        return false;
    }

    bool  valid = caplat_token_judge(&token, rules, now, claims, denial);

    caplat_token_close(&token);

    return valid;
}


caplat_claims *
caplat_claims_hold(const caplat_claims *claims)
{
    /* Nobody may change what they say, but everybody may count on them. */
    caplat_claims  *held = (caplat_claims *) (uintptr_t) claims;

    held->owners++;

    return held;
}


void
caplat_claims_close(caplat_claims *claims)
{
    if (claims != NULL && --claims->owners == 0) {
        free(claims);
    }
}


/* What is wrong for ever comes before what time has made so. */
bool
caplat_claims_alive(const caplat_claims *claims, int64_t now,
    caplat_denial *denial)
{
    if (claims->issued > now + CAPLAT_LEEWAY) {
        return caplat_deny(denial, CAPLAT_PROBLEM_TOKEN_INVALID,
                           "token-iat");
    }

    if (claims->not_before > now + CAPLAT_LEEWAY) {
        return caplat_deny(denial, CAPLAT_PROBLEM_TOKEN_INVALID,
                           "token-nbf");
    }

    if (claims->key_until != 0 && now >= claims->key_until) {
        return caplat_deny(denial, CAPLAT_PROBLEM_TOKEN_INVALID,
                           "token-kid");
    }

    if (now - CAPLAT_LEEWAY >= claims->expires) {
        return caplat_deny(denial, CAPLAT_PROBLEM_TOKEN_EXPIRED,
                           "token-exp");
    }

    return true;
}


const caplat_cert *
caplat_claims_cert(const caplat_claims *claims, caplat_slice serial)
{
    for (size_t i = 0; i < claims->cert_count; i++) {
        if (caplat_slice_eq(claims->certs[i].serial, serial)) {
            return &claims->certs[i];
        }
    }

    return NULL;
}
