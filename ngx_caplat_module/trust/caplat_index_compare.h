/*
 * Two indexes row by row, and what the finder of the first leads to.
 */

#ifndef CAPLAT_INDEX_COMPARE_H
#define CAPLAT_INDEX_COMPARE_H

#include "caplat_ledger.h"


/*
 * is     a view of the index in use
 * must   of the one that its log makes
 * error  on false: the first row of `is` that differs, and its record
 */
bool caplat_index_compare(const caplat_view *is, const caplat_view *must,
    caplat_ledger_error *error);


#endif /* CAPLAT_INDEX_COMPARE_H */
