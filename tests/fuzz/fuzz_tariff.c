/*
 * A rate card that the reader takes has one way to be written: writing it
 * again gives the same bytes. One that it refuses has a fault within it.
 */

#include "caplat_tariff.h"

#include "../unit/card_write.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static caplat_tariff  tariff;
    static char           again[2 * CAPLAT_RATES_LEN_MAX];

    caplat_slice  text = caplat_slice_of((const char *) data, size);
    caplat_err    err;

    if (caplat_tariff_parse(text, &tariff, &err)) {
        caplat_assert(caplat_slice_eq(text, card_write(&tariff, again,
                                                       sizeof(again))));

    } else {
        caplat_assert(err.code != CAPLAT_OK && err.at <= size);
    }

    return 0;
}
