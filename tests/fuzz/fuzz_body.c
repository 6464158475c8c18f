/*
 * Whatever the body of a quote, an order or a list: no crash, no more faults
 * than the list holds, and each can be sent; what is accepted is strict JSON,
 * and its answer is JSON too. The first byte tells the route, the rest is the
 * body.
 */

#include "caplat_answer.h"

#include "caplat_json.h"

#include <jansson.h>


#define NOW  INT64_C(1800000000)


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static const char  card[] =
    "caplat-rates 1\n"
    "card fuzz 2021-01-01 -\n"
    "round half-up\n"
    "prorate month 12 up 1 x{n}\n"
    "base 25000 base\n"
    "once once\n"
    "cover city registered covered\n"
    "class city city\n"
    "class firm firm\n"
    "region 210100 here\n"
    "region 210700 there\n"
    "platform shenyang city 210100 open Shenyang\n"
    "platform jinzhou city 210700 open Jinzhou\n"
    "platform anshan city - paused Anshan\n"
    "platform huachen firm - open Huachen\n"
    "rule class=firm flat 0 free\n"
    "rule year 5000 a year\n";


static const caplat_claims  holder = {
    .client_id = CAPLAT_INIT("wizard"),
    .role = CAPLAT_INDIVIDUAL,
    .org_id = CAPLAT_INIT("91350100M000100Y43"),
    .org_name = CAPLAT_INIT("enterprise"),
    .city = 210100,
    .certs = { { .serial = CAPLAT_INIT("JK1"), .ca = CAPLAT_INIT("CFCA"),
                 .lock = CAPLAT_INIT("personal"), .expires = NOW + 6912000,
                 .held = CAPLAT_INIT("shenyang"), .held_count = 1 } },
    .cert_count = 1,
};


/* The faults as they are sent, in room for the most that there can be. */
static void
check_faults(const caplat_faults *faults)
{
    static char  room[65536];

    caplat_writer   w = caplat_writer_of(room, sizeof(room));
    json_t         *json;

    caplat_assert(faults->count <= CAPLAT_FAULTS_MAX);
    caplat_faults_write(&w, faults);
    caplat_assert(!w.full);

    json = json_loadb(w.ptr, w.len, 0, NULL);
    caplat_assert(json_array_size(json) == faults->count);
    json_decref(json);
}


static void
check_accepted(caplat_slice body, const caplat_writer *out)
{
    json_t       *json;
    caplat_json  *read;
    caplat_err    err;

    caplat_assert(caplat_json_open(body, CAPLAT_JSON_DEPTH_MAX, &read, &err));
    caplat_json_close(read);

    caplat_assert(!out->full);
    json = json_loadb(out->ptr, out->len, JSON_REJECT_DUPLICATES, NULL);
    caplat_assert(json_is_object(json));
    json_decref(json);
}


/* A caller who names the price is told another, or is right. */
static void
check_order(caplat_slice body, int64_t total_fen, bool answered,
    const caplat_denial *denial)
{
    caplat_json  *json;
    caplat_err    err;
    int64_t       amount;

    if (!answered && denial->problem != CAPLAT_PROBLEM_PRICE_CHANGED) {
        return;
    }

    caplat_assert(caplat_json_open(body, CAPLAT_JSON_DEPTH_MAX, &json, &err));
    caplat_assert(caplat_json_integer(json, "amount", 0, CAPLAT_FEN_MAX,
        &amount));
    caplat_assert(!answered || amount == total_fen);
    caplat_json_close(json);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static caplat_rates   rates;
    static char           room[CAPLAT_LIST_ROOM];
    static caplat_faults  faults;

    caplat_writer   out = caplat_writer_of(room, sizeof(room));
    caplat_denial   denial = { CAPLAT_NO_PROBLEM, NULL };
    int64_t         total_fen = -1;
    caplat_slice    body;
    bool            answered;
    caplat_err      err;

    if (size == 0) {
        return 0;
    }

    if (rates.tariff.platform_count == 0) {
        caplat_assert(caplat_trust_open());
        caplat_assert(caplat_rates_read(CAPLAT_LIT(card), &rates, &err));
    }

    body = caplat_slice_of((const char *) data + 1, size - 1);

    if (data[0] == 'q') {
        answered = caplat_answer_quote(&rates, &holder, body, NOW, &out,
            &total_fen, &faults, &denial);

    } else if (data[0] == 'l') {
        answered = caplat_answer_list(&rates, body,
            caplat_day_in_beijing(NOW), &out, &faults, &denial);

    } else {
        answered = caplat_answer_order(&rates, &holder, body, NOW, &out,
            &total_fen, &faults, &denial);
        check_order(body, total_fen, answered, &denial);
    }

    check_faults(&faults);
    caplat_assert(answered == (denial.problem == CAPLAT_NO_PROBLEM));

    if (answered) {
        caplat_assert(faults.count == 0);
        check_accepted(body, &out);
    }

    return 0;
}
