#include "doc_reader.h"


#define ONE  "## 甲 {#a}\n\n"          /* a step to stand in */


static void
test_markdown(doc_reader *r)
{
    static const doc_case  cases[] = {
        { "nothing", GEN_PAGE, "", "", "" },
        { "a paragraph", GEN_PAGE, "甲 <乙> & \"丙\"",
          "<p>甲 &lt;乙&gt; &amp; \"丙\"</p>\n", "" },
        { "entities and escapes", GEN_PAGE, "&copy; &amp; \\* \\{price\\}",
          "<p>© &amp; * {price}</p>\n", "" },
        { "an escaped brace behind others", GEN_PAGE,
          "_ & {price base}\\{price base} **\\{price base}**",
          "<p>_ &amp; <span class=\"num\">250 元</span>{price base} "
          "<strong>{price base}</strong></p>\n", "" },
        { "inlines", GEN_PAGE, "*a* **b** `c` ***d***",
          "<p><em>a</em> <strong>b</strong> <code>c</code> "
          "<em><strong>d</strong></em></p>\n", "" },
        { "lines of Chinese", GEN_PAGE, "甲乙\n丙\n**丁**",
          "<p>甲乙丙<strong>丁</strong></p>\n", "" },
        { "lines of Latin", GEN_PAGE, "ab\ncd\n丁\nef",
          "<p>ab\ncd\n丁\nef</p>\n", "" },
        { "a hard break", GEN_PAGE, "甲  \n乙", "<p>甲<br>\n乙</p>\n", "" },
        { "a tight list", GEN_PAGE, "* 甲\n* 乙\n  * 丙\n",
          "<ul>\n<li>甲</li>\n<li>乙\n<ul>\n<li>丙</li>\n</ul>\n</li>\n"
          "</ul>\n", "" },
        { "a loose list", GEN_PAGE, "3. 甲\n\n4. 乙\n",
          "<ol start=\"3\">\n<li><p>甲</p>\n</li>\n<li><p>乙</p>\n</li>\n"
          "</ol>\n", "" },
        { "a quote and a rule", GEN_PAGE, "> 甲\n\n---\n",
          "<blockquote>\n<p>甲</p>\n</blockquote>\n<hr>\n", "" },
        { "code", GEN_PAGE, "```\n<a> {price x}\n```\n\n```text\nb\n```\n",
          "<pre><code>&lt;a&gt; {price x}\n</code></pre>\n"
          "<pre><code>b\n</code></pre>\n", "" },
        { "comments", GEN_PAGE, "甲<!-- 一 -->乙\n\n<!-- 二 -->\n",
          "<p>甲乙</p>\n", "" },
        { "raw HTML", GEN_PAGE, "甲<b>乙</b>", NULL, "1:2:E206 1:6:E206" },
        { "an HTML block", GEN_PAGE, "<!-- 一 -->\n<!-- 二 --> <i>三\n",
          NULL, "2:12:E206" },
        { "a script", GEN_PAGE, "甲\n\n<script>x</script>\n", "<p>甲</p>\n",
          "3:1:E206" },
        { "an image", GEN_PAGE, "看 ![图](/a.png)", NULL, "1:3:E208" },
        { "lines that end in CR LF", GEN_PAGE,
          "甲\r\n\r\n乙 {price x}\r\n", NULL, "3:10:E304" },
    };

    doc_check(r, cases, CAPLAT_COUNT(cases));
}


static void
test_links(doc_reader *r)
{
    static const doc_case  cases[] = {
        { "pages", GEN_PAGE, "[甲](/price/#a) [乙](https://a.cn/?b&c) "
          "[丙](mailto:a@b.cn)",
          "<p><a href=\"/price/#a\">甲</a> "
          "<a href=\"https://a.cn/?b&amp;c\">乙</a> "
          "<a href=\"mailto:a@b.cn\">丙</a></p>\n", "" },
        { "in angle brackets", GEN_PAGE, "<https://a.cn/> <a@b.cn>",
          "<p><a href=\"https://a.cn/\">https://a.cn/</a> "
          "<a href=\"mailto:a@b.cn\">a@b.cn</a></p>\n", "" },
        { "a title", GEN_PAGE, "[甲](/a/ \"乙\\\"\")",
          "<p><a href=\"/a/\" title=\"乙&quot;\">甲</a></p>\n", "" },
        { "Chinese in it", GEN_PAGE, "[甲](/价/)",
          "<p><a href=\"/%E4%BB%B7/\">甲</a></p>\n", "" },
        { "http", GEN_PAGE, "甲 [乙](http://a.cn/)", NULL, "1:7:E209" },
        { "a script", GEN_PAGE, "[乙](javascript:alert)", NULL, "1:5:E209" },
        { "another server", GEN_PAGE, "[乙](//a.cn/)", NULL, "1:5:E209" },
        { "not from the root", GEN_PAGE, "[乙](price/)", NULL, "1:5:E209" },
        { "an empty address", GEN_PAGE, "甲[乙]()", NULL, "1:2:E209" },
        { "no words", GEN_PAGE, "甲[](/a/)丙", NULL, "1:5:E205" },
        { "by reference", GEN_PAGE, "甲[乙][1]\n\n[1]: http://a.cn/\n", NULL,
          "1:2:E209" },
        { "the second of two alike", GEN_PAGE, "[甲](/a/)，[甲](a/)", NULL,
          "1:14:E209" },
        { "a section here", GEN_PAGE, "[甲](#a)\n\n## 乙 {#a}",
          "<p><a href=\"#a\">甲</a></p>\n<h2 id=\"a\">乙</h2>\n", "" },
        { "no such section", GEN_PAGE, "甲 [乙](#b)\n\n## 乙 {#a}", NULL,
          "1:7:E202" },
        { "steps", GEN_GUIDE, ONE "[到](#b)[自](#a)\n\n## 乙 {#b}\n\n"
          "### 丙 {#c}\n\n[回](#a)[丙](#c)\n\n## 丁 {#d}\n\n[丙](#c)",
          "<p><a href=\"/guide/name/b/\">到</a>"
          "<a href=\"/guide/name/a/\">自</a></p>\n"
          "<h2 id=\"c\">丙</h2>\n<p><a href=\"/guide/name/a/\">回</a>"
          "<a href=\"#c\">丙</a></p>\n"
          "<p><a href=\"/guide/name/b/#c\">丙</a></p>\n", "" },
        { "the intro's section", GEN_GUIDE,
          "[a](#a)\n\n" ONE "[b](#b)\n",
          NULL, "5:5:E202" },
        { "questions", GEN_FAQ, ONE "[到](#b)\n",
          "<p><a href=\"/faq/#b\">到</a></p>\n", "" },
        { "figures", GEN_GUIDE, ONE "见[图](#fig:x)、[下图](#fig:y)。\n\n"
          "```figure x\nalt: 一\ncaption: 二\ntext: 三\n```\n\n"
          "## 乙 {#b}\n\n见[图](#fig:x)和[图](#fig:y)\n\n"
          "```figure y\nalt: 一\ncaption: 二\ntext: 三\n```\n",
          "<p>见<a href=\"#fig-x\">图 1</a>、"
          "<a href=\"/guide/name/b/#fig-y\">下图</a>。</p>\n"
          "<figure class=\"fig\" id=\"fig-x\"><div class=\"shot\" role=\"img\" "
          "aria-label=\"一\">\n<div class=\"shot-in\">\n<p>三</p>\n</div>\n"
          "</div>\n<figcaption>图 1 二（示意图，信息为示例）</figcaption>"
          "</figure>\n"
          "<p>见<a href=\"/guide/name/a/#fig-x\">图 1</a>和"
          "<a href=\"#fig-y\">图 2</a></p>\n"
          "<figure class=\"fig\" id=\"fig-y\"><div class=\"shot\" role=\"img\" "
          "aria-label=\"一\">\n<div class=\"shot-in\">\n<p>三</p>\n</div>\n"
          "</div>\n<figcaption>图 2 二（示意图，信息为示例）</figcaption>"
          "</figure>\n", "" },
        { "no such figure", GEN_GUIDE, ONE "见[图](#fig:x)", NULL,
          "3:6:E204" },
    };

    doc_check(r, cases, CAPLAT_COUNT(cases));
}


static void
test_headings(doc_reader *r)
{
    static const doc_case  cases[] = {
        { "a page's", GEN_PAGE, "## 甲\n\n### 乙 {#b}\n\n#### 丙 ##\n",
          "<h2>甲</h2>\n<h3 id=\"b\">乙</h3>\n<h4>丙</h4>\n", "" },
        { "a guide's", GEN_GUIDE, ONE "### 乙 {#b}\n\n#### 丙\n",
          "<h2 id=\"b\">乙</h2>\n<h3>丙</h3>\n", "" },
        { "a question's", GEN_FAQ, ONE "### 乙\n", "<h4>乙</h4>\n", "" },
        { "underlined", GEN_PAGE, "甲 {#a}\n---\n",
          "<h2 id=\"a\">甲</h2>\n", "" },
        { "with closing marks", GEN_PAGE, "## 甲 {#a} ##\n",
          "<h2 id=\"a\">甲</h2>\n", "" },
        { "with markup", GEN_PAGE, "## **甲** & `乙`{#a}\n",
          "<h2 id=\"a\"><strong>甲</strong> &amp; <code>乙</code></h2>\n",
          "" },
        { "level 1 in a page", GEN_PAGE, "甲\n\n# 乙\n", NULL, "3:1:E126" },
        { "a leap", GEN_PAGE, "## 甲\n\n#### 乙\n", NULL, "3:1:E124" },
        { "a leap at once", GEN_GUIDE, "### 甲\n\n" ONE, NULL, "1:1:E124" },
        { "empty", GEN_PAGE, "##\n", NULL, "1:1:E125" },
        { "a link in a step's title", GEN_GUIDE,
          "## [甲](#a)乙 {#a}\n\n丙[丁](#a)\n",
          "<p>丙<a href=\"/guide/name/a/\">丁</a></p>\n", "" },
        { "a link in a bad address", GEN_PAGE,
          "## 甲 {#a[b](#c)}\n\n[d](#e)\n", NULL,
          "1:8:E121 1:13:E202 3:5:E202" },
        { "only an address", GEN_PAGE, "## {#a}\n", NULL, "1:1:E125" },
        { "a bad address", GEN_PAGE, "## 甲 {#A_b}\n", NULL, "1:8:E121" },
        { "an address twice", GEN_GUIDE, ONE "### 乙 {#a}\n", NULL,
          "3:9:E122" },
        { "no address", GEN_GUIDE, "## 甲\n", NULL, "1:1:E120" },
        { "no steps", GEN_GUIDE, "甲\n", NULL, "1:1:E123" },
        { "an empty group", GEN_GUIDE, "# 一\n\n# 二\n\n" ONE, NULL,
          "1:1:E123" },
        { "an empty group at the end", GEN_FAQ, ONE "# 二\n", NULL,
          "3:1:E123" },
        { "a group with a link", GEN_GUIDE,
          ONE "# 一\n\n[甲](#a)\n\n## 乙 {#b}\n\n[甲](#a)\n", NULL,
          "5:1:E127" },
        { "a group with text", GEN_GUIDE, "# 一\n\n字\n\n" ONE, NULL,
          "3:1:E127" },
    };

    doc_check(r, cases, CAPLAT_COUNT(cases));
}


/* Groups, steps, and what the other rooms get of them. */
static void
test_shape(doc_reader *r)
{
    static const char  text[] =
        "开始，见[价格](/price/)。\n\n# 一组\n\n## 第一步 {#a}\n\n"
        "做{platform anshan}的事！再做[别的](/x/#y)。\n\n1. 一\n2. 二\n\n"
        "## 第【二】步 {#b}\n\n```figure x\nalt: 看锁\ncaption: 锁\n"
        "text: 样例\n```\n\n### 段 {#c}\n\n锦州市公共资源平台\n\n# 二组\n\n"
        "## 第三步 {#d}\n\n甲\n";

    const gen_doc  *doc = &r->doc;

    test_that(doc_read(r, GEN_GUIDE, CAPLAT_LIT(text)), "shape");
    test_text(doc_problems(r), CAPLAT_LIT(""), "shape");
    test_text(doc->url, CAPLAT_LIT("/guide/name/"), "url");
    test_text(doc->intro,
        CAPLAT_LIT("<p>开始，见<a href=\"/price/\">价格</a>。</p>\n"),
        "intro");
    test_number(doc->group_count, 2, "groups");
    test_text(doc->groups[1].title, CAPLAT_LIT("二组"), "second group");
    test_number(doc->groups[1].step_at, 2, "second group");
    test_number(doc->groups[0].step_count, 2, "first group");
    test_number(doc->step_count, 3, "steps");
    test_number(doc->steps[2].group_at, 1, "third step");
    test_text(doc->steps[0].summary, CAPLAT_LIT("做鞍山市公共资源平台的事！"),
        "summary");
    test_text(doc->steps[0].html,
        CAPLAT_LIT("<p>做鞍山市公共资源平台的事！再做"
                   "<a href=\"/x/#y\">别的</a>。</p>\n<ol class=\"acts\">\n"
                   "<li>一</li>\n<li>二</li>\n</ol>\n"), "actions");
    test_text(doc->steps[0].text,
        CAPLAT_LIT("做鞍山市公共资源平台的事！再做别的。\n一\n二\n"), "text");
    test_text(doc->steps[1].title, CAPLAT_LIT("第【二】步"), "title");
    test_text(doc->steps[1].text,
        CAPLAT_LIT("看锁\n锁\n段\n锦州市公共资源平台\n"),
        "text of figures");
    test_number(doc->steps[1].figure_count, 1, "figures of a step");
    test_number(doc->figure_count, 1, "figures");
    test_number(doc->steps[1].anchor_count, 2, "anchors");
    test_text(doc->steps[1].anchors[0], CAPLAT_LIT("fig-x"), "anchor");
    test_text(doc->steps[1].anchors[1], CAPLAT_LIT("c"), "anchor");
    test_number(doc->ref_count, 2, "refs");
    test_text(doc->refs[1].target, CAPLAT_LIT("/x/#y"), "ref");
    test_text(gen_text_part(r->source.text, doc->refs[1].span.at,
                            doc->refs[1].span.at + doc->refs[1].span.len),
        CAPLAT_LIT("/x/#y"), "place of a ref");
    test_number(doc->mention_count, 2, "mentions");
    test_number(doc->mentions[0].platform_at, 1, "mention");
    test_number(doc->mentions[1].platform_at, 2, "mention");
    test_number(doc->mentions[1].step_at, 1, "mention");
}


static void
test_summaries(doc_reader *r)
{
    static const struct {
        const char  *body;
        const char  *summary;
    } cases[] = {
        { "甲。乙",              "甲。" },
        { "甲\n乙",              "甲乙" },
        { "* 甲\n* 乙\n\n丙？丁", "丙？" },
        { "```note\n甲\n```\n\n乙", "乙" },
        { "* 甲",                "" },
    };

    gen_buf  lengthy = { 0 };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        (void) doc_read(r, GEN_PAGE, test_slice(cases[i].body));
        test_text(r->doc.steps[0].summary, test_slice(cases[i].summary),
            cases[i].body);
    }

    for (size_t i = 0; i < 200; i++) {
        gen_buf_lit(&lengthy, "长");
    }

    (void) doc_read(r, GEN_PAGE, gen_buf_slice(&lengthy));
    test_number(gen_text_count(r->doc.steps[0].summary), 120, "long");
    test_that(gen_text_ends(r->doc.steps[0].summary, CAPLAT_LIT("…")),
        "long");
    gen_buf_close(&lengthy);
}


/* What messages suggest. */
static void
test_hints(doc_reader *r)
{
    static const struct {
        const char  *body;
        const char  *hint;
    } cases[] = {
        { "{platform anshn}",
          "did you mean anshan（鞍山市公共资源平台）?" },
        { "{price citi}",              "did you mean city?" },
        { "{prise base}",              "did you mean price?" },
        { "鞍山平台 60 元",            "did you mean 50 元?" },
        { "[甲](http://a.cn/)",        "did you mean https://a.cn/?" },
        { "[甲](#ab)\n\n## 乙 {#abc}", "did you mean abc?" },
        { "[甲](#fig:ab)\n\n```figure abc\nalt: a\ncaption: b\n```\n",
          "did you mean abc?" },
        { "```tabel x\n```",           "did you mean table?" },
        { "```note wran\nx\n```",      "did you mean warn?" },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        caplat_slice  printed;
        size_t        at;

        (void) doc_read(r, GEN_PAGE, test_slice(cases[i].body));
        printed = test_printed(&r->diags, 1, GEN_FORMAT_TEXT, GEN_LANG_EN,
                               false, &r->scratch);
        test_that(gen_text_find(printed, test_slice(cases[i].hint), &at),
            cases[i].hint);
    }
}


int
main(void)
{
    static doc_reader  r;

    doc_reader_open(&r);
    test_markdown(&r);
    test_links(&r);
    test_headings(&r);
    test_shape(&r);
    test_summaries(&r);
    test_hints(&r);
    doc_reader_close(&r);

    return test_done();
}
