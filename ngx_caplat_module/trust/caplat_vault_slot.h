/*
 * The bytes of a slot and the texts that sealing binds to, for the two sides of
 * the vault: who seals, and who opens.
 */

#ifndef CAPLAT_VAULT_SLOT_H
#define CAPLAT_VAULT_SLOT_H

#include "caplat_io.h"
#include "caplat_vault.h"
#include "caplat_write.h"


#define CAPLAT_SLOT_ORDER      0        /* 16 bytes */
#define CAPLAT_SLOT_STATE      16
#define CAPLAT_SLOT_BOX        24       /* 104 bytes of a boxed one */
#define CAPLAT_SLOT_SEALED     32       /* 96 bytes of a sealed one */
#define CAPLAT_SLOT_TAG_LEN    16       /* bytes of an order's hash */
#define CAPLAT_SEAL_KEY        32       /* bytes of K */
#define CAPLAT_SEAL_TEXT_MAX   128      /* of what a seal binds to */

typedef enum {
    CAPLAT_SLOT_EMPTY,
    CAPLAT_SLOT_IS_SEALED,
    CAPLAT_SLOT_IS_SHREDDED,
    CAPLAT_SLOT_IS_BOXED
} caplat_slot_state;


/* BLAKE2b-128 of an order's id. */
void caplat_slot_tag(caplat_slice order,
    uint8_t tag[static CAPLAT_SLOT_TAG_LEN]);

/* The additional data of the cipher; empty when it does not fit. */
caplat_slice caplat_seal_data(char room[static CAPLAT_SEAL_TEXT_MAX],
    caplat_slice epoch, caplat_slice order);

/* kc; false when the id is too long. */
bool caplat_seal_commitment(const uint8_t key[static CAPLAT_SEAL_KEY],
    caplat_slice order, uint8_t commitment[static 32]);

/* Whether a name may be an epoch's, and so a file's. */
bool caplat_epoch_is_name(caplat_slice name);

/* The name of an epoch's file. */
#define CAPLAT_KEYS_NAME_MAX  (CAPLAT_EPOCH_LEN_MAX + 6)
void caplat_keys_name(caplat_slice epoch,
    char name[static CAPLAT_KEYS_NAME_MAX]);


#endif /* CAPLAT_VAULT_SLOT_H */
