#include "gen_lint.h"

#include "test_gen.h"


static const char  words[] =
    "# what we do not write = what we do\n"
    "登陆 = 登录\n"
    "登陆页 = 登录页面\n"
    "密钥锁 = CA 密钥锁\n"
    "USB key = CA 锁\n"
    "app = 应用\n";


static const struct {
    const char  *name;
    const char  *text;                  /* a guide's body */
    const char  *problems;
} cases[] = {
    { "good prose", "## 登录 {#login}\n\n1. 点【立即登录】，选 CFCA 的锁。\n"
      "2. 看 `a,b` 和 https://example.cn/a,b，费用 {price base}。\n"
      "\n> 电话 024-0000 0000，[常见问题](/faq/#a,b)。\n", "" },

    { "a term", "请登陆。\n", "1:2:W801" },
    { "the longest term", "登陆页\n", "1:1:W801" },
    { "a term within its right form", "CA 密钥锁和密钥锁\n", "1:8:W801" },
    { "Latin terms are whole words", "app apple happy USB key USB keys\n",
      "1:1:W801 1:17:W801" },
    { "quoted names are exempt", "点【登陆】、`登陆`。\n", "" },
    { "a term in a link", "看[登陆说明](/登陆/)。\n", "1:3:W801" },

    { "half-width comma", "先看,再点。\n", "1:3:W802" },
    { "all of them", "甲:乙;丙?丁.戊(己)庚\n",
      "1:2:W802 1:4:W802 1:6:W802 1:8:W802 1:10:W802 1:12:W802" },
    { "with a blank behind", "先看, 再点.\n", "1:3:W802 1:7:W802" },
    { "quotes", "点\"确定\"。\n", "1:2:W802 1:5:W802" },
    { "beside Latin", "选 CFCA, SM2 (RSA). 完\n", "" },
    { "link brackets", "看[说明书](/a/)吧\n", "" },

    { "blanks outside", "点 【确定】 按钮\n", "1:2:W803 1:7:W803" },
    { "blanks inside", "点【 确定 】\n", "1:3:W803 1:6:W803" },
    { "a wide blank", "点\xE3\x80\x80【确定】\n", "1:2:W803" },
    { "between two", "点【甲】 【乙】\n", "1:5:W803" },
    { "at both ends", "- 【确定】 \n", "" },
    { "not closed", "点【确定\n", "" },

    { "yen", "¥50、￥50\n", "1:1:W804 1:5:W804" },
    { "currencies", "RMB 50\n", "1:1:W804" },
    { "jiao", "共 12.5 元\n", "1:3:W804" },
    { "good money", "共 12.50 元，1,000 元，50. 元\n", "" },

    { "six actions", "## 一 {#a}\n\n1. a\n2. b\n3. c\n4. d\n5. e\n6. f\n",
      "1:4:W806" },
    { "five, and five in the next", "## 一 {#a}\n1. a\n2. b\n3. c\n4. d\n"
      "5. e\n## 二 {#b}\n1. a\n2. b\n3. c\n4. d\n5. e\n", "" },
    { "in a problem", "## 一 {#a}\n```problem 甲\n1. a\n2. b\n3. c\n4. d\n"
      "5. e\n6. f\n```\n", "" },
    { "a list in a list", "## 一 {#a}\n1. a\n   1. b\n   2. c\n   3. d\n"
      "   4. e\n   5. f\n", "" },

    { "two warnings", "## 一 {#a}\n```note warn\n甲\n```\n\n~~~note warn\n"
      "乙\n~~~\n```note\n丙\n```\n", "1:4:W807" },

    { "51 characters",
      "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十"
      "一二三四五六七八九十一二三四五六七八九十一。\n", "1:1:W808" },
    { "50 characters, 【】 and Latin count",
      "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十，"
      "一二三四五六七八九十一二三四五六七八【九】CA。\n", "" },
    { "over two lines",
      "一。一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十\n"
      "一二三四五六七八九十一二三四五六七八九十一\n", "1:3:W808" },
    { "parted by a list",
      "- 一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十\n"
      "- 一二三四五六七八九十一二三四五六七八九十一\n", "" },

    { "link words", "[点击这里](/a/)、[更多](/b/)、[看图](#fig:a)\n",
      "1:2:W809 1:14:W809" },

    { "exclamation", "好！好!\n", "1:2:W810 1:4:W810" },

    { "no space at Latin", "第3步用CA锁，`a`和**CA**锁\n",
      "1:2:W811 1:5:W811 1:15:W811" },
    { "names keep their spelling", "点【CA锁】\n", "" },
    { "percent and forms", "50% 的，{price base}的\n", "" },

    { "stars", "**甲\n乙** 和 **丙\n\n**丁**\n", "2:7:W812" },
    { "stars that mask", "电话 138****5678\n", "" },
    { "escaped stars", "\\*\\*甲\n", "" },
    { "a rule", "***\n", "" },

    { "a mobile number", "拨 13912345678，139 1234 5678、139-1234-5678、"
      "+8613912345678\n",
      "1:3:E805 1:15:E805 1:29:E805 1:44:E805" },
    { "not a mobile number", "12012345678 139123456789 x13912345678 "
      "139 12345678 1391234 567\n", "" },
    { "an identity number", "11010519491231002X 110105194912310021\n",
      "1:1:E805" },
    { "a company code", "91350100M000100Y43 91350100M000100Y44\n",
      "1:1:E805" },
    { "in code and figures", "```figure a\nalt: 图\ncaption: 图\n"
      "field: 电话 = 13912345678\n```\n\n```\n13912345678\n```\n",
      "4:13:E805 8:1:E805" },
    { "masked", "139****5678 1101051949****002X\n", "" },

    { "a note", "```note bad\n登陆,标题\n甲,乙\n```\n",
      "2:1:W801 2:3:W802 3:2:W802" },
    { "a problem's title", "```problem 甲,乙\n丙\n```\n", "1:13:W802" },
    { "a table's cells", "```table 甲,乙\n丙,丁 | 戊,己>\n```\n",
      "1:11:W802 2:2:W802 2:8:W802" },
    { "a figure's words", "```figure a\nalt: 甲,乙\ncaption: 丙,丁\n"
      "text: 登陆,CA锁!\nbuttons: *确定 | !1 取消\n1: 戊,己\n```\n",
      "2:7:W802 3:11:W802 6:5:W802" },
    { "a price", "```price 甲,乙\nadd: jinzhou = 0\n```\n", "1:11:W802" },
    { "code", "```\n登陆,丙\n```\n登陆\n", "4:1:W801" },
    { "code in a note", "````note\n甲\n```\n登陆\n```\n登陆\n````\n登陆\n",
      "6:1:W801 8:1:W801" },
    { "code that never ends", "```\n登陆\n", "" },
    { "a comment", "甲<!-- 登陆\n1. 登陆\n--> 登陆\n", "3:5:W801" },
    { "open markup", "甲 [乙 {丙 `丁 <戊 ** ** \\\n", "" },
};


/* A guide with `body`, whose problems' lines count from the body's start. */
static caplat_slice
lint(const char *front, const char *body, const gen_terms *terms,
    gen_arena *arena)
{
    gen_buf       buf = { 0 };
    gen_diags     diags = { 0 };
    gen_reader    reader = { .terms = terms, .diags = &diags };
    gen_source    source;
    caplat_slice  problems;

    gen_buf_add(&buf, test_slice(front));
    gen_buf_add(&buf, test_slice(body));
    source = test_source(gen_buf_slice(&buf));
    gen_lint_source(&reader, &source, GEN_GUIDE, test_slice(front).len);
    problems = test_problems(&diags, arena);
    gen_diags_close(&diags);
    gen_buf_close(&buf);

    return problems;
}


static void
test_bodies(const gen_terms *terms)
{
    gen_arena  arena = { 0 };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        test_text(lint("", cases[i].text, terms, &arena),
            test_slice(cases[i].problems), cases[i].name);
    }

    gen_arena_close(&arena);
}


static void
test_front(const gen_terms *terms)
{
    gen_arena  arena = { 0 };

    test_text(lint("---\ntitle: 一二三四五六七八九十一二三四五六七八九十"
                   "一二三四五六七八九十一\nupdated: 2025-01-01\n"
                   "# 登陆: 登陆\nfact: 甲,乙 | 登陆\n---\n",
                  "登陆\n", terms, &arena),
        CAPLAT_LIT("2:8:W813 5:8:W802 5:13:W801 7:1:W801"), "front matter");
    test_text(lint("---\ntitle: 甲\n---\n", "登陆\n", NULL, &arena),
        CAPLAT_LIT(""), "no words to look for");
    gen_arena_close(&arena);
}


static void
test_messages(const gen_terms *terms)
{
    gen_source  source = test_source(CAPLAT_LIT("请登陆,拨 13912345678。\n"));
    gen_diags   diags = { 0 };
    gen_arena   arena = { 0 };
    gen_reader  reader = { .terms = terms, .diags = &diags };

    gen_lint_source(&reader, &source, GEN_PAGE, 0);
    test_text(test_printed(&diags, 1, GEN_FORMAT_TEXT, GEN_LANG_ZH, false,
                  &arena),
        CAPLAT_LIT(
            "t.md:1:2: 警告 W801: 用词：请把“登陆”改成“登录”\n"
            "    1 | 请登陆,拨 13912345678。\n"
            "      |   ^~~~\n"
            "t.md:1:4: 警告 W802: 汉字之间请用全角标点：“,”应为“，”\n"
            "    1 | 请登陆,拨 13912345678。\n"
            "      |       ^\n"
            "t.md:1:7: 错误 E805: 像是真实的手机号，不能发布：13912345678\n"
            "    1 | 请登陆,拨 13912345678。\n"
            "      |           ^~~~~~~~~~~\n"),
        "what editors read");
    gen_diags_close(&diags);
    gen_arena_close(&arena);
}


static void
test_terms(void)
{
    gen_source  source = test_source(CAPLAT_LIT(
        "甲 = 乙\n丙\n= 丁\n戊 =\n己 = 己\n甲 = 庚\n"));
    gen_diags   diags = { 0 };
    gen_arena   arena = { 0 };
    gen_terms   terms = { 0 };

    test_that(!gen_terms_read(&arena, &diags, &source, &terms), "faults");
    test_text(test_problems(&diags, &arena),
        CAPLAT_LIT("2:1:E106 3:1:E106 4:1:E106 5:1:E106 6:1:E112"),
        "faults");
    test_that(!gen_terms_start(&terms, 0x7532), "nothing comes out");
    gen_diags_close(&diags);
    gen_arena_close(&arena);
}


int
main(void)
{
    gen_source  source = test_source(test_slice(words));
    gen_diags   diags = { 0 };
    gen_arena   arena = { 0 };
    gen_terms   terms = { 0 };

    test_that(gen_terms_read(&arena, &diags, &source, &terms), "words");
    test_bodies(&terms);
    test_front(&terms);
    test_messages(&terms);
    test_terms();
    gen_diags_close(&diags);
    gen_arena_close(&arena);

    return test_done();
}
