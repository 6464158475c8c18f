#define _GNU_SOURCE                     /* mkdtemp, MAP_ANONYMOUS */

#include "caplat_zone_file.h"

#include "zone_room.h"

#include "test.h"

#include <sodium.h>


static void
test_once(void)
{
    caplat_zone  *zone = open_new(SMALL);

    test_number(use(zone, 1, CLEAR), CAPLAT_PROOF_NEW, "the first time");
    test_number(use(zone, 1, CLEAR), CAPLAT_PROOF_USED, "the second");
    test_number(use_exempt(zone, 1, CLEAR), CAPLAT_PROOF_USED,
                "a nonce does not make it new");
    test_number(use(zone, 2, CLEAR), CAPLAT_PROOF_NEW, "another id");
    test_number(caplat_zone_use(zone, CAPLAT_LIT("key2"),
                                number_slice(&(uint64_t) { 1 }), CLEAR,
                                false, CLEAR),
                CAPLAT_PROOF_NEW, "another key");
    test_number(caplat_zone_use(zone, CAPLAT_LIT("ab"), CAPLAT_LIT("c"),
                                CLEAR, false, CLEAR),
                CAPLAT_PROOF_NEW, "key and id in one");
    test_number(caplat_zone_use(zone, CAPLAT_LIT("a"), CAPLAT_LIT("bc"),
                                CLEAR, false, CLEAR),
                CAPLAT_PROOF_NEW, "and in another parting");
    test_number(caplat_zone_proofs(zone).count, 5, "those that were new");
    caplat_zone_close(zone);
}


/* Kept up to the last second in which the proof could be shown. */
static void
test_time(void)
{
    caplat_zone  *zone = open_new(SMALL);

    test_number(use(zone, 1, CLEAR), CAPLAT_PROOF_NEW, "used");
    test_number(use_made(zone, 1, CLEAR, CLEAR + 360), CAPLAT_PROOF_USED,
                "in its last second");
    test_number(use_exempt(zone, 1, CLEAR + 360), CAPLAT_PROOF_USED,
                "with a nonce too");
    test_number(caplat_zone_proofs(zone).count, 1, "it is still there");
    test_number(use_made(zone, 1, CLEAR, CLEAR + 361), CAPLAT_PROOF_BLIND,
                "past it nobody can tell");
    test_number(caplat_zone_proofs(zone).count, 0, "it has left");
    test_number(use_made(zone, 1, CLEAR + 60, CLEAR + 361),
                CAPLAT_PROOF_BLIND, "as late as it may have been made");
    test_number(use_made(zone, 1, CLEAR + 61, CLEAR + 361),
                CAPLAT_PROOF_NEW, "made when all are known");
    caplat_zone_close(zone);
}


static void
test_blind(void)
{
    caplat_zone  *zone = open_new(SMALL);

    test_that(caplat_zone_blind(zone, NOW + 60), "at the start");
    test_that(!caplat_zone_blind(zone, NOW + 61), "and not past it");
    test_number(use_made(zone, 1, NOW + 60, NOW), CAPLAT_PROOF_BLIND,
                "made while the zone was not yet");
    test_number(use_made(zone, 1, NOW + 61, NOW + 1), CAPLAT_PROOF_NEW,
                "made when it was");
    test_number(use_made(zone, 1, NOW + 60, NOW + 1), CAPLAT_PROOF_USED,
                "used is said before blind");
    test_number(use_exempt(zone, 2, NOW), CAPLAT_PROOF_NEW, "with a nonce");
    test_number(use_made(zone, 3, INT64_MIN, NOW), CAPLAT_PROOF_BLIND,
                "the oldest there is");
    test_number(use_made(zone, 3, INT64_MAX - 1, NOW), CAPLAT_PROOF_NEW,
                "the newest there is: its window is not ours to judge");
    caplat_zone_close(zone);
}


/* A full ring refuses until the oldest have had their time, then lets a few
   go with each use. */
static void
test_full(void)
{
    caplat_zone  *zone = open_new(SMALL);
    size_t        room = caplat_zone_proofs(zone).room;
    size_t        fresh = 0;

    test_that(room > 600 && room < 700, "40 bytes a proof");

    for (uint64_t i = 0; i < room; i++) {
        fresh += use(zone, i, CLEAR) == CAPLAT_PROOF_NEW;
    }

    test_number(fresh, room, "all that fit");
    test_number(use(zone, room, CLEAR), CAPLAT_PROOF_FULL, "one more");
    test_number(use_exempt(zone, room, CLEAR), CAPLAT_PROOF_FULL,
                "with a nonce too");
    test_number(use(zone, 0, CLEAR), CAPLAT_PROOF_USED, "it still knows");
    test_number(use(zone, room, CLEAR + 360), CAPLAT_PROOF_FULL,
                "nobody has to leave early");
    test_number(use_made(zone, 0, CLEAR, CLEAR + 360), CAPLAT_PROOF_USED,
                "the first is known to the end");
    test_number(use(zone, room, CLEAR + 361), CAPLAT_PROOF_NEW,
                "the first leave");
    test_number(caplat_zone_proofs(zone).count, room - 3, "four for one");

    fresh = 0;
    for (uint64_t i = 1; i <= 2 * room; i++) {
        fresh += use(zone, room + i, CLEAR + 361) == CAPLAT_PROOF_NEW;
    }

    test_number(fresh, room - 1, "as many as fit, in the others' places");
    test_number(caplat_zone_proofs(zone).count, room, "full again");
    caplat_zone_close(zone);
}


static caplat_proof_state
use_of(caplat_zone *zone, const char *key, uint64_t id, int64_t now)
{
    return caplat_zone_use(zone, caplat_slice_of(key, 1), number_slice(&id),
                           now, false, now);
}


/* One key has its part of the room, and the others have theirs. */
static void
test_share(size_t len, size_t share)
{
    caplat_zone  *zone = open_new(len);
    size_t        fresh = 0;

    for (uint64_t i = 0; i < share; i++) {
        fresh += use_of(zone, "a", i, CLEAR) == CAPLAT_PROOF_NEW;
    }

    test_number(fresh, (int64_t) share, "all of its part");
    test_number(use_of(zone, "a", share, CLEAR), CAPLAT_PROOF_TOO_MANY,
                "one more");
    test_number(caplat_zone_use(zone, CAPLAT_LIT("a"), CAPLAT_LIT("nonce"), 1,
                                true, CLEAR),
                CAPLAT_PROOF_TOO_MANY, "with a nonce too");
    test_number(use_of(zone, "a", 0, CLEAR), CAPLAT_PROOF_USED,
                "it is known all the same");
    test_number(caplat_zone_proofs(zone).count, (int64_t) share,
                "what was refused is not kept");

    /* They may share a bucket, as one in 4096 does; not both of them. */
    test_that(use_of(zone, "b", 0, CLEAR) == CAPLAT_PROOF_NEW
              || use_of(zone, "c", 0, CLEAR) == CAPLAT_PROOF_NEW,
              "another key");
    test_number(use_of(zone, "a", share, CLEAR + 360), CAPLAT_PROOF_TOO_MANY,
                "until their time is over");
    test_number(use_of(zone, "a", share, CLEAR + 361), CAPLAT_PROOF_NEW,
                "then it has its part again");
    caplat_zone_close(zone);
}


/* What is due before a key's own does not keep it waiting. */
static void
test_share_behind(void)
{
    caplat_zone  *zone = open_new(SMALL);

    for (uint64_t i = 0; i < 100; i++) {
        (void) use(zone, i, CLEAR);
    }

    for (uint64_t i = 0; i < CAPLAT_PROOF_SHARE_MIN; i++) {
        (void) use_of(zone, "a", i, CLEAR);
    }

    test_number(use_of(zone, "a", 999, CLEAR), CAPLAT_PROOF_TOO_MANY, "all");
    test_number(use_of(zone, "a", 999, CLEAR + 361), CAPLAT_PROOF_NEW,
                "one use is enough");
    caplat_zone_close(zone);
}


/* Random coming and going against a plain list. */
static void
test_model(void)
{
    enum { IDS = 800 };

    caplat_zone  *zone = open_new(SMALL);
    size_t        room = caplat_zone_proofs(zone).room;
    int64_t       until[IDS] = { 0 };
    int64_t       now = CLEAR;
    uint64_t      random = 1;
    size_t        wrong = 0;
    size_t        states[5] = { 0 };

    for (int i = 0; i < 200000; i++) {
        random = random * UINT64_C(6364136223846793005) + 1;

        uint64_t            id = (random >> 33) % IDS;
        caplat_proof_state  state;

        now += (random >> 20) % 1000 == 0 ? (random >> 40) % 90 : 0;
        state = use_exempt(zone, id, now);
        states[state]++;

        size_t  count = caplat_zone_proofs(zone).count;

        /* Whoever has had their time may still wait to leave. */
        wrong += (state == CAPLAT_PROOF_NEW) && now < until[id];
        wrong += (state == CAPLAT_PROOF_USED) && until[id] == 0;
        wrong += (state == CAPLAT_PROOF_FULL)
                 && (now < until[id] || count != room);
        wrong += state == CAPLAT_PROOF_BLIND
                 || state == CAPLAT_PROOF_TOO_MANY;

        if (state == CAPLAT_PROOF_NEW) {
            until[id] = now + CAPLAT_PROOF_KEPT;
        }
    }

    test_number(wrong, 0, "as a list would have it");
    test_that(states[CAPLAT_PROOF_NEW] > 5000
              && states[CAPLAT_PROOF_USED] > 10000
              && states[CAPLAT_PROOF_FULL] > 100, "all of them were seen");
    caplat_zone_close(zone);
}


static void
test_nonce(void)
{
    caplat_zone  *zone = open_new(SMALL);
    char          text[CAPLAT_NONCE_LEN];
    caplat_slice  nonce = { text, sizeof(text) };
    size_t        forged = 0;

    caplat_zone_nonce(zone, NOW + 1, text);
    test_that(caplat_zone_nonce_valid(zone, nonce, NOW + 1), "at once");
    test_that(caplat_zone_nonce_valid(zone, nonce, NOW),
              "where a worker's clock is behind");
    test_that(caplat_zone_nonce_valid(zone, nonce, NOW + 301),
              "in its last second");
    test_that(!caplat_zone_nonce_valid(zone, nonce, NOW + 302), "and past it");

    caplat_zone_nonce(zone, NOW + 302, text);

    for (size_t i = 0; i < sizeof(text); i++) {
        char  kept = text[i];

        for (int c = 0; c < 256; c++) {
            text[i] = (char) c;
            forged += text[i] != kept
                      && caplat_zone_nonce_valid(zone, nonce, NOW + 302);
        }

        text[i] = kept;
    }

    test_number(forged, 0, "each character counts");
    test_that(caplat_zone_nonce_valid(zone, nonce, NOW + 302), "as it was");
    nonce.len--;
    test_that(!caplat_zone_nonce_valid(zone, nonce, NOW + 302), "shorter");
    test_that(!caplat_zone_nonce_valid(zone, CAPLAT_LIT(""), NOW + 302),
              "nothing");
    caplat_zone_close(zone);

    nonce.len = sizeof(text);
    zone = open_new(SMALL);
    test_that(!caplat_zone_nonce_valid(zone, nonce, NOW + 302),
              "another zone's");
    caplat_zone_close(zone);
}


/* What was forgotten stays forgotten where the clock is set back. */
static void
test_clock_back(void)
{
    caplat_zone  *zone = open_new(SMALL);
    char          text[CAPLAT_NONCE_LEN];
    caplat_slice  nonce = { text, sizeof(text) };
    int64_t       later = CLEAR + 100000;

    test_number(use(zone, 1, later), CAPLAT_PROOF_NEW, "a clock ahead");
    test_number(use(zone, 2, CLEAR), CAPLAT_PROOF_NEW, "set right");
    test_number(use(zone, 2, CLEAR), CAPLAT_PROOF_USED, "once as ever");
    test_number(use_made(zone, 1, later, CLEAR + 1), CAPLAT_PROOF_USED,
                "the other one is known too");
    test_number(use_made(zone, 1, later, later), CAPLAT_PROOF_BLIND,
                "set ahead again: time has jumped, both have left");
    test_number(use_made(zone, 2, CLEAR, CLEAR), CAPLAT_PROOF_BLIND,
                "neither unnoticed");
    caplat_zone_close(zone);

    zone = open_new(SMALL);
    test_number(use(zone, 1, CLEAR), CAPLAT_PROOF_NEW, "used");
    test_number(use(zone, 2, CLEAR + 361), CAPLAT_PROOF_NEW, "one has left");
    test_number(use_made(zone, 1, CLEAR, CLEAR + 10), CAPLAT_PROOF_BLIND,
                "the clock goes back: it would be in its window");
    test_number(use(zone, 3, CLEAR + 10), CAPLAT_PROOF_BLIND,
                "so would this one, for all we know");
    test_number(use(zone, 3, CLEAR + 61), CAPLAT_PROOF_NEW, "not this one");
    test_number(use_made(zone, 2, CLEAR + 361, CLEAR + 61),
                CAPLAT_PROOF_USED, "one of the future is known");

    caplat_zone_nonce(zone, CLEAR + 61, text);
    test_number(use_exempt(zone, 4, CLEAR + 61), CAPLAT_PROOF_NEW,
                "a proof with this nonce");
    test_number(use_exempt(zone, 4, CLEAR + 421), CAPLAT_PROOF_USED,
                "is known for its time");
    test_that(!caplat_zone_nonce_valid(zone, nonce, CLEAR + 421),
              "in which the nonce ends");
    test_number(use_exempt(zone, 4, CLEAR + 422), CAPLAT_PROOF_NEW,
                "then it is not known");
    test_that(!caplat_zone_nonce_valid(zone, nonce, CLEAR + 61),
              "but its nonce does not come back with the clock");
    caplat_zone_nonce(zone, CLEAR + 61, text);
    test_that(caplat_zone_nonce_valid(zone, nonce, CLEAR + 61),
              "while a new one is good at once");
    test_that(!caplat_zone_nonce_valid(zone, nonce, CLEAR + 362),
              "and ends as ever");
    caplat_zone_close(zone);
}


static void
test_counters(void)
{
    caplat_zone  *zone = open_new(SMALL);

    caplat_zone_count(zone, 0, 1);
    caplat_zone_count(zone, CAPLAT_COUNTERS_MAX - 1, UINT64_C(1) << 40);
    caplat_zone_count(zone, CAPLAT_COUNTERS_MAX - 1, 2);
    test_number(caplat_zone_counter(zone, 0), 1, "the first");
    test_number(caplat_zone_counter(zone, 1), 0, "none");
    test_number(caplat_zone_counter(zone, CAPLAT_COUNTERS_MAX - 1),
                (INT64_C(1) << 40) + 2, "the last");
    test_number(caplat_zone_proofs(zone).count, 0, "beside the ring");
    caplat_zone_close(zone);
}


/* Words are found again, also those that met on their way; what does not fit
   is left out. */
static void
test_tallies(void)
{
    caplat_zone   *zone = open_new(SMALL);
    caplat_slice   word;
    uint64_t       count;
    uint64_t       sum = 0;
    size_t         words = 0;
    char           text[CAPLAT_TALLY_LEN_MAX + 1];

    for (size_t i = 0; i < CAPLAT_TALLIES_MAX + 9; i++) {
        for (size_t times = 0; times <= i % 3; times++) {
            caplat_zone_tally(zone, caplat_slice_of(text, (size_t)
                snprintf(text, sizeof(text), "reason-%zu", i)));
        }
    }

    memset(text, 'x', sizeof(text));
    caplat_zone_tally(zone, caplat_slice_of(text, sizeof(text)));
    caplat_zone_tally(zone, CAPLAT_LIT(""));

    for (size_t at = 0; at < CAPLAT_TALLIES_MAX; at++) {
        if (caplat_zone_tallied(zone, at, &word, &count)) {
            words++;
            sum += count;
            test_that(count >= 1 && count <= 3 && word.ptr[0] == 'r', "one");
        }
    }

    test_number(words, CAPLAT_TALLIES_MAX, "as many as there is room for");
    test_number(sum, CAPLAT_TALLIES_MAX * 2 - 1, "each as often as it came");
    caplat_zone_close(zone);
}


int
main(void)
{
    caplat_assert(sodium_init() >= 0);
    zone_room_open();
    test_once();
    test_time();
    test_blind();
    test_full();
    test_share(SMALL, CAPLAT_PROOF_SHARE_MIN);
    test_share(1 << 20, ((1 << 20) - sizeof(caplat_zone_head)) / 40 / 8);
    test_share_behind();
    test_model();
    test_nonce();
    test_clock_back();
    test_counters();
    test_tallies();
    caplat_zone_close(NULL);
    zone_room_close();

    return test_done();
}
