/*
 * The addresses of a log's tiles (C2SP tlog-tiles): up to 256 consecutive
 * hashes of tree level 8 * level, or entries as entry bundles.
 *
 *   tile/<L>/<N>[.p/<W>]  tile/entries/<N>[.p/<W>]
 *
 *   L  0..63, decimal     W  1..255, decimal: a partial tile of W
 *   N  decimal in groups of three digits, all but the last with an "x":
 *      0 is 000, 1234067 is x001/x234/067
 *
 * All tiles of a level, one after the other, are one growing file, and a
 * partial tile is a prefix of the later, wider one: a tile is a range of the
 * file.
 */

#ifndef CAPLAT_TILE_H
#define CAPLAT_TILE_H

#include "caplat_slice.h"
#include "caplat_write.h"


#define CAPLAT_TILE_WIDTH       256     /* hashes of a full tile */
#define CAPLAT_TILE_LEVEL_MAX   7       /* tile level of the largest tree */
#define CAPLAT_BUNDLE_LEN       34      /* bytes an entry: its length, 0020, and
                                           32 of commitment */


typedef struct {
    bool       is_entries;
    unsigned   level;                   /* 0 for entries */
    uint64_t   number;
    unsigned   width;                   /* 1..256 */
} caplat_tile;


/* Read an address, from `tile/` on: the one spelling, and no other. */
bool caplat_tile_read(caplat_slice path, caplat_tile *tile);

/* The same bytes that caplat_tile_read takes. */
void caplat_tile_write(const caplat_tile *tile, caplat_writer *w);

/* Whether a tree of that size has the tile; a partial one that has become full
   is had too, as a prefix. */
bool caplat_tile_exists(const caplat_tile *tile, uint64_t size);

/* How many hashes of a tile level a tree of that size has. */
uint64_t caplat_tile_hashes(unsigned level, uint64_t size);

/* Where a tile that exists lies in the file of its level, in bytes. */
void caplat_tile_range(const caplat_tile *tile, uint64_t *offset,
    uint64_t *len);


#endif /* CAPLAT_TILE_H */
