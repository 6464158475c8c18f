#define _DEFAULT_SOURCE                 /* MAP_ANONYMOUS, madvise */

#include "caplat_overlay.h"

#include <stdlib.h>
#include <sys/mman.h>


#define SLOTS   (2 * CAPLAT_OVERLAY_ROWS)   /* a power of two */
#define PREFIX  2                       /* words of a key that stand by
                                           themselves */


typedef struct {
    uint64_t    prefix[PREFIX];         /* as numbers that compare as bytes */
    uint32_t    at;                     /* of the key; the value is behind it */
    uint32_t    key_len;
    uint32_t    value_len;
    uint32_t    room;                   /* for the value */
    const char *text;                   /* the overlay's, for who compares */
} row;


struct caplat_overlay {
    uint32_t    slots[SLOTS];           /* 0: empty; else a row's number + 1 */
    row         rows[CAPLAT_OVERLAY_ROWS];
    size_t      count;
    size_t      len;
    uint64_t    had[CAPLAT_OVERLAY_BITS / 64];
    char        text[CAPLAT_OVERLAY_LEN];
};


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


/* Eight bytes, the first the highest; zeros where there are no more. */
static uint64_t
word_of(caplat_slice text, size_t at)
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


static caplat_slice
key_of(const caplat_overlay *overlay, const row *r)
{
    return caplat_slice_of(overlay->text + r->at, r->key_len);
}


/* The slot of a key, or the empty one where it would stand. */
static size_t
find_slot(const caplat_overlay *overlay, caplat_slice key)
{
    size_t  slot = hash_of(key) & (SLOTS - 1);

    while (overlay->slots[slot] != 0
           && !caplat_slice_eq(
                  key_of(overlay, &overlay->rows[overlay->slots[slot] - 1]),
                  key))
    {
        slot = (slot + 1) & (SLOTS - 1);
    }

    return slot;
}


bool
caplat_overlay_find(const caplat_overlay *overlay, caplat_slice key,
    caplat_slice *value)
{
    uint32_t  number = overlay->slots[find_slot(overlay, key)];

    if (number == 0) {
        return false;
    }

    caplat_overlay_at(overlay, number - 1, &key, value);

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
    uint64_t  hash = hash_of(key);
    uint64_t  bits = bits_of(hash);

    return (overlay->had[word_at(hash)] & bits) == bits;
}


/* A new row with its key; NULL: no room. */
static row *
add(caplat_overlay *overlay, caplat_slice key, size_t value_len)
{
    row  *r = &overlay->rows[overlay->count];

    if (overlay->count == CAPLAT_OVERLAY_ROWS
        || key.len + value_len > CAPLAT_OVERLAY_LEN - overlay->len)
    {
        return NULL;
    }

    for (size_t i = 0; i < PREFIX; i++) {
        r->prefix[i] = word_of(key, 8 * i);
    }

    r->text = overlay->text;
    r->at = (uint32_t) overlay->len;
    r->key_len = (uint32_t) key.len;
    r->room = (uint32_t) value_len;
    memcpy(overlay->text + r->at, key.ptr, key.len);
    overlay->len += key.len + value_len;
    overlay->count++;

    return r;
}


bool
caplat_overlay_put(caplat_overlay *overlay, caplat_slice key,
    caplat_slice value)
{
    uint32_t  *slot = &overlay->slots[find_slot(overlay, key)];
    row       *r = *slot != 0 ? &overlay->rows[*slot - 1] : NULL;

    caplat_assert(value.len != 0);

    /* One that has grown leaves its old place empty: a row without a value. */

    if (r == NULL || r->room < value.len) {
        row  *grown = add(overlay, key, value.len);

        if (grown == NULL) {
            return false;
        }

        if (r != NULL) {
            r->room = 0;
        }

        r = grown;
        *slot = (uint32_t) (r - overlay->rows) + 1;
    }

    r->value_len = (uint32_t) value.len;
    memcpy(overlay->text + r->at + r->key_len, value.ptr, value.len);

    return true;
}


static int
by_key(const void *a, const void *b)
{
    const row  *left = a, *right = b;

    for (size_t i = 0; i < PREFIX; i++) {
        if (left->prefix[i] != right->prefix[i]) {
            return left->prefix[i] < right->prefix[i] ? -1 : 1;
        }
    }

    return caplat_slice_cmp(
        caplat_slice_of(left->text + left->at, left->key_len),
        caplat_slice_of(right->text + right->at, right->key_len));
}


size_t
caplat_overlay_sort(caplat_overlay *overlay)
{
    size_t  count = 0;

    for (size_t i = 0; i < overlay->count; i++) {
        uint64_t  hash = hash_of(key_of(overlay, &overlay->rows[i]));

        overlay->had[word_at(hash)] |= bits_of(hash);

        if (overlay->rows[i].room != 0) {
            overlay->rows[count++] = overlay->rows[i];
        }
    }

    overlay->count = count;
    qsort(overlay->rows, count, sizeof(overlay->rows[0]), by_key);

    return count;
}


void
caplat_overlay_at(const caplat_overlay *overlay, size_t i, caplat_slice *key,
    caplat_slice *value)
{
    const row  *r = &overlay->rows[i];

    *key = key_of(overlay, r);
    *value = caplat_slice_of(overlay->text + r->at + r->key_len,
                             r->value_len);
}


void
caplat_overlay_clear(caplat_overlay *overlay)
{
    memset(overlay->slots, 0, sizeof(overlay->slots));
    overlay->count = 0;
    overlay->len = 0;
}
