#include "caplat_registry.h"

#include "test.h"

#include <stdlib.h>


/* A holder of a registry, piece by piece, as faults replace them. */
#define ID      "\"id\":\"a-1\","
#define LABEL   "\"label\":\"项目负责人\","
#define SUBJECT "\"subject\":\"u-1\","
#define NAME    "\"name\":\"王某某\","
#define ROLE    "\"role\":\"manager\","
#define ORG     "\"org\":{\"id\":\"91210100XX0000019C\",\"name\":\"某某\","   \
                "\"city\":\"210100\"},"
#define CERT    "{\"sn\":\"S1\",\"ca\":\"CFCA\",\"lock\":\"project_leader\","  \
                "\"exp\":1800000000,\"hold\":\"王某某\",\"plat\":[\"dalian\"]}"
#define CERTS   "\"certs\":[" CERT "]"
#define TLS     ",\"tls\":[{\"issuer\":\"CN=某某 CA\",\"serial\":\"0A1B\"}]"
#define BEFORE  "{\"holders\":[{"
#define AFTER   "}]}"
#define NAMED   ID LABEL SUBJECT NAME ROLE
#define WHOLE   BEFORE NAMED ORG CERTS TLS AFTER


/* What is wrong; `at` is where `mark` first stands in the text. */
typedef struct {
    const char   *words;
    const char   *text;
    caplat_code   code;
    const char   *mark;
    const char   *what;
} fault;


static const fault  faults[] = {
    { "nothing", "", CAPLAT_TRUNCATED, "", NULL },
    { "a list", "[]", CAPLAT_NOT_ONE_OF, "[", NULL },
    { "nothing behind it", WHOLE "x", CAPLAT_TRAILING, NULL, NULL },
    { "no holders", "{}", CAPLAT_MISSING_KEY, "{", "holders" },
    { "more than holders", "{\"holders\":[{}],\"v\":1}", CAPLAT_UNKNOWN_KEY,
      "{", "holders" },
    { "no list", "{\"holders\":{}}", CAPLAT_NOT_ONE_OF, "{}", "holders" },
    { "no holder", "{\"holders\":[]}", CAPLAT_NOT_ONE_OF, "[]", "holders" },
    { "a number for a holder", "{\"holders\":[7]}", CAPLAT_NOT_ONE_OF, "7",
      "holders" },
    { "too deep", "{\"holders\":[[[[[[[[1]]]]]]]]}", CAPLAT_TOO_LARGE, NULL,
      NULL },
    { "a member twice", "{\"holders\":[{\"id\":\"a\",\"id\":\"a\"}]}",
      CAPLAT_TWICE, NULL, NULL },

    { "no id", BEFORE LABEL SUBJECT ROLE ORG CERTS AFTER, CAPLAT_MISSING_KEY,
      "{\"label", "id" },
    { "no label", BEFORE ID SUBJECT ROLE ORG CERTS AFTER, CAPLAT_MISSING_KEY,
      "{\"id", "label" },
    { "no subject", BEFORE ID LABEL ROLE ORG CERTS AFTER, CAPLAT_MISSING_KEY,
      "{\"id", "subject" },
    { "no role", BEFORE ID LABEL SUBJECT ORG CERTS AFTER, CAPLAT_MISSING_KEY,
      "{\"id", "role" },
    { "no org", BEFORE NAMED CERTS AFTER, CAPLAT_MISSING_KEY, "{\"id",
      "org" },
    { "no certs", BEFORE NAMED "\"org\":{}" AFTER, CAPLAT_MISSING_KEY,
      "{\"id", "certs" },
    { "a word mistyped", BEFORE NAMED ORG CERTS ",\"lable\":\"?\"" AFTER,
      CAPLAT_UNKNOWN_KEY, "\"?\"", "a member" },

    { "an id with a capital",
      BEFORE "\"id\":\"A\"," LABEL SUBJECT ROLE ORG CERTS AFTER,
      CAPLAT_NOT_A_NAME, "\"A\"", "id" },
    { "a label that is none",
      BEFORE ID "\"label\":\"\"," SUBJECT ROLE ORG CERTS AFTER,
      CAPLAT_NOT_WORDS, "\"\"", "label" },
    { "a label of two lines",
      BEFORE ID "\"label\":\"a\\nb\"," SUBJECT ROLE ORG CERTS AFTER,
      CAPLAT_NOT_WORDS, "\"a\\n", "label" },
    { "a subject that is a number",
      BEFORE ID LABEL "\"subject\":12," ROLE ORG CERTS AFTER,
      CAPLAT_NOT_WORDS, "12,", "subject" },
    { "another role", BEFORE ID LABEL SUBJECT "\"role\":\"admin\"," ORG CERTS
      AFTER, CAPLAT_NOT_ONE_OF, "\"admin\"", "role" },
    { "a role that is none", BEFORE ID LABEL SUBJECT "\"role\":null," ORG
      CERTS AFTER, CAPLAT_NOT_ONE_OF, "null", "role" },

    { "an org that is none", BEFORE NAMED "\"org\":\"x\"," CERTS AFTER,
      CAPLAT_NOT_ONE_OF, "\"x\"", "org" },
    { "a code of 17", BEFORE NAMED "\"org\":{\"id\":\"91210100XX0000019\","
      "\"name\":\"x\",\"city\":\"210100\"}," CERTS AFTER, CAPLAT_NOT_A_NAME,
      "\"9121", "id" },
    { "a code in lower case", BEFORE NAMED
      "\"org\":{\"id\":\"91210100xx0000019C\",\"name\":\"x\","
      "\"city\":\"210100\"}," CERTS AFTER, CAPLAT_NOT_A_NAME, "\"9121",
      "id" },
    { "a city by name", BEFORE NAMED "\"org\":{\"id\":\"91210100XX0000019C\","
      "\"name\":\"x\",\"city\":\"沈阳市\"}," CERTS AFTER,
      CAPLAT_NOT_A_REGION, "\"沈阳市\"", "city" },
    { "a city as a number", BEFORE NAMED
      "\"org\":{\"id\":\"91210100XX0000019C\",\"name\":\"x\","
      "\"city\":210200}," CERTS AFTER, CAPLAT_NOT_A_REGION, "210200",
      "city" },

    { "no certificate", BEFORE NAMED ORG "\"certs\":[]" AFTER,
      CAPLAT_NOT_ONE_OF, "[]", "certs" },
    { "nine", BEFORE NAMED ORG "\"certs\":[1,2,3,4,5,6,7,8,9]" AFTER,
      CAPLAT_TOO_MANY, "[1", "certs" },
    { "one that is none", BEFORE NAMED ORG "\"certs\":[" CERT ",5]" AFTER,
      CAPLAT_NOT_ONE_OF, "5]", "certs" },
    { "one twice", BEFORE NAMED ORG "\"certs\":[" CERT ", " CERT "]" AFTER,
      CAPLAT_TWICE, NULL, "sn" },
    { "no end", BEFORE NAMED ORG
      "\"certs\":[{\"sn\":\"S\",\"ca\":\"C\",\"lock\":\"l\",\"plat\":[]}]"
      AFTER, CAPLAT_MISSING_KEY, "{\"sn", "exp" },
    { "two ends", BEFORE NAMED ORG
      "\"certs\":[{\"sn\":\"S\",\"ca\":\"C\",\"lock\":\"l\",\"plat\":[],"
      "\"exp\":1,\"exp_days\":77}]" AFTER, CAPLAT_TWICE, "77", "exp_days" },
    { "an end that is no number", BEFORE NAMED ORG
      "\"certs\":[{\"sn\":\"S\",\"ca\":\"C\",\"lock\":\"l\",\"plat\":[],"
      "\"exp\":1.5}]" AFTER, CAPLAT_NOT_A_NUMBER, "1.5", "exp" },
    { "an end in a hundred years", BEFORE NAMED ORG
      "\"certs\":[{\"sn\":\"S\",\"ca\":\"C\",\"lock\":\"l\",\"plat\":[],"
      "\"exp_days\":36501}]" AFTER, CAPLAT_NOT_A_NUMBER, "36501",
      "exp_days" },
    { "a platform's name", BEFORE NAMED ORG
      "\"certs\":[{\"sn\":\"S\",\"ca\":\"C\",\"lock\":\"l\",\"exp\":1,"
      "\"plat\":[\"大连\"]}]" AFTER, CAPLAT_NOT_A_NAME, "[\"大连", "plat" },
    { "a platform twice", BEFORE NAMED ORG
      "\"certs\":[{\"sn\":\"S\",\"ca\":\"C\",\"lock\":\"l\",\"exp\":1,"
      "\"plat\":[\"dalian\",\"dalian\"]}]" AFTER, CAPLAT_TWICE, "[\"dalian",
      "plat" },
    { "platforms as words", BEFORE NAMED ORG
      "\"certs\":[{\"sn\":\"S\",\"ca\":\"C\",\"lock\":\"l\",\"exp\":1,"
      "\"plat\":\"dalian\"}]" AFTER, CAPLAT_NOT_ONE_OF, "\"dalian", "plat" },

    { "no client certificate", BEFORE NAMED ORG CERTS ",\"tls\":[]" AFTER,
      CAPLAT_NOT_ONE_OF, "[]", "tls" },
    { "a serial in lower case", BEFORE NAMED ORG CERTS
      ",\"tls\":[{\"issuer\":\"CN=x\",\"serial\":\"0a\"}]" AFTER,
      CAPLAT_NOT_A_NUMBER, "\"0a", "serial" },
    { "half a byte of a serial", BEFORE NAMED ORG CERTS
      ",\"tls\":[{\"issuer\":\"CN=x\",\"serial\":\"0A1\"}]" AFTER,
      CAPLAT_NOT_A_NUMBER, "\"0A1", "serial" },
    { "no issuer", BEFORE NAMED ORG CERTS ",\"tls\":[{\"serial\":\"0A\"}]"
      AFTER, CAPLAT_MISSING_KEY, "{\"serial", "issuer" },
    { "a client certificate twice", BEFORE NAMED ORG CERTS
      ",\"tls\":[{\"issuer\":\"x\",\"serial\":\"0A\"},"
      "{\"issuer\":\"x\",\"serial\":\"0A\"}]" AFTER, CAPLAT_TWICE, NULL,
      "serial" },
    { "an id of two", BEFORE NAMED ORG CERTS "},{" NAMED ORG CERTS AFTER,
      CAPLAT_TWICE, NULL, "id" },
};


/* Where `mark` first stands, else the text's end. */
static size_t
place_of(caplat_slice text, caplat_slice mark)
{
    size_t  at = 0;

    while (at + mark.len <= text.len
           && memcmp(text.ptr + at, mark.ptr, mark.len) != 0)
    {
        at++;
    }

    return at;
}


static void
test_faults(void)
{
    for (size_t i = 0; i < CAPLAT_COUNT(faults); i++) {
        const fault      *f = &faults[i];
        caplat_slice      text = test_slice(f->text);
        caplat_registry  *registry = NULL;
        caplat_err        err = { CAPLAT_OK, 0, "" };

        test_that(!caplat_registry_read(text, &registry, &err)
                  && registry == NULL, f->words);
        test_text(test_slice(caplat_code_name(err.code)),
                  test_slice(caplat_code_name(f->code)), f->words);
        test_that(err.at <= text.len, f->words);

        if (f->mark != NULL) {
            test_number(err.at, place_of(text, test_slice(f->mark)),
                        f->words);
        }

        if (f->what != NULL) {
            test_text(test_slice(err.what), test_slice(f->what), f->words);
        }
    }
}


static caplat_registry *
read_or_die(const char *text)
{
    caplat_registry  *registry = NULL;
    caplat_err        err = { CAPLAT_OK, 0, "" };

    if (!caplat_registry_read(test_slice(text), &registry, &err)) {
        printf("%s at %zu: %s\n", err.what, err.at,
               caplat_code_name(err.code));
        exit(1);
    }

    return registry;
}


static void
expect_claims(const caplat_holder *holder, int64_t now, const char *want)
{
    char           room[CAPLAT_HOLDER_CLAIMS_MAX];
    caplat_writer  w = caplat_writer_of(room, sizeof(room));

    caplat_holder_claims(holder, now, &w);
    test_that(!w.full, want);
    test_text(caplat_written(&w), test_slice(want), "claims");
}


static void
test_whole(void)
{
    caplat_registry      *registry = read_or_die(WHOLE);
    const caplat_holder  *holder = caplat_registry_at(registry, 0);
    char                  room[CAPLAT_HOLDER_LEN_MAX];
    caplat_writer         w = caplat_writer_of(room, sizeof(room));

    test_number(caplat_registry_count(registry), 1, "one holder");
    test_that(caplat_registry_holder(registry, CAPLAT_LIT("a-1")) == holder,
              "found");
    test_that(caplat_registry_holder(registry, CAPLAT_LIT("a-2")) == NULL
              && caplat_registry_holder(registry, CAPLAT_LIT("")) == NULL,
              "not found");

    caplat_holder_write(holder, &w);
    test_text(caplat_written(&w),
              CAPLAT_LIT("{\"id\":\"a-1\",\"label\":\"项目负责人\","
                         "\"role\":\"manager\",\"enterprise\":\"某某\"}"),
              "for who chooses");
    expect_claims(holder, 5,
                  "\"sub\":\"u-1\",\"roles\":[\"manager\"],"
                  "\"org\":{\"id\":\"91210100XX0000019C\",\"name\":\"某某\","
                  "\"city\":\"210100\"},\"certs\":[{\"sn\":\"S1\","
                  "\"ca\":\"CFCA\",\"lock\":\"project_leader\","
                  "\"exp\":1800000000,\"hold\":\"王某某\","
                  "\"plat\":[\"dalian\"]}],\"name\":\"王某某\"");
    caplat_registry_close(registry);
}


/* Days from now, both ways, and no moment before the first. */
static void
test_days(void)
{
    static const char  text[] =
        BEFORE ID LABEL SUBJECT "\"role\":\"individual\"," ORG "\"certs\":["
        "{\"sn\":\"1\",\"ca\":\"C\",\"lock\":\"l\",\"exp_days\":80,"
        "\"plat\":[]},{\"sn\":\"2\",\"ca\":\"C\",\"lock\":\"l\","
        "\"hw\":\"zhongfu\",\"exp_days\":-3,\"plat\":[\"a\",\"b\"]}]" AFTER;

    caplat_registry      *registry = read_or_die(text);
    const caplat_holder  *holder = caplat_registry_at(registry, 0);

    expect_claims(holder, 1800000000,
                  "\"sub\":\"u-1\",\"roles\":[\"individual\"],"
                  "\"org\":{\"id\":\"91210100XX0000019C\",\"name\":\"某某\","
                  "\"city\":\"210100\"},\"certs\":[{\"sn\":\"1\","
                  "\"ca\":\"C\",\"lock\":\"l\",\"exp\":1806912000,"
                  "\"plat\":[]},{\"sn\":\"2\",\"ca\":\"C\",\"lock\":\"l\","
                  "\"hw\":\"zhongfu\",\"exp\":1799740800,"
                  "\"plat\":[\"a\",\"b\"]}]");
    expect_claims(holder, 5,
                  "\"sub\":\"u-1\",\"roles\":[\"individual\"],"
                  "\"org\":{\"id\":\"91210100XX0000019C\",\"name\":\"某某\","
                  "\"city\":\"210100\"},\"certs\":[{\"sn\":\"1\","
                  "\"ca\":\"C\",\"lock\":\"l\",\"exp\":6912005,"
                  "\"plat\":[]},{\"sn\":\"2\",\"ca\":\"C\",\"lock\":\"l\","
                  "\"hw\":\"zhongfu\",\"exp\":1,\"plat\":[\"a\",\"b\"]}]");
    caplat_registry_close(registry);
}


/* Two holders of one client certificate, and one of two. */
static void
test_tls(void)
{
    static const char  text[] =
        BEFORE "\"id\":\"z\"," LABEL SUBJECT ROLE ORG CERTS
        ",\"tls\":[{\"issuer\":\"CN=A\",\"serial\":\"0A\"},"
        "{\"issuer\":\"CN=B\",\"serial\":\"0A\"}]},{"
        "\"id\":\"b\"," LABEL SUBJECT ROLE ORG CERTS "},{"
        "\"id\":\"a\"," LABEL SUBJECT ROLE ORG CERTS
        ",\"tls\":[{\"issuer\":\"CN=A\",\"serial\":\"0A\"}]" AFTER;

    caplat_registry      *registry = read_or_die(text);
    const caplat_holder  *z = caplat_registry_at(registry, 0);
    const caplat_holder  *a = caplat_registry_at(registry, 2);
    caplat_slice          issuer_a = CAPLAT_LIT("CN=A");
    caplat_slice          issuer_b = CAPLAT_LIT("CN=B");
    caplat_slice          serial = CAPLAT_LIT("0A");

    test_that(caplat_registry_tls(registry, issuer_a, serial, 0) == z,
              "the first, in the file's order");
    test_that(caplat_registry_tls(registry, issuer_a, serial, 1) == a,
              "the second");
    test_that(caplat_registry_tls(registry, issuer_a, serial, 2) == NULL,
              "no third");
    test_that(caplat_registry_tls(registry, issuer_b, serial, 0) == z,
              "another issuer's");
    test_that(caplat_registry_tls(registry, issuer_b, serial, 1) == NULL,
              "which has one holder");
    test_that(caplat_registry_tls(registry, CAPLAT_LIT("CN=C"), serial, 0)
                  == NULL, "a foreign issuer");
    test_that(caplat_registry_tls(registry, issuer_a, CAPLAT_LIT("0B"), 0)
                  == NULL, "a foreign serial");
    test_that(caplat_registry_tls(registry, issuer_a, CAPLAT_LIT(""), 0)
                  == NULL, "none");
    test_that(caplat_registry_holder(registry, CAPLAT_LIT("z")) == z
              && caplat_registry_holder(registry, CAPLAT_LIT("a")) == a
              && caplat_registry_holder(registry, CAPLAT_LIT("b")) != NULL,
              "by id");
    caplat_registry_close(registry);
}


/* Claims that no token can hold: certificates with all that they may have. */
static void
test_large(void)
{
    static char       text[20000];
    caplat_writer     w = caplat_writer_of(text, sizeof(text));
    caplat_registry  *registry = NULL;
    caplat_err        err = { CAPLAT_OK, 0, "" };

    caplat_put(&w, CAPLAT_LIT(BEFORE NAMED ORG "\"certs\":["));

    for (unsigned i = 0; i < 8; i++) {
        caplat_put(&w, i == 0 ? CAPLAT_LIT("{\"sn\":\"")
                              : CAPLAT_LIT(",{\"sn\":\""));
        caplat_put_number(&w, i);
        caplat_put(&w, CAPLAT_LIT("\",\"ca\":\"C\",\"lock\":\"l\",\"exp\":1,"
                                  "\"plat\":["));

        for (unsigned j = 0; j < 64; j++) {
            caplat_put(&w, j == 0 ? CAPLAT_LIT("\"a-platform-")
                                  : CAPLAT_LIT(",\"a-platform-"));
            caplat_put_number(&w, j);
            caplat_put(&w, CAPLAT_LIT("\""));
        }

        caplat_put(&w, CAPLAT_LIT("]}"));
    }

    caplat_put(&w, CAPLAT_LIT("]" AFTER));
    test_that(!caplat_registry_read(caplat_written(&w), &registry, &err),
              "refused");
    test_number(err.code, CAPLAT_TOO_LARGE, "for its size");
    test_text(test_slice(err.what), CAPLAT_LIT("holders"), "as a whole");
    test_number(err.at, sizeof("{\"holders\":[") - 1, "where it begins");
}


int
main(void)
{
    test_faults();
    test_whole();
    test_days();
    test_tls();
    test_large();
    caplat_registry_close(NULL);

    return test_done();
}
