/*
 * Prices that documents ask for: by forms in the text, and by the examples of
 * price blocks.
 */

#ifndef GEN_QUOTE_H
#define GEN_QUOTE_H

#include "gen_writer.h"


/*
 * Ask the core.
 *
 * A platform that cannot be added today is priced as if it were open.
 *
 * question  as in caplat_price.h. Absent, day is the build's, and months is
 *           12 when until is absent too.
 * where     the part of the source that asks: faults are reported there, an
 *           unknown platform at its id
 *
 * Returns false when a problem was reported.
 */
bool gen_quote_total(const gen_writer *w, caplat_slice question,
    gen_span where, int64_t *total_fen);

/*
 * The platform of an id.
 *
 * Reports an unknown one and returns false.
 */
bool gen_quote_platform(const gen_writer *w, caplat_slice id, size_t at,
    size_t *platform_at);


/* The same for a city: a region of the catalogue, by its code. */
bool gen_quote_city(const gen_writer *w, caplat_slice code, size_t at);


#endif /* GEN_QUOTE_H */
