#include "caplat_cache.h"
#include "caplat_hash.h"

#include <stdlib.h>


typedef struct entry  entry;

/* In a ring by use, and in the chain of those whose digests begin alike. */
struct entry {
    caplat_cached              seen;    /* first: what others hold of it */
    caplat_claims             *claims;
    caplat_public_key          key;
    const caplat_token_rules  *rules;
    uint8_t                    digest[CAPLAT_SHA256_LEN];
    entry                     *chain;
    entry                     *newer;
    entry                     *older;
};


struct caplat_cache {
    size_t    room;
    size_t    count;
    entry     ring;                     /* older: the newest; newer: the
                                           oldest */
    entry    *entries;                  /* room of them */
    entry   **chains;                   /* room of them */
};


caplat_cache *
caplat_cache_open(size_t room)
{
    caplat_assert(room != 0);

    caplat_cache  *cache = calloc(1, sizeof(caplat_cache));

    if (cache == NULL) {
        return NULL;
    }

    cache->room = room;
    cache->ring.newer = &cache->ring;
    cache->ring.older = &cache->ring;
    cache->entries = calloc(room, sizeof(entry));
    cache->chains = calloc(room, sizeof(entry *));

    if (cache->entries == NULL || cache->chains == NULL) {
        caplat_cache_close(cache);
        return NULL;
    }

    return cache;
}


static void
empty(entry *e)
{
    caplat_claims_close(e->claims);
    caplat_public_key_close(&e->key);
}


void
caplat_cache_close(caplat_cache *cache)
{
    if (cache == NULL) {
        return;
    }

    for (size_t i = 0; i < cache->count; i++) {
        empty(&cache->entries[i]);
    }

    free(cache->chains);
    free(cache->entries);
    free(cache);
}


/* A digest is as good as random: some bytes of it are. */
static entry **
chain_of(caplat_cache *cache, const uint8_t digest[static 32])
{
    uint64_t  number;

    memcpy(&number, digest, sizeof(number));

    return &cache->chains[number % cache->room];
}


static void
leave_ring(entry *e)
{
    e->newer->older = e->older;
    e->older->newer = e->newer;
}


static void
enter_ring(caplat_cache *cache, entry *e)
{
    e->newer = &cache->ring;
    e->older = cache->ring.older;
    e->older->newer = e;
    cache->ring.older = e;
}


static bool
are_same(const caplat_token_rules *a, const caplat_token_rules *b)
{
    return a == b
           || (a->keys == b->keys
               && caplat_slice_eq(a->issuer, b->issuer)
               && caplat_slice_eq(a->audience, b->audience));
}


caplat_cached *
caplat_cache_find(caplat_cache *cache, const uint8_t digest[static 32],
    const caplat_token_rules *rules)
{
    for (entry *e = *chain_of(cache, digest); e != NULL; e = e->chain) {
        if (caplat_ct_eq(e->digest, digest, sizeof(e->digest))
            && are_same(e->rules, rules))
        {
            leave_ring(e);
            enter_ring(cache, e);

            return &e->seen;
        }
    }

    return NULL;
}


static entry *
take_oldest(caplat_cache *cache)
{
    entry   *e = cache->ring.newer;
    entry  **link = chain_of(cache, e->digest);

    while (*link != e) {
        link = &(*link)->chain;
    }

    *link = e->chain;
    leave_ring(e);
    empty(e);

    return e;
}


caplat_cached *
caplat_cache_add(caplat_cache *cache, const uint8_t digest[static 32],
    const caplat_token_rules *rules, caplat_claims *claims)
{
    entry  **chain = chain_of(cache, digest);
    entry   *e = cache->count < cache->room
                 ? &cache->entries[cache->count++] : take_oldest(cache);

    *e = (entry) {
        .seen = { claims, NULL },
        .claims = claims,
        .rules = rules,
        .chain = *chain,
    };
    memcpy(e->digest, digest, sizeof(e->digest));
    *chain = e;
    enter_ring(cache, e);

    return &e->seen;
}


void
caplat_cache_keep_key(caplat_cached *cached,
    const caplat_public_key *key)
{
    entry  *e = (entry *) cached;

    caplat_assert(cached->key == NULL);
    e->key = *key;
    e->seen.key = &e->key;
}


size_t
caplat_cache_count(const caplat_cache *cache)
{
    return cache->count;
}
