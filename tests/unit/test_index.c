/*
 * The index: what each kind of record changes, what cannot follow, and that it
 * is the same row by row when it is made anew from the log.
 */

#include "index_picture.h"
#include "index_story.h"


#define ORDERS  40000
#define CERTS   10000


static void
check_order(const caplat_view *view, uint64_t number, caplat_state state,
    uint64_t before, uint32_t events, const char *words)
{
    caplat_order_row  row;

    if (test_that(caplat_view_order(view, number, &row), words)) {
        test_number(row.state, state, words);
        test_number(row.before, before, words);
        test_number(row.event_count, events, words);
        test_number(row.events[0].type, CAPLAT_EVENT_ORDER_CREATED, words);
        test_number(row.amount_fen, 2500, words);
    }
}


static void
check_cert(const caplat_view *view, uint64_t cert, uint64_t last,
    uint64_t unfinished, const char *held, const char *words)
{
    static caplat_cert_row  row;

    some_order  room;

    if (test_that(caplat_view_cert(view, some_org(&room, cert),
                                   CAPLAT_LIT("CFCA"), some_cert(&room, cert),
                                   &row), words))
    {
        test_number(row.last, last, words);
        test_number(row.unfinished, unfinished, words);
        test_text(caplat_slice_of(row.held, row.held_len), test_slice(held),
            words);
    }
}


/* What stands there when the story is over. */
static void
check_story(ledger_room *room)
{
    static caplat_cert_row  cert_row;

    caplat_view         *view;
    caplat_order_row     row;
    caplat_org_place     place = { 0, { 0, 0 } };
    some_order           names;
    uint8_t              hash[CAPLAT_KEY_HASH_LEN] = { 5 };
    uint64_t             number, size;
    int64_t              expires;
    caplat_spot          spot;
    size_t               ones = 0, eights = 0;

    if (!test_that(caplat_ledger_view(room->ledger, &view, &room->error),
                   "a view"))
    {
        return;
    }

    check_order(view, 1, CAPLAT_STATE_CANCELLED, 0, 2, "cancelled");
    check_order(view, 2, CAPLAT_STATE_LAPSED, 0, 2, "lapsed");
    check_order(view, 3, CAPLAT_STATE_CREATED, 0, 1, "created");
    check_order(view, 4, CAPLAT_STATE_OPENED, 1, 4, "opened, shredded");
    check_order(view, 5, CAPLAT_STATE_OPENED, 4, 2, "opened");
    test_that(!caplat_view_order(view, 6, &row), "no such order");
    check_cert(view, 1, 5, 0, "jinzhou,anshan,dalian", "what is held");
    check_cert(view, 2, 2, 0, "", "nothing is held");
    check_cert(view, 3, 3, 3, "", "not finished");

    test_that(caplat_view_next_lapse(view, &expires, &number) && number == 3,
        "it lapses next");
    test_number(expires, 1800000000, "when");
    test_number(caplat_view_last_order(view), 9, "the last");

    test_that(caplat_view_key(view, some_org(&names, 1), hash, &number, &row)
              && number == 5 && row.print[0] == 5, "a key");
    test_that(!caplat_view_key(view, some_org(&names, 2), hash, &number, &row),
              "of another enterprise");
    test_that(caplat_view_spot(view, 11, &spot) && spot.segment == 0,
              "the last record's place");
    test_that(!caplat_view_spot(view, 12, &spot), "there is no more");
    test_that(caplat_view_checkpoint(view, 3, &size, &spot) && size == 12,
              "its checkpoint");

    /* Certificates 1 and 8 are one enterprise's. */
    while (caplat_view_next_cert(view, some_org(&names, 1), &place, &cert_row))
    {
        caplat_slice  ca, cert;

        caplat_cert_row_names(&cert_row, &ca, &cert);
        test_text(ca, test_slice("CFCA"), "whose it is");
        ones += caplat_slice_eq(cert, CAPLAT_LIT("JK1"));
        eights += caplat_slice_eq(cert, CAPLAT_LIT("JK8"));
    }

    test_that(ones == 1 && eights == 1, "each of its certificates");
    caplat_view_end(view);
}


/* Made anew, it is what it was. */
static void
test_story(void)
{
    static const uint64_t     want[TABLES] = { 3, 306, 304, 302, 4 };

    ledger_room  room;
    picture      was;

    room_make(&room);
    room_must_open(&room, "new");

    if (!test_that(play(&room, story, CAPLAT_COUNT(story)), "the story")) {
        printf("    %.*s\n", (int) room.error.len, room.error.words);
    }

    check_story(&room);

    /* And many more orders, of certificates of their own. */
    for (size_t i = 0; i < 100; i++) {
        (void) caplat_ledger_next_order(room.ledger);
    }

    room_must_commit(&room, 200, "many");
    room_must_commit(&room, 100, "more");
    was = picture_of(&room);

    for (size_t i = 0; i < TABLES; i++) {
        test_number(was.rows[i], want[i], picture_names[i]);
    }

    room_close(&room);
    room_forget(&room);
    room_must_open(&room, "made anew");
    check_same(&room, &was);

    room_end(&room);
}


/* The platforms' own servers learn of what money opens and closes. */
static void
check_openings(const caplat_view *view, const char *platform,
    const uint64_t *want, size_t count)
{
    uint64_t  index = 0;
    size_t    found = 0;

    while (caplat_view_opening(view, test_slice(platform), index, &index)) {
        test_that(found < count && index == want[found], platform);
        found++;
        index++;
    }

    test_number(found, count, platform);
}


/* Paid, late, twice, and sent back. */
static void
test_money(void)
{
    static const step  money[] = {
        { CAPLAT_EVENT_ORDER_CREATED,     1, 1, NULL },
        { CAPLAT_EVENT_PAYMENT_RECEIVED,  1, 1, NULL },
        { CAPLAT_EVENT_PLATFORMS_OPENED,  1, 1, "[\"anshan\",\"jinzhou\"]" },
        { CAPLAT_EVENT_PAYMENT_UNMATCHED, 1, 1, NULL },
        { CAPLAT_EVENT_ORDER_CREATED,     2, 2, NULL },
        { CAPLAT_EVENT_ORDER_LAPSED,      2, 2, NULL },
        { CAPLAT_EVENT_ORDER_CREATED,     3, 2, NULL },
        { CAPLAT_EVENT_PAYMENT_RECEIVED,  2, 2, NULL },
        { CAPLAT_EVENT_PLATFORMS_OPENED,  2, 2, "[\"jinzhou\"]" },
        { CAPLAT_EVENT_PAYMENT_REFUNDED,  1, 1, "[\"jinzhou\"]" },
        { CAPLAT_EVENT_REFUND_CONFIRMED,  1, 1, NULL },
        { CAPLAT_EVENT_PAYMENT_REFUNDED,  1, 1, "[]" },
        { CAPLAT_EVENT_ORDER_CREATED,     4, 4, NULL },
        { CAPLAT_EVENT_ORDER_CANCELLED,   4, 4, NULL },
        { CAPLAT_EVENT_PAYMENT_RECEIVED,  4, 4, NULL },
    };
    static const uint64_t  jinzhou[] = { 2, 8, 9 }, anshan[] = { 2 };

    ledger_room               room;
    caplat_view              *view;
    caplat_order_row          row;
    const caplat_order_event *event;

    room_make(&room);
    room_must_open(&room, "new");
    test_that(play(&room, money, CAPLAT_COUNT(money)), "money");
    test_that(caplat_ledger_view(room.ledger, &view, &room.error), "a view");

    check_order(view, 1, CAPLAT_STATE_REFUNDED, 0, 7, "sent back");
    check_order(view, 2, CAPLAT_STATE_OPENED, 0, 4, "late: paid wins");
    check_order(view, 3, CAPLAT_STATE_CREATED, 2, 1, "the one after it");
    check_order(view, 4, CAPLAT_STATE_PAID, 0, 3, "paid when cancelled");
    check_cert(view, 1, 1, 0, "anshan", "one is closed, one stays");
    check_cert(view, 2, 3, 3, "jinzhou", "another order is open");
    check_openings(view, "jinzhou", jinzhou, CAPLAT_COUNT(jinzhou));
    check_openings(view, "anshan", anshan, CAPLAT_COUNT(anshan));
    check_openings(view, "an", anshan, 0);

    test_that(caplat_view_order(view, 1, &row), "the first");
    test_number(row.refunded_fen, 2000, "decided, in all");
    test_number(row.confirmed_fen[CAPLAT_ALIPAY], 2500, "confirmed");
    event = caplat_order_row_event(&row, CAPLAT_EVENT_PAYMENT_RECEIVED, 0);
    test_that(event != NULL && event->index == 1 && event->mark != 0
              && caplat_order_row_event(&row, CAPLAT_EVENT_PAYMENT_UNMATCHED,
                                        event->mark) != NULL
              && caplat_order_row_event(&row, CAPLAT_EVENT_PAYMENT_REFUNDED,
                                        event->mark) == NULL
              && caplat_order_row_event(&row, CAPLAT_EVENT_ORDER_LAPSED, 0)
                 == NULL, "its events are found by their marks");
    caplat_view_end(view);
    room_end(&room);
}


/* So many orders that it is made anew in parts: order N is of certificate
   N % CERTS, whose one before was cancelled with order N + 9000, mostly in
   another part. */
static void
test_parts(void)
{
    static step  steps[1000];

    ledger_room  room;
    picture      was;
    uint64_t     number = 0;

    room_make(&room);
    room.conf.index_len = (size_t) 512 << 20;
    room_must_open(&room, "new");

    for (size_t batch = 0; batch < ORDERS / 500; batch++) {
        size_t  count = 0;

        for (size_t i = 0; i < 500; i++) {
            number++;
            steps[count++] = (step) {
                CAPLAT_EVENT_ORDER_CREATED, number, number % CERTS, NULL
            };

            if (number > 9000) {
                steps[count++] = (step) {
                    CAPLAT_EVENT_ORDER_CANCELLED, number - 9000,
                    (number - 9000) % CERTS, NULL
                };
            }
        }

        test_that(play(&room, steps, count), "a batch");
    }

    was = picture_of(&room);
    test_number(was.rows[1], ORDERS, "orders");
    room_close(&room);
    room_forget(&room);
    room_must_open(&room, "made anew");
    check_same(&room, &was);

    /* It goes on from there. */
    steps[0] = (step) { CAPLAT_EVENT_ORDER_CREATED, ORDERS + 1,
                        (ORDERS + 1) % CERTS, NULL };
    test_that(play(&room, steps, 1), "one more");
    test_that(!play(&room, steps, 1), "and not again");
    room_end(&room);
}


/* What cannot follow is refused, and changes nothing. */
static void
test_refused(void)
{
    static const struct {
        step         steps[2];
        const char  *words;
    } cases[] = {
        { { { CAPLAT_EVENT_ORDER_CREATED, 50, 3, NULL } }, "not finished" },
        { { { CAPLAT_EVENT_ORDER_CREATED, 3, 60, NULL } }, "already exists" },
        { { { CAPLAT_EVENT_ORDER_CREATED, (uint64_t) 1 << 40, 60, NULL } },
          "too great" },
        { { { CAPLAT_EVENT_ORDER_CANCELLED, 70, 3, NULL } }, "no such order" },
        { { { CAPLAT_EVENT_ORDER_CANCELLED, 1, 1, NULL } }, "state" },
        { { { CAPLAT_EVENT_ORDER_LAPSED, 4, 1, NULL } }, "state" },
        { { { CAPLAT_EVENT_PLATFORMS_OPENED, 2, 2, "[\"a\"]" } }, "state" },
    };
    static const step  frozen = { CAPLAT_EVENT_PII_FROZEN, 4, 1, NULL };

    ledger_room  room;
    picture      was;

    room_make(&room);
    room_must_open(&room, "new");
    test_that(play(&room, story, CAPLAT_COUNT(story)), "the story");
    was = picture_of(&room);

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        if (!test_that(!play(&room, cases[i].steps, 1)
                       && memmem(room.error.words, room.error.len,
                                 cases[i].words,
                                 test_slice(cases[i].words).len) != NULL,
                       cases[i].words))
        {
            printf("    %.*s\n", (int) room.error.len, room.error.words);
        }
    }

    check_same(&room, &was);

    /* An order's events have a limit. */
    for (size_t i = 0; i < CAPLAT_ORDER_EVENTS - 4; i++) {
        test_that(play(&room, &frozen, 1), "one more");
    }

    test_that(!play(&room, &frozen, 1), "one too many");
    room_end(&room);
}


int
main(void)
{
    test_that(caplat_trust_open(), "the libraries start");

    test_story();
    test_money();
    test_parts();
    test_refused();

    return test_done();
}
