/*
 * An index and its transactions from within: for the files that implement
 * caplat_index.h.
 */

#ifndef CAPLAT_INDEX_VIEW_H
#define CAPLAT_INDEX_VIEW_H

#include "caplat_index.h"
#include "caplat_overlay.h"
#include "caplat_text.h"

#include <lmdb.h>


struct caplat_index {
    MDB_env   *env;
    MDB_dbi    records;
    MDB_dbi    batches;
    MDB_dbi    orders;
    MDB_dbi    enterprises;
    MDB_dbi    waiting;
    MDB_dbi    openings;
    MDB_dbi    head;
};


struct caplat_view {
    const caplat_index   *index;
    MDB_txn              *txn;
    MDB_cursor           *enterprises;  /* a writer's; NULL until used */
    caplat_overlay       *overlay;      /* over enterprises; NULL: none */
    bool                  is_writer;
};


/* LMDB's words, or errno's. */
static inline const char *
caplat_lmdb_words(int code)
{
    return code == MDB_MAP_FULL
           ? "the index is full: make it larger (index=)"
           : mdb_strerror(code);
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
caplat_slice caplat_key_key(char room[static CAPLAT_CERT_KEY_MAX],
    caplat_slice org, const uint8_t key_hash[static CAPLAT_KEY_HASH_LEN]);

/* Change what a certificate holds by what the record opens and closes; false
   when there is no room. */
bool caplat_held_change(caplat_cert_row *cert, const caplat_record *record,
    const char **why);


#endif /* CAPLAT_INDEX_VIEW_H */
