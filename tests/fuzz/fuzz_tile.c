/*
 * A tile's address has one spelling: what is read is written back to the same
 * bytes. And any tile of any tree that can be is written, read back, and lies
 * in its level's file where the one before it ends.
 */

#include "caplat_merkle.h"
#include "caplat_tile.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static bool
is_same(const caplat_tile *a, const caplat_tile *b)
{
    return a->is_entries == b->is_entries && a->level == b->level
        && a->number == b->number && a->width == b->width;
}


static void
check_written(const caplat_tile *tile, caplat_slice *text,
    char room[static 64])
{
    caplat_writer  w = caplat_writer_of(room, 64);
    caplat_tile    again;

    caplat_tile_write(tile, &w);
    caplat_assert(!w.full);
    *text = caplat_written(&w);
    caplat_assert(caplat_tile_read(*text, &again) && is_same(tile, &again));
}


static void
check_place(const caplat_tile *tile, uint64_t size)
{
    uint64_t     offset, len, before;
    caplat_tile  left = *tile;

    if (!caplat_tile_exists(tile, size)) {
        return;
    }

    uint64_t  each = tile->is_entries ? CAPLAT_BUNDLE_LEN : CAPLAT_NODE_LEN;

    caplat_tile_range(tile, &offset, &len);
    caplat_assert(offset + len
                  <= caplat_tile_hashes(tile->level, size) * each);

    if (tile->number != 0) {
        left.number--;
        left.width = CAPLAT_TILE_WIDTH;
        caplat_assert(caplat_tile_exists(&left, size));
        caplat_tile_range(&left, &before, &len);
        caplat_assert(before + len == offset);
    }
}


/* The input as text. */
static void
check_read(caplat_slice text)
{
    caplat_tile   tile;
    caplat_slice  written;
    char          room[64];

    if (caplat_tile_read(text, &tile)) {
        check_written(&tile, &written, room);
        caplat_assert(caplat_slice_eq(written, text));
        check_place(&tile, CAPLAT_TREE_SIZE_MAX);
        check_place(&tile, text.len * 1000);
    }
}


/* The input as a tile of a tree. */
static void
check_write(const uint8_t *data)
{
    caplat_slice  written;
    char          room[64];
    uint64_t      number, size;

    memcpy(&number, data, sizeof(number));
    memcpy(&size, data + 8, sizeof(size));

    caplat_tile  tile = { data[16] & 1, 0,
                          number % UINT64_C(1000000000000000000),
                          (unsigned) data[17] + 1 };

    if (!tile.is_entries) {
        tile.level = data[16] >> 2;
    }

    check_written(&tile, &written, room);
    check_place(&tile, size & CAPLAT_TREE_SIZE_MAX);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_read(caplat_slice_of((const char *) data, size));

    if (size >= 18) {
        check_write(data);
    }

    return 0;
}
