/*
 * The operator's commands: `caplat NOUN VERB [OPTION]... [WORD]...`.
 *
 * What a command was asked for stands on standard output; what is wrong, and
 * what to do about it, on standard error. A fault in a file begins with
 * file:line:column, which editors can jump to.
 */

#ifndef CAPLAT_CMD_H
#define CAPLAT_CMD_H

#include "caplat_err.h"
#include "caplat_key.h"
#include "caplat_slice.h"
#include "caplat_write.h"


/* Exit statuses. */
enum { CAPLAT_CMD_DONE, CAPLAT_CMD_REFUSED, CAPLAT_CMD_USAGE };


/* Given as --name VALUE or --name=VALUE, or --name where it has no value. */
typedef struct {
    const char   *name;                 /* without its dashes */
    bool          is_flag;
    bool          is_many;              /* its values are words: it may be
                                           given again, or left out before
                                           them */
    bool          needed;
    const char   *value;                /* NULL: not given; a flag's: "" */
} caplat_cmd_option;


/* A command, and what it was called with. */
typedef struct {
    const char          *name;          /* "key new" */
    const char          *help;          /* printed by --help */
    caplat_cmd_option   *options;
    size_t               option_count;
    const char          *word;          /* what a word is, where one is needed:
                                           "ORDER"; NULL: "FILE" */
    size_t               words_min;
    size_t               words_max;
    char               **words;         /* what is no option, in order */
    size_t               word_count;
} caplat_cmd;


/*
 * Read the arguments behind the verb; words are moved to the front of argv.
 *
 * status  what to exit with on false: --help was printed, or what is wrong
 */
bool caplat_cmd_read(caplat_cmd *cmd, int argc, char **argv, int *status);

/* The value of an option, NULL when it was not given. */
const char *caplat_cmd_value(const caplat_cmd *cmd, const char *name);

/* The same as a slice: empty when it was not given. */
caplat_slice caplat_cmd_text(const caplat_cmd *cmd, const char *name);

/* A number from min to max; `number` is untouched when it is not given.
   False has been told, as a wrong use. */
bool caplat_cmd_number(const caplat_cmd *cmd, const char *name, uint64_t min,
    uint64_t max, int64_t *number);

/* 1 to max bytes of text without controls. False has been told. */
bool caplat_cmd_words(const caplat_cmd *cmd, const char *name, size_t max);


/* Tell that an option was wrongly used; returns CAPLAT_CMD_USAGE. */
int caplat_cmd_misuse(const caplat_cmd *cmd, const char *name,
    const char *value, const char *why);

/* Tell why something cannot be done; returns CAPLAT_CMD_REFUSED. */
int caplat_cmd_refuse(const char *what, const char *why);

/* The same of a place in a file, and what to do, unless that is NULL. */
int caplat_cmd_fault(const char *path, caplat_slice text,
    const caplat_err *err, const char *advice);

/* A file of at most max bytes; false has been told. */
bool caplat_cmd_file(const char *path, size_t max, caplat_slice *text);

/* Wipe what caplat_cmd_file has read, and free it. */
void caplat_cmd_wipe(caplat_slice text);

/* Warn of a secret's file that others can read. */
void caplat_cmd_warn_if_open(const char *path);

/* A private key out of a file; false has been told. Warns of one that others
   can read. */
bool caplat_cmd_key(const char *path, caplat_private_key **key);

/* Print what was written, and a line feed. */
void caplat_cmd_print(const caplat_writer *w);

/* A C string as a slice. */
caplat_slice caplat_cmd_slice(const char *text);

/* "Ed25519", "ES256" (RFC 9864, RFC 7518). */
caplat_slice caplat_cmd_algorithm(const caplat_private_key *key);

/* Its thumbprint, which is its kid. */
caplat_slice caplat_cmd_kid(const caplat_private_key *key);


/* The commands; argv begins behind the verb. Each returns its status. */
int caplat_cmd_key_new(int argc, char **argv);
int caplat_cmd_key_public(int argc, char **argv);
int caplat_cmd_token_issue(int argc, char **argv);
int caplat_cmd_token_check(int argc, char **argv);
int caplat_cmd_log_vkey(int argc, char **argv);
int caplat_cmd_log_verify(int argc, char **argv);
int caplat_cmd_log_export(int argc, char **argv);
int caplat_cmd_log_show(int argc, char **argv);
int caplat_cmd_log_prove(int argc, char **argv);
int caplat_cmd_log_reopen(int argc, char **argv);
int caplat_cmd_receipt_verify(int argc, char **argv);
int caplat_cmd_order_invoices(int argc, char **argv);
int caplat_cmd_order_issued(int argc, char **argv);
int caplat_cmd_order_paid(int argc, char **argv);
int caplat_cmd_order_reconcile(int argc, char **argv);
int caplat_cmd_order_refund(int argc, char **argv);
int caplat_cmd_vault_new_epoch(int argc, char **argv);
int caplat_cmd_vault_open(int argc, char **argv);
int caplat_cmd_vault_shred(int argc, char **argv);


#endif /* CAPLAT_CMD_H */
