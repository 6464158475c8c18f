#include "caplat_record.h"

#include "caplat_b64.h"
#include "caplat_money.h"
#include "caplat_record_parts.h"



static void
put_text(caplat_writer *w, caplat_slice key, caplat_slice text)
{
    caplat_put(w, key);
    caplat_put(w, CAPLAT_LIT("\""));
    caplat_put(w, text);
    caplat_put(w, CAPLAT_LIT("\""));
}


static void
put_text_or_null(caplat_writer *w, caplat_slice key, caplat_slice text)
{
    if (text.len != 0) {
        put_text(w, key, text);
        return;
    }

    caplat_put(w, key);
    caplat_put(w, CAPLAT_LIT("null"));
}


static void
put_number(caplat_writer *w, caplat_slice key, uint64_t number)
{
    caplat_put(w, key);
    caplat_put_number(w, number);
}


static void
put_json(caplat_writer *w, caplat_slice key, caplat_slice json)
{
    caplat_put(w, key);
    caplat_put(w, json);
}


/* At most 32 bytes. */
static void
put_bytes(caplat_writer *w, caplat_slice key, const uint8_t *bytes, size_t len)
{
    char  text[CAPLAT_B64URL_LEN(32)];

    put_text(w, key, caplat_slice_of(text, caplat_b64url_write(bytes, len,
                                                               text)));
}


static void
put_expires(caplat_writer *w, int64_t expires)
{
    caplat_put(w, CAPLAT_LIT(",\"expires\":"));

    if (expires != 0) {
        caplat_put_number(w, (uint64_t) expires);

    } else {
        caplat_put(w, CAPLAT_LIT("null"));
    }
}


static void
put_created(caplat_writer *w, const caplat_record *record)
{
    put_bytes(w, CAPLAT_LIT(",\"subj\":"), record->subject,
              CAPLAT_SUBJECT_LEN);
    put_text(w, CAPLAT_LIT(",\"client\":"), record->client);
    put_text(w, CAPLAT_LIT(",\"org\":"), record->org);
    put_text(w, CAPLAT_LIT(",\"ca\":"), record->ca);
    put_text(w, CAPLAT_LIT(",\"cert\":"), record->cert);
    put_json(w, CAPLAT_LIT(",\"terms\":"), record->terms);
    put_json(w, CAPLAT_LIT(",\"add\":"), record->add);
    put_number(w, CAPLAT_LIT(",\"amount\":"), (uint64_t) record->amount_fen);
    put_expires(w, record->expires);
    put_text(w, CAPLAT_LIT(",\"rates\":"), record->rates);
    put_json(w, CAPLAT_LIT(",\"lines\":"), record->lines);
    put_text_or_null(w, CAPLAT_LIT(",\"inv\":"), record->invoice);
    put_text_or_null(w, CAPLAT_LIT(",\"channel\":"), record->channel);
    put_text_or_null(w, CAPLAT_LIT(",\"hint\":"), record->hint);
    put_bytes(w, CAPLAT_LIT(",\"idem\":"), record->key_hash,
              CAPLAT_KEY_HASH_LEN);
    put_bytes(w, CAPLAT_LIT(",\"fp\":"), record->print, CAPLAT_PRINT_LEN);
    put_text(w, CAPLAT_LIT(",\"pii\":{\"epoch\":"), record->epoch);
    put_number(w, CAPLAT_LIT(",\"slot\":"), record->seal.slot);
    put_bytes(w, CAPLAT_LIT(",\"n\":"), record->seal.nonce,
              CAPLAT_SEAL_NONCE);
    put_bytes(w, CAPLAT_LIT(",\"kc\":"), record->seal.commitment, 32);
    put_text(w, CAPLAT_LIT(",\"c\":"), record->sealed);
    caplat_put(w, CAPLAT_LIT("}"));
}


static void
put_of_type(caplat_writer *w, const caplat_record *record)
{
    switch (record->type) {

    case CAPLAT_EVENT_ORDER_CREATED:
        put_created(w, record);
        break;

    case CAPLAT_EVENT_ORDER_CANCELLED:
        put_bytes(w, CAPLAT_LIT(",\"subj\":"), record->subject,
                  CAPLAT_SUBJECT_LEN);
        put_text(w, CAPLAT_LIT(",\"client\":"), record->client);
        break;

    case CAPLAT_EVENT_PLATFORMS_OPENED:
        put_text(w, CAPLAT_LIT(",\"org\":"), record->org);
        put_text(w, CAPLAT_LIT(",\"ca\":"), record->ca);
        put_text(w, CAPLAT_LIT(",\"cert\":"), record->cert);
        put_json(w, CAPLAT_LIT(",\"add\":"), record->add);
        break;

    case CAPLAT_EVENT_PII_SHREDDED:
        put_text(w, CAPLAT_LIT(",\"epoch\":"), record->epoch);
        put_number(w, CAPLAT_LIT(",\"slot\":"), record->seal.slot);
        break;

    default:
        break;
    }
}


void
caplat_record_write(const caplat_record *record, caplat_writer *w)
{
    put_number(w, CAPLAT_LIT("{\"v\":1,\"i\":"), record->index);
    put_number(w, CAPLAT_LIT(",\"t\":"), (uint64_t) record->time_ms);
    put_text(w, CAPLAT_LIT(",\"type\":"), caplat_event_name(record->type));

    if (record->type != CAPLAT_EVENT_LEDGER_REOPENED) {
        put_text(w, CAPLAT_LIT(",\"order\":"), record->order);
    }

    put_of_type(w, record);
    put_bytes(w, CAPLAT_LIT(",\"salt\":"), record->salt, CAPLAT_SALT_LEN);
    caplat_put(w, CAPLAT_LIT("}"));
}


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
take_sealed(caplat_cursor *c, caplat_slice *sealed)
{
    if (!take_text(c, CAPLAT_LIT(",\"c\":"), sealed)) {
        return false;
    }

    return sealed->len != 0 && memchr(sealed->ptr, '\\', sealed->len) == NULL;
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
        && take_epoch(c, CAPLAT_LIT(",\"pii\":{\"epoch\":"), record)
        && take_bytes(c, CAPLAT_LIT(",\"n\":"), record->seal.nonce,
                      CAPLAT_SEAL_NONCE)
        && take_bytes(c, CAPLAT_LIT(",\"kc\":"), record->seal.commitment, 32)
        && take_sealed(c, &record->sealed)
        && caplat_take_literal(c, CAPLAT_LIT("}"));
}


static bool
take_of_type(caplat_cursor *c, caplat_record *record)
{
    switch (record->type) {

    case CAPLAT_EVENT_ORDER_CREATED:
        return take_created(c, record);

    case CAPLAT_EVENT_ORDER_CANCELLED:
        return take_buyer(c, record);

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
