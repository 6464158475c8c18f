#include "caplat_prorate.h"


typedef struct {
    caplat_slice  name;
    uint32_t      per_year;
} unit_row;


/* In the order of caplat_unit, without `none`. */
static const unit_row  units[] = {
    { CAPLAT_INIT("day"), 365 },
    { CAPLAT_INIT("month"), 12 },
    { CAPLAT_INIT("quarter"), 4 },
};

/* What a started unit counts: nothing or all. */
static const caplat_slice  started[] = {
    CAPLAT_INIT("down"), CAPLAT_INIT("up")
};


/* The unit and how many of it make a year. */
static bool
read_unit(caplat_fields *f, caplat_tariff *tariff)
{
    const char    *place;
    caplat_slice   name;
    size_t         at = 0;
    uint64_t       of;

    if (!caplat_fields_raw(f, ' ', "prorate unit", &name)) {
        return false;
    }

    while (!caplat_slice_eq(name, units[at].name)) {
        at++;

        if (at == CAPLAT_COUNT(units)) {
            return caplat_fields_fail(f, CAPLAT_NOT_ONE_OF, name.ptr,
                "prorate unit");
        }
    }

    place = f->c.at;

    if (!caplat_fields_number(f, ' ', UINT32_MAX, "units of a year", &of)) {
        return false;
    }

    if (of != units[at].per_year) {
        return caplat_fields_fail(f, CAPLAT_NOT_ONE_OF, place,
            "units of a year");
    }

    tariff->unit = (caplat_unit) (CAPLAT_UNIT_DAY + at);
    tariff->units_per_year = units[at].per_year;

    return true;
}


/* `{n}` at most once, so that the reasons made of the words stay short. */
static bool
check_marks(const caplat_fields *f, caplat_slice words)
{
    caplat_cursor  c = caplat_cursor_of(words);
    size_t         count = 0;

    while (caplat_cursor_left(&c) != 0) {
        if (caplat_take_literal(&c, CAPLAT_UNITS_MARK)) {
            count++;

        } else {
            c.at++;
        }
    }

    return count <= 1
        || caplat_fields_fail(f, CAPLAT_TWICE, words.ptr, "prorate words");
}


bool
caplat_prorate_read(caplat_fields *f, caplat_tariff *tariff)
{
    size_t    at;
    uint64_t  min;

    if (!caplat_fields_key(f, CAPLAT_LIT("prorate "), "prorate")) {
        return false;
    }

    if (caplat_take_literal(&f->c, CAPLAT_LIT("none\n"))) {
        return true;
    }

    if (!read_unit(f, tariff)
        || !caplat_fields_one_of(f, ' ', started, CAPLAT_COUNT(started),
                                 "prorate how", &at)
        || !caplat_fields_number(f, ' ', tariff->units_per_year,
                                 "prorate minimum", &min)
        || !caplat_fields_words(f, "prorate words", &tariff->prorate_words)
        || !check_marks(f, tariff->prorate_words))
    {
        return false;
    }

    tariff->started_counts = at != 0;
    tariff->units_min = (uint32_t) min;

    return true;
}


static uint32_t
months_left(const caplat_tariff *tariff, caplat_date day, caplat_date until)
{
    return tariff->started_counts ? caplat_months_started(day, until)
                                  : caplat_months_whole(day, until);
}


uint32_t
caplat_prorate_units(const caplat_tariff *tariff, caplat_date day,
    caplat_date until)
{
    uint32_t  count = 0;

    switch (tariff->unit) {

    case CAPLAT_UNIT_DAY:
        count = (uint32_t) (caplat_date_number(until)
                            - caplat_date_number(day) + 1);
        break;

    case CAPLAT_UNIT_MONTH:
        count = months_left(tariff, day, until);
        break;

    case CAPLAT_UNIT_QUARTER:
        count = months_left(tariff, day, until);
        count = (count + (tariff->started_counts ? 2 : 0)) / 3;
        break;

    case CAPLAT_UNIT_NONE:
        caplat_assert(0);
    }

    caplat_assert(count <= CAPLAT_UNITS_MAX);

    return count > tariff->units_min ? count : tariff->units_min;
}
