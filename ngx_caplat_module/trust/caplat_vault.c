#define _POSIX_C_SOURCE 200809L

#include "caplat_vault.h"

#include "caplat_vault_slot.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>


/* What lies in locked memory. */
typedef struct {
    uint8_t    shared[crypto_box_BEFORENMBYTES];
    uint8_t    key[CAPLAT_SEAL_KEY];    /* K, while it is used */
} secrets;


struct caplat_vault {
    int            fd;
    caplat_epoch   epoch;
    uint8_t        ephemeral[32];       /* its public half */
    int64_t        until;               /* when that key ends; 0: none yet */
    secrets       *secrets;
};


static bool
open_file(const char *folder, caplat_vault *vault, const char **why)
{
    char  name[CAPLAT_KEYS_NAME_MAX];

    caplat_keys_name(caplat_vault_epoch(vault), name);
    vault->fd = caplat_io_open(folder, name, O_RDWR | O_CREAT);

    /* Also where it was there: who made it may not have come this far. */
    if (vault->fd < 0 || !caplat_io_sync_folder(folder)) {
        *why = strerror(errno);
        return false;
    }

    return true;
}


bool
caplat_vault_open(const char *folder, const caplat_epoch *epoch,
    caplat_vault **vault, const char **why)
{
    caplat_vault  *made = calloc(1, sizeof(*made));

    if (made == NULL) {
        *why = "there is no memory";
        return false;
    }

    made->fd = -1;
    made->epoch = *epoch;
    made->secrets = sodium_malloc(sizeof(secrets));

    if (made->secrets == NULL) {
        *why = "there is no memory that can be locked";
        caplat_vault_close(made);
        return false;
    }

    if (!open_file(folder, made, why)) {
        caplat_vault_close(made);
        return false;
    }

    *vault = made;

    return true;
}


void
caplat_vault_close(caplat_vault *vault)
{
    if (vault == NULL) {
        return;
    }

    if (vault->fd >= 0) {
        (void) close(vault->fd);
    }

    sodium_free(vault->secrets);
    free(vault);
}


caplat_slice
caplat_vault_epoch(const caplat_vault *vault)
{
    return caplat_slice_of(vault->epoch.name, vault->epoch.name_len);
}


bool
caplat_vault_slots(const caplat_vault *vault, uint64_t *slots,
    const char **why)
{
    uint64_t  len;

    if (!caplat_io_length(vault->fd, &len)) {
        *why = strerror(errno);
        return false;
    }

    /* A part of a slot, of a write that was cut short, is one that is used. */
    *slots = len / CAPLAT_SLOT_LEN + (len % CAPLAT_SLOT_LEN != 0);

    return true;
}


bool
caplat_vault_room(const caplat_vault *vault, uint64_t *room, const char **why)
{
    if (!caplat_io_room(vault->fd, room)) {
        *why = strerror(errno);
        return false;
    }

    return true;
}


/* A clock that was set back makes no minute longer. */
static bool
is_fresh(const caplat_vault *vault, int64_t now)
{
    return now < vault->until && now >= vault->until - CAPLAT_BOX_LIFE;
}


void
caplat_vault_rest(caplat_vault *vault, int64_t now)
{
    if (!is_fresh(vault, now)) {
        sodium_memzero(vault->secrets, sizeof(*vault->secrets));
        vault->until = 0;
    }
}


/* The one public-key operation of a minute. */
static bool
renew(caplat_vault *vault, int64_t now)
{
    uint8_t  secret[32];
    bool     is_made;

    if (is_fresh(vault, now)) {
        return true;
    }

    caplat_vault_rest(vault, now);
    is_made = crypto_box_keypair(vault->ephemeral, secret) == 0
        && crypto_box_beforenm(vault->secrets->shared,
                               vault->epoch.public_key, secret)
           == 0;
    sodium_memzero(secret, sizeof(secret));
    vault->until = is_made ? now + CAPLAT_BOX_LIFE : 0;

    return is_made;
}


static bool
write_slot(caplat_vault *vault, caplat_slice order, uint64_t slot)
{
    uint8_t   bytes[CAPLAT_SLOT_LEN] = { 0 };
    uint8_t  *box = bytes + CAPLAT_SLOT_BOX;
    uint8_t  *nonce = box + crypto_box_PUBLICKEYBYTES;

    caplat_slot_tag(order, bytes + CAPLAT_SLOT_ORDER);
    bytes[CAPLAT_SLOT_STATE] = CAPLAT_SLOT_IS_BOXED;
    memcpy(box, vault->ephemeral, crypto_box_PUBLICKEYBYTES);
    randombytes_buf(nonce, crypto_box_NONCEBYTES);

    return crypto_box_easy_afternm(nonce + crypto_box_NONCEBYTES,
                                   vault->secrets->key, CAPLAT_SEAL_KEY,
                                   nonce, vault->secrets->shared)
           == 0
        && caplat_io_write(vault->fd,
                           caplat_slice_of((const char *) bytes,
                                           sizeof(bytes)),
                           slot * CAPLAT_SLOT_LEN);
}


static bool
seal(caplat_vault *vault, caplat_slice order, caplat_slice text,
    caplat_seal *sealed, uint8_t *out)
{
    char          room[CAPLAT_SEAL_TEXT_MAX];
    caplat_slice  data = caplat_seal_data(room, caplat_vault_epoch(vault),
                                          order);

    randombytes_buf(sealed->nonce, sizeof(sealed->nonce));

    return data.len != 0
        && caplat_seal_commitment(vault->secrets->key, order,
                                  sealed->commitment)
        && crypto_aead_xchacha20poly1305_ietf_encrypt(out, NULL,
               (const uint8_t *) text.ptr, text.len,
               (const uint8_t *) data.ptr, data.len, NULL, sealed->nonce,
               vault->secrets->key)
           == 0;
}


bool
caplat_vault_seal(caplat_vault *vault, caplat_slice order, uint64_t slot,
    caplat_slice text, int64_t now, caplat_seal *sealed, uint8_t *out,
    const char **why)
{
    caplat_seal  made;
    bool         is_written;

    if (slot >= CAPLAT_SLOT_COUNT_MAX) {
        *why = "there is no slot of such a number";
        return false;
    }

    if (!renew(vault, now)) {
        *why = "the epoch's public key cannot be sealed to";
        return false;
    }

    randombytes_buf(vault->secrets->key, CAPLAT_SEAL_KEY);
    made.slot = slot;
    errno = 0;
    is_written = seal(vault, order, text, &made, out)
        && write_slot(vault, order, slot);
    sodium_memzero(vault->secrets->key, CAPLAT_SEAL_KEY);

    if (!is_written) {
        *why = errno != 0 ? strerror(errno) : "the text cannot be sealed";
        return false;
    }

    *sealed = made;

    return true;
}


bool
caplat_vault_sync(caplat_vault *vault, const char **why)
{
    if (fdatasync(vault->fd) == 0) {
        return true;
    }

    *why = strerror(errno);

    return false;
}
