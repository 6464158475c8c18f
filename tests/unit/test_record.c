#include "caplat_record.h"

#include "caplat_hash.h"
#include "caplat_record_parts.h"

#include "some_order.h"
#include "test.h"

#include <stdlib.h>


/* B64(n) of zeroes. */
#define ZERO16  "AAAAAAAAAAAAAAAAAAAAAA"
#define ZERO24  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define ZERO32  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define SEVEN   "BwAAAAAAAAAAAAAAAAAAAA"
#define SEVEN32 "BwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

#define HEAD(i, type)                                                         \
    "{\"v\":1,\"i\":" i ",\"t\":1795334400123,\"type\":\"" type "\""
#define ORDER  ",\"order\":\"CA20261126000007\""
#define SALT   ",\"salt\":\"" ZERO32 "\"}"

#define PII(slot)                                                             \
    ",\"pii\":{\"epoch\":\"2026Q4\",\"slot\":" slot ",\"n\":\"" ZERO24 "\","  \
    "\"kc\":\"" ZERO32 "\",\"c\":\"AAAA\"}"

#define CREATED                                                               \
    HEAD("17", "order.created") ORDER                                         \
    ",\"subj\":\"" ZERO16 "\",\"client\":\"wizard\""                          \
    ",\"org\":\"913501002000100Y43\",\"ca\":\"CFCA\",\"cert\":\"JK9\""        \
    ",\"terms\":{\"city\":\"210100\",\"lock\":\"\",\"vendor\":\"\","          \
    "\"until\":\"2027-01-01\",\"held\":[]}"                                   \
    ",\"add\":[\"jinzhou\"],\"amount\":2500,\"expires\":1800000000"           \
    ",\"rates\":\"0123456789abcdef0123456789abcdef"                           \
    "0123456789abcdef0123456789abcdef\""                                      \
    ",\"lines\":[{\"platform\":\"jinzhou\",\"name\":\"a\",\"fee_fen\":2500,"  \
    "\"reason\":\"b\"}],\"inv\":null,\"channel\":null,\"hint\":null"          \
    ",\"idem\":\"" SEVEN "\",\"fp\":\"" SEVEN32 "\""                          \
    PII("7") SALT


static some_order  room;


static void
set(caplat_record *record, uint64_t index)
{
    record->index = index;
    record->time_ms = 1795334400123;
}


/* It is written so, and read back as it was. */
static void
check(const caplat_record *record, caplat_slice line, const char *words)
{
    static char    text[CAPLAT_RECORD_LEN_MAX];

    caplat_writer  w = caplat_writer_of(text, sizeof(text));
    caplat_writer  again = caplat_writer_of(text + 4096, 4096);
    caplat_writer  small = caplat_writer_of(text, line.len - 1);
    caplat_record  read;
    caplat_err     err;

    caplat_record_write(record, &w);
    test_text(caplat_written(&w), line, words);

    if (test_that(caplat_record_read(line, &read, &err), words)) {
        caplat_record_write(&read, &again);
        test_text(caplat_written(&again), line, "and so again");
        test_number(read.index, record->index, words);
        test_number(read.time_ms, record->time_ms, words);
        test_number(read.type, record->type, words);
        test_text(read.order, record->order, words);
        test_text(read.cert, record->cert, words);
        test_number(read.amount_fen, record->amount_fen, words);
        test_number(read.expires, record->expires, words);
    }

    caplat_record_write(record, &small);
    test_that(small.full, "a writer without room is full");
}


#define TERMS(more)                                                           \
    "{\"city\":\"210100\",\"lock\":\"\",\"vendor\":\"\","                     \
    "\"until\":\"2027-01-01\",\"held\":[]" more "}"

/* The day of a price, where the clock had been ahead. */
static void
test_terms(void)
{
    static const struct {
        const char  *terms;
        bool         is_read;
    } cases[] = {
        { TERMS(""), true },
        { TERMS(",\"day\":\"2026-11-20\""), true },
        { TERMS(",\"day\":\"2026-11-31\""), false },
        { TERMS(",\"day\":null"), false },
        { TERMS(",\"day\":\"2026-11-20\",\"day\":\"2026-11-20\""), false },
        { TERMS(","), false },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        char           text[4096];
        caplat_writer  w = caplat_writer_of(text, sizeof(text));
        caplat_record  record, read;
        caplat_err     err;

        some_created(&room, 7, 9, &record);
        set(&record, 17);
        record.terms = test_slice(cases[i].terms);
        caplat_record_write(&record, &w);
        test_that(caplat_record_read(caplat_written(&w), &read, &err)
                  == cases[i].is_read, cases[i].terms);
    }
}


static void
test_lines(void)
{
    caplat_record  record;

    some_created(&room, 7, 9, &record);
    set(&record, 17);
    check(&record, CAPLAT_LIT(CREATED), "order.created");

    some_event(&room, 7, CAPLAT_EVENT_ORDER_CANCELLED, &record);
    set(&record, 18);
    check(&record, CAPLAT_LIT(HEAD("18", "order.cancelled") ORDER
          ",\"subj\":\"" ZERO16 "\",\"client\":\"wizard\"" SALT),
          "order.cancelled");

    some_event(&room, 7, CAPLAT_EVENT_ORDER_LAPSED, &record);
    set(&record, 19);
    check(&record, CAPLAT_LIT(HEAD("19", "order.lapsed") ORDER SALT),
          "order.lapsed");

    some_opened(&room, 7, 9, CAPLAT_LIT("[\"jinzhou\",\"anshan\"]"), &record);
    set(&record, 20);
    check(&record, CAPLAT_LIT(HEAD("20", "platforms.opened") ORDER
          ",\"org\":\"913501002000100Y43\",\"ca\":\"CFCA\",\"cert\":\"JK9\""
          ",\"add\":[\"jinzhou\",\"anshan\"]" SALT), "platforms.opened");

    some_paid(&room, 7, CAPLAT_EVENT_PAYMENT_RECEIVED, "T-1", &record);
    set(&record, 20);
    check(&record, CAPLAT_LIT(HEAD("20", "payment.received") ORDER
          ",\"client\":\"alipay\",\"channel\":\"alipay\",\"trade\":\"T-1\""
          ",\"amount\":2500,\"paid\":1795334400,\"pii\":null" SALT),
          "payment.received");
    record.epoch = CAPLAT_LIT("2026Q4");
    record.seal.slot = 9;
    record.sealed = CAPLAT_LIT("AAAA");
    check(&record, CAPLAT_LIT(HEAD("20", "payment.received") ORDER
          ",\"client\":\"alipay\",\"channel\":\"alipay\",\"trade\":\"T-1\""
          ",\"amount\":2500,\"paid\":1795334400" PII("9") SALT),
          "payment.received, who paid");

    some_paid(&room, 7, CAPLAT_EVENT_PAYMENT_UNMATCHED, "T_2", &record);
    record.why = CAPLAT_LIT("twice");
    set(&record, 20);
    check(&record, CAPLAT_LIT(HEAD("20", "payment.unmatched") ORDER
          ",\"client\":\"alipay\",\"channel\":\"alipay\",\"trade\":\"T_2\""
          ",\"amount\":2500,\"paid\":1795334400,\"why\":\"twice\""
          ",\"pii\":null" SALT), "payment.unmatched");

    some_paid(&room, 7, CAPLAT_EVENT_REFUND_CONFIRMED, "R1", &record);
    set(&record, 20);
    check(&record, CAPLAT_LIT(HEAD("20", "refund.confirmed") ORDER
          ",\"client\":\"alipay\",\"channel\":\"alipay\",\"trade\":\"R1\""
          ",\"amount\":2500" SALT), "refund.confirmed");

    some_paid(&room, 7, CAPLAT_EVENT_PAYMENT_RETURNED, "R1", &record);
    record.client = CAPLAT_LIT("operator");
    record.of = CAPLAT_LIT("T_2");
    set(&record, 20);
    check(&record, CAPLAT_LIT(HEAD("20", "payment.returned") ORDER
          ",\"client\":\"operator\",\"channel\":\"alipay\",\"trade\":\"R1\""
          ",\"of\":\"T_2\",\"amount\":2500" SALT), "payment.returned");

    some_refunded(&room, 7, "R1", "[\"jinzhou\"]", &record);
    set(&record, 20);
    check(&record, CAPLAT_LIT(HEAD("20", "payment.refunded") ORDER
          ",\"client\":\"operator\",\"trade\":\"R1\",\"amount\":1000"
          ",\"closed\":[\"jinzhou\"]" SALT), "payment.refunded");
    record.closed = CAPLAT_LIT("[]");
    check(&record, CAPLAT_LIT(HEAD("20", "payment.refunded") ORDER
          ",\"client\":\"operator\",\"trade\":\"R1\",\"amount\":1000"
          ",\"closed\":[]" SALT), "payment.refunded, all stay open");

    some_event(&room, 7, CAPLAT_EVENT_INVOICE_ISSUED, &record);
    record.client = CAPLAT_LIT("operator");
    record.number = CAPLAT_LIT("26212000000012345678");
    record.day = CAPLAT_LIT("2026-12-01");
    set(&record, 20);
    check(&record, CAPLAT_LIT(HEAD("20", "invoice.issued") ORDER
          ",\"client\":\"operator\",\"number\":\"26212000000012345678\""
          ",\"day\":\"2026-12-01\"" SALT), "invoice.issued");

    some_event(&room, 7, CAPLAT_EVENT_PII_SHREDDED, &record);
    record.epoch = CAPLAT_LIT("2026Q4");
    record.seal.slot = 7;
    set(&record, 21);
    check(&record, CAPLAT_LIT(HEAD("21", "pii.shredded") ORDER
          ",\"epoch\":\"2026Q4\",\"slot\":7" SALT), "pii.shredded");

    memset(&record, 0, sizeof(record));
    record.type = CAPLAT_EVENT_LEDGER_REOPENED;
    set(&record, 0);
    check(&record, CAPLAT_LIT(HEAD("0", "ledger.reopened") SALT),
          "ledger.reopened");
}


/* There is one spelling of a record: what is read is written so. */
static void
test_each_byte(void)
{
    static const char  others[] = "\"\\,:{}[]0-9aZ \n\x80\x01";

    static char        line[sizeof(CREATED)], written[sizeof(CREATED) + 64];

    caplat_slice       text = caplat_slice_of(line, sizeof(CREATED) - 1);
    caplat_record      record;
    caplat_err         err;
    size_t             read = 0, same = 0;

    for (size_t at = 0; at < text.len; at++) {
        for (size_t i = 0; i < sizeof(others); i++) {
            caplat_writer  w = caplat_writer_of(written, sizeof(written));

            memcpy(line, CREATED, sizeof(CREATED));
            line[at] = others[i];

            if (caplat_record_read(text, &record, &err)) {
                caplat_record_write(&record, &w);
                read++;
                same += caplat_slice_eq(caplat_written(&w), text);
            }
        }
    }

    test_that(read > text.len, "names and numbers may be others");
    test_number(same, read, "what is read is the only spelling");

    memcpy(line, CREATED, sizeof(CREATED));

    for (size_t len = 0; len < text.len; len++) {
        char  *cut = malloc(len + 1);

        caplat_assert(cut != NULL);
        memcpy(cut, line, len);

        if (!test_that(!caplat_record_read(caplat_slice_of(cut, len), &record,
                                           &err), "a line that is cut"))
        {
            len = text.len;
        }

        free(cut);
    }
}


static void
test_ids(void)
{
    char           text[CAPLAT_ORDER_ID_LEN_MAX];
    caplat_writer  w = caplat_writer_of(text, sizeof(text));
    uint64_t       number = 5;

    caplat_order_id_write(&w, CAPLAT_LIT("LNCA"),
                          (caplat_date) { 2026, 1, 2 }, 12345678);
    test_text(caplat_written(&w), CAPLAT_LIT("LNCA2026010212345678"),
              "a number of more than six digits");
    test_that(caplat_order_number(caplat_written(&w), &number)
              && number == 12345678, "is read");

    const caplat_slice  bad[] = {
        CAPLAT_LIT(""), CAPLAT_LIT("CA"),
        CAPLAT_LIT("20261126000017"),
        CAPLAT_LIT("ca20261126000017"),
        CAPLAT_LIT("CABCA20261126000017"),
        CAPLAT_LIT("CA2026112600017"),
        CAPLAT_LIT("CA2026112600001x"),
        CAPLAT_LIT("CA20261126000017 "),
        CAPLAT_LIT("CA2026112699999999999999999999"),
    };

    for (size_t i = 0; i < CAPLAT_COUNT(bad); i++) {
        number = 5;
        test_that(!caplat_order_number(bad[i], &number) && number == 5,
                  bad[i].ptr);
    }
}


static void
test_list(void)
{
    caplat_cursor  c = caplat_cursor_of(CAPLAT_LIT("[\"a\",\"b-2\"]"));
    caplat_slice   id;

    test_that(caplat_record_next_id(&c, &id), "the first");
    test_text(id, CAPLAT_LIT("a"), "the first");
    test_that(caplat_record_next_id(&c, &id), "the second");
    test_text(id, CAPLAT_LIT("b-2"), "the second");
    test_that(!caplat_record_next_id(&c, &id), "no third");

    c = caplat_cursor_of(CAPLAT_LIT("[]"));
    test_that(!caplat_record_next_id(&c, &id), "none in an empty list");
}


/* Strings of each length with each byte at each place: where they end. */
static void
test_strings(void)
{
    char    line[48];
    size_t  wrong = 0;

    for (size_t len = 1; len <= 40; len++) {
        for (size_t at = 0; at < len * 256; at++) {
            char           byte = (char) (at / len);
            bool           is_end = byte == '"';
            bool           is_bad = (unsigned char) byte < 0x20
                                    || byte == '\\';
            caplat_cursor  c = caplat_cursor_of(caplat_slice_of(line,
                                                                len + 3));
            caplat_slice   text = caplat_slice_of(line, 0);

            memset(line, 'a', sizeof(line));
            line[0] = line[len + 1] = '"';
            line[1 + at % len] = byte;

            if (caplat_take_string(&c, &text) == is_bad) {
                wrong++;
                continue;
            }

            if (is_bad ? caplat_cursor_at(&c) != 0
                : text.ptr != line + 1
                  || text.len != (is_end ? at % len : len)
                  || caplat_cursor_at(&c) != text.len + 2)
            {
                wrong++;
            }
        }
    }

    test_number(wrong, 0, "strings end where they should");

    caplat_cursor  escapes = caplat_cursor_of(
        CAPLAT_LIT("\"12345678\\\"12345678\\\\\\u000a12345678\\u001f\"9"));
    caplat_cursor  open = caplat_cursor_of(CAPLAT_LIT("\"1234567\\\""));
    caplat_slice   text;

    test_that(caplat_take_string(&escapes, &text), "with escapes");
    test_number(text.len, 40, "its length");
    test_that(caplat_take_byte(&escapes, '9'), "behind it");
    test_that(!caplat_take_string(&open, &text), "no end");
    test_number(caplat_cursor_at(&open), 0, "it stays where it was");
}


int
main(void)
{
    test_that(caplat_trust_open(), "the libraries");
    test_lines();
    test_terms();
    test_each_byte();
    test_ids();
    test_list();
    test_strings();

    return test_done();
}
