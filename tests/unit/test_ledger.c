/*
 * The ledger as one process sees it: commits, what is read back, proofs out of
 * tiles, segments, refusals, clocks, disks that are full.
 */

#include "ledger_room.h"

#include "caplat_level.h"

#include <signal.h>
#include <sys/resource.h>


/* The tree once more, by RFC 6962's words. */
static caplat_node
root_of(const caplat_node *leaves, size_t count)
{
    caplat_node  left, right, root = leaves[0];
    uint8_t      text[1 + 2 * CAPLAT_NODE_LEN];
    size_t       k = 1;

    if (count == 1) {
        return root;
    }

    while (2 * k < count) {
        k *= 2;
    }

    left = root_of(leaves, k);
    right = root_of(leaves + k, count - k);
    text[0] = 1;
    memcpy(text + 1, left.bytes, CAPLAT_NODE_LEN);
    memcpy(text + 1 + CAPLAT_NODE_LEN, right.bytes, CAPLAT_NODE_LEN);
    caplat_sha256(caplat_slice_of((const char *) text, sizeof(text)),
        root.bytes);

    return root;
}


/* The leaf of a line: of its commitment, whose salt is the line's own. */
static caplat_node
leaf_of(caplat_slice line, uint8_t entry[CAPLAT_ENTRY_LEN])
{
    caplat_record  record;
    caplat_err     err;
    caplat_node    leaf;
    uint8_t        text[1 + CAPLAT_ENTRY_LEN];

    memset(&leaf, 0, sizeof(leaf));

    if (test_that(caplat_record_read(line, &record, &err), "a record")) {
        caplat_commit(record.salt, line, entry);
        text[0] = 0;
        memcpy(text + 1, entry, CAPLAT_ENTRY_LEN);
        caplat_sha256(caplat_slice_of((const char *) text, sizeof(text)),
            leaf.bytes);
    }

    return leaf;
}


static bool
same(const caplat_node *a, const caplat_node *b)
{
    return memcmp(a->bytes, b->bytes, CAPLAT_NODE_LEN) == 0;
}


/* What the ledger tells of a record, against the tree that was made here. */
static void
check_record(ledger_room *room, const caplat_view *view, uint64_t index,
    const caplat_node *leaves, size_t size)
{
    static char        line_room[CAPLAT_RECORD_LEN_MAX];
    char               note_room[CAPLAT_CHECKPOINT_MAX];
    caplat_slice       line, note;
    caplat_checkpoint  checkpoint, its;
    caplat_node        path[CAPLAT_PATH_LEN_MAX], leaf;
    uint8_t            entry[CAPLAT_ENTRY_LEN];
    size_t             count;

    if (!test_that(caplat_ledger_line(room->ledger, view, index, line_room,
                                      &line, &room->error), "a line")
        || !test_that(caplat_ledger_checkpoint(room->ledger, view, note_room,
                                               &note, &checkpoint,
                                               &room->error), "the newest")
        || !test_that(caplat_ledger_path(room->ledger, index, size, path,
                                         &count, &room->error), "a path"))
    {
        return;
    }

    leaf = leaf_of(line, entry);
    test_that(same(&leaf, &leaves[index]), "the leaf");
    test_number(checkpoint.size, size, "the newest");
    test_that(caplat_merkle_path_holds(caplat_sha256, &leaf, index, size, path,
                                       count, &checkpoint.root), "the path");
    test_that(caplat_ledger_checkpoint_of(room->ledger, view, index, note_room,
                                          &note, &its, &room->error)
              && its.size > index, "its own checkpoint");
}


/* Tile files against hashes that are computed from scratch. */
static void
check_tiles(const ledger_room *room, const caplat_node *leaves, size_t size)
{
    caplat_slice  level0 = room_read(room, "tile/0.hashes");
    caplat_slice  level1 = room_read(room, "tile/1.hashes");
    caplat_slice  level2 = room_read(room, "tile/2.hashes");

    test_that(level0.len == size * CAPLAT_NODE_LEN
              && memcmp(level0.ptr, leaves, level0.len) == 0, "level 0");
    test_number(level1.len, size / 256 * CAPLAT_NODE_LEN, "level 1");
    test_number(level2.len, 0, "level 2");

    for (size_t i = 0; i < size / 256; i++) {
        caplat_node  root = root_of(leaves + 256 * i, 256);

        test_that(memcmp(level1.ptr + i * CAPLAT_NODE_LEN, root.bytes,
                         CAPLAT_NODE_LEN) == 0, "level 1");
    }

    room_free(level0);
    room_free(level1);
    room_free(level2);
}


/* Batches of many sizes; each is proved at once, and all at the end. */
static void
test_commits(void)
{
    static const size_t  sizes[] = { 1, 2, 3, 1, 7, 120, 121, 1, 255, 256,
                                     257, 5 };
    static caplat_node   leaves[2048];

    ledger_room        room;
    size_t             size = 0;
    caplat_checkpoint  checkpoint;
    const char        *why;
    caplat_view       *view;
    uint8_t            entry[CAPLAT_ENTRY_LEN];

    room_make(&room);
    room.conf.segment_len = 65536;
    room_must_open(&room, "new");

    for (size_t i = 0; i < CAPLAT_COUNT(sizes); i++) {
        room_must_commit(&room, sizes[i], "a batch");

        for (size_t n = 0; n < sizes[i]; n++) {
            leaves[size + n] = leaf_of(caplat_batch_line(room.batch, size + n),
                                       entry);
        }

        size += sizes[i];
        test_number(caplat_batch_size(room.batch), size, "the batch's size");
        test_number(caplat_ledger_durable(room.ledger), size, "is durable");

        caplat_node  root = root_of(leaves, size);

        test_that(caplat_checkpoint_read(caplat_batch_checkpoint(room.batch),
                                         &room.verifier, &checkpoint, &why)
                  && checkpoint.size == size && same(&checkpoint.root, &root),
                  "the batch's checkpoint");

        for (size_t n = size - sizes[i]; n < size; n++) {
            caplat_node  path[CAPLAT_PATH_LEN_MAX];
            size_t       count;

            test_that(caplat_batch_path(room.batch, n, path, &count)
                      && caplat_merkle_path_holds(caplat_sha256, &leaves[n], n,
                                                  size, path, count, &root),
                      "a path in the batch");
        }

        caplat_slice  published = room_read(&room, "checkpoint");

        test_text(published, caplat_batch_checkpoint(room.batch), "published");
        room_free(published);
    }

    for (size_t again = 0; again < 3; again++) {
        if (test_that(caplat_ledger_view(room.ledger, &view, &room.error),
                      "a view"))
        {
            for (size_t n = 0; n < size; n += 13) {
                check_record(&room, view, n, leaves, size);
            }

            caplat_view_end(view);
        }

        check_tiles(&room, leaves, size);
        room_close(&room);

        /* Then as it was, and then out of the log alone. */
        if (again == 1) {
            room_forget(&room);
            (void) unlink(room_path(&room, "tile/0.hashes"));
            (void) unlink(room_path(&room, "tile/1.hashes"));
        }

        room_must_open(&room, "again");
        test_number(caplat_ledger_torn(room.ledger).len, 0, "not torn");
    }

    room_must_hold(&room, size, "an audit");
    room_end(&room);
}


/* Nothing is written when all were refused; the clock may go back. */
static void
test_nothing_and_time(void)
{
    ledger_room   room;
    caplat_slice  before, after;
    uint64_t      next;

    room_make(&room);
    room_must_open(&room, "new");
    room_must_commit(&room, 0, "nothing on nothing");
    room_must_commit(&room, 2, "two");
    before = room_read(&room, "log/0000000000.ndjson");
    room_must_commit(&room, 0, "nothing");
    after = room_read(&room, "log/0000000000.ndjson");
    test_text(after, before, "not a byte");
    room_free(before);
    room_free(after);

    room.now_ms -= 100000000;
    room_must_commit(&room, 1, "the clock was set back");
    room_must_hold(&room, 3, "and times do not go back");

    next = caplat_ledger_next_order(room.ledger);
    room_close(&room);
    room_must_open(&room, "again");
    test_that(caplat_ledger_next_order(room.ledger) > next,
              "no number is given twice");
    room_close(&room);
    room_forget(&room);
    room_must_open(&room, "from the log");
    test_that(caplat_ledger_next_order(room.ledger) > 3,
              "nor after the index is lost");
    room_end(&room);
}


static bool
decide_twice(void *data, size_t at, caplat_batch *batch)
{
    ledger_room    *room = data;
    some_order      order;
    caplat_record   record;

    some_created(&order, caplat_ledger_next_order(room->ledger), 77,
        &record);
    (void) at;

    return caplat_batch_add(batch, &record);
}


/* A record that cannot follow gives up all of its batch. */
static void
test_cannot_follow(void)
{
    ledger_room   room;
    caplat_slice  before, after;

    room_make(&room);
    room_must_open(&room, "new");
    room_must_commit(&room, 1, "one");
    before = room_read(&room, "log/0000000000.ndjson");
    test_that(!caplat_ledger_commit(room.ledger, decide_twice, &room, 2,
                                    room.now_ms, false, &room.batch,
                                    &room.error), "two of one certificate");
    after = room_read(&room, "log/0000000000.ndjson");
    test_text(after, before, "nothing is written");
    room_must_commit(&room, 1, "and it goes on");
    room_must_hold(&room, 2, "and holds");
    room_free(before);
    room_free(after);
    room_end(&room);
}


/* A batch that was killed right after it had begun a segment: the next one
   takes it, and does not write over it. */
static void
test_rotation_killed(void)
{
    static const char *const  files[] = { "index/data.mdb", "index/shared",
                                          "checkpoint", "tile/0.hashes",
                                          "tile/entries.bundles" };

    ledger_room   room;
    caplat_slice  kept[CAPLAT_COUNT(files)], segment;

    room_make(&room);
    room.conf.segment_len = 1;
    room.conf.index_len = (size_t) 4 << 20;
    room_must_open(&room, "new");
    room_must_commit(&room, 2, "first");
    room_close(&room);

    for (size_t i = 0; i < CAPLAT_COUNT(files); i++) {
        kept[i] = room_read(&room, files[i]);
    }

    room_must_open(&room, "again");
    room_must_commit(&room, 3, "second");
    room_close(&room);
    segment = room_read(&room, "log/0000000002.ndjson");
    test_that(segment.len != 0, "a segment of its own");

    for (size_t i = 0; i < CAPLAT_COUNT(files); i++) {
        room_write(&room, files[i], kept[i]);
        room_free(kept[i]);
    }

    (void) unlink(room_path(&room, "log/0000000002.ndjson"));
    room_must_open(&room, "as before the second");
    test_number(caplat_ledger_durable(room.ledger), 2, "as before");

    /* Another process, killed between its write and the index. */
    room_write(&room, "log/0000000002.ndjson", segment);
    (void) caplat_ledger_next_order(room.ledger);
    (void) caplat_ledger_next_order(room.ledger);
    (void) caplat_ledger_next_order(room.ledger);
    room_must_commit(&room, 1, "third");
    test_number(caplat_ledger_durable(room.ledger), 6, "all six");
    room_must_hold(&room, 6, "all six");
    room_must_commit(&room, 1, "and on");
    room_must_hold(&room, 7, "and on");
    room_free(segment);
    room_end(&room);
}


/* No room: in the index, by the reserve, by the file's limit. */
static void
test_full(void)
{
    ledger_room    room;
    struct rlimit  was, less;
    uint64_t       size = 0;
    caplat_audit   audit;
    struct stat    st;

    room_make(&room);
    room.conf.index_len = (size_t) 256 << 10;
    room_must_open(&room, "a small index");

    while (size < 10000 && room_commit(&room, 64)) {
        size += 64;
    }

    test_that(size != 0 && size < 10000, "the index is full");
    test_number(room.error.fault, CAPLAT_LEDGER_FULL, "the index is full");

    /* A batch for which it was full only at the end stands in the log. */
    test_that(room_audit(&room, &audit)
              && (audit.records == size || audit.records == size + 64),
              "what was told is there");
    size = audit.records;
    room_close(&room);
    room.conf.index_len = (size_t) 8 << 20;
    room_must_open(&room, "a larger index");
    room_must_commit(&room, 64, "goes on");
    size += 64;

    room_close(&room);
    room.conf.reserve_len = UINT64_MAX;
    room_must_open(&room, "no reserve");
    test_that(!room_commit(&room, 1), "no reserve");
    test_number(room.error.fault, CAPLAT_LEDGER_FULL, "no reserve");
    room_close(&room);
    room.conf.reserve_len = 0;
    room_must_open(&room, "again");

    (void) signal(SIGXFSZ, SIG_IGN);
    test_that(getrlimit(RLIMIT_FSIZE, &was) == 0, "limits");
    test_that(stat(room_path(&room, "log/0000000000.ndjson"), &st) == 0,
              "limits");
    less = was;
    less.rlim_cur = (rlim_t) st.st_size + 700;
    test_that(setrlimit(RLIMIT_FSIZE, &less) == 0, "limits");
    test_that(!room_commit(&room, 5), "a short write");
    test_number(room.error.fault, CAPLAT_LEDGER_FULL, "a short write");
    test_that(setrlimit(RLIMIT_FSIZE, &was) == 0, "limits");
    room_must_hold(&room, size, "nothing is left of it");
    room_must_commit(&room, 5, "and it goes on");
    room_must_hold(&room, size + 5, "and holds");
    room_end(&room);
}


/* A tile that rots on this boot is not believed: it is made anew. */
static void
test_tile_rots(void)
{
    ledger_room    room;
    caplat_slice   tile;
    caplat_view   *view;
    caplat_node    path[CAPLAT_PATH_LEN_MAX];
    size_t         count;

    room_make(&room);
    room_must_open(&room, "new");
    room_must_commit(&room, 4, "four");
    room_close(&room);
    tile = room_read(&room, "tile/0.hashes");
    ((char *) (uintptr_t) tile.ptr)[40] ^= 1;
    room_write(&room, "tile/0.hashes", tile);
    room_free(tile);

    caplat_audit  audit;

    test_that(!room_audit(&room, &audit)
              && memmem(room.error.words, room.error.len, "record 1", 8)
                 != NULL, "an audit names the record");

    if (room_must_open(&room, "a tile has rotted")
        && caplat_ledger_view(room.ledger, &view, &room.error))
    {
        test_that(caplat_ledger_path(room.ledger, 0, 4, path, &count,
                                     &room.error), "a path");
        caplat_view_end(view);
    }

    room_must_hold(&room, 4, "it was made anew");
    room_end(&room);
}


/* Files that must not be there, or may not be read by others. */
static void
test_modes(void)
{
    static const char *const  names[] = { "log/0000000000.ndjson",
        "index/data.mdb", "index/shared", "tile/0.hashes" };

    ledger_room  room;
    struct stat  st;

    room_make(&room);
    room_must_open(&room, "new");
    room_must_commit(&room, 1, "one");

    for (size_t i = 0; i < CAPLAT_COUNT(names); i++) {
        test_that(stat(room_path(&room, names[i]), &st) == 0
                  && (st.st_mode & 0777) == 0600, names[i]);
    }

    test_that(stat(room.folder, &st) == 0 && (st.st_mode & 0777) == 0700,
              "the folder");
    room_end(&room);
}


int
main(void)
{
    test_that(caplat_trust_open(), "the libraries start");

    test_commits();
    test_nothing_and_time();
    test_cannot_follow();
    test_rotation_killed();
    test_full();
    test_tile_rots();
    test_modes();

    return test_done();
}
