/*
 * Files of the ledger: writes that are whole or fail, and their names. All
 * calls go on where a signal has interrupted them.
 */

#ifndef CAPLAT_IO_H
#define CAPLAT_IO_H

#include "caplat_slice.h"

#include <sys/types.h>


#define CAPLAT_PATH_MAX  512            /* bytes of a path with its NUL */


/* folder/name; false when that is too long. */
bool caplat_io_path(char path[static CAPLAT_PATH_MAX], const char *folder,
    const char *name);

/*
 * Open, or make, a file for reading and writing, mode 0600, in the folder.
 * -1: errno tells.
 */
int caplat_io_open(const char *folder, const char *name, int flags);

/* All of the text at that offset; false: errno tells, ENOSPC where a write
   was short. */
bool caplat_io_write(int fd, caplat_slice text, uint64_t at);

/* At most room bytes from that offset, as many as there are. -1: errno. */
ssize_t caplat_io_read(int fd, char *room, size_t len, uint64_t at);

/* The file's length. */
bool caplat_io_length(int fd, uint64_t *len);

/* What is free of the disk that a file or folder lies on, in bytes; false:
   errno tells. */
bool caplat_io_room(int fd, uint64_t *room);

/* What a folder says of its files is on the disk. */
bool caplat_io_sync_folder(const char *folder);


#endif /* CAPLAT_IO_H */
