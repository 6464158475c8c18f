#include "caplat_money.h"

#include "test.h"


static void
test_add(void)
{
    int64_t  sum = -1;

    test_that(caplat_fen_add(CAPLAT_FEN_MAX - 1, 1, &sum), "up to the limit");
    test_number(sum, CAPLAT_FEN_MAX, "up to the limit");
    test_that(!caplat_fen_add(CAPLAT_FEN_MAX, 1, &sum), "a fen too much");
    test_number(sum, CAPLAT_FEN_MAX, "nothing comes out");
    test_that(caplat_fen_add(0, 0, &sum) && sum == 0, "nothing and nothing");
}


static void
test_mul(void)
{
    int64_t  product = -1;

    test_that(caplat_fen_mul(CAPLAT_FEN_MAX / 4, 4, &product), "the limit");
    test_number(product, CAPLAT_FEN_MAX, "the limit");
    test_that(!caplat_fen_mul(CAPLAT_FEN_MAX / 4, 5, &product), "too much");
    test_that(!caplat_fen_mul(2, INT64_MAX, &product), "far too much");
    test_number(product, CAPLAT_FEN_MAX, "nothing comes out");
    test_that(caplat_fen_mul(0, INT64_MAX, &product) && product == 0, "free");
    test_that(caplat_fen_mul(5, 0, &product) && product == 0, "none");
}


static void
test_round(void)
{
    static const struct {
        int64_t  value;
        int64_t  of;
        int64_t  half_up;
        int64_t  up;
        int64_t  down;
    } cases[] = {
        { 0,   12,  0,  0,  0 },
        { 1,   12,  0,  1,  0 },
        { 5,   12,  0,  1,  0 },
        { 6,   12,  1,  1,  0 },
        { 7,   12,  1,  1,  0 },
        { 11,  12,  1,  1,  0 },
        { 12,  12,  1,  1,  1 },
        { 182, 365, 0,  1,  0 },
        { 183, 365, 1,  1,  0 },
        { 7,   1,   7,  7,  7 },
        { INT64_C(1) << 61, 1, INT64_C(1) << 61, INT64_C(1) << 61,
          INT64_C(1) << 61 },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        int64_t  value = cases[i].value;
        int64_t  of = cases[i].of;

        test_number(caplat_fen_round(value, of, CAPLAT_ROUND_HALF_UP),
            cases[i].half_up, "half up");
        test_number(caplat_fen_round(value, of, CAPLAT_ROUND_UP), cases[i].up,
            "up");
        test_number(caplat_fen_round(value, of, CAPLAT_ROUND_DOWN),
            cases[i].down, "down");
    }
}


#define LINES  3

static void
test_share(void)
{
    static const struct {
        const char  *words;
        int64_t      total;
        int64_t      parts[LINES];      /* twelfths */
        int64_t      fees[LINES];
    } cases[] = {
        { "nothing to share",     6, { 12, 24, 36 },  { 1, 2, 3 } },
        { "the largest fraction", 4, { 13, 15, 20 },  { 1, 1, 2 } },
        { "the first of equals",  2, { 8, 8, 8 },     { 1, 1, 0 } },
        { "rounded up",           3, { 13, 12, 0 },   { 2, 1, 0 } },
        { "rounded down",         1, { 11, 11, 1 },   { 1, 0, 0 } },
        { "none for whole fen",   3, { 12, 6, 6 },    { 1, 1, 1 } },
        { "free",                 0, { 0, 0, 0 },     { 0, 0, 0 } },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        int64_t  fees[LINES];

        caplat_fen_share(cases[i].total, cases[i].parts, 12, fees, LINES);

        for (size_t n = 0; n < LINES; n++) {
            test_number(fees[n], cases[i].fees[n], cases[i].words);
        }
    }
}


static void
test_yuan(void)
{
    static const struct {
        int64_t      fen;
        const char  *yuan;
    } cases[] = {
        { 0, "0" }, { 1, "0.01" }, { 10, "0.10" }, { 99, "0.99" },
        { 100, "1" }, { 1250, "12.50" }, { 25000, "250" },
        { CAPLAT_FEN_MAX, "1000000000" },
        { CAPLAT_FEN_MAX - 1, "999999999.99" },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        char    out[CAPLAT_YUAN_LEN_MAX];
        size_t  len = caplat_fen_yuan(cases[i].fen, out);

        test_text(caplat_slice_of(out, len), test_slice(cases[i].yuan),
            cases[i].yuan);
    }
}


int
main(void)
{
    test_add();
    test_mul();
    test_round();
    test_share();
    test_yuan();

    return test_done();
}
