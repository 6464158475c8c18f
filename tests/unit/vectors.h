/*
 * Published vectors: files of lines, in tests/vectors, or in a folder beside
 * the repository that not everybody has ($CAPLAT_SHARED, else ../shared).
 */

#ifndef VECTORS_H
#define VECTORS_H

#include "caplat_file.h"
#include "caplat_slice.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>


#define VECTORS_LEN_MAX  (4 * 1024 * 1024)


static inline bool
vectors_open(const char *folder, const char *name, caplat_slice *text)
{
    char         path[512];
    const char  *why;
    int          len = snprintf(path, sizeof(path), "%s/%s", folder, name);

    return len > 0 && (size_t) len < sizeof(path)
           && caplat_file_read(path, VECTORS_LEN_MAX, text, &why);
}


/* Ours: it must be there. */
static inline bool
vectors_own(const char *name, caplat_slice *text)
{
    return test_that(vectors_open("tests/vectors", name, text), name);
}


/* One of the folder beside us; says so when it is not there. */
static inline bool
vectors_shared(const char *name, caplat_slice *text)
{
    const char  *folder = getenv("CAPLAT_SHARED");

    if (vectors_open(folder != NULL ? folder : "../shared", name, text)) {
        return true;
    }

    test_skip(name, "no such file in $CAPLAT_SHARED or ../shared");

    return false;
}


static inline void
vectors_close(caplat_slice text)
{
    free((void *) (uintptr_t) text.ptr);
}


/* The next line that is not empty. */
static inline bool
vectors_line(caplat_cursor *c, caplat_slice *line)
{
    while (caplat_cursor_left(c) != 0) {
        if (!caplat_take_until(c, '\n', VECTORS_LEN_MAX, line)) {
            (void) caplat_take_rest(c, VECTORS_LEN_MAX, line);
        }

        if (line->len != 0) {
            return true;
        }
    }

    return false;
}


/* Column n, from 0, of a line of a TSV. */
static inline caplat_slice
vectors_column(caplat_slice line, size_t n)
{
    caplat_cursor  c = caplat_cursor_of(line);
    caplat_slice   column = CAPLAT_LIT("");

    for (size_t i = 0; i <= n; i++) {
        if (!caplat_take_until(&c, '\t', line.len, &column)) {
            (void) caplat_take_rest(&c, line.len, &column);
        }
    }

    return column;
}


static inline int
vectors_digit(char byte)
{
    return byte >= '0' && byte <= '9' ? byte - '0'
         : byte >= 'a' && byte <= 'f' ? byte - 'a' + 10
         : -1;
}


/* Hex; `-` is nothing. */
static inline bool
vectors_hex(caplat_slice text, uint8_t *out, size_t room, size_t *len)
{
    if (caplat_slice_eq(text, CAPLAT_LIT("-"))) {
        *len = 0;
        return true;
    }

    if (text.len % 2 != 0 || text.len / 2 > room) {
        return false;
    }

    for (size_t i = 0; i < text.len / 2; i++) {
        int  high = vectors_digit(text.ptr[2 * i]);
        int  low = vectors_digit(text.ptr[2 * i + 1]);

        if (high < 0 || low < 0) {
            return false;
        }

        out[i] = (uint8_t) (high << 4 | low);
    }

    *len = text.len / 2;

    return true;
}


#endif /* VECTORS_H */
