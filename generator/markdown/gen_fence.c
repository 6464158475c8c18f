#include "gen_fence.h"

#include "gen_text.h"
#include "gen_tree.h"


gen_fence
gen_fence_read(gen_writer *w, cmark_node *node)
{
    caplat_slice  info = gen_text_trim(gen_tree_info(node));
    size_t        line = gen_place_block(&w->place,
                                         cmark_node_get_start_line(node));
    caplat_slice  words = gen_text_trim(gen_place_words(&w->place, line));
    const char   *blank = info.len != 0 ? memchr(info.ptr, ' ', info.len)
                                        : NULL;
    size_t        len = blank != NULL ? (size_t) (blank - info.ptr)
                                      : info.len;
    gen_fence     fence = {
        .kind = gen_text_part(info, 0, len),
        .title = gen_text_trim(gen_text_part(info, len, info.len)),
        .text = gen_tree_literal(node),
        .span = gen_span_of(gen_place_of(&w->place, words.ptr), words.len),
        .line = line
    };

    (void) gen_place_find(&w->place, fence.kind);
    fence.title_at = gen_place_find(&w->place, fence.title);

    return fence;
}


/* The ``` or ~~~ with which a line begins, behind > and the like. */
static caplat_slice
take_marks(caplat_slice line)
{
    size_t  from = 0;
    size_t  to;

    while (from < line.len && line.ptr[from] != '`' && line.ptr[from] != '~') {
        from++;
    }

    to = from;

    while (to < line.len && line.ptr[to] == line.ptr[from]) {
        to++;
    }

    return gen_text_part(line, from, to);
}


void
gen_fence_check(const gen_writer *w, const gen_fence *fence)
{
    caplat_slice  source = w->source->text;
    caplat_slice  marks = take_marks(gen_text_part(source, fence->span.at,
                                         fence->span.at + fence->span.len));
    size_t        line = fence->line + 1;
    caplat_slice  last;

    for (size_t i = 0; i < fence->text.len; i++) {
        line += fence->text.ptr[i] == '\n';
    }

    last = take_marks(gen_text_trim(gen_place_words(&w->place, line)));

    if (marks.len != 0 && !gen_text_begins(last, marks)) {
        gen_writer_report(w, fence->span, GEN_LINT_FENCE_OPEN,
                          GEN_WORDS(marks), caplat_slice_of("", 0));
    }
}


gen_fence_lines
gen_fence_walk(const gen_writer *w, const gen_fence *fence)
{
    return (gen_fence_lines) { &w->place, fence->text, 0, fence->line };
}


/* What stands before a line in the source, cmark has taken off. */
static size_t
line_place(const gen_fence_lines *lines, caplat_slice line)
{
    caplat_slice  source = gen_place_words(lines->place, lines->line);
    size_t        from = gen_place_of(lines->place, source.ptr);

    return line.len <= source.len ? from + source.len - line.len : from;
}


bool
gen_fence_next(gen_fence_lines *lines, gen_words *line)
{
    caplat_slice  whole;
    caplat_slice  words;

    while (gen_text_line(lines->text, &lines->at, &whole)) {
        lines->line++;
        words = gen_text_trim(whole);

        if (words.len != 0) {
            *line = (gen_words) {
                words, line_place(lines, whole) + (size_t) (words.ptr
                                                            - whole.ptr)
            };
            return true;
        }
    }

    return false;
}


gen_words
gen_words_after(gen_words words, size_t len)
{
    caplat_slice  rest = gen_text_trim(gen_text_part(words.words, len,
                                                     words.words.len));

    return (gen_words) {
        rest, words.at + (size_t) (rest.ptr - words.words.ptr)
    };
}


static gen_words
words_until(gen_words words, size_t len)
{
    caplat_slice  part = gen_text_trim(gen_text_part(words.words, 0, len));

    return (gen_words) {
        part, words.at + (size_t) (part.ptr - words.words.ptr)
    };
}


bool
gen_fence_part(gen_words *rest, char mark, gen_words *part)
{
    caplat_slice  text = rest->words;
    size_t        len = 0;

    if (text.ptr == NULL) {
        return false;
    }

    while (len < text.len && text.ptr[len] != mark) {
        len += text.ptr[len] == '\\' && len + 1 < text.len ? 2 : 1;
    }

    *part = words_until(*rest, len);
    *rest = len < text.len ? gen_words_after(*rest, len + 1)
                           : (gen_words) { { NULL, 0 }, 0 };

    return true;
}


bool
gen_fence_pair(gen_words line, caplat_slice mark, gen_words *key,
    gen_words *value)
{
    size_t  at;

    if (!gen_text_find(line.words, mark, &at)) {
        return false;
    }

    *key = words_until(line, at);
    *value = gen_words_after(line, at + mark.len);

    return true;
}
