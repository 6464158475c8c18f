/*
 * A card, a holder and room for answers, which the tests of the API's routes
 * share: the clock, the certificate and the platforms of the fixtures.
 */

#ifndef ANSWERS_H
#define ANSWERS_H

#include "caplat_answer.h"

#include "test.h"

#include <jansson.h>
#include <stdio.h>


#define NOW      INT64_C(1800000000)    /* 2027-01-15 16:00 in Beijing */
#define DAYS_80  (80 * 86400)
#define SERIAL   "JK20219332345678"
#define HELD     "ln-construction,ln-tender,ln-procurement,shenyang,dalian," \
                 "anshan"


typedef struct {
    char             text[CAPLAT_RATES_LEN_MAX];
    caplat_rates     rates;
    caplat_claims    claims;
    char             room[CAPLAT_LIST_ROOM];
    caplat_writer    out;
    int64_t          total_fen;
    bool             day_matters;
    caplat_faults    faults;
    caplat_denial    denial;
} answers;


/* Read tests/parity/cards/NAME.txt; false, and a failed check, without it. */
static inline bool
answers_card(answers *a, const char *name)
{
    char        path[128];
    FILE       *file;
    size_t      len;
    caplat_err  err;

    (void) snprintf(path, sizeof(path), "tests/parity/cards/%s.txt", name);
    file = fopen(path, "rb");

    if (file == NULL) {
        return test_that(false, path);
    }

    len = fread(a->text, 1, sizeof(a->text), file);
    (void) fclose(file);

    return test_that(caplat_rates_read(caplat_slice_of(a->text, len),
                                       &a->rates, &err), path);
}


/* The holder of the fixtures: an individual with one certificate. */
static inline void
answers_holder(answers *a)
{
    a->claims = (caplat_claims) {
        .subject = CAPLAT_LIT("u-7f3a9c2e51d04b"),
        .client_id = CAPLAT_LIT("wizard"),
        .expires = NOW + 870,
        .scopes = CAPLAT_SCOPE_QUOTE | CAPLAT_SCOPE_ORDER | CAPLAT_SCOPE_READ,
        .role = CAPLAT_INDIVIDUAL,
        .org_id = CAPLAT_LIT("91350100M000100Y43"),
        .org_name = CAPLAT_LIT("辽宁某某建设工程有限公司"),
        .city = 210100,
        .cert_count = 1,
    };
    a->claims.certs[0] = (caplat_cert) {
        .serial = CAPLAT_LIT(SERIAL),
        .ca = CAPLAT_LIT("CFCA"),
        .lock = CAPLAT_LIT("project_leader"),
        .vendor = CAPLAT_LIT(""),
        .holder = CAPLAT_LIT("刘某"),
        .expires = NOW + DAYS_80,
        .held = CAPLAT_LIT(HELD),
        .held_count = 6,
    };
}


/* Before each call: room, and what it must not leave as it was. */
static inline void
answers_clear(answers *a)
{
    a->out = caplat_writer_of(a->room, sizeof(a->room));
    a->total_fen = -1;
    a->day_matters = false;
    a->faults.count = 999;
    a->denial = (caplat_denial) { CAPLAT_NO_PROBLEM, "" };
}


/* The faults as "POINTER CODE; POINTER CODE". */
static inline caplat_slice
answers_faults(const answers *a)
{
    static char  room[8192];

    caplat_writer  w = caplat_writer_of(room, sizeof(room));

    for (size_t i = 0; i < a->faults.count; i++) {
        const caplat_fault  *fault = &a->faults.list[i];

        caplat_put(&w, i != 0 ? CAPLAT_LIT("; ") : CAPLAT_LIT(""));
        caplat_put(&w, caplat_slice_of(fault->pointer, fault->pointer_len));
        caplat_put(&w, CAPLAT_LIT(" "));
        caplat_put(&w, caplat_slice_of_word(fault->code));
    }

    return caplat_written(&w);
}


/* A refusal: the problem by its name, and its faults. */
static inline void
answers_refused(const answers *a, bool answered, const char *problem,
    const char *faults, const char *words)
{
    if (!test_that(!answered, words)) {
        return;
    }

    test_text(caplat_problem_name(a->denial.problem), test_slice(problem),
        words);
    test_text(answers_faults(a), test_slice(faults), words);
    test_that(a->denial.reason[0] != '\0', words);
}


/* An answer is JSON, and its members are these, "a b c", in this order. */
static inline json_t *
answers_json(const answers *a, const char *members, const char *words)
{
    json_t         *json = json_loadb(a->out.ptr, a->out.len,
                                      JSON_REJECT_DUPLICATES, NULL);
    static char     room[1024];
    caplat_writer   w = caplat_writer_of(room, sizeof(room));
    const char     *key;
    json_t         *value;

    if (!test_that(json_is_object(json) && !a->out.full, words)) {
        return NULL;
    }

    json_object_foreach(json, key, value) {
        caplat_put(&w, w.len != 0 ? CAPLAT_LIT(" ") : CAPLAT_LIT(""));
        caplat_put(&w, caplat_slice_of_word(key));
    }

    test_text(caplat_written(&w), test_slice(members), words);

    return json;
}


#endif /* ANSWERS_H */
