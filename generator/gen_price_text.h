/*
 * Quotes and refusals as lines for a terminal.
 */

#ifndef GEN_PRICE_TEXT_H
#define GEN_PRICE_TEXT_H

#include "caplat_quote.h"
#include "gen_mem.h"


/*
 * A row for each line of the quote, and the total: names flush left, amounts
 * flush right (a Han character takes two cells), reasons.
 */
void gen_price_put_quote(const caplat_tariff *tariff,
    const caplat_quote *quote, gen_buf *out);

/*
 * One line: the option to blame, what is wrong with it, what to do. err's
 * `at` counts in the question's text.
 */
void gen_price_put_refusal(const caplat_tariff *tariff, caplat_slice question,
    const caplat_err *err, gen_buf *out);


#endif /* GEN_PRICE_TEXT_H */
