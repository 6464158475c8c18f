/*
 * A ledger with some orders, of whose money and invoices something is said.
 */

#ifndef BOOKING_ROOM_H
#define BOOKING_ROOM_H

#include "ledger_room.h"

#include "caplat_booking.h"


/* Records that are there before: orders and what became of them. An order is
   of the certificate of its number, unless told. */
typedef struct {
    caplat_event   type;
    uint64_t       number;
    uint64_t       cert;
} before;


static inline bool
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


static inline void
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


static inline bool
decide(void *data, size_t at, caplat_batch *batch)
{
    saying  *s = data;

    (void) at;

    return caplat_booking_record(s->room->ledger, s->booking, batch,
        &s->booked);
}


/* Say it; how many records came of it. */
static inline uint64_t
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


static inline caplat_booking
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


static inline void
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


static inline caplat_booking
refund(caplat_event said, const char *order, const char *trade,
    int64_t amount_fen, bool closes)
{
    caplat_booking  booking = payment(order, trade, amount_fen);

    booking.said = said;
    booking.closes = closes;

    return booking;
}


/* What was said of an order, by WeChat instead of Alipay. */
static inline caplat_booking
by_wechat(caplat_booking booking)
{
    booking.client = CAPLAT_LIT("wechat");
    booking.channel = CAPLAT_LIT("wechat");

    return booking;
}


static inline caplat_booking
invoice(const char *order, const char *number)
{
    return (caplat_booking) {
        .said = CAPLAT_EVENT_INVOICE_ISSUED, .order = test_slice(order),
        .client = CAPLAT_LIT("operator"), .number = test_slice(number),
        .day = CAPLAT_LIT("2026-12-01")
    };
}


static inline caplat_booking
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


#endif /* BOOKING_ROOM_H */
