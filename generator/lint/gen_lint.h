/*
 * The editors' rules: what is no mistake of grammar and yet not how we write.
 *
 *   801  a word of content/words.txt            807  warnings in a step
 *   802  half-width punctuation                 808  a long sentence
 *   803  space beside 【】                       809  link words such as 这里
 *   804  ¥, or jiao without fen                 810  exclamation marks
 *   805  private data (an error)                811  no space at Latin words
 *   806  actions in a step                      812  ** without its pair
 *                                               813  a long title
 *
 * Prose is looked at line by line as it was written. Code, comments, links'
 * addresses and forms in braces are left alone; names in 【】 are those of the
 * system that they quote, so neither words nor spacing count in them, and the
 * same holds for what is drawn in a figure, though not for its caption, its
 * alt text and its legend. Private data is looked for everywhere.
 */

#ifndef GEN_LINT_H
#define GEN_LINT_H

#include "gen_reader.h"
#include "gen_terms.h"


/*
 * Report what the rules find in one source, which gen_front_read() has read.
 *
 * body_at  where gen_front_read() says that the body begins
 */
void gen_lint_source(const gen_reader *reader, const gen_source *source,
    gen_kind kind, size_t body_at);


#endif /* GEN_LINT_H */
