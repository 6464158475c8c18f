/*
 * Tokens that have been verified, by the SHA-256 of their bytes and by the
 * rules that they were verified by: a token that is good for one place is not
 * for another, but for one of the same issuer, audience and keys. A fixed
 * number of them; the least recently used leaves.
 *
 * An entry also keeps the key that has proved to be the token's, since a
 * browser signs all its requests with one.
 */

#ifndef CAPLAT_CACHE_H
#define CAPLAT_CACHE_H

#include "caplat_key.h"
#include "caplat_token.h"


typedef struct caplat_cache  caplat_cache;

typedef struct {
    const caplat_claims       *claims;
    const caplat_public_key   *key;     /* NULL: not seen yet */
} caplat_cached;


/* room  entries, from 1; NULL when there is no memory */
caplat_cache *caplat_cache_open(size_t room);
void caplat_cache_close(caplat_cache *cache);       /* NULL too */

/*
 * NULL when it is not there. What is found is valid until the next
 * caplat_cache_add.
 */
caplat_cached *caplat_cache_find(caplat_cache *cache,
    const uint8_t digest[static 32], const caplat_token_rules *rules);

/* Add a token that is not there; takes the claims. The rules outlive the
   cache. */
caplat_cached *caplat_cache_add(caplat_cache *cache,
    const uint8_t digest[static 32], const caplat_token_rules *rules,
    caplat_claims *claims);

/* Keep the key of an entry that has none; takes it. */
void caplat_cache_keep_key(caplat_cached *cached,
    const caplat_public_key *key);

size_t caplat_cache_count(const caplat_cache *cache);


#endif /* CAPLAT_CACHE_H */
