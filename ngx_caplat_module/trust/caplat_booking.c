#include "caplat_booking.h"

#include <stdlib.h>


static const caplat_slice  outcomes[] = {
    [CAPLAT_BOOKED] = CAPLAT_INIT("booked"),
    [CAPLAT_BOOKED_BEFORE] = CAPLAT_INIT("booked-before"),
    [CAPLAT_UNMATCHED_AMOUNT] = CAPLAT_INIT("amount"),
    [CAPLAT_UNMATCHED_TWICE] = CAPLAT_INIT("twice"),
    [CAPLAT_UNMATCHED_REFUNDED] = CAPLAT_INIT("refunded"),
    [CAPLAT_NO_ORDER] = CAPLAT_INIT("no-order"),
    [CAPLAT_NOT_READ] = CAPLAT_INIT("not-read"),
    [CAPLAT_NOT_BY_STATE] = CAPLAT_INIT("order-state"),
    [CAPLAT_NOT_SO_MUCH] = CAPLAT_INIT("not-so-much"),
    [CAPLAT_NO_INVOICE] = CAPLAT_INIT("no-invoice"),
    [CAPLAT_OTHER_INVOICE] = CAPLAT_INIT("other-invoice"),
};


caplat_slice
caplat_outcome_word(caplat_outcome outcome)
{
    caplat_assert(outcome < CAPLAT_COUNT(outcomes));

    return outcomes[outcome];
}


bool
caplat_outcome_unmatched(caplat_outcome outcome)
{
    return outcome == CAPLAT_UNMATCHED_AMOUNT
        || outcome == CAPLAT_UNMATCHED_TWICE
        || outcome == CAPLAT_UNMATCHED_REFUNDED;
}


/* The record that is said, but for what it opens or closes. */
static void
fill(const caplat_booking *booking, caplat_event type, caplat_record *record)
{
    memset(record, 0, sizeof(*record));
    record->type = type;
    record->order = booking->order;
    record->client = booking->client;
    record->channel = type == CAPLAT_EVENT_PAYMENT_REFUNDED
                      ? caplat_slice_of("", 0) : booking->channel;
    record->trade = booking->trade;
    record->amount_fen = booking->amount_fen;
    record->paid = booking->paid;
    record->closed = CAPLAT_LIT("[]");
    record->number = booking->number;
    record->day = booking->day;

    if (booking->sealed.len != 0) {
        record->epoch = booking->epoch;
        record->seal = booking->seal;
        record->sealed = booking->sealed;
    }
}


static uint64_t
mark_of(const caplat_booking *booking)
{
    caplat_record  record;

    fill(booking, booking->said, &record);

    return caplat_record_mark(&record);
}


static bool
stands(const caplat_order_row *row, caplat_event type, uint64_t mark)
{
    return caplat_order_row_event(row, type, mark) != NULL;
}


/* What the channel has sent back of its own payment of the order. */
static int64_t
confirmed_fen(const caplat_booking *booking, const caplat_order_row *row)
{
    return row->confirmed_fen[caplat_channel_find(booking->channel)];
}


static caplat_outcome
judge_payment(const caplat_booking *booking, const caplat_order_row *row)
{
    caplat_state  to;

    if (booking->amount_fen != row->amount_fen) {
        return CAPLAT_UNMATCHED_AMOUNT;
    }

    if (stands(row, CAPLAT_EVENT_PAYMENT_RECEIVED, mark_of(booking))) {
        return CAPLAT_BOOKED_BEFORE;
    }

    if (!caplat_state_move(row->state, CAPLAT_EVENT_PAYMENT_RECEIVED, &to)) {
        return CAPLAT_UNMATCHED_TWICE;
    }

    return confirmed_fen(booking, row) >= row->amount_fen
           ? CAPLAT_UNMATCHED_REFUNDED : CAPLAT_BOOKED;
}


static caplat_outcome
judge_refund(const caplat_booking *booking, const caplat_order_row *row)
{
    caplat_state  to;

    if (stands(row, CAPLAT_EVENT_PAYMENT_REFUNDED, mark_of(booking))) {
        return CAPLAT_BOOKED_BEFORE;
    }

    if (!caplat_state_move(row->state, CAPLAT_EVENT_PAYMENT_REFUNDED, &to)) {
        return CAPLAT_NOT_BY_STATE;
    }

    return booking->amount_fen == 0
           || booking->amount_fen > row->amount_fen - row->refunded_fen
           ? CAPLAT_NOT_SO_MUCH : CAPLAT_BOOKED;
}


/* What is known of the invoice itself stands in the log's lines. */
static caplat_outcome
judge_invoice(const caplat_order_row *row)
{
    return stands(row, CAPLAT_EVENT_INVOICE_ISSUED, 0) ? CAPLAT_OTHER_INVOICE
           : row->amount_fen == 0 ? CAPLAT_NO_INVOICE
           : row->state == CAPLAT_STATE_PAID
             || row->state == CAPLAT_STATE_OPENED
           ? CAPLAT_BOOKED : CAPLAT_NOT_BY_STATE;
}


/* What a refund adds to those that are confirmed; a total that comes late adds
   nothing. */
static int64_t
confirmed_of(const caplat_booking *booking, const caplat_order_row *row)
{
    return booking->amount_fen
        - (booking->is_total ? confirmed_fen(booking, row) : 0);
}


static caplat_outcome
judge(const caplat_booking *booking, const caplat_order_row *row)
{
    switch (booking->said) {

    case CAPLAT_EVENT_PAYMENT_RECEIVED:
        return judge_payment(booking, row);

    case CAPLAT_EVENT_REFUND_CONFIRMED:
        return stands(row, CAPLAT_EVENT_REFUND_CONFIRMED, mark_of(booking))
               || confirmed_of(booking, row) <= 0
               ? CAPLAT_BOOKED_BEFORE : CAPLAT_BOOKED;

    case CAPLAT_EVENT_PAYMENT_REFUNDED:
        return judge_refund(booking, row);

    default:
        caplat_assert(booking->said == CAPLAT_EVENT_INVOICE_ISSUED);
        return judge_invoice(row);
    }
}


/* Whether the order has room for the events that the outcome brings. */
static bool
has_room(const caplat_order_row *row, caplat_outcome outcome,
    caplat_event said)
{
    bool  must = outcome == CAPLAT_BOOKED
                 && said != CAPLAT_EVENT_REFUND_CONFIRMED;

    return row->event_count + 2
           <= CAPLAT_ORDER_EVENTS - (must ? 0 : CAPLAT_EVENTS_KEPT);
}


static bool
find_order(const caplat_booking *booking, const caplat_view *view,
    caplat_order_row *row)
{
    uint64_t  number;

    return booking->order.len <= CAPLAT_ORDER_ID_LEN_MAX
        && caplat_order_number(booking->order, &number)
        && caplat_view_order(view, number, row)
        && caplat_slice_eq(booking->order,
                           caplat_slice_of(row->id, row->id_len));
}


bool
caplat_booking_is_news(const caplat_booking *booking, const caplat_view *view)
{
    caplat_order_row  row;
    caplat_outcome    outcome;

    if (!find_order(booking, view, &row)) {
        return false;
    }

    outcome = judge(booking, &row);

    return (outcome == CAPLAT_BOOKED
            || (caplat_outcome_unmatched(outcome)
                && !stands(&row, CAPLAT_EVENT_PAYMENT_UNMATCHED,
                           mark_of(booking))))
        && has_room(&row, outcome, booking->said);
}


/* The order's first record, and what is recorded because of it. */
typedef struct {
    caplat_ledger           *ledger;
    const caplat_booking    *booking;
    caplat_batch            *batch;
    const caplat_order_row  *row;
    bool                     is_known;  /* what is unmatched */
    caplat_record            created;
} desk;


static bool
add_opened(const desk *d)
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
add_booked(const desk *d, caplat_outcome *outcome)
{
    const caplat_booking  *booking = d->booking;
    caplat_record          record;

    if (booking->said == CAPLAT_EVENT_INVOICE_ISSUED
        && d->created.invoice.len == 0)
    {
        *outcome = CAPLAT_NO_INVOICE;
        return true;
    }

    fill(booking, booking->said, &record);

    if (booking->said == CAPLAT_EVENT_PAYMENT_REFUNDED && booking->closes) {
        record.closed = d->created.add;

    } else if (booking->said == CAPLAT_EVENT_REFUND_CONFIRMED) {
        record.amount_fen = confirmed_of(booking, d->row);
    }

    return caplat_batch_add(d->batch, &record)
        && (booking->said != CAPLAT_EVENT_PAYMENT_RECEIVED || add_opened(d));
}


/* The order's first line lies in room. */
static bool
read_created(desk *d, char *room)
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
book(desk *d, caplat_outcome *outcome)
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
add_unmatched(desk *d, caplat_outcome outcome)
{
    caplat_record  record;

    d->is_known = stands(d->row, CAPLAT_EVENT_PAYMENT_UNMATCHED,
                         mark_of(d->booking));

    if (d->is_known) {
        return true;
    }

    fill(d->booking, CAPLAT_EVENT_PAYMENT_UNMATCHED, &record);
    record.why = caplat_outcome_word(outcome);

    return caplat_batch_add(d->batch, &record);
}


/* The same number again is no other invoice: that stands in the line. */
static bool
is_same_invoice(const desk *d)
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


static bool
record(desk *d, caplat_outcome *outcome)
{
    if (*outcome == CAPLAT_OTHER_INVOICE && is_same_invoice(d)) {
        *outcome = CAPLAT_BOOKED_BEFORE;
    }

    if (*outcome != CAPLAT_BOOKED && !caplat_outcome_unmatched(*outcome)) {
        return true;
    }

    if (!has_room(d->row, *outcome, d->booking->said)) {
        *outcome = *outcome == CAPLAT_BOOKED ? CAPLAT_NOT_BY_STATE : *outcome;
        return true;
    }

    return *outcome == CAPLAT_BOOKED ? book(d, outcome)
                                     : add_unmatched(d, *outcome);
}


bool
caplat_booking_record(caplat_ledger *ledger, const caplat_booking *booking,
    caplat_batch *batch, caplat_booked *booked)
{
    caplat_order_row  row;
    desk              d = { ledger, booking, batch, &row, false,
                            { .index = 0 } };

    if (!find_order(booking, caplat_batch_view(batch), &row)) {
        *booked = (caplat_booked) { CAPLAT_NO_ORDER, CAPLAT_STATE_NONE,
                                    false };
        return true;
    }

    booked->outcome = judge(booking, &row);

    if (!record(&d, &booked->outcome)) {
        return false;
    }

    (void) find_order(booking, caplat_batch_view(batch), &row);
    booked->state = row.state;
    booked->is_known = d.is_known;

    return true;
}
