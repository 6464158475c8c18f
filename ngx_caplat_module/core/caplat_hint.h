/*
 * What an answer shows of an e-mail: enough for its owner to know it again.
 *
 *   anna@example.cn  a***@e***.cn
 */

#ifndef CAPLAT_HINT_H
#define CAPLAT_HINT_H

#include "caplat_write.h"


#define CAPLAT_HINT_LEN_MAX  80         /* bytes */

/* Of an address that caplat_entry_email takes; nothing of any other. */
void caplat_hint_email(caplat_slice email, caplat_writer *w);


#endif /* CAPLAT_HINT_H */
