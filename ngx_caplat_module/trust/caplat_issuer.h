/*
 * Makes access tokens, the very same that an outside identity site makes
 * (caplat_token.h): for the built-in sign-in and the operator's CLI.
 */

#ifndef CAPLAT_ISSUER_H
#define CAPLAT_ISSUER_H

#include "caplat_registry.h"
#include "caplat_token.h"


#define CAPLAT_TOKEN_LIFE  900          /* seconds, unless told */


typedef struct {
    const caplat_private_key   *key;
    caplat_slice                kid;    /* the key's thumbprint, usually */
    caplat_slice                issuer;
    caplat_slice                audience;
    caplat_slice                client_id;
    int64_t                     life;   /* seconds, 1..3600 */
} caplat_issuer;


/*
 * A token for a holder, bound to a key.
 *
 * thumbprint  of the key that will sign requests
 * amr         how the holder signed in (RFC 8176): "demo", "hwk"
 * token       a writer with room for CAPLAT_TOKEN_LEN_MAX; false when that
 *             does not suffice or signing fails
 */
bool caplat_issuer_token(const caplat_issuer *issuer,
    const caplat_holder *holder,
    const char thumbprint[static CAPLAT_THUMBPRINT_LEN], const char *amr,
    int64_t now, caplat_writer *token);

#endif /* CAPLAT_ISSUER_H */
