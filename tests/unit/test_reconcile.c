#include "caplat_reconcile.h"

#include "caplat_money.h"
#include "caplat_write.h"
#include "test.h"


#define DAY   INT64_C(1795622400)       /* 2026-11-26 00:00 in Beijing */
#define NEXT  (DAY + 86400)

#define A  "CA20261126000001"
#define B  "CA20261126000002"


/* What one case does, told in lines: its differences and its sums. */
static caplat_reconcile  *r;
static char               room[4096];
static caplat_writer      told;


static void
begin(void)
{
    r = caplat_reconcile_open();
    caplat_assert(r != NULL);
    told = caplat_writer_of(room, sizeof(room));
}


static void
add_row(caplat_channel channel, caplat_bill_kind kind, const char *order,
    const char *trade, const char *refund, int64_t fen, int64_t time)
{
    caplat_bill_row  row = {
        kind, test_slice(order), test_slice(trade), test_slice(refund),
        test_slice(channel == CAPLAT_WECHAT ? "ours" : ""), fen, time, 7
    };

    caplat_assert(caplat_reconcile_row(r, channel, 0, &row));
}


static void
end_bill(caplat_channel channel, int64_t from, int64_t until)
{
    caplat_bill  bill = { .channel = channel, .from = from, .until = until };

    caplat_reconcile_bill(r, &bill);
}


static void
paid_row(const char *order, const char *trade, int64_t fen)
{
    add_row(CAPLAT_ALIPAY, CAPLAT_BILL_PAYMENT, order, trade, "", fen,
            DAY + 9);
}


static void
back_row(const char *order, const char *refund, int64_t fen)
{
    add_row(CAPLAT_ALIPAY, CAPLAT_BILL_REFUND, order, "t1", refund, fen,
            DAY + 10);
}


/* The bill of the day is in. */
static void
start(void)
{
    end_bill(CAPLAT_ALIPAY, DAY, NEXT);
    test_that(caplat_reconcile_start(r), "start");
}


static void
add_record(caplat_event type, const char *channel, const char *order,
    const char *number, int64_t fen, int64_t time, const char *why)
{
    caplat_record  record;

    memset(&record, 0, sizeof(record));
    record.type = type;
    record.order = test_slice(order);
    record.channel = test_slice(channel);
    record.trade = test_slice(number);
    record.amount_fen = fen;
    record.paid = time;
    record.time_ms = time * 1000;
    record.why = test_slice(why);
    test_that(caplat_reconcile_record(r, &record), order);
}


static void
paid(const char *order, const char *trade, int64_t fen, int64_t time)
{
    add_record(CAPLAT_EVENT_PAYMENT_RECEIVED, "alipay", order, trade, fen,
               time, "");
}


static void
unmatched(const char *order, const char *trade, int64_t fen, const char *why)
{
    add_record(CAPLAT_EVENT_PAYMENT_UNMATCHED, "alipay", order, trade, fen,
               DAY + 9, why);
}


static void
confirmed(const char *order, const char *number, int64_t fen, int64_t time)
{
    add_record(CAPLAT_EVENT_REFUND_CONFIRMED, "alipay", order, number, fen,
               time, "");
}


static void
decided(const char *order, const char *number, int64_t fen, int64_t time)
{
    add_record(CAPLAT_EVENT_PAYMENT_REFUNDED, "", order, number, fen, time,
               "");
}


static void
returned(const char *order, const char *of, const char *number, int64_t fen,
    int64_t time)
{
    caplat_record  record;

    memset(&record, 0, sizeof(record));
    record.type = CAPLAT_EVENT_PAYMENT_RETURNED;
    record.order = test_slice(order);
    record.channel = CAPLAT_LIT("alipay");
    record.trade = test_slice(number);
    record.of = test_slice(of);
    record.amount_fen = fen;
    record.time_ms = time * 1000;
    test_that(caplat_reconcile_record(r, &record), order);
}


static void
put_side(bool is_there, caplat_slice order, int64_t fen)
{
    caplat_put(&told, is_there ? order : CAPLAT_LIT("-"));
    caplat_put(&told, CAPLAT_LIT(" "));
    caplat_put_number(&told, is_there ? (uint64_t) fen : 0);
}


static void
tell(void *data, const caplat_difference *d)
{
    (void) data;
    caplat_put(&told, caplat_difference_name(d->difference));
    caplat_put(&told, CAPLAT_LIT(" "));
    caplat_put(&told, d->trade);
    caplat_put(&told, CAPLAT_LIT(": "));
    put_side(d->is_in_bill, d->bill_order, d->bill_fen);
    caplat_put(&told, CAPLAT_LIT(" | "));
    put_side(d->is_in_ledger, d->ledger_order, d->ledger_fen);
    caplat_put(&told, CAPLAT_LIT("\n"));
}


static void
put_total(const caplat_total *total)
{
    caplat_put_number(&told, total->count);
    caplat_put(&told, CAPLAT_LIT("="));
    caplat_put_number(&told, (uint64_t) total->sum_fen);
    caplat_put(&told, CAPLAT_LIT(" "));
}


/* Payments of the bill and the ledger, refunds of both. */
static void
end(const char *words, const char *want)
{
    caplat_totals  totals;

    test_that(caplat_reconcile_end(r, tell, NULL, &totals), words);
    put_total(&totals.bill[0]);
    put_total(&totals.ledger[0]);
    put_total(&totals.bill[1]);
    put_total(&totals.ledger[1]);
    test_text(caplat_written(&told), test_slice(want), words);
    caplat_reconcile_close(r);
}


static void
test_payments(void)
{
    begin();
    paid_row(A, "t1", 2500);
    paid_row(B, "t2", 100);
    start();
    paid(B, "t2", 100, DAY + 9);
    paid(A, "t1", 2500, DAY + 9);
    end("nothing differs", "2=2600 2=2600 0=0 0=0 ");

    begin();
    paid_row(A, "t1", 2500);
    start();
    paid(B, "t2", 100, DAY + 9);
    end("each has what the other has not",
        "only-in-bill t1: " A " 2500 | - 0\n"
        "only-in-ledger t2: - 0 | " B " 100\n1=2500 1=100 0=0 0=0 ");

    begin();
    paid_row(A, "t1", 2500);
    paid_row(A, "t2", 2500);
    start();
    paid(A, "t1", 2501, DAY + 9);
    paid(B, "t2", 2500, DAY + 9);
    end("another amount, another order",
        "other-amount t1: " A " 2500 | " A " 2501\n"
        "other-order t2: " A " 2500 | " B " 2500\n2=5000 2=5001 0=0 0=0 ");

    begin();
    paid_row(A, "t1", 2500);
    paid_row(A, "t1", 2500);
    start();
    paid(A, "t1", 2500, DAY + 9);
    end("the bill has it again",
        "twice-in-bill t1: " A " 2500 | - 0\n2=5000 1=2500 0=0 0=0 ");
}


static void
test_not_for_an_order(void)
{
    begin();
    paid_row(A, "t1", 2500);
    paid_row(A, "t2", 2500);
    start();
    paid(A, "t1", 2500, DAY + 9);
    end("paid twice, and the ledger does not know",
        "paid-twice t2: " A " 2500 | - 0\n2=5000 1=2500 0=0 0=0 ");

    begin();
    paid_row(A, "t1", 2500);
    paid_row(A, "t2", 2500);
    paid_row(B, "t3", 1);
    paid_row(A, "t4", 2500);
    start();
    paid(A, "t1", 2500, DAY + 9);
    unmatched(A, "t2", 2500, "twice");
    unmatched(B, "t3", 1, "amount");
    unmatched(A, "t4", 2500, "refunded");
    end("money that no order has",
        "paid-twice t2: " A " 2500 | " A " 2500\n"
        "paid-otherwise t3: " B " 1 | " B " 1\n"
        "paid-after-refund t4: " A " 2500 | " A " 2500\n"
        "4=7501 4=7501 0=0 0=0 ");

    begin();
    start();
    unmatched(A, "t2", 2500, "twice");
    end("money that nobody has", "only-in-ledger t2: - 0 | " A " 2500\n"
        "0=0 1=2500 0=0 0=0 ");
}


/* Money that no order has is looked for no more when it has gone back. */
static void
test_returned(void)
{
    begin();
    add_row(CAPLAT_ALIPAY, CAPLAT_BILL_PAYMENT, A, "t1", "", 2500, DAY + 1);
    add_row(CAPLAT_ALIPAY, CAPLAT_BILL_PAYMENT, A, "t2", "", 2500, DAY + 2);
    add_row(CAPLAT_ALIPAY, CAPLAT_BILL_REFUND, A, "t2", "R1", 1500, DAY + 3);
    add_row(CAPLAT_ALIPAY, CAPLAT_BILL_REFUND, A, "t2", "R2", 1000, DAY + 4);
    start();
    paid(A, "t1", 2500, DAY + 1);
    unmatched(A, "t2", 2500, "twice");
    returned(A, "t2", "R1", 1500, DAY + 3);
    confirmed(A, "R2", 1000, DAY + 4);
    end("a part is sent back, as far as the ledger knows",
        "paid-twice t2: " A " 2500 | " A " 2500\n"
        "2=5000 2=5000 2=2500 2=2500 ");

    begin();
    add_row(CAPLAT_ALIPAY, CAPLAT_BILL_PAYMENT, A, "t1", "", 2500, DAY + 1);
    add_row(CAPLAT_ALIPAY, CAPLAT_BILL_PAYMENT, A, "t2", "", 2500, DAY + 2);
    add_row(CAPLAT_ALIPAY, CAPLAT_BILL_REFUND, A, "t2", "R1", 1500, DAY + 3);
    start();
    paid(A, "t1", 2500, DAY + 1);
    unmatched(A, "t2", 2500, "twice");
    returned(A, "t2", "R1", 1500, DAY + 3);
    returned(A, "t2", "R2", 1000, DAY + 4);
    end("all, but the bill has a part",
        "only-in-ledger R2: - 0 | " A " 1000\n"
        "2=5000 2=5000 1=1500 2=2500 ");
}


static void
test_days(void)
{
    begin();
    add_row(CAPLAT_ALIPAY, CAPLAT_BILL_PAYMENT, A, "t1", "", 1, NEXT - 1);
    start();
    paid(A, "t1", 1, NEXT - 1);
    paid(B, "t2", 1, NEXT);
    paid(B, "t3", 1, DAY - 1);
    end("the last second is of the day, others are not",
        "1=1 1=1 0=0 0=0 ");

    begin();
    start();
    paid(A, "t1", 1, DAY);
    paid(B, "t2", 1, NEXT - 1);
    end("the first and the last second",
        "only-in-ledger t1: - 0 | " A " 1\n"
        "only-in-ledger t2: - 0 | " B " 1\n0=0 2=2 0=0 0=0 ");

    begin();
    paid_row(A, "t1", 1);
    end_bill(CAPLAT_ALIPAY, 0, 0);
    test_that(caplat_reconcile_start(r), "a day by its rows");
    paid(A, "t1", 1, DAY + 9);
    paid(B, "t2", 1, NEXT - 1);
    end("a day by its rows", "only-in-ledger t2: - 0 | " B " 1\n"
        "1=1 2=2 0=0 0=0 ");

    begin();
    end_bill(CAPLAT_WECHAT, 0, 0);
    test_that(!caplat_reconcile_has_days(r), "no rows, no day");
    caplat_reconcile_close(r);

    begin();
    caplat_reconcile_day(r, (caplat_date) { 2026, 11, 26 });
    end_bill(CAPLAT_WECHAT, 0, 0);
    test_that(caplat_reconcile_has_days(r) && caplat_reconcile_start(r),
              "a day that is given");
    add_record(CAPLAT_EVENT_PAYMENT_RECEIVED, "wechat", A, "t1", 1, DAY, "");
    paid(B, "t2", 1, DAY);
    add_record(CAPLAT_EVENT_PAYMENT_RECEIVED, "transfer", B, "t3", 1, DAY, "");
    end("channels without a bill are not judged",
        "only-in-ledger t1: - 0 | " A " 1\n0=0 1=1 0=0 0=0 ");

    begin();
    caplat_reconcile_day(r, (caplat_date) { 2026, 11, 26 });
    add_row(CAPLAT_ALIPAY, CAPLAT_BILL_PAYMENT, A, "t1", "", 1, NEXT);
    add_row(CAPLAT_ALIPAY, CAPLAT_BILL_PAYMENT, B, "t2", "", 1, NEXT);
    end_bill(CAPLAT_ALIPAY, DAY, NEXT + 86400);
    test_that(caplat_reconcile_start(r), "a neighbour's bill");
    paid(A, "t1", 1, NEXT - 1);
    end("a neighbour's bill is looked into, and not judged",
        "0=0 0=0 0=0 0=0 ");
}


static void
test_refunds(void)
{
    begin();
    back_row(A, "R1", 1000);
    start();
    paid(A, "t1", 2500, DAY - 100);
    confirmed(A, "R1", 1000, NEXT + 3);
    decided(A, "R1", 1000, DAY - 100);
    end("both records are one refund, whenever they were written",
        "0=0 0=0 1=1000 1=1000 ");

    begin();
    back_row(A, "R1", 1000);
    back_row(A, "R2", 1000);
    start();
    paid(A, "t1", 2500, DAY - 100);
    confirmed(A, "R1", 1000, DAY + 11);
    decided(A, "by hand", 1000, DAY + 11);
    end("a number that nobody knows is found by its amount",
        "only-in-bill R2: " A " 1000 | - 0\n0=0 0=0 2=2000 1=1000 ");

    begin();
    back_row(A, "R1", 1000);
    back_row(B, "R1", 1000);
    start();
    confirmed(B, "R1", 1000, DAY + 11);
    end("numbers are of their order",
        "only-in-bill R1: " A " 1000 | - 0\n0=0 0=0 2=2000 1=1000 ");

    begin();
    back_row(A, "R1", 1000);
    start();
    paid(A, "t1", 2500, DAY - 100);
    confirmed(A, "R1", 1000, DAY + 11);
    decided(A, "R1", 900, DAY + 11);
    end("the one that the bill denies",
        "other-amount R1: " A " 1000 | " A " 900\n0=0 0=0 1=1000 1=900 ");

    begin();
    start();
    paid(A, "t1", 2500, DAY - 100);
    decided(A, "R1", 1000, DAY + 11);
    confirmed(A, "R1", 1000, DAY + 12);
    decided(A, "R2", 1, NEXT + 1);
    end("one that the channel has not", "only-in-ledger R1: - 0 | " A " 1000\n"
        "0=0 0=0 0=0 1=1000 ");

    begin();
    add_row(CAPLAT_WECHAT, CAPLAT_BILL_REFUND, A, "t1", "theirs", 1, DAY);
    end_bill(CAPLAT_WECHAT, 0, 0);
    test_that(caplat_reconcile_start(r), "WeChat's");
    add_record(CAPLAT_EVENT_PAYMENT_RECEIVED, "wechat", A, "t1", 1, DAY - 1,
               "");
    add_record(CAPLAT_EVENT_REFUND_CONFIRMED, "wechat", A, "theirs", 1, DAY,
               "");
    decided(A, "ours", 1, DAY);
    end("WeChat's has two numbers", "0=0 0=0 1=1 1=1 ");
}


/* A decision tells no channel: it is the order's, if that has one alone. */
static void
test_refund_channel(void)
{
    begin();
    start();
    add_record(CAPLAT_EVENT_PAYMENT_RECEIVED, "wechat", A, "t1", 1, DAY - 1,
               "");
    decided(A, "R1", 1, DAY);
    end("paid by another channel", "0=0 0=0 0=0 0=0 ");

    begin();
    start();
    add_record(CAPLAT_EVENT_PAYMENT_RECEIVED, "wechat", A, "t1", 1, DAY - 1,
               "");
    unmatched(A, "t2", 1, "twice");
    decided(A, "R1", 1, DAY);
    end("paid by two, and one has no bill here",
        "only-in-ledger t2: - 0 | " A " 1\n0=0 1=1 0=0 0=0 ");
}


static void
test_limits(void)
{
    caplat_totals  totals;

    begin();
    paid_row(A, "t1", CAPLAT_FEN_MAX);
    paid_row(B, "t2", 1);
    start();
    test_that(!caplat_reconcile_end(r, tell, NULL, &totals), "too much");
    caplat_reconcile_close(r);

    begin();

    for (size_t i = 0; i < 1000; i++) {
        paid_row(A, "t1", 1);
    }

    start();
    paid("CA20261126900000", "t2", 1, DAY);

    for (size_t i = 0; i < 1000; i++) {
        paid(A, "t9", 1, DAY);
    }

    test_that(caplat_reconcile_end(r, tell, NULL, &totals), "many");
    test_number(totals.differences, 2001, "many");
    caplat_reconcile_close(r);
    caplat_reconcile_close(NULL);
}


int
main(void)
{
    test_payments();
    test_not_for_an_order();
    test_returned();
    test_days();
    test_refunds();
    test_refund_channel();
    test_limits();

    return test_done();
}
