/*
 * What no schema can say of a catalogue.
 */

#ifndef GEN_CATALOGUE_CHECK_H
#define GEN_CATALOGUE_CHECK_H

#include "gen_xml.h"


/*
 * Report a name or alias that two platforms or classes have
 * (CATALOGUE_TWICE), and a form in the words of a price that would be shown
 * as it is (CATALOGUE_FORM). False when there is one.
 */
bool gen_catalogue_check(const xmlNode *catalogue, const gen_source *source,
    gen_diags *diags);


#endif /* GEN_CATALOGUE_CHECK_H */
