/*
 * cmark's tree becomes HTML, and plain text for the search.
 */

#ifndef GEN_PROSE_H
#define GEN_PROSE_H

#include "gen_writer.h"

#include <cmark.h>


/* A node and all that is in it. */
void gen_prose_node(gen_writer *w, cmark_node *node);

/* What is in a paragraph or a heading. */
void gen_prose_inlines(gen_writer *w, cmark_node *node);

/*
 * The Markdown of a part of the document: all lines from `line` of the body
 * on, without what stands before them there.
 */
void gen_prose_part(gen_writer *w, caplat_slice text, size_t line);

/* A few words of Markdown within one line, such as a cell; ends the clause. */
void gen_prose_phrase(gen_writer *w, caplat_slice text, size_t at);


#endif /* GEN_PROSE_H */
