#include "gen_diag.h"

#include "test_gen.h"


static const char  guide[] =
    "---\n"
    "title: 新增平台\n"
    "---\n"
    "勾选 {platform jinzou}，看右边的合计。\n"
    "\t价格 60 元\n";


/* Where `words` stand in the guide. */
static gen_span
span_of(caplat_slice text, const char *words)
{
    size_t  at = 0;

    caplat_assert(gen_text_find(text, test_slice(words), &at));

    return gen_span_of(at, test_slice(words).len);
}


static void
test_formats(void)
{
    static const struct {
        gen_format   format;
        gen_lang     lang;
        bool         strict;
        const char  *want;
    } cases[] = {
        { GEN_FORMAT_TEXT, GEN_LANG_ZH, false,
          "t.md:4:4: 错误 E203: 没有这个平台：“jinzou”\n"
          "    4 | 勾选 {platform jinzou}，看右边的合计。\n"
          "      |      ^~~~~~~~~~~~~~~~~\n"
          "   您是不是要写 jinzhou（锦州市公共资源平台）？\n"
          "t.md:5:5: 警告 W804: 金额写成“12.50 元”，不要用 60 元\n"
          "    5 |  价格 60 元\n"
          "      |       ^~~~~\n" },
        { GEN_FORMAT_TEXT, GEN_LANG_EN, true,
          "t.md:4:4: error E203: there is no platform \"jinzou\"\n"
          "    4 | 勾选 {platform jinzou}，看右边的合计。\n"
          "      |      ^~~~~~~~~~~~~~~~~\n"
          "   did you mean jinzhou（锦州市公共资源平台）?\n"
          "t.md:5:5: error W804: write money as \"12.50 元\", without 60 元\n"
          "    5 |  价格 60 元\n"
          "      |       ^~~~~\n" },
        { GEN_FORMAT_JSON, GEN_LANG_EN, false,
          "[\n{\"file\":\"t.md\",\"line\":4,\"column\":4,\"endColumn\":21,"
          "\"level\":\"error\",\"code\":\"E203\","
          "\"message\":\"there is no platform \\\"jinzou\\\"\","
          "\"hint\":\"did you mean jinzhou（锦州市公共资源平台）?\"},\n"
          "{\"file\":\"t.md\",\"line\":5,\"column\":5,\"endColumn\":9,"
          "\"level\":\"warning\",\"code\":\"W804\","
          "\"message\":\"write money as \\\"12.50 元\\\", without 60 元\","
          "\"hint\":\"\"}\n]\n" },
        { GEN_FORMAT_GITHUB, GEN_LANG_ZH, false,
          "::error file=t.md,line=4,col=4,endColumn=21,title=E203"
          "::没有这个平台：“jinzou”"
          "%0A您是不是要写 jinzhou（锦州市公共资源平台）？\n"
          "::warning file=t.md,line=5,col=5,endColumn=9,title=W804"
          "::金额写成“12.50 元”，不要用 60 元\n" },
    };

    gen_source  source = test_source(test_slice(guide));
    gen_diags   lists[2] = { { 0 } };
    gen_arena   arena = { 0 };

    gen_report(&lists[1], &source, span_of(source.text, "60 元"),
               GEN_LINT_MONEY, GEN_WORDS(CAPLAT_LIT("60 元")),
               CAPLAT_LIT(""));

    /* The same is found by both threads: it is shown once. */
    for (size_t i = 0; i < 2; i++) {
        gen_report(&lists[i], &source,
                   span_of(source.text, "{platform jinzou}"),
                   GEN_UNKNOWN_PLATFORM, GEN_WORDS(CAPLAT_LIT("jinzou")),
                   CAPLAT_LIT("jinzhou（锦州市公共资源平台）"));
    }

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        test_text(test_printed(lists, 2, cases[i].format, cases[i].lang,
                      cases[i].strict, &arena),
            test_slice(cases[i].want), "a format");
    }

    test_that(gen_diags_failed(lists, 2, false), "an error");
    test_number(lists[1].errors, 1, "errors");
    test_number(lists[1].warnings, 1, "warnings");
    gen_diags_close(&lists[0]);
    gen_diags_close(&lists[1]);
    gen_arena_close(&arena);
}


/* Places that are hard to show. */
static void
test_places(void)
{
    static const struct {
        const char  *name;
        const char  *text;
        gen_span     span;
        const char  *want;
    } cases[] = {
        { "an empty file", "", { 0, 0 }, "t.md:1:1: error E125: this heading "
          "is empty\n" },
        { "behind the end", "ab\n", { 9, 3 },
          "t.md:1:3: error E125: this heading is empty\n"
          "    1 | ab\n      |   ^\n" },
        { "at a line's end", "ab\ncd\n", { 2, 0 },
          "t.md:1:3: error E125: this heading is empty\n"
          "    1 | ab\n      |   ^\n" },
        { "the next line's start", "ab\ncd\n", { 3, 1 },
          "t.md:2:1: error E125: this heading is empty\n"
          "    2 | cd\n      | ^\n" },
        { "over two lines", "ab\ncd\n", { 1, 4 },
          "t.md:1:2: error E125: this heading is empty\n"
          "    1 | ab\n      |  ^\n" },
        { "CRLF", "ab\r\ncd\r\n", { 4, 9 },
          "t.md:2:1: error E125: this heading is empty\n"
          "    2 | cd\n      | ^~\n" },
        { "one Han character", "锦州", { 3, 3 },
          "t.md:1:2: error E125: this heading is empty\n"
          "    1 | 锦州\n      |   ^~\n" },
        { "no UTF-8", "a\xFF" "b", { 1, 1 },
          "t.md:1:2: error E125: this heading is empty\n"
          "    1 | a\xEF\xBF\xBD" "b\n      |  ^\n" },
        { "an escape", "\x1B[2J", { 0, 1 },
          "t.md:1:1: error E125: this heading is empty\n"
          "    1 |  [2J\n      | ^\n" },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        gen_source  source = test_source(test_slice(cases[i].text));
        gen_diags   diags = { 0 };
        gen_arena   arena = { 0 };

        gen_report(&diags, &source, cases[i].span, GEN_EMPTY_HEADING,
                   GEN_NO_WORDS, CAPLAT_LIT(""));
        test_text(test_printed(&diags, 1, GEN_FORMAT_TEXT, GEN_LANG_EN, false,
                      &arena),
            test_slice(cases[i].want), cases[i].name);
        gen_diags_close(&diags);
        gen_arena_close(&arena);
    }
}


static void
test_long_line(void)
{
    static const char  want[] =
        "t.md:1:101: error E125: this heading is empty\n"
        "    1 | ...aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        "aaaaaaabbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
        "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb...\n"
        "      |                                                         "
        "       ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~"
        "~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\n";

    char        text[300];
    gen_source  source = test_source(caplat_slice_of(text, sizeof(text)));
    gen_diags   diags = { 0 };
    gen_arena   arena = { 0 };

    memset(text, 'a', 100);
    memset(text + 100, 'b', 200);
    gen_report(&diags, &source, gen_span_of(100, 200), GEN_EMPTY_HEADING,
               GEN_NO_WORDS, CAPLAT_LIT(""));
    test_text(test_printed(&diags, 1, GEN_FORMAT_TEXT, GEN_LANG_EN, false,
                  &arena),
        test_slice(want), "cut at both ends");
    gen_diags_close(&diags);
    gen_arena_close(&arena);
}


static void
test_order(void)
{
    gen_source  first = { CAPLAT_LIT("a.md"), CAPLAT_LIT("xyz"), 1 };
    gen_source  second = { CAPLAT_LIT("b.md"), CAPLAT_LIT("xyz"), 2 };
    gen_diags   diags = { 0 };
    gen_arena   arena = { 0 };

    gen_report(&diags, &second, gen_span_of(0, 1), GEN_EMPTY_LINK,
               GEN_NO_WORDS, CAPLAT_LIT(""));
    gen_report(&diags, &first, gen_span_of(2, 1), GEN_LINT_TERM,
               GEN_WORDS(CAPLAT_LIT("a\nb"), CAPLAT_LIT("%,:")),
               CAPLAT_LIT(""));
    gen_report(&diags, &first, gen_span_of(1, 1), GEN_LINT_PRIVATE,
               GEN_WORDS(GEN_BOTH("甲", "b"), CAPLAT_LIT("1")),
               CAPLAT_LIT(""));

    test_text(test_printed(&diags, 1, GEN_FORMAT_GITHUB, GEN_LANG_EN, false,
                  &arena),
        CAPLAT_LIT("::error file=a.md,line=1,col=2,endColumn=3,title=E805::"
                   "this looks like a real b and may not be published: 1\n"
                   "::warning file=a.md,line=1,col=3,endColumn=4,title=W801::"
                   "wording: write \"%25,:\" for \"a\"\n"
                   "::error file=b.md,line=1,col=1,endColumn=2,title=E205::"
                   "this link has no words\n"),
        "by file and place");
    test_text(test_printed(&diags, 0, GEN_FORMAT_JSON, GEN_LANG_EN, false,
                  &arena),
        CAPLAT_LIT("[]\n"), "nothing found");
    test_text(test_printed(&diags, 0, GEN_FORMAT_TEXT, GEN_LANG_EN, false,
                  &arena),
        CAPLAT_LIT(""), "nothing found");
    gen_diags_close(&diags);
    gen_arena_close(&arena);
}


/* A source that was forgotten is read again to show the line. */
static void
test_forgotten(void)
{
    gen_source    source = { CAPLAT_LIT(__FILE__), CAPLAT_LIT(""), 0 };
    gen_source    missing = { CAPLAT_LIT("no/such/file"), CAPLAT_LIT(""), 1 };
    gen_diags     diags = { 0 };
    gen_arena     arena = { 0 };
    caplat_slice  text;
    size_t        at;

    gen_report(&diags, &source, gen_span_of(10, 10), GEN_LINT_EXCLAMATION,
               GEN_NO_WORDS, CAPLAT_LIT(""));
    test_that(!gen_diags_failed(&diags, 1, false), "a warning is no error");
    test_that(gen_diags_failed(&diags, 1, true), "but it is in strict mode");
    gen_report(&diags, &missing, gen_span_of(0, 0), GEN_UNREADABLE,
               GEN_WORDS(CAPLAT_LIT("why")), CAPLAT_LIT(""));
    text = test_printed(&diags, 1, GEN_FORMAT_TEXT, GEN_LANG_EN, false,
                        &arena);
    test_that(gen_text_find(text, CAPLAT_LIT(
                  "    1 | #include \"gen_diag.h\"\n"
                  "      |           ^~~~~~~~~~\n"), &at), "read again");
    test_that(gen_text_ends(text, CAPLAT_LIT(
                  "no/such/file:1:1: error E101: cannot read this file: why\n"
              )), "cannot be read");
    gen_diags_close(&diags);
    gen_arena_close(&arena);
}


static void
test_near(void)
{
    static const struct {
        const char  *word;
        const char  *near;
    } cases[] = {
        { "jinzou",         "jinzhou" },    /* left out */
        { "jinzhuo",        "jinzhou" },    /* swapped */
        { "jinzhouu",       "jinzhou" },
        { "jimzhou",        "jinzhou" },
        { "shenyan",        "shenyang" },
        { "ln-constrution", "ln-construction" },
        { "ln-tndr",        "ln-tender" },
        { "锦洲市公共资源平台", "锦州市公共资源平台" },
        { "fqa",            "faq" },
        { "fu",             "" },
        { "x",              "" },
        { "beijing",        "" },
        { "",               "" },
        { "a-word-that-is-far-too-long-to-be-a-slip-of-anyones-fingers", "" },
    };

    static const caplat_slice  names[] = {
        { "jinzhou", 7 }, { "shenyang", 8 }, { "ln-tender", 9 },
        { "ln-construction", 15 }, { "faq", 3 },
        { "锦州市公共资源平台", sizeof("锦州市公共资源平台") - 1 },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        test_text(gen_near(test_slice(cases[i].word), names,
                      CAPLAT_COUNT(names)),
            test_slice(cases[i].near), cases[i].word);
    }

    test_text(gen_near(CAPLAT_LIT("warn"), names, 0), CAPLAT_LIT(""),
        "no names");
}


int
main(void)
{
    test_formats();
    test_places();
    test_long_line();
    test_order();
    test_forgotten();
    test_near();

    return test_done();
}
