/*
 * Who calls: a token and its proof, or a partner's signature, judged in the
 * order cheap before dear, with no state before a valid signature.
 *
 *   Authorization: DPoP <token>, DPoP: <proof>              browsers, RFC 9449
 *   Authorization: Bearer <token>, Signature*               servers, RFC 9421
 *   Signature* alone                                        servers, where a
 *                                                           route needs no
 *                                                           token
 *
 * Both proofs end in one rule: the RFC 7638 thumbprint of the key that signed
 * is the token's cnf.jkt.
 */

#ifndef CAPLAT_AUTH_H
#define CAPLAT_AUTH_H

#include "caplat_message.h"
#include "caplat_problem.h"
#include "caplat_proof.h"
#include "caplat_token.h"
#include "caplat_zone.h"


/* What the operator has configured; const while the server runs. */
typedef struct {
    caplat_token_rules      token;
    const caplat_keyring   *partners;   /* NULL: no signed servers */
    caplat_slice            tag;        /* of RFC 9421 signatures */
} caplat_policy;


/* What a caller has proved. */
typedef enum { CAPLAT_BY_DPOP, CAPLAT_BY_SIGNATURE } caplat_way;

typedef struct {
    caplat_way             way;
    const caplat_claims   *claims;      /* NULL: a signature without a token.
                                           The cache's: who needs them beyond
                                           the next call of
                                           caplat_auth_request holds them */
    caplat_slice           client_id;   /* the token's, or the key's; empty
                                           after caplat_auth_key */
    unsigned               scopes;      /* the token's that the partner's key
                                           has too; of a key alone its own,
                                           the user's unless it says others */
    char                   thumbprint[CAPLAT_THUMBPRINT_LEN];
    const caplat_jwk      *partner;     /* whose signature it is, of the
                                           policy's; NULL: a proof */

    /* The digest that the proof claims, for caplat_auth_content. */
    bool                   has_digest;
    uint8_t                digest[32];
} caplat_identity;


/* A worker's own: its cache of verified tokens. Not for two threads. */
typedef struct caplat_auth  caplat_auth;

/*
 * zone    where used proofs are remembered; outlives auth
 * tokens  how many verified tokens are kept, from 1; the least recently used
 *         leave
 *
 * NULL when there is no memory.
 */
caplat_auth *caplat_auth_open(caplat_zone *zone, size_t tokens);
void caplat_auth_close(caplat_auth *auth);          /* NULL too */

/*
 * Steps 2 to 9 of the order of checks: all that can be said without the body.
 *
 * policy        the cache keeps its address: it outlives auth, unchanged
 * message       method, target and origin not empty
 * token_needed  false: a signature alone will do
 * who           untouched on false
 * denial        every 401, RATE_LIMITED, REPLAY_CACHE_FULL, and INTERNAL_ERROR:
 *               no memory
 */
bool caplat_auth_request(caplat_auth *auth, const caplat_policy *policy,
    const caplat_message *message, bool token_needed, int64_t now,
    caplat_identity *who, caplat_denial *denial);

/*
 * Step 11: the body against the digest of the proof and of Content-Digest.
 * With a proof, Content-Digest may be absent; where it is there it must hold.
 *
 * denial  DIGEST_UNSUPPORTED, DIGEST_INVALID, DIGEST_MISMATCHED
 */
bool caplat_auth_content(const caplat_identity *who,
    const caplat_message *message, caplat_slice body, caplat_denial *denial);

/*
 * A proof without a token, and so without `ath`, for who asks for a token: the
 * thumbprint of the key that made it.
 */
bool caplat_auth_key(caplat_auth *auth, const caplat_message *message,
    int64_t now, caplat_identity *who, caplat_denial *denial);

/* Cached tokens: how many there are, and how often one was (not) there. */
typedef struct {
    size_t     count;
    size_t     room;
    uint64_t   hits;
    uint64_t   misses;
} caplat_auth_fill;

caplat_auth_fill caplat_auth_tokens(const caplat_auth *auth);


#endif /* CAPLAT_AUTH_H */
