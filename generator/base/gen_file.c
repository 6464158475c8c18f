#define _GNU_SOURCE                     /* AT_FDCWD, futimens, DT_REG */

#include "gen_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>


gen_path
gen_path_of(caplat_slice folder, caplat_slice name)
{
    gen_path  path;
    size_t    at = folder.len;

    if (folder.len + name.len + 2 > sizeof(path.name)) {
        (void) fprintf(stderr, "caplat-site: path too long: %.*s\n",
                       (int) name.len, name.ptr);
        exit(EXIT_FAILURE);
    }

    if (folder.len != 0) {
        memcpy(path.name, folder.ptr, folder.len);
        path.name[at++] = '/';
    }

    memcpy(path.name + at, name.ptr, name.len);
    path.name[at + name.len] = '\0';

    return path;
}


static gen_read_result
read_open_file(int fd, size_t most, gen_arena *arena, caplat_slice *text)
{
    struct stat  st;
    char        *data;
    size_t       len;
    size_t       have = 0;

    if (fstat(fd, &st) != 0) {
        return GEN_READ_FAILED;
    }

    if (!S_ISREG(st.st_mode)) {
        errno = EINVAL;
        return GEN_READ_FAILED;
    }

    if ((uint64_t) st.st_size > most) {
        return GEN_READ_TOO_LARGE;
    }

    len = (size_t) st.st_size;
    data = gen_arena_take(arena, len + 1);

    while (have != len) {
        ssize_t  n = read(fd, data + have, len - have);

        if (n < 0 && errno == EINTR) {
            continue;
        }

        if (n <= 0) {
            return GEN_READ_FAILED;
        }

        have += (size_t) n;
    }

    *text = caplat_slice_of(data, len);

    return GEN_READ_DONE;
}


gen_read_result
gen_file_read(const char *path, size_t most, gen_arena *arena,
    caplat_slice *text)
{
    gen_read_result  result;

    /* A FIFO would wait for its writer; a regular file never waits. */
    int              fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (fd < 0) {
        return GEN_READ_FAILED;
    }

    result = read_open_file(fd, most, arena, text);
    (void) close(fd);

    return result;
}


static bool
ends_in(caplat_slice name, caplat_slice ending)
{
    return name.len > ending.len
           && memcmp(name.ptr + name.len - ending.len, ending.ptr,
                     ending.len) == 0;
}


size_t
gen_file_list(const char *folder, caplat_slice ending, gen_arena *arena,
    caplat_slice **names)
{
    DIR            *dir = opendir(folder);
    struct dirent  *entry;
    caplat_slice   *list = NULL;
    size_t          count = 0;
    size_t          room = 0;

    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        caplat_slice  name = { entry->d_name,
                               strnlen(entry->d_name, NAME_MAX) };

        if (name.ptr[0] == '.' || !ends_in(name, ending)) {
            continue;
        }

        if (count == room) {
            room = room != 0 ? room * 2 : 64;
            list = realloc(list, room * sizeof(caplat_slice));
            if (list == NULL) {
                gen_out_of_memory();
            }
        }

        list[count++] = gen_arena_copy(arena, name);
    }

    if (dir != NULL) {
        (void) closedir(dir);
    }

    *names = gen_arena_take(arena, count * sizeof(caplat_slice));

    if (count != 0) {
        qsort(list, count, sizeof(caplat_slice), gen_by_bytes);
        memcpy(*names, list, count * sizeof(caplat_slice));
    }

    free(list);

    return count;
}


/* Another thread may have made it just now. */
static bool
make_folder(int root, const gen_path *folder)
{
    return mkdirat(root, folder->name, 0755) == 0 || errno == EEXIST;
}


/* Those above it are made only when they are not there. */
bool
gen_file_folder(int root, const char *path)
{
    const char  *slash = strrchr(path, '/');
    gen_path     folder;

    if (slash == NULL) {
        return true;
    }

    folder = gen_path_of(CAPLAT_LIT(""),
                         caplat_slice_of(path, (size_t) (slash - path)));

    return make_folder(root, &folder)
           || (errno == ENOENT && gen_file_folder(root, folder.name)
               && make_folder(root, &folder));
}


static int
create(int root, const char *path)
{
    int  flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
    int  fd = openat(root, path, flags, 0644);

    if (fd < 0 && errno == ENOENT && gen_file_folder(root, path)) {
        fd = openat(root, path, flags, 0644);
    }

    return fd;
}


static bool
fill(int fd, caplat_slice text, int64_t when)
{
    struct timespec  times[2] = { { when, 0 }, { when, 0 } };

    while (text.len != 0) {
        ssize_t  n = write(fd, text.ptr, text.len);

        if (n < 0 && errno == EINTR) {
            continue;
        }

        if (n <= 0) {
            return false;
        }

        text.ptr += n;
        text.len -= (size_t) n;
    }

    return futimens(fd, times) == 0;
}


static bool
fill_and_close(int root, const char *path, int fd, caplat_slice text,
    int64_t when)
{
    bool  done = fill(fd, text, when);
    int   why = errno;

    done = close(fd) == 0 && done;

    if (!done) {
        (void) unlinkat(root, path, 0);
        errno = why;
    }

    return done;
}


static bool
replace(int root, const char *path, caplat_slice text, int64_t when)
{
    caplat_slice  name = { path, strnlen(path, GEN_PATH_LEN_MAX) };
    gen_path      fresh = gen_path_of(name, CAPLAT_LIT(""));
    int           fd;

    fresh.name[name.len] = '~';
    (void) unlinkat(root, fresh.name, 0);

    fd = create(root, fresh.name);
    if (fd < 0) {
        return false;
    }

    return fill_and_close(root, fresh.name, fd, text, when)
           && renameat(root, fresh.name, root, path) == 0;
}


bool
gen_file_write(int root, const char *path, caplat_slice text, int64_t when,
    bool *is_new)
{
    int  fd = create(root, path);

    *is_new = fd >= 0;

    if (fd >= 0) {
        return fill_and_close(root, path, fd, text, when);
    }

    return errno == EEXIST && replace(root, path, text, when);
}
