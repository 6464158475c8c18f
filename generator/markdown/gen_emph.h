/*
 * Bold beside Chinese punctuation.
 *
 * CommonMark 0.30, 6.2 looks at the characters beside a delimiter, and takes
 * Chinese for a language with blanks: in **提示：**如 the second ** has
 * punctuation before and a letter behind it, so it may not close; in
 * 点击**【确定】**按钮 the first may not open. An HTML comment on the outer
 * side of such a ** counts as punctuation and makes it do what it should.
 */

#ifndef GEN_EMPH_H
#define GEN_EMPH_H

#include "caplat_slice.h"

#include <cmark.h>


/*
 * The comment. Text that gen_front_read() let through has no control
 * characters, so nobody else can have written it.
 */
#define GEN_EMPH_BYTE  '\001'
#define GEN_EMPH_MARK  "<!--\001-->"


/*
 * Feed text to the parser with the comments that it needs. Lines stay lines.
 * Fenced code gets none; in other code the mark may be left: take it out with
 * gen_emph_take().
 */
void gen_emph_feed(cmark_parser *parser, caplat_slice text);

/* Take the next run without a mark off the front of text; false at its end. */
bool gen_emph_take(caplat_slice *text, caplat_slice *run);


#endif /* GEN_EMPH_H */
