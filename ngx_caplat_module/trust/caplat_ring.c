#include "caplat_ring.h"


_Static_assert(sizeof(caplat_ring_entry) == 32, "no padding in the file");


static caplat_ring_entry *
entry_of(const caplat_ring *ring, uint64_t number)
{
    return &ring->entries[number % ring->room];
}


/* Where a hash would stand if it were alone. Its bytes are random, for they
   come of a keyed hash, so some of them will do. */
static uint32_t
home_of(const caplat_ring *ring, const uint8_t hash[static CAPLAT_RING_HASH])
{
    uint32_t  bits;

    memcpy(&bits, hash, sizeof(bits));

    return (uint32_t) ((uint64_t) bits * ring->slots >> 32);
}


static uint32_t
slot_after(const caplat_ring *ring, uint32_t slot)
{
    return slot + 1 != ring->slots ? slot + 1 : 0;
}


/* The slot of an entry with this hash, else the empty one where it belongs. */
static uint32_t
find(const caplat_ring *ring, const uint8_t hash[static CAPLAT_RING_HASH])
{
    uint32_t  slot = home_of(ring, hash);

    while (ring->index[slot] != 0
           && memcmp(ring->entries[ring->index[slot] - 1].hash, hash,
                     CAPLAT_RING_HASH)
              != 0)
    {
        slot = slot_after(ring, slot);
    }

    return slot;
}


/* Number `number` into the index and the counts. */
static void
enter(caplat_ring *ring, uint64_t number)
{
    const caplat_ring_entry  *entry = entry_of(ring, number);
    uint32_t                  slot = find(ring, entry->hash);

    ring->index[slot] = (uint32_t) (number % ring->room) + 1;
    ring->counts[entry->bucket]++;
}


/* How many slots behind its home an entry of the index stands. */
static uint32_t
distance(const caplat_ring *ring, uint32_t slot)
{
    uint32_t  home = home_of(ring, ring->entries[ring->index[slot] - 1].hash);

    return slot >= home ? slot - home : slot + ring->slots - home;
}


/* Empty a slot, and let those behind it that it kept from home move up. */
static void
leave(caplat_ring *ring, uint32_t hole)
{
    uint32_t  gap = 0;                  /* from the hole to the slot */

    for (uint32_t slot = slot_after(ring, hole);
         ring->index[slot] != 0;
         slot = slot_after(ring, slot))
    {
        gap++;

        if (distance(ring, slot) >= gap) {
            ring->index[hole] = ring->index[slot];
            hole = slot;
            gap = 0;
        }
    }

    ring->index[hole] = 0;
}


bool
caplat_ring_has(const caplat_ring *ring,
    const uint8_t hash[static CAPLAT_RING_HASH])
{
    return ring->index[find(ring, hash)] != 0;
}


bool
caplat_ring_add(caplat_ring *ring, const caplat_ring_entry *entry)
{
    uint64_t  number = atomic_load(&ring->ends->next);

    if (number - atomic_load(&ring->ends->first) == ring->room) {
        return false;
    }

    *entry_of(ring, number) = *entry;

    /* Who dies before this has not used the proof, who dies after it has. */
    atomic_store(&ring->ends->next, number + 1);
    enter(ring, number);

    return true;
}


const caplat_ring_entry *
caplat_ring_oldest(const caplat_ring *ring)
{
    uint64_t  first = atomic_load(&ring->ends->first);

    return first != atomic_load(&ring->ends->next) ? entry_of(ring, first)
                                                   : NULL;
}


void
caplat_ring_drop(caplat_ring *ring)
{
    uint64_t  first = atomic_load(&ring->ends->first);

    caplat_assert(first != atomic_load(&ring->ends->next));

    const caplat_ring_entry  *entry = entry_of(ring, first);
    uint32_t                  slot = find(ring, entry->hash);

    caplat_assert(ring->index[slot] == first % ring->room + 1
                  && ring->counts[entry->bucket] != 0);
    leave(ring, slot);
    ring->counts[entry->bucket]--;
    atomic_store(&ring->ends->first, first + 1);
}


size_t
caplat_ring_held(const caplat_ring *ring, uint16_t bucket)
{
    return ring->counts[bucket];
}


void
caplat_ring_mend(caplat_ring *ring)
{
    uint64_t  next = atomic_load(&ring->ends->next);

    memset(ring->index, 0, ring->slots * sizeof(uint32_t));
    memset(ring->counts, 0, CAPLAT_RING_BUCKETS * sizeof(uint32_t));

    for (uint64_t number = atomic_load(&ring->ends->first);
         number != next;
         number++)
    {
        enter(ring, number);
    }
}


size_t
caplat_ring_count(const caplat_ring *ring)
{
    /* In this order, so that it is not less than none; more than all it may
       be, while others are at work. */
    uint64_t  first = atomic_load(&ring->ends->first);
    uint64_t  count = atomic_load(&ring->ends->next) - first;

    return count < ring->room ? (size_t) count : ring->room;
}
