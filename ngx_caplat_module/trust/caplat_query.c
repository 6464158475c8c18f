#include "caplat_query.h"


bool
caplat_query_next(caplat_cursor *c, caplat_slice *key, caplat_slice *value)
{
    caplat_slice   pair = caplat_slice_of("", 0);
    caplat_cursor  p;

    if (caplat_cursor_left(c) == 0) {
        return false;
    }

    if (!caplat_take_until(c, '&', caplat_cursor_left(c), &pair)) {
        (void) caplat_take_rest(c, caplat_cursor_left(c), &pair);
    }

    p = caplat_cursor_of(pair);
    *key = pair;
    *value = caplat_slice_of("", 0);
    (void) (caplat_take_until(&p, '=', pair.len, key)
            && caplat_take_rest(&p, pair.len, value));

    return true;
}


bool
caplat_query_number(caplat_slice value, uint64_t min, uint64_t max,
    uint64_t *number)
{
    caplat_cursor  c = caplat_cursor_of(value);
    uint64_t       read;

    if (!caplat_take_uint(&c, max, &read) || caplat_cursor_left(&c) != 0
        || read < min)
    {
        return false;
    }

    *number = read;

    return true;
}
