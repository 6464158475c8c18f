/*
 * What it costs to read a whole notice of a payment channel (its form or JSON,
 * its signature, what is sealed in it, what it says), beside a bare RSA-2048
 * check of a digest, in nanoseconds of CPU time, with keys that are ready:
 *
 *     {"bare_ns":N,"alipay_ns":N,"alipay_len":N,"wechat_ns":N,"wechat_len":N}
 *
 *     notice FOLDER
 *
 * FOLDER has a file for each thing that is needed: see `wanted`. The three take
 * turns; the least of several runs: what is more is other programs' work.
 */

#define _GNU_SOURCE                     /* clock_gettime */

#include "caplat_alipay.h"
#include "caplat_file.h"
#include "caplat_hash.h"
#include "caplat_io.h"
#include "caplat_wechat.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>


#define TIMES     1000                  /* of each in a run */
#define RUNS      15
#define FILE_MAX  16384                 /* bytes */

/* Names of files. The last four are WeChat's fields. */
enum { ALIPAY_BODY, ALIPAY_KEY, APP_ID, SELLER_ID, WECHAT_BODY, WECHAT_KEY,
    API_KEY, APPID, MCHID, TIMESTAMP, NONCE, SERIAL, SIGNATURE, FILES };

static const char *const  wanted[FILES] = {
    "alipay.body", "alipay.pem", "app_id", "seller_id", "wechat.body",
    "wechat.pem", "api.key", "appid", "mchid", "wechatpay-timestamp",
    "wechatpay-nonce", "wechatpay-serial", "wechatpay-signature",
};


typedef struct {
    caplat_slice       files[FILES];

    caplat_alipay      alipay;
    caplat_rsa_public *alipay_key;

    caplat_wechat      wechat;
    caplat_rsa_public *wechat_key;
    caplat_gcm        *api_key;
    caplat_header      fields[FILES - TIMESTAMP];
    caplat_message     message;
    uint64_t           now;

    EVP_PKEY_CTX      *bare;
    uint8_t            digest[32];
    uint8_t            signature[256];

    char               room[FILE_MAX];
} sample;


static long long
now_ns(void)
{
    struct timespec  now;

    (void) clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);

    return now.tv_sec * 1000000000LL + now.tv_nsec;
}


static bool
check_bare(sample *s)
{
    return EVP_PKEY_verify(s->bare, s->signature, sizeof(s->signature),
                           s->digest, sizeof(s->digest)) == 1;
}


static bool
read_alipay(sample *s)
{
    caplat_notice          notice;
    caplat_notice_refusal  refusal;

    return caplat_alipay_notice_read(&s->alipay, s->files[ALIPAY_BODY],
                                     s->room, &notice, &refusal)
        && notice.kind == CAPLAT_NOTICE_PAID;
}


static bool
read_wechat(sample *s)
{
    caplat_notice          notice;
    caplat_notice_refusal  refusal;

    return caplat_wechat_notice_read(&s->wechat, &s->message,
                                     s->files[WECHAT_BODY], (int64_t) s->now,
                                     s->room, &notice, &refusal)
        && notice.kind == CAPLAT_NOTICE_PAID;
}


static bool
set_up(EVP_PKEY_CTX *context, int (*init)(EVP_PKEY_CTX *))
{
    return context != NULL && init(context) == 1
        && EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1
        && EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) == 1;
}


static bool
make_bare(sample *s)
{
    EVP_PKEY      *key = EVP_RSA_gen(2048);
    EVP_PKEY_CTX  *signer = EVP_PKEY_CTX_new(key, NULL);
    size_t         len = sizeof(s->signature);
    bool           is_made;

    s->bare = EVP_PKEY_CTX_new(key, NULL);
    is_made = set_up(s->bare, EVP_PKEY_verify_init)
        && set_up(signer, EVP_PKEY_sign_init)
        && EVP_PKEY_sign(signer, s->signature, &len, s->digest,
                         sizeof(s->digest)) == 1;
    EVP_PKEY_CTX_free(signer);
    EVP_PKEY_free(key);

    return is_made;
}


static bool
make_alipay(sample *s)
{
    caplat_err  err;

    if (!caplat_rsa_public_read(s->files[ALIPAY_KEY], &s->alipay_key, &err)) {
        return false;
    }

    s->alipay = (caplat_alipay) {
        .app_id = s->files[APP_ID], .seller_id = s->files[SELLER_ID],
        .platform_key = s->alipay_key,
    };

    return true;
}


static bool
make_wechat(sample *s)
{
    caplat_cursor  c = caplat_cursor_of(s->files[TIMESTAMP]);
    caplat_err     err;

    for (size_t i = TIMESTAMP; i < FILES; i++) {
        s->fields[i - TIMESTAMP] = (caplat_header) {
            caplat_slice_of_word(wanted[i]), s->files[i]
        };
    }

    s->message.headers = s->fields;
    s->message.header_count = CAPLAT_COUNT(s->fields);

    if (!caplat_take_uint(&c, INT64_MAX, &s->now)
        || !caplat_rsa_public_read(s->files[WECHAT_KEY], &s->wechat_key, &err)
        || !caplat_wechat_api_key_read(s->files[API_KEY], &s->api_key, &err))
    {
        return false;
    }

    s->wechat = (caplat_wechat) {
        .appid = s->files[APPID], .mchid = s->files[MCHID],
        .platform_key = s->wechat_key, .platform_serial = s->files[SERIAL],
        .api_key = s->api_key,
    };

    return true;
}


static bool
read_files(sample *s, const char *folder)
{
    for (size_t i = 0; i < FILES; i++) {
        char         path[CAPLAT_PATH_MAX];
        const char  *why = "its name is too long";

        if (!caplat_io_path(path, folder, wanted[i])
            || !caplat_file_read(path, FILE_MAX, &s->files[i], &why))
        {
            fprintf(stderr, "notice: %s: %s\n", wanted[i], why);
            return false;
        }
    }

    return true;
}


/* One run of one of them: the time of each; 0 when one fails. */
static long long
time_of(bool (*work)(sample *), sample *s)
{
    long long  began = now_ns();

    for (int i = 0; i < TIMES; i++) {
        if (!work(s)) {
            return 0;
        }
    }

    return (now_ns() - began) / TIMES;
}


static bool
measure(sample *s, long long best[static 3])
{
    bool (*const  works[3])(sample *) = { check_bare, read_alipay,
                                          read_wechat };

    for (int run = 0; run < RUNS; run++) {
        for (size_t i = 0; i < CAPLAT_COUNT(works); i++) {
            long long  took = time_of(works[i], s);

            if (took == 0) {
                return false;
            }

            best[i] = run == 0 || took < best[i] ? took : best[i];
        }
    }

    return true;
}


int
main(int argc, char **argv)
{
    static sample  s;
    long long      best[3];
    bool           is_done;

    if (argc != 2 || !caplat_trust_open()) {
        (void) fputs("notice FOLDER\n", stderr);
        return 2;
    }

    is_done = read_files(&s, argv[1]) && make_bare(&s) && make_alipay(&s)
        && make_wechat(&s) && measure(&s, best);

    if (is_done) {
        printf("{\"bare_ns\":%lld,\"alipay_ns\":%lld,\"alipay_len\":%zu,"
            "\"wechat_ns\":%lld,\"wechat_len\":%zu}\n", best[0], best[1],
            s.files[ALIPAY_BODY].len, best[2], s.files[WECHAT_BODY].len);

    } else {
        (void) fputs("notice: a key or a notice is not as it should be\n",
                     stderr);
    }

    EVP_PKEY_CTX_free(s.bare);
    caplat_rsa_public_close(s.alipay_key);
    caplat_rsa_public_close(s.wechat_key);
    caplat_gcm_close(s.api_key);

    for (size_t i = 0; i < FILES; i++) {
        free((void *) (uintptr_t) s.files[i].ptr);
    }

    return is_done ? 0 : 1;
}
