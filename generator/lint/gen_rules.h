/*
 * The rules of gen_lint.h that look at the words of a line.
 */

#ifndef GEN_RULES_H
#define GEN_RULES_H

#include "gen_reader.h"


/* What goes on from line to line. Zero, but for the first three. */
typedef struct {
    gen_diags         *diags;
    const gen_source  *source;
    const gen_terms   *terms;

    size_t             sentence_at;     /* its first character */
    size_t             sentence_end;    /* behind its last one */
    size_t             sentence_len;    /* Han characters and Latin words */

    size_t             strong_count;    /* ** in this paragraph */
    size_t             strong_at;       /* the last one */

    bool               in_comment;      /* <!-- is still open */
} gen_rules;


/* Check a line of prose, or a part of one: text lies in the source. */
void gen_rules_line(gen_rules *rules, caplat_slice text);

/* A paragraph, heading, list item or cell ends here. */
void gen_rules_break(gen_rules *rules);

/* A full stop, or its like. */
void gen_rules_sentence(gen_rules *rules);

/* Han characters, or a Latin word, belong to the sentence: `count` of them. */
static inline void
gen_rules_add(gen_rules *rules, size_t at, size_t end, size_t count)
{
    if (rules->sentence_len == 0) {
        rules->sentence_at = at;
    }

    rules->sentence_len += count;
    rules->sentence_end = end;
}


/* Report a problem with a part of the source. */
void gen_rules_report(const gen_rules *rules, size_t at, size_t end,
    gen_code code, caplat_slice first, caplat_slice second);

/* The same; the words are two numbers. */
void gen_rules_count(const gen_rules *rules, size_t at, size_t end,
    gen_code code, size_t count, size_t most);


#endif /* GEN_RULES_H */
