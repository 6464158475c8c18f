#include "caplat_trial.h"


/* What is judged, and what has been made for it. */
typedef struct {
    caplat_presented    token;
    caplat_proof        proof;
    caplat_public_key   made;           /* empty when the key was known */
} matter;


static bool
deny(const caplat_trial *t, const char *reason)
{
    return caplat_deny(t->denial, CAPLAT_PROBLEM_PROOF_INVALID, reason);
}


/* Step 2: exactly one DPoP field. */
static bool
find_field(const caplat_trial *t, caplat_slice *value)
{
    caplat_slice  name = CAPLAT_LIT("dpop");

    if (!caplat_message_header(t->message, name, value)) {
        return caplat_deny(t->denial, CAPLAT_PROBLEM_PROOF_MISSING,
                           "proof-missing");
    }

    return caplat_message_count(t->message, name) == 1
           || deny(t, "proof-twice");
}


static bool
need_nonce(const caplat_trial *t, const char *reason)
{
    return caplat_deny(t->denial, CAPLAT_PROBLEM_DPOP_NONCE_REQUIRED, reason);
}


/*
 * When it was made, and whether the zone can tell if it was used. A nonce of
 * ours says when by our own clock.
 */
static bool
is_timely(const caplat_trial *t, const caplat_proof *proof)
{
    caplat_zone  *zone = t->auth->zone;

    if (proof->nonce.len != 0) {
        return caplat_zone_nonce_valid(zone, proof->nonce, t->now)
               || need_nonce(t, "proof-nonce");
    }

    if (!caplat_proof_recent(proof->made, t->now)) {
        return need_nonce(t, "proof-iat");
    }

    return !caplat_zone_blind(zone, proof->made)
           || need_nonce(t, "proof-blind");
}


/* The token's key, if it has proved itself before and this is it again. */
static const caplat_public_key *
known_key(const matter *m, const caplat_cached *cached)
{
    return cached != NULL && cached->key != NULL
           && caplat_public_key_is(cached->key, &m->proof.point)
           ? cached->key : NULL;
}


static bool
use(const caplat_trial *t, const caplat_proof *proof,
    const caplat_public_key *key)
{
    caplat_slice  thumbprint = caplat_slice_of(key->thumbprint,
                                               CAPLAT_THUMBPRINT_LEN);

    switch (caplat_zone_use(t->auth->zone, thumbprint, proof->id,
                            proof->made, proof->nonce.len != 0, t->now))
    {
    case CAPLAT_PROOF_NEW:
        return true;

    case CAPLAT_PROOF_USED:
        return caplat_deny(t->denial, CAPLAT_PROBLEM_PROOF_REPLAYED,
                           "proof-used");

    case CAPLAT_PROOF_BLIND:
        return need_nonce(t, "proof-blind");

    case CAPLAT_PROOF_TOO_MANY:
        return caplat_deny(t->denial, CAPLAT_PROBLEM_RATE_LIMITED,
                           "proof-rate");

    default:
        return caplat_deny(t->denial, CAPLAT_PROBLEM_REPLAY_CACHE_FULL,
                           "zone-full");
    }
}


static void
identify(const caplat_proof *proof, const caplat_public_key *key,
    const caplat_claims *claims, caplat_identity *who)
{
    *who = (caplat_identity) {
        .way = CAPLAT_BY_DPOP,
        .claims = claims,
        .client_id = claims != NULL ? claims->client_id : CAPLAT_LIT(""),
        .scopes = claims != NULL ? claims->scopes : 0,
        .has_digest = proof->has_digest,
    };

    memcpy(who->thumbprint, key->thumbprint, CAPLAT_THUMBPRINT_LEN);

    if (proof->has_digest) {
        memcpy(who->digest, proof->digest, sizeof(who->digest));
    }
}


/* Step 4, behind the form: what it was made for, when, and by which key. */
static bool
judge_proof(const caplat_trial *t, matter *m, const uint8_t *digest,
    const caplat_cached *cached, const caplat_public_key **key)
{
    if (!caplat_proof_fits(&m->proof, t->message, digest, t->denial)
        || !is_timely(t, &m->proof))
    {
        return false;
    }

    *key = known_key(m, cached);

    if (*key == NULL) {
        if (!caplat_public_key_take(&m->proof.point, &m->made)) {
            return deny(t, "proof-point");
        }

        *key = &m->made;
    }

    return true;
}


/* Steps 8 and 9: nothing is remembered before a signature holds. */
static bool
accept(const caplat_trial *t, const matter *m, const caplat_public_key *key)
{
    if (!caplat_jws_verify(&m->proof.jws, key)) {
        return deny(t, "proof-signature");
    }

    return use(t, &m->proof, key);
}


/*
 * A server that signs as servers do is bound by what its key may; it does not
 * get round that as a browser.
 */
static bool
is_partner(const caplat_trial *t, const caplat_public_key *key)
{
    return caplat_keyring_has(t->policy->partners,
                              caplat_slice_of(key->thumbprint,
                                              CAPLAT_THUMBPRINT_LEN));
}


static bool
judge_with_token(const caplat_trial *t, matter *m, caplat_identity *who)
{
    const caplat_public_key  *key;

    if (!judge_proof(t, m, m->token.digest, m->token.cached, &key)) {
        return false;
    }

    if (is_partner(t, key)) {
        return deny(t, "proof-partner-key");
    }

    if (!caplat_trial_token(t, &m->token)
        || !caplat_trial_bound(t, m->token.cached->claims, key->thumbprint)
        || !accept(t, m, key))
    {
        return false;
    }

    identify(&m->proof, key, m->token.cached->claims, who);

    if (key == &m->made && m->token.cached->key == NULL) {
        caplat_cache_keep_key(m->token.cached, &m->made);
        m->made = (caplat_public_key) { .evp = NULL };
    }

    return true;
}


static bool
judge_alone(const caplat_trial *t, matter *m, caplat_identity *who)
{
    const caplat_public_key  *key;

    if (!judge_proof(t, m, NULL, NULL, &key) || !accept(t, m, key)) {
        return false;
    }

    identify(&m->proof, key, NULL, who);

    return true;
}


bool
caplat_trial_by_proof(const caplat_trial *t, const caplat_slice *token,
    caplat_identity *who)
{
    matter        m;
    caplat_slice  field;
    bool          proved = false;

    if (!find_field(t, &field)) {
        return false;
    }

    m.made = (caplat_public_key) { .evp = NULL };
    m.token.is_open = false;

    if (token != NULL && !caplat_trial_present(t, *token, &m.token)) {
        return false;
    }

    if (caplat_proof_read(field, &m.proof, t->denial)) {
        proved = token != NULL ? judge_with_token(t, &m, who)
                               : judge_alone(t, &m, who);
        caplat_proof_close(&m.proof);
    }

    caplat_trial_close(&m.token);
    caplat_public_key_close(&m.made);

    return proved;
}
