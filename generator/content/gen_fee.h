/*
 * Prices as pages state them: the core's quotes for the cases that people
 * ask about.
 */

#ifndef GEN_FEE_H
#define GEN_FEE_H

#include "caplat_quote.h"
#include "gen_model.h"


/* A certificate for which a platform is priced. */
typedef enum {
    GEN_FEE_OTHER,                      /* base paid, registered elsewhere */
    GEN_FEE_REGISTERED,                 /* base paid, registered here */
} gen_fee_case;


typedef struct {
    int64_t        fen;                 /* for a full year */
    bool           per_year;
    caplat_slice   reason;
} gen_fee;


/*
 * What the tariff says, as caplat_quote_make does, whether or not a platform
 * can be added today: a pause is made in a hurry, and must not stop the pages
 * that explain its price.
 */
bool gen_fee_quote(const gen_catalogue *catalogue,
    const caplat_certificate *certificate, const size_t *choice,
    size_t choice_count, caplat_date day, caplat_quote *quote,
    caplat_err *err);

/*
 * What one platform costs. A paused one is priced as if it were open: the
 * price list names it too.
 *
 * False when the core refuses (the card is not valid on that day).
 */
bool gen_fee_of(const gen_catalogue *catalogue, size_t platform_at,
    gen_fee_case which, caplat_date day, gen_fee *fee);


#endif /* GEN_FEE_H */
