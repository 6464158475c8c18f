#include "doc_reader.h"


#define NUM(s)  "<span class=\"num\">" s "</span>"


static void
test_forms(doc_reader *r)
{
    static const doc_case  cases[] = {
        { "a button", GEN_PAGE, "点【CA 管理】。",
          "<p>点<span class=\"ui\">CA 管理</span>。</p>\n", "" },
        { "a button that is not closed", GEN_PAGE, "点【CA 管理。",
          "<p>点【CA 管理。</p>\n", "" },
        { "only closed", GEN_PAGE, "点】CA", "<p>点】CA</p>\n", "" },
        { "one in the other", GEN_PAGE, "【a【b】c】",
          "<p><span class=\"ui\">a【b</span>c】</p>\n", "" },
        { "a button with markup's bytes", GEN_PAGE, "【A_B & <c】",
          "<p><span class=\"ui\">A_B &amp; &lt;c</span></p>\n", "" },
        { "in code", GEN_PAGE, "`【a】{price base}`",
          "<p><code>【a】{price base}</code></p>\n", "" },
        { "a platform", GEN_PAGE, "{platform anshan}",
          "<p>鞍山市公共资源平台</p>\n", "" },
        { "a platform's link", GEN_PAGE, "看{platform anshan link}。",
          "<p>看<a href=\"/platform/anshan/\">鞍山市公共资源平台</a>。</p>\n",
          "" },
        { "no link within a link", GEN_PAGE,
          "[看{platform anshan link}](/price/)",
          "<p><a href=\"/price/\">看鞍山市公共资源平台</a></p>\n", "" },
        { "no such platform", GEN_PAGE, "加 {platform anshn} 和", NULL,
          "1:13:E203" },
        { "a platform without id", GEN_PAGE, "{platform }", NULL, "1:1:E207" },
        { "a platform with more", GEN_PAGE, "{platform anshan linked}", NULL,
          "1:1:E207" },
        { "base", GEN_PAGE, "{price base}", "<p>" NUM("250 元") "</p>\n", "" },
        { "a class", GEN_PAGE, "{price city}", "<p>" NUM("50 元") "</p>\n",
          "" },
        { "a covered class", GEN_PAGE, "{price provincial}",
          "<p>" NUM("0 元") "</p>\n", "" },
        { "a paused platform", GEN_PAGE, "{price jinzhou}",
          "<p>" NUM("50 元") "</p>\n", "" },
        { "no such price", GEN_PAGE, "甲，{price citi}", NULL, "1:10:E304" },
        { "no price", GEN_PAGE, "{price}", NULL, "1:1:E207" },
        { "a total", GEN_PAGE,
          "{price city=210700 held=ln-tender add=anshan months=3}",
          "<p>" NUM("12.50 元") "</p>\n", "" },
        { "twelve months when not given", GEN_PAGE,
          "{price city=210700  held=ln-tender add=anshan}",
          "<p>" NUM("50 元") "</p>\n", "" },
        { "the first platform", GEN_PAGE, "{price city=210700 add=anshan}",
          "<p>" NUM("300 元") "</p>\n", "" },
        { "an unknown platform in a total", GEN_PAGE,
          "甲 {price city=210700 add=anshn}", NULL, "1:26:E203" },
        { "an unknown held platform", GEN_PAGE,
          "{price city=210700 held=x,ln-tendr add=anshan}", NULL,
          "1:25:E203" },
        { "a held platform", GEN_PAGE,
          "{price city=210700 held=anshan add=anshan}", NULL, "1:25:E303" },
        { "a paused one", GEN_PAGE, "{price city=210700 add=jinzhou}",
          "<p>" NUM("250 元") "</p>\n", "" },
        { "an unknown city", GEN_PAGE, "{price city=210701 add=anshan}", NULL,
          "1:13:E305" },
        { "no city", GEN_PAGE, "{price add=anshan}", NULL, "1:8:E303" },
        { "a bad month", GEN_PAGE, "{price city=210700 add=anshan months=x}",
          NULL, "1:38:E303" },
        { "unknown key", GEN_PAGE, "{price city=210700 ad=anshan}", NULL,
          "1:20:E303" },
        { "an unknown form", GEN_PAGE, "{pirce base}", NULL, "1:1:E207" },
        { "not closed", GEN_PAGE, "{price base", NULL, "1:1:E207" },
        { "other braces", GEN_PAGE, "{ price } {#id} {} {中} {A b}",
          "<p>{ price } {#id} {} {中} {A b}</p>\n", "" },
        { "a word that is not closed", GEN_PAGE, "{n", "<p>{n</p>\n", "" },
        { "behind other characters of two lines", GEN_PAGE,
          "甲\n乙**丙** {platform x}", NULL, "2:18:E203" },
    };

    doc_check(r, cases, CAPLAT_COUNT(cases));
}


/* Names that fill a clause. */
#define ELEVEN  "套餐、套餐、套餐、套餐、套餐、套餐、套餐、套餐、套餐、套餐、"  \
                "锦州市公共资源平台、"


static void
test_amounts(doc_reader *r)
{
    static const doc_case  cases[] = {
        { "right", GEN_PAGE, "鞍山市公共资源平台 50 元。", NULL, "" },
        { "wrong", GEN_PAGE, "鞍山市公共资源平台 60 元。", NULL, "1:11:E301" },
        { "by its alias", GEN_PAGE, "鞍山平台每年 60 元", NULL, "1:8:E301" },
        { "by its class", GEN_PAGE, "每个市级平台 60 元", NULL, "1:8:E301" },
        { "amount first", GEN_PAGE, "花 60 元加鞍山平台", NULL, "1:3:E301" },
        { "with decimals", GEN_PAGE, "鞍山平台 50.00 元", NULL, "" },
        { "with wrong decimals", GEN_PAGE, "鞍山平台 50.01 元", NULL,
          "1:6:E301" },
        { "with half a fen", GEN_PAGE, "鞍山平台 50.001 元", NULL,
          "1:6:E301" },
        { "with thousands", GEN_PAGE, "鞍山平台 1,000 元", NULL, "1:6:E301" },
        { "without a blank", GEN_PAGE, "鞍山平台60元", NULL, "1:5:E301" },
        { "in bold", GEN_PAGE, "鞍山平台 **60** 元", NULL, "1:8:E301" },
        { "behind a platform form", GEN_PAGE, "{platform anshan} 60 元", NULL,
          "1:19:E301" },
        { "in a link", GEN_PAGE, "[鞍山平台](/a/)收 60 元", NULL,
          "1:14:E301" },
        { "another clause", GEN_PAGE, "鞍山平台，60 元；60 元。60 元", NULL,
          "" },
        { "、 is no border", GEN_PAGE, "鞍山平台、锦州，或鞍山平台、60 元",
          NULL, "1:15:E301" },
        { "over a line's end", GEN_PAGE, "鞍山平台收\n60 元", NULL,
          "2:1:E301" },
        { "another paragraph", GEN_PAGE, "鞍山平台收\n\n60 元", NULL, "" },
        { "another item", GEN_PAGE, "- 鞍山平台收\n- 60 元", NULL, "" },
        { "the base", GEN_PAGE, "套餐 250 元", NULL, "" },
        { "the base, wrong", GEN_PAGE, "套餐 200 元", NULL, "1:4:E301" },
        { "covered", GEN_PAGE, "省级平台 0 元，4 个省级平台 250 元", NULL,
          "" },
        { "covered where registered", GEN_PAGE, "鞍山平台 0 元", NULL, "" },
        { "two of them", GEN_PAGE, "2 个市级平台 100 元", NULL, "" },
        { "one of two", GEN_PAGE, "2 个市级平台 50 元", NULL, "" },
        { "three of them, wrong", GEN_PAGE, "3 个市级平台 100 元", NULL,
          "1:9:E301" },
        { "either name's", GEN_PAGE, "套餐和鞍山平台 50 元、250 元", NULL,
          "" },
        { "computed amounts are right", GEN_PAGE,
          "鞍山平台 {price city=210700 held=ln-tender add=anshan months=3}",
          NULL, "" },
        { "in a heading", GEN_PAGE, "## 鞍山平台 60 元", NULL, "1:9:E301" },
        { "in a cell", GEN_PAGE,
          "```table 表\n甲 | 乙\n鞍山平台 60 元 | 鞍山平台\n```", NULL,
          "3:6:E301" },
        { "across the cells of a row", GEN_PAGE,
          "```table 表\n甲 | 乙\n鞍山平台 | 60 元\n```", NULL,
          "3:8:E301" },
        { "not across rows", GEN_PAGE,
          "```table 表\n甲 | 乙\n鞍山平台 | \n | 60 元\n```", NULL, "" },
        { "： is no border", GEN_PAGE, "鞍山平台：60 元", NULL, "1:6:E301" },
        { "no number", GEN_PAGE, "鞍山平台元，鞍山平台 , 元", NULL, "" },
        { "in code", GEN_PAGE, "鞍山平台 `60` 元", NULL, "1:7:E301" },
        { "another name has this price", GEN_PAGE,
          "套餐 50 元、锦州市公共资源平台 50 元。", NULL, "1:4:E301" },
        { "a later name has this price", GEN_PAGE,
          "华晨集团电子采购平台 50 元、锦州市公共资源平台 50 元。", NULL,
          "1:12:E301" },
        { "an earlier name has this price", GEN_PAGE,
          "套餐 250 元、鞍山平台 250 元、华晨集团电子采购平台 50 元", NULL,
          "1:32:E301" },
        { "names before one amount", GEN_PAGE,
          "省级平台和市级平台一共 250 元、企业平台和套餐 250 元", NULL, "" },
        { "amounts before their names", GEN_PAGE,
          "0 元的省级平台、50 元的市级平台、60 元的套餐", NULL,
          "1:20:E301" },
        { "many amounts", GEN_PAGE,
          "套餐 250 元、250 元、250 元、250 元、250 元、250 元、250 元、"
          "250 元、250 元、25 元、鞍山平台 250 元、5 元", NULL,
          "1:58:E301 1:74:E301" },
        { "many names", GEN_PAGE, "套餐 20 元、" ELEVEN ELEVEN ELEVEN
          "鞍山平台 51 元、套餐 50 元", NULL,
          "1:4:E301 1:134:E301 1:142:E301" },
        { "a yen sign", GEN_PAGE, "套餐 ¥260、套餐¥ 260，套餐 ¥250", NULL,
          "1:4:E301 1:11:E301" },
        { "a wide yen sign", GEN_PAGE, "套餐 ￥260、套餐 ￥250", NULL,
          "1:4:E301" },
        { "a yen sign and 元", GEN_PAGE, "套餐 ¥260.5 元、套餐 ¥", NULL,
          "1:4:E301" },
        { "other units", GEN_PAGE, "套餐 260人民币、套餐 260 块", NULL,
          "1:4:E301 1:14:E301" },
        { "full-width digits", GEN_PAGE, "套餐 ２６０ 元、套餐 ２５０．００ 元",
          NULL, "1:4:E301" },
        { "a full-width count", GEN_PAGE, "２ 个市级平台 100 元", NULL, "" },
        { "other blanks", GEN_PAGE,
          "套餐 260\xc2\xa0元、套餐 260\xe3\x80\x80元、套餐 260  元", NULL,
          "1:4:E301 1:13:E301 1:22:E301" },
        { "twice on a line", GEN_PAGE, "套餐 50 元，鞍山平台 51 元", NULL,
          "1:4:E301 1:14:E301" },
    };

    doc_check(r, cases, CAPLAT_COUNT(cases));
}


/* Values of the front matter: plain text, and problems in their place. */
static void
test_front(doc_reader *r)
{
    static const char  text[] =
        "---\ntitle: 指南\nsummary: 鞍山平台 60 元。\nupdated: 2026-11-20\n"
        "who: 企业\ntime: 五分钟\nfee: 套餐 {price base}，其他 {price x}\n"
        "result: {platform anshan link}马上能用\n---\n## 甲 {#a}\n\n乙\n";

    test_that(doc_read_whole(r, GEN_GUIDE, CAPLAT_LIT(text)), "front");
    test_text(test_problems(&r->diags, &r->scratch),
        CAPLAT_LIT("3:15:E301 7:32:E304"), "front");
    test_text(r->doc.front.fee, CAPLAT_LIT("套餐 250 元，其他 "), "fee");
    test_text(r->doc.front.result, CAPLAT_LIT("鞍山市公共资源平台马上能用"),
        "result");
}


int
main(void)
{
    static doc_reader  r;

    doc_reader_open(&r);
    test_forms(&r);
    test_amounts(&r);
    test_front(&r);
    doc_reader_close(&r);

    return test_done();
}
