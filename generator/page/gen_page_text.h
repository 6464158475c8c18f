/*
 * Pages that are mostly text: home, notices, questions, plain pages, and the
 * lists that lead to all others.
 */

#ifndef GEN_PAGE_TEXT_H
#define GEN_PAGE_TEXT_H

#include "gen_page.h"


void gen_page_home(const gen_book *book, gen_sink *sink, const gen_doc *doc);
void gen_page_notices(const gen_book *book, gen_sink *sink);
void gen_page_notice(const gen_book *book, gen_sink *sink,
    const gen_doc *doc);
void gen_page_faq(const gen_book *book, gen_sink *sink);
void gen_page_plain(const gen_book *book, gen_sink *sink,
    const gen_doc *doc);


/* A notice is kept after its last day, apart from the others. */
bool gen_notice_past(const gen_book *book, const gen_doc *notice);

/* Whether a page's file makes a page by itself: home.md, price.md and
   apply-notice.md are parts of pages that the generator makes. */
bool gen_page_is_plain(const gen_doc *doc);

/* The page of that file name; NULL when there is none. */
const gen_doc *gen_page_named(const gen_book *book, const char *name);


#endif /* GEN_PAGE_TEXT_H */
