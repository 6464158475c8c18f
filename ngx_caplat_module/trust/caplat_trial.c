#include "caplat_trial.h"


bool
caplat_trial_present(const caplat_trial *t, caplat_slice text,
    caplat_presented *p)
{
    p->is_open = false;
    caplat_sha256(text, p->digest);
    p->cached = caplat_cache_find(t->auth->cache, p->digest,
                                  &t->policy->token);

    if (p->cached != NULL) {
        t->auth->hits++;
        return true;
    }

    t->auth->misses++;
    p->is_open = caplat_token_open(text, &t->policy->token, t->now,
                                   &p->token, t->denial);

    return p->is_open;
}


bool
caplat_trial_token(const caplat_trial *t, caplat_presented *p)
{
    caplat_claims  *claims;

    if (p->cached != NULL) {
        return caplat_claims_alive(p->cached->claims, t->now, t->denial);
    }

    if (!caplat_token_judge(&p->token, &t->policy->token, t->now, &claims,
                            t->denial))
    {
        return false;
    }

    p->cached = caplat_cache_add(t->auth->cache, p->digest,
                                 &t->policy->token, claims);

    return true;
}


void
caplat_trial_close(caplat_presented *p)
{
    if (p->is_open) {
        caplat_token_close(&p->token);
        p->is_open = false;
    }
}


bool
caplat_trial_bound(const caplat_trial *t, const caplat_claims *claims,
    const char thumbprint[static CAPLAT_THUMBPRINT_LEN])
{
    return caplat_ct_eq((const uint8_t *) claims->thumbprint,
                        (const uint8_t *) thumbprint, CAPLAT_THUMBPRINT_LEN)
           || caplat_deny(t->denial, CAPLAT_PROBLEM_KEY_MISMATCH,
                          "token-key");
}
