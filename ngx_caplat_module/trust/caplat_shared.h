/*
 * What the processes of a ledger share besides its index: a file that all of
 * them map. It is of one boot and one version, and derived from the log.
 */

#ifndef CAPLAT_SHARED_H
#define CAPLAT_SHARED_H

#include "caplat_boot.h"
#include "caplat_vault.h"

#include <stdatomic.h>


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

    _Atomic uint64_t     durable;       /* size of the tree that is synced */
    _Atomic uint64_t     last_order;    /* the greatest number that was given */
    _Atomic uint64_t     published;     /* size of the file `checkpoint` */
    _Atomic int64_t      published_ms;  /* when; of CLOCK_MONOTONIC */
    _Atomic uint32_t     closed;
    uint32_t             zeros;
    caplat_shared_epoch  epochs[CAPLAT_EPOCHS_MAX];
} caplat_shared;


/*
 * Map the file of a folder; it is made, or made anew, when it is of another
 * boot or version. The caller holds the lock of caplat_ledger_open.
 *
 * is_new  all of it is zero but what tells whose it is
 */
bool caplat_shared_map(const char *folder, caplat_shared **shared,
    bool *is_new, const char **why);
void caplat_shared_unmap(caplat_shared *shared);    /* NULL too */

/* Raise a number to at least that. */
void caplat_shared_raise(_Atomic uint64_t *number, uint64_t at_least);


#endif /* CAPLAT_SHARED_H */
