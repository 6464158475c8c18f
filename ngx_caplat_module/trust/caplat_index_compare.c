#include "caplat_index_compare.h"

#include "caplat_hash.h"
#include "caplat_index_view.h"
#include "caplat_ledger_inner.h"


typedef enum {
    BATCHES,
    ORDERS,
    CERTS,
    LAPSES,
    OPENINGS,
    TABLES
} table;

static const char *const  names[TABLES] = {
    [BATCHES] = "batches", [ORDERS] = "orders", [CERTS] = "certs",
    [LAPSES] = "lapses", [OPENINGS] = "openings"
};


static bool
failed(caplat_ledger_error *error, const char *why)
{
    return caplat_ledger_fail(error, CAPLAT_LEDGER_IO, "index", why);
}


/* A row that is not what the log says, of a record or of none. */
static bool
differs(caplat_ledger_error *error, const uint64_t *index, const char *what,
    const char *why)
{
    caplat_writer  w = caplat_writer_of(error->words, sizeof(error->words));

    caplat_put(&w, CAPLAT_LIT("index/"));
    caplat_put(&w, caplat_slice_of_word(what));

    if (index != NULL) {
        caplat_put(&w, CAPLAT_LIT(": record "));
        caplat_put_number(&w, *index);
    }

    caplat_put(&w, CAPLAT_LIT(": "));
    caplat_put(&w, caplat_slice_of_word(why));
    caplat_put(&w, CAPLAT_LIT(": stop the servers, move index/ away, and start "
                              "them: they make it anew"));
    error->fault = CAPLAT_LEDGER_DAMAGED;
    error->len = w.len;

    return false;
}


/* The head says which records it knows, and that it knows them as they are. */
static bool
compare_heads(const caplat_view *is_view, const caplat_view *must_view,
    caplat_ledger_error *error)
{
    caplat_head  is, must;
    caplat_node  is_root, must_root;

    caplat_view_head(is_view, &is);
    caplat_view_head(must_view, &must);
    caplat_merkle_root(caplat_sha256, &is.frontier, &is_root);
    caplat_merkle_root(caplat_sha256, &must.frontier, &must_root);

    return (is.frontier.size == must.frontier.size
            && is.segment == must.segment && is.offset == must.offset
            && is.time_ms == must.time_ms
            && memcmp(is_root.bytes, must_root.bytes, CAPLAT_NODE_LEN) == 0)
        || differs(error, &must.frontier.size, "head",
                   "it does not end where the log does");
}


static MDB_dbi
table_of(const caplat_index *index, table which)
{
    const MDB_dbi  tables[TABLES] = {
        [BATCHES] = index->batches, [ORDERS] = index->orders,
        [CERTS] = index->certs, [LAPSES] = index->lapses,
        [OPENINGS] = index->openings
    };

    return tables[which];
}


/* Which record a row comes from, or comes from first. */
static bool
record_of(const caplat_view *must, table which, const MDB_val *key,
    uint64_t *index)
{
    caplat_order_row  row;
    size_t            number;

    if (which == LAPSES || which == OPENINGS) {
        *index = caplat_key_number(caplat_slice_of_value(key));

    } else {
        memcpy(&number, key->mv_data, sizeof(number));
        *index = number;
    }

    if (which == BATCHES || which == OPENINGS) {
        return true;
    }

    if (!caplat_view_order(must, *index, &row)) {
        return false;
    }

    *index = row.events[0].index;

    return true;
}


static bool
is_same(const MDB_val *one, const MDB_val *other)
{
    return one->mv_size == other->mv_size
        && memcmp(one->mv_data, other->mv_data, one->mv_size) == 0;
}


typedef struct {
    MDB_cursor  *cursor;
    int          code;                  /* of the last step */
    MDB_val      key;
    MDB_val      value;
} steps;


static void
step(steps *s)
{
    s->code = mdb_cursor_get(s->cursor, &s->key, &s->value, MDB_NEXT);
}


/* Where the tables part: the row is another one, or is only in one of them. */
static bool
part(const caplat_view *view, table which, const steps *is, const steps *must,
    caplat_ledger_error *error)
{
    uint64_t  index;
    bool      is_more = must->code != 0
                        || (is->code == 0
                            && mdb_cmp(view->txn, table_of(view->index, which),
                                       &is->key, &must->key) < 0);

    if (is->code != 0 && is->code != MDB_NOTFOUND) {
        return differs(error, NULL, names[which], caplat_lmdb_words(is->code));
    }

    if (must->code != 0 && must->code != MDB_NOTFOUND) {
        return failed(error, caplat_lmdb_words(must->code));
    }

    return is_more || !record_of(view, which, &must->key, &index)
           ? differs(error, NULL, names[which], "it has a row of no record")
           : differs(error, &index, names[which],
                     "the row is not what the log says");
}


static bool
compare_rows(const caplat_view *view, table which, steps *is, steps *must,
    caplat_ledger_error *error)
{
    for ( ;; ) {
        step(is);
        step(must);

        if (is->code == MDB_NOTFOUND && must->code == MDB_NOTFOUND) {
            return true;
        }

        if (is->code != 0 || must->code != 0 || !is_same(&is->key, &must->key)
            || !is_same(&is->value, &must->value))
        {
            return part(view, which, is, must, error);
        }
    }
}


/* A cursor at a table's beginning. */
static bool
open_steps(const caplat_view *view, table which, steps *s,
    caplat_ledger_error *error)
{
    int  code = mdb_cursor_open(view->txn, table_of(view->index, which),
                                &s->cursor);

    return code == 0 || failed(error, caplat_lmdb_words(code));
}


static bool
compare_table(const caplat_view *is, const caplat_view *must, table which,
    caplat_ledger_error *error)
{
    steps  is_steps, must_steps;
    bool   are_same;

    if (!open_steps(is, which, &is_steps, error)) {
        return false;
    }

    are_same = open_steps(must, which, &must_steps, error);

    if (are_same) {
        are_same = compare_rows(must, which, &is_steps, &must_steps, error);
        mdb_cursor_close(must_steps.cursor);
    }

    mdb_cursor_close(is_steps.cursor);

    return are_same;
}


static bool
leads_to_order(const caplat_view *view, const caplat_order_row *row,
    uint64_t number)
{
    char                  room[CAPLAT_CERT_KEY_MAX];
    const caplat_finder  *finder = view->index->finder;
    uint64_t              hash, found;
    caplat_finder_place   place = { 0, 0 };

    hash = caplat_finder_hash(finder, caplat_key_key(room,
               caplat_slice_of(row->cert, CAPLAT_ORG_LEN), row->key_hash));

    while (caplat_finder_next(finder, hash, &place, &found)) {
        if (found == number) {
            return true;
        }
    }

    return false;
}


static bool
leads_to_cert(const caplat_view *view, const caplat_order_row *row)
{
    caplat_cert_row  cert;
    uint64_t         number;
    const char      *ignored;

    return caplat_view_seek_cert(view,
               caplat_slice_of(row->cert, row->cert_len), &number, &cert,
               &ignored)
        && number != 0;
}


/* Tables that are the same do not tell that their rows are found. */
static bool
compare_finders(const caplat_view *is, const caplat_view *must,
    caplat_ledger_error *error)
{
    caplat_order_row  row;
    steps             s;
    bool              are_found = true;

    if (!open_steps(must, ORDERS, &s, error)) {
        return false;
    }

    for (step(&s); are_found && s.code == 0; step(&s)) {
        size_t  number;

        memcpy(&number, s.key.mv_data, sizeof(number));
        are_found = caplat_order_row_unpack(caplat_slice_of_value(&s.value),
                                            &row)
            && leads_to_order(is, &row, number)
            && leads_to_cert(is, &row);
    }

    mdb_cursor_close(s.cursor);

    return are_found || differs(error, &row.events[0].index, "finder",
                                "it does not lead to the order");
}


bool
caplat_index_compare(const caplat_view *is, const caplat_view *must,
    caplat_ledger_error *error)
{
    if (!compare_heads(is, must, error)) {
        return false;
    }

    for (table which = 0; which < TABLES; which++) {
        if (!compare_table(is, must, which, error)) {
            return false;
        }
    }

    return compare_finders(is, must, error);
}
