/*
 * Bills of the channels beside the ledger: what only one of them knows, and
 * what they know differently.
 *
 *   1  each bill's rows, and that it is a bill; or the one day to be judged
 *   2  start: the days that are judged, by channel
 *   3  each record of the log, in its order
 *   4  end: the differences, those of bills first, in the order of their rows,
 *      then those of the log; and the sums
 *
 * A payment is the same as one of the other side that has its channel's number.
 * It is of the day on which the channel says that it was paid: one of 23:59:59
 * whose notice came after midnight is not missed.
 *
 * A refund has two records at most, the channel's word and a human's decision.
 * It is the same as one of the other side that has its order and one of its
 * numbers, else its order and amount: what a human writes down, and an account,
 * have no number to rely on. The ledger has no time of it but the record's, so
 * it is looked for in all bills that are given.
 *
 * Days are of Beijing. Rows of a day that is not judged are still what a record
 * can be found in: with the bills of the days before and after, a day has no
 * edges.
 *
 * Memory: the rows, what is found in no bill, and a byte for each order.
 */

#ifndef CAPLAT_RECONCILE_H
#define CAPLAT_RECONCILE_H

#include "caplat_bill.h"
#include "caplat_date.h"
#include "caplat_record.h"


/*
 * D(NAME, "name"): in what way both sides differ. The last four both sides
 * have, but no order has them: money to send back,
 * until the ledger says that all of it has been.
 */
#define CAPLAT_DIFFERENCES(D)                                                 \
    D(ONLY_IN_BILL,      "only-in-bill")                                      \
    D(ONLY_IN_LEDGER,    "only-in-ledger")                                    \
    D(TWICE_IN_BILL,     "twice-in-bill")   /* the same payment again */      \
    D(OTHER_ORDER,       "other-order")                                       \
    D(OTHER_AMOUNT,      "other-amount")                                      \
    D(PAID_TWICE,        "paid-twice")      /* in the bill alone, too, when   \
                                               the order has another */       \
    D(PAID_OTHERWISE,    "paid-otherwise")  /* not what the order costs */    \
    D(PAID_AFTER_REFUND, "paid-after-refund")                                 \
    D(PAID_FOR_HELD,     "paid-for-held")   /* its platforms were there */


typedef enum {
    CAPLAT_NO_DIFFERENCE,
#define CAPLAT_DIFFERENCE_ENUM(name, word)  CAPLAT_##name,
    CAPLAT_DIFFERENCES(CAPLAT_DIFFERENCE_ENUM)
#undef CAPLAT_DIFFERENCE_ENUM
    CAPLAT_DIFFERENCE_COUNT
} caplat_difference_kind;

caplat_slice caplat_difference_name(caplat_difference_kind kind);


typedef struct {
    caplat_difference_kind  difference;
    caplat_channel          channel;        /* NONE: the order was paid by
                                               several, and it is not told */
    caplat_bill_kind        kind;           /* PAYMENT, REFUND */
    caplat_slice            trade;          /* the payment's, or the refund's
                                               number; can be empty */
    int64_t                 time;           /* seconds */

    bool                    is_in_bill;
    size_t                  bill;           /* its number */
    size_t                  line;
    caplat_slice            bill_order;
    int64_t                 bill_fen;

    bool                    is_in_ledger;
    uint64_t                index;          /* of the record */
    caplat_slice            ledger_order;
    int64_t                 ledger_fen;
} caplat_difference;

typedef void (*caplat_difference_pt)(void *data, const caplat_difference *d);


/* Of what is judged. */
typedef struct {
    uint64_t  count;
    int64_t   sum_fen;
} caplat_total;

typedef struct {
    uint64_t      differences;
    caplat_total  bill[2];                  /* payments, refunds */
    caplat_total  ledger[2];
} caplat_totals;


typedef struct caplat_reconcile  caplat_reconcile;

/* NULL: no memory. */
caplat_reconcile *caplat_reconcile_open(void);
void caplat_reconcile_close(caplat_reconcile *r);       /* NULL too */

/* Judge that day alone; before any bill. */
void caplat_reconcile_day(caplat_reconcile *r, caplat_date day);

/* A row of the bill of that number; it borrows from it until the end. False:
   no memory. */
bool caplat_reconcile_row(caplat_reconcile *r, caplat_channel channel,
    size_t bill, const caplat_bill_row *row);

/* A bill has been read; it may have no rows. */
void caplat_reconcile_bill(caplat_reconcile *r, const caplat_bill *bill);

/* All bills are in. False: a channel's have no day, which has to be given. */
bool caplat_reconcile_has_days(const caplat_reconcile *r);

/* False: no memory. */
bool caplat_reconcile_start(caplat_reconcile *r);

/* False: no memory, or no number of an order that could be. */
bool caplat_reconcile_record(caplat_reconcile *r, const caplat_record *record);

/* False: a sum is larger than CAPLAT_FEN_MAX. */
bool caplat_reconcile_end(caplat_reconcile *r, caplat_difference_pt each,
    void *data, caplat_totals *totals);


#endif /* CAPLAT_RECONCILE_H */
