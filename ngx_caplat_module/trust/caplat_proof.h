/*
 * DPoP proofs (RFC 9449, 4): a JWT that a caller signs for one request with
 * the key that it holds. The profile:
 *
 *   header  typ `dpop+jwt`, alg, jwk (a public key, which alg fits); no crit;
 *           other members are ignored
 *   claims  jti 8..128 of printable ASCII; htm, the method; htu, the origin
 *           and the path; iat; ath, SHA-256 of the token, exactly where there
 *           is one; nonce?; content-digest, `sha-256=:...:`, needed where the
 *           request has content; others are ignored
 *   htu     without its query and fragment; scheme and host in any case, with
 *           the default port or not; the path is compared byte by byte with
 *           what was sent, an empty one being `/`
 *   times   now-300 <= iat <= now+60, or a nonce of ours
 *   sizes   proof 2048 bytes
 */

#ifndef CAPLAT_PROOF_H
#define CAPLAT_PROOF_H

#include "caplat_json.h"
#include "caplat_jws.h"
#include "caplat_message.h"
#include "caplat_problem.h"


#define CAPLAT_PROOF_LEN_MAX   2048
#define CAPLAT_WINDOW_PAST     300      /* seconds that a proof lives */
#define CAPLAT_WINDOW_FUTURE   60


/* Slices borrow from claims. About 5 KB. */
typedef struct {
    caplat_jws    jws;
    caplat_json  *claims;
    caplat_point  point;                /* of the jwk: perhaps no point */
    caplat_slice  id;                   /* jti */
    caplat_slice  method;               /* htm */
    caplat_slice  address;              /* htu, as it was written */
    int64_t       made;                 /* iat */
    bool          has_token;
    uint8_t       token[32];            /* ath */
    caplat_slice  nonce;                /* empty when not given */
    bool          has_digest;
    uint8_t       digest[32];           /* of the content */
} caplat_proof;


/*
 * Read a proof: its form and its types, nothing of what they say. Its
 * signature has not been looked at.
 *
 * proof   not to be closed on false
 * denial  PROOF_INVALID
 */
bool caplat_proof_read(caplat_slice text, caplat_proof *proof,
    caplat_denial *denial);
void caplat_proof_close(caplat_proof *proof);

/*
 * Whether it was made for a request and a token; when, is asked below.
 *
 * token   SHA-256 of the token; NULL where there is none
 * denial  PROOF_INVALID
 */
bool caplat_proof_fits(const caplat_proof *proof,
    const caplat_message *message, const uint8_t *token,
    caplat_denial *denial);

/* Whether a moment lies in the window around now. */
bool caplat_proof_recent(int64_t made, int64_t now);

/* Whether htu names the origin and path that a request was sent to. */
bool caplat_proof_address_fits(caplat_slice address,
    const caplat_message *message);


#endif /* CAPLAT_PROOF_H */
