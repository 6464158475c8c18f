#define _GNU_SOURCE                     /* mkdtemp, MAP_ANONYMOUS */

#include "caplat_zone_file.h"

#include "zone_room.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>


static mode_t
mode_of(const char *path)
{
    struct stat  st = { 0 };

    (void) lstat(path, &st);

    return st.st_mode;
}


/* Bytes over those of the file at `at`. */
static void
scratch(size_t at, const void *bytes, size_t len)
{
    int  fd = open(zone_path, O_WRONLY);

    test_that(fd >= 0 && pwrite(fd, bytes, len, (off_t) at) == (ssize_t) len,
              "the file is written over");
    (void) close(fd);
}


/* What a file of these bytes is made of. */
static void
put_file(const void *bytes, size_t len, mode_t mode)
{
    (void) unlink(zone_path);

    int  fd = open(zone_path, O_WRONLY | O_CREAT, mode);

    test_that(fd >= 0 && write(fd, bytes, len) == (ssize_t) len
              && fchmod(fd, mode) == 0, "a file is written");
    (void) close(fd);
}


static void
test_reopen(void)
{
    caplat_zone  *zone = open_new(SMALL);
    char          text[CAPLAT_NONCE_LEN];
    uint8_t       secret[32];

    test_number(mode_of(zone_path) & 07777, 0600, "for nobody else");
    test_number(use(zone, 1, CLEAR), CAPLAT_PROOF_NEW, "used");
    caplat_zone_nonce(zone, CLEAR, text);
    caplat_zone_count(zone, 7, 5);
    memcpy(secret, caplat_zone_secret(zone), sizeof(secret));

    caplat_zone  *other = open_at(SMALL, CLEAR + 5);

    test_number(use(other, 1, CLEAR), CAPLAT_PROOF_USED, "seen by another");
    test_number(use(other, 2, CLEAR), CAPLAT_PROOF_NEW, "and the other way");
    test_number(use(zone, 2, CLEAR), CAPLAT_PROOF_USED, "round");
    caplat_zone_close(zone);
    caplat_zone_close(other);

    zone = open_at(SMALL, CLEAR + 100);
    test_number(use(zone, 1, CLEAR), CAPLAT_PROOF_USED, "after all closed");
    test_that(caplat_zone_nonce_valid(zone,
                  caplat_slice_of(text, sizeof(text)), CLEAR + 100),
              "nonces too");
    test_number(caplat_zone_counter(zone, 7), 5, "counters too");
    test_that(memcmp(secret, caplat_zone_secret(zone), 32) == 0,
              "and the secret");
    test_that(!caplat_zone_blind(zone, NOW + 61), "it is no more blind");
    caplat_zone_close(zone);
}


/* It has nothing of the one before but blindness up to `until`. */
static void
expect_new(const char *words, size_t len, int64_t now, int64_t until)
{
    caplat_zone  *zone = open_at(len, now);

    test_number(caplat_zone_proofs(zone).count, 0, words);
    test_number(caplat_zone_counter(zone, 7), 0, words);
    test_that(caplat_zone_blind(zone, until), words);
    test_that(!caplat_zone_blind(zone, until + 1), words);
    test_number(use(zone, 1, until + 1), CAPLAT_PROOF_NEW, words);
    test_number(mode_of(zone_path) & 07777, 0600, words);
    caplat_zone_close(zone);
}


static void
fill_one(void)
{
    caplat_zone  *zone = open_new(SMALL);

    test_number(use(zone, 1, CLEAR), CAPLAT_PROOF_NEW, "used");
    caplat_zone_count(zone, 7, 1);
    caplat_zone_close(zone);
}


static void
test_made_anew(void)
{
    static const uint8_t  zeros[SMALL];
    uint32_t              version = 2;

    fill_one();
    expect_new("another size", SMALL * 2, NOW + 500, NOW + 560);

    fill_one();
    scratch(offsetof(caplat_zone_prefix, version), &version, 4);
    expect_new("another version", SMALL, NOW + 500, NOW + 560);

    fill_one();
    scratch(offsetof(caplat_zone_prefix, boot), "X", 1);
    expect_new("another boot", SMALL, NOW + 500, NOW + 560);

    fill_one();
    scratch(offsetof(caplat_zone_prefix, boot), "X", 1);
    expect_new("another boot, with a clock behind", SMALL, NOW - 500,
               CLEAR + 60);

    fill_one();
    scratch(offsetof(caplat_zone_prefix, latest), "\377\377\377\377\377\377"
            "\377\177", 8);
    scratch(offsetof(caplat_zone_prefix, boot), "X", 1);
    expect_new("a time that cannot be", SMALL, NOW, NOW + 60);

    fill_one();
    scratch(0, "C", 1);
    expect_new("another magic", SMALL, NOW, NOW + 60);

    fill_one();
    test_that(truncate(zone_path, SMALL - 1) == 0, "cut");
    expect_new("a byte less", SMALL, NOW, CLEAR + 60);

    fill_one();
    test_that(chmod(zone_path, 0640) == 0, "shown to others");
    expect_new("others could read it", SMALL, NOW, CLEAR + 60);

    put_file("", 0, 0600);
    expect_new("nothing", SMALL, NOW, NOW + 60);
    put_file("garbage", 7, 0644);
    expect_new("garbage", SMALL, NOW, NOW + 60);
    put_file(zeros, SMALL, 0600);
    expect_new("zeros", SMALL, NOW, NOW + 60);
}


static void
expect_failure(const char *path, size_t len, const char *words)
{
    caplat_zone  *zone = NULL;
    const char   *why = NULL;
    bool          opened = caplat_zone_open(path, len, NOW, &zone, &why);

    test_that(!opened && zone == NULL, words);

    if (why != NULL) {
        test_text(test_slice(why), test_slice(words), path);
    }
}


static void
test_failures(void)
{
    char  long_path[5000];

    memset(long_path, 'a', sizeof(long_path) - 1);
    long_path[sizeof(long_path) - 1] = '\0';

    (void) unlink(zone_path);
    expect_failure(zone_path, SMALL - 1, "too small");
    expect_failure(zone_path, CAPLAT_ZONE_LEN_MAX + 1, "too large");
    expect_failure(zone_folder, SMALL, "Is a directory");
    expect_failure("/no/such/folder/zone", SMALL,
                   "No such file or directory");
    expect_failure(long_path, SMALL, "File name too long");

    test_that(symlink("elsewhere", zone_path) == 0, "a link");
    expect_failure(zone_path, SMALL, "Too many levels of symbolic links");
    (void) unlink(zone_path);
    test_that(mkfifo(zone_path, 0600) == 0, "a pipe");
    expect_failure(zone_path, SMALL, "not a regular file");
    (void) unlink(zone_path);
    test_that(access(zone_path, F_OK) != 0, "none of them made one");

    put_file("garbage", 7, 0600);

    int  fd = open(zone_path, O_RDONLY);

    test_that(flock(fd, LOCK_EX) == 0, "somebody has it locked");
    expect_failure(zone_path, SMALL, "somebody else keeps it locked or "
                                     "replaces it all the time");
    (void) close(fd);
    expect_new("until they have gone", SMALL, NOW, NOW + 60);
}


/* Nobody makes another zone in place of one that is in use. */
static void
expect_held(const char *words)
{
    int     fd = open(zone_path, O_RDONLY);
    pid_t   pid;
    char    byte;
    int     ends[2];

    test_that(fd >= 0 && pipe(ends) == 0 && flock(fd, LOCK_SH) == 0, "held");
    expect_failure(zone_path, SMALL, words);
    pid = fork();

    if (pid == 0) {
        (void) close(ends[1]);
        _exit(read(ends[0], &byte, 1) == 0 ? 0 : 1);
    }

    (void) close(fd);
    expect_failure(zone_path, SMALL, words);
    (void) close(ends[0]);
    (void) close(ends[1]);
    (void) waitpid(pid, NULL, 0);
    expect_new(words, SMALL, NOW + 500, NOW + 560);
}


static void
test_held(void)
{
    caplat_zone  *zone = open_new(SMALL * 2);

    test_number(use(zone, 1, CLEAR), CAPLAT_PROOF_NEW, "used");
    expect_failure(zone_path, SMALL, "in use by another server with another "
                                     "size");
    test_number(use(zone, 2, CLEAR), CAPLAT_PROOF_NEW, "it is not blind");

    caplat_zone  *other = open_at(SMALL * 2, CLEAR);

    test_that(caplat_zone_same(zone, other), "two of one file");
    caplat_zone_close(zone);
    expect_failure(zone_path, SMALL, "in use by another server with another "
                                     "size");
    test_number(use(other, 1, CLEAR), CAPLAT_PROOF_USED, "it knows all");

    zone = open_new(SMALL);
    test_that(!caplat_zone_same(zone, other), "another file of this name");
    caplat_zone_close(zone);
    caplat_zone_close(other);

    /* By a process that has it from its parent, too. */
    zone = open_new(SMALL * 2);
    caplat_zone_close(zone);
    expect_held("in use by another server with another size");

    fill_one();
    scratch(offsetof(caplat_zone_prefix, version), "X", 1);
    expect_held("in use by another server of another version");

    fill_one();
    test_that(chmod(zone_path, 0640) == 0, "shown to others");
    expect_held("in use, but not ours alone to read and write");
}


/* A process that waits for the others, opens, and leaves its secret. */
static void
open_with_others(_Atomic unsigned *waiting, unsigned count, uint8_t *secret)
{
    (void) atomic_fetch_add(waiting, 1);

    while (atomic_load(waiting) % count != 0) {
        /* They open at the same moment. */
    }

    caplat_zone  *zone = open_at(SMALL, NOW);

    memcpy(secret, caplat_zone_secret(zone), 32);
    _exit(use(zone, 1, CLEAR) == CAPLAT_PROOF_NEW ? 1 : 0);
}


/* How many of them were the first to use a proof, and all had one secret. */
static unsigned
open_together(unsigned count, uint8_t (*secrets)[32],
    _Atomic unsigned *waiting)
{
    unsigned  first = 0;

    for (unsigned i = 0; i < count; i++) {
        if (fork() == 0) {
            open_with_others(waiting, count, secrets[i]);
        }
    }

    for (unsigned i = 0; i < count; i++) {
        int  status = -1;

        (void) wait(&status);
        first += status == 0 ? 0 : status == 1 << 8 ? 1 : 100;
    }

    for (unsigned i = 1; i < count; i++) {
        first += memcmp(secrets[0], secrets[i], 32) == 0 ? 0 : 1000;
    }

    return first;
}


static void
test_together(void)
{
    enum { COUNT = 4, ROUNDS = 60 };

    _Atomic unsigned  *waiting = share(sizeof(*waiting));
    uint8_t          (*secrets)[32] = share(COUNT * 32);
    unsigned           wrong = 0;

    for (unsigned i = 0; i < ROUNDS; i++) {
        (void) unlink(zone_path);

        if (i % 3 == 1) {
            put_file("garbage", 7, 0600);
        } else if (i % 3 == 2) {
            caplat_zone_close(open_at(2 * SMALL, NOW - 1));
        }

        wrong += open_together(COUNT, secrets, waiting) != 1;
    }

    test_number(wrong, 0, "who opens at the same moment opens the same");
}


int
main(void)
{
    caplat_assert(sodium_init() >= 0);
    zone_room_open();
    test_reopen();
    test_made_anew();
    test_failures();
    test_held();
    test_together();
    zone_room_close();

    return test_done();
}
