/*
 * Links. Those to other pages are noted for who knows all pages; those to
 * #id are filled in when the document is whole.
 */

#ifndef GEN_LINK_H
#define GEN_LINK_H

#include "gen_writer.h"


/* Before and after the words of a link. */
void gen_link_open(gen_writer *w, caplat_slice url, caplat_slice title);
void gen_link_close(gen_writer *w, caplat_slice url);

/*
 * Copy HTML from..to to out, the step's holes filled.
 *
 * hole     the first hole that may be in it; moves behind the last one that is
 * anchors  all of the document, ordered by id
 */
void gen_link_fill(const gen_writer *w, size_t from, size_t to, size_t *hole,
    const gen_anchor *anchors, gen_buf *out);

/* Order anchors by id, then by place. */
void gen_link_sort(gen_anchor *anchors, size_t count);


#endif /* GEN_LINK_H */
