/*
 * What can only be seen when all is read: links that lead nowhere, from
 * documents, templates and the interface, and states of the wizard that no
 * page has.
 */

#ifndef GEN_CHECK_H
#define GEN_CHECK_H

#include "gen_book.h"
#include "gen_theme.h"


/*
 * Report links to pages and anchors that the site will not have, questions of
 * the FAQ with the same address, and unknown pages of states.
 *
 * theme   its templates are compiled
 */
void gen_check_links(const gen_book *book, const gen_theme *theme,
    gen_diags *diags);


#endif /* GEN_CHECK_H */
