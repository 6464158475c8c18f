#include "caplat_index.h"

#include "caplat_boot.h"
#include "caplat_index_view.h"

#include <stdlib.h>


#define LAYOUT    5                     /* of rows and keys */
#define TABLES    6


/* The one row of `head`. */
typedef struct {
    uint32_t      layout;
    uint32_t      is_whole;
    char          boot[CAPLAT_BOOT_LEN];
    char          finder[CAPLAT_FINDER_KEY_LEN];
    uint64_t      added;                /* to the finder, by then */
    caplat_head   head;
} head_row;


static int
open_tables(caplat_index *index, bool is_reader)
{
    const unsigned  make = is_reader ? 0 : MDB_CREATE;

    MDB_txn        *txn;
    int             code = mdb_txn_begin(index->env, NULL,
                                         is_reader ? MDB_RDONLY : 0, &txn);

    if (code != 0) {
        return code;
    }

    if ((code = mdb_dbi_open(txn, "batches", make|MDB_INTEGERKEY,
                             &index->batches)) != 0
        || (code = mdb_dbi_open(txn, "orders", make|MDB_INTEGERKEY,
                                &index->orders)) != 0
        || (code = mdb_dbi_open(txn, "certs", make|MDB_INTEGERKEY,
                                &index->certs)) != 0
        || (code = mdb_dbi_open(txn, "lapses", make, &index->lapses)) != 0
        || (code = mdb_dbi_open(txn, "openings", make, &index->openings)) != 0
        || (code = mdb_dbi_open(txn, "head", make, &index->head)) != 0)
    {
        mdb_txn_abort(txn);
        return code;
    }

    return mdb_txn_commit(txn);
}


/*
 * NOSYNC: what matters is in the log. No WRITEMAP: most pages are new, and the
 * first touch of a new page in a map costs more than to write it; a full disk
 * is an error then, not a signal. No NOMEMINIT: what this process had in memory
 * must not get into the file. NOTLS: a reader belongs to its view, not to its
 * thread. NORDAHEAD: pages that nobody has written yet are not read.
 */
static int
open_env(const char *folder, size_t len, caplat_index *index)
{
    int  dead, code;

    if ((code = mdb_env_set_maxdbs(index->env, TABLES)) != 0
        || (code = mdb_env_set_mapsize(index->env, len)) != 0
        || (code = mdb_env_open(index->env, folder,
                                MDB_NOSYNC|MDB_NOTLS|MDB_NORDAHEAD, 0600))
           != 0
        || (code = mdb_reader_check(index->env, &dead)) != 0)
    {
        return code;
    }

    return open_tables(index, false);
}


/* The map is as long as the one who writes has it. */
static int
open_env_to_read(const char *folder, caplat_index *index)
{
    int  code;

    if ((code = mdb_env_set_maxdbs(index->env, TABLES)) != 0
        || (code = mdb_env_open(index->env, folder,
                                MDB_RDONLY|MDB_NOTLS|MDB_NORDAHEAD, 0600))
           != 0)
    {
        return code;
    }

    return open_tables(index, true);
}


/* len 0: to read. */
static bool
open_index(const char *folder, size_t len, bool may_make,
    caplat_index **index, const char **why)
{
    caplat_index  *made = calloc(1, sizeof(*made));
    int            code;

    if (made == NULL) {
        *why = "there is no memory";
        return false;
    }

    code = mdb_env_create(&made->env);

    if (code == 0) {
        code = len != 0 ? open_env(folder, len, made)
                        : open_env_to_read(folder, made);
    }

    if (!caplat_lmdb_ok(code, why)
        || !caplat_finder_open(folder, may_make, &made->finder, why))
    {
        caplat_index_close(made);
        return false;
    }

    *index = made;

    return true;
}


bool
caplat_index_open(const char *folder, size_t len, bool may_make,
    caplat_index **index, const char **why)
{
    return open_index(folder, len, may_make, index, why);
}


bool
caplat_index_open_to_read(const char *folder, caplat_index **index,
    const char **why)
{
    return open_index(folder, 0, false, index, why);
}


void
caplat_index_close(caplat_index *index)
{
    if (index == NULL) {
        return;
    }

    if (index->env != NULL) {
        mdb_env_close(index->env);
    }

    caplat_finder_close(index->finder);
    free(index);
}


void
caplat_index_sweep(const char *folder)
{
    MDB_env  *env;
    int       dead;

    if (mdb_env_create(&env) != 0) {
        return;
    }

    if (mdb_env_open(env, folder, MDB_RDONLY|MDB_NOTLS, 0600) == 0) {
        (void) mdb_reader_check(env, &dead);
    }

    mdb_env_close(env);
}


static bool
begin(caplat_index *index, unsigned flags, caplat_view **view,
    const char **why)
{
    caplat_view  *made = calloc(1, sizeof(*made));

    if (made == NULL) {
        *why = "there is no memory";
        return false;
    }

    if (!caplat_lmdb_ok(mdb_txn_begin(index->env, NULL, flags, &made->txn),
                        why))
    {
        free(made);
        return false;
    }

    made->index = index;
    *view = made;

    return true;
}


bool
caplat_index_write(caplat_index *index, caplat_view **view, const char **why)
{
    return begin(index, 0, view, why);
}


bool
caplat_index_read(caplat_index *index, caplat_view **view, const char **why)
{
    return begin(index, MDB_RDONLY, view, why);
}


void
caplat_view_reserve(caplat_view *view, uint64_t len)
{
    view->reserve_len = len;
}


bool
caplat_view_cursor(caplat_view *view, caplat_cursor_table table,
    MDB_cursor **cursor, const char **why)
{
    const MDB_dbi  tables[CAPLAT_CURSORS] = {
        [CAPLAT_CURSOR_ORDERS] = view->index->orders,
        [CAPLAT_CURSOR_CERTS] = view->index->certs,
        [CAPLAT_CURSOR_LAPSES] = view->index->lapses
    };

    MDB_cursor  **kept = &view->cursors[table];

    if (*kept == NULL
        && !caplat_lmdb_ok(mdb_cursor_open(view->txn, tables[table], kept),
                             why))
    {
        return false;
    }

    *cursor = *kept;

    return true;
}


static void
close_cursors(caplat_view *view)
{
    for (size_t i = 0; i < CAPLAT_CURSORS; i++) {
        if (view->cursors[i] != NULL) {
            mdb_cursor_close(view->cursors[i]);
        }
    }
}


bool
caplat_view_put_new(caplat_view *view, caplat_cursor_table table, MDB_val key,
    caplat_slice bytes, const char **why)
{
    MDB_val      value = caplat_lmdb_of(bytes);
    MDB_cursor  *cursor;

    return caplat_view_cursor(view, table, &cursor, why)
        && caplat_lmdb_ok(mdb_cursor_put(cursor, &key, &value,
                                         MDB_NOOVERWRITE), why);
}


bool
caplat_view_commit(caplat_view *view, const char **why)
{
    int  code;

    close_cursors(view);
    code = mdb_txn_commit(view->txn);
    free(view);

    return caplat_lmdb_ok(code, why);
}


void
caplat_view_end(caplat_view *view)
{
    if (view == NULL) {
        return;
    }

    close_cursors(view);
    mdb_txn_abort(view->txn);
    free(view);
}


static MDB_val
head_key(void)
{
    return (MDB_val) { 4, "head" };
}


static bool
read_head(const caplat_view *view, head_row *row)
{
    MDB_val  key = head_key(), value;

    if (mdb_get(view->txn, view->index->head, &key, &value) != 0
        || value.mv_size != sizeof(*row))
    {
        memset(row, 0, sizeof(*row));
        return false;
    }

    memcpy(row, value.mv_data, sizeof(*row));

    return row->layout == LAYOUT;
}


static bool
write_head(caplat_view *view, head_row *row, const char **why)
{
    const caplat_finder  *finder = view->index->finder;
    MDB_val               key = head_key(), value = { sizeof(*row), row };

    row->layout = LAYOUT;
    row->added = caplat_finder_added(finder);
    memcpy(row->finder, caplat_finder_key(finder).ptr, sizeof(row->finder));

    return caplat_lmdb_ok(mdb_put(view->txn, view->index->head, &key, &value,
                                  0), why);
}


static bool
is_finder_of(const caplat_view *view, const head_row *row)
{
    const caplat_finder  *finder = view->index->finder;

    return caplat_slice_eq(caplat_slice_of(row->finder, sizeof(row->finder)),
               caplat_finder_key(finder))
        && caplat_finder_added(finder) >= row->added;
}


bool
caplat_view_has_finder(const caplat_view *view)
{
    head_row  row;

    return read_head(view, &row) && is_finder_of(view, &row);
}


bool
caplat_view_is_whole(const caplat_view *view)
{
    head_row  row;
    char      boot[CAPLAT_BOOT_LEN];

    return read_head(view, &row) && row.is_whole && is_finder_of(view, &row)
        && caplat_boot_read(boot) && memcmp(boot, row.boot, sizeof(boot)) == 0;
}


bool
caplat_view_clear(caplat_view *view, const char **why)
{
    const caplat_index  *index = view->index;
    const MDB_dbi        tables[TABLES] = { index->batches, index->orders,
        index->certs, index->lapses, index->openings, index->head };

    head_row             row = { .layout = 0 };

    /* One that has known the rows of before knows those that are the same, and
       readers still look for them; any other one is nobody's. */
    if (!caplat_view_has_finder(view)
        && !caplat_finder_clear(index->finder, why))
    {
        return false;
    }

    for (size_t i = 0; i < TABLES; i++) {
        if (!caplat_lmdb_ok(mdb_drop(view->txn, tables[i], 0), why)) {
            return false;
        }
    }

    return write_head(view, &row, why);
}


bool
caplat_view_set_whole(caplat_view *view, const char **why)
{
    head_row  row;

    (void) read_head(view, &row);

    if (!caplat_boot_read(row.boot)) {
        *why = "the kernel does not tell the machine's boot id";
        return false;
    }

    row.is_whole = 1;

    return write_head(view, &row, why);
}


void
caplat_view_head(const caplat_view *view, caplat_head *head)
{
    head_row  row;

    (void) read_head(view, &row);
    *head = row.head;
}


bool
caplat_view_set_head(caplat_view *view, const caplat_head *head,
    const char **why)
{
    head_row  row;

    (void) read_head(view, &row);
    row.head = *head;

    return write_head(view, &row, why);
}


bool
caplat_view_go_on(caplat_view **view, const caplat_head *head,
    const char **why)
{
    caplat_view   *ended = *view;
    caplat_index  *index = ended->index;

    if (!caplat_view_set_head(ended, head, why)) {
        return false;
    }

    *view = NULL;

    return caplat_view_commit(ended, why)
        && caplat_index_write(index, view, why);
}
