/*
 * Data of real people and companies, which must not be published by mistake:
 *
 *   mobile numbers        1[3-9] and nine digits, also as 3-4-4 and behind 86
 *   resident identities   GB 11643: 17 digits and a check character
 *   company codes         GB 32100: 18 characters, the last one a check
 *
 * Numbers that are masked with *, and the dummy 024-0000 0000, are none.
 */

#ifndef GEN_PRIVATE_H
#define GEN_PRIVATE_H

#include "gen_diag.h"


/* Report all of it in a source, code and comments included. */
void gen_private_report(gen_diags *diags, const gen_source *source);


#endif /* GEN_PRIVATE_H */
