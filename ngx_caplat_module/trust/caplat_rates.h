/*
 * A rate card as a server holds it: the bytes, what they mean, and their id.
 */

#ifndef CAPLAT_RATES_H
#define CAPLAT_RATES_H

#include "caplat_hash.h"
#include "caplat_tariff.h"


typedef struct {
    caplat_tariff   tariff;             /* borrows the bytes */
    char            id[CAPLAT_HEX_LEN]; /* SHA-256 of the bytes */
    bool            is_dated;           /* the same months cost something
                                           else, or nothing at all, on some
                                           other day */
} caplat_rates;


/*
 * Read a card; rates borrows text.
 *
 * rates  on false it means nothing
 * err    see caplat_tariff_parse
 */
bool caplat_rates_read(caplat_slice text, caplat_rates *rates,
    caplat_err *err);


#endif /* CAPLAT_RATES_H */
