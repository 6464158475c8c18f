#define _POSIX_C_SOURCE 200809L

#include "caplat_vault.h"

#include "caplat_b64.h"
#include "caplat_hash.h"
#include "caplat_json.h"
#include "caplat_vault_slot.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>


static int
open_keys(const char *folder, caplat_slice epoch, int flags, const char **why)
{
    char  name[CAPLAT_KEYS_NAME_MAX];
    int   fd;

    if (!caplat_epoch_is_name(epoch)) {
        *why = "the epoch's name cannot be one";
        return -1;
    }

    caplat_keys_name(epoch, name);
    fd = caplat_io_open(folder, name, flags);

    if (fd < 0) {
        *why = strerror(errno);
    }

    return fd;
}


static bool
read_slot(int fd, uint64_t slot, uint8_t bytes[static CAPLAT_SLOT_LEN],
    const char **why)
{
    ssize_t  n = caplat_io_read(fd, (char *) bytes, CAPLAT_SLOT_LEN,
                                slot * CAPLAT_SLOT_LEN);

    if (n == CAPLAT_SLOT_LEN) {
        return true;
    }

    *why = n < 0 ? strerror(errno) : "there is no such slot";

    return false;
}


static bool
unbox(const uint8_t *box, const uint8_t secret_key[static 32],
    uint8_t key[static CAPLAT_SEAL_KEY])
{
    const uint8_t  *nonce = box + crypto_box_PUBLICKEYBYTES;

    return crypto_box_open_easy(key, nonce + crypto_box_NONCEBYTES,
                                crypto_box_MACBYTES + CAPLAT_SEAL_KEY, nonce,
                                box, secret_key)
           == 0;
}


/* K || tag, to nobody in particular but the epoch. */
static bool
unseal_box(const uint8_t *sealed, const uint8_t secret_key[static 32],
    const uint8_t tag[static CAPLAT_SLOT_TAG_LEN],
    uint8_t key[static CAPLAT_SEAL_KEY])
{
    uint8_t  public_key[32], text[CAPLAT_SEAL_KEY + CAPLAT_SLOT_TAG_LEN];
    bool     is_open;

    is_open = crypto_scalarmult_base(public_key, secret_key) == 0
        && crypto_box_seal_open(text, sealed,
                                crypto_box_SEALBYTES + sizeof(text),
                                public_key, secret_key)
           == 0
        && memcmp(text + CAPLAT_SEAL_KEY, tag, CAPLAT_SLOT_TAG_LEN) == 0;

    if (is_open) {
        memcpy(key, text, CAPLAT_SEAL_KEY);
    }

    sodium_memzero(text, sizeof(text));

    return is_open;
}


/* K out of a slot. */
static bool
open_slot(const uint8_t *bytes, caplat_slice order,
    const uint8_t secret_key[static 32], uint8_t key[static CAPLAT_SEAL_KEY],
    const char **why)
{
    uint8_t  tag[CAPLAT_SLOT_TAG_LEN];

    if (bytes[CAPLAT_SLOT_STATE] == CAPLAT_SLOT_IS_SHREDDED) {
        *why = "the slot has been shredded";
        return false;
    }

    caplat_slot_tag(order, tag);

    if (bytes[CAPLAT_SLOT_STATE] == CAPLAT_SLOT_EMPTY
        || memcmp(bytes + CAPLAT_SLOT_ORDER, tag, sizeof(tag)) != 0)
    {
        *why = bytes[CAPLAT_SLOT_STATE] == CAPLAT_SLOT_EMPTY
               ? "the slot was never written"
               : "the slot is of another order";
        return false;
    }

    if (bytes[CAPLAT_SLOT_STATE] == CAPLAT_SLOT_IS_BOXED
        ? unbox(bytes + CAPLAT_SLOT_BOX, secret_key, key)
        : unseal_box(bytes + CAPLAT_SLOT_SEALED, secret_key, tag, key))
    {
        return true;
    }

    *why = "the slot does not open with this key";

    return false;
}


static bool
decrypt(const uint8_t key[static CAPLAT_SEAL_KEY], caplat_slice epoch,
    caplat_slice order, const caplat_seal *seal, caplat_slice sealed,
    uint8_t *out, const char **why)
{
    char          room[CAPLAT_SEAL_TEXT_MAX];
    caplat_slice  data = caplat_seal_data(room, epoch, order);
    uint8_t       commitment[32];

    if (!caplat_seal_commitment(key, order, commitment)
        || !caplat_ct_eq(commitment, seal->commitment, sizeof(commitment)))
    {
        *why = "the slot's key is not the one of the record";
        return false;
    }

    if (sealed.len < CAPLAT_SEAL_TAG || data.len == 0
        || crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL,
               (const uint8_t *) sealed.ptr, sealed.len,
               (const uint8_t *) data.ptr, data.len, seal->nonce, key)
           != 0)
    {
        *why = "the sealed text is not the one that was sealed";
        return false;
    }

    return true;
}


bool
caplat_vault_unseal(const char *folder, caplat_slice epoch,
    const uint8_t secret_key[static 32], caplat_slice order,
    const caplat_seal *seal, caplat_slice sealed, uint8_t *out,
    const char **why)
{
    uint8_t  bytes[CAPLAT_SLOT_LEN], key[CAPLAT_SEAL_KEY];
    int      fd = open_keys(folder, epoch, O_RDONLY, why);
    bool     is_open;

    if (fd < 0) {
        return false;
    }

    is_open = read_slot(fd, seal->slot, bytes, why)
        && open_slot(bytes, order, secret_key, key, why)
        && decrypt(key, epoch, order, seal, sealed, out, why);
    (void) close(fd);
    sodium_memzero(key, sizeof(key));

    return is_open;
}


bool
caplat_vault_shred(const char *folder, caplat_slice epoch, caplat_slice order,
    uint64_t slot, const char **why)
{
    uint8_t  bytes[CAPLAT_SLOT_LEN], tag[CAPLAT_SLOT_TAG_LEN];
    int      fd = open_keys(folder, epoch, O_RDWR, why);
    bool     is_shredded;

    if (fd < 0) {
        return false;
    }

    caplat_slot_tag(order, tag);
    is_shredded = read_slot(fd, slot, bytes, why);

    if (is_shredded && bytes[CAPLAT_SLOT_STATE] != CAPLAT_SLOT_IS_SHREDDED
        && memcmp(bytes + CAPLAT_SLOT_ORDER, tag, sizeof(tag)) != 0)
    {
        *why = "the slot is of another order";
        is_shredded = false;
    }

    if (is_shredded) {
        memset(bytes, 0, sizeof(bytes));
        bytes[CAPLAT_SLOT_STATE] = CAPLAT_SLOT_IS_SHREDDED;
        is_shredded = caplat_io_write(fd,
                          caplat_slice_of((const char *) bytes,
                                          sizeof(bytes)),
                          slot * CAPLAT_SLOT_LEN)
            && fdatasync(fd) == 0;
        *why = is_shredded ? *why : strerror(errno);
    }

    (void) close(fd);

    return is_shredded;
}


bool
caplat_epoch_secret_read(caplat_slice text, caplat_slice name,
    uint8_t secret_key[static 32])
{
    caplat_json   *object;
    caplat_err     err;
    caplat_slice   epoch, secret;
    size_t         len;
    bool           is_read;

    if (!caplat_json_open(text, CAPLAT_JSON_DEPTH_MAX, &object, &err)) {
        return false;
    }

    is_read = (caplat_json_get(object, "epoch") == NULL
               || (caplat_json_string(object, "epoch", 1, CAPLAT_EPOCH_LEN_MAX,
                                      &epoch)
                   && caplat_slice_eq(epoch, name)))
        && caplat_json_string(object, "sk", 1, CAPLAT_B64URL_LEN(32), &secret)
        && caplat_b64url_read(secret, secret_key, 32, &len) && len == 32;
    caplat_json_close(object);

    return is_read;
}
