#include "caplat_vault_slot.h"

#include "caplat_b64.h"

#include <sodium.h>


void
caplat_slot_tag(caplat_slice order, uint8_t tag[static CAPLAT_SLOT_TAG_LEN])
{
    (void) crypto_generichash(tag, CAPLAT_SLOT_TAG_LEN,
        (const uint8_t *) order.ptr, order.len, NULL, 0);
}


caplat_slice
caplat_seal_data(char room[static CAPLAT_SEAL_TEXT_MAX], caplat_slice epoch,
    caplat_slice order)
{
    caplat_writer  w = caplat_writer_of(room, CAPLAT_SEAL_TEXT_MAX);

    caplat_put(&w, CAPLAT_LIT("ca-pii-v1\n"));
    caplat_put(&w, epoch);
    caplat_put(&w, CAPLAT_LIT("\n"));
    caplat_put(&w, order);

    return w.full ? caplat_slice_of(room, 0) : caplat_written(&w);
}


bool
caplat_seal_commitment(const uint8_t key[static CAPLAT_SEAL_KEY],
    caplat_slice order, uint8_t commitment[static 32])
{
    char           room[CAPLAT_SEAL_TEXT_MAX];
    caplat_writer  w = caplat_writer_of(room, sizeof(room));

    caplat_put(&w, CAPLAT_LIT("ca-pii-commit-v1\n"));
    caplat_put(&w, order);

    return !w.full
        && crypto_generichash(commitment, 32, (const uint8_t *) room, w.len,
                              key, CAPLAT_SEAL_KEY)
           == 0;
}


bool
caplat_epoch_is_name(caplat_slice name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (!caplat_is_digit(name.ptr[i]) && !caplat_is_letter(name.ptr[i])
            && name.ptr[i] != '-')
        {
            return false;
        }
    }

    return name.len != 0 && name.len <= CAPLAT_EPOCH_LEN_MAX;
}


void
caplat_keys_name(caplat_slice epoch, char name[static CAPLAT_KEYS_NAME_MAX])
{
    caplat_writer  w = caplat_writer_of(name, CAPLAT_KEYS_NAME_MAX);

    caplat_put(&w, epoch);
    caplat_put(&w, CAPLAT_LIT(".keys\0"));
    caplat_assert(!w.full);
}


bool
caplat_epoch_read(caplat_slice text, caplat_epoch *epoch)
{
    caplat_cursor  c = caplat_cursor_of(text);
    caplat_epoch   read;
    caplat_slice   name, key;
    size_t         len;

    if (!caplat_take_until(&c, ' ', CAPLAT_EPOCH_LEN_MAX, &name)
        || !caplat_epoch_is_name(name)
        || !caplat_take_until(&c, '\n', CAPLAT_B64URL_LEN(32), &key)
        || caplat_cursor_left(&c) != 0
        || !caplat_b64url_read(key, read.public_key, 32, &len) || len != 32)
    {
        return false;
    }

    memcpy(read.name, name.ptr, name.len);
    read.name_len = name.len;
    *epoch = read;

    return true;
}
