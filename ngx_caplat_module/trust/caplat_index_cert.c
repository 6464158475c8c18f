#include "caplat_index_view.h"


#define NUMBER_BITS  40                 /* of an entry: a certificate's number;
                                           its tag is above */
#define NUMBER_MASK  ((UINT64_C(1) << NUMBER_BITS) - 1)
#define PLACES       64                 /* of an enterprise: none has so many
                                           certificates that a place is long */


/* What the finder has of a certificate, without its number. */
static uint64_t
tag_of(const caplat_view *view, caplat_slice key)
{
    return caplat_finder_hash(view->index->finder, key) & ~NUMBER_MASK;
}


/* One of an enterprise's places. */
static uint64_t
place_of(const caplat_view *view, caplat_slice org, uint64_t number)
{
    return caplat_finder_hash(view->index->finder, org)
           + number * UINT64_C(0x9E3779B97F4A7C16);
}


/* The place of a certificate, by its tag. */
static uint64_t
place_of_cert(const caplat_view *view, caplat_slice key, uint64_t tag)
{
    return place_of(view, caplat_slice_of(key.ptr, CAPLAT_ORG_LEN),
        tag >> NUMBER_BITS & (PLACES - 1));
}


uint64_t
caplat_view_cert_hash(const caplat_view *view, caplat_slice key)
{
    return place_of_cert(view, key, tag_of(view, key));
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


bool
caplat_view_seek_cert(const caplat_view *view, caplat_slice key,
    uint64_t *number, caplat_cert_row *row, const char **why)
{
    uint64_t             tag = tag_of(view, key);
    uint64_t             hash = place_of_cert(view, key, tag), entry;
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
    uint64_t      tag = tag_of(view, key);

    if (number > NUMBER_MASK) {
        *why = "the order's number is too great";
        return false;
    }

    return caplat_finder_add(view->index->finder,
               place_of_cert(view, key, tag), tag | number,
               view->reserve_len, why)
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


/* The certificate of an entry; false: there is none such. */
static bool
get_of_entry(const caplat_view *view, caplat_slice org, uint64_t entry,
    caplat_cert_row *row)
{
    bool         is_there;
    const char  *ignored;

    return get_cert(view, entry & NUMBER_MASK, row, &is_there, &ignored)
        && is_there
        && caplat_slice_eq(caplat_slice_of(row->key, CAPLAT_ORG_LEN), org)
        && tag_of(view, caplat_slice_of(row->key, row->key_len))
           == (entry & ~NUMBER_MASK);
}


bool
caplat_view_next_cert(const caplat_view *view, caplat_slice org,
    caplat_org_place *place, caplat_cert_row *row)
{
    uint64_t  entry;

    for (; place->number < PLACES; place->number++) {
        uint64_t  hash = place_of(view, org, place->number);

        while (caplat_finder_next(view->index->finder, hash, &place->place,
                                  &entry))
        {
            if (get_of_entry(view, org, entry, row)) {
                return true;
            }
        }

        place->place.steps = 0;
    }

    return false;
}
