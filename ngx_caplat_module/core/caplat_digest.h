/*
 * Content-Digest (RFC 9530): a Dictionary of digests by algorithm.
 */

#ifndef CAPLAT_DIGEST_H
#define CAPLAT_DIGEST_H

#include "caplat_problem.h"
#include "caplat_slice.h"


typedef struct {
    bool      has_sha256;
    bool      has_sha512;
    uint8_t   sha256[32];
    uint8_t   sha512[64];
} caplat_digests;


/*
 * Read the value of Content-Digest, its lines joined by `, `.
 *
 * digests  at least one of them; untouched on false
 * denial   DIGEST_UNSUPPORTED: none of ours; DIGEST_INVALID: not a Dictionary
 *          (caplat_sfv.h) of byte sequences without parameters, whatever the
 *          algorithm; a member twice; another length
 */
bool caplat_digests_read(caplat_slice value, caplat_digests *digests,
    caplat_denial *denial);

/* The same of one digest, as proofs claim it: `sha-256=:<44 base64>:`. */
bool caplat_digest_sha256_read(caplat_slice text, uint8_t out[static 32]);


#endif /* CAPLAT_DIGEST_H */
