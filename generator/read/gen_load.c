#include "gen_load.h"

#include "gen_doc.h"
#include "gen_file.h"
#include "gen_source.h"
#include "gen_text.h"

#include <stdlib.h>


static const struct {
    gen_kind      kind;
    const char   *folder;
} kinds[] = {
    { GEN_GUIDE, "guides" },
    { GEN_NOTICE, "notices" },
    { GEN_FAQ, "faq" },
    { GEN_PAGE, "pages" },
};

#define KINDS  (sizeof(kinds) / sizeof(kinds[0]))


static caplat_slice
joined(gen_arena *keep, caplat_slice folder, const char *name)
{
    return gen_arena_copy(keep, gen_slice_of(
                                    gen_path_of(folder,
                                                gen_slice_of(name)).name));
}


static void
list_files(caplat_slice folder, gen_arena *keep, gen_content *content)
{
    caplat_slice   folders[KINDS];
    caplat_slice  *names[KINDS];
    size_t         counts[KINDS];
    size_t         count = 0;
    gen_file      *file;

    for (size_t i = 0; i != KINDS; i++) {
        gen_path  path = gen_path_of(folder, gen_slice_of(kinds[i].folder));

        folders[i] = joined(keep, folder, kinds[i].folder);
        counts[i] = gen_file_list(path.name, CAPLAT_LIT(".md"), keep,
                                  &names[i]);
        count += counts[i];
    }

    file = gen_arena_zero(keep, count, sizeof(gen_file));
    content->files = file;
    content->docs = gen_arena_zero(keep, count, sizeof(gen_doc));
    content->doc_count = count;

    for (size_t i = 0; i != KINDS; i++) {
        for (size_t j = 0; j != counts[i]; j++) {
            caplat_slice  name = names[i][j];

            file->kind = kinds[i].kind;
            file->name = caplat_slice_of(name.ptr, name.len - 3);
            file->source.path = gen_arena_copy(
                keep, gen_slice_of(gen_path_of(folders[i], name).name));
            file->source.order = (uint32_t) (file - content->files) + 1;
            file++;
        }
    }
}


/* All other pages may be left out; links to them are then errors. */
static void
require_home(caplat_slice folder, gen_content *content)
{
    gen_loader  *loader = &content->loaders[0];
    gen_source  *source;

    for (size_t i = 0; i != content->doc_count; i++) {
        if (content->files[i].kind == GEN_PAGE
            && caplat_slice_eq(content->files[i].name, CAPLAT_LIT("home")))
        {
            return;
        }
    }

    source = gen_arena_zero(&loader->keep, 1, sizeof(gen_source));
    source->path = joined(&loader->keep, folder, "pages/home.md");
    gen_report(&loader->diags, source, gen_span_of(0, 0), GEN_HOME_MISSING,
               GEN_NO_WORDS, CAPLAT_LIT(""));
}


static bool
read_source(gen_arena *arena, gen_diags *diags, gen_source *source)
{
    gen_path         path = gen_path_of(CAPLAT_LIT(""), source->path);
    gen_read_result  result = gen_file_read(path.name, GEN_FILE_LEN_MAX,
                                            arena, &source->text);

    if (result == GEN_READ_DONE) {
        return true;
    }

    source->text = CAPLAT_LIT("");
    gen_report(diags, source, gen_span_of(0, 0),
               result == GEN_READ_FAILED ? GEN_UNREADABLE
                                         : GEN_FILE_TOO_LARGE,
               result == GEN_READ_FAILED ? GEN_WORDS(source->path)
                                         : GEN_WORDS(CAPLAT_LIT("4194304")),
               CAPLAT_LIT(""));

    return false;
}


bool
gen_page_is_taken(caplat_slice page)
{
    static const caplat_slice  taken[] = {
        CAPLAT_INIT("404"), CAPLAT_INIT("50x"), CAPLAT_INIT("apply"),
        CAPLAT_INIT("changes"), CAPLAT_INIT("faq"), CAPLAT_INIT("guide"),
        CAPLAT_INIT("index"), CAPLAT_INIT("notice"), CAPLAT_INIT("order"),
        CAPLAT_INIT("platform"), CAPLAT_INIT("problems"),
        CAPLAT_INIT("search"), CAPLAT_INIT("sitemap")
    };

    for (size_t i = 0; i != CAPLAT_COUNT(taken); i++) {
        if (caplat_slice_eq(page, taken[i])) {
            return true;
        }
    }

    return false;
}


/* A file's name becomes an address. */
static bool
check_name(gen_diags *diags, const gen_file *file)
{
    bool  is_id = gen_text_is_id(file->name);

    if (is_id
        && !(file->kind == GEN_PAGE && gen_page_is_taken(file->name)))
    {
        return true;
    }

    gen_report(diags, &file->source, gen_span_of(0, 0),
               is_id ? GEN_NAME_TAKEN : GEN_FILE_NAME,
               GEN_WORDS(file->name), CAPLAT_LIT(""));

    return false;
}


uint32_t
gen_doc_parts(const gen_doc *doc)
{
    return doc->step_count < GEN_PARTS_MAX ? doc->step_count
                                           : GEN_PARTS_MAX - 1;
}


static void
feed_search(gen_loader *loader, const gen_doc *doc, size_t at)
{
    uint32_t  number = (uint32_t) (at * GEN_PARTS_MAX);

    if (doc->kind == GEN_GUIDE) {
        gen_search_begin(loader->search, number);
        gen_search_title(loader->search, doc->front.title);
        gen_search_text(loader->search, doc->front.summary);
    }

    for (uint32_t i = 0; i != gen_doc_parts(doc); i++) {
        const gen_step  *step = &doc->steps[i];

        gen_search_begin(loader->search, number + 1 + i);
        gen_search_title(loader->search, step->title.len != 0
                                         ? step->title : doc->front.title);
        gen_search_text(loader->search, step->text);
    }

    for (uint32_t i = gen_doc_parts(doc); i < doc->step_count; i++) {
        gen_search_text(loader->search, doc->steps[i].text);
    }
}


bool
gen_doc_published(const gen_doc *doc, caplat_slice day)
{
    return doc->source != NULL
           && (doc->kind != GEN_NOTICE
               || caplat_slice_cmp(doc->front.from, day) <= 0);
}


static void
load_doc(void *context, size_t worker, size_t at)
{
    gen_content  *content = context;
    gen_loader   *loader = &content->loaders[worker];
    gen_file     *file = &content->files[at];
    gen_doc      *doc = &content->docs[at];
    gen_reader    reader = {
        .catalogue = &content->catalogue,
        .names = content->names,
        .terms = &content->terms,
        .day = content->day,
        .keep = &loader->keep,
        .scratch = &loader->scratch,
        .desk = &loader->desk,
        .diags = &loader->diags,
    };

    gen_arena_reset(&loader->scratch);

    if (check_name(&loader->diags, file) && file->text != NULL
        && gen_doc_read(&reader, &file->source, file->kind, file->name, doc)
        && gen_doc_published(doc, content->day))
    {
        feed_search(loader, doc, at);
    }

    free(file->text);
    file->text = NULL;
    file->source.text = CAPLAT_LIT("");
}


/* The day after "updated:" in a text; false when there is none. */
static bool
find_updated(caplat_slice text, caplat_slice *day)
{
    caplat_slice  key = CAPLAT_LIT("\nupdated: ");
    caplat_date   date;
    size_t        at;

    if (!gen_text_find(text, key, &at)
        || text.len - at < key.len + CAPLAT_DATE_LEN)
    {
        return false;
    }

    *day = caplat_slice_of(text.ptr + at + key.len, CAPLAT_DATE_LEN);

    return caplat_date_parse(*day, &date);
}


/*
 * All files are read before the first becomes a document, because a build
 * that was given no day takes the newest of them.
 */
static void
read_file(void *context, size_t worker, size_t at)
{
    gen_content  *content = context;
    gen_loader   *loader = &content->loaders[worker];
    gen_file     *file = &content->files[at];
    caplat_slice  day;

    gen_arena_reset(&loader->scratch);

    if (!read_source(&loader->scratch, &loader->diags, &file->source)) {
        return;
    }

    file->text = gen_mem_copy(file->source.text);
    file->source.text.ptr = file->text;

    if (find_updated(file->source.text, &day)
        && caplat_slice_cmp(loader->newest, day) < 0)
    {
        loader->newest = gen_arena_copy(&loader->keep, day);
    }
}


/* The newest day of all that was read, whether it will be published or not. */
static caplat_slice
newest_day(const gen_content *content)
{
    caplat_slice  newest = content->catalogue.updated;

    for (size_t i = 0; i != content->workers; i++) {
        caplat_slice  day = content->loaders[i].newest;

        newest = caplat_slice_cmp(newest, day) < 0 ? day : newest;
    }

    return newest;
}


/* The newest `updated` of what is published. */
static void
find_newest(gen_content *content)
{
    content->newest = content->catalogue.updated;

    for (size_t i = 0; i != content->doc_count; i++) {
        caplat_slice  updated = content->docs[i].front.updated;

        if (caplat_slice_cmp(content->newest, updated) < 0) {
            content->newest = updated;
        }
    }
}


static bool
read_site_data(caplat_slice folder, gen_content *content)
{
    gen_loader        *loader = &content->loaders[0];
    const gen_source  *source;

    return gen_source_open(folder, CAPLAT_LIT("site.txt"),
                                  &loader->keep, &loader->diags, &source)
           && gen_site_data_read(&loader->keep, &loader->diags, source,
                                 &content->site);
}


static bool
read_terms(caplat_slice folder, gen_content *content)
{
    gen_loader        *loader = &content->loaders[0];
    const gen_source  *source;

    return gen_source_open(folder, CAPLAT_LIT("words.txt"),
                                  &loader->keep, &loader->diags, &source)
           && gen_terms_read(&loader->keep, &loader->diags, source,
                             &content->terms);
}


/* All are read, so that all their problems are seen in one run. */
static bool
read_common(caplat_slice folder, gen_content *content)
{
    gen_loader  *loader = &content->loaders[0];
    bool         done;

    done = gen_catalogue_read(folder, &loader->keep, &loader->diags,
                              &content->catalogue);
    done = gen_ui_read(folder, &loader->keep, &loader->diags, &content->ui)
           && done;
    done = read_site_data(folder, content) && done;

    return read_terms(folder, content) && done;
}


bool
gen_content_read(caplat_slice folder, caplat_slice day, size_t workers,
    gen_content *content)
{
    *content = (gen_content) { .day = day, .workers = workers };

    for (size_t i = 0; i != workers; i++) {
        content->loaders[i].search = gen_search_open();
    }

    if (!read_common(folder, content)) {
        return false;
    }

    list_files(folder, &content->loaders[0].keep, content);
    require_home(folder, content);
    gen_work(workers, content->doc_count, read_file, content);

    if (day.len == 0) {
        content->day = newest_day(content);
    }

    content->names = gen_names_make(&content->loaders[0].keep,
                                    &content->catalogue, content->day);

    gen_work(workers, content->doc_count, load_doc, content);
    find_newest(content);

    return true;
}


void
gen_content_close(gen_content *content)
{
    for (size_t i = 0; i != content->doc_count; i++) {
        gen_doc_close_html(&content->docs[i]);
    }

    for (size_t i = 0; i != content->workers; i++) {
        gen_loader  *loader = &content->loaders[i];

        gen_search_close(loader->search);
        gen_desk_close(&loader->desk);
        gen_diags_close(&loader->diags);
        gen_arena_close(&loader->scratch);
        gen_arena_close(&loader->keep);
    }
}
