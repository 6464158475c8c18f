#include "caplat_booking_inner.h"

#include "caplat_body.h"

#include <stdlib.h>


/* The record of one of the order's events; it borrows of room. */
static bool
read_event(const caplat_booking_desk *d, const caplat_order_event *event,
    char *room, caplat_record *record)
{
    caplat_ledger_error  error;
    caplat_slice         line;
    caplat_err           err;

    return caplat_ledger_line(d->ledger, caplat_batch_view(d->batch),
                              event->index, room, &line, &error)
        && caplat_record_read(line, record, &err);
}


/* Of what was ordered, what the certificate does not have, as a list's JSON. */
static caplat_slice
list_new(caplat_booking_desk *d)
{
    caplat_writer    w = caplat_writer_of(d->list, sizeof(d->list));
    caplat_cursor    c = caplat_cursor_of(d->created.add);
    caplat_cert_row  cert;
    caplat_slice     id;

    if (!caplat_view_cert(caplat_batch_view(d->batch), d->created.org,
                          d->created.ca, d->created.cert, &cert))
    {
        cert.held_len = 0;
    }

    caplat_put(&w, CAPLAT_LIT("["));

    while (caplat_record_next_id(&c, &id)) {
        if (!caplat_cert_holds(caplat_slice_of(cert.held, cert.held_len), id))
        {
            caplat_put(&w, w.len != 1 ? CAPLAT_LIT(",") : CAPLAT_LIT(""));
            caplat_put_string(&w, id);
        }
    }

    caplat_put(&w, CAPLAT_LIT("]"));
    caplat_assert(!w.full);

    return caplat_written(&w);
}


static bool
is_empty(caplat_slice list)
{
    return caplat_slice_eq(list, CAPLAT_LIT("[]"));
}


/* Money that came when all was there goes back: it opens nothing later on. */
static caplat_outcome
judge_held(const caplat_booking_desk *d, caplat_slice list)
{
    const caplat_order_event  *event = caplat_order_row_event(d->row,
        CAPLAT_EVENT_PAYMENT_UNMATCHED, caplat_booking_mark(d->booking));
    caplat_record              before;

    if (is_empty(list)) {
        return CAPLAT_UNMATCHED_HELD;
    }

    if (event != NULL && !read_event(d, event, d->other, &before)) {
        return CAPLAT_NOT_READ;
    }

    if (event != NULL
        && caplat_slice_eq(before.why,
                           caplat_outcome_word(CAPLAT_UNMATCHED_HELD)))
    {
        return CAPLAT_UNMATCHED_HELD;
    }

    return list.len < d->created.add.len ? CAPLAT_BOOKED_PARTLY
                                         : CAPLAT_BOOKED;
}


static bool
add_paid(caplat_booking_desk *d, caplat_outcome *outcome)
{
    caplat_slice   list = list_new(d);
    caplat_record  paid, opened;

    *outcome = judge_held(d, list);

    if (*outcome != CAPLAT_BOOKED && *outcome != CAPLAT_BOOKED_PARTLY) {
        return true;
    }

    caplat_booking_fill(d->booking, CAPLAT_EVENT_PAYMENT_RECEIVED, &paid);
    memset(&opened, 0, sizeof(opened));
    opened.type = CAPLAT_EVENT_PLATFORMS_OPENED;
    opened.order = d->booking->order;
    opened.org = d->created.org;
    opened.ca = d->created.ca;
    opened.cert = d->created.cert;
    opened.add = list;

    return caplat_batch_add(d->batch, &paid)
        && caplat_batch_add(d->batch, &opened);
}


/* What the order has opened, unless it has closed it before: another order may
   have opened it since. False: a line cannot be read. */
static bool
list_closed(caplat_booking_desk *d, caplat_slice *list)
{
    caplat_writer  w = caplat_writer_of(d->list, sizeof(d->list));
    caplat_slice   opened = CAPLAT_LIT("[]");
    caplat_record  record;

    for (size_t i = 0; i < d->row->event_count; i++) {
        const caplat_order_event  *event = &d->row->events[i];

        if (event->type != CAPLAT_EVENT_PLATFORMS_OPENED
            && event->type != CAPLAT_EVENT_PAYMENT_REFUNDED)
        {
            continue;
        }

        if (!read_event(d, event, d->other, &record)) {
            return false;
        }

        if (event->type == CAPLAT_EVENT_PLATFORMS_OPENED) {
            caplat_put(&w, record.add);
            opened = caplat_written(&w);

        } else if (!is_empty(record.closed)) {
            opened = CAPLAT_LIT("[]");
        }
    }

    *list = opened;

    return !w.full;
}


/* What is left of a payment that came unmatched, -1: a line cannot be read. */
static int64_t
left_of(const caplat_booking_desk *d, const caplat_order_event *payment)
{
    caplat_record   record;
    caplat_channel  channel;
    int64_t         left;

    if (!read_event(d, payment, d->other, &record)) {
        return -1;
    }

    channel = caplat_channel_find(record.channel);
    left = record.amount_fen;

    for (size_t i = 0; i < d->row->event_count; i++) {
        const caplat_order_event  *event = &d->row->events[i];

        if (event->type != CAPLAT_EVENT_PAYMENT_RETURNED) {
            continue;
        }

        if (!read_event(d, event, d->other, &record)) {
            return -1;
        }

        if (caplat_slice_eq(record.of, d->booking->of)
            && caplat_channel_find(record.channel) == channel)
        {
            left -= record.amount_fen;
        }
    }

    return left;
}


static bool
add_returned(const caplat_booking_desk *d, const caplat_order_event *payment,
    caplat_channel channel, caplat_outcome *outcome)
{
    int64_t        left = left_of(d, payment);
    caplat_record  record;

    if (left < d->booking->amount_fen) {
        *outcome = left < 0 ? CAPLAT_NOT_READ : CAPLAT_NOT_SO_MUCH;
        return true;
    }

    caplat_booking_fill(d->booking, CAPLAT_EVENT_PAYMENT_RETURNED, &record);
    record.channel = caplat_channel_word(channel);
    record.of = d->booking->of;

    return caplat_batch_add(d->batch, &record);
}


static bool
add_refunded(caplat_booking_desk *d, caplat_outcome *outcome)
{
    const caplat_order_event  *payment;
    caplat_channel             channel = CAPLAT_CHANNEL_NONE;
    caplat_record              record;

    payment = d->booking->of.len != 0
              ? caplat_booking_payment(d->booking, d->row, &channel) : NULL;

    if (payment != NULL && payment->type == CAPLAT_EVENT_PAYMENT_UNMATCHED) {
        return add_returned(d, payment, channel, outcome);
    }

    caplat_booking_fill(d->booking, CAPLAT_EVENT_PAYMENT_REFUNDED, &record);

    if (d->booking->closes && !list_closed(d, &record.closed)) {
        *outcome = CAPLAT_NOT_READ;
        return true;
    }

    return caplat_batch_add(d->batch, &record);
}


static bool
add_booked(caplat_booking_desk *d, caplat_outcome *outcome)
{
    const caplat_booking  *booking = d->booking;
    caplat_record          record;

    caplat_booking_fill(booking, booking->said, &record);

    switch (booking->said) {

    case CAPLAT_EVENT_PAYMENT_RECEIVED:
        return add_paid(d, outcome);

    case CAPLAT_EVENT_PAYMENT_REFUNDED:
        return add_refunded(d, outcome);

    case CAPLAT_EVENT_REFUND_CONFIRMED:
        record.amount_fen = caplat_booking_confirmed(booking, d->row);
        break;

    default:
        if (d->created.invoice.len == 0) {
            *outcome = CAPLAT_NO_INVOICE;
            return true;
        }
    }

    return caplat_batch_add(d->batch, &record);
}


static bool
book(caplat_booking_desk *d, caplat_outcome *outcome)
{
    char  *room = malloc(2 * CAPLAT_RECORD_LEN_MAX);
    bool   is_done = true;

    if (room != NULL
        && read_event(d, &d->row->events[0], room, &d->created))
    {
        d->other = room + CAPLAT_RECORD_LEN_MAX;
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
    char           *room = malloc(CAPLAT_RECORD_LEN_MAX);
    caplat_record   record;
    bool            is_same;

    is_same = room != NULL
        && read_event(d, caplat_order_row_event(d->row,
                             CAPLAT_EVENT_INVOICE_ISSUED, 0), room, &record)
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

    if (*outcome == CAPLAT_BOOKED
        && !caplat_booking_has_room(d->row, *outcome, d->booking->said))
    {
        *outcome = CAPLAT_NOT_BY_STATE;
    }

    if (*outcome == CAPLAT_BOOKED && !book(d, outcome)) {
        return false;
    }

    return !caplat_outcome_unmatched(*outcome)
        || !caplat_booking_has_room(d->row, *outcome, d->booking->said)
        || add_unmatched(d, *outcome);
}
