#include "caplat_write.h"

#include "caplat_problem.h"

#include "test.h"


static void
test_numbers(void)
{
    char           room[64];
    caplat_writer  w = caplat_writer_of(room, sizeof(room));

    caplat_put_number(&w, 0);
    caplat_put(&w, CAPLAT_LIT(" "));
    caplat_put_number(&w, UINT64_MAX);
    test_text(caplat_written(&w), CAPLAT_LIT("0 18446744073709551615"),
        "none and the most");
    test_that(!w.full, "all of it fits");
}


static void
test_strings(void)
{
    char           room[64];
    caplat_writer  w = caplat_writer_of(room, sizeof(room));

    caplat_put_string(&w, CAPLAT_LIT("\"a\\b\x01\n\0\xe9\x94\xa6\x7f"));
    test_text(caplat_written(&w),
        CAPLAT_LIT("\"\\\"a\\\\b\\u0001\\u000a\\u0000\xe9\x94\xa6\x7f\""),
        "escaped where JSON asks for it");

    w = caplat_writer_of(room, sizeof(room));
    caplat_put_word(&w, "ok");
    caplat_put_string(&w, CAPLAT_LIT(""));
    test_text(caplat_written(&w), CAPLAT_LIT("\"ok\"\"\""), "plain ones");
}


/* Each byte at each place of a text that is longer than two words. */
static void
test_bytes(void)
{
    enum { LEN = 19 };

    for (unsigned byte = 0; byte < 256; byte++) {
        bool    is_escaped = byte < 0x20 || byte == '"' || byte == '\\';
        size_t  more = byte < 0x20 ? 5 : is_escaped ? 1 : 0;

        for (size_t at = 0; at < LEN; at++) {
            char           text[LEN], room[64];
            caplat_writer  w = caplat_writer_of(room, sizeof(room));

            memset(text, at % 2 == 0 ? 'a' : (char) 0xff, sizeof(text));
            text[at] = (char) byte;
            caplat_put_string(&w, caplat_slice_of(text, sizeof(text)));

            test_that(w.len == 2 + LEN + more
                      && memcmp(room + 1, text, at) == 0
                      && memcmp(room + 1 + at + more + 1, text + at + 1,
                                LEN - at - 1) == 0
                      && (room[1 + at] == '\\') == is_escaped, "a byte");
        }
    }
}


static void
test_full(void)
{
    char           room[4];
    caplat_writer  w = caplat_writer_of(room, sizeof(room));

    caplat_put(&w, CAPLAT_LIT("abc"));
    caplat_put(&w, CAPLAT_LIT("de"));
    test_text(caplat_written(&w), CAPLAT_LIT("abc"), "dropped whole");
    test_that(w.full, "and said so");

    caplat_put(&w, CAPLAT_LIT("f"));
    test_text(caplat_written(&w), CAPLAT_LIT("abcf"), "to the last byte");
    test_that(w.full, "for ever");
}


static void
test_problems(void)
{
    for (size_t i = CAPLAT_NO_PROBLEM + 1; i < CAPLAT_PROBLEM_COUNT; i++) {
        caplat_problem  problem = (caplat_problem) i;

        test_number(caplat_problem_find(caplat_problem_name(problem)), i,
            "each has a name of its own");
        test_that(caplat_problem_status(problem) >= 400
                  && caplat_problem_status(problem) < 600, "is an error");
        test_that(caplat_problem_title(problem).len != 0, "has a title");

        caplat_slice  detail = caplat_problem_detail(problem);

        test_that(detail.len != 0 && detail.ptr[detail.len - 1] == '.',
                  "has a sentence");
    }

    test_number(caplat_problem_find(CAPLAT_LIT("token-expire")),
        CAPLAT_NO_PROBLEM, "a part of a name");
    test_that(caplat_problem_is_iana(CAPLAT_PROBLEM_DIGEST_INVALID)
              && !caplat_problem_is_iana(CAPLAT_PROBLEM_TOKEN_INVALID),
        "which are IANA's");
}


int
main(void)
{
    test_numbers();
    test_strings();
    test_bytes();
    test_full();
    test_problems();

    return test_done();
}
