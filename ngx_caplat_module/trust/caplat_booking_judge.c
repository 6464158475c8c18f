#include "caplat_booking_inner.h"


void
caplat_booking_fill(const caplat_booking *booking, caplat_event type,
    caplat_record *record)
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


uint64_t
caplat_booking_mark(const caplat_booking *booking)
{
    caplat_record  record;

    caplat_booking_fill(booking, booking->said, &record);

    return caplat_record_mark(&record);
}


bool
caplat_booking_stands(const caplat_order_row *row, caplat_event type,
    uint64_t mark)
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

    if (caplat_booking_stands(row, CAPLAT_EVENT_PAYMENT_RECEIVED,
                              caplat_booking_mark(booking)))
    {
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

    if (caplat_booking_stands(row, CAPLAT_EVENT_PAYMENT_REFUNDED,
                              caplat_booking_mark(booking)))
    {
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
    return caplat_booking_stands(row, CAPLAT_EVENT_INVOICE_ISSUED, 0)
           ? CAPLAT_OTHER_INVOICE
           : row->amount_fen == 0 ? CAPLAT_NO_INVOICE
           : row->state == CAPLAT_STATE_PAID
             || row->state == CAPLAT_STATE_OPENED
           ? CAPLAT_BOOKED : CAPLAT_NOT_BY_STATE;
}


int64_t
caplat_booking_confirmed(const caplat_booking *booking,
    const caplat_order_row *row)
{
    return booking->amount_fen
        - (booking->is_total ? confirmed_fen(booking, row) : 0);
}


caplat_outcome
caplat_booking_judge(const caplat_booking *booking, const caplat_order_row *row)
{
    switch (booking->said) {

    case CAPLAT_EVENT_PAYMENT_RECEIVED:
        return judge_payment(booking, row);

    case CAPLAT_EVENT_REFUND_CONFIRMED:
        return caplat_booking_stands(row, CAPLAT_EVENT_REFUND_CONFIRMED,
                                     caplat_booking_mark(booking))
               || caplat_booking_confirmed(booking, row) <= 0
               ? CAPLAT_BOOKED_BEFORE : CAPLAT_BOOKED;

    case CAPLAT_EVENT_PAYMENT_REFUNDED:
        return judge_refund(booking, row);

    default:
        caplat_assert(booking->said == CAPLAT_EVENT_INVOICE_ISSUED);
        return judge_invoice(row);
    }
}


bool
caplat_booking_has_room(const caplat_order_row *row, caplat_outcome outcome,
    caplat_event said)
{
    bool  must = outcome == CAPLAT_BOOKED
                 && said != CAPLAT_EVENT_REFUND_CONFIRMED;

    return row->event_count + 2
           <= CAPLAT_ORDER_EVENTS - (must ? 0 : CAPLAT_EVENTS_KEPT);
}
