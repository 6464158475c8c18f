/*
 * Numbers as editors write them in prose: 1,000 and 12.50, in digits of half
 * or full width.
 */

#ifndef GEN_NUMBER_H
#define GEN_NUMBER_H

#include "gen_mem.h"


#define GEN_NUMBER_LEN_MAX  48          /* bytes: a longer one is none */


/* Without the blanks at its end: ASCII's, U+00A0 and U+3000. */
caplat_slice gen_number_unspaced(caplat_slice text);

/* The number with which text ends; empty when it ends otherwise. */
caplat_slice gen_number_before(caplat_slice text);

/* The number with which text begins; empty when it begins otherwise. */
caplat_slice gen_number_after(caplat_slice text);

/* The same number in ASCII, in `ascii`. */
caplat_slice gen_number_fold(caplat_slice number,
    char ascii[static GEN_NUMBER_LEN_MAX]);


#endif /* GEN_NUMBER_H */
