#include "caplat_cmd_ledger.h"

#include "caplat_level.h"
#include "caplat_io.h"
#include "caplat_hash.h"
#include "caplat_member.h"
#include "caplat_reprice.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>


#define CARDS_MAX  64                   /* rate cards that are kept open */


static const char  vkey_help[] =
    "caplat log vkey --key FILE --name ORIGIN [--json]\n"
    "\n"
    "Print the verifier key of a log: what anybody checks its receipts and\n"
    "checkpoints with.\n"
    "\n"
    "  --key FILE      the log's private key, an Ed25519 JWK\n"
    "  --name ORIGIN   its address without scheme, as in ca.example.cn/log\n"
    "  --json          print {\"vkey\":...}\n";

static const char  verify_help[] =
    "caplat log verify --ledger DIR --vkey VKEY|FILE [--since FILE]\n"
    "                  [--rates DIR] [--json]\n"
    "\n"
    "Read all of the log again: each record, the tree, each signature, and\n"
    "the tiles; and that it holds what the ledger's file `checkpoint` signs.\n"
    "Writes nothing; a server may run meanwhile.\n"
    "\n"
    "  --ledger DIR   the ledger's folder\n"
    "  --vkey VKEY    its verifier key, or a file that holds it\n"
    "  --since FILE   a checkpoint that was kept elsewhere: the log must go\n"
    "                 on from it\n"
    "  --rates DIR    rate cards, DIR/ID.txt: each price is asked again\n"
    "  --json         tell it as JSON\n";

static const char  reopen_help[] =
    "caplat log reopen --ledger DIR --name ORIGIN --key FILE [--since FILE]\n"
    "                  [--json]\n"
    "\n"
    "Let orders in again after a sync of the log has failed: verify all that\n"
    "the disk has, make the index anew, and record it. See to the disk\n"
    "first. What is not closed is refused.\n"
    "\n"
    "With --since also where the power failed while a batch was written, and\n"
    "its sectors reached the disk out of order, so that no server starts:\n"
    "what cannot be read at the log's end goes to log/NAME.torn, if that\n"
    "checkpoint and the ledger's own sign nothing of it. Ask all who keep\n"
    "checkpoints for the newest: what an older one does not sign may have\n"
    "been acknowledged.\n"
    "\n"
    "  --ledger DIR    the ledger's folder\n"
    "  --name ORIGIN   the log's address without scheme, as in\n"
    "                  ca.example.cn/log\n"
    "  --key FILE      the log's private key, an Ed25519 JWK\n"
    "  --since FILE    the newest checkpoint that anybody has\n"
    "  --json          tell it as JSON\n";


/* Rate cards by their id, read when they are first needed. */
typedef struct {
    char            id[CAPLAT_HEX_LEN];
    caplat_slice    text;
    caplat_rates    rates;
} card;

typedef struct {
    const char     *folder;
    card           *cards[CARDS_MAX];
    size_t          count;
    uint64_t        priced;
} prices;


static card *
find_card(const prices *p, caplat_slice id)
{
    for (size_t i = 0; i < p->count; i++) {
        if (caplat_slice_eq(caplat_slice_of(p->cards[i]->id, CAPLAT_HEX_LEN),
                            id))
        {
            return p->cards[i];
        }
    }

    return NULL;
}


static void
drop_card(card *c)
{
    free((void *) (uintptr_t) c->text.ptr);
    free(c);
}


/* False has been told. */
static card *
read_card(prices *p, caplat_slice id)
{
    char           path[CAPLAT_PATH_MAX], name[CAPLAT_HEX_LEN + 8];
    caplat_writer  w = caplat_writer_of(name, sizeof(name));
    card          *made = calloc(1, sizeof(*made));
    caplat_err     err;

    caplat_put(&w, id);
    caplat_put(&w, CAPLAT_LIT(".txt\0"));

    if (made == NULL || w.full || !caplat_io_path(path, p->folder, name)
        || !caplat_cmd_file(path, CAPLAT_RATES_LEN_MAX, &made->text))
    {
        free(made);
        return NULL;
    }

    if (!caplat_rates_read(made->text, &made->rates, &err)
        || memcmp(made->rates.id, id.ptr, CAPLAT_HEX_LEN) != 0)
    {
        (void) caplat_cmd_refuse(path, "it is not the rate card of its name");
        drop_card(made);
        return NULL;
    }

    memcpy(made->id, id.ptr, CAPLAT_HEX_LEN);

    if (p->count == CARDS_MAX) {
        drop_card(p->cards[--p->count]);
    }

    p->cards[p->count++] = made;

    return made;
}


static bool
check_price(void *data, const caplat_record *record, caplat_slice line)
{
    prices      *p = data;
    card        *c;
    const char  *why;

    (void) line;

    if (record->type != CAPLAT_EVENT_ORDER_CREATED) {
        return true;
    }

    c = find_card(p, record->rates);

    if (c == NULL && (c = read_card(p, record->rates)) == NULL) {
        return false;
    }

    if (!caplat_record_reprice(record, &c->rates, &why)) {
        (void) fprintf(stderr, "caplat: %.*s (record %llu): %s\n",
                       (int) record->order.len, record->order.ptr,
                       (unsigned long long) record->index, why);
        return false;
    }

    p->priced++;

    return true;
}


/* A checkpoint out of a file; false has been told. */
static bool
read_since(const caplat_cmd *cmd, const caplat_verifier *verifier,
    caplat_checkpoint *since)
{
    const char    *path = caplat_cmd_value(cmd, "since");
    caplat_slice   text;
    const char    *why;
    bool           is_read;

    if (!caplat_cmd_file(path, CAPLAT_NOTE_LEN_MAX, &text)) {
        return false;
    }

    is_read = caplat_checkpoint_read(text, verifier, since, &why);
    free((void *) (uintptr_t) text.ptr);

    if (!is_read) {
        (void) caplat_cmd_refuse(path, why);
    }

    return is_read;
}


static void
print_audit(const caplat_audit *audit, uint64_t priced, bool is_json)
{
    if (is_json) {
        (void) printf("{\"records\":%llu,\"checkpoints\":%llu,"
                      "\"segments\":%llu,\"bytes\":%llu,\"torn\":%llu,"
                      "\"published\":%llu,\"priced\":%llu}\n",
                      (unsigned long long) audit->records,
                      (unsigned long long) audit->checkpoints,
                      (unsigned long long) audit->segments,
                      (unsigned long long) audit->bytes,
                      (unsigned long long) audit->torn,
                      (unsigned long long) audit->published,
                      (unsigned long long) priced);
        return;
    }

    (void) printf("%llu records under %llu checkpoints in %llu segments: all "
                  "hold.\n", (unsigned long long) audit->records,
                  (unsigned long long) audit->checkpoints,
                  (unsigned long long) audit->segments);

    if (priced != 0) {
        (void) printf("%llu prices are those of their cards.\n",
                      (unsigned long long) priced);
    }

    if (audit->torn != 0) {
        (void) printf("%llu bytes behind the last checkpoint were never "
                      "acknowledged, or are being written.\n",
                      (unsigned long long) audit->torn);
    }

    if (audit->published == 0 && audit->records != 0) {
        (void) fputs("There is no file `checkpoint`: only --since can tell "
                     "whether the log's end is missing.\n", stdout);
    }
}


int
caplat_cmd_log_verify(int argc, char **argv)
{
    caplat_cmd_option  options[] = {
        CAPLAT_CMD_LEDGER, { .name = "since" }, { .name = "rates" },
        { .name = "json", .is_flag = true }
    };
    caplat_cmd         cmd = {
        .name = "log verify", .help = verify_help, .options = options,
        .option_count = CAPLAT_COUNT(options)
    };
    prices             p = { .folder = NULL };
    caplat_verifier    verifier;
    caplat_checkpoint  since;
    caplat_audit       audit;
    int                status;
    bool               is_done;

    if (!caplat_cmd_read(&cmd, argc, argv, &status)) {
        return status;
    }

    p.folder = caplat_cmd_value(&cmd, "rates");

    if (caplat_cmd_value(&cmd, "since") != NULL
        && (!caplat_cmd_vkey(caplat_cmd_value(&cmd, "vkey"), &verifier)
            || !read_since(&cmd, &verifier, &since)))
    {
        return CAPLAT_CMD_REFUSED;
    }

    is_done = caplat_cmd_audit(&cmd, p.folder != NULL ? check_price : NULL, &p,
        caplat_cmd_value(&cmd, "since") != NULL ? &since : NULL, &audit);

    while (p.count != 0) {
        drop_card(p.cards[--p.count]);
    }

    if (!is_done) {
        return CAPLAT_CMD_REFUSED;
    }

    print_audit(&audit, p.priced, caplat_cmd_value(&cmd, "json") != NULL);

    return CAPLAT_CMD_DONE;
}


int
caplat_cmd_log_vkey(int argc, char **argv)
{
    caplat_cmd_option    options[] = {
        { .name = "key", .needed = true }, { .name = "name", .needed = true },
        { .name = "json", .is_flag = true }
    };
    caplat_cmd           cmd = {
        .name = "log vkey", .help = vkey_help, .options = options,
        .option_count = CAPLAT_COUNT(options)
    };
    char                 vkey[CAPLAT_VKEY_LEN_MAX];
    char                 room[CAPLAT_VKEY_LEN_MAX + 16];
    caplat_writer        w = caplat_writer_of(vkey, sizeof(vkey));
    caplat_writer        json = caplat_writer_of(room, sizeof(room));
    caplat_private_key  *key;
    caplat_verifier      verifier;
    int                  status;
    bool                 is_made;

    if (!caplat_cmd_read(&cmd, argc, argv, &status)) {
        return status;
    }

    if (!caplat_cmd_key(caplat_cmd_value(&cmd, "key"), &key)) {
        return CAPLAT_CMD_REFUSED;
    }

    is_made = caplat_verifier_make(caplat_cmd_text(&cmd, "name"),
        caplat_private_key_public(key), &verifier);
    caplat_private_key_close(key);

    if (!is_made) {
        return caplat_cmd_refuse("name and key", "a log needs an origin, as in "
                                 "ca.example.cn/log, and an Ed25519 key");
    }

    caplat_verifier_write(&verifier, &w);
    caplat_put(&json, CAPLAT_LIT("{\"vkey\":"));
    caplat_put_string(&json, caplat_written(&w));
    caplat_put(&json, CAPLAT_LIT("}"));
    caplat_cmd_print(caplat_cmd_value(&cmd, "json") != NULL ? &json : &w);

    return CAPLAT_CMD_DONE;
}


int
caplat_cmd_log_reopen(int argc, char **argv)
{
    caplat_cmd_option    options[] = {
        { .name = "ledger", .needed = true },
        { .name = "name", .needed = true }, { .name = "key", .needed = true },
        { .name = "since" }, { .name = "json", .is_flag = true }
    };
    caplat_cmd           cmd = {
        .name = "log reopen", .help = reopen_help, .options = options,
        .option_count = CAPLAT_COUNT(options)
    };
    caplat_cmd_writer    writer;
    caplat_checkpoint    since;
    bool                 has_since;
    caplat_audit         audit;
    caplat_ledger_error  error;
    int                  status;
    bool                 is_done;

    if (!caplat_cmd_read(&cmd, argc, argv, &status)) {
        return status;
    }

    if (!caplat_cmd_writer_open(&cmd, &writer)) {
        return CAPLAT_CMD_REFUSED;
    }

    has_since = caplat_cmd_value(&cmd, "since") != NULL;

    if (has_since && !read_since(&cmd, &writer.verifier, &since)) {
        caplat_cmd_writer_close(&writer);
        return CAPLAT_CMD_REFUSED;
    }

    is_done = caplat_ledger_reopen(&writer.conf, has_since ? &since : NULL,
        (int64_t) time(NULL) * 1000, caplat_cmd_progress, NULL, &audit,
        &error);
    caplat_cmd_writer_close(&writer);

    if (!is_done) {
        return caplat_cmd_ledger_refuse(caplat_cmd_value(&cmd, "ledger"),
            &error);
    }

    print_audit(&audit, 0, caplat_cmd_value(&cmd, "json") != NULL);

    return CAPLAT_CMD_DONE;
}
