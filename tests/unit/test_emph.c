#include "gen_emph.h"

#include "doc_reader.h"


/* What stands in <strong>, each piece with a | behind it. */
static caplat_slice
bold_of(doc_reader *r)
{
    caplat_slice  html = doc_html(r);
    caplat_slice  piece;
    gen_buf       buf = { 0 };

    while (gen_text_cut(html, CAPLAT_LIT("<strong>"), &piece, &html)
           && gen_text_cut(html, CAPLAT_LIT("</strong>"), &piece, &html))
    {
        gen_buf_add(&buf, piece);
        gen_buf_byte(&buf, '|');
    }

    piece = gen_arena_copy(&r->scratch, gen_buf_slice(&buf));
    gen_buf_close(&buf);

    return piece;
}


static void
test_bold(doc_reader *r)
{
    static const struct {
        const char  *text;
        const char  *bold;
    } cases[] = {
        { "没有",                             "" },
        { "a **b** c",                        "b|" },
        { "中文**加粗**中文",                 "加粗|" },
        { "**特别提示：**如果",               "特别提示：|" },
        { "**特别提示:**如果",                "特别提示:|" },
        { "请**确认（重要）**后提交",         "确认（重要）|" },
        { "请**确认(重要)**后提交",           "确认(重要)|" },
        { "（**重要**）",                     "重要|" },
        { "**“引号”**和",                     "“引号”|" },
        { "看**《办法》**第 3 条",            "《办法》|" },
        { "**一：**甲，**二：**乙",           "一：|二：|" },
        { "* **一：**甲\n* 乙**。二**丙",     "一：|。二|" },
        { "> **引：**文",                     "引：|" },
        { "**开头。**\n\n正文**。结尾**好",   "开头。|。结尾|" },
        { "半**个\n\n**全：**个",             "全：|" },
        { "**一：**甲\n接着**，二**乙",       "一：|，二|" },
        { "四**** 个，**五：**个",            "五：|" },
        { "\\** 不算，**算：**数",            "算：|" },
        { "`a**` 不算，**算：**数",           "算：|" },
        { "2026 年**【一】**月",
          "<span class=\"ui\">一</span>|" },
        { "**提示：**CA 锁",                  "提示：|" },
        { "**a)**b, as CommonMark says",      "" },
        { "点击**【确定】**按钮",
          "<span class=\"ui\">确定</span>|" },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        test_that(doc_read(r, GEN_PAGE, test_slice(cases[i].text)),
            cases[i].text);
        test_text(bold_of(r), test_slice(cases[i].bold), cases[i].text);
    }
}


/* Code stays as it is written, whatever else the page has of bold. */
static void
test_code(doc_reader *r)
{
    static const doc_case  cases[] = {
        { "a code span", GEN_PAGE, "`甲**：乙**：丙`",
          "<p><code>甲**：乙**：丙</code></p>\n", "" },
        { "a code span with ticks", GEN_PAGE, "``甲`**：乙**：丙``",
          "<p><code>甲`**：乙**：丙</code></p>\n", "" },
        { "a code span over two lines", GEN_PAGE, "`甲**：乙\n甲**：乙`",
          "<p><code>甲**：乙 甲**：乙</code></p>\n", "" },
        { "fenced", GEN_PAGE, "```\n甲**：乙**：丙\n```\n",
          "<pre><code>甲**：乙**：丙\n</code></pre>\n", "" },
        { "fenced with waves", GEN_PAGE, "~~~ text\n```\n甲**：乙**丙\n~~~\n",
          "<pre><code>```\n甲**：乙**丙\n</code></pre>\n", "" },
        { "fenced in a list", GEN_PAGE,
          "- ```\n  甲**：乙**：丙\n  ```\n",
          "<ul>\n<li><pre><code>甲**：乙**：丙\n</code></pre>\n</li>\n</ul>\n",
          "" },
        { "indented", GEN_PAGE, "    甲**：乙**：丙\n",
          "<pre><code>甲**：乙**：丙\n</code></pre>\n", "" },
        { "indented in a list", GEN_PAGE, "- 甲\n\n      乙**：丙\n",
          "<ul>\n<li><p>甲</p>\n<pre><code>乙**：丙\n</code></pre>\n</li>\n"
          "</ul>\n", "" },
        { "not closed", GEN_PAGE, "甲\n\n```\n甲**：乙\n",
          "<p>甲</p>\n<pre><code>甲**：乙\n</code></pre>\n", "" },
    };

    doc_check(r, cases, CAPLAT_COUNT(cases));
}


static void
test_take(void)
{
    caplat_slice  text = CAPLAT_LIT("a" GEN_EMPH_MARK "b" GEN_EMPH_MARK);
    caplat_slice  run;

    test_that(gen_emph_take(&text, &run), "first");
    test_text(run, CAPLAT_LIT("a"), "first");
    test_that(gen_emph_take(&text, &run), "second");
    test_text(run, CAPLAT_LIT("b"), "second");
    test_that(!gen_emph_take(&text, &run), "end");
}


int
main(void)
{
    static doc_reader  r;

    doc_reader_open(&r);
    test_bold(&r);
    test_code(&r);
    test_take();
    doc_reader_close(&r);

    return test_done();
}
