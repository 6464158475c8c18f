#include "caplat_booking.h"

#include "caplat_booking_inner.h"


static const caplat_slice  outcomes[] = {
    [CAPLAT_BOOKED] = CAPLAT_INIT("booked"),
    [CAPLAT_BOOKED_PARTLY] = CAPLAT_INIT("partly-held"),
    [CAPLAT_BOOKED_BEFORE] = CAPLAT_INIT("booked-before"),
    [CAPLAT_UNMATCHED_AMOUNT] = CAPLAT_INIT("amount"),
    [CAPLAT_UNMATCHED_TWICE] = CAPLAT_INIT("twice"),
    [CAPLAT_UNMATCHED_REFUNDED] = CAPLAT_INIT("refunded"),
    [CAPLAT_UNMATCHED_HELD] = CAPLAT_INIT("held"),
    [CAPLAT_NO_ORDER] = CAPLAT_INIT("no-order"),
    [CAPLAT_NOT_READ] = CAPLAT_INIT("not-read"),
    [CAPLAT_NOT_BY_STATE] = CAPLAT_INIT("order-state"),
    [CAPLAT_NOT_SO_MUCH] = CAPLAT_INIT("not-so-much"),
    [CAPLAT_NO_PAYMENT] = CAPLAT_INIT("no-payment"),
    [CAPLAT_WHICH_PAYMENT] = CAPLAT_INIT("which-payment"),
    [CAPLAT_OPENED_NOTHING] = CAPLAT_INIT("opened-nothing"),
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
        || outcome == CAPLAT_UNMATCHED_REFUNDED
        || outcome == CAPLAT_UNMATCHED_HELD;
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

    outcome = caplat_booking_judge(booking, &row);

    return (outcome == CAPLAT_BOOKED
            || (caplat_outcome_unmatched(outcome)
                && !caplat_booking_stands(&row, CAPLAT_EVENT_PAYMENT_UNMATCHED,
                                          caplat_booking_mark(booking))))
        && caplat_booking_has_room(&row, outcome, booking->said);
}


bool
caplat_booking_record(caplat_ledger *ledger, const caplat_booking *booking,
    caplat_batch *batch, caplat_booked *booked)
{
    caplat_order_row     row;
    caplat_booking_desk  d = {
        .ledger = ledger, .booking = booking, .batch = batch, .row = &row
    };

    if (!find_order(booking, caplat_batch_view(batch), &row)) {
        *booked = (caplat_booked) { CAPLAT_NO_ORDER, CAPLAT_STATE_NONE,
                                    false };
        return true;
    }

    booked->outcome = caplat_booking_judge(booking, &row);

    if (!caplat_booking_at(&d, &booked->outcome)) {
        return false;
    }

    (void) find_order(booking, caplat_batch_view(batch), &row);
    booked->state = row.state;
    booked->is_known = d.is_known;

    return true;
}
