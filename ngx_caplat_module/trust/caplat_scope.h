/*
 * Scopes (RFC 6749, 3.3): what a token lets its bearer do, or a partner's key.
 */

#ifndef CAPLAT_SCOPE_H
#define CAPLAT_SCOPE_H

#include "caplat_slice.h"


typedef enum { CAPLAT_SCOPE_QUOTE = 1, CAPLAT_SCOPE_ORDER = 2,
    CAPLAT_SCOPE_READ = 4, CAPLAT_SCOPE_ADMIN = 8 } caplat_scope;

/* What one may who says nothing of scopes; and all that there are. */
#define CAPLAT_SCOPES_USER                                                    \
    ((unsigned) (CAPLAT_SCOPE_QUOTE | CAPLAT_SCOPE_ORDER | CAPLAT_SCOPE_READ))
#define CAPLAT_SCOPES_ALL  (CAPLAT_SCOPES_USER | (unsigned) CAPLAT_SCOPE_ADMIN)

#define CAPLAT_SCOPE_LEN_MAX  512       /* bytes of a list */


/*
 * Read a list: words parted by one space, `ca:quote ca:order ca:read
 * ca:admin`.
 *
 * foreign  whether there are others, which mean nothing to us
 */
bool caplat_scopes_read(caplat_slice text, unsigned *scopes, bool *foreign);


#endif /* CAPLAT_SCOPE_H */
