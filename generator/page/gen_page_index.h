/*
 * Pages that lead to other pages: search, changes, the site map.
 */

#ifndef GEN_PAGE_INDEX_H
#define GEN_PAGE_INDEX_H

#include "gen_page.h"


void gen_page_search(const gen_book *book, gen_sink *sink);
void gen_page_changes(const gen_book *book, gen_sink *sink);
void gen_page_sitemap(const gen_book *book, gen_sink *sink);


/* A change and the document that changed. */
typedef struct {
    const gen_change  *change;
    const gen_doc     *doc;
} gen_news;

/* All changes, newest first; at most `most`. In the sink's scratch. */
size_t gen_news_of(const gen_book *book, gen_sink *sink, size_t most,
    gen_news **news);


#endif /* GEN_PAGE_INDEX_H */
