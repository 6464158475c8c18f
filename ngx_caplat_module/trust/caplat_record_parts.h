/*
 * The pieces of a record's canonical JSON that are walked, not looked up:
 * strings, lists, and the two shapes of what a price depends on. Each take has
 * the one spelling that caplat_write.h gives it, and moves only when it
 * succeeds.
 */

#ifndef CAPLAT_RECORD_PARTS_H
#define CAPLAT_RECORD_PARTS_H

#include "caplat_slice.h"


/* A string; what stands between the quotation marks, escapes as they are. */
bool caplat_take_string(caplat_cursor *c, caplat_slice *text);

/* A list of ids, `["a","b"]` or `[]`: its JSON. */
bool caplat_take_ids(caplat_cursor *c, caplat_slice *ids);

/* {"city":...,"lock":...,"vendor":...,"until":...,"held":[...]}: its JSON. */
bool caplat_take_terms(caplat_cursor *c, caplat_slice *terms);

/* [{"platform":...,"name":...,"fee_fen":N,"reason":...},...]: its JSON. */
bool caplat_take_lines(caplat_cursor *c, caplat_slice *lines);


#endif /* CAPLAT_RECORD_PARTS_H */
