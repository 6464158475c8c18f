#include "caplat_err.h"

#include "test.h"


static void
test_fail(void)
{
    caplat_err  err = { CAPLAT_OK, 0, "" };

    test_that(!caplat_fail(&err, CAPLAT_DUPLICATE, 7, "add"), "always false");
    test_number(err.code, CAPLAT_DUPLICATE, "code");
    test_number(err.at, 7, "at");
    test_text(test_slice(err.what), CAPLAT_LIT("add"), "what");
}


/* Names go into URLs and answers: they must differ and look like names. */
static void
test_names(void)
{
    test_text(test_slice(caplat_code_name(CAPLAT_OK)), CAPLAT_LIT("ok"),
        "no fault");
    test_text(test_slice(caplat_code_name(CAPLAT_VENDOR_NOT_SERVED)),
        CAPLAT_LIT("certificate-unsupported-hardware"), "a refusal");
    test_number(caplat_code_status(CAPLAT_OK), 200, "no fault");
    test_number(caplat_code_status(CAPLAT_TRUNCATED), 400, "bad text");
    test_number(caplat_code_status(CAPLAT_PLATFORM_PAUSED), 422, "a refusal");

    for (caplat_code code = CAPLAT_OK; code < CAPLAT_CODES; code++) {
        caplat_slice  name = test_slice(caplat_code_name(code));

        for (size_t i = 0; i < name.len; i++) {
            test_that((name.ptr[i] >= 'a' && name.ptr[i] <= 'z')
                      || name.ptr[i] == '-', name.ptr);
        }

        for (caplat_code other = CAPLAT_OK; other < code; other++) {
            test_that(!caplat_slice_eq(name,
                          test_slice(caplat_code_name(other))), name.ptr);
        }
    }
}


static void
test_locate(void)
{
    static const char  text[] = "ab\n沈阳x\n\n";
    static const struct {
        size_t  at;
        size_t  line;
        size_t  col;
    } cases[] = {
        { 0,  1, 1 }, { 2,  1, 3 },     /* the LF ends its line */
        { 3,  2, 1 }, { 6,  2, 2 }, { 9,  2, 3 }, { 10, 2, 4 },
        { 4,  2, 2 },                   /* inside a character: behind it */
        { 11, 3, 1 }, { 12, 4, 1 },     /* the end of the text */
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        size_t  line;
        size_t  col;

        caplat_locate(caplat_slice_of(text, sizeof(text) - 1), cases[i].at,
            &line, &col);
        test_number(line, cases[i].line, "line");
        test_number(col, cases[i].col, "column");
    }
}


int
main(void)
{
    test_fail();
    test_names();
    test_locate();

    return test_done();
}
