/*
 * A desk that takes orders: a ledger, a vault, the card and the holder of the
 * fixtures, and a clock that can be set.
 */

#ifndef DESK_ROOM_H
#define DESK_ROOM_H

#include "ledger_room.h"

#include "answers.h"
#include "caplat_job.h"
#include "caplat_reprice.h"

#include <sodium.h>


#define DAY      INT64_C(86400)         /* seconds */
#define MINUTE   INT64_C(60)
#define KEY_1    "key-0000000000000001"
#define KEY_2    "key-0000000000000002"

#define BUYS(more)                                                            \
    "{\"certificate\":\"" SERIAL "\"," more "}"
#define INVOICE                                                               \
    "\"invoice\":{\"issue\":true,\"type\":\"digital_normal\","                \
    "\"title_type\":\"enterprise\",\"title\":\"一\","                         \
    "\"tax_no\":\"91350100M000100Y43\",\"email\":\"a@example.cn\"}"
#define JINZHOU                                                               \
    BUYS("\"platforms\":[\"jinzhou\"],\"amount\":1250,"                       \
         "\"channel\":\"alipay\"," INVOICE)
#define BY_BANK                                                               \
    BUYS("\"platforms\":[\"jinzhou\"],\"amount\":1250,"                       \
         "\"channel\":\"transfer\"," INVOICE)
#define HUACHEN                                                               \
    BUYS("\"platforms\":[\"huachen\"],\"amount\":0")


typedef struct {
    ledger_room         ledger;
    answers             a;
    caplat_order_conf   conf;
    caplat_epoch        epoch;
    caplat_clerk        clerk;
    int64_t             now;            /* seconds */
    caplat_slice        target;         /* of requests */
    caplat_slice        signature;      /* that is sealed with an order */
    caplat_job         *job;            /* the last one */
    const char         *reason;         /* why it was refused */
    caplat_problem      problem;
} desk_room;


static inline void
desk_open(desk_room *d)
{
    const char  *why = "";

    room_must_open(&d->ledger, "the ledger");
    d->clerk = (caplat_clerk) { .conf = &d->conf, .ledger = d->ledger.ledger };
    test_that(caplat_vault_open(room_path(&d->ledger, "vault"), &d->epoch,
                                &d->clerk.vault, &why), why);
}


static inline void
desk_close(desk_room *d)
{
    caplat_job_close(d->job);
    d->job = NULL;
    caplat_vault_close(d->clerk.vault);
    room_close(&d->ledger);
}


/* Whoever orders has the token of the fixtures, which is not freed. */
static inline void
desk_holder(desk_room *d)
{
    caplat_job_close(d->job);
    d->job = NULL;
    answers_holder(&d->a);
    d->a.claims.owners = 1;
}


static inline void
desk_make(desk_room *d)
{
    uint8_t  secret[32];

    memset(d, 0, sizeof(*d));
    room_make(&d->ledger);
    (void) mkdir(room_path(&d->ledger, "vault"), 0700);
    (void) answers_card(&d->a, "ln-2021");
    desk_holder(d);
    d->conf = (caplat_order_conf) {
        .prefix = CAPLAT_LIT("CA"), .lapse = 30 * MINUTE,
        .transfer_lapse = CAPLAT_TRANSFER_LAPSE,
        .channels = 1u << CAPLAT_ALIPAY | 1u << CAPLAT_TRANSFER,
        .hash = { .count = 1 }, .issuer = CAPLAT_LIT("https://id.example.cn")
    };
    memcpy(d->epoch.name, "2027Q1", 6);
    d->epoch.name_len = 6;
    (void) crypto_box_keypair(d->epoch.public_key, secret);
    d->now = NOW;
    d->target = CAPLAT_LIT("/v1/orders");
    desk_open(d);
}


static inline void
desk_end(desk_room *d)
{
    desk_close(d);
    room_end(&d->ledger);
}


/* The certificate of the token is another. */
static inline void
desk_certificate(desk_room *d, const char *serial)
{
    d->a.claims.certs[0].serial = test_slice(serial);
}


/* A job to place an order; NULL: it was refused at once. */
static inline caplat_job *
desk_job(desk_room *d, const char *key, const char *body)
{
    caplat_identity  who = { .claims = &d->a.claims,
                             .client_id = d->a.claims.client_id };
    caplat_evidence  evidence = {
        .method = CAPLAT_LIT("POST"), .target = d->target,
        .body = test_slice(body), .idempotency_key = test_slice(key),
        .signature = d->signature
    };
    caplat_job      *job = NULL;
    caplat_denial    denial = { CAPLAT_NO_PROBLEM, "" };

    if (!caplat_job_place(&d->conf, &d->a.rates, &who, &evidence, d->now, &job,
                          &d->a.faults, &denial))
    {
        d->problem = denial.problem;
        d->reason = denial.reason;
        return NULL;
    }

    return job;
}


static inline void
desk_commit(desk_room *d, caplat_job *const *jobs, size_t count)
{
    caplat_clerk_commit(&d->clerk, jobs, count, d->now * 1000, false,
        &d->ledger.error);
}


/* Place an order; its status, or that of its refusal. */
static inline unsigned
desk_order(desk_room *d, const char *key, const char *body)
{
    const caplat_reply  *reply;

    caplat_job_close(d->job);
    d->job = desk_job(d, key, body);

    if (d->job == NULL) {
        return caplat_problem_status(d->problem);
    }

    desk_commit(d, &d->job, 1);
    reply = caplat_job_reply(d->job);
    d->problem = reply->denial.problem;
    d->reason = reply->denial.reason;

    return reply->status != 0 ? reply->status
                              : caplat_problem_status(d->problem);
}


/* It must come to that: a status, and the word of a refusal. */
static inline void
desk_must(desk_room *d, const char *key, const char *body, unsigned status,
    const char *problem, const char *words)
{
    test_number(desk_order(d, key, body), status, words);

    test_text(d->problem != CAPLAT_NO_PROBLEM ? caplat_problem_name(d->problem)
                                              : CAPLAT_LIT(""),
        test_slice(problem), words);
}


/* The last refusal must have that fault alone. */
static inline void
desk_must_say_fault(desk_room *d, const char *fault, const char *words)
{
    const caplat_faults  *faults = d->job != NULL
                                   ? caplat_job_reply(d->job)->faults : NULL;

    if (faults != NULL) {
        d->a.faults = *faults;
    }

    test_text(faults != NULL ? answers_faults(&d->a) : CAPLAT_LIT("none"),
        test_slice(fault), words);
}


/* The last answer, or the members of a refusal, must have that text. */
static inline void
desk_must_say(const desk_room *d, const char *text, const char *words)
{
    caplat_slice  said = d->job != NULL ? caplat_job_reply(d->job)->text
                                        : caplat_slice_of("", 0);

    test_that(said.len != 0
              && memmem(said.ptr, said.len, text, test_slice(text).len)
                 != NULL, words);
}


/* caplat_audit's: the price of a record must be its card's. */
static inline bool
desk_check_price(void *data, const caplat_record *record, caplat_slice line)
{
    const desk_room  *d = data;
    const char       *why = "";

    (void) line;

    return record->type != CAPLAT_EVENT_ORDER_CREATED
        || test_that(caplat_record_reprice(record, &d->a.rates, &why), why);
}


/* All must hold, prices too, of so many records. */
static inline void
desk_must_hold(desk_room *d, uint64_t records, const char *words)
{
    caplat_audit_conf  conf;
    caplat_audit       audit;

    memset(&conf, 0, sizeof(conf));
    conf.folder = d->ledger.folder;
    conf.verifier = &d->ledger.verifier;
    conf.each = desk_check_price;
    conf.data = d;

    if (!test_that(caplat_audit_log(&conf, &audit, &d->ledger.error), words)) {
        printf("    %.*s\n", (int) d->ledger.error.len,
               d->ledger.error.words);
        return;
    }

    test_number(audit.records, records, words);
}


#endif /* DESK_ROOM_H */
