/*
 * Notices of payment channels that others have made, good and bad, as they
 * would come to a server on which an order of 2500 fen waits to be paid.
 */

#include "caplat_alipay.h"
#include "caplat_wechat.h"

#include "caplat_b64.h"
#include "caplat_hash.h"
#include "caplat_json.h"

#include "rsa_keys.h"
#include "vectors.h"


#define ORDER  CAPLAT_LIT("CA20270115000001")


typedef struct {
    const caplat_json  *json;
    const char         *id;
    int64_t             now;
    caplat_slice        body;
} pay_case;


static caplat_alipay  alipay;
static caplat_wechat  wechat;
static char           room[65536];


static void
judge_case(const caplat_json *json, void (*judge)(const pay_case *))
{
    static uint8_t  bytes[65536];

    size_t    len = 0;
    pay_case  test = {
        .json = json,
        .id = caplat_json_slice(caplat_json_get(json, "id")).ptr,
        .now = caplat_json_number(caplat_json_get(json, "now")),
    };

    test_that(caplat_b64_read(
                  caplat_json_slice(caplat_json_get(json, "body_b64")), bytes,
                  sizeof(bytes), &len), test.id);
    test.body = caplat_slice_of((const char *) bytes, len);
    judge(&test);
}


/* Each case of a channel. */
static void
judge_cases(caplat_slice channel, void (*judge)(const pay_case *))
{
    caplat_slice   text, line;
    caplat_json   *json;
    caplat_err     err;
    size_t         count = 0;

    if (!vectors_shared("fixtures/pay/cases.jsonl", &text)) {
        return;
    }

    caplat_cursor  c = caplat_cursor_of(text);

    while (vectors_line(&c, &line)) {
        if (!test_that(caplat_json_open(line, 8, &json, &err), "a line")) {
            break;
        }

        if (caplat_slice_eq(caplat_json_slice(caplat_json_get(json,
                                                              "channel")),
                            channel))
        {
            judge_case(json, judge);
            count++;
        }

        caplat_json_close(json);
    }

    test_that(count != 0, "cases");
    vectors_close(text);
}


/* Whether that order would be paid by it. */
static bool
pays(const caplat_notice *notice)
{
    return notice->kind == CAPLAT_NOTICE_PAID && notice->amount_fen == 2500
        && caplat_slice_eq(notice->order, ORDER);
}


/* Whether a caller who has that order only would take it. */
static bool
is_ours(const caplat_notice *notice)
{
    return notice->kind == CAPLAT_NOTICE_NOTHING || pays(notice)
        || (notice->kind == CAPLAT_NOTICE_REFUND
            && caplat_slice_eq(notice->order, ORDER));
}


static void
compare_order(const pay_case *test, bool is_paid)
{
    const caplat_json  *expect = caplat_json_get(test->json, "expect");
    caplat_slice        order = caplat_json_slice(caplat_json_get(expect,
                                                                  "order"));

    test_number(is_paid, caplat_slice_eq(order, CAPLAT_LIT("paid")),
                test->id);
}


/* success is answered to what is ours, whether it pays or not. */
static void
judge_alipay(const pay_case *test)
{
    const caplat_json      *expect = caplat_json_get(test->json, "expect");
    caplat_notice           notice;
    caplat_notice_refusal   refusal;
    bool                    read;

    read = caplat_alipay_notice_read(&alipay, test->body, room, &notice,
                                     &refusal);
    test_text(read && is_ours(&notice) ? CAPLAT_LIT("success")
                                       : CAPLAT_LIT("fail"),
              caplat_json_slice(caplat_json_get(expect, "body")), test->id);
    compare_order(test, read && pays(&notice));
}


static unsigned
status_of(const caplat_notice_refusal *refusal)
{
    return refusal->fault == CAPLAT_NOTICE_FORGED ? 401
         : refusal->fault == CAPLAT_NOTICE_UNREADABLE ? 400 : 500;
}


static void
judge_wechat(const pay_case *test)
{
    const caplat_json      *expect = caplat_json_get(test->json, "expect");
    const caplat_json      *headers = caplat_json_get(test->json, "headers");
    caplat_header           lines[32];
    caplat_message          message = { .headers = lines };
    caplat_notice           notice;
    caplat_notice_refusal   refusal;
    bool                    read;

    for (size_t i = 0; i < caplat_json_items(headers); i++) {
        const caplat_json  *line = caplat_json_item(headers, i);

        caplat_assert(i < CAPLAT_COUNT(lines));
        lines[message.header_count++] = (caplat_header) {
            caplat_json_slice(caplat_json_item(line, 0)),
            caplat_json_slice(caplat_json_item(line, 1)),
        };
    }

    read = caplat_wechat_notice_read(&wechat, &message, test->body,
                                     test->now, room, &notice, &refusal);
    test_number(!read ? status_of(&refusal) : is_ours(&notice) ? 204 : 500,
                caplat_json_number(caplat_json_get(expect, "http")),
                test->id);
    compare_order(test, read && pays(&notice));
}


static void
test_alipay(void)
{
    caplat_rsa_public  *key;

    key = rsa_shared("fixtures/keys/alipay-platform.pub.pem");

    if (key != NULL) {
        alipay = (caplat_alipay) {
            .app_id = CAPLAT_LIT("2021000000000001"),
            .seller_id = CAPLAT_LIT("2088000000000001"),
            .platform_key = key,
        };
        judge_cases(CAPLAT_LIT("alipay"), judge_alipay);
    }

    caplat_rsa_public_close(key);
}


static void
test_wechat(void)
{
    caplat_rsa_public  *key;
    caplat_gcm         *api_key = NULL;
    caplat_slice        text;
    caplat_err          err;

    key = rsa_shared("fixtures/keys/wechat-platform.pub.pem");

    if (key != NULL && vectors_shared("fixtures/keys/wechat-apiv3.key",
                                      &text))
    {
        test_that(caplat_wechat_api_key_read(text, &api_key, &err),
                  "the APIv3 key");
        vectors_close(text);
        wechat = (caplat_wechat) {
            .appid = CAPLAT_LIT("wx0000000000000001"),
            .mchid = CAPLAT_LIT("1900000001"),
            .platform_key = key,
            .platform_serial = CAPLAT_LIT("PUB_KEY_ID_011999999999202601010000"
                                          "0000000001"),
            .api_key = api_key,
        };
        judge_cases(CAPLAT_LIT("wechat"), judge_wechat);
    }

    caplat_gcm_close(api_key);
    caplat_rsa_public_close(key);
}


int
main(void)
{
    test_that(caplat_trust_open(), "the libraries start");
    test_alipay();
    test_wechat();

    return test_done();
}
