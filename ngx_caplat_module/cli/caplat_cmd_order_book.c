#include "caplat_cmd_ledger.h"

#include "caplat_booking.h"
#include "caplat_money.h"
#include "caplat_time.h"

#include <stdio.h>
#include <time.h>


static const char  paid_help[] =
    "caplat order paid ORDER --trade NUMBER --amount YUAN [--paid DAY]\n"
    "                  --ledger DIR --name ORIGIN --key FILE [--json]\n"
    "\n"
    "Book a bank transfer: the order is paid, and its platforms are opened. A\n"
    "server may run meanwhile.\n"
    "\n"
    "  --trade NUMBER   the bank's number of the payment\n"
    "  --amount YUAN    what came, as in 25.00; another amount than the\n"
    "                   order's is recorded, and opens nothing\n"
    "  --paid DAY       the day it came, as in 2026-11-26; else today\n";

static const char  refund_help[] =
    "caplat order refund ORDER --trade NUMBER --amount YUAN [--of TRADE]\n"
    "                    --platforms keep|close --ledger DIR --name ORIGIN\n"
    "                    --key FILE [--json]\n"
    "\n"
    "Record that money of an order goes back. It is sent where the channel's\n"
    "merchants send it; this is the decision, and what the buyer sees.\n"
    "\n"
    "  --trade NUMBER   the refund's number, as the channel will have it\n"
    "  --amount YUAN    how much, as in 25.00; more than once, up to all\n"
    "  --of TRADE       the channel's number of the payment that goes back;\n"
    "                   needed where the order has more than one. Money that\n"
    "                   does not fit (payment.unmatched) goes back by itself,\n"
    "                   in any state of the order, which stays as it is\n"
    "  --platforms      whether the order's platforms stay open or close:\n"
    "                   those that it has opened; keep, for money that does\n"
    "                   not fit\n";

static const char  issued_help[] =
    "caplat order issued ORDER --number NUMBER --day DAY --ledger DIR\n"
    "                    --name ORIGIN --key FILE [--json]\n"
    "\n"
    "Record that the invoice of an order is issued: the buyer sees number and\n"
    "day.\n";


#define WRITER                                                                \
    { .name = "ledger", .needed = true }, { .name = "name", .needed = true }, \
    { .name = "key", .needed = true }, { .name = "json", .is_flag = true }


typedef struct {
    caplat_ledger          *ledger;
    const caplat_booking   *booking;
    caplat_booked           booked;
} desk;


static bool
decide(void *data, size_t at, caplat_batch *batch)
{
    desk  *d = data;

    (void) at;

    return caplat_booking_record(d->ledger, d->booking, batch, &d->booked);
}


static const char *
why_not(caplat_outcome outcome)
{
    switch (outcome) {

    case CAPLAT_NO_ORDER:
        return "the log has no such order";

    case CAPLAT_NOT_READ:
        return "the order's record cannot be read: see `caplat log verify`";

    case CAPLAT_NOT_BY_STATE:
        return "the order's state does not allow it";

    case CAPLAT_NOT_SO_MUCH:
        return "that is nothing, or more than is left of what was paid";

    case CAPLAT_NO_PAYMENT:
        return "the order has no such payment as --of";

    case CAPLAT_WHICH_PAYMENT:
        return "money has come that does not fit the order: say by --of which "
               "payment goes back; see `caplat log show`";

    case CAPLAT_OPENED_NOTHING:
        return "that payment has opened nothing: --platforms keep";

    case CAPLAT_NO_INVOICE:
        return "the order wants no invoice";

    case CAPLAT_OTHER_INVOICE:
        return "another number is recorded already";

    case CAPLAT_UNMATCHED_AMOUNT:
        return "recorded, but it is not the order's amount: nothing is opened";

    case CAPLAT_UNMATCHED_TWICE:
        return "recorded, but the order is paid already";

    case CAPLAT_UNMATCHED_REFUNDED:
        return "recorded, but the channel has sent the money back";

    case CAPLAT_UNMATCHED_HELD:
        return "recorded, but its platforms are on the certificate already: "
               "nothing is opened";

    default:
        return NULL;
    }
}


static int
tell(const caplat_cmd *cmd, const caplat_booked *booked)
{
    const char    *why = why_not(booked->outcome);
    caplat_slice   outcome = caplat_outcome_word(booked->outcome);
    caplat_slice   state = caplat_state_name(booked->state);

    if (why != NULL) {
        return caplat_cmd_refuse(cmd->words[0], why);
    }

    (void) printf(caplat_cmd_value(cmd, "json") != NULL
                  ? "{\"order\":\"%s\",\"state\":\"%.*s\","
                    "\"outcome\":\"%.*s\"}\n"
                  : "%s is %.*s (%.*s).\n", cmd->words[0], (int) state.len,
                  state.ptr, (int) outcome.len, outcome.ptr);

    return CAPLAT_CMD_DONE;
}


static int
book(const caplat_cmd *cmd, const caplat_cmd_writer *writer,
    const caplat_booking *booking)
{
    desk                  d = { NULL, booking,
                                { .outcome = CAPLAT_NO_ORDER } };
    caplat_ledger_error   error;
    caplat_batch         *batch;
    bool                  is_done;

    if (!caplat_ledger_open(&writer->conf, caplat_cmd_progress, NULL,
                            &d.ledger, &error))
    {
        return caplat_cmd_ledger_refuse(writer->conf.folder, &error);
    }

    is_done = caplat_ledger_commit(d.ledger, decide, &d, 1,
        (int64_t) time(NULL) * 1000, false, &batch, &error);
    caplat_ledger_close(d.ledger);

    return is_done ? tell(cmd, &d.booked)
                   : caplat_cmd_ledger_refuse(writer->conf.folder, &error);
}


/* The command's booking, when its options can be one. */
static int
run(const caplat_cmd *cmd, caplat_booking *booking)
{
    caplat_cmd_writer  writer;
    int                status;

    booking->order = caplat_cmd_slice(cmd->words[0]);
    booking->client = CAPLAT_LIT("operator");

    if (!caplat_cmd_writer_open(cmd, &writer)) {
        return CAPLAT_CMD_REFUSED;
    }

    status = book(cmd, &writer, booking);
    caplat_cmd_writer_close(&writer);

    return status;
}


/* --trade and --amount; else `status` is what to exit with. */
static bool
read_money(const caplat_cmd *cmd, caplat_booking *booking, int *status)
{
    caplat_cursor  yuan = caplat_cursor_of(caplat_cmd_text(cmd, "amount"));

    booking->trade = caplat_cmd_text(cmd, "trade");

    if (!caplat_is_trade(booking->trade)) {
        *status = caplat_cmd_misuse(cmd, "trade",
            caplat_cmd_value(cmd, "trade"),
            "it is 1 to 64 of letters, digits, `-` and `_`");
        return false;
    }

    if (!caplat_take_yuan(&yuan, &booking->amount_fen)
        || caplat_cursor_left(&yuan) != 0 || booking->amount_fen == 0)
    {
        *status = caplat_cmd_misuse(cmd, "amount",
            caplat_cmd_value(cmd, "amount"), "it is yuan, as in 25.00");
        return false;
    }

    return true;
}


/* When a day begins in Beijing. */
static bool
read_day(caplat_slice text, int64_t *seconds)
{
    caplat_date  day;

    if (!caplat_date_parse(text, &day)) {
        return false;
    }

    *seconds = caplat_time_of_day(day);

    return *seconds >= 0;
}


int
caplat_cmd_order_paid(int argc, char **argv)
{
    caplat_cmd_option  options[] = {
        WRITER, { .name = "trade", .needed = true },
        { .name = "amount", .needed = true }, { .name = "paid" }
    };
    caplat_cmd         cmd = {
        .name = "order paid", .help = paid_help, .options = options,
        .option_count = CAPLAT_COUNT(options), .word = "ORDER",
        .words_min = 1, .words_max = 1
    };
    caplat_booking     booking = {
        .said = CAPLAT_EVENT_PAYMENT_RECEIVED,
        .channel = CAPLAT_LIT("transfer"), .paid = (int64_t) time(NULL)
    };
    int                status;

    if (!caplat_cmd_read(&cmd, argc, argv, &status)
        || !read_money(&cmd, &booking, &status))
    {
        return status;
    }

    if (caplat_cmd_value(&cmd, "paid") != NULL
        && !read_day(caplat_cmd_text(&cmd, "paid"), &booking.paid))
    {
        return caplat_cmd_misuse(&cmd, "paid", caplat_cmd_value(&cmd, "paid"),
            "it is a day, as in 2026-11-26");
    }

    return run(&cmd, &booking);
}


int
caplat_cmd_order_refund(int argc, char **argv)
{
    caplat_cmd_option  options[] = {
        WRITER, { .name = "trade", .needed = true },
        { .name = "amount", .needed = true },
        { .name = "platforms", .needed = true }, { .name = "of" }
    };
    caplat_cmd         cmd = {
        .name = "order refund", .help = refund_help, .options = options,
        .option_count = CAPLAT_COUNT(options), .word = "ORDER",
        .words_min = 1, .words_max = 1
    };
    caplat_booking     booking = { .said = CAPLAT_EVENT_PAYMENT_REFUNDED };
    caplat_slice       platforms;
    int                status;

    if (!caplat_cmd_read(&cmd, argc, argv, &status)
        || !read_money(&cmd, &booking, &status))
    {
        return status;
    }

    if (caplat_cmd_value(&cmd, "of") != NULL) {
        booking.of = caplat_cmd_text(&cmd, "of");

        if (!caplat_is_trade(booking.of)) {
            return caplat_cmd_misuse(&cmd, "of", caplat_cmd_value(&cmd, "of"),
                "it is 1 to 64 of letters, digits, `-` and `_`");
        }
    }

    platforms = caplat_cmd_text(&cmd, "platforms");
    booking.closes = caplat_slice_eq(platforms, CAPLAT_LIT("close"));

    if (!booking.closes
        && !caplat_slice_eq(platforms, CAPLAT_LIT("keep")))
    {
        return caplat_cmd_misuse(&cmd, "platforms",
            caplat_cmd_value(&cmd, "platforms"), "it is keep or close");
    }

    return run(&cmd, &booking);
}


int
caplat_cmd_order_issued(int argc, char **argv)
{
    caplat_cmd_option  options[] = {
        WRITER, { .name = "number", .needed = true },
        { .name = "day", .needed = true }
    };
    caplat_cmd         cmd = {
        .name = "order issued", .help = issued_help, .options = options,
        .option_count = CAPLAT_COUNT(options), .word = "ORDER",
        .words_min = 1, .words_max = 1
    };
    caplat_booking     booking = { .said = CAPLAT_EVENT_INVOICE_ISSUED };
    int64_t            seconds;
    int                status;

    if (!caplat_cmd_read(&cmd, argc, argv, &status)) {
        return status;
    }

    booking.number = caplat_cmd_text(&cmd, "number");
    booking.day = caplat_cmd_text(&cmd, "day");

    if (!caplat_is_invoice_number(booking.number)) {
        return caplat_cmd_misuse(&cmd, "number",
            caplat_cmd_value(&cmd, "number"),
            "it is 1 to 32 of letters, digits and `-`");
    }

    if (!read_day(booking.day, &seconds)) {
        return caplat_cmd_misuse(&cmd, "day", caplat_cmd_value(&cmd, "day"),
            "it is a day, as in 2026-11-26");
    }

    return run(&cmd, &booking);
}
