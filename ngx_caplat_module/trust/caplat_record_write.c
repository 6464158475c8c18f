#include "caplat_record.h"

#include "caplat_b64.h"


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


/* The part that only the epoch's secret key opens; or null. */
static void
put_sealed(caplat_writer *w, const caplat_record *record)
{
    if (record->sealed.len == 0) {
        caplat_put(w, CAPLAT_LIT(",\"pii\":null"));
        return;
    }

    put_text(w, CAPLAT_LIT(",\"pii\":{\"epoch\":"), record->epoch);
    put_number(w, CAPLAT_LIT(",\"slot\":"), record->seal.slot);
    put_bytes(w, CAPLAT_LIT(",\"n\":"), record->seal.nonce,
              CAPLAT_SEAL_NONCE);
    put_bytes(w, CAPLAT_LIT(",\"kc\":"), record->seal.commitment, 32);
    put_text(w, CAPLAT_LIT(",\"c\":"), record->sealed);
    caplat_put(w, CAPLAT_LIT("}"));
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
    put_sealed(w, record);
}


static void
put_payment(caplat_writer *w, const caplat_record *record)
{
    put_text(w, CAPLAT_LIT(",\"client\":"), record->client);
    put_text(w, CAPLAT_LIT(",\"channel\":"), record->channel);
    put_text(w, CAPLAT_LIT(",\"trade\":"), record->trade);
    put_number(w, CAPLAT_LIT(",\"amount\":"), (uint64_t) record->amount_fen);
}


static void
put_of_payment(caplat_writer *w, const caplat_record *record)
{
    switch (record->type) {

    case CAPLAT_EVENT_PAYMENT_RECEIVED:
        put_payment(w, record);
        put_number(w, CAPLAT_LIT(",\"paid\":"), (uint64_t) record->paid);
        put_sealed(w, record);
        break;

    case CAPLAT_EVENT_PAYMENT_UNMATCHED:
        put_payment(w, record);
        put_number(w, CAPLAT_LIT(",\"paid\":"), (uint64_t) record->paid);
        put_text(w, CAPLAT_LIT(",\"why\":"), record->why);
        put_sealed(w, record);
        break;

    case CAPLAT_EVENT_PAYMENT_REFUNDED:
        put_text(w, CAPLAT_LIT(",\"client\":"), record->client);
        put_text(w, CAPLAT_LIT(",\"trade\":"), record->trade);
        put_number(w, CAPLAT_LIT(",\"amount\":"),
            (uint64_t) record->amount_fen);
        put_json(w, CAPLAT_LIT(",\"closed\":"), record->closed);
        break;

    case CAPLAT_EVENT_PAYMENT_RETURNED:
        put_text(w, CAPLAT_LIT(",\"client\":"), record->client);
        put_text(w, CAPLAT_LIT(",\"channel\":"), record->channel);
        put_text(w, CAPLAT_LIT(",\"trade\":"), record->trade);
        put_text(w, CAPLAT_LIT(",\"of\":"), record->of);
        put_number(w, CAPLAT_LIT(",\"amount\":"),
            (uint64_t) record->amount_fen);
        break;

    default:
        put_payment(w, record);
        break;
    }
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

    case CAPLAT_EVENT_PAYMENT_RECEIVED:
    case CAPLAT_EVENT_PAYMENT_UNMATCHED:
    case CAPLAT_EVENT_PAYMENT_REFUNDED:
    case CAPLAT_EVENT_PAYMENT_RETURNED:
    case CAPLAT_EVENT_REFUND_CONFIRMED:
        put_of_payment(w, record);
        break;

    case CAPLAT_EVENT_INVOICE_ISSUED:
        put_text(w, CAPLAT_LIT(",\"client\":"), record->client);
        put_text(w, CAPLAT_LIT(",\"number\":"), record->number);
        put_text(w, CAPLAT_LIT(",\"day\":"), record->day);
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
