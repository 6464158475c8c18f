#define _POSIX_C_SOURCE 200809L

#include "caplat_cmd_ledger.h"

#include "caplat_io.h"
#include "caplat_reprice.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>


#define CARDS_MAX  64                   /* rate cards that are kept open */


static const char  verify_help[] =
    "caplat log verify --ledger DIR --vkey VKEY|FILE [--since FILE]\n"
    "                  [--rates DIR] [--index] [--json]\n"
    "\n"
    "Read all of the log again: each record, the tree, each signature, and\n"
    "the tiles; and that it holds what the ledger's file `checkpoint` signs.\n"
    "Changes nothing; a server may run meanwhile.\n"
    "\n"
    "  --ledger DIR   the ledger's folder\n"
    "  --vkey VKEY    its verifier key, or a file that holds it\n"
    "  --since FILE   a checkpoint that was kept elsewhere: the log must go\n"
    "                 on from it\n"
    "  --rates DIR    rate cards, DIR/ID.txt: each price is asked again\n"
    "  --index        make the index of this log beside the server's, which\n"
    "                 takes as much room in DIR until this ends, and compare\n"
    "                 them; refused where the disk has not twice that free\n"
    "  --json         tell it as JSON\n";

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


static int
verify(const caplat_cmd *cmd)
{
    const char          *folder = caplat_cmd_value(cmd, "ledger");
    prices               p = { .folder = caplat_cmd_value(cmd, "rates") };
    caplat_audit_conf    conf = {
        .each = p.folder != NULL ? check_price : NULL, .data = &p
    };
    caplat_verifier      verifier;
    caplat_checkpoint    since;
    caplat_audit         audit;
    caplat_ledger_error  error;
    bool                 is_done;

    if (caplat_cmd_value(cmd, "since") != NULL) {
        if (!caplat_cmd_vkey(caplat_cmd_value(cmd, "vkey"), &verifier)
            || !caplat_cmd_since(cmd, &verifier, &since))
        {
            return CAPLAT_CMD_REFUSED;
        }

        conf.since = &since;
    }

    if (caplat_cmd_value(cmd, "index") != NULL
        && !caplat_index_check_open(folder, &conf.index, &error))
    {
        return caplat_cmd_ledger_refuse(folder, &error);
    }

    is_done = caplat_cmd_audit_with(cmd, &conf, &audit);
    caplat_index_check_close(conf.index);

    while (p.count != 0) {
        drop_card(p.cards[--p.count]);
    }

    if (!is_done) {
        return CAPLAT_CMD_REFUSED;
    }

    caplat_cmd_print_audit(cmd, &audit, p.priced);

    return CAPLAT_CMD_DONE;
}


/* What a process that did not come back has left, and what that tells. */
static int
tell_death(const char *folder, int number)
{
    static const char *const  dead[] = {
        "index: it was not read to its end",
        "index: it cannot be read: stop the servers, move index/ away, and "
        "start them: they make it anew"
    };

    char  path[CAPLAT_PATH_MAX];
    bool  is_fault = number == SIGSEGV || number == SIGBUS
                     || number == SIGABRT;

    if (caplat_io_path(path, folder, "index")) {
        caplat_index_sweep(path);
    }

    return caplat_cmd_refuse(folder, dead[is_fault]);
}


/* In a process of its own, which an index that is damaged may end. */
static int
verify_apart(const caplat_cmd *cmd)
{
    const char  *folder = caplat_cmd_value(cmd, "ledger");
    pid_t        child = fork();
    int          status;

    if (child < 0) {
        return caplat_cmd_refuse(folder, strerror(errno));
    }

    if (child == 0) {
        exit(verify(cmd));
    }

    /* Of a terminal's Ctrl-C the child dies, and leaves something. */
    (void) signal(SIGINT, SIG_IGN);

    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) {
            return caplat_cmd_refuse(folder, strerror(errno));
        }
    }

    return WIFEXITED(status) ? WEXITSTATUS(status)
                             : tell_death(folder, WTERMSIG(status));
}


int
caplat_cmd_log_verify(int argc, char **argv)
{
    caplat_cmd_option  options[] = {
        CAPLAT_CMD_LEDGER, { .name = "since" }, { .name = "rates" },
        { .name = "index", .is_flag = true },
        { .name = "json", .is_flag = true }
    };
    caplat_cmd         cmd = {
        .name = "log verify", .help = verify_help, .options = options,
        .option_count = CAPLAT_COUNT(options)
    };
    int                status;

    if (!caplat_cmd_read(&cmd, argc, argv, &status)) {
        return status;
    }

    return caplat_cmd_value(&cmd, "index") != NULL ? verify_apart(&cmd)
                                                   : verify(&cmd);
}
