/*
 * The desk: what a request for an order comes to, whatever the clock, the
 * disk, the token and the card have done meanwhile.
 */

#include "desk_room.h"


static desk_room  d;


/* The clock was ahead for a while: the log is from then on, prices are not. */
static void
test_clock(void)
{
    desk_make(&d);
    d.a.claims.certs[0].expires = NOW + 400 * DAY;
    desk_certificate(&d, "JK1");
    d.now = NOW + 100 * DAY;
    desk_must(&d, KEY_1, "{\"certificate\":\"JK1\","
        "\"platforms\":[\"huachen\"],\"amount\":0}", 201, "", "far ahead");

    desk_holder(&d);
    d.now = NOW;
    desk_must(&d, KEY_2, JINZHOU, 201, "", "the price of today's quote");
    desk_must_say(&d, "\"expires\":1800001800", "it waits as long as always");
    desk_must_hold(&d, 3, "as the card says");

    d.now = NOW + 31 * MINUTE;
    desk_must(&d, "key-0000000000000003", JINZHOU, 201, "", "it has lapsed");
    desk_must_hold(&d, 5, "one has lapsed");
    desk_end(&d);
}


/* A record of an order, as it is asked again; `day` among its terms. */
static bool
reprice(const caplat_record *record, const char *day, int64_t amount_fen)
{
    char            terms[1024];
    caplat_record   other = *record;
    const char     *why;
    size_t          len = record->terms.len - 1;

    (void) snprintf(terms, sizeof(terms), "%.*s%s}", (int) len,
                    record->terms.ptr, day);
    other.terms = test_slice(terms);
    other.amount_fen += amount_fen;

    return caplat_record_reprice(&other, &d.a.rates, &why);
}


static void
test_reprice(void)
{
    char           room[CAPLAT_RECORD_LEN_MAX];
    caplat_view   *view;
    caplat_slice   line;
    caplat_record  record;
    caplat_err     err;

    desk_make(&d);
    desk_must(&d, KEY_1, JINZHOU, 201, "", "an order");
    test_that(caplat_ledger_view(d.ledger.ledger, &view, &d.ledger.error)
              && caplat_ledger_line(d.ledger.ledger, view, 0, room, &line,
                                    &d.ledger.error)
              && caplat_record_read(line, &record, &err), "its record");
    caplat_view_end(view);

    test_that(reprice(&record, "", 0), "it is its price");
    test_that(!reprice(&record, "", 1), "a fen more is not");
    test_that(reprice(&record, ",\"day\":\"2027-01-14\"", 0), "of yesterday");
    test_that(!reprice(&record, ",\"day\":\"2025-01-14\"", 0), "two years ago");
    test_that(!reprice(&record, ",\"day\":\"2027-01-15\"", 0), "its own day");
    test_that(!reprice(&record, ",\"day\":\"2027-01-16\"", 0), "a later one");
    desk_end(&d);
}


int
main(void)
{
    if (!caplat_trust_open()) {
        return test_done();
    }

    test_clock();
    test_reprice();

    return test_done();
}
