/*
 * A WeChat Pay of tests' own: its keys, what it signs, what it seals.
 */

#ifndef WECHAT_ROOM_H
#define WECHAT_ROOM_H

#include "caplat_b64.h"
#include "caplat_hash.h"
#include "caplat_wechat.h"

#include "rsa_keys.h"


#define NOW       INT64_C(1800000000)
#define API_KEY   "0123456789abcdef0123456789ABCDEF"
#define NONCE_12  "fdasflkja484"


static caplat_wechat         wechat;
static caplat_rsa_private   *merchant_key, *platform_own;
static caplat_rsa_public    *merchant_half, *platform_key;
static caplat_gcm           *api_key;


/* The fields of a message, and room for a signature. */
typedef struct {
    caplat_message   message;
    caplat_header    lines[8];
    char             text[CAPLAT_RSA_TEXT_MAX];
} wechat_signed;


static inline void
wechat_open(void)
{
    EVP_PKEY    *merchant = EVP_RSA_gen(2048), *platform = EVP_RSA_gen(2048);
    caplat_err   err;

    rsa_open(merchant, &merchant_key, &merchant_half);
    rsa_open(platform, &platform_own, &platform_key);
    EVP_PKEY_free(merchant);
    EVP_PKEY_free(platform);
    test_that(caplat_wechat_api_key_read(CAPLAT_LIT(API_KEY), &api_key, &err),
              "the APIv3 key");

    wechat = (caplat_wechat) {
        .appid = CAPLAT_LIT("wx1"),
        .mchid = CAPLAT_LIT("1900"),
        .serial = CAPLAT_LIT("0DCD46"),
        .merchant_key = merchant_key,
        .platform_key = platform_key,
        .platform_serial = CAPLAT_LIT("PUB_KEY_ID_01"),
        .api_key = api_key,
        .notify_url = CAPLAT_LIT("https://ca.example.cn/v1/notify/wechat"),
    };
}


static inline void
wechat_close(void)
{
    caplat_rsa_private_close(merchant_key);
    caplat_rsa_private_close(platform_own);
    caplat_rsa_public_close(merchant_half);
    caplat_rsa_public_close(platform_key);
    caplat_gcm_close(api_key);
}


static inline void
wechat_add(wechat_signed *s, const char *name, caplat_slice value)
{
    caplat_assert(s->message.header_count < CAPLAT_COUNT(s->lines));
    s->lines[s->message.header_count++] = (caplat_header) {
        test_slice(name), value
    };
}


/* Sign a body as WeChat would. */
static inline void
wechat_sign(caplat_slice body, const char *timestamp,
    const caplat_rsa_private *key, wechat_signed *s)
{
    caplat_slice  parts[] = { test_slice(timestamp), CAPLAT_LIT("\nabc\n"),
                              body, CAPLAT_LIT("\n") };
    size_t        len = 0;

    test_that(caplat_rsa_sign(key, parts, CAPLAT_COUNT(parts), s->text, &len),
              "signed");
    s->message = (caplat_message) { .headers = s->lines };
    wechat_add(s, "Wechatpay-Nonce", CAPLAT_LIT("abc"));
    wechat_add(s, "Wechatpay-Serial", CAPLAT_LIT("PUB_KEY_ID_01"));
    wechat_add(s, "Wechatpay-Signature", caplat_slice_of(s->text, len));
    wechat_add(s, "Wechatpay-Timestamp", test_slice(timestamp));
}


/* Seal a text as WeChat would; base64. */
static inline caplat_slice
wechat_seal(caplat_slice plain, caplat_slice associated)
{
    static char  text[32768];

    uint8_t          bytes[16384];
    int              len = 0, end = 0;
    EVP_CIPHER_CTX  *cipher = EVP_CIPHER_CTX_new();

    (void) EVP_EncryptInit_ex2(cipher, EVP_aes_256_gcm(),
                               (const uint8_t *) API_KEY,
                               (const uint8_t *) NONCE_12, NULL);

    if (associated.len != 0) {
        (void) EVP_EncryptUpdate(cipher, NULL, &end,
                                 (const uint8_t *) associated.ptr,
                                 (int) associated.len);
    }

    (void) EVP_EncryptUpdate(cipher, bytes, &len,
                             (const uint8_t *) plain.ptr, (int) plain.len);
    (void) EVP_EncryptFinal_ex(cipher, bytes + len, &end);
    (void) EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, CAPLAT_GCM_TAG,
                               bytes + len);
    EVP_CIPHER_CTX_free(cipher);

    return caplat_slice_of(text, caplat_b64_write(bytes, (size_t) len
                                                         + CAPLAT_GCM_TAG,
                                                  text));
}


#endif /* WECHAT_ROOM_H */
