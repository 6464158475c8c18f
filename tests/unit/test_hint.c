#include "caplat_hint.h"

#include "caplat_entry.h"

#include "test.h"


#define L63  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"


typedef struct {
    const char    *email;
    caplat_slice   hint;                /* empty: it is no address */
} row;


static const row  rows[] = {
    { "anna@example.cn",          CAPLAT_INIT("a***@e***.cn") },
    { "a@b.cn",                   CAPLAT_INIT("a***@b***.cn") },
    { "first.last@mail.corp.com.cn", CAPLAT_INIT("f***@m***.cn") },
    { "Anna+ca@Example.CN",       CAPLAT_INIT("A***@E***.CN") },
    { "1@163.com",                CAPLAT_INIT("1***@1***.com") },
    { "_@x-y.z",                  CAPLAT_INIT("_***@x***.z") },
    { ".@1.2",                    CAPLAT_INIT(".***@1***.2") },
    { "a@b." L63,                 CAPLAT_INIT("a***@b***." L63) },

    { "",                         CAPLAT_INIT("") },
    { "@",                        CAPLAT_INIT("") },
    { "anna",                     CAPLAT_INIT("") },
    { "anna@",                    CAPLAT_INIT("") },
    { "@example.cn",              CAPLAT_INIT("") },
};


/* The longest that may be must fit where records keep it. */
static void
test_row(const row *r)
{
    char           room[CAPLAT_HINT_LEN_MAX];
    caplat_writer  w = caplat_writer_of(room, sizeof(room));

    test_that((caplat_entry_email(test_slice(r->email)) == NULL)
              == (r->hint.len != 0), r->email);
    caplat_hint_email(test_slice(r->email), &w);
    test_text(caplat_written(&w), r->hint, r->email);
    test_that(!w.full, r->email);
}


/* It goes on where the writer stands, and a full one says so. */
static void
test_writer(void)
{
    char           room[14];
    caplat_writer  w = caplat_writer_of(room, sizeof(room));

    caplat_put(&w, CAPLAT_LIT("> "));
    caplat_hint_email(CAPLAT_LIT("anna@example.cn"), &w);
    test_text(caplat_written(&w), CAPLAT_LIT("> a***@e***.cn"), "behind");
    test_that(!w.full, "just room enough");

    w = caplat_writer_of(room, sizeof("a***@e***.cn") - 2);
    caplat_hint_email(CAPLAT_LIT("anna@example.cn"), &w);
    test_that(w.full, "a byte too few");
}


int
main(void)
{
    for (size_t i = 0; i < CAPLAT_COUNT(rows); i++) {
        test_row(&rows[i]);
    }

    test_writer();

    return test_done();
}
