/*
 * Days as text: YYYY-MM-DD, which orders by bytes.
 */

#ifndef GEN_DAY_H
#define GEN_DAY_H

#include "caplat_date.h"
#include "gen_mem.h"


caplat_slice gen_day_of(gen_arena *keep, caplat_date date);

/* The day `days` after a valid one; empty when `day` is. */
caplat_slice gen_day_after(gen_arena *keep, caplat_slice day, int32_t days);


#endif /* GEN_DAY_H */
