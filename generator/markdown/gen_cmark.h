/*
 * CommonMark becomes cmark's tree, all of it in an arena: cmark asks for many
 * small pieces, and giving each back costs as much as reading the text.
 */

#ifndef GEN_CMARK_H
#define GEN_CMARK_H

#include "gen_mem.h"

#include <cmark.h>


/*
 * Parse a text, bold beside Chinese punctuation put right (gen_emph.h). The
 * tree lives until arena is reset; nothing of it need be freed.
 */
cmark_node *gen_cmark_parse(gen_arena *arena, caplat_slice text);


#endif /* GEN_CMARK_H */
