#include "gen_make.h"

#include "gen_char.h"
#include "gen_feed.h"
#include "gen_file.h"
#include "gen_html.h"
#include "gen_page_apply.h"
#include "gen_page_catalogue.h"
#include "gen_page_guide.h"
#include "gen_page_index.h"
#include "gen_page_text.h"

#include <malloc.h>
#include <stdlib.h>


/* What all workers see; each has its sink. */
typedef struct {
    gen_content        *content;
    const gen_book     *book;
    const gen_theme    *theme;
    const gen_shards   *shards;
    uint32_t            list_id;
    uint32_t           *firsts;         /* code points of the shards */
    size_t              first_count;
    caplat_slice        statics;
    caplat_slice       *static_names;
    size_t              static_count;
    gen_sink            sinks[GEN_WORKERS_MAX];
} maker;


/* Pages of which there is one each. */
static void (*const singles[])(const gen_book *book, gen_sink *sink) = {
    gen_page_guides, gen_page_platforms, gen_page_price, gen_page_notices,
    gen_page_faq, gen_page_search, gen_page_changes, gen_page_sitemap,
    gen_page_problems, gen_page_errors, gen_page_cashier, gen_feed_atom,
    gen_feed_small, gen_feed_catalogue,
};

#define SINGLES  (sizeof(singles) / sizeof(singles[0]))


static void
make_doc(const gen_book *book, gen_sink *sink, gen_doc *doc)
{
    switch (doc->kind) {

    case GEN_GUIDE:
        gen_page_guide(book, sink, doc);
        gen_doc_close_html(doc);
        break;

    case GEN_NOTICE:
        gen_page_notice(book, sink, doc);
        break;

    case GEN_FAQ:
        break;

    case GEN_PAGE:
        if (gen_page_is_plain(doc)) {
            gen_page_plain(book, sink, doc);

        } else if (doc == gen_page_named(book, "home")) {
            gen_page_home(book, sink, doc);
        }

        break;
    }
}


static void
make_static(const maker *m, gen_sink *sink, size_t at)
{
    gen_path      path = gen_path_of(m->statics, m->static_names[at]);
    caplat_slice  text;

    if (gen_file_read(path.name, GEN_FILE_LEN_MAX, &sink->scratch, &text)
        != GEN_READ_DONE)
    {
        sink->failed = true;
        return;
    }

    gen_page_file(sink, m->static_names[at], text, m->book->newest);
}


static void
make_asset(const maker *m, gen_sink *sink, size_t at)
{
    const gen_asset  *asset = &m->theme->assets[at];

    if (asset->used) {
        gen_page_file(sink, caplat_slice_of(asset->url.ptr + 1,
                                            asset->url.len - 1),
                      asset->text, m->book->newest);
    }
}


static void
make_shard(maker *m, gen_sink *sink, size_t at)
{
    static const char  digits[] = "0123456789abcdef";
    gen_buf            name = { 0 };
    uint32_t           code_point;
    int                shift = 12;

    gen_shards_write(m->shards, at, m->list_id, &sink->html, &code_point);
    m->firsts[at] = code_point;

    while (code_point >> shift > 15) {
        shift += 4;
    }

    gen_buf_lit(&name, "search/");

    for (; shift >= 0; shift -= 4) {
        gen_buf_byte(&name, digits[code_point >> shift & 15]);
    }

    gen_buf_lit(&name, ".bin");
    gen_page_file(sink, gen_buf_slice(&name), gen_buf_slice(&sink->html),
                  m->book->newest);
    gen_buf_close(&name);
}


/* The pages of one document. */
static void
make_pages(void *context, size_t worker, size_t at)
{
    maker     *m = context;
    gen_sink  *sink = &m->sinks[worker];

    gen_arena_reset(&sink->scratch);

    if (gen_doc_published(&m->content->docs[at], m->content->day)) {
        make_doc(m->book, sink, &m->content->docs[at]);
    }
}


/*
 * All other jobs in one row; each part of it takes its numbers from the front.
 */
static void
make(void *context, size_t worker, size_t at)
{
    maker                *m = context;
    gen_sink             *sink = &m->sinks[worker];
    const caplat_tariff  *tariff = &m->book->catalogue->tariff;

    gen_arena_reset(&sink->scratch);

    if (at < SINGLES) {
        singles[at](m->book, sink);
        return;
    }

    at -= SINGLES;

    if (at < tariff->platform_count) {
        gen_page_platform(m->book, sink, at);
        return;
    }

    at -= tariff->platform_count;

    if (at < m->book->ui->problem_count) {
        gen_page_problem(m->book, sink, &m->book->ui->problems[at]);
        return;
    }

    at -= m->book->ui->problem_count;

    if (at < GEN_APPLY_COUNT) {
        gen_page_apply(m->book, sink, at);
        return;
    }

    at -= GEN_APPLY_COUNT;

    if (at < m->theme->asset_count) {
        make_asset(m, sink, at);
        return;
    }

    at -= m->theme->asset_count;

    if (at < m->static_count) {
        make_static(m, sink, at);
        return;
    }

    make_shard(m, sink, at - m->static_count);
}


static size_t
job_count(const maker *m)
{
    return SINGLES + m->book->catalogue->tariff.platform_count
           + m->book->ui->problem_count + GEN_APPLY_COUNT
           + m->theme->asset_count + m->static_count
           + gen_shards_count(m->shards);
}


/* Ties the list's order to its id: another list, most likely another id. */
static void
fold_id(uint32_t *id, caplat_slice text)
{
    *id = *id * 16777619U ^ (uint32_t) gen_hash_print(text).low;
}


/*
 * The places of documents as gen_shards_open() wants them, and the list's id.
 * What is no guide has no part 0: its places count from the one before its
 * part 1.
 */
static uint32_t *
place_documents(maker *m)
{
    const gen_content  *content = m->content;
    size_t              platforms = content->catalogue.tariff.platform_count;
    uint32_t           *places;
    uint32_t            next = 0;

    places = calloc(content->doc_count + platforms / GEN_PARTS_MAX + 1,
                    sizeof(uint32_t));
    if (places == NULL) {
        gen_out_of_memory();
    }

    for (size_t i = 0; i != content->doc_count; i++) {
        const gen_doc  *doc = &content->docs[i];

        if (gen_doc_published(doc, content->day)) {
            places[i] = doc->kind == GEN_GUIDE ? next++ : next - 1;
            next += gen_doc_parts(doc);
            fold_id(&m->list_id, doc->url);

            for (uint32_t j = 0; j != gen_doc_parts(doc); j++) {
                fold_id(&m->list_id, doc->steps[j].id);
            }
        }
    }

    for (size_t i = 0; i <= platforms / GEN_PARTS_MAX; i++) {
        places[content->doc_count + i] = next + (uint32_t) i * GEN_PARTS_MAX;
    }

    for (size_t i = 0; i != platforms; i++) {
        fold_id(&m->list_id, content->catalogue.platforms[i].url);
    }

    return places;
}


static void
search_platforms(gen_content *content)
{
    gen_search  *search = content->loaders[0].search;
    size_t       first = content->doc_count * GEN_PARTS_MAX;

    for (size_t i = 0; i != content->catalogue.tariff.platform_count; i++) {
        gen_search_begin(search, (uint32_t) (first + i));
        gen_search_title(search, content->catalogue.platforms[i].name);
        gen_search_text(search, content->catalogue.platforms[i].purpose);
    }
}


/* The characters that have a shard, so that no other is asked for. */
static void
put_firsts(const maker *m, gen_buf *out)
{
    for (size_t i = 0; i != m->first_count; i++) {
        char    first[GEN_CHAR_LEN_MAX];
        size_t  len = gen_char_write(m->firsts[i], first);

        gen_buf_add(out, caplat_slice_of(first, len));
    }
}


/* One document of the search: ["/url/","title","section"]. */
static void
put_document(gen_buf *out, caplat_slice url, caplat_slice tail,
    caplat_slice title, caplat_slice section)
{
    bool  is_first = out->data[out->len - 1] == '[';

    gen_buf_add(out, is_first ? CAPLAT_LIT("[\"") : CAPLAT_LIT(",[\""));
    gen_html_json(out, url);
    gen_html_json(out, tail);
    gen_buf_lit(out, "\",\"");
    gen_html_json(out, title);
    gen_buf_lit(out, "\",\"");
    gen_html_json(out, section);
    gen_buf_lit(out, "\"]");
}


/* A guide itself and its steps, or the parts of another document. */
static void
put_parts(const gen_book *book, gen_buf *out, const gen_doc *doc)
{
    static const char *const  sections[] = {
        "section.guide", "section.notice", "section.faq", "section.page",
    };
    caplat_slice              section = gen_ui_words(book->ui,
                                                     sections[doc->kind]);
    gen_buf                   tail = { 0 };

    if (doc->kind == GEN_GUIDE) {
        put_document(out, doc->url, CAPLAT_LIT(""), doc->front.title,
                     section);
    }

    for (uint32_t i = 0; i != gen_doc_parts(doc); i++) {
        const gen_step  *step = &doc->steps[i];

        tail.len = 0;
        gen_buf_add(&tail, doc->kind == GEN_FAQ ? CAPLAT_LIT("#")
                                                : CAPLAT_LIT(""));
        gen_buf_add(&tail, step->id);
        gen_buf_add(&tail, doc->kind == GEN_GUIDE ? CAPLAT_LIT("/")
                                                  : CAPLAT_LIT(""));
        put_document(out, doc->url, gen_buf_slice(&tail),
                     step->title.len != 0 ? step->title : doc->front.title,
                     section);
    }

    gen_buf_close(&tail);
}


static void
put_documents(const maker *m, gen_sink *sink)
{
    const gen_catalogue  *catalogue = &m->content->catalogue;
    gen_buf               out = { 0 };

    gen_buf_lit(&out, "{\"id\":");
    gen_buf_uint(&out, m->list_id);
    gen_buf_lit(&out, ",\"firsts\":\"");
    put_firsts(m, &out);
    gen_buf_lit(&out, "\",\"documents\":[");

    for (size_t i = 0; i != m->content->doc_count; i++) {
        if (gen_doc_published(&m->content->docs[i], m->content->day)) {
            put_parts(m->book, &out, &m->content->docs[i]);
        }
    }

    for (size_t i = 0; i != catalogue->tariff.platform_count; i++) {
        put_document(&out, catalogue->platforms[i].url, CAPLAT_LIT(""),
                     catalogue->platforms[i].name,
                     gen_ui_words(m->book->ui, "section.platform"));
    }

    gen_buf_lit(&out, "]}\n");
    gen_page_file(sink, CAPLAT_LIT("search/documents.json"),
                  gen_buf_slice(&out), m->book->newest);
    gen_buf_close(&out);
}


static int
by_url(const void *a, const void *b)
{
    return caplat_slice_cmp(((const gen_listed *) a)->url,
                            ((const gen_listed *) b)->url);
}


static void
put_sitemap(const maker *m, gen_sink *sink)
{
    size_t       count = 0;
    size_t       at = 0;
    gen_listed  *all;

    for (size_t i = 0; i != m->content->workers; i++) {
        count += m->sinks[i].listed_count;
    }

    all = calloc(count + 1, sizeof(gen_listed));
    if (all == NULL) {
        gen_out_of_memory();
    }

    for (size_t i = 0; i != m->content->workers; i++) {
        for (size_t j = 0; j != m->sinks[i].listed_count; j++) {
            all[at++] = m->sinks[i].listed[j];
        }
    }

    qsort(all, count, sizeof(gen_listed), by_url);
    gen_feed_sitemap(m->book, sink, all, count);
    free(all);
}


/* The two lists of all pages: large, and made when all pages are known. */
static void
make_list(void *context, size_t worker, size_t at)
{
    maker  *m = context;

    if (at == 0) {
        put_documents(m, &m->sinks[worker]);

    } else {
        put_sitemap(m, &m->sinks[worker]);
    }
}


static bool
close_sinks(maker *m)
{
    bool  done = true;

    for (size_t i = 0; i != m->content->workers; i++) {
        gen_sink  *sink = &m->sinks[i];

        done = done && !sink->failed;
        gen_buf_close(&sink->html);
        gen_arena_close(&sink->scratch);
        gen_arena_close(&sink->keep);
        free(sink->listed);
    }

    return done;
}


/* The postings are written: nobody asks for them any more. */
static void
close_searches(gen_content *content, gen_shards *shards)
{
    gen_shards_close(shards);

    for (size_t i = 0; i != content->workers; i++) {
        gen_search_close(content->loaders[i].search);
        content->loaders[i].search = NULL;
    }
}


bool
gen_make(gen_content *content, const gen_book *book,
    const gen_theme *theme, const char *statics, gen_out *out)
{
    gen_search   *searches[GEN_WORKERS_MAX];
    uint32_t     *places;
    gen_shards   *shards;
    maker         m = { .content = content, .book = book, .theme = theme };

    search_platforms(content);
    places = place_documents(&m);

    for (size_t i = 0; i != content->workers; i++) {
        searches[i] = content->loaders[i].search;
        m.sinks[i].out = out;
        m.sinks[i].worker = i;
    }

    shards = gen_shards_open(searches, content->workers, places,
                             GEN_PARTS_MAX);
    free(places);
    m.shards = shards;
    m.first_count = gen_shards_count(shards);
    m.firsts = gen_arena_zero(&m.sinks[0].keep, m.first_count,
                              sizeof(uint32_t));
    m.statics = gen_slice_of(statics);
    m.static_count = gen_file_list(statics, CAPLAT_LIT(""),
                                   &m.sinks[0].keep, &m.static_names);

    gen_work(content->workers, content->doc_count, make_pages, &m);

    /* The guides' HTML left holes that are too small for the long lists. */
    (void) malloc_trim(0);
    gen_work(content->workers, job_count(&m), make, &m);
    close_searches(content, shards);
    gen_feed_policy(book, &m.sinks[0], theme);
    gen_work(content->workers, 2, make_list, &m);

    return close_sinks(&m);
}
