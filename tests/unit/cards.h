/*
 * Rate cards that several tests ask: the files of tests/parity/cards, read
 * from the root of the project, where tests run.
 */

#ifndef CARDS_H
#define CARDS_H

#include "caplat_tariff.h"

#include "test.h"

#include <stdio.h>


typedef struct {
    char            text[CAPLAT_RATES_LEN_MAX];
    caplat_tariff   tariff;
} card;


/* Read tests/parity/cards/NAME.txt; false, and a failed check, without it. */
static inline bool
card_read(const char *name, card *read)
{
    char        path[128];
    FILE       *file;
    size_t      len;
    caplat_err  err;

    (void) snprintf(path, sizeof(path), "tests/parity/cards/%s.txt", name);
    file = fopen(path, "rb");

    if (file == NULL) {
        return test_that(false, path);
    }

    len = fread(read->text, 1, sizeof(read->text), file);
    (void) fclose(file);

    return test_that(caplat_tariff_parse(caplat_slice_of(read->text, len),
                                         &read->tariff, &err), path);
}


#endif /* CARDS_H */
