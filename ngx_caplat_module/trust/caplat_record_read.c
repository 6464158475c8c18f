#include "caplat_record.h"

#include "caplat_b64.h"
#include "caplat_date.h"
#include "caplat_money.h"
#include "caplat_record_parts.h"


/* Whether one of those takes follows: `,"key":` and a value. */

static bool
take_key(caplat_cursor *c, caplat_slice key)
{
    return caplat_take_literal(c, key);
}


static bool
take_number(caplat_cursor *c, caplat_slice key, uint64_t max,
    uint64_t *number)
{
    return take_key(c, key) && caplat_take_uint(c, max, number);
}


static bool
take_text(caplat_cursor *c, caplat_slice key, caplat_slice *text)
{
    return take_key(c, key) && caplat_take_string(c, text);
}


static bool
take_text_or_null(caplat_cursor *c, caplat_slice key, caplat_slice *text)
{
    if (!take_key(c, key)) {
        return false;
    }

    if (caplat_take_literal(c, CAPLAT_LIT("null"))) {
        *text = caplat_slice_of("", 0);
        return true;
    }

    return caplat_take_string(c, text) && text->len != 0;
}


/* Its length tells where it ends: none of its digits ends a string. */
static bool
take_bytes(caplat_cursor *c, caplat_slice key, uint8_t *bytes, size_t len)
{
    size_t  digits = CAPLAT_B64URL_LEN(len), got;

    if (!take_key(c, key) || caplat_cursor_left(c) < digits + 2
        || c->at[0] != '"' || c->at[digits + 1] != '"'
        || !caplat_b64url_read(caplat_slice_of(c->at + 1, digits), bytes, len,
                               &got))
    {
        return false;
    }

    c->at += digits + 2;

    return true;
}


static bool
take_ids(caplat_cursor *c, caplat_slice key, caplat_slice *ids)
{
    return take_key(c, key) && caplat_take_ids(c, ids) && ids->len > 2;
}


static bool
take_epoch(caplat_cursor *c, caplat_slice key, caplat_record *record)
{
    return take_text(c, key, &record->epoch) && record->epoch.len != 0
        && record->epoch.len <= CAPLAT_EPOCH_LEN_MAX
        && take_number(c, CAPLAT_LIT(",\"slot\":"), CAPLAT_TREE_SIZE_MAX,
                       &record->seal.slot);
}


/* base64url, of which only the characters are looked at: it can be long. */
static bool
take_cipher(caplat_cursor *c, caplat_slice *sealed)
{
    if (!take_text(c, CAPLAT_LIT(",\"c\":"), sealed)) {
        return false;
    }

    return sealed->len != 0 && memchr(sealed->ptr, '\\', sealed->len) == NULL;
}


static bool
take_sealed(caplat_cursor *c, caplat_record *record)
{
    return take_epoch(c, CAPLAT_LIT(",\"pii\":{\"epoch\":"), record)
        && take_bytes(c, CAPLAT_LIT(",\"n\":"), record->seal.nonce,
                      CAPLAT_SEAL_NONCE)
        && take_bytes(c, CAPLAT_LIT(",\"kc\":"), record->seal.commitment, 32)
        && take_cipher(c, &record->sealed)
        && caplat_take_literal(c, CAPLAT_LIT("}"));
}


static bool
take_buyer(caplat_cursor *c, caplat_record *record)
{
    return take_bytes(c, CAPLAT_LIT(",\"subj\":"), record->subject,
                      CAPLAT_SUBJECT_LEN)
        && take_text(c, CAPLAT_LIT(",\"client\":"), &record->client);
}


static bool
take_cert(caplat_cursor *c, caplat_record *record)
{
    return take_text(c, CAPLAT_LIT(",\"org\":"), &record->org)
        && record->org.len == CAPLAT_ORG_LEN
        && take_text(c, CAPLAT_LIT(",\"ca\":"), &record->ca)
        && take_text(c, CAPLAT_LIT(",\"cert\":"), &record->cert);
}


static bool
take_expires(caplat_cursor *c, int64_t *expires)
{
    uint64_t  number = 0;

    if (!take_key(c, CAPLAT_LIT(",\"expires\":"))
        || (!caplat_take_literal(c, CAPLAT_LIT("null"))
            && (!caplat_take_uint(c, CAPLAT_TREE_SIZE_MAX, &number)
                || number == 0)))
    {
        return false;
    }

    *expires = (int64_t) number;

    return true;
}


static bool
take_price(caplat_cursor *c, caplat_record *record)
{
    uint64_t  amount;

    if (!take_key(c, CAPLAT_LIT(",\"terms\":"))
        || !caplat_take_terms(c, &record->terms)
        || !take_ids(c, CAPLAT_LIT(",\"add\":"), &record->add)
        || !take_number(c, CAPLAT_LIT(",\"amount\":"), CAPLAT_FEN_MAX, &amount)
        || !take_expires(c, &record->expires)
        || !take_text(c, CAPLAT_LIT(",\"rates\":"), &record->rates)
        || record->rates.len != 64 || !take_key(c, CAPLAT_LIT(",\"lines\":"))
        || !caplat_take_lines(c, &record->lines))
    {
        return false;
    }

    record->amount_fen = (int64_t) amount;

    return true;
}


static bool
take_created(caplat_cursor *c, caplat_record *record)
{
    return take_buyer(c, record) && take_cert(c, record)
        && take_price(c, record)
        && take_text_or_null(c, CAPLAT_LIT(",\"inv\":"), &record->invoice)
        && take_text_or_null(c, CAPLAT_LIT(",\"channel\":"), &record->channel)
        && take_text_or_null(c, CAPLAT_LIT(",\"hint\":"), &record->hint)
        && take_bytes(c, CAPLAT_LIT(",\"idem\":"), record->key_hash,
                      CAPLAT_KEY_HASH_LEN)
        && take_bytes(c, CAPLAT_LIT(",\"fp\":"), record->print,
                      CAPLAT_PRINT_LEN)
        && take_sealed(c, record);
}


static bool
is_one_of(caplat_slice text, const caplat_slice *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (caplat_slice_eq(text, words[i])) {
            return true;
        }
    }

    return false;
}


static bool
take_trade(caplat_cursor *c, caplat_slice key, caplat_slice *trade)
{
    return take_text(c, key, trade) && caplat_is_trade(*trade);
}


static bool
take_amount(caplat_cursor *c, caplat_record *record)
{
    uint64_t  amount;

    if (!take_number(c, CAPLAT_LIT(",\"amount\":"), CAPLAT_FEN_MAX, &amount)) {
        return false;
    }

    record->amount_fen = (int64_t) amount;

    return true;
}


/* Who says it, of which channel, and its number. */
static bool
take_saying(caplat_cursor *c, caplat_record *record)
{
    static const caplat_slice  channels[] = {
        CAPLAT_INIT("alipay"), CAPLAT_INIT("wechat"), CAPLAT_INIT("transfer")
    };

    return take_text(c, CAPLAT_LIT(",\"client\":"), &record->client)
        && take_text(c, CAPLAT_LIT(",\"channel\":"), &record->channel)
        && is_one_of(record->channel, channels, CAPLAT_COUNT(channels))
        && take_trade(c, CAPLAT_LIT(",\"trade\":"), &record->trade);
}


static bool
take_payment(caplat_cursor *c, caplat_record *record)
{
    return take_saying(c, record) && take_amount(c, record);
}


static bool
take_returned(caplat_cursor *c, caplat_record *record)
{
    return take_saying(c, record)
        && take_trade(c, CAPLAT_LIT(",\"of\":"), &record->of)
        && take_amount(c, record);
}


static bool
take_paid(caplat_cursor *c, caplat_record *record)
{
    uint64_t  paid;

    if (!take_payment(c, record)
        || !take_number(c, CAPLAT_LIT(",\"paid\":"), CAPLAT_TREE_SIZE_MAX,
                        &paid))
    {
        return false;
    }

    record->paid = (int64_t) paid;

    return true;
}


static bool
take_payer(caplat_cursor *c, caplat_record *record)
{
    return caplat_take_literal(c, CAPLAT_LIT(",\"pii\":null"))
        || take_sealed(c, record);
}


static bool
take_unmatched(caplat_cursor *c, caplat_record *record)
{
    static const caplat_slice  reasons[] = {
        CAPLAT_INIT("amount"), CAPLAT_INIT("twice"), CAPLAT_INIT("refunded"),
        CAPLAT_INIT("held")
    };

    return take_paid(c, record)
        && take_text(c, CAPLAT_LIT(",\"why\":"), &record->why)
        && is_one_of(record->why, reasons, CAPLAT_COUNT(reasons))
        && take_payer(c, record);
}


static bool
take_refunded(caplat_cursor *c, caplat_record *record)
{
    return take_text(c, CAPLAT_LIT(",\"client\":"), &record->client)
        && take_trade(c, CAPLAT_LIT(",\"trade\":"), &record->trade)
        && take_amount(c, record)
        && take_key(c, CAPLAT_LIT(",\"closed\":"))
        && caplat_take_ids(c, &record->closed);
}


static bool
take_issued(caplat_cursor *c, caplat_record *record)
{
    caplat_date  day;

    return take_text(c, CAPLAT_LIT(",\"client\":"), &record->client)
        && take_text(c, CAPLAT_LIT(",\"number\":"), &record->number)
        && caplat_is_invoice_number(record->number)
        && take_text(c, CAPLAT_LIT(",\"day\":"), &record->day)
        && caplat_date_parse(record->day, &day);
}


static bool
take_of_type(caplat_cursor *c, caplat_record *record)
{
    switch (record->type) {

    case CAPLAT_EVENT_ORDER_CREATED:
        return take_created(c, record);

    case CAPLAT_EVENT_ORDER_CANCELLED:
        return take_buyer(c, record);

    case CAPLAT_EVENT_PAYMENT_RECEIVED:
        return take_paid(c, record) && take_payer(c, record);

    case CAPLAT_EVENT_PAYMENT_UNMATCHED:
        return take_unmatched(c, record);

    case CAPLAT_EVENT_PAYMENT_REFUNDED:
        return take_refunded(c, record);

    case CAPLAT_EVENT_PAYMENT_RETURNED:
        return take_returned(c, record);

    case CAPLAT_EVENT_REFUND_CONFIRMED:
        return take_payment(c, record);

    case CAPLAT_EVENT_INVOICE_ISSUED:
        return take_issued(c, record);

    case CAPLAT_EVENT_PLATFORMS_OPENED:
        return take_cert(c, record)
            && take_ids(c, CAPLAT_LIT(",\"add\":"), &record->add);

    case CAPLAT_EVENT_PII_SHREDDED:
        return take_epoch(c, CAPLAT_LIT(",\"epoch\":"), record);

    case CAPLAT_EVENT_ORDER_LAPSED:
    case CAPLAT_EVENT_PII_FROZEN:
    case CAPLAT_EVENT_LEDGER_REOPENED:
        return true;

    default:
        return false;
    }
}


static bool
take_order(caplat_cursor *c, caplat_record *record)
{
    uint64_t  number;

    return record->type == CAPLAT_EVENT_LEDGER_REOPENED
        || (take_text(c, CAPLAT_LIT(",\"order\":"), &record->order)
            && caplat_order_number(record->order, &number));
}


bool
caplat_record_read(caplat_slice text, caplat_record *record, caplat_err *err)
{
    caplat_cursor  c = caplat_cursor_of(text);
    caplat_record  read;
    caplat_slice   type;
    uint64_t       time_ms;

    memset(&read, 0, sizeof(read));

    if (text.len > CAPLAT_RECORD_LEN_MAX) {
        return caplat_fail(err, CAPLAT_TOO_LARGE, CAPLAT_RECORD_LEN_MAX,
            "record");
    }

    if (!take_number(&c, CAPLAT_LIT("{\"v\":1,\"i\":"), CAPLAT_TREE_SIZE_MAX,
                     &read.index)
        || !take_number(&c, CAPLAT_LIT(",\"t\":"), CAPLAT_TREE_SIZE_MAX,
                        &time_ms)
        || !take_text(&c, CAPLAT_LIT(",\"type\":"), &type))
    {
        return caplat_fail(err, CAPLAT_UNKNOWN_KEY, caplat_cursor_at(&c),
            "record");
    }

    read.time_ms = (int64_t) time_ms;
    read.type = caplat_event_find(type);

    if (!take_order(&c, &read) || !take_of_type(&c, &read)
        || !take_bytes(&c, CAPLAT_LIT(",\"salt\":"), read.salt,
                       CAPLAT_SALT_LEN)
        || !caplat_take_literal(&c, CAPLAT_LIT("}")))
    {
        return caplat_fail(err, CAPLAT_UNKNOWN_KEY, caplat_cursor_at(&c),
            "record");
    }

    if (caplat_cursor_left(&c) != 0) {
        return caplat_fail(err, CAPLAT_TRAILING, caplat_cursor_at(&c),
            "record");
    }

    *record = read;

    return true;
}
