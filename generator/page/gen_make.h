/*
 * Making: every file of the site, by several threads.
 */

#ifndef GEN_MAKE_H
#define GEN_MAKE_H

#include "gen_book.h"
#include "gen_load.h"
#include "gen_theme.h"


/*
 * Write the whole site. The book's templates are compiled. What only pages
 * need is given back when they are made: the guides' HTML, and the searches.
 *
 * statics   a folder whose files are published as they are
 *
 * False when something could not be written; gen_out_explain() says what.
 */
bool gen_make(gen_content *content, const gen_book *book,
    const gen_theme *theme, const char *statics, gen_out *out);


#endif /* GEN_MAKE_H */
