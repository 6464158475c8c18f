/*
 * A request while it is judged: what caplat_auth.c and the two ways to prove
 * oneself share. Nothing here is for others.
 */

#ifndef CAPLAT_TRIAL_H
#define CAPLAT_TRIAL_H

#include "caplat_auth.h"
#include "caplat_cache.h"
#include "caplat_hash.h"
#include "caplat_httpsig.h"


struct caplat_auth {
    caplat_zone   *zone;
    caplat_cache  *cache;
    size_t         room;                /* of the cache */
    uint64_t       hits;
    uint64_t       misses;
    char           base[CAPLAT_HTTPSIG_BASE_LEN_MAX];
};


typedef struct {
    caplat_auth            *auth;
    const caplat_policy    *policy;     /* NULL in caplat_auth_key */
    const caplat_message   *message;
    int64_t                 now;
    caplat_denial          *denial;
} caplat_trial;


/* A token of a request: remembered, or read and not yet judged. */
typedef struct {
    uint8_t         digest[CAPLAT_SHA256_LEN];
    caplat_cached  *cached;             /* NULL: not judged yet */
    bool            is_open;            /* token is, and must be closed */
    caplat_token    token;
} caplat_presented;


/* Step 3: is it known, or at least well formed? */
bool caplat_trial_present(const caplat_trial *t, caplat_slice text,
    caplat_presented *p);

/* Steps 5 and 6; the clock is asked each time. Then p has `cached`. */
bool caplat_trial_token(const caplat_trial *t, caplat_presented *p);

void caplat_trial_close(caplat_presented *p);

/* Step 7: the key that signs is the one that the token was made for. */
bool caplat_trial_bound(const caplat_trial *t, const caplat_claims *claims,
    const char thumbprint[static CAPLAT_THUMBPRINT_LEN]);


/*
 * A DPoP proof, with its token: steps 3 to 9. Without one (caplat_auth_key):
 * 4, 8 and 9.
 *
 * token  NULL: without
 */
bool caplat_trial_by_proof(const caplat_trial *t, const caplat_slice *token,
    caplat_identity *who);

/* A message signature, with a token or without: steps 3 to 9. */
bool caplat_trial_by_signature(const caplat_trial *t,
    const caplat_slice *token, caplat_identity *who);


#endif /* CAPLAT_TRIAL_H */
