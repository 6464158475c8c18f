/*
 * Rows as they stand in the index: each length of what has none fixed, there
 * and back, and nothing else is taken for a row.
 */

#include "caplat_index_view.h"

#include "caplat_money.h"

#include "test.h"

#include <stdlib.h>


static caplat_order_row
some_row(size_t id_len, size_t cert_len, size_t events)
{
    caplat_order_row  row;

    memset(&row, 0, sizeof(row));
    row.state = CAPLAT_STATE_REFUNDED;
    row.created_ms = INT64_C(1795334400123);
    row.expires = INT64_C(1795336200);
    row.amount_fen = CAPLAT_FEN_MAX;
    row.refunded_fen = 1000;

    for (size_t i = 0; i < CAPLAT_CHANNEL_COUNT; i++) {
        row.confirmed_fen[i] = (int64_t) (999 + i);
    }

    memset(row.key_hash, 'k', sizeof(row.key_hash));
    memset(row.print, 'p', sizeof(row.print));
    row.before = CAPLAT_TREE_SIZE_MAX;
    row.id_len = (uint32_t) id_len;
    row.cert_len = (uint32_t) cert_len;
    row.event_count = (uint32_t) events;
    memset(row.id, 'i', id_len);
    memset(row.cert, 'c', cert_len);

    for (size_t i = 0; i < events; i++) {
        row.events[i].index = CAPLAT_TREE_SIZE_MAX - i;
        row.events[i].mark = UINT64_MAX - 7 * i;
        row.events[i].type = (caplat_event) (1 + i % (CAPLAT_EVENT_COUNT - 1));
    }

    return row;
}


/* A copy with no byte behind it, so that a sanitizer sees who reads on. */
static char *
copy_of(caplat_slice text)
{
    char  *copy = malloc(text.len != 0 ? text.len : 1);

    memcpy(copy, text.ptr, text.len);

    return copy;
}


/* Field by field: what lies between them is nobody's. */
static bool
is_same(const caplat_order_row *a, const caplat_order_row *b)
{
    for (size_t i = 0; i < CAPLAT_ORDER_EVENTS; i++) {
        if (a->events[i].index != b->events[i].index
            || a->events[i].mark != b->events[i].mark
            || a->events[i].type != b->events[i].type)
        {
            return false;
        }
    }

    return a->state == b->state && a->created_ms == b->created_ms
        && a->expires == b->expires && a->amount_fen == b->amount_fen
        && a->refunded_fen == b->refunded_fen
        && memcmp(a->confirmed_fen, b->confirmed_fen,
                  sizeof(a->confirmed_fen)) == 0
        && memcmp(a->key_hash, b->key_hash, sizeof(a->key_hash)) == 0
        && memcmp(a->print, b->print, sizeof(a->print)) == 0
        && a->before == b->before
        && a->id_len == b->id_len && a->cert_len == b->cert_len
        && a->event_count == b->event_count
        && memcmp(a->id, b->id, sizeof(a->id)) == 0
        && memcmp(a->cert, b->cert, sizeof(a->cert)) == 0;
}


static void
check_order(size_t id_len, size_t cert_len, size_t events)
{
    caplat_order_row  row = some_row(id_len, cert_len, events), again;
    char              room[CAPLAT_ORDER_PACKED_MAX];
    caplat_slice      packed = caplat_order_row_pack(&row, room);
    char             *copy = copy_of(packed);

    test_number(packed.len, 124 + 17 * events + id_len + cert_len,
        "its length");
    memset(&again, 0, sizeof(again));
    test_that(caplat_order_row_unpack(caplat_slice_of(copy, packed.len),
                                      &again), "it is read");
    test_that(is_same(&row, &again), "it is the same");
    free(copy);
}


static void
test_orders(void)
{
    for (size_t len = 0; len <= CAPLAT_CERT_KEY_MAX; len++) {
        check_order(len % (CAPLAT_ORDER_ID_LEN_MAX + 1), len,
            len % (CAPLAT_ORDER_EVENTS + 1));
    }

    check_order(CAPLAT_ORDER_ID_LEN_MAX, CAPLAT_CERT_KEY_MAX,
        CAPLAT_ORDER_EVENTS);
    test_number(CAPLAT_ORDER_PACKED_MAX, 124 + 17 * 32 + 32 + 128,
        "the longest");
}


/* One byte too few or too many, and lengths beyond their limits. */
static void
test_no_orders(void)
{
    static const struct {
        size_t   at;
        uint8_t  byte;
    } lengths[] = {
        { 120, CAPLAT_STATE_COUNT }, { 121, CAPLAT_ORDER_ID_LEN_MAX + 1 },
        { 122, CAPLAT_CERT_KEY_MAX + 1 }, { 123, CAPLAT_ORDER_EVENTS + 1 },
        { 121, 15 }, { 122, 28 }, { 123, 3 }
    };

    caplat_order_row  row = some_row(16, 27, 2), before = row;
    char              room[2000];
    size_t            len = caplat_order_row_pack(&row, room).len;

    memset(room + len, 0, sizeof(room) - len);

    for (size_t i = 0; i < sizeof(room); i++) {
        char  *copy = copy_of(caplat_slice_of(room, i));

        test_that(caplat_order_row_unpack(caplat_slice_of(copy, i), &row)
                  == (i == len), "its length");
        free(copy);
    }

    for (size_t i = 0; i < CAPLAT_COUNT(lengths); i++) {
        char  was = room[lengths[i].at];

        room[lengths[i].at] = (char) lengths[i].byte;
        test_that(!caplat_order_row_unpack(caplat_slice_of(room, len), &row),
                  "a length");
        room[lengths[i].at] = was;
    }

    test_that(is_same(&row, &before), "it is as it was");
}


static void
check_cert(size_t key_len, size_t held_len)
{
    static caplat_cert_row  row, again;
    static char             room[CAPLAT_CERT_PACKED_MAX];

    caplat_slice  packed;
    char         *copy;

    memset(row.key, 'k', sizeof(row.key));
    memset(row.held, 'h', sizeof(row.held));
    row.last = CAPLAT_TREE_SIZE_MAX;
    row.unfinished = 1;
    row.key_len = key_len;
    row.held_len = held_len;
    packed = caplat_cert_row_pack(&row, room);
    copy = copy_of(packed);
    test_number(packed.len, 17 + key_len + held_len, "its length");
    memset(&again, 0, sizeof(again));
    test_that(caplat_cert_row_unpack(caplat_slice_of(copy, packed.len),
                                     &again), "it is read");
    test_that(again.last == row.last && again.unfinished == 1
              && again.key_len == key_len && again.held_len == held_len
              && memcmp(again.key, row.key, key_len) == 0
              && memcmp(again.held, row.held, held_len) == 0,
              "it is the same");
    free(copy);
}


static void
test_certs(void)
{
    static const size_t  keys[] = { CAPLAT_ORG_LEN + 1, CAPLAT_CERT_KEY_MAX };
    static const size_t  helds[] = {
        0, 1, 7, 100, CAPLAT_HELD_LEN_MAX - 1, CAPLAT_HELD_LEN_MAX
    };

    for (size_t i = 0; i < CAPLAT_COUNT(keys); i++) {
        for (size_t j = 0; j < CAPLAT_COUNT(helds); j++) {
            check_cert(keys[i], helds[j]);
        }
    }
}


/* Rows that are none: of whose key there is no name, or less than told. */
static void
test_no_certs(void)
{
    static const struct {
        int          key_len;
        size_t       len;
        const char  *words;
    } cases[] = {
        { 30, 0, "nothing" },
        { 30, 16, "too short" },
        { 30, 46, "a key that is cut off" },
        { CAPLAT_ORG_LEN, 200, "a key without a certificate" },
        { CAPLAT_CERT_KEY_MAX + 1, 200, "a key that is too long" },
        { 30, 17 + 30 + CAPLAT_HELD_LEN_MAX + 1, "too much is held" },
    };
    static caplat_cert_row  row;
    static char             bytes[CAPLAT_CERT_PACKED_MAX];

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        char  *copy;

        bytes[16] = (char) cases[i].key_len;
        copy = copy_of(caplat_slice_of(bytes, cases[i].len));
        test_that(!caplat_cert_row_unpack(caplat_slice_of(copy, cases[i].len),
                                          &row), cases[i].words);
        free(copy);
    }
}


/* Where each line of a batch stands, and rows that are none. */
static void
test_lines(void)
{
    static const uint32_t  ends[] = { 10, 31, 50, 400 };

    const caplat_lines  lines = { 7, 1000, 20, 3, ends };
    const size_t        len = caplat_lines_packed_len(3);
    char                room[60];
    char               *copy;
    caplat_spot         spot;

    caplat_lines_pack(&lines, room);
    test_number(len, 40, "its length");
    copy = copy_of(caplat_slice_of(room, len));

    for (uint64_t i = 0; i < 4; i++) {
        uint64_t  from = i != 0 ? ends[i - 1] + 1 : 0;

        test_that(caplat_lines_spot(caplat_slice_of(copy, len), 22, 20 + i,
                                    &spot)
                  && spot.segment == 7 && spot.at == 1000 + from
                  && spot.len == ends[i] - from, "a line");
    }

    test_that(!caplat_lines_spot(caplat_slice_of(copy, len), 22, 19, &spot)
              && !caplat_lines_spot(caplat_slice_of(copy, len), 22, 24, &spot),
              "of another batch");
    test_that(!caplat_lines_spot(caplat_slice_of(copy, len), 21, 21, &spot)
              && !caplat_lines_spot(caplat_slice_of(copy, len), 23, 21, &spot)
              && !caplat_lines_spot(caplat_slice_of(copy, len),
                                    UINT64_MAX, 21, &spot),
              "of another length");
    free(copy);

    /* One that ends before it begins; so many that their room wraps. */
    copy = copy_of(caplat_slice_of(room, len));
    memset(copy + 28, 0, 4);
    test_that(!caplat_lines_spot(caplat_slice_of(copy, len), 22, 21, &spot),
              "it ends before it begins");
    memset(copy + 16, 0, 8);
    test_that(!caplat_lines_spot(caplat_slice_of(copy, 32),
                                 (uint64_t) 1 << 62, 1000, &spot),
              "more than there are");
    free(copy);

    for (size_t i = 0; i < len; i++) {
        copy = copy_of(caplat_slice_of(room, i));
        test_that(!caplat_lines_spot(caplat_slice_of(copy, i), 22, 21, &spot),
                  "too short");
        free(copy);
    }
}


int
main(void)
{
    test_lines();
    test_orders();
    test_no_orders();
    test_certs();
    test_no_certs();

    return test_done();
}
