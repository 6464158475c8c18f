#include "gen_figure.h"

#include "gen_clause.h"
#include "gen_draw.h"
#include "gen_form.h"
#include "gen_html.h"
#include "gen_prose.h"
#include "gen_text.h"


static const caplat_slice  nothing = CAPLAT_INIT("");

/* All first words of lines, for suggestions. */
static const caplat_slice  line_keys[] = {
    CAPLAT_INIT("alt"), CAPLAT_INIT("caption"), CAPLAT_INIT("tabs"),
    CAPLAT_INIT("head"), CAPLAT_INIT("row"), CAPLAT_INIT("title"),
    CAPLAT_INIT("text"), CAPLAT_INIT("warn"), CAPLAT_INIT("field"),
    CAPLAT_INIT("check"), CAPLAT_INIT("radio"), CAPLAT_INIT("input"),
    CAPLAT_INIT("buttons"), CAPLAT_INIT("menu"), CAPLAT_INIT("steps"),
    CAPLAT_INIT("total")
};


typedef struct {
    gen_writer       *w;
    const gen_fence  *fence;
    gen_words         alt;
    gen_words         caption;
    unsigned          legend;           /* bit N: mark N is explained */
} figure;


typedef enum { LINE_ALT, LINE_CAPTION, LINE_LEGEND, LINE_DRAWING } line_kind;


static line_kind
kind_of(caplat_slice key)
{
    if (key.len == 1 && key.ptr[0] >= '1' && key.ptr[0] <= '0' + GEN_MARK_MAX)
    {
        return LINE_LEGEND;
    }

    if (caplat_slice_eq(key, CAPLAT_LIT("alt"))) {
        return LINE_ALT;
    }

    return caplat_slice_eq(key, CAPLAT_LIT("caption")) ? LINE_CAPTION
                                                       : LINE_DRAWING;
}


/* The next line of a kind; false at the end. */
static bool
next_line(gen_fence_lines *lines, line_kind kind, gen_words *key,
    gen_words *value)
{
    gen_words  line;

    while (gen_fence_next(lines, &line)) {
        if (!gen_fence_pair(line, CAPLAT_LIT(":"), key, value)) {
            *key = line;
            *value = gen_words_after(line, line.words.len);
        }

        if (kind_of(key->words) == kind) {
            return true;
        }
    }

    return false;
}


/* The value of a line that must be there. */
static gen_words
required(const figure *f, line_kind kind, gen_code missing)
{
    gen_fence_lines  lines = gen_fence_walk(f->w, f->fence);
    gen_words        key;
    gen_words        value;

    if (next_line(&lines, kind, &key, &value) && value.words.len != 0) {
        return value;
    }

    gen_writer_report(f->w, gen_span_of(f->fence->title_at,
                                        f->fence->title.len),
                      missing, GEN_WORDS(f->fence->title), nothing);

    return (gen_words) { nothing, f->fence->title_at };
}


static void
write_alt(const figure *f)
{
    gen_writer  *w = f->w;
    size_t       html_at = w->html->len;
    size_t       text_at = w->text->len;

    gen_form_text(w, f->alt.words, f->alt.at, GEN_FORM_DRAWN);
    gen_clause_end(w);
    w->html->len = html_at;
    gen_html_attribute(w->html, gen_buf_since(w->text, text_at));
    gen_buf_lit(w->text, "\n");
}


static void
report_mark(const gen_writer *w, unsigned mark, gen_span span)
{
    char  digit = (char) ('0' + mark);

    gen_writer_report(w, span, GEN_FIGURE_MARK,
                      GEN_WORDS(caplat_slice_of(&digit, 1)), nothing);
}


/* The drawing's words are samples: the search does not get them. */
static void
write_drawing(figure *f, gen_draw *draw)
{
    gen_writer      *w = f->w;
    gen_fence_lines  lines = gen_fence_walk(w, f->fence);
    size_t           text_at = w->text->len;
    gen_words        key;
    gen_words        value;

    while (next_line(&lines, LINE_DRAWING, &key, &value)) {
        if (!gen_draw_line(draw, key, value)) {
            gen_writer_report(w, gen_words_span(key), GEN_FIGURE_LINE,
                GEN_WORDS(key.words),
                gen_near(key.words, line_keys, CAPLAT_COUNT(line_keys)));
        }

        w->text->len = text_at;
    }

    gen_draw_end(draw);
}


static void
write_legend(figure *f, const gen_draw *draw)
{
    gen_writer      *w = f->w;
    gen_fence_lines  lines = gen_fence_walk(w, f->fence);
    gen_words        key;
    gen_words        value;

    while (next_line(&lines, LINE_LEGEND, &key, &value)) {
        unsigned  mark = (unsigned) (key.words.ptr[0] - '0');

        if ((draw->marks.drawn >> mark & 1) == 0) {
            report_mark(w, mark, gen_words_span(key));
        }

        gen_buf_add(w->html, f->legend == 0 ? CAPLAT_LIT("<ol>\n") : nothing);
        f->legend |= 1U << mark;

        gen_buf_lit(w->html, "<li><span class=\"dot dot-i\">");
        gen_buf_uint(w->html, mark);
        gen_buf_lit(w->html, "</span> ");
        gen_prose_phrase(w, value.words, value.at);
        gen_buf_lit(w->html, "</li>\n");
        gen_buf_lit(w->text, "\n");
    }

    gen_buf_add(w->html, f->legend != 0 ? CAPLAT_LIT("</ol>") : nothing);
}


static void
check_marks(const figure *f, const gen_draw *draw)
{
    for (unsigned mark = 1; mark <= GEN_MARK_MAX; mark++) {
        if ((draw->marks.drawn & ~f->legend) >> mark & 1) {
            report_mark(f->w, mark, draw->marks.spans[mark]);
        }
    }
}


/* The anchor is fig-ID, so that a figure and a section may share a name. */
static void
add_anchor(const figure *f)
{
    gen_writer  *w = f->w;
    gen_buf      id = { 0 };
    gen_anchor   anchor = {
        .kind = GEN_ANCHOR_FIGURE, .step_at = w->step_at,
        .figure = w->figure_count,
        .span = gen_span_of(f->fence->title_at, f->fence->title.len)
    };

    gen_buf_lit(&id, "fig-");
    gen_buf_add(&id, f->fence->title);
    anchor.id = gen_arena_copy(w->reader->keep, gen_buf_slice(&id));
    gen_buf_close(&id);
    gen_list_add(&w->desk->anchors, anchor);
}


static bool
check_id(const gen_writer *w, const gen_fence *fence)
{
    if (fence->title.len == 0) {
        gen_writer_report(w, fence->span, GEN_BLOCK_TITLE, GEN_NO_WORDS,
                          nothing);
        return false;
    }

    if (!gen_text_is_id(fence->title)) {
        gen_writer_report(w, gen_span_of(fence->title_at, fence->title.len),
                          GEN_BAD_ID, GEN_WORDS(fence->title), nothing);
        return false;
    }

    return true;
}


static void
write_caption(figure *f, const gen_draw *draw)
{
    gen_writer  *w = f->w;

    gen_buf_lit(w->html, "<figcaption>图 ");
    gen_buf_uint(w->html, w->figure_count);
    gen_buf_lit(w->html, " ");
    gen_prose_phrase(w, f->caption.words, f->caption.at);
    gen_buf_lit(w->html, "（示意图，信息为示例）");
    gen_buf_lit(w->text, "\n");
    write_legend(f, draw);
    gen_buf_lit(w->html, "</figcaption></figure>\n");
}


void
gen_figure_write(gen_writer *w, const gen_fence *fence)
{
    figure    f = { .w = w, .fence = fence };
    gen_draw  draw = { .w = w };

    w->figure_count++;

    if (!check_id(w, fence)) {
        return;
    }

    add_anchor(&f);
    f.alt = required(&f, LINE_ALT, GEN_FIGURE_ALT);
    f.caption = required(&f, LINE_CAPTION, GEN_FIGURE_CAPTION);

    gen_buf_lit(w->html, "<figure class=\"fig\" id=\"fig-");
    gen_buf_add(w->html, fence->title);
    gen_buf_lit(w->html, "\"><div class=\"shot\" role=\"img\" "
                          "aria-label=\"");
    write_alt(&f);
    gen_buf_lit(w->html, "\">\n");
    write_drawing(&f, &draw);
    gen_buf_lit(w->html, "</div>\n");
    write_caption(&f, &draw);
    check_marks(&f, &draw);
}
