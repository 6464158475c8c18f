#define _POSIX_C_SOURCE 200809L

#include "caplat_finder.h"

#include "caplat_io.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>


#define VERSION   1
#define SLOT_LEN  ((uint64_t) 16)
#define FILE_MAX  (SLOT_LEN << (CAPLAT_FINDER_BITS_MAX + 1))


typedef struct {
    _Atomic uint64_t  hash;             /* written last */
    _Atomic uint64_t  number;
} slot;

typedef struct {
    char              magic[8];
    uint64_t          version;
    uint8_t           key[CAPLAT_FINDER_KEY_LEN];
    _Atomic uint64_t  bits;
    _Atomic uint64_t  count;            /* each kill may leave it too small by
                                           one, until it grows */
    _Atomic uint64_t  added;            /* only ever more */
} header;

struct caplat_finder {
    int      fd;
    header  *head;                      /* the map: FILE_MAX bytes, of which the
                                           file has the first */
};

_Static_assert(sizeof(slot) == SLOT_LEN, "as the file has it");
_Static_assert(sizeof(header) <= SLOT_LEN << CAPLAT_FINDER_BITS_MIN,
               "the head ends before the first table");
_Static_assert(crypto_shorthash_KEYBYTES == CAPLAT_FINDER_KEY_LEN
               && crypto_shorthash_BYTES == sizeof(uint64_t), "SipHash-2-4");


static const char magic[8] = "caplatF";


static slot *
table_of(const caplat_finder *finder, uint64_t bits)
{
    return (slot *) (void *) ((char *) finder->head + (SLOT_LEN << bits));
}


/* Whether so much is free beyond what is to stay so: errno's code. */
static int
ask_room(const caplat_finder *finder, uint64_t len, uint64_t reserve_len)
{
    uint64_t  room;

    if (reserve_len == 0) {
        return 0;
    }

    if (!caplat_io_room(finder->fd, &room)) {
        return errno;
    }

    return room >= len && room - len >= reserve_len ? 0 : ENOSPC;
}


/* Room from there to the file's end, now rather than SIGBUS later: zeros,
   whatever one who was killed has left there. On false the file ends there. */
static bool
make_room(const caplat_finder *finder, uint64_t at, uint64_t len,
    uint64_t reserve_len, const char **why)
{
    int  code;

    do {
        code = ftruncate(finder->fd, (off_t) at) != 0
               ? errno : ask_room(finder, len, reserve_len);

        if (code == 0) {
            code = posix_fallocate(finder->fd, (off_t) at, (off_t) len);
        }
    } while (code == EINTR);

    if (code != 0) {
        int  ignored = ftruncate(finder->fd, (off_t) at);

        (void) ignored;
        *why = code == ENOSPC
               ? "the disk has no room for `finder` to grow beside what is to "
                 "stay free (reserve=)"
               : strerror(code);
    }

    return code == 0;
}


bool
caplat_finder_clear(caplat_finder *finder, const char **why)
{
    header    *head = finder->head;
    uint64_t   bits = CAPLAT_FINDER_BITS_MIN;

    if (!make_room(finder, 0, SLOT_LEN << (bits + 1), 0, why)) {
        return false;
    }

    head->version = VERSION;
    randombytes_buf(head->key, sizeof(head->key));
    atomic_store(&head->bits, bits);
    memcpy(head->magic, magic, sizeof(magic));

    return true;
}


/* Whether the file is a finder's, and has the table that it tells of; which is
   asked first, for it may grow meanwhile. */
static bool
is_ours(const caplat_finder *finder)
{
    const header  *head = finder->head;
    uint64_t       bits, len;

    if (!caplat_io_length(finder->fd, &len)
        || len < SLOT_LEN << CAPLAT_FINDER_BITS_MIN
        || memcmp(head->magic, magic, sizeof(magic)) != 0
        || head->version != VERSION)
    {
        return false;
    }

    bits = atomic_load(&head->bits);

    return bits >= CAPLAT_FINDER_BITS_MIN && bits <= CAPLAT_FINDER_BITS_MAX
        && caplat_io_length(finder->fd, &len)
        && len >= SLOT_LEN << (bits + 1);
}


/* The file in the map, as it is. */
static bool
map(caplat_finder *finder, const char *folder, bool may_make,
    const char **why)
{
    void  *at = MAP_FAILED;

    finder->fd = caplat_io_open(folder, "finder",
                                O_RDWR | (may_make ? O_CREAT : 0));

    if (finder->fd >= 0) {
        at = mmap(NULL, FILE_MAX, PROT_READ | PROT_WRITE, MAP_SHARED,
                  finder->fd, 0);
    }

    if (at == MAP_FAILED) {
        *why = strerror(errno);
        return false;
    }

    finder->head = at;

    return true;
}


/* What is not ours, or not whole. */
static bool
make(caplat_finder *finder, bool may_make, const char **why)
{
    if (!may_make) {
        *why = "others use the ledger, and `finder` is not theirs";
        return false;
    }

    return caplat_finder_clear(finder, why);
}


bool
caplat_finder_open(const char *folder, bool may_make, caplat_finder **finder,
    const char **why)
{
    caplat_finder  *made = calloc(1, sizeof(*made));

    if (made == NULL) {
        *why = "there is no memory";
        return false;
    }

    if (!map(made, folder, may_make, why)
        || (!is_ours(made) && !make(made, may_make, why)))
    {
        caplat_finder_close(made);
        return false;
    }

    *finder = made;

    return true;
}


void
caplat_finder_close(caplat_finder *finder)
{
    if (finder == NULL) {
        return;
    }

    if (finder->head != NULL) {
        (void) munmap(finder->head, FILE_MAX);
    }

    if (finder->fd >= 0) {
        (void) close(finder->fd);
    }

    free(finder);
}


caplat_slice
caplat_finder_key(const caplat_finder *finder)
{
    return caplat_slice_of((const char *) finder->head->key,
        CAPLAT_FINDER_KEY_LEN);
}


uint64_t
caplat_finder_added(const caplat_finder *finder)
{
    return atomic_load(&finder->head->added);
}


uint64_t
caplat_finder_hash(const caplat_finder *finder, caplat_slice name)
{
    uint64_t  hash;

    (void) crypto_shorthash((unsigned char *) &hash,
        (const unsigned char *) name.ptr, name.len, finder->head->key);

    return hash | 1;
}


static slot *
slot_at(const caplat_finder *finder, uint64_t bits, uint64_t hash,
    uint64_t steps)
{
    uint64_t  home = hash >> (64 - bits);

    return &table_of(finder, bits)[(home + steps)
                                   & ((UINT64_C(1) << bits) - 1)];
}


void
caplat_finder_expect(const caplat_finder *finder, uint64_t hash)
{
    uint64_t  bits = atomic_load_explicit(&finder->head->bits,
                                          memory_order_relaxed);

    __builtin_prefetch(slot_at(finder, bits, hash, 0), 1);
}


/* False: it is there already. */
static bool
put(const caplat_finder *finder, uint64_t bits, uint64_t hash, uint64_t number)
{
    for (uint64_t steps = 0; ; steps++) {
        slot      *s = slot_at(finder, bits, hash, steps);
        uint64_t   is = atomic_load_explicit(&s->hash, memory_order_relaxed);

        if (is == 0) {
            atomic_store_explicit(&s->number, number, memory_order_relaxed);
            atomic_store_explicit(&s->hash, hash, memory_order_release);
            return true;
        }

        if (is == hash
            && atomic_load_explicit(&s->number, memory_order_relaxed)
               == number)
        {
            return false;
        }
    }
}


/* Slots lie by their hashes' highest bits: both tables are gone through from
   beginning to end. */
static bool
grow(caplat_finder *finder, uint64_t reserve_len, const char **why)
{
    header    *head = finder->head;
    uint64_t   bits = atomic_load(&head->bits), count = 0;
    slot      *from = table_of(finder, bits);

    if (bits == CAPLAT_FINDER_BITS_MAX) {
        *why = "the index's finder is full";
        return false;
    }

    if (!make_room(finder, SLOT_LEN << (bits + 1), SLOT_LEN << (bits + 1),
                   reserve_len, why))
    {
        return false;
    }

    for (uint64_t i = 0; i < UINT64_C(1) << bits; i++) {
        uint64_t  hash = atomic_load_explicit(&from[i].hash,
                                              memory_order_relaxed);

        if (hash != 0
            && put(finder, bits + 1, hash,
                   atomic_load_explicit(&from[i].number,
                                        memory_order_relaxed)))
        {
            count++;
        }
    }

    atomic_store(&head->count, count);
    atomic_store(&head->bits, bits + 1);

    return true;
}


/* One thread adds, and others may look. */
static void
add_one(_Atomic uint64_t *number)
{
    atomic_store_explicit(number,
        atomic_load_explicit(number, memory_order_relaxed) + 1,
        memory_order_relaxed);
}


bool
caplat_finder_add(caplat_finder *finder, uint64_t hash, uint64_t number,
    uint64_t reserve_len, const char **why)
{
    header    *head = finder->head;
    uint64_t   slots = UINT64_C(1) << atomic_load(&head->bits);

    if (atomic_load(&head->count) >= slots / 4 * 3
        && !grow(finder, reserve_len, why))
    {
        return false;
    }

    /* Before the entry: a kill between them may tell of too many. */
    add_one(&head->added);

    if (put(finder, atomic_load(&head->bits), hash, number)) {
        add_one(&head->count);
    }

    return true;
}


bool
caplat_finder_next(const caplat_finder *finder, uint64_t hash,
    caplat_finder_place *place, uint64_t *number)
{
    uint64_t  is;

    if (place->bits == 0) {
        place->bits = atomic_load(&finder->head->bits);
    }

    do {
        const slot  *s = slot_at(finder, place->bits, hash, place->steps++);

        is = atomic_load_explicit(&s->hash, memory_order_acquire);
        *number = atomic_load_explicit(&s->number, memory_order_relaxed);
    } while (is != hash && is != 0);

    return is != 0;
}
