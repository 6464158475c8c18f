#include "caplat_message.h"

#include "test.h"


static const caplat_header  headers[] = {
    { CAPLAT_INIT("Host"),   CAPLAT_INIT("ca.example.cn") },
    { CAPLAT_INIT("Accept"), CAPLAT_INIT("text/html") },
    { CAPLAT_INIT("accept"), CAPLAT_INIT("*/*") },
    { CAPLAT_INIT("X_[\\]"), CAPLAT_INIT("") },
    { CAPLAT_INIT(""),       CAPLAT_INIT("nameless") },
};


static const caplat_message  message = {
    .method = CAPLAT_INIT("GET"),
    .origin = CAPLAT_INIT("https://ca.example.cn:8443"),
    .target = CAPLAT_INIT("/v1/orders?limit=5?"),
    .headers = headers,
    .header_count = CAPLAT_COUNT(headers),
};


static void
test_headers(void)
{
    caplat_slice  value = CAPLAT_LIT("untouched");

    test_number(caplat_message_count(&message, CAPLAT_LIT("accept")), 2,
        "in any case");
    test_number(caplat_message_count(&message, CAPLAT_LIT("acc")), 0,
        "not of a prefix");
    test_number(caplat_message_count(&message, CAPLAT_LIT("accept-")), 0,
        "not of something longer");
    test_number(caplat_message_count(&message, CAPLAT_LIT("x_[\\]")), 1,
        "marks beside the letters");
    test_number(caplat_message_count(&message, CAPLAT_LIT("x_{|}")), 0,
        "which have no case");

    test_that(!caplat_message_header(&message, CAPLAT_LIT("origin"), &value),
        "none such");
    test_text(value, CAPLAT_LIT("untouched"), "nothing comes out");
    test_that(caplat_message_header(&message, CAPLAT_LIT("accept"), &value),
        "two of them");
    test_text(value, CAPLAT_LIT("text/html"), "the first");
    test_that(caplat_message_header(&message, CAPLAT_LIT("x_[\\]"), &value),
        "an empty one");
    test_number(value.len, 0, "is one");
}


static void
test_next(void)
{
    caplat_slice  value = CAPLAT_LIT("");
    size_t        at = 0;

    test_that(caplat_message_next(&message, CAPLAT_LIT("accept"), &at,
                                  &value), "one");
    test_text(value, CAPLAT_LIT("text/html"), "the first");
    test_that(caplat_message_next(&message, CAPLAT_LIT("accept"), &at,
                                  &value), "two");
    test_text(value, CAPLAT_LIT("*/*"), "the second");
    test_number(at, 3, "behind it");
    test_that(!caplat_message_next(&message, CAPLAT_LIT("accept"), &at,
                                   &value), "no more");
    test_text(value, CAPLAT_LIT("*/*"), "nothing comes out");
    test_number(at, 3, "and nothing moves");

    at = message.header_count;
    test_that(!caplat_message_next(&message, CAPLAT_LIT("accept"), &at,
                                   &value), "behind the last");
}


static void
test_targets(void)
{
    static const struct {
        caplat_slice  target;
        caplat_slice  path;
        caplat_slice  query;
    } cases[] = {
        { CAPLAT_INIT("/"),         CAPLAT_INIT("/"),    CAPLAT_INIT("") },
        { CAPLAT_INIT("/a?"),       CAPLAT_INIT("/a"),   CAPLAT_INIT("?") },
        { CAPLAT_INIT("/a?b=c"),    CAPLAT_INIT("/a"),
          CAPLAT_INIT("?b=c") },
        { CAPLAT_INIT("/a?b?c"),    CAPLAT_INIT("/a"),
          CAPLAT_INIT("?b?c") },
        { CAPLAT_INIT("?b"),        CAPLAT_INIT(""),     CAPLAT_INIT("?b") },
        { CAPLAT_INIT("/%e8%3F?%e8"), CAPLAT_INIT("/%e8%3F"),
          CAPLAT_INIT("?%e8") },
        { { NULL, 0 },              CAPLAT_INIT(""),     CAPLAT_INIT("") },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        caplat_message  other = { .target = cases[i].target };

        test_text(caplat_message_path(&other), cases[i].path, "path");
        test_text(caplat_message_query(&other), cases[i].query, "query");
    }
}


static void
test_origin(void)
{
    caplat_message  plain = { .origin = CAPLAT_LIT("http://[::1]:80") };

    test_text(caplat_message_scheme(&message), CAPLAT_LIT("https"),
        "scheme");
    test_text(caplat_message_authority(&message),
        CAPLAT_LIT("ca.example.cn:8443"), "authority");
    test_text(caplat_message_scheme(&plain), CAPLAT_LIT("http"), "scheme");
    test_text(caplat_message_authority(&plain), CAPLAT_LIT("[::1]:80"),
        "colons in the authority");
}


static void
test_nothing(void)
{
    caplat_message  none = { .header_count = 0 };
    caplat_slice    value;

    test_number(caplat_message_count(&none, CAPLAT_LIT("host")), 0,
        "no fields at all");
    test_that(!caplat_message_header(&none, CAPLAT_LIT("host"), &value),
        "no fields at all");
}


int
main(void)
{
    test_headers();
    test_next();
    test_targets();
    test_origin();
    test_nothing();

    return test_done();
}
