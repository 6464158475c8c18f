#define _GNU_SOURCE                     /* realpath */

#include "gen_target.h"

#include "gen_file.h"
#include "gen_out.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>


/* Where a folder is, or would be made; empty when there is no telling. */
typedef struct {
    char          *path;                /* of it, or of the folder above it */
    caplat_slice   real;
    bool           exists;
} folder;


static void
find_folder(const char *name, folder *found)
{
    caplat_slice  text = gen_slice_of(name);
    gen_path      above;

    found->path = realpath(name, NULL);
    found->exists = found->path != NULL;

    if (!found->exists && errno == ENOENT) {
        while (text.len > 1 && text.ptr[text.len - 1] == '/') {
            text.len--;
        }

        while (text.len != 0 && text.ptr[text.len - 1] != '/') {
            text.len--;
        }

        above = gen_path_of(CAPLAT_LIT(""), text.len != 0 ? text
                                                          : CAPLAT_LIT("."));
        found->path = realpath(above.name, NULL);
    }

    found->real = gen_slice_of(found->path != NULL ? found->path : "");
}


/* Is this folder that one, or somewhere below it? */
static bool
is_within(caplat_slice inner, caplat_slice outer)
{
    return outer.len != 0 && inner.len >= outer.len
           && memcmp(inner.ptr, outer.ptr, outer.len) == 0
           && (inner.len == outer.len || inner.ptr[outer.len] == '/'
               || outer.len == 1);
}


static bool
meets(const folder *out, const char *name)
{
    folder  source;
    bool    met;

    find_folder(name, &source);
    met = source.exists
          && (is_within(out->real, source.real)
              || (out->exists && is_within(source.real, out->real)));
    free(source.path);

    return met;
}


static bool
is_empty(const char *name)
{
    DIR                  *dir = opendir(name);
    const struct dirent  *entry;
    bool                  empty = true;

    while (dir != NULL && empty && (entry = readdir(dir)) != NULL) {
        caplat_slice  found = gen_slice_of(entry->d_name);

        empty = caplat_slice_eq(found, CAPLAT_LIT("."))
                || caplat_slice_eq(found, CAPLAT_LIT(".."));
    }

    if (dir != NULL) {
        (void) closedir(dir);
    }

    return empty;
}


static bool
has(const char *name, caplat_slice file)
{
    gen_path  path = gen_path_of(gen_slice_of(name), file);

    return access(path.name, F_OK) == 0;
}


gen_target
gen_target_of(const char *out, const char *content, const char *site)
{
    folder  target;
    bool    is_source;

    find_folder(out, &target);
    is_source = meets(&target, content) || meets(&target, site);
    free(target.path);

    if (is_source) {
        return GEN_TARGET_SOURCES;
    }

    return is_empty(out) || has(out, CAPLAT_LIT(GEN_MANIFEST))
           || has(out, CAPLAT_LIT(GEN_MANIFEST_OLD))
           ? GEN_TARGET_FREE : GEN_TARGET_FOREIGN;
}
