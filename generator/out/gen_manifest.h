/*
 * The list of what an output folder holds: read, looked up, written.
 */

#ifndef GEN_MANIFEST_H
#define GEN_MANIFEST_H

#include "gen_hash.h"


typedef struct {
    caplat_slice   path;
    gen_print      print;
    uint64_t       len;
    int64_t        when;                /* seconds since 1970 */
    uint8_t        siblings;            /* a gen_compress */
    bool           seen;                /* this build has it too, */
    bool           stays;               /* and its file is as it was */
} gen_published;


typedef struct {
    caplat_slice    text;               /* of which it was read, or empty */
    gen_published  *lines;              /* by path */
    size_t          count;
    size_t          room;
} gen_manifest;


/* Append a line; its path must outlive the manifest. */
void gen_manifest_add(gen_manifest *manifest, gen_published line);

void gen_manifest_sort(gen_manifest *manifest);

/*
 * The line of a path in a sorted manifest; NULL when there is none. `near` is
 * where the line before this one was, or any place: paths come nearly in
 * order, so the next one is not far.
 */
gen_published *gen_manifest_find(const gen_manifest *manifest,
    caplat_slice path, size_t *near);

/*
 * Read a manifest; the lines borrow from text. A text that is not a whole
 * manifest gives an empty one: everything will then be written.
 */
void gen_manifest_parse(caplat_slice text, gen_manifest *manifest);

/* The text of two sorted manifests: all that is new, and the old that stays. */
void gen_manifest_write(const gen_manifest *fresh, const gen_manifest *old,
    gen_buf *out);

void gen_manifest_close(gen_manifest *manifest);


#endif /* GEN_MANIFEST_H */
