/*
 * "Did you mean ...?": the name that someone may have meant.
 */

#ifndef GEN_NEAR_H
#define GEN_NEAR_H

#include "caplat_slice.h"


/*
 * The nearest of `names`, counted in characters put in, left out, replaced or
 * swapped with their neighbour. At most two such edits count as near, or a
 * third of the word where it is long, or one where it has three characters or
 * less. Empty when no name is near; the first one when several are alike.
 */
caplat_slice gen_near(caplat_slice word, const caplat_slice *names,
    size_t count);


#endif /* GEN_NEAR_H */
