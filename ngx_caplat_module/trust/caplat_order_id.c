#include "caplat_record.h"


#define DAY_LEN     8
#define DIGITS_MIN  6                   /* of a number */


/* `20261126`. */
static bool
take_day(caplat_cursor *c)
{
    char           text[CAPLAT_DATE_LEN];
    caplat_writer  w = caplat_writer_of(text, sizeof(text));
    caplat_date    day;

    if (caplat_cursor_left(c) < DAY_LEN) {
        return false;
    }

    caplat_put(&w, caplat_slice_of(c->at, 4));
    caplat_put(&w, CAPLAT_LIT("-"));
    caplat_put(&w, caplat_slice_of(c->at + 4, 2));
    caplat_put(&w, CAPLAT_LIT("-"));
    caplat_put(&w, caplat_slice_of(c->at + 6, 2));
    c->at += DAY_LEN;

    return caplat_date_parse(caplat_written(&w), &day);
}


bool
caplat_order_number(caplat_slice id, uint64_t *number)
{
    caplat_cursor  c = caplat_cursor_of(id);
    size_t         digits;
    uint64_t       value;

    while (caplat_cursor_left(&c) != 0 && *c.at >= 'A' && *c.at <= 'Z') {
        c.at++;
    }

    if (caplat_cursor_at(&c) == 0
        || caplat_cursor_at(&c) > CAPLAT_PREFIX_LEN_MAX || !take_day(&c))
    {
        return false;
    }

    digits = caplat_cursor_left(&c);

    /* Zeros in front fill it up to six digits, and no further. */
    if (digits < DIGITS_MIN || (digits > DIGITS_MIN && *c.at == '0')) {
        return false;
    }

    while (caplat_cursor_left(&c) > 1 && *c.at == '0') {
        c.at++;
    }

    if (!caplat_take_uint(&c, CAPLAT_TREE_SIZE_MAX, &value) || value == 0
        || caplat_cursor_left(&c) != 0)
    {
        return false;
    }

    *number = value;

    return true;
}


void
caplat_order_id_write(caplat_writer *w, caplat_slice prefix, caplat_date day,
    uint64_t number)
{
    char  text[CAPLAT_DATE_LEN];

    caplat_date_write(day, text);

    caplat_put(w, prefix);
    caplat_put(w, caplat_slice_of(text, 4));
    caplat_put(w, caplat_slice_of(text + 5, 2));
    caplat_put(w, caplat_slice_of(text + 8, 2));

    for (uint64_t least = 100000; least > number && least > 1; least /= 10) {
        caplat_put(w, CAPLAT_LIT("0"));
    }

    caplat_put_number(w, number);
}
