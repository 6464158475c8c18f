/*
 * Money: fen in int64_t, from 0 to CAPLAT_FEN_MAX. No float, ever.
 */

#ifndef CAPLAT_MONEY_H
#define CAPLAT_MONEY_H

#include "caplat_slice.h"


/* A thousand million yuan: more than any order, exact in a JavaScript number,
   and small enough that sums of products fit. */
#define CAPLAT_FEN_MAX       INT64_C(100000000000)

#define CAPLAT_YUAN_LEN_MAX  12         /* bytes of "999999999.99" */

_Static_assert(CAPLAT_FEN_MAX < (INT64_C(1) << 53), "exact in a double");


/* How a fraction of a fen becomes a whole one. */
typedef enum { CAPLAT_ROUND_HALF_UP, CAPLAT_ROUND_UP, CAPLAT_ROUND_DOWN }
    caplat_round;


static inline bool
caplat_fen_valid(int64_t fen)
{
    return fen >= 0 && fen <= CAPLAT_FEN_MAX;
}


/* Both addends valid; false when the sum is not. */
static inline bool
caplat_fen_add(int64_t a, int64_t b, int64_t *sum)
{
    caplat_assert(caplat_fen_valid(a) && caplat_fen_valid(b));

    if (a > CAPLAT_FEN_MAX - b) {
        return false;
    }

    *sum = a + b;

    return true;
}


/* fen valid, count not negative; false when the product is not valid. */
static inline bool
caplat_fen_mul(int64_t fen, int64_t count, int64_t *product)
{
    caplat_assert(caplat_fen_valid(fen) && count >= 0);

    if (fen != 0 && count > CAPLAT_FEN_MAX / fen) {
        return false;
    }

    *product = fen * count;

    return true;
}


/* value / of as a whole number; value from 0 to 2^61, of from 1 to 2^31. */
int64_t caplat_fen_round(int64_t value, int64_t of, caplat_round how);

/*
 * Share total among count lines whose exact amounts are parts[i] / of.
 *
 * Each line gets its whole fen; what is left goes, a fen each, to the largest
 * fractions, the first of equals first. total must be the sum of the parts,
 * rounded by caplat_fen_round: then the fees add up to it, and a line without
 * a fraction gets no fen of it.
 */
void caplat_fen_share(int64_t total, const int64_t *parts, int64_t of,
    int64_t *fees, size_t count);

/* Yuan as 25, 25.5 or 25.00, no leading zero; up to CAPLAT_FEN_MAX. */
bool caplat_take_yuan(caplat_cursor *c, int64_t *fen);

/* Fen as yuan for people: "0", "50", "12.50"; returns the length. */
size_t caplat_fen_yuan(int64_t fen, char out[static CAPLAT_YUAN_LEN_MAX]);


#endif /* CAPLAT_MONEY_H */
