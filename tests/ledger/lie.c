/*
 * A disk that says it has what it has not: to be preloaded by a writer that
 * must lose then.
 */

#define _GNU_SOURCE                     /* sync_file_range */

#include <fcntl.h>
#include <unistd.h>


int
fsync(int fd)
{
    (void) fd;

    return 0;
}


int
fdatasync(int fd)
{
    (void) fd;

    return 0;
}


int
sync_file_range(int fd, off64_t from, off64_t len, unsigned flags)
{
    (void) fd;
    (void) from;
    (void) len;
    (void) flags;

    return 0;
}
