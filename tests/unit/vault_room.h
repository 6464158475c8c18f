/*
 * What the tests of the vault share: a folder of their own, an epoch's key
 * pair, and orders that are sealed in one word and opened in another.
 */

#ifndef VAULT_ROOM_H
#define VAULT_ROOM_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE                     /* mkdtemp */
#endif

#include "caplat_hash.h"
#include "caplat_vault.h"

#include "test.h"

#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>


#define NOW       INT64_C(1795334400)
#define TEXT      "{\"email\":\"anna@example.cn\"}"
#define TEXT_LEN  (sizeof(TEXT) - 1)
#define EPOCH     "2027Q1"
#define ORDER     "CA20270115000001"
#define OTHER     "CA20270115000002"


static char          vault_folder[] = "/tmp/caplat-vault-XXXXXX";
static char          vault_path[sizeof(vault_folder) + sizeof(EPOCH ".keys")];
static caplat_epoch  vault_epoch = { .name = EPOCH,
                                     .name_len = sizeof(EPOCH) - 1 };
static uint8_t       vault_secret[32];


/* What an order's record would tell, and what is sealed. */
typedef struct {
    const char    *order;
    caplat_seal    seal;
    uint8_t        sealed[TEXT_LEN + CAPLAT_SEAL_TAG];
} sealed_order;


/* A folder and a key pair, or the end. */
static inline void
vault_room_open(void)
{
    if (!caplat_trust_open() || mkdtemp(vault_folder) == NULL) {
        perror(vault_folder);
        exit(1);
    }

    (void) snprintf(vault_path, sizeof(vault_path), "%s/%s", vault_folder,
                    EPOCH ".keys");
    (void) crypto_box_keypair(vault_epoch.public_key, vault_secret);
}


static inline void
vault_room_close(void)
{
    (void) unlink(vault_path);
    test_that(rmdir(vault_folder) == 0, "nothing is left behind");
}


static inline caplat_vault *
open_vault(void)
{
    caplat_vault  *vault = NULL;
    const char    *why = "";

    if (!caplat_vault_open(vault_folder, &vault_epoch, &vault, &why)) {
        printf("%s: %s\n", vault_folder, why);
        exit(1);
    }

    return vault;
}


/* Seal TEXT for an order; false: why is words, and nothing was told. */
static inline bool
seal_order(caplat_vault *vault, const char *order, uint64_t slot, int64_t now,
    sealed_order *o, const char **why)
{
    o->order = order;

    return caplat_vault_seal(vault, test_slice(order), slot, CAPLAT_LIT(TEXT),
                             now, &o->seal, o->sealed, why);
}


/* The same, which must be done. */
static inline void
seal_well(caplat_vault *vault, const char *order, uint64_t slot, int64_t now,
    sealed_order *o)
{
    const char  *why = "";

    test_that(seal_order(vault, order, slot, now, o, &why), why);
}


/* NULL when TEXT comes out, else why not. */
static inline const char *
why_shut_to(const uint8_t *secret, const char *epoch, const sealed_order *o)
{
    uint8_t      text[TEXT_LEN];
    const char  *why = NULL;

    if (!caplat_vault_unseal(vault_folder, test_slice(epoch), secret,
                             test_slice(o->order), &o->seal,
                             caplat_slice_of((const char *) o->sealed,
                                             sizeof(o->sealed)),
                             text, &why))
    {
        return why != NULL ? why : "no words";
    }

    return memcmp(text, TEXT, TEXT_LEN) == 0 ? NULL : "another text";
}


static inline const char *
why_shut(const sealed_order *o)
{
    return why_shut_to(vault_secret, EPOCH, o);
}


#define test_opens(o, words)                                                  \
    test_text(test_slice(why_shut(o) != NULL ? why_shut(o) : ""),             \
        CAPLAT_LIT(""), (words))

#define test_shut(o, why, words)                                              \
    test_text(test_slice(why_shut(o) != NULL ? why_shut(o) : "it opens"),     \
        CAPLAT_LIT(why), (words))


static inline void
read_slot_bytes(uint64_t slot, uint8_t *bytes)
{
    int  fd = open(vault_path, O_RDONLY);

    test_number(pread(fd, bytes, CAPLAT_SLOT_LEN,
                      (off_t) (slot * CAPLAT_SLOT_LEN)),
                CAPLAT_SLOT_LEN, "a slot is read");
    (void) close(fd);
}


static inline void
write_slot_bytes(uint64_t slot, const uint8_t *bytes)
{
    int  fd = open(vault_path, O_WRONLY);

    if (pwrite(fd, bytes, CAPLAT_SLOT_LEN, (off_t) (slot * CAPLAT_SLOT_LEN))
        != CAPLAT_SLOT_LEN)
    {
        perror(vault_path);
        exit(1);
    }

    (void) close(fd);
}


#endif /* VAULT_ROOM_H */
