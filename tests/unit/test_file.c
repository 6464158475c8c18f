#define _GNU_SOURCE                     /* mkdtemp */

#include "caplat_file.h"

#include "test.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>


static char  folder[] = "/tmp/caplat-file-XXXXXX";


static const char *
path_of(const char *name)
{
    static char  path[128];

    (void) snprintf(path, sizeof(path), "%s/%s", folder, name);

    return path;
}


static void
expect_file(const char *name, const char *want, size_t max, bool readable)
{
    caplat_slice   text = { NULL, 0 };
    const char    *why = NULL;

    test_that(caplat_file_read(path_of(name), max, &text, &why) == readable,
              want);

    if (readable) {
        test_text(text, test_slice(want), name);
        test_that(text.ptr != NULL, "there is something to free");
    } else {
        test_that(text.ptr == NULL && why != NULL, "untouched, and words");
    }

    free((void *) (uintptr_t) text.ptr);
}


static void
write_file(const char *name, const char *text, bool may_be, bool writes)
{
    const char  *why = NULL;

    test_that(caplat_file_write(path_of(name), test_slice(text), 0640, may_be,
                                &why) == writes, text);
    test_that(writes || why != NULL, "words");
}


int
main(void)
{
    struct stat  info;

    if (mkdtemp(folder) == NULL) {
        perror(folder);
        return 1;
    }

    expect_file("a", "none", 10, false);
    write_file("a", "twelve bytes", false, true);
    expect_file("a", "twelve bytes", 12, true);
    expect_file("a", "twelve bytes", 11, false);
    test_that(stat(path_of("a"), &info) == 0
              && (info.st_mode & 07777) == 0640, "its mode");

    write_file("a", "another", false, false);
    expect_file("a", "twelve bytes", 12, true);
    write_file("a", "another", true, true);
    expect_file("a", "another", 12, true);
    write_file("a", "", true, true);
    expect_file("a", "", 0, true);

    write_file("none/a", "no folder", true, false);
    expect_file(".", "a folder", 4096, false);
    test_that(mkfifo(path_of("fifo"), 0600) == 0, "a pipe");
    expect_file("fifo", "a pipe without a writer", 4096, false);
    expect_file("a/b", "below a file", 4096, false);

    test_that(unlink(path_of("fifo")) == 0, "a pipe");
    test_that(unlink(path_of("a")) == 0, "a file");
    test_that(rmdir(folder) == 0, "nothing is left behind");

    return test_done();
}
