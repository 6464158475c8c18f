/*
 * Processes that use the same proofs at the same time, and die over it.
 */

#define _GNU_SOURCE                     /* mkdtemp, MAP_ANONYMOUS */

#include "caplat_zone_file.h"

#include "zone_room.h"

#include "test.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <sodium.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>


enum { LARGE = 1 << 20, IDS = 20000, PROCESSES = 4 };


static uint64_t  random_state;

static uint64_t
random_below(uint64_t limit)
{
    random_state = random_state * UINT64_C(6364136223846793005) + 1;

    return (random_state >> 33) % limit;
}


/* Show every proof, in an order of our own, until the end. */
static void
show_all(caplat_zone *zone, _Atomic uint8_t *accepted, uint64_t seed)
{
    static const uint64_t  strides[] = { 1, 3, 7, 9, 11, 13, 17, 19 };
    uint64_t               stride = strides[seed % CAPLAT_COUNT(strides)];

    for (uint64_t i = 0; i < IDS; i++) {
        uint64_t  id = (i * stride + seed) % IDS;

        if (use(zone, id, CLEAR) == CAPLAT_PROOF_NEW) {
            (void) atomic_fetch_add(&accepted[id], 1);
        }
    }
}


static void
test_many(void)
{
    caplat_zone      *zone = open_new(LARGE);
    _Atomic uint8_t  *accepted = share(IDS);
    size_t            wrong = 0;

    for (uint64_t i = 0; i < PROCESSES; i++) {
        if (fork() == 0) {
            /* Half of them have it from their parent, as workers do. */
            show_all(i % 2 == 0 ? zone : open_at(LARGE, CLEAR), accepted, i);
            _exit(0);
        }
    }

    for (int i = 0; i < PROCESSES; i++) {
        int  status = -1;

        (void) wait(&status);
        test_number(status, 0, "a process ends well");
    }

    for (size_t i = 0; i < IDS; i++) {
        wrong += atomic_load(&accepted[i]) != 1;
    }

    test_number(wrong, 0, "each proof is accepted once");
    test_number(caplat_zone_proofs(zone).count, IDS, "and known");
    caplat_zone_close(zone);
}


static void
wait_until_killed(pid_t pid, long delay_ns)
{
    (void) nanosleep(&(struct timespec) { 0, delay_ns }, NULL);
    (void) kill(pid, SIGKILL);
    (void) waitpid(pid, NULL, 0);
}


/* Two processes at work, one of which is killed again and again. */
static void
test_killed(void)
{
    enum { ROUNDS = 300 };

    caplat_zone      *zone = open_new(LARGE);
    _Atomic uint8_t  *accepted = share(IDS);
    size_t            twice = 0;
    size_t            lost = 0;
    pid_t             steady = fork();

    if (steady == 0) {
        for (;;) {
            show_all(zone, accepted, 5);
        }
    }

    for (uint64_t i = 0; i < ROUNDS; i++) {
        pid_t  pid = fork();

        if (pid == 0) {
            for (;;) {
                show_all(zone, accepted, i);
            }
        }

        wait_until_killed(pid, (long) random_below(3000000));
    }

    wait_until_killed(steady, 0);

    for (uint64_t i = 0; i < IDS; i++) {
        bool  known = use(zone, i, CLEAR) == CAPLAT_PROOF_USED;

        twice += atomic_load(&accepted[i]) > 1;
        lost += atomic_load(&accepted[i]) == 1 && !known;
    }

    test_number(twice, 0, "none is accepted twice");
    test_number(lost, 0, "none that was accepted is forgotten");
    test_number(caplat_zone_proofs(zone).count, IDS, "nor counted twice");
    caplat_zone_close(zone);
}


/*
 * A use in which a process dies: the zone has DUE proofs whose time is over,
 * so that some of them leave in it, and KNOWN that stay.
 */
enum { DUE = 12, KNOWN = 12, FRESH = 1000 };

#define DIES_AT  (CLEAR + CAPLAT_PROOF_KEPT)

static caplat_zone *
open_filled(void)
{
    caplat_zone  *zone = open_new(SMALL);

    for (uint64_t i = 0; i < DUE + KNOWN; i++) {
        test_number(use(zone, i, i < DUE ? CLEAR : CLEAR + 100),
                    CAPLAT_PROOF_NEW, "filled");
    }

    return zone;
}


/* A child that stops before it uses FRESH; 0: processes cannot be traced. */
static pid_t
fork_traced(caplat_zone *zone, _Atomic uint8_t *accepted)
{
    pid_t  pid = fork();
    int    status = 0;

    if (pid == 0) {
        if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0) {
            _exit(1);
        }

        (void) raise(SIGSTOP);
        atomic_store(accepted, use(zone, FRESH, DIES_AT) == CAPLAT_PROOF_NEW);
        _exit(0);
    }

    (void) waitpid(pid, &status, 0);

    return WIFSTOPPED(status) ? pid : 0;
}


/* How many buckets of the zone at zone_path do not count what is there. */
static size_t
count_wrong_buckets(void)
{
    static _Alignas(caplat_zone_head) uint8_t  bytes[SMALL];

    uint32_t  counts[CAPLAT_RING_BUCKETS] = { 0 };
    size_t    wrong = 0;
    int       fd = open(zone_path, O_RDONLY);

    test_that(read(fd, bytes, SMALL) == SMALL, "its bytes are read");
    (void) close(fd);

    const caplat_zone_head   *head = (const void *) bytes;
    const caplat_ring_entry  *entries = (const void *) (head + 1);

    /* So few have come that none has come around. */
    for (uint64_t i = head->ends.first; i != head->ends.next; i++) {
        counts[entries[i].bucket]++;
    }

    for (size_t i = 0; i < CAPLAT_RING_BUCKETS; i++) {
        wrong += counts[i] != head->buckets[i];
    }

    return wrong;
}


/* How much is wrong with a zone after a death. */
static size_t
count_wrong(caplat_zone *zone, bool accepted)
{
    caplat_proof_state  first = use(zone, FRESH, DIES_AT);
    size_t              wrong = 0;

    wrong += first != CAPLAT_PROOF_USED
             && (accepted || first != CAPLAT_PROOF_NEW);
    wrong += use(zone, FRESH, DIES_AT) != CAPLAT_PROOF_USED;

    for (uint64_t i = 0; i < DUE; i++) {
        wrong += use_made(zone, i, CLEAR, CLEAR) == CAPLAT_PROOF_NEW;
    }

    for (uint64_t i = DUE; i < DUE + KNOWN; i++) {
        wrong += use_exempt(zone, i, CLEAR) != CAPLAT_PROOF_USED;
    }

    /* A clock may miss the step in which somebody died: then none leaves. */
    size_t  count = caplat_zone_proofs(zone).count;

    return wrong + (count != KNOWN + 1 && count != DUE + KNOWN + 1)
           + count_wrong_buckets();
}


/* The same with the bytes of a zone whose user has just died: the kernel has
   left a mark in the lock that they had. */
static size_t
count_wrong_in(uint8_t bytes[static SMALL], bool accepted)
{
    uint8_t   *at = bytes + offsetof(caplat_zone_head, lock);
    uint32_t   word;

    memcpy(&word, at, sizeof(word));
    word |= (word & FUTEX_TID_MASK) != 0 ? FUTEX_OWNER_DIED : 0;
    memcpy(at, &word, sizeof(word));

    int  fd = open(zone_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    test_that(write(fd, bytes, SMALL) == SMALL, "a copy is made");
    (void) close(fd);

    caplat_zone  *zone = open_at(SMALL, NOW);
    size_t        wrong = count_wrong(zone, accepted);

    caplat_zone_close(zone);

    return wrong;
}


static bool
step(pid_t pid)
{
    int  status = 0;

    return ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL) == 0
           && waitpid(pid, &status, 0) == pid && WIFSTOPPED(status);
}


/*
 * Every state of the file that a death can leave: the use goes on by single
 * instructions, and whenever the bytes have changed, a copy of them is tried.
 * Returns the instructions; 0: processes cannot be traced here.
 */
static uint64_t
test_each_state(void)
{
    static uint8_t    bytes[SMALL];
    static uint8_t    seen[SMALL];

    caplat_zone      *zone = open_filled();
    _Atomic uint8_t  *accepted = share(1);
    pid_t             pid = fork_traced(zone, accepted);
    int               fd = open(zone_path, O_RDONLY);
    uint64_t          steps = 0;
    size_t            states = 0;
    size_t            wrong = 0;

    if (pid == 0) {
        return 0;
    }

    /* The name is for the copies. */
    (void) unlink(zone_path);

    for (; step(pid); steps++) {
        wrong += pread(fd, bytes, SMALL, 0) != SMALL;

        if (memcmp(bytes, seen, SMALL) != 0) {
            memcpy(seen, bytes, SMALL);
            states++;
            wrong += count_wrong_in(bytes, atomic_load(accepted));
        }
    }

    test_that(states > 20, "there are many on the way");
    test_number(wrong, 0, "each is as it was before, or after");
    (void) close(fd);
    caplat_zone_close(zone);

    return steps;
}


/* The same by deaths that are real, which are slow. */
static void
test_each_death(uint64_t steps)
{
    enum { ROUNDS = 12 };

    _Atomic uint8_t  *accepted = share(1);
    size_t            wrong = 0;

    for (uint64_t i = 0; i < ROUNDS; i++) {
        caplat_zone  *zone = open_filled();
        pid_t         pid = fork_traced(zone, accepted);

        for (uint64_t at = random_below(steps); at != 0; at--) {
            (void) step(pid);
        }

        wait_until_killed(pid, 0);
        wrong += count_wrong(zone, atomic_exchange(accepted, 0));
        caplat_zone_close(zone);
    }

    test_number(wrong, 0, "the zone is as it was before, or after");
}


int
main(void)
{
    caplat_assert(sodium_init() >= 0);
    zone_room_open();
    test_many();
    test_killed();

    uint64_t  steps = test_each_state();

    if (steps != 0) {
        test_each_death(steps);
    } else {
        test_skip("a death at each instruction", "ptrace does not step here");
    }

    zone_room_close();

    return test_done();
}
