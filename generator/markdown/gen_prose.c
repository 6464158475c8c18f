#include "gen_prose.h"

#include "gen_block.h"
#include "gen_clause.h"
#include "gen_cmark.h"
#include "gen_emph.h"
#include "gen_form.h"
#include "gen_heading.h"
#include "gen_html.h"
#include "gen_link.h"
#include "gen_refuse.h"
#include "gen_table.h"
#include "gen_tree.h"


/* A paragraph in a list without blank lines has no <p>. */
static bool
is_tight(cmark_node *paragraph)
{
    cmark_node  *item = cmark_node_parent(paragraph);
    cmark_node  *list = item != NULL ? cmark_node_parent(item) : NULL;

    return list != NULL && cmark_node_get_type(list) == CMARK_NODE_LIST
           && cmark_node_get_list_tight(list);
}


/* What a guide tells to do one after the other. */
static bool
is_actions(const gen_writer *w, cmark_node *list)
{
    return w->kind == GEN_GUIDE && !w->in_block
           && cmark_node_get_type(cmark_node_parent(list))
              == CMARK_NODE_DOCUMENT;
}


static void
open_list(gen_writer *w, cmark_node *list)
{
    int  start = cmark_node_get_list_start(list);

    if (cmark_node_get_list_type(list) == CMARK_BULLET_LIST) {
        gen_buf_lit(w->html, "<ul>\n");
        return;
    }

    gen_buf_lit(w->html, "<ol");

    if (is_actions(w, list)) {
        gen_buf_lit(w->html, " class=\"acts\"");
    }

    if (start != 1) {
        gen_buf_lit(w->html, " start=\"");
        gen_buf_uint(w->html, (uint64_t) start);
        gen_buf_lit(w->html, "\"");
    }

    gen_buf_lit(w->html, ">\n");
}


static void
open_paragraph(gen_writer *w, cmark_node *paragraph)
{
    int     from = cmark_node_get_start_line(paragraph);
    int     to = cmark_node_get_end_line(paragraph);
    size_t  first = gen_place_block(&w->place, from);

    gen_table_piped(w, first, first + (size_t) (to > from ? to - from : 0));

    if (!is_tight(paragraph)) {
        gen_buf_lit(w->html, "<p>");
    }
}


static void
close_paragraph(gen_writer *w, cmark_node *paragraph)
{
    gen_clause_end(w);
    gen_buf_lit(w->text, "\n");

    if (!is_tight(paragraph)) {
        gen_buf_lit(w->html, "</p>\n");

    } else if (cmark_node_next(paragraph) != NULL) {
        gen_buf_lit(w->html, "\n");
    }
}


static bool
is_wide(char byte)
{
    return (uint8_t) byte >= 0xe2;
}


/* The first byte of the text behind a node; 0 when there is none. */
static char
next_byte(cmark_node *node)
{
    cmark_node   *next = cmark_node_next(node);
    caplat_slice  text;

    while (next != NULL && cmark_node_first_child(next) != NULL) {
        next = cmark_node_first_child(next);
    }

    if (next == NULL) {
        return 0;
    }

    text = gen_tree_literal(next);

    return text.len != 0 ? text.ptr[0] : 0;
}


/* The last character's first byte; 0 for ASCII. */
static char
last_byte(caplat_slice text)
{
    size_t  at = text.len;

    while (at > 0 && ((uint8_t) text.ptr[at - 1] & 0xc0) == 0x80) {
        at--;
    }

    return at > 0 && at < text.len ? text.ptr[at - 1] : 0;
}


/* A new line is a blank, which has no place between Chinese characters. */
static void
write_break(gen_writer *w, cmark_node *node)
{
    gen_place_newline(&w->place);

    if (!is_wide(last_byte(gen_buf_slice(w->text)))
        || !is_wide(next_byte(node)))
    {
        gen_buf_lit(w->html, "\n");
        gen_buf_lit(w->text, " ");
    }
}


static void
write_code(gen_writer *w, cmark_node *node)
{
    caplat_slice  text = gen_tree_literal(node);
    caplat_slice  run;

    gen_buf_lit(w->html, "<code>");

    while (gen_emph_take(&text, &run)) {
        (void) gen_place_find(&w->place, run);
        gen_html_text(w->html, run);
        gen_buf_add(w->text, run);
    }

    gen_buf_lit(w->html, "</code>");
}


static gen_form_place
place_of(const gen_writer *w)
{
    return w->in_summary ? GEN_FORM_WORDS : GEN_FORM_PROSE;
}


/* Write a node, or how it begins; true when what is in it comes next. */
static bool
enter(gen_writer *w, cmark_node *node)
{
    switch (cmark_node_get_type(node)) {

    case CMARK_NODE_TEXT:
        gen_form_text(w, gen_tree_literal(node),
                      gen_place_text(&w->place, gen_tree_literal(node)),
                      place_of(w));
        return false;

    case CMARK_NODE_PARAGRAPH:
        open_paragraph(w, node);
        return true;

    case CMARK_NODE_LIST:
        open_list(w, node);
        return true;

    case CMARK_NODE_ITEM:
        gen_buf_lit(w->html, "<li>");
        return true;

    case CMARK_NODE_STRONG:
        gen_buf_lit(w->html, "<strong>");
        return true;

    case CMARK_NODE_EMPH:
        gen_buf_lit(w->html, "<em>");
        return true;

    case CMARK_NODE_LINK:
        gen_link_open(w, gen_tree_url(node),
                      gen_tree_words(cmark_node_get_title(node)));
        return true;

    case CMARK_NODE_SOFTBREAK:
        write_break(w, node);
        return false;

    case CMARK_NODE_LINEBREAK:
        gen_place_newline(&w->place);
        gen_buf_lit(w->html, "<br>\n");
        gen_buf_lit(w->text, " ");
        return false;

    case CMARK_NODE_CODE:
        write_code(w, node);
        return false;

    case CMARK_NODE_CODE_BLOCK:
        gen_block_write(w, node);
        return false;

    case CMARK_NODE_HEADING:
        gen_heading_write(w, node);
        return false;

    case CMARK_NODE_BLOCK_QUOTE:
        gen_buf_lit(w->html, "<blockquote>\n");
        return true;

    case CMARK_NODE_THEMATIC_BREAK:
        gen_buf_lit(w->html, "<hr>\n");
        return false;

    case CMARK_NODE_HTML_BLOCK:
        (void) gen_place_block(&w->place, cmark_node_get_start_line(node));
        gen_refuse_html(w, gen_tree_literal(node));
        return false;

    case CMARK_NODE_HTML_INLINE:
        gen_refuse_html(w, gen_tree_literal(node));
        return false;

    case CMARK_NODE_IMAGE:
        gen_refuse_image(w);
        return false;

    default:
        return true;
    }
}


static void
leave(gen_writer *w, cmark_node *node)
{
    switch (cmark_node_get_type(node)) {

    case CMARK_NODE_PARAGRAPH:
        close_paragraph(w, node);
        break;

    case CMARK_NODE_LIST:
        if (cmark_node_get_list_type(node) == CMARK_BULLET_LIST) {
            gen_buf_lit(w->html, "</ul>\n");

        } else {
            gen_buf_lit(w->html, "</ol>\n");
        }

        break;

    case CMARK_NODE_ITEM:
        gen_buf_lit(w->html, "</li>\n");
        break;

    case CMARK_NODE_STRONG:
        gen_buf_lit(w->html, "</strong>");
        break;

    case CMARK_NODE_EMPH:
        gen_buf_lit(w->html, "</em>");
        break;

    case CMARK_NODE_LINK:
        gen_link_close(w, gen_tree_url(node));
        break;

    case CMARK_NODE_BLOCK_QUOTE:
        gen_buf_lit(w->html, "</blockquote>\n");
        break;

    default:
        break;
    }
}


/* Without recursion: how deep the tree goes is the editor's. */
void
gen_prose_node(gen_writer *w, cmark_node *top)
{
    cmark_node  *node = top;

    for ( ;; ) {
        cmark_node  *next = enter(w, node) ? cmark_node_first_child(node)
                                           : NULL;

        while (next == NULL) {
            leave(w, node);

            if (node == top) {
                return;
            }

            next = cmark_node_next(node);

            if (next == NULL) {
                node = cmark_node_parent(node);
            }
        }

        node = next;
    }
}


void
gen_prose_inlines(gen_writer *w, cmark_node *node)
{
    for (cmark_node *child = cmark_node_first_child(node); child != NULL;
         child = cmark_node_next(child))
    {
        gen_prose_node(w, child);
    }
}


void
gen_prose_part(gen_writer *w, caplat_slice text, size_t line)
{
    gen_place    place = w->place;
    cmark_node  *document = gen_cmark_parse(w->reader->scratch, text);

    w->place.first = line;

    for (cmark_node *node = cmark_node_first_child(document); node != NULL;
         node = cmark_node_next(node))
    {
        gen_prose_node(w, node);
    }

    w->place = place;
}


/* Could these words be anything but plain text? */
static bool
has_markup(caplat_slice text)
{
    static const char  marks[] = "*_`[]<&\\!";

    for (size_t i = 0; i < text.len; i++) {
        if (memchr(marks, text.ptr[i], sizeof(marks) - 1) != NULL) {
            return true;
        }
    }

    return false;
}


void
gen_prose_phrase(gen_writer *w, caplat_slice text, size_t at)
{
    size_t       stands = w->place.at;
    cmark_node  *first = NULL;

    if (has_markup(text)) {
        first = cmark_node_first_child(gen_cmark_parse(w->reader->scratch,
                                                       text));
    }

    if (first != NULL && cmark_node_next(first) == NULL
        && cmark_node_get_type(first) == CMARK_NODE_PARAGRAPH)
    {
        w->place.at = at;
        gen_prose_inlines(w, first);
        w->place.at = stands;

    } else {
        gen_form_text(w, text, at, place_of(w));
    }

    gen_clause_end(w);
}
