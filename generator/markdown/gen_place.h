/*
 * Where a piece of the tree stands in its file.
 *
 * cmark tells on which line a block begins; its columns cannot be relied on.
 * So whoever walks the tree walks the source along with it: each text, piece
 * of code and link is looked for from where the one before it ended.
 */

#ifndef GEN_PLACE_H
#define GEN_PLACE_H

#include "gen_mem.h"


typedef struct {
    caplat_slice     text;              /* the whole file */
    const uint32_t  *lines;             /* where each line of the body begins */
    size_t           line_count;
    size_t           first;             /* the line that cmark calls 1 */
    size_t           at;                /* all before it is placed */
    bool             has_cr;
} gen_place;


/* Find the lines, which end as cmark ends them: \n, \r\n or \r. */
void gen_place_open(gen_place *place, gen_arena *scratch, caplat_slice text,
    size_t body_at);

/* Offset of a line of the body, from 0; behind the last one the text's end. */
size_t gen_place_line(const gen_place *place, size_t line);

/* A line without its end. */
caplat_slice gen_place_words(const gen_place *place, size_t line);

/* Go to the line that cmark calls `line`; returns its number in the body. */
size_t gen_place_block(gen_place *place, int line);

/* Go to the next line. */
void gen_place_newline(gen_place *place);

/*
 * Find words and go behind them; returns where they begin. When they are not
 * found it stays, and returns where it is.
 */
size_t gen_place_find(gen_place *place, caplat_slice words);

/*
 * The same for a text of the tree, in which the source may have backslashes
 * and entities.
 */
size_t gen_place_text(gen_place *place, caplat_slice text);

/* Where the first `len` bytes of a text that begins at `at` end. */
size_t gen_place_within(const gen_place *place, size_t at, caplat_slice text,
    size_t len);

/* Offset in the file of a part of its text. */
static inline size_t
gen_place_of(const gen_place *place, const char *ptr)
{
    return (size_t) (ptr - place->text.ptr);
}


#endif /* GEN_PLACE_H */
