#include "caplat_params.h"

#include "test.h"


static char           room[8192];
static caplat_params  params;


static bool
reads(caplat_slice form)
{
    return caplat_params_read(form, room, &params);
}


static caplat_slice
content(void)
{
    static char  out[8192];

    caplat_writer  w = caplat_writer_of(out, sizeof(out));

    caplat_params_content(&params, &w);
    test_that(!w.full, "room");

    return caplat_written(&w);
}


static void
test_read(void)
{
    static const struct {
        const char  *form;
        const char  *content;           /* NULL: refused */
    } cases[] = {
        { "",                     "" },
        { "a=1",                  "a=1" },
        { "b=2&a=1",              "a=1&b=2" },
        { "aa=3&a=1&B=2&a_=4",    "B=2&a=1&a_=4&aa=3" },
        { "a=",                   "a=" },
        { "a=&b=",                "a=&b=" },
        { "a=b=c",                "a=b=c" },
        { "a=1+2%203%2B4",        "a=1 2 3+4" },
        { "a=%e6%96%B0",          "a=\xe6\x96\xb0" },
        { "a=%26b%3D%25",         "a=&b=%" },
        { "a",                    NULL },
        { "=1",                   NULL },
        { "&a=1",                 NULL },
        { "a=1&",                 NULL },
        { "a=1&&b=2",             NULL },
        { "a=1&a=2",              NULL },
        { "a=1&b=2&a=1",          NULL },
        { "a%62=1",               NULL },
        { "a+b=1",                NULL },
        { "a=%",                  NULL },
        { "a=%4",                 NULL },
        { "a=%zz",                NULL },
        { "a=%4g",                NULL },
        { "a=%g4",                NULL },
        { "a=%4&b=1",             NULL },
        { "a=%-1",                NULL },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        bool  read = reads(test_slice(cases[i].form));

        test_that(read == (cases[i].content != NULL), cases[i].form);

        if (read && cases[i].content != NULL) {
            test_text(content(), test_slice(cases[i].content), cases[i].form);
        }
    }

    test_that(reads(CAPLAT_LIT("a=%00")) && params.list[0].value.len == 1
              && params.list[0].value.ptr[0] == '\0', "NUL is a byte");
}


/* count parameters, with names of len bytes at least. */
static caplat_slice
many(size_t count, size_t len)
{
    static char  form[8192];

    caplat_writer  w = caplat_writer_of(form, sizeof(form));

    for (size_t i = 0; i < count; i++) {
        caplat_put(&w, i != 0 ? CAPLAT_LIT("&n") : CAPLAT_LIT("n"));
        caplat_put_number(&w, 100 + i);

        for (size_t j = 4; j < len; j++) {
            caplat_put(&w, CAPLAT_LIT("x"));
        }

        caplat_put(&w, CAPLAT_LIT("=1"));
    }

    test_that(!w.full, "room");

    return caplat_written(&w);
}


static void
test_limits(void)
{
    test_that(reads(many(CAPLAT_PARAMS_MAX, 4)), "as many as may be");
    test_that(!reads(many(CAPLAT_PARAMS_MAX + 1, 4)), "one more");
    test_that(reads(many(1, CAPLAT_PARAM_NAME_MAX)), "as long a name");
    test_that(!reads(many(1, CAPLAT_PARAM_NAME_MAX + 1)), "a byte more");
}


static void
test_get_and_take(void)
{
    test_that(reads(CAPLAT_LIT("c=3&a=1&b=2")), "three");
    test_text(caplat_params_get(&params, CAPLAT_LIT("b")), CAPLAT_LIT("2"),
              "got");
    test_text(caplat_params_get(&params, CAPLAT_LIT("d")), CAPLAT_LIT(""),
              "not there");
    test_text(caplat_params_take(&params, CAPLAT_LIT("d")), CAPLAT_LIT(""),
              "not there");
    test_text(caplat_params_take(&params, CAPLAT_LIT("b")), CAPLAT_LIT("2"),
              "taken");
    test_text(content(), CAPLAT_LIT("a=1&c=3"), "what is left");
    test_text(caplat_params_take(&params, CAPLAT_LIT("c")), CAPLAT_LIT("3"),
              "the last");
    test_text(content(), CAPLAT_LIT("a=1"), "what is left");
}


/* What is written is read as it was; every byte. */
static void
test_query(void)
{
    static char  out[8192];

    caplat_writer  w = caplat_writer_of(out, sizeof(out));
    char           bytes[256];

    for (size_t i = 0; i < sizeof(bytes); i++) {
        bytes[i] = (char) i;
    }

    params.count = 0;
    caplat_params_add(&params, CAPLAT_LIT("z"), CAPLAT_LIT("a b+c&d=e%~-._"));
    caplat_params_add(&params, CAPLAT_LIT("a"), CAPLAT_LIT("\xe6\x96\xb0/"));
    caplat_params_query(&params, &w);
    test_text(caplat_written(&w),
              CAPLAT_LIT("z=a%20b%2Bc%26d%3De%25~-._&a=%E6%96%B0%2F"),
              "a query, in its order");
    caplat_params_sort(&params);
    test_text(content(), CAPLAT_LIT("a=\xe6\x96\xb0/&z=a b+c&d=e%~-._"),
              "sorted");

    params.count = 0;
    caplat_params_add(&params, CAPLAT_LIT("all"),
                      caplat_slice_of(bytes, sizeof(bytes)));
    w.len = 0;
    caplat_params_query(&params, &w);
    test_that(reads(caplat_written(&w)), "read back");
    test_text(caplat_params_get(&params, CAPLAT_LIT("all")),
              caplat_slice_of(bytes, sizeof(bytes)), "every byte");
}


int
main(void)
{
    test_read();
    test_limits();
    test_get_and_take();
    test_query();

    return test_done();
}
