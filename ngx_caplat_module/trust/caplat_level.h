/*
 * The tree's hashes in files: `tile/L.hashes` of each tile level, and
 * `tile/entries.bundles` (caplat_tile.h). All grow at their ends only, and are
 * derived from the log.
 */

#ifndef CAPLAT_LEVEL_H
#define CAPLAT_LEVEL_H

#include "caplat_merkle.h"
#include "caplat_tile.h"


#define CAPLAT_LEVELS            (CAPLAT_TILE_LEVEL_MAX + 1)
#define CAPLAT_LEVEL_NAME_MAX    32     /* bytes with the NUL */


/* Names of the files below `tile/`. */
void caplat_level_name(unsigned level, char name[static CAPLAT_LEVEL_NAME_MAX]);
#define CAPLAT_ENTRIES_NAME  "entries.bundles"


/* A process's own; for one writer, and readers in any thread. */
typedef struct {
    int    levels[CAPLAT_LEVELS];
    int    entries;
} caplat_levels;


/* Open them in a folder; made when is_writer. False: errno tells. */
bool caplat_levels_open(const char *folder, bool is_writer,
    caplat_levels *levels);
void caplat_levels_close(caplat_levels *levels);

/* Write what a batch has added to tile level 0: leaf hashes and entries from an
   index on. False: errno tells. */
bool caplat_levels_write(const caplat_levels *levels, uint64_t index,
    const caplat_node *leaves, const uint8_t *bundles, size_t count);

/* One hash of a higher tile level. */
bool caplat_levels_write_hash(const caplat_levels *levels, unsigned level,
    uint64_t number, const caplat_node *node);

/* Whether the files are as long as a tree of that size makes them. */
bool caplat_levels_have(const caplat_levels *levels, uint64_t size);

/* caplat_node_read_pt; data is a const caplat_levels *. */
bool caplat_levels_read(void *data, unsigned level, uint64_t number,
    caplat_node *node);


#endif /* CAPLAT_LEVEL_H */
