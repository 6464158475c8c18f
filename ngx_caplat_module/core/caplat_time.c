#include "caplat_time.h"


#define BEIJING       28800             /* seconds ahead of UTC */
#define DAY           86400
#define FRACTION_MAX  9                 /* digits */


static void
put_pair(int64_t number, char *out)
{
    out[0] = (char) ('0' + number / 10);
    out[1] = (char) ('0' + number % 10);
}


void
caplat_time_write(int64_t seconds, char between,
    char out[static CAPLAT_TIME_LEN])
{
    int64_t  local = seconds + BEIJING;
    int64_t  time = local % DAY;

    caplat_assert(seconds >= 0);
    caplat_date_write(caplat_date_of_number((int32_t) (local / DAY)), out);
    out[10] = between;
    put_pair(time / 3600, out + 11);
    out[13] = ':';
    put_pair(time / 60 % 60, out + 14);
    out[16] = ':';
    put_pair(time % 60, out + 17);
}


int64_t
caplat_time_of_day(caplat_date day)
{
    return (int64_t) caplat_date_number(day) * DAY - BEIJING;
}


/* Two digits, less than limit. */
static bool
take_pair(caplat_cursor *c, int64_t limit, int64_t *number)
{
    if (caplat_cursor_left(c) < 2 || !caplat_is_digit(c->at[0])
        || !caplat_is_digit(c->at[1]))
    {
        return false;
    }

    *number = (c->at[0] - '0') * 10 + (c->at[1] - '0');
    c->at += 2;

    return *number < limit;
}


static bool
take_fraction(caplat_cursor *c)
{
    size_t  digits = 0;

    if (!caplat_take_byte(c, '.')) {
        return true;
    }

    while (c->at != c->end && caplat_is_digit(*c->at)) {
        c->at++;
        digits++;
    }

    return digits >= 1 && digits <= FRACTION_MAX;
}


/* Day and time, as if they were UTC's. */
static bool
take_moment(caplat_cursor *c, char between, int64_t *seconds)
{
    caplat_date   date;
    caplat_slice  day = caplat_slice_of(c->at, CAPLAT_DATE_LEN);
    int64_t       hour, minute, second;

    if (caplat_cursor_left(c) < CAPLAT_DATE_LEN
        || !caplat_date_parse(day, &date))
    {
        return false;
    }

    c->at += CAPLAT_DATE_LEN;

    if (!caplat_take_byte(c, between) || !take_pair(c, 24, &hour)
        || !caplat_take_byte(c, ':') || !take_pair(c, 60, &minute)
        || !caplat_take_byte(c, ':') || !take_pair(c, 60, &second)
        || !take_fraction(c))
    {
        return false;
    }

    *seconds = (int64_t) caplat_date_number(date) * DAY + hour * 3600
               + minute * 60 + second;

    return true;
}


/* Z, or how far a clock is ahead of UTC. */
static bool
take_zone(caplat_cursor *c, int64_t *ahead)
{
    int64_t  hour, minute;
    bool     is_ahead;

    if (caplat_take_byte(c, 'Z')) {
        *ahead = 0;
        return true;
    }

    is_ahead = caplat_take_byte(c, '+');

    if ((!is_ahead && !caplat_take_byte(c, '-')) || !take_pair(c, 24, &hour)
        || !caplat_take_byte(c, ':') || !take_pair(c, 60, &minute))
    {
        return false;
    }

    *ahead = (hour * 3600 + minute * 60) * (is_ahead ? 1 : -1);

    return true;
}


static bool
finish(const caplat_cursor *c, int64_t local, int64_t ahead, int64_t *seconds)
{
    if (c->at != c->end || local < ahead) {
        return false;
    }

    *seconds = local - ahead;

    return true;
}


bool
caplat_time_parse(caplat_slice text, int64_t *seconds)
{
    caplat_cursor  c = caplat_cursor_of(text);
    int64_t        local;

    return take_moment(&c, ' ', &local)
           && finish(&c, local, BEIJING, seconds);
}


bool
caplat_time_parse_zoned(caplat_slice text, int64_t *seconds)
{
    caplat_cursor  c = caplat_cursor_of(text);
    int64_t        local, ahead;

    return take_moment(&c, 'T', &local) && take_zone(&c, &ahead)
           && finish(&c, local, ahead, seconds);
}
