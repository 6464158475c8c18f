/*
 * Booking of more than one payment: of two channels, of two orders for the same
 * platforms, and of money that fits no order.
 */

#include "booking_room.h"


/* An order's number can be paid once by each channel: what one of them sends
   back says nothing of the other's payment. */
static void
test_channels(void)
{
    saying_case  cases[] = {
        { "paid by Alipay", payment("CA20261126000001", "T1", 2500),
          CAPLAT_BOOKED, CAPLAT_STATE_OPENED, 2 },
        { "and by WeChat",
          by_wechat(payment("CA20261126000001", "T2", 2500)),
          CAPLAT_UNMATCHED_TWICE, CAPLAT_STATE_OPENED, 1 },
        { "which sends it back",
          by_wechat(refund(CAPLAT_EVENT_REFUND_CONFIRMED, "CA20261126000001",
                           "R1", 2500, false)),
          CAPLAT_BOOKED, CAPLAT_STATE_OPENED, 1 },
        { "Alipay, 1000 in all",
          refund(CAPLAT_EVENT_REFUND_CONFIRMED, "CA20261126000001", "R2", 1000,
                 false),
          CAPLAT_BOOKED, CAPLAT_STATE_OPENED, 1 },
        { "and 2500 in all",
          refund(CAPLAT_EVENT_REFUND_CONFIRMED, "CA20261126000001", "R3", 2500,
                 false),
          CAPLAT_BOOKED, CAPLAT_STATE_OPENED, 1 },
        { "WeChat's refund before its payment",
          by_wechat(refund(CAPLAT_EVENT_REFUND_CONFIRMED, "CA20261126000004",
                           "R4", 2500, false)),
          CAPLAT_BOOKED, CAPLAT_STATE_CREATED, 1 },
        { "which opens nothing",
          by_wechat(payment("CA20261126000004", "T4", 2500)),
          CAPLAT_UNMATCHED_REFUNDED, CAPLAT_STATE_CREATED, 1 },
        { "Alipay's, which is another",
          payment("CA20261126000004", "T5", 2500), CAPLAT_BOOKED,
          CAPLAT_STATE_OPENED, 2 },
    };

    ledger_room  room;

    cases[3].booking.is_total = true;
    cases[4].booking.is_total = true;
    lay(&room);
    run(&room, cases, CAPLAT_COUNT(cases));
    room_end(&room);
}


static void
check_held(ledger_room *room, uint64_t number, const char *held)
{
    some_order        names;
    caplat_view      *view;
    caplat_cert_row   cert = { .held_len = 0 };

    test_that(caplat_ledger_view(room->ledger, &view, &room->error)
              && caplat_view_cert(view, some_org(&names, number),
                                  CAPLAT_LIT("CFCA"),
                                  some_cert(&names, number), &cert), held);
    test_text(caplat_slice_of(cert.held, cert.held_len), test_slice(held),
        "held");
    caplat_view_end(view);
}


/* Two orders for one certificate: what it has is not sold again, and who is
   paid back closes what was opened by that order alone. */
static void
test_held(void)
{
    const saying_case  late[] = {
        { "late, for the first", payment("CA20261126000002", "T1", 2500),
          CAPLAT_BOOKED, CAPLAT_STATE_OPENED, 2 },
        { "and for the one after it", payment("CA20261126000012", "T2", 2500),
          CAPLAT_UNMATCHED_HELD, CAPLAT_STATE_CREATED, 1 },
        { "told again", payment("CA20261126000012", "T2", 2500),
          CAPLAT_UNMATCHED_HELD, CAPLAT_STATE_CREATED, 0 },
    };
    const saying_case  some[] = {
        { "although it is cancelled", payment("CA20261126000003", "T3", 2500),
          CAPLAT_BOOKED, CAPLAT_STATE_OPENED, 2 },
        { "one of two is there", payment("CA20261126000013", "T4", 2500),
          CAPLAT_BOOKED_PARTLY, CAPLAT_STATE_OPENED, 2 },
        { "told again", payment("CA20261126000013", "T4", 2500),
          CAPLAT_BOOKED_BEFORE, CAPLAT_STATE_OPENED, 0 },
    };
    const saying_case  back[] = {
        { "a part, and it closes",
          refund(CAPLAT_EVENT_PAYMENT_REFUNDED, "CA20261126000013", "R1", 1000,
                 true),
          CAPLAT_BOOKED, CAPLAT_STATE_REFUNDED, 1 },
        { "the first is closed",
          refund(CAPLAT_EVENT_PAYMENT_REFUNDED, "CA20261126000002", "R2", 1000,
                 true),
          CAPLAT_BOOKED, CAPLAT_STATE_REFUNDED, 1 },
        { "what had come stays unmatched",
          payment("CA20261126000012", "T2", 2500),
          CAPLAT_UNMATCHED_HELD, CAPLAT_STATE_CREATED, 0 },
        { "another payment opens", payment("CA20261126000012", "T5", 2500),
          CAPLAT_BOOKED, CAPLAT_STATE_OPENED, 2 },
        { "the rest of the first, which has nothing to close",
          refund(CAPLAT_EVENT_PAYMENT_REFUNDED, "CA20261126000002", "R3", 1500,
                 true),
          CAPLAT_BOOKED, CAPLAT_STATE_REFUNDED, 1 },
    };

    ledger_room  room;

    lay(&room);
    run(&room, late, CAPLAT_COUNT(late));
    check_held(&room, 2, "jinzhou");
    run(&room, some, CAPLAT_COUNT(some));
    check_held(&room, 3, "jinzhou,anshan");
    run(&room, back, CAPLAT_COUNT(back));
    check_held(&room, 3, "jinzhou");
    check_held(&room, 2, "jinzhou");
    room_end(&room);
}


/* Money that fits no order goes back by itself: the order is as it was. */
static void
test_returns(void)
{
    saying_case  cases[] = {
        { "another amount", payment("CA20261126000001", "T1", 3000),
          CAPLAT_UNMATCHED_AMOUNT, CAPLAT_STATE_CREATED, 1 },
        { "of which payment",
          refund(CAPLAT_EVENT_PAYMENT_REFUNDED, "CA20261126000001", "R1", 3000,
                 false),
          CAPLAT_WHICH_PAYMENT, CAPLAT_STATE_CREATED, 0 },
        { "of none", refund_of("CA20261126000001", "T9", "R1", 3000),
          CAPLAT_NO_PAYMENT, CAPLAT_STATE_CREATED, 0 },
        { "with what it opened",
          refund_of("CA20261126000001", "T1", "R1", 1000),
          CAPLAT_OPENED_NOTHING, CAPLAT_STATE_CREATED, 0 },
        { "nothing", refund_of("CA20261126000001", "T1", "R1", 0),
          CAPLAT_NOT_SO_MUCH, CAPLAT_STATE_CREATED, 0 },
        { "more than came", refund_of("CA20261126000001", "T1", "R1", 3001),
          CAPLAT_NOT_SO_MUCH, CAPLAT_STATE_CREATED, 0 },
        { "a part", refund_of("CA20261126000001", "T1", "R1", 1000),
          CAPLAT_BOOKED, CAPLAT_STATE_CREATED, 1 },
        { "said again", refund_of("CA20261126000001", "T1", "R1", 1000),
          CAPLAT_BOOKED_BEFORE, CAPLAT_STATE_CREATED, 0 },
        { "paid after all", payment("CA20261126000001", "T2", 2500),
          CAPLAT_BOOKED, CAPLAT_STATE_OPENED, 2 },
        { "and again", by_wechat(payment("CA20261126000001", "T3", 2500)),
          CAPLAT_UNMATCHED_TWICE, CAPLAT_STATE_OPENED, 1 },
        { "too much of the first",
          refund_of("CA20261126000001", "T1", "R2", 2001),
          CAPLAT_NOT_SO_MUCH, CAPLAT_STATE_OPENED, 0 },
        { "the rest of it", refund_of("CA20261126000001", "T1", "R2", 2000),
          CAPLAT_BOOKED, CAPLAT_STATE_OPENED, 1 },
        { "the second of WeChat, whose refund has the first's number",
          refund_of("CA20261126000001", "T3", "R2", 2500),
          CAPLAT_BOOKED, CAPLAT_STATE_OPENED, 1 },
        { "the invoice is not touched", invoice("CA20261126000001", "N1"),
          CAPLAT_BOOKED, CAPLAT_STATE_OPENED, 1 },
        { "the good one", refund_of("CA20261126000001", "T2", "R4", 2500),
          CAPLAT_BOOKED, CAPLAT_STATE_REFUNDED, 1 },
        { "which is known",
          refund(CAPLAT_EVENT_PAYMENT_REFUNDED, "CA20261126000001", "R4", 2500,
                 false),
          CAPLAT_BOOKED_BEFORE, CAPLAT_STATE_REFUNDED, 0 },
        { "an amount that was mistaken",
          payment("CA20261126000004", "T5", 2499),
          CAPLAT_UNMATCHED_AMOUNT, CAPLAT_STATE_CREATED, 1 },
        { "and mended", payment("CA20261126000004", "T5", 2500),
          CAPLAT_BOOKED, CAPLAT_STATE_OPENED, 2 },
        { "is one payment",
          refund(CAPLAT_EVENT_PAYMENT_REFUNDED, "CA20261126000004", "R5", 2500,
                 true),
          CAPLAT_BOOKED, CAPLAT_STATE_REFUNDED, 1 },
    };

    ledger_room        room;
    caplat_view       *view;
    caplat_order_row   row;

    cases[3].booking.closes = true;
    lay(&room);
    run(&room, cases, CAPLAT_COUNT(cases));
    test_that(caplat_ledger_view(room.ledger, &view, &room.error)
              && caplat_view_order(view, 1, &row)
              && row.refunded_fen == 2500, "the good one alone");
    caplat_view_end(view);
    room_end(&room);
}


int
main(void)
{
    test_that(caplat_trust_open(), "the libraries start");

    test_channels();
    test_held();
    test_returns();

    return test_done();
}
