/*
 * Drawn figures: a screen of another system, redrawn from the site's parts.
 *
 *   ```figure ca-list                  the id, unique in the document
 *   alt: what a screen reader says     required
 *   caption: CA 管理                    required
 *   tabs: a | [b] | c~                 [b] is the current one
 *   head: a | b~                       a table's head, and its rows: a column
 *   row: 1 | 2                         whose head ends in ~ hides when narrow
 *   title: words                       a line of its own; so are text, warn
 *   field: name = value                also input, and total at the end
 *   check: [x] name | words            [x] ticked, [ ] not, [-] held
 *   radio: (x) a | ( ) b
 *   buttons: a | *b                    *b is the main one
 *   menu: a | b
 *   steps: *1 a | 2 b                  *1 is the current one
 *   1: words                           explains mark 1
 *   ```
 *
 * An item that begins with "!1 " has mark 1. Every mark is explained, and
 * every explanation has its mark. The drawing is one image to whoever cannot
 * see it: nothing in it can take the focus.
 */

#ifndef GEN_FIGURE_H
#define GEN_FIGURE_H

#include "gen_fence.h"


void gen_figure_write(gen_writer *w, const gen_fence *fence);


#endif /* GEN_FIGURE_H */
