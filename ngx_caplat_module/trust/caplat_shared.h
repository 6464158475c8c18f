/*
 * What the processes of a ledger share besides its index: a file that all of
 * them map. It is of one boot and one version, and derived from the log.
 */

#ifndef CAPLAT_SHARED_H
#define CAPLAT_SHARED_H

#include "caplat_boot.h"
#include "caplat_vault.h"

#include <stdatomic.h>


#define CAPLAT_SIGNER_LEN  32           /* SHA-256 of a vkey */
#define CAPLAT_EPOCHS_MAX  16           /* of a boot: a quarter each */


typedef struct {
    char                 name[CAPLAT_EPOCH_LEN_MAX];
    _Atomic uint64_t     name_len;      /* 0: empty */
    _Atomic uint64_t     next_slot;
} caplat_shared_epoch;


typedef struct {
    char                 magic[8];
    uint64_t             version;
    char                 boot[CAPLAT_BOOT_LEN];
    uint8_t              zero[4];
    uint8_t              signer[CAPLAT_SIGNER_LEN];     /* whose log it is: of
                                           those who have it open now */

    _Atomic uint64_t     durable;       /* size of the tree that is synced */
    _Atomic uint64_t     last_order;    /* the greatest number that was given */
    _Atomic uint64_t     published;     /* size of the file `checkpoint` */
    _Atomic int64_t      published_ms;  /* when; of CLOCK_MONOTONIC */
    _Atomic uint32_t     closed;
    uint32_t             zeros;
    caplat_shared_epoch  epochs[CAPLAT_EPOCHS_MAX];
} caplat_shared;


/*
 * Map the file of a folder; it is made, or emptied, when it is of another boot
 * or version. The caller holds the lock of caplat_ledger_open.
 *
 * may_make  nobody else uses one: else only what is there and ours is mapped
 * is_new    all of it is zero, and nobody's yet
 */
bool caplat_shared_map(const char *folder, bool may_make,
    caplat_shared **shared, bool *is_new, const char **why);

/* What is new is filled: from now on it is this boot's. */
bool caplat_shared_own(caplat_shared *shared, const char **why);
void caplat_shared_unmap(caplat_shared *shared);    /* NULL too */

/* Raise a number to at least that. */
void caplat_shared_raise(_Atomic uint64_t *number, uint64_t at_least);


#endif /* CAPLAT_SHARED_H */
