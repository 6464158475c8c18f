/*
 * Personal data of an order for the operator's commands: where its vault is,
 * whose key opens it.
 */

#ifndef CAPLAT_CMD_SEALED_H
#define CAPLAT_CMD_SEALED_H

#include "caplat_cmd.h"
#include "caplat_io.h"
#include "caplat_record.h"


/* What a record tells of its sealed part, copied. All zero: nothing yet. */
typedef struct {
    char           order[CAPLAT_ORDER_ID_LEN_MAX];
    size_t         order_len;
    char           epoch[CAPLAT_EPOCH_LEN_MAX];
    size_t         epoch_len;
    caplat_seal    seal;
    uint8_t       *text;                /* malloc'ed */
    size_t         len;
} caplat_cmd_sealed;

/* False: no memory, or the record has none. */
bool caplat_cmd_sealed_of(const caplat_record *record,
    caplat_cmd_sealed *sealed);
void caplat_cmd_sealed_close(caplat_cmd_sealed *sealed);

caplat_slice caplat_cmd_sealed_epoch(const caplat_cmd_sealed *sealed);


/* --vault DIR, or the vault/ of --ledger; false: the path is too long. */
bool caplat_cmd_vault(const caplat_cmd *cmd,
    char path[static CAPLAT_PATH_MAX]);


/* Secret keys of epochs, as files have them. */
typedef struct {
    char         **paths;
    caplat_slice  *texts;
    size_t         count;
} caplat_cmd_epochs;

/* Warns of a file that others can read. False has been told. */
bool caplat_cmd_epochs_open(char **paths, size_t count,
    caplat_cmd_epochs *epochs);
void caplat_cmd_epochs_close(caplat_cmd_epochs *epochs);    /* wipes */

/*
 * Open it with whichever key does.
 *
 * text  the caller frees text->ptr by caplat_cmd_wipe
 * why   on false: static words
 */
bool caplat_cmd_unseal(const char *vault, const caplat_cmd_epochs *epochs,
    const caplat_cmd_sealed *sealed, caplat_slice *text, const char **why);


#endif /* CAPLAT_CMD_SEALED_H */
