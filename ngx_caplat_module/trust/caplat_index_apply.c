#include "caplat_index_view.h"

#include <stddef.h>


#define EVENTS_AT  offsetof(caplat_order_row, events)
#define HELD_AT    offsetof(caplat_cert_row, held)


static bool
fail(int code, const char **why)
{
    if (code != 0) {
        *why = caplat_lmdb_words(code);
    }

    return code == 0;
}


static bool
put_number(caplat_view *view, MDB_dbi table, uint64_t number,
    const void *bytes, size_t len, unsigned flags, const char **why)
{
    size_t   text = number;
    MDB_val  key = { sizeof(text), &text };
    MDB_val  value = { len, (void *) (uintptr_t) bytes };

    return fail(mdb_put(view->txn, table, &key, &value, flags), why);
}


/* A new row, mostly behind all others: there the search is spared. */
static bool
put_new(caplat_view *view, MDB_dbi table, uint64_t number, const void *bytes,
    size_t len, const char **why)
{
    size_t   text = number;
    MDB_val  key = { sizeof(text), &text };
    MDB_val  value = { len, (void *) (uintptr_t) bytes };
    int      code = mdb_put(view->txn, table, &key, &value, MDB_APPEND);

    return fail(code == MDB_KEYEXIST
                ? mdb_put(view->txn, table, &key, &value, MDB_NOOVERWRITE)
                : code, why);
}


static bool
put_order(caplat_view *view, uint64_t number, const caplat_order_row *row,
    const char **why)
{
    return put_number(view, view->index->orders, number, row,
        EVENTS_AT + row->event_count * sizeof(row->events[0]), 0, why);
}


/* The writer's one cursor: rows of an enterprise lie side by side. */
static bool
enterprises(caplat_view *view, const char **why)
{
    return view->enterprises != NULL
        || fail(mdb_cursor_open(view->txn, view->index->enterprises,
                                &view->enterprises), why);
}


static bool
copy_cert(const void *bytes, size_t len, caplat_cert_row *row,
    const char **why)
{
    if (len < HELD_AT || len > sizeof(*row)) {
        *why = "the index has a certificate that cannot be read";
        return false;
    }

    memcpy(row, bytes, len);

    return true;
}


/*
 * The row of a certificate, at which the cursor stands then if it does not
 * wait; an empty one where there is none yet.
 */
static bool
seek_cert(caplat_view *view, caplat_slice cert_key, caplat_cert_row *row,
    bool *is_there, const char **why)
{
    MDB_val       key = caplat_lmdb_of(cert_key), value;
    caplat_slice  waiting;
    int           code;

    row->last = 0;
    row->unfinished = 0;
    row->held_len = 0;
    *is_there = false;

    if (view->overlay != NULL
        && caplat_overlay_find(view->overlay, cert_key, &waiting))
    {
        return copy_cert(waiting.ptr, waiting.len, row, why);
    }

    if (view->overlay != NULL && !caplat_overlay_had(view->overlay, cert_key))
    {
        return true;
    }

    if (!enterprises(view, why)) {
        return false;
    }

    code = mdb_cursor_get(view->enterprises, &key, &value, MDB_SET_KEY);
    *is_there = code == 0;

    return code == 0 ? copy_cert(value.mv_data, value.mv_size, row, why)
           : code == MDB_NOTFOUND || fail(code, why);
}


/* Let a row wait; where there is no room, those of before wait no longer. */
static bool
gather(caplat_view *view, caplat_slice key, const void *bytes, size_t len,
    const char **why)
{
    caplat_slice  value = caplat_slice_of(bytes, len);

    return caplat_overlay_put(view->overlay, key, value)
        || (caplat_view_put_gathered(view, why)
            && caplat_overlay_put(view->overlay, key, value));
}


/* Where seek_cert has left the cursor. */
static bool
put_cert(caplat_view *view, caplat_slice cert_key, const caplat_cert_row *row,
    bool is_there, const char **why)
{
    MDB_val  key = caplat_lmdb_of(cert_key);
    MDB_val  value = { HELD_AT + row->held_len, (void *) (uintptr_t) row };

    if (view->overlay != NULL) {
        return gather(view, cert_key, row, value.mv_size, why);
    }

    return fail(mdb_cursor_put(view->enterprises, &key, &value,
                               is_there ? MDB_CURRENT : 0), why);
}


static bool
put_key(caplat_view *view, const caplat_record *record, uint64_t number,
    const char **why)
{
    char            room[CAPLAT_CERT_KEY_MAX];
    caplat_key_row  row;
    caplat_slice    text;
    MDB_val         key, value = { sizeof(row), &row };

    memset(&row, 0, sizeof(row));
    row.number = number;
    row.time_ms = record->time_ms;
    memcpy(row.print, record->print, sizeof(row.print));
    text = caplat_key_key(room, record->org, record->key_hash);

    if (view->overlay != NULL) {
        return gather(view, text, &row, sizeof(row), why);
    }

    key = caplat_lmdb_of(text);

    return fail(mdb_cursor_put(view->enterprises, &key, &value, 0), why);
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

    /* Its padding too: rows are written as they lie. */
    memset(event, 0, sizeof(*event));
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


static bool
apply_created(caplat_view *view, const caplat_record *record, uint64_t number,
    const char **why)
{
    caplat_order_row  row;
    caplat_cert_row   cert;
    caplat_slice      key;
    bool              is_there;

    memset(&row, 0, EVENTS_AT);
    key = caplat_cert_key(row.cert, record->org, record->ca, record->cert);

    if (key.len == 0) {
        *why = "the certificate's name is too long";
        return false;
    }

    row.cert_len = (uint32_t) key.len;
    row.id_len = (uint32_t) record->order.len;
    memcpy(row.id, record->order.ptr, record->order.len);

    if (!seek_cert(view, key, &cert, &is_there, why)) {
        return false;
    }

    if (cert.unfinished != 0) {
        *why = "an order of the certificate is not finished";
        return false;
    }

    row.created_ms = record->time_ms;
    row.expires = record->expires;
    row.amount_fen = record->amount_fen;
    row.before = cert.last;
    cert.last = number;
    cert.unfinished = number;

    return add_event(&row, record, why)
        && put_cert(view, key, &cert, is_there, why)
        && put_key(view, record, number, why)
        && (record->expires == 0
            || put_new(view, view->index->waiting, number, "", 0, why))
        && put_new(view, view->index->orders, number, &row,
                   EVENTS_AT + sizeof(row.events[0]), why);
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

        if (!fail(mdb_put(view->txn, view->index->openings, &key, &value, 0),
                  why))
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
    caplat_slice     key = caplat_slice_of(row->cert, row->cert_len);
    caplat_cert_row  cert;
    bool             is_there;

    if (!caplat_state_finished(row->state)) {
        return true;
    }

    if (!seek_cert(view, key, &cert, &is_there, why)) {
        return false;
    }

    if (cert.unfinished == number) {
        cert.unfinished = 0;
    }

    return caplat_held_change(&cert, record, why)
        && tell_platforms(view, record, number, why)
        && put_cert(view, key, &cert, is_there, why);
}


static bool
end_waiting(caplat_view *view, uint64_t number, const char **why)
{
    size_t   text = number;
    MDB_val  key = { sizeof(text), &text };

    return fail(mdb_del(view->txn, view->index->waiting, &key, NULL), why);
}


static bool
apply_event(caplat_view *view, const caplat_record *record, uint64_t number,
    const char **why)
{
    caplat_order_row  row;
    caplat_state      from;

    if (!caplat_view_order(view, number, &row)) {
        *why = "there is no such order";
        return false;
    }

    from = row.state;

    if (!add_event(&row, record, why)
        || !put_order(view, number, &row, why))
    {
        return false;
    }

    if (row.state == from && record->type != CAPLAT_EVENT_PAYMENT_REFUNDED) {
        return true;
    }

    if (from == CAPLAT_STATE_CREATED && row.expires != 0
        && !end_waiting(view, number, why))
    {
        return false;
    }

    return apply_to_cert(view, &row, number, record, why);
}


void
caplat_view_gather(caplat_view *view, caplat_overlay *overlay)
{
    view->overlay = overlay;
}


bool
caplat_view_put_gathered(caplat_view *view, const char **why)
{
    size_t  count = caplat_overlay_sort(view->overlay);

    if (!enterprises(view, why)) {
        return false;
    }

    for (size_t i = 0; i < count; i++) {
        caplat_slice  text, bytes;
        MDB_val       key, value;

        caplat_overlay_at(view->overlay, i, &text, &bytes);
        key = caplat_lmdb_of(text);
        value = caplat_lmdb_of(bytes);

        if (!fail(mdb_cursor_put(view->enterprises, &key, &value, 0), why)) {
            return false;
        }
    }

    caplat_overlay_clear(view->overlay);

    return true;
}


bool
caplat_view_add_checkpoint(caplat_view *view, uint64_t size,
    const caplat_spot *spot, const char **why)
{
    caplat_assert(size != 0);

    return put_number(view, view->index->batches, size - 1, spot,
        sizeof(*spot), MDB_APPEND, why);
}


bool
caplat_view_apply(caplat_view *view, const caplat_record *record,
    const caplat_spot *spot, const char **why)
{
    uint64_t  number;

    if (!put_number(view, view->index->records, record->index, spot,
                    sizeof(*spot), MDB_APPEND, why))
    {
        return false;
    }

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
