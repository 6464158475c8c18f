#include "gen_heading.h"

#include "gen_clause.h"
#include "gen_prose.h"
#include "gen_text.h"


#define LEVEL_MIN  2                    /* the page's title is h1 */
#define LEVEL_MAX  6


/* The line that ends a heading: one of # is one line, others end with ===. */
static caplat_slice
last_line(gen_writer *w, cmark_node *node)
{
    int           first = cmark_node_get_start_line(node);
    int           last = cmark_node_get_end_line(node);
    size_t        line = gen_place_block(&w->place, first);
    caplat_slice  words;

    if (last > first) {
        return gen_text_trim(gen_place_words(&w->place,
                                 line + (size_t) (last - first) - 1));
    }

    words = gen_text_trim(gen_place_words(&w->place, line));

    while (gen_text_ends(words, CAPLAT_LIT("#"))) {
        words.len--;
    }

    return gen_text_trim(words);
}


/* The last {#id} of a line. */
static void
find_id(gen_writer *w, gen_heading *heading, caplat_slice line)
{
    size_t  from = line.len;

    if (!gen_text_ends(line, CAPLAT_LIT("}"))) {
        return;
    }

    while (from > 0 && line.ptr[from - 1] != '{') {
        from--;
    }

    if (from == 0 || line.ptr[from] != '#') {
        return;
    }

    heading->id = gen_text_part(line, from + 1, line.len - 1);
    heading->suffix = gen_text_part(line, from - 1, line.len);

    if (!gen_text_is_id(heading->id)) {
        gen_writer_report(w,
            gen_span_of(gen_place_of(&w->place, heading->id.ptr),
                        heading->id.len),
            GEN_BAD_ID, GEN_WORDS(heading->id), caplat_slice_of("", 0));
        heading->id = caplat_slice_of("", 0);
    }
}


gen_heading
gen_heading_read(gen_writer *w, cmark_node *node)
{
    caplat_slice  line = last_line(w, node);
    gen_heading   heading = {
        .level = (unsigned) cmark_node_get_heading_level(node),
        .id = CAPLAT_LIT(""), .suffix = CAPLAT_LIT(""),
        .span = gen_span_of(gen_place_of(&w->place, line.ptr), line.len)
    };

    find_id(w, &heading, line);

    return heading;
}


static void
cut_end(gen_buf *buf, size_t from, caplat_slice suffix)
{
    if (gen_text_ends(gen_buf_since(buf, from), suffix)) {
        buf->len -= suffix.len;
    }

    while (buf->len > from && buf->data[buf->len - 1] == ' ') {
        buf->len--;
    }
}


/* The words, without {#id}: an id that is one stands there as it is written. */
static void
write_words(gen_writer *w, cmark_node *node, const gen_heading *heading)
{
    size_t  html_at = w->html->len;
    size_t  text_at = w->text->len;

    gen_prose_inlines(w, node);
    gen_clause_end(w);
    cut_end(w->html, html_at, heading->suffix);
    cut_end(w->text, text_at, heading->suffix);

    if (w->text->len == text_at) {
        gen_writer_report(w, heading->span, GEN_EMPTY_HEADING, GEN_NO_WORDS,
                          caplat_slice_of("", 0));
    }
}


caplat_slice
gen_heading_title(gen_writer *w, cmark_node *node, const gen_heading *heading)
{
    size_t        html_at = w->html->len;
    size_t        text_at = w->text->len;
    size_t        holes = w->desk->holes.len;
    caplat_slice  title;

    write_words(w, node, heading);

    title = gen_arena_copy(w->reader->keep, gen_buf_since(w->text, text_at));
    w->html->len = html_at;
    w->text->len = text_at;
    w->desk->holes.len = holes;

    return title;
}


/*
 * Guides: a step's title is the h1 that the template prints, so ### is h2.
 * FAQ: a question is an h3, so ### is h4.
 */
static unsigned
html_level(gen_kind kind, unsigned level)
{
    if (kind == GEN_GUIDE) {
        level--;

    } else if (kind == GEN_FAQ) {
        level++;
    }

    return level < LEVEL_MIN ? LEVEL_MIN : level > LEVEL_MAX ? LEVEL_MAX
                                                             : level;
}


static void
add_anchor(gen_writer *w, const gen_heading *heading)
{
    gen_anchor  anchor = {
        .id = gen_arena_copy(w->reader->keep, heading->id),
        .kind = GEN_ANCHOR_SECTION, .step_at = w->step_at,
        .span = gen_span_of(gen_place_of(&w->place, heading->id.ptr),
                            heading->id.len)
    };

    gen_list_add(&w->desk->anchors, anchor);
}


void
gen_heading_write(gen_writer *w, cmark_node *node)
{
    gen_heading  heading = gen_heading_read(w, node);
    char         digit = (char) ('0' + html_level(w->kind, heading.level));

    gen_buf_lit(w->html, "<h");
    gen_buf_byte(w->html, digit);

    if (heading.id.len != 0) {
        gen_buf_lit(w->html, " id=\"");
        gen_buf_add(w->html, heading.id);
        gen_buf_lit(w->html, "\"");
        add_anchor(w, &heading);
    }

    gen_buf_lit(w->html, ">");
    write_words(w, node, &heading);
    gen_buf_lit(w->html, "</h");
    gen_buf_byte(w->html, digit);
    gen_buf_lit(w->html, ">\n");
    gen_buf_lit(w->text, "\n");
}
