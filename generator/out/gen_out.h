/*
 * Publishing: what differs from the last build is written, the rest stays.
 *
 * The output folder keeps a list of what was published, `.caplat/manifest`:
 * one line a file, sorted by path,
 *
 *   PRINT LENGTH SECONDS SIBLINGS PATH\n
 *
 * PRINT the file's XXH3-128 in 32 hex digits; SECONDS its modification time;
 * SIBLINGS `none`, `quick` or `release`: how its .gz and .br were made. A file
 * whose line is unchanged, and which stands on the disk with that length and
 * time, is not touched. While files are written the manifest is away, so a
 * build that was cut short makes the next one write everything anew; what
 * stands beside it as `manifest~` tells that the folder is ours.
 *
 * A file's time is a day of the content plus a part of its print: equal on
 * every host, and different when the bytes are, so nginx's ETag (time and
 * length) is both stable and true.
 */

#ifndef GEN_OUT_H
#define GEN_OUT_H

#include "gen_hash.h"


#define GEN_MANIFEST      ".caplat/manifest"
#define GEN_MANIFEST_OLD  ".caplat/manifest~"   /* a build was cut short */


typedef enum { GEN_COMPRESS_NONE, GEN_COMPRESS_QUICK, GEN_COMPRESS_RELEASE }
    gen_compress;

typedef struct gen_out  gen_out;


/*
 * Open an output folder, made when it is not there. NULL when that fails;
 * errno says why.
 */
gen_out *gen_out_open(const char *folder, gen_compress compress,
    size_t workers);

/*
 * Publish one file; worker `at` of those announced calls, one at a time.
 *
 * day     YYYY-MM-DD, of which content the file is
 *
 * False when it could not be written; the first reason is kept.
 */
bool gen_out_put(gen_out *out, size_t at, caplat_slice path,
    caplat_slice text, caplat_slice day);


typedef struct {
    size_t   files;
    size_t   written;
    size_t   removed;
} gen_out_tally;


/*
 * Remove what this build has no more, and write the manifest. What lies below
 * assets/ and rates/ stays: its names are hashes, and a cached page or an old
 * order may still name it.
 *
 * changed   gets the paths of what was written or removed, one a line
 */
bool gen_out_finish(gen_out *out, gen_buf *changed, gen_out_tally *tally);

/* The path that failed and why, for the operator. */
void gen_out_explain(const gen_out *out);

void gen_out_close(gen_out *out);


#endif /* GEN_OUT_H */
