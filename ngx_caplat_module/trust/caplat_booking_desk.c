#include "caplat_booking_inner.h"

#include <stdlib.h>


static bool
add_opened(const caplat_booking_desk *d)
{
    caplat_record  record;

    memset(&record, 0, sizeof(record));
    record.type = CAPLAT_EVENT_PLATFORMS_OPENED;
    record.order = d->booking->order;
    record.org = d->created.org;
    record.ca = d->created.ca;
    record.cert = d->created.cert;
    record.add = d->created.add;

    return caplat_batch_add(d->batch, &record);
}


static bool
add_booked(const caplat_booking_desk *d, caplat_outcome *outcome)
{
    const caplat_booking  *booking = d->booking;
    caplat_record          record;

    if (booking->said == CAPLAT_EVENT_INVOICE_ISSUED
        && d->created.invoice.len == 0)
    {
        *outcome = CAPLAT_NO_INVOICE;
        return true;
    }

    caplat_booking_fill(booking, booking->said, &record);

    if (booking->said == CAPLAT_EVENT_PAYMENT_REFUNDED && booking->closes) {
        record.closed = d->created.add;

    } else if (booking->said == CAPLAT_EVENT_REFUND_CONFIRMED) {
        record.amount_fen = caplat_booking_confirmed(booking, d->row);
    }

    return caplat_batch_add(d->batch, &record)
        && (booking->said != CAPLAT_EVENT_PAYMENT_RECEIVED || add_opened(d));
}


/* The order's first line lies in room. */
static bool
read_created(caplat_booking_desk *d, char *room)
{
    caplat_ledger_error  error;
    caplat_slice         line;
    caplat_err           err;

    return room != NULL
        && caplat_ledger_line(d->ledger, caplat_batch_view(d->batch),
                              d->row->events[0].index, room, &line, &error)
        && caplat_record_read(line, &d->created, &err);
}


static bool
book(caplat_booking_desk *d, caplat_outcome *outcome)
{
    char  *room = malloc(CAPLAT_RECORD_LEN_MAX);
    bool   is_done = true;

    if (read_created(d, room)) {
        is_done = add_booked(d, outcome);

    } else {
        *outcome = CAPLAT_NOT_READ;
    }

    free(room);

    return is_done;
}


static bool
add_unmatched(caplat_booking_desk *d, caplat_outcome outcome)
{
    caplat_record  record;

    d->is_known = caplat_booking_stands(d->row,
        CAPLAT_EVENT_PAYMENT_UNMATCHED, caplat_booking_mark(d->booking));

    if (d->is_known) {
        return true;
    }

    caplat_booking_fill(d->booking, CAPLAT_EVENT_PAYMENT_UNMATCHED, &record);
    record.why = caplat_outcome_word(outcome);

    return caplat_batch_add(d->batch, &record);
}


/* The same number again is no other invoice: that stands in the line. */
static bool
is_same_invoice(const caplat_booking_desk *d)
{
    char                 *room = malloc(CAPLAT_RECORD_LEN_MAX);
    caplat_ledger_error   error;
    caplat_record         record;
    caplat_slice          line;
    caplat_err            err;
    bool                  is_same;

    is_same = room != NULL
        && caplat_ledger_line(d->ledger, caplat_batch_view(d->batch),
               caplat_order_row_event(d->row, CAPLAT_EVENT_INVOICE_ISSUED,
                                      0)->index, room, &line, &error)
        && caplat_record_read(line, &record, &err)
        && caplat_slice_eq(record.number, d->booking->number);
    free(room);

    return is_same;
}


bool
caplat_booking_at(caplat_booking_desk *d, caplat_outcome *outcome)
{
    if (*outcome == CAPLAT_OTHER_INVOICE && is_same_invoice(d)) {
        *outcome = CAPLAT_BOOKED_BEFORE;
    }

    if (*outcome != CAPLAT_BOOKED && !caplat_outcome_unmatched(*outcome)) {
        return true;
    }

    if (!caplat_booking_has_room(d->row, *outcome, d->booking->said)) {
        *outcome = *outcome == CAPLAT_BOOKED ? CAPLAT_NOT_BY_STATE : *outcome;
        return true;
    }

    return *outcome == CAPLAT_BOOKED ? book(d, outcome)
                                     : add_unmatched(d, *outcome);
}
