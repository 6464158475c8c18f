#include "caplat_index_view.h"


caplat_slice
caplat_cert_key(char room[static CAPLAT_CERT_KEY_MAX], caplat_slice org,
    caplat_slice ca, caplat_slice cert)
{
    caplat_writer  w = caplat_writer_of(room, CAPLAT_CERT_KEY_MAX);

    caplat_put(&w, org);
    caplat_put(&w, ca);
    caplat_put(&w, CAPLAT_LIT("\0"));
    caplat_put(&w, cert);

    return w.full ? caplat_slice_of(room, 0) : caplat_written(&w);
}


caplat_slice
caplat_key_key(char room[static CAPLAT_CERT_KEY_MAX], caplat_slice org,
    const uint8_t key_hash[static CAPLAT_KEY_HASH_LEN])
{
    caplat_writer  w = caplat_writer_of(room, CAPLAT_CERT_KEY_MAX);

    caplat_put(&w, org);
    caplat_put(&w, caplat_slice_of((const char *) key_hash,
                                   CAPLAT_KEY_HASH_LEN));

    return caplat_written(&w);
}


/* Eight bytes whose order is the one of the numbers. */
static void
put_number(caplat_writer *w, uint64_t number)
{
    char  bytes[8];

    for (size_t i = 0; i < sizeof(bytes); i++) {
        bytes[i] = (char) (number >> (56 - 8 * i));
    }

    caplat_put(w, caplat_slice_of(bytes, sizeof(bytes)));
}


uint64_t
caplat_key_number(caplat_slice key)
{
    uint64_t  number = 0;

    for (size_t i = key.len - 8; i < key.len; i++) {
        number = number << 8 | (unsigned char) key.ptr[i];
    }

    return number;
}


caplat_slice
caplat_opening_key(char room[static CAPLAT_OPENING_KEY_MAX],
    caplat_slice platform, uint64_t index)
{
    caplat_writer  w = caplat_writer_of(room, CAPLAT_OPENING_KEY_MAX);

    caplat_put(&w, platform);
    caplat_put(&w, CAPLAT_LIT("\0"));
    put_number(&w, index);

    return w.full ? caplat_slice_of(room, 0) : caplat_written(&w);
}


caplat_slice
caplat_lapse_key(char room[static CAPLAT_LAPSE_KEY_LEN], int64_t expires,
    uint64_t number)
{
    caplat_writer  w = caplat_writer_of(room, CAPLAT_LAPSE_KEY_LEN);

    put_number(&w, (uint64_t) expires);
    put_number(&w, number);

    return caplat_written(&w);
}


/* Parts a certificate's key behind its enterprise's code. */
static void
split_key(caplat_slice key, caplat_slice *ca, caplat_slice *cert)
{
    caplat_cursor  c = caplat_cursor_of(key);

    c.at += CAPLAT_ORG_LEN;
    caplat_assert(caplat_take_until(&c, '\0', key.len, ca));
    caplat_assert(caplat_take_rest(&c, key.len, cert));
}


void
caplat_order_row_cert(const caplat_order_row *row, caplat_slice *org,
    caplat_slice *ca, caplat_slice *cert)
{
    *org = caplat_slice_of(row->cert, CAPLAT_ORG_LEN);
    split_key(caplat_slice_of(row->cert, row->cert_len), ca, cert);
}


void
caplat_cert_row_names(const caplat_cert_row *row, caplat_slice *ca,
    caplat_slice *cert)
{
    split_key(caplat_slice_of(row->key, row->key_len), ca, cert);
}


const caplat_order_event *
caplat_order_row_event(const caplat_order_row *row, caplat_event type,
    uint64_t mark)
{
    for (size_t i = 0; i < row->event_count; i++) {
        if (row->events[i].type == type
            && (mark == 0 || row->events[i].mark == mark))
        {
            return &row->events[i];
        }
    }

    return NULL;
}


static bool
get_number(const caplat_view *view, MDB_dbi table, uint64_t number,
    MDB_val *value)
{
    size_t   text = number;
    MDB_val  key = caplat_lmdb_of_number(&text);

    return mdb_get(view->txn, table, &key, value) == 0;
}


bool
caplat_view_order(const caplat_view *view, uint64_t number,
    caplat_order_row *row)
{
    MDB_val  value;

    return get_number(view, view->index->orders, number, &value)
        && caplat_order_row_unpack(caplat_slice_of_value(&value), row);
}


bool
caplat_view_key(const caplat_view *view, caplat_slice org,
    const uint8_t key_hash[static CAPLAT_KEY_HASH_LEN], uint64_t *number,
    caplat_order_row *row)
{
    char                  room[CAPLAT_CERT_KEY_MAX];
    const caplat_finder  *finder = view->index->finder;
    uint64_t              hash = caplat_finder_hash(finder,
                                     caplat_key_key(room, org, key_hash));
    caplat_finder_place   place = { 0, 0 };
    uint64_t              found;

    *number = 0;

    while (caplat_finder_next(finder, hash, &place, &found)) {
        if (found > *number && caplat_view_order(view, found, row)
            && caplat_slice_eq(org, caplat_slice_of(row->cert, CAPLAT_ORG_LEN))
            && memcmp(row->key_hash, key_hash, CAPLAT_KEY_HASH_LEN) == 0)
        {
            *number = found;
        }
    }

    return *number != 0 && caplat_view_order(view, *number, row);
}


/* The first row of a table from a key on. */
static bool
find_from(const caplat_view *view, MDB_dbi table, MDB_val *key,
    MDB_val *value)
{
    MDB_cursor  *cursor;
    bool         found;

    if (mdb_cursor_open(view->txn, table, &cursor) != 0) {
        return false;
    }

    found = mdb_cursor_get(cursor, key, value, MDB_SET_RANGE) == 0;
    mdb_cursor_close(cursor);

    return found;
}


/* The batch of a record, and the index of its last one. */
static bool
find_batch(const caplat_view *view, uint64_t index, uint64_t *last,
    caplat_slice *packed)
{
    size_t   number = index;
    MDB_val  key = caplat_lmdb_of_number(&number), value;

    if (!find_from(view, view->index->batches, &key, &value)) {
        return false;
    }

    memcpy(&number, key.mv_data, sizeof(number));
    *last = number;
    *packed = caplat_slice_of_value(&value);

    return true;
}


bool
caplat_view_spot(const caplat_view *view, uint64_t index, caplat_spot *spot)
{
    uint64_t      last;
    caplat_slice  packed;

    return find_batch(view, index, &last, &packed)
        && caplat_lines_spot(packed, last, index, spot);
}


bool
caplat_view_checkpoint(const caplat_view *view, uint64_t index,
    uint64_t *size, caplat_spot *spot)
{
    uint64_t      last;
    caplat_slice  packed;

    if (!find_batch(view, index, &last, &packed)
        || !caplat_lines_spot(packed, last, last + 1, spot))
    {
        return false;
    }

    *size = last + 1;

    return true;
}


bool
caplat_view_next_lapse(const caplat_view *view, int64_t *expires,
    uint64_t *number)
{
    char     room[CAPLAT_LAPSE_KEY_LEN];
    MDB_val  key = caplat_lmdb_of(caplat_lapse_key(room, 0, 0)), value;

    if (!find_from(view, view->index->lapses, &key, &value)
        || key.mv_size != CAPLAT_LAPSE_KEY_LEN)
    {
        return false;
    }

    *expires = (int64_t) caplat_key_number(caplat_slice_of(key.mv_data, 8));
    *number = caplat_key_number(caplat_slice_of_value(&key));

    return true;
}


bool
caplat_view_opening(const caplat_view *view, caplat_slice platform,
    uint64_t from, uint64_t *index)
{
    char          room[CAPLAT_OPENING_KEY_MAX];
    caplat_slice  first = caplat_opening_key(room, platform, from);
    MDB_val       key = caplat_lmdb_of(first), value;

    if (first.len == 0
        || !find_from(view, view->index->openings, &key, &value)
        || key.mv_size != first.len
        || memcmp(key.mv_data, first.ptr, platform.len + 1) != 0)
    {
        return false;
    }

    *index = caplat_key_number(caplat_slice_of_value(&key));

    return true;
}


uint64_t
caplat_view_last_order(const caplat_view *view)
{
    MDB_cursor  *cursor;
    MDB_val      key, value;
    size_t       number = 0;

    if (mdb_cursor_open(view->txn, view->index->orders, &cursor) != 0) {
        return 0;
    }

    if (mdb_cursor_get(cursor, &key, &value, MDB_LAST) == 0) {
        memcpy(&number, key.mv_data, sizeof(number));
    }

    mdb_cursor_close(cursor);

    return number;
}
