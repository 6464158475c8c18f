/*
 * A price per year, for the time that a certificate still runs: the line of
 * the rate card that says how, and the count of units.
 */

#ifndef CAPLAT_PRORATE_H
#define CAPLAT_PRORATE_H

#include "caplat_field.h"
#include "caplat_tariff.h"


#define CAPLAT_UNITS_MAX  36525         /* CAPLAT_MONTHS_MAX in days */


/* The line `prorate ...` of caplat_tariff.h. */
bool caplat_prorate_read(caplat_fields *f, caplat_tariff *tariff);

/*
 * The units from day to until, both included, that the card charges of a
 * price per year; the card prorates, and there are at most CAPLAT_MONTHS_MAX
 * months from day to until.
 */
uint32_t caplat_prorate_units(const caplat_tariff *tariff, caplat_date day,
    caplat_date until);


#endif /* CAPLAT_PRORATE_H */
