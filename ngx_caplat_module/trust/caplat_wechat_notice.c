#include "caplat_wechat.h"
#include "caplat_b64.h"
#include "caplat_money.h"
#include "caplat_time.h"

#include <sodium.h>


#define WORD_MAX  64                    /* bytes of an event's or state's name,
                                           and of ids */


/* The envelope of an event. */
typedef struct {
    caplat_slice   event_type;
    caplat_slice   algorithm;
    caplat_slice   ciphertext;
    caplat_slice   nonce;
    caplat_slice   associated;
} envelope;


static bool
read_envelope(const caplat_json *json, envelope *e)
{
    const caplat_json  *resource = caplat_json_get(json, "resource");

    e->associated = CAPLAT_LIT("");

    return caplat_json_string(json, "event_type", 1, WORD_MAX, &e->event_type)
           && caplat_json_string(resource, "algorithm", 1, WORD_MAX,
                                 &e->algorithm)
           && caplat_json_string(resource, "ciphertext", 1,
                                 CAPLAT_WECHAT_BODY_MAX, &e->ciphertext)
           && caplat_json_string(resource, "nonce", 0, WORD_MAX, &e->nonce)
           && (caplat_json_get(resource, "associated_data") == NULL
               || caplat_json_string(resource, "associated_data", 0,
                                     WORD_MAX, &e->associated));
}


/* Open it into room, which is as long as its base64. */
static const char *
decrypt(const caplat_wechat *wechat, const envelope *e, char *room,
    caplat_slice *plain)
{
    size_t  len;

    if (!caplat_slice_eq(e->algorithm, CAPLAT_LIT("AEAD_AES_256_GCM"))) {
        return "wechat-algorithm";
    }

    if (e->nonce.len != CAPLAT_GCM_NONCE) {
        return "wechat-nonce";
    }

    if (!caplat_b64_read(e->ciphertext, (uint8_t *) room, e->ciphertext.len,
                         &len)
        || !caplat_gcm_decrypt(wechat->api_key,
                               (const uint8_t *) e->nonce.ptr, e->associated,
                               caplat_slice_of(room, len), room))
    {
        return "wechat-api-key";
    }

    *plain = caplat_slice_of(room, len - CAPLAT_GCM_TAG);

    return NULL;
}


static bool
member_is(const caplat_json *object, const char *name, caplat_slice wanted)
{
    caplat_slice  text;

    return caplat_json_string(object, name, 1, WORD_MAX, &text)
           && caplat_slice_eq(text, wanted);
}


static const char *
flaw_of_receiver(const caplat_wechat *wechat, const caplat_json *plain,
    bool is_refund)
{
    bool  tells_app = !is_refund || caplat_json_get(plain, "appid") != NULL;

    return !member_is(plain, "mchid", wechat->mchid) ? "wechat-mchid"
         : tells_app && !member_is(plain, "appid", wechat->appid)
               ? "wechat-appid"
         : NULL;
}


static const char *
flaw_of_amount(const caplat_json *plain, bool is_refund, int64_t *fen)
{
    const caplat_json  *amount = caplat_json_get(plain, "amount");
    bool                tells = !is_refund
                                || caplat_json_get(amount, "currency") != NULL;

    return !caplat_json_is_object(amount) ? "wechat-amount"
         : tells && !member_is(amount, "currency", CAPLAT_LIT("CNY"))
               ? "wechat-currency"
         : !caplat_json_integer(amount, is_refund ? "refund" : "total", 1,
                                CAPLAT_FEN_MAX, fen) ? "wechat-amount"
         : NULL;
}


static bool
read_number(const caplat_json *plain, const char *name, caplat_slice *number)
{
    return caplat_json_string(plain, name, 1, CAPLAT_TRADE_LEN_MAX, number)
           && caplat_notice_number(*number);
}


static bool
read_time(const caplat_json *plain, int64_t *time)
{
    caplat_slice  text;

    return caplat_json_string(plain, "success_time", 1, WORD_MAX, &text)
           && caplat_time_parse_zoned(text, time);
}


/* What is wrong with an event, which is filled in: a reason. */
static const char *
flaw_of_event(const caplat_json *plain, caplat_notice *event)
{
    bool         is_refund = event->kind != CAPLAT_NOTICE_PAID;
    const char  *trade = is_refund ? "refund_id" : "transaction_id";

    if (!caplat_json_string(caplat_json_get(plain, "payer"), "openid", 1,
                            CAPLAT_NOTICE_PAYER_MAX, &event->payer)
        || !caplat_notice_word(event->payer, CAPLAT_NOTICE_PAYER_MAX))
    {
        event->payer = CAPLAT_LIT("");
    }

    return !read_number(plain, "out_trade_no", &event->order) ? "wechat-order"
         : !read_number(plain, trade, &event->trade) ? "wechat-trade"
         : event->kind != CAPLAT_NOTICE_STUCK
           && !read_time(plain, &event->time) ? "wechat-time"
         : flaw_of_amount(plain, is_refund, &event->amount_fen);
}


/* Of an event that is for us. */
static const char *
flaw_of_state(const caplat_json *plain, const char *name,
    caplat_notice *event)
{
    caplat_slice  state, wanted = event->kind == CAPLAT_NOTICE_STUCK
                                  ? CAPLAT_LIT("ABNORMAL")
                                  : CAPLAT_LIT("SUCCESS");

    if (!caplat_json_string(plain, name, 1, WORD_MAX, &state)) {
        return "wechat-plain";
    }

    if (!caplat_slice_eq(state, wanted)) {
        *event = (caplat_notice) { .channel = CAPLAT_WECHAT };
        return NULL;
    }

    return flaw_of_event(plain, event);
}


/* Which events we read. */
static caplat_notice_kind
kind_of(caplat_slice event_type)
{
    return caplat_slice_eq(event_type, CAPLAT_LIT("TRANSACTION.SUCCESS"))
               ? CAPLAT_NOTICE_PAID
         : caplat_slice_eq(event_type, CAPLAT_LIT("REFUND.SUCCESS"))
               ? CAPLAT_NOTICE_REFUND
         : caplat_slice_eq(event_type, CAPLAT_LIT("REFUND.ABNORMAL"))
               ? CAPLAT_NOTICE_STUCK
         : CAPLAT_NOTICE_NOTHING;
}


bool
caplat_wechat_notice_judge(const caplat_wechat *wechat,
    caplat_slice event_type, const caplat_json *plain, caplat_notice *notice,
    caplat_notice_refusal *refusal)
{
    caplat_notice  read = { .kind = kind_of(event_type),
                            .channel = CAPLAT_WECHAT };
    bool           is_refund = read.kind != CAPLAT_NOTICE_PAID;
    const char    *flaw = NULL;

    if (read.kind != CAPLAT_NOTICE_NOTHING
        && (flaw = flaw_of_receiver(wechat, plain, is_refund)) == NULL)
    {
        flaw = flaw_of_state(plain, is_refund ? "refund_status"
                                              : "trade_state", &read);
    }

    if (flaw != NULL) {
        return caplat_notice_refuse(refusal, CAPLAT_NOTICE_UNFIT, flaw);
    }

    *notice = read;

    return true;
}


/* Let a text stand in room, for it borrows from what will be wiped. */
static void
keep(caplat_writer *room, caplat_slice *text)
{
    size_t  at = room->len;

    caplat_put(room, *text);
    *text = caplat_slice_of(room->ptr + at, text->len);
}


/* The plain text, a copy of which is read, ends here; what is kept of it is
   never longer than it was. */
static bool
read_plain(const caplat_wechat *wechat, caplat_slice event_type,
    caplat_slice plain, char *room, caplat_notice *notice,
    caplat_notice_refusal *refusal)
{
    caplat_json    *json;
    caplat_err      err;
    caplat_notice   read;
    caplat_writer   w = caplat_writer_of(room, plain.len);
    bool            is_json;

    is_json = caplat_json_open(plain, CAPLAT_JSON_DEPTH_MAX, &json, &err);
    sodium_memzero(room, plain.len);

    if (!is_json) {
        return caplat_notice_refuse(refusal, CAPLAT_NOTICE_UNFIT,
                                    "wechat-plain");
    }

    bool  fits = caplat_wechat_notice_judge(wechat, event_type, json, &read,
                                            refusal);

    if (fits) {
        keep(&w, &read.order);
        keep(&w, &read.trade);
        keep(&w, &read.payer);
        caplat_assert(!w.full);
        *notice = read;
    }

    caplat_json_wipe(json);

    return fits;
}


static bool
open_event(const caplat_wechat *wechat, const envelope *e, char *room,
    caplat_notice *notice, caplat_notice_refusal *refusal)
{
    caplat_slice  plain;
    const char   *flaw = decrypt(wechat, e, room, &plain);

    if (flaw != NULL) {
        return caplat_notice_refuse(refusal, CAPLAT_NOTICE_UNFIT, flaw);
    }

    if (kind_of(e->event_type) == CAPLAT_NOTICE_NOTHING) {
        sodium_memzero(room, plain.len);
        *notice = (caplat_notice) { .channel = CAPLAT_WECHAT };
        return true;
    }

    return read_plain(wechat, e->event_type, plain, room, notice, refusal);
}


bool
caplat_wechat_notice_open(const caplat_wechat *wechat, caplat_slice body,
    char *room, caplat_notice *notice, caplat_notice_refusal *refusal)
{
    caplat_json  *json;
    caplat_err    err;
    envelope      e;

    if (body.len > CAPLAT_WECHAT_BODY_MAX
        || !caplat_json_open(body, CAPLAT_JSON_DEPTH_MAX, &json, &err))
    {
        return caplat_notice_refuse(refusal, CAPLAT_NOTICE_UNREADABLE,
                                    "wechat-json");
    }

    bool  opened = read_envelope(json, &e)
                       ? open_event(wechat, &e, room, notice, refusal)
                       : caplat_notice_refuse(refusal,
                                              CAPLAT_NOTICE_UNREADABLE,
                                              "wechat-json");

    caplat_json_close(json);

    return opened;
}


bool
caplat_wechat_notice_read(const caplat_wechat *wechat,
    const caplat_message *message, caplat_slice body, int64_t now, char *room,
    caplat_notice *notice, caplat_notice_refusal *refusal)
{
    const char  *reason;

    if (!caplat_wechat_verify(wechat, message, body, now, &reason)) {
        return caplat_notice_refuse(refusal, CAPLAT_NOTICE_FORGED, reason);
    }

    return caplat_wechat_notice_open(wechat, body, room, notice, refusal);
}
