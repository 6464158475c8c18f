/*
 * What an order's row alone tells of a booking, and who reads the lines and
 * adds the records.
 */

#ifndef CAPLAT_BOOKING_INNER_H
#define CAPLAT_BOOKING_INNER_H

#include "caplat_booking.h"


/* The record that is said, but for what it opens or closes. */
void caplat_booking_fill(const caplat_booking *booking, caplat_event type,
    caplat_record *record);

/* caplat_record_mark of it. */
uint64_t caplat_booking_mark(const caplat_booking *booking);

/* Whether the order has had the event; of a mark unless that is 0. */
bool caplat_booking_stands(const caplat_order_row *row, caplat_event type,
    uint64_t mark);

/* The order's payment that is to go back, `of`: one that was received before
   one that came unmatched; and its channel. NULL: there is none. */
const caplat_order_event *caplat_booking_payment(const caplat_booking *booking,
    const caplat_order_row *row, caplat_channel *channel);

/* What a refund adds to those that are confirmed; a total that comes late adds
   nothing. */
int64_t caplat_booking_confirmed(const caplat_booking *booking,
    const caplat_order_row *row);

caplat_outcome caplat_booking_judge(const caplat_booking *booking,
    const caplat_order_row *row);

/* Whether the order has room for the events that the outcome brings. */
bool caplat_booking_has_room(const caplat_order_row *row,
    caplat_outcome outcome, caplat_event said);


/* The order's first record, and what is recorded because of it. */
typedef struct {
    caplat_ledger           *ledger;
    const caplat_booking    *booking;
    caplat_batch            *batch;
    const caplat_order_row  *row;
    bool                     is_known;  /* what is unmatched */
    caplat_record            created;
    char                    *other;     /* room for one line more */
    char                     list[CAPLAT_IDS_LEN_MAX];  /* of platforms */
} caplat_booking_desk;

/* Record what the row tells, which its lines can change; false: a record could
   not be added. */
bool caplat_booking_at(caplat_booking_desk *d, caplat_outcome *outcome);


#endif /* CAPLAT_BOOKING_INNER_H */
