#include "gen_doc.h"

#include "gen_cmark.h"
#include "gen_form.h"
#include "gen_front.h"
#include "gen_lint.h"
#include "gen_shape.h"
#include "gen_text.h"

#include <stdlib.h>


/* Pages that do not stand where their name says. */
#define HOME_NAME  "home"


/* All buffers of a desk. */
#define DESK_LISTS(desk)                                                      \
    { &(desk)->html, &(desk)->text, &(desk)->whole, &(desk)->steps,           \
      &(desk)->groups, &(desk)->anchors, &(desk)->holes, &(desk)->refs,       \
      &(desk)->mentions }


static void
clear_desk(gen_desk *desk)
{
    gen_buf  *bufs[] = DESK_LISTS(desk);

    for (size_t i = 0; i < CAPLAT_COUNT(bufs); i++) {
        bufs[i]->len = 0;
    }
}


void
gen_desk_close(gen_desk *desk)
{
    gen_buf  *bufs[] = DESK_LISTS(desk);

    for (size_t i = 0; i < CAPLAT_COUNT(bufs); i++) {
        gen_buf_close(bufs[i]);
    }
}


static caplat_slice
url_of(gen_arena *keep, gen_kind kind, caplat_slice name)
{
    gen_buf       url = { 0 };
    caplat_slice  kept;

    switch (kind) {

    case GEN_FAQ:
        return CAPLAT_LIT("/faq/");

    case GEN_GUIDE:
        gen_buf_lit(&url, "/guide/");
        break;

    case GEN_NOTICE:
        gen_buf_lit(&url, "/notice/");
        break;

    case GEN_PAGE:
        if (caplat_slice_eq(name, CAPLAT_LIT(HOME_NAME))) {
            return CAPLAT_LIT("/");
        }

        gen_buf_lit(&url, "/");
        break;
    }

    gen_buf_add(&url, name);
    gen_buf_lit(&url, "/");
    kept = gen_arena_copy(keep, gen_buf_slice(&url));
    gen_buf_close(&url);

    return kept;
}


/* Has a value forms to be filled in, or money? Most have neither. */
static bool
has_forms(caplat_slice value)
{
    static const caplat_slice  marks[] = {
        CAPLAT_INIT("{"), CAPLAT_INIT("元"), CAPLAT_INIT("块"),
        CAPLAT_INIT("人民币"), CAPLAT_INIT("\xc2\xa5"), CAPLAT_INIT("￥")
    };
    size_t                     at;

    for (size_t i = 0; i < CAPLAT_COUNT(marks); i++) {
        if (gen_text_find(value, marks[i], &at)) {
            return true;
        }
    }

    return false;
}


/* Fill in the forms of a value; its amounts are judged too. */
static void
fill_value(gen_writer *w, const gen_front *front, caplat_slice *value)
{
    if (has_forms(*value)) {
        *value = gen_form_plain(w, *value, gen_front_span(front, *value).at);
    }
}


static void
fill_front(gen_writer *w, gen_front *front)
{
    caplat_slice  *values[] = {
        &front->summary, &front->lead, &front->who, &front->time, &front->fee,
        &front->result
    };

    for (size_t i = 0; i < CAPLAT_COUNT(values); i++) {
        fill_value(w, front, values[i]);
    }

    for (size_t i = 0; i < front->facts.count; i++) {
        fill_value(w, front, &front->facts.items[i].words);
    }
}


static void
write_body(gen_writer *w, size_t body_at)
{
    caplat_slice  text = w->source->text;

    gen_shape_write(w, gen_cmark_parse(w->reader->scratch,
                                       gen_text_part(text, body_at,
                                                     text.len)));
}


static void
read_doc(gen_writer *w, size_t body_at, gen_doc *doc)
{
    const gen_reader  *reader = w->reader;
    caplat_slice       text = w->source->text;

    clear_desk(w->desk);
    gen_buf_grow(w->html, 2 * text.len);
    gen_buf_grow(w->text, text.len);
    gen_place_open(&w->place, reader->scratch, text, body_at);

    fill_front(w, &doc->front);
    write_body(w, body_at);
    gen_shape_finish(w, doc);
}


bool
gen_doc_read(const gen_reader *reader, const gen_source *source,
    gen_kind kind, caplat_slice name, gen_doc *doc)
{
    gen_desk    own = { 0 };
    gen_desk   *desk = reader->desk != NULL ? reader->desk : &own;
    gen_writer  w = {
        .reader = reader, .source = source, .kind = kind, .desk = desk,
        .html = &desk->html, .text = &desk->text
    };
    gen_doc     whole = { .kind = kind, .source = source };
    size_t      body_at;

    if (!gen_front_read(reader, source, kind, &whole.front, &body_at)) {
        return false;
    }

    w.url = url_of(reader->keep, kind, name);
    whole.name = gen_arena_copy(reader->keep, name);
    whole.url = w.url;
    read_doc(&w, body_at, &whole);
    gen_desk_close(&own);
    gen_lint_source(reader, source, kind, body_at);
    *doc = whole;

    return true;
}


void
gen_doc_close_html(gen_doc *doc)
{
    free(doc->html);
    doc->html = NULL;
    doc->intro = CAPLAT_LIT("");

    for (uint32_t i = 0; i != doc->step_count; i++) {
        doc->steps[i].html = CAPLAT_LIT("");
    }
}
