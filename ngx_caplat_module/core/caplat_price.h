/*
 * A price as text: one question (caplat_question.h), one answer, the same
 * bytes in every host.
 *
 * The answer is JSON without blanks, members in this order, UTF-8 as in the
 * card (\" \\ escaped; the card has no control characters):
 *
 *   {"card":ID,"total_fen":N,"lines":[{"platform":ID,"name":WORDS,
 *    "fee_fen":N,"reason":WORDS},...]}          platform is null for the base
 *   {"card":ID,"error":CODE,"at":N,"what":WORDS}
 *                                 CODE a name of the error table; `at` is the
 *                                 byte offset in the question
 */

#ifndef CAPLAT_PRICE_H
#define CAPLAT_PRICE_H

#include "caplat_question.h"
#include "caplat_write.h"


#define CAPLAT_ANSWER_LEN_MAX  49152

/* A line's reason: the card's, the prorate words, the digits of {n}. */
#define CAPLAT_REASON_LEN_MAX  (2 * CAPLAT_WORDS_LEN_MAX + 16)


/*
 * Read a question and price it.
 *
 * quote  borrows from tariff; untouched on false
 * err    see caplat_question_parse and caplat_quote_make; `at` counts in text
 */
bool caplat_price_quote(const caplat_tariff *tariff, caplat_slice text,
    caplat_quote *quote, caplat_err *err);

/*
 * Ask and answer, refusals included: the whole way for a host that has text.
 *
 * Returns the length of the answer, at most CAPLAT_ANSWER_LEN_MAX.
 */
size_t caplat_price_answer(const caplat_tariff *tariff, caplat_slice text,
    char answer[static CAPLAT_ANSWER_LEN_MAX]);

/* The same of a question that has been priced: the whole answer. */
void caplat_price_write_answer(caplat_writer *w, const caplat_tariff *tariff,
    const caplat_quote *quote);

/*
 * The members of an answer that a quote fills: "total_fen":N,"lines":[...],
 * at most CAPLAT_ANSWER_LEN_MAX bytes of them.
 */
void caplat_price_write(caplat_writer *w, const caplat_tariff *tariff,
    const caplat_quote *quote);

/* The list of those alone: [...]. */
void caplat_price_write_lines(caplat_writer *w, const caplat_tariff *tariff,
    const caplat_quote *quote);

/*
 * A line's full reason, never empty, returns its length: the card's, and
 * behind it the prorate words when it is charged for more or less than a year.
 */
size_t caplat_line_reason(const caplat_tariff *tariff,
    const caplat_line *line, char out[static CAPLAT_REASON_LEN_MAX]);


#endif /* CAPLAT_PRICE_H */
