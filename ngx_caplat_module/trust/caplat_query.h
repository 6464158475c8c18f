/*
 * The query of an address: key=value&key=value, as it was sent. Nothing in it
 * is percent-encoded.
 */

#ifndef CAPLAT_QUERY_H
#define CAPLAT_QUERY_H

#include "caplat_slice.h"


/* The next pair, until false; a key without `=` has an empty value. */
bool caplat_query_next(caplat_cursor *c, caplat_slice *key,
    caplat_slice *value);

/* Decimal digits from min to max, without a leading zero; number is untouched
   on false. */
bool caplat_query_number(caplat_slice value, uint64_t min, uint64_t max,
    uint64_t *number);


#endif /* CAPLAT_QUERY_H */
