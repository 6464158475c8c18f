#include "caplat_rates.h"


/* The card ends, a rule begins or ends, or months are counted in days. */
static bool
is_dated(const caplat_tariff *tariff)
{
    if (caplat_date_given(tariff->until) || tariff->unit == CAPLAT_UNIT_DAY) {
        return true;
    }

    for (size_t i = 0; i < tariff->rule_count; i++) {
        if (caplat_date_given(tariff->rules[i].from)
            || caplat_date_given(tariff->rules[i].until))
        {
            return true;
        }
    }

    return false;
}


bool
caplat_rates_read(caplat_slice text, caplat_rates *rates, caplat_err *err)
{
    if (!caplat_tariff_parse(text, &rates->tariff, err)) {
        return false;
    }

    caplat_sha256_hex(text, rates->id);
    rates->is_dated = is_dated(&rates->tariff);

    return true;
}
