#include "gen_page_index.h"

#include "gen_page_text.h"

#include <stdlib.h>


#define CHANGES_MAX  200                /* on /changes/; older ones are on */
                                        /* the pages that changed */


#define PAGE_LINK_VALUES(V)                                                   \
    V(PAGE_LINK_TITLE, "page-link.title", TEXT, NULL)                         \
    V(PAGE_LINK_URL, "page-link.url", TEXT, NULL)                             \
    V(PAGE_LINK_SECTION, "page-link.section", TEXT, NULL)

enum { PAGE_LINK_VALUES(GEN_CELL) PAGE_LINK_CELLS };

GEN_SCHEMA(static, page_link_schema, PAGE_LINK_VALUES);


#define SEARCH_VALUES(V)                                                      \
    V(SEARCH_PAGES, "pages", LIST, &page_link_schema)

enum { SEARCH_VALUES(GEN_CELL) SEARCH_CELLS };

GEN_SCHEMA(, gen_search_schema, SEARCH_VALUES);


#define CHANGES_VALUES(V)                                                     \
    V(CHANGES_CHANGES, "changes", LIST, &gen_change_schema)

enum { CHANGES_VALUES(GEN_CELL) CHANGES_CELLS };

GEN_SCHEMA(, gen_changes_schema, CHANGES_VALUES);


#define LINK_VALUES(V)                                                        \
    V(LINK_NAME, "link.name", TEXT, NULL)                                     \
    V(LINK_URL, "link.url", TEXT, NULL)

enum { LINK_VALUES(GEN_CELL) LINK_CELLS };

GEN_SCHEMA(static, link_schema, LINK_VALUES);


#define SECTION_VALUES(V)                                                     \
    V(SECTION_TITLE, "section.title", TEXT, NULL)                             \
    V(SECTION_LINKS, "links", LIST, &link_schema)

enum { SECTION_VALUES(GEN_CELL) SECTION_CELLS };

GEN_SCHEMA(static, section_schema, SECTION_VALUES);


#define SITEMAP_VALUES(V)                                                     \
    V(SITEMAP_SECTIONS, "sections", LIST, &section_schema)

enum { SITEMAP_VALUES(GEN_CELL) SITEMAP_CELLS };

GEN_SCHEMA(, gen_sitemap_schema, SITEMAP_VALUES);


/* One line of a list of pages. */
typedef struct {
    caplat_slice   title;
    caplat_slice   url;
    caplat_slice   section;
} entry;


typedef struct {
    entry   *items;
    size_t   count;
} entries;


static void
add(entries *list, caplat_slice title, caplat_slice url, caplat_slice section)
{
    list->items[list->count++] = (entry) { title, url, section };
}


static void
add_shelf(entries *list, const gen_shelf *shelf, caplat_slice section)
{
    for (size_t i = 0; i != shelf->count; i++) {
        add(list, shelf->items[i]->front.title, shelf->items[i]->url,
            section);
    }
}


static void
add_platforms(entries *list, const gen_book *book, caplat_slice section)
{
    for (size_t i = 0; i != book->catalogue->tariff.platform_count; i++) {
        add(list, book->catalogue->platforms[i].name,
            book->catalogue->platforms[i].url, section);
    }
}


/* What has no document of its own. */
static void
add_services(entries *list, const gen_book *book, caplat_slice section)
{
    static const char *const  pages[][2] = {
        { "page.price", "/price/" },
        { "page.apply-choose", "/apply/" },
        { "page.order", "/order/" },
        { "page.faq", "/faq/" },
        { "page.search", "/search/" },
        { "page.changes", "/changes/" },
        { "page.problems", "/problems/" },
    };

    for (size_t i = 0; i != sizeof(pages) / sizeof(pages[0]); i++) {
        add(list, gen_ui_words(book->ui, pages[i][0]),
            gen_slice_of(pages[i][1]), section);
    }
}


/* Pages that are told apart by their names are no plain pages. */
static void
add_pages(entries *list, const gen_book *book, caplat_slice section)
{
    for (size_t i = 0; i != book->pages.count; i++) {
        const gen_doc  *doc = book->pages.items[i];

        if (gen_page_is_plain(doc)) {
            add(list, doc->front.title, doc->url, section);
        }
    }
}


static entries
all_pages(const gen_book *book, gen_sink *sink)
{
    size_t   most = book->guides.count + book->notices.count
                    + book->pages.count
                    + book->catalogue->tariff.platform_count + 16;
    entries  list = {
        .items = gen_arena_zero(&sink->scratch, most, sizeof(entry)),
    };

    add_shelf(&list, &book->guides, gen_ui_words(book->ui, "section.guide"));
    add_platforms(&list, book, gen_ui_words(book->ui, "section.platform"));
    add_services(&list, book, gen_ui_words(book->ui, "section.service"));
    add_shelf(&list, &book->notices,
              gen_ui_words(book->ui, "section.notice"));
    add_pages(&list, book, gen_ui_words(book->ui, "section.page"));

    return list;
}


static gen_head
head_of(const gen_book *book, gen_template_name template, const char *heading,
    const char *summary, const char *url)
{
    gen_head  head = {
        .template = template,
        .url = gen_slice_of(url),
        .heading = gen_ui_words(book->ui, heading),
        .summary = gen_ui_words(book->ui, summary),
        .day = book->newest,
    };

    gen_crumb_add(&head, gen_ui_words(book->ui, "crumb.home"),
                  CAPLAT_LIT("/"));

    return head;
}


void
gen_page_search(const gen_book *book, gen_sink *sink)
{
    entries     list = all_pages(book, sink);
    gen_value  *rows = gen_rows(sink, list.count, PAGE_LINK_CELLS);
    gen_value   cells[SEARCH_CELLS] = {
        [SEARCH_PAGES] = gen_value_rows(rows, list.count),
    };
    gen_head    head = head_of(book, GEN_TEMPLATE_search, "page.search",
                               "page.search.summary", "/search/");

    for (size_t i = 0; i != list.count; i++) {
        gen_value  *row = rows + i * PAGE_LINK_CELLS;

        row[PAGE_LINK_TITLE] = gen_value_text(list.items[i].title);
        row[PAGE_LINK_URL] = gen_value_text(list.items[i].url);
        row[PAGE_LINK_SECTION] = gen_value_text(list.items[i].section);
    }

    head.nav = GEN_NAV_HELP;
    gen_page_put(book, sink, &head, cells);
}


/* Sections are runs of entries of one name. */
void
gen_page_sitemap(const gen_book *book, gen_sink *sink)
{
    entries     list = all_pages(book, sink);
    gen_value  *links = gen_rows(sink, list.count, LINK_CELLS);
    gen_value  *sections = gen_rows(sink, list.count, SECTION_CELLS);
    gen_value   cells[SITEMAP_CELLS];
    gen_head    head = head_of(book, GEN_TEMPLATE_sitemap, "page.sitemap",
                               "page.sitemap.summary", "/sitemap/");
    size_t      count = 0;

    for (size_t i = 0; i != list.count; i++) {
        gen_value  *link = links + i * LINK_CELLS;

        link[LINK_NAME] = gen_value_text(list.items[i].title);
        link[LINK_URL] = gen_value_text(list.items[i].url);

        if (i == 0 || !caplat_slice_eq(list.items[i].section,
                                       list.items[i - 1].section))
        {
            gen_value  *section = sections + count++ * SECTION_CELLS;

            section[SECTION_TITLE] = gen_value_text(list.items[i].section);
            section[SECTION_LINKS] = gen_value_rows(link, 0);
        }

        sections[(count - 1) * SECTION_CELLS + SECTION_LINKS].count++;
    }

    cells[SITEMAP_SECTIONS] = gen_value_rows(sections, count);
    gen_page_put(book, sink, &head, cells);
}


static int
by_newest(const void *a, const void *b)
{
    const gen_news  *left = a;
    const gen_news  *right = b;
    int              order = caplat_slice_cmp(right->change->date,
                                              left->change->date);

    if (order == 0) {
        order = caplat_slice_cmp(left->doc->url, right->doc->url);
    }

    return order != 0 ? order
           : (left->change > right->change) - (left->change < right->change);
}


static size_t
add_news(gen_news *news, size_t count, const gen_shelf *shelf)
{
    for (size_t i = 0; i != shelf->count; i++) {
        const gen_doc  *doc = shelf->items[i];

        for (size_t j = 0; news != NULL && j != doc->front.change_count; j++) {
            news[count + j] = (gen_news) { &doc->front.changes[j], doc };
        }

        count += doc->front.change_count;
    }

    return count;
}


static size_t
add_all_news(gen_news *news, const gen_book *book)
{
    size_t  count = add_news(news, 0, &book->guides);

    count = add_news(news, count, &book->notices);

    return add_news(news, count, &book->pages);
}


size_t
gen_news_of(const gen_book *book, gen_sink *sink, size_t most,
    gen_news **news)
{
    size_t  count = add_all_news(NULL, book);

    *news = gen_arena_zero(&sink->scratch, count + 1, sizeof(gen_news));
    (void) add_all_news(*news, book);
    qsort(*news, count, sizeof(gen_news), by_newest);

    return count < most ? count : most;
}


void
gen_page_changes(const gen_book *book, gen_sink *sink)
{
    gen_news   *news;
    size_t      count = gen_news_of(book, sink, CHANGES_MAX, &news);
    gen_value  *rows = gen_rows(sink, count, CHANGE_CELLS);
    gen_value   cells[CHANGES_CELLS] = {
        [CHANGES_CHANGES] = gen_value_rows(rows, count),
    };
    gen_head    head = head_of(book, GEN_TEMPLATE_changes, "page.changes",
                               "page.changes.summary", "/changes/");

    for (size_t i = 0; i != count; i++) {
        gen_value  *row = rows + i * CHANGE_CELLS;

        row[CHANGE_DATE] = gen_value_text(news[i].change->date);
        row[CHANGE_DATE_WORDS] = gen_value_text(
            gen_date_words(sink, news[i].change->date));
        row[CHANGE_WORDS] = gen_value_text(news[i].change->words);
        row[CHANGE_TITLE] = gen_value_text(news[i].doc->front.title);
        row[CHANGE_URL] = gen_value_text(news[i].doc->url);
    }

    gen_page_put(book, sink, &head, cells);
}
