/*
 * An index held against its log: one that is right, each row that is not, and
 * whatever bit is flipped in its file.
 */

#include "index_picture.h"
#include "index_story.h"

#include "caplat_index_check.h"
#include "random.h"

#include <sys/wait.h>


#define FLIPS   300
#define SAME    0                       /* exit statuses */
#define OTHER   1


/* The audit of a folder with its index. */
static bool
check(ledger_room *room, uint64_t *indexed)
{
    caplat_audit_conf  conf;
    caplat_audit       audit;
    bool               is_done;

    memset(&conf, 0, sizeof(conf));
    memset(&audit, 0, sizeof(audit));
    conf.folder = room->folder;
    conf.verifier = &room->verifier;

    if (!caplat_index_check_open(room->folder, &conf.index, &room->error)) {
        return false;
    }

    is_done = caplat_audit_log(&conf, &audit, &room->error);
    caplat_index_check_close(conf.index);
    *indexed = audit.indexed;

    return is_done;
}


static void
must_be_right(ledger_room *room, uint64_t records, const char *words)
{
    uint64_t  indexed = 0;

    if (!test_that(check(room, &indexed), words)) {
        printf("    %.*s\n", (int) room->error.len, room->error.words);
    }

    test_number(indexed, records, words);
}


static void
must_be_wrong(ledger_room *room, const char *begin, const char *words)
{
    uint64_t      indexed;
    caplat_slice  want = test_slice(begin);

    if (!test_that(!check(room, &indexed), words)) {
        return;
    }

    test_text(caplat_slice_of(room->error.words,
                  room->error.len < want.len ? room->error.len : want.len),
        want, words);
}


/* A ledger with the story in it, closed. */
static void
tell(ledger_room *room)
{
    room_make(room);
    room_must_open(room, "new");
    test_that(play(room, story, 6)
              && play(room, story + 6, CAPLAT_COUNT(story) - 6), "the story");
    room_close(room);
}


/* Nothing of the other index is left, and nothing of this one is changed. */
static void
check_folder(ledger_room *room)
{
    static const char *const  names[] = {
        ".", "..", "checkpoint", "index", "log", "tile", "vault"
    };

    struct dirent  **list;
    int              count = scandir(room->folder, &list, NULL, alphasort);

    test_number((uint64_t) count, CAPLAT_COUNT(names), "files");

    for (int i = 0; i < count; i++) {
        if ((size_t) i < CAPLAT_COUNT(names)) {
            test_text(test_slice(list[i]->d_name), test_slice(names[i]),
                "a file");
        }

        free(list[i]);
    }

    free(list);
}


static void
test_right(void)
{
    ledger_room   room;
    caplat_slice  was, is;

    room_make(&room);
    must_be_wrong(&room, "index: there is none", "no index");
    room_must_open(&room, "new");
    room_close(&room);
    must_be_right(&room, 0, "an empty one");
    room_end(&room);

    tell(&room);
    was = room_read(&room, "index/data.mdb");
    must_be_right(&room, CAPLAT_COUNT(story), "the story");
    is = room_read(&room, "index/data.mdb");
    test_that(caplat_slice_eq(was, is), "nothing is written");
    room_free(was);
    room_free(is);
    check_folder(&room);

    room_must_open(&room, "again");
    room_must_commit(&room, 700, "many");
    room_close(&room);
    must_be_right(&room, CAPLAT_COUNT(story) + 700, "many");

    /* Made anew by a server, as after another boot. */
    room_forget(&room);
    room_must_open(&room, "made anew");
    room_close(&room);
    must_be_right(&room, CAPLAT_COUNT(story) + 700, "made anew");

    /* Records that it does not know yet are none of its. */
    was = room_read(&room, ROOM_LOG);
    room_must_open(&room, "once more");
    room_must_commit(&room, 2, "two");
    room_close(&room);
    is = room_read(&room, ROOM_LOG);
    room_write(&room, ROOM_LOG, was);
    (void) unlink(room_path(&room, "checkpoint"));
    must_be_wrong(&room, "index/head: record 712: it does not end where the "
                  "log does", "it knows more than the log");
    room_write(&room, ROOM_LOG, is);
    must_be_right(&room, CAPLAT_COUNT(story) + 702, "all of it");
    room_free(was);
    room_free(is);
    room_end(&room);
}


/* Another history, of which the index is. */
static void
test_of_another(void)
{
    ledger_room  room, other;

    tell(&room);
    room_make(&other);
    room_must_open(&other, "another");
    test_that(play(&other, story, 6), "half of the story");
    room_close(&other);
    room_must_open(&other, "again");
    room_must_commit(&other, 6, "and another end");
    room_close(&other);

    test_that(rename(room_path(&room, "index"), room_path(&room, "away")) == 0
              && rename(room_path(&other, "index"), room_path(&room, "index"))
                 == 0, "they change places");
    must_be_wrong(&room, "index/head: record 12: ", "of another log");
    room_end(&room);
    room_end(&other);
}


typedef enum {
    DROP,                               /* the row */
    TURN,                               /* a bit of its last byte */
    MORE                                /* one like it, with the key's last
                                           byte turned */
} change;

/* The n-th row of a table is another one: as the index's own process would. */
static void
change_row(ledger_room *room, size_t table, size_t n, change what)
{
    caplat_index  *index;
    caplat_view   *view;
    MDB_cursor    *cursor;
    MDB_val        key, value;
    char           bytes[4096], name[64];
    const char    *why = "";

    if (!test_that(caplat_index_open(room_path(room, "index"),
                                     (size_t) 16 << 20, false, &index, &why),
                   why)
        || !test_that(caplat_index_write(index, &view, &why), why))
    {
        return;
    }

    const MDB_dbi  tables[TABLES] = {
        index->batches, index->orders, index->certs, index->lapses,
        index->openings
    };

    test_that(mdb_cursor_open(view->txn, tables[table], &cursor) == 0,
        "a cursor");

    for (size_t i = 0; i <= n; i++) {
        test_that(mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == 0,
            "a row");
    }

    memcpy(bytes, value.mv_data, value.mv_size);
    memcpy(name, key.mv_data, key.mv_size);
    value.mv_data = bytes;
    key.mv_data = name;

    if (what == DROP) {
        test_that(mdb_cursor_del(cursor, 0) == 0, "dropped");

    } else if (what == TURN) {
        bytes[value.mv_size - 1] ^= 1;
        test_that(mdb_cursor_put(cursor, &key, &value, MDB_CURRENT) == 0,
            "turned");

    } else {
        name[key.mv_size - 1] ^= 64;
        test_that(mdb_cursor_put(cursor, &key, &value, MDB_NOOVERWRITE) == 0,
            "one more");
    }

    mdb_cursor_close(cursor);
    test_that(caplat_view_commit(view, &why), why);
    caplat_index_close(index);
}


/* Each table, by the record that its row comes from. */
static void
test_rows(void)
{
    static const struct {
        const char  *table;
        size_t       row;
        change       what;
        const char  *begin;
    } cases[] = {
        { "batches",  0, DROP, "index/batches: record 5: the row is not " },
        { "batches",  1, TURN, "index/batches: record 11: the row is not " },
        { "batches",  1, MORE, "index/batches: it has a row of no record: " },
        { "orders",   0, DROP, "index/orders: record 0: the row is not " },
        { "orders",   3, TURN, "index/orders: record 4: the row is not " },
        { "orders",   5, TURN, "index/orders: record 11: the row is not " },
        { "orders",   5, MORE, "index/orders: it has a row of no record: " },
        { "certs",    1, DROP, "index/certs: record 1: the row is not " },
        { "certs",    3, TURN, "index/certs: record 11: the row is not " },
        { "lapses",   1, DROP, "index/lapses: record 11: the row is not " },
        { "lapses",   1, MORE, "index/lapses: it has a row of no record: " },
        { "openings", 0, DROP, "index/openings: record 6: the row is not " },
        { "openings", 3, TURN, "index/openings: record 6: the row is not " },
    };

    ledger_room  room;

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        size_t  table = 0;

        while (strcmp(picture_names[table], cases[i].table) != 0) {
            table++;
        }

        tell(&room);
        change_row(&room, table, cases[i].row, cases[i].what);
        must_be_wrong(&room, cases[i].begin, cases[i].begin);
        room_end(&room);
    }
}


/* An entry that is gone, or another one: what it led to is not found. */
static void
test_finder(void)
{
    ledger_room   room;
    caplat_slice  was;
    size_t        entries = 0;

    tell(&room);
    was = room_read(&room, "index/finder");

    for (size_t at = (size_t) 16 << CAPLAT_FINDER_BITS_MIN; at < was.len;
         at += 16)
    {
        static const char  none[16];

        char  kept[16];

        if (memcmp(was.ptr + at, none, 16) == 0) {
            continue;
        }

        entries++;
        memcpy(kept, was.ptr + at, 16);

        for (size_t bit = 0; bit < 128; bit += 37) {
            ((char *) (uintptr_t) was.ptr)[at + bit / 8]
                ^= (char) (1 << bit % 8);
            room_write(&room, "index/finder", was);
            must_be_wrong(&room, "index/finder: record ", "an entry");
            memcpy((char *) (uintptr_t) was.ptr + at, kept, 16);
        }
    }

    test_number(entries, 10, "four certificates and six keys");
    room_write(&room, "index/finder", was);
    must_be_right(&room, CAPLAT_COUNT(story), "as it was");
    room_free(was);
    room_end(&room);
}


/* Roots of the frontier that its size does not have are nobody's. */
static void
forget_roots(caplat_frontier *frontier)
{
    for (size_t i = 0; i < 64; i++) {
        if ((frontier->size >> i & 1) == 0) {
            memset(&frontier->roots[i], 0, sizeof(frontier->roots[i]));
        }
    }
}


/* In a process of its own, which an index that is damaged may end. */
static int
apart(ledger_room *room, const picture *was)
{
    pid_t  child;
    int    status;

    (void) fflush(stdout);
    child = fork();

    if (child == 0) {
        uint64_t      indexed;
        caplat_index *index;
        caplat_view  *view;
        const char   *why;
        picture       is;

        (void) freopen("/dev/null", "w", stdout);
        (void) freopen("/dev/null", "w", stderr);

        if (was == NULL) {
            _exit(check(room, &indexed) ? SAME : OTHER);
        }

        if (!caplat_index_open_to_read(room_path(room, "index"), &index, &why)
            || !caplat_index_read(index, &view, &why)
            || !caplat_view_is_whole(view))
        {
            _exit(OTHER);
        }

        picture_of_view(view, &is);
        forget_roots(&is.head.frontier);
        _exit(memcmp(&is, was, sizeof(is)) == 0 ? SAME : OTHER);
    }

    test_that(waitpid(child, &status, 0) == child, "waited for");

    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}


/*
 * Whatever bit is flipped: what is taken for right is row by row what it was.
 * Many are in pages that nothing leads to.
 */
static void
test_bits(void)
{
    ledger_room   room;
    caplat_slice  was;
    picture       before;
    size_t        wrong = 0, changed = 0, missed = 0;

    random_state = 20261127;
    tell(&room);
    room_must_open(&room, "again");
    room_must_commit(&room, 300, "and many more");
    before = picture_of(&room);
    forget_roots(&before.head.frontier);
    room_close(&room);
    was = room_read(&room, "index/data.mdb");

    for (size_t i = 0; i < FLIPS; i++) {
        size_t  bit = random_below(was.len * 8);
        char   *at = (char *) (uintptr_t) was.ptr + bit / 8;
        int     is_right, is_same;

        *at ^= (char) (1 << bit % 8);
        room_write(&room, "index/data.mdb", was);
        is_right = apart(&room, NULL);
        is_same = apart(&room, &before);
        *at ^= (char) (1 << bit % 8);
        wrong += is_right != SAME;
        changed += is_same != SAME;
        missed += is_right == SAME && is_same != SAME;
    }

    test_number(missed, 0, "what was changed is found");
    test_that(changed > FLIPS / 5, "some change rows");
    test_that(wrong >= changed && wrong < FLIPS, "others do not");
    room_write(&room, "index/data.mdb", was);
    must_be_right(&room, CAPLAT_COUNT(story) + 300, "as it was");
    room_free(was);
    room_end(&room);
}


int
main(void)
{
    test_that(caplat_trust_open(), "the libraries start");

    test_right();
    test_of_another();
    test_rows();
    test_finder();
    test_bits();

    return test_done();
}
