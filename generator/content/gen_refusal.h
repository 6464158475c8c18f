/*
 * The core's faults in an editor's words.
 */

#ifndef GEN_REFUSAL_H
#define GEN_REFUSAL_H

#include "caplat_err.h"


/* What is wrong, as half a sentence: "证书已经过期". */
caplat_slice gen_refusal_words(caplat_code code);

/* What to do about it, a whole sentence; empty where the words say it. */
caplat_slice gen_refusal_advice(caplat_code code);


#endif /* GEN_REFUSAL_H */
