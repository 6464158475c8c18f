/*
 * What a thief of a worker's memory would look for: the shared secret of a
 * minute that is over, and the keys of texts that were sealed. All memory of
 * this process that can be written is searched for them.
 */

#include "vault_room.h"
#include "vectors.h"

#include <sys/wait.h>


#define NEEDLES  2
#define LARGE    ((uint64_t) 1 << 30)   /* ASan's own shadow, for one */


enum { SHARED, KEY };

/* Each byte inverted, so that the search does not find what it looks for. */
static uint8_t  inverted[NEEDLES][32];
static size_t   found[NEEDLES];


/* What the epoch's secret key makes of slot 0. */
static void
compute(uint8_t needles[NEEDLES][32])
{
    uint8_t  bytes[CAPLAT_SLOT_LEN];

    read_slot_bytes(0, bytes);
    test_that(crypto_box_beforenm(needles[SHARED], bytes + 24, vault_secret)
              == 0, "the shared secret");
    test_that(crypto_box_open_easy_afternm(needles[KEY], bytes + 80, 48,
                                           bytes + 56, needles[SHARED]) == 0,
              "the key");

    for (size_t i = 0; i < sizeof(inverted); i++) {
        needles[i / 32][i % 32] = (uint8_t) ~needles[i / 32][i % 32];
    }
}


/* By another process, so that no stack of ours has ever held them. */
static void
learn(void)
{
    int      ends[2], status = -1;
    uint8_t  needles[NEEDLES][32];

    test_that(pipe(ends) == 0, "a pipe");

    if (fork() == 0) {
        compute(needles);
        _exit(write(ends[1], needles, sizeof(needles)) == sizeof(needles)
              && test_failed == 0 ? 0 : 1);
    }

    (void) wait(&status);
    test_number(status, 0, "they are known");
    test_number(read(ends[0], inverted, sizeof(inverted)), sizeof(inverted),
                "they are known here");
    (void) close(ends[0]);
    (void) close(ends[1]);
}


static bool
is_at(const uint8_t *at, size_t n)
{
    for (size_t i = 0; i < 32; i++) {
        if (at[i] != (uint8_t) ~inverted[n][i]) {
            return false;
        }
    }

    return true;
}


/* How often needle n begins before end; it may reach 31 bytes further. */
static size_t
count(const uint8_t *at, const uint8_t *end, size_t n)
{
    size_t  times = 0;

    while (at < end
           && (at = memchr(at, (uint8_t) ~inverted[n][0],
                           (size_t) (end - at))) != NULL)
    {
        times += is_at(at++, n);
    }

    return times;
}


/* By a read of /proc/self/mem, which ASan lets pass. */
static void
search(int memory, uint64_t from, uint64_t until)
{
    static uint8_t  room[65536 + 31];

    for (uint64_t at = from; at < until; at += 65536) {
        size_t   len = until - at < sizeof(room) ? until - at : sizeof(room);
        ssize_t  n = pread(memory, room, len, (off_t) at);

        for (size_t i = 0; i < NEEDLES && n >= 32; i++) {
            found[i] += count(room, room + n - 31, i);
        }
    }

    sodium_memzero(room, sizeof(room));
}


static bool
take_address(caplat_cursor *c, char behind, uint64_t *address)
{
    caplat_slice  text;

    if (!caplat_take_until(c, behind, 16, &text)) {
        return false;
    }

    *address = 0;

    for (size_t i = 0; i < text.len; i++) {
        *address = *address << 4 | (uint64_t) vectors_digit(text.ptr[i]);
    }

    return true;
}


static bool
search_all(void)
{
    FILE  *maps = fopen("/proc/self/maps", "re");
    int    memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    char   line[512];

    memset(found, 0, sizeof(found));

    while (maps != NULL && memory >= 0
           && fgets(line, sizeof(line), maps) != NULL)
    {
        caplat_cursor  c = caplat_cursor_of(test_slice(line));
        uint64_t       from, until;

        if (take_address(&c, '-', &from) && take_address(&c, ' ', &until)
            && caplat_take_literal(&c, CAPLAT_LIT("rw"))
            && until - from < LARGE)
        {
            search(memory, from, until);
        }
    }

    if (memory >= 0) {
        (void) close(memory);
    }

    return maps != NULL && fclose(maps) == 0 && memory >= 0;
}


static void
test_found(size_t shared_min, size_t shared_max, const char *words)
{
    if (!test_that(search_all(), "memory is searched")) {
        return;
    }

    test_that(found[SHARED] >= shared_min && found[SHARED] <= shared_max,
              words);
    test_number(found[KEY], 0, "no key of a text is anywhere");
}


int
main(void)
{
    caplat_vault  *vault;
    sealed_order   o;

    vault_room_open();
    vault = open_vault();
    seal_well(vault, ORDER, 0, NOW, &o);
    learn();
    test_found(1, 1, "the minute's secret is there once, and is found");
    caplat_vault_rest(vault, NOW + CAPLAT_BOX_LIFE - 1);
    test_found(1, 1, "the minute is not over");
    caplat_vault_rest(vault, NOW + CAPLAT_BOX_LIFE);
    test_found(0, 0, "wiped when the minute is over");

    seal_well(vault, ORDER, 0, NOW, &o);
    learn();
    test_found(1, 1, "the next minute's");
    seal_well(vault, ORDER, 1, NOW + CAPLAT_BOX_LIFE, &o);
    test_found(0, 0, "the next one takes its place");

    seal_well(vault, ORDER, 0, NOW + CAPLAT_BOX_LIFE, &o);
    learn();
    test_found(1, 1, "the last one");
    caplat_vault_close(vault);
    test_found(0, 0, "wiped when the vault is closed");
    vault_room_close();

    return test_done();
}
