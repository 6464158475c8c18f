/*
 * The pages of guides: the list of all, a guide's front page, its steps, and
 * the whole of it for printing.
 */

#ifndef GEN_PAGE_GUIDE_H
#define GEN_PAGE_GUIDE_H

#include "gen_page.h"


void gen_page_guides(const gen_book *book, gen_sink *sink);

/* All pages of one guide. */
void gen_page_guide(const gen_book *book, gen_sink *sink,
    const gen_doc *guide);

/* "/guide/x/choose/", in the sink's scratch. */
caplat_slice gen_step_url(gen_sink *sink, const gen_doc *guide,
    const gen_step *step);


#endif /* GEN_PAGE_GUIDE_H */
