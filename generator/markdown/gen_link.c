#include "gen_link.h"

#include "gen_html.h"
#include "gen_text.h"

#include <stdlib.h>


static const caplat_slice  figure_link = CAPLAT_INIT("#fig:");
static const caplat_slice  figure_id = CAPLAT_INIT("fig-");
static const caplat_slice  figure_word = CAPLAT_INIT("图");


/* The source from where the writer is to the end. */
static caplat_slice
ahead(const gen_writer *w)
{
    return gen_text_part(w->source->text, w->place.at, w->source->text.len);
}


static bool
is_same_document(const gen_writer *w, caplat_slice url)
{
    return w->kind != GEN_FAQ && gen_text_begins(url, CAPLAT_LIT("#"));
}


/* Where the link that comes next begins; the place goes behind its bracket. */
static size_t
open_bracket(gen_writer *w)
{
    caplat_slice  text = w->source->text;
    size_t        at = w->place.at;

    while (at < text.len && text.ptr[at] != '[' && text.ptr[at] != '<') {
        if (text.ptr[at] == '\n') {
            return w->place.at;
        }

        at++;
    }

    w->place.at = at < text.len ? at + 1 : at;

    return at;
}


void
gen_link_open(gen_writer *w, caplat_slice url, caplat_slice title)
{
    size_t  from = open_bracket(w);

    gen_buf_lit(w->html, "<a href=\"");

    if (w->kind == GEN_FAQ && gen_text_begins(url, CAPLAT_LIT("#"))) {
        gen_buf_lit(w->html, "/faq/");
    }

    w->link = (gen_open_link) {
        .open = true, .from = from, .href_at = w->html->len,
        .text_at = w->text->len
    };

    if (!is_same_document(w, url)) {
        gen_html_url(w->html, url);
    }

    if (title.len != 0) {
        gen_buf_lit(w->html, "\" title=\"");
        gen_html_attribute(w->html, title);
    }

    gen_buf_lit(w->html, "\">");
    w->link.words_at = w->html->len;
}


/* Skip blanks, and what closes bold words and code at the end of a link. */
static size_t
skip(caplat_slice text, size_t at, caplat_slice bytes)
{
    while (at < text.len
           && memchr(bytes.ptr, text.ptr[at], bytes.len) != NULL)
    {
        at++;
    }

    return at;
}


/* From the link's first bracket to `to` in the text ahead. */
static gen_span
whole_link(const gen_writer *w, size_t to)
{
    size_t  end = w->place.at + to;

    return gen_span_of(w->link.from,
                       end > w->link.from ? end - w->link.from : 0);
}


/*
 * What a problem of the link marks: its address, or all of it where that is
 * written elsewhere or in another way. Moves the place behind it.
 */
static gen_span
span_of(gen_writer *w, caplat_slice url)
{
    caplat_slice  text = ahead(w);
    size_t        at = skip(text, 0, CAPLAT_LIT("*_` "));
    gen_span      span;
    size_t        close;

    if (gen_text_begins(gen_text_part(text, at, text.len),
                        CAPLAT_LIT("](")))
    {
        at = skip(text, at + 2, CAPLAT_LIT(" <\n"));

        if (url.len != 0
            && gen_text_begins(gen_text_part(text, at, text.len), url))
        {
            span = gen_span_of(w->place.at + at, url.len);
            w->place.at = span.at + url.len;

            return span;
        }

        close = gen_text_find(gen_text_part(text, at, text.len),
                              CAPLAT_LIT(")"), &close) ? at + close + 1 : at;

    } else {
        close = skip(text, at, CAPLAT_LIT("]>"));
    }

    span = whole_link(w, close);
    w->place.at += close;

    return span;
}


static void
add_ref(gen_writer *w, caplat_slice url, gen_span span)
{
    gen_ref  ref = { gen_arena_copy(w->reader->keep, url), span };

    if (w->kind == GEN_FAQ && url.ptr[0] == '#') {
        gen_buf  whole = { 0 };

        gen_buf_lit(&whole, "/faq/");
        gen_buf_add(&whole, url);
        ref.target = gen_arena_copy(w->reader->keep, gen_buf_slice(&whole));
        gen_buf_close(&whole);
    }

    gen_list_add(&w->desk->refs, ref);
}


/* The words of [图](#fig:ID) give way to the figure's number. */
static void
add_hole(gen_writer *w, caplat_slice url, gen_span span)
{
    gen_hole  hole = {
        .href_at = w->link.href_at,
        .target = gen_arena_copy(w->reader->scratch, url),
        .span = span, .step_at = w->step_at
    };

    if (gen_text_begins(url, figure_link)
        && caplat_slice_eq(gen_buf_since(w->html, w->link.words_at),
                           figure_word))
    {
        w->html->len = w->link.words_at;
        hole.words_at = w->link.words_at;
    }

    gen_list_add(&w->desk->holes, hole);
}


static void
report_bad(const gen_writer *w, caplat_slice url, gen_span span)
{
    caplat_slice  rest;
    caplat_slice  near = caplat_slice_of("", 0);
    caplat_slice  scheme;
    gen_buf       hint = { 0 };

    if (gen_text_begins(url, CAPLAT_LIT("http://"))
        && gen_text_cut(url, CAPLAT_LIT("://"), &scheme, &rest))
    {
        gen_buf_lit(&hint, "https://");
        gen_buf_add(&hint, rest);
        near = gen_buf_slice(&hint);
    }

    gen_writer_report(w, span, GEN_BAD_LINK, GEN_WORDS(url), near);
    gen_buf_close(&hint);
}


void
gen_link_close(gen_writer *w, caplat_slice url)
{
    gen_span  span = span_of(w, url);

    if (gen_text_trim(gen_buf_since(w->text, w->link.text_at)).len == 0) {
        gen_writer_report(w, span, GEN_EMPTY_LINK, GEN_NO_WORDS,
                          caplat_slice_of("", 0));
    }

    if (is_same_document(w, url)) {
        add_hole(w, url, span);

    } else if (gen_text_begins(url, CAPLAT_LIT("#"))
               || (gen_text_begins(url, CAPLAT_LIT("/"))
                   && !gen_text_begins(url, CAPLAT_LIT("//"))))
    {
        add_ref(w, url, span);

    } else if (!gen_text_begins(url, CAPLAT_LIT("https://"))
               && !gen_text_begins(url, CAPLAT_LIT("mailto:")))
    {
        report_bad(w, url, span);
    }

    gen_buf_lit(w->html, "</a>");
    w->link.open = false;
}


static int
by_id(const void *a, const void *b)
{
    const gen_anchor  *left = a;
    const gen_anchor  *right = b;
    int                order = caplat_slice_cmp(left->id, right->id);

    return order != 0 ? order : (left->span.at > right->span.at)
                                - (left->span.at < right->span.at);
}


void
gen_link_sort(gen_anchor *anchors, size_t count)
{
    if (count != 0) {
        qsort(anchors, count, sizeof(gen_anchor), by_id);
    }
}


static const gen_anchor *
find(const gen_writer *w, const gen_anchor *anchors, caplat_slice id)
{
    size_t  low = 0;
    size_t  high = gen_list_count(&w->desk->anchors, gen_anchor);

    while (low < high) {
        size_t  middle = (low + high) / 2;
        int     order = caplat_slice_cmp(anchors[middle].id, id);

        if (order == 0) {
            return &anchors[middle];
        }

        if (order < 0) {
            low = middle + 1;

        } else {
            high = middle;
        }
    }

    return NULL;
}


/* The id that a link to #id or #fig:ID means. */
static caplat_slice
target_id(const gen_writer *w, caplat_slice target)
{
    char    *id;
    size_t   len;

    if (!gen_text_begins(target, figure_link)) {
        return gen_text_part(target, 1, target.len);
    }

    len = target.len - figure_link.len;
    id = gen_arena_take(w->reader->scratch, figure_id.len + len);
    memcpy(id, figure_id.ptr, figure_id.len);
    memcpy(id + figure_id.len, target.ptr + figure_link.len, len);

    return caplat_slice_of(id, figure_id.len + len);
}


static void
report_missing(const gen_writer *w, const gen_hole *hole,
    const gen_anchor *anchors)
{
    bool           is_figure = gen_text_begins(hole->target, figure_link);
    size_t         skipped = is_figure ? figure_link.len : 1;
    caplat_slice   id = gen_text_part(hole->target, skipped,
                                      hole->target.len);
    size_t         count = gen_list_count(&w->desk->anchors, gen_anchor);
    caplat_slice  *ids = gen_arena_take(w->reader->scratch,
                                        (count + 1) * sizeof(caplat_slice));
    size_t         known = 0;

    for (size_t i = 0; i < count; i++) {
        caplat_slice  one = anchors[i].id;

        if ((anchors[i].kind == GEN_ANCHOR_FIGURE) == is_figure) {
            ids[known++] = is_figure
                           ? gen_text_part(one, figure_id.len, one.len) : one;
        }
    }

    if (is_figure) {
        gen_writer_report(w, hole->span, GEN_UNKNOWN_FIGURE, GEN_WORDS(id),
                          gen_near(id, ids, known));

    } else {
        gen_writer_report(w, hole->span, GEN_UNKNOWN_ANCHOR,
                          GEN_WORDS(w->url, id), gen_near(id, ids, known));
    }
}


/* In a guide a step has a page of its own. */
static void
write_href(const gen_writer *w, const gen_hole *hole,
    const gen_anchor *anchor, gen_buf *out)
{
    const gen_step_mark  *steps = gen_list_of(&w->desk->steps, gen_step_mark);
    bool                  is_step = anchor->kind == GEN_ANCHOR_STEP;

    if (is_step || anchor->step_at != hole->step_at) {
        gen_html_url(out, w->url);

        if (anchor->step_at != GEN_NO_STEP) {
            gen_html_url(out, steps[anchor->step_at].id);
            gen_buf_lit(out, "/");
        }
    }

    if (!is_step) {
        gen_buf_lit(out, "#");
        gen_html_url(out, anchor->id);
    }
}


static void
fill(const gen_writer *w, const gen_hole *hole, size_t *from,
    const gen_anchor *anchors, gen_buf *out)
{
    const char        *html = w->html->data;
    const gen_anchor  *anchor = find(w, anchors, target_id(w, hole->target));

    if (anchor == NULL) {
        report_missing(w, hole, anchors);
        return;
    }

    gen_buf_add(out, caplat_slice_of(html + *from, hole->href_at - *from));
    write_href(w, hole, anchor, out);
    *from = hole->href_at;

    if (hole->words_at != 0) {
        gen_buf_add(out, caplat_slice_of(html + *from,
                                         hole->words_at - *from));
        gen_buf_lit(out, "图 ");
        gen_buf_uint(out, anchor->figure);
        *from = hole->words_at;
    }
}


void
gen_link_fill(const gen_writer *w, size_t from, size_t to, size_t *hole,
    const gen_anchor *anchors, gen_buf *out)
{
    const gen_hole  *holes = gen_list_of(&w->desk->holes, gen_hole);
    size_t           count = gen_list_count(&w->desk->holes, gen_hole);

    /* Between the steps there may be text, though it is an error. */
    while (*hole < count && holes[*hole].href_at < from) {
        (*hole)++;
    }

    while (*hole < count && holes[*hole].href_at < to) {
        fill(w, &holes[*hole], &from, anchors, out);
        (*hole)++;
    }

    if (from < to) {
        gen_buf_add(out, caplat_slice_of(w->html->data + from, to - from));
    }
}
