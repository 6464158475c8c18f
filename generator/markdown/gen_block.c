#include "gen_block.h"

#include "gen_emph.h"
#include "gen_fence.h"
#include "gen_figure.h"
#include "gen_html.h"
#include "gen_prose.h"
#include "gen_table.h"
#include "gen_text.h"
#include "gen_tree.h"


static const caplat_slice  nothing = CAPLAT_INIT("");


/* Code: nothing in it is looked at. */
static void
write_code(gen_writer *w, const gen_fence *fence)
{
    caplat_slice  text = fence->text;
    caplat_slice  run;

    gen_buf_lit(w->html, "<pre><code>");

    while (gen_emph_take(&text, &run)) {
        gen_html_text(w->html, run);
        gen_buf_add(w->text, run);
    }

    gen_buf_lit(w->html, "</code></pre>\n");
}


/* The body of a note or a problem, which may hold tables, but no others. */
static void
write_body(gen_writer *w, caplat_slice text, size_t line)
{
    w->in_block = true;
    gen_prose_part(w, text, line);
    w->in_block = false;
}


static bool
check_note(const gen_writer *w, const gen_fence *fence)
{
    static const caplat_slice  kinds[] = {
        CAPLAT_INIT("warn"), CAPLAT_INIT("bad"), CAPLAT_INIT("good")
    };

    if (fence->title.len == 0) {
        return true;
    }

    for (size_t i = 0; i < CAPLAT_COUNT(kinds); i++) {
        if (caplat_slice_eq(fence->title, kinds[i])) {
            return true;
        }
    }

    gen_writer_report(w, gen_span_of(fence->title_at, fence->title.len),
                      GEN_NOTE_KIND, GEN_WORDS(fence->title),
                      gen_near(fence->title, kinds, CAPLAT_COUNT(kinds)));

    return false;
}


static void
write_note(gen_writer *w, const gen_fence *fence)
{
    gen_fence_lines  lines = gen_fence_walk(w, fence);
    gen_words        title;

    if (!check_note(w, fence)) {
        return;
    }

    if (!gen_fence_next(&lines, &title)) {
        gen_writer_report(w, fence->span, GEN_BLOCK_EMPTY, GEN_NO_WORDS,
                          nothing);
        return;
    }

    gen_buf_lit(w->html, "<div class=\"note");

    if (fence->title.len != 0) {
        gen_buf_lit(w->html, " note-");
        gen_buf_add(w->html, fence->title);
    }

    gen_buf_lit(w->html, "\">\n<p class=\"note-h\">");
    gen_prose_phrase(w, title.words, title.at);
    gen_buf_lit(w->text, "\n");
    gen_buf_lit(w->html, "</p>\n");
    write_body(w, gen_text_part(fence->text, lines.at, fence->text.len),
               lines.line + 1);
    gen_buf_lit(w->html, "</div>\n");
}


static bool
is_problem(cmark_node *node)
{
    static const caplat_slice  word = CAPLAT_INIT("problem");
    caplat_slice               info;

    if (node == NULL || cmark_node_get_type(node) != CMARK_NODE_CODE_BLOCK) {
        return false;
    }

    info = gen_text_trim(gen_tree_info(node));

    return gen_text_begins(info, word)
           && (info.len == word.len || info.ptr[word.len] == ' ');
}


static void
open_problems(gen_writer *w)
{
    if (w->kind == GEN_GUIDE && !w->had_problems) {
        gen_buf_lit(w->html, "<h2>遇到问题</h2>\n");
    }

    w->had_problems = true;
    gen_buf_lit(w->html, "<div class=\"faq\">\n");
}


static bool
check_problem(const gen_writer *w, const gen_fence *fence)
{
    if (fence->title.len == 0) {
        gen_writer_report(w, fence->span, GEN_BLOCK_TITLE, GEN_NO_WORDS,
                          nothing);
        return false;
    }

    if (gen_text_trim(fence->text).len == 0) {
        gen_writer_report(w, fence->span, GEN_BLOCK_EMPTY, GEN_NO_WORDS,
                          nothing);
        return false;
    }

    return true;
}


static void
write_problem(gen_writer *w, const gen_fence *fence, cmark_node *node)
{
    if (!check_problem(w, fence)) {
        return;
    }

    if (!is_problem(cmark_node_previous(node))) {
        open_problems(w);
    }

    gen_buf_lit(w->html, "<details><summary>");
    w->in_summary = true;
    gen_prose_phrase(w, fence->title, fence->title_at);
    w->in_summary = false;
    gen_buf_lit(w->text, "\n");
    gen_buf_lit(w->html, "</summary>\n");
    write_body(w, fence->text, fence->line + 1);
    gen_buf_lit(w->html, "</details>\n");

    if (!is_problem(cmark_node_next(node))) {
        gen_buf_lit(w->html, "</div>\n");
    }
}


static void
report_nested(const gen_writer *w, const gen_fence *fence)
{
    gen_writer_report(w, fence->span, GEN_BLOCK_NESTED,
                      GEN_WORDS(fence->kind), nothing);
}


static void
report_unknown(const gen_writer *w, const gen_fence *fence)
{
    static const caplat_slice  kinds[] = {
        CAPLAT_INIT("note"), CAPLAT_INIT("problem"), CAPLAT_INIT("table"),
        CAPLAT_INIT("price"), CAPLAT_INIT("figure"), CAPLAT_INIT("text")
    };
    caplat_slice               line = gen_text_part(w->source->text,
                                          fence->span.at,
                                          fence->span.at + fence->span.len);
    size_t                     at;

    if (!gen_text_find(line, fence->kind, &at)) {
        at = 0;
    }

    gen_writer_report(w, gen_span_of(fence->span.at + at, fence->kind.len),
                      GEN_UNKNOWN_BLOCK, GEN_WORDS(fence->kind),
                      gen_near(fence->kind, kinds, CAPLAT_COUNT(kinds)));
}


static bool
is_kind(const gen_fence *fence, caplat_slice kind)
{
    return caplat_slice_eq(fence->kind, kind);
}


void
gen_block_write(gen_writer *w, cmark_node *node)
{
    gen_fence  fence = gen_fence_read(w, node);

    gen_fence_check(w, &fence);

    if (fence.kind.len == 0 || is_kind(&fence, CAPLAT_LIT("text"))) {
        write_code(w, &fence);

    } else if (is_kind(&fence, CAPLAT_LIT("figure"))) {
        gen_figure_write(w, &fence);

    } else if (is_kind(&fence, CAPLAT_LIT("table"))) {
        gen_table_write(w, &fence);

    } else if (is_kind(&fence, CAPLAT_LIT("price"))) {
        gen_table_prices(w, &fence);

    } else if (is_kind(&fence, CAPLAT_LIT("note"))
               || is_kind(&fence, CAPLAT_LIT("problem")))
    {
        if (w->in_block) {
            report_nested(w, &fence);

        } else if (is_kind(&fence, CAPLAT_LIT("note"))) {
            write_note(w, &fence);

        } else {
            write_problem(w, &fence, node);
        }

    } else {
        report_unknown(w, &fence);
    }
}
