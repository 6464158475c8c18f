#define _GNU_SOURCE                     /* memmem, mkdtemp */

#include "gen_script.h"

#include "gen_file.h"
#include "test_gen.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>


#define FILES_MAX  4

/* Scripts of a theme, in a folder of their own. */
typedef struct {
    char          folder[64];
    int           root;
    const char   *names[FILES_MAX];
    size_t        count;
    gen_arena     keep;
    gen_diags     diags;
    gen_theme     theme;
    gen_constant  constants[1];
} bench;


static void
open_bench(bench *b)
{
    *b = (bench) { .folder = "/tmp/caplat-script-XXXXXX" };
    caplat_assert(mkdtemp(b->folder) != NULL);
    b->root = open(b->folder, O_RDONLY | O_DIRECTORY);
    caplat_assert(b->root >= 0);
}


static void
put(bench *b, const char *name, const char *text)
{
    bool  is_new;

    caplat_assert(b->count != FILES_MAX
                  && gen_file_write(b->root, name, test_slice(text), 0,
                                    &is_new));
    b->names[b->count++] = name;
}


static void
close_bench(bench *b)
{
    for (size_t i = 0; i != b->count; i++) {
        (void) unlinkat(b->root, b->names[i], 0);
    }

    (void) close(b->root);
    (void) rmdir(b->folder);
    gen_diags_close(&b->diags);
    gen_arena_close(&b->keep);
}


static void
read_theme(bench *b)
{
    b->constants[0] = (gen_constant) { CAPLAT_LIT("site.phone"),
                                       CAPLAT_LIT("1") };
    gen_theme_open(&b->theme, test_slice(b->folder), b->constants, 1,
                   &b->keep, &b->diags);
}


static const gen_asset *
asset(const bench *b, const char *file)
{
    for (size_t i = 0; i != b->theme.asset_count; i++) {
        if (caplat_slice_eq(b->theme.assets[i].file, test_slice(file))) {
            return &b->theme.assets[i];
        }
    }

    caplat_assert(false);

    return NULL;
}


static bool
has(caplat_slice text, caplat_slice part)
{
    return memmem(text.ptr, text.len, part.ptr, part.len) != NULL;
}


/* a imports b, which imports c; d is nobody's. */
static void
test_imports(void)
{
    bench         b;
    caplat_slice  url, first;

    open_bench(&b);
    put(&b, "a.js", "import {\n    one,\n} from './b.js';\nconst x = "
                    "'from ./c.js';\none();\n");
    put(&b, "b.js", "import * as c from './c.js';\nexport const one = c.t;\n");
    put(&b, "c.js", "export const t = 1;\n");
    put(&b, "d.js", "go();\n");
    read_theme(&b);

    test_number(b.diags.errors, 0, "nothing is wrong");
    test_that(has(asset(&b, "a.js")->text, asset(&b, "b.js")->url),
              "the address of what is imported");
    test_that(has(asset(&b, "b.js")->text, asset(&b, "c.js")->url),
              "and of what that imports");
    test_that(!has(asset(&b, "a.js")->text, CAPLAT_LIT("./b.js"))
              && has(asset(&b, "a.js")->text, CAPLAT_LIT("'from ./c.js'")),
              "other text stays");

    test_that(gen_theme_constant(&b.theme, CAPLAT_LIT("asset.a.js"), &url)
              && caplat_slice_eq(url, asset(&b, "a.js")->url), "its address");
    test_that(asset(&b, "a.js")->used && asset(&b, "b.js")->used
              && asset(&b, "c.js")->used && !asset(&b, "d.js")->used,
              "who names a script publishes what it imports");

    /* Names tell of all that is behind them: no page mixes two versions. */
    first = gen_arena_copy(&b.keep, url);
    b.count = 3;
    put(&b, "c.js", "export const t = 2;\n");
    b.count = FILES_MAX;
    b.names[3] = "d.js";
    read_theme(&b);
    test_that(!caplat_slice_eq(asset(&b, "a.js")->url, first),
              "another c is another a");
    close_bench(&b);
}


static void
test_comments(void)
{
    bench  b;

    open_bench(&b);
    put(&b, "a.js", "/* One. */\nlet a = 1; /* stays */\n\n    /*\n     * Two,"
                    "\n     import './b.js';\n     */\nb();\n/* three */ c();"
                    "\n/* four\n */ d('/*');\n");
    read_theme(&b);
    test_text(asset(&b, "a.js")->text,
              test_slice("let a = 1; /* stays */\n\nb();\n c();"
              "\n d('/*');\n"), "what is for readers is not published");
    close_bench(&b);
}


static void
check_refused(const char *one, const char *two, const char *words)
{
    bench  b;

    open_bench(&b);
    put(&b, "a.js", one);
    put(&b, "b.js", two);
    read_theme(&b);
    test_number(b.diags.errors, 1, words);
    close_bench(&b);
}


int
main(void)
{
    test_imports();
    test_comments();
    check_refused("import { x } from './no.js';\n", "", "there is none such");
    check_refused("import { x } from './b.js';\n",
                  "import { x } from './a.js';\n", "a circle");
    check_refused("import { x } from './a.js';\n", "", "of itself");

    return test_done();
}
