/*
 * Calendar days (Gregorian, no time of day, no zone), and the time from one
 * to another. Both ends count: a certificate whose last valid day is today
 * has one day left.
 */

#ifndef CAPLAT_DATE_H
#define CAPLAT_DATE_H

#include "caplat_slice.h"


#define CAPLAT_DATE_LEN  10             /* bytes of YYYY-MM-DD */


/* All zero: no date. Every other value is a day of the calendar. */
typedef struct {
    uint16_t    year;                   /* 1.. */
    uint8_t     month;                  /* 1..12 */
    uint8_t     day;                    /* 1..31 */
} caplat_date;


static inline bool
caplat_date_given(caplat_date date)
{
    return date.year != 0;
}


/* Orders by time: < 0, 0, > 0. */
static inline int
caplat_date_cmp(caplat_date a, caplat_date b)
{
    int32_t  left = (a.year * 16 + a.month) * 32 + a.day;
    int32_t  right = (b.year * 16 + b.month) * 32 + b.day;

    return (left > right) - (left < right);
}


/* YYYY-MM-DD and nothing else, 0001-01-01 to 9999-12-31, a real day. */
bool caplat_date_parse(caplat_slice text, caplat_date *date);

/* A date of at most the year 9999, as it is read. */
void caplat_date_write(caplat_date date, char out[static CAPLAT_DATE_LEN]);

/* Days since 1970-01-01; negative before. */
int32_t caplat_date_number(caplat_date date);

/* The day of a number, which must be one of the years 1 to 65535. */
caplat_date caplat_date_of_number(int32_t number);

/*
 * The last day of `months` (1..) that start with `day`: the day before the
 * same day of a later month, or that month's last day when it has none such.
 * caplat_months_started and caplat_months_whole of it are both `months`.
 */
caplat_date caplat_date_until(caplat_date day, uint32_t months);

/*
 * Months from `day` to `until`, both included, until not before day: a month
 * that has begun counts whole, or not at all.
 */
uint32_t caplat_months_started(caplat_date day, caplat_date until);
uint32_t caplat_months_whole(caplat_date day, caplat_date until);


#endif /* CAPLAT_DATE_H */
