#include "gen_form.h"

#include "gen_clause.h"
#include "gen_html.h"
#include "gen_insert.h"
#include "gen_text.h"


static const caplat_slice  ui_open = CAPLAT_INIT("【");
static const caplat_slice  ui_close = CAPLAT_INIT("】");
static const caplat_slice  yen = CAPLAT_INIT("\xc2\xa5");
static const caplat_slice  wide_yen = CAPLAT_INIT("\xef\xbf\xa5");


/* A walk over one text. */
typedef struct {
    gen_writer     *w;
    caplat_slice    text;
    const char     *end;
    const char     *run;                /* all before it is written */
    size_t          at;                 /* where text begins in the source */
    gen_form_place  place;
    bool            in_ui;
    bool            no_ui_close;        /* there is none ahead */
    bool            no_form;
} walk;


static size_t
source_at(const walk *s, const char *p)
{
    return gen_place_within(&s->w->place, s->at, s->text,
                            (size_t) (p - s->text.ptr));
}


/* Was this { written as \{ ? */
static bool
is_escaped(const walk *s, const char *p)
{
    caplat_slice  source = s->w->source->text;
    size_t        at = source_at(s, p);

    if (at < source.len && source.ptr[at] == '\\') {
        return true;
    }

    return p == s->text.ptr && at > 0 && source.ptr[at - 1] == '\\';
}


static caplat_slice
ahead(const walk *s, const char *p)
{
    return caplat_slice_of(p, (size_t) (s->end - p));
}


/* Write what was walked over, up to p, and go on behind `skip` bytes. */
static const char *
write_run(walk *s, const char *p, size_t skip)
{
    gen_writer_words(s->w, caplat_slice_of(s->run, (size_t) (p - s->run)));
    s->run = p + skip;

    return s->run;
}


static const char *
take_escape(walk *s, const char *p)
{
    const char  *next = write_run(s, p, 1);

    gen_html_text(s->w->html, caplat_slice_of(p, 1));
    gen_buf_byte(s->w->text, *p);

    return next;
}


static const char *
take_ui_open(walk *s, const char *p)
{
    size_t  close;

    if (s->place == GEN_FORM_DRAWN || s->in_ui || s->no_ui_close) {
        return p + ui_open.len;
    }

    if (!gen_text_find(ahead(s, p), ui_close, &close)) {
        s->no_ui_close = true;
        return p + ui_open.len;
    }

    p = write_run(s, p, ui_open.len);
    s->in_ui = true;
    gen_buf_lit(s->w->html, "<span class=\"ui\">");
    gen_buf_add(s->w->text, ui_open);

    return p;
}


static const char *
take_ui_close(walk *s, const char *p)
{
    if (!s->in_ui) {
        return p + ui_close.len;
    }

    p = write_run(s, p, ui_close.len);
    s->in_ui = false;
    gen_buf_lit(s->w->html, "</span>");
    gen_buf_add(s->w->text, ui_close);

    return p;
}


/* ， ； ！ ？ are U+FF0C and its like, 。 is U+3002. */
static bool
is_border(const char *p)
{
    switch ((uint8_t) p[2]) {

    case 0x8c:
    case 0x9b:
    case 0x81:
    case 0x9f:
        return memcmp(p, "\xef\xbc", 2) == 0;

    case 0x82:
        return memcmp(p, "\xe3\x80", 2) == 0;

    default:
        return false;
    }
}


/* The length of the unit of money with which text begins, or 0. */
static size_t
unit_len(caplat_slice text)
{
    static const caplat_slice  units[] = {
        CAPLAT_INIT("元"), CAPLAT_INIT("块"), CAPLAT_INIT("人民币")
    };

    for (size_t i = 0; i < CAPLAT_COUNT(units); i++) {
        if (gen_text_begins(text, units[i])) {
            return units[i].len;
        }
    }

    return 0;
}


/* A name of the tariff, or a unit of money, or neither. */
static const char *
take_name(walk *s, const char *p)
{
    size_t           len = unit_len(ahead(s, p));
    const gen_name  *name;
    size_t           from;

    if (len != 0) {
        (void) write_run(s, p, 0);
        gen_clause_unit(s->w, len, source_at(s, p));

        return p + len;
    }

    name = gen_names_find(s->w->reader->names, ahead(s, p));

    if (name == NULL) {
        return p + 1;
    }

    (void) write_run(s, p, 0);
    from = s->w->text->len;
    p = write_run(s, p + name->words.len, 0);
    gen_clause_named(s->w, name->priced_at, from, s->w->text->len);

    return p;
}


/* ¥ or ￥, or neither. */
static const char *
take_sign(walk *s, const char *p, caplat_slice sign)
{
    if (!gen_text_begins(ahead(s, p), sign)) {
        return p + 1;
    }

    (void) write_run(s, p, 0);
    gen_clause_sign(s->w, ahead(s, p), sign.len, source_at(s, p));

    return p + sign.len;
}


/* A byte that begins Chinese punctuation. */
static const char *
take_wide(walk *s, const char *p)
{
    if (s->end - p < 3) {
        return p + 1;
    }

    if (memcmp(p, ui_open.ptr, ui_open.len) == 0) {
        return take_ui_open(s, p);
    }

    if (memcmp(p, ui_close.ptr, ui_close.len) == 0) {
        return take_ui_close(s, p);
    }

    if (memcmp(p, wide_yen.ptr, wide_yen.len) == 0) {
        return take_sign(s, p, wide_yen);
    }

    if (is_border(p)) {
        if (s->w->clause.amount_count != 0) {
            (void) write_run(s, p, 0);
        }

        gen_clause_end(s->w);

        return p + 3;
    }

    return gen_names_may(s->w->reader->names, p, s->end) ? take_name(s, p)
                                                         : p + 3;
}


static const char *
take_brace(walk *s, const char *p)
{
    bool          link = s->place == GEN_FORM_PROSE && !s->w->link.open;
    caplat_slice  rest = ahead(s, p);
    size_t        len;

    if (s->no_form || !gen_insert_starts(rest) || is_escaped(s, p)) {
        return p + 1;
    }

    len = gen_insert_len(rest);

    if (len == 0) {
        gen_insert_unclosed(s->w, rest, source_at(s, p));
        s->no_form = true;
        return p + 1;
    }

    (void) write_run(s, p, len);
    gen_insert(s->w, gen_text_part(rest, 0, len), source_at(s, p), link);

    return p + len;
}


static const char *
take_stop(walk *s, const char *p, uint8_t stop)
{
    switch (stop) {

    case GEN_STOP_ESCAPE:
        return take_escape(s, p);

    case GEN_STOP_BRACE:
        return take_brace(s, p);

    case GEN_STOP_WIDE:
        return take_wide(s, p);

    case GEN_STOP_SIGN:
        return take_sign(s, p, yen);

    case GEN_STOP_NAME:
        return take_name(s, p);

    default:
        caplat_assert(0);
        return p;
    }
}


/*
 * Behind the common Han characters with which no name and no unit begins:
 * these are most of all.
 */
static inline const char *
skip_common(const gen_names *names, const char *p, const char *end)
{
    while (end - p >= 3 && gen_text_leads_common(*p)
           && !gen_names_may(names, p, end))
    {
        p += 3;
    }

    return p;
}


/* A Han character has three bytes, and no stop is the second or third. */
static inline size_t
step_over(const char *p, const char *end)
{
    return (uint8_t) *p >= 0xe0 && end - p >= 3 ? 3 : 1;
}


void
gen_form_text(gen_writer *w, caplat_slice text, size_t at,
    gen_form_place place)
{
    const gen_names  *names = w->reader->names;
    const char       *p = text.ptr;
    walk              s = {
        .w = w, .text = text, .run = p, .at = at,
        .place = place
    };

    if (text.len == 0) {
        return;
    }

    s.end = p + text.len;

    while ((p = skip_common(names, p, s.end)) != s.end) {
        uint8_t  stop = names->stops[(uint8_t) *p];

        if (stop == GEN_STOP_NONE
            || (stop == GEN_STOP_NAME && !gen_names_may(names, p, s.end)))
        {
            p += step_over(p, s.end);

        } else {
            p = take_stop(&s, p, stop);
        }
    }

    (void) write_run(&s, p, 0);
}


caplat_slice
gen_form_plain(gen_writer *w, caplat_slice text, size_t at)
{
    size_t        html_at = w->html->len;
    size_t        text_at = w->text->len;
    caplat_slice  plain;

    gen_form_text(w, text, at, GEN_FORM_PROSE);
    gen_clause_end(w);

    plain = gen_arena_copy(w->reader->keep, gen_buf_since(w->text, text_at));
    w->html->len = html_at;
    w->text->len = text_at;

    return plain;
}
