#define _POSIX_C_SOURCE 200809L

#include "caplat_io.h"

#include "caplat_write.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>


bool
caplat_io_path(char path[static CAPLAT_PATH_MAX], const char *folder,
    const char *name)
{
    caplat_writer  w = caplat_writer_of(path, CAPLAT_PATH_MAX);

    caplat_put(&w, caplat_slice_of_word(folder));
    caplat_put(&w, CAPLAT_LIT("/"));
    caplat_put(&w, caplat_slice_of_word(name));
    caplat_put(&w, CAPLAT_LIT("\0"));

    return !w.full;
}


int
caplat_io_open(const char *folder, const char *name, int flags)
{
    char  path[CAPLAT_PATH_MAX];
    int   fd;

    if (!caplat_io_path(path, folder, name)) {
        errno = ENAMETOOLONG;
        return -1;
    }

    do {
        fd = open(path, flags | O_CLOEXEC, 0600);
    } while (fd < 0 && errno == EINTR);

    return fd;
}


bool
caplat_io_write(int fd, caplat_slice text, uint64_t at)
{
    while (text.len != 0) {
        ssize_t  n = pwrite(fd, text.ptr, text.len, (off_t) at);

        if (n < 0 && errno == EINTR) {
            continue;
        }

        if (n <= 0) {
            errno = n == 0 ? ENOSPC : errno;
            return false;
        }

        text = caplat_slice_of(text.ptr + n, text.len - (size_t) n);
        at += (uint64_t) n;
    }

    return true;
}


ssize_t
caplat_io_read(int fd, char *room, size_t len, uint64_t at)
{
    size_t  got = 0;

    while (got < len) {
        ssize_t  n = pread(fd, room + got, len - got, (off_t) (at + got));

        if (n < 0 && errno == EINTR) {
            continue;
        }

        if (n < 0) {
            return -1;
        }

        if (n == 0) {
            break;
        }

        got += (size_t) n;
    }

    return (ssize_t) got;
}


bool
caplat_io_length(int fd, uint64_t *len)
{
    struct stat  st;

    if (fstat(fd, &st) != 0) {
        return false;
    }

    *len = (uint64_t) st.st_size;

    return true;
}


bool
caplat_io_room(int fd, uint64_t *room)
{
    struct statvfs  fs;

    if (fstatvfs(fd, &fs) != 0) {
        return false;
    }

    *room = (uint64_t) fs.f_bavail * fs.f_frsize;

    return true;
}


bool
caplat_io_sync_folder(const char *folder)
{
    int   fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool  is_synced;

    if (fd < 0) {
        return false;
    }

    is_synced = fsync(fd) == 0;
    (void) close(fd);

    return is_synced;
}
