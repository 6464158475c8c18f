/*
 * The inside of a figure, line by line (the lines are told in gen_figure.h).
 */

#ifndef GEN_DRAW_H
#define GEN_DRAW_H

#include "gen_item.h"


/* A drawing under way. */
typedef struct {
    gen_writer     *w;
    bool            inside;             /* within <div class="shot-in"> */
    bool            table;              /* within <tbody> */
    size_t          columns;            /* of the table; 0: it has no head */
    uint64_t        narrow;             /* columns that hide */
    gen_marks       marks;
} gen_draw;


/* Draw one line; false when there is no such line. */
bool gen_draw_line(gen_draw *draw, gen_words key, gen_words value);

void gen_draw_end(gen_draw *draw);

#endif /* GEN_DRAW_H */
