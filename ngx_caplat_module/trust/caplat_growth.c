#include "caplat_ledger_inner.h"


#define BITS  8                         /* of tree levels in a tile level */


void
caplat_growth_add(caplat_growth *growth, uint64_t index,
    const uint8_t entry[static CAPLAT_ENTRY_LEN], const caplat_node *leaf,
    const caplat_node *full, size_t full_count)
{
    uint8_t  *bundle = &growth->bundles[growth->count * CAPLAT_BUNDLE_LEN];

    caplat_assert(growth->count < CAPLAT_LINES_MAX);

    if (growth->count == 0) {
        growth->first = index;
    }

    growth->leaves[growth->count++] = *leaf;

    /* A length of 16 bits, big endian, and the entry. */
    bundle[0] = 0;
    bundle[1] = CAPLAT_ENTRY_LEN;
    memcpy(bundle + 2, entry, CAPLAT_ENTRY_LEN);

    for (size_t level = BITS; level <= full_count; level += BITS) {
        caplat_assert(growth->hash_count < CAPLAT_LEVEL_HASHES);
        growth->hashes[growth->hash_count++] = (caplat_level_hash) {
            (unsigned) (level / BITS), index >> level, full[level - 1]
        };
    }
}


bool
caplat_growth_write(const caplat_growth *growth, const caplat_levels *levels)
{
    if (!caplat_levels_write(levels, growth->first, growth->leaves,
                             growth->bundles, growth->count))
    {
        return false;
    }

    for (size_t i = 0; i < growth->hash_count; i++) {
        const caplat_level_hash  *hash = &growth->hashes[i];

        if (!caplat_levels_write_hash(levels, hash->level, hash->number,
                                      &hash->node))
        {
            return false;
        }
    }

    return true;
}
