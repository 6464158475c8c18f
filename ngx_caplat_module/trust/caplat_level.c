#define _POSIX_C_SOURCE 200809L

#include "caplat_level.h"

#include "caplat_hash.h"
#include "caplat_io.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>


#define BITS  8                         /* of tree levels in a tile level */


void
caplat_level_name(unsigned level, char name[static CAPLAT_LEVEL_NAME_MAX])
{
    caplat_writer  w = caplat_writer_of(name, CAPLAT_LEVEL_NAME_MAX);

    caplat_put_number(&w, level);
    caplat_put(&w, CAPLAT_LIT(".hashes\0"));
}


bool
caplat_levels_open(const char *folder, bool is_writer, caplat_levels *levels)
{
    int            flags = is_writer ? O_RDWR | O_CREAT : O_RDONLY;
    char           name[CAPLAT_LEVEL_NAME_MAX];
    caplat_levels  made;

    for (unsigned i = 0; i < CAPLAT_LEVELS; i++) {
        made.levels[i] = -1;
    }

    made.entries = caplat_io_open(folder, CAPLAT_ENTRIES_NAME, flags);

    for (unsigned i = 0; made.entries >= 0 && i < CAPLAT_LEVELS; i++) {
        caplat_level_name(i, name);
        made.levels[i] = caplat_io_open(folder, name, flags);

        if (made.levels[i] < 0) {
            int  why = errno;

            caplat_levels_close(&made);
            errno = why;

            return false;
        }
    }

    if (made.entries < 0) {
        return false;
    }

    *levels = made;

    return true;
}


void
caplat_levels_close(caplat_levels *levels)
{
    for (unsigned i = 0; i < CAPLAT_LEVELS; i++) {
        if (levels->levels[i] >= 0) {
            (void) close(levels->levels[i]);
        }
    }

    if (levels->entries >= 0) {
        (void) close(levels->entries);
    }
}


bool
caplat_levels_write(const caplat_levels *levels, uint64_t index,
    const caplat_node *leaves, const uint8_t *bundles, size_t count)
{
    return caplat_io_write(levels->levels[0],
                           caplat_slice_of((const char *) leaves,
                                           count * CAPLAT_NODE_LEN),
                           index * CAPLAT_NODE_LEN)
        && caplat_io_write(levels->entries,
                           caplat_slice_of((const char *) bundles,
                                           count * CAPLAT_BUNDLE_LEN),
                           index * CAPLAT_BUNDLE_LEN);
}


bool
caplat_levels_write_hash(const caplat_levels *levels, unsigned level,
    uint64_t number, const caplat_node *node)
{
    caplat_assert(level < CAPLAT_LEVELS);

    return caplat_io_write(levels->levels[level],
                           caplat_slice_of((const char *) node->bytes,
                                           CAPLAT_NODE_LEN),
                           number * CAPLAT_NODE_LEN);
}


bool
caplat_levels_have(const caplat_levels *levels, uint64_t size)
{
    uint64_t  len;

    if (!caplat_io_length(levels->entries, &len)
        || len < size * CAPLAT_BUNDLE_LEN)
    {
        return false;
    }

    for (unsigned i = 0; i < CAPLAT_LEVELS; i++) {
        if (!caplat_io_length(levels->levels[i], &len)
            || len < caplat_tile_hashes(i, size) * CAPLAT_NODE_LEN)
        {
            return false;
        }
    }

    return true;
}


/* The root of `count` hashes of a file, a power of two, at most 128. */
static bool
root_of(const caplat_levels *levels, unsigned file, uint64_t from,
    size_t count, caplat_node *root)
{
    caplat_node  nodes[CAPLAT_TILE_WIDTH];
    size_t       len = count * CAPLAT_NODE_LEN;

    if (caplat_io_read(levels->levels[file], (char *) nodes, len,
                       from * CAPLAT_NODE_LEN)
        != (ssize_t) len)
    {
        return false;
    }

    for (; count > 1; count /= 2) {
        for (size_t i = 0; i < count / 2; i++) {
            caplat_merkle_node(caplat_sha256, &nodes[2 * i],
                &nodes[2 * i + 1], &nodes[i]);
        }
    }

    *root = nodes[0];

    return true;
}


bool
caplat_levels_read(void *data, unsigned level, uint64_t number,
    caplat_node *node)
{
    const caplat_levels  *levels = data;
    unsigned              file = level / BITS;
    size_t                count = (size_t) 1 << level % BITS;

    return file < CAPLAT_LEVELS
        && root_of(levels, file, number * count, count, node);
}
