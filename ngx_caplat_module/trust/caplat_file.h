/*
 * Files read whole, with a bound, and written in one step.
 */

#ifndef CAPLAT_FILE_H
#define CAPLAT_FILE_H

#include "caplat_slice.h"


/*
 * Read a regular file.
 *
 * max   bytes; a larger file is refused
 * text  malloc'ed, also when it is empty: the caller frees text.ptr
 * why   words: strerror's, or ours
 */
bool caplat_file_read(const char *path, size_t max, caplat_slice *text,
    const char **why);

/*
 * Write a file beside its place and rename it there: whole or not at all.
 *
 * mode      of the new file, e.g. 0600
 * may_be    false: it must not be there yet
 */
bool caplat_file_write(const char *path, caplat_slice text, unsigned mode,
    bool may_be, const char **why);


#endif /* CAPLAT_FILE_H */
