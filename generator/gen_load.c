#include "gen_load.h"

#include "gen_doc.h"
#include "gen_file.h"
#include "gen_source.h"
#include "gen_text.h"


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


static void
feed_search(gen_loader *loader, const gen_doc *doc, size_t at)
{
    uint32_t  number = (uint32_t) (at * GEN_PARTS_MAX);
    uint32_t  last = number + GEN_PARTS_MAX - 1;

    if (doc->kind == GEN_GUIDE) {
        gen_search_begin(loader->search, number);
        gen_search_title(loader->search, doc->front.title);
        gen_search_text(loader->search, doc->front.summary);
    }

    for (uint32_t i = 0; i != doc->step_count; i++) {
        const gen_step  *step = &doc->steps[i];
        uint32_t         part = number + 1 + i;

        if (part <= last) {
            gen_search_begin(loader->search, part);
        }

        gen_search_title(loader->search, step->title.len != 0
                                         ? step->title : doc->front.title);
        gen_search_text(loader->search, step->text);
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
        .diags = &loader->diags,
    };

    gen_arena_reset(&loader->scratch);

    if (read_source(&loader->scratch, &loader->diags, &file->source)
        && gen_doc_read(&reader, &file->source, file->kind, file->name, doc)
        && gen_doc_published(doc, content->day))
    {
        feed_search(loader, doc, at);
    }

    file->source.text = CAPLAT_LIT("");
}


/* The newest day after "updated:" in all files: a look at their heads, for
   builds that were given no day. */
static caplat_slice
newest_day(gen_content *content)
{
    gen_loader    *loader = &content->loaders[0];
    caplat_slice   newest = content->catalogue.updated;

    for (size_t i = 0; i != content->doc_count; i++) {
        caplat_slice  text;
        caplat_date   date;
        size_t        at;

        gen_arena_reset(&loader->scratch);

        if (gen_file_read(gen_path_of(CAPLAT_LIT(""),
                                      content->files[i].source.path).name,
                          GEN_FILE_LEN_MAX, &loader->scratch, &text) == GEN_READ_DONE
            && gen_text_find(text, CAPLAT_LIT("\nupdated: "), &at)
            && text.len - at >= 20)
        {
            caplat_slice  day = { text.ptr + at + 10, CAPLAT_DATE_LEN };

            if (caplat_date_parse(day, &date)
                && caplat_slice_cmp(newest, day) < 0)
            {
                newest = gen_arena_copy(&loader->keep, day);
            }
        }
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
    for (size_t i = 0; i != content->workers; i++) {
        gen_loader  *loader = &content->loaders[i];

        gen_search_close(loader->search);
        gen_diags_close(&loader->diags);
        gen_arena_close(&loader->scratch);
        gen_arena_close(&loader->keep);
    }
}
