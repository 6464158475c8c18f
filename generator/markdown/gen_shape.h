/*
 * The shape of a document: groups and steps as its headings part it, and what
 * becomes of them when the last line is written.
 */

#ifndef GEN_SHAPE_H
#define GEN_SHAPE_H

#include "gen_writer.h"

#include <cmark.h>


/* Write the body. */
void gen_shape_write(gen_writer *w, cmark_node *document);

/* Fill links in, and hand all that lasts over to doc. */
void gen_shape_finish(gen_writer *w, gen_doc *doc);


#endif /* GEN_SHAPE_H */
