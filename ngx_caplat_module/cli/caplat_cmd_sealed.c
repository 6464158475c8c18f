#include "caplat_cmd_sealed.h"

#include "caplat_b64.h"
#include "caplat_vault.h"

#include <sodium.h>
#include <stdlib.h>


#define SECRET_LEN_MAX  4096            /* bytes of a secret key's file */


bool
caplat_cmd_sealed_of(const caplat_record *record, caplat_cmd_sealed *sealed)
{
    size_t  room = record->sealed.len;

    memset(sealed, 0, sizeof(*sealed));
    sealed->text = malloc(room + 1);

    if (sealed->text == NULL
        || !caplat_b64url_read(record->sealed, sealed->text, room,
                               &sealed->len)
        || sealed->len < CAPLAT_SEAL_TAG)
    {
        caplat_cmd_sealed_close(sealed);
        return false;
    }

    sealed->seal = record->seal;
    sealed->order_len = record->order.len;
    sealed->epoch_len = record->epoch.len;
    memcpy(sealed->order, record->order.ptr, record->order.len);
    memcpy(sealed->epoch, record->epoch.ptr, record->epoch.len);

    return true;
}


void
caplat_cmd_sealed_close(caplat_cmd_sealed *sealed)
{
    free(sealed->text);
    memset(sealed, 0, sizeof(*sealed));
}


caplat_slice
caplat_cmd_sealed_epoch(const caplat_cmd_sealed *sealed)
{
    return caplat_slice_of(sealed->epoch, sealed->epoch_len);
}


bool
caplat_cmd_vault(const caplat_cmd *cmd, char path[static CAPLAT_PATH_MAX])
{
    const char  *given = caplat_cmd_value(cmd, "vault");

    return given != NULL
           ? caplat_io_path(path, given, ".")
           : caplat_io_path(path, caplat_cmd_value(cmd, "ledger"), "vault");
}


bool
caplat_cmd_epochs_open(char **paths, size_t count, caplat_cmd_epochs *epochs)
{
    caplat_cmd_epochs  opened = { paths, calloc(count + 1,
                                                sizeof(caplat_slice)), 0 };

    if (opened.texts == NULL) {
        (void) caplat_cmd_refuse("epoch-key", "there is no memory");
        return false;
    }

    while (opened.count < count) {
        const char  *path = paths[opened.count];

        if (!caplat_cmd_file(path, SECRET_LEN_MAX,
                             &opened.texts[opened.count]))
        {
            caplat_cmd_epochs_close(&opened);
            return false;
        }

        caplat_cmd_warn_if_open(path);
        opened.count++;
    }

    *epochs = opened;

    return true;
}


void
caplat_cmd_epochs_close(caplat_cmd_epochs *epochs)
{
    for (size_t i = 0; i < epochs->count; i++) {
        caplat_cmd_wipe(epochs->texts[i]);
    }

    free(epochs->texts);
    memset(epochs, 0, sizeof(*epochs));
}


/* With one key, which may be of another epoch. */
static bool
unseal(const char *vault, caplat_slice key, const caplat_cmd_sealed *sealed,
    uint8_t *out, const char **why)
{
    uint8_t  secret_key[32];
    bool     is_open;

    if (!caplat_epoch_secret_read(key, caplat_cmd_sealed_epoch(sealed),
                                  secret_key))
    {
        return false;
    }

    is_open = caplat_vault_unseal(vault, caplat_cmd_sealed_epoch(sealed),
        secret_key, caplat_slice_of(sealed->order, sealed->order_len),
        &sealed->seal, caplat_slice_of((const char *) sealed->text,
                                       sealed->len), out, why);
    sodium_memzero(secret_key, sizeof(secret_key));

    return is_open;
}


bool
caplat_cmd_unseal(const char *vault, const caplat_cmd_epochs *epochs,
    const caplat_cmd_sealed *sealed, caplat_slice *text, const char **why)
{
    uint8_t  *out = malloc(sealed->len);

    if (out == NULL) {
        *why = "there is no memory";
        return false;
    }

    *why = "no secret key that was given is of the order's epoch";

    for (size_t i = 0; i < epochs->count; i++) {
        if (unseal(vault, epochs->texts[i], sealed, out, why)) {
            *text = caplat_slice_of((const char *) out,
                                    sealed->len - CAPLAT_SEAL_TAG);
            return true;
        }
    }

    free(out);

    return false;
}
