/*
 * The catalogue's tariff as the rate card's canonical bytes (the grammar is
 * told in caplat_tariff.h).
 */

#ifndef GEN_RATES_H
#define GEN_RATES_H

#include "gen_xml.h"


/* Append the card of a valid <catalogue> to out. */
void gen_rates_write(const xmlNode *catalogue, gen_buf *out);


#endif /* GEN_RATES_H */
