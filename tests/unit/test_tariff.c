#include "caplat_tariff.h"

#include "card_write.h"
#include "test.h"


/* A small card, in the parts that the cases below replace. */
typedef enum {
    FORMAT, CARD, ROUND, PRORATE, BASE, ONCE, COVERS, CLASSES, REGIONS,
    PLATFORMS, REFUSALS, RULES, END, PARTS
} part;

static const char *const  good[PARTS] = {
    [FORMAT]    = "caplat-rates 1\n",
    [CARD]      = "card c1 2021-01-01 -\n",
    [ROUND]     = "round half-up\n",
    [PRORATE]   = "prorate month 12 up 1 for {n} months\n",
    [BASE]      = "base 25000 the base\n",
    [ONCE]      = "once paid once\n",
    [COVERS]    = "cover b registered covered\ncover a registered at home\n",
    [CLASSES]   = "class a class A\nclass b class B\n",
    [REGIONS]   = "region 210100 North\nregion 210700 South\n",
    [PLATFORMS] = "platform p1 a - open P1\nplatform p2 b 210700 open P2\n",
    [REFUSALS]  = "refuse vendor m1 M1 is gone\nrefuse vendor m2 M2 is gone\n",
    [RULES]     = "rule class=a flat 0 free\nrule class=b year 5000 b\n",
    [END]       = "",
};


/* The card with one part replaced; `at` counts in part `in`. */
typedef struct {
    const char   *words;
    part          replaced;
    const char   *text;
    caplat_code   code;
    part          in;
    size_t        at;
} tariff_case;


#define CARD_LEN_MAX  (2 * CAPLAT_RATES_LEN_MAX)

static char  card[CARD_LEN_MAX];


static caplat_slice
make_card(part replaced, const char *text, size_t starts[PARTS])
{
    size_t  len = 0;

    for (part p = FORMAT; p < PARTS; p++) {
        caplat_slice  more = test_slice(p == replaced ? text : good[p]);

        caplat_assert(more.len <= sizeof(card) - len);
        starts[p] = len;
        memcpy(card + len, more.ptr, more.len);
        len += more.len;
    }

    return caplat_slice_of(card, len);
}


/* A card that is read can be written again, the same bytes. */
static void
check_same(const caplat_tariff *tariff, caplat_slice text, const char *words)
{
    static char  again[CARD_LEN_MAX];

    test_text(card_write(tariff, again, sizeof(again)), text, words);
}


static void
test_cases(const tariff_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        static caplat_tariff  tariff;

        size_t        starts[PARTS];
        caplat_err    err = { CAPLAT_OK, 0, "" };
        caplat_slice  text = make_card(cases[i].replaced, cases[i].text,
                                       starts);
        bool          is_read = caplat_tariff_parse(text, &tariff, &err);

        test_text(test_slice(caplat_code_name(err.code)),
            test_slice(caplat_code_name(cases[i].code)), cases[i].words);

        if (is_read) {
            check_same(&tariff, text, cases[i].words);

        } else {
            test_number(err.at, starts[cases[i].in] + cases[i].at,
                cases[i].words);
        }
    }
}


static const tariff_case  head_cases[] = {
    { "a good card", END, "", CAPLAT_OK, END, 0 },
    { "another format", FORMAT, "caplat-rates 2\n", CAPLAT_MISSING_KEY,
      FORMAT, 0 },
    { "no format", FORMAT, "", CAPLAT_MISSING_KEY, CARD, 0 },
    { "a byte order mark", FORMAT, "\xef\xbb\xbf" "caplat-rates 1\n",
      CAPLAT_MISSING_KEY, FORMAT, 0 },
    { "CR LF", FORMAT, "caplat-rates 1\r\n", CAPLAT_MISSING_KEY, FORMAT, 0 },
    { "an empty line", FORMAT, "caplat-rates 1\n\n", CAPLAT_MISSING_KEY,
      FORMAT, 15 },

    { "no card", CARD, "", CAPLAT_MISSING_KEY, ROUND, 0 },
    { "two cards", CARD, "card a 2021-01-01 -\ncard b 2021-01-01 -\n",
      CAPLAT_MISSING_KEY, CARD, 20 },
    { "a name in capitals", CARD, "card C1 2021-01-01 -\n",
      CAPLAT_NOT_A_NAME, CARD, 5 },
    { "no name", CARD, "card  2021-01-01 -\n", CAPLAT_NOT_A_NAME, CARD, 5 },
    { "no days", CARD, "card c1\n", CAPLAT_TRUNCATED, CARD, 7 },
    { "no such day", CARD, "card c1 2021-02-29 -\n", CAPLAT_NOT_A_DATE, CARD,
      8 },
    { "open at the start", CARD, "card c1 - 2021-01-01\n", CAPLAT_NOT_A_DATE,
      CARD, 8 },
    { "valid for a day", CARD, "card c1 2021-01-01 2021-01-01\n", CAPLAT_OK,
      CARD, 0 },
    { "ends before it starts", CARD, "card c1 2021-01-01 2020-12-31\n",
      CAPLAT_OUT_OF_ORDER, CARD, 19 },
    { "something behind", CARD, "card c1 2021-01-01 - \n", CAPLAT_TRAILING,
      CARD, 20 },

    { "no such rounding", ROUND, "round half-even\n", CAPLAT_NOT_ONE_OF,
      ROUND, 6 },
    { "up", ROUND, "round up\n", CAPLAT_OK, ROUND, 0 },
    { "down", ROUND, "round down\n", CAPLAT_OK, ROUND, 0 },
    { "two spaces", ROUND, "round  up\n", CAPLAT_TRAILING, ROUND, 6 },

    { "not prorated", PRORATE, "prorate none\n", CAPLAT_OK, PRORATE, 0 },
    { "none of something", PRORATE, "prorate none 12\n", CAPLAT_NOT_ONE_OF,
      PRORATE, 8 },
    { "by the day", PRORATE, "prorate day 365 down 0 x\n", CAPLAT_OK, PRORATE,
      0 },
    { "by the quarter", PRORATE, "prorate quarter 4 up 4 x\n", CAPLAT_OK,
      PRORATE, 0 },
    { "by the week", PRORATE, "prorate week 52 up 1 x\n", CAPLAT_NOT_ONE_OF,
      PRORATE, 8 },
    { "a short year", PRORATE, "prorate day 360 up 1 x\n", CAPLAT_NOT_ONE_OF,
      PRORATE, 12 },
    { "days for months", PRORATE, "prorate month 365 up 1 x\n",
      CAPLAT_NOT_ONE_OF, PRORATE, 14 },
    { "half a unit", PRORATE, "prorate month 12 half-up 1 x\n",
      CAPLAT_NOT_ONE_OF, PRORATE, 17 },
    { "a year at least", PRORATE, "prorate month 12 up 12 x\n", CAPLAT_OK,
      PRORATE, 0 },
    { "more at least", PRORATE, "prorate month 12 up 13 x\n",
      CAPLAT_TOO_LARGE, PRORATE, 20 },
    { "no words", PRORATE, "prorate month 12 up 1\n", CAPLAT_TRUNCATED,
      PRORATE, 21 },
    { "empty words", PRORATE, "prorate month 12 up 1 \n", CAPLAT_NOT_WORDS,
      PRORATE, 22 },
    { "words without units", PRORATE, "prorate month 12 up 1 x {m}\n",
      CAPLAT_OK, PRORATE, 0 },
    { "units twice", PRORATE, "prorate month 12 up 1 {n}{n}\n", CAPLAT_TWICE,
      PRORATE, 22 },
};


static const tariff_case  base_cases[] = {
    { "a free base", BASE, "base 0 x\n", CAPLAT_OK, BASE, 0 },
    { "the dearest base", BASE, "base 100000000000 x\n", CAPLAT_OK, BASE, 0 },
    { "a fen too dear", BASE, "base 100000000001 x\n", CAPLAT_TOO_LARGE, BASE,
      5 },
    { "half a fen", BASE, "base 1.5 x\n", CAPLAT_NOT_A_NUMBER, BASE, 5 },
    { "a leading zero", BASE, "base 01 x\n", CAPLAT_NOT_A_NUMBER, BASE, 5 },
    { "a base without words", BASE, "base 1\n", CAPLAT_TRUNCATED, BASE, 6 },
    { "two bases", BASE, "base 1 x\nbase 2 y\n", CAPLAT_MISSING_KEY, BASE,
      9 },
    { "once for nothing", BASE, "base none\n", CAPLAT_MISSING_KEY, ONCE, 0 },
    { "a base without a reason", ONCE, "", CAPLAT_MISSING_KEY, COVERS, 0 },
    { "an empty reason", ONCE, "once \n", CAPLAT_NOT_WORDS, ONCE, 5 },
    { "two reasons", ONCE, "once x\nonce y\n", CAPLAT_MISSING_KEY, ONCE, 7 },
    { "no covers", COVERS, "", CAPLAT_OK, COVERS, 0 },
    { "covers the others", COVERS, "cover a other x\n", CAPLAT_NOT_ONE_OF,
      COVERS, 8 },
    { "covers an unknown class", COVERS, "cover c any x\n",
      CAPLAT_UNKNOWN_NAME, COVERS, 6 },
    { "covers the same twice", COVERS, "cover a any x\ncover a any y\n",
      CAPLAT_TWICE, COVERS, 20 },
    { "covers a class twice", COVERS, "cover a registered x\ncover a any y\n",
      CAPLAT_OK, COVERS, 0 },
};


static const tariff_case  list_cases[] = {
    { "no class", CLASSES, "", CAPLAT_MISSING_KEY, REGIONS, 0 },
    { "a class twice", CLASSES, "class a A\nclass b B\nclass a C\n",
      CAPLAT_TWICE, CLASSES, 26 },

    { "regions out of order", REGIONS, "region 210700 S\nregion 210100 N\n",
      CAPLAT_OUT_OF_ORDER, REGIONS, 23 },
    { "a region twice", REGIONS, "region 210700 S\nregion 210700 N\n",
      CAPLAT_OUT_OF_ORDER, REGIONS, 23 },
    { "five digits", REGIONS, "region 21070 S\n", CAPLAT_NOT_A_REGION,
      REGIONS, 7 },

    { "no platform", PLATFORMS, "", CAPLAT_MISSING_KEY, REFUSALS, 0 },
    { "a platform twice", PLATFORMS,
      "platform p1 a - open P1\nplatform p1 b - open P2\n", CAPLAT_TWICE,
      PLATFORMS, 33 },
    { "of no class", PLATFORMS, "platform p1 c - open P1\n",
      CAPLAT_UNKNOWN_NAME, PLATFORMS, 12 },
    { "of an unknown region", PLATFORMS, "platform p1 a 210300 open P1\n",
      CAPLAT_UNKNOWN_NAME, PLATFORMS, 14 },
    { "paused", PLATFORMS, "platform p1 a - paused P1\n", CAPLAT_OK,
      PLATFORMS, 0 },
    { "closed", PLATFORMS, "platform p1 a - closed P1\n", CAPLAT_OK,
      PLATFORMS, 0 },
    { "gone", PLATFORMS, "platform p1 a - gone P1\n", CAPLAT_NOT_ONE_OF,
      PLATFORMS, 16 },
    { "a tab in a name", PLATFORMS, "platform p1 a - open P\t1\n",
      CAPLAT_NOT_WORDS, PLATFORMS, 21 },
    { "a region behind platforms", PLATFORMS,
      "platform p1 a - open P1\nregion 210900 X\n", CAPLAT_MISSING_KEY,
      PLATFORMS, 24 },

    { "nothing refused", REFUSALS, "", CAPLAT_OK, REFUSALS, 0 },
    { "refusals out of order", REFUSALS,
      "refuse vendor m2 x\nrefuse vendor m1 x\n", CAPLAT_OUT_OF_ORDER,
      REFUSALS, 33 },
    { "refused twice", REFUSALS, "refuse vendor m1 x\nrefuse vendor m1 y\n",
      CAPLAT_OUT_OF_ORDER, REFUSALS, 33 },
    { "a lock refused", REFUSALS, "refuse lock m1 x\n", CAPLAT_MISSING_KEY,
      REFUSALS, 0 },
};


static const tariff_case  rule_cases[] = {
    { "no rule", RULES, "", CAPLAT_MISSING_KEY, END, 0 },
    { "for all", RULES, "rule flat 1 x\n", CAPLAT_OK, RULES, 0 },
    { "every condition", RULES,
      "rule class=b region=other platform=p2 lock=l certificate=k vendor=v "
      "from=2021-01-01 until=2021-12-31 year 1 x\nrule flat 1 x\n",
      CAPLAT_OK, RULES, 0 },
    { "registered", RULES, "rule region=registered flat 1 x\nrule flat 1 x\n",
      CAPLAT_OK, RULES, 0 },
    { "any region", RULES, "rule region=any flat 1 x\n", CAPLAT_NOT_ONE_OF,
      RULES, 12 },
    { "conditions out of order", RULES,
      "rule lock=l class=a flat 1 x\n", CAPLAT_NOT_ONE_OF, RULES, 12 },
    { "a condition twice", RULES, "rule lock=l lock=m flat 1 x\n",
      CAPLAT_NOT_ONE_OF, RULES, 12 },
    { "an unknown condition", RULES, "rule colour=red flat 1 x\n",
      CAPLAT_NOT_ONE_OF, RULES, 5 },
    { "a condition of nothing", RULES, "rule lock= flat 1 x\n",
      CAPLAT_NOT_A_NAME, RULES, 10 },
    { "an unknown class", RULES, "rule class=c flat 1 x\n",
      CAPLAT_UNKNOWN_NAME, RULES, 11 },
    { "an unknown platform", RULES, "rule platform=p3 flat 1 x\n",
      CAPLAT_UNKNOWN_NAME, RULES, 14 },
    { "a day that is none", RULES, "rule from=2021-1-1 flat 1 x\n",
      CAPLAT_NOT_A_DATE, RULES, 10 },
    { "days out of order", RULES,
      "rule from=2021-01-02 until=2021-01-01 flat 1 x\n",
      CAPLAT_OUT_OF_ORDER, RULES, 27 },
    { "per month", RULES, "rule class=a month 1 x\n", CAPLAT_NOT_ONE_OF,
      RULES, 13 },
    { "a price below nothing", RULES, "rule class=a flat -1 x\n",
      CAPLAT_NOT_A_NUMBER, RULES, 18 },
    { "no reason", RULES, "rule class=a flat 1\n", CAPLAT_TRUNCATED, RULES,
      19 },

    { "a platform without price", RULES, "rule class=a flat 1 x\n",
      CAPLAT_NOT_PRICED, PLATFORMS, 33 },
    { "priced by its id", RULES,
      "rule platform=p2 flat 1 x\nrule class=a flat 1 x\n", CAPLAT_OK, RULES,
      0 },
    { "priced for some locks", RULES,
      "rule class=a flat 1 x\nrule class=b lock=l flat 1 x\n",
      CAPLAT_NOT_PRICED, PLATFORMS, 33 },
    { "priced for some certificates", RULES,
      "rule class=a flat 1 x\nrule class=b certificate=k flat 1 x\n",
      CAPLAT_NOT_PRICED, PLATFORMS, 33 },
    { "priced for some vendors", RULES,
      "rule class=a flat 1 x\nrule class=b vendor=v flat 1 x\n",
      CAPLAT_NOT_PRICED, PLATFORMS, 33 },
    { "priced at home", RULES,
      "rule class=a flat 1 x\nrule class=b region=registered flat 1 x\n",
      CAPLAT_NOT_PRICED, PLATFORMS, 33 },
    { "priced from a day on", RULES,
      "rule class=a flat 1 x\nrule class=b from=2021-01-01 flat 1 x\n",
      CAPLAT_NOT_PRICED, PLATFORMS, 33 },
    { "priced up to a day", RULES,
      "rule class=a flat 1 x\nrule class=b until=2021-01-01 flat 1 x\n",
      CAPLAT_NOT_PRICED, PLATFORMS, 33 },

    { "bytes behind the card", END, "\n", CAPLAT_TRAILING, END, 0 },
    { "a second card", END, "caplat-rates 1\n", CAPLAT_TRAILING, END, 0 },
    { "a rule cut off", END, "rule class=a flat 1 x", CAPLAT_TRUNCATED, END,
      21 },
};


/* What was read is what was written. */
static void
test_values(void)
{
    static caplat_tariff  tariff;

    size_t              starts[PARTS];
    caplat_err          err;
    caplat_slice        text = make_card(END, "", starts);
    const caplat_rule  *rule = &tariff.rules[1];

    if (!test_that(caplat_tariff_parse(text, &tariff, &err), "a good card")) {
        return;
    }

    test_text(tariff.id, CAPLAT_LIT("c1"), "id");
    test_number(tariff.from.year, 2021, "from");
    test_that(!caplat_date_given(tariff.until), "until");
    test_number(tariff.round, CAPLAT_ROUND_HALF_UP, "round");
    test_number(tariff.unit, CAPLAT_UNIT_MONTH, "unit");
    test_number(tariff.units_per_year, 12, "units of a year");
    test_that(tariff.started_counts, "a started month");
    test_number(tariff.units_min, 1, "minimum");
    test_number(tariff.base_fen, 25000, "base");
    test_number(tariff.covers[0].class_at, 1, "a class named before it is");
    test_number(tariff.covers[0].relation, CAPLAT_REGION_REGISTERED, "cover");
    test_number(tariff.platforms[1].region, 210700, "region");
    test_number(tariff.platforms[1].class_at, 1, "class");
    test_number(rule->platform_at, CAPLAT_ANY, "no condition");
    test_number(rule->price_fen, 5000, "price");
    test_that(rule->per_year, "per year");

    test_number(caplat_tariff_platform(&tariff, CAPLAT_LIT("p2")), 1, "p2");
    test_number(caplat_tariff_platform(&tariff, CAPLAT_LIT("p")), CAPLAT_ANY,
        "no platform");
    test_number(caplat_tariff_class(&tariff, CAPLAT_LIT("b")), 1, "b");
    test_number(caplat_tariff_class(&tariff, CAPLAT_LIT("")), CAPLAT_ANY,
        "no class");
}


/* No part of a card is a card, and the fault lies within it. */
static void
test_prefixes(void)
{
    static caplat_tariff  tariff;

    size_t        starts[PARTS];
    caplat_slice  text = make_card(END, "", starts);
    size_t        wrong = 0;

    for (size_t len = 0; len < text.len; len++) {
        caplat_err  err = { CAPLAT_OK, 0, "" };

        wrong += caplat_tariff_parse(caplat_slice_of(text.ptr, len), &tariff,
                                     &err);
        wrong += err.code == CAPLAT_OK || err.at > len;
    }

    test_number(wrong, 0, "a card that is cut off");
}


/* Whatever byte is put in the place of another: a fault, or the same bytes. */
static void
test_bytes(void)
{
    static caplat_tariff  tariff;
    static char           again[CARD_LEN_MAX];

    size_t        starts[PARTS];
    caplat_slice  text = make_card(END, "", starts);
    size_t        wrong = 0;

    for (size_t at = 0; at < text.len; at++) {
        char  kept = card[at];

        for (unsigned byte = 0; byte < 256; byte++) {
            caplat_err  err;

            card[at] = (char) byte;

            if (caplat_tariff_parse(text, &tariff, &err)) {
                wrong += !caplat_slice_eq(text,
                             card_write(&tariff, again, sizeof(again)));
            }
        }

        card[at] = kept;
    }

    test_number(wrong, 0, "another byte");
}


/* One line, with its number written where the pattern has `#`. */
static size_t
put_line(char *out, const char *pattern, unsigned number)
{
    size_t  len = 0;

    for ( ; *pattern != '\0'; pattern++) {
        if (*pattern == '#') {
            out[len++] = (char) ('0' + number / 100);
            out[len++] = (char) ('0' + number / 10 % 10);
            out[len++] = (char) ('0' + number % 10);

        } else {
            out[len++] = *pattern;
        }
    }

    return len;
}


/* Each list at its limit and a line over it. */
static void
test_limits(void)
{
    static const struct {
        part         replaced;
        const char  *first;             /* lines that other parts ask for */
        const char  *line;
        size_t       first_count;
        size_t       max;
    } lists[] = {
        { CLASSES, "class a A\nclass b B\n", "class c# C\n", 2,
          CAPLAT_CLASSES_MAX },
        { REGIONS, "", "region 210# R\n", 0, CAPLAT_REGIONS_MAX },
        { PLATFORMS, "", "platform p# a - open P\n", 0,
          CAPLAT_PLATFORMS_MAX },
        { REFUSALS, "", "refuse vendor v# V\n", 0, CAPLAT_REFUSALS_MAX },
        { RULES, "", "rule flat # F\n", 0, CAPLAT_RULES_MAX },
    };

    static caplat_tariff  tariff;
    static char           lines[CARD_LEN_MAX / 2];

    for (size_t i = 0; i < CAPLAT_COUNT(lists); i++) {
        size_t        starts[PARTS];
        caplat_err    err = { CAPLAT_OK, 0, "" };
        caplat_slice  first = test_slice(lists[i].first);
        size_t        len = first.len;
        size_t        last = 0;
        size_t        over = lists[i].max - lists[i].first_count;

        memcpy(lines, first.ptr, first.len);

        for (unsigned n = 0; n <= over; n++) {
            last = len;
            len += put_line(lines + len, lists[i].line, n + 100);
        }

        lines[len] = '\0';
        test_that(!caplat_tariff_parse(make_card(lists[i].replaced, lines,
                                                 starts), &tariff, &err),
            lists[i].line);
        test_number(err.code, CAPLAT_TOO_LARGE, lists[i].line);
        test_number(err.at, starts[lists[i].replaced] + last, lists[i].line);

        /* Without it, what is wrong, if anything, is something else. */
        lines[last] = '\0';
        err.code = CAPLAT_OK;
        (void) caplat_tariff_parse(make_card(lists[i].replaced, lines,
                                             starts), &tariff, &err);
        test_that(err.code != CAPLAT_TOO_LARGE, lists[i].line);
    }
}


static void
test_too_long(void)
{
    static caplat_tariff  tariff;

    caplat_slice  text = caplat_slice_of(card, CAPLAT_RATES_LEN_MAX + 1);
    caplat_err    err;

    memset(card, 'a', sizeof(card));
    test_that(!caplat_tariff_parse(text, &tariff, &err), "a byte too long");
    test_number(err.code, CAPLAT_TOO_LARGE, "a byte too long");
    test_number(err.at, CAPLAT_RATES_LEN_MAX, "a byte too long");
}


int
main(void)
{
    test_cases(head_cases, CAPLAT_COUNT(head_cases));
    test_cases(base_cases, CAPLAT_COUNT(base_cases));
    test_cases(list_cases, CAPLAT_COUNT(list_cases));
    test_cases(rule_cases, CAPLAT_COUNT(rule_cases));
    test_values();
    test_prefixes();
    test_bytes();
    test_limits();
    test_too_long();

    return test_done();
}
