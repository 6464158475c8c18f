/*
 * What gen_search.c gathers and gen_shards.c merges; private to both.
 *
 * In its lists a search numbers its documents 1, 2, 3 and so on as they come:
 * differences then nearly always fit into a byte.
 */

#ifndef GEN_INDEX_H
#define GEN_INDEX_H

#include "gen_keys.h"
#include "gen_search.h"


struct gen_search {
    gen_pool      pool;                 /* its arena holds this struct too */
    gen_keys      keys;
    gen_buf       documents;            /* the callers' numbers, of uint32_t */
    uint32_t      document;             /* how many of them; the last one */
    bool          in_text;              /* no titles any more */
};


/* The caller's number of a document, which counts from 1. */
static inline uint32_t
gen_search_number(const gen_search *search, uint32_t document)
{
    return ((const uint32_t *) (const void *) search->documents.data)
               [document - 1];
}


#endif /* GEN_INDEX_H */
