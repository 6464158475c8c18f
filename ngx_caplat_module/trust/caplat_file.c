#define _GNU_SOURCE                     /* mkostemp */

#include "caplat_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>


/* Behind a path, while what it will name is being written. */
#define BESIDE  ".XXXXXX"


static bool
fail(const char **why, const char *words)
{
    *why = words;

    return false;
}


static bool
fail_errno(const char **why)
{
    return fail(why, strerror(errno));
}


/* To the end of a file, which may have grown since it was measured. */
static bool
read_all(int fd, char *room, size_t max, size_t *len, const char **why)
{
    size_t  got = 0;

    for ( ;; ) {
        ssize_t  n = read(fd, room + got, max + 1 - got);

        if (n < 0 && errno == EINTR) {
            continue;
        }

        if (n < 0) {
            return fail_errno(why);
        }

        if (n == 0) {
            *len = got;
            return true;
        }

        got += (size_t) n;

        if (got > max) {
            return fail(why, "larger than it may be");
        }
    }
}


static bool
read_open(int fd, size_t max, caplat_slice *text, const char **why)
{
    struct stat  info;
    size_t       len;

    if (fstat(fd, &info) != 0) {
        return fail_errno(why);
    }

    if (!S_ISREG(info.st_mode)) {
        return fail(why, "not a regular file");
    }

    if ((uintmax_t) info.st_size > max) {
        return fail(why, "larger than it may be");
    }

    /* As long as it is now, and one byte that tells whether it grew. */
    char  *room = malloc((size_t) info.st_size + 1);

    if (room == NULL) {
        return fail_errno(why);
    }

    if (!read_all(fd, room, (size_t) info.st_size, &len, why)) {
        free(room);
        return false;
    }

    *text = caplat_slice_of(room, len);

    return true;
}


bool
caplat_file_read(const char *path, size_t max, caplat_slice *text,
    const char **why)
{
    /* Opening a FIFO would wait for a writer. */
    int  fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    if (fd < 0) {
        return fail_errno(why);
    }

    bool  done = read_open(fd, max, text, why);

    close(fd);

    return done;
}


static bool
write_all(int fd, caplat_slice text, const char **why)
{
    while (text.len != 0) {
        ssize_t  n = write(fd, text.ptr, text.len);

        if (n < 0 && errno == EINTR) {
            continue;
        }

        if (n < 0) {
            return fail_errno(why);
        }

        text.ptr += n;
        text.len -= (size_t) n;
    }

    return true;
}


/* A name lasts when its folder does. */
static bool
sync_folder(const char *path, const char **why)
{
    char    folder[PATH_MAX] = ".";
    size_t  end = 0;

    for (size_t i = 0; path[i] != '\0'; i++) {
        if (path[i] == '/') {
            end = i + 1;
        }
    }

    if (end != 0) {
        memcpy(folder, path, end);
        folder[end] = '\0';
    }

    int  fd = open(folder, O_RDONLY | O_CLOEXEC | O_DIRECTORY);

    if (fd < 0) {
        return fail_errno(why);
    }

    bool  done = fsync(fd) == 0 || fail_errno(why);

    close(fd);

    return done;
}


static bool
place(const char *beside, const char *path, bool may_be, const char **why)
{
    if (may_be) {
        return rename(beside, path) == 0 || fail_errno(why);
    }

    /* Unlike rename, link leaves what is there. */
    if (link(beside, path) != 0) {
        return fail_errno(why);
    }

    (void) unlink(beside);

    return true;
}


bool
caplat_file_write(const char *path, caplat_slice text, unsigned mode,
    bool may_be, const char **why)
{
    char         beside[PATH_MAX];
    const char  *end = memchr(path, '\0', sizeof(beside) - sizeof(BESIDE));

    if (end == NULL) {
        return fail(why, strerror(ENAMETOOLONG));
    }

    memcpy(beside, path, (size_t) (end - path));
    memcpy(beside + (end - path), BESIDE, sizeof(BESIDE));

    int  fd = mkostemp(beside, O_CLOEXEC);

    if (fd < 0) {
        return fail_errno(why);
    }

    bool  written = write_all(fd, text, why)
                    && (fchmod(fd, (mode_t) mode) == 0 || fail_errno(why))
                    && (fsync(fd) == 0 || fail_errno(why));

    close(fd);

    if (!written || !place(beside, path, may_be, why)) {
        (void) unlink(beside);
        return false;
    }

    return sync_folder(path, why);
}
