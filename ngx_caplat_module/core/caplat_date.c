#include "caplat_date.h"


#define DAYS_TO_1970  719162            /* from 0001-01-01 */


static bool
is_leap(uint32_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}


static uint32_t
days_in_month(uint32_t year, uint32_t month)
{
    static const uint8_t  days[12] = {
        31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
    };

    return days[month - 1] + (month == 2 && is_leap(year) ? 1u : 0u);
}


/* Exactly `count` digits: dates have leading zeros, unlike numbers. */
static bool
take_digits(caplat_cursor *c, size_t count, uint32_t *out)
{
    uint32_t  value = 0;

    if (caplat_cursor_left(c) < count) {
        return false;
    }

    for (size_t i = 0; i < count; i++) {
        if (c->at[i] < '0' || c->at[i] > '9') {
            return false;
        }

        value = value * 10 + (uint32_t) (c->at[i] - '0');
    }

    c->at += count;
    *out = value;

    return true;
}


bool
caplat_date_parse(caplat_slice text, caplat_date *date)
{
    caplat_cursor  c = caplat_cursor_of(text);
    uint32_t       year;
    uint32_t       month;
    uint32_t       day;

    if (!take_digits(&c, 4, &year)
        || !caplat_take_byte(&c, '-')
        || !take_digits(&c, 2, &month)
        || !caplat_take_byte(&c, '-')
        || !take_digits(&c, 2, &day)
        || caplat_cursor_left(&c) != 0)
    {
        return false;
    }

    if (year == 0 || month == 0 || month > 12
        || day == 0 || day > days_in_month(year, month))
    {
        return false;
    }

    *date = (caplat_date) { (uint16_t) year, (uint8_t) month, (uint8_t) day };

    return true;
}


static void
put_digits(char *out, size_t count, uint32_t value)
{
    while (count != 0) {
        out[--count] = (char) ('0' + value % 10);
        value /= 10;
    }
}


void
caplat_date_write(caplat_date date, char out[static CAPLAT_DATE_LEN])
{
    caplat_assert(caplat_date_given(date) && date.year <= 9999);

    put_digits(out, 4, date.year);
    out[4] = '-';
    put_digits(out + 5, 2, date.month);
    out[7] = '-';
    put_digits(out + 8, 2, date.day);
}


/* Days of all years before `year`, counted from 0001-01-01. */
static int32_t
days_before_year(uint32_t year)
{
    uint32_t  past = year - 1;

    return (int32_t) (past * 365 + past / 4 - past / 100 + past / 400);
}


int32_t
caplat_date_number(caplat_date date)
{
    int32_t  days = days_before_year(date.year) + date.day - 1;

    caplat_assert(caplat_date_given(date));

    for (uint32_t month = 1; month < date.month; month++) {
        days += (int32_t) days_in_month(date.year, month);
    }

    return days - DAYS_TO_1970;
}


caplat_date
caplat_date_of_number(int32_t number)
{
    int32_t   days = number + DAYS_TO_1970;
    uint32_t  year;
    uint32_t  month = 1;

    caplat_assert(days >= 0);

    /* No year is longer than 366 days, so the guess is never too late. */
    year = (uint32_t) days / 366 + 1;

    while (days >= days_before_year(year + 1)) {
        year++;
    }

    caplat_assert(year <= UINT16_MAX);
    days -= days_before_year(year);

    while (days >= (int32_t) days_in_month(year, month)) {
        days -= (int32_t) days_in_month(year, month);
        month++;
    }

    return (caplat_date) { (uint16_t) year, (uint8_t) month,
        (uint8_t) (days + 1) };
}


/* Months since the year 0. */
static uint32_t
month_number(caplat_date date)
{
    return date.year * 12u + date.month - 1u;
}


caplat_date
caplat_date_until(caplat_date day, uint32_t months)
{
    uint32_t     then = month_number(day) + months;
    uint32_t     last = days_in_month(then / 12, then % 12 + 1);
    caplat_date  same;

    caplat_assert(months != 0 && then / 12 <= UINT16_MAX);

    same = (caplat_date) { (uint16_t) (then / 12), (uint8_t) (then % 12 + 1),
        day.day };

    if (day.day > last) {
        same.day = (uint8_t) last;

        return same;
    }

    return caplat_date_of_number(caplat_date_number(same) - 1);
}


uint32_t
caplat_months_started(caplat_date day, caplat_date until)
{
    caplat_assert(caplat_date_cmp(day, until) <= 0);

    return month_number(until) - month_number(day)
        + (until.day >= day.day ? 1u : 0u);
}


uint32_t
caplat_months_whole(caplat_date day, caplat_date until)
{
    caplat_date  end = caplat_date_of_number(caplat_date_number(until) + 1);

    caplat_assert(caplat_date_cmp(day, until) <= 0);

    return month_number(end) - month_number(day)
        - (end.day < day.day ? 1u : 0u);
}
