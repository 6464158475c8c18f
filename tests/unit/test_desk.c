/*
 * The desk: what a request for an order comes to, whatever the clock, the
 * disk, the token and the card have done meanwhile.
 */

#include "desk_room.h"

#include <sys/statvfs.h>


static desk_room  d;


/* The clock was ahead for a while: the log is from then on, prices are not. */
static void
test_clock(void)
{
    desk_make(&d);
    d.a.claims.certs[0].expires = NOW + 400 * DAY;
    desk_certificate(&d, "JK1");
    d.now = NOW + 100 * DAY;
    desk_must(&d, KEY_1, "{\"certificate\":\"JK1\","
        "\"platforms\":[\"huachen\"],\"amount\":0}", 201, "", "far ahead");

    desk_holder(&d);
    d.now = NOW;
    desk_must(&d, KEY_2, JINZHOU, 201, "", "the price of today's quote");
    desk_must_say(&d, "\"expires\":1800001800", "it waits as long as always");
    desk_must_hold(&d, 3, "as the card says");

    d.now = NOW + 31 * MINUTE;
    desk_must(&d, "key-0000000000000003", JINZHOU, 201, "", "it has lapsed");
    desk_must_hold(&d, 5, "one has lapsed");
    desk_end(&d);
}


/* A record of an order, as it is asked again; `day` among its terms. */
static bool
reprice(const caplat_record *record, const char *day, int64_t amount_fen)
{
    char            terms[1024];
    caplat_record   other = *record;
    const char     *why;
    size_t          len = record->terms.len - 1;

    (void) snprintf(terms, sizeof(terms), "%.*s%s}", (int) len,
                    record->terms.ptr, day);
    other.terms = test_slice(terms);
    other.amount_fen += amount_fen;

    return caplat_record_reprice(&other, &d.a.rates, &why);
}


static void
test_reprice(void)
{
    char           room[CAPLAT_RECORD_LEN_MAX];
    caplat_view   *view;
    caplat_slice   line;
    caplat_record  record;
    caplat_err     err;

    desk_make(&d);
    desk_must(&d, KEY_1, JINZHOU, 201, "", "an order");
    test_that(caplat_ledger_view(d.ledger.ledger, &view, &d.ledger.error)
              && caplat_ledger_line(d.ledger.ledger, view, 0, room, &line,
                                    &d.ledger.error)
              && caplat_record_read(line, &record, &err), "its record");
    caplat_view_end(view);

    test_that(reprice(&record, "", 0), "it is its price");
    test_that(!reprice(&record, "", 1), "a fen more is not");
    test_that(reprice(&record, ",\"day\":\"2027-01-14\"", 0), "of yesterday");
    test_that(!reprice(&record, ",\"day\":\"2025-01-14\"", 0), "two years ago");
    test_that(!reprice(&record, ",\"day\":\"2027-01-15\"", 0), "its own day");
    test_that(!reprice(&record, ",\"day\":\"2027-01-16\"", 0), "a later one");
    desk_end(&d);
}


/* The answer, which is told again under the key whatever has changed since. */
static void
test_again(void)
{
    static char    first[8192];
    caplat_writer  w = caplat_writer_of(first, sizeof(first));

    desk_make(&d);
    desk_must(&d, KEY_1, JINZHOU, 201, "", "the first time");
    caplat_put(&w, caplat_job_reply(d.job)->text);

#define AGAIN(words)                                                          \
    desk_must(&d, KEY_1, JINZHOU, 201, "", words);                            \
    test_text(caplat_job_reply(d.job)->text, caplat_written(&w), words)

    AGAIN("again");

    desk_holder(&d);
    d.a.claims.certs[0].held = CAPLAT_LIT(HELD ",jinzhou");
    d.a.claims.certs[0].held_count = 7;
    AGAIN("a newer token has the platform");
    desk_must(&d, KEY_1, BY_BANK, 422, "idempotency-key-reused",
        "another body");
    test_that(caplat_job_reply(d.job)->faults == NULL, "is all that is wrong");
    desk_must(&d, KEY_2, JINZHOU, 422, "platform-already-held", "a new order");
    desk_must_say_fault(&d, "#/platforms/0 platform-already-held", "its fault");

    desk_holder(&d);
    d.a.claims.certs[0].expires = NOW - 1;
    AGAIN("the certificate has expired");
    desk_must(&d, KEY_2, JINZHOU, 422, "certificate-expired", "a new order");
    desk_must(&d, KEY_1, HUACHEN, 422, "idempotency-key-reused",
        "another body");

    desk_holder(&d);
    d.a.claims.cert_count = 0;
    AGAIN("the token has another certificate");
    desk_must(&d, KEY_2, JINZHOU, 403, "certificate-forbidden", "a new order");

    desk_holder(&d);
    d.conf.channels = 0;
    (void) answers_card(&d.a, "kinds");
    AGAIN("the card is another");
    desk_must(&d, KEY_2, JINZHOU, 422, "validation-failed", "a new order");

    (void) answers_card(&d.a, "ln-2021");
    desk_must(&d, KEY_1, BUYS("\"platforms\":[\"jinzhou\"],\"amount\":-1"),
        422, "validation-failed", "what is wrong with the form itself");
    test_that(d.job == NULL, "needs no ledger");
    desk_end(&d);
}


static off_t
keys_len(void)
{
    struct stat  st = { .st_size = -1 };

    (void) stat(room_path(&d.ledger, "vault/2027Q1.keys"), &st);

    return st.st_size;
}


/* What cannot be recorded is refused, and costs no slot; what was recorded is
   not. */
static void
test_shut(void)
{
    desk_make(&d);
    desk_must(&d, KEY_1, HUACHEN, 201, "", "the first time");
    test_number(keys_len(), CAPLAT_SLOT_LEN, "one slot");

    desk_close(&d);
    d.ledger.conf.reserve_len = UINT64_MAX;
    desk_open(&d);
    desk_must(&d, KEY_1, HUACHEN, 201, "", "again, on a full disk");
    test_that(caplat_job_reply(d.job)->is_replay, "again");
    desk_must(&d, KEY_2, HUACHEN, 503, "log-unavailable", "a new one");
    test_number(d.ledger.error.fault, CAPLAT_LEDGER_FULL, "full");

    (void) caplat_ledger_shut(d.ledger.ledger, "log", "a test",
        &d.ledger.error);
    desk_must(&d, KEY_1, HUACHEN, 201, "", "again, while closed");
    desk_must(&d, KEY_1, JINZHOU, 422, "idempotency-key-reused", "another");
    desk_must(&d, KEY_2, JINZHOU, 503, "log-unavailable", "a new one");
    test_number(d.ledger.error.fault, CAPLAT_LEDGER_CLOSED, "closed");
    test_number(keys_len(), CAPLAT_SLOT_LEN, "one slot still");

    d.now += 80 * DAY;
    desk_must(&d, KEY_2, JINZHOU, 422, "certificate-expired", "not ever");
    desk_end(&d);
}


/* A key's print is of method, path and body: there is nothing else. */
static void
test_query(void)
{
    static const char *const  targets[] = { "/v1/orders?a=1", "/v1/orders?" };

    desk_make(&d);

    for (size_t i = 0; i < CAPLAT_COUNT(targets); i++) {
        d.target = test_slice(targets[i]);
        desk_must(&d, KEY_1, HUACHEN, 422, "validation-failed", targets[i]);
        test_text(answers_faults(&d.a), CAPLAT_LIT("query unknown-key"),
            targets[i]);
        test_that(d.a.faults.in_query, targets[i]);
    }

    desk_end(&d);
}


static void
lapse(void)
{
    caplat_job  *job;

    test_that(caplat_job_lapse(&d.conf, d.now, &job), "a sweep");
    desk_commit(&d, &job, 1);
    caplat_job_close(job);
}


static uint64_t
free_of(const char *folder)
{
    struct statvfs  fs;

    return statvfs(folder, &fs) == 0 ? (uint64_t) fs.f_bavail * fs.f_frsize
                                     : 0;
}


/* The ledger of a desk that is closed begins anew in another folder. */
static void
move_ledger(const char *to)
{
    room_delete(d.ledger.folder);
    (void) snprintf(d.ledger.folder, sizeof(d.ledger.folder),
                    "%s/caplat-XXXXXX", to);
    test_that(mkdtemp(d.ledger.folder) != NULL
              && caplat_ledger_prepare(d.ledger.folder, -1, -1,
                                       &d.ledger.error), to);
    (void) mkdir(room_path(&d.ledger, "vault"), 0700);
}


/* A vault on a disk of its own keeps the reserve there too. */
static void
test_vault_full(void)
{
    bool         is_shm = free_of("/dev/shm") < free_of("/tmp");
    const char  *roomy = is_shm ? "/tmp" : "/dev/shm", *why = "";
    char         folder[64];
    uint64_t     less = free_of(is_shm ? "/dev/shm" : "/tmp");
    uint64_t     more = free_of(roomy);

    if (less == 0 || less > more / 2) {
        test_skip("a vault's disk", "none has half the room of the other");
        return;
    }

    desk_make(&d);
    desk_close(&d);
    move_ledger(roomy);
    d.ledger.conf.reserve_len = less + (more - less) / 2;
    desk_open(&d);
    caplat_vault_close(d.clerk.vault);
    (void) snprintf(folder, sizeof(folder), "%s/caplat-vault-XXXXXX",
                    is_shm ? "/dev/shm" : "/tmp");
    test_that(mkdtemp(folder) != NULL
              && caplat_vault_open(folder, &d.epoch, &d.clerk.vault, &why),
              why);
    desk_must(&d, KEY_1, HUACHEN, 503, "log-unavailable", "no room");
    test_number(d.ledger.error.fault, CAPLAT_LEDGER_FULL, "full");
    lapse();
    test_number(d.ledger.error.fault, CAPLAT_LEDGER_OK, "needs no slot");
    desk_end(&d);
    room_delete(folder);
}


/* More than one batch holds: nobody is refused for the others' sake. */
static void
test_long(void)
{
    enum { COUNT = 300 };

    static char   signature[16384];
    caplat_job   *jobs[COUNT];
    size_t        good = 0;

    memset(signature, 's', sizeof(signature));
    desk_make(&d);
    d.signature = caplat_slice_of(signature, sizeof(signature));

    for (size_t i = 0; i < COUNT; i++) {
        char  key[32], serial[16], body[128];

        (void) snprintf(key, sizeof(key), "key-000000000000%04zu", i);
        (void) snprintf(serial, sizeof(serial), "L%zu", i);
        (void) snprintf(body, sizeof(body), "{\"certificate\":\"%s\","
                        "\"platforms\":[\"huachen\"],\"amount\":0}", serial);
        desk_certificate(&d, serial);
        jobs[i] = desk_job(&d, key, body);
    }

    desk_commit(&d, jobs, COUNT);

    for (size_t i = 0; i < COUNT; i++) {
        good += jobs[i] != NULL && caplat_job_reply(jobs[i])->status == 201;
        caplat_job_close(jobs[i]);
    }

    test_number(good, COUNT, "all are recorded");
    test_number(d.ledger.error.fault, CAPLAT_LEDGER_OK, "no fault");
    desk_must_hold(&d, 2 * COUNT, "and hold");
    desk_end(&d);
}


/* Who pays by bank has a week, and hinders nobody who has half an hour. */
static void
test_lapses(void)
{
    desk_make(&d);
    desk_must(&d, KEY_1, BY_BANK, 201, "", "by bank");
    desk_certificate(&d, "JK2");
    desk_must(&d, KEY_2, "{\"certificate\":\"JK2\","
        "\"platforms\":[\"jinzhou\"],\"amount\":1250,"
        "\"channel\":\"alipay\"," INVOICE "}", 201, "", "by Alipay");

    d.now = NOW + 30 * MINUTE - 1;
    lapse();
    desk_must_hold(&d, 2, "neither has lapsed");
    d.now = NOW + 30 * MINUTE;
    lapse();
    desk_must_hold(&d, 3, "one has lapsed");
    lapse();
    desk_must_hold(&d, 3, "once");
    d.now = NOW + CAPLAT_TRANSFER_LAPSE;
    lapse();
    desk_must_hold(&d, 4, "both have lapsed");
    desk_end(&d);
}


int
main(void)
{
    if (!caplat_trust_open()) {
        return test_done();
    }

    test_clock();
    test_reprice();
    test_again();
    test_shut();
    test_query();
    test_vault_full();
    test_long();
    test_lapses();

    return test_done();
}
