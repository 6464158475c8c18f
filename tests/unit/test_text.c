#include "caplat_text.h"

#include "test.h"


#define TEN  "abcdefghij"


static void
test_names(void)
{
    static const struct {
        const char  *text;
        bool         good;
    } cases[] = {
        { "a",                true },
        { "0",                true },
        { "ln-2021",          true },
        { "a--b",             true },
        { TEN TEN TEN "ab",   true },
        { TEN TEN TEN "abc",  false },
        { "",                 false },
        { "-a",               false },
        { "a-",               false },
        { "-",                false },
        { "A",                false },
        { "a_b",              false },
        { "a b",              false },
        { "沈阳",             false },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        test_number(caplat_name_valid(test_slice(cases[i].text)),
            cases[i].good, cases[i].text);
    }
}


static void
test_words(void)
{
    static const struct {
        const char    *words;
        caplat_slice   text;
        bool           good;
    } cases[] = {
        { "Latin",               CAPLAT_INIT("a b"),              true },
        { "Han",                 CAPLAT_INIT("沈阳"),             true },
        { "four bytes",          CAPLAT_INIT("\xf0\x9f\x94\x91"), true },
        { "the last character",  CAPLAT_INIT("\xf4\x8f\xbf\xbf"), true },
        { "past the last",       CAPLAT_INIT("\xf4\x90\x80\x80"), false },
        { "no such lead",        CAPLAT_INIT("\xf5\x80\x80\x80"), false },
        { "a quote",             CAPLAT_INIT("\"\\"),             true },
        { "nothing",             CAPLAT_INIT(""),                 false },
        { "space before",        CAPLAT_INIT(" a"),               false },
        { "space behind",        CAPLAT_INIT("a "),               false },
        { "only a space",        CAPLAT_INIT(" "),                false },
        { "tab",                 CAPLAT_INIT("a\tb"),             false },
        { "line feed",           CAPLAT_INIT("a\nb"),             false },
        { "a zero byte",         CAPLAT_INIT("a\0b"),             false },
        { "delete",              CAPLAT_INIT("a\x7f"),            false },
        { "last of C1",          CAPLAT_INIT("\xc2\x9f"),         false },
        { "first behind C1",     CAPLAT_INIT("\xc2\xa0"),         true },
        { "a stray tail",        CAPLAT_INIT("\x80"),             false },
        { "cut short",           CAPLAT_INIT("\xe6\xb2"),         false },
        { "too few tails",       CAPLAT_INIT("\xe6\xb2z"),        false },
        { "overlong, two",       CAPLAT_INIT("\xc1\xbf"),         false },
        { "overlong, three",     CAPLAT_INIT("\xe0\x9f\xbf"),     false },
        { "shortest of three",   CAPLAT_INIT("\xe0\xa0\x80"),     true },
        { "overlong, four",      CAPLAT_INIT("\xf0\x8f\xbf\xbf"), false },
        { "a lead of six",       CAPLAT_INIT("\xfc\x80\x80\x80"), false },
        { "a surrogate",         CAPLAT_INIT("\xed\xa0\x80"),     false },
        { "before surrogates",   CAPLAT_INIT("\xed\x9f\xbf"),     true },
        { "behind surrogates",   CAPLAT_INIT("\xee\x80\x80"),     true },
        { "200 bytes",
          CAPLAT_INIT(TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
                      TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN), true },
        { "201 bytes",
          CAPLAT_INIT(TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
                      TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN "a"), false },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        test_number(caplat_words_valid(cases[i].text), cases[i].good,
            cases[i].words);
    }
}


static void
test_numbers(void)
{
    static const struct {
        const char   *text;
        caplat_code   code;
        uint64_t      number;
    } cases[] = {
        { "0",                     CAPLAT_OK,           0 },
        { "1200",                  CAPLAT_OK,           1200 },
        { "1201",                  CAPLAT_TOO_LARGE,    7 },
        { "99999999999999999999",  CAPLAT_TOO_LARGE,    7 },
        { "",                      CAPLAT_NOT_A_NUMBER, 7 },
        { "00",                    CAPLAT_NOT_A_NUMBER, 7 },
        { "012",                   CAPLAT_NOT_A_NUMBER, 7 },
        { "1.5",                   CAPLAT_NOT_A_NUMBER, 7 },
        { "-1",                    CAPLAT_NOT_A_NUMBER, 7 },
        { "1 ",                    CAPLAT_NOT_A_NUMBER, 7 },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        uint64_t  number = 7;

        test_number(caplat_number_read(test_slice(cases[i].text), 1200,
                                       &number), cases[i].code,
            cases[i].text);
        test_number(number, cases[i].number, cases[i].text);
    }
}


static void
test_regions(void)
{
    uint32_t  code = 7;

    test_that(caplat_region_read(CAPLAT_LIT("210700"), &code), "a city");
    test_number(code, 210700, "a city");
    test_that(!caplat_region_read(CAPLAT_LIT("010700"), &code), "leading 0");
    test_that(!caplat_region_read(CAPLAT_LIT("21070"), &code), "five");
    test_that(!caplat_region_read(CAPLAT_LIT("2107000"), &code), "seven");
    test_that(!caplat_region_read(CAPLAT_LIT("2107x0"), &code), "a letter");
    test_that(!caplat_region_read(CAPLAT_LIT(""), &code), "nothing");
    test_number(code, 210700, "nothing comes out");
}


int
main(void)
{
    test_names();
    test_words();
    test_numbers();
    test_regions();

    return test_done();
}
