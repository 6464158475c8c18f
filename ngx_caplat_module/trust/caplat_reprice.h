/*
 * The price of an order in the log, asked again of the card of its day.
 */

#ifndef CAPLAT_REPRICE_H
#define CAPLAT_REPRICE_H

#include "caplat_rates.h"
#include "caplat_record.h"


/*
 * Whether the card that the record names has its amount and lines for its
 * terms, choice and moment. Only of order.created.
 *
 * rates  of the record's id
 * why    on false, static words
 */
bool caplat_record_reprice(const caplat_record *record,
    const caplat_rates *rates, const char **why);


#endif /* CAPLAT_REPRICE_H */
