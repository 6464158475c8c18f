/*
 * What is wrong with the content, where, and what to do about it.
 *
 * All problems of a run are gathered, sorted by file and place, and printed
 * together; a run with an error publishes nothing. The table below is the
 * only list of codes: README, messages and JSON are made of it.
 */

#ifndef GEN_DIAG_H
#define GEN_DIAG_H

#include "gen_mem.h"
#include "gen_near.h"

#include <stdio.h>


/*
 * E(NAME, number, Chinese, English): {1} {2} {3} stand for the words given.
 *
 *   1xx files, front matter, headings    5xx theme and words of the pages
 *   2xx references and inline forms      6xx catalogue and rate card
 *   3xx prices                           8xx lint: warnings
 *   4xx blocks and figures
 */
#define GEN_CODES(E)                                                          \
    E(UNREADABLE,        101, "读不出这个文件：{1}",                          \
      "cannot read this file: {1}")                                           \
    E(NOT_UTF8,          102, "这里不是 UTF-8 编码",                          \
      "this is not UTF-8")                                                    \
    E(FILE_TOO_LARGE,    103, "文件超过 {1} 字节",                            \
      "the file is larger than {1} bytes")                                    \
    E(FILE_NAME,         104, "文件名只能用小写字母、数字和连字符：{1}",      \
      "a file name may have a-z, 0-9 and hyphens only: {1}")                  \
    E(BYTE_ORDER_MARK,   105, "文件开头有 BOM，请存成不带 BOM 的 UTF-8",      \
      "byte order mark: save the file as UTF-8 without it")                   \
    E(TERM_LINE,         106, "这一行要写成“错词 = 对词”",                    \
      "this line should read \"wrong = right\"")                              \
    E(NAME_TAKEN,        107, "这个名称归程序用，请换一个：{1}",              \
      "the program needs this name itself: {1}")                              \
    E(HOME_MISSING,      108, "缺少 pages/home.md，它是首页",                 \
      "pages/home.md, which is the home page, is missing")                    \
    E(NO_FRONT,          110, "文件要以 --- 开头，写上标题等信息",            \
      "the file must begin with --- and its front matter")                    \
    E(FRONT_UNKNOWN,     111, "不认识这一项：“{1}”",                          \
      "unknown key \"{1}\"")                                                  \
    E(FRONT_TWICE,       112, "“{1}”写了两次",                                \
      "\"{1}\" is given twice")                                               \
    E(FRONT_MISSING,     113, "缺少“{1}”",                                    \
      "\"{1}\" is missing")                                                   \
    E(FRONT_VALUE,       114, "“{1}”的值不对：应为{2}",                       \
      "bad value for \"{1}\": it should be {2}")                              \
    E(FRONT_OPEN,        115, "开头的信息没有用 --- 结束",                    \
      "the front matter is not closed by ---")                                \
    E(FRONT_LINE,        116, "这一行要写成“名称: 内容”",                     \
      "this line should read \"key: value\"")                                 \
    E(HEADING_ID,        120, "这个标题要有地址，例如 {#choose-platforms}",   \
      "this heading needs an address, such as {#choose-platforms}")           \
    E(BAD_ID,            121, "地址只能用小写字母、数字和连字符：“{1}”",      \
      "an address may have a-z, 0-9 and hyphens only: \"{1}\"")               \
    E(ID_TWICE,          122, "地址“{1}”用了两次",                            \
      "the address \"{1}\" is used twice")                                    \
    E(NO_STEPS,          123, "没有步骤：用“## 标题 {#地址}”写一个步骤",      \
      "there is no step: write one as \"## Title {#address}\"")               \
    E(HEADING_ORDER,     124, "标题跳级了：{1} 级之后不能是 {2} 级",          \
      "heading level {2} may not follow level {1}")                           \
    E(EMPTY_HEADING,     125, "标题是空的", "this heading is empty")          \
    E(HEADING_LEVEL,     126, "这里没有一级标题：标题写在 title 里，正文从 ## 开始",  \
      "no level 1 heading here: the title is in the front matter")            \
    E(GROUP_TEXT,        127, "大标题下面要先写步骤标题“## 标题 {#地址}”",    \
      "a step's heading, \"## Title {#address}\", must follow here")          \
    E(UNKNOWN_PAGE,      201, "没有这个页面：“{1}”",                          \
      "there is no page \"{1}\"")                                             \
    E(UNKNOWN_ANCHOR,    202, "页面“{1}”里没有“{2}”这个位置",                 \
      "page \"{1}\" has no anchor \"{2}\"")                                   \
    E(UNKNOWN_PLATFORM,  203, "没有这个平台：“{1}”",                          \
      "there is no platform \"{1}\"")                                         \
    E(UNKNOWN_FIGURE,    204, "没有这个图：“{1}”",                            \
      "there is no figure \"{1}\"")                                           \
    E(EMPTY_LINK,        205, "链接没有文字", "this link has no words")       \
    E(RAW_HTML,          206, "不能直接写 HTML：{1}",                         \
      "raw HTML is not allowed: {1}")                                         \
    E(UNKNOWN_FORM,      207, "不认识这种写法：{1}",                          \
      "unknown form: {1}")                                                    \
    E(IMAGE,             208, "不能放图片，请用 figure 块画示意图",           \
      "images are not allowed: draw the figure in a figure block")            \
    E(BAD_LINK,          209, "链接地址不对：“{1}”，要以 / # https:// 或 mailto: 开头",  \
      "bad link \"{1}\": it must begin with / # https:// or mailto:")         \
    E(AMOUNT_WRONG,      301, "这里写的是 {1}，“{2}”按费率应为 {3}",          \
      "this says {1}; by the tariff, \"{2}\" is {3}")                         \
    E(EXAMPLE_WRONG,     302, "这个例子写的是 {1}，按费率算出来是 {2}",       \
      "this example says {1}; by the tariff it is {2}")                       \
    E(PRICE_REFUSED,     303, "算不出价格：{1}",                              \
      "no price: {1}")                                                        \
    E(UNKNOWN_PRICE,     304, "没有这个价格：“{1}”",                          \
      "there is no price \"{1}\"")                                            \
    E(UNKNOWN_CITY,      305, "没有这个城市：“{1}”",                          \
      "there is no city \"{1}\"")                                             \
    E(UNKNOWN_BLOCK,     401, "不认识这种块：“{1}”",                          \
      "unknown block \"{1}\"")                                                \
    E(FIGURE_ALT,        402, "图“{1}”缺少 alt（读屏软件读的文字）",          \
      "figure \"{1}\" has no alt text")                                       \
    E(FIGURE_CAPTION,    403, "图“{1}”缺少 caption（图题）",                  \
      "figure \"{1}\" has no caption")                                        \
    E(FIGURE_LINE,       404, "图里不认识这一行：“{1}”",                      \
      "unknown line in a figure: \"{1}\"")                                    \
    E(FIGURE_MARK,       405, "图里的标号 {1} 没有说明，或说明没有标号",      \
      "mark {1} has no explanation, or the explanation has no mark")          \
    E(TABLE_RAGGED,      406, "这一行有 {1} 格，表头有 {2} 格",               \
      "this row has {1} cells, the head has {2}")                             \
    E(NOTE_KIND,         407, "提示块的种类只能是 warn、bad、good 或不写：“{1}”",  \
      "a note is warn, bad, good or plain: \"{1}\"")                          \
    E(BLOCK_TITLE,       408, "这个块要有标题", "this block needs a title")   \
    E(BLOCK_EMPTY,       409, "这个块是空的", "this block is empty")          \
    E(BLOCK_LINE,        410, "块里不认识这一行：“{1}”",                      \
      "unknown line in a block: \"{1}\"")                                     \
    E(BLOCK_NESTED,      411, "提示块和问题块里不能再放 {1}",                 \
      "there may be no {1} within a note or a problem")                       \
    E(THEME_XML,         501, "模板不是合格的 XML：{1}",                      \
      "the template is not well-formed: {1}")                                 \
    E(THEME_VALUE,       502, "模板里没有这个值：“{1}”",                      \
      "there is no value \"{1}\" here")                                       \
    E(THEME_ELEMENT,     503, "模板不认识这个元素或属性：{1}",                \
      "unknown template element or attribute: {1}")                           \
    E(THEME_STYLE,       504, "模板里不能写 {1}，请放到 style.css 或脚本文件",\
      "templates may not have {1}: use style.css or a script file")           \
    E(THEME_PLACE,       505, "值“{1}”不能放在这里",                          \
      "the value \"{1}\" may not stand here")                                 \
    E(THEME_SCRIPT,      506, "不能写内联脚本，请用 <c:inline src=\"...\"/>", \
      "no inline script: use <c:inline src=\"...\"/>")                        \
    E(THEME_FILE,        507, "主题里没有这个文件：{1}",                      \
      "the theme has no file {1}")                                            \
    E(THEME_ROUND,       508, "脚本绕了一圈又引入了自己：{1}",                \
      "scripts import each other in a circle: {1}")                           \
    E(UI_XML,            510, "不是合格的 XML：{1}",                          \
      "not well-formed XML: {1}")                                             \
    E(UI_WORD,           511, "ui.xml 里没有 <word id=\"{1}\">",              \
      "ui.xml has no <word id=\"{1}\">")                                     \
    E(UI_PAGE,           512, "没有这个办理页面：“{1}”",                      \
      "the wizard has no page \"{1}\"")                                       \
    E(CATALOGUE_XML,     601, "不是合格的 XML：{1}",                          \
      "not well-formed XML: {1}")                                             \
    E(CATALOGUE_SCHEMA,  602, "不符合 catalogue.rng：{1}",                    \
      "does not conform to catalogue.rng: {1}")                               \
    E(CATALOGUE_RATES,   603, "费率不对：{1}", "bad tariff: {1}")             \
    E(CATALOGUE_REF,     604, "目录里没有“{1}”",                              \
      "the catalogue has no \"{1}\"")                                         \
    E(CATALOGUE_TWICE,   605, "“{1}”已经是另一个平台或类别的名称",            \
      "\"{1}\" already names another platform or class")                      \
    E(CATALOGUE_FORM,    606, "这里的 { 只能写成 {1}，最多一次",              \
      "a { may only be {1} here, and only once")                              \
    E(LINT_TERM,         801, "用词：请把“{1}”改成“{2}”",                     \
      "wording: write \"{2}\" for \"{1}\"")                                   \
    E(LINT_HALF_WIDTH,   802, "汉字之间请用全角标点：“{1}”应为“{2}”",         \
      "full-width punctuation between Han characters: \"{2}\" for \"{1}\"")   \
    E(LINT_BRACKET_SPACE, 803, "【】旁边不要空格", "no space beside 【】")    \
    E(LINT_MONEY,        804, "金额写成“12.50 元”，不要用 {1}",               \
      "write money as \"12.50 元\", without {1}")                             \
    E(LINT_PRIVATE,      805, "像是真实的{1}，不能发布：{2}",                 \
      "this looks like a real {1} and may not be published: {2}")             \
    E(LINT_ACTIONS,      806, "这一步有 {1} 个动作，最多 5 个",               \
      "this step has {1} actions; at most 5")                                 \
    E(LINT_WARNINGS,     807, "这一步有 {1} 个警示，最多 1 个",               \
      "this step has {1} warnings; at most 1")                                \
    E(LINT_SENTENCE,     808, "这句话有 {1} 个字，超过 50 字，请分成几句",    \
      "this sentence has {1} characters; more than 50")                       \
    E(LINT_LINK_WORDS,   809, "链接文字“{1}”没有说明去哪里",                  \
      "the link words \"{1}\" do not say where it goes")                      \
    E(LINT_EXCLAMATION,  810, "不用感叹号", "no exclamation marks")           \
    E(LINT_LATIN_SPACE,  811, "汉字与字母、数字之间加一个空格",               \
      "put a space between Han and Latin characters or digits")               \
    E(LINT_STARS,        812, "这一段的 ** 没有成对",                         \
      "** does not pair up in this paragraph")                                \
    E(LINT_TITLE_LONG,   813, "标题有 {1} 个字，超过 {2} 个",                 \
      "the title has {1} characters; more than {2}")                          \
    E(LINT_PIPES,        815, "这里不认 Markdown 表格，请写成 table 块",      \
      "a Markdown table is plain text here: write a table block")             \
    E(LINT_FENCE_OPEN,   816, "这个块没有用 {1} 结束",                        \
      "this block is not closed by {1}")


typedef enum {
#define GEN_CODE_ENUM(name, number, zh, en)  GEN_##name = number,
    GEN_CODES(GEN_CODE_ENUM)
#undef GEN_CODE_ENUM
} gen_code;


typedef enum { GEN_FORMAT_TEXT, GEN_FORMAT_JSON, GEN_FORMAT_GITHUB }
    gen_format;

typedef enum { GEN_LANG_ZH, GEN_LANG_EN } gen_lang;


/* A file of the content. Lives as long as the run. */
typedef struct {
    caplat_slice  path;                 /* as it is shown */
    caplat_slice  text;                 /* empty once forgotten */
    uint32_t      order;                /* its place among the files */
} gen_source;


/* A place in a source: bytes from its start. */
typedef struct {
    size_t        at;
    size_t        len;
} gen_span;


static inline gen_span
gen_span_of(size_t at, size_t len)
{
    return (gen_span) { at, len };
}


/* Problems found by one thread. Zero is an empty list. */
typedef struct gen_problem  gen_problem;

typedef struct {
    gen_problem  *first;
    gen_problem  *last;
    size_t        errors;               /* what was found twice counts twice */
    size_t        warnings;
    gen_arena     arena;
} gen_diags;


#define GEN_WORDS_MAX  3

/* The words of a message: GEN_WORDS(a, b). */
#define GEN_WORDS(...)                                                        \
    (const caplat_slice[GEN_WORDS_MAX]) { __VA_ARGS__ }

#define GEN_NO_WORDS  GEN_WORDS({ 0 })

/* A word that differs by language; the reader sees one of the two. */
#define GEN_BOTH_MARK     "\037"
#define GEN_BOTH(zh, en)  CAPLAT_LIT(zh GEN_BOTH_MARK en)


/* Is this code a warning? All of lint is, but for private data. */
bool gen_code_warns(gen_code code);


/*
 * Note a problem. Words, line and near are copied; of a word the first line,
 * cut where it is long.
 *
 * source  its text is read again from its path when it was forgotten; a file
 *         that cannot be read has its place in the output and no line
 * span    what the caret underlines; length 0 marks one character
 * near    "did you mean"; empty when there is no suggestion
 */
void gen_report(gen_diags *diags, const gen_source *source, gen_span span,
    gen_code code, const caplat_slice words[GEN_WORDS_MAX],
    caplat_slice near);

/*
 * Is this text that can be read: UTF-8 without a byte order mark? If not, that
 * is reported.
 */
bool gen_source_check(gen_diags *diags, const gen_source *source);

/* Is there an error, or in strict mode anything at all? The exit status. */
bool gen_diags_failed(const gen_diags *lists, size_t count, bool strict);

/*
 * Print all problems of `count` lists, by file and place, each once. Columns
 * count characters from 1. In strict mode warnings call themselves errors.
 *
 * text    `path:line:col: 错误 E203: words`, the line, a caret under what is
 *         meant (a Han character takes two cells, a tab is shown as one), and
 *         the suggestion. A long line is cut around the caret.
 * json    [{"file","line","column","endColumn","level","code","message",
 *         "hint"}, ...]; endColumn is behind the last character that is
 *         meant; hint is the suggestion's sentence or ""
 * github  ::error file=,line=,col=,endColumn=,title=::message
 */
void gen_diags_print(const gen_diags *lists, size_t count, gen_format format,
    gen_lang lang, bool strict, FILE *out);

void gen_diags_close(gen_diags *diags);


#endif /* GEN_DIAG_H */
