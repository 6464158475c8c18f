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


static uint64_t
mark_of(caplat_channel channel, caplat_slice trade)
{
    caplat_record  record;

    memset(&record, 0, sizeof(record));
    record.channel = caplat_channel_word(channel);
    record.trade = trade;

    return caplat_record_mark(&record);
}


const caplat_order_event *
caplat_booking_payment(const caplat_booking *booking,
    const caplat_order_row *row, caplat_channel *channel)
{
    static const caplat_event  types[] = {
        CAPLAT_EVENT_PAYMENT_RECEIVED, CAPLAT_EVENT_PAYMENT_UNMATCHED
    };

    for (size_t i = 0; i < CAPLAT_COUNT(types); i++) {
        for (unsigned j = CAPLAT_ALIPAY; j < CAPLAT_CHANNEL_COUNT; j++) {
            const caplat_order_event  *event = caplat_order_row_event(row,
                types[i], mark_of((caplat_channel) j, booking->of));

            if (event != NULL) {
                *channel = (caplat_channel) j;
                return event;
            }
        }
    }

    return NULL;
}


/* Money that came unmatched, and was not booked later on. */
static bool
has_unmatched(const caplat_order_row *row)
{
    for (size_t i = 0; i < row->event_count; i++) {
        const caplat_order_event  *event = &row->events[i];

        if (event->type == CAPLAT_EVENT_PAYMENT_UNMATCHED
            && !caplat_booking_stands(row, CAPLAT_EVENT_PAYMENT_RECEIVED,
                                      event->mark))
        {
            return true;
        }
    }

    return false;
}


/* Money that came unmatched goes back; its line tells how much there is. */
static caplat_outcome
judge_return(const caplat_booking *booking, const caplat_order_row *row,
    caplat_channel channel)
{
    if (caplat_booking_stands(row, CAPLAT_EVENT_PAYMENT_RETURNED,
                              mark_of(channel, booking->trade)))
    {
        return CAPLAT_BOOKED_BEFORE;
    }

    return booking->closes ? CAPLAT_OPENED_NOTHING
           : booking->amount_fen == 0 ? CAPLAT_NOT_SO_MUCH : CAPLAT_BOOKED;
}


static caplat_outcome
judge_refund(const caplat_booking *booking, const caplat_order_row *row)
{
    const caplat_order_event  *payment;
    caplat_channel             channel = CAPLAT_CHANNEL_NONE;
    caplat_state               to;

    payment = booking->of.len != 0
              ? caplat_booking_payment(booking, row, &channel) : NULL;

    if (booking->of.len != 0 && payment == NULL) {
        return CAPLAT_NO_PAYMENT;
    }

    if (payment != NULL && payment->type == CAPLAT_EVENT_PAYMENT_UNMATCHED) {
        return judge_return(booking, row, channel);
    }

    if (caplat_booking_stands(row, CAPLAT_EVENT_PAYMENT_REFUNDED,
                              caplat_booking_mark(booking)))
    {
        return CAPLAT_BOOKED_BEFORE;
    }

    if (payment == NULL && has_unmatched(row)) {
        return CAPLAT_WHICH_PAYMENT;
    }

    if (!caplat_state_move(row->state, CAPLAT_EVENT_PAYMENT_REFUNDED, &to)) {
        return CAPLAT_NOT_BY_STATE;
    }

    return booking->amount_fen == 0
           || booking->amount_fen > row->amount_fen - row->refunded_fen
           ? CAPLAT_NOT_SO_MUCH : CAPLAT_BOOKED;
}


/* Whether some of what was paid is kept. */
static bool
keeps_some(const caplat_order_row *row)
{
    return row->state == CAPLAT_STATE_PAID || row->state == CAPLAT_STATE_OPENED
        || (row->state == CAPLAT_STATE_REFUNDED
            && row->amount_fen > row->refunded_fen);
}


/* What is known of the invoice itself stands in the log's lines. */
static caplat_outcome
judge_invoice(const caplat_order_row *row)
{
    return caplat_booking_stands(row, CAPLAT_EVENT_INVOICE_ISSUED, 0)
           ? CAPLAT_OTHER_INVOICE
           : row->amount_fen == 0 ? CAPLAT_NO_INVOICE
           : keeps_some(row) ? CAPLAT_BOOKED : CAPLAT_NOT_BY_STATE;
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
