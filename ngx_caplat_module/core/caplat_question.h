/*
 * A question for a price, as text: a query string of these keys, each at most
 * once, in any order, joined by `&`; values are never percent-encoded:
 *
 *   city=CODE      six digits: where the enterprise is registered; required
 *   held=ID,ID     platforms on the certificate; absent or empty when none
 *   add=ID,ID      platforms chosen
 *   months=N       1..CAPLAT_MONTHS_MAX, 0 when it has expired; or
 *   until=DAY      the certificate's last valid day; one of the two, unless
 *                  the card does not prorate
 *   day=DAY        the day of the quote; required
 *   base=due|paid  absent: paid when any platform is held
 *   vendor=NAME lock=NAME certificate=NAME
 */

#ifndef CAPLAT_QUESTION_H
#define CAPLAT_QUESTION_H

#include "caplat_quote.h"


#define CAPLAT_QUESTION_LEN_MAX  16384  /* bytes: all ids of a card, held */


typedef struct {
    caplat_certificate  certificate;
    size_t              choice[CAPLAT_CHOICE_MAX];
    size_t              choice_count;
    caplat_date         day;

    /* Where they stand in the text, for who is told why it is refused. */
    size_t              choice_at[CAPLAT_CHOICE_MAX];
    size_t              add_at;
    size_t              term_at;        /* months or until */
    size_t              day_at;
    size_t              vendor_at;
} caplat_question;


/*
 * Read a question; it borrows text.
 *
 * question  untouched on false
 * err       `at` is the offset of the value that is wrong, the text's end
 *           when a key is missing: TOO_LARGE (the text is longer than
 *           CAPLAT_QUESTION_LEN_MAX, which `at` is), UNKNOWN_KEY (`at` is
 *           where a key should stand), TWICE (the second value), MISSING_KEY,
 *           NOT_A_REGION, NOT_A_DATE, NOT_A_NUMBER, TERM_TOO_LONG (months),
 *           CERTIFICATE_EXPIRED (no month left), NOT_ONE_OF, NOT_A_NAME,
 *           TOO_MANY, UNKNOWN_PLATFORM, DUPLICATE (held twice)
 */
bool caplat_question_parse(const caplat_tariff *tariff, caplat_slice text,
    caplat_question *question, caplat_err *err);

/*
 * The offset in the question's text of what caplat_quote_make refused; err is
 * as that left it.
 */
size_t caplat_question_place(const caplat_question *question,
    const caplat_err *err);


#endif /* CAPLAT_QUESTION_H */
