#include "caplat_cmd_ledger.h"

#include "caplat_cmd_csv.h"
#include "caplat_cmd_sealed.h"
#include "caplat_invoices.h"
#include "caplat_json.h"
#include "caplat_money.h"

#include <stdio.h>


#define KEYS_MAX  64                    /* 16 years of quarters */
#define TEXTS     9                     /* columns of what is sealed */
#define TEXT_MAX  1024                  /* bytes of a field of it */

static const char  invoices_help[] =
    "caplat order invoices --epoch-key FILE... --ledger DIR --vkey VKEY|FILE\n"
    "                      [--vault DIR] [--format csv] [--issued]\n"
    "\n"
    "Print what the finance desk needs to issue invoices: a line for each\n"
    "order that asked for one, was paid, is not sent back whole and has none\n"
    "yet; amount_yuan is what was paid less what was sent back.\n"
    "Needs the epochs' secret keys, which do not belong on the server: copy\n"
    "log/ and vault/ to where they are. All of the log is verified.\n"
    "\n"
    "  --epoch-key FILE  may be given again; FILE alone means the same\n"
    "  --vault DIR       unless it is the ledger's vault/\n"
    "  --issued          those that have been issued too, with their numbers\n"
    "                    and days in the last two columns; an amount of 0\n"
    "                    says that all was sent back\n"
    "\n"
    "UTF-8 with a byte order mark, RFC 4180. What a spreadsheet would run has\n"
    "a `'` in front; digits that it would take for a number have a tab behind\n"
    "them, which is no part of them.\n"
    "\n"
    "Orders whose personal data is shredded or frozen are told on standard\n"
    "error. Exit status: 0; 1 when one cannot be opened, or the log is bad.\n";


typedef struct {
    const caplat_cmd   *cmd;
    caplat_invoices    *list;
    caplat_cmd_epochs   epochs;
    char                vault[CAPLAT_PATH_MAX];
    bool                has_failed;
} desk;


static bool
learn(void *data, const caplat_record *record, caplat_slice line)
{
    desk  *d = data;

    (void) line;

    return caplat_invoices_record(d->list, record);
}


/* `caplat: ORDER: why` on standard error. */
static void
tell(caplat_slice order, const char *why)
{
    char           room[CAPLAT_ORDER_ID_LEN_MAX + 1];
    caplat_writer  w = caplat_writer_of(room, sizeof(room));

    caplat_put(&w, order);
    caplat_put(&w, CAPLAT_LIT("\0"));
    (void) caplat_cmd_refuse(room, why);
}


/* What is known without opening anything. */
static void
print_record(const caplat_record *record, const caplat_due *due)
{
    char           time_room[64], yuan[CAPLAT_YUAN_LEN_MAX];
    size_t         yuan_len = caplat_fen_yuan(due->amount_fen, yuan);
    caplat_writer  w = caplat_writer_of(time_room, sizeof(time_room));

    caplat_cmd_time(&w, due->paid * 1000);
    caplat_cmd_csv(record->order);
    (void) putchar(',');
    (void) fwrite(w.ptr, 1, w.len, stdout);
    (void) putchar(',');
    (void) fwrite(yuan, 1, yuan_len, stdout);
    (void) putchar(',');
    caplat_cmd_csv(record->invoice);
}


/* All texts that are sealed, in the order of their columns. */
static bool
read_texts(const caplat_json *personal, caplat_slice texts[static TEXTS])
{
    static const char *const  names[TEXTS - 1] = {
        "title_type", "title", "tax_no", "address", "phone", "bank",
        "account", "email"
    };

    const caplat_json  *invoice = caplat_json_get(personal, "invoice");

    for (size_t i = 0; i < TEXTS - 1; i++) {
        if (!caplat_json_string(invoice, names[i], 0, TEXT_MAX, &texts[i])) {
            return false;
        }
    }

    return caplat_json_string(personal, "enterprise", 0, TEXT_MAX,
                              &texts[TEXTS - 1]);
}


static void
print_issued(const caplat_due *due)
{
    (void) putchar(',');
    caplat_cmd_csv_digits(due->number);
    (void) putchar(',');
    (void) fwrite(due->day.ptr, 1, due->day.len, stdout);
}


/* NULL: `why` it is not. */
static caplat_json *
open_personal(const desk *d, const caplat_record *record, const char **why)
{
    caplat_cmd_sealed   sealed;
    caplat_slice        text;
    caplat_json        *personal = NULL;
    caplat_err          err;

    *why = "its record has nothing that is sealed";

    if (!caplat_cmd_sealed_of(record, &sealed)) {
        return NULL;
    }

    if (caplat_cmd_unseal(d->vault, &d->epochs, &sealed, &text, why)) {
        *why = "what is sealed is no order's";
        (void) caplat_json_open(text, CAPLAT_JSON_DEPTH_MAX, &personal, &err);
        caplat_cmd_wipe(text);
    }

    caplat_cmd_sealed_close(&sealed);

    return personal;
}


static void
print_line(desk *d, const caplat_record *record, const caplat_due *due)
{
    caplat_slice   texts[TEXTS];
    const char    *why;
    caplat_json   *personal = open_personal(d, record, &why);

    if (personal == NULL || !read_texts(personal, texts)) {
        tell(record->order, personal == NULL ? why
                                             : "no invoice is sealed in it");
        caplat_json_close(personal);
        d->has_failed = true;
        return;
    }

    print_record(record, due);

    for (size_t i = 0; i < TEXTS; i++) {
        (void) putchar(',');
        caplat_cmd_csv_digits(texts[i]);
    }

    if (caplat_cmd_value(d->cmd, "issued") != NULL) {
        print_issued(due);
    }

    (void) fputs("\r\n", stdout);
    caplat_json_close(personal);
}


static bool
print(void *data, const caplat_record *record, caplat_slice line)
{
    desk        *d = data;
    caplat_due   due;

    (void) line;

    if (record->type != CAPLAT_EVENT_ORDER_CREATED
        || !caplat_invoices_find(d->list, record->order, &due)
        || (due.is_issued && caplat_cmd_value(d->cmd, "issued") == NULL))
    {
        return true;
    }

    if (due.is_shredded) {
        tell(record->order, "its personal data has been shredded");

    } else if (due.is_frozen) {
        tell(record->order, "its personal data is frozen");

    } else {
        print_line(d, record, &due);
    }

    return true;
}


/* The log is read twice, for an invoice waits or not by what comes behind its
   order, and what is sealed is too large to be kept until then. */
static int
print_invoices(desk *d)
{
    caplat_audit  audit;

    if (!caplat_cmd_audit(d->cmd, learn, d, &audit)) {
        return CAPLAT_CMD_REFUSED;
    }

    (void) fputs("\xef\xbb\xbforder,paid,amount_yuan,type,title_type,title,"
                 "tax_no,address,phone,bank,account,email,enterprise", stdout);
    (void) fputs(caplat_cmd_value(d->cmd, "issued") != NULL
                     ? ",number,day\r\n" : "\r\n", stdout);

    return caplat_cmd_audit(d->cmd, print, d, &audit) && !d->has_failed
               ? CAPLAT_CMD_DONE : CAPLAT_CMD_REFUSED;
}


int
caplat_cmd_order_invoices(int argc, char **argv)
{
    caplat_cmd_option  options[] = {
        CAPLAT_CMD_LEDGER, { .name = "epoch-key", .is_many = true },
        { .name = "vault" }, { .name = "format" },
        { .name = "issued", .is_flag = true }
    };
    caplat_cmd         cmd = {
        .name = "order invoices", .help = invoices_help, .options = options,
        .option_count = CAPLAT_COUNT(options), .words_min = 1,
        .words_max = KEYS_MAX
    };
    desk               d = { .cmd = &cmd };
    const char        *format;
    int                status;

    if (!caplat_cmd_read(&cmd, argc, argv, &status)) {
        return status;
    }

    format = caplat_cmd_value(&cmd, "format");

    if (format != NULL && strcmp(format, "csv") != 0) {
        return caplat_cmd_misuse(&cmd, "format", format, "csv");
    }

    if (!caplat_cmd_vault(&cmd, d.vault)) {
        return caplat_cmd_refuse("vault", "its path is too long");
    }

    if (!caplat_cmd_epochs_open(cmd.words, cmd.word_count, &d.epochs)) {
        return CAPLAT_CMD_REFUSED;
    }

    d.list = caplat_invoices_open();
    status = d.list != NULL ? print_invoices(&d)
                            : caplat_cmd_refuse("order invoices",
                                                "there is no memory");
    caplat_invoices_close(d.list);
    caplat_cmd_epochs_close(&d.epochs);

    return status;
}
