#include "caplat_index_view.h"


#define SOME  4                         /* rows that leave with a record: twice
                                           as many as come */

bool
caplat_view_seek_cert(caplat_view *view, caplat_slice cert_key,
    caplat_cert_row *row, bool *is_there, const char **why)
{
    MDB_val       key = caplat_lmdb_of(cert_key), value;
    MDB_cursor   *cursor;
    caplat_slice  waiting;
    int           code;

    row->last = 0;
    row->unfinished = 0;
    row->held_len = 0;
    *is_there = false;

    if (view->overlay != NULL && !caplat_overlay_had(view->overlay, cert_key))
    {
        return true;
    }

    if (view->overlay != NULL
        && caplat_overlay_find(view->overlay, cert_key, &waiting))
    {
        return caplat_row_is_read(caplat_cert_row_unpack(waiting, row), why);
    }

    if (!caplat_view_cursor(view, CAPLAT_CURSOR_ENTERPRISES, &cursor, why)) {
        return false;
    }

    code = mdb_cursor_get(cursor, &key, &value, MDB_SET);
    *is_there = code == 0;

    return code == MDB_NOTFOUND
        || (caplat_lmdb_ok(code, why)
            && caplat_row_is_read(
                   caplat_cert_row_unpack(caplat_slice_of_value(&value), row),
                   why));
}


void
caplat_view_expect(const caplat_view *view, const caplat_record *record)
{
    char  room[CAPLAT_CERT_KEY_MAX];

    if (view->overlay != NULL && record->type == CAPLAT_EVENT_ORDER_CREATED) {
        caplat_overlay_expect(view->overlay,
            caplat_cert_key(room, record->org, record->ca, record->cert));
    }
}


/* Put rows that leave, at most so many. */
static bool
put_leaving(caplat_view *view, size_t most, const char **why)
{
    MDB_cursor    *cursor;
    caplat_slice   text, bytes;

    if (!caplat_view_cursor(view, CAPLAT_CURSOR_ENTERPRISES, &cursor, why)) {
        return false;
    }

    while (most-- != 0 && caplat_overlay_take(view->overlay, &text, &bytes)) {
        MDB_val  key = caplat_lmdb_of(text), value = caplat_lmdb_of(bytes);

        if (!caplat_lmdb_ok(mdb_cursor_put(cursor, &key, &value, 0), why)) {
            return false;
        }
    }

    return true;
}


/* All that waits is to leave. */
static bool
turn(caplat_view *view, const char **why)
{
    if (!put_leaving(view, SIZE_MAX, why)) {
        return false;
    }

    caplat_overlay_turn(view->overlay);

    return true;
}


/* Let a row wait; where there is no room, those of before wait no longer. */
static bool
gather(caplat_view *view, caplat_slice key, caplat_slice value,
    const char **why)
{
    return caplat_overlay_put(view->overlay, key, value)
        || (turn(view, why)
            && caplat_overlay_put(view->overlay, key, value));
}


/* The same of one that caplat_view_apply does not look for. */
static bool
gather_only(caplat_view *view, caplat_slice key, caplat_slice value,
    const char **why)
{
    return caplat_overlay_add(view->overlay, key, value)
        || (turn(view, why)
            && caplat_overlay_add(view->overlay, key, value));
}


bool
caplat_view_put_cert(caplat_view *view, caplat_slice cert_key,
    const caplat_cert_row *row, bool is_there, const char **why)
{
    caplat_slice  packed = caplat_cert_row_pack(row);
    MDB_val       key = caplat_lmdb_of(cert_key);
    MDB_val       value = caplat_lmdb_of(packed);
    MDB_cursor   *cursor;

    if (view->overlay != NULL) {
        return gather(view, cert_key, packed, why);
    }

    return caplat_view_cursor(view, CAPLAT_CURSOR_ENTERPRISES, &cursor, why)
        && caplat_lmdb_ok(mdb_cursor_put(cursor, &key, &value,
                               is_there ? MDB_CURRENT : 0), why);
}


bool
caplat_view_put_key(caplat_view *view, const caplat_record *record,
    uint64_t number, const char **why)
{
    char            room[CAPLAT_CERT_KEY_MAX];
    caplat_key_row  row;
    caplat_slice    text, bytes;
    MDB_val         key, value;
    MDB_cursor     *cursor;

    memset(&row, 0, sizeof(row));
    row.number = number;
    row.time_ms = record->time_ms;
    memcpy(row.print, record->print, sizeof(row.print));
    text = caplat_key_key(room, record->org, record->key_hash);
    bytes = caplat_slice_of((const char *) &row, sizeof(row));

    if (view->overlay != NULL) {
        return gather_only(view, text, bytes, why);
    }

    key = caplat_lmdb_of(text);
    value = caplat_lmdb_of(bytes);

    return caplat_view_cursor(view, CAPLAT_CURSOR_ENTERPRISES, &cursor, why)
        && caplat_lmdb_ok(mdb_cursor_put(cursor, &key, &value, 0), why);
}


void
caplat_view_gather(caplat_view *view, caplat_overlay *overlay)
{
    view->overlay = overlay;
}


bool
caplat_view_put_some(caplat_view *view, const char **why)
{
    return view->overlay == NULL || put_leaving(view, SOME, why);
}


bool
caplat_view_put_gathered(caplat_view *view, const char **why)
{
    return turn(view, why) && put_leaving(view, SIZE_MAX, why);
}
