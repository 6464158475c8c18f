#include "caplat_time.h"

#include "test.h"


#define NOW  INT64_C(1800000000)


static void
test_write(void)
{
    static const struct {
        int64_t      seconds;
        char         between;
        const char  *text;
    } cases[] = {
        { NOW,                  ' ', "2027-01-15 16:00:00" },
        { NOW + 1861,           'T', "2027-01-15T16:31:01" },
        { 0,                    ' ', "1970-01-01 08:00:00" },
        { 57599,                ' ', "1970-01-01 23:59:59" },
        { 57600,                ' ', "1970-01-02 00:00:00" },
        { 1709135999,           'T', "2024-02-28T23:59:59" },
        { 1709136000,           'T', "2024-02-29T00:00:00" },
        { INT64_C(253402271999), ' ', "9999-12-31 23:59:59" },
    };

    char     out[CAPLAT_TIME_LEN];
    int64_t  seconds;

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        caplat_slice  text = caplat_slice_of(out, sizeof(out));

        caplat_time_write(cases[i].seconds, cases[i].between, out);
        test_text(text, test_slice(cases[i].text), cases[i].text);

        if (cases[i].between == ' ') {
            seconds = -1;
            test_that(caplat_time_parse(text, &seconds), cases[i].text);
            test_number(seconds, cases[i].seconds, "read back");
        }
    }
}


static void
test_parse(void)
{
    static const struct {
        const char  *text;
        int64_t      seconds;           /* -1: none */
    } cases[] = {
        { "2027-01-15 16:00:00",            NOW },
        { "2027-01-15 16:00:00.1",          NOW },
        { "2027-01-15 16:00:00.999999999",  NOW },
        { "2027-01-15 16:00:00.",           -1 },
        { "2027-01-15 16:00:00.1234567890", -1 },
        { "2027-01-15 16:00:00.1x",         -1 },
        { "2027-01-15 16:00:00 ",           -1 },
        { "2027-01-15 16:00:00Z",           -1 },
        { "2027-01-15 16:00:00+08:00",      -1 },
        { "2027-01-15T16:00:00",            -1 },
        { "2027-01-15 24:00:00",            -1 },
        { "2027-01-15 16:60:00",            -1 },
        { "2027-01-15 16:00:60",            -1 },
        { "2027-01-15 16:00",               -1 },
        { "2027-01-15 6:00:00",             -1 },
        { "2027-01-15 +6:00:00",            -1 },
        { "2027-02-29 16:00:00",            -1 },
        { "1970-01-01 08:00:00",            0 },
        { "1970-01-01 07:59:59",            -1 },
        { "2027-01-1",                      -1 },
        { "",                               -1 },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        int64_t  seconds = -1;
        bool     read = caplat_time_parse(test_slice(cases[i].text), &seconds);

        test_that(read == (cases[i].seconds >= 0), cases[i].text);
        test_number(seconds, cases[i].seconds, cases[i].text);
    }
}


static void
test_zoned(void)
{
    static const struct {
        const char  *text;
        int64_t      seconds;           /* -1: none */
    } cases[] = {
        { "2027-01-15T16:00:00+08:00",      NOW },
        { "2027-01-15T16:00:00.123+08:00",  NOW },
        { "2027-01-15T08:00:00Z",           NOW },
        { "2027-01-15T08:00:00+00:00",      NOW },
        { "2027-01-15T02:30:00-05:30",      NOW },
        { "1970-01-01T00:00:00Z",           0 },
        { "1970-01-01T00:00:00+00:01",      -1 },
        { "1969-12-31T23:59:59-00:01",      59 },
        { "2027-01-15T16:00:00",            -1 },
        { "2027-01-15 16:00:00+08:00",      -1 },
        { "2027-01-15t16:00:00+08:00",      -1 },
        { "2027-01-15T08:00:00z",           -1 },
        { "2027-01-15T16:00:00+0800",       -1 },
        { "2027-01-15T16:00:00+24:00",      -1 },
        { "2027-01-15T16:00:00+08:60",      -1 },
        { "2027-01-15T16:00:00+08:00 ",     -1 },
        { "2027-01-15T16:00:00ZZ",          -1 },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        int64_t  seconds = -1;
        bool     read = caplat_time_parse_zoned(test_slice(cases[i].text),
                                                &seconds);

        test_that(read == (cases[i].seconds >= 0), cases[i].text);
        test_number(seconds, cases[i].seconds, cases[i].text);
    }
}


int
main(void)
{
    test_write();
    test_parse();
    test_zoned();

    return test_done();
}
