/*
 * What every page has, and the small parts of which pages are made.
 */

#ifndef GEN_PAGE_H
#define GEN_PAGE_H

#include "gen_book.h"


/*
 * A table of values makes an enum of cells, the fields, and the schema:
 *
 *   #define CRUMB_VALUES(V)                    \
 *       V(CRUMB_NAME, "crumb.name", TEXT, NULL)
 *   enum { CRUMB_VALUES(GEN_CELL) CRUMB_CELLS };
 *   GEN_SCHEMA(static, crumb_schema, CRUMB_VALUES);
 */
#define GEN_CELL(id, name, type, rows)   id,
#define GEN_FIELD(id, name, type, rows)  { name, GEN_VALUE_##type, rows },

#define GEN_SCHEMA(linkage, schema, VALUES)                                   \
    static const gen_field  schema##_fields[] = { VALUES(GEN_FIELD) };        \
    linkage const gen_schema  schema = {                                      \
        schema##_fields, sizeof(schema##_fields) / sizeof(gen_field)          \
    }


extern const gen_schema  gen_common_schema;

#define GEN_TEMPLATE_SCHEMA(name, file)                                       \
    extern const gen_schema  gen_##name##_schema;
GEN_TEMPLATES(GEN_TEMPLATE_SCHEMA)
#undef GEN_TEMPLATE_SCHEMA


/* Which of the four words of the menu a page belongs to. */
typedef enum { GEN_NAV_NONE, GEN_NAV_GUIDE, GEN_NAV_PLATFORM, GEN_NAV_PRICE,
    GEN_NAV_HELP } gen_nav;


typedef struct {
    caplat_slice   name;
    caplat_slice   url;
} gen_crumb;

#define GEN_CRUMBS_MAX  4


/* What the head of a page says. */
typedef struct {
    gen_template_name  template;
    caplat_slice       url;             /* "/guide/x/"; empty for 404, 50x */
    caplat_slice       file;            /* when it does not follow from url */
    caplat_slice       heading;
    caplat_slice       title;           /* before the site's name; or empty: */
                                        /* the heading */
    caplat_slice       summary;
    caplat_slice       day;             /* of which content it is */
    gen_nav            nav;
    bool               is_nav;          /* it is the menu's own page */
    bool               is_article;
    bool               hidden;          /* from search engines */
    gen_crumb          crumbs[GEN_CRUMBS_MAX];
    size_t             crumb_count;
} gen_head;


/* Write a page: the head's cells, then the page's own, through its template. */
void gen_page_put(const gen_book *book, gen_sink *sink, const gen_head *head,
    const gen_value *cells);

/* Write any other file. */
void gen_page_file(gen_sink *sink, caplat_slice path, caplat_slice text,
    caplat_slice day);


/* The first crumb of a head. */
void gen_crumb_add(gen_head *head, caplat_slice name, caplat_slice url);

/* `count` rows of a list, all empty. */
gen_value *gen_rows(gen_sink *sink, size_t count, size_t cells);

/* Up to four texts as one; lives in the sink's scratch. */
caplat_slice gen_join(gen_sink *sink, caplat_slice a, caplat_slice b,
    caplat_slice c, caplat_slice d);

caplat_slice gen_number(gen_sink *sink, uint64_t number);

/* 2026 年 11 月 20 日 */
caplat_slice gen_date_words(gen_sink *sink, caplat_slice day);

/* A number below eleven in Han characters, for groups. */
caplat_slice gen_han_number(size_t number);

/* "50 元" */
caplat_slice gen_money(const gen_book *book, gen_sink *sink, int64_t fen);

/* The day of a book, as the core counts days. */
caplat_date gen_book_date(const gen_book *book);

/* The later of two days. */
caplat_slice gen_later(caplat_slice a, caplat_slice b);


/* Rows of changes, for the pages that end with them. */
#define GEN_CHANGE_VALUES(V)                                                  \
    V(CHANGE_DATE, "change.date", TEXT, NULL)                                 \
    V(CHANGE_DATE_WORDS, "change.date-words", TEXT, NULL)                     \
    V(CHANGE_WORDS, "change.words", TEXT, NULL)                               \
    V(CHANGE_TITLE, "change.title", TEXT, NULL)                               \
    V(CHANGE_URL, "change.url", TEXT, NULL)

enum { GEN_CHANGE_VALUES(GEN_CELL) CHANGE_CELLS };

extern const gen_schema  gen_change_schema;

gen_value gen_changes(gen_sink *sink, const gen_doc *doc);


#endif /* GEN_PAGE_H */
