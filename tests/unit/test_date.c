#include "caplat_date.h"

#include "test.h"


static caplat_date
date_of(const char *text)
{
    caplat_date  date = { 0 };

    (void) caplat_date_parse(test_slice(text), &date);

    return date;
}


/* Every day that can be read is written as it was. */
static void
test_write(void)
{
    static const char *const  days[] = {
        "0001-01-01", "0999-10-09", "2024-02-29", "9999-12-31"
    };

    char  out[CAPLAT_DATE_LEN];

    for (size_t i = 0; i < CAPLAT_COUNT(days); i++) {
        caplat_date_write(date_of(days[i]), out);
        test_text(caplat_slice_of(out, sizeof(out)), test_slice(days[i]),
            days[i]);
    }
}


static void
test_parse(void)
{
    static const struct {
        const char  *text;
        bool         good;
    } cases[] = {
        { "2021-01-01",  true },
        { "0001-01-01",  true },
        { "9999-12-31",  true },
        { "2024-02-29",  true },
        { "2000-02-29",  true },
        { "2023-02-29",  false },
        { "1900-02-29",  false },
        { "2021-04-31",  false },
        { "2021-12-32",  false },
        { "2021-13-01",  false },
        { "2021-00-10",  false },
        { "2021-01-00",  false },
        { "0000-01-01",  false },
        { "2021-1-01",   false },
        { "2021-01-1",   false },
        { "2021/01/01",  false },
        { "2021-01-01 ", false },
        { " 2021-01-01", false },
        { "+021-01-01",  false },
        { "20210101",    false },
        { "",            false },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        caplat_date  date = { 0 };

        test_number(caplat_date_parse(test_slice(cases[i].text), &date),
            cases[i].good, cases[i].text);
        test_number(caplat_date_given(date), cases[i].good, cases[i].text);
    }
}


static void
test_order(void)
{
    test_that(caplat_date_cmp(date_of("2021-12-31"), date_of("2022-01-01"))
              < 0, "by year");
    test_that(caplat_date_cmp(date_of("2021-02-01"), date_of("2021-01-31"))
              > 0, "by month");
    test_that(caplat_date_cmp(date_of("2021-02-01"), date_of("2021-02-02"))
              < 0, "by day");
    test_that(caplat_date_cmp(date_of("2021-02-01"), date_of("2021-02-01"))
              == 0, "equal");
    test_that(caplat_date_cmp((caplat_date) { 0 }, date_of("0001-01-01"))
              < 0, "no date comes first");
}


/* Every day from one end of the calendar to the other, one number each. */
static void
test_number_of_each_day(void)
{
    int32_t  last = caplat_date_number(date_of("9999-12-31"));
    size_t   wrong = 0;

    test_number(caplat_date_number(date_of("1970-01-01")), 0, "the epoch");
    test_number(caplat_date_number(date_of("1969-12-31")), -1, "before it");
    test_number(caplat_date_number(date_of("2000-03-01")), 11017, "2000");
    test_number(last, 2932896, "the last day");

    for (int32_t n = caplat_date_number(date_of("0001-01-01")); n < last;
         n++)
    {
        caplat_date  date = caplat_date_of_number(n);
        caplat_date  next = caplat_date_of_number(n + 1);

        wrong += caplat_date_number(date) != n;
        wrong += caplat_date_cmp(date, next) >= 0;
    }

    test_number(wrong, 0, "each day has its number");
}


static void
test_months(void)
{
    static const struct {
        const char  *day;
        const char  *until;
        uint32_t     started;
        uint32_t     whole;
    } cases[] = {
        { "2021-06-18", "2021-06-18",  1,  0 },
        { "2021-06-18", "2021-07-16",  1,  0 },
        { "2021-06-18", "2021-07-17",  1,  1 },
        { "2021-06-18", "2021-07-18",  2,  1 },
        { "2021-06-18", "2021-08-17",  2,  2 },
        { "2021-06-18", "2022-06-17", 12, 12 },
        { "2021-06-01", "2021-06-30",  1,  1 },
        { "2021-06-01", "2021-06-29",  1,  0 },
        { "2021-01-31", "2021-02-27",  1,  0 },
        { "2021-01-31", "2021-02-28",  1,  1 },
        { "2024-01-31", "2024-02-28",  1,  0 },
        { "2024-01-31", "2024-02-29",  1,  1 },
        { "2021-01-31", "2021-03-01",  2,  1 },
        { "2021-12-31", "2022-01-30",  1,  1 },
        { "2021-12-31", "2022-01-31",  2,  1 },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        caplat_date  day = date_of(cases[i].day);
        caplat_date  until = date_of(cases[i].until);

        test_number(caplat_months_started(day, until), cases[i].started,
            cases[i].until);
        test_number(caplat_months_whole(day, until), cases[i].whole,
            cases[i].until);
    }
}


static void
test_until(void)
{
    static const struct {
        const char  *day;
        uint32_t     months;
        const char  *until;
    } cases[] = {
        { "2021-06-18", 1,    "2021-07-17" },
        { "2021-06-18", 12,   "2022-06-17" },
        { "2021-06-01", 1,    "2021-06-30" },
        { "2021-01-31", 1,    "2021-02-28" },
        { "2024-01-30", 1,    "2024-02-29" },
        { "2024-01-29", 1,    "2024-02-28" },
        { "2021-12-01", 1,    "2021-12-31" },
        { "2021-06-18", 1200, "2121-06-17" },
    };
    size_t  wrong = 0;

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        caplat_date  until = caplat_date_until(date_of(cases[i].day),
                                               cases[i].months);

        test_number(caplat_date_cmp(until, date_of(cases[i].until)), 0,
            cases[i].until);
    }

    /* Four years of days, each with up to five years of months. */
    for (int32_t n = 18628; n < 18628 + 1461; n++) {
        caplat_date  day = caplat_date_of_number(n);

        for (uint32_t months = 1; months <= 60; months++) {
            caplat_date  until = caplat_date_until(day, months);

            wrong += caplat_months_started(day, until) != months;
            wrong += caplat_months_whole(day, until) != months;
        }
    }

    test_number(wrong, 0, "both ways to count find the same months");
}


int
main(void)
{
    test_parse();
    test_write();
    test_order();
    test_number_of_each_day();
    test_months();
    test_until();

    return test_done();
}
