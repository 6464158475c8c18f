#include "caplat_cmd_ledger.h"

#include "caplat_member.h"

#include <time.h>


static const char  vkey_help[] =
    "caplat log vkey --key FILE --name ORIGIN [--json]\n"
    "\n"
    "Print the verifier key of a log: what anybody checks its receipts and\n"
    "checkpoints with.\n"
    "\n"
    "  --key FILE      the log's private key, an Ed25519 JWK\n"
    "  --name ORIGIN   its address without scheme, as in ca.example.cn/log\n"
    "  --json          print {\"vkey\":...}\n";

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

    if (has_since && !caplat_cmd_since(&cmd, &writer.verifier, &since)) {
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

    caplat_cmd_print_audit(&cmd, &audit, 0);

    return CAPLAT_CMD_DONE;
}
