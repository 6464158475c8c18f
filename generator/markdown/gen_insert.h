/*
 * Forms in braces, by which the catalogue speaks in the text.
 *
 *   {platform ID}                     the platform's name
 *   {platform ID link}                the same, as a link to its page
 *   {price ID}                        what the base (`base`), a class or a
 *                                     platform costs a year
 *   {price city=CODE add=ID,ID ...}   a total: keys as in caplat_price.h,
 *                                     parted by blanks. Absent, day is the
 *                                     build's, and months is 12 when until
 *                                     is absent too
 *
 * A form is { and small letters up to a blank or }. Everything else in braces
 * stays as it is.
 */

#ifndef GEN_INSERT_H
#define GEN_INSERT_H

#include "gen_writer.h"


/* Is the { at the start of text that of a form? */
bool gen_insert_starts(caplat_slice text);

/* Length of a form with its braces; 0 when it is not closed. */
size_t gen_insert_len(caplat_slice text);

/* Report a form that is not closed; other words in braces may be so. */
void gen_insert_unclosed(gen_writer *w, caplat_slice text, size_t at);

/*
 * Write what a form stands for to HTML and plain text, or report it.
 *
 * at    where it stands in the source
 * link  whether a link may stand there
 */
void gen_insert(gen_writer *w, caplat_slice form, size_t at, bool link);

/* An amount as forms write it: <span class="num">50 元</span>. */
void gen_insert_money(gen_writer *w, int64_t fen);


#endif /* GEN_INSERT_H */
