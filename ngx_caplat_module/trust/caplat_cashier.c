#include "caplat_cashier.h"

#include "caplat_body.h"
#include "caplat_charge.h"
#include "caplat_member.h"
#include "caplat_time.h"

#include <sodium.h>


#define CONTENT_MAX  4096               /* bytes of a notice */
#define TRADE_BEGIN  CAPLAT_LIT("DEMO")
#define BUYER        CAPLAT_LIT("2088000000000000")
#define OPENID       CAPLAT_LIT("oDemoDemoDemoDemoDemoDemoDem")
#define ASSOCIATED   CAPLAT_LIT("transaction")
#define LF           CAPLAT_LIT("\n")


/* What is said of an order; slices are JSON's but for trade's own room. */
typedef struct {
    caplat_slice    order;
    caplat_slice    trade;
    caplat_channel  channel;
    int64_t         amount_fen;
    bool            is_refund;
    char            room[4 + CAPLAT_CHARGE_NONCE];
} event;


static bool
read_channel(const caplat_cashier *cashier, const caplat_json *body, event *e)
{
    caplat_slice  word;

    if (!caplat_json_string(body, "channel", 1, 16, &word)) {
        return false;
    }

    e->channel = caplat_slice_eq(word, caplat_channel_word(CAPLAT_ALIPAY))
                 ? CAPLAT_ALIPAY
                 : caplat_slice_eq(word, caplat_channel_word(CAPLAT_WECHAT))
                 ? CAPLAT_WECHAT : CAPLAT_CHANNEL_NONE;

    return (e->channel == CAPLAT_ALIPAY && cashier->alipay_key != NULL)
        || (e->channel == CAPLAT_WECHAT && cashier->wechat_key != NULL);
}


static bool
read_event(const caplat_json *body, event *e)
{
    caplat_slice  word;

    if (!caplat_json_string(body, "event", 1, 16, &word)) {
        return false;
    }

    e->is_refund = caplat_slice_eq(word, CAPLAT_LIT("refunded"));

    return e->is_refund || caplat_slice_eq(word, CAPLAT_LIT("paid"));
}


/* One that nobody else has, unless told. */
static bool
read_trade(const caplat_json *body, event *e)
{
    caplat_writer  w = caplat_writer_of(e->room, sizeof(e->room));
    char           nonce[CAPLAT_CHARGE_NONCE];

    if (caplat_json_get(body, "trade") != NULL) {
        return caplat_json_string(body, "trade", 1, CAPLAT_TRADE_LEN_MAX,
                                  &e->trade)
            && caplat_notice_number(e->trade);
    }

    caplat_charge_nonce(nonce);
    caplat_put(&w, TRADE_BEGIN);
    caplat_put(&w, caplat_slice_of(nonce, sizeof(nonce)));
    e->trade = caplat_written(&w);

    return true;
}


static void
judge(const caplat_cashier *cashier, const caplat_json *body, event *e,
    caplat_faults *faults)
{
    static const caplat_slice  names[] = {
        CAPLAT_INIT("order"), CAPLAT_INIT("channel"), CAPLAT_INIT("amount"),
        CAPLAT_INIT("event"), CAPLAT_INIT("trade")
    };

    caplat_body_members(body, CAPLAT_LIT("#"), names, CAPLAT_COUNT(names),
        faults);

    if (!caplat_json_string(body, "order", 1, CAPLAT_TRADE_LEN_MAX,
                            &e->order)
        || !caplat_notice_number(e->order))
    {
        caplat_fault_add_code(faults, CAPLAT_LIT("#/order"),
            CAPLAT_NOT_WORDS);
    }

    if (!read_channel(cashier, body, e)) {
        caplat_fault_add_code(faults, CAPLAT_LIT("#/channel"),
            CAPLAT_NOT_ONE_OF);
    }

    if (!caplat_json_integer(body, "amount", 1, CAPLAT_FEN_MAX,
                             &e->amount_fen))
    {
        caplat_fault_add_code(faults, CAPLAT_LIT("#/amount"),
            CAPLAT_NOT_A_NUMBER);
    }

    if (!read_event(body, e)) {
        caplat_fault_add_code(faults, CAPLAT_LIT("#/event"),
            CAPLAT_NOT_ONE_OF);
    }

    if (!read_trade(body, e)) {
        caplat_fault_add_code(faults, CAPLAT_LIT("#/trade"),
            CAPLAT_NOT_WORDS);
    }
}


static void
fill_alipay(const caplat_alipay *alipay, const event *e, caplat_slice amount,
    caplat_slice time, caplat_params *params)
{
    params->count = 0;
    caplat_params_add(params, CAPLAT_LIT("app_id"), alipay->app_id);
    caplat_params_add(params, CAPLAT_LIT("buyer_id"), BUYER);
    caplat_params_add(params, CAPLAT_LIT("charset"), CAPLAT_LIT("utf-8"));
    caplat_params_add(params, CAPLAT_LIT("gmt_payment"), time);

    if (e->is_refund) {
        caplat_params_add(params, CAPLAT_LIT("gmt_refund"), time);
    }

    caplat_params_add(params, CAPLAT_LIT("notify_id"), e->trade);
    caplat_params_add(params, CAPLAT_LIT("notify_time"), time);
    caplat_params_add(params, CAPLAT_LIT("notify_type"),
        CAPLAT_LIT("trade_status_sync"));

    if (e->is_refund) {
        caplat_params_add(params, CAPLAT_LIT("out_biz_no"), e->trade);
    }

    caplat_params_add(params, CAPLAT_LIT("out_trade_no"), e->order);

    if (e->is_refund) {
        caplat_params_add(params, CAPLAT_LIT("refund_fee"), amount);
    }

    caplat_params_add(params, CAPLAT_LIT("seller_id"), alipay->seller_id);
    caplat_params_add(params, CAPLAT_LIT("subject"),
        CAPLAT_LIT(CAPLAT_CHARGE_SUBJECT));
    caplat_params_add(params, CAPLAT_LIT("total_amount"), amount);
    caplat_params_add(params, CAPLAT_LIT("trade_no"), e->trade);
    caplat_params_add(params, CAPLAT_LIT("trade_status"),
        CAPLAT_LIT("TRADE_SUCCESS"));
    caplat_params_add(params, CAPLAT_LIT("version"), CAPLAT_LIT("1.0"));
}


/* The form, whose sign_type is not in what is signed. */
static bool
make_alipay(const caplat_cashier *cashier, const event *e, int64_t now,
    caplat_writer *w)
{
    char           time[CAPLAT_TIME_LEN], yuan[32], room[CONTENT_MAX];
    char           text[CAPLAT_RSA_TEXT_MAX];
    caplat_writer  amount = caplat_writer_of(yuan, sizeof(yuan));
    caplat_writer  content = caplat_writer_of(room, sizeof(room));
    caplat_writer  form;
    caplat_params  params;
    caplat_slice   part;
    size_t         len;

    caplat_time_write(now, ' ', time);
    caplat_alipay_put_yuan(&amount, e->amount_fen);
    fill_alipay(cashier->alipay, e, caplat_written(&amount),
        caplat_slice_of(time, sizeof(time)), &params);
    caplat_params_content(&params, &content);
    part = caplat_written(&content);

    if (content.full
        || !caplat_rsa_sign(cashier->alipay_key, &part, 1, text, &len))
    {
        return false;
    }

    caplat_params_add(&params, CAPLAT_LIT("sign"), caplat_slice_of(text, len));
    caplat_params_add(&params, CAPLAT_LIT("sign_type"), CAPLAT_LIT("RSA2"));

    form = caplat_writer_of(room, sizeof(room));
    caplat_params_query(&params, &form);

    caplat_put(w, CAPLAT_LIT("{\"target\":\"/v1/notify/alipay\",\"headers\":{"
        "\"Content-Type\":\"application/x-www-form-urlencoded; "
        "charset=utf-8\"}"));
    caplat_member(w, CAPLAT_LIT(",\"body\":"), caplat_written(&form));
    caplat_put(w, CAPLAT_LIT("}"));

    return !form.full;
}


/* What is sealed in a WeChat notice. */
static void
put_plain(const caplat_wechat *wechat, const event *e, caplat_slice time,
    caplat_writer *w)
{
    caplat_member(w, CAPLAT_LIT("{\"mchid\":"), wechat->mchid);
    caplat_member(w, CAPLAT_LIT(",\"out_trade_no\":"), e->order);
    caplat_member(w, CAPLAT_LIT(",\"transaction_id\":"), e->trade);
    caplat_put(w, CAPLAT_LIT(",\"success_time\":\""));
    caplat_put(w, time);
    caplat_put(w, CAPLAT_LIT("+08:00\""));

    if (e->is_refund) {
        caplat_member(w, CAPLAT_LIT(",\"out_refund_no\":"), e->trade);
        caplat_member(w, CAPLAT_LIT(",\"refund_id\":"), e->trade);
        caplat_put(w, CAPLAT_LIT(",\"refund_status\":\"SUCCESS\""));
        caplat_member_number(w, CAPLAT_LIT(",\"amount\":{\"total\":"),
            e->amount_fen);
        caplat_member_number(w, CAPLAT_LIT(",\"refund\":"), e->amount_fen);
        caplat_put(w, CAPLAT_LIT("}}"));
        return;
    }

    caplat_member(w, CAPLAT_LIT(",\"appid\":"), wechat->appid);
    caplat_put(w, CAPLAT_LIT(",\"trade_type\":\"NATIVE\","
                             "\"trade_state\":\"SUCCESS\""));
    caplat_member(w, CAPLAT_LIT(",\"payer\":{\"openid\":"), OPENID);
    caplat_member_number(w, CAPLAT_LIT("},\"amount\":{\"total\":"),
        e->amount_fen);
    caplat_put(w, CAPLAT_LIT(",\"currency\":\"CNY\"}}"));
}


/* ... and the notice around it. */
static bool
put_envelope(const caplat_wechat *wechat, const event *e, int64_t now,
    caplat_writer *w)
{
    char           time[CAPLAT_TIME_LEN], room[1024];
    char           sealed[sizeof(room) + CAPLAT_GCM_TAG];
    char           text[CAPLAT_B64_LEN(sizeof(sealed))];
    uint8_t        bytes[CAPLAT_GCM_NONCE / 2];
    char           nonce[CAPLAT_GCM_NONCE + 1];
    caplat_writer  plain = caplat_writer_of(room, sizeof(room));
    size_t         len;

    caplat_time_write(now, 'T', time);
    put_plain(wechat, e, caplat_slice_of(time, sizeof(time)), &plain);
    randombytes_buf(bytes, sizeof(bytes));
    (void) sodium_bin2hex(nonce, sizeof(nonce), bytes, sizeof(bytes));

    if (plain.full
        || !caplat_gcm_encrypt(wechat->api_key, (const uint8_t *) nonce,
               ASSOCIATED, caplat_written(&plain), sealed))
    {
        return false;
    }

    len = caplat_b64_write((const uint8_t *) sealed,
                           plain.len + CAPLAT_GCM_TAG, text);

    caplat_member(w, CAPLAT_LIT("{\"id\":"), e->trade);
    caplat_put(w, CAPLAT_LIT(",\"create_time\":\""));
    caplat_put(w, caplat_slice_of(time, sizeof(time)));
    caplat_put(w, CAPLAT_LIT("+08:00\""));
    caplat_member(w, CAPLAT_LIT(",\"event_type\":"),
        e->is_refund ? CAPLAT_LIT("REFUND.SUCCESS")
                     : CAPLAT_LIT("TRANSACTION.SUCCESS"));
    caplat_put(w, CAPLAT_LIT(",\"resource_type\":\"encrypt-resource\","
                             "\"resource\":{\"algorithm\":"
                             "\"AEAD_AES_256_GCM\""));
    caplat_member(w, CAPLAT_LIT(",\"ciphertext\":"),
        caplat_slice_of(text, len));
    caplat_member(w, CAPLAT_LIT(",\"associated_data\":"), ASSOCIATED);
    caplat_member(w, CAPLAT_LIT(",\"nonce\":"),
        caplat_slice_of(nonce, CAPLAT_GCM_NONCE));
    caplat_put(w, CAPLAT_LIT("}}"));

    return !w->full;
}


/* Let what was written last be a field's value. */
static void
take_field(caplat_writer *w, size_t from, const char *name,
    caplat_header *field)
{
    field->name = caplat_slice_of_word(name);
    field->value = caplat_slice_of(w->ptr + from, w->len - from);
}


bool
caplat_cashier_sign(const caplat_cashier *cashier, caplat_slice body,
    int64_t now, caplat_cashier_signed *made)
{
    caplat_writer  w = caplat_writer_of(made->room, sizeof(made->room));
    char           nonce[CAPLAT_CHARGE_NONCE], text[CAPLAT_RSA_TEXT_MAX];
    size_t         len;

    caplat_charge_nonce(nonce);
    caplat_put_number(&w, (uint64_t) now);
    take_field(&w, 0, "Wechatpay-Timestamp", &made->fields[0]);

    caplat_slice  time = made->fields[0].value;
    caplat_slice  once = caplat_slice_of(nonce, sizeof(nonce));
    caplat_slice  parts[] = { time, LF, once, LF, body, LF };

    if (!caplat_rsa_sign(cashier->wechat_key, parts, CAPLAT_COUNT(parts), text,
                         &len))
    {
        return false;
    }

    caplat_put(&w, once);
    take_field(&w, time.len, "Wechatpay-Nonce", &made->fields[1]);
    made->fields[2] = (caplat_header) {
        CAPLAT_LIT("Wechatpay-Serial"), cashier->wechat->platform_serial
    };

    size_t  from = w.len;

    caplat_put(&w, caplat_slice_of(text, len));
    take_field(&w, from, "Wechatpay-Signature", &made->fields[3]);

    return !w.full;
}


static bool
make_wechat(const caplat_cashier *cashier, const event *e, int64_t now,
    caplat_writer *w)
{
    char                   room[CONTENT_MAX];
    caplat_writer          body = caplat_writer_of(room, sizeof(room));
    caplat_cashier_signed  made;

    if (!put_envelope(cashier->wechat, e, now, &body)
        || !caplat_cashier_sign(cashier, caplat_written(&body), now, &made))
    {
        return false;
    }

    caplat_put(w, CAPLAT_LIT("{\"target\":\"/v1/notify/wechat\",\"headers\":{"
                             "\"Content-Type\":\"application/json\""));

    for (size_t i = 0; i < CAPLAT_CASHIER_FIELDS; i++) {
        caplat_put(w, CAPLAT_LIT(","));
        caplat_put_string(w, made.fields[i].name);
        caplat_member(w, CAPLAT_LIT(":"), made.fields[i].value);
    }

    caplat_member(w, CAPLAT_LIT("},\"body\":"), caplat_written(&body));
    caplat_put(w, CAPLAT_LIT("}"));

    return true;
}


bool
caplat_cashier_notice(const caplat_cashier *cashier, caplat_slice body,
    int64_t now, caplat_writer *w, caplat_faults *faults,
    caplat_denial *denial)
{
    caplat_json  *object;
    event         e;
    bool          is_made;

    caplat_faults_clear(faults, false);

    if (!caplat_body_open(body, &object, faults, denial)) {
        return false;
    }

    judge(cashier, object, &e, faults);

    if (faults->count != 0) {
        caplat_json_close(object);
        return caplat_deny(denial, CAPLAT_PROBLEM_VALIDATION_FAILED,
            "cashier");
    }

    is_made = e.channel == CAPLAT_ALIPAY ? make_alipay(cashier, &e, now, w)
                                         : make_wechat(cashier, &e, now, w);
    caplat_json_close(object);

    return is_made
        || caplat_deny(denial, CAPLAT_PROBLEM_INTERNAL_ERROR, "cashier");
}
