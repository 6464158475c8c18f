/*
 * Booking: what is said of an order's money, and of its invoice, by a channel,
 * an operator or a partner, becomes records, or not. Decided within a batch,
 * where the order cannot change meanwhile; the same thing said again is known,
 * and nothing is recorded twice.
 *
 *   said               the order                         recorded
 *   PAYMENT_RECEIVED   waits, lapsed or cancelled        payment.received and
 *                                                        platforms.opened
 *                      ... whose platforms the           payment.received, and
 *                      certificate has in part           platforms.opened of
 *                                                        the others
 *                      ... of another amount, paid by    payment.unmatched
 *                      another payment, already sent
 *                      back by its channel; whose
 *                      platforms are all there
 *   REFUND_CONFIRMED   any                               refund.confirmed
 *   PAYMENT_REFUNDED   paid, opened, refunded in part    payment.refunded
 *                      ... `of` a payment that came      payment.returned
 *                      unmatched: any
 *   INVOICE_ISSUED     paid, opened, refunded in part,   invoice.issued
 *                      with an invoice that is not
 *                      issued
 */

#ifndef CAPLAT_BOOKING_H
#define CAPLAT_BOOKING_H

#include "caplat_ledger.h"
#include "caplat_vault.h"


/* Events that an order keeps for what must be booked: notices that only tell
   of trouble do not get them. */
#define CAPLAT_EVENTS_KEPT  6


/* Of slices that do not fit the event, nothing is asked. They borrow, and need
   no escapes as JSON strings. */
typedef struct {
    caplat_event         said;
    caplat_slice         order;
    caplat_slice         client;        /* who says it: "alipay", "wechat",
                                           "operator", a partner's id */
    caplat_slice         channel;       /* "alipay", "wechat", "transfer" */
    caplat_slice         trade;         /* caplat_is_trade */
    int64_t              amount_fen;
    int64_t              paid;          /* seconds */
    bool                 is_total;      /* REFUND_CONFIRMED: the amount is what
                                           has gone back in all by the channel;
                                           recorded is what is new of it */
    bool                 closes;        /* the refund: its platforms too */
    caplat_slice         of;            /* PAYMENT_REFUNDED: the trade of the
                                           payment that goes back; empty: the
                                           order's only one */
    caplat_slice         number;        /* caplat_is_invoice_number */
    caplat_slice         day;           /* 2026-11-26 */

    caplat_slice         epoch;         /* of what is sealed */
    caplat_seal          seal;
    caplat_slice         sealed;        /* base64url; empty: nothing */
} caplat_booking;


typedef enum {
    CAPLAT_BOOKED,                      /* recorded now */
    CAPLAT_BOOKED_PARTLY,               /* so, but some of its platforms are
                                           there already: a human must look */
    CAPLAT_BOOKED_BEFORE,
    CAPLAT_UNMATCHED_AMOUNT,            /* money that a human must look at; */
    CAPLAT_UNMATCHED_TWICE,             /* recorded, now or before, unless */
    CAPLAT_UNMATCHED_REFUNDED,          /* the order has no room for it */
    CAPLAT_UNMATCHED_HELD,
    CAPLAT_NO_ORDER,
    CAPLAT_NOT_READ,                    /* the disk, or damage */
    CAPLAT_NOT_BY_STATE,                /* its state does not allow it */
    CAPLAT_NOT_SO_MUCH,                 /* more would go back than was paid */
    CAPLAT_NO_PAYMENT,                  /* none of the order is `of` */
    CAPLAT_WHICH_PAYMENT,               /* it has others, and none is told */
    CAPLAT_OPENED_NOTHING,              /* so that nothing can be closed */
    CAPLAT_NO_INVOICE,                  /* none was asked for */
    CAPLAT_OTHER_INVOICE                /* another number is recorded */
} caplat_outcome;

typedef struct {
    caplat_outcome   outcome;
    caplat_state     state;             /* of the order, then; NONE: no order */
    bool             is_known;          /* money that came unmatched before */
} caplat_booked;

/* "booked", "before", "amount", "twice", ...: for logs and answers. */
caplat_slice caplat_outcome_word(caplat_outcome outcome);

/* Whether money came that no order waited for: it is to be sent back. */
bool caplat_outcome_unmatched(caplat_outcome outcome);


/*
 * Decide, and record.
 *
 * ledger  of the batch: the order's first record is read from it
 *
 * False: a record could not be added, and the batch fails.
 */
bool caplat_booking_record(caplat_ledger *ledger,
    const caplat_booking *booking, caplat_batch *batch, caplat_booked *booked);

/* What would come of it as a view shows: true when something would be
   recorded, so that it is worth sealing for. */
bool caplat_booking_is_news(const caplat_booking *booking,
    const caplat_view *view);


#endif /* CAPLAT_BOOKING_H */
