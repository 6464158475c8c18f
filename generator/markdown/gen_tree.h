/*
 * What cmark's nodes hold, as slices. They borrow from the node.
 */

#ifndef GEN_TREE_H
#define GEN_TREE_H

#include "caplat_slice.h"

#include <cmark.h>


/* C11, 7.24.5.1: memchr looks no further than the byte that it finds. */
static inline caplat_slice
gen_tree_words(const char *words)
{
    const char  *end;

    if (words == NULL) {
        return caplat_slice_of("", 0);
    }

    end = memchr(words, '\0', PTRDIFF_MAX);

    return caplat_slice_of(words, (size_t) (end - words));
}


static inline caplat_slice
gen_tree_literal(cmark_node *node)
{
    return gen_tree_words(cmark_node_get_literal(node));
}


static inline caplat_slice
gen_tree_info(cmark_node *node)
{
    return gen_tree_words(cmark_node_get_fence_info(node));
}


static inline caplat_slice
gen_tree_url(cmark_node *node)
{
    return gen_tree_words(cmark_node_get_url(node));
}


#endif /* GEN_TREE_H */
