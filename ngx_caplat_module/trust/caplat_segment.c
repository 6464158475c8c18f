#define _POSIX_C_SOURCE 200809L

#include "caplat_segment.h"

#include "caplat_io.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>


#define DIGITS       10                 /* of a name, at least */
#define CHUNK        ((size_t) 256 << 10)   /* bytes of a read, at least: they
                                           are in the cache when they are
                                           looked at */
#define LINE_START   CAPLAT_LIT("{\"checkpoint\":\"")
#define LINE_END     CAPLAT_LIT("\"}")
#define ESCAPED_LF   CAPLAT_LIT("\\u000a")


void
caplat_segment_name(uint64_t first, char name[static CAPLAT_SEGMENT_NAME_MAX])
{
    caplat_writer  w = caplat_writer_of(name, CAPLAT_SEGMENT_NAME_MAX);
    uint64_t       least = 1000000000;

    for (size_t i = 1; i < DIGITS && least > first && least > 1; i++) {
        caplat_put(&w, CAPLAT_LIT("0"));
        least /= 10;
    }

    caplat_put_number(&w, first);
    caplat_put(&w, CAPLAT_LIT(".ndjson\0"));
    caplat_assert(!w.full);
}


static bool
read_name(const char *name, uint64_t *first)
{
    caplat_cursor  c = caplat_cursor_of(caplat_slice_of_word(name));
    char           again[CAPLAT_SEGMENT_NAME_MAX];

    while (caplat_cursor_left(&c) > 1 && *c.at == '0'
           && caplat_is_digit(c.at[1]))
    {
        c.at++;
    }

    if (!caplat_take_uint(&c, CAPLAT_TREE_SIZE_MAX, first)) {
        return false;
    }

    caplat_segment_name(*first, again);

    return caplat_slice_eq(caplat_slice_of_word(again),
                           caplat_slice_of_word(name));
}


static int
by_number(const void *a, const void *b)
{
    uint64_t  left = *(const uint64_t *) a, right = *(const uint64_t *) b;

    return (left > right) - (left < right);
}


static bool
add(uint64_t **list, size_t *count, size_t *room, uint64_t first)
{
    if (*count == *room) {
        size_t     more = *room != 0 ? *room * 2 : 64;
        uint64_t  *grown = realloc(*list, more * sizeof(*grown));

        if (grown == NULL) {
            return false;
        }

        *list = grown;
        *room = more;
    }

    (*list)[(*count)++] = first;

    return true;
}


bool
caplat_segment_list(const char *folder, uint64_t **list, size_t *count)
{
    DIR            *dir = opendir(folder);
    uint64_t       *found = NULL, first;
    size_t          n = 0, room = 0;
    struct dirent  *entry;

    if (dir == NULL) {
        return false;
    }

    errno = 0;

    while ((entry = readdir(dir)) != NULL) {
        if (read_name(entry->d_name, &first) && !add(&found, &n, &room, first))
        {
            break;
        }
    }

    (void) closedir(dir);

    if (entry != NULL || errno != 0) {
        free(found);
        errno = errno != 0 ? errno : ENOMEM;
        return false;
    }

    if (n != 0) {
        qsort(found, n, sizeof(*found), by_number);
    }

    *list = found;
    *count = n;

    return true;
}


uint64_t
caplat_segment_sum(const char *folder)
{
    uint64_t  *list;
    uint64_t   sum = 0;
    size_t     count;

    if (!caplat_segment_list(folder, &list, &count)) {
        return 0;
    }

    for (size_t i = 0; i < count; i++) {
        char      name[CAPLAT_SEGMENT_NAME_MAX];
        uint64_t  len = 0;
        int       fd;

        caplat_segment_name(list[i], name);
        fd = caplat_io_open(folder, name, O_RDONLY);

        if (fd >= 0) {
            (void) caplat_io_length(fd, &len);
            (void) close(fd);
        }

        sum += len;
    }

    free(list);

    return sum;
}


void
caplat_checkpoint_line_write(caplat_writer *w, caplat_slice note)
{
    caplat_put(w, CAPLAT_LIT("{\"checkpoint\":"));
    caplat_put_string(w, note);
    caplat_put(w, CAPLAT_LIT("}\n"));
}


bool
caplat_is_checkpoint_line(caplat_slice line)
{
    return line.len >= LINE_START.len
        && memcmp(line.ptr, LINE_START.ptr, LINE_START.len) == 0;
}


/* Its text has no escapes but line feeds. */
bool
caplat_checkpoint_line_read(caplat_slice line,
    char room[static CAPLAT_CHECKPOINT_MAX], caplat_slice *note)
{
    caplat_cursor  c = caplat_cursor_of(line);
    caplat_writer  w = caplat_writer_of(room, CAPLAT_CHECKPOINT_MAX);

    if (!caplat_take_literal(&c, LINE_START)) {
        return false;
    }

    while (caplat_cursor_left(&c) != 0 && *c.at != '"') {
        if (caplat_take_literal(&c, ESCAPED_LF)) {
            caplat_put(&w, CAPLAT_LIT("\n"));

        } else if (*c.at == '\\' || (unsigned char) *c.at < 0x20) {
            return false;

        } else {
            caplat_put(&w, caplat_slice_of(c.at++, 1));
        }
    }

    if (!caplat_take_literal(&c, LINE_END) || caplat_cursor_left(&c) != 0
        || w.full)
    {
        return false;
    }

    *note = caplat_written(&w);

    return true;
}


bool
caplat_walk_open(int fd, uint64_t at, caplat_walk *walk)
{
    *walk = (caplat_walk) { fd, at, NULL, 0, 0 };
    walk->room = malloc(CAPLAT_BATCH_ROOM);

    return walk->room != NULL;
}


void
caplat_walk_close(caplat_walk *walk)
{
    free(walk->room);
    walk->room = NULL;
}


/*
 * Read on behind what has not been walked over yet: as much again as that is,
 * for whoever asks looks at all of it anew. more: there was something.
 */
static bool
fill(caplat_walk *walk, bool *more)
{
    size_t   want;
    ssize_t  n;

    memmove(walk->room, walk->room + walk->used, walk->len - walk->used);
    walk->at += walk->used;
    walk->len -= walk->used;
    walk->used = 0;
    want = walk->len > CHUNK ? walk->len : CHUNK;

    if (want > CAPLAT_BATCH_ROOM - walk->len) {
        want = CAPLAT_BATCH_ROOM - walk->len;
    }

    n = caplat_io_read(walk->fd, walk->room + walk->len, want,
        walk->at + walk->len);

    if (n < 0) {
        return false;
    }

    walk->len += (size_t) n;
    *more = n != 0;

    return true;
}


/* The end of the batch that begins where the walk is; 0: not in the room. */
static size_t
batch_end(const caplat_walk *walk)
{
    caplat_cursor  c = caplat_cursor_of(
        caplat_slice_of(walk->room + walk->used, walk->len - walk->used));
    caplat_slice   line;

    while (caplat_take_until(&c, '\n', caplat_cursor_left(&c), &line)) {
        if (caplat_is_checkpoint_line(line)) {
            return walk->used + caplat_cursor_at(&c);
        }
    }

    return 0;
}


caplat_walk_state
caplat_walk_next(caplat_walk *walk, uint64_t *at, caplat_slice *batch)
{
    size_t  end = batch_end(walk);
    bool    more = true;

    while (end == 0 && more) {
        if (!fill(walk, &more)) {
            return CAPLAT_WALK_FAILED;
        }

        end = batch_end(walk);
    }

    *at = walk->at + walk->used;
    *batch = caplat_slice_of(walk->room + walk->used,
                             (end != 0 ? end : walk->len) - walk->used);

    if (end == 0) {
        return walk->len != walk->used ? CAPLAT_WALK_TAIL : CAPLAT_WALK_END;
    }

    walk->used = end;

    return CAPLAT_WALK_BATCH;
}


bool
caplat_walk_skip(caplat_walk *walk)
{
    size_t  end = walk->len;

    if (walk->len - walk->used < CAPLAT_BATCH_ROOM) {
        return false;
    }

    while (end != walk->used && walk->room[end - 1] != '\n') {
        end--;
    }

    /* One line that fills all of it is dropped: none of ours is so long. */
    walk->used = end != walk->used ? end : walk->len;

    return true;
}
