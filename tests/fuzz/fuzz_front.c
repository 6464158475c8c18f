/*
 * Any bytes as a content file: front matter and lint never read beside the
 * text, every value is where it says it is, and every problem can be printed.
 */

#include "gen_front.h"
#include "gen_lint.h"
#include "gen_text.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static void
check_value(const gen_source *source, const gen_front *front,
    caplat_slice value)
{
    gen_span  span;

    if (value.len != 0) {
        span = gen_front_span(front, value);
        caplat_assert(span.at + span.len <= source->text.len);
        caplat_assert(caplat_slice_eq(value,
                          gen_text_part(source->text, span.at,
                                        span.at + span.len)));
    }
}


static void
check_front(const gen_source *source, const gen_front *front, size_t body_at)
{
    caplat_assert(body_at <= source->text.len);
    check_value(source, front, front->title);
    check_value(source, front, front->summary);
    check_value(source, front, front->fee);
    check_value(source, front, front->until);

    for (size_t i = 0; i < front->links.count; i++) {
        check_value(source, front, front->links.items[i].label);
        check_value(source, front, front->links.items[i].url);
        check_value(source, front, front->links.items[i].words);
    }

    for (size_t i = 0; i < front->change_count; i++) {
        check_value(source, front, front->changes[i].date);
        check_value(source, front, front->changes[i].words);
    }
}


static void
print(const gen_diags *diags)
{
    static FILE  *null;

    if (null == NULL) {
        null = fopen("/dev/null", "w");
        caplat_assert(null != NULL);
    }

    gen_diags_print(diags, 1, GEN_FORMAT_TEXT, GEN_LANG_ZH, false, null);
    gen_diags_print(diags, 1, GEN_FORMAT_JSON, GEN_LANG_EN, true, null);
    gen_diags_print(diags, 1, GEN_FORMAT_GITHUB, GEN_LANG_ZH, false, null);
}


/* The first byte chooses the kind of file; at least one byte of text. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char  words[] = "登陆 = 登录\n锁 = CA 锁\napp = 应用\n";

    gen_arena      keep = { 0 };
    gen_diags      diags = { 0 };
    gen_terms      terms = { 0 };
    gen_reader     reader = { .keep = &keep, .diags = &diags,
                              .terms = &terms };
    gen_source     list = { CAPLAT_LIT("words.txt"), CAPLAT_LIT(words), 0 };
    gen_source     source = { .path = CAPLAT_LIT("t.md"), .order = 1 };
    gen_front      front = { 0 };
    gen_site_data  site = { 0 };
    size_t         body_at = 0;

    if (size < 2) {
        return 0;
    }

    source.text = caplat_slice_of((const char *) data + 1, size - 1);
    caplat_assert(gen_terms_read(&keep, &diags, &list, &terms));

    if (gen_front_read(&reader, &source, data[0] % 4, &front, &body_at)) {
        check_front(&source, &front, body_at);
        gen_lint_source(&reader, &source, data[0] % 4, body_at);
    }

    (void) gen_site_data_read(&keep, &diags, &source, &site);
    (void) gen_terms_read(&keep, &diags, &source, &terms);
    print(&diags);
    gen_diags_close(&diags);
    gen_arena_close(&keep);

    return 0;
}
