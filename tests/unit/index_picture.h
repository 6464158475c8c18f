/*
 * A picture of a ledger's index, row by row, to compare another one with.
 */

#ifndef INDEX_PICTURE_H
#define INDEX_PICTURE_H

#include "ledger_room.h"

#include "caplat_index_view.h"

#include <sodium.h>


#define TABLES  5


/* A table's rows as one hash. */
static inline void
hash_table(const caplat_view *view, MDB_dbi table, uint64_t *rows,
    uint8_t out[32])
{
    crypto_generichash_state   state;
    MDB_cursor                *cursor;
    MDB_val                    key, value;

    *rows = 0;
    crypto_generichash_init(&state, NULL, 0, 32);
    test_that(mdb_cursor_open(view->txn, table, &cursor) == 0, "a cursor");

    while (mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == 0) {
        crypto_generichash_update(&state, key.mv_data, key.mv_size);
        crypto_generichash_update(&state, value.mv_data, value.mv_size);
        (*rows)++;
    }

    mdb_cursor_close(cursor);
    crypto_generichash_final(&state, out, 32);
}


static const char *const  picture_names[TABLES] = {
    "batches", "orders", "certs", "lapses", "openings"
};


typedef struct {
    caplat_head  head;
    uint64_t     rows[TABLES];
    uint8_t      hashes[TABLES][32];
} picture;


/* All of a view but the finder, whose key is another one each time. */
static inline void
picture_of_view(const caplat_view *view, picture *made)
{
    const MDB_dbi  tables[TABLES] = {
        view->index->batches, view->index->orders, view->index->certs,
        view->index->lapses, view->index->openings
    };

    memset(made, 0, sizeof(*made));
    caplat_view_head(view, &made->head);

    for (size_t i = 0; i < TABLES; i++) {
        hash_table(view, tables[i], &made->rows[i], made->hashes[i]);
    }
}


static inline picture
picture_of(ledger_room *room)
{
    caplat_view  *view;
    picture       made;

    memset(&made, 0, sizeof(made));

    if (test_that(caplat_ledger_view(room->ledger, &view, &room->error),
                  "a view"))
    {
        picture_of_view(view, &made);
        caplat_view_end(view);
    }

    return made;
}


static inline void
check_same(ledger_room *room, const picture *was)
{
    picture  is = picture_of(room);

    for (size_t i = 0; i < TABLES; i++) {
        test_number(is.rows[i], was->rows[i], picture_names[i]);
        test_that(memcmp(is.hashes[i], was->hashes[i], sizeof(is.hashes[i]))
                  == 0, picture_names[i]);
    }

    test_that(memcmp(&is.head, &was->head, sizeof(is.head)) == 0,
        "the same head");
}


#endif /* INDEX_PICTURE_H */
