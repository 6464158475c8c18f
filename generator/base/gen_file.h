/*
 * Files in and out: bounded whole reads, sorted listings, writes that either
 * happen or do not.
 */

#ifndef GEN_FILE_H
#define GEN_FILE_H

#include "gen_mem.h"


#define GEN_FILE_LEN_MAX  (4 * 1024 * 1024)     /* bytes: what people write */
#define GEN_LIST_LEN_MAX  (256 * 1024 * 1024)   /* our own: a line a file */
#define GEN_PATH_LEN_MAX  1024


/* A path with its NUL, for the system's calls; exits when it is too long. */
typedef struct {
    char  name[GEN_PATH_LEN_MAX];
} gen_path;

gen_path gen_path_of(caplat_slice folder, caplat_slice name);


typedef enum { GEN_READ_DONE, GEN_READ_FAILED, GEN_READ_TOO_LARGE }
    gen_read_result;

/* Read a whole file of at most `most` bytes into arena; errno says why it
   FAILED. */
gen_read_result gen_file_read(const char *path, size_t most,
    gen_arena *arena, caplat_slice *text);


/*
 * Names of the plain files in a folder that end in `ending`, sorted by bytes;
 * hidden ones are left out. A folder that is not there is empty.
 */
size_t gen_file_list(const char *folder, caplat_slice ending,
    gen_arena *arena, caplat_slice **names);


/* Make the folder of a path below `root` (a folder's descriptor). */
bool gen_file_folder(int root, const char *path);

/*
 * Write a file below `root` (a folder's descriptor), making folders as
 * needed, and set its times to `when` (seconds since 1970). A file that
 * stands there is replaced in one step; is_new tells that none did.
 */
bool gen_file_write(int root, const char *path, caplat_slice text,
    int64_t when, bool *is_new);


#endif /* GEN_FILE_H */
