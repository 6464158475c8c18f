/*
 * Whether a folder may be published into: what a build removes and writes must
 * not be somebody's sources.
 */

#ifndef GEN_TARGET_H
#define GEN_TARGET_H


typedef enum {
    GEN_TARGET_FREE,                    /* new, empty, or published before */
    GEN_TARGET_SOURCES,                 /* in, around or equal to the sources */
    GEN_TARGET_FOREIGN                  /* it holds files, and none of ours */
} gen_target;


/* Folders are compared where they really are, behind links. */
gen_target gen_target_of(const char *out, const char *content,
    const char *site);


#endif /* GEN_TARGET_H */
