/*
 * What can only be seen when all documents are read: links that lead nowhere.
 */

#ifndef GEN_CHECK_H
#define GEN_CHECK_H

#include "gen_book.h"


/*
 * Report links to pages and anchors that the site will not have, and
 * questions of the FAQ with the same address.
 */
void gen_check_links(const gen_book *book, gen_diags *diags);


#endif /* GEN_CHECK_H */
