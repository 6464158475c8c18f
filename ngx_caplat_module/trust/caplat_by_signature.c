#include "caplat_trial.h"


static bool
deny(const caplat_trial *t, caplat_problem problem, const char *reason)
{
    return caplat_deny(t->denial, problem, reason);
}


/* Step 2: a token for servers comes with a signature. */
static bool
has_fields(const caplat_trial *t)
{
    return caplat_message_count(t->message, CAPLAT_LIT("signature-input"))
           != 0
           || caplat_message_count(t->message, CAPLAT_LIT("signature")) != 0
           || deny(t, CAPLAT_PROBLEM_PROOF_MISSING, "signature-missing");
}


static bool
is_timely(const caplat_trial *t, const caplat_httpsig *sig)
{
    caplat_problem  expired = CAPLAT_PROBLEM_SIGNATURE_EXPIRED;

    if (!caplat_proof_recent(sig->created, t->now)) {
        return deny(t, expired, "signature-created");
    }

    if (sig->expires != 0 && sig->expires < t->now - CAPLAT_LEEWAY) {
        return deny(t, expired, "signature-expires");
    }

    return !caplat_zone_blind(t->auth->zone, sig->created)
           || deny(t, expired, "signature-blind");
}


/* keyid is anybody's: it finds a key of ours or none. */
static bool
find_key(const caplat_trial *t, const caplat_httpsig *sig,
    const caplat_jwk **signer)
{
    caplat_problem          invalid = CAPLAT_PROBLEM_SIGNATURE_INVALID;
    const caplat_keyring   *partners = t->policy->partners;
    const caplat_jwk       *found = partners != NULL
                                    ? caplat_keyring_find(partners,
                                                          sig->keyid, t->now)
                                    : NULL;

    if (found == NULL) {
        return deny(t, invalid, "signature-keyid");
    }

    if (sig->alg.len != 0
        && !caplat_algorithm_fits_httpsig(found->key.algorithm, sig->alg))
    {
        return deny(t, invalid, "signature-alg");
    }

    if (sig->signature_len != CAPLAT_SIGNATURE_LEN) {
        return deny(t, invalid, "signature-length");
    }

    *signer = found;

    return true;
}


/* Step 7: the token is this key's, and this partner's. */
static bool
is_bound(const caplat_trial *t, const caplat_claims *claims,
    const caplat_jwk *signer)
{
    return caplat_trial_bound(t, claims, signer->key.thumbprint)
           && (caplat_slice_eq(claims->client_id, signer->client_id)
               || deny(t, CAPLAT_PROBLEM_KEY_MISMATCH, "token-client"));
}


/* Step 8. */
static bool
verify(const caplat_trial *t, const caplat_httpsig *sig,
    const caplat_jwk *signer)
{
    caplat_writer  base = caplat_writer_of(t->auth->base,
                                           sizeof(t->auth->base));

    return caplat_httpsig_base(t->message, sig, &base, t->denial)
           && (caplat_verify(&signer->key, caplat_written(&base),
                             sig->signature)
               || deny(t, CAPLAT_PROBLEM_SIGNATURE_INVALID,
                       "signature-value"));
}


/* Step 9. */
static bool
use(const caplat_trial *t, const caplat_httpsig *sig,
    const caplat_jwk *signer)
{
    caplat_slice  thumbprint = caplat_slice_of(signer->key.thumbprint,
                                               CAPLAT_THUMBPRINT_LEN);

    switch (caplat_zone_use(t->auth->zone, thumbprint, sig->nonce,
                            sig->created, false, t->now))
    {
    case CAPLAT_PROOF_NEW:
        return true;

    case CAPLAT_PROOF_USED:
        return deny(t, CAPLAT_PROBLEM_SIGNATURE_REPLAYED, "signature-used");

    case CAPLAT_PROOF_BLIND:
        return deny(t, CAPLAT_PROBLEM_SIGNATURE_EXPIRED, "signature-blind");

    case CAPLAT_PROOF_TOO_MANY:
        return deny(t, CAPLAT_PROBLEM_RATE_LIMITED, "signature-rate");

    default:
        return deny(t, CAPLAT_PROBLEM_REPLAY_CACHE_FULL, "zone-full");
    }
}


/* A key that says nothing of scopes takes none away, and adds none. */
static unsigned
scopes_of(const caplat_claims *claims, const caplat_jwk *signer)
{
    unsigned  own = signer->scopes;

    if (claims != NULL) {
        return claims->scopes & own;
    }

    return own == CAPLAT_SCOPES_ALL ? CAPLAT_SCOPES_USER : own;
}


static void
identify(const caplat_claims *claims, const caplat_jwk *signer,
    caplat_identity *who)
{
    *who = (caplat_identity) {
        .way = CAPLAT_BY_SIGNATURE,
        .claims = claims,
        .client_id = signer->client_id,
        .scopes = scopes_of(claims, signer),
        .partner = signer,
    };

    memcpy(who->thumbprint, signer->key.thumbprint, CAPLAT_THUMBPRINT_LEN);
}


static bool
judge(const caplat_trial *t, caplat_presented *token, caplat_identity *who)
{
    const caplat_claims  *claims = NULL;
    const caplat_jwk     *signer;
    caplat_httpsig        sig;

    if (!caplat_httpsig_read(t->message, t->policy->tag, &sig, t->denial)
        || !is_timely(t, &sig) || !find_key(t, &sig, &signer))
    {
        return false;
    }

    if (token != NULL) {
        if (!caplat_trial_token(t, token)
            || !is_bound(t, token->cached->claims, signer))
        {
            return false;
        }

        claims = token->cached->claims;
    }

    if (!verify(t, &sig, signer) || !use(t, &sig, signer)) {
        return false;
    }

    identify(claims, signer, who);

    return true;
}


bool
caplat_trial_by_signature(const caplat_trial *t, const caplat_slice *token,
    caplat_identity *who)
{
    caplat_presented  presented;

    if (token == NULL) {
        return judge(t, NULL, who);
    }

    if (!has_fields(t) || !caplat_trial_present(t, *token, &presented)) {
        return false;
    }

    bool  proved = judge(t, &presented, who);

    caplat_trial_close(&presented);

    return proved;
}
