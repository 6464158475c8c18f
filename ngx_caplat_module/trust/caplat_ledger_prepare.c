#define _DEFAULT_SOURCE                 /* lchown */

#include "caplat_ledger_inner.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>


static const char *const  folders[] = { "log", "index", "tile", "vault" };

/* What else is ours; an operator may keep other things beside it. */
static const char *const  files[] = { "checkpoint", "checkpoint.new",
                                      "checkpoint.torn", "closed" };


static bool
fail(caplat_ledger_error *error, const char *path)
{
    return caplat_ledger_fail(error, CAPLAT_LEDGER_IO, path, strerror(errno));
}


static bool
own(const char *path, int user, int group)
{
    return user < 0 || lchown(path, (uid_t) user, (gid_t) group) == 0;
}


/* All files in a folder of ours. */
static bool
own_files(const char *folder, int user, int group)
{
    DIR            *dir = opendir(folder);
    struct dirent  *entry;
    char            path[CAPLAT_PATH_MAX];
    bool            is_done = true;

    if (dir == NULL) {
        return false;
    }

    while (is_done && (entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.') {
            continue;
        }

        is_done = caplat_io_path(path, folder, entry->d_name)
            && own(path, user, group);
    }

    (void) closedir(dir);

    return is_done;
}


static bool
make_folder(const char *path, int user, int group)
{
    return (mkdir(path, 0700) == 0 || errno == EEXIST)
        && own(path, user, group);
}


bool
caplat_ledger_prepare(const char *folder, int user, int group,
    caplat_ledger_error *error)
{
    char  path[CAPLAT_PATH_MAX];

    error->fault = CAPLAT_LEDGER_OK;
    error->len = 0;

    if (!make_folder(folder, user, group)) {
        return fail(error, folder);
    }

    for (size_t i = 0; i < CAPLAT_COUNT(folders); i++) {
        if (!caplat_io_path(path, folder, folders[i])
            || !make_folder(path, user, group)
            || !own_files(path, user, group))
        {
            return fail(error, folders[i]);
        }
    }

    for (size_t i = 0; i < CAPLAT_COUNT(files); i++) {
        if (!caplat_io_path(path, folder, files[i])
            || (!own(path, user, group) && errno != ENOENT))
        {
            return fail(error, files[i]);
        }
    }

    return caplat_io_sync_folder(folder) || fail(error, folder);
}
