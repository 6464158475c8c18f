#include "caplat_alipay.h"

#include "caplat_hash.h"
#include "caplat_time.h"

#include "rsa_keys.h"


#define NOW      INT64_C(1800000000)
#define SUBJECT  "\xe6\x96\xb0\xe5\xa2\x9e" "CA" "\xe5\xb9\xb3\xe5\x8f\xb0"


static caplat_alipay         alipay;
static caplat_rsa_private   *app_key;
static caplat_rsa_public    *app_half;
static char                  decoded[CAPLAT_ALIPAY_URL_MAX];


/* The parameters of a URL, decoded and sorted. */
static bool
read_url(caplat_slice url, caplat_params *params)
{
    caplat_cursor  c = caplat_cursor_of(url);
    caplat_slice   gateway = CAPLAT_LIT(""), query;

    test_that(caplat_take_until(&c, '?', url.len, &gateway), "a query");
    test_text(gateway, CAPLAT_LIT(CAPLAT_ALIPAY_GATEWAY), "the gateway");
    (void) caplat_take_rest(&c, url.len, &query);

    return test_that(caplat_params_read(query, decoded, params), "a form");
}


static void
check_url(caplat_slice url, caplat_slice wanted, const caplat_rsa_public *key)
{
    char           room[4096];
    caplat_params  params;
    caplat_writer  w = caplat_writer_of(room, sizeof(room));

    if (!read_url(url, &params)) {
        return;
    }

    caplat_slice  signature = caplat_params_take(&params, CAPLAT_LIT("sign"));

    caplat_params_content(&params, &w);

    caplat_slice  content = caplat_written(&w);

    test_text(content, wanted, "what is signed");
    test_that(caplat_rsa_verify(key, &content, 1, signature), "its signature");
}


#define CONTENT(more)                                                         \
    "app_id=2021&biz_content={\"out_trade_no\":\"CA20270115000001\","         \
    "\"total_amount\":\"25.00\",\"subject\":\"" SUBJECT "\","                 \
    "\"product_code\":\"FAST_INSTANT_TRADE_PAY\","                            \
    "\"time_expire\":\"2027-01-15 16:30:00\"}&charset=utf-8&"                 \
    "method=alipay.trade.page.pay&"                                           \
    "notify_url=https://ca.example.cn/v1/notify/alipay&" more                 \
    "sign_type=RSA2&timestamp=2027-01-15 16:00:00&version=1.0"


static void
test_url(void)
{
    char           room[CAPLAT_ALIPAY_URL_MAX];
    caplat_writer  w = caplat_writer_of(room, sizeof(room));
    caplat_alipay  without = alipay;
    caplat_charge  charge = { CAPLAT_LIT("CA20270115000001"), 2500,
                              CAPLAT_LIT(SUBJECT), NOW + 1800 };

    test_that(caplat_alipay_pay_url(&alipay, &charge, NOW, &w), "a URL");
    check_url(caplat_written(&w),
              CAPLAT_LIT(CONTENT("return_url=https://ca.example.cn/pay/"
                                 "return?a=1&")),
              app_half);

    for (size_t i = 0; i < w.len; i++) {
        test_that(room[i] > 0x20 && room[i] < 0x7f, "printable");
    }

    without.return_url = CAPLAT_LIT("");
    w.len = 0;
    test_that(caplat_alipay_pay_url(&without, &charge, NOW, &w),
              "without a way back");
    check_url(caplat_written(&w), CAPLAT_LIT(CONTENT("")), app_half);

    w = caplat_writer_of(room, 512);
    test_that(!caplat_alipay_pay_url(&alipay, &charge, NOW, &w) && w.full,
              "no room");
}


static void
test_subject(void)
{
    static char  subject[CAPLAT_ALIPAY_SUBJECT_MAX + 1];

    char           room[CAPLAT_ALIPAY_URL_MAX];
    caplat_writer  w = caplat_writer_of(room, sizeof(room));
    caplat_charge  charge = { CAPLAT_LIT("CA1"), 1, CAPLAT_LIT("a\"\\&=%+"),
                              NOW };

    caplat_alipay_biz_content(&charge, &w);
    test_text(caplat_written(&w),
              CAPLAT_LIT("{\"out_trade_no\":\"CA1\",\"total_amount\":\"0.01\","
                         "\"subject\":\"a\\\"\\\\&=%+\",\"product_code\":"
                         "\"FAST_INSTANT_TRADE_PAY\",\"time_expire\":"
                         "\"2027-01-15 16:00:00\"}"), "JSON");

    memset(subject, '\x01', sizeof(subject));
    charge.subject = caplat_slice_of(subject, sizeof(subject));
    w.len = 0;
    test_that(!caplat_alipay_pay_url(&alipay, &charge, NOW, &w),
              "too long a subject");
    memset(subject, '"', sizeof(subject));
    charge.subject.len--;
    charge.amount_fen = 10000000000;
    test_that(caplat_alipay_pay_url(&alipay, &charge, NOW, &w),
              "as long as may be, all of it escaped");
}


/* The text without its part from one word up to the end of another. */
static void
put_without(caplat_writer *w, caplat_slice text, const char *from,
    const char *to)
{
    size_t  begin = rsa_find(text, from);
    size_t  end = rsa_find(text, to) + test_slice(to).len;

    caplat_assert(begin < end && end <= text.len);
    caplat_put(w, caplat_slice_of(text.ptr, begin));
    caplat_put(w, caplat_slice_of(text.ptr + end, text.len - end));
}


/* We sign the same for the same order, but for the library's own name and how
   large a picture it wants. */
static void
check_ours(caplat_slice sample)
{
    char           first[2048], second[2048], url[CAPLAT_ALIPAY_URL_MAX];
    caplat_writer  less = caplat_writer_of(first, sizeof(first));
    caplat_writer  wanted = caplat_writer_of(second, sizeof(second));
    caplat_writer  w = caplat_writer_of(url, sizeof(url));
    caplat_alipay  theirs = alipay;
    caplat_charge  charge = { CAPLAT_LIT("CA20270115000001"), 2500,
                              CAPLAT_LIT(SUBJECT), NOW + 1800 };
    int64_t        now;

    put_without(&less, sample, "alipay_sdk=", "4.0.0&");
    put_without(&wanted, caplat_written(&less), ",\"qr_pay_mode\"",
                "\"qrcode_width\":200");
    theirs.app_id = CAPLAT_LIT("2021000000000001");
    theirs.return_url = CAPLAT_LIT("https://ca.example.cn/pay/return");

    test_that(caplat_time_parse(CAPLAT_LIT("2026-11-22 22:44:10"), &now)
              && caplat_alipay_pay_url(&theirs, &charge, now, &w), "a URL");
    check_url(caplat_written(&w), caplat_written(&wanted), app_half);
}


/* The sample that another's library has made: what it signs, and its URL. */
static void
test_sample(void)
{
    caplat_slice        content, url, line;
    caplat_rsa_public  *key = rsa_shared("fixtures/keys/alipay-app.pub.pem");

    if (key == NULL
        || !vectors_shared("fixtures/pay/alipay-page-pay.signcontent.txt",
                           &content))
    {
        caplat_rsa_public_close(key);
        return;
    }

    if (vectors_shared("fixtures/pay/alipay-page-pay.url.txt", &url)) {
        caplat_cursor  c = caplat_cursor_of(url);

        test_that(vectors_line(&c, &line), "a line");
        check_url(line, content, key);
        vectors_close(url);
    }

    check_ours(content);

    caplat_rsa_public_close(key);
    vectors_close(content);
}


int
main(void)
{
    EVP_PKEY  *key;

    test_that(caplat_trust_open(), "the libraries start");
    key = EVP_RSA_gen(2048);
    rsa_open(key, &app_key, &app_half);
    EVP_PKEY_free(key);

    alipay = (caplat_alipay) {
        .app_id = CAPLAT_LIT("2021"),
        .seller_id = CAPLAT_LIT("2088"),
        .app_key = app_key,
        .gateway = CAPLAT_LIT(CAPLAT_ALIPAY_GATEWAY),
        .notify_url = CAPLAT_LIT("https://ca.example.cn/v1/notify/alipay"),
        .return_url = CAPLAT_LIT("https://ca.example.cn/pay/return?a=1"),
    };

    test_url();
    test_subject();
    test_sample();

    caplat_rsa_private_close(app_key);
    caplat_rsa_public_close(app_half);

    return test_done();
}
