/*
 * What CommonMark knows and our pages may not have.
 */

#ifndef GEN_REFUSE_H
#define GEN_REFUSE_H

#include "gen_writer.h"


/* HTML is reported, unless it is comments: those are left out. */
void gen_refuse_html(gen_writer *w, caplat_slice html);

void gen_refuse_image(gen_writer *w);


#endif /* GEN_REFUSE_H */
