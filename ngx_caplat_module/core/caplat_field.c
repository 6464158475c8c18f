#include "caplat_field.h"

#include "caplat_money.h"


bool
caplat_fields_fail(const caplat_fields *f, caplat_code code,
    const char *place, const char *what)
{
    return caplat_fail(f->err, code, (size_t) (place - f->c.start), what);
}


bool
caplat_fields_key(caplat_fields *f, caplat_slice key, const char *what)
{
    return caplat_take_literal(&f->c, key)
        || caplat_fields_fail(f, CAPLAT_MISSING_KEY, f->c.at, what);
}


bool
caplat_fields_raw(caplat_fields *f, char end, const char *what,
    caplat_slice *field)
{
    const char  *p = f->c.at;

    while (p != f->c.end && *p != ' ' && *p != '\n') {
        p++;
    }

    if (p == f->c.end || *p != end) {
        bool  more = p != f->c.end && *p == ' ';

        return caplat_fields_fail(f, more ? CAPLAT_TRAILING : CAPLAT_TRUNCATED,
            p, what);
    }

    *field = caplat_slice_of(f->c.at, (size_t) (p - f->c.at));
    f->c.at = p + 1;

    return true;
}


/* Go back to the start of a field that is not what it should be. */
static bool
refuse(caplat_fields *f, caplat_code code, caplat_slice field,
    const char *what)
{
    f->c.at = field.ptr;

    return caplat_fields_fail(f, code, field.ptr, what);
}


bool
caplat_fields_name(caplat_fields *f, char end, const char *what,
    caplat_slice *name)
{
    caplat_slice  field;

    if (!caplat_fields_raw(f, end, what, &field)) {
        return false;
    }

    if (!caplat_name_valid(field)) {
        return refuse(f, CAPLAT_NOT_A_NAME, field, what);
    }

    *name = field;

    return true;
}


bool
caplat_fields_number(caplat_fields *f, char end, uint64_t max,
    const char *what, uint64_t *number)
{
    caplat_slice  field;
    caplat_code   code;

    if (!caplat_fields_raw(f, end, what, &field)) {
        return false;
    }

    code = caplat_number_read(field, max, number);

    return code == CAPLAT_OK || refuse(f, code, field, what);
}


bool
caplat_fields_day(caplat_fields *f, char end, const char *what,
    caplat_date *day)
{
    caplat_slice  field;

    if (!caplat_fields_raw(f, end, what, &field)) {
        return false;
    }

    return caplat_date_parse(field, day)
        || refuse(f, CAPLAT_NOT_A_DATE, field, what);
}


bool
caplat_fields_one_of(caplat_fields *f, char end, const caplat_slice *names,
    size_t count, const char *what, size_t *at)
{
    caplat_slice  field;

    if (!caplat_fields_raw(f, end, what, &field)) {
        return false;
    }

    for (size_t i = 0; i < count; i++) {
        if (caplat_slice_eq(field, names[i])) {
            *at = i;

            return true;
        }
    }

    return refuse(f, CAPLAT_NOT_ONE_OF, field, what);
}


bool
caplat_fields_fen(caplat_fields *f, const char *what, int64_t *fen)
{
    uint64_t  number;

    if (!caplat_fields_number(f, ' ', CAPLAT_FEN_MAX, what, &number)) {
        return false;
    }

    *fen = (int64_t) number;

    return true;
}


bool
caplat_fields_words(caplat_fields *f, const char *what, caplat_slice *words)
{
    caplat_slice  field;

    if (!caplat_take_until(&f->c, '\n', caplat_cursor_left(&f->c), &field)) {
        return caplat_fields_fail(f, CAPLAT_TRUNCATED, f->c.end, what);
    }

    if (!caplat_words_valid(field)) {
        return refuse(f, CAPLAT_NOT_WORDS, field, what);
    }

    *words = field;

    return true;
}


bool
caplat_fields_term(const caplat_fields *f, caplat_date from,
    caplat_date until, const char *place, const char *what)
{
    return !caplat_date_given(until)
        || caplat_date_cmp(from, until) <= 0
        || caplat_fields_fail(f, CAPLAT_OUT_OF_ORDER, place, what);
}
