#include "caplat_cmd_ledger.h"

#include "caplat_receipt.h"

#include <stdio.h>
#include <stdlib.h>


static const char  help[] =
    "caplat receipt verify FILE --key VKEY|FILE [--json]\n"
    "\n"
    "Check a receipt: that the order's record stands in the log that its key\n"
    "signs. Needs no server and no log.\n"
    "\n"
    "  --key VKEY   the log's verifier key, or a file that holds it\n"
    "  --json       tell it as JSON\n";


static void
print_json(const caplat_receipt *receipt, const caplat_verifier *verifier)
{
    (void) printf("{\"origin\":\"%.*s\",\"size\":%llu,\"index\":%llu,"
                  "\"record\":%.*s}\n", (int) verifier->name_len,
                  verifier->name,
                  (unsigned long long) receipt->checkpoint.size,
                  (unsigned long long) receipt->index,
                  (int) receipt->record.len, receipt->record.ptr);
}


static void
print_order(const caplat_record *record)
{
    char           room[64];
    caplat_writer  w = caplat_writer_of(room, sizeof(room));

    caplat_cmd_time(&w, record->time_ms);
    (void) printf("%.*s, %.*s, %.*s\n", (int) record->order.len,
                  record->order.ptr,
                  (int) caplat_event_name(record->type).len,
                  caplat_event_name(record->type).ptr, (int) w.len, w.ptr);

    if (record->type == CAPLAT_EVENT_ORDER_CREATED) {
        (void) printf("certificate %.*s, platforms %.*s, %lld.%02lld yuan\n",
                      (int) record->cert.len, record->cert.ptr,
                      (int) record->add.len, record->add.ptr,
                      (long long) record->amount_fen / 100,
                      (long long) record->amount_fen % 100);
    }
}


static void
print(const caplat_receipt *receipt, const caplat_verifier *verifier)
{
    caplat_record  record;
    caplat_err     err;

    (void) printf("The record stands in the log %.*s: number %llu of %llu.\n",
                  (int) verifier->name_len, verifier->name,
                  (unsigned long long) receipt->index,
                  (unsigned long long) receipt->checkpoint.size);

    if (caplat_record_read(receipt->record, &record, &err)) {
        print_order(&record);

    } else {
        (void) printf("%.*s\n", (int) receipt->record.len,
                      receipt->record.ptr);
    }
}


int
caplat_cmd_receipt_verify(int argc, char **argv)
{
    caplat_cmd_option  options[] = {
        { .name = "key", .needed = true }, { .name = "json", .is_flag = true }
    };
    caplat_cmd         cmd = {
        .name = "receipt verify", .help = help, .options = options,
        .option_count = CAPLAT_COUNT(options), .words_min = 1, .words_max = 1
    };
    caplat_verifier    verifier;
    caplat_slice       text;
    caplat_receipt     receipt;
    const char        *why;
    int                status;
    bool               holds;

    if (!caplat_cmd_read(&cmd, argc, argv, &status)) {
        return status;
    }

    if (!caplat_cmd_vkey(caplat_cmd_value(&cmd, "key"), &verifier)
        || !caplat_cmd_file(cmd.words[0], CAPLAT_RECEIPT_LEN_MAX, &text))
    {
        return CAPLAT_CMD_REFUSED;
    }

    holds = caplat_receipt_verify(text, &verifier, &receipt, &why);
    free((void *) (uintptr_t) text.ptr);

    if (!holds) {
        return caplat_cmd_refuse(cmd.words[0], why);
    }

    if (caplat_cmd_value(&cmd, "json") != NULL) {
        print_json(&receipt, &verifier);

    } else {
        print(&receipt, &verifier);
    }

    free((void *) (uintptr_t) receipt.record.ptr);

    return CAPLAT_CMD_DONE;
}
