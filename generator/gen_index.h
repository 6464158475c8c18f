/*
 * What gen_search.c gathers and gen_shards.c merges; private to both.
 */

#ifndef GEN_INDEX_H
#define GEN_INDEX_H

#include "gen_keys.h"
#include "gen_search.h"


struct gen_search {
    gen_pool      pool;                 /* its arena holds this struct too */
    gen_keys      keys;
    uint32_t      document;
    bool          begun;                /* is there a document? */
    bool          in_text;              /* no titles any more */
};


#endif /* GEN_INDEX_H */
