/*
 * A walk over a line of prose, and the rules for what stands at one place of
 * it. Private to gen_rules.c.
 */

#ifndef GEN_SCAN_H
#define GEN_SCAN_H

#include "gen_rules.h"
#include "gen_text.h"


/* What stood before: spacing and punctuation go by their neighbours. */
typedef enum {
    GEN_BEFORE_NOTHING,                 /* the line has only begun */
    GEN_BEFORE_HAN,
    GEN_BEFORE_LATIN,
    GEN_BEFORE_BLANK,
    GEN_BEFORE_WIDE,                    /* full-width punctuation */
    GEN_BEFORE_OTHER
} gen_before;


typedef struct {
    gen_rules     *rules;
    caplat_slice   text;                /* the source up to the line's end */
    size_t         at;
    gen_before     before;
    size_t         blank_at;            /* when a blank is before */
    size_t         link_at;             /* behind the last [, 0: none */
    size_t         term_end;            /* behind the last wrong word */
    bool           quoted;              /* a " is open */
} gen_scan;


static inline uint32_t
gen_scan_peek(const gen_scan *s, size_t at)
{
    return gen_text_peek(s->text, at);
}


/* Move past what the reader does not see as words. */
static inline void
gen_scan_skip(gen_scan *s, size_t at)
{
    s->at = at;
    s->before = GEN_BEFORE_OTHER;
}


#define GEN_MARKUP_MAX  1000            /* bytes that a name, form, link or */
                                        /* code span may have; also keeps */
                                        /* the walk linear */

/* The first `what` in this line, at most GEN_MARKUP_MAX bytes behind `from`. */
bool gen_scan_find(const gen_scan *s, size_t from, caplat_slice what,
    size_t *at);


/* Each looks at what stands at s->at and moves behind it. */
void gen_scan_word(gen_scan *s);        /* Latin letters and digits */
void gen_scan_stop(gen_scan *s);        /* , . : ; ? ( ) */
void gen_scan_quote(gen_scan *s);       /* " */
void gen_scan_bang(gen_scan *s);        /* ! */
void gen_scan_name(gen_scan *s);        /* 【 */

/* Report a wrong word, if one begins at s->at; stays there. */
void gen_scan_term(gen_scan *s, uint32_t first);


#endif /* GEN_SCAN_H */
