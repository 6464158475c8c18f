/*
 * Files of the content and the theme as sources, whose problems have a place.
 */

#ifndef GEN_SOURCE_H
#define GEN_SOURCE_H

#include "gen_diag.h"


/*
 * Read FOLDER/NAME into a source in keep, which outlives all reports. False
 * when it cannot be read; the source then has its path, for the report.
 */
bool gen_source_try(caplat_slice folder, caplat_slice name, gen_arena *keep,
    const gen_source **source);

/* The same; that it cannot be read is reported. */
bool gen_source_open(caplat_slice folder, caplat_slice name,
    gen_arena *keep, gen_diags *diags, const gen_source **source);


#endif /* GEN_SOURCE_H */
