/*
 * The price of adding platforms to a certificate.
 *
 * The base is bought once per certificate term, with the first platform of
 * any class, and is not prorated; whoever holds a platform has bought it.
 * A platform that the base covers costs nothing; any other costs what the
 * first matching rule says, for the time that the certificate still runs.
 *
 * Amounts are exact fractions of a fen until the total is rounded, once. The
 * lines then share the total by largest remainder (ties by the card's order),
 * so that they add up. Each line says why it costs what it costs.
 *
 * The law of two steps. Whoever can buy A and B at once can buy A and then,
 * on the same day, B, with A held and the base paid. Let a and b be the exact
 * amounts of the two steps. Then a + b is the exact amount at once, and the
 * two totals differ from the one by no more than rounding does:
 *
 *   a or b is a whole number of fen   by nothing
 *   else, round up                    by nothing or a fen more
 *   else, round down                  by nothing or a fen less
 *   else, round half-up               by at most a fen, more or less
 */

#ifndef CAPLAT_QUOTE_H
#define CAPLAT_QUOTE_H

#include "caplat_tariff.h"


#define CAPLAT_CHOICE_MAX  32           /* platforms in one order */


typedef enum { CAPLAT_BASE_BY_HELD, CAPLAT_BASE_DUE, CAPLAT_BASE_PAID }
    caplat_base;


/* Without `until` and months it has expired, unless the card never asks. */
typedef struct {
    uint32_t         region;            /* where the enterprise is registered */
    caplat_base      base;              /* BY_HELD: paid when any is held */
    size_t           held[CAPLAT_PLATFORMS_MAX];    /* indices, no order */
    size_t           held_count;
    caplat_date      until;             /* last valid day; zero: see months */
    uint32_t         months;            /* left, from the day of the quote */
    caplat_slice     vendor;            /* empty when not known */
    caplat_slice     lock;
    caplat_slice     certificate;       /* its kind */
} caplat_certificate;


typedef struct {
    size_t           platform_at;       /* CAPLAT_ANY: the base */
    int64_t          fee_fen;
    caplat_slice     name;
    caplat_slice     reason;            /* of the base, the cover or rule */
    bool             is_prorated;       /* a price per year, not free */
    uint32_t         units;             /* charged then; else 0 */
} caplat_line;


typedef struct {
    caplat_line      lines[CAPLAT_CHOICE_MAX + 1];  /* base first, then by */
    size_t           line_count;                    /* the card's order */
    int64_t          total_fen;
} caplat_quote;


/* What a platform costs by itself, before the time is counted. */
typedef struct {
    bool             is_covered;        /* by the base, and free then */
    bool             per_year;
    int64_t          price_fen;
    caplat_slice     reason;
} caplat_rate;

/*
 * Of the certificate only where it is registered, vendor, lock and kind
 * matter. Whether the card is valid on that day, or the platform open, is not
 * asked.
 */
caplat_rate caplat_quote_rate(const caplat_tariff *tariff,
    const caplat_certificate *certificate, size_t platform_at,
    caplat_date day);


/*
 * Price a choice.
 *
 * choice  indices into the tariff's platforms, in any order
 * day     the day of the quote
 * quote   borrows from tariff; untouched on false
 * err     NOTHING_CHOSEN, TOO_MANY, CARD_NOT_VALID, CERTIFICATE_EXPIRED,
 *         TERM_TOO_LONG, VENDOR_NOT_SERVED, DUPLICATE, PLATFORM_HELD,
 *         PLATFORM_PAUSED, PLATFORM_CLOSED, TOTAL_TOO_LARGE, checked in this
 *         order, whatever the order of the choice. `at` is an index in choice
 *         for DUPLICATE (the second of two), PLATFORM_HELD, PLATFORM_PAUSED
 *         and PLATFORM_CLOSED; else 0. `what` is the key of caplat_question.h
 *         that is to blame
 */
bool caplat_quote_make(const caplat_tariff *tariff,
    const caplat_certificate *certificate, const size_t *choice, size_t count,
    caplat_date day, caplat_quote *quote, caplat_err *err);


#endif /* CAPLAT_QUOTE_H */
