#define _POSIX_C_SOURCE 200809L         /* pthread_mutex_consistent */

#include "caplat_zone.h"

#include "caplat_auth.h"
#include "caplat_b64.h"
#include "caplat_zone_file.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>


/* Proofs that leave in one call: a few, so that each waits as long, and more
   when that may give a key its share again; some milliseconds. */
#define EXPIRE_MAX    4
#define EXPIRE_MORE   65536

#define TIME_LEN      8                 /* of a nonce */
#define MAC_LEN       16
#define HASH_LEN      16                /* the shortest of caplat_keyed_hash */

/* Clocks of workers differ by less: they read it once a round. More than that
   is a clock that was set back. */
#define BACK_MIN      60                /* seconds */

_Static_assert(CAPLAT_B64URL_LEN(TIME_LEN + MAC_LEN) == CAPLAT_NONCE_LEN,
               "nothing is left over");


struct caplat_zone {
    caplat_zone_head   *head;           /* the mapped file */
    caplat_ring         ring;           /* in it */
    size_t              share;          /* proofs that a key may have there */
    int                 fd;             /* holds the file */
};


static void
assert_moment(int64_t now)
{
    caplat_assert(now >= 0 && now <= CAPLAT_MOMENT_MAX);
}


bool
caplat_zone_open(const char *path, size_t len, int64_t now,
    caplat_zone **zone, const char **why)
{
    caplat_zone_head  *head;
    int                fd;

    assert_moment(now);

    if (len < CAPLAT_ZONE_LEN_MIN || len > CAPLAT_ZONE_LEN_MAX) {
        *why = len < CAPLAT_ZONE_LEN_MIN ? "too small" : "too large";
        return false;
    }

    caplat_zone  *made = malloc(sizeof(caplat_zone));

    if (made == NULL) {
        *why = strerror(ENOMEM);
        return false;
    }

    if (!caplat_zone_map(path, len, now, &head, &fd, why)) {
        free(made);
        return false;
    }

    size_t              room = (len - sizeof(*head)) / CAPLAT_RING_COST;
    caplat_ring_entry  *entries = (caplat_ring_entry *) (head + 1);

    made->head = head;
    made->ring = (caplat_ring) {
        .ends = &head->ends,
        .entries = entries,
        .index = (uint32_t *) (entries + room),
        .counts = head->buckets,
        .room = (uint32_t) room,
        .slots = (uint32_t) room * 2,
    };
    made->share = room / CAPLAT_PROOF_SHARE;
    made->fd = fd;
    *zone = made;

    if (made->share < CAPLAT_PROOF_SHARE_MIN) {
        made->share = CAPLAT_PROOF_SHARE_MIN;
    }

    return true;
}


void
caplat_zone_close(caplat_zone *zone)
{
    if (zone != NULL) {
        (void) munmap(zone->head, zone->head->prefix.len);
        (void) close(zone->fd);
        free(zone);
    }
}


bool
caplat_zone_same(const caplat_zone *a, const caplat_zone *b)
{
    return caplat_ct_eq(a->head->secret, b->head->secret,
                        sizeof(a->head->secret));
}


/* False only when the lock is broken for good. */
static bool
lock(caplat_zone *zone)
{
    int  status = pthread_mutex_lock(&zone->head->lock);

    if (status == EOWNERDEAD) {
        caplat_ring_mend(&zone->ring);
        status = pthread_mutex_consistent(&zone->head->lock);
    }

    return status == 0;
}


static void
unlock(caplat_zone *zone)
{
    (void) pthread_mutex_unlock(&zone->head->lock);
}


static void
raise_to(_Atomic int64_t *moment, int64_t to)
{
    int64_t  is = atomic_load(moment);

    while (is < to && !atomic_compare_exchange_weak(moment, &is, to)) {
        /* `is` has been read again. */
    }
}


/*
 * Let the zone's clock go on by as much as the machine's has; returns it.
 *
 * It goes too fast when the machine's clock is set back and forth, which
 * makes nonces and proofs leave early, together. It never goes back: so no
 * nonce outlives the memory of the proofs that bore it.
 */
static int64_t
advance(caplat_zone_head *head, int64_t now)
{
    int64_t  wall = head->wall;

    if (now > wall) {
        /* In this order: who dies in between has stopped the clock for a
           while, and not made it run. */
        head->wall = now;
        atomic_fetch_add(&head->clock, now - wall);

    } else if (wall - now > BACK_MIN) {
        head->wall = now;
    }

    raise_to(&head->prefix.latest, now);

    return atomic_load(&head->clock);
}


static int64_t
clock_of(caplat_zone *zone, int64_t now)
{
    assert_moment(now);

    if (lock(zone)) {
        (void) advance(zone->head, now);
        unlock(zone);
    }

    return atomic_load(&zone->head->clock);
}


/* What leaves may be shown again where a clock goes back: be blind for it
   first, so that nobody who dies in between makes us forget. */
static void
expire(caplat_zone *zone, int64_t clock, int most)
{
    for (int i = 0; i < most; i++) {
        const caplat_ring_entry  *oldest = caplat_ring_oldest(&zone->ring);

        if (oldest == NULL || oldest->until > clock) {
            return;
        }

        raise_to(&zone->head->prefix.blind_until,
                 oldest->used + CAPLAT_WINDOW_FUTURE);
        caplat_ring_drop(&zone->ring);
    }
}


static bool
has_share(const caplat_zone *zone, const caplat_ring_entry *entry)
{
    return caplat_ring_held(&zone->ring, entry->bucket) < zone->share;
}


/* With the lock. */
static caplat_proof_state
judge(caplat_zone *zone, caplat_ring_entry *entry, int64_t made, bool exempt)
{
    int64_t  clock = advance(zone->head, entry->used);

    entry->until = clock + CAPLAT_PROOF_KEPT;
    expire(zone, clock, has_share(zone, entry) ? EXPIRE_MAX : EXPIRE_MORE);

    if (caplat_ring_has(&zone->ring, entry->hash)) {
        return CAPLAT_PROOF_USED;
    }

    if (!exempt && caplat_zone_blind(zone, made)) {
        return CAPLAT_PROOF_BLIND;
    }

    if (!has_share(zone, entry)) {
        return CAPLAT_PROOF_TOO_MANY;
    }

    return caplat_ring_add(&zone->ring, entry) ? CAPLAT_PROOF_NEW
                                               : CAPLAT_PROOF_FULL;
}


/* The hash of some parts, of which the first bytes are used. */
static void
hash(const caplat_zone *zone, const caplat_slice *parts, size_t count,
    uint8_t out[static HASH_LEN])
{
    caplat_keyed_hash(zone->head->proof_key, parts, count, out, HASH_LEN);
}


caplat_proof_state
caplat_zone_use(caplat_zone *zone, caplat_slice key, caplat_slice id,
    int64_t made, bool exempt, int64_t now)
{
    caplat_slice       parts[] = { key, id };
    caplat_ring_entry  entry = { .used = now };
    uint8_t            bytes[HASH_LEN];

    assert_moment(now);
    hash(zone, parts, 1, bytes);
    entry.bucket = (uint16_t) ((bytes[0] << 8 | bytes[1])
                               % CAPLAT_RING_BUCKETS);
    hash(zone, parts, CAPLAT_COUNT(parts), bytes);
    memcpy(entry.hash, bytes, sizeof(entry.hash));

    if (!lock(zone)) {
        return CAPLAT_PROOF_FULL;
    }

    caplat_proof_state  state = judge(zone, &entry, made, exempt);

    unlock(zone);

    return state;
}


bool
caplat_zone_blind(caplat_zone *zone, int64_t made)
{
    return made <= atomic_load(&zone->head->prefix.blind_until);
}


static void
put_number(uint8_t out[static TIME_LEN], uint64_t number)
{
    for (size_t i = TIME_LEN; i != 0; i--) {
        out[i - 1] = (uint8_t) number;
        number >>= 8;
    }
}


/* The bytes of a nonce of the zone's moment `clock`. */
static void
make_nonce(const caplat_zone *zone, uint64_t clock,
    uint8_t nonce[static TIME_LEN + MAC_LEN])
{
    uint8_t       period[TIME_LEN];
    uint8_t       key[CAPLAT_KEYED_KEY];
    caplat_slice  part = { (const char *) period, sizeof(period) };

    put_number(period, clock / CAPLAT_NONCE_LIFE);
    caplat_keyed_hash(zone->head->nonce_key, &part, 1, key, sizeof(key));

    part = caplat_slice_of((const char *) nonce, TIME_LEN);
    put_number(nonce, clock);
    caplat_keyed_hash(key, &part, 1, nonce + TIME_LEN, MAC_LEN);
    sodium_memzero(key, sizeof(key));
}


void
caplat_zone_nonce(caplat_zone *zone, int64_t now,
    char out[static CAPLAT_NONCE_LEN])
{
    uint8_t  nonce[TIME_LEN + MAC_LEN];

    make_nonce(zone, (uint64_t) clock_of(zone, now), nonce);
    (void) caplat_b64url_write(nonce, sizeof(nonce), out);
}


bool
caplat_zone_nonce_valid(caplat_zone *zone, caplat_slice nonce, int64_t now)
{
    uint8_t   bytes[TIME_LEN + MAC_LEN];
    uint8_t   ours[TIME_LEN + MAC_LEN];
    size_t    len;
    uint64_t  clock = (uint64_t) clock_of(zone, now);
    uint64_t  made = 0;

    if (!caplat_b64url_read(nonce, bytes, sizeof(bytes), &len)
        || len != sizeof(bytes))
    {
        return false;
    }

    for (size_t i = 0; i < TIME_LEN; i++) {
        made = made << 8 | bytes[i];
    }

    make_nonce(zone, made, ours);

    return caplat_ct_eq(bytes, ours, sizeof(bytes)) && made <= clock
           && clock - made <= CAPLAT_NONCE_LIFE;
}


const uint8_t *
caplat_zone_secret(const caplat_zone *zone)
{
    return zone->head->secret;
}


void
caplat_zone_count(caplat_zone *zone, size_t at, uint64_t add)
{
    caplat_assert(at < CAPLAT_COUNTERS_MAX);
    (void) atomic_fetch_add_explicit(&zone->head->counters[at], add,
                                     memory_order_relaxed);
}


uint64_t
caplat_zone_counter(const caplat_zone *zone, size_t at)
{
    caplat_assert(at < CAPLAT_COUNTERS_MAX);

    return atomic_load_explicit(&zone->head->counters[at],
                                memory_order_relaxed);
}


static bool
is_word(const caplat_tally *tally, caplat_slice word)
{
    return atomic_load(&tally->len) == word.len
           && memcmp(tally->word, word.ptr, word.len) == 0;
}


/* The place of a word, else the empty one where it belongs; NULL: neither. */
static caplat_tally *
tally_of(caplat_zone *zone, caplat_slice word)
{
    uint32_t  hash = 2166136261u;       /* FNV-1a */

    for (size_t i = 0; i < word.len; i++) {
        hash = (hash ^ (uint8_t) word.ptr[i]) * 16777619u;
    }

    for (size_t i = 0; i < CAPLAT_TALLIES_MAX; i++) {
        caplat_tally  *tally = &zone->head->tallies[(hash + i)
                                                    % CAPLAT_TALLIES_MAX];

        if (atomic_load(&tally->len) == 0 || is_word(tally, word)) {
            return tally;
        }
    }

    return NULL;
}


/* Another may have written it meanwhile, or one into its place. */
static caplat_tally *
write_word(caplat_zone *zone, caplat_slice word)
{
    caplat_tally  *tally = NULL;

    if (lock(zone)) {
        tally = tally_of(zone, word);

        if (tally != NULL && atomic_load(&tally->len) == 0) {
            memcpy(tally->word, word.ptr, word.len);
            atomic_store(&tally->len, word.len);
        }

        unlock(zone);
    }

    return tally;
}


void
caplat_zone_tally(caplat_zone *zone, caplat_slice word)
{
    if (word.len == 0 || word.len > CAPLAT_TALLY_LEN_MAX) {
        return;
    }

    caplat_tally  *tally = tally_of(zone, word);

    if (tally != NULL && atomic_load(&tally->len) == 0) {
        tally = write_word(zone, word);
    }

    if (tally != NULL) {
        (void) atomic_fetch_add(&tally->count, 1);
    }
}


bool
caplat_zone_tallied(const caplat_zone *zone, size_t at, caplat_slice *word,
    uint64_t *count)
{
    caplat_assert(at < CAPLAT_TALLIES_MAX);

    caplat_tally  *tally = &zone->head->tallies[at];
    size_t         len = (size_t) atomic_load(&tally->len);

    if (len == 0) {
        return false;
    }

    *word = caplat_slice_of(tally->word, len);
    *count = atomic_load(&tally->count);

    return true;
}


caplat_zone_fill
caplat_zone_proofs(caplat_zone *zone)
{
    return (caplat_zone_fill) { caplat_ring_count(&zone->ring),
                                zone->ring.room };
}
