/*
 * The file of slots: its mode, its length, writes that are cut short, a disk
 * that is full, shredding, and processes that write beside each other.
 */

#include "vault_room.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>


enum { PROCESSES = 4, EACH = 100 };


static void
test_new_file(void)
{
    mode_t         before = umask(0);
    caplat_vault  *vault = open_vault();
    struct stat    st;
    uint64_t       slots = 9;
    const char    *why = "";

    (void) umask(before);
    test_that(stat(vault_path, &st) == 0, vault_path);
    test_number(st.st_mode & 07777, 0600, "nobody else reads it");
    test_that(caplat_vault_slots(vault, &slots, &why), why);
    test_number(slots, 0, "it is empty");
    test_that(caplat_vault_sync(vault, &why), why);
    caplat_vault_close(vault);
    (void) unlink(vault_path);
}


static void
test_no_folder(void)
{
    caplat_vault  *vault = NULL;
    const char    *why = "";

    test_that(!caplat_vault_open("/nowhere/at/all", &vault_epoch, &vault,
                                 &why), "no folder");
    test_text(test_slice(why), CAPLAT_LIT("No such file or directory"), "why");
    test_that(vault == NULL, "untouched");
}


/* Whatever a torn write leaves, the next number is past it. */
static void
test_lengths(void)
{
    static const struct {
        off_t     len;
        uint64_t  slots;
    } rows[] = {
        { 0, 0 }, { 1, 1 }, { 127, 1 }, { 128, 1 }, { 129, 2 }, { 255, 2 },
        { 256, 2 }, { 257, 3 }, { INT64_C(1) << 40, UINT64_C(1) << 33 }
    };
    caplat_vault  *vault = open_vault();

    for (size_t i = 0; i < CAPLAT_COUNT(rows); i++) {
        uint64_t     slots = 99;
        const char  *why = "";

        test_that(truncate(vault_path, rows[i].len) == 0, "a length");
        test_that(caplat_vault_slots(vault, &slots, &why), why);
        test_number(slots, rows[i].slots, "rounded up");
    }

    test_that(truncate(vault_path, 0) == 0, "empty again");
    caplat_vault_close(vault);
}


static void
test_torn(void)
{
    caplat_vault  *vault = open_vault();
    sealed_order   torn, next;
    uint64_t       slots = 0;
    const char    *why = "";

    seal_well(vault, ORDER, 0, NOW, &torn);
    test_that(truncate(vault_path, 100) == 0, "torn");
    test_shut(&torn, "there is no such slot", "a part of a slot");
    test_that(caplat_vault_slots(vault, &slots, &why), why);
    seal_well(vault, OTHER, slots, NOW, &next);
    test_number(next.seal.slot, 1, "the next one");
    test_opens(&next, "and it is whole");
    test_shut(&torn, "the slot does not open with this key",
              "its tail is a hole");
    caplat_vault_close(vault);
    (void) unlink(vault_path);
}


/* A limit amid a slot: half of it is written, then no more. */
static void
test_short_write(void)
{
    struct rlimit  before, limit;
    caplat_vault  *vault = open_vault();
    sealed_order   kept, o = { .order = NULL };
    uint64_t       slots = 0;
    const char    *why = NULL;

    seal_well(vault, ORDER, 0, NOW, &kept);
    (void) getrlimit(RLIMIT_FSIZE, &before);
    limit = before;
    limit.rlim_cur = CAPLAT_SLOT_LEN + CAPLAT_SLOT_LEN / 2;
    (void) signal(SIGXFSZ, SIG_IGN);
    (void) setrlimit(RLIMIT_FSIZE, &limit);
    o.seal.slot = 77;
    test_that(!seal_order(vault, OTHER, 1, NOW, &o, &why), "half a slot");
    (void) setrlimit(RLIMIT_FSIZE, &before);
    test_text(test_slice(why != NULL ? why : ""),
              CAPLAT_LIT("File too large"), "why");
    test_number(o.seal.slot, 77, "untouched");
    test_that(caplat_vault_slots(vault, &slots, &why), why);
    test_number(slots, 2, "half a slot is used");
    test_opens(&kept, "the other is whole");
    seal_well(vault, OTHER, 1, NOW, &o);
    test_opens(&o, "and it may be written again");
    caplat_vault_close(vault);
    (void) unlink(vault_path);
}


/* The device that is always full, and cannot be synced. */
static void
test_full(void)
{
    caplat_vault  *vault;
    sealed_order   o;
    const char    *why = NULL;

    if (symlink("/dev/full", vault_path) != 0
        || access("/dev/full", R_OK | W_OK) != 0)
    {
        test_skip("a full disk", "there is no /dev/full");
        (void) unlink(vault_path);
        return;
    }

    vault = open_vault();
    test_that(!seal_order(vault, ORDER, 0, NOW, &o, &why), "full");
    test_text(test_slice(why != NULL ? why : ""),
              CAPLAT_LIT("No space left on device"), "why");
    why = NULL;
    test_that(!caplat_vault_sync(vault, &why) && why != NULL, "no sync");
    caplat_vault_close(vault);
    (void) unlink(vault_path);
}


static void
test_numbers(void)
{
    caplat_vault  *vault = open_vault();
    sealed_order   o;
    const char    *why = NULL;

    /* Where it times 128 would begin anew: at 0. */
    test_that(!seal_order(vault, ORDER, UINT64_C(1) << 57, NOW, &o, &why)
              && why != NULL, "no such number");
    why = NULL;
    test_that(!seal_order(vault, ORDER, UINT64_MAX, NOW, &o, &why)
              && why != NULL, "no such number");
    caplat_vault_close(vault);
}


static bool
shred(const char *order, uint64_t slot, const char **why)
{
    *why = "";

    return caplat_vault_shred(vault_folder, CAPLAT_LIT(EPOCH),
                              test_slice(order), slot, why);
}


static void
test_not_shredded(const char *order, uint64_t slot, const char *want)
{
    const char  *why;

    test_that(!shred(order, slot, &why), want);
    test_text(test_slice(why), test_slice(want), "why");
}


static void
test_shred(void)
{
    uint8_t        bytes[CAPLAT_SLOT_LEN];
    caplat_vault  *vault = open_vault();
    sealed_order   before, one, behind;
    const char    *why;

    seal_well(vault, ORDER, 0, NOW, &before);
    seal_well(vault, ORDER, 1, NOW, &one);
    seal_well(vault, OTHER, 3, NOW, &behind);

    test_not_shredded(OTHER, 1, "the slot is of another order");
    test_not_shredded(ORDER, 2, "the slot was never written");
    test_not_shredded(ORDER, 4, "there is no such slot");
    test_not_shredded(ORDER, (UINT64_C(1) << 57) + 1, "there is no such slot");
    test_opens(&one, "not yet");

    for (int i = 0; i < 2; i++) {
        test_that(shred(ORDER, 1, &why), why);
        read_slot_bytes(1, bytes);
        test_number(bytes[16], 2, "shredded");
        test_that(sodium_is_zero(bytes, 16)
                  && sodium_is_zero(bytes + 17, sizeof(bytes) - 17),
                  "nothing of it is left");
        test_shut(&one, "the slot has been shredded", "shredded");
    }

    test_opens(&before, "the one before");
    test_opens(&behind, "the one behind");
    caplat_vault_close(vault);
    (void) unlink(vault_path);
    test_not_shredded(ORDER, 1, "No such file or directory");
    test_that(access(vault_path, F_OK) != 0, "and none is made");
}


static const char *
order_of(uint64_t slot)
{
    static char  order[32];

    (void) snprintf(order, sizeof(order), "CA20270115%06llu",
                    (unsigned long long) slot);

    return order;
}


/* Every fourth slot from its own, into a vault of its own. */
static void
fill(uint64_t from, sealed_order *orders)
{
    caplat_vault  *vault = open_vault();
    const char    *why = "";

    for (uint64_t slot = from; slot < PROCESSES * EACH; slot += PROCESSES) {
        seal_well(vault, order_of(slot), slot, NOW, &orders[slot]);
        test_that(slot % 16 != from || caplat_vault_sync(vault, &why), why);

        /* Beside the others' writes: one in ten is shredded at once. */
        test_that(slot % 10 != 0 || shred(order_of(slot), slot, &why), why);
    }

    caplat_vault_close(vault);
    (void) fflush(stdout);
    _exit(test_failed == 0 ? 0 : 1);
}


static void
test_beside(void)
{
    size_t         len = PROCESSES * EACH * sizeof(sealed_order);
    sealed_order  *orders = mmap(NULL, len, PROT_READ | PROT_WRITE,
                                 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    size_t         wrong = 0;

    test_that(orders != MAP_FAILED, "shared memory");
    (void) fflush(stdout);              /* or each child prints it again */

    for (uint64_t i = 0; i < PROCESSES; i++) {
        if (fork() == 0) {
            fill(i, orders);
        }
    }

    for (int i = 0; i < PROCESSES; i++) {
        int  status = -1;

        (void) wait(&status);
        test_number(status, 0, "a process ends well");
    }

    for (uint64_t slot = 0; slot < PROCESSES * EACH; slot++) {
        const char  *why;

        orders[slot].order = order_of(slot);
        why = why_shut(&orders[slot]);
        wrong += (why == NULL) == (slot % 10 == 0);
    }

    test_number(wrong, 0, "each opens, or is shredded");
    (void) munmap(orders, len);
}


int
main(void)
{
    vault_room_open();
    test_new_file();
    test_no_folder();
    test_lengths();
    test_torn();
    test_short_write();
    test_full();
    test_numbers();
    test_shred();
    test_beside();
    vault_room_close();

    return test_done();
}
