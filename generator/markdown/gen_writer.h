/*
 * A document while it is written: what the rooms that turn cmark's tree into
 * HTML hand to each other. One writer serves one document.
 */

#ifndef GEN_WRITER_H
#define GEN_WRITER_H

#include "gen_doc.h"
#include "gen_place.h"


/* A clause with more is judged in parts. */
#define GEN_CLAUSE_NAMES_MAX    32
#define GEN_CLAUSE_AMOUNTS_MAX  8

#define GEN_NO_STEP             UINT32_MAX  /* before the first one */


/* A name of the tariff in the clause that is being written. */
typedef struct {
    size_t         from;                /* in writer->text */
    size_t         to;
    uint64_t       count;               /* N of "N 个" before it, or 1 */
    uint32_t       priced_at;
} gen_clause_name;


/* An amount of money that the editor wrote as plain text. */
typedef struct {
    size_t         from;                /* in writer->text */
    size_t         to;
    int64_t        fen;                 /* or -1: no whole number of fen */
    gen_span       span;
} gen_clause_amount;


typedef struct {
    gen_clause_name    names[GEN_CLAUSE_NAMES_MAX];
    size_t             name_count;
    gen_clause_amount  amounts[GEN_CLAUSE_AMOUNTS_MAX];
    size_t             amount_count;
    size_t             judged_to;       /* end of what was judged, or 0 */
    bool               amount_leads;    /* the first one is before all names */
    bool               held;            /* does not end */
} gen_clause;


/* The link that is open; links do not nest. */
typedef struct {
    bool           open;
    size_t         from;                /* its [ or <, in the source */
    size_t         href_at;             /* in the HTML */
    size_t         words_at;            /* in the HTML, and in the text: */
    size_t         text_at;
} gen_open_link;


/*
 * A link to #id, whose address is not known before the whole document is:
 * here it is missing in the HTML.
 */
typedef struct {
    size_t         href_at;
    size_t         words_at;            /* where "图 3" is missing, or 0 */
    caplat_slice   target;              /* with its # */
    gen_span       span;
    uint32_t       step_at;
} gen_hole;


typedef enum { GEN_ANCHOR_STEP, GEN_ANCHOR_SECTION, GEN_ANCHOR_FIGURE }
    gen_anchor_kind;

typedef struct {
    caplat_slice     id;                /* fig-ID of a figure */
    gen_anchor_kind  kind;
    uint32_t         step_at;
    uint32_t         figure;            /* its number */
    gen_span         span;
} gen_anchor;


/* A step, as ranges of what was written. */
typedef struct {
    caplat_slice   id;
    caplat_slice   title;
    caplat_slice   summary;
    size_t         html_from;
    size_t         html_to;
    size_t         text_from;
    size_t         text_to;
    uint32_t       group_at;
    uint32_t       figure_count;
} gen_step_mark;


typedef struct {
    const gen_reader  *reader;
    const gen_source  *source;
    gen_kind           kind;
    caplat_slice       url;             /* of the document */

    gen_place          place;
    gen_clause         clause;
    gen_open_link      link;
    bool               in_block;        /* of a note's or a problem's body */
    bool               in_summary;      /* of a problem: {...} are no links */
    bool               had_problems;    /* this step has had some */

    gen_desk          *desk;
    gen_buf           *html;            /* on the desk */
    gen_buf           *text;            /* plain: titles, search, clauses */

    uint32_t           step_at;         /* the step that is being written */
    uint32_t           figure_count;
    uint64_t           named[CAPLAT_PLATFORMS_MAX / 64];    /* in this step */
} gen_writer;


/* Lists: a buffer that holds things of one type. */
#define gen_list_add(list, item)                                              \
    gen_buf_add((list), caplat_slice_of((const char *) &(item), sizeof(item)))

#define gen_list_of(list, type)     ((type *) (void *) (list)->data)
#define gen_list_count(list, type)  ((list)->len / sizeof(type))


/*
 * A span that lies within the source: a text with entities is shorter there
 * or longer than in the tree.
 */
static inline gen_span
gen_writer_span(const gen_writer *w, gen_span span)
{
    size_t  len = w->source->text.len;
    size_t  at = span.at < len ? span.at : len;

    return gen_span_of(at, span.len < len - at ? span.len : len - at);
}


static inline void
gen_writer_report(const gen_writer *w, gen_span span, gen_code code,
    const caplat_slice words[GEN_WORDS_MAX], caplat_slice near)
{
    gen_report(w->reader->diags, w->source, gen_writer_span(w, span), code,
               words, near);
}


/* What was written to a buffer since it was `from` bytes long. */
static inline caplat_slice
gen_buf_since(const gen_buf *buf, size_t from)
{
    return from == buf->len ? caplat_slice_of("", 0)
                            : caplat_slice_of(buf->data + from,
                                              buf->len - from);
}


/* Words that both the page and the search get as they are: no < > &. */
#define gen_writer_lit(w, s)                                                  \
    (gen_buf_lit((w)->html, s), gen_buf_lit((w)->text, s))


static inline void
gen_writer_words(gen_writer *w, caplat_slice words)
{
    gen_buf_add(w->html, words);
    gen_buf_add(w->text, words);
}


#endif /* GEN_WRITER_H */
