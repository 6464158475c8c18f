#include "caplat_wechat.h"

#include "wechat_room.h"


#define PAID                                                                  \
    "{\"mchid\":\"1900\",\"appid\":\"wx1\",\"out_trade_no\":\"CA1\","         \
    "\"transaction_id\":\"4200\",\"trade_state\":\"SUCCESS\","                \
    "\"success_time\":\"2027-01-15T15:58:20+08:00\","                         \
    "\"payer\":{\"openid\":\"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o\"},"                \
    "\"amount\":{\"total\":2500,\"payer_total\":2000,\"currency\":\"CNY\"}}"

#define REFUND                                                                \
    "{\"mchid\":\"1900\",\"out_trade_no\":\"CA1\",\"transaction_id\":"        \
    "\"4200\",\"refund_id\":\"5000\",\"out_refund_no\":\"R|1\","              \
    "\"refund_status\":\"SUCCESS\",\"success_time\":"                         \
    "\"2027-01-15T15:58:20+08:00\",\"user_received_account\":\"x\","          \
    "\"amount\":{\"total\":2500,\"refund\":1000,\"payer_total\":2500,"        \
    "\"payer_refund\":1000}}"


static char  room[32768];


/* An event as WeChat sends it; NULL for a member as it should be. */
typedef struct {
    const char  *event_type;
    const char  *algorithm;
    const char  *nonce;
    const char  *associated;
    const char  *plain;
} event;


static void
put_member(caplat_writer *w, const char *name, const char *value)
{
    caplat_put_word(w, name);
    caplat_put(w, CAPLAT_LIT(":"));
    caplat_put_word(w, value);
}


static const char *
or(const char *value, const char *usual)
{
    return value != NULL ? value : usual;
}


static caplat_slice
body_of(const event *e)
{
    static char  body[32768];

    caplat_writer  w = caplat_writer_of(body, sizeof(body));
    const char    *associated = or(e->associated, "transaction");
    caplat_slice   sealed = wechat_seal(test_slice(or(e->plain, PAID)),
                                        test_slice(associated));

    caplat_put(&w, CAPLAT_LIT("{\"id\":\"EV-1\","));
    put_member(&w, "event_type", or(e->event_type, "TRANSACTION.SUCCESS"));
    caplat_put(&w, CAPLAT_LIT(",\"resource\":{"));
    put_member(&w, "algorithm", or(e->algorithm, "AEAD_AES_256_GCM"));
    caplat_put(&w, CAPLAT_LIT(",\"ciphertext\":\""));
    caplat_put(&w, sealed);
    caplat_put(&w, CAPLAT_LIT("\","));
    put_member(&w, "associated_data", associated);
    caplat_put(&w, CAPLAT_LIT(","));
    put_member(&w, "nonce", or(e->nonce, NONCE_12));
    caplat_put(&w, CAPLAT_LIT("}}"));
    test_that(!w.full, "room");

    return caplat_written(&w);
}


static bool
reads(caplat_slice body, caplat_notice *notice,
    caplat_notice_refusal *refusal)
{
    wechat_signed  s;

    wechat_sign(body, "1800000000", platform_own, &s);
    memset(notice, 0, sizeof(*notice));

    return caplat_wechat_notice_read(&wechat, &s.message, body, NOW, room,
                                     notice, refusal);
}


static void
refused(caplat_slice body, caplat_notice_fault fault, const char *why,
    const char *words)
{
    caplat_notice          notice;
    caplat_notice_refusal  refusal = { CAPLAT_NOTICE_FORGED, "" };

    test_that(!reads(body, &notice, &refusal), words);
    test_number(refusal.fault, fault, words);
    test_text(test_slice(refusal.reason), test_slice(why), words);
}


/* Whether a text stands in what the caller gave for the notice. */
static bool
is_in_room(const char *text)
{
    caplat_slice  wanted = test_slice(text);

    for (size_t i = 0; i + wanted.len <= sizeof(room); i++) {
        if (memcmp(room + i, wanted.ptr, wanted.len) == 0) {
            return true;
        }
    }

    return false;
}


static void
test_paid(void)
{
    static const char *const  associated[] = { "transaction", "" };

    caplat_notice          notice;
    caplat_notice_refusal  refusal;

    for (size_t i = 0; i < CAPLAT_COUNT(associated); i++) {
        event  e = { .associated = associated[i] };

        if (!test_that(reads(body_of(&e), &notice, &refusal), "a notice")) {
            continue;
        }

        test_number(notice.kind, CAPLAT_NOTICE_PAID, "its kind");
        test_number(notice.channel, CAPLAT_WECHAT, "its channel");
        test_text(notice.order, CAPLAT_LIT("CA1"), "its order");
        test_text(notice.trade, CAPLAT_LIT("4200"), "its trade");
        test_number(notice.amount_fen, 2500, "its amount");
        test_number(notice.time, NOW - 100, "its time");
        test_text(notice.payer, CAPLAT_LIT("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"),
                  "its payer");
        test_that(is_in_room("oUpF8uMuAJO") && !is_in_room("openid"),
                  "the rest is wiped");
    }
}


static void
test_refund(void)
{
    event                  e = { .event_type = "REFUND.SUCCESS",
                                 .plain = REFUND };
    caplat_notice          notice;
    caplat_notice_refusal  refusal;

    if (test_that(reads(body_of(&e), &notice, &refusal), "a refund")) {
        test_number(notice.kind, CAPLAT_NOTICE_REFUND, "its kind");
        test_text(notice.order, CAPLAT_LIT("CA1"), "its order");
        test_text(notice.trade, CAPLAT_LIT("5000"), "its own number");
        test_number(notice.amount_fen, 1000, "its amount");
        test_number(notice.time, NOW - 100, "its time");
        test_text(notice.payer, CAPLAT_LIT(""), "its payer");
    }
}


/* A refund that could not be sent has no time. */
static void
test_stuck(void)
{
    event                  e = { .event_type = "REFUND.ABNORMAL", .plain =
        "{\"mchid\":\"1900\",\"out_trade_no\":\"CA1\",\"refund_id\":\"5000\","
        "\"refund_status\":\"ABNORMAL\",\"amount\":{\"refund\":1000}}" };
    caplat_notice          notice;
    caplat_notice_refusal  refusal;

    if (test_that(reads(body_of(&e), &notice, &refusal), "a stuck refund")) {
        test_number(notice.kind, CAPLAT_NOTICE_STUCK, "its kind");
        test_text(notice.trade, CAPLAT_LIT("5000"), "its own number");
        test_number(notice.amount_fen, 1000, "its amount");
    }

    e.plain = REFUND;
    test_that(reads(body_of(&e), &notice, &refusal)
              && notice.kind == CAPLAT_NOTICE_NOTHING, "of another status");
    e.plain = "{\"mchid\":\"1900\",\"refund_status\":\"ABNORMAL\"}";
    refused(body_of(&e), CAPLAT_NOTICE_UNFIT, "wechat-order", "of no order");
}


/* Events that change nothing, whatever they say. */
static void
test_nothing(void)
{
    static const char *const  types[] = {
        "SECURITY_ECHO.SUCCESS", "REFUND.CLOSED", "refund.abnormal",
        "TRANSACTION.FAIL", "transaction.success", "COUPON.USE"
    };

    caplat_notice          notice;
    caplat_notice_refusal  refusal;

    for (size_t i = 0; i < CAPLAT_COUNT(types); i++) {
        event  e = { .event_type = types[i], .plain = "no JSON" };

        test_that(reads(body_of(&e), &notice, &refusal), types[i]);
        test_number(notice.kind, CAPLAT_NOTICE_NOTHING, types[i]);
        test_number(notice.channel, CAPLAT_WECHAT, types[i]);
        test_that(!is_in_room("no JSON"), "wiped");

        e.nonce = "fdasflkja485";
        refused(body_of(&e), CAPLAT_NOTICE_UNFIT, "wechat-api-key", types[i]);
    }
}


/* Who signed comes first, whatever it is that was signed. */
static void
test_forged(void)
{
    event                  e = { 0 };
    caplat_slice           body = body_of(&e);
    wechat_signed          s;
    caplat_notice          notice;
    caplat_notice_refusal  refusal = { CAPLAT_NOTICE_UNFIT, "" };

    wechat_sign(body, "1800000000", merchant_key, &s);
    test_that(!caplat_wechat_notice_read(&wechat, &s.message, body, NOW, room,
                                         &notice, &refusal), "forged");
    test_number(refusal.fault, CAPLAT_NOTICE_FORGED, "forged");
    test_text(test_slice(refusal.reason), CAPLAT_LIT("wechat-signature"),
              "forged");

    wechat_sign(CAPLAT_LIT("hello"), "1799999000", platform_own, &s);
    test_that(!caplat_wechat_notice_read(&wechat, &s.message,
                  CAPLAT_LIT("hello"), NOW, room, &notice, &refusal), "old");
    test_number(refusal.fault, CAPLAT_NOTICE_FORGED, "old");
    test_text(test_slice(refusal.reason), CAPLAT_LIT("wechat-time"), "old");
}


#define RESOURCE(members)                                                     \
    "{\"event_type\":\"TRANSACTION.SUCCESS\",\"resource\":{" members "}}"
#define ALGORITHM  "\"algorithm\":\"AEAD_AES_256_GCM\""
#define NONCE      "\"nonce\":\"" NONCE_12 "\""

/* Envelopes that are none. */
static void
test_unreadable(void)
{
    static const char *const  bodies[] = {
        "hello", "", "[]", "{}", "{\"event_type\":\"TRANSACTION.SUCCESS\"}",
        "{\"event_type\":\"TRANSACTION.SUCCESS\",\"resource\":[]}",
        "{\"event_type\":1,\"resource\":{}}",
        RESOURCE(ALGORITHM "," NONCE),
        RESOURCE(ALGORITHM ",\"ciphertext\":\"AAAA\""),
        RESOURCE(NONCE ",\"ciphertext\":\"AAAA\""),
        RESOURCE(ALGORITHM "," NONCE ",\"ciphertext\":\"AAAA\","
                 "\"associated_data\":null"),
        RESOURCE(ALGORITHM "," NONCE ",\"ciphertext\":\"AAAA\","
                 "\"ciphertext\":\"AAAA\""),
    };

    static char  large[CAPLAT_WECHAT_BODY_MAX + 1];

    for (size_t i = 0; i < CAPLAT_COUNT(bodies); i++) {
        refused(test_slice(bodies[i]), CAPLAT_NOTICE_UNREADABLE,
                "wechat-json", bodies[i]);
    }

    event         e = { 0 };
    caplat_slice  body = body_of(&e);

    memset(large, ' ', sizeof(large));
    memcpy(large, body.ptr, body.len);

    caplat_notice          notice;
    caplat_notice_refusal  refusal;

    test_that(reads(caplat_slice_of(large, sizeof(large) - 1), &notice,
                    &refusal), "as large as may be");
    refused(caplat_slice_of(large, sizeof(large)), CAPLAT_NOTICE_UNREADABLE,
            "wechat-json", "a byte more");
}


/* What our key cannot open. */
static void
test_sealed(void)
{
    static const struct {
        event        e;
        const char  *reason;
    } cases[] = {
        { { .algorithm = "AEAD_SM4_GCM" }, "wechat-algorithm" },
        { { .nonce = "fdasflkja48" }, "wechat-nonce" },
        { { .nonce = "fdasflkja4844" }, "wechat-nonce" },
        { { .nonce = "" }, "wechat-nonce" },
        { { .nonce = "fdasflkja485" }, "wechat-api-key" },
        { { .plain = "hello" }, "wechat-plain" },
        { { .plain = "" }, "wechat-plain" },
        { { .plain = "[]" }, "wechat-plain" },
    };

    static const char *const  ciphertexts[] = { "AAAA", "A", "*", "AAA" };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        refused(body_of(&cases[i].e), CAPLAT_NOTICE_UNFIT, cases[i].reason,
                cases[i].reason);
    }

    for (size_t i = 0; i < CAPLAT_COUNT(ciphertexts); i++) {
        char           text[512];
        caplat_writer  w = caplat_writer_of(text, sizeof(text));

        caplat_put(&w, CAPLAT_LIT("{\"event_type\":\"TRANSACTION.SUCCESS\","
                                  "\"resource\":{" ALGORITHM "," NONCE
                                  ",\"ciphertext\":"));
        caplat_put_word(&w, ciphertexts[i]);
        caplat_put(&w, CAPLAT_LIT("}}"));
        refused(caplat_written(&w), CAPLAT_NOTICE_UNFIT, "wechat-api-key",
                ciphertexts[i]);
    }
}


/* A text with one place of it another; "" where it is not there. */
static caplat_slice
with(const char *text, const char *from, const char *to)
{
    static char  changed[2048];

    caplat_writer  w = caplat_writer_of(changed, sizeof(changed) - 1);
    caplat_slice   all = test_slice(text), old = test_slice(from);
    size_t         at = 0;

    while (at + old.len <= all.len
           && memcmp(text + at, from, old.len) != 0)
    {
        at++;
    }

    test_that(at + old.len <= all.len, from);
    caplat_put(&w, caplat_slice_of(text, at));
    caplat_put(&w, test_slice(to));
    caplat_put(&w, caplat_slice_of(text + at + old.len,
                                   all.len - at - old.len));
    changed[w.len] = '\0';

    return caplat_written(&w);
}


/* One member of what was sealed another, and the reason that comes of it. */
static void
test_plain(void)
{
    static const struct {
        const char  *from;
        const char  *to;
        const char  *reason;            /* NULL: accepted */
    } cases[] = {
        { "\"mchid\":\"1900\"", "\"mchid\":\"1901\"", "wechat-mchid" },
        { "\"mchid\":\"1900\",", "", "wechat-mchid" },
        { "wx1", "wx2", "wechat-appid" },
        { "\"appid\":\"wx1\",", "", "wechat-appid" },
        { "\"CNY\"", "\"USD\"", "wechat-currency" },
        { ",\"currency\":\"CNY\"", "", "wechat-currency" },
        { "CA1", "CA 1", "wechat-order" },
        { "\"CA1\"", "\"\"", "wechat-order" },
        { "\"out_trade_no\":\"CA1\",", "", "wechat-order" },
        { "\"4200\"", "\"42/00\"", "wechat-trade" },
        { "\"transaction_id\":\"4200\",", "", "wechat-trade" },
        { "2500", "0", "wechat-amount" },
        { "2500", "-2500", "wechat-amount" },
        { "2500", "2500.0", "wechat-amount" },
        { "2500", "\"2500\"", "wechat-amount" },
        { "2500", "100000000000", NULL },
        { "2500", "100000000001", "wechat-amount" },
        { "\"amount\":", "\"amounts\":", "wechat-amount" },
        { "+08:00", "", "wechat-time" },
        { "2027-01-15T", "2027-01-15 ", "wechat-time" },
        { "\"success_time\"", "\"time\"", "wechat-time" },
        { "\"trade_state\":\"SUCCESS\",", "", "wechat-plain" },
        { "\"payer\"", "\"payee\"", NULL },
        { "oUpF8u", "a b", NULL },
    };

    caplat_notice          notice;
    caplat_notice_refusal  refusal;

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        event         e = { .plain = with(PAID, cases[i].from,
                                          cases[i].to).ptr };
        caplat_slice  body = body_of(&e);

        if (cases[i].reason != NULL) {
            refused(body, CAPLAT_NOTICE_UNFIT, cases[i].reason, cases[i].to);
            test_that(!is_in_room("oUpF8u"), "wiped");

        } else {
            test_that(reads(body, &notice, &refusal)
                      && notice.kind == CAPLAT_NOTICE_PAID, cases[i].to);
            test_number(notice.payer.len == 0, i + 2 >= CAPLAT_COUNT(cases),
                        cases[i].to);
        }
    }
}


static void
test_refund_plain(void)
{
    static const struct {
        const char  *from;
        const char  *to;
        const char  *reason;            /* NULL: accepted */
    } cases[] = {
        { "\"1900\"", "\"1901\"", "wechat-mchid" },
        { "\"mchid\"", "\"appid\":\"wx1\",\"mchid\"", NULL },
        { "\"mchid\"", "\"appid\":\"wx2\",\"mchid\"", "wechat-appid" },
        { "\"refund\":1000", "\"refund\":0", "wechat-amount" },
        { "\"refund\":1000,", "", "wechat-amount" },
        { "{\"total\"", "{\"currency\":\"CNY\",\"total\"", NULL },
        { "{\"total\"", "{\"currency\":\"USD\",\"total\"",
          "wechat-currency" },
        { "\"5000\"", "\"5 0\"", "wechat-trade" },
        { "\"refund_id\":\"5000\",", "", "wechat-trade" },
        { "\"refund_status\":\"SUCCESS\",", "", "wechat-plain" },
    };

    caplat_notice          notice;
    caplat_notice_refusal  refusal;

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        event         e = { .event_type = "REFUND.SUCCESS",
                            .plain = with(REFUND, cases[i].from,
                                          cases[i].to).ptr };
        caplat_slice  body = body_of(&e);

        if (cases[i].reason != NULL) {
            refused(body, CAPLAT_NOTICE_UNFIT, cases[i].reason, cases[i].to);

        } else {
            test_that(reads(body, &notice, &refusal)
                      && notice.kind == CAPLAT_NOTICE_REFUND, cases[i].to);
        }
    }
}


/* Other states of the two events that we read, if they are for us. */
static void
test_states(void)
{
    static const char  state[] = "\"trade_state\":\"SUCCESS\"";
    static const char  status[] = "\"refund_status\":\"SUCCESS\"";

    event                  e = { 0 };
    caplat_notice          notice;
    caplat_notice_refusal  refusal;

    e.plain = with(PAID, state, "\"trade_state\":\"NOTPAY\"").ptr;
    test_that(reads(body_of(&e), &notice, &refusal)
              && notice.kind == CAPLAT_NOTICE_NOTHING
              && notice.order.len == 0, "not paid");
    e.plain = "{\"mchid\":\"1901\",\"trade_state\":\"NOTPAY\"}";
    refused(body_of(&e), CAPLAT_NOTICE_UNFIT, "wechat-mchid", "not for us");

    e.event_type = "REFUND.SUCCESS";
    e.plain = with(REFUND, status, "\"refund_status\":\"ABNORMAL\"").ptr;
    test_that(reads(body_of(&e), &notice, &refusal)
              && notice.kind == CAPLAT_NOTICE_NOTHING, "not sent back");
}


int
main(void)
{
    test_that(caplat_trust_open(), "the libraries start");
    wechat_open();

    test_paid();
    test_refund();
    test_stuck();
    test_nothing();
    test_forged();
    test_unreadable();
    test_sealed();
    test_plain();
    test_refund_plain();
    test_states();

    wechat_close();

    return test_done();
}
