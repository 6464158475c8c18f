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
        { "a group with text", GEN_GUIDE, "# 一\n\n字\n\n" ONE, NULL,
          "3:1:E127" },
    };

    doc_check(r, cases, CAPLAT_COUNT(cases));
}


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
          "add: anshan, anshn = 50\n```\n", NULL, "3:18:E203" },
        { "an unknown platform in each line", GEN_PAGE,
          "```price 例\ncity: 210700\nadd: x = 0\nadd: anshan, x = 50\n```\n",
          NULL, "3:6:E203 4:14:E203" },
        { "an unknown key", GEN_PAGE,
          "```price 例\ncty: 210700\nheld\nadd: anshan = 50\n```\n", NULL,
          "2:1:E410 3:1:E410" },
        { "a refusal", GEN_PAGE,
          "```price 例\ncity: 210700\nadd: jinzhou = 50\n```\n", NULL,
          "3:6:E303" },
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
    test_blocks(&r);
    test_tables(&r);
    test_figures(&r);
    test_shape(&r);
    test_summaries(&r);
    test_hints(&r);
    doc_reader_close(&r);

    return test_done();
}
