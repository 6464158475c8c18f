#include "caplat_index_view.h"


#define NUMBER_BITS  40                 /* of an entry: a certificate's number;
                                           its tag is above */
#define NUMBER_MASK  ((UINT64_C(1) << NUMBER_BITS) - 1)


/* What the finder has of a certificate, under its enterprise's code. */
static uint64_t
entry_of(const caplat_view *view, caplat_slice key, uint64_t number)
{
    return (caplat_finder_hash(view->index->finder, key) & ~NUMBER_MASK)
           | number;
}


static bool
get_cert(const caplat_view *view, uint64_t number, caplat_cert_row *row,
    bool *is_there, const char **why)
{
    size_t   text = number;
    MDB_val  key = caplat_lmdb_of_number(&text), value;
    int      code = mdb_get(view->txn, view->index->certs, &key, &value);

    *is_there = code == 0;

    return code == MDB_NOTFOUND
        || (caplat_lmdb_ok(code, why)
            && caplat_row_is_read(
                   caplat_cert_row_unpack(caplat_slice_of_value(&value), row),
                   why));
}


static uint64_t
hash_org(const caplat_view *view, caplat_slice key)
{
    return caplat_finder_hash(view->index->finder,
        caplat_slice_of(key.ptr, CAPLAT_ORG_LEN));
}


bool
caplat_view_seek_cert(const caplat_view *view, caplat_slice key,
    uint64_t *number, caplat_cert_row *row, const char **why)
{
    uint64_t             hash = hash_org(view, key), entry;
    uint64_t             tag = entry_of(view, key, 0);
    caplat_finder_place  place = { 0, 0 };
    bool                 is_there;

    while (caplat_finder_next(view->index->finder, hash, &place, &entry)) {
        if ((entry & ~NUMBER_MASK) != tag) {
            continue;
        }

        *number = entry & NUMBER_MASK;

        if (!get_cert(view, *number, row, &is_there, why)) {
            return false;
        }

        if (is_there
            && caplat_slice_eq(caplat_slice_of(row->key, row->key_len), key))
        {
            return true;
        }
    }

    *number = 0;

    return true;
}


bool
caplat_view_put_cert(caplat_view *view, uint64_t number,
    const caplat_cert_row *row, const char **why)
{
    char         room[CAPLAT_CERT_PACKED_MAX];
    size_t       text = number;
    MDB_val      key = caplat_lmdb_of_number(&text);
    MDB_val      value = caplat_lmdb_of(caplat_cert_row_pack(row, room));
    MDB_cursor  *cursor;

    return caplat_view_cursor(view, CAPLAT_CURSOR_CERTS, &cursor, why)
        && caplat_lmdb_ok(mdb_cursor_put(cursor, &key, &value, 0), why);
}


bool
caplat_view_add_cert(caplat_view *view, uint64_t number,
    const caplat_cert_row *row, const char **why)
{
    caplat_slice  key = caplat_slice_of(row->key, row->key_len);

    caplat_assert(number <= NUMBER_MASK);

    return caplat_finder_add(view->index->finder, hash_org(view, key),
               entry_of(view, key, number), why)
        && caplat_view_put_cert(view, number, row, why);
}


bool
caplat_view_cert(const caplat_view *view, caplat_slice org, caplat_slice ca,
    caplat_slice cert, caplat_cert_row *row)
{
    char          room[CAPLAT_CERT_KEY_MAX];
    caplat_slice  key = caplat_cert_key(room, org, ca, cert);
    uint64_t      number;
    const char   *ignored;

    return key.len > CAPLAT_ORG_LEN
        && caplat_view_seek_cert(view, key, &number, row, &ignored)
        && number != 0;
}


bool
caplat_view_next_cert(const caplat_view *view, caplat_slice org,
    caplat_finder_place *place, caplat_cert_row *row)
{
    uint64_t     hash = caplat_finder_hash(view->index->finder, org), entry;
    bool         is_there;
    const char  *ignored;

    while (caplat_finder_next(view->index->finder, hash, place, &entry)) {
        if (get_cert(view, entry & NUMBER_MASK, row, &is_there, &ignored)
            && is_there
            && caplat_slice_eq(caplat_slice_of(row->key, CAPLAT_ORG_LEN), org))
        {
            return true;
        }
    }

    return false;
}
