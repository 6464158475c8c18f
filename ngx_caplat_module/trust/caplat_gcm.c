#include "caplat_gcm.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <limits.h>
#include <sodium.h>
#include <stdlib.h>


struct caplat_gcm {
    EVP_CIPHER_CTX  *cipher;            /* keyed */
};


caplat_gcm *
caplat_gcm_open(const uint8_t key[static CAPLAT_GCM_KEY])
{
    caplat_gcm  *made = malloc(sizeof(caplat_gcm));

    if (made == NULL) {
        return NULL;
    }

    made->cipher = EVP_CIPHER_CTX_new();

    if (made->cipher == NULL
        || EVP_DecryptInit_ex2(made->cipher, EVP_aes_256_gcm(), key, NULL,
                               NULL) != 1)
    {
        caplat_gcm_close(made);
        made = NULL;
    }

    ERR_clear_error();

    return made;
}


void
caplat_gcm_close(caplat_gcm *gcm)
{
    if (gcm != NULL) {
        EVP_CIPHER_CTX_free(gcm->cipher);
        free(gcm);
    }
}


static bool
begin(EVP_CIPHER_CTX *cipher, const uint8_t *nonce, caplat_slice associated)
{
    int  len;

    return EVP_DecryptInit_ex2(cipher, NULL, NULL, nonce, NULL) == 1
           && (associated.len == 0
               || EVP_DecryptUpdate(cipher, NULL, &len,
                      (const uint8_t *) associated.ptr, (int) associated.len)
                  == 1);
}


/* Only the last step says whether the tag is right. */
static bool
finish(EVP_CIPHER_CTX *cipher, const char *tag, uint8_t *end)
{
    uint8_t  wanted[CAPLAT_GCM_TAG];
    int      len;

    memcpy(wanted, tag, sizeof(wanted));

    return EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_SET_TAG, sizeof(wanted),
                               wanted) == 1
           && EVP_DecryptFinal_ex(cipher, end, &len) == 1;
}


bool
caplat_gcm_decrypt(const caplat_gcm *gcm,
    const uint8_t nonce[static CAPLAT_GCM_NONCE], caplat_slice associated,
    caplat_slice sealed, char *plain)
{
    uint8_t  *out = (uint8_t *) plain;
    int       written = 0;

    if (sealed.len < CAPLAT_GCM_TAG || sealed.len > INT_MAX
        || associated.len > INT_MAX)
    {
        return false;
    }

    size_t  len = sealed.len - CAPLAT_GCM_TAG;
    bool    authentic;

    authentic = begin(gcm->cipher, nonce, associated)
                && (len == 0
                    || EVP_DecryptUpdate(gcm->cipher, out, &written,
                           (const uint8_t *) sealed.ptr, (int) len) == 1)
                && finish(gcm->cipher, sealed.ptr + len, out + len);

    if (!authentic) {
        sodium_memzero(out, len);
        ERR_clear_error();
    }

    return authentic;
}


bool
caplat_gcm_encrypt(const caplat_gcm *gcm,
    const uint8_t nonce[static CAPLAT_GCM_NONCE], caplat_slice associated,
    caplat_slice plain, char *sealed)
{
    uint8_t  *out = (uint8_t *) sealed;
    int       len;
    bool      is_done;

    if (plain.len > INT_MAX || associated.len > INT_MAX) {
        return false;
    }

    is_done = EVP_EncryptInit_ex2(gcm->cipher, NULL, NULL, nonce, NULL) == 1
        && (associated.len == 0
            || EVP_EncryptUpdate(gcm->cipher, NULL, &len,
                   (const uint8_t *) associated.ptr, (int) associated.len)
               == 1)
        && (plain.len == 0
            || EVP_EncryptUpdate(gcm->cipher, out, &len,
                   (const uint8_t *) plain.ptr, (int) plain.len) == 1)
        && EVP_EncryptFinal_ex(gcm->cipher, out + plain.len, &len) == 1
        && EVP_CIPHER_CTX_ctrl(gcm->cipher, EVP_CTRL_AEAD_GET_TAG,
               CAPLAT_GCM_TAG, out + plain.len) == 1;

    ERR_clear_error();

    return is_done;
}
