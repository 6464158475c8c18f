#define _GNU_SOURCE                     /* mkdtemp */

/*
 * The requests of others' clients, good and bad, as they would come to a
 * server with fresh state: who calls, and is the body what was signed?
 *
 * What is refused later, by the routes, is accepted here.
 */

#include "caplat_auth.h"
#include "caplat_b64.h"
#include "caplat_hash.h"
#include "caplat_json.h"

#include "callers.h"
#include "test.h"
#include "vectors.h"


#define ORIGIN    "https://ca.example.cn"
#define ISSUER    "https://id.example.cn"
#define TAG       "ca-order-v1"
#define BODY_MAX  65536


typedef struct {
    caplat_policy  policy;
    caplat_json   *cases[256];
    size_t         count;
} stage;


static caplat_slice
string_of(const caplat_json *object, const char *name)
{
    const caplat_json  *value = caplat_json_get(object, name);

    return caplat_json_is_string(value) ? caplat_json_slice(value)
                                        : CAPLAT_LIT("");
}


/* 405 and 404 are the routes' answers; behind 401 and 400 digests are none. */
static caplat_problem
expected(const caplat_json *status, const caplat_json *type)
{
    long long  number = caplat_json_number(status);

    return number == 401 || number == 400
           ? caplat_problem_find(caplat_json_slice(type))
           : CAPLAT_NO_PROBLEM;
}


static void
make_request(const caplat_json *request, callers_request *r, caplat_slice body)
{
    const caplat_json  *headers = caplat_json_get(request, "headers");

    r->message = (caplat_message) {
        .method = string_of(request, "method"),
        .origin = CAPLAT_LIT(ORIGIN),
        .target = string_of(request, "target"),
        .has_content = body.len != 0,
    };

    for (size_t i = 0; i < caplat_json_items(headers); i++) {
        const caplat_json  *line = caplat_json_item(headers, i);

        callers_add(r, caplat_json_slice(caplat_json_item(line, 0)),
                    caplat_json_slice(caplat_json_item(line, 1)));
    }
}


/* What becomes of a case. */
static caplat_problem
answer(caplat_auth *auth, const stage *s, const caplat_json *test,
    const char **reason)
{
    static uint8_t  bytes[BODY_MAX];

    const caplat_json  *request = caplat_json_get(test, "request");
    callers_request     r;
    caplat_identity     who;
    caplat_denial       denial = { CAPLAT_NO_PROBLEM, "" };
    size_t              len = 0;

    test_that(caplat_b64_read(string_of(request, "body_b64"), bytes,
                              sizeof(bytes), &len), "a body");

    caplat_slice  body = caplat_slice_of((const char *) bytes, len);

    make_request(request, &r, body);

    bool  token_needed = !caplat_slice_eq(caplat_message_path(&r.message),
                                          CAPLAT_LIT("/v1/prices"));
    bool  accepted = caplat_auth_request(auth, &s->policy, &r.message,
                         token_needed,
                         caplat_json_number(caplat_json_get(test, "now")),
                         &who, &denial)
                     && caplat_auth_content(&who, &r.message, body, &denial);

    test_that(accepted == (denial.problem == CAPLAT_NO_PROBLEM),
              "refused with a problem, or not");
    *reason = denial.reason;

    return denial.problem;
}


static void
compare(caplat_problem is, caplat_problem want, const char *reason,
    const char *id)
{
    if (!test_that(is == want, id)) {
        caplat_slice  name = is != CAPLAT_NO_PROBLEM ? caplat_problem_name(is)
                                                     : CAPLAT_LIT("accepted");

        printf("    is %.*s (%s)\n", (int) name.len, name.ptr, reason);
    }
}


static void
test_case(const stage *s, const caplat_json *test)
{
    const char         *id = caplat_json_slice(caplat_json_get(test, "id")).ptr;
    const caplat_json  *expect = caplat_json_get(test, "expect");
    const char         *reason;
    int64_t             now = caplat_json_number(caplat_json_get(test, "now"));

    /* Of a router, not of ours: the method does not fit the address. */
    if (caplat_json_number(caplat_json_get(expect, "status")) == 405) {
        return;
    }

    caplat_zone   *zone = callers_zone(now - 3600);
    caplat_auth   *auth = caplat_auth_open(zone, 8);

    compare(answer(auth, s, test, &reason),
            expected(caplat_json_get(expect, "status"),
                     caplat_json_get(expect, "type")), reason, id);
    caplat_auth_close(auth);
    caplat_zone_close(zone);
}


static const caplat_json *
find_case(const stage *s, const caplat_json *id)
{
    for (size_t i = 0; i < s->count; i++) {
        if (caplat_slice_eq(string_of(s->cases[i], "id"),
                            caplat_json_slice(id)))
        {
            return s->cases[i];
        }
    }

    return NULL;
}


/* Requests that come one after the other to one server. */
static void
test_sequence(const stage *s, const caplat_json *test)
{
    const char         *id = caplat_json_slice(caplat_json_get(test, "id")).ptr;
    const caplat_json  *ids = caplat_json_get(test, "sequence");
    const caplat_json  *expect = caplat_json_get(test, "expect");
    const caplat_json  *status = caplat_json_get(expect, "status");
    const caplat_json  *type = caplat_json_get(expect, "type");
    int64_t             now = caplat_json_number(caplat_json_get(test, "now"));
    caplat_zone        *zone = callers_zone(now - 3600);
    caplat_auth        *auth = caplat_auth_open(zone, 8);

    for (size_t i = 0; i < caplat_json_items(ids); i++) {
        const caplat_json  *one = find_case(s, caplat_json_item(ids, i));
        const char         *reason;

        if (test_that(one != NULL, id)) {
            compare(answer(auth, s, one, &reason),
                    expected(caplat_json_item(status, i),
                             caplat_json_item(type, i)), reason, id);
        }
    }

    caplat_auth_close(auth);
    caplat_zone_close(zone);
}


static caplat_keyring *
open_ring(const char *file, caplat_jwks_kind kind)
{
    caplat_slice     text;
    caplat_keyring  *ring = NULL;
    caplat_err       err;

    if (vectors_shared(file, &text)) {
        test_that(caplat_keyring_read(text, kind, &ring, &err), file);
        vectors_close(text);
    }

    return ring;
}


static void
test_cases(stage *s, caplat_slice text)
{
    caplat_cursor  c = caplat_cursor_of(text);
    caplat_slice   line;
    caplat_err     err;

    while (vectors_line(&c, &line)) {
        caplat_json  *test = NULL;

        if (test_that(s->count < CAPLAT_COUNT(s->cases)
                      && caplat_json_open(line, 8, &test, &err), "a line"))
        {
            s->cases[s->count++] = test;
        }
    }

    for (size_t i = 0; i < s->count; i++) {
        if (caplat_json_get(s->cases[i], "sequence") != NULL) {
            test_sequence(s, s->cases[i]);
        } else {
            test_case(s, s->cases[i]);
        }
    }

    for (size_t i = 0; i < s->count; i++) {
        caplat_json_close(s->cases[i]);
    }
}


int
main(void)
{
    static stage  s;

    caplat_slice      text;
    caplat_keyring   *issuers;
    caplat_keyring   *partners;

    test_that(caplat_trust_open(), "the libraries start");

    if (!vectors_shared("fixtures/requests/cases.jsonl", &text)) {
        return test_done();
    }

    issuers = open_ring("fixtures/requests/jwks-issuer.json",
                        CAPLAT_ISSUER_KEYS);
    partners = open_ring("fixtures/requests/jwks-partners.json",
                         CAPLAT_PARTNER_KEYS);

    if (issuers != NULL && partners != NULL) {
        s.policy = (caplat_policy) {
            .token = { CAPLAT_LIT(ISSUER), CAPLAT_LIT(ORIGIN), issuers },
            .partners = partners,
            .tag = CAPLAT_LIT(TAG),
        };
        callers_room_open();
        test_cases(&s, text);
        callers_room_close();
    }

    caplat_keyring_close(partners);
    caplat_keyring_close(issuers);
    vectors_close(text);

    return test_done();
}
