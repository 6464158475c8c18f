/*
 * Orders that nobody made, for tests of the ledger: number N is the only one of
 * certificate N, unless told, of one of seven enterprises.
 */

#ifndef SOME_ORDER_H
#define SOME_ORDER_H

#include "caplat_record.h"


typedef struct {
    char   id[CAPLAT_ORDER_ID_LEN_MAX];
    char   org[CAPLAT_ORG_LEN];
    char   cert[24];
} some_order;


/* The id of a number, in the room. */
static inline caplat_slice
some_id(some_order *room, uint64_t number)
{
    caplat_writer  w = caplat_writer_of(room->id, sizeof(room->id));

    caplat_order_id_write(&w, CAPLAT_LIT("CA"), (caplat_date) { 2026, 11, 26 },
        number);

    return caplat_written(&w);
}


static inline caplat_slice
some_org(some_order *room, uint64_t cert)
{
    memcpy(room->org, "91350100M000100Y43", CAPLAT_ORG_LEN);
    room->org[8] = (char) ('0' + cert % 7);

    return caplat_slice_of(room->org, CAPLAT_ORG_LEN);
}


static inline caplat_slice
some_cert(some_order *room, uint64_t cert)
{
    caplat_writer  w = caplat_writer_of(room->cert, sizeof(room->cert));

    caplat_put(&w, CAPLAT_LIT("JK"));
    caplat_put_number(&w, cert);

    return caplat_written(&w);
}


/* order.created of that number, for that certificate; it borrows of room. */
static inline void
some_created(some_order *room, uint64_t number, uint64_t cert,
    caplat_record *record)
{
    memset(record, 0, sizeof(*record));
    record->type = CAPLAT_EVENT_ORDER_CREATED;
    record->order = some_id(room, number);
    record->client = CAPLAT_LIT("wizard");
    record->org = some_org(room, cert);
    record->ca = CAPLAT_LIT("CFCA");
    record->cert = some_cert(room, cert);
    record->terms = CAPLAT_LIT("{\"city\":\"210100\",\"lock\":\"\","
                               "\"vendor\":\"\",\"until\":\"2027-01-01\","
                               "\"held\":[]}");
    record->add = CAPLAT_LIT("[\"jinzhou\"]");
    record->amount_fen = 2500;
    record->expires = 1800000000;
    record->rates = CAPLAT_LIT("0123456789abcdef0123456789abcdef"
                               "0123456789abcdef0123456789abcdef");
    record->lines = CAPLAT_LIT("[{\"platform\":\"jinzhou\",\"name\":\"a\","
                               "\"fee_fen\":2500,\"reason\":\"b\"}]");
    record->epoch = CAPLAT_LIT("2026Q4");
    record->seal.slot = number;
    record->sealed = CAPLAT_LIT("AAAA");
    memcpy(record->key_hash, &number, sizeof(number));
    memcpy(record->print, &number, sizeof(number));
}


/* An event of an order that has nothing but its type, or a buyer. */
static inline void
some_event(some_order *room, uint64_t number, caplat_event type,
    caplat_record *record)
{
    memset(record, 0, sizeof(*record));
    record->type = type;
    record->order = some_id(room, number);
    record->client = CAPLAT_LIT("wizard");
}


/* platforms.opened: `ids` is a list's JSON. */
static inline void
some_opened(some_order *room, uint64_t number, uint64_t cert, caplat_slice ids,
    caplat_record *record)
{
    some_event(room, number, CAPLAT_EVENT_PLATFORMS_OPENED, record);
    record->org = some_org(room, cert);
    record->ca = CAPLAT_LIT("CFCA");
    record->cert = some_cert(room, cert);
    record->add = ids;
}


/* An event of money, of the order's 2500 fen, by Alipay. */
static inline void
some_paid(some_order *room, uint64_t number, caplat_event type,
    const char *trade, caplat_record *record)
{
    some_event(room, number, type, record);
    record->client = CAPLAT_LIT("alipay");
    record->channel = CAPLAT_LIT("alipay");
    record->trade = caplat_slice_of_word(trade);
    record->amount_fen = 2500;
    record->paid = 1795334400;
    record->why = CAPLAT_LIT("twice");
}


/* payment.refunded of 1000 fen: `closed` is a list's JSON. */
static inline void
some_refunded(some_order *room, uint64_t number, const char *trade,
    const char *closed, caplat_record *record)
{
    some_event(room, number, CAPLAT_EVENT_PAYMENT_REFUNDED, record);
    record->client = CAPLAT_LIT("operator");
    record->trade = caplat_slice_of_word(trade);
    record->amount_fen = 1000;
    record->closed = caplat_slice_of_word(closed);
}


#endif /* SOME_ORDER_H */
