#include "caplat_cmd_ledger.h"

#include "caplat_b64.h"
#include "caplat_cmd_sealed.h"
#include "caplat_file.h"
#include "caplat_vault.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>


static const char  new_help[] =
    "caplat vault new-epoch EPOCH --out FILE [--json]\n"
    "\n"
    "Make the key pair of an epoch, off the server: FILE gets the secret half\n"
    "and stays there; what is printed is the line for the server.\n"
    "\n"
    "  EPOCH        its name, as in 2027Q1\n"
    "  --out FILE   which must not be there yet; mode 0600\n"
    "  --json       print the public half as JSON\n";

static const char  open_help[] =
    "caplat vault open ORDER --ledger DIR --vkey VKEY|FILE --epoch-key FILE\n"
    "                  [--vault DIR] [--json]\n"
    "\n"
    "Print the personal data of an order, a line of JSON for who placed it\n"
    "and one for each payment, with --json too. Needs the epoch's secret key,\n"
    "which does not belong on the server: copy log/ and vault/ to where it\n"
    "is.\n"
    "\n"
    "  --vault DIR   unless it is the ledger's vault/\n";

static const char  shred_help[] =
    "caplat vault shred ORDER --ledger DIR --name ORIGIN --key FILE\n"
    "                   [--vault DIR] [--json]\n"
    "\n"
    "Destroy the keys of an order's personal data, and record it. Backups of\n"
    "the vault keep it as long as they are kept.\n"
    "\n"
    "  --ledger DIR    the ledger's folder\n"
    "  --name ORIGIN   the log's address without scheme, as in\n"
    "                  ca.example.cn/log\n"
    "  --key FILE      the log's private key, an Ed25519 JWK\n"
    "  --vault DIR     unless it is the ledger's vault/\n"
    "  --json          tell it as JSON, a line for each slot\n";


/* What is sealed of an order: by whom it was placed, and who has paid. */
typedef struct {
    caplat_slice       order;
    caplat_cmd_sealed  sealed[CAPLAT_ORDER_EVENTS];
    bool               is_shredded[CAPLAT_ORDER_EVENTS];
    size_t             count;
} search;


static void
note_shredded(search *s, const caplat_record *record)
{
    for (size_t i = 0; i < s->count; i++) {
        if (s->sealed[i].seal.slot == record->seal.slot
            && caplat_slice_eq(caplat_cmd_sealed_epoch(&s->sealed[i]),
                               record->epoch))
        {
            s->is_shredded[i] = true;
        }
    }
}


static bool
look(void *data, const caplat_record *record, caplat_slice line)
{
    search  *s = data;

    (void) line;

    if (!caplat_slice_eq(record->order, s->order)) {
        return true;
    }

    if (record->type == CAPLAT_EVENT_PII_SHREDDED) {
        note_shredded(s, record);
        return true;
    }

    if (record->sealed.len == 0) {
        return true;
    }

    return s->count < CAPLAT_ORDER_EVENTS
        && caplat_cmd_sealed_of(record, &s->sealed[s->count++]);
}


static void
close_search(search *s)
{
    for (size_t i = 0; i < s->count; i++) {
        caplat_cmd_sealed_close(&s->sealed[i]);
    }
}


/* The order's seals out of the log; false has been told. */
static bool
find(const caplat_cmd *cmd, search *s)
{
    caplat_audit  audit;

    s->order = caplat_cmd_slice(cmd->words[0]);

    if (!caplat_cmd_audit(cmd, look, s, &audit)) {
        return false;
    }

    if (s->count == 0) {
        (void) caplat_cmd_refuse(cmd->words[0], "the log has no such order");
    }

    return s->count != 0;
}


/* The pair as {"epoch":...,"pk":...,"sk":...}. */
static void
put_pair(caplat_writer *w, caplat_slice name, const uint8_t *pk,
    const uint8_t *sk)
{
    char  text[CAPLAT_B64URL_LEN(32)];

    caplat_put(w, CAPLAT_LIT("{\"epoch\":"));
    caplat_put_string(w, name);
    caplat_put(w, CAPLAT_LIT(",\"pk\":"));
    caplat_put_string(w, caplat_slice_of(text,
        caplat_b64url_write(pk, 32, text)));

    if (sk != NULL) {
        caplat_put(w, CAPLAT_LIT(",\"sk\":"));
        caplat_put_string(w, caplat_slice_of(text,
            caplat_b64url_write(sk, 32, text)));
    }

    caplat_put(w, CAPLAT_LIT("}"));
    sodium_memzero(text, sizeof(text));
}


static void
put_line(caplat_writer *w, caplat_slice name, const uint8_t *pk)
{
    char  text[CAPLAT_B64URL_LEN(32)];

    caplat_put(w, name);
    caplat_put(w, CAPLAT_LIT(" "));
    caplat_put(w, caplat_slice_of(text, caplat_b64url_write(pk, 32, text)));
}


/* Whether the server would take the line, whose LF print adds. */
static bool
is_epoch(const caplat_writer *line)
{
    char           room[CAPLAT_EPOCH_LEN_MAX + 48];
    caplat_writer  w = caplat_writer_of(room, sizeof(room));
    caplat_epoch   epoch;

    caplat_put(&w, caplat_written(line));
    caplat_put(&w, CAPLAT_LIT("\n"));

    return !w.full && caplat_epoch_read(caplat_written(&w), &epoch);
}


int
caplat_cmd_vault_new_epoch(int argc, char **argv)
{
    caplat_cmd_option  options[] = {
        { .name = "out", .needed = true }, { .name = "json", .is_flag = true }
    };
    caplat_cmd         cmd = {
        .name = "vault new-epoch", .help = new_help, .options = options,
        .option_count = CAPLAT_COUNT(options), .word = "EPOCH",
        .words_min = 1, .words_max = 1
    };
    uint8_t            pk[crypto_box_PUBLICKEYBYTES];
    uint8_t            sk[crypto_box_SECRETKEYBYTES];
    char               secret_room[256], room[256];
    caplat_writer      secret = caplat_writer_of(secret_room,
                                                 sizeof(secret_room));
    caplat_writer      w = caplat_writer_of(room, sizeof(room));
    caplat_slice       name;
    const char        *why;
    int                status;
    bool               is_written;

    if (!caplat_cmd_read(&cmd, argc, argv, &status)) {
        return status;
    }

    name = caplat_cmd_slice(cmd.words[0]);
    (void) crypto_box_keypair(pk, sk);
    put_line(&w, name, pk);

    if (w.full || !is_epoch(&w)) {
        sodium_memzero(sk, sizeof(sk));
        return caplat_cmd_refuse(cmd.words[0], "an epoch is 1 to 32 of "
                                 "letters, digits and `-`, as in 2027Q1");
    }

    put_pair(&secret, name, pk, sk);
    caplat_put(&secret, CAPLAT_LIT("\n"));
    is_written = caplat_file_write(caplat_cmd_value(&cmd, "out"),
        caplat_written(&secret), 0600, false, &why);
    sodium_memzero(sk, sizeof(sk));
    sodium_memzero(secret_room, sizeof(secret_room));

    if (!is_written) {
        return caplat_cmd_refuse(caplat_cmd_value(&cmd, "out"), why);
    }

    if (caplat_cmd_value(&cmd, "json") != NULL) {
        w.len = 0;
        put_pair(&w, name, pk, NULL);
    }

    caplat_cmd_print(&w);

    return CAPLAT_CMD_DONE;
}


/* A line for each record; false has been told. */
static bool
print_opened(const caplat_cmd *cmd, const search *s,
    const caplat_cmd_epochs *epochs)
{
    char          folder[CAPLAT_PATH_MAX];
    caplat_slice  text;
    const char   *why = "the vault's path is too long";
    bool          is_open = caplat_cmd_vault(cmd, folder);

    for (size_t i = 0; i < s->count && is_open; i++) {
        is_open = caplat_cmd_unseal(folder, epochs, &s->sealed[i], &text,
                                    &why);

        if (is_open) {
            (void) fwrite(text.ptr, 1, text.len, stdout);
            (void) putchar('\n');
            caplat_cmd_wipe(text);
        }
    }

    if (!is_open) {
        (void) caplat_cmd_refuse(cmd->words[0], why);
    }

    return is_open;
}


int
caplat_cmd_vault_open(int argc, char **argv)
{
    caplat_cmd_option  options[] = {
        CAPLAT_CMD_LEDGER, { .name = "epoch-key", .needed = true },
        { .name = "vault" }, { .name = "json", .is_flag = true }
    };
    caplat_cmd         cmd = {
        .name = "vault open", .help = open_help, .options = options,
        .option_count = CAPLAT_COUNT(options), .word = "ORDER",
        .words_min = 1, .words_max = 1
    };
    search             s = { .count = 0 };
    caplat_cmd_epochs  epochs;
    char              *path;
    int                status;
    bool               is_done;

    if (!caplat_cmd_read(&cmd, argc, argv, &status)) {
        return status;
    }

    path = (char *) (uintptr_t) caplat_cmd_value(&cmd, "epoch-key");

    if (!caplat_cmd_epochs_open(&path, 1, &epochs)) {
        return CAPLAT_CMD_REFUSED;
    }

    is_done = find(&cmd, &s) && print_opened(&cmd, &s, &epochs);
    caplat_cmd_epochs_close(&epochs);
    close_search(&s);

    return is_done ? CAPLAT_CMD_DONE : CAPLAT_CMD_REFUSED;
}


/* Of those that are left, one after the other. */
static bool
decide_shredded(void *data, size_t at, caplat_batch *batch)
{
    const search             *s = data;
    const caplat_cmd_sealed  *sealed = &s->sealed[at];
    caplat_record             record;

    if (s->is_shredded[at]) {
        return true;
    }

    memset(&record, 0, sizeof(record));
    record.type = CAPLAT_EVENT_PII_SHREDDED;
    record.order = s->order;
    record.epoch = caplat_cmd_sealed_epoch(sealed);
    record.seal.slot = sealed->seal.slot;

    return caplat_batch_add(batch, &record);
}


/* The log first says what then is done: a slot that is zero without a record
   would look like a loss. */
static bool
record_shredded(const caplat_cmd_writer *writer, search *s,
    caplat_ledger_error *error)
{
    caplat_ledger  *ledger;
    caplat_batch   *batch;
    bool            is_done;

    if (!caplat_ledger_open(&writer->conf, caplat_cmd_progress, NULL, &ledger,
                            error))
    {
        return false;
    }

    is_done = caplat_ledger_commit(ledger, decide_shredded, s, s->count,
        (int64_t) time(NULL) * 1000, false, &batch, error);
    caplat_ledger_close(ledger);

    return is_done;
}


/* False has been told. */
static bool
shred_slots(const caplat_cmd *cmd, const search *s)
{
    char         folder[CAPLAT_PATH_MAX];
    const char  *why = "the vault's path is too long";
    bool         is_done = caplat_cmd_vault(cmd, folder);

    for (size_t i = 0; i < s->count && is_done; i++) {
        const caplat_cmd_sealed  *sealed = &s->sealed[i];

        is_done = caplat_vault_shred(folder, caplat_cmd_sealed_epoch(sealed),
                                     s->order, sealed->seal.slot, &why);

        if (is_done) {
            (void) printf(caplat_cmd_value(cmd, "json") != NULL
                          ? "{\"order\":\"%s\",\"slot\":%llu}\n"
                          : "%s is shredded: slot %llu is zero.\n",
                          cmd->words[0],
                          (unsigned long long) sealed->seal.slot);
        }
    }

    if (!is_done) {
        (void) caplat_cmd_refuse(cmd->words[0], why);
    }

    return is_done;
}


static int
shred(const caplat_cmd *cmd, const caplat_cmd_writer *writer, search *s)
{
    caplat_audit_conf    conf = {
        .folder = writer->conf.folder, .verifier = &writer->verifier,
        .each = look, .data = s, .progress = caplat_cmd_progress
    };
    caplat_audit         audit;
    caplat_ledger_error  error;

    if (!caplat_audit_log(&conf, &audit, &error)) {
        return caplat_cmd_ledger_refuse(conf.folder, &error);
    }

    if (s->count == 0) {
        return caplat_cmd_refuse(cmd->words[0], "the log has no such order");
    }

    if (!record_shredded(writer, s, &error)) {
        return caplat_cmd_ledger_refuse(conf.folder, &error);
    }

    return shred_slots(cmd, s) ? CAPLAT_CMD_DONE : CAPLAT_CMD_REFUSED;
}


int
caplat_cmd_vault_shred(int argc, char **argv)
{
    caplat_cmd_option  options[] = {
        { .name = "ledger", .needed = true },
        { .name = "name", .needed = true }, { .name = "key", .needed = true },
        { .name = "vault" },
        { .name = "json", .is_flag = true }
    };
    caplat_cmd         cmd = {
        .name = "vault shred", .help = shred_help, .options = options,
        .option_count = CAPLAT_COUNT(options), .word = "ORDER",
        .words_min = 1, .words_max = 1
    };
    search             s = { .count = 0 };
    caplat_cmd_writer  writer;
    int                status;

    if (!caplat_cmd_read(&cmd, argc, argv, &status)) {
        return status;
    }

    if (!caplat_cmd_writer_open(&cmd, &writer)) {
        return CAPLAT_CMD_REFUSED;
    }

    s.order = caplat_cmd_slice(cmd.words[0]);
    status = shred(&cmd, &writer, &s);
    close_search(&s);
    caplat_cmd_writer_close(&writer);

    return status;
}
