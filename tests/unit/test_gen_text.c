#include "gen_text.h"

#include "gen_mem.h"
#include "test.h"


static void
test_valid(void)
{
    static const struct {
        const char  *text;
        long         bad_at;            /* -1: none */
    } cases[] = {
        { "",                       -1 },
        { "abc\n\tx\r\n",           -1 },
        { "锦州市 é 𠮷",            -1 },
        { "\xC2\x80",               -1 },
        { "\xF4\x8F\xBF\xBF",       -1 },
        { "a\x01",                  1 },
        { "a\x7F",                  1 },
        { "a\x80",                  1 },
        { "\xC1\xBF",               0 },    /* a long form */
        { "\xE0\x9F\xBF",           0 },
        { "\xF0\x8F\xBF\xBF",       0 },
        { "\xED\xA0\x80",           0 },    /* a surrogate */
        { "\xF4\x90\x80\x80",       0 },    /* above U+10FFFF */
        { "\xF5\x80\x80\x80",       0 },
        { "ok\xE9\x94",             2 },    /* cut off */
        { "ok\xC3",                 2 },
        { "ok\xF0\x9F\x98",         2 },
        { "锦\xE5",                 3 },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        size_t  bad_at = 99;
        bool    valid = gen_text_valid(test_slice(cases[i].text), &bad_at);

        test_number(valid, cases[i].bad_at < 0, cases[i].text);
        test_number(bad_at, valid ? 99 : cases[i].bad_at, cases[i].text);
    }
}


/* A fault is found wherever it is, also where text is passed in steps. */
static void
test_valid_offsets(void)
{
    static const char  faults[][4] = {
        "\x01", "\x7F", "\x80", "\xE9\x94", "\xE9\x94(", "\xED\xA0\x80",
        "\xE0\x9F\xBF", "\xC3"
    };
    static const char  han[] = "一二三四五六七八九十";
    static const char  mixed[] = "a一二，三四\nabcdefgh五";

    for (size_t i = 0; i < CAPLAT_COUNT(faults); i++) {
        for (size_t count = 0; count < 10; count++) {
            gen_buf  buf = { 0 };
            size_t   bad_at = 0;
            size_t   want;

            gen_buf_lit(&buf, mixed);
            gen_buf_add(&buf, caplat_slice_of(han, count * 3));
            want = buf.len;
            gen_buf_add(&buf, test_slice(faults[i]));
            gen_buf_lit(&buf, han);
            test_that(!gen_text_valid(gen_buf_slice(&buf), &bad_at), "bad");
            test_number(bad_at, want, "its place");
            test_that(gen_text_valid(caplat_slice_of(buf.data, want),
                                     &bad_at), "good before");
            gen_buf_close(&buf);
        }
    }
}


static void
test_walk(void)
{
    static const uint32_t  chars[] = { 'a', 0xE9, 0x9526, 0x20BB7, 0xFFFD };

    caplat_slice  text = CAPLAT_LIT("aé锦𠮷\xE9");
    size_t        at = 0;
    char          bytes[GEN_CHAR_LEN_MAX];

    for (size_t i = 0; i < CAPLAT_COUNT(chars); i++) {
        size_t  from = at;

        test_number(gen_text_peek(text, at), chars[i], "peek");
        test_number(gen_text_next(text, &at), chars[i], "next");
        test_number(gen_text_before(text, at), chars[i], "before");

        if (chars[i] != GEN_CHAR_BROKEN) {
            test_text(caplat_slice_of(bytes, gen_char_write(chars[i], bytes)),
                gen_text_part(text, from, at), "written again");
        }
    }

    test_number(at, text.len, "all of it");
    test_number(gen_text_peek(text, at), 0, "the end");
    test_number(gen_text_before(text, 0), 0, "the start");
    test_number(gen_text_count(text), 5, "count");
    test_number(gen_text_cells(CAPLAT_LIT("a锦，é“")), 7, "cells");
}


static void
test_kinds(void)
{
    static const uint32_t  han[] = {
        0x3007, 0x3400, 0x4E00, 0x9FFF, 0xF900, 0x20000
    };
    static const uint32_t  punct[] = {
        '!', '*', '~', 0xB7, 0x2014, 0x201C, 0x3001, 0x3010, 0xFF01, 0xFF0C,
        0xFF1F
    };
    static const uint32_t  neither[] = {
        'a', '0', ' ', 0x3000, 0x3006, 0x3042, 0xFF11, 0xFF21, 0xFFE5, 0xD7
    };

    for (size_t i = 0; i < CAPLAT_COUNT(han); i++) {
        test_that(gen_char_is_han(han[i]), "Han");
        test_that(!gen_char_is_punct(han[i]), "Han is no punctuation");
        test_number(gen_char_cells(han[i]), 2, "Han is wide");
    }

    for (size_t i = 0; i < CAPLAT_COUNT(punct); i++) {
        test_that(gen_char_is_punct(punct[i]), "punctuation");
        test_that(!gen_char_is_han(punct[i]), "punctuation is not Han");
    }

    for (size_t i = 0; i < CAPLAT_COUNT(neither); i++) {
        test_that(!gen_char_is_punct(neither[i]), "no punctuation");
        test_that(!gen_char_is_han(neither[i]), "not Han");
    }

    test_number(gen_char_cells(0x301), 0, "an accent");
    test_number(gen_char_cells(0x1F600), 2, "a face");
    test_that(gen_char_is_space(0x3000) && !gen_char_is_space('x'), "space");
}


static void
test_parts(void)
{
    caplat_slice  left = CAPLAT_LIT("?");
    caplat_slice  right = CAPLAT_LIT("?");
    size_t        at = 0;

    test_text(gen_text_trim(CAPLAT_LIT(" \t锦 州\r\n")), CAPLAT_LIT("锦 州"),
        "trim");
    test_text(gen_text_trim(CAPLAT_LIT("  ")), CAPLAT_LIT(""), "all blanks");
    test_that(gen_text_begins(CAPLAT_LIT("ab"), CAPLAT_LIT("a"))
              && !gen_text_begins(CAPLAT_LIT("a"), CAPLAT_LIT("ab")),
        "begins");
    test_that(gen_text_ends(CAPLAT_LIT("ab"), CAPLAT_LIT("b"))
              && !gen_text_ends(CAPLAT_LIT("b"), CAPLAT_LIT("ab")), "ends");

    test_that(gen_text_find(CAPLAT_LIT("aab"), CAPLAT_LIT("ab"), &at)
              && at == 1, "find goes on after half a match");
    test_that(!gen_text_find(CAPLAT_LIT("aa"), CAPLAT_LIT("ab"), &at)
              && !gen_text_find(CAPLAT_LIT("a"), CAPLAT_LIT(""), &at)
              && !gen_text_find(CAPLAT_LIT(""), CAPLAT_LIT("a"), &at),
        "nothing to find");

    test_that(!gen_text_cut(CAPLAT_LIT("ab"), CAPLAT_LIT("|"), &left, &right),
        "no cut");
    test_text(left, CAPLAT_LIT("?"), "no cut");
    test_that(gen_text_cut(CAPLAT_LIT("a | b | c"), CAPLAT_LIT(" | "), &left,
                  &right), "cut");
    test_text(left, CAPLAT_LIT("a"), "cut");
    test_text(right, CAPLAT_LIT("b | c"), "cut");
}


static void
test_lines(void)
{
    caplat_slice  text = CAPLAT_LIT("a\r\n\nb");
    caplat_slice  line;
    size_t        at = 0;

    test_that(gen_text_line(text, &at, &line), "first");
    test_text(line, CAPLAT_LIT("a"), "first");
    test_that(gen_text_line(text, &at, &line) && line.len == 0, "empty");
    test_that(gen_text_line(text, &at, &line), "last");
    test_text(line, CAPLAT_LIT("b"), "last");
    test_that(!gen_text_line(text, &at, &line), "the end");

    at = 0;
    text = CAPLAT_LIT(" a |b||");
    test_that(gen_text_item(text, '|', &at, &line), "first item");
    test_text(line, CAPLAT_LIT("a"), "first item");
    test_that(gen_text_item(text, '|', &at, &line), "second item");
    test_text(line, CAPLAT_LIT("b"), "second item");
    test_that(gen_text_item(text, '|', &at, &line) && line.len == 0, "third");
    test_that(gen_text_item(text, '|', &at, &line) && line.len == 0, "fourth");
    test_that(!gen_text_item(text, '|', &at, &line), "no fifth");
}


static void
test_words(void)
{
    uint64_t  value = 7;

    test_that(gen_text_is_id(CAPLAT_LIT("ca-list-2")), "an address");
    test_that(!gen_text_is_id(CAPLAT_LIT("")), "no address");
    test_that(!gen_text_is_id(CAPLAT_LIT("CA")), "upper case");
    test_that(!gen_text_is_id(CAPLAT_LIT("锦州")), "Han");

    test_that(gen_text_uint(CAPLAT_LIT("999"), 999, &value) && value == 999,
        "the most");
    test_that(!gen_text_uint(CAPLAT_LIT("1000"), 999, &value)
              && !gen_text_uint(CAPLAT_LIT("01"), 999, &value)
              && !gen_text_uint(CAPLAT_LIT("1x"), 999, &value)
              && !gen_text_uint(CAPLAT_LIT(""), 999, &value)
              && value == 999, "no numbers");
}


int
main(void)
{
    test_valid();
    test_valid_offsets();
    test_walk();
    test_kinds();
    test_parts();
    test_lines();
    test_words();

    return test_done();
}
