#include "caplat_slice.h"

#include "test.h"


static void
test_compare(void)
{
    test_that(caplat_slice_eq(CAPLAT_LIT("ab"), CAPLAT_LIT("ab")), "same");
    test_that(!caplat_slice_eq(CAPLAT_LIT("ab"), CAPLAT_LIT("ac")), "other");
    test_that(!caplat_slice_eq(CAPLAT_LIT("ab"), CAPLAT_LIT("a")), "shorter");
    test_that(caplat_slice_eq((caplat_slice) { NULL, 0 }, CAPLAT_LIT("")),
        "no bytes at all");

    test_that(caplat_slice_cmp(CAPLAT_LIT("a"), CAPLAT_LIT("ab")) < 0,
        "a prefix first");
    test_that(caplat_slice_cmp(CAPLAT_LIT("b"), CAPLAT_LIT("ab")) > 0,
        "by bytes");
    test_that(caplat_slice_cmp(CAPLAT_LIT("\xe4"), CAPLAT_LIT("z")) > 0,
        "bytes have no sign");
    test_that(caplat_slice_cmp(CAPLAT_LIT("ab"), CAPLAT_LIT("ab")) == 0,
        "equal");
}


static void
test_until(void)
{
    caplat_cursor  c = caplat_cursor_of(CAPLAT_LIT("ab,cd"));
    caplat_slice   part = CAPLAT_LIT("untouched");

    test_that(!caplat_take_until(&c, ',', 1, &part), "a byte too long");
    test_text(part, CAPLAT_LIT("untouched"), "nothing comes out");
    test_number(caplat_cursor_at(&c), 0, "the cursor stays");

    test_that(caplat_take_until(&c, ',', 2, &part), "just long enough");
    test_text(part, CAPLAT_LIT("ab"), "without the comma");
    test_number(caplat_cursor_at(&c), 3, "behind the comma");

    test_that(!caplat_take_until(&c, ',', 9, &part), "no comma");
    test_that(!caplat_take_rest(&c, 1, &part), "a rest too long");
    test_that(caplat_take_rest(&c, 2, &part), "the rest");
    test_text(part, CAPLAT_LIT("cd"), "all of it");
    test_number(caplat_cursor_left(&c), 0, "nothing is left");
    test_that(caplat_take_rest(&c, 0, &part), "an empty rest");
}


static void
test_literals(void)
{
    caplat_cursor  c = caplat_cursor_of(CAPLAT_LIT("abc"));

    test_that(!caplat_take_byte(&c, 'b'), "another byte");
    test_that(caplat_take_byte(&c, 'a'), "this byte");
    test_that(!caplat_take_literal(&c, CAPLAT_LIT("bd")), "other bytes");
    test_that(!caplat_take_literal(&c, CAPLAT_LIT("bcd")), "too short");
    test_that(caplat_take_literal(&c, CAPLAT_LIT("bc")), "these bytes");
    test_that(!caplat_take_byte(&c, 'c'), "at the end");
    test_that(caplat_take_literal(&c, CAPLAT_LIT("")), "nothing, at the end");
}


static void
test_numbers(void)
{
    static const struct {
        const char  *words;
        const char  *text;
        uint64_t     max;
        bool         good;
        uint64_t     number;
        size_t       at;
    } cases[] = {
        { "zero",             "0",    9,          true,  0,   1 },
        { "zero of none",     "0",    0,          true,  0,   1 },
        { "one of none",      "1",    0,          false, 0,   0 },
        { "the most",         "120",  120,        true,  120, 3 },
        { "one more",         "121",  120,        false, 0,   0 },
        { "a digit more",     "1200", 120,        false, 0,   0 },
        { "leading zero",     "01",   9,          false, 0,   0 },
        { "nothing",          "",     9,          false, 0,   0 },
        { "a sign",           "-1",   9,          false, 0,   0 },
        { "a space",          " 1",   9,          false, 0,   0 },
        { "up to a letter",   "12a",  99,         true,  12,  2 },
        { "the largest",      "18446744073709551615", UINT64_MAX, true,
          UINT64_MAX, 20 },
        { "too large",        "18446744073709551616", UINT64_MAX, false, 0,
          0 },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        caplat_cursor  c = caplat_cursor_of(test_slice(cases[i].text));
        uint64_t       number = 0;
        bool           good = caplat_take_uint(&c, cases[i].max, &number);

        test_number(good, cases[i].good, cases[i].words);
        test_number(number, cases[i].number, cases[i].words);
        test_number(caplat_cursor_at(&c), cases[i].at, cases[i].words);
    }
}


static void
test_lower(void)
{
    static const struct {
        const char  *text;
        bool         is;
    } cases[] = {
        { "a-z{", true }, { "A-Z{", true }, { "a-Z{", true },
        { "a-z[", false }, { "a-z", false }, { "a-z{{", false }, { "", false },
        { "\x01-z{", false }, { "a\rz{", false }, { "\xc1-z{", false },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        test_number(caplat_slice_eq_lower(test_slice(cases[i].text),
                                          CAPLAT_LIT("a-z{")),
                    cases[i].is, cases[i].text);
    }

    for (int i = 0; i < 256; i++) {
        char  byte = (char) i;

        test_number(caplat_is_digit(byte), i >= '0' && i <= '9', "digit");
        test_number(caplat_is_letter(byte), (i >= 'a' && i <= 'z')
                                            || (i >= 'A' && i <= 'Z'),
                    "letter");
        test_number(caplat_lower(byte), i >= 'A' && i <= 'Z'
                                        ? (char) (i + 32) : byte, "lower");
    }
}


static void
test_nothing(void)
{
    caplat_cursor  c = caplat_cursor_of((caplat_slice) { NULL, 0 });
    caplat_slice   part;
    uint64_t       number;

    test_number(caplat_cursor_left(&c), 0, "no bytes at all");
    test_that(!caplat_take_byte(&c, 'a'), "no bytes at all");
    test_that(!caplat_take_until(&c, 'a', 9, &part), "no bytes at all");
    test_that(!caplat_take_uint(&c, 9, &number), "no bytes at all");
    test_that(caplat_take_rest(&c, 9, &part), "no bytes at all");
}


int
main(void)
{
    test_compare();
    test_until();
    test_literals();
    test_numbers();
    test_lower();
    test_nothing();

    return test_done();
}
