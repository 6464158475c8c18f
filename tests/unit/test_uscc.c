#include "caplat_uscc.h"

#include "test.h"


#define LINE_LEN_MAX  256               /* bytes of a vector */


static bool
take_boolean(caplat_cursor *c, bool *value)
{
    *value = caplat_take_literal(c, CAPLAT_LIT("true"));

    return *value || caplat_take_literal(c, CAPLAT_LIT("false"));
}


/* code, well_formed, check_ok, computed, gb11714_ok, resident_id */
static void
check_row(caplat_slice row)
{
    caplat_cursor  c = caplat_cursor_of(row);
    caplat_slice   code;
    caplat_slice   computed;
    bool           well_formed;
    bool           check_ok;
    bool           organisation_ok;
    bool           resident_id;

    if (!test_that(caplat_take_until(&c, '\t', LINE_LEN_MAX, &code)
                   && take_boolean(&c, &well_formed)
                   && caplat_take_byte(&c, '\t')
                   && take_boolean(&c, &check_ok)
                   && caplat_take_byte(&c, '\t')
                   && caplat_take_until(&c, '\t', 1, &computed)
                   && take_boolean(&c, &organisation_ok)
                   && caplat_take_byte(&c, '\t')
                   && take_boolean(&c, &resident_id), "six columns"))
    {
        return;
    }

    test_number(caplat_uscc_well_formed(code), well_formed, code.ptr);
    test_number(caplat_uscc_check(code), computed.ptr[0], code.ptr);
    test_number(caplat_uscc_check(code) == code.ptr[17], check_ok, code.ptr);
    test_number(caplat_resident_id_like(code), resident_id, code.ptr);
}


static void
test_vectors(void)
{
    char    line[LINE_LEN_MAX];
    FILE   *file = fopen("tests/vectors/uscc.tsv", "r");
    size_t  count = 0;

    test_that(file != NULL, "the vectors");

    if (file == NULL) {
        return;
    }

    test_that(fgets(line, sizeof(line), file) != NULL, "the columns");

    while (fgets(line, sizeof(line), file) != NULL) {
        check_row(test_slice(line));
        count++;
    }

    test_number(count, 38, "all of them");
    fclose(file);
}


static void
test_forms(void)
{
    static const struct {
        const char    *words;
        caplat_slice   code;
        bool           good;
    } cases[] = {
        { "as it should be",    CAPLAT_INIT("91350100M000100Y43"),  true },
        { "digits alone",       CAPLAT_INIT("000000000000000000"),  true },
        { "the last letters",   CAPLAT_INIT("YY999999YYYYYYYYYY"),  true },
        { "one less",           CAPLAT_INIT("91350100M000100Y4"),   false },
        { "one more",           CAPLAT_INIT("91350100M000100Y430"), false },
        { "nothing",            CAPLAT_INIT(""),                    false },
        { "small letters",      CAPLAT_INIT("91350100m000100y43"),  false },
        { "I",                  CAPLAT_INIT("91350100I000100Y43"),  false },
        { "O",                  CAPLAT_INIT("91350100O000100Y43"),  false },
        { "S",                  CAPLAT_INIT("91350100S000100Y43"),  false },
        { "V",                  CAPLAT_INIT("91350100V000100Y43"),  false },
        { "Z",                  CAPLAT_INIT("91350100Z000100Y43"),  false },
        { "a letter in the region's first", CAPLAT_INIT("91A50100M000100Y43"),
          false },
        { "and last place",     CAPLAT_INIT("9135010AM000100Y43"),  false },
        { "before it",          CAPLAT_INIT("9A350100M000100Y43"),  true },
        { "behind it",          CAPLAT_INIT("91350100A000100Y43"),  true },
        { "a blank",            CAPLAT_INIT("91350100M000100Y4 "),  false },
        { "a NUL",              CAPLAT_INIT("91350100M000100Y4\0"), false },
        { "eight bits",         CAPLAT_INIT("\xb9" "1350100M000100Y43"),
          false },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        test_number(caplat_uscc_well_formed(cases[i].code), cases[i].good,
            cases[i].words);
    }
}


/* Every other character in any place, and two neighbours changed over. */
static void
test_mistakes(void)
{
    static const char  set[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

    const char    *good = "91350100M000100Y43";
    char           code[CAPLAT_USCC_LEN];
    caplat_slice   text = caplat_slice_of(code, sizeof(code));

    for (size_t at = 0; at < CAPLAT_USCC_LEN; at++) {
        for (size_t i = 0; i < sizeof(set) - 1; i++) {
            memcpy(code, good, sizeof(code));
            code[at] = set[i];

            if (set[i] != good[at] && caplat_uscc_well_formed(text)) {
                test_that(caplat_uscc_check(text) != code[17],
                    "another character");
            }
        }
    }

    for (size_t at = 0; at + 1 < CAPLAT_USCC_LEN; at++) {
        memcpy(code, good, sizeof(code));
        code[at] = good[at + 1];
        code[at + 1] = good[at];

        if (code[at] != good[at] && caplat_uscc_well_formed(text)) {
            test_that(caplat_uscc_check(text) != code[17],
                "neighbours changed over");
        }
    }
}


static void
test_residents(void)
{
    static const struct {
        const char    *words;
        caplat_slice   text;
        bool           like;
    } cases[] = {
        { "the standard's",     CAPLAT_INIT("11010519491231002X"), true },
        { "a small x",          CAPLAT_INIT("11010519491231002x"), true },
        { "another check",      CAPLAT_INIT("110105194912310021"), false },
        { "its other example",  CAPLAT_INIT("440524188001010014"), true },
        { "X in the middle",    CAPLAT_INIT("1101051949123100X2"), false },
        { "a month too many",   CAPLAT_INIT("110105194913310021"), false },
        { "29 February",        CAPLAT_INIT("110105200002290013"), true },
        { "of a common year",   CAPLAT_INIT("110105190002290017"), false },
        { "the first year",     CAPLAT_INIT("110105180001010010"), true },
        { "the year before",    CAPLAT_INIT("110105179912310016"), false },
        { "the last day",       CAPLAT_INIT("110105209912310010"), true },
        { "a day later",        CAPLAT_INIT("110105210001010015"), false },
        { "15 digits",          CAPLAT_INIT("110105491231002"),    true },
        { "of no day",          CAPLAT_INIT("110105491232002"),    false },
        { "of no month",        CAPLAT_INIT("110105490031002"),    false },
        { "1900 had no leap day", CAPLAT_INIT("110105000229002"),  false },
        { "a letter",           CAPLAT_INIT("11010549123100X"),    false },
        { "14 digits",          CAPLAT_INIT("11010549123100"),     false },
        { "16 digits",          CAPLAT_INIT("1101054912310022"),   false },
        { "17 digits",          CAPLAT_INIT("11010519491231002"),  false },
        { "19 characters",      CAPLAT_INIT("11010519491231002X0"), false },
        { "a blank",            CAPLAT_INIT("1101051949123100 X"), false },
        { "a company's digits", CAPLAT_INIT("911101066976941872"), false },
        { "nothing",            CAPLAT_INIT(""),                   false },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        test_number(caplat_resident_id_like(cases[i].text), cases[i].like,
            cases[i].words);
    }
}


int
main(void)
{
    test_vectors();
    test_forms();
    test_mistakes();
    test_residents();

    return test_done();
}
