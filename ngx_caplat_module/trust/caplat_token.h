/*
 * Access tokens: RFC 9068 JWT in compact form, signed by the issuer, bound to
 * a key by cnf.jkt (RFC 7800, RFC 9449). The profile:
 *
 *   header  typ `at+jwt` or `application/at+jwt` in any case, alg, kid; no
 *           crit; other members are ignored and never used for keys
 *   claims  iss, aud (string or 1..8 strings), sub 1..128, client_id 1..64,
 *           iat, exp 1..2^53-1, nbf?, jti 8..128, scope?, roles (1..8
 *           strings, exactly one of which is `manager` or `individual`), cnf
 *           {"jkt"} and nothing else, org {id 18 of [0-9A-Z], name 1..100
 *           characters, city six digits}, certs 1..8 of {sn 1..64, no two
 *           alike, ca 1..32, lock 1..32, hw? 1..32, exp, hold? 1..64
 *           characters, plat 0..64 of [a-z0-9-]{1,32}}, name? 1..64
 *           characters, auth_time?, amr? (at most 8 strings), acr?, act?
 *           {"sub"}; others are ignored
 *   times   iat <= now+60, nbf <= now+60, now < exp+60, iat < exp,
 *           exp-iat <= 3600
 *   sizes   token 6144 bytes, header 512, depth 6
 */

#ifndef CAPLAT_TOKEN_H
#define CAPLAT_TOKEN_H

#include "caplat_json.h"
#include "caplat_key.h"
#include "caplat_jws.h"
#include "caplat_problem.h"
#include "caplat_scope.h"
#include "caplat_slice.h"


#define CAPLAT_TOKEN_LEN_MAX   6144
#define CAPLAT_CERTS_MAX       8
#define CAPLAT_CERT_HELD_MAX   64       /* platforms on one certificate */
#define CAPLAT_LEEWAY          60       /* seconds, of clocks */
#define CAPLAT_TOKEN_LIFE_MAX  3600     /* seconds */


typedef enum { CAPLAT_INDIVIDUAL, CAPLAT_MANAGER } caplat_role;


typedef struct {
    caplat_slice   serial;              /* sn */
    caplat_slice   ca;
    caplat_slice   lock;
    caplat_slice   vendor;              /* hw; empty when not given */
    caplat_slice   holder;              /* hold; empty when not given */
    int64_t        expires;             /* exp: valid before this second */
    caplat_slice   held;                /* plat, joined by `,` */
    size_t         held_count;
} caplat_cert;


/* What a valid token says. The slices point into the struct's own memory. */
typedef struct {
    caplat_slice   subject;             /* iss|sub is who it is */
    caplat_slice   client_id;
    caplat_slice   token_id;            /* jti */
    caplat_slice   name;                /* empty when not given */
    int64_t        issued;
    int64_t        expires;
    int64_t        not_before;          /* 0 when not given */
    unsigned       scopes;              /* of caplat_scope; absent: the three
                                           of users */
    caplat_role    role;
    char           thumbprint[CAPLAT_THUMBPRINT_LEN];
    caplat_slice   org_id;
    caplat_slice   org_name;
    uint32_t       city;
    caplat_cert    certs[CAPLAT_CERTS_MAX];
    size_t         cert_count;
    int64_t        key_until;           /* when the issuer's key ends that
                                           signed; 0: never */
    size_t         owners;              /* see caplat_claims_hold */
} caplat_claims;


/* Whom a token must be from and for. */
typedef struct {
    caplat_slice            issuer;
    caplat_slice            audience;
    const caplat_keyring   *keys;
} caplat_token_rules;


/*
 * Read and verify a token: step 3, 5 and 6 of the order of checks.
 *
 * claims  one block of memory with one owner, see caplat_claims_hold
 * denial  TOKEN_MALFORMED, TOKEN_INVALID, TOKEN_EXPIRED; INTERNAL_ERROR: no
 *         memory
 */
bool caplat_token_verify(caplat_slice token, const caplat_token_rules *rules,
    int64_t now, caplat_claims **claims, caplat_denial *denial);

/*
 * One more owner, in the same thread; the last one's caplat_claims_close frees
 * the block. A request that waits for its body holds its claims this way.
 */
caplat_claims *caplat_claims_hold(const caplat_claims *claims);
void caplat_claims_close(caplat_claims *claims);    /* NULL too */

/*
 * The same in two steps: its form, and which key it names (3); its signature
 * and what it says (5 and 6), which cost more.
 */
typedef struct {
    caplat_jws          jws;
    const caplat_jwk   *signer;         /* of the rules' keys */
} caplat_token;

/* token is not to be closed on false. */
bool caplat_token_open(caplat_slice text, const caplat_token_rules *rules,
    int64_t now, caplat_token *token, caplat_denial *denial);
bool caplat_token_judge(const caplat_token *token,
    const caplat_token_rules *rules, int64_t now, caplat_claims **claims,
    caplat_denial *denial);
void caplat_token_close(caplat_token *token);

/*
 * What a payload says: all of step 6 but its clock.
 *
 * len     bytes of the JSON that payload was read from
 * reason  on false, a static word for the log; NULL: there is no memory
 */
bool caplat_claims_read(const caplat_json *payload, size_t len,
    const caplat_token_rules *rules, caplat_claims **claims,
    const char **reason);

/*
 * The part of the rules that the clock decides, for a token seen before.
 *
 * denial  TOKEN_INVALID: not yet valid, or its key is no more; TOKEN_EXPIRED
 */
bool caplat_claims_alive(const caplat_claims *claims, int64_t now,
    caplat_denial *denial);

/* The certificate of a serial number; NULL when the token has none such. */
const caplat_cert *caplat_claims_cert(const caplat_claims *claims,
    caplat_slice serial);


#endif /* CAPLAT_TOKEN_H */
