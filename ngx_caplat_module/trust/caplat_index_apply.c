#include "caplat_index_view.h"

#include <stddef.h>


static bool
put_lapse(caplat_view *view, int64_t expires, uint64_t number,
    const char **why)
{
    char  room[CAPLAT_LAPSE_KEY_LEN];

    return caplat_view_put_new(view, CAPLAT_CURSOR_LAPSES,
        caplat_lmdb_of(caplat_lapse_key(room, expires, number)),
        CAPLAT_LIT(""), why);
}


static bool
add_event(caplat_order_row *row, const caplat_record *record,
    const char **why)
{
    caplat_state  to;

    if (row->event_count == CAPLAT_ORDER_EVENTS) {
        *why = "the order has too many events";
        return false;
    }

    if (!caplat_state_move(row->state, record->type, &to)) {
        *why = "the order's state does not allow the event";
        return false;
    }

    caplat_order_event  *event = &row->events[row->event_count++];

    event->index = record->index;
    event->mark = caplat_record_mark(record);
    event->type = record->type;
    row->state = to;

    if (record->type == CAPLAT_EVENT_PAYMENT_REFUNDED) {
        row->refunded_fen += record->amount_fen;

    } else if (record->type == CAPLAT_EVENT_REFUND_CONFIRMED) {
        row->confirmed_fen[caplat_channel_find(record->channel)]
            += record->amount_fen;
    }

    return true;
}


/* The certificate of a new order, which has no other that is not finished. */
static bool
order_for(caplat_view *view, const caplat_record *record, uint64_t number,
    caplat_order_row *row, const char **why)
{
    caplat_slice     key = caplat_cert_key(row->cert, record->org, record->ca,
                               record->cert);
    caplat_cert_row  cert;
    uint64_t         of_cert;

    if (key.len == 0) {
        *why = "the certificate's name is too long";
        return false;
    }

    if (!caplat_view_seek_cert(view, key, &of_cert, &cert, why)) {
        return false;
    }

    row->cert_len = (uint32_t) key.len;

    if (of_cert == 0) {
        row->before = 0;
        cert.last = number;
        cert.unfinished = number;
        cert.key_len = row->cert_len;
        cert.held_len = 0;
        memcpy(cert.key, row->cert, row->cert_len);

        return caplat_view_add_cert(view, number, &cert, why);
    }

    if (cert.unfinished != 0) {
        *why = "an order of the certificate is not finished";
        return false;
    }

    row->before = cert.last;
    cert.last = number;
    cert.unfinished = number;

    return caplat_view_put_cert(view, of_cert, &cert, why);
}


static uint64_t
hash_key(const caplat_view *view, const caplat_record *record)
{
    char  room[CAPLAT_CERT_KEY_MAX];

    return caplat_finder_hash(view->index->finder,
        caplat_key_key(room, record->org, record->key_hash));
}


void
caplat_view_expect(const caplat_view *view, const caplat_record *record)
{
    char                  room[CAPLAT_CERT_KEY_MAX];
    const caplat_finder  *finder = view->index->finder;
    caplat_slice          key;

    if (record->type != CAPLAT_EVENT_ORDER_CREATED) {
        return;
    }

    key = caplat_cert_key(room, record->org, record->ca, record->cert);

    if (key.len > CAPLAT_ORG_LEN) {
        caplat_finder_expect(finder, caplat_view_cert_hash(view, key));
    }

    caplat_finder_expect(finder, hash_key(view, record));
}


static bool
apply_created(caplat_view *view, const caplat_record *record, uint64_t number,
    const char **why)
{
    char              room[CAPLAT_ORDER_PACKED_MAX];
    caplat_order_row  row;
    size_t            text = number;

    memset(&row, 0, offsetof(caplat_order_row, events));
    row.id_len = (uint32_t) record->order.len;
    memcpy(row.id, record->order.ptr, record->order.len);
    row.created_ms = record->time_ms;
    row.expires = record->expires;
    row.amount_fen = record->amount_fen;
    memcpy(row.key_hash, record->key_hash, sizeof(row.key_hash));
    memcpy(row.print, record->print, sizeof(row.print));

    return order_for(view, record, number, &row, why)
        && add_event(&row, record, why)
        && caplat_finder_add(view->index->finder, hash_key(view, record),
               number, view->reserve_len, why)
        && (record->expires == 0
            || put_lapse(view, record->expires, number, why))
        && caplat_view_put_new(view, CAPLAT_CURSOR_ORDERS,
               caplat_lmdb_of_number(&text), caplat_order_row_pack(&row, room),
               why);
}


/* A line for each platform that is opened or closed, where its own server
   looks. */
static bool
tell_platforms(caplat_view *view, const caplat_record *record,
    uint64_t number, const char **why)
{
    caplat_cursor  c = caplat_cursor_of(
                           record->type == CAPLAT_EVENT_PLATFORMS_OPENED
                           ? record->add : record->closed);
    caplat_slice   platform;

    while (caplat_record_next_id(&c, &platform)) {
        char     room[CAPLAT_OPENING_KEY_MAX];
        MDB_val  key = caplat_lmdb_of(caplat_opening_key(room, platform,
                                                         record->index));
        MDB_val  value = { sizeof(number), &number };

        if (!caplat_lmdb_ok(mdb_put(view->txn, view->index->openings, &key,
                                    &value, 0), why))
        {
            return false;
        }
    }

    return true;
}


/* What an event of an order means for its certificate. An order that was paid
   late finds another one in its place, which stays. */
static bool
apply_to_cert(caplat_view *view, const caplat_order_row *row, uint64_t number,
    const caplat_record *record, const char **why)
{
    caplat_cert_row  cert;
    uint64_t         of_cert;

    if (!caplat_state_finished(row->state)) {
        return true;
    }

    if (!caplat_view_seek_cert(view, caplat_slice_of(row->cert, row->cert_len),
                               &of_cert, &cert, why))
    {
        return false;
    }

    if (of_cert == 0) {
        *why = "the order's certificate is not in the index";
        return false;
    }

    if (cert.unfinished == number) {
        cert.unfinished = 0;
    }

    return caplat_held_change(&cert, record, why)
        && tell_platforms(view, record, number, why)
        && caplat_view_put_cert(view, of_cert, &cert, why);
}


static bool
end_lapse(caplat_view *view, int64_t expires, uint64_t number,
    const char **why)
{
    char         room[CAPLAT_LAPSE_KEY_LEN];
    MDB_val      key = caplat_lmdb_of(caplat_lapse_key(room, expires, number));
    MDB_val      value;
    MDB_cursor  *cursor;

    return caplat_view_cursor(view, CAPLAT_CURSOR_LAPSES, &cursor, why)
        && caplat_lmdb_ok(mdb_cursor_get(cursor, &key, &value, MDB_SET), why)
        && caplat_lmdb_ok(mdb_cursor_del(cursor, 0), why);
}


static bool
seek_order(caplat_view *view, uint64_t number, MDB_cursor **cursor,
    caplat_order_row *row, const char **why)
{
    size_t   text = number;
    MDB_val  key = caplat_lmdb_of_number(&text), value;
    int      code;

    if (!caplat_view_cursor(view, CAPLAT_CURSOR_ORDERS, cursor, why)) {
        return false;
    }

    code = mdb_cursor_get(*cursor, &key, &value, MDB_SET);

    if (code == MDB_NOTFOUND) {
        *why = "there is no such order";
        return false;
    }

    return caplat_lmdb_ok(code, why)
        && caplat_row_is_read(
               caplat_order_row_unpack(caplat_slice_of_value(&value), row),
               why);
}


/* Where seek_order has left the cursor. */
static bool
put_order(MDB_cursor *cursor, uint64_t number, const caplat_order_row *row,
    const char **why)
{
    char     room[CAPLAT_ORDER_PACKED_MAX];
    size_t   text = number;
    MDB_val  key = { sizeof(text), &text };
    MDB_val  value = caplat_lmdb_of(caplat_order_row_pack(row, room));

    return caplat_lmdb_ok(mdb_cursor_put(cursor, &key, &value, MDB_CURRENT),
                          why);
}


static bool
apply_event(caplat_view *view, const caplat_record *record, uint64_t number,
    const char **why)
{
    MDB_cursor       *cursor;
    caplat_order_row  row;
    caplat_state      from;

    if (!seek_order(view, number, &cursor, &row, why)) {
        return false;
    }

    from = row.state;

    if (!add_event(&row, record, why)
        || !put_order(cursor, number, &row, why))
    {
        return false;
    }

    if (row.state == from && record->type != CAPLAT_EVENT_PAYMENT_REFUNDED) {
        return true;
    }

    if (from == CAPLAT_STATE_CREATED && row.expires != 0
        && !end_lapse(view, row.expires, number, why))
    {
        return false;
    }

    return apply_to_cert(view, &row, number, record, why);
}


bool
caplat_view_add_batch(caplat_view *view, const caplat_lines *lines,
    const char **why)
{
    size_t   last = lines->first + lines->count - 1;
    MDB_val  key = caplat_lmdb_of_number(&last);
    MDB_val  value = { caplat_lines_packed_len(lines->count), NULL };

    caplat_assert(lines->count != 0);

    if (!caplat_lmdb_ok(mdb_put(view->txn, view->index->batches, &key, &value,
                                MDB_APPEND|MDB_RESERVE), why))
    {
        return false;
    }

    caplat_lines_pack(lines, value.mv_data);

    return true;
}


bool
caplat_view_apply(caplat_view *view, const caplat_record *record,
    const char **why)
{
    uint64_t  number;

    if (record->type == CAPLAT_EVENT_LEDGER_REOPENED) {
        return true;
    }

    if (record->order.len > CAPLAT_ORDER_ID_LEN_MAX
        || !caplat_order_number(record->order, &number))
    {
        *why = "the order's id cannot be read";
        return false;
    }

    return record->type == CAPLAT_EVENT_ORDER_CREATED
           ? apply_created(view, record, number, why)
           : apply_event(view, record, number, why);
}
