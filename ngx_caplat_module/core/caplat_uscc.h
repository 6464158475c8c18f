/*
 * The unified social credit code of an enterprise (GB 32100-2015): 18
 * characters, the last of them a check character.
 */

#ifndef CAPLAT_USCC_H
#define CAPLAT_USCC_H

#include "caplat_slice.h"


#define CAPLAT_USCC_LEN  18


/* Two of the 31 characters, six digits, ten of the 31 characters. */
bool caplat_uscc_well_formed(caplat_slice code);

/* The check character that a well-formed code should have. */
char caplat_uscc_check(caplat_slice code);

/*
 * Whether 15 or 18 bytes form a resident identity number (GB 11643-1999): a
 * birth date, 1800 to 2099, and of 18 the check character by ISO 7064 MOD
 * 11-2, `x` too. Of 15 digits that are something else, such as an account or
 * an old tax number, one in 27 looks like one: month and day are all there is
 * to tell them by.
 */
bool caplat_resident_id_like(caplat_slice text);


#endif /* CAPLAT_USCC_H */
