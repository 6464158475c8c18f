#include "gen_shape.h"

#include "gen_heading.h"
#include "gen_link.h"
#include "gen_prose.h"
#include "gen_text.h"


#define GROUP_LEVEL         1
#define STEP_LEVEL          2
#define SUMMARY_LEN_MAX     120         /* characters */

static const caplat_slice  nothing = CAPLAT_INIT("");


/* The document so far. */
typedef struct {
    gen_writer   *w;
    unsigned      level;                /* of the last heading */
    bool          in_step;
    bool          empty_group;          /* its first step must come next */
    gen_span      group;                /* its heading */
    bool          has_summary;
} shape;


static bool
has_steps(const gen_writer *w)
{
    return w->kind == GEN_GUIDE || w->kind == GEN_FAQ;
}


static gen_step_mark *
last_step(gen_writer *w)
{
    return gen_list_of(&w->desk->steps, gen_step_mark)
           + gen_list_count(&w->desk->steps, gen_step_mark) - 1;
}


static void
add_mentions(gen_writer *w)
{
    size_t  count = w->reader->catalogue->tariff.platform_count;

    for (uint32_t i = 0; i < count; i++) {
        if ((w->named[i / 64] >> (i % 64) & 1) != 0) {
            gen_mention  mention = { i, w->step_at };

            gen_list_add(&w->desk->mentions, mention);
        }
    }
}


static void
close_step(shape *s)
{
    gen_writer     *w = s->w;
    gen_step_mark  *step;

    if (!s->in_step) {
        return;
    }

    step = last_step(w);
    step->html_to = w->html->len;
    step->text_to = w->text->len;
    step->figure_count = w->figure_count - step->figure_count;
    add_mentions(w);
    s->in_step = false;
}


static void
open_step(shape *s, caplat_slice id, caplat_slice title)
{
    gen_writer     *w = s->w;
    gen_step_mark   step = {
        .id = id, .title = title, .summary = nothing,
        .html_from = w->html->len, .text_from = w->text->len,
        .figure_count = w->figure_count
    };

    if (w->desk->groups.len == 0) {
        gen_group  group = { nothing, 0, 0 };

        gen_list_add(&w->desk->groups, group);
    }

    step.group_at = (uint32_t) gen_list_count(&w->desk->groups, gen_group) - 1;
    gen_list_of(&w->desk->groups, gen_group)[step.group_at].step_count++;

    w->step_at = (uint32_t) gen_list_count(&w->desk->steps, gen_step_mark);
    memset(w->named, 0, sizeof(w->named));
    w->had_problems = false;

    gen_list_add(&w->desk->steps, step);
    s->in_step = true;
    s->empty_group = false;
    s->has_summary = false;
}


static void
check_group(const shape *s)
{
    if (s->empty_group) {
        gen_writer_report(s->w, s->group, GEN_NO_STEPS, GEN_NO_WORDS,
                          nothing);
    }
}


static void
take_group(shape *s, cmark_node *node, const gen_heading *heading)
{
    gen_writer  *w = s->w;
    gen_group    group = { .step_count = 0 };

    check_group(s);
    close_step(s);

    group.title = gen_heading_title(w, node, heading);
    group.step_at = (uint32_t) gen_list_count(&w->desk->steps, gen_step_mark);
    gen_list_add(&w->desk->groups, group);

    s->empty_group = true;
    s->group = heading->span;
}


static void
take_step(shape *s, cmark_node *node, const gen_heading *heading)
{
    gen_writer    *w = s->w;
    caplat_slice   title = gen_heading_title(w, node, heading);
    gen_anchor     anchor = { .kind = GEN_ANCHOR_STEP };

    close_step(s);

    if (heading->suffix.len == 0) {
        gen_writer_report(w, heading->span, GEN_HEADING_ID, GEN_NO_WORDS,
                          nothing);
    }

    anchor.id = gen_arena_copy(w->reader->keep, heading->id);
    open_step(s, anchor.id, title);

    if (heading->id.len != 0) {
        anchor.step_at = w->step_at;
        anchor.span = gen_span_of(gen_place_of(&w->place, heading->id.ptr),
                                  heading->id.len);
        gen_list_add(&w->desk->anchors, anchor);
    }
}


static void
check_level(shape *s, const gen_heading *heading)
{
    char  from = (char) ('0' + s->level);
    char  to = (char) ('0' + heading->level);

    if (heading->level == GROUP_LEVEL && !has_steps(s->w)) {
        gen_writer_report(s->w, heading->span, GEN_HEADING_LEVEL,
                          GEN_NO_WORDS, nothing);

    } else if (heading->level > s->level + 1) {
        gen_writer_report(s->w, heading->span, GEN_HEADING_ORDER,
                          GEN_WORDS(caplat_slice_of(&from, 1),
                                    caplat_slice_of(&to, 1)), nothing);
    }

    s->level = heading->level;
}


/* A heading that begins a group or a step; false for those within. */
static bool
take_heading(shape *s, cmark_node *node)
{
    gen_writer   *w = s->w;
    gen_heading   heading = {
        .level = (unsigned) cmark_node_get_heading_level(node)
    };

    if (!has_steps(w) || heading.level > STEP_LEVEL) {
        size_t        line = gen_place_block(&w->place,
                                 cmark_node_get_start_line(node));
        caplat_slice  words = gen_text_trim(gen_place_words(&w->place, line));

        heading.span = gen_span_of(gen_place_of(&w->place, words.ptr),
                                   words.len);
        check_level(s, &heading);

        return false;
    }

    heading = gen_heading_read(w, node);
    check_level(s, &heading);

    if (heading.level == GROUP_LEVEL) {
        take_group(s, node, &heading);

    } else {
        take_step(s, node, &heading);
    }

    return true;
}


/* The first sentence of a text, or as much of it as a summary may have. */
static caplat_slice
first_sentence(gen_arena *keep, caplat_slice text)
{
    static const caplat_slice  more = CAPLAT_INIT("…");
    size_t                     at = 0;
    size_t                     count = 0;
    char                      *cut;

    text = gen_text_trim(text);

    while (at < text.len && text.ptr[at] != '\n') {
        size_t    from = at;
        uint32_t  c = gen_text_next(text, &at);

        if (c == 0x3002 || c == 0xff01 || c == 0xff1f) {        /* 。！？ */
            break;
        }

        if (++count == SUMMARY_LEN_MAX) {
            cut = gen_arena_take(keep, from + more.len);
            memcpy(cut, text.ptr, from);
            memcpy(cut + from, more.ptr, more.len);

            return caplat_slice_of(cut, from + more.len);
        }
    }

    return gen_arena_copy(keep, gen_text_part(text, 0, at));
}


/* A step is summed up by its first paragraph, wherever that stands. */
static void
take_summary(shape *s, size_t text_from)
{
    gen_writer  *w = s->w;

    last_step(w)->summary = first_sentence(w->reader->keep,
                                gen_buf_since(w->text, text_from));
    s->has_summary = true;
}


static void
take_block(shape *s, cmark_node *node)
{
    gen_writer  *w = s->w;
    size_t       text_from = w->text->len;

    if (s->empty_group) {
        size_t        line = gen_place_block(&w->place,
                                 cmark_node_get_start_line(node));
        caplat_slice  words = gen_text_trim(gen_place_words(&w->place, line));

        gen_writer_report(w, gen_span_of(gen_place_of(&w->place, words.ptr),
                                         words.len),
                          GEN_GROUP_TEXT, GEN_NO_WORDS, nothing);
    }

    gen_prose_node(w, node);

    if (s->in_step && !s->has_summary
        && cmark_node_get_type(node) == CMARK_NODE_PARAGRAPH)
    {
        take_summary(s, text_from);
    }
}


void
gen_shape_write(gen_writer *w, cmark_node *document)
{
    shape  s = { .w = w, .level = GROUP_LEVEL };

    w->step_at = GEN_NO_STEP;

    if (!has_steps(w)) {
        open_step(&s, nothing, nothing);
    }

    for (cmark_node *node = cmark_node_first_child(document); node != NULL;
         node = cmark_node_next(node))
    {
        if (cmark_node_get_type(node) != CMARK_NODE_HEADING
            || !take_heading(&s, node))
        {
            take_block(&s, node);
        }
    }

    check_group(&s);
    close_step(&s);

    if (w->desk->steps.len == 0) {
        gen_writer_report(w, gen_span_of(gen_place_line(&w->place, 0), 0),
                          GEN_NO_STEPS, GEN_NO_WORDS, nothing);
    }
}


/* Anchors by id; a second one of an id is reported. */
static const gen_anchor *
sort_anchors(gen_writer *w)
{
    size_t       count = gen_list_count(&w->desk->anchors, gen_anchor);
    gen_anchor  *anchors = gen_arena_take(w->reader->scratch,
                                          w->desk->anchors.len + 1);

    if (count == 0) {
        return anchors;
    }

    memcpy(anchors, w->desk->anchors.data, w->desk->anchors.len);
    gen_link_sort(anchors, count);

    for (size_t i = 1; i < count; i++) {
        caplat_slice  id = anchors[i].id;

        if (caplat_slice_eq(id, anchors[i - 1].id)) {
            gen_writer_report(w, anchors[i].span, GEN_ID_TWICE,
                              GEN_WORDS(id), nothing);
        }
    }

    return anchors;
}


/* The ids within the HTML of each step. */
static void
share_anchors(const gen_writer *w, gen_doc *doc)
{
    const gen_anchor  *anchors = gen_list_of(&w->desk->anchors, gen_anchor);
    size_t             count = gen_list_count(&w->desk->anchors, gen_anchor);
    caplat_slice      *ids = gen_arena_take(w->reader->keep,
                                            (count + 1)
                                            * sizeof(caplat_slice));

    for (uint32_t i = 0; i < doc->step_count; i++) {
        doc->steps[i].anchors = ids;
    }

    for (size_t i = 0; i < count; i++) {
        if (anchors[i].kind != GEN_ANCHOR_STEP
            && anchors[i].step_at != GEN_NO_STEP)
        {
            gen_step  *step = &doc->steps[anchors[i].step_at];

            if (step->anchor_count == 0) {
                step->anchors = ids;
            }

            step->anchors[step->anchor_count++] = anchors[i].id;
            ids++;
        }
    }
}


static gen_step
step_of(const gen_step_mark *mark)
{
    return (gen_step) {
        .id = mark->id, .title = mark->title, .summary = mark->summary,
        .group_at = mark->group_at, .figure_count = mark->figure_count
    };
}


/* HTML until it is closed, text for as long as the document is read. */
static void
share_html(gen_writer *w, gen_doc *doc)
{
    const gen_anchor     *anchors = sort_anchors(w);
    const gen_step_mark  *marks = gen_list_of(&w->desk->steps, gen_step_mark);
    size_t                hole = 0;
    size_t                intro_to = doc->step_count != 0
                                     ? marks[0].html_from : w->html->len;
    gen_buf              *out = &w->desk->whole;
    caplat_slice          text;
    size_t                at;

    gen_link_fill(w, 0, intro_to, &hole, anchors, out);
    doc->intro.len = out->len;

    for (uint32_t i = 0; i < doc->step_count; i++) {
        size_t  from = out->len;

        gen_link_fill(w, marks[i].html_from, marks[i].html_to, &hole, anchors,
                      out);
        doc->steps[i].html.len = out->len - from;
    }

    doc->html = gen_mem_copy(gen_buf_slice(out));
    text = gen_arena_copy(w->reader->scratch, gen_buf_slice(w->text));

    doc->intro.ptr = doc->html;
    at = doc->intro.len;

    for (uint32_t i = 0; i < doc->step_count; i++) {
        doc->steps[i].html.ptr = doc->html + at;
        doc->steps[i].text = gen_text_part(text, marks[i].text_from,
                                           marks[i].text_to);
        at += doc->steps[i].html.len;
    }
}


static void *
keep_list(const gen_writer *w, const gen_buf *list)
{
    void  *kept = gen_arena_take(w->reader->keep, list->len + 1);

    if (list->len != 0) {
        memcpy(kept, list->data, list->len);
    }

    return kept;
}


void
gen_shape_finish(gen_writer *w, gen_doc *doc)
{
    const gen_step_mark  *marks = gen_list_of(&w->desk->steps, gen_step_mark);

    doc->step_count = (uint32_t) gen_list_count(&w->desk->steps, gen_step_mark);
    doc->steps = gen_arena_take(w->reader->keep,
                                (doc->step_count + 1) * sizeof(gen_step));

    for (uint32_t i = 0; i < doc->step_count; i++) {
        doc->steps[i] = step_of(&marks[i]);
    }

    share_html(w, doc);
    share_anchors(w, doc);

    doc->groups = keep_list(w, &w->desk->groups);
    doc->group_count = (uint32_t) gen_list_count(&w->desk->groups, gen_group);
    doc->refs = keep_list(w, &w->desk->refs);
    doc->ref_count = (uint32_t) gen_list_count(&w->desk->refs, gen_ref);
    doc->mentions = keep_list(w, &w->desk->mentions);
    doc->mention_count = (uint32_t) gen_list_count(&w->desk->mentions,
                                                   gen_mention);
    doc->figure_count = w->figure_count;
}
