/*
 * Compressed siblings: FILE.gz by zlib at 9, FILE.br by brotli with a window
 * that fits the text (its default of 4 MB costs ten times the time on a page:
 * the table is cleared on each call).
 */

#ifndef GEN_PRESS_H
#define GEN_PRESS_H

#include "gen_mem.h"


/* Whether a file of that name gains from it: text and wasm. */
bool gen_press_worth(caplat_slice path);

void gen_press_gzip(caplat_slice text, gen_buf *out);

/* quality: 9 for a quick build, 11 for a release */
void gen_press_brotli(caplat_slice text, int quality, gen_buf *out);


#endif /* GEN_PRESS_H */
