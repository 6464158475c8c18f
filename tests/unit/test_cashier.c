/*
 * What the demo's cashier signs is read as the channels' own, and its gateway
 * answers our requests alone. And how orders are charged.
 */

#include "test.h"
#include "wechat_room.h"

#include "caplat_cashier.h"
#include "caplat_charge.h"


#define ALL  (1u << CAPLAT_ALIPAY | 1u << CAPLAT_WECHAT | 1u << CAPLAT_TRANSFER)


static caplat_alipay   alipay;
static caplat_cashier  cashier;


static void
open_cashier(void)
{
    wechat_open();
    alipay = (caplat_alipay) {
        .app_id = CAPLAT_LIT("2021"),
        .seller_id = CAPLAT_LIT("2088"),
        .app_key = merchant_key,
        .platform_key = platform_key,
    };
    cashier = (caplat_cashier) { &alipay, &wechat, platform_own,
                                 platform_own };
}


/* What the answer has as `body`; it lives until the JSON is closed. */
static caplat_slice
body_of(caplat_slice answer, caplat_json **object)
{
    caplat_slice  body = CAPLAT_LIT("");
    caplat_err    err;

    test_that(caplat_json_open(answer, CAPLAT_JSON_DEPTH_MAX, object, &err),
              "JSON");
    test_that(caplat_json_string(*object, "body", 1, 16384, &body), "a body");

    return body;
}


static void
test_notice(const char *words, caplat_notice_kind kind, const char *order,
    const char *trade, int64_t amount)
{
    char                   room[16384], text[16384];
    caplat_writer          w = caplat_writer_of(room, sizeof(room));
    caplat_faults          faults;
    caplat_denial          denial;
    caplat_json           *object;
    caplat_notice          notice;
    caplat_notice_refusal  refusal = { CAPLAT_NOTICE_FORGED, "" };
    caplat_slice           body;
    bool                   is_alipay;

    if (!test_that(caplat_cashier_notice(&cashier, test_slice(words), NOW, &w,
                                         &faults, &denial), words))
    {
        return;
    }

    body = body_of(caplat_written(&w), &object);
    is_alipay = rsa_find(caplat_written(&w), "/v1/notify/alipay") < w.len;

    test_that(is_alipay
              ? caplat_alipay_notice_read(&alipay, body, text, &notice,
                                          &refusal)
              : caplat_wechat_notice_open(&wechat, body, text, &notice,
                                          &refusal), refusal.reason);
    test_number(notice.kind, kind, words);
    test_text(notice.order, test_slice(order), words);
    test_number(notice.amount_fen, amount, words);
    test_number(notice.time, NOW, words);

    if (trade != NULL) {
        test_text(notice.trade, test_slice(trade), words);
    }

    caplat_json_close(object);
}


static void
test_refused(const char *words)
{
    char           room[4096];
    caplat_writer  w = caplat_writer_of(room, sizeof(room));
    caplat_faults  faults;
    caplat_denial  denial;

    test_that(!caplat_cashier_notice(&cashier, test_slice(words), NOW, &w,
                                     &faults, &denial)
              && faults.count == 1, words);
}


static void
test_gateway(void)
{
    char                   field[CAPLAT_WECHAT_REQUEST_MAX], room[512];
    caplat_slice           body = CAPLAT_LIT("{\"out_trade_no\":\"CA1\"}");
    caplat_writer          w = caplat_writer_of(field, sizeof(field));
    caplat_writer          code = caplat_writer_of(room, sizeof(room));
    caplat_header          line;
    caplat_message         message = { .headers = &line, .header_count = 1 };
    caplat_cashier_signed  made;
    const char            *reason = "";

    test_that(caplat_wechat_authorization(&wechat, body, CAPLAT_LIT("n1"), NOW,
                                          &w), "signed");
    line = (caplat_header) { CAPLAT_LIT("Authorization"),
                             caplat_written(&w) };

    test_that(caplat_cashier_code(&cashier, &message, body, NOW, &code),
              "ours");
    test_text(caplat_written(&code),
        CAPLAT_LIT("{\"code_url\":\"weixin://wxpay/bizpayurl?pr=CA1\"}"),
        "its code");
    test_that(!caplat_cashier_code(&cashier, &message, body, NOW + 301, &code),
              "late");
    test_that(!caplat_cashier_code(&cashier, &message,
                  CAPLAT_LIT("{\"out_trade_no\":\"CA2\"}"), NOW, &code),
              "another body");

    line.value.len--;
    test_that(!caplat_cashier_code(&cashier, &message, body, NOW, &code),
              "a byte less");
    message.header_count = 0;
    test_that(!caplat_cashier_code(&cashier, &message, body, NOW, &code),
              "no field");

    test_that(caplat_cashier_sign(&cashier, body, NOW, &made), "answered");
    message = (caplat_message) { .headers = made.fields,
                                 .header_count = CAPLAT_CASHIER_FIELDS };
    test_that(caplat_wechat_verify(&wechat, &message, body, NOW, &reason),
              reason);
}


static void
test_charge(const char *body, unsigned channels, caplat_channel want)
{
    caplat_channel  channel = CAPLAT_CHANNEL_NONE;
    caplat_faults   faults;
    caplat_denial   denial;

    test_that(caplat_charge_read(test_slice(body), channels, &channel, &faults,
                                 &denial) == (want != CAPLAT_CHANNEL_NONE),
              body);
    test_number(channel, want, body);
}


/* A notice as large as any leaves room for what is around it. */
static void
test_personal(void)
{
    static char          room[CAPLAT_NOTICE_PERSONAL_MAX];
    static char          large[CAPLAT_NOTICE_BODY_MAX];
    caplat_notice        notice = { .channel = CAPLAT_ALIPAY };
    caplat_message       message = { .header_count = 0 };
    caplat_writer        w = caplat_writer_of(room, sizeof(room));

    notice.payer = CAPLAT_LIT("2088");
    caplat_notice_personal(&notice, &message, CAPLAT_LIT("a=1"), &w);
    test_text(caplat_written(&w), CAPLAT_LIT("{\"payer\":\"2088\",\"notice\":{"
        "\"body_base64\":\"YT0x\"}}"), "Alipay's");

    w = caplat_writer_of(room, sizeof(room));
    caplat_notice_personal(&notice, &message,
        caplat_slice_of(large, sizeof(large)), &w);
    test_that(!w.full, "the largest");

    w = caplat_writer_of(room, 64);
    caplat_notice_personal(&notice, &message,
        caplat_slice_of(large, sizeof(large)), &w);
    test_that(w.full, "no room");
}


int
main(void)
{
    test_that(caplat_trust_open(), "the libraries start");
    open_cashier();

    test_notice("{\"order\":\"CA1\",\"channel\":\"alipay\",\"amount\":2501,"
        "\"event\":\"paid\"}", CAPLAT_NOTICE_PAID, "CA1", NULL, 2501);
    test_notice("{\"order\":\"CA1\",\"channel\":\"alipay\",\"amount\":2501,"
        "\"event\":\"refunded\",\"trade\":\"R1\"}", CAPLAT_NOTICE_REFUND,
        "CA1", "R1", 2501);
    test_notice("{\"order\":\"CA1\",\"channel\":\"wechat\",\"amount\":1,"
        "\"event\":\"paid\",\"trade\":\"T1\"}", CAPLAT_NOTICE_PAID, "CA1",
        "T1", 1);
    test_notice("{\"order\":\"CA1\",\"channel\":\"wechat\",\"amount\":1,"
        "\"event\":\"refunded\",\"trade\":\"R1\"}", CAPLAT_NOTICE_REFUND,
        "CA1", "R1", 1);

    test_refused("{\"order\":\"CA 1\",\"channel\":\"alipay\",\"amount\":1,"
        "\"event\":\"paid\"}");
    test_refused("{\"order\":\"CA1\",\"channel\":\"transfer\",\"amount\":1,"
        "\"event\":\"paid\"}");
    test_refused("{\"order\":\"CA1\",\"channel\":\"alipay\",\"amount\":0,"
        "\"event\":\"paid\"}");
    test_refused("{\"order\":\"CA1\",\"channel\":\"alipay\",\"amount\":1,"
        "\"event\":\"x\"}");
    test_refused("{\"order\":\"CA1\",\"channel\":\"alipay\",\"amount\":1,"
        "\"event\":\"paid\",\"trade\":\"\"}");
    test_refused("{");
    cashier.wechat_key = NULL;
    test_refused("{\"order\":\"CA1\",\"channel\":\"wechat\",\"amount\":1,"
        "\"event\":\"paid\"}");
    cashier.wechat_key = platform_own;

    test_gateway();
    test_personal();

    test_charge("{\"channel\":\"alipay\"}", ALL, CAPLAT_ALIPAY);
    test_charge("{\"channel\":\"transfer\"}", ALL, CAPLAT_TRANSFER);
    test_charge("{\"channel\":\"wechat\"}", 1u << CAPLAT_ALIPAY,
        CAPLAT_CHANNEL_NONE);
    test_charge("{\"channel\":\"\"}", ALL, CAPLAT_CHANNEL_NONE);
    test_charge("{}", ALL, CAPLAT_CHANNEL_NONE);

    wechat_close();

    return test_done();
}
