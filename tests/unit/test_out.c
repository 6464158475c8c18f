#define _GNU_SOURCE                     /* mkdtemp, fstatat */

#include "gen_out.h"

#include "gen_file.h"
#include "test_gen.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>


#define DAY  CAPLAT_LIT("2026-11-20")


static char  folder[] = "/tmp/caplat-out-XXXXXX";


static gen_path
in(const char *name)
{
    return gen_path_of(test_slice(folder), test_slice(name));
}


static bool
stands(const char *name, struct stat *st)
{
    return stat(in(name).name, st) == 0;
}


/* Build a site of two files and perhaps a third; note what it changed. */
static gen_out_tally
build_noting(gen_buf *changed, const char *index, const char *page,
    const char *third, gen_compress compress)
{
    gen_out        *out = gen_out_open(folder, compress, 1);
    gen_out_tally   tally = { 0 };

    caplat_assert(out != NULL);
    test_that(gen_out_put(out, 0, CAPLAT_LIT("index.html"),
                          test_slice(index), DAY), "put index.html");
    test_that(gen_out_put(out, 0, CAPLAT_LIT("a/b/page.html"),
                          test_slice(page), DAY), "put a page in folders");

    if (third != NULL) {
        test_that(gen_out_put(out, 0, CAPLAT_LIT("assets/x.css"),
                              test_slice(third), DAY), "put an asset");
    }

    test_that(gen_out_finish(out, changed, &tally), "finish");
    gen_out_close(out);

    return tally;
}


static gen_out_tally
build(const char *index, const char *page, const char *third,
    gen_compress compress)
{
    gen_buf        changed = { 0 };
    gen_out_tally  tally = build_noting(&changed, index, page, third,
                                        compress);

    gen_buf_close(&changed);

    return tally;
}


static char  long_text[4096];


static void
test_only_what_differs(void)
{
    struct stat    before;
    struct stat    after;
    gen_out_tally  tally;
    gen_buf        changed = { 0 };

    tally = build("one", long_text, "css", GEN_COMPRESS_NONE);
    test_number(tally.written, 3, "the first build writes all");
    test_number(tally.files, 3, "and has all");
    test_that(stands("index.html", &before), "index.html is there");

    tally = build("one", long_text, "css", GEN_COMPRESS_NONE);
    test_number(tally.written, 0, "a second build writes nothing");
    test_that(stands("index.html", &after)
              && before.st_ino == after.st_ino
              && before.st_mtime == after.st_mtime, "the file is the same");

    tally = build_noting(&changed, "two", long_text, "css",
                         GEN_COMPRESS_NONE);
    test_number(tally.written, 1, "an edit writes one file");
    test_text(gen_buf_slice(&changed), CAPLAT_LIT("index.html\n"),
              "what changed");
    test_that(stands("index.html", &after)
              && before.st_mtime != after.st_mtime,
              "other bytes have another time");

    gen_buf_close(&changed);
}


static void
test_times(void)
{
    struct stat  st;

    test_that(stands("index.html", &st), "index.html");
    test_that(st.st_mtime >= 1795132800 && st.st_mtime < 1795132800 + 86400,
              "a time within the content's day");
}


static void
test_heals(void)
{
    struct stat    st;
    gen_out_tally  tally;

    (void) unlink(in("a/b/page.html").name);
    tally = build("two", long_text, "css", GEN_COMPRESS_NONE);
    test_number(tally.written, 1, "a file that went missing is written");

    test_that(rename(in(".caplat/manifest").name,
                     in(".caplat/manifest~").name) == 0, "cut short");
    tally = build("two", long_text, NULL, GEN_COMPRESS_NONE);
    test_number(tally.written, 2, "after a cut all is written");
    test_that(!stands(".caplat/manifest~", &st), "and the cut is over");
}


static void
test_removes(void)
{
    struct stat    st;
    gen_out       *out;
    gen_out_tally  tally;
    gen_buf        changed = { 0 };

    (void) build("two", long_text, "css", GEN_COMPRESS_QUICK);
    test_that(stands("a/b/page.html.gz", &st), ".gz");
    test_that(stands("a/b/page.html.br", &st), ".br");
    test_that(!stands("index.html.gz", &st), "not for three bytes");

    out = gen_out_open(folder, GEN_COMPRESS_QUICK, 1);
    test_that(gen_out_put(out, 0, CAPLAT_LIT("index.html"),
                          CAPLAT_LIT("two"), DAY), "put");
    test_that(gen_out_finish(out, &changed, &tally), "finish");
    gen_out_close(out);
    gen_buf_close(&changed);

    test_number(tally.removed, 1, "a page that is no more");
    test_that(!stands("a/b/page.html", &st), "is removed");
    test_that(!stands("a/b/page.html.gz", &st), "with its .gz");
    test_that(!stands("a/b/page.html.br", &st), "and its .br");
    test_that(stands("assets/x.css", &st), "an asset stays");
}


static void
test_siblings_follow(void)
{
    struct stat  st;

    (void) build("two", long_text, NULL, GEN_COMPRESS_QUICK);
    test_that(stands("a/b/page.html.gz", &st), "made");
    (void) build("two", long_text, NULL, GEN_COMPRESS_NONE);
    test_that(!stands("a/b/page.html.gz", &st),
              "a build without siblings leaves none");
}


static void
test_failure(void)
{
    char            file[] = "/tmp/caplat-file-XXXXXX";
    int             fd = mkstemp(file);
    const gen_out  *out;

    caplat_assert(fd >= 0);
    (void) close(fd);
    out = gen_out_open(file, GEN_COMPRESS_NONE, 1);
    test_that(out == NULL, "a file is no folder");
    (void) unlink(file);
}


static void
remove_folder(void)
{
    char  command[64];
    int   len = snprintf(command, sizeof(command), "rm -r %s", folder);

    test_that(len > 0 && system(command) == 0, "clean up");
}


int
main(void)
{
    caplat_assert(mkdtemp(folder) != NULL);

    for (size_t i = 0; i + 1 < sizeof(long_text); i++) {
        long_text[i] = (char) ('a' + i / 3 % 20);
    }

    test_only_what_differs();
    test_times();
    test_heals();
    test_removes();
    test_siblings_follow();
    test_failure();

    remove_folder();

    return test_done();
}
