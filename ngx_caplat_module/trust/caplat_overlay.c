#define _DEFAULT_SOURCE                 /* MAP_ANONYMOUS, madvise */

#include "caplat_overlay.h"

#include <sys/mman.h>


#define SLOTS   (2 * CAPLAT_OVERLAY_ROWS)   /* a power of two */
#define PREFIX  2                       /* words of a key that stand by
                                           themselves */
#define FETCH   8                       /* rows before its turn that one is
                                           fetched */
#define RUN     8                       /* rows that are sorted where they
                                           lie */


/* Where a row's lengths, key and value stand in the text. */
typedef struct {
    uint64_t    prefix[PREFIX];         /* of its key, as numbers that compare
                                           as bytes */
    uint64_t    at;
} place;

/* What stands before a key and its value. */
typedef struct {
    uint32_t    key_len;
    uint32_t    value_len;
    uint32_t    room;                   /* for the value */
} lengths;

typedef struct {
    uint32_t    tag;                    /* other bits of the hash: mostly the
                                           key need not be looked at */
    uint32_t    at;                     /* of the row, and 1; 0: empty */
} slot;


struct caplat_overlay {
    slot        slots[SLOTS];
    place       rows[CAPLAT_OVERLAY_ROWS];
    place       spare[CAPLAT_OVERLAY_ROWS];
    size_t      count;
    size_t      len;
    bool        has_had;                /* anything that was cleared */
    uint64_t    had[CAPLAT_OVERLAY_BITS / 64];
    char        text[CAPLAT_OVERLAY_LEN];
};


_Static_assert(CAPLAT_OVERLAY_LEN < UINT32_MAX, "a slot tells where");


/* Zeros, in large pages where there are any: it is looked at all over. */
caplat_overlay *
caplat_overlay_open(void)
{
    void  *made = mmap(NULL, sizeof(caplat_overlay), PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (made == MAP_FAILED) {
        return NULL;
    }

    (void) madvise(made, sizeof(caplat_overlay), MADV_HUGEPAGE);

    return made;
}


void
caplat_overlay_close(caplat_overlay *overlay)
{
    if (overlay != NULL) {
        (void) munmap(overlay, sizeof(*overlay));
    }
}


/* Eight bytes as they lie; zeros where there are no more. */
static uint64_t
word_of(caplat_slice text, size_t at)
{
    uint64_t  word = 0;

    if (text.len >= at + sizeof(word)) {
        memcpy(&word, text.ptr + at, sizeof(word));

    } else if (text.len > at) {
        memcpy(&word, text.ptr + at, text.len - at);
    }

    return word;
}


/* The first byte the highest. */
static uint64_t
prefix_of(caplat_slice text, size_t at)
{
    uint64_t       word = word_of(text, at), turned = 0;
    unsigned char  bytes[sizeof(word)];

    memcpy(bytes, &word, sizeof(word));

    for (size_t i = 0; i < sizeof(bytes); i++) {
        turned = turned << 8 | bytes[i];
    }

    return turned;
}


static uint64_t
hash_of(caplat_slice key)
{
    uint64_t  hash = key.len;

    for (size_t at = 0; at < key.len; at += 8) {
        hash = (hash ^ word_of(key, at)) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 32;
    }

    return hash;
}


static lengths
lengths_at(const caplat_overlay *overlay, uint64_t at)
{
    lengths  found;

    memcpy(&found, overlay->text + at, sizeof(found));

    return found;
}


static void
set_lengths(caplat_overlay *overlay, uint64_t at, const lengths *now)
{
    memcpy(overlay->text + at, now, sizeof(*now));
}


static caplat_slice
key_at(const caplat_overlay *overlay, uint64_t at)
{
    return caplat_slice_of(overlay->text + at + sizeof(lengths),
                           lengths_at(overlay, at).key_len);
}


static caplat_slice
value_at(const caplat_overlay *overlay, uint64_t at)
{
    lengths  found = lengths_at(overlay, at);

    return caplat_slice_of(overlay->text + at + sizeof(found) + found.key_len,
                           found.value_len);
}


/* The slot of a key, or the empty one where it would stand. */
static size_t
find_slot(const caplat_overlay *overlay, caplat_slice key, uint64_t hash)
{
    size_t    number = hash & (SLOTS - 1);
    uint32_t  tag = (uint32_t) (hash >> 32);

    for ( ;; ) {
        const slot  *s = &overlay->slots[number];

        if (s->at == 0
            || (s->tag == tag
                && caplat_slice_eq(key_at(overlay, s->at - 1), key)))
        {
            return number;
        }

        number = (number + 1) & (SLOTS - 1);
    }
}


bool
caplat_overlay_find(const caplat_overlay *overlay, caplat_slice key,
    caplat_slice *value)
{
    uint32_t  at = overlay->slots[find_slot(overlay, key, hash_of(key))].at;

    if (at == 0) {
        return false;
    }

    *value = value_at(overlay, at - 1);

    return true;
}


/* The two bits of a key, in one word. */
static uint64_t
bits_of(uint64_t hash)
{
    return UINT64_C(1) << (hash >> 58) | UINT64_C(1) << (hash >> 52 & 63);
}


static size_t
word_at(uint64_t hash)
{
    return hash >> 16 & (CAPLAT_OVERLAY_BITS / 64 - 1);
}


bool
caplat_overlay_had(const caplat_overlay *overlay, caplat_slice key)
{
    uint64_t  hash, bits;

    if (!overlay->has_had) {
        return false;
    }

    hash = hash_of(key);
    bits = bits_of(hash);

    return (overlay->had[word_at(hash)] & bits) == bits;
}


/* A new row with its key, and room for a value; false: no room. */
static bool
add(caplat_overlay *overlay, caplat_slice key, size_t value_len, uint64_t *at)
{
    const lengths  now = { (uint32_t) key.len, (uint32_t) value_len,
                           (uint32_t) value_len };
    place         *row = &overlay->rows[overlay->count];
    size_t         len = sizeof(now) + key.len + value_len;

    if (overlay->count == CAPLAT_OVERLAY_ROWS
        || len > CAPLAT_OVERLAY_LEN - overlay->len)
    {
        return false;
    }

    for (size_t i = 0; i < PREFIX; i++) {
        row->prefix[i] = prefix_of(key, 8 * i);
    }

    *at = overlay->len;
    row->at = *at;
    set_lengths(overlay, *at, &now);
    memcpy(overlay->text + *at + sizeof(now), key.ptr, key.len);
    overlay->len += len;
    overlay->count++;

    return true;
}


/* One that grows leaves its old row behind. */
static bool
put_new(caplat_overlay *overlay, slot *s, caplat_slice key, size_t value_len,
    uint64_t hash)
{
    uint64_t  at;

    if (!add(overlay, key, value_len, &at)) {
        return false;
    }

    overlay->had[word_at(hash)] |= bits_of(hash);

    *s = (slot) { (uint32_t) (hash >> 32), (uint32_t) at + 1 };

    return true;
}


static void
set_value(caplat_overlay *overlay, uint64_t at, caplat_slice value)
{
    lengths  now = lengths_at(overlay, at);

    now.value_len = (uint32_t) value.len;
    set_lengths(overlay, at, &now);
    memcpy(overlay->text + at + sizeof(now) + now.key_len, value.ptr,
           value.len);
}


bool
caplat_overlay_put(caplat_overlay *overlay, caplat_slice key,
    caplat_slice value)
{
    uint64_t  hash = hash_of(key);
    slot     *s = &overlay->slots[find_slot(overlay, key, hash)];

    caplat_assert(value.len != 0);

    if ((s->at == 0 || lengths_at(overlay, s->at - 1).room < value.len)
        && !put_new(overlay, s, key, value.len, hash))
    {
        return false;
    }

    set_value(overlay, s->at - 1, value);

    return true;
}


bool
caplat_overlay_add(caplat_overlay *overlay, caplat_slice key,
    caplat_slice value)
{
    uint64_t  at;

    caplat_assert(value.len != 0);

    if (!add(overlay, key, value.len, &at)) {
        return false;
    }

    set_value(overlay, at, value);

    return true;
}


static bool
is_before(const caplat_overlay *overlay, const place *a, const place *b)
{
    for (size_t i = 0; i < PREFIX; i++) {
        if (a->prefix[i] != b->prefix[i]) {
            return a->prefix[i] < b->prefix[i];
        }
    }

    return caplat_slice_cmp(key_at(overlay, a->at), key_at(overlay, b->at)) < 0;
}


static void
sort_run(const caplat_overlay *overlay, place *rows, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        place   row = rows[i];
        size_t  at = i;

        for (; at != 0 && is_before(overlay, &row, &rows[at - 1]); at--) {
            rows[at] = rows[at - 1];
        }

        rows[at] = row;
    }
}


/* Two runs that lie side by side become one. */
static void
merge(const caplat_overlay *overlay, const place *from, size_t left,
    size_t count, place *to)
{
    size_t  i = 0, j = left;

    for (size_t at = 0; at < count; at++) {
        bool  is_right = i == left
                         || (j != count
                             && is_before(overlay, &from[j], &from[i]));

        to[at] = from[is_right ? j++ : i++];
    }
}


static size_t
least(size_t a, size_t b)
{
    return a < b ? a : b;
}


static void
sort_rows(caplat_overlay *overlay)
{
    size_t   count = overlay->count;
    place   *from = overlay->rows, *to = overlay->spare;

    for (size_t at = 0; at < count; at += RUN) {
        sort_run(overlay, from + at, least(RUN, count - at));
    }

    for (size_t run = RUN; run < count; run *= 2) {
        place  *sorted = to;

        for (size_t at = 0; at < count; at += 2 * run) {
            merge(overlay, from + at, least(run, count - at),
                least(2 * run, count - at), to + at);
        }

        to = from;
        from = sorted;
    }

    if (from != overlay->rows) {
        memcpy(overlay->rows, from, count * sizeof(*from));
    }
}


/* Of rows of a key the last: they lie in the order in which they came. */
static void
drop_old(caplat_overlay *overlay)
{
    size_t  count = 0;

    for (size_t i = 0; i < overlay->count; i++) {
        const place  *row = &overlay->rows[i];

        if (i + 1 == overlay->count || is_before(overlay, row, row + 1)) {
            overlay->rows[count++] = *row;
        }
    }

    overlay->count = count;
}


size_t
caplat_overlay_sort(caplat_overlay *overlay)
{
    sort_rows(overlay);
    drop_old(overlay);

    return overlay->count;
}


void
caplat_overlay_at(const caplat_overlay *overlay, size_t i, caplat_slice *key,
    caplat_slice *value)
{
    uint64_t  at = overlay->rows[i].at;

    if (i + FETCH < overlay->count) {
        __builtin_prefetch(overlay->text + overlay->rows[i + FETCH].at);
    }

    *key = key_at(overlay, at);
    *value = value_at(overlay, at);
}


void
caplat_overlay_clear(caplat_overlay *overlay)
{
    memset(overlay->slots, 0, sizeof(overlay->slots));
    overlay->count = 0;
    overlay->len = 0;
    overlay->has_had = true;
}
