/*
 * Booking: what is said of an order's money and invoice, and what is recorded;
 * the same said again changes nothing.
 */

#include "ledger_room.h"

#include "caplat_booking.h"


/* Records that are there before: orders and what became of them. An order is
   of the certificate of its number, unless told. */
typedef struct {
    caplat_event   type;
    uint64_t       number;
    uint64_t       cert;
} before;


static bool
decide_before(void *data, size_t at, caplat_batch *batch)
{
    const before   *all = data;
    some_order      room;
    caplat_record   record;

    if (all[at].type == CAPLAT_EVENT_ORDER_CREATED) {
        some_created(&room, all[at].number,
            all[at].cert != 0 ? all[at].cert : all[at].number, &record);
        record.invoice = CAPLAT_LIT("digital_normal");

        if (all[at].number == 13) {
            record.add = CAPLAT_LIT("[\"anshan\",\"jinzhou\"]");
        }

        if (all[at].number == 9) {
            record.invoice = CAPLAT_LIT("");
        }

    } else {
        some_event(&room, all[at].number, all[at].type, &record);
    }

    return caplat_batch_add(batch, &record);
}


static void
lay(ledger_room *room)
{
    static before  all[] = {
        { CAPLAT_EVENT_ORDER_CREATED, 1, 0 },
        { CAPLAT_EVENT_ORDER_CREATED, 2, 0 },
        { CAPLAT_EVENT_ORDER_LAPSED, 2, 0 },
        { CAPLAT_EVENT_ORDER_CREATED, 3, 0 },
        { CAPLAT_EVENT_ORDER_CANCELLED, 3, 0 },
        { CAPLAT_EVENT_ORDER_CREATED, 4, 0 },
        { CAPLAT_EVENT_ORDER_CREATED, 9, 0 },
        { CAPLAT_EVENT_ORDER_CREATED, 12, 2 },
        { CAPLAT_EVENT_ORDER_CREATED, 13, 3 },
    };

    room_make(room);
    room_must_open(room, "new");
    test_that(caplat_ledger_commit(room->ledger, decide_before, all,
                                   CAPLAT_COUNT(all), room->now_ms, false,
                                   &room->batch, &room->error), "orders");
}


typedef struct {
    ledger_room           *room;
    const caplat_booking  *booking;
    caplat_booked          booked;
} saying;


static bool
decide(void *data, size_t at, caplat_batch *batch)
{
    saying  *s = data;

    (void) at;

    return caplat_booking_record(s->room->ledger, s->booking, batch,
        &s->booked);
}


/* Say it; how many records came of it. */
static uint64_t
say(ledger_room *room, const caplat_booking *booking, caplat_booked *booked)
{
    saying        s = { room, booking,
                        { CAPLAT_BOOKED, CAPLAT_STATE_NONE, false } };
    uint64_t      was = caplat_ledger_durable(room->ledger);
    caplat_view  *view;
    bool          is_news;

    test_that(caplat_ledger_view(room->ledger, &view, &room->error), "a view");
    is_news = caplat_booking_is_news(booking, view);
    caplat_view_end(view);

    room->now_ms += 1000;

    if (!test_that(caplat_ledger_commit(room->ledger, decide, &s, 1,
                       room->now_ms, false, &room->batch, &room->error),
                   "a commit"))
    {
        printf("    %.*s\n", (int) room->error.len, room->error.words);
    }

    *booked = s.booked;
    was = caplat_ledger_durable(room->ledger) - was;

    /* What is told before the lock is what happens within; only whether there
       is an invoice at all, what the order is for, and of how much a payment
       was, stands in a line that is not read for it. */
    if (booking->of.len == 0 && s.booked.outcome != CAPLAT_NO_INVOICE
        && s.booked.outcome != CAPLAT_UNMATCHED_HELD)
    {
        test_that(is_news == (was != 0), "is news");
    }

    return was;
}


static caplat_booking
payment(const char *order, const char *trade, int64_t amount_fen)
{
    return (caplat_booking) {
        .said = CAPLAT_EVENT_PAYMENT_RECEIVED, .order = test_slice(order),
        .client = CAPLAT_LIT("alipay"), .channel = CAPLAT_LIT("alipay"),
        .trade = test_slice(trade), .amount_fen = amount_fen,
        .paid = 1795334400
    };
}


typedef struct {
    const char      *words;
    caplat_booking   booking;
    caplat_outcome   outcome;
    caplat_state     state;
    uint64_t         records;
} saying_case;


static void
run(ledger_room *room, const saying_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        caplat_booked  booked;

        test_number(say(room, &cases[i].booking, &booked), cases[i].records,
            cases[i].words);
        test_text(caplat_outcome_word(booked.outcome),
            caplat_outcome_word(cases[i].outcome), cases[i].words);
        test_text(caplat_state_name(booked.state),
            caplat_state_name(cases[i].state), cases[i].words);
    }
}


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


static caplat_booking
refund(caplat_event said, const char *order, const char *trade,
    int64_t amount_fen, bool closes)
{
    caplat_booking  booking = payment(order, trade, amount_fen);

    booking.said = said;
    booking.closes = closes;

    return booking;
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


/* What was said of an order, by WeChat instead of Alipay. */
static caplat_booking
by_wechat(caplat_booking booking)
{
    booking.client = CAPLAT_LIT("wechat");
    booking.channel = CAPLAT_LIT("wechat");

    return booking;
}


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


static caplat_booking
invoice(const char *order, const char *number)
{
    return (caplat_booking) {
        .said = CAPLAT_EVENT_INVOICE_ISSUED, .order = test_slice(order),
        .client = CAPLAT_LIT("operator"), .number = test_slice(number),
        .day = CAPLAT_LIT("2026-12-01")
    };
}


static caplat_booking
refund_of(const char *order, const char *of, const char *trade,
    int64_t amount_fen)
{
    caplat_booking  booking = refund(CAPLAT_EVENT_PAYMENT_REFUNDED, order,
                                     trade, amount_fen, false);

    booking.client = CAPLAT_LIT("operator");
    booking.channel = CAPLAT_LIT("");
    booking.of = test_slice(of);

    return booking;
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
    test_channels();
    test_held();
    test_returns();
    test_invoices();
    test_room();

    return test_done();
}
