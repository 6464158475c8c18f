#include "caplat_sfv.h"

#include "test.h"


#define WRITTEN_MAX  4096


static caplat_sfv  sfv;


/* As read and written again; an empty slice when it is refused. */
static caplat_slice
canonical(caplat_slice line, caplat_err *err)
{
    static char  room[WRITTEN_MAX];

    caplat_writer  w = caplat_writer_of(room, sizeof(room));

    sfv.member_count = sfv.item_count = sfv.param_count = 0;

    if (!caplat_sfv_read(line, &sfv, err)) {
        return CAPLAT_LIT("");
    }

    caplat_sfv_put(&w, &sfv);
    test_that(!w.full, "all of it fits");

    return caplat_written(&w);
}


static void
test_good(void)
{
    static const struct {
        const char  *words;
        const char  *text;
        const char  *want;
    } cases[] = {
        { "RFC 9651, 3.2, 1",  "en=\"Applepie\", da=:w4ZibGV0w6ZydGUK:",
          "en=\"Applepie\", da=:w4ZibGV0w6ZydGUK:" },
        { "RFC 9651, 3.2, 2",  "a=?0, b, c; foo=bar",
          "a=?0, b, c;foo=bar" },
        { "RFC 9651, 3.2, 3",  "rating=1.5, feelings=(joy sadness)",
          "rating=1.5, feelings=(joy sadness)" },
        { "RFC 9651, 3.2, 4",  "a=(1 2), b=3, c=4;aa=bb, d=(5 6);valid",
          "a=(1 2), b=3, c=4;aa=bb, d=(5 6);valid" },
        { "RFC 9421, 4.1",
          "sig1=(\"@method\" \"@target-uri\");created=1618884475;keyid=\"k\"",
          "sig1=(\"@method\" \"@target-uri\");created=1618884475;keyid=\"k\"" },

        { "a boolean",         "a",                   "a" },
        { "true, said so",     "a=?1",                "a" },
        { "true with more",    "a=?1;b=?1;c=?0",      "a;b;c=?0" },
        { "true in a list",    "a=(?1 ?0)",           "a=(?1 ?0)" },
        { "an empty list",     "a=()",                "a=()" },
        { "blanks in it",      "a=(  )",              "a=()" },
        { "blanks about",      "a=(  1   2  )",       "a=(1 2)" },
        { "of items with parameters", "a=(1;b  2; c=3);d",
          "a=(1;b 2;c=3);d" },
        { "the same, twice",   "a=(1;b 2;b);b",       "a=(1;b 2;b);b" },
        { "blanks at both ends", "  a=1  ",           "a=1" },
        { "a tab at the end",  "a=1\t",               "a=1" },
        { "blanks and tabs about a comma", "a=1 \t,\t b=2", "a=1, b=2" },
        { "nothing about it",  "a=1,b=2",             "a=1, b=2" },
        { "any key",           "*a_-.*9=1",           "*a_-.*9=1" },

        { "none",              "a=0",                 "a=0" },
        { "minus none",        "a=-0",                "a=0" },
        { "leading zeros",     "a=007",               "a=7" },
        { "15 digits",         "a=999999999999999",   "a=999999999999999" },
        { "and a minus",       "a=-999999999999999",  "a=-999999999999999" },
        { "a zero behind",     "a=1.0",               "a=1.0" },
        { "zeros behind",      "a=1.500",             "a=1.5" },
        { "two of three",      "a=1.230",             "a=1.23" },
        { "zeros between",     "a=1.005",             "a=1.005" },
        { "one zero between",  "a=1.05",              "a=1.05" },
        { "minus a tenth",     "a=-0.1",              "a=-0.1" },
        { "minus no tenth",    "a=-0.0",              "a=0.0" },
        { "zeros before",      "a=00.5",              "a=0.5" },
        { "12 digits and 3",   "a=999999999999.999",  "a=999999999999.999" },

        { "an empty string",   "a=\"\"",              "a=\"\"" },
        { "with escapes",      "a=\"\\\"\\\\\"",      "a=\"\\\"\\\\\"" },
        { "a comma in it",     "a=\"x, b=2\"",        "a=\"x, b=2\"" },
        { "the last letter",   "a=\" ~\"",            "a=\" ~\"" },
        { "a token",           "a=*x!#$%&'*+-.^_`|~:/9", NULL },
        { "of capitals",       "a=Az",                "a=Az" },
        { "no bytes",          "a=::",                "a=::" },
        { "a byte",            "a=:AA==:",            "a=:AA==:" },
        { "a date",            "a=@1659578233",       "a=@1659578233" },
        { "long ago",          "a=@-01",              "a=@-1" },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        const char    *want = cases[i].want;
        caplat_slice   text = test_slice(cases[i].text);
        caplat_err     err = { .code = CAPLAT_OK };

        test_text(canonical(text, &err),
            want != NULL ? test_slice(want) : text, cases[i].words);
        test_number(err.code, CAPLAT_OK, cases[i].words);
    }
}


static void
test_bad(void)
{
    static const struct {
        const char    *words;
        caplat_slice   text;
        caplat_code    code;
        size_t         at;
    } cases[] = {
        { "nothing",          CAPLAT_INIT(""),       CAPLAT_TRUNCATED, 0 },
        { "blanks",           CAPLAT_INIT("  "),     CAPLAT_TRUNCATED, 2 },
        { "a comma",          CAPLAT_INIT(","),      CAPLAT_NOT_A_NAME, 0 },
        { "at the end",       CAPLAT_INIT("a,"),     CAPLAT_TRUNCATED, 2 },
        { "and blanks",       CAPLAT_INIT("a, "),    CAPLAT_TRUNCATED, 3 },
        { "two of them",      CAPLAT_INIT("a,,b"),   CAPLAT_NOT_A_NAME, 2 },
        { "a tab first",      CAPLAT_INIT("\ta"),    CAPLAT_NOT_A_NAME, 0 },
        { "behind a blank",   CAPLAT_INIT(" \ta"),   CAPLAT_NOT_A_NAME, 1 },
        { "no comma",         CAPLAT_INIT("a=1 b=2"), CAPLAT_TRAILING, 4 },
        { "a line feed",      CAPLAT_INIT("a=1\n"),  CAPLAT_TRAILING, 3 },
        { "a NUL",            CAPLAT_INIT("a=1\0"),  CAPLAT_TRAILING, 3 },
        { "a folded line",    CAPLAT_INIT("a=1,\r\n b"), CAPLAT_NOT_A_NAME,
          4 },

        { "a capital key",    CAPLAT_INIT("A=1"),    CAPLAT_NOT_A_NAME, 0 },
        { "inside",           CAPLAT_INIT("aB=1"),   CAPLAT_TRAILING, 1 },
        { "a digit first",    CAPLAT_INIT("1a=1"),   CAPLAT_NOT_A_NAME, 0 },
        { "a blank behind",   CAPLAT_INIT("a =1"),   CAPLAT_TRAILING, 2 },
        { "a blank before",   CAPLAT_INIT("a= 1"),   CAPLAT_NOT_ONE_OF, 2 },
        { "no value",         CAPLAT_INIT("a="),     CAPLAT_NOT_ONE_OF, 2 },
        { "twice",            CAPLAT_INIT("a=1, a=1"), CAPLAT_TWICE, 5 },
        { "of a list",        CAPLAT_INIT("a, b, a=()"), CAPLAT_TWICE, 6 },

        { "a parameter twice", CAPLAT_INIT("a;b=1; b=2"), CAPLAT_TWICE, 7 },
        { "in a list",        CAPLAT_INIT("a=(1;c;c)"), CAPLAT_TWICE, 7 },
        { "of a list",        CAPLAT_INIT("a=(1;c);c;c"), CAPLAT_TWICE, 10 },
        { "nameless",         CAPLAT_INIT("a;"),     CAPLAT_NOT_A_NAME, 2 },
        { "a blank before",   CAPLAT_INIT("a ;b"),   CAPLAT_TRAILING, 2 },
        { "a tab before it",  CAPLAT_INIT("a;\tb"),  CAPLAT_NOT_A_NAME, 2 },
        { "capital",          CAPLAT_INIT("a;B"),    CAPLAT_NOT_A_NAME, 2 },
        { "no value",         CAPLAT_INIT("a;b="),   CAPLAT_NOT_ONE_OF, 4 },
        { "a list as value",  CAPLAT_INIT("a;b=()"), CAPLAT_NOT_ONE_OF, 4 },

        { "no end",           CAPLAT_INIT("a=("),    CAPLAT_TRUNCATED, 3 },
        { "after an item",    CAPLAT_INIT("a=(1"),   CAPLAT_TRUNCATED, 4 },
        { "after a blank",    CAPLAT_INIT("a=(1 "),  CAPLAT_TRUNCATED, 5 },
        { "no blank",         CAPLAT_INIT("a=(\"x\"\"y\")"), CAPLAT_TRAILING,
          6 },
        { "a tab",            CAPLAT_INIT("a=(1\t2)"), CAPLAT_TRAILING, 4 },
        { "a comma",          CAPLAT_INIT("a=(1, 2)"), CAPLAT_TRAILING, 4 },
        { "a list in it",     CAPLAT_INIT("a=(())"), CAPLAT_NOT_ONE_OF, 3 },
        { "just the end",     CAPLAT_INIT("a=)"),    CAPLAT_NOT_ONE_OF, 2 },

        { "only a minus",     CAPLAT_INIT("a=-"),    CAPLAT_NOT_A_NUMBER, 3 },
        { "two of them",      CAPLAT_INIT("a=--1"),  CAPLAT_NOT_A_NUMBER, 3 },
        { "a plus",           CAPLAT_INIT("a=+1"),   CAPLAT_NOT_ONE_OF, 2 },
        { "16 digits",        CAPLAT_INIT("a=1000000000000000"),
          CAPLAT_NOT_A_NUMBER, 2 },
        { "though all zero",  CAPLAT_INIT("a=0000000000000000"),
          CAPLAT_NOT_A_NUMBER, 2 },
        { "13 and a point",   CAPLAT_INIT("a=1000000000000.1"),
          CAPLAT_NOT_A_NUMBER, 2 },
        { "nothing behind it", CAPLAT_INIT("a=1."),  CAPLAT_NOT_A_NUMBER, 4 },
        { "four behind it",   CAPLAT_INIT("a=1.0000"), CAPLAT_NOT_A_NUMBER,
          4 },
        { "nothing before it", CAPLAT_INIT("a=.5"),  CAPLAT_NOT_ONE_OF, 2 },
        { "two points",       CAPLAT_INIT("a=1.0.0"), CAPLAT_TRAILING, 5 },
        { "letters behind",   CAPLAT_INIT("a=1e9"),  CAPLAT_TRAILING, 3 },

        { "no end",           CAPLAT_INIT("a=\"x"),  CAPLAT_TRUNCATED, 4 },
        { "an escape at it",  CAPLAT_INIT("a=\"\\"), CAPLAT_NOT_WORDS, 4 },
        { "of its quote",     CAPLAT_INIT("a=\"\\\""), CAPLAT_TRUNCATED, 5 },
        { "of a letter",      CAPLAT_INIT("a=\"\\n\""), CAPLAT_NOT_WORDS, 4 },
        { "a tab in it",      CAPLAT_INIT("a=\"\t\""), CAPLAT_NOT_WORDS, 3 },
        { "a NUL",            CAPLAT_INIT("a=\"\0\""), CAPLAT_NOT_WORDS, 3 },
        { "the last control", CAPLAT_INIT("a=\"\x1f\""), CAPLAT_NOT_WORDS,
          3 },
        { "DEL",              CAPLAT_INIT("a=\"\x7f\""), CAPLAT_NOT_WORDS,
          3 },
        { "eight bits",       CAPLAT_INIT("a=\"\xe9\""), CAPLAT_NOT_WORDS,
          3 },
        { "single quotes",    CAPLAT_INIT("a='x'"),  CAPLAT_NOT_ONE_OF, 2 },

        { "bytes without end", CAPLAT_INIT("a=:AAAA"), CAPLAT_TRUNCATED, 3 },
        { "no padding",       CAPLAT_INIT("a=:AA:"), CAPLAT_NOT_WORDS, 3 },
        { "bits over",        CAPLAT_INIT("a=:AB==:"), CAPLAT_NOT_WORDS, 3 },
        { "base64url",        CAPLAT_INIT("a=:-_-_:"), CAPLAT_NOT_WORDS, 3 },
        { "a blank in them",  CAPLAT_INIT("a=:AAA A:"), CAPLAT_NOT_WORDS, 3 },

        { "no boolean",       CAPLAT_INIT("a=?2"),   CAPLAT_NOT_ONE_OF, 3 },
        { "none at all",      CAPLAT_INIT("a=?"),    CAPLAT_NOT_ONE_OF, 3 },
        { "two digits",       CAPLAT_INIT("a=?10"),  CAPLAT_TRAILING, 4 },
        { "half a second",    CAPLAT_INIT("a=@1.5"), CAPLAT_NOT_A_NUMBER, 3 },
        { "no date",          CAPLAT_INIT("a=@x"),   CAPLAT_NOT_A_NUMBER, 3 },
        { "a display string", CAPLAT_INIT("a=%\"x\""), CAPLAT_NOT_ONE_OF, 2 },
        { "a token's middle", CAPLAT_INIT("a=/x"),   CAPLAT_NOT_ONE_OF, 2 },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        caplat_err  err = { .code = CAPLAT_OK };

        (void) canonical(cases[i].text, &err);
        test_number(err.code, cases[i].code, cases[i].words);
        test_number(err.at, cases[i].at, cases[i].words);
    }
}


static void
test_values(void)
{
    caplat_err                err = { .code = CAPLAT_OK };
    const caplat_sfv_member  *member;
    const caplat_sfv_bare    *bare;

    (void) canonical(CAPLAT_LIT("a=(\"x\";k 1.25);t=\"y\", b=-3;c=:AA==:, d"),
        &err);
    test_number(sfv.member_count, 3, "members");
    test_that(caplat_sfv_find(&sfv, CAPLAT_LIT("c")) == NULL, "none such");

    member = caplat_sfv_find(&sfv, CAPLAT_LIT("a"));
    test_that(member->is_list && member->item_count == 2, "a list of two");
    test_text(sfv.items[member->item_at].value.text, CAPLAT_LIT("x"), "x");
    test_number(sfv.items[member->item_at].param_count, 1, "x;k");
    test_number(sfv.items[member->item_at + 1].value.number, 1250, "1.25");
    test_that(caplat_sfv_param_find(&sfv, member, CAPLAT_LIT("k")) == NULL,
        "k is not the list's");
    bare = caplat_sfv_param_find(&sfv, member, CAPLAT_LIT("t"));
    test_number(bare->type, CAPLAT_SFV_STRING, "t is");
    test_text(bare->text, CAPLAT_LIT("y"), "t");

    member = caplat_sfv_find(&sfv, CAPLAT_LIT("b"));
    test_that(!member->is_list && member->item_count == 1, "one item");
    test_number(sfv.items[member->item_at].value.number, -3, "minus 3");
    bare = caplat_sfv_param_find(&sfv, member, CAPLAT_LIT("c"));
    test_number(bare->type, CAPLAT_SFV_BYTES, "bytes");
    test_text(bare->text, CAPLAT_LIT("AA=="), "in base64");

    member = caplat_sfv_find(&sfv, CAPLAT_LIT("d"));
    test_number(sfv.items[member->item_at].value.type, CAPLAT_SFV_BOOLEAN,
        "a boolean");
    test_number(sfv.items[member->item_at].value.number, 1, "that is true");
}


/* Lines are one dictionary. */
static void
test_lines(void)
{
    caplat_err  err = { .code = CAPLAT_OK };

    (void) canonical(CAPLAT_LIT("a=(1 2);x"), &err);
    test_that(caplat_sfv_read(CAPLAT_LIT("b=3;y"), &sfv, &err), "one more");
    test_number(sfv.member_count, 2, "members of both");
    test_that(caplat_sfv_param_find(&sfv, &sfv.members[1], CAPLAT_LIT("y"))
              != NULL, "a parameter of the second");
    test_that(!caplat_sfv_read(CAPLAT_LIT("a=3"), &sfv, &err), "a again");
    test_number(err.code, CAPLAT_TWICE, "is refused");
    test_that(!caplat_sfv_read(CAPLAT_LIT(""), &sfv, &err), "an empty line");
}


/* `head`, `count` times `part` with a number in it, `tail`. */
static caplat_code
read_many(caplat_slice head, caplat_slice part, size_t count,
    caplat_slice tail)
{
    static char  room[WRITTEN_MAX];

    caplat_writer  w = caplat_writer_of(room, sizeof(room));
    caplat_err     err = { .code = CAPLAT_OK };

    caplat_put(&w, head);

    for (size_t i = 0; i < count; i++) {
        caplat_put(&w, part);
        caplat_put_number(&w, i);
    }

    caplat_put(&w, tail);
    test_that(!w.full, "all of it fits");
    (void) canonical(caplat_written(&w), &err);

    return err.code;
}


static void
test_limits(void)
{
    caplat_slice  no = CAPLAT_LIT("");

    test_number(read_many(CAPLAT_LIT("x"), CAPLAT_LIT(", a"),
                          CAPLAT_SFV_MEMBERS_MAX - 1, no),
        CAPLAT_OK, "as many members as there is room for");
    test_number(read_many(CAPLAT_LIT("x"), CAPLAT_LIT(", a"),
                          CAPLAT_SFV_MEMBERS_MAX, no),
        CAPLAT_TOO_LARGE, "one more");

    test_number(read_many(CAPLAT_LIT("x=("), CAPLAT_LIT(" a"),
                          CAPLAT_SFV_ITEMS_MAX, CAPLAT_LIT(")")),
        CAPLAT_OK, "as many items as there is room for");
    test_number(read_many(CAPLAT_LIT("x=("), CAPLAT_LIT(" a"),
                          CAPLAT_SFV_ITEMS_MAX + 1, CAPLAT_LIT(")")),
        CAPLAT_TOO_LARGE, "one more");
    test_number(read_many(CAPLAT_LIT("x=("), CAPLAT_LIT(" a"),
                          CAPLAT_SFV_ITEMS_MAX, CAPLAT_LIT("), b")),
        CAPLAT_TOO_LARGE, "of another member");

    test_number(read_many(CAPLAT_LIT("x"), CAPLAT_LIT(";a"),
                          CAPLAT_SFV_PARAMS_MAX, no),
        CAPLAT_OK, "as many parameters as there is room for");
    test_number(read_many(CAPLAT_LIT("x"), CAPLAT_LIT(";a"),
                          CAPLAT_SFV_PARAMS_MAX + 1, no),
        CAPLAT_TOO_LARGE, "one more");
    test_number(read_many(CAPLAT_LIT("x=(1"), CAPLAT_LIT(";a"),
                          CAPLAT_SFV_PARAMS_MAX, CAPLAT_LIT(");b")),
        CAPLAT_TOO_LARGE, "of the list");
}


int
main(void)
{
    test_good();
    test_bad();
    test_values();
    test_lines();
    test_limits();

    return test_done();
}
