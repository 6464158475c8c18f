#include "doc_reader.h"


#define ONE  "## 甲 {#a}\n\n"          /* a step to stand in */


static void
test_blocks(doc_reader *r)
{
    static const doc_case  cases[] = {
        { "a note", GEN_PAGE, "```note\n甲 **乙**\n丙【丁】\n\n* 戊\n```\n",
          "<div class=\"note\">\n<p class=\"note-h\">甲 <strong>乙</strong></p>"
          "\n<p>丙<span class=\"ui\">丁</span></p>\n<ul>\n<li>戊</li>\n</ul>\n"
          "</div>\n", "" },
        { "a warning", GEN_PAGE, "~~~ note  warn\n甲\n~~~\n",
          "<div class=\"note note-warn\">\n<p class=\"note-h\">甲</p>\n</div>\n",
          "" },
        { "no such note", GEN_PAGE, "```note wran\n甲\n```\n", NULL,
          "1:9:E407" },
        { "an empty note", GEN_PAGE, "```note\n\n```\n", NULL, "1:1:E409" },
        { "problems", GEN_GUIDE, ONE "```problem 甲【乙】？\n丙\n```\n\n"
          "```problem {platform anshan link}\n丁\n```\n戊\n```problem 己\n"
          "庚\n```\n",
          "<h2>遇到问题</h2>\n<div class=\"faq\">\n<details><summary>甲"
          "<span class=\"ui\">乙</span>？</summary>\n<p>丙</p>\n</details>\n"
          "<details><summary>鞍山市公共资源平台</summary>\n<p>丁</p>\n"
          "</details>\n</div>\n<p>戊</p>\n<div class=\"faq\">\n"
          "<details><summary>己</summary>\n<p>庚</p>\n</details>\n</div>\n",
          "" },
        { "a problem on a page", GEN_PAGE, "```problem 甲\n乙\n```\n",
          "<div class=\"faq\">\n<details><summary>甲</summary>\n<p>乙</p>\n"
          "</details>\n</div>\n", "" },
        { "a problem without title", GEN_PAGE, "```problem\n乙\n```\n", NULL,
          "1:1:E408" },
        { "an empty problem", GEN_PAGE, "```problem 甲\n```\n", NULL,
          "1:1:E409" },
        { "places in a problem", GEN_GUIDE,
          ONE "```problem 甲\n乙\n\n* 丙 {price x}\n* [丁](http:)\n```\n",
          NULL, "6:12:E304 7:7:E209" },
        { "places in a note in a list", GEN_PAGE,
          "1. 甲\n\n   ```note\n   乙{platform x}\n   丙{platform y}\n   ```\n",
          NULL, "4:15:E203 5:15:E203" },
        { "a note in a problem", GEN_PAGE,
          "````problem 甲\n乙\n```note\n丙\n```\n````\n", NULL, "3:1:E411" },
        { "a table in a problem", GEN_PAGE,
          "````problem 甲\n```table 乙\n丙\n{price x}\n```\n````\n", NULL,
          "4:8:E304" },
        { "unknown", GEN_PAGE, "甲\n\n~~~  figur x\n~~~\n", NULL,
          "3:6:E401" },
    };

    doc_check(r, cases, CAPLAT_COUNT(cases));
}


static void
test_tables(doc_reader *r)
{
    static const doc_case  cases[] = {
        { "a table", GEN_PAGE,
          "```table 例：**表**\n甲 | 费用>\n乙 \\| 丙 | {price base}\n"
          "[丁](/a/) |\n```\n",
          "<div class=\"scroll\"><table><caption>例：<strong>表</strong>"
          "</caption>\n<thead><tr><th scope=\"col\">甲</th>"
          "<th scope=\"col\" class=\"r\">费用</th></tr></thead>\n<tbody>\n"
          "<tr><td>乙 | 丙</td><td class=\"r num\"><span class=\"num\">250 元"
          "</span></td></tr>\n<tr><td><a href=\"/a/\">丁</a></td>"
          "<td class=\"r num\"></td></tr>\n</tbody></table></div>\n", "" },
        { "ragged", GEN_PAGE, "```table 表\n甲 | 乙\n丙\n丁 | 戊 | 己\n```\n",
          NULL, "3:1:E406 4:1:E406" },
        { "no caption", GEN_PAGE, "```table\n甲\n乙\n```\n", NULL,
          "1:1:E408" },
        { "empty", GEN_PAGE, "```table 表\n```\n", NULL, "1:1:E409" },
        { "places in cells", GEN_PAGE,
          "```table 表 {price y}\n甲 | 乙\n丙 | 丁 {price x}\n```\n", NULL,
          "1:19:E304 3:14:E304" },
        { "cells are no blocks", GEN_PAGE, "```table 表\n- *甲* | # 乙\n```\n",
          "<div class=\"scroll\"><table><caption>表</caption>\n<thead><tr>"
          "<th scope=\"col\">- *甲*</th><th scope=\"col\"># 乙</th></tr>"
          "</thead>\n<tbody>\n</tbody></table></div>\n", "" },
        { "examples", GEN_PAGE,
          "```price 例\ncity: 210700\nheld: ln-tender\nmonths: 3\n"
          "add: anshan = 12.50\nadd: anshan, huachen = 12.5\n```\n",
          "<div class=\"scroll\"><table><caption>例</caption>\n<thead><tr>"
          "<th scope=\"col\">本次新增</th><th scope=\"col\" class=\"r\">费用"
          "</th></tr></thead>\n<tbody>\n<tr><td>鞍山市公共资源平台</td>"
          "<td class=\"r\"><span class=\"num\">12.50 元</span></td></tr>\n"
          "<tr><td>鞍山市公共资源平台、华晨集团电子采购平台</td>"
          "<td class=\"r\"><span class=\"num\">12.50 元</span></td></tr>\n"
          "</tbody></table></div>\n", "" },
        { "a wrong example", GEN_PAGE,
          "```price 例\ncity: 210700\nadd: anshan = 250\n"
          "add: anshan = 300\n```\n", NULL, "3:15:E302" },
        { "no amount", GEN_PAGE,
          "```price 例\ncity: 210700\nadd: anshan\nadd: anshan = x\n```\n",
          NULL, "3:1:E410 4:15:E410" },
        { "unknown platforms", GEN_PAGE,
          "```price 例\ncity: 210700\nheld: ln-tender, x\n"
          "add: anshan, anshn = 50\n```\n", NULL,
          "3:18:E203 4:14:E203" },
        { "an unknown platform in each line", GEN_PAGE,
          "```price 例\ncity: 210700\nadd: x = 0\nadd: anshan, x = 50\n```\n",
          NULL, "3:6:E203 4:14:E203" },
        { "an unknown key", GEN_PAGE,
          "```price 例\ncty: 210700\nheld\nadd: anshan = 50\n```\n", NULL,
          "2:1:E410 3:1:E410" },
        { "a refusal", GEN_PAGE,
          "```price 例\ncity: 210700\nadd: anshan, anshan = 50\n```\n", NULL,
          "3:6:E303" },
        { "an unknown city", GEN_PAGE,
          "```price 例\ncity: 21070\nadd: anshan = 250\n```\n", NULL,
          "2:7:E305" },
        { "all unknown ids, of what is held too", GEN_PAGE,
          "```price 例\ncity: 210700\nheld: x, y\nadd: anshan, z = 50\n"
          "add: u, v\n```\n", NULL,
          "3:7:E203 3:10:E203 4:14:E203 5:1:E410 5:6:E203 5:9:E203" },
        { "no example", GEN_PAGE, "```price 例\ncity: 210700\n```\n", NULL,
          "1:1:E409" },
    };

    doc_check(r, cases, CAPLAT_COUNT(cases));
}


#define FIGURE(lines)                                                         \
    "```figure x\nalt: 一 \"二\"\ncaption: 三\n" lines "```\n"

#define DRAWN(inside, legend)                                                 \
    "<figure class=\"fig\" id=\"fig-x\"><div class=\"shot\" role=\"img\" "    \
    "aria-label=\"一 &quot;二&quot;\">\n" inside "</div>\n"                   \
    "<figcaption>图 1 三（示意图，信息为示例）" legend                        \
    "</figcaption></figure>\n"

#define INSIDE(html)  DRAWN("<div class=\"shot-in\">\n" html "</div>\n", "")


static void
test_figures(doc_reader *r)
{
    static const doc_case  cases[] = {
        { "tabs", GEN_PAGE, FIGURE("tabs: a | [b] | c~\ntext: d\n"),
          DRAWN("<div class=\"shot-bar\"><span>a</span>"
                "<span class=\"on\">b</span><span class=\"opt-col\">c</span>"
                "</div>\n<div class=\"shot-in\">\n<p>d</p>\n</div>\n", ""),
          "" },
        { "a table", GEN_PAGE,
          FIGURE("head: a | b~\nrow: 1 | 2\nrow: 3 | 4\ntitle: c\n"),
          INSIDE("<table><thead><tr><th>a</th><th class=\"opt-col\">b</th>"
                 "</tr></thead>\n<tbody>\n<tr><td>1</td>"
                 "<td class=\"opt-col\">2</td></tr>\n<tr><td>3</td>"
                 "<td class=\"opt-col\">4</td></tr>\n</tbody></table>\n"
                 "<p class=\"shot-t\">c</p>\n"), "" },
        { "lines", GEN_PAGE,
          FIGURE("warn: a【b】\nfield: c = d = e\ninput: f = g\n"
                 "total: h = {price base}\n"),
          INSIDE("<p class=\"shot-warn\">a【b】</p>\n<p class=\"shot-kv\">"
                 "<span>c</span><span>d = e</span></p>\n"
                 "<p class=\"shot-in-f\"><span>f</span>"
                 "<span class=\"box-in\">g</span></p>\n"
                 "<p class=\"shot-total\"><span>h</span><span class=\"num\">"
                 "<span class=\"num\">250 元</span></span></p>\n"), "" },
        { "choices", GEN_PAGE,
          FIGURE("check: [x] {platform anshan link} | 12.50 元\n"
                 "check: [ ] b | 0 元\ncheck: [-] c\nradio: (x) d | ( ) e\n"),
          INSIDE("<p class=\"shot-opt\"><i class=\"box on\"></i>"
                 "<span>鞍山市公共资源平台</span><span>12.50 元</span></p>\n"
                 "<p class=\"shot-opt\"><i class=\"box\"></i><span>b</span>"
                 "<span>0 元</span></p>\n<p class=\"shot-opt\">"
                 "<i class=\"box held\"></i><span>c</span></p>\n"
                 "<p class=\"shot-radios\"><span><i class=\"rad on\"></i>d"
                 "</span><span><i class=\"rad\"></i>e</span></p>\n"), "" },
        { "buttons, menus, steps", GEN_PAGE,
          FIGURE("buttons: a | *b\nmenu: c | d\nsteps: *1 e | 2 f\n"),
          INSIDE("<p class=\"shot-btns\"><span class=\"b\">a</span>"
                 "<span class=\"b main\">b</span></p>\n<div class=\"menu\">"
                 "<span>c</span><span>d</span></div>\n<p class=\"shot-steps\">"
                 "<span class=\"on\">1 e</span><span>2 f</span></p>\n"), "" },
        { "marks", GEN_PAGE,
          FIGURE("buttons: !1 *a\ncheck: !2 [x] b | c\nfield: !3 d = e\n"
                 "1: 点【a】\n2: 勾\n3: 看\n"),
          DRAWN("<div class=\"shot-in\">\n<p class=\"shot-btns\">"
                "<span class=\"b main hit\">a<i class=\"dot\">1</i></span></p>"
                "\n<p class=\"shot-opt hit\"><i class=\"box on\"></i>"
                "<span>b</span><i class=\"dot\">2</i><span>c</span></p>\n"
                "<p class=\"shot-kv hit\"><span>d</span><span>e</span>"
                "<i class=\"dot\">3</i></p>\n</div>\n",
                "<ol>\n<li><span class=\"dot dot-i\">1</span> 点"
                "<span class=\"ui\">a</span></li>\n"
                "<li><span class=\"dot dot-i\">2</span> 勾</li>\n"
                "<li><span class=\"dot dot-i\">3</span> 看</li>\n</ol>"), "" },
        { "a mark without words", GEN_PAGE, FIGURE("menu: a | !2 b\n"), NULL,
          "4:11:E405" },
        { "words without mark", GEN_PAGE, FIGURE("text: a\n1: b\n"), NULL,
          "5:1:E405" },
        { "no alt, no caption", GEN_PAGE, "```figure x\ntext: a\n```\n", NULL,
          "1:11:E402 1:11:E403" },
        { "no id", GEN_PAGE, "```figure\nalt: a\n```\n", NULL, "1:1:E408" },
        { "a bad id", GEN_PAGE, "```figure X y\nalt: a\n```\n", NULL,
          "1:11:E121" },
        { "an id twice", GEN_PAGE, FIGURE("") FIGURE(""), NULL, "5:11:E122" },
        { "unknown lines", GEN_PAGE, FIGURE("txt: a\n甲乙\ntext：丙\n"), NULL,
          "4:1:E404 5:1:E404 6:1:E404" },
        { "lines that cannot be read", GEN_PAGE,
          FIGURE("field: a\ncheck: b\nradio: (x) c | d\n"), NULL,
          "4:8:E404 5:8:E404 6:16:E404" },
        { "ragged rows", GEN_PAGE, FIGURE("head: a | b\nrow: c\n"), NULL,
          "5:6:E406" },
        { "places", GEN_PAGE, FIGURE("menu: 甲 | 乙{price x}\n"), NULL,
          "4:19:E304" },
    };

    doc_check(r, cases, CAPLAT_COUNT(cases));
}


/* Slips that cmark takes for something else; lines of the file. */
static void
test_slips(doc_reader *r)
{
    static const doc_case  cases[] = {
        { "pipes", GEN_PAGE, "甲\n\n| a | b |\n| --- | :-: |\n| c | d |\n",
          NULL, "12:1:W815" },
        { "pipes behind a line", GEN_PAGE, "甲：\n| a | b |\n|---|---|\n",
          NULL, "11:1:W815" },
        { "pipes in a note", GEN_PAGE,
          "```note\n甲\n| a | b |\n| - | - |\n```\n", NULL, "12:1:W815" },
        { "pipes in a quote", GEN_PAGE, "> | a | b |\n> |---|---|\n", NULL,
          "10:3:W815" },
        { "bars alone", GEN_PAGE, "| a | b |\n| c | d |\n\n| e |\n", NULL,
          "" },
        { "a rule alone", GEN_PAGE, "甲\n| - | - |\n", NULL, "" },
        { "an open fence", GEN_PAGE, "```text\na\n", NULL, "10:1:W816" },
        { "an open fence without a body", GEN_PAGE, "```text", NULL,
          "10:1:W816" },
        { "a fence closed by too few", GEN_PAGE, "````text\na\n```\n", NULL,
          "10:1:W816" },
        { "a fence closed by others", GEN_PAGE, "~~~text\na\n```\n", NULL,
          "10:1:W816" },
        { "closed fences", GEN_PAGE,
          "```text\n```\n\n~~~text\na\n\n~~~~\n\n````text\n```\n````", NULL,
          "" },
        { "closed in an item and a quote", GEN_PAGE,
          "- 甲\n\n  ```text\n  a\n  ```\n\n> ```text\n> a\n> ```\n", NULL,
          "" },
        { "closed in a note", GEN_PAGE,
          "````problem 甲\n乙\n\n```table 丙\na | b\n```\n````\n", NULL,
          "" },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        caplat_slice  problems = CAPLAT_LIT("");

        test_that(doc_read(r, cases[i].kind, test_slice(cases[i].body)),
            cases[i].words);

        if (r->diags.warnings != 0) {
            problems = test_problems(&r->diags, &r->scratch);
        }

        test_text(problems, test_slice(cases[i].problems), cases[i].words);
    }
}


int
main(void)
{
    static doc_reader  r;

    doc_reader_open(&r);
    test_blocks(&r);
    test_tables(&r);
    test_figures(&r);
    test_slips(&r);
    doc_reader_close(&r);

    return test_done();
}
