#include "gen_html.h"

#include "test.h"


typedef void (*escape)(gen_buf *buf, caplat_slice text);


static void
check(escape write, const char *text, const char *want)
{
    gen_buf  buf = { 0 };

    write(&buf, test_slice(text));
    test_text(gen_buf_slice(&buf), test_slice(want), text);
    gen_buf_close(&buf);
}


static void
test_places(void)
{
    static const struct {
        const char  *text;
        const char  *in_text;
        const char  *in_attribute;
        const char  *in_url;
        const char  *in_json;
    } cases[] = {
        { "", "", "", "", "" },
        { "plain", "plain", "plain", "plain", "plain" },
        { "锦州", "锦州", "锦州", "%E9%94%A6%E5%B7%9E", "锦州" },
        { "a<b>&\"'", "a&lt;b&gt;&amp;\"'", "a&lt;b&gt;&amp;&quot;'",
          "a%3Cb%3E&amp;%22%27", "a\\u003cb>&\\\"'" },
        { "</script>", "&lt;/script&gt;", "&lt;/script&gt;", "%3C/script%3E",
          "\\u003c/script>" },
        { "/a b?c=%20&d#e", "/a b?c=%20&amp;d#e", "/a b?c=%20&amp;d#e",
          "/a%20b?c=%20&amp;d#e", "/a b?c=%20&d#e" },
        { "\\\n\t\x1f", "\\\n\t\x1f", "\\\n\t\x1f", "%5C%0A%09%1F",
          "\\\\\\u000a\\u0009\\u001f" },
        { "[x]^`{|}~", "[x]^`{|}~", "[x]^`{|}~", "%5Bx%5D%5E%60%7B%7C%7D~",
          "[x]^`{|}~" },
        { "\x7f", "\x7f", "\x7f", "%7F", "\x7f" },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        check(gen_html_text, cases[i].text, cases[i].in_text);
        check(gen_html_attribute, cases[i].text, cases[i].in_attribute);
        check(gen_html_url, cases[i].text, cases[i].in_url);
        check(gen_html_json, cases[i].text, cases[i].in_json);
    }
}


/* No byte gets through a place in which it would end that place. */
static void
test_all_bytes(void)
{
    for (unsigned i = 0; i < 256; i++) {
        char          byte = (char) i;
        caplat_slice  one = caplat_slice_of(&byte, 1);
        gen_buf       buf = { 0 };
        bool          safe;

        gen_html_text(&buf, one);
        safe = memchr(buf.data, '<', buf.len) == NULL;
        buf.len = 0;
        gen_html_attribute(&buf, one);
        safe &= memchr(buf.data, '"', buf.len) == NULL;
        buf.len = 0;
        gen_html_url(&buf, one);
        safe &= memchr(buf.data, '"', buf.len) == NULL
                && memchr(buf.data, '<', buf.len) == NULL;
        buf.len = 0;
        gen_html_json(&buf, one);
        safe &= memchr(buf.data, '<', buf.len) == NULL
                && (buf.len > 1 || (i >= 0x20 && byte != '"'));
        test_number(safe, true, "a byte");
        gen_buf_close(&buf);
    }
}


/* Text is looked at in words of eight bytes: no place in them is missed. */
static void
test_all_offsets(void)
{
    static const struct {
        escape       write;
        const char  *entity;
        char         byte;
    } cases[] = {
        { gen_html_text, "&lt;", '<' },
        { gen_html_text, "&gt;", '>' },
        { gen_html_text, "&amp;", '&' },
        { gen_html_text, "\"", '"' },
        { gen_html_attribute, "&quot;", '"' },
        { gen_html_url, "%20", ' ' },
        { gen_html_url, "%7B", '{' },
        { gen_html_json, "\\\"", '"' },
        { gen_html_json, "\\\\", '\\' },
        { gen_html_json, "\\u001f", '\x1F' },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        for (size_t at = 0; at < 24; at++) {
            caplat_slice  entity = test_slice(cases[i].entity);
            gen_buf       buf = { 0 };
            char          text[24];

            memset(text, 'a', sizeof(text));
            text[at] = cases[i].byte;
            cases[i].write(&buf, caplat_slice_of(text, sizeof(text)));
            test_number(buf.len, sizeof(text) - 1 + entity.len, "length");
            test_text(caplat_slice_of(buf.data + at, entity.len), entity,
                cases[i].entity);
            gen_buf_close(&buf);
        }
    }
}


int
main(void)
{
    test_places();
    test_all_bytes();
    test_all_offsets();

    return test_done();
}
