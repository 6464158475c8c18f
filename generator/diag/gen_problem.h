/*
 * One problem, and how it is written for people, programs and GitHub. Private
 * to gen_diag.c, which gathers and sorts them.
 */

#ifndef GEN_PROBLEM_H
#define GEN_PROBLEM_H

#include "gen_diag.h"


struct gen_problem {
    gen_problem       *next;
    const gen_source  *source;
    gen_span           span;
    gen_code           code;
    caplat_slice       words[GEN_WORDS_MAX];
    caplat_slice       near;
    size_t             row;             /* of the line, from 1 */
    caplat_slice       line;            /* without its end */
    gen_span           mark;            /* the span's part in this line */
};


typedef struct {
    gen_format         format;
    gen_lang           lang;
    bool               strict;
} gen_style;


/*
 * Add a problem to buf: in text and github with its line ends, in json as one
 * object.
 */
void gen_problem_write(gen_buf *buf, const gen_problem *problem,
    const gen_style *style);


#endif /* GEN_PROBLEM_H */
