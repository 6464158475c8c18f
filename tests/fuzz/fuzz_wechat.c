/*
 * What WeChat has not signed is never a notice, nor a code. And as if it had
 * signed and sealed it: the input is an envelope; and it is an event's type and
 * a plain text with a line feed between, of which what is accepted has an
 * order, a number and an amount as they should be; and it is a body of the
 * gateway's, whose refusals are words.
 */

#include "caplat_hash.h"
#include "caplat_wechat.h"
#include "fuzz_notice.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


#define NOW  INT64_C(1800000000)


static caplat_wechat  wechat;


static void
open_once(void)
{
    caplat_rsa_public  *key;
    caplat_gcm         *api_key;
    caplat_err          err;

    if (wechat.platform_key != NULL) {
        return;
    }

    caplat_assert(caplat_trust_open());
    caplat_assert(caplat_rsa_public_read(CAPLAT_LIT(PLATFORM_KEY), &key,
                                         &err));
    caplat_assert(caplat_wechat_api_key_read(
                      CAPLAT_LIT("0123456789abcdef0123456789abcdef"),
                      &api_key, &err));
    wechat = (caplat_wechat) {
        .appid = CAPLAT_LIT("1"),
        .mchid = CAPLAT_LIT("2"),
        .platform_key = key,
        .platform_serial = CAPLAT_LIT("3"),
        .api_key = api_key,
    };
}


/* The input is the signature too, and all else is as it should be. */
static void
check_unsigned(caplat_slice body)
{
    static char  room[CAPLAT_WECHAT_BODY_MAX];

    caplat_header          lines[] = {
        { CAPLAT_LIT("Wechatpay-Timestamp"), CAPLAT_LIT("1800000000") },
        { CAPLAT_LIT("Wechatpay-Nonce"), CAPLAT_LIT("n") },
        { CAPLAT_LIT("Wechatpay-Serial"), CAPLAT_LIT("3") },
        { CAPLAT_LIT("Wechatpay-Signature"), body },
    };
    caplat_message         message = { .headers = lines, .header_count = 4 };
    caplat_writer          w = caplat_writer_of(room, sizeof(room));
    caplat_slice           why = CAPLAT_LIT("");
    caplat_notice          notice;
    caplat_notice_refusal  refusal;

    caplat_assert(!caplat_wechat_notice_read(&wechat, &message, body, NOW,
                                             room, &notice, &refusal));
    caplat_assert(refusal.fault == CAPLAT_NOTICE_FORGED);
    caplat_assert(!caplat_wechat_code_url(&wechat, 200, &message, body, NOW,
                                          &w, &why));
    caplat_assert(why.len != 0 && w.len == 0);
}


static void
check_refusal(caplat_slice body)
{
    static char  room[CAPLAT_WECHAT_CODE_MAX];

    caplat_message  message = { .header_count = 0 };
    caplat_writer   w = caplat_writer_of(room, sizeof(room));
    caplat_slice    why = CAPLAT_LIT("");

    caplat_assert(!caplat_wechat_code_url(&wechat, 500, &message, body, NOW,
                                          &w, &why));
    caplat_assert(why.len >= 1 && why.len <= 32);

    for (size_t i = 0; i < why.len; i++) {
        caplat_assert(why.ptr[i] > ' ' && why.ptr[i] <= '~');
    }
}


/* Nobody can seal what our key opens, and nothing it is that needs no key. */
static void
check_envelope(caplat_slice body)
{
    static char  room[CAPLAT_WECHAT_BODY_MAX];

    caplat_notice          notice;
    caplat_notice_refusal  refusal;

    caplat_assert(!caplat_wechat_notice_open(&wechat, body, room, &notice,
                                             &refusal));
    caplat_assert(refusal.fault != CAPLAT_NOTICE_FORGED
                  && refusal.reason != NULL);
}


static void
check_plain(caplat_slice event_type, caplat_slice plain)
{
    caplat_json            *json;
    caplat_err              err;
    caplat_notice           notice;
    caplat_notice_refusal   refusal = { CAPLAT_NOTICE_FORGED, NULL };

    if (!caplat_json_open(plain, CAPLAT_JSON_DEPTH_MAX, &json, &err)) {
        return;
    }

    if (caplat_wechat_notice_judge(&wechat, event_type, json, &notice,
                                   &refusal))
    {
        check_notice(&notice, CAPLAT_WECHAT);

    } else {
        caplat_assert(refusal.fault == CAPLAT_NOTICE_UNFIT
                      && refusal.reason != NULL);
    }

    caplat_json_wipe(json);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    caplat_slice   text = caplat_slice_of((const char *) data, size);
    caplat_cursor  c = caplat_cursor_of(text);
    caplat_slice   event_type;

    open_once();

    if (size > CAPLAT_WECHAT_BODY_MAX) {
        return 0;
    }

    check_unsigned(text);
    check_refusal(text);
    check_envelope(text);

    if (caplat_take_until(&c, '\n', size, &event_type)) {
        check_plain(event_type, caplat_slice_of(c.at, caplat_cursor_left(&c)));
    }

    return 0;
}
