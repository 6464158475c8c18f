#define _GNU_SOURCE                     /* memmem, mkdtemp */

#include "gen_theme.h"

#include "gen_file.h"
#include "test_gen.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>


/* A page's values, as the tests' templates name them. */
static const gen_field   inner_fields[] = {
    { "item.name", GEN_VALUE_TEXT, NULL },
};
static const gen_schema  inner = { inner_fields, 1 };

static const gen_field   outer_fields[] = {
    { "group.name", GEN_VALUE_TEXT, NULL },
    { "items", GEN_VALUE_LIST, &inner },
};
static const gen_schema  outer = { outer_fields, 2 };

static const gen_field   page_fields[] = {
    { "page.text", GEN_VALUE_TEXT, NULL },
    { "page.empty", GEN_VALUE_TEXT, NULL },
    { "page.html", GEN_VALUE_HTML, NULL },
    { "groups", GEN_VALUE_LIST, &outer },
    { "none", GEN_VALUE_LIST, &outer },
};
static const gen_schema  page = { page_fields, 5 };

static const gen_field   common_fields[] = {
    { "common.text", GEN_VALUE_TEXT, NULL },
};
static const gen_schema  common = { common_fields, 1 };


/* A theme in a folder of its own: base.html and page.html. */
typedef struct {
    char         folder[64];
    int          root;
    gen_arena    keep;
    gen_diags    diags;
    gen_theme    theme;
    gen_constant constants[1];
} bench;


static void
put(bench *b, const char *name, const char *text)
{
    bool  is_new;

    caplat_assert(gen_file_write(b->root, name, test_slice(text), 0,
                                 &is_new));
}


static void
open_bench(bench *b, const char *base, const char *body)
{
    *b = (bench) { .folder = "/tmp/caplat-theme-XXXXXX" };
    caplat_assert(mkdtemp(b->folder) != NULL);
    b->root = open(b->folder, O_RDONLY | O_DIRECTORY);
    put(b, "base.html", base);
    put(b, "page.html", body);
    put(b, "a.css", "b{}\n");
    put(b, "boot.js", "/* why */\n\n  go();\n/* long\n   comment */\n"
                      "  b = 1; /* c */\n");
    put(b, "part.html", "<c:page xmlns:c=\"urn:caplat:theme\">"
                        "<i>{common.text}</i></c:page>");
    b->constants[0] = (gen_constant) { CAPLAT_LIT("site.phone"),
                                       CAPLAT_LIT("1 & 2") };
    gen_theme_open(&b->theme, test_slice(b->folder), b->constants, 1,
                   &b->keep, &b->diags);
}


static void
close_bench(bench *b)
{
    static const char *const  names[] = {
        "base.html", "page.html", "a.css", "boot.js", "part.html",
    };

    for (size_t i = 0; i != 5; i++) {
        (void) unlinkat(b->root, names[i], 0);
    }

    (void) close(b->root);
    (void) rmdir(b->folder);
    gen_diags_close(&b->diags);
    gen_arena_close(&b->keep);
}


#define BASE                                                                  \
    "<html xmlns:c=\"urn:caplat:theme\">"                                     \
    "<body><c:slot name=\"main\"/></body></html>"

#define PAGE(x)                                                               \
    "<c:page xmlns:c=\"urn:caplat:theme\"><c:fill name=\"main\">" x           \
    "</c:fill></c:page>"


static void
render(const gen_template *template, gen_buf *out)
{
    gen_value  items[] = {
        gen_value_text(CAPLAT_LIT("一")), gen_value_text(CAPLAT_LIT("二")),
    };
    gen_value  groups[] = {
        gen_value_text(CAPLAT_LIT("甲")), gen_value_rows(items, 2),
        gen_value_text(CAPLAT_LIT("乙")), gen_value_rows(items + 1, 1),
    };
    gen_value  cells[] = {
        gen_value_text(CAPLAT_LIT("<a & \"b\">")), gen_value_flag(false),
        gen_value_text(CAPLAT_LIT("<b>x</b>")), gen_value_rows(groups, 2),
        gen_value_rows(NULL, 0),
    };
    gen_value  all[] = { gen_value_text(CAPLAT_LIT("c")) };

    gen_ops_render(template, all, cells, out);
}


static void
test_renders(void)
{
    static const struct {
        const char  *words;
        const char  *body;
        const char  *want;
    } cases[] = {
        { "text", PAGE("<p>{page.text}</p>"),
          "<p>&lt;a &amp; \"b\"&gt;</p>" },
        { "attribute", PAGE("<p title=\"{page.text}\">x</p>"),
          "<p title=\"&lt;a &amp; &quot;b&quot;&gt;\">x</p>" },
        { "url", PAGE("<a href=\"/{page.text}\">x</a>"),
          "<a href=\"/%3Ca%20&amp;%20%22b%22%3E\">x</a>" },
        { "schemes", PAGE("<a href=\"https://a.cn/?b:c\">x</a>"
                          "<a href=\"tel:+1\">x</a>"
                          "<a href=\"mailto:a@b\">x</a>"
                          "<a href=\"/a:b\">x</a>"
                          "<p data=\"javascript:\">x</p>"
                          "<link rel=\"icon\" href=\"data:,\"/>"),
          "<a href=\"https://a.cn/?b:c\">x</a><a href=\"tel:+1\">x</a>"
          "<a href=\"mailto:a@b\">x</a><a href=\"/a:b\">x</a>"
          "<p data=\"javascript:\">x</p>"
          "<link rel=\"icon\" href=\"data:,\">" },
        { "json", PAGE("<script type=\"application/ld+json\">"
                       "{\"n\":\"{page.text}\"}</script>"),
          "<script type=\"application/ld+json\">"
          "{\"n\":\"\\u003ca & \\\"b\\\">\"}</script>" },
        { "html", PAGE("<c:html value=\"page.html\"/>"), "<b>x</b>" },
        { "constant", PAGE("<p>{site.phone}</p>"), "<p>1 &amp; 2</p>" },
        { "if", PAGE("<c:if has=\"page.text\">y</c:if>"
                     "<c:if has=\"page.empty\">n</c:if>"
                     "<c:if not=\"page.empty\">e</c:if>"
                     "<c:if not=\"groups\">n</c:if>"), "ye" },
        { "lists", PAGE("<c:each of=\"groups\">{group.name}:"
                        "<c:each of=\"items\" sep=\",\">{item.name}"
                        "{group.name}</c:each>;</c:each>"
                        "<c:each of=\"none\">n</c:each>"),
          "甲:一甲,二甲;乙:二乙;" },
        { "optional", PAGE("<p c:id=\"page.empty\" c:title=\"common.text\""
                           ">x</p>"), "<p title=\"c\">x</p>" },
        { "void and bare", PAGE("<input hidden=\"\" value=\"a\"/><br/>"),
          "<input hidden value=\"a\"><br>" },
        { "part", PAGE("<c:part src=\"part.html\"/>"), "<i>c</i>" },
        { "blanks", PAGE("<b>a</b>\n   <b> c  d</b>"),
          "<b>a</b>\n<b> c  d</b>" },
        { "no form", PAGE("<p>{ x } {A} {a b}</p>"),
          "<p>{ x } {A} {a b}</p>" },
        { "inline", PAGE("<script><c:inline src=\"boot.js\"/></script>"),
          "<script>go();\nb = 1; /* c */\n</script>" },
    };

    for (size_t i = 0; i != sizeof(cases) / sizeof(cases[0]); i++) {
        bench         b;
        gen_template  template;
        gen_buf       out = { 0 };
        gen_buf       want = { 0 };

        open_bench(&b, BASE, cases[i].body);
        test_that(gen_theme_compile(&b.theme, "page", &common, &page,
                                    &template), cases[i].words);
        render(&template, &out);
        gen_buf_lit(&want, "<!DOCTYPE html>\n<html><body>");
        gen_buf_add(&want, test_slice(cases[i].want));
        gen_buf_lit(&want, "</body></html>\n");
        test_text(gen_buf_slice(&out), gen_buf_slice(&want), cases[i].words);

        gen_buf_close(&want);
        gen_buf_close(&out);
        gen_ops_close(&template);
        close_bench(&b);
    }
}


static void
test_refuses(void)
{
    static const struct {
        const char  *words;
        const char  *body;
        gen_code     code;
    } cases[] = {
        { "unknown value", PAGE("<p>{page.txt}</p>"), GEN_THEME_VALUE },
        { "row value outside", PAGE("<p>{item.name}</p>"), GEN_THEME_VALUE },
        { "unknown list", PAGE("<c:each of=\"x\">a</c:each>"),
          GEN_THEME_VALUE },
        { "text as list", PAGE("<c:each of=\"page.text\">a</c:each>"),
          GEN_THEME_VALUE },
        { "html as text", PAGE("<p>{page.html}</p>"), GEN_THEME_PLACE },
        { "text as html", PAGE("<c:html value=\"page.text\"/>"),
          GEN_THEME_PLACE },
        { "style", PAGE("<p style=\"color:red\">x</p>"), GEN_THEME_STYLE },
        { "handler", PAGE("<p onclick=\"x()\">x</p>"), GEN_THEME_STYLE },
        { "inline script", PAGE("<script>x()</script>"), GEN_THEME_SCRIPT },
        { "unknown element", PAGE("<c:loop/>"), GEN_THEME_ELEMENT },
        { "unknown part", PAGE("<c:part src=\"no.html\"/>"),
          GEN_THEME_FILE },
        { "unknown asset", PAGE("<p>{asset.no.css}</p>"), GEN_THEME_VALUE },
        { "unclosed", PAGE("<p>x"), GEN_THEME_XML },
        { "a page in an attribute", PAGE("<iframe srcdoc=\"x\"></iframe>"),
          GEN_THEME_ELEMENT },
        { "the same, when there is a value",
          PAGE("<iframe c:srcdoc=\"page.text\"></iframe>"),
          GEN_THEME_ELEMENT },
        { "a header", PAGE("<meta http-equiv=\"refresh\" content=\"0\"/>"),
          GEN_THEME_ELEMENT },
        { "a script as link", PAGE("<a href=\"javascript:x()\">x</a>"),
          GEN_THEME_PLACE },
        { "the same, in disguise",
          PAGE("<a href=\" Java&#9;Script:x()\">x</a>"), GEN_THEME_PLACE },
        { "a script as film", PAGE("<video poster=\"javascript:x\"/>"),
          GEN_THEME_PLACE },
        { "a script as object", PAGE("<object data=\"vbscript:x\"/>"),
          GEN_THEME_PLACE },
        { "a script as button",
          PAGE("<button formaction=\"javascript:x\"/>"), GEN_THEME_PLACE },
        { "data that is no icon", PAGE("<img src=\"data:,\"/>"),
          GEN_THEME_PLACE },
        { "an unknown entity", PAGE("<p>&nbsp;</p>"), GEN_THEME_XML },
        { "a doctype", "<!DOCTYPE html>" PAGE("<p>&nbsp;</p>"),
          GEN_THEME_XML },
        { "an entity of one's own",
          "<!DOCTYPE p [<!ENTITY e 'x'>]>" PAGE("<p>&e;</p>"),
          GEN_THEME_XML },
    };

    for (size_t i = 0; i != sizeof(cases) / sizeof(cases[0]); i++) {
        bench         b;
        gen_template  template;
        caplat_slice  printed;
        gen_buf       code = { 0 };

        open_bench(&b, BASE, cases[i].body);
        test_that(!gen_theme_compile(&b.theme, "page", &common, &page,
                                     &template), cases[i].words);

        printed = test_printed(&b.diags, 1, GEN_FORMAT_TEXT, GEN_LANG_EN,
                               false, &b.keep);
        gen_buf_lit(&code, "error E");
        gen_buf_uint(&code, (uint64_t) cases[i].code);
        test_that(memmem(printed.ptr, printed.len, code.data, code.len)
                  != NULL, cases[i].words);
        test_that(memmem(printed.ptr, printed.len, "page.html:1:", 12)
                  != NULL, cases[i].words);

        gen_buf_close(&code);
        gen_ops_close(&template);
        close_bench(&b);
    }
}


static void
test_assets(void)
{
    bench         b;
    gen_template  template;
    gen_buf       out = { 0 };

    open_bench(&b, BASE, PAGE("<p title=\"{integrity.a.css}\">"
                              "{asset.a.css}</p>"));
    test_that(gen_theme_compile(&b.theme, "page", &common, &page, &template),
              "assets");
    render(&template, &out);

    /* printf 'b{}\n' | sha256sum; the same, base64 */
    test_that(memmem(out.data, out.len, "/assets/", 8) != NULL, "url");
    test_that(memmem(out.data, out.len, "sha256-", 7) != NULL, "integrity");
    test_that(b.theme.assets[0].used && !b.theme.assets[1].used, "used");

    gen_buf_close(&out);
    gen_ops_close(&template);
    close_bench(&b);
}


/* Links to pages of our own are noted, others and those with values not. */
static void
test_links(void)
{
    bench                  b;
    gen_template           template;
    const gen_theme_link  *link;

    open_bench(&b, BASE, PAGE("<a href=\"/a/\">a</a>"
                              "<a href=\"#b\">b</a>"
                              "<a href=\"/{common.text}/\">c</a>"
                              "<p title=\"/d/\">d</p>"
                              "<form action=\"/e/\"></form>"));
    test_that(gen_theme_compile(&b.theme, "page", &common, &page, &template),
              "links");

    link = b.theme.links;
    caplat_assert(link != NULL && link->next != NULL);
    test_that(link->next->next == NULL, "two links");
    test_text(link->url, CAPLAT_LIT("/e/"), "the form's");
    test_text(link->next->url, CAPLAT_LIT("/a/"), "the link's");
    test_text(caplat_slice_of(link->next->source->text.ptr
                              + link->next->span.at, link->next->span.len),
              CAPLAT_LIT("/a/"), "where it stands");

    gen_ops_close(&template);
    close_bench(&b);
}


int
main(void)
{
    test_renders();
    test_refuses();
    test_assets();
    test_links();

    return test_done();
}
