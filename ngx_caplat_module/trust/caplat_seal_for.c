#include "caplat_job_inner.h"

#include "caplat_b64.h"

#include <stdlib.h>


bool
caplat_seal_for(caplat_clerk *clerk, caplat_slice order, caplat_slice personal,
    int64_t now_ms, caplat_sealed *sealed, const char **why)
{
    caplat_slice   epoch = caplat_vault_epoch(clerk->vault);
    size_t         len = personal.len + CAPLAT_SEAL_TAG;
    uint8_t       *out = malloc(len);
    uint64_t       slots, slot;

    sealed->text = malloc(CAPLAT_B64URL_LEN(len));

    if (out == NULL || sealed->text == NULL) {
        free(out);
        *why = "there is no memory";
        return false;
    }

    memcpy(sealed->epoch, epoch.ptr, epoch.len);
    sealed->epoch_len = epoch.len;
    *why = "there is no slot";

    sealed->is_done = caplat_vault_slots(clerk->vault, &slots, why)
        && caplat_ledger_next_slot(clerk->ledger, epoch, slots, &slot)
        && caplat_vault_seal(clerk->vault, order, slot, personal,
               now_ms / 1000, &sealed->seal, out, why);

    if (sealed->is_done) {
        sealed->len = caplat_b64url_write(out, len, sealed->text);
    }

    free(out);

    return sealed->is_done;
}
