#include "caplat_alipay.h"

#include "caplat_hash.h"

#include "rsa_keys.h"


#define NOW  INT64_C(1800000000)

/* A notice without sign and sign_type, in the order of names. */
#define PAID                                                                  \
    "app_id=2021&buyer_id=2088-9&charset=utf-8&"                              \
    "gmt_payment=2027-01-15 15:58:20&notify_time=2027-01-15 15:58:21&"        \
    "out_trade_no=CA1&seller_id=2088&subject=a & b=c&total_amount=25.00&"     \
    "trade_no=T-1&trade_status=TRADE_SUCCESS"
#define PAID_AT  (NOW - 100)


static caplat_alipay         alipay;
static caplat_rsa_private   *stranger, *platform_own;
static caplat_rsa_public    *stranger_half, *platform_key;


/* Parameters as they are, split where `&` begins another name. */
static void
split(caplat_slice content, caplat_params *params)
{
    caplat_cursor  c = caplat_cursor_of(content);

    params->count = 0;

    while (caplat_cursor_left(&c) != 0) {
        caplat_slice  name = CAPLAT_LIT("");
        const char   *value;

        test_that(caplat_take_until(&c, '=', 64, &name), "a name");
        value = c.at;

        while (c.at != c.end && !(*c.at == '&' && c.at + 1 != c.end
                                  && c.at[1] >= 'a' && c.at[1] <= 'z'))
        {
            c.at++;
        }

        caplat_params_add(params, name,
                          caplat_slice_of(value, (size_t) (c.at - value)));
        (void) caplat_take_byte(&c, '&');
    }
}


/* PAID with another value of one, or without it (NULL), or with more. */
static void
paid_with(const char *name, const char *value, caplat_params *params)
{
    caplat_slice  named = test_slice(name);

    split(CAPLAT_LIT(PAID), params);
    (void) caplat_params_take(params, named);

    if (value != NULL) {
        caplat_params_add(params, named, test_slice(value));
    }

    caplat_params_sort(params);
}


/* A body that Alipay, or whoever has that key, has signed. */
static caplat_slice
sign(caplat_params params, const caplat_rsa_private *key,
    const char *sign_type)
{
    static char  room[32768];
    static char  text[CAPLAT_RSA_TEXT_MAX];

    caplat_writer  w = caplat_writer_of(room, sizeof(room));
    size_t         len = 0;

    caplat_params_content(&params, &w);

    caplat_slice  content = caplat_written(&w);

    test_that(caplat_rsa_sign(key, &content, 1, text, &len), "signed");
    caplat_params_add(&params, CAPLAT_LIT("sign"),
                      caplat_slice_of(text, len));

    if (sign_type != NULL) {
        caplat_params_add(&params, CAPLAT_LIT("sign_type"),
                          test_slice(sign_type));
    }

    w.len = 0;
    caplat_params_query(&params, &w);
    test_that(!w.full, "room");

    return caplat_written(&w);
}


static char  decoded[32768];


static bool
reads(caplat_slice body, caplat_notice *notice)
{
    caplat_notice_refusal  refusal = { CAPLAT_NOTICE_UNFIT, NULL };

    memset(notice, 0, sizeof(*notice));

    return caplat_alipay_notice_read(&alipay, body, decoded, notice, &refusal);
}


static void
refused(caplat_slice body, caplat_notice_fault fault, const char *why,
    const char *words)
{
    caplat_notice          notice;
    caplat_notice_refusal  refusal = { CAPLAT_NOTICE_UNFIT, "" };

    test_that(!caplat_alipay_notice_read(&alipay, body, decoded, &notice,
                                         &refusal), words);
    test_number(refusal.fault, fault, words);
    test_text(test_slice(refusal.reason), test_slice(why), words);
}


static void
test_paid(void)
{
    caplat_params  params;
    caplat_notice  notice;

    split(CAPLAT_LIT(PAID), &params);

    if (!test_that(reads(sign(params, platform_own, "RSA2"), &notice),
                   "a notice"))
    {
        return;
    }

    test_number(notice.kind, CAPLAT_NOTICE_PAID, "its kind");
    test_number(notice.channel, CAPLAT_ALIPAY, "its channel");
    test_text(notice.order, CAPLAT_LIT("CA1"), "its order");
    test_text(notice.trade, CAPLAT_LIT("T-1"), "its trade");
    test_number(notice.amount_fen, 2500, "its amount");
    test_number(notice.time, PAID_AT, "its time");
    test_text(notice.payer, CAPLAT_LIT("2088-9"), "its payer");
}


/* Who signed, and how. */
static void
test_signature(void)
{
    caplat_params  params, more;
    caplat_notice  notice;

    split(CAPLAT_LIT(PAID), &params);
    refused(sign(params, stranger, "RSA2"), CAPLAT_NOTICE_FORGED,
            "alipay-signature", "another key");
    refused(sign(params, platform_own, "RSA"), CAPLAT_NOTICE_FORGED,
            "alipay-sign-type", "RSA");
    refused(sign(params, platform_own, NULL), CAPLAT_NOTICE_FORGED,
            "alipay-sign-type", "no sign_type");
    refused(CAPLAT_LIT("sign_type=RSA2&a=1"), CAPLAT_NOTICE_FORGED,
            "alipay-signature", "no sign");
    refused(CAPLAT_LIT(""), CAPLAT_NOTICE_FORGED, "alipay-sign-type",
            "nothing");

    /* sign_type stays in what is signed: of other notices than ours. */
    more = params;
    caplat_params_add(&more, CAPLAT_LIT("sign_type"), CAPLAT_LIT("RSA2"));
    caplat_params_sort(&more);
    refused(sign(more, platform_own, NULL), CAPLAT_NOTICE_FORGED,
            "alipay-signature", "sign_type signed");

    paid_with("passback_params", "", &params);
    test_that(reads(sign(params, platform_own, "RSA2"), &notice),
              "an empty value is signed");
}


/* A good notice, one part of which is put another way. */
static void
test_form(void)
{
    caplat_params  params;
    caplat_slice   good;
    char           room[8192];

    split(CAPLAT_LIT(PAID), &params);
    good = sign(params, platform_own, "RSA2");

    static const struct {
        const char           *more;
        caplat_notice_fault   fault;
        const char           *reason;
    } cases[] = {
        { "&x=%zz",          CAPLAT_NOTICE_UNREADABLE, "alipay-form" },
        { "&trade_no=T-1",   CAPLAT_NOTICE_UNREADABLE, "alipay-form" },
        { "&sign=AAAA",      CAPLAT_NOTICE_UNREADABLE, "alipay-form" },
        { "&",               CAPLAT_NOTICE_UNREADABLE, "alipay-form" },
        { "&more=1",         CAPLAT_NOTICE_FORGED,     "alipay-signature" },
        { "%0A",             CAPLAT_NOTICE_FORGED,     "alipay-sign-type" },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        caplat_writer  w = caplat_writer_of(room, sizeof(room));

        caplat_put(&w, good);
        caplat_put(&w, test_slice(cases[i].more));
        refused(caplat_written(&w), cases[i].fault, cases[i].reason,
                cases[i].more);
    }
}


/* One that is too long is not even taken apart. */
static void
test_length(void)
{
    static char  body[CAPLAT_ALIPAY_NOTICE_MAX + 1];

    memset(body, 'x', sizeof(body));
    body[1] = '=';
    refused(caplat_slice_of(body, sizeof(body) - 1), CAPLAT_NOTICE_FORGED,
            "alipay-sign-type", "as long as may be");
    refused(caplat_slice_of(body, sizeof(body)), CAPLAT_NOTICE_UNREADABLE,
            "alipay-form", "a byte more");
}


/* One parameter another, and the kind or the reason that comes of it. */
static void
test_values(void)
{
    static const struct {
        const char          *name;
        const char          *value;
        const char          *reason;    /* NULL: accepted */
        caplat_notice_kind   kind;
    } cases[] = {
        { "charset", "UTF-8", NULL, CAPLAT_NOTICE_PAID },
        { "charset", "GBK", "alipay-charset", 0 },
        { "charset", NULL, "alipay-charset", 0 },
        { "app_id", "2022", "alipay-app-id", 0 },
        { "app_id", "20211", "alipay-app-id", 0 },
        { "app_id", NULL, "alipay-app-id", 0 },
        { "seller_id", "2089", "alipay-seller-id", 0 },
        { "seller_id", NULL, "alipay-seller-id", 0 },
        { "trade_status", "TRADE_FINISHED", NULL, CAPLAT_NOTICE_PAID },
        { "trade_status", "TRADE_CLOSED", NULL, CAPLAT_NOTICE_NOTHING },
        { "trade_status", "WAIT_BUYER_PAY", NULL, CAPLAT_NOTICE_NOTHING },
        { "trade_status", "TRADE_PENDING", "alipay-status", 0 },
        { "trade_status", "trade_success", "alipay-status", 0 },
        { "trade_status", NULL, "alipay-status", 0 },
        { "out_trade_no", "", "alipay-order", 0 },
        { "out_trade_no", NULL, "alipay-order", 0 },
        { "out_trade_no", "CA 1", "alipay-order", 0 },
        { "trade_no", NULL, "alipay-trade", 0 },
        { "trade_no", "T/1", "alipay-trade", 0 },
        { "total_amount", NULL, "alipay-amount", 0 },
        { "total_amount", "0.00", "alipay-amount", 0 },
        { "gmt_payment", "2027-01-15T15:58:20", "alipay-time", 0 },
        { "gmt_payment", "soon", "alipay-time", 0 },
        { "refund_fee", "0.00", NULL, CAPLAT_NOTICE_PAID },
        { "refund_fee", "", NULL, CAPLAT_NOTICE_PAID },
        { "refund_fee", "0.01", NULL, CAPLAT_NOTICE_REFUND },
        { "refund_fee", "some", "alipay-amount", 0 },
        { "gmt_refund", "2027-01-15 15:59:55.123", "alipay-amount", 0 },
        { "gmt_refund", "", NULL, CAPLAT_NOTICE_PAID },
        { "subject", "a&refund_fee=1", "alipay-ambiguous", 0 },
        { "body", "&total_amount=0.01", "alipay-ambiguous", 0 },
        { "body", "&x=1&trade_status=", "alipay-ambiguous", 0 },
        { "body", "&trade_status", NULL, CAPLAT_NOTICE_PAID },
        { "body", "trade_status=", NULL, CAPLAT_NOTICE_PAID },
        { "body", "&", NULL, CAPLAT_NOTICE_PAID },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        caplat_params  params;
        caplat_notice  notice;

        paid_with(cases[i].name, cases[i].value, &params);

        caplat_slice  body = sign(params, platform_own, "RSA2");

        if (cases[i].reason != NULL) {
            refused(body, CAPLAT_NOTICE_UNFIT, cases[i].reason,
                    cases[i].value != NULL ? cases[i].value : cases[i].name);

        } else if (test_that(reads(body, &notice), cases[i].value)) {
            test_number(notice.kind, cases[i].kind, cases[i].value);
        }
    }
}


static void
test_amounts(void)
{
    static const struct {
        const char  *text;
        int64_t      fen;               /* -1: none */
    } cases[] = {
        { "25.00",         2500 },
        { "25.0",          2500 },
        { "25",            2500 },
        { "25.07",         2507 },
        { "25.7",          2570 },
        { "0.01",          1 },
        { "00.01",         1 },
        { "999999999.99",  INT64_C(99999999999) },
        { "1000000000",    -1 },
        { "0999999999.99", -1 },
        { "25.000",        -1 },
        { "25.",           -1 },
        { ".25",           -1 },
        { "+25.00",        -1 },
        { "-25.00",        -1 },
        { " 25.00",        -1 },
        { "25.00 ",        -1 },
        { "25,00",         -1 },
        { "2e1",           -1 },
        { "",              -1 },
        { "0",             -1 },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        caplat_params          params;
        caplat_notice          notice = { .amount_fen = -1 };
        caplat_notice_refusal  refusal;

        paid_with("total_amount", cases[i].text, &params);

        bool  read = caplat_alipay_notice_judge(&alipay, &params, &notice,
                                                &refusal);

        test_that(read == (cases[i].fen >= 0), cases[i].text);
        test_number(notice.amount_fen, cases[i].fen, cases[i].text);
    }
}


/* A part went back: the trade is still a success. */
#define REFUND                                                                \
    "app_id=2021&charset=utf-8&gmt_payment=2027-01-15 15:58:20&"              \
    "gmt_refund=2027-01-15 15:59:55.123&notify_time=2027-01-15 16:00:00&"     \
    "out_biz_no=R1&out_request_no=R2&out_trade_no=CA1&refund_fee=10.00&"      \
    "seller_id=2088&total_amount=25.00&trade_no=T-1&"                         \
    "trade_status=TRADE_SUCCESS"


static void
judge_refund(const char *without, const char *and_without, int64_t time,
    const char *trade)
{
    caplat_params          params;
    caplat_notice          notice = { .amount_fen = -1 };
    caplat_notice_refusal  refusal = { CAPLAT_NOTICE_UNFIT, "" };

    split(CAPLAT_LIT(REFUND), &params);
    (void) caplat_params_take(&params, test_slice(without));
    (void) caplat_params_take(&params, test_slice(and_without));

    if (test_that(caplat_alipay_notice_judge(&alipay, &params, &notice,
                                             &refusal), without))
    {
        test_number(notice.kind, CAPLAT_NOTICE_REFUND, "a refund");
        test_text(notice.trade, test_slice(trade), "its number");
        test_text(notice.order, CAPLAT_LIT("CA1"), "its order");
        test_number(notice.amount_fen, 1000, "its amount");
        test_number(notice.time, time, "its time");
        test_text(notice.payer, CAPLAT_LIT(""), "its payer");
    }
}


static void
test_refund(void)
{
    judge_refund("", "", NOW - 5, "R1");
    judge_refund("out_biz_no", "", NOW - 5, "R2");
    judge_refund("out_biz_no", "out_request_no", NOW - 5, "CA1");
    judge_refund("gmt_refund", "", NOW, "R1");
}


/* What is not told, or is not as it should be told, is left out. */
static void
test_payers(void)
{
    static const struct {
        const char  *name;
        const char  *value;
        const char  *payer;
    } cases[] = {
        { "buyer_id",      NULL,       "" },
        { "buyer_id",      "a b",      "" },
        { "buyer_id",      "",         "" },
        { "buyer_open_id", "074a-1_C", "2088-9" },
    };

    caplat_params          params;
    caplat_notice          notice = { .amount_fen = -1 };
    caplat_notice_refusal  refusal;

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        paid_with(cases[i].name, cases[i].value, &params);
        test_that(caplat_alipay_notice_judge(&alipay, &params, &notice,
                                             &refusal), cases[i].name);
        test_text(notice.payer, test_slice(cases[i].payer), cases[i].name);
    }

    paid_with("buyer_id", NULL, &params);
    caplat_params_add(&params, CAPLAT_LIT("buyer_open_id"),
                      CAPLAT_LIT("074a-1_C"));
    test_that(caplat_alipay_notice_judge(&alipay, &params, &notice, &refusal),
              "an open id");
    test_text(notice.payer, CAPLAT_LIT("074a-1_C"), "an open id");
    paid_with("gmt_payment", NULL, &params);
    test_that(caplat_alipay_notice_judge(&alipay, &params, &notice, &refusal),
              "no time of the payment");
    test_number(notice.time, PAID_AT + 1, "the notice's");
}


static void
open_keys(void)
{
    EVP_PKEY  *one = EVP_RSA_gen(2048), *other = EVP_RSA_gen(2048);

    rsa_open(one, &stranger, &stranger_half);
    rsa_open(other, &platform_own, &platform_key);
    EVP_PKEY_free(one);
    EVP_PKEY_free(other);

    alipay = (caplat_alipay) {
        .app_id = CAPLAT_LIT("2021"),
        .seller_id = CAPLAT_LIT("2088"),
        .platform_key = platform_key,
    };
}


int
main(void)
{
    test_that(caplat_trust_open(), "the libraries start");
    open_keys();

    test_paid();
    test_signature();
    test_form();
    test_length();
    test_values();
    test_amounts();
    test_refund();
    test_payers();

    caplat_rsa_private_close(stranger);
    caplat_rsa_private_close(platform_own);
    caplat_rsa_public_close(stranger_half);
    caplat_rsa_public_close(platform_key);

    return test_done();
}
