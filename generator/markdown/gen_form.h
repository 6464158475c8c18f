/*
 * The text of prose becomes HTML: what is special is escaped, and the short
 * forms that editors write are filled in: those in braces (gen_insert.h), and
 * 【CA 管理】, which becomes <span class="ui">CA 管理</span>. Names and amounts
 * that it meets are handed to the clause (gen_clause.h).
 */

#ifndef GEN_FORM_H
#define GEN_FORM_H

#include "gen_writer.h"


typedef enum {
    GEN_FORM_PROSE,
    GEN_FORM_WORDS,                     /* in a summary: no links */
    GEN_FORM_DRAWN                      /* in a figure: 【】 stay, no links */
} gen_form_place;


/*
 * Append text to the writer's HTML and plain text (in which 【】 stay).
 *
 * at  where text begins in the source
 */
void gen_form_text(gen_writer *w, caplat_slice text, size_t at,
    gen_form_place place);

/* The plain text of a value of the front matter, in the run's arena. */
caplat_slice gen_form_plain(gen_writer *w, caplat_slice text, size_t at);


#endif /* GEN_FORM_H */
