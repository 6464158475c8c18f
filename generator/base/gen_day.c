#include "gen_day.h"


static void
write_digits(char *out, size_t count, unsigned value)
{
    while (count-- != 0) {
        out[count] = (char) ('0' + value % 10);
        value /= 10;
    }
}


caplat_slice
gen_day_of(gen_arena *keep, caplat_date date)
{
    char  text[] = "0000-00-00";

    write_digits(text, 4, date.year);
    write_digits(text + 5, 2, date.month);
    write_digits(text + 8, 2, date.day);

    return gen_arena_copy(keep, caplat_slice_of(text, CAPLAT_DATE_LEN));
}


caplat_slice
gen_day_after(gen_arena *keep, caplat_slice day, int32_t days)
{
    caplat_date  date;

    if (!caplat_date_parse(day, &date)) {
        return CAPLAT_LIT("");
    }

    return gen_day_of(keep, caplat_date_of_number(caplat_date_number(date)
                                                  + days));
}
