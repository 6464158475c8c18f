/*
 * caplat: finds the command.
 */

#include "caplat_cmd.h"

#include "caplat_hash.h"

#include <stdio.h>


static const char  help[] =
    "caplat: keys and tokens of an edge, and its ledger\n"
    "\n"
    "  caplat key new          make a private key\n"
    "  caplat key public       tell the public halves of keys, as a JWKS\n"
    "  caplat token issue      make an access token for a holder\n"
    "  caplat token check      tell whether a token is accepted, or why not\n"
    "\n"
    "  caplat log vkey         tell the verifier key of a log\n"
    "  caplat log verify       read all of a log again, and judge it\n"
    "  caplat log export       print records, as ndjson or csv\n"
    "  caplat log show         print the records of an order\n"
    "  caplat log prove        print the receipt of an order\n"
    "  caplat log reopen       let orders in again after a failed sync\n"
    "  caplat receipt verify   check a receipt, with its file and a key alone\n"
    "\n"
    "  caplat order invoices   print the invoices that are to be issued\n"
    "  caplat order paid       book a bank transfer\n"
    "  caplat order refund     record that money of an order goes back\n"
    "  caplat order issued     record that an order's invoice is issued\n"
    "  caplat order reconcile  compare the channels' bills with a ledger\n"
    "\n"
    "  caplat vault new-epoch  make the keys that personal data is sealed to\n"
    "  caplat vault open       print the personal data of an order\n"
    "  caplat vault shred      destroy the key of an order's personal data\n"
    "\n"
    "Each has --help. Exit status: 0 done; 1 refused; 2 wrongly used.\n";


typedef struct {
    const char   *noun;
    const char   *verb;
    int         (*run)(int argc, char **argv);
} command;

static const command  commands[] = {
    { "key", "new", caplat_cmd_key_new },
    { "key", "public", caplat_cmd_key_public },
    { "token", "issue", caplat_cmd_token_issue },
    { "token", "check", caplat_cmd_token_check },
    { "log", "vkey", caplat_cmd_log_vkey },
    { "log", "verify", caplat_cmd_log_verify },
    { "log", "export", caplat_cmd_log_export },
    { "log", "show", caplat_cmd_log_show },
    { "log", "prove", caplat_cmd_log_prove },
    { "log", "reopen", caplat_cmd_log_reopen },
    { "receipt", "verify", caplat_cmd_receipt_verify },
    { "order", "invoices", caplat_cmd_order_invoices },
    { "order", "issued", caplat_cmd_order_issued },
    { "order", "paid", caplat_cmd_order_paid },
    { "order", "reconcile", caplat_cmd_order_reconcile },
    { "order", "refund", caplat_cmd_order_refund },
    { "vault", "new-epoch", caplat_cmd_vault_new_epoch },
    { "vault", "open", caplat_cmd_vault_open },
    { "vault", "shred", caplat_cmd_vault_shred },
};


static bool
asks_help(int argc, char **argv)
{
    for (int i = 1; i < argc && i < 3; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "help") == 0) {
            return true;
        }
    }

    return false;
}


static int
refuse(int argc, char **argv)
{
    if (argc < 2) {
        (void) fputs("caplat: which command?\n", stderr);

    } else {
        (void) fprintf(stderr, "caplat: %s %s: there is no such command\n",
                       argv[1], argc < 3 ? "?" : argv[2]);
    }

    (void) fputs("Try: caplat --help\n", stderr);

    return CAPLAT_CMD_USAGE;
}


int
main(int argc, char **argv)
{
    if (asks_help(argc, argv)) {
        (void) fputs(help, stdout);
        return CAPLAT_CMD_DONE;
    }

    if (!caplat_trust_open()) {
        return caplat_cmd_refuse("libsodium and OpenSSL", "cannot start");
    }

    for (size_t i = 0; argc > 2 && i < CAPLAT_COUNT(commands); i++) {
        if (strcmp(argv[1], commands[i].noun) == 0
            && strcmp(argv[2], commands[i].verb) == 0)
        {
            int  status = commands[i].run(argc - 3, argv + 3);

            /* A full disk behind a pipe is no success. */
            return fflush(stdout) == 0 || status != CAPLAT_CMD_DONE
                       ? status
                       : caplat_cmd_refuse("standard output",
                                           "cannot be written");
        }
    }

    return refuse(argc, argv);
}
