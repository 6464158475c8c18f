/*
 * Headings: their level in the page, and the address that {#id} at the end of
 * the line gives them.
 */

#ifndef GEN_HEADING_H
#define GEN_HEADING_H

#include "gen_writer.h"

#include <cmark.h>


typedef struct {
    unsigned       level;               /* as it is written: 1..6 */
    caplat_slice   id;                  /* in the source; empty: none */
    caplat_slice   suffix;              /* {#id}, in the source */
    gen_span       span;                /* the line */
} gen_heading;


/* Reports an id that is none; the heading then has none. */
gen_heading gen_heading_read(gen_writer *w, cmark_node *node);

/* Its words as plain text in the run's arena; nothing is written. */
caplat_slice gen_heading_title(gen_writer *w, cmark_node *node,
    const gen_heading *heading);

/* Write a heading within a step, and note its anchor. */
void gen_heading_write(gen_writer *w, cmark_node *node);


#endif /* GEN_HEADING_H */
