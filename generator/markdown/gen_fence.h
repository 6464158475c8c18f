/*
 * A fenced block and its lines, with their places in the source.
 */

#ifndef GEN_FENCE_H
#define GEN_FENCE_H

#include "gen_writer.h"

#include <cmark.h>


typedef struct {
    caplat_slice     kind;              /* the first word behind the fence */
    caplat_slice     title;             /* the other words */
    size_t           title_at;
    caplat_slice     text;
    gen_span         span;              /* the line of the fence */
    size_t           line;              /* the same, of the body */
} gen_fence;


/* A walk over the lines of a block. */
typedef struct {
    const gen_place *place;
    caplat_slice     text;
    size_t           at;                /* in text */
    size_t           line;              /* of the body */
} gen_fence_lines;


/* A line of a block, or a part of one. */
typedef struct {
    caplat_slice     words;
    size_t           at;                /* in the source */
} gen_words;


gen_fence gen_fence_read(gen_writer *w, cmark_node *node);

/* Warn of a fence that is still open where the text ends. */
void gen_fence_check(const gen_writer *w, const gen_fence *fence);

gen_fence_lines gen_fence_walk(const gen_writer *w, const gen_fence *fence);

/* The next line that is not blank, trimmed; false at the end. */
bool gen_fence_next(gen_fence_lines *lines, gen_words *line);

/* The next part of a line, parted by `mark` but not by \mark; trimmed. */
bool gen_fence_part(gen_words *rest, char mark, gen_words *part);

/* Cut "key: value" or "key = value" in two, both trimmed. */
bool gen_fence_pair(gen_words line, caplat_slice mark, gen_words *key,
    gen_words *value);


static inline gen_span
gen_words_span(gen_words words)
{
    return gen_span_of(words.at, words.words.len);
}


/* Without the first `len` bytes, trimmed. */
gen_words gen_words_after(gen_words words, size_t len);


#endif /* GEN_FENCE_H */
