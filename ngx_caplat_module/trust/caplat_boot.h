/*
 * Which boot of the machine this is: what was not synced is of no other.
 */

#ifndef CAPLAT_BOOT_H
#define CAPLAT_BOOT_H

#include "caplat_slice.h"


#define CAPLAT_BOOT_LEN  36             /* a UUID's text */

/* The kernel's boot id; false where it does not tell. */
bool caplat_boot_read(char boot[static CAPLAT_BOOT_LEN]);


#endif /* CAPLAT_BOOT_H */
