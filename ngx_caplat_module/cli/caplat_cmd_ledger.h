/*
 * What the commands about a ledger have in common: its folder, who signs it, a
 * walk over it, progress on a terminal.
 */

#ifndef CAPLAT_CMD_LEDGER_H
#define CAPLAT_CMD_LEDGER_H

#include "caplat_audit.h"
#include "caplat_cmd.h"


/* The options of those that read: --ledger DIR --vkey VKEY|FILE. */
#define CAPLAT_CMD_LEDGER                                                     \
    { .name = "ledger", .needed = true }, { .name = "vkey", .needed = true }


/* A vkey, or the path of a file that holds one; false has been told. */
bool caplat_cmd_vkey(const char *text, caplat_verifier *verifier);

/* Read all of the ledger that --ledger and --vkey name, with an audit. False
   has been told: what is wrong, and where. */
bool caplat_cmd_audit(const caplat_cmd *cmd, caplat_audit_pt each, void *data,
    caplat_audit *audit);

/* The same with all that is asked for but folder, verifier and progress, which
   are the command's. */
bool caplat_cmd_audit_with(const caplat_cmd *cmd,
    const caplat_audit_conf *asked, caplat_audit *audit);

/* The checkpoint in the file of --since; false has been told. */
bool caplat_cmd_since(const caplat_cmd *cmd, const caplat_verifier *verifier,
    caplat_checkpoint *since);

/* What an audit has found, as JSON with --json. priced: prices that were asked
   again */
void caplat_cmd_print_audit(const caplat_cmd *cmd, const caplat_audit *audit,
    uint64_t priced);

/* The ledger for writing: --ledger DIR --name ORIGIN --key FILE. Its files stay
   those of the folder's owner. False has been told. */
typedef struct {
    caplat_private_key   *key;
    caplat_verifier       verifier;
    caplat_ledger_conf    conf;
} caplat_cmd_writer;

bool caplat_cmd_writer_open(const caplat_cmd *cmd, caplat_cmd_writer *writer);
void caplat_cmd_writer_close(caplat_cmd_writer *writer);

/* How far it is, on a terminal: caplat_progress_pt. */
void caplat_cmd_progress(void *data, const char *what, uint64_t done,
    uint64_t all);

/* The time of a record, as in 2026-11-26T15:04:05+08:00. */
void caplat_cmd_time(caplat_writer *w, int64_t time_ms);

/* Tell a ledger's error; returns CAPLAT_CMD_REFUSED. */
int caplat_cmd_ledger_refuse(const char *what,
    const caplat_ledger_error *error);


#endif /* CAPLAT_CMD_LEDGER_H */
