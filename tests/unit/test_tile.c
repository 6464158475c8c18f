#include "caplat_tile.h"

#include "caplat_hash.h"
#include "caplat_merkle.h"

#include "log_example.h"


/* Read it, and write the same; width 0: it is not to be read. */
static void
test_path(const char *path, bool is_entries, unsigned level, uint64_t number,
    unsigned width)
{
    char           room[64];
    caplat_writer  w = caplat_writer_of(room, sizeof(room));
    caplat_tile    tile = { false, 9, 9, 9 };

    if (!test_that(caplat_tile_read(test_slice(path), &tile) == (width != 0),
                   path)
        || width == 0)
    {
        test_that(tile.level == 9 && tile.number == 9 && tile.width == 9,
                  path);
        return;
    }

    test_that(tile.is_entries == is_entries, path);
    test_number(tile.level, level, path);
    test_number(tile.number, number, path);
    test_number(tile.width, width, path);
    caplat_tile_write(&tile, &w);
    test_text(caplat_written(&w), test_slice(path), "written again");
}


static void
test_paths(void)
{
    test_path("tile/0/000", false, 0, 0, 256);
    test_path("tile/0/999", false, 0, 999, 256);
    test_path("tile/0/x001/000", false, 0, 1000, 256);
    test_path("tile/0/x999/999", false, 0, 999999, 256);
    test_path("tile/0/x001/x000/000", false, 0, 1000000, 256);
    test_path("tile/0/x001/x234/067", false, 0, 1234067, 256);
    test_path("tile/0/x123/x456/789", false, 0, 123456789, 256);
    test_path("tile/0/x123/x456/x789/x012/x345/678", false, 0,
              UINT64_C(123456789012345678), 256);
    test_path("tile/0/273.p/112", false, 0, 273, 112);
    test_path("tile/2/000.p/1", false, 2, 0, 1);
    test_path("tile/63/000.p/255", false, 63, 0, 255);
    test_path("tile/entries/000.p/5", true, 0, 0, 5);
    test_path("tile/entries/x003/906.p/64", true, 0, 3906, 64);
    test_path("tile/entries/x003/905", true, 0, 3905, 256);
}


/* Whatever is not the one spelling. */
static void
test_other_spellings(void)
{
    static const char *const  paths[] = {
        "", "tile", "tile/", "tile/0", "tile/0/", "tile//000", "/tile/0/000",
        "tile/64/000", "tile/00/000", "tile/01/000", "tile/-1/000",
        "tile/+1/000", "tile/ 1/000", "tile/0x/000", "tile/Entries/000",
        "tile/entries", "tile/entries/", "tile/entries/0/000",
        "tile/data/000",
        "tile/0/0", "tile/0/00", "tile/0/0000", "tile/0/1000", "tile/0/00a",
        "tile/0/x000", "tile/0/x001", "tile/0/x001/", "tile/0/001/000",
        "tile/0/x000/001", "tile/0/x000/x001/000", "tile/0/x001/x000",
        "tile/0/X001/000", "tile/0/x01/000", "tile/0/x0001/000",
        "tile/0/x001/000/", "tile/0/x001//000", "tile/0/000 ", "tile/0/000\n",
        "tile/0/x001/x002/x003/x004/x005/x006/007",
        "tile/0/000.p", "tile/0/000.p/", "tile/0/000.p/0", "tile/0/000.p/01",
        "tile/0/000.p/256", "tile/0/000.p/1000", "tile/0/000.p/1/",
        "tile/0/000.p/-1", "tile/0/000.p/1.p/1", "tile/0/000.P/1",
        "tile/0/000/p/1", "tile/0/x001.p/1/000",
        "tile/0/000.p/18446744073709551617",
        "tile/18446744073709551616/000", "tile/0/000?x", "tile/0/%30%30%30",
        "tile/0/../0/000", "tile/0/\xef\xbc\x90\xef\xbc\x90\xef\xbc\x90",
    };

    for (size_t i = 0; i < CAPLAT_COUNT(paths); i++) {
        test_path(paths[i], false, 0, 0, 0);
    }

    caplat_tile  tile;

    test_that(!caplat_tile_read(CAPLAT_LIT("tile/0/000\0"), &tile),
              "a NUL is no end");
}


/* The last tile of each level of a tree, and how many stand before it. */
typedef struct {
    uint64_t    size;
    unsigned    level;
    uint64_t    full;
    unsigned    width;                  /* 0: there is no partial one */
} shape;

static void
test_shape(const shape *s)
{
    caplat_tile  tile = { false, s->level, s->full, s->width };

    test_number(caplat_tile_hashes(s->level, s->size),
                s->full * CAPLAT_TILE_WIDTH + s->width, "hashes of a level");

    if (s->width != 0) {
        test_that(caplat_tile_exists(&tile, s->size), "the partial one");
    }

    tile.width = s->width + 1;
    test_that(!caplat_tile_exists(&tile, s->size), "no wider one");

    tile.width = CAPLAT_TILE_WIDTH;
    test_that(!caplat_tile_exists(&tile, s->size), "nor a full one");

    tile.number++;
    tile.width = 1;
    test_that(!caplat_tile_exists(&tile, s->size), "nor one behind it");

    if (s->full != 0) {
        tile.number = s->full - 1;
        tile.width = CAPLAT_TILE_WIDTH;
        test_that(caplat_tile_exists(&tile, s->size), "the last full one");
        tile.width = 17;
        test_that(caplat_tile_exists(&tile, s->size), "and as it once was");
    }
}


static void
test_shapes(void)
{
    static const shape  shapes[] = {
        { 0, 0, 0, 0 },
        { 1, 0, 0, 1 }, { 1, 1, 0, 0 },
        { 5, 0, 0, 5 }, { 5, 1, 0, 0 },
        { 255, 0, 0, 255 }, { 255, 1, 0, 0 },
        { 256, 0, 1, 0 }, { 256, 1, 0, 1 }, { 256, 2, 0, 0 },
        { 257, 0, 1, 1 }, { 257, 1, 0, 1 },
        { 65536, 0, 256, 0 }, { 65536, 1, 1, 0 }, { 65536, 2, 0, 1 },
        { 70000, 0, 273, 112 }, { 70000, 1, 1, 17 }, { 70000, 2, 0, 1 },
        { 70000, 3, 0, 0 },
        { 1000000, 0, 3906, 64 }, { 1000000, 1, 15, 66 },
        { 1000000, 2, 0, 15 }, { 1000000, 3, 0, 0 }, { 1000000, 7, 0, 0 },
        { 1000000, 8, 0, 0 }, { 1000000, 63, 0, 0 },
        { CAPLAT_TREE_SIZE_MAX, 6, 0, 31 }, { CAPLAT_TREE_SIZE_MAX, 7, 0, 0 },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(shapes); i++) {
        test_shape(&shapes[i]);
    }

    test_that(!caplat_tile_exists(&(caplat_tile) { false, 0,
                                      UINT64_C(999999999999999999), 256 },
                                  CAPLAT_TREE_SIZE_MAX),
              "no tree is as large as an address can be");
}


static void
test_range(const char *path, uint64_t offset, uint64_t len)
{
    caplat_tile  tile;
    uint64_t     is_offset, is_len;

    if (test_that(caplat_tile_read(test_slice(path), &tile), path)) {
        caplat_tile_range(&tile, &is_offset, &is_len);
        test_number(is_offset, offset, path);
        test_number(is_len, len, path);
    }
}


/* The tile of the example, 160 bytes. */
static void
test_example(void)
{
    char  bytes[LOG_SIZE * CAPLAT_NODE_LEN], hex[CAPLAT_HEX_LEN];

    for (size_t i = 0; i < LOG_SIZE; i++) {
        caplat_node  node = log_node(log_leaves[i]);

        memcpy(bytes + i * CAPLAT_NODE_LEN, node.bytes, CAPLAT_NODE_LEN);
    }

    caplat_sha256_hex(caplat_slice_of(bytes, sizeof(bytes)), hex);
    test_text(caplat_slice_of(hex, sizeof(hex)),
              CAPLAT_LIT("8846f67b97b3fe0c126b0e7fa662a766"
                         "70bb9967312d2ddc438f51677cc0e238"), "tile/0/000.p/5");

    test_range("tile/0/000.p/5", 0, sizeof(bytes));
    test_range("tile/0/000", 0, 8192);
    test_range("tile/0/001.p/1", 8192, 32);
    test_range("tile/1/015.p/66", UINT64_C(15) * 8192, UINT64_C(66) * 32);
    test_range("tile/entries/000.p/5", 0, 170);
    test_range("tile/entries/x001/000", UINT64_C(8704000), 8704);
}


int
main(void)
{
    test_that(caplat_trust_open(), "the libraries start");

    test_paths();
    test_other_spellings();
    test_shapes();
    test_example();

    return test_done();
}
