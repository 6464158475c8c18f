#define _GNU_SOURCE                     /* mkostemp */

#include "caplat_zone_file.h"

#include "caplat_auth.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>


/* Layout, meaning and the C library's idea of a lock, all of them. */
#define VERSION    4

#define TRIES      200                  /* others may replace it meanwhile */
#define PAUSE_NS   (10 * 1000 * 1000)

static const char  magic[8] = "caplat\nz";

_Static_assert(CAPLAT_PROOF_KEPT
                   == CAPLAT_WINDOW_PAST + CAPLAT_WINDOW_FUTURE + 1,
               "a proof of the future is good until then");
_Static_assert(sizeof(caplat_zone_head) % _Alignof(caplat_ring_entry) == 0,
               "entries follow the head");


/* What caplat_zone_map was asked for, and what has been found out. */
typedef struct {
    const char     *path;
    size_t          len;
    int64_t         now;
    char            boot[CAPLAT_BOOT_LEN];
    int64_t         latest;             /* now, or what a zone that we replace
                                           has seen */
    const char     *why;
} request;


typedef enum { DONE, FAILED, AGAIN } result;


static result
failed(request *r, const char *why)
{
    r->why = why != NULL ? why : strerror(errno);

    return FAILED;
}


static void *
map(int fd, size_t len)
{
    void  *at = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

    return at != MAP_FAILED ? at : NULL;
}


/* Whether a file of this length holds a zone that we can go on with. */
static bool
is_ours(const request *r, const caplat_zone_prefix *prefix)
{
    return memcmp(prefix->magic, magic, sizeof(magic)) == 0
           && prefix->version == VERSION
           && prefix->head == sizeof(caplat_zone_head)
           && prefix->len == r->len
           && memcmp(prefix->boot, r->boot, CAPLAT_BOOT_LEN) == 0;
}


/* Whether the path still leads to this very file. */
static bool
has_name(const request *r, const struct stat *st)
{
    struct stat  named;

    return lstat(r->path, &named) == 0 && named.st_dev == st->st_dev
           && named.st_ino == st->st_ino;
}


static bool
make_lock(pthread_mutex_t *lock)
{
    pthread_mutexattr_t  how;

    if (pthread_mutexattr_init(&how) != 0) {
        return false;
    }

    bool  made = pthread_mutexattr_setpshared(&how, PTHREAD_PROCESS_SHARED)
                     == 0
                 && pthread_mutexattr_setrobust(&how, PTHREAD_MUTEX_ROBUST)
                     == 0
                 && pthread_mutex_init(lock, &how) == 0;

    (void) pthread_mutexattr_destroy(&how);

    return made;
}


/* A new zone in a file that has nothing but zeros. */
static bool
fill(const request *r, caplat_zone_head *head)
{
    caplat_zone_prefix  *prefix = &head->prefix;

    memcpy(prefix->magic, magic, sizeof(magic));
    memcpy(prefix->boot, r->boot, CAPLAT_BOOT_LEN);
    prefix->version = VERSION;
    prefix->head = sizeof(caplat_zone_head);
    prefix->len = r->len;
    atomic_store(&prefix->latest, r->latest);
    atomic_store(&prefix->blind_until, r->latest + CAPLAT_WINDOW_FUTURE);

    head->wall = r->now;
    atomic_store(&head->clock, r->now);

    randombytes_buf(head->secret, sizeof(head->secret));
    randombytes_buf(head->proof_key, sizeof(head->proof_key));
    randombytes_buf(head->nonce_key, sizeof(head->nonce_key));

    return make_lock(&head->lock);
}


static result
fill_file(request *r, int fd)
{
    /* Room on the disk now, rather than SIGBUS when a page is first used. */
    errno = posix_fallocate(fd, 0, (off_t) r->len);

    if (errno != 0) {
        return failed(r, NULL);
    }

    caplat_zone_head  *head = map(fd, r->len);

    if (head == NULL) {
        return failed(r, NULL);
    }

    result  done = fill(r, head) ? DONE : failed(r, "no lock can be made");

    (void) munmap(head, r->len);

    return done;
}


/*
 * Make the file; AGAIN: it, or somebody else's, is there to be opened.
 *
 * replacing  it takes the place of one whose lock we hold; else there is none,
 *            and whoever is the first to make one wins
 */
static result
make(request *r, bool replacing)
{
    size_t  len = strnlen(r->path, PATH_MAX);
    char    name[PATH_MAX + 8];

    memcpy(name, r->path, len);
    memcpy(name + len, ".XXXXXX", 8);

    int  fd = mkostemp(name, O_CLOEXEC);

    if (fd < 0) {
        return failed(r, NULL);
    }

    result  done = fill_file(r, fd);

    (void) close(fd);

    if (done == DONE) {
        bool  named = replacing ? rename(name, r->path) == 0
                                : link(name, r->path) == 0 || errno == EEXIST;

        done = named ? AGAIN : failed(r, NULL);
    }

    (void) unlink(name);

    return done;
}


/* What a zone that we replace has seen. */
static result
learn_latest(request *r, int fd)
{
    caplat_zone_prefix  *old = map(fd, sizeof(caplat_zone_prefix));

    if (old == NULL) {
        return failed(r, NULL);
    }

    int64_t  latest = atomic_load(&old->latest);

    if (memcmp(old->magic, magic, sizeof(magic)) == 0
        && latest > r->latest && latest <= CAPLAT_MOMENT_MAX)
    {
        r->latest = latest;
    }

    (void) munmap(old, sizeof(caplat_zone_prefix));

    return DONE;
}


/* Another has the file locked: who replaces it is about to end, while who
   uses it shares the lock. */
static result
give_way(request *r, int fd, const struct stat *st, const char *used)
{
    if (flock(fd, LOCK_SH | LOCK_NB) != 0 || !has_name(r, st)) {
        return AGAIN;
    }

    return failed(r, used);
}


/*
 * The file is no zone for us. Only who has it locked may put another one in
 * its place, and the lock is that of the old file, so that there is one.
 *
 * used   what to say where others use it
 */
static result
replace(request *r, int fd, const struct stat *st, const char *used)
{
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        return errno == EWOULDBLOCK ? give_way(r, fd, st, used)
                                    : failed(r, NULL);
    }

    if (!has_name(r, st)) {
        return AGAIN;
    }

    if ((size_t) st->st_size >= sizeof(caplat_zone_prefix)
        && learn_latest(r, fd) != DONE)
    {
        return FAILED;
    }

    return make(r, true);
}


/* From now on nobody replaces it, unless they have done so already. */
static result
hold(request *r, int fd, const struct stat *st)
{
    if (flock(fd, LOCK_SH | LOCK_NB) != 0) {
        return errno == EWOULDBLOCK ? AGAIN : failed(r, NULL);
    }

    return has_name(r, st) ? DONE : AGAIN;
}


static result
open_file(request *r, int fd, caplat_zone_head **head)
{
    struct stat  st;

    if (fstat(fd, &st) != 0) {
        return failed(r, NULL);
    }

    if (!S_ISREG(st.st_mode)) {
        return failed(r, "not a regular file");
    }

    /* Whoever can read it can make nonces, and whoever can write it can
       forget proofs. */
    if (st.st_uid != geteuid() || (st.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return replace(r, fd, &st, "in use, but not ours alone to read and "
                                   "write");
    }

    if ((uint64_t) st.st_size != r->len) {
        return replace(r, fd, &st, "in use by another server with another "
                                   "size");
    }

    caplat_zone_head  *found = map(fd, r->len);

    if (found == NULL) {
        return failed(r, NULL);
    }

    result  done = is_ours(r, &found->prefix)
                   ? hold(r, fd, &st)
                   : replace(r, fd, &st, "in use by another server of another "
                                         "version");

    if (done != DONE) {
        (void) munmap(found, r->len);
        return done;
    }

    *head = found;

    return DONE;
}


static result
open_or_make(request *r, caplat_zone_head **head, int *held)
{
    int  fd = open(r->path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

    if (fd < 0) {
        return errno == ENOENT ? make(r, false) : failed(r, NULL);
    }

    result  done = open_file(r, fd, head);

    if (done == DONE) {
        *held = fd;
    } else {
        (void) close(fd);
    }

    return done;
}


bool
caplat_zone_map(const char *path, size_t len, int64_t now,
    caplat_zone_head **head, int *fd, const char **why)
{
    request  r = { path, len, now, { 0 }, now, NULL };

    if (strnlen(path, PATH_MAX) == PATH_MAX) {
        *why = strerror(ENAMETOOLONG);
        return false;
    }

    if (!caplat_boot_read(r.boot)) {
        *why = "/proc/sys/kernel/random/boot_id cannot be read";
        return false;
    }

    for (int i = 0; i < TRIES; i++) {
        result  done = open_or_make(&r, head, fd);

        if (done == DONE) {
            return true;
        }

        if (done == FAILED) {
            *why = r.why;
            return false;
        }

        /* The first time it is there to be opened, mostly made by us. */
        if (i != 0) {
            (void) nanosleep(&(struct timespec) { 0, PAUSE_NS }, NULL);
        }
    }

    *why = "somebody else keeps it locked or replaces it all the time";

    return false;
}
