/*
 * The finder against a plain list: all that was added is found, also by who
 * opens it again, while it grows, and after a kill at any moment.
 */

#define _GNU_SOURCE                     /* mkdtemp, memmem */

#include "caplat_finder.h"

#include "test.h"

#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>


#define NAMES  40000                    /* it grows four times */


static char  folder[] = "build/finder-XXXXXX";
static char  path[sizeof(folder) + 8];


static caplat_finder *
must_open(const char *words)
{
    caplat_finder  *finder = NULL;
    const char     *why;

    if (!test_that(caplat_finder_open(folder, true, &finder, &why), words)) {
        printf("    %s\n", why);
        exit(1);
    }

    return finder;
}


/* Every third name has that of another one. */
static uint64_t
hash_of(const caplat_finder *finder, uint64_t number)
{
    uint64_t  name = number % 3 == 2 ? number - 1 : number;

    return caplat_finder_hash(finder,
        caplat_slice_of((const char *) &name, sizeof(name)));
}


static bool
add(caplat_finder *finder, uint64_t number)
{
    const char  *why;

    return caplat_finder_add(finder, hash_of(finder, number), number, 0,
        &why);
}


/* How often a number is told under its hash. */
static size_t
count_of(const caplat_finder *finder, uint64_t number)
{
    caplat_finder_place  place = { 0, 0 };
    uint64_t             found;
    size_t               count = 0;

    while (caplat_finder_next(finder, hash_of(finder, number), &place, &found))
    {
        count += found == number;
    }

    return count;
}


static size_t
missing(const caplat_finder *finder, uint64_t from, uint64_t to)
{
    size_t  count = 0;

    for (uint64_t i = from; i < to; i++) {
        count += count_of(finder, i) != 1;
    }

    return count;
}


static void
test_grows(void)
{
    caplat_finder  *finder = must_open("a new one");
    caplat_finder  *other = must_open("a second process's");
    size_t          wrong = 0;

    test_number(count_of(finder, 1), 0, "it is empty");

    for (uint64_t i = 1; i <= NAMES; i++) {
        wrong += !add(finder, i) + !add(finder, i);

        if (i % 1000 == 0) {
            wrong += missing(other, i > 3000 ? i - 3000 : 1, i + 1);
            wrong += count_of(other, i + 1) != 0;
        }
    }

    test_number(wrong, 0, "what is added is found, once, by all");
    test_number(caplat_finder_added(other), 2 * NAMES, "how often");
    test_number(missing(finder, 1, NAMES + 1), 0, "all are found");
    caplat_finder_close(finder);
    caplat_finder_close(other);

    finder = must_open("again");
    test_number(missing(finder, 1, NAMES + 1), 0, "all are found again");
    caplat_finder_close(finder);
    caplat_finder_close(NULL);
}


/* Who has begun to look is not disturbed by one that grows. */
static void
test_looks_on(void)
{
    caplat_finder        *finder = must_open("to look");
    const char           *why;
    caplat_finder_place   place = { 0, 0 };
    uint64_t              hash, found;
    size_t                seen[10] = { 0 }, wrong = 0;

    test_that(caplat_finder_clear(finder, &why), "empty");
    hash = caplat_finder_hash(finder, CAPLAT_LIT("one name"));

    for (uint64_t i = 0; i < 10; i++) {
        wrong += !caplat_finder_add(finder, hash, i, 0, &why);
    }

    while (caplat_finder_next(finder, hash, &place, &found)) {
        for (uint64_t i = 0; i < 2000; i++) {
            wrong += !add(finder, 1000000 + 10000 * found + i);
        }

        seen[found]++;
    }

    for (size_t i = 0; i < 10; i++) {
        wrong += seen[i] != 1;
    }

    test_number(wrong, 0, "each is told once");
    caplat_finder_close(finder);
}


/* Cleared, it is another one, and has nothing. */
static void
test_clear(void)
{
    caplat_finder  *finder = must_open("to clear");
    const char     *why;
    char            was[CAPLAT_FINDER_KEY_LEN];
    uint64_t        hash = hash_of(finder, 1);

    memcpy(was, caplat_finder_key(finder).ptr, sizeof(was));
    test_that(add(finder, 1) && count_of(finder, 1) == 1, "one");
    test_that(caplat_finder_clear(finder, &why), "cleared");
    test_number(count_of(finder, 1), 0, "it is gone");
    test_that(hash_of(finder, 1) != hash
              && memcmp(was, caplat_finder_key(finder).ptr, sizeof(was)) != 0,
              "names go elsewhere");
    test_that(add(finder, 1) && count_of(finder, 1) == 1, "and again");
    caplat_finder_close(finder);
}


/* Killed while it adds and grows: what had been added is there, and one goes on
   from it. */
static void
test_killed(void)
{
    uint64_t       *done = mmap(NULL, sizeof(*done), PROT_READ | PROT_WRITE,
                                MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    caplat_finder  *finder = must_open("to be killed");
    const char     *why;
    uint64_t        from = 1;

    test_that(caplat_finder_clear(finder, &why), "empty");

    for (size_t round = 0; round < 30; round++) {
        pid_t     child = fork();
        uint64_t  until;

        if (child == 0) {
            caplat_finder  *own = must_open("in the child");

            for (uint64_t i = from; ; i++) {
                if (!add(own, i)) {
                    _exit(1);
                }

                __atomic_store_n(done, i, __ATOMIC_RELEASE);
            }
        }

        (void) usleep((useconds_t) (500 + 700 * round));
        (void) kill(child, SIGKILL);
        (void) waitpid(child, NULL, 0);
        until = __atomic_load_n(done, __ATOMIC_ACQUIRE);

        if (until >= from) {
            test_number(missing(finder, from, until + 1), 0, "none is missing");
            from = until + 1;
        }
    }

    test_that(from > 3 * ((uint64_t) 1 << CAPLAT_FINDER_BITS_MIN),
        "it has grown meanwhile");
    test_number(missing(finder, 1, from), 0, "none at all");
    caplat_finder_close(finder);
    (void) munmap(done, sizeof(*done));
}


static size_t
length(void)
{
    struct stat  st;

    return stat(path, &st) == 0 ? (size_t) st.st_size : 0;
}


/* What one who was killed while it grew has left behind the table is nobody's:
   it is not found, and its room is there. */
static void
test_left(void)
{
    static char  junk[(size_t) 16 << (CAPLAT_FINDER_BITS_MIN + 1)];

    caplat_finder  *finder = must_open("to be left");
    const char     *why;
    int             fd = open(path, O_WRONLY | O_APPEND);

    test_that(caplat_finder_clear(finder, &why), "empty");
    memset(junk, 0x55, sizeof(junk));
    test_that(write(fd, junk, sizeof(junk)) == (ssize_t) sizeof(junk)
              && close(fd) == 0, "left");
    caplat_finder_close(finder);
    finder = must_open("with what was left");

    for (uint64_t i = 1; i <= 5000; i++) {
        test_that(add(finder, i), "added");
    }

    test_number(missing(finder, 1, 5001), 0, "all are found");
    test_number(length(), (size_t) 32 << (CAPLAT_FINDER_BITS_MIN + 1),
        "it is as long as it must be");
    caplat_finder_close(finder);
}


/* It grows only into what is not to stay free; what needs no room is added. */
static void
test_reserve(void)
{
    const uint64_t  most = 3 * (1 << CAPLAT_FINDER_BITS_MIN) / 4;

    caplat_finder  *finder = must_open("with a reserve");
    const char     *why;
    uint64_t        i = 1;

    test_that(caplat_finder_clear(finder, &why), "empty");

    while (caplat_finder_add(finder, hash_of(finder, i), i, UINT64_MAX, &why))
    {
        i++;
    }

    test_number(i, most + 1, "until it would grow");
    test_that(memmem(why, test_slice(why).len, "reserve=", 8) != NULL,
        "why not");
    test_number(length(), (size_t) 32 << CAPLAT_FINDER_BITS_MIN,
        "it is as it was");
    test_number(missing(finder, 1, i), 0, "nothing is lost");
    test_that(add(finder, i) && missing(finder, 1, i + 1) == 0, "it goes on");
    caplat_finder_close(finder);
}


/* Opened again and again while another one adds, and it grows. */
static void
test_opened(void)
{
    caplat_finder  *finder = must_open("to be opened");
    const char     *why;
    pid_t           child;
    size_t          wrong = 0;
    int             status;

    test_that(caplat_finder_clear(finder, &why), "empty");
    child = fork();

    if (child == 0) {
        for (uint64_t i = 1; i <= 10 * NAMES; i++) {
            if (!add(finder, i)) {
                _exit(1);
            }
        }

        _exit(missing(finder, 1, 10 * NAMES + 1) != 0);
    }

    while (waitpid(child, &status, WNOHANG) == 0) {
        caplat_finder  *again = NULL;

        wrong += !caplat_finder_open(folder, false, &again, &why);
        caplat_finder_close(again);
    }

    test_number(wrong, 0, "it opens");
    test_that(WIFEXITED(status) && WEXITSTATUS(status) == 0,
        "nothing is lost by it");
    caplat_finder_close(finder);
}


/* A file that is none is made anew; where there is no room, it says so and has
   what it had. */
static void
test_files(void)
{
    static const char  garbage[65536] = "this is no finder";

    caplat_finder  *finder;
    const char     *why = "";
    int             fd = open(path, O_WRONLY | O_TRUNC);
    uint64_t        i = 1;

    test_that(write(fd, garbage, sizeof(garbage)) == (ssize_t) sizeof(garbage)
              && close(fd) == 0, "garbage");
    finder = NULL;
    test_that(!caplat_finder_open(folder, false, &finder, &why)
              && finder == NULL && length() == sizeof(garbage),
              "while others use it, garbage is left as it is");
    finder = must_open("garbage is made anew");
    test_that(add(finder, 1) && count_of(finder, 1) == 1, "it works");
    caplat_finder_close(finder);

    test_that(truncate(path, 100000) == 0, "cut off");
    finder = must_open("cut off, it is made anew");
    test_number(count_of(finder, 1), 0, "and empty");

    /* A limit is a full disk that any machine has. */
    if (fork() == 0) {
        struct rlimit  limit = { 200000, 200000 };

        (void) signal(SIGXFSZ, SIG_IGN);
        (void) setrlimit(RLIMIT_FSIZE, &limit);

        while (caplat_finder_add(finder, hash_of(finder, i), i, 0,
                                 &why)) {
            i++;
        }

        _exit(i == 3 * (1 << CAPLAT_FINDER_BITS_MIN) / 4 + 1
              && missing(finder, 1, i) == 0 && *why != '\0'
              && length() == (size_t) 32 << CAPLAT_FINDER_BITS_MIN ? 0 : 1);
    }

    int  status;

    (void) wait(&status);
    test_that(WIFEXITED(status) && WEXITSTATUS(status) == 0,
        "no room is said, and nothing is lost");
    caplat_finder_close(finder);

    finder = NULL;
    test_that(!caplat_finder_open("build/no such folder", true, &finder, &why)
              && finder == NULL, "no folder");
}


int
main(void)
{
    (void) mkdir("build", 0755);

    if (sodium_init() < 0 || mkdtemp(folder) == NULL) {
        perror(folder);
        return 1;
    }

    (void) snprintf(path, sizeof(path), "%s/finder", folder);
    test_grows();
    test_looks_on();
    test_clear();
    test_killed();
    test_left();
    test_reserve();
    test_opened();
    test_files();
    (void) unlink(path);
    (void) rmdir(folder);

    return test_done();
}
