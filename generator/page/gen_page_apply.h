/*
 * The shells of the wizard with all their words and states, the order page,
 * the demo's cashier, the problems of the API, and the pages that tell of
 * errors.
 */

#ifndef GEN_PAGE_APPLY_H
#define GEN_PAGE_APPLY_H

#include "gen_page.h"


#define GEN_APPLY_COUNT  6              /* choose .. pay, and the order */

/* What the `pages` of a state may name. */
void gen_apply_names(caplat_slice names[static GEN_APPLY_COUNT]);

void gen_page_apply(const gen_book *book, gen_sink *sink, size_t at);

/* The demo's cashier, where site.txt wants one. */
void gen_page_cashier(const gen_book *book, gen_sink *sink);

void gen_page_problems(const gen_book *book, gen_sink *sink);
void gen_page_problem(const gen_book *book, gen_sink *sink,
    const gen_ui_problem *problem);

/* 404.html and 50x.html */
void gen_page_errors(const gen_book *book, gen_sink *sink);


#endif /* GEN_PAGE_APPLY_H */
