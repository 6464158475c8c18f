#define _DEFAULT_SOURCE                 /* MAP_ANONYMOUS, madvise */

#include "caplat_overlay.h"

#include "caplat_overlay_inner.h"

#include <sys/mman.h>


/* Zeros, in large pages where there are any: it is looked at all over. */
caplat_overlay *
caplat_overlay_open(void)
{
    caplat_overlay  *made = mmap(NULL, sizeof(*made), PROT_READ | PROT_WRITE,
                                 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (made == MAP_FAILED) {
        return NULL;
    }

    (void) madvise(made, sizeof(*made), MADV_HUGEPAGE);
    made->fresh = &made->halves[0];
    made->leaving = &made->halves[1];

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


/* The same with the first byte the highest. */
static uint64_t
prefix_of(caplat_slice text, size_t at)
{
    uint64_t  word = 0;

    for (size_t i = at; i < at + 8; i++) {
        word = word << 8 | (i < text.len ? (unsigned char) text.ptr[i] : 0);
    }

    return word;
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


static void
set_lens(caplat_half *h, uint64_t at, const caplat_row_lens *now)
{
    memcpy(h->text + at, now, sizeof(*now));
}


/* The slot of a key, or the empty one where it would stand. */
static size_t
find_slot(const caplat_half *h, caplat_slice key, uint64_t hash)
{
    size_t    number = hash & (CAPLAT_HALF_SLOTS - 1);
    uint32_t  tag = (uint32_t) (hash >> 32);

    for ( ;; ) {
        const caplat_half_slot  *s = &h->slots[number];

        if (s->at == 0
            || (s->tag == tag
                && caplat_slice_eq(caplat_half_key(h, s->at - 1), key)))
        {
            return number;
        }

        number = (number + 1) & (CAPLAT_HALF_SLOTS - 1);
    }
}


static bool
find_in(const caplat_half *h, caplat_slice key, uint64_t hash,
    caplat_slice *value)
{
    uint32_t  at = h->slots[find_slot(h, key, hash)].at;

    if (at == 0) {
        return false;
    }

    *value = caplat_half_value(h, at - 1);

    return true;
}


bool
caplat_overlay_find(const caplat_overlay *overlay, caplat_slice key,
    caplat_slice *value)
{
    uint64_t  hash = hash_of(key);

    return find_in(overlay->fresh, key, hash, value)
        || (overlay->left != 0 && find_in(overlay->leaving, key, hash, value));
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


void
caplat_overlay_expect(const caplat_overlay *overlay, caplat_slice key)
{
    uint64_t  hash = hash_of(key);

    __builtin_prefetch(&overlay->had[word_at(hash)]);
    __builtin_prefetch(&overlay->fresh->slots[hash & (CAPLAT_HALF_SLOTS - 1)]);
}


bool
caplat_overlay_had(const caplat_overlay *overlay, caplat_slice key)
{
    uint64_t  hash = hash_of(key);
    uint64_t  bits = bits_of(hash);

    return (overlay->had[word_at(hash)] & bits) == bits;
}


/* A new row with its key and value; false: no room. */
static bool
add(caplat_overlay *overlay, caplat_slice key, caplat_slice value,
    uint64_t *at)
{
    const caplat_row_lens  now = {
        (uint32_t) key.len, (uint32_t) value.len, (uint32_t) value.len
    };

    caplat_half    *h = overlay->fresh;
    caplat_row_at  *row = &h->rows[h->count];
    size_t          len = sizeof(now) + key.len + value.len;

    caplat_assert(value.len != 0);

    if (h->count == CAPLAT_OVERLAY_ROWS || len > CAPLAT_OVERLAY_LEN - h->len) {
        return false;
    }

    for (size_t i = 0; i < CAPLAT_ROW_WORDS; i++) {
        row->words[i] = prefix_of(key, 8 * i);
    }

    *at = h->len;
    row->at = *at;
    set_lens(h, *at, &now);
    memcpy(h->text + *at + sizeof(now), key.ptr, key.len);
    memcpy(h->text + *at + sizeof(now) + key.len, value.ptr, value.len);
    h->len += len;
    h->count++;

    if (h->count % CAPLAT_RUN_LEN == 0) {
        caplat_half_sort(h, CAPLAT_RUN_LEN, overlay->spare);
    }

    return true;
}


bool
caplat_overlay_add(caplat_overlay *overlay, caplat_slice key,
    caplat_slice value)
{
    uint64_t  at;

    return add(overlay, key, value, &at);
}


bool
caplat_overlay_put(caplat_overlay *overlay, caplat_slice key,
    caplat_slice value)
{
    caplat_half       *h = overlay->fresh;
    uint64_t           hash = hash_of(key), at;
    caplat_half_slot  *s = &h->slots[find_slot(h, key, hash)];
    caplat_row_lens    now;

    if (s->at != 0) {
        at = s->at - 1;
        now = caplat_half_lens(h, at);

        if (now.room >= value.len) {
            now.value_len = (uint32_t) value.len;
            set_lens(h, at, &now);
            memcpy(h->text + at + sizeof(now) + now.key_len, value.ptr,
                   value.len);

            return true;
        }
    }

    /* One that grows leaves its old row behind. */
    if (!add(overlay, key, value, &at)) {
        return false;
    }

    overlay->had[word_at(hash)] |= bits_of(hash);
    *s = (caplat_half_slot) { (uint32_t) (hash >> 32), (uint32_t) at + 1 };

    return true;
}
