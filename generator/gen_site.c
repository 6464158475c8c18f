#include "gen_site.h"

#include "gen_check.h"
#include "gen_day.h"
#include "gen_file.h"
#include "gen_load.h"
#include "gen_make.h"
#include "gen_page.h"
#include "gen_target.h"

#include <errno.h>
#include <stdlib.h>
#include <sysexits.h>


static int
by_order(const void *a, const void *b)
{
    const gen_doc  *left = *(const gen_doc *const *) a;
    const gen_doc  *right = *(const gen_doc *const *) b;

    if (left->front.order != right->front.order) {
        return left->front.order < right->front.order ? -1 : 1;
    }

    return caplat_slice_cmp(left->name, right->name);
}


static int
by_newest(const void *a, const void *b)
{
    const gen_doc  *left = *(const gen_doc *const *) a;
    const gen_doc  *right = *(const gen_doc *const *) b;
    int             order = caplat_slice_cmp(right->front.from,
                                             left->front.from);

    return order != 0 ? order : by_order(a, b);
}


static gen_shelf
shelf_of(const gen_content *content, gen_kind kind, gen_arena *keep)
{
    gen_shelf  shelf = {
        .items = gen_arena_zero(keep, content->doc_count, sizeof(gen_doc *)),
    };

    for (size_t i = 0; i != content->doc_count; i++) {
        const gen_doc  *doc = &content->docs[i];

        if (doc->kind == kind && gen_doc_published(doc, content->day)) {
            shelf.items[shelf.count++] = doc;
        }
    }

    qsort(shelf.items, shelf.count, sizeof(gen_doc *),
          kind == GEN_NOTICE ? by_newest : by_order);

    return shelf;
}


static void
open_book(gen_content *content, gen_book *book)
{
    gen_arena  *keep = &content->loaders[0].keep;

    *book = (gen_book) {
        .day = content->day,
        .newest = content->newest,
        .site = &content->site,
        .catalogue = &content->catalogue,
        .ui = &content->ui,
        .guides = shelf_of(content, GEN_GUIDE, keep),
        .notices = shelf_of(content, GEN_NOTICE, keep),
        .faq = shelf_of(content, GEN_FAQ, keep),
        .pages = shelf_of(content, GEN_PAGE, keep),
    };
}


/* site.* and ui.* for the templates. */
static gen_constant *
list_constants(gen_content *content, size_t *count)
{
    const gen_site_data  *site = &content->site;
    const struct {
        const char    *name;
        caplat_slice   value;
    } data[] = {
        { "site.name", site->name },
        { "site.subtitle", site->subtitle },
        { "site.origin", site->origin },
        { "site.phone", site->phone },
        { "site.phone-link", site->phone_link },
        { "site.hours", site->hours },
        { "site.owner", site->owner },
        { "site.filing", site->filing },
        { "site.police-filing", site->police_filing },
        { "site.email", site->email },
        { "site.edition", site->edition },
    };
    gen_arena            *keep = &content->loaders[0].keep;
    size_t                own = sizeof(data) / sizeof(data[0]);
    gen_constant         *list = gen_arena_zero(
        keep, own + content->ui.word_count, sizeof(gen_constant));

    for (size_t i = 0; i != own; i++) {
        list[i] = (gen_constant) { gen_slice_of(data[i].name),
                                   data[i].value };
    }

    for (size_t i = 0; i != content->ui.word_count; i++) {
        gen_buf  name = { 0 };

        gen_buf_lit(&name, "ui.");
        gen_buf_add(&name, content->ui.words[i].id);
        list[own + i] = (gen_constant) {
            gen_arena_copy(keep, gen_buf_slice(&name)),
            content->ui.words[i].words,
        };
        gen_buf_close(&name);
    }

    *count = own + content->ui.word_count;

    return list;
}


static bool
compile_templates(gen_theme *theme, gen_book *book)
{
    static const struct {
        const char        *file;
        const gen_schema  *schema;
    } templates[] = {
#define TEMPLATE(name, file)  { file, &gen_##name##_schema },
        GEN_TEMPLATES(TEMPLATE)
#undef TEMPLATE
    };
    bool  done = true;

    for (size_t i = 0; i != GEN_TEMPLATE_COUNT; i++) {
        done = gen_theme_compile(theme, templates[i].file,
                                 &gen_common_schema, templates[i].schema,
                                 &book->templates[i])
               && done;
    }

    return done;
}


static void
explain(const char *path)
{
    (void) fprintf(stderr, "caplat-site: %s: %s\n", path, strerror(errno));
}


/* The wasm is made by the compiler, not by hand: it comes from elsewhere. */
static bool
add_wasm(const char *path, gen_theme *theme)
{
    caplat_slice  text;

    if (path == NULL) {
        gen_theme_add(theme, CAPLAT_LIT("caplat.wasm"), CAPLAT_LIT(""));
        return true;
    }

    if (gen_file_read(path, GEN_FILE_LEN_MAX, theme->keep, &text)
        != GEN_READ_DONE)
    {
        explain(path);
        return false;
    }

    gen_theme_add(theme, CAPLAT_LIT("caplat.wasm"), text);

    return true;
}


static bool
open_theme(const gen_options *options, gen_content *content, gen_book *book,
    gen_theme *theme)
{
    gen_loader    *loader = &content->loaders[0];
    gen_path       folder = gen_path_of(gen_slice_of(options->site),
                                        CAPLAT_LIT("theme"));
    size_t         count;
    gen_constant  *constants = list_constants(content, &count);

    gen_theme_open(theme, gen_arena_copy(&loader->keep,
                                         gen_slice_of(folder.name)),
                   constants, count, &loader->keep, &loader->diags);

    return add_wasm(options->wasm, theme) && compile_templates(theme, book);
}


/* The first day after today on which a notice comes or goes. */
static caplat_slice
next_change(const gen_content *content, gen_arena *keep)
{
    caplat_slice  next = { "", 0 };

    for (size_t i = 0; i != content->doc_count; i++) {
        const gen_front    *front = &content->docs[i].front;
        const caplat_slice  days[] = {
            front->from, gen_day_after(keep, front->until, 1),
        };

        for (size_t j = 0; j != 2; j++) {
            if (caplat_slice_cmp(days[j], content->day) > 0
                && (next.len == 0 || caplat_slice_cmp(days[j], next) < 0))
            {
                next = days[j];
            }
        }
    }

    return next;
}


static void
tell(const gen_options *options, const gen_content *content,
    const gen_out_tally *tally)
{
    gen_arena     arena = { 0 };
    caplat_slice  next = next_change(content, &arena);

    (void) printf(options->lang == GEN_LANG_ZH
                  ? "%zu 个文件，写了 %zu 个，删了 %zu 个\n"
                  : "%zu files, %zu written, %zu removed\n",
                  tally->files, tally->written, tally->removed);

    if (next.len != 0) {
        (void) printf(options->lang == GEN_LANG_ZH
                      ? "%.*s 有公告生效或到期，请在那天再生成一次\n"
                      : "a notice begins or ends on %.*s: build again then\n",
                      (int) next.len, next.ptr);
    }

    gen_arena_close(&arena);
}


/* Opened before anything is published: a bad path publishes nothing. */
static bool
open_changed(const gen_options *options, FILE **file)
{
    *file = NULL;

    if (options->changed != NULL) {
        *file = fopen(options->changed, "w");

        if (*file == NULL) {
            explain(options->changed);
            return false;
        }
    }

    return true;
}


static bool
close_changed(const gen_options *options, FILE *file, gen_buf *paths)
{
    bool  done = true;

    if (file != NULL) {
        done = fwrite(paths->data, 1, paths->len, file) == paths->len;
        done = fclose(file) == 0 && done;
    }

    if (!done) {
        explain(options->changed);
    }

    gen_buf_close(paths);

    return done;
}


static bool
publish_into(gen_out *out, const gen_options *options,
    gen_content *content, const gen_book *book, const gen_theme *theme,
    gen_buf *changed)
{
    gen_path        statics = gen_path_of(gen_slice_of(options->site),
                                          CAPLAT_LIT("static"));
    gen_out_tally   tally;
    bool            done = gen_make(content, book, theme, statics.name, out)
                           && gen_out_finish(out, changed, &tally);

    if (done) {
        tell(options, content, &tally);

    } else {
        gen_out_explain(out);
    }

    return done;
}


static bool
publish(const gen_options *options, gen_content *content,
    const gen_book *book, const gen_theme *theme)
{
    gen_buf   paths = { 0 };
    gen_out  *out;
    FILE     *changed;
    bool      done = false;

    if (!open_changed(options, &changed)) {
        return false;
    }

    out = gen_out_open(options->out, options->compress, content->workers);

    if (out != NULL) {
        done = publish_into(out, options, content, book, theme, &paths);
        gen_out_close(out);

    } else {
        explain(options->out);
    }

    return close_changed(options, changed, &paths) && done;
}


/* True when nothing stands in the way of publishing. */
static bool
report(const gen_options *options, gen_content *content)
{
    gen_diags  lists[GEN_WORKERS_MAX];

    for (size_t i = 0; i != content->workers; i++) {
        lists[i] = content->loaders[i].diags;
    }

    gen_diags_print(lists, content->workers, options->format, options->lang,
                    options->strict,
                    options->format == GEN_FORMAT_TEXT ? stderr : stdout);

    return !gen_diags_failed(lists, content->workers, options->strict);
}


static bool
run(const gen_options *options, gen_content *content, gen_book *book)
{
    gen_theme  theme;
    bool       usable;

    usable = gen_content_read(gen_slice_of(options->content), options->day,
                              options->threads, content);

    if (usable) {
        open_book(content, book);
        usable = open_theme(options, content, book, &theme);
        gen_check_links(book, &theme, &content->loaders[0].diags);
    }

    return report(options, content) && usable
           && (options->out == NULL
               || publish(options, content, book, &theme));
}


/* A build removes and writes: never among somebody's own files. */
static bool
may_publish(const gen_options *options)
{
    bool         zh = options->lang == GEN_LANG_ZH;
    const char  *words = NULL;

    switch (gen_target_of(options->out, options->content, options->site)) {

    case GEN_TARGET_FREE:
        return true;

    case GEN_TARGET_SOURCES:
        words = zh ? "不能写到内容或主题的文件夹里，也不能写到包着它们的"
                     "文件夹里，请换一个 --out"
                   : "this holds the content or the site's sources, or lies "
                     "within them: give another --out";
        break;

    case GEN_TARGET_FOREIGN:
        words = zh ? "文件夹不是空的，也不是以前生成的网站，请换一个 --out，"
                     "或先清空它"
                   : "this folder is not empty and no site was built there: "
                     "give another --out, or empty it first";
        break;
    }

    (void) fprintf(stderr, "caplat-site: %s: %s\n", options->out, words);

    return false;
}


int
gen_site_run(const gen_options *options)
{
    gen_content  *content;
    gen_book     *book;
    bool          done;

    if (options->out != NULL && !may_publish(options)) {
        return EX_USAGE;
    }

    content = calloc(1, sizeof(gen_content));
    book = calloc(1, sizeof(gen_book));

    if (content == NULL || book == NULL) {
        gen_out_of_memory();
    }

    done = run(options, content, book);

    for (size_t i = 0; i != GEN_TEMPLATE_COUNT; i++) {
        gen_ops_close(&book->templates[i]);
    }

    gen_content_close(content);
    free(content);
    free(book);

    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
