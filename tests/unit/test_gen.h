/*
 * What tests of the generator share: sources from strings, and the problems
 * that were found as a text to compare.
 */

#ifndef TEST_GEN_H
#define TEST_GEN_H

#include "gen_diag.h"
#include "gen_text.h"

#include "test.h"


static inline gen_source
test_source(caplat_slice text)
{
    return (gen_source) { CAPLAT_LIT("t.md"), text, 0 };
}


/* What gen_diags_print() writes; lives in arena. */
static inline caplat_slice
test_printed(const gen_diags *diags, size_t count, gen_format format,
    gen_lang lang, bool strict, gen_arena *arena)
{
    FILE    *file = tmpfile();
    char    *text;
    size_t   len;

    caplat_assert(file != NULL);
    gen_diags_print(diags, count, format, lang, strict, file);
    len = (size_t) ftell(file);
    text = gen_arena_take(arena, len);
    rewind(file);
    caplat_assert(fread(text, 1, len, file) == len);
    (void) fclose(file);

    return caplat_slice_of(text, len);
}


/* All problems in order as "line:column:code", with a blank between them. */
static inline caplat_slice
test_problems(const gen_diags *diags, gen_arena *arena)
{
    caplat_slice  text = test_printed(diags, 1, GEN_FORMAT_TEXT, GEN_LANG_EN,
                                      false, arena);
    caplat_slice  line;
    caplat_slice  rest;
    caplat_slice  place;
    caplat_slice  code;
    gen_buf       buf = { 0 };
    size_t        at = 0;

    while (gen_text_line(text, &at, &line)) {
        if (!gen_text_begins(line, CAPLAT_LIT("t.md:"))) {
            continue;
        }

        rest = gen_text_part(line, sizeof("t.md:") - 1, line.len);
        caplat_assert(gen_text_cut(rest, CAPLAT_LIT(": "), &place, &rest)
                      && gen_text_cut(rest, CAPLAT_LIT(": "), &code, &rest)
                      && gen_text_cut(code, CAPLAT_LIT(" "), &line, &code));

        if (buf.len != 0) {
            gen_buf_byte(&buf, ' ');
        }

        gen_buf_add(&buf, place);
        gen_buf_byte(&buf, ':');
        gen_buf_add(&buf, code);
    }

    text = gen_arena_copy(arena, gen_buf_slice(&buf));
    gen_buf_close(&buf);

    return text;
}


#endif /* TEST_GEN_H */
