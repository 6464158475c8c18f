/*
 * What the machine itself asks for a site: read all files of a folder into
 * memory, then write them below another one with the same names and times,
 * and say what only the writing took, on standard output:
 *
 *     {"wall_us":N,"cpu_us":N,"peak_kb":N}
 *
 * No generator that writes these files can take less.
 *
 *     floor THREADS FROM TO       THREADS 1 to 9; TO is an empty folder
 */

#define _GNU_SOURCE                     /* openat and its kin, nftw */

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>


#define FILES_MAX    1000000            /* files kept of FROM */
#define FOLDERS_MAX  64                 /* open at a time while it is read */
#define STEP         64                 /* files that a thread takes at once */
#define THREADS_MAX  9                  /* one digit */


typedef struct {
    char            *path;              /* below FROM, and below TO */
    char            *data;
    size_t           len;
    struct timespec  times[2];
} one_file;


static one_file       files[FILES_MAX];
static size_t         file_count;
static size_t         from_len;         /* of FROM's name, for nftw() has no */
                                        /* context */
static int            to;
static atomic_size_t  next_file;
static atomic_bool    failed;


static bool
read_file(const char *name, one_file *file)
{
    int      fd = open(name, O_RDONLY | O_CLOEXEC);
    size_t   have = 0;
    ssize_t  n = 1;

    while (fd != -1 && n > 0 && have < file->len) {
        n = read(fd, file->data + have, file->len - have);
        have += n > 0 ? (size_t) n : 0;
    }

    return fd != -1 && close(fd) == 0 && have == file->len;
}


static int
visit(const char *name, const struct stat *st, int type, struct FTW *place)
{
    one_file  *file = &files[file_count];

    (void) place;

    if (type != FTW_F) {
        return 0;
    }

    if (file_count == FILES_MAX) {
        return -1;
    }

    file->path = strdup(name + from_len + 1);
    file->len = (size_t) st->st_size;
    file->data = malloc(file->len + 1);
    file->times[0] = st->st_mtim;
    file->times[1] = st->st_mtim;
    file_count++;

    return file->path != NULL && file->data != NULL && read_file(name, file)
           ? 0 : -1;
}


/* The folders above a path; another thread may have made them just now. */
static void
make_above(const char *path)
{
    const char  *slash = strrchr(path, '/');
    char         folder[PATH_MAX];

    if (slash == NULL || slash - path >= PATH_MAX) {
        return;
    }

    memcpy(folder, path, (size_t) (slash - path));
    folder[slash - path] = '\0';

    if (mkdirat(to, folder, 0755) != 0 && errno == ENOENT) {
        make_above(folder);
        (void) mkdirat(to, folder, 0755);
    }
}


static int
create(const char *path)
{
    return openat(to, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
}


static bool
write_file(const one_file *file)
{
    int   fd = create(file->path);
    bool  done;

    if (fd == -1 && errno == ENOENT) {
        make_above(file->path);
        fd = create(file->path);
    }

    done = fd != -1
           && write(fd, file->data, file->len) == (ssize_t) file->len
           && futimens(fd, file->times) == 0;

    return fd != -1 && close(fd) == 0 && done;
}


static void *
work(void *data)
{
    size_t  from;

    (void) data;

    while ((from = atomic_fetch_add(&next_file, STEP)) < file_count) {
        for (size_t at = from; at < from + STEP && at < file_count; at++) {
            if (!write_file(&files[at])) {
                failed = true;
            }
        }
    }

    return NULL;
}


static void
write_all(size_t count)
{
    pthread_t  threads[THREADS_MAX];
    size_t     started = 0;

    while (started + 1 < count
        && pthread_create(&threads[started], NULL, work, NULL) == 0)
    {
        started++;
    }

    (void) work(NULL);

    while (started > 0) {
        (void) pthread_join(threads[--started], NULL);
    }
}


static long long
now_us(void)
{
    struct timespec  now;

    (void) clock_gettime(CLOCK_MONOTONIC, &now);

    return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}


static long long
cpu_us(struct rusage *usage)
{
    (void) getrusage(RUSAGE_SELF, usage);

    return (usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000000LL
           + usage->ru_utime.tv_usec + usage->ru_stime.tv_usec;
}


int
main(int argc, char **argv)
{
    size_t         count = argc == 4 ? (size_t) (argv[1][0] - '0') : 0;
    struct rusage  usage;
    long long      began;
    long long      spent;

    if (count == 0 || count > THREADS_MAX) {
        (void) fputs("floor THREADS FROM TO\n", stderr);
        return 2;
    }

    from_len = strnlen(argv[2], PATH_MAX);
    to = open(argv[3], O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (to == -1 || nftw(argv[2], visit, FOLDERS_MAX, FTW_PHYS) != 0) {
        perror("floor");
        return 1;
    }

    began = now_us();
    spent = cpu_us(&usage);
    write_all(count);
    began = now_us() - began;
    spent = cpu_us(&usage) - spent;
    printf("{\"wall_us\":%lld,\"cpu_us\":%lld,\"peak_kb\":%ld}\n", began,
        spent, usage.ru_maxrss);

    return failed ? 1 : 0;
}
