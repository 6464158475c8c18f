/*
 * content/catalogue.xml becomes platforms, names of the tariff, and the rate
 * card's canonical bytes, which the core reads back.
 */

#ifndef GEN_CATALOGUE_H
#define GEN_CATALOGUE_H

#include "gen_model.h"


/*
 * Read CONTENT/catalogue.xml, validate it against CONTENT/schema/catalogue.rng
 * (RELAX NG), and write its rate card.
 *
 * keep    what the catalogue's slices borrow from
 *
 * False when anything was reported; the catalogue is then not to be used.
 */
bool gen_catalogue_read(caplat_slice content, gen_arena *keep,
    gen_diags *diags, gen_catalogue *catalogue);


#endif /* GEN_CATALOGUE_H */
