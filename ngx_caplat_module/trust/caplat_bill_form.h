/*
 * The tables that bills are: what their columns are called, and what their rows
 * can be.
 */

#ifndef CAPLAT_BILL_FORM_H
#define CAPLAT_BILL_FORM_H

#include "caplat_bill.h"


#define CAPLAT_BILL_NO_COLUMN  CAPLAT_BILL_COLUMNS_MAX
#define CAPLAT_BILL_NAMES_MAX  3
#define CAPLAT_BILL_TYPES_MAX  4


typedef struct {
    caplat_slice      word;
    caplat_bill_kind  kind;
} caplat_bill_type;

struct caplat_bill_form {
    caplat_channel     channel;
    bool               has_sums;        /* two rows of them at the end */
    caplat_slice       names[CAPLAT_BILL_FIELDS][CAPLAT_BILL_NAMES_MAX];
                                        /* the best first */
    caplat_bill_type   types[CAPLAT_BILL_TYPES_MAX];
};


/* The cells of a line. */
typedef struct {
    caplat_slice  line;
    caplat_slice  cells[CAPLAT_BILL_COLUMNS_MAX];
    size_t        count;
} caplat_bill_cells;


/* The table that a row of titles is of; NULL: no known one. */
const caplat_bill_form *caplat_bill_form_find(const caplat_bill_cells *titles);

/* Where a field stands; CAPLAT_BILL_NO_COLUMN. */
size_t caplat_bill_form_column(const caplat_bill_form *form,
    caplat_bill_field field, const caplat_bill_cells *titles);

/* A bill of payments alone has no columns of refunds. */
bool caplat_bill_form_needs(const caplat_bill_form *form,
    caplat_bill_field field);

/* What a row of that type is; CAPLAT_BILL_END: something else. */
caplat_bill_kind caplat_bill_form_kind(const caplat_bill_form *form,
    caplat_slice type);

/* Whether a title is that name, or is it with a unit in brackets. */
bool caplat_bill_is_titled(caplat_slice title, caplat_slice name);


#endif /* CAPLAT_BILL_FORM_H */
