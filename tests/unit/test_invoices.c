#include "caplat_invoices.h"

#include "some_order.h"
#include "test.h"


static caplat_invoices  *list;


static void
feed(const caplat_record *record)
{
    test_that(caplat_invoices_record(list, record), "a record");
}


static void
create(uint64_t number, const char *invoice, int64_t fen)
{
    some_order     room;
    caplat_record  record;

    some_created(&room, number, number, &record);
    record.invoice = test_slice(invoice);
    record.amount_fen = fen;
    feed(&record);
}


static void
happen_of(uint64_t number, caplat_event type, int64_t fen)
{
    some_order     room;
    caplat_record  record;

    some_paid(&room, number, type, "T1", &record);
    record.amount_fen = fen;
    record.number = CAPLAT_LIT("26112000000000000001");
    record.day = CAPLAT_LIT("2026-11-26");
    feed(&record);
}


static void
happen(uint64_t number, caplat_event type)
{
    happen_of(number, type, 2500);
}


static bool
find(uint64_t number, caplat_due *due)
{
    some_order  room;

    return caplat_invoices_find(list, some_id(&room, number), due);
}


/* Events of one order each, and whether it waits for its invoice then. */
static void
test_waiting(void)
{
    static const struct {
        const char     *words;
        const char     *invoice;
        int64_t         fen;
        caplat_event    events[4];      /* NONE: no more */
        bool            is_due;
    } cases[] = {
        { "not paid", "digital_normal", 2500, { CAPLAT_EVENT_NONE }, false },
        { "paid", "digital_normal", 2500,
          { CAPLAT_EVENT_PAYMENT_RECEIVED }, true },
        { "opened", "paper_special", 2500,
          { CAPLAT_EVENT_PAYMENT_RECEIVED, CAPLAT_EVENT_PLATFORMS_OPENED },
          true },
        { "none is asked for", "", 2500,
          { CAPLAT_EVENT_PAYMENT_RECEIVED }, false },
        { "0 yuan", "digital_normal", 0,
          { CAPLAT_EVENT_PLATFORMS_OPENED }, false },
        { "lapsed", "digital_normal", 2500, { CAPLAT_EVENT_ORDER_LAPSED },
          false },
        { "lapsed, and paid late", "digital_normal", 2500,
          { CAPLAT_EVENT_ORDER_LAPSED, CAPLAT_EVENT_PAYMENT_RECEIVED },
          true },
        { "money that it did not wait for", "digital_normal", 2500,
          { CAPLAT_EVENT_PAYMENT_UNMATCHED }, false },
        { "sent back", "digital_normal", 2500,
          { CAPLAT_EVENT_PAYMENT_RECEIVED, CAPLAT_EVENT_PAYMENT_REFUNDED },
          false },
        { "the channel's word alone", "digital_normal", 2500,
          { CAPLAT_EVENT_PAYMENT_RECEIVED, CAPLAT_EVENT_REFUND_CONFIRMED },
          true },
    };

    list = caplat_invoices_open();
    caplat_assert(list != NULL);

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        create(i + 1, cases[i].invoice, cases[i].fen);

        for (size_t k = 0; k < 4
             && cases[i].events[k] != CAPLAT_EVENT_NONE; k++)
        {
            happen(i + 1, cases[i].events[k]);
        }
    }

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        caplat_due  due;

        test_number(find(i + 1, &due), cases[i].is_due, cases[i].words);

        if (cases[i].is_due) {
            test_number(due.paid, 1795334400, cases[i].words);
            test_that(!due.is_issued && !due.is_shredded && !due.is_frozen,
                      cases[i].words);
        }
    }

    caplat_invoices_close(list);
}


/* What was sent back, in parts, is on no invoice. */
static void
test_parts(void)
{
    caplat_due  due;

    list = caplat_invoices_open();
    caplat_assert(list != NULL);

    for (uint64_t i = 1; i <= 2; i++) {
        create(i, "digital_normal", 2500);
        happen(i, CAPLAT_EVENT_PAYMENT_RECEIVED);
        happen_of(i, CAPLAT_EVENT_PAYMENT_REFUNDED, 1000);
        happen_of(i, CAPLAT_EVENT_REFUND_CONFIRMED, 1000);
        test_that(find(i, &due) && due.amount_fen == 1500, "a part");
    }

    happen_of(1, CAPLAT_EVENT_PAYMENT_REFUNDED, 1500);
    test_that(!find(1, &due), "the rest");

    happen(2, CAPLAT_EVENT_INVOICE_ISSUED);
    happen_of(2, CAPLAT_EVENT_PAYMENT_REFUNDED, 1500);
    test_that(find(2, &due) && due.is_issued && due.amount_fen == 0,
              "the rest, of one that is issued");

    caplat_invoices_close(list);
}


/* More than the first room has. */
static void
test_many(void)
{
    caplat_due  due;

    list = caplat_invoices_open();
    caplat_assert(list != NULL);

    for (uint64_t i = 1; i <= 3000; i++) {
        create(i, "digital_normal", 2500);
        happen(i, CAPLAT_EVENT_PAYMENT_RECEIVED);
        happen(i, CAPLAT_EVENT_INVOICE_ISSUED);
    }

    happen(7, CAPLAT_EVENT_PAYMENT_REFUNDED);
    happen(7, CAPLAT_EVENT_PII_SHREDDED);
    happen(8, CAPLAT_EVENT_PII_FROZEN);

    test_that(find(3000, &due) && due.is_issued && !due.is_shredded, "3000");
    test_text(due.number, CAPLAT_LIT("26112000000000000001"), "3000");
    test_text(due.day, CAPLAT_LIT("2026-11-26"), "3000");
    test_that(find(7, &due) && due.is_shredded, "issued, then sent back");
    test_that(find(8, &due) && due.is_frozen && !due.is_shredded, "frozen");
    test_that(!find(3001, &due) && !find(999999, &due), "none such");

    caplat_invoices_close(list);
    caplat_invoices_close(NULL);
}


int
main(void)
{
    test_waiting();
    test_parts();
    test_many();

    return test_done();
}
