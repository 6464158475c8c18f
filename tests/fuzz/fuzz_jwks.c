/*
 * A set of keys that is read has keys as they should be; a fault has a place
 * in the text. The first byte tells whose set it is.
 */

#include "caplat_hash.h"
#include "caplat_key.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static void
check_private(caplat_slice text)
{
    caplat_private_key  *key;
    uint8_t              signature[CAPLAT_SIGNATURE_LEN];
    caplat_err           err;

    if (caplat_private_key_read(text, &key, &err)) {
        caplat_assert(caplat_sign(key, text, signature));
        caplat_assert(caplat_verify(caplat_private_key_public(key), text,
                                    signature));
        caplat_private_key_close(key);

    } else {
        caplat_assert(err.code != CAPLAT_OK && err.at <= text.len);
    }
}


static void
check_ring(caplat_slice text, caplat_jwks_kind kind)
{
    caplat_keyring  *ring;
    caplat_err       err;

    if (!caplat_keyring_read(text, kind, &ring, &err)) {
        caplat_assert(err.code != CAPLAT_OK && err.at <= text.len);
        return;
    }

    const caplat_jwk  *jwk = caplat_keyring_find(ring, CAPLAT_LIT("a"), 1);

    caplat_assert(jwk == NULL
                  || (kind == CAPLAT_ISSUER_KEYS && jwk->not_before <= 1
                      && (jwk->expires == 0 || jwk->expires > 1)
                      && caplat_keyring_has(ring, CAPLAT_LIT("a"))));
    caplat_keyring_close(ring);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    caplat_assert(caplat_trust_open());

    if (size == 0) {
        return 0;
    }

    caplat_slice  text = caplat_slice_of((const char *) data + 1, size - 1);

    if (data[0] == 'k') {
        check_private(text);
    } else {
        check_ring(text, data[0] == 'p' ? CAPLAT_PARTNER_KEYS
                                        : CAPLAT_ISSUER_KEYS);
    }

    return 0;
}
