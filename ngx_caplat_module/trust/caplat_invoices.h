/*
 * Which orders wait for an invoice: those that asked for one, were paid and not
 * sent back whole, and have none yet. An order of 0 yuan gets none.
 *
 * Fed with each record of a log in its order. Memory: some 30 bytes an order,
 * and what was issued.
 */

#ifndef CAPLAT_INVOICES_H
#define CAPLAT_INVOICES_H

#include "caplat_record.h"


typedef struct caplat_invoices  caplat_invoices;


/* Of an order whose invoice is issued, or is to be. */
typedef struct {
    int64_t        paid;                /* seconds */
    int64_t        amount_fen;          /* paid, less what was sent back; 0
                                           where an issued one is to be
                                           reversed */
    bool           is_issued;
    caplat_slice   number;              /* when it is; borrows of the list */
    caplat_slice   day;
    bool           is_shredded;         /* its personal data is gone */
    bool           is_frozen;           /* nobody may look at it */
} caplat_due;


/* NULL: no memory. */
caplat_invoices *caplat_invoices_open(void);
void caplat_invoices_close(caplat_invoices *list);      /* NULL too */

/* False: no memory, or no number of an order that could be. */
bool caplat_invoices_record(caplat_invoices *list,
    const caplat_record *record);

/* Of all that was fed; false: the order has no invoice, and gets none. */
bool caplat_invoices_find(const caplat_invoices *list, caplat_slice order,
    caplat_due *due);


#endif /* CAPLAT_INVOICES_H */
