/*
 * Tables, and examples of prices.
 *
 *   ```table Caption                  ```price Caption
 *   Head | Head>                      city: 210700
 *   Cell | Cell                       held: ln-tender, ln-resource
 *   ```                               months: 12
 *                                     add: jinzhou = 0
 *                                     add: jinzhou, anshan = 50
 *                                     ```
 *
 * A head that ends in > makes a column of numbers. Cells are Markdown; \| is
 * a bar. The keys of a price block are those of caplat_price.h; each `add`
 * becomes a row, and its amount must be what the core makes of it.
 */

#ifndef GEN_TABLE_H
#define GEN_TABLE_H

#include "gen_fence.h"


void gen_table_write(gen_writer *w, const gen_fence *fence);
void gen_table_prices(gen_writer *w, const gen_fence *fence);

/*
 * Warn of a table with pipes, as other Markdown has it, in a paragraph from
 * line `first` to line `last`: here it is plain text.
 */
void gen_table_piped(const gen_writer *w, size_t first, size_t last);

/* Report a row that has not as many cells as the head. */
void gen_table_ragged(const gen_writer *w, gen_span span, size_t count,
    size_t columns);


#endif /* GEN_TABLE_H */
