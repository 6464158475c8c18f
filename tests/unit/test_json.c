#define _GNU_SOURCE                     /* pread */

#include "caplat_json.h"
#include "caplat_write.h"

#include "test.h"

#include <fcntl.h>
#include <unistd.h>


/* A text that is refused; `|` stands before the byte that `at` should name. */
typedef struct {
    const char   *text;
    caplat_code   code;
    const char   *words;
} refusal;


static const refusal  refusals[] = {
    { "|",                       CAPLAT_TRUNCATED,    "nothing" },
    { "  \n|",                   CAPLAT_TRUNCATED,    "blanks" },
    { "|[]",                     CAPLAT_NOT_ONE_OF,   "an array" },
    { " |1",                     CAPLAT_NOT_ONE_OF,   "a number" },
    { "|\"a\"",                  CAPLAT_NOT_ONE_OF,   "a string" },
    { "|\xef\xbb\xbf{}",         CAPLAT_NOT_ONE_OF,   "byte order mark" },
    { "{|",                      CAPLAT_TRUNCATED,    "unclosed" },
    { "{\"a\":1|",               CAPLAT_TRUNCATED,    "unclosed" },
    { "{\"a|",                   CAPLAT_TRUNCATED,    "unclosed string" },
    { "{\"a\\|",                 CAPLAT_TRUNCATED,    "unclosed escape" },
    { "{}{|",                    CAPLAT_TRAILING,     "two objects" },
    { "{} x|",                   CAPLAT_TRAILING,     "a word behind it" },
    { "{\"a\":1,\"a\"|:2}",      CAPLAT_TWICE,        "a member twice" },
    { "{\"a\":1,\"\\u0061\"|:2}", CAPLAT_TWICE,       "by its escape" },
    { "{\"a\":{\"b\":1,\"b\"|:2}}", CAPLAT_TWICE,     "twice, inside" },
    { "{\"a\":|-0}",             CAPLAT_NOT_A_NUMBER, "-0" },
    { "{\"a\":[1,|-0]}",         CAPLAT_NOT_A_NUMBER, "-0 in a list" },
    { "{\"a\":|-0",              CAPLAT_NOT_A_NUMBER, "-0 at the end" },
    { "{\"a\":9223372036854775808|}", CAPLAT_NOT_A_NUMBER, "2^63" },
    { "{\"a\":-9223372036854775809|}", CAPLAT_NOT_A_NUMBER, "-2^63-1" },
    { "{\"a\":1e309|}",          CAPLAT_NOT_A_NUMBER, "1e309" },
    { "{\"a\":01|}",             CAPLAT_UNKNOWN_KEY,  "a leading zero" },
    { "{\"a\":+|1}",             CAPLAT_UNKNOWN_KEY,  "a plus" },
    { "{\"a\":|NaN}",            CAPLAT_UNKNOWN_KEY,  "NaN" },
    { "{\"a\":1,}|",             CAPLAT_UNKNOWN_KEY,  "a comma behind" },
    { "{'|a':1}",                CAPLAT_UNKNOWN_KEY,  "single quotes" },
    { "{/|**/}",                 CAPLAT_UNKNOWN_KEY,  "a comment" },
    { "{\"a\":\"\xff|\"}",       CAPLAT_NOT_WORDS,    "not UTF-8" },
    { "{\"a\":\"\xc0|\x80\"}",   CAPLAT_NOT_WORDS,    "an overlong NUL" },
    { "{\"a\":\"\xed|\xa0\x80\"}", CAPLAT_NOT_WORDS,  "a raw surrogate" },
    { "{\"a\":\"\\ud800\"|}",    CAPLAT_NOT_WORDS,    "a high surrogate" },
    { "{\"a\":\"\\udc00\"|}",    CAPLAT_NOT_WORDS,    "a low surrogate" },
    { "{\"a\":\"\\ud800\\ud800\"|}", CAPLAT_NOT_WORDS, "two high ones" },
    { "{\"a\\u0000\"|:1}",       CAPLAT_NOT_WORDS,    "NUL in a name" },
    { "{\"a\":\"\n|\"}",         CAPLAT_UNKNOWN_KEY,  "a raw line feed" },
    { "{\"a\":{\"b\":[|1]}}",    CAPLAT_TOO_LARGE,    "a fourth level" },
    { "{\"a\":{\"b\":[|{}]}}",   CAPLAT_TOO_LARGE,    "an empty fourth" },
    { "{\"a\":{\"b\":{|\"c\":1}}}", CAPLAT_TOO_LARGE, "a fourth name" },
    { "{|[[[[[[[[",              CAPLAT_UNKNOWN_KEY,  "no name" },
    { "{\"a\":[[|[[[[[[",        CAPLAT_TOO_LARGE,    "deep before unclosed" },
};


#define DEPTH  3


/* Before the byte or behind it: an editor goes to the same place. */
static bool
is_near(size_t at, size_t mark)
{
    return at + 1 >= mark && at <= mark + 1;
}


static void
test_refusals(void)
{
    for (size_t i = 0; i < CAPLAT_COUNT(refusals); i++) {
        const refusal  *row = &refusals[i];
        char            text[64];
        size_t          len = 0;
        size_t          mark = 0;
        caplat_json    *object = NULL;
        caplat_err      err = { CAPLAT_OK, 0, NULL };

        for (const char *p = row->text; *p != '\0'; p++) {
            if (*p == '|') {
                mark = len;
            } else {
                text[len++] = *p;
            }
        }

        test_that(!caplat_json_open(caplat_slice_of(text, len), DEPTH,
                                    &object, &err), row->words);
        test_that(object == NULL, row->words);
        test_number(err.code, row->code, row->words);

        if (!test_that(is_near(err.at, mark), row->words)) {
            printf("    is %zu, should be near %zu\n", err.at, mark);
        }
    }
}


static const char *const  accepted[] = {
    "{}",
    " \t\r\n{ } \n",
    "{\"a\":{\"b\":1}}",
    "{\"a\":{\"b\":[]}}",
    "{\"a\":[[],{}]}",
    "{\"a\":9223372036854775807,\"b\":-9223372036854775808}",
    "{\"a\":-0.0,\"b\":-0e1,\"c\":-1,\"d\":0}",
    "{\"a\":\"-0\",\"-0\":\"[[[[{{{{\\\"[[[[\"}",
    "{\"a\":\"\\ud83d\\ude00 \\u0000 \xf0\x9f\x98\x80\"}",
    "{\"a\":null,\"b\":true,\"c\":false,\"A\":1}",
};


static void
test_accepted(void)
{
    for (size_t i = 0; i < CAPLAT_COUNT(accepted); i++) {
        caplat_json  *object = NULL;
        caplat_err    err;

        test_that(caplat_json_open(test_slice(accepted[i]), DEPTH, &object,
                                   &err), accepted[i]);
        caplat_json_close(object);
    }

    caplat_json_close(NULL);
}


static caplat_json *
open_text(const char *text)
{
    caplat_json  *object = NULL;
    caplat_err    err;

    (void) test_that(caplat_json_open(test_slice(text), CAPLAT_JSON_DEPTH_MAX,
                                      &object, &err), text);

    return object;
}


typedef struct {
    const char  *value;
    bool         string;                /* of 2 to 4 bytes */
    bool         integer;               /* of -5 to 5 */
} take;


static const take  takes[] = {
    { "\"ab\"",         true,  false },
    { "\"abcd\"",       true,  false },
    { "\"a\"",          false, false },
    { "\"abcde\"",      false, false },
    { "\"\"",           false, false },
    { "\"\xe7\x8e\x8b\"", true, false },
    { "\"a\\u0000b\"",  false, false },
    { "\"ab\\u0000\"",  false, false },
    { "\"a\\nb\"",      false, false },
    { "\"a\\u001fb\"",  false, false },
    { "\"a\\u007fb\"",  false, false },
    { "\"a b\"",        true,  false },
    { "\"~~\"",         true,  false },
    { "[\"ab\"]",       false, false },
    { "null",           false, false },
    { "true",           false, false },
    { "0",              false, true },
    { "5",              false, true },
    { "-5",             false, true },
    { "6",              false, false },
    { "-6",             false, false },
    { "1.0",            false, false },
    { "1e0",            false, false },
    { "-0.0",           false, false },
    { "\"1\"",          false, false },
    { "\"11\"",         true,  false },
};


static void
test_takes(void)
{
    for (size_t i = 0; i < CAPLAT_COUNT(takes); i++) {
        char           room[64];
        caplat_writer  w = caplat_writer_of(room, sizeof(room) - 1);
        caplat_slice   text = CAPLAT_LIT("as it was");
        int64_t        number = 77;

        caplat_put(&w, CAPLAT_LIT("{\"v\":"));
        caplat_put(&w, test_slice(takes[i].value));
        caplat_put(&w, CAPLAT_LIT("}"));
        room[w.len] = '\0';

        caplat_json  *object = open_text(room);

        test_that(caplat_json_string(object, "v", 2, 4, &text)
                  == takes[i].string, takes[i].value);
        test_that(caplat_json_integer(object, "v", -5, 5, &number)
                  == takes[i].integer, takes[i].value);
        test_that(takes[i].string
                  || caplat_slice_eq(text, CAPLAT_LIT("as it was")),
                  takes[i].value);
        test_that(takes[i].integer || number == 77, takes[i].value);
        test_that(!caplat_json_string(object, "w", 0, 9, &text), "absent");
        test_that(!caplat_json_integer(object, "w", 0, 9, &number),
                  "absent");
        caplat_json_close(object);
    }
}


/* As many members as are allowed, and one more. */
static void
test_members(void)
{
    for (size_t count = CAPLAT_JSON_MEMBERS_MAX;
         count <= CAPLAT_JSON_MEMBERS_MAX + 1; count++)
    {
        static char    room[16 * CAPLAT_JSON_MEMBERS_MAX];
        caplat_writer  w = caplat_writer_of(room, sizeof(room));
        caplat_json   *object = NULL;
        caplat_err     err = { CAPLAT_OK, 0, NULL };

        for (size_t i = 0; i < count; i++) {
            caplat_put(&w, i == 0 ? CAPLAT_LIT("{\"") : CAPLAT_LIT(",\""));
            caplat_put_number(&w, i);
            caplat_put(&w, CAPLAT_LIT("\":0"));
        }

        caplat_put(&w, CAPLAT_LIT("}"));

        test_that(caplat_json_open(caplat_written(&w), DEPTH, &object, &err)
                  == (count <= CAPLAT_JSON_MEMBERS_MAX), "members");
        test_number(err.code, count <= CAPLAT_JSON_MEMBERS_MAX
                              ? CAPLAT_OK : CAPLAT_TOO_LARGE, "members");
        test_number(caplat_json_members(object), object != NULL ? count : 0,
                    "members");
        caplat_json_close(object);
    }
}


/* `|` stands where the value begins that a path leads to. */
typedef struct {
    const char  *text;
    const char  *list;
    size_t       n;
    const char  *name;
} place;


static const place  places[] = {
    { "{\"keys\":[{\"x\":|1}]}",                   "keys", 0, "x" },
    { " { \"a\" : [1, {\"x\":2}] ,\"keys\" : [ 1 , {\"y\":[[]],\"x\" : |3}"
      " ] }",                                      "keys", 1, "x" },
    { "{\"keys\":[[1,2],{\"x\":\"]},{\"},{\"a\\\"x\":1,\"x\":|{}}]}",
      "keys", 2, "x" },
    { "{\"\\u006beys\":[1],\"keys\":[{\"x\":|1}]}", "keys", 0, "x" },
    { "{\"keys\":[{\"xx\":1,\"x\":|1}]}",          "keys", 0, "x" },
};


static void
test_places(void)
{
    for (size_t i = 0; i < CAPLAT_COUNT(places); i++) {
        const place   *row = &places[i];
        char           text[128];
        size_t         len = 0;
        size_t         mark = 0;
        size_t         at = 0;

        for (const char *p = row->text; *p != '\0'; p++) {
            if (*p == '|') {
                mark = len;
            } else {
                text[len++] = *p;
            }
        }

        caplat_slice  slice = caplat_slice_of(text, len);

        test_that(caplat_json_member_at(slice, 0, row->list, &at)
                  && caplat_json_item_at(slice, at, row->n, &at)
                  && caplat_json_member_at(slice, at, row->name, &at),
                  row->text);
        test_number(at, mark, row->text);
        at = 7;
        test_that(!caplat_json_member_at(slice, 0, "none", &at)
                  && !caplat_json_item_at(slice, 0, 0, &at) && at == 7,
                  row->text);
    }
}


/* Cut anywhere, a text leads nowhere, and not out of its bounds. */
static void
test_cut(void)
{
    for (size_t i = 0; i < CAPLAT_COUNT(places); i++) {
        caplat_slice  whole = test_slice(places[i].text);

        for (size_t len = 0; len < whole.len; len++) {
            char    text[128];
            size_t  at = 0;

            memcpy(text, whole.ptr, len);
            memset(text + len, '"', sizeof(text) - len);

            caplat_slice  cut = caplat_slice_of(text, len);

            if (caplat_json_member_at(cut, 0, "keys", &at)) {
                (void) test_that(at < len, "inside");
                (void) caplat_json_item_at(cut, at, 2, &at);
            }
        }
    }
}


/* A name is as long as it is written, whatever stands in it. */
static void
test_names(void)
{
    size_t  at = 7;

    test_that(!caplat_json_member_at(CAPLAT_LIT("{\"d\0e\":1}"), 0, "d", &at)
              && !caplat_json_member_at(CAPLAT_LIT("{\"d\":1}"), 0, "de", &at)
              && !caplat_json_member_at(CAPLAT_LIT("{\"de\":1}"), 0, "d", &at)
              && at == 7, "other names");
    test_that(caplat_json_member_at(CAPLAT_LIT("{\"\":1}"), 0, "", &at)
              && at == 4, "no name");
}


/* What is still there, by a read that ASan lets pass. */
static bool
is_still_at(uintptr_t address, caplat_slice text)
{
    char     bytes[32] = "";
    int      memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    ssize_t  n = pread(memory, bytes, text.len, (off_t) address);

    test_that(n == (ssize_t) text.len, "memory is read");
    (void) close(memory);

    return memcmp(bytes, text.ptr, text.len) == 0;
}


/* Secrets and their names, escapes too, do not outlive their document. */
static void
test_wipe(void)
{
    static const caplat_slice  secret = CAPLAT_INIT("oUpF8uMuAJO_M2pxb1Q9");

    caplat_json  *object;
    caplat_err    err;
    uintptr_t     address = 0;

    if (test_that(caplat_json_open(CAPLAT_LIT("{\"a\":[{\"openid\":"
                      "\"oUpF8uMu\\u0041JO_M2pxb1Q9\"}]}"), 4, &object, &err),
                  "a secret"))
    {
        caplat_slice  text = CAPLAT_LIT("");

        test_that(caplat_json_string(caplat_json_item(
                      caplat_json_get(object, "a"), 0), "openid", 1, 32,
                      &text), "a string");
        address = (uintptr_t) text.ptr;
        test_that(is_still_at(address, secret), "while it lives");
        caplat_json_wipe(object);
        test_that(!is_still_at(address, secret), "wiped");
    }

    caplat_json_wipe(NULL);
}


int
main(void)
{
    test_refusals();
    test_accepted();
    test_takes();
    test_members();
    test_places();
    test_cut();
    test_names();
    test_wipe();

    return test_done();
}
