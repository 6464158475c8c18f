#include "caplat_wechat.h"

#include "vectors.h"
#include "wechat_room.h"


#define CODE_URL  "weixin://wxpay/bizpayurl?pr=p4lpSuKzz"
#define CODE      "{\"code_url\":\"" CODE_URL "\"}"
#define SUBJECT   "\xe6\x96\xb0\xe5\xa2\x9e" "CA" "\xe5\xb9\xb3\xe5\x8f\xb0"


static void
test_api_key(void)
{
    static const struct {
        const char   *text;
        caplat_code   code;
        size_t        at;
    } cases[] = {
        { API_KEY,            CAPLAT_OK,        0 },
        { API_KEY "\n",       CAPLAT_OK,        0 },
        { "",                 CAPLAT_TRUNCATED, 0 },
        { "\n",               CAPLAT_TRUNCATED, 0 },
        { "0123456789abcdef", CAPLAT_TRUNCATED, 16 },
        { API_KEY "0",        CAPLAT_TRAILING,  32 },
        { API_KEY "\n\n",     CAPLAT_TRAILING,  32 },
        { "0123456789abcde 0123456789abcdef", CAPLAT_NOT_WORDS, 15 },
        { "0123456789abcdef0123456789abcde\x7f", CAPLAT_NOT_WORDS, 31 },
        { "\xe6\x96\xb0", CAPLAT_NOT_WORDS, 0 },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        caplat_gcm  *key = NULL;
        caplat_err   err = { CAPLAT_OK, 0, NULL };
        bool         read = caplat_wechat_api_key_read(
                                test_slice(cases[i].text), &key, &err);

        test_that(read == (key != NULL), cases[i].text);
        test_number(err.code, cases[i].code, cases[i].text);
        test_number(err.at, cases[i].at, cases[i].text);
        caplat_gcm_close(key);
    }
}


/* What stands between two texts, or nothing. */
static caplat_slice
between(caplat_slice text, const char *before, const char *after)
{
    caplat_slice  start = test_slice(before), end = test_slice(after);
    size_t        from = text.len;

    for (size_t i = 0; i + start.len <= text.len && from == text.len; i++) {
        if (memcmp(text.ptr + i, start.ptr, start.len) == 0) {
            from = i + start.len;
        }
    }

    for (size_t i = from; i + end.len <= text.len; i++) {
        if (memcmp(text.ptr + i, end.ptr, end.len) == 0) {
            return caplat_slice_of(text.ptr + from, i - from);
        }
    }

    return CAPLAT_LIT("");
}


static void
test_request(void)
{
    char           body_room[CAPLAT_WECHAT_REQUEST_MAX];
    char           field_room[CAPLAT_WECHAT_REQUEST_MAX];
    caplat_writer  body = caplat_writer_of(body_room, sizeof(body_room));
    caplat_writer  field = caplat_writer_of(field_room, sizeof(field_room));
    caplat_charge  charge = { CAPLAT_LIT("CA1"), 2500, CAPLAT_LIT("a\"b"),
                              NOW + 1800 };
    caplat_slice   part;

    caplat_wechat_native_body(&wechat, &charge, &body);
    test_text(caplat_written(&body),
              CAPLAT_LIT("{\"appid\":\"wx1\",\"mchid\":\"1900\","
                         "\"description\":\"a\\\"b\",\"out_trade_no\":"
                         "\"CA1\",\"time_expire\":"
                         "\"2027-01-15T16:30:00+08:00\",\"notify_url\":"
                         "\"https://ca.example.cn/v1/notify/wechat\","
                         "\"amount\":{\"total\":2500,\"currency\":\"CNY\"}}"),
              "its body");

    test_that(caplat_wechat_authorization(&wechat, caplat_written(&body),
                  CAPLAT_LIT("n0nce"), NOW, &field), "signed");

    caplat_slice  signature = between(caplat_written(&field),
                                      ",signature=\"", "\"");

    part = caplat_slice_of(field.ptr, field.len - signature.len - 1);
    test_text(part, CAPLAT_LIT("WECHATPAY2-SHA256-RSA2048 mchid=\"1900\","
                               "nonce_str=\"n0nce\",timestamp=\"1800000000\","
                               "serial_no=\"0DCD46\",signature=\""),
              "all but the signature");

    caplat_slice  content[] = {
        CAPLAT_LIT("POST\n/v3/pay/transactions/native\n1800000000\nn0nce\n"),
        caplat_written(&body), CAPLAT_LIT("\n"),
    };

    test_that(caplat_rsa_verify(merchant_half, content, 3, signature),
              "the signature");
}


/* A request without room for it is none. */
static void
test_no_room(void)
{
    static char  large[CAPLAT_WECHAT_REQUEST_MAX + 256];

    char           room[CAPLAT_WECHAT_REQUEST_MAX];
    caplat_writer  w = caplat_writer_of(room, 256);

    test_that(!caplat_wechat_authorization(&wechat, CAPLAT_LIT("{}"),
                  CAPLAT_LIT("n"), NOW, &w) && w.full, "no room");
    w = caplat_writer_of(room, sizeof(room));
    memset(large, ' ', sizeof(large));
    test_that(!caplat_wechat_authorization(&wechat,
                  caplat_slice_of(large, sizeof(large)), CAPLAT_LIT("n"), NOW,
                  &w), "too large a body");
}


/* The sample that another's library has made: its body, and its signature. */
static void
check_sample(caplat_slice sample, const caplat_rsa_public *key)
{
    char           room[CAPLAT_WECHAT_REQUEST_MAX];
    char           content_room[CAPLAT_WECHAT_REQUEST_MAX];
    caplat_writer  w = caplat_writer_of(room, sizeof(room));
    caplat_wechat  theirs = {
        .appid = CAPLAT_LIT("wx0000000000000001"),
        .mchid = CAPLAT_LIT("1900000001"),
        .notify_url = CAPLAT_LIT("https://ca.example.cn/v1/notify/wechat"),
    };
    caplat_charge  charge = { CAPLAT_LIT("CA20270115000001"), 2500,
                              CAPLAT_LIT(SUBJECT), NOW + 1800 };
    caplat_slice   inner = between(sample, "{\"appid\"", "\"CNY\"}}");
    caplat_slice   body, content;

    caplat_wechat_native_body(&theirs, &charge, &w);
    body = caplat_written(&w);
    test_text(between(body, "{\"appid\"", "\"CNY\"}}"), inner,
              "the sample's body");
    w = caplat_writer_of(content_room, sizeof(content_room));
    caplat_wechat_native_content(body, between(sample, "nonce_str=\"", "\""),
                                 1795387450, &w);
    content = caplat_written(&w);
    test_text(between(sample, "timestamp=\"", "\""),
              CAPLAT_LIT("1795387450"), "the sample's time");
    test_that(caplat_rsa_verify(key, &content, 1,
                                between(sample, "signature=\"", "\"")),
              "the sample's signature");
}


static void
test_sample(void)
{
    caplat_rsa_public  *key;
    caplat_slice        text;

    key = rsa_shared("fixtures/keys/wechat-merchant.pub.pem");

    if (key != NULL && vectors_shared("fixtures/pay/wechat-native.request.txt",
                                      &text))
    {
        check_sample(text, key);
        vectors_close(text);
    }

    caplat_rsa_public_close(key);
}


static void
verified(const wechat_signed *s, caplat_slice body, const char *why,
    const char *words)
{
    const char  *reason = NULL;
    bool         valid = caplat_wechat_verify(&wechat, &s->message, body, NOW,
                                              &reason);

    test_that(valid == (why == NULL), words);
    test_that(valid == (reason == NULL), words);

    if (why != NULL && reason != NULL) {
        test_text(test_slice(reason), test_slice(why), words);
    }
}


static void
test_times(void)
{
    static const struct {
        const char  *timestamp;
        const char  *reason;
    } cases[] = {
        { "1800000000", NULL },
        { "1800000300", NULL },
        { "1799999700", NULL },
        { "1800000301", "wechat-time" },
        { "1799999699", "wechat-time" },
        { "0",          "wechat-time" },
        { "9007199254740991", "wechat-time" },
        { "9007199254740992", "wechat-fields" },
        { "01800000000", "wechat-fields" },
        { "1800000000 ", "wechat-fields" },
        { "+1800000000", "wechat-fields" },
        { "1800000000.0", "wechat-fields" },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        wechat_signed  s;

        wechat_sign(CAPLAT_LIT("{}"), cases[i].timestamp, platform_own, &s);
        verified(&s, CAPLAT_LIT("{}"), cases[i].reason, cases[i].timestamp);
    }
}


/* One field another. */
static void
test_fields(void)
{
    static const struct {
        size_t       at;
        const char  *value;
        const char  *reason;
    } cases[] = {
        { 0, "abd", "wechat-signature" },
        { 0, "", "wechat-fields" },
        { 1, "PUB_KEY_ID_02", "wechat-serial" },
        { 1, "pub_key_id_01", "wechat-serial" },
        { 1, "", "wechat-fields" },
        { 2, "AAAA", "wechat-signature" },
        { 2, "WECHATPAY/SIGNTEST/AAAA", "wechat-probe" },
        { 2, "", "wechat-fields" },
        { 3, "1800000001", "wechat-signature" },
        { 3, "", "wechat-fields" },
    };

    wechat_signed  s;

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        wechat_sign(CAPLAT_LIT("{}"), "1800000000", platform_own, &s);
        s.lines[cases[i].at].value = test_slice(cases[i].value);
        verified(&s, CAPLAT_LIT("{}"), cases[i].reason, cases[i].value);
    }

    for (size_t i = 0; i < 4; i++) {
        wechat_sign(CAPLAT_LIT("{}"), "1800000000", platform_own, &s);
        wechat_add(&s, "wechatpay-other", CAPLAT_LIT("1"));
        s.lines[4] = s.lines[i];
        verified(&s, CAPLAT_LIT("{}"), "wechat-fields", "a field twice");
        s.lines[4].name = CAPLAT_LIT("x");
        s.lines[i].name = CAPLAT_LIT("y");
        verified(&s, CAPLAT_LIT("{}"), "wechat-fields", "a field absent");
    }
}


static void
test_verify(void)
{
    wechat_signed  s;

    wechat_sign(CAPLAT_LIT("{}"), "1800000000", platform_own, &s);
    verified(&s, CAPLAT_LIT("{}"), NULL, "as it is");
    verified(&s, CAPLAT_LIT("{} "), "wechat-signature", "another body");
    wechat_add(&s, "wechatpay-signature-type",
               CAPLAT_LIT("WECHATPAY2-SHA256-RSA2048"));
    verified(&s, CAPLAT_LIT("{}"), NULL, "with its type");
    s.lines[4].value = CAPLAT_LIT("WECHATPAY2-SM2-WITH-SM3");
    verified(&s, CAPLAT_LIT("{}"), "wechat-fields", "another type");
    wechat_sign(CAPLAT_LIT("{}"), "1800000000", merchant_key, &s);
    verified(&s, CAPLAT_LIT("{}"), "wechat-signature", "our own key");
    wechat_sign(CAPLAT_LIT(""), "1800000000", platform_own, &s);
    verified(&s, CAPLAT_LIT(""), NULL, "no body");
}


/* What comes of an answer; "" of a code that was read. */
static void
answered(unsigned status, const char *body, const char *why)
{
    char           room[CAPLAT_WECHAT_CODE_MAX];
    caplat_writer  w = caplat_writer_of(room, sizeof(room));
    caplat_slice   reason = CAPLAT_LIT("");
    caplat_slice   text = test_slice(body);
    wechat_signed  s;
    bool           read;

    wechat_sign(text, "1800000000", platform_own, &s);
    read = caplat_wechat_code_url(&wechat, status, &s.message, text, NOW, &w,
                                  &reason);
    test_text(reason, test_slice(why), body);
    test_that(read == (reason.len == 0), body);
    test_text(caplat_written(&w), read ? CAPLAT_LIT(CODE_URL)
                                       : CAPLAT_LIT(""), body);
}


static void
test_answers(void)
{
    static const struct {
        unsigned     status;
        const char  *body;
        const char  *why;
    } cases[] = {
        { 200, CODE, "" },
        { 200, "{\"code_url\":\"weixin:\\/\\/wxpay\\/bizpayurl?pr="
               "p4lpSuKzz\",\"more\":1}", "" },
        { 200, "", "wechat-json" },
        { 200, "[]", "wechat-json" },
        { 200, "{}", "wechat-code-url" },
        { 200, "{\"code_url\":1}", "wechat-code-url" },
        { 200, "{\"code_url\":\"weixin://wxpay/\"}", "wechat-code-url" },
        { 200, "{\"code_url\":\"weixin://wxpay/a b\"}", "wechat-code-url" },
        { 200, "{\"code_url\":\"weixin://wxpay/a\\\"b\"}",
          "wechat-code-url" },
        { 200, "{\"code_url\":\"weixin://wxpay/<a\"}", "wechat-code-url" },
        { 200, "{\"code_url\":\"weixin://wxpay/\xe6\x96\xb0\"}",
          "wechat-code-url" },
        { 200, "{\"code_url\":\"https://wxpay/a\"}", "wechat-code-url" },
        { 200, "{\"code_url\":\"Weixin://wxpay/a\"}", "wechat-code-url" },
        { 204, CODE, "wechat-status" },
        { 201, CODE, "wechat-status" },
        { 400, "{\"code\":\"PARAM_ERROR\",\"message\":\"m\"}",
          "PARAM_ERROR" },
        { 401, "{\"message\":\"m\",\"code\":\"SIGN_ERROR\"}", "SIGN_ERROR" },
        { 500, "{\"code\":\"SYSTEM\\u005fERROR\"}", "wechat-status" },
        { 500, "{\"code\":\"system\"}", "wechat-status" },
        { 500, "{\"code\":\"A B\"}", "wechat-status" },
        { 500, "{\"code\":\"\"}", "wechat-status" },
        { 500, "{\"code\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}",
          "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" },
        { 500, "{\"code\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}",
          "wechat-status" },
        { 500, "{\"code\":1}", "wechat-status" },
        { 502, "<html>", "wechat-status" },
        { 0,   "", "wechat-status" },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        answered(cases[i].status, cases[i].body, cases[i].why);
    }
}


static void
test_long_code(void)
{
    static char  body[CAPLAT_WECHAT_BODY_MAX + 1];

    char           room[2 * CAPLAT_WECHAT_CODE_MAX];
    caplat_writer  out = caplat_writer_of(room, sizeof(room));
    caplat_slice   why;
    wechat_signed  s;

    for (size_t more = 0; more < 2; more++) {
        caplat_writer  w = caplat_writer_of(body, sizeof(body));

        caplat_put(&w, CAPLAT_LIT("{\"code_url\":\"weixin://wxpay/"));

        for (size_t i = 15; i < CAPLAT_WECHAT_CODE_MAX + more; i++) {
            caplat_put(&w, CAPLAT_LIT("a"));
        }

        caplat_put(&w, CAPLAT_LIT("\"}"));
        wechat_sign(caplat_written(&w), "1800000000", platform_own, &s);
        test_number(caplat_wechat_code_url(&wechat, 200, &s.message,
                        caplat_written(&w), NOW, &out, &why), more == 0,
                    "its length");
    }

    memset(body, ' ', sizeof(body));
    memcpy(body, CODE, sizeof(CODE) - 1);

    for (size_t more = 0; more < 2; more++) {
        caplat_slice  text = caplat_slice_of(body, sizeof(body) - 1 + more);

        wechat_sign(text, "1800000000", platform_own, &s);
        test_number(caplat_wechat_code_url(&wechat, 200, &s.message, text,
                        NOW, &out, &why), more == 0, "the body's length");
    }
}


/* An answer that somebody else signed is none. */
static void
test_forged_answer(void)
{
    char           room[CAPLAT_WECHAT_CODE_MAX];
    caplat_writer  w = caplat_writer_of(room, sizeof(room));
    caplat_slice   why = CAPLAT_LIT("");
    wechat_signed  s;

    wechat_sign(CAPLAT_LIT(CODE), "1800000000", merchant_key, &s);
    test_that(!caplat_wechat_code_url(&wechat, 200, &s.message,
                  CAPLAT_LIT(CODE), NOW, &w, &why), "forged");
    test_text(why, CAPLAT_LIT("wechat-signature"), "forged");
    s.message.header_count = 0;
    test_that(!caplat_wechat_code_url(&wechat, 200, &s.message,
                  CAPLAT_LIT(CODE), NOW, &w, &why), "not signed");
    test_text(why, CAPLAT_LIT("wechat-fields"), "not signed");
    test_number(w.len, 0, "nothing was written");
}


int
main(void)
{
    test_that(caplat_trust_open(), "the libraries start");
    wechat_open();

    test_api_key();
    test_request();
    test_no_room();
    test_sample();
    test_times();
    test_fields();
    test_verify();
    test_answers();
    test_long_code();
    test_forged_answer();

    wechat_close();

    return test_done();
}
