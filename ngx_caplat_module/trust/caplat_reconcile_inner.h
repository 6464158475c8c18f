/*
 * What is known of both sides, between the files that gather it and the one
 * that tells it.
 */

#ifndef CAPLAT_RECONCILE_INNER_H
#define CAPLAT_RECONCILE_INNER_H

#include "caplat_reconcile.h"


/* Who says that money went back. */
enum { CAPLAT_CONFIRMED = 1, CAPLAT_DECIDED = 2 };


/* A row of a bill, and what the ledger has of it. */
typedef struct {
    caplat_bill_row          row;
    caplat_channel           channel;
    size_t                   bill;
    bool                     is_judged;
    bool                     is_again;      /* the same payment as before */
    bool                     is_order_paid; /* by another payment */

    bool                     is_known;
    unsigned                 said;          /* CONFIRMED, DECIDED */
    caplat_difference_kind   why;           /* a payment that no order has */
    uint64_t                 index;
    int64_t                  ledger_fen;
    int64_t                  returned_fen;  /* of money that no order has */
    char                     order[CAPLAT_ORDER_ID_LEN_MAX];
    size_t                   order_len;
} caplat_bill_side;


/* A record of money that has no row, yet. */
typedef struct {
    caplat_bill_kind   kind;
    unsigned           channels;            /* bits: it is of one of them */
    unsigned           said;
    bool               is_judged;
    bool               is_found;
    uint64_t           index;
    int64_t            time;
    int64_t            amount_fen;
    char               order[CAPLAT_ORDER_ID_LEN_MAX];
    size_t             order_len;
    char               number[CAPLAT_TRADE_LEN_MAX];
    size_t             number_len;
} caplat_ledger_side;


#define CAPLAT_BILL_CHANNELS  (CAPLAT_WECHAT + 1)       /* that have bills */


/* Days are numbers of caplat_date_number. */
struct caplat_reconcile {
    caplat_bill_side     *rows;
    size_t                row_count, row_room;
    caplat_bill_side    **by_trade;         /* payments */
    size_t                trade_count;
    caplat_bill_side    **by_order;         /* all */

    caplat_ledger_side   *entries;
    size_t                entry_count, entry_room;

    uint8_t              *paid_by;          /* bits of channels, by order */
    size_t                paid_room;

    bool                  is_one_day;
    int32_t               day;
    bool                  has_bill[CAPLAT_BILL_CHANNELS];
    bool                  has_days[CAPLAT_BILL_CHANNELS];
    int32_t               first[CAPLAT_BILL_CHANNELS];
    int32_t               last[CAPLAT_BILL_CHANNELS];
};


/* Find the row of a refund in the bills, by its number or by its amount; true:
   the row has the entry. */
bool caplat_reconcile_refund(caplat_reconcile *r,
    const caplat_ledger_side *entry, bool by_number);

/* The first payment of that number; NULL. */
caplat_bill_side *caplat_reconcile_payment(const caplat_reconcile *r,
    caplat_channel channel, caplat_slice trade);

/* Rows of an order: where the first stands in by_order, or would; whether that
   at a place is of it. */
size_t caplat_reconcile_order(const caplat_reconcile *r, caplat_slice order);
bool caplat_reconcile_is_of(const caplat_reconcile *r, size_t at,
    caplat_slice order);

/* Whether a channel's day is judged. */
bool caplat_reconcile_judges(const caplat_reconcile *r, caplat_channel channel,
    int64_t time);


#endif /* CAPLAT_RECONCILE_INNER_H */
