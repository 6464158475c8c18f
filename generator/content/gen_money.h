/*
 * Money as editors write it and as messages say it.
 */

#ifndef GEN_MONEY_H
#define GEN_MONEY_H

#include "gen_mem.h"


#define GEN_MONEY_NONE  INT64_C(-1)


/*
 * "1,000", "12.5" and "12.50" as fen.
 *
 * GEN_MONEY_NONE when it is no number, has a fraction of a fen, or is more
 * than CAPLAT_FEN_MAX.
 */
int64_t gen_money_read(caplat_slice number);

/* "50 元", "12.50 元", in the arena. */
caplat_slice gen_money_words(gen_arena *arena, int64_t fen);


#endif /* GEN_MONEY_H */
