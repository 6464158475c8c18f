/*
 * Booking: what is said of an order's money and invoice, and what is recorded;
 * the same said again changes nothing.
 */

#include "booking_room.h"


static void
test_payments(void)
{
    const saying_case  cases[] = {
        { "another amount", payment("CA20261126000001", "T1", 2499),
          CAPLAT_UNMATCHED_AMOUNT, CAPLAT_STATE_CREATED, 1 },
        { "and told again", payment("CA20261126000001", "T1", 2499),
          CAPLAT_UNMATCHED_AMOUNT, CAPLAT_STATE_CREATED, 0 },
        { "paid", payment("CA20261126000001", "T2", 2500), CAPLAT_BOOKED,
          CAPLAT_STATE_OPENED, 2 },
        { "told again", payment("CA20261126000001", "T2", 2500),
          CAPLAT_BOOKED_BEFORE, CAPLAT_STATE_OPENED, 0 },
        { "paid twice", payment("CA20261126000001", "T3", 2500),
          CAPLAT_UNMATCHED_TWICE, CAPLAT_STATE_OPENED, 1 },
        { "twice, told again", payment("CA20261126000001", "T3", 2500),
          CAPLAT_UNMATCHED_TWICE, CAPLAT_STATE_OPENED, 0 },
        { "after it lapsed", payment("CA20261126000002", "T2", 2500),
          CAPLAT_BOOKED, CAPLAT_STATE_OPENED, 2 },
        { "after it was cancelled", payment("CA20261126000003", "T2", 2500),
          CAPLAT_BOOKED, CAPLAT_STATE_OPENED, 2 },
        { "no order", payment("CA20261126000005", "T2", 2500), CAPLAT_NO_ORDER,
          CAPLAT_STATE_NONE, 0 },
        { "of another day", payment("CA20261125000004", "T2", 2500),
          CAPLAT_NO_ORDER, CAPLAT_STATE_NONE, 0 },
        { "no id", payment("4", "T2", 2500), CAPLAT_NO_ORDER,
          CAPLAT_STATE_NONE, 0 },
    };

    ledger_room  room;

    lay(&room);
    run(&room, cases, CAPLAT_COUNT(cases));
    room_end(&room);
}


static void
test_refunds(void)
{
    const saying_case  cases[] = {
        { "before it is paid",
          refund(CAPLAT_EVENT_PAYMENT_REFUNDED, "CA20261126000001", "R1", 500,
                 true),
          CAPLAT_NOT_BY_STATE, CAPLAT_STATE_CREATED, 0 },
        { "paid", payment("CA20261126000001", "T1", 2500), CAPLAT_BOOKED,
          CAPLAT_STATE_OPENED, 2 },
        { "more than was paid",
          refund(CAPLAT_EVENT_PAYMENT_REFUNDED, "CA20261126000001", "R1", 2501,
                 true),
          CAPLAT_NOT_SO_MUCH, CAPLAT_STATE_OPENED, 0 },
        { "nothing",
          refund(CAPLAT_EVENT_PAYMENT_REFUNDED, "CA20261126000001", "R1", 0,
                 true),
          CAPLAT_NOT_SO_MUCH, CAPLAT_STATE_OPENED, 0 },
        { "a part",
          refund(CAPLAT_EVENT_PAYMENT_REFUNDED, "CA20261126000001", "R1", 1500,
                 false),
          CAPLAT_BOOKED, CAPLAT_STATE_REFUNDED, 1 },
        { "said again",
          refund(CAPLAT_EVENT_PAYMENT_REFUNDED, "CA20261126000001", "R1", 1500,
                 false),
          CAPLAT_BOOKED_BEFORE, CAPLAT_STATE_REFUNDED, 0 },
        { "too much in all",
          refund(CAPLAT_EVENT_PAYMENT_REFUNDED, "CA20261126000001", "R2", 1001,
                 true),
          CAPLAT_NOT_SO_MUCH, CAPLAT_STATE_REFUNDED, 0 },
        { "the rest",
          refund(CAPLAT_EVENT_PAYMENT_REFUNDED, "CA20261126000001", "R2", 1000,
                 true),
          CAPLAT_BOOKED, CAPLAT_STATE_REFUNDED, 1 },
        { "the channel says so too",
          refund(CAPLAT_EVENT_REFUND_CONFIRMED, "CA20261126000001", "R1", 1500,
                 false),
          CAPLAT_BOOKED, CAPLAT_STATE_REFUNDED, 1 },
        { "and again",
          refund(CAPLAT_EVENT_REFUND_CONFIRMED, "CA20261126000001", "R1", 1500,
                 false),
          CAPLAT_BOOKED_BEFORE, CAPLAT_STATE_REFUNDED, 0 },
        { "a refund that comes before its payment",
          refund(CAPLAT_EVENT_REFUND_CONFIRMED, "CA20261126000004", "R9", 2500,
                 false),
          CAPLAT_BOOKED, CAPLAT_STATE_CREATED, 1 },
        { "opens nothing", payment("CA20261126000004", "T4", 2500),
          CAPLAT_UNMATCHED_REFUNDED, CAPLAT_STATE_CREATED, 1 },
    };

    ledger_room       room;
    caplat_view      *view;
    caplat_cert_row   cert;
    some_order        names;

    lay(&room);
    run(&room, cases, CAPLAT_COUNT(cases));

    test_that(caplat_ledger_view(room.ledger, &view, &room.error)
              && caplat_view_cert(view, some_org(&names, 1),
                                  CAPLAT_LIT("CFCA"), some_cert(&names, 1),
                                  &cert) && cert.held_len == 0, "closed");
    caplat_view_end(view);
    room_end(&room);
}


/* Alipay says what went back in all: each record has what is new. */
static void
test_totals(void)
{
    saying_case  cases[] = {
        { "paid", payment("CA20261126000001", "T1", 2500), CAPLAT_BOOKED,
          CAPLAT_STATE_OPENED, 2 },
        { "a part",
          refund(CAPLAT_EVENT_REFUND_CONFIRMED, "CA20261126000001", "R1", 1000,
                 false),
          CAPLAT_BOOKED, CAPLAT_STATE_OPENED, 1 },
        { "1500 in all",
          refund(CAPLAT_EVENT_REFUND_CONFIRMED, "CA20261126000001", "R2", 1500,
                 false),
          CAPLAT_BOOKED, CAPLAT_STATE_OPENED, 1 },
        { "1200 in all, which comes late",
          refund(CAPLAT_EVENT_REFUND_CONFIRMED, "CA20261126000001", "R3", 1200,
                 false),
          CAPLAT_BOOKED_BEFORE, CAPLAT_STATE_OPENED, 0 },
    };

    ledger_room        room;
    caplat_view       *view;
    caplat_order_row   row;

    for (size_t i = 1; i < CAPLAT_COUNT(cases); i++) {
        cases[i].booking.is_total = true;
    }

    lay(&room);
    run(&room, cases, CAPLAT_COUNT(cases));
    test_that(caplat_ledger_view(room.ledger, &view, &room.error)
              && caplat_view_order(view, 1, &row)
              && row.confirmed_fen[CAPLAT_ALIPAY] == 1500, "1500, not 2500");
    caplat_view_end(view);
    room_end(&room);
}


static void
test_invoices(void)
{
    const saying_case  cases[] = {
        { "before it is paid", invoice("CA20261126000001", "N1"),
          CAPLAT_NOT_BY_STATE, CAPLAT_STATE_CREATED, 0 },
        { "paid", payment("CA20261126000001", "T1", 2500), CAPLAT_BOOKED,
          CAPLAT_STATE_OPENED, 2 },
        { "issued", invoice("CA20261126000001", "N1"), CAPLAT_BOOKED,
          CAPLAT_STATE_OPENED, 1 },
        { "said again", invoice("CA20261126000001", "N1"),
          CAPLAT_BOOKED_BEFORE, CAPLAT_STATE_OPENED, 0 },
        { "another number", invoice("CA20261126000001", "N2"),
          CAPLAT_OTHER_INVOICE, CAPLAT_STATE_OPENED, 0 },
        { "paid", payment("CA20261126000009", "T1", 2500), CAPLAT_BOOKED,
          CAPLAT_STATE_OPENED, 2 },
        { "none was asked for", invoice("CA20261126000009", "N3"),
          CAPLAT_NO_INVOICE, CAPLAT_STATE_OPENED, 0 },
        { "paid", payment("CA20261126000002", "T1", 2500), CAPLAT_BOOKED,
          CAPLAT_STATE_OPENED, 2 },
        { "a part goes back",
          refund(CAPLAT_EVENT_PAYMENT_REFUNDED, "CA20261126000002", "R1", 500,
                 false),
          CAPLAT_BOOKED, CAPLAT_STATE_REFUNDED, 1 },
        { "issued for the rest", invoice("CA20261126000002", "N4"),
          CAPLAT_BOOKED, CAPLAT_STATE_REFUNDED, 1 },
        { "paid", payment("CA20261126000003", "T1", 2500), CAPLAT_BOOKED,
          CAPLAT_STATE_OPENED, 2 },
        { "all goes back",
          refund(CAPLAT_EVENT_PAYMENT_REFUNDED, "CA20261126000003", "R1", 2500,
                 true),
          CAPLAT_BOOKED, CAPLAT_STATE_REFUNDED, 1 },
        { "nothing is left to be invoiced",
          invoice("CA20261126000003", "N5"), CAPLAT_NOT_BY_STATE,
          CAPLAT_STATE_REFUNDED, 0 },
    };

    ledger_room  room;

    lay(&room);
    run(&room, cases, CAPLAT_COUNT(cases));
    room_end(&room);
}


/* However many notices of trouble come, the order can still be paid and sent
   back. */
static void
test_room(void)
{
    ledger_room    room;
    caplat_booked  booked;
    uint64_t       records = 0;

    lay(&room);

    for (size_t i = 0; i < 2 * CAPLAT_ORDER_EVENTS; i++) {
        char            trade[8];
        caplat_booking  booking;

        (void) snprintf(trade, sizeof(trade), "W%zu", i);
        booking = payment("CA20261126000001", trade, 1);
        records += say(&room, &booking, &booked);
        test_number(booked.outcome, CAPLAT_UNMATCHED_AMOUNT, "trouble");
    }

    test_that(records > 8 && records < CAPLAT_ORDER_EVENTS - 3, "a bound");

    const saying_case  cases[] = {
        { "paid after all", payment("CA20261126000001", "T1", 2500),
          CAPLAT_BOOKED, CAPLAT_STATE_OPENED, 2 },
        { "issued", invoice("CA20261126000001", "N1"), CAPLAT_BOOKED,
          CAPLAT_STATE_OPENED, 1 },
        { "sent back", refund_of("CA20261126000001", "T1", "R1", 2500),
          CAPLAT_BOOKED, CAPLAT_STATE_REFUNDED, 1 },
    };

    run(&room, cases, CAPLAT_COUNT(cases));
    room_end(&room);
}


int
main(void)
{
    test_that(caplat_trust_open(), "the libraries start");

    test_payments();
    test_refunds();
    test_totals();
    test_invoices();
    test_room();

    return test_done();
}
