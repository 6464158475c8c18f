/*
 * What a platform's server is told: all that was opened and closed there, on
 * the disk, once, in the order of the log.
 */

#include "ledger_room.h"

#include "caplat_job.h"
#include "caplat_ledger_inner.h"


#define ED_KID  "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
#define PARTNER(more)                                                         \
    "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\","                        \
    "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\","                  \
    "\"kid\":\"" ED_KID "\",\"client_id\":\"erp\"" more "}]}"

/* Lines as they must be. */
#define LINE(cursor, event, cert, org, order, at)                             \
    "{\"cursor\":\"" cursor "\",\"event\":\"" event "\",\"certificate\":\""   \
    cert "\",\"ca\":\"CFCA\",\"enterprise\":\"91350100" org "000100Y43\","    \
    "\"order\":\"CA2026112600000" order "\",\"at\":17953344" at "000}"
#define OPENED_1  LINE("2", "opened", "JK1", "1", "1", "00")
#define OPENED_2  LINE("5", "opened", "JK2", "2", "2", "00")
#define CLOSED_1  LINE("7", "closed", "JK1", "1", "1", "01")
#define OPENED_3  LINE("10", "opened", "JK3", "3", "3", "01")
#define ANSWER(lines, next)                                                   \
    "{\"openings\":[" lines "],\"next\":\"" next "\"}"


static const caplat_order_conf  conf = { .prefix = { "CA", 2 } };


typedef struct {
    caplat_event   type;
    uint64_t       number;
    const char    *platforms;           /* of openings and refunds */
} said;


static bool
decide(void *data, size_t at, caplat_batch *batch)
{
    const said     *all = data;
    const said     *one = &all[at];
    some_order      room;
    caplat_record   record;

    switch (one->type) {

    case CAPLAT_EVENT_ORDER_CREATED:
        some_created(&room, one->number, one->number, &record);
        break;

    case CAPLAT_EVENT_PAYMENT_RECEIVED:
        some_paid(&room, one->number, one->type, "T1", &record);
        break;

    case CAPLAT_EVENT_PLATFORMS_OPENED:
        some_opened(&room, one->number, one->number,
            test_slice(one->platforms), &record);
        break;

    default:
        some_refunded(&room, one->number, "R1", one->platforms, &record);
        break;
    }

    return caplat_batch_add(batch, &record);
}


static void
commit(ledger_room *room, said *all, size_t count)
{
    if (!test_that(caplat_ledger_commit(room->ledger, decide, all, count,
                       room->now_ms, false, &room->batch, &room->error),
                   "a commit"))
    {
        printf("    %.*s\n", (int) room->error.len, room->error.words);
    }

    room->now_ms += 1000;
}


#define CREATED(n)      { CAPLAT_EVENT_ORDER_CREATED, n, NULL }
#define PAID(n)         { CAPLAT_EVENT_PAYMENT_RECEIVED, n, NULL }
#define OPENED(n, ids)  { CAPLAT_EVENT_PLATFORMS_OPENED, n, ids }
#define CLOSED(n, ids)  { CAPLAT_EVENT_PAYMENT_REFUNDED, n, ids }

/* Three orders: the first one opens two platforms, of which one is closed. */
static void
lay(ledger_room *room)
{
    static said  first[] = {
        CREATED(1), PAID(1), OPENED(1, "[\"jinzhou\",\"huachen\"]"),
        CREATED(2), PAID(2), OPENED(2, "[\"jinzhou\"]"),
        CREATED(3),
    };
    static said  second[] = {
        CLOSED(1, "[\"jinzhou\"]"), CLOSED(2, "[]"),
        PAID(3), OPENED(3, "[\"jinzhou\"]"),
    };

    room_make(room);
    room_must_open(room, "new");
    commit(room, first, CAPLAT_COUNT(first));
    commit(room, second, CAPLAT_COUNT(second));
}


typedef struct {
    caplat_keyring   *ring;
    caplat_identity   who;
} partner;


static partner
partner_of(const char *jwks)
{
    partner     p;
    caplat_err  err;

    memset(&p, 0, sizeof(p));
    test_that(caplat_keyring_read(test_slice(jwks), CAPLAT_PARTNER_KEYS,
                                  &p.ring, &err), jwks);
    p.who.way = CAPLAT_BY_SIGNATURE;
    p.who.client_id = CAPLAT_LIT("erp");
    p.who.partner = caplat_keyring_find(p.ring, CAPLAT_LIT(ED_KID), 1);

    return p;
}


/* The job that asks so, done; NULL: it was refused, and why. */
static caplat_job *
ask(ledger_room *room, const caplat_identity *who, const char *platform,
    const char *query, caplat_faults *faults, caplat_denial *denial)
{
    caplat_clerk  clerk = { &conf, room->ledger, NULL };
    caplat_job   *job;

    if (!caplat_job_openings(&conf, who, test_slice(platform),
                             test_slice(query), 1, &job, faults, denial))
    {
        return NULL;
    }

    caplat_clerk_read(&clerk, job, &room->error);
    test_number(room->error.fault, CAPLAT_LEDGER_OK, query);

    return job;
}


typedef struct {
    const char   *platform;
    const char   *query;
    uint64_t      wait;
    const char   *answer;
} good;


static void
test_answers(void)
{
    static const good  rows[] = {
        { "jinzhou", "", 0, ANSWER(OPENED_1 "," OPENED_2 "," CLOSED_1 ","
          OPENED_3, "10") },
        { "jinzhou", "wait=60", 0, ANSWER(OPENED_1 "," OPENED_2 "," CLOSED_1
          "," OPENED_3, "10") },
        { "jinzhou", "after=0&limit=1", 0, ANSWER(OPENED_1, "2") },
        { "jinzhou", "limit=2&after=2", 0, ANSWER(OPENED_2 "," CLOSED_1,
          "7") },
        { "jinzhou", "after=5&limit=500", 0, ANSWER(CLOSED_1 "," OPENED_3,
          "10") },
        { "jinzhou", "after=7", 0, ANSWER(OPENED_3, "10") },
        { "jinzhou", "after=10", 0, ANSWER("", "10") },
        { "jinzhou", "after=10&wait=1", 1, ANSWER("", "10") },
        { "jinzhou", "wait=60&after=10", 60, ANSWER("", "10") },
        { "huachen", "", 0, ANSWER(OPENED_1, "2") },
        { "huachen", "after=2", 0, ANSWER("", "2") },
        { "shenyang", "wait=2", 2, ANSWER("", "0") },
    };

    partner      p = partner_of(PARTNER(",\"platforms\":[\"jinzhou\","
                                        "\"huachen\",\"shenyang\"]"));
    ledger_room  room;

    lay(&room);

    for (size_t i = 0; i < CAPLAT_COUNT(rows); i++) {
        const good     *row = &rows[i];
        caplat_faults   faults;
        caplat_denial   denial;
        caplat_job     *job = ask(&room, &p.who, row->platform, row->query,
                                  &faults, &denial);

        if (test_that(job != NULL, row->query)) {
            const caplat_reply  *reply = caplat_job_reply(job);

            test_number(reply->status, 200, row->query);
            test_text(reply->text, test_slice(row->answer), row->query);
            test_number(reply->wait, row->wait, row->query);
            test_number(reply->seen, 11, row->query);
        }

        caplat_job_close(job);
    }

    room_end(&room);
    caplat_keyring_close(p.ring);
}


typedef struct {
    const char   *query;
    const char   *parameter;
} bad;


static void
test_queries(void)
{
    static const bad  rows[] = {
        { "after=", "after" }, { "after", "after" }, { "after=02", "after" },
        { "after=+2", "after" }, { "after=-1", "after" },
        { "after=2.0", "after" }, { "after=2x", "after" },
        { "after=%32", "after" }, { "after=00", "after" },
        { "after=9007199254740992", "after" },
        { "after=18446744073709551616", "after" },
        { "limit=0", "limit" }, { "limit=501", "limit" },
        { "limit=", "limit" }, { "limit=01", "limit" },
        { "wait=0", "wait" }, { "wait=61", "wait" }, { "wait=1s", "wait" },
        { "after=2&after=2", "query" }, { "limit=1&limit=1", "query" },
        { "wait=1&wait=1", "query" }, { "state=opened", "query" },
        { "&after=2", "query" }, { "after=2&&wait=1", "query" },

        /* No cursors that were given: an order's record, another platform's
           opening, one behind the end. */
        { "after=1", "after" }, { "after=3", "after" }, { "after=8", "after" },
        { "after=11", "after" }, { "after=9007199254740991", "after" },
    };

    partner      p = partner_of(PARTNER(",\"platforms\":[\"jinzhou\"]"));
    ledger_room  room;

    lay(&room);

    for (size_t i = 0; i < CAPLAT_COUNT(rows); i++) {
        caplat_faults         own;
        const caplat_faults  *faults = &own;
        caplat_denial         denial;
        caplat_job           *job = ask(&room, &p.who, "jinzhou",
                                        rows[i].query, &own, &denial);

        if (job != NULL) {
            const caplat_reply  *reply = caplat_job_reply(job);

            test_number(reply->status, 0, rows[i].query);
            denial = reply->denial;
            faults = reply->faults;
        }

        test_number(denial.problem, CAPLAT_PROBLEM_VALIDATION_FAILED,
            rows[i].query);

        if (test_that(faults != NULL && faults->count == 1, rows[i].query)) {
            test_that(faults->in_query, rows[i].query);
            test_text(caplat_slice_of(faults->list[0].pointer,
                                      faults->list[0].pointer_len),
                      test_slice(rows[i].parameter), rows[i].query);
        }

        caplat_job_close(job);
    }

    room_end(&room);
    caplat_keyring_close(p.ring);
}


/* A record that is not on the disk yet is not told, and its cursor is none. */
static void
test_durable(void)
{
    partner        p = partner_of(PARTNER(",\"platforms\":[\"jinzhou\"]"));
    ledger_room    room;
    caplat_faults  faults;
    caplat_denial  denial;
    caplat_job    *job;

    lay(&room);
    atomic_store(&room.ledger->shared->durable, 7);

    job = ask(&room, &p.who, "jinzhou", "after=2&wait=9", &faults, &denial);

    if (test_that(job != NULL, "before")) {
        test_text(caplat_job_reply(job)->text,
            test_slice(ANSWER(OPENED_2, "5")), "before");
        test_number(caplat_job_reply(job)->seen, 7, "before");
    }

    caplat_job_close(job);
    job = ask(&room, &p.who, "jinzhou", "after=7", &faults, &denial);
    test_that(job != NULL && caplat_job_reply(job)->status == 0, "a cursor");
    caplat_job_close(job);

    atomic_store(&room.ledger->shared->durable, 8);
    job = ask(&room, &p.who, "jinzhou", "after=5", &faults, &denial);

    if (test_that(job != NULL, "after")) {
        test_text(caplat_job_reply(job)->text,
            test_slice(ANSWER(CLOSED_1, "7")), "after");
    }

    caplat_job_close(job);
    room_end(&room);
    caplat_keyring_close(p.ring);
}


static void
expect_none(ledger_room *room, const caplat_identity *who,
    const char *platform)
{
    caplat_faults  faults;
    caplat_denial  denial = { CAPLAT_NO_PROBLEM, "" };
    caplat_job    *job = ask(room, who, platform, "after=x", &faults, &denial);

    test_that(job == NULL, platform);
    test_number(denial.problem, CAPLAT_PROBLEM_NOT_FOUND, platform);
    test_number(faults.count, 0, platform);
    caplat_job_close(job);
}


/* Whoever is not the platform's learns nothing, not even of a bad query. */
static void
test_foreign(void)
{
    static const char  *platforms[] = {
        "huachen", "nobody", "", "jinzho", "jinzhou2",
        "0123456789abcdef0123456789abcdef0123456789abcdef"
    };

    partner      own = partner_of(PARTNER(",\"platforms\":[\"jinzhou\"]"));
    partner      none = partner_of(PARTNER(""));
    partner      proof = none;
    ledger_room  room;

    proof.who.partner = NULL;
    lay(&room);

    for (size_t i = 0; i < CAPLAT_COUNT(platforms); i++) {
        expect_none(&room, &own.who, platforms[i]);
    }

    expect_none(&room, &none.who, "jinzhou");
    expect_none(&room, &proof.who, "jinzhou");

    room_end(&room);
    caplat_keyring_close(own.ring);
    caplat_keyring_close(none.ring);
}


int
main(void)
{
    test_that(caplat_trust_open(), "the libraries start");

    test_answers();
    test_queries();
    test_durable();
    test_foreign();

    return test_done();
}
