#include "caplat_tile.h"

#include "caplat_merkle.h"


#define GROUP        1000               /* an address's numbers, three digits */
#define GROUPS_MAX   6                  /* 10^18: more than any tree has */
#define LEVEL_MAX    63                 /* that can be written */


/* Three digits. */
static bool
take_group(caplat_cursor *c, uint64_t *value)
{
    caplat_cursor  walk = *c;
    uint64_t       number = 0;

    for (size_t i = 0; i < 3; i++) {
        if (caplat_cursor_left(&walk) == 0 || *walk.at < '0'
            || *walk.at > '9')
        {
            return false;
        }

        number = number * 10 + (uint64_t) (*walk.at++ - '0');
    }

    *value = number;
    *c = walk;

    return true;
}


/* Groups with an x, and one without; the first is 000 only where it is all. */
static bool
take_number(caplat_cursor *c, uint64_t *number)
{
    caplat_cursor  walk = *c;
    uint64_t       value = 0, group;
    size_t         count = 0;
    bool           more;

    do {
        more = caplat_take_literal(&walk, CAPLAT_LIT("x"));

        if (count == GROUPS_MAX || !take_group(&walk, &group)
            || (more && (!caplat_take_literal(&walk, CAPLAT_LIT("/"))
                         || (count == 0 && group == 0))))
        {
            return false;
        }

        value = value * GROUP + group;
        count++;
    } while (more);

    *number = value;
    *c = walk;

    return true;
}


bool
caplat_tile_read(caplat_slice path, caplat_tile *tile)
{
    caplat_cursor  c = caplat_cursor_of(path);
    caplat_tile    read = { false, 0, 0, CAPLAT_TILE_WIDTH };
    uint64_t       value;

    if (!caplat_take_literal(&c, CAPLAT_LIT("tile/"))) {
        return false;
    }

    if (caplat_take_literal(&c, CAPLAT_LIT("entries/"))) {
        read.is_entries = true;

    } else if (!caplat_take_uint(&c, LEVEL_MAX, &value)
               || !caplat_take_literal(&c, CAPLAT_LIT("/")))
    {
        return false;

    } else {
        read.level = (unsigned) value;
    }

    if (!take_number(&c, &read.number)) {
        return false;
    }

    if (caplat_take_literal(&c, CAPLAT_LIT(".p/"))) {
        if (!caplat_take_uint(&c, CAPLAT_TILE_WIDTH - 1, &value)
            || value == 0)
        {
            return false;
        }

        read.width = (unsigned) value;
    }

    if (caplat_cursor_left(&c) != 0) {
        return false;
    }

    *tile = read;

    return true;
}


static void
put_group(caplat_writer *w, uint64_t group)
{
    char  digits[3] = { (char) ('0' + group / 100),
                        (char) ('0' + group / 10 % 10),
                        (char) ('0' + group % 10) };

    caplat_put(w, caplat_slice_of(digits, sizeof(digits)));
}


void
caplat_tile_write(const caplat_tile *tile, caplat_writer *w)
{
    uint64_t  scale = 1;

    if (tile->is_entries) {
        caplat_put(w, CAPLAT_LIT("tile/entries/"));

    } else {
        caplat_put(w, CAPLAT_LIT("tile/"));
        caplat_put_number(w, tile->level);
        caplat_put(w, CAPLAT_LIT("/"));
    }

    while (tile->number / scale >= GROUP) {
        scale *= GROUP;
    }

    for (; scale > 1; scale /= GROUP) {
        caplat_put(w, CAPLAT_LIT("x"));
        put_group(w, tile->number / scale % GROUP);
        caplat_put(w, CAPLAT_LIT("/"));
    }

    put_group(w, tile->number % GROUP);

    if (tile->width != CAPLAT_TILE_WIDTH) {
        caplat_put(w, CAPLAT_LIT(".p/"));
        caplat_put_number(w, tile->width);
    }
}


uint64_t
caplat_tile_hashes(unsigned level, uint64_t size)
{
    return level > CAPLAT_TILE_LEVEL_MAX ? 0 : size >> (8 * level);
}


bool
caplat_tile_exists(const caplat_tile *tile, uint64_t size)
{
    uint64_t  hashes = caplat_tile_hashes(tile->level, size);

    return tile->number < CAPLAT_TREE_SIZE_MAX / CAPLAT_TILE_WIDTH
        && tile->number * CAPLAT_TILE_WIDTH + tile->width <= hashes;
}


void
caplat_tile_range(const caplat_tile *tile, uint64_t *offset, uint64_t *len)
{
    uint64_t  each = tile->is_entries ? CAPLAT_BUNDLE_LEN : CAPLAT_NODE_LEN;

    *offset = tile->number * CAPLAT_TILE_WIDTH * each;
    *len = tile->width * each;
}
