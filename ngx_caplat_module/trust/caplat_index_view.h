/*
 * An index and its transactions from within: for the files that implement
 * caplat_index.h.
 */

#ifndef CAPLAT_INDEX_VIEW_H
#define CAPLAT_INDEX_VIEW_H

#include "caplat_index.h"
#include "caplat_text.h"

#include <errno.h>
#include <lmdb.h>


struct caplat_index {
    MDB_env        *env;
    MDB_dbi         batches;
    MDB_dbi         orders;
    MDB_dbi         certs;
    MDB_dbi         lapses;
    MDB_dbi         openings;
    MDB_dbi         head;
    caplat_finder  *finder;
};


/* Tables of which a writer keeps where it was: new rows go behind all of
   before. */
typedef enum {
    CAPLAT_CURSOR_ORDERS,
    CAPLAT_CURSOR_CERTS,
    CAPLAT_CURSOR_LAPSES,
    CAPLAT_CURSORS
} caplat_cursor_table;


struct caplat_view {
    caplat_index         *index;
    MDB_txn              *txn;
    MDB_cursor           *cursors[CAPLAT_CURSORS];  /* NULL until used */
    uint64_t              reserve_len;  /* that is to stay free of the disk */
};


/* LMDB's words, or errno's. */
static inline const char *
caplat_lmdb_words(int code)
{
    return code == MDB_MAP_FULL
           ? "the index is full: make it larger (index=)"
           : code == EIO
           ? "it cannot be written: the disk is full, or fails"
           : mdb_strerror(code);
}


static inline bool
caplat_lmdb_ok(int code, const char **why)
{
    if (code != 0) {
        *why = caplat_lmdb_words(code);
    }

    return code == 0;
}


/* The key of a certificate or of a key's hash; all of them fit. */
static inline MDB_val
caplat_lmdb_of(caplat_slice text)
{
    return (MDB_val) { text.len, (void *) (uintptr_t) text.ptr };
}


caplat_slice caplat_cert_key(char room[static CAPLAT_CERT_KEY_MAX],
    caplat_slice org, caplat_slice ca, caplat_slice cert);
/* The key of what a record says of a platform. */
#define CAPLAT_OPENING_KEY_MAX  (CAPLAT_NAME_LEN_MAX + 1 + 8)
caplat_slice caplat_opening_key(char room[static CAPLAT_OPENING_KEY_MAX],
    caplat_slice platform, uint64_t index);
#define CAPLAT_LAPSE_KEY_LEN  16
caplat_slice caplat_lapse_key(char room[static CAPLAT_LAPSE_KEY_LEN],
    int64_t expires, uint64_t number);
/* The number that one of those two ends with. */
uint64_t caplat_key_number(caplat_slice key);
caplat_slice caplat_key_key(char room[static CAPLAT_CERT_KEY_MAX],
    caplat_slice org, const uint8_t key_hash[static CAPLAT_KEY_HASH_LEN]);

/* A batch's row as it stands in the table, of that length. */
static inline size_t
caplat_lines_packed_len(size_t count)
{
    return 3 * sizeof(uint64_t) + (count + 1) * sizeof(uint32_t);
}


void caplat_lines_pack(const caplat_lines *lines, char *room);

/* A line of it: of a record, or behind the last one the checkpoint's. False
   when it is none such. */
bool caplat_lines_spot(caplat_slice packed, uint64_t last, uint64_t index,
    caplat_spot *spot);

/* An order's row as it stands in the table. */
#define CAPLAT_ORDER_PACKED_HEAD                                              \
    ((5 + CAPLAT_CHANNEL_COUNT) * 8 + CAPLAT_KEY_HASH_LEN + CAPLAT_PRINT_LEN  \
     + 4)
#define CAPLAT_ORDER_PACKED_MAX                                               \
    (CAPLAT_ORDER_PACKED_HEAD + CAPLAT_ORDER_EVENTS * 17                      \
     + CAPLAT_ORDER_ID_LEN_MAX + CAPLAT_CERT_KEY_MAX)
caplat_slice caplat_order_row_pack(const caplat_order_row *row,
    char room[static CAPLAT_ORDER_PACKED_MAX]);

/* False when it is none, byte for byte. */
bool caplat_order_row_unpack(caplat_slice packed, caplat_order_row *row);

/* The same of a certificate's. */
#define CAPLAT_CERT_PACKED_HEAD  17
#define CAPLAT_CERT_PACKED_MAX                                                \
    (CAPLAT_CERT_PACKED_HEAD + CAPLAT_CERT_KEY_MAX + CAPLAT_HELD_LEN_MAX)
caplat_slice caplat_cert_row_pack(const caplat_cert_row *row,
    char room[static CAPLAT_CERT_PACKED_MAX]);
bool caplat_cert_row_unpack(caplat_slice packed, caplat_cert_row *row);

static inline caplat_slice
caplat_slice_of_value(const MDB_val *value)
{
    return caplat_slice_of(value->mv_data, value->mv_size);
}


static inline bool
caplat_row_is_read(bool is, const char **why)
{
    if (!is) {
        *why = "the index has a row that cannot be read";
    }

    return is;
}


/* The writer's one cursor of a table. */
bool caplat_view_cursor(caplat_view *view, caplat_cursor_table table,
    MDB_cursor **cursor, const char **why);

/* A new row, mostly behind all others, where the cursor stands. */
bool caplat_view_put_new(caplat_view *view, caplat_cursor_table table,
    MDB_val key, caplat_slice bytes, const char **why);

static inline MDB_val
caplat_lmdb_of_number(const size_t *number)
{
    return (MDB_val) { sizeof(*number), (void *) (uintptr_t) number };
}


/* What the finder has it under. */
uint64_t caplat_view_cert_hash(const caplat_view *view, caplat_slice key);

/* The certificate of a key, and its number; 0: there is none yet. */
bool caplat_view_seek_cert(const caplat_view *view, caplat_slice key,
    uint64_t *number, caplat_cert_row *row, const char **why);

/* Put it again, with what has changed. */
bool caplat_view_put_cert(caplat_view *view, uint64_t number,
    const caplat_cert_row *row, const char **why);

/* A new one. */
bool caplat_view_add_cert(caplat_view *view, uint64_t number,
    const caplat_cert_row *row, const char **why);


/* Change what a certificate holds by what the record opens and closes; false
   when there is no room. */
bool caplat_held_change(caplat_cert_row *cert, const caplat_record *record,
    const char **why);


#endif /* CAPLAT_INDEX_VIEW_H */
