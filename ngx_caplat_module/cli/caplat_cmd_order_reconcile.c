#include "caplat_cmd_ledger.h"

#include "caplat_reconcile.h"

#include <stdio.h>
#include <stdlib.h>


#define BILLS_MAX  400                  /* a year of days, and some */

static const char  reconcile_help[] =
    "caplat order reconcile --bill FILE... --ledger DIR --vkey VKEY|FILE\n"
    "                       [--day DAY]\n"
    "\n"
    "Compare the bills that the channels give for a day with the ledger, all\n"
    "of which is verified on the way. A bill is CSV, unpacked, as it was\n"
    "downloaded: Alipay's trades (业务明细) or account (账务明细), WeChat's\n"
    "trades (交易账单).\n"
    "\n"
    "  --bill FILE   may be given again; FILE alone means the same\n"
    "  --day DAY     judge this day alone, as 2026-11-26, and look for what\n"
    "                it has in all bills that are given; else all days of\n"
    "                the bills. A refund has no time in the ledger but that\n"
    "                of its record: with the bills of the days before and\n"
    "                after none is missed at midnight\n"
    "\n"
    "Prints lines of fields with tabs between them, `-` where one side has\n"
    "nothing, first their names:\n"
    "\n"
    "  only-in-bill       the ledger does not know of it\n"
    "  only-in-ledger     the channel does not\n"
    "  twice-in-bill      the bills have the same payment again\n"
    "  other-order        it is of another order in the ledger\n"
    "  other-amount       it has another amount in the ledger\n"
    "  paid-twice         its order was paid already: send it back\n"
    "  paid-otherwise     not what its order costs: send it back\n"
    "  paid-after-refund  its money had gone back before: send it back\n"
    "  paid-for-held      its platforms were there already: send it back\n"
    "\n"
    "Alipay's notices of refunds tell what has gone back in all: when they\n"
    "come in another order, the ledger has one refund with the sum of two,\n"
    "and both differ for ever (other-amount, only-in-bill).\n"
    "\n"
    "The last line is `total`, with counts and sums, in fen, of both sides.\n"
    "Exit status: 0 nothing differs; 1 something does, or cannot be read.\n";


typedef struct {
    const char    *path;
    caplat_slice   bytes;
    caplat_bill    bill;
    bool           is_open;
} source;

typedef struct {
    caplat_reconcile  *r;
    source            *sources;
    size_t             count;
} comparison;


static const char *
advice_on(caplat_code code)
{
    switch (code) {

    case CAPLAT_UNKNOWN_NAME:
    case CAPLAT_NOT_WORDS:
        return "a bill is a CSV, unpacked: Alipay's 业务明细 or 账务明细, "
               "WeChat's 交易账单";

    case CAPLAT_TRUNCATED:
        return "download it again: its end is missing";

    default:
        return NULL;
    }
}


/* False has been told. */
static bool
read_rows(comparison *c, size_t at)
{
    source           *s = &c->sources[at];
    caplat_bill_row   row;
    caplat_err        err;

    do {
        if (!caplat_bill_next(&s->bill, &row, &err)) {
            (void) caplat_cmd_fault(s->path, s->bill.text, &err,
                                    advice_on(err.code));
            return false;
        }

        if (row.kind != CAPLAT_BILL_END
            && !caplat_reconcile_row(c->r, s->bill.channel, at, &row))
        {
            (void) caplat_cmd_refuse(s->path, "there is no memory");
            return false;
        }
    } while (row.kind != CAPLAT_BILL_END);

    caplat_reconcile_bill(c->r, &s->bill);

    return true;
}


/* False has been told. */
static bool
read_bills(comparison *c, char **paths)
{
    for (size_t i = 0; i < c->count; i++) {
        source  *s = &c->sources[i];

        s->path = paths[i];

        if (!caplat_cmd_file(s->path, CAPLAT_BILL_LEN_MAX, &s->bytes)) {
            return false;
        }

        s->is_open = caplat_bill_open(s->bytes, &s->bill);

        if (!s->is_open) {
            free((void *) (uintptr_t) s->bytes.ptr);
            (void) caplat_cmd_refuse(s->path, "there is no memory, or the C "
                                     "library cannot read GB18030");
            return false;
        }

        if (!read_rows(c, i)) {
            return false;
        }
    }

    return true;
}


static bool
take_record(void *data, const caplat_record *record, caplat_slice line)
{
    comparison  *c = data;

    (void) line;

    return caplat_reconcile_record(c->r, record);
}


static const char *
channel_name(caplat_channel channel)
{
    switch (channel) {

    case CAPLAT_ALIPAY:
        return "alipay";

    case CAPLAT_WECHAT:
        return "wechat";

    default:
        return "-";
    }
}


static void
print_slice(caplat_slice text)
{
    (void) fwrite(text.ptr, 1, text.len, stdout);
}


static void
print_text(caplat_slice text)
{
    (void) putchar('\t');
    print_slice(text.len != 0 ? text : CAPLAT_LIT("-"));
}


static void
print_side(bool is_there, caplat_slice order, int64_t fen)
{
    if (is_there) {
        print_text(order);
        (void) printf("\t%lld", (long long) fen);

    } else {
        (void) fputs("\t-\t-", stdout);
    }
}


static void
print_difference(void *data, const caplat_difference *d)
{
    const comparison  *c = data;
    char               room[64];
    caplat_writer      w = caplat_writer_of(room, sizeof(room));

    caplat_cmd_time(&w, d->time * 1000);
    print_slice(caplat_difference_name(d->difference));
    (void) printf("\t%s\t%s", channel_name(d->channel),
                  d->kind == CAPLAT_BILL_PAYMENT ? "payment" : "refund");
    print_text(d->trade);
    print_side(d->is_in_bill, d->bill_order, d->bill_fen);
    print_side(d->is_in_ledger, d->ledger_order, d->ledger_fen);
    print_text(caplat_written(&w));

    if (d->is_in_bill) {
        (void) printf("\t%s:%zu", c->sources[d->bill].path, d->line);

    } else {
        (void) fputs("\t-", stdout);
    }

    if (d->is_in_ledger) {
        (void) printf("\t%llu\n", (unsigned long long) d->index);

    } else {
        (void) fputs("\t-\n", stdout);
    }
}


static void
print_totals(const comparison *c, const caplat_totals *totals)
{
    uint64_t  others = 0;

    for (size_t i = 0; i < c->count; i++) {
        others += c->sources[i].bill.others;
    }

    (void) printf("total\tdifferences=%llu\tbill_payments=%llu\t"
                  "bill_paid_fen=%lld\tledger_payments=%llu\t"
                  "ledger_paid_fen=%lld\tbill_refunds=%llu\t"
                  "bill_refunded_fen=%lld\tledger_refunds=%llu\t"
                  "ledger_refunded_fen=%lld\tother_rows=%llu\n",
                  (unsigned long long) totals->differences,
                  (unsigned long long) totals->bill[0].count,
                  (long long) totals->bill[0].sum_fen,
                  (unsigned long long) totals->ledger[0].count,
                  (long long) totals->ledger[0].sum_fen,
                  (unsigned long long) totals->bill[1].count,
                  (long long) totals->bill[1].sum_fen,
                  (unsigned long long) totals->ledger[1].count,
                  (long long) totals->ledger[1].sum_fen,
                  (unsigned long long) others);
}


static int
compare(const caplat_cmd *cmd, comparison *c)
{
    caplat_audit   audit;
    caplat_totals  totals;

    if (!read_bills(c, cmd->words)) {
        return CAPLAT_CMD_REFUSED;
    }

    if (!caplat_reconcile_has_days(c->r)) {
        return caplat_cmd_misuse(cmd, "day", NULL, "a channel's bills have "
                                 "no rows and do not tell their day");
    }

    if (!caplat_reconcile_start(c->r)) {
        return caplat_cmd_refuse("the bills", "there is no memory");
    }

    if (!caplat_cmd_audit(cmd, take_record, c, &audit)) {
        return CAPLAT_CMD_REFUSED;
    }

    (void) fputs("difference\tchannel\tkind\tnumber\tbill_order\tbill_fen\t"
                 "ledger_order\tledger_fen\ttime\tline\trecord\n", stdout);

    if (!caplat_reconcile_end(c->r, print_difference, c, &totals)) {
        return caplat_cmd_refuse("the bills", "a sum is larger than a "
                                 "thousand million yuan");
    }

    print_totals(c, &totals);

    return totals.differences == 0 ? CAPLAT_CMD_DONE : CAPLAT_CMD_REFUSED;
}


static void
close_comparison(comparison *c)
{
    for (size_t i = 0; i < c->count; i++) {
        if (c->sources[i].is_open) {
            caplat_bill_close(&c->sources[i].bill);
            free((void *) (uintptr_t) c->sources[i].bytes.ptr);
        }
    }

    free(c->sources);
    caplat_reconcile_close(c->r);
}


/* False has been told, as a wrong use. */
static bool
read_day(const caplat_cmd *cmd, caplat_reconcile *r)
{
    const char   *value = caplat_cmd_value(cmd, "day");
    caplat_date   day;

    if (value == NULL) {
        return true;
    }

    if (!caplat_date_parse(caplat_cmd_slice(value), &day)) {
        (void) caplat_cmd_misuse(cmd, "day", value, "a day, as 2026-11-26");
        return false;
    }

    caplat_reconcile_day(r, day);

    return true;
}


int
caplat_cmd_order_reconcile(int argc, char **argv)
{
    caplat_cmd_option  options[] = {
        CAPLAT_CMD_LEDGER, { .name = "bill", .is_many = true },
        { .name = "day" }
    };
    caplat_cmd         cmd = {
        .name = "order reconcile", .help = reconcile_help,
        .options = options, .option_count = CAPLAT_COUNT(options),
        .words_min = 1, .words_max = BILLS_MAX
    };
    comparison         c = { .r = NULL };
    int                status;

    if (!caplat_cmd_read(&cmd, argc, argv, &status)) {
        return status;
    }

    c.r = caplat_reconcile_open();
    c.sources = calloc(cmd.word_count, sizeof(*c.sources));

    if (c.r == NULL || c.sources == NULL) {
        status = caplat_cmd_refuse("order reconcile", "there is no memory");

    } else if (!read_day(&cmd, c.r)) {
        status = CAPLAT_CMD_USAGE;

    } else {
        c.count = cmd.word_count;
        status = compare(&cmd, &c);
    }

    close_comparison(&c);

    return status;
}
