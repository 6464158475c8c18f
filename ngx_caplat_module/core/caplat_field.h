/*
 * Takes the fields of a rate card's lines, one after the other, and says what
 * is wrong with the first that is not as it should be.
 *
 * Fields are parted by one space; the last of a line ends with LF. A take
 * moves the cursor only when it succeeds; on false err is filled.
 */

#ifndef CAPLAT_FIELD_H
#define CAPLAT_FIELD_H

#include "caplat_date.h"
#include "caplat_err.h"
#include "caplat_slice.h"
#include "caplat_text.h"


typedef struct {
    caplat_cursor   c;
    caplat_err     *err;
} caplat_fields;


/* Fill err with a place in the text; always false. */
bool caplat_fields_fail(const caplat_fields *f, caplat_code code,
    const char *place, const char *what);

/* What a line must begin with where no other line may stand. */
bool caplat_fields_key(caplat_fields *f, caplat_slice key, const char *what);

/*
 * Each of these takes a field and its end, ' ' or '\n'; `what` names it.
 *
 * raw     any bytes          number  see caplat_number_read
 * name    see caplat_text.h  one_of  at: which of count names it is
 */
bool caplat_fields_raw(caplat_fields *f, char end, const char *what,
    caplat_slice *field);
bool caplat_fields_name(caplat_fields *f, char end, const char *what,
    caplat_slice *name);
bool caplat_fields_number(caplat_fields *f, char end, uint64_t max,
    const char *what, uint64_t *number);
bool caplat_fields_day(caplat_fields *f, char end, const char *what,
    caplat_date *day);
bool caplat_fields_one_of(caplat_fields *f, char end,
    const caplat_slice *names, size_t count, const char *what, size_t *at);

/* Money, and the space behind it. */
bool caplat_fields_fen(caplat_fields *f, const char *what, int64_t *fen);

/* The rest of the line. */
bool caplat_fields_words(caplat_fields *f, const char *what,
    caplat_slice *words);

/* Nothing is taken: false when until is given and before from. */
bool caplat_fields_term(const caplat_fields *f, caplat_date from,
    caplat_date until, const char *place, const char *what);


#endif /* CAPLAT_FIELD_H */
