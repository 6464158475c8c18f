/*
 * The list of an enterprise's orders: all of them come, by pages, however many
 * certificates and orders there are.
 */

#include "desk_room.h"


#define ORDERS  10300                   /* more than one page looks at */


static desk_room  d;


/* Each of its own certificate, all of one enterprise. */
static bool
decide(void *data, size_t at, caplat_batch *batch)
{
    uint64_t        number = caplat_ledger_next_order(d.ledger.ledger);
    some_order      order;
    caplat_record   record;

    (void) data;
    (void) at;
    some_created(&order, number, 7 * number, &record);

    return caplat_batch_add(batch, &record);
}


static void
lay(void)
{
    desk_make(&d);

    for (size_t left = ORDERS; left != 0; ) {
        size_t  count = left < CAPLAT_BATCH_MAX ? left : CAPLAT_BATCH_MAX;

        test_that(caplat_ledger_commit(d.ledger.ledger, decide, NULL, count,
                                       NOW_MS, false, &d.ledger.batch,
                                       &d.ledger.error), "orders");
        left -= caplat_batch_decided(d.ledger.batch);
    }

    d.a.claims.role = CAPLAT_MANAGER;
    d.a.claims.org_id = CAPLAT_LIT("913501000000100Y43");
}


/* A page's orders are those numbers, from the first down to the last, and
   `next` is so. */
static void
must_list(const char *query, uint64_t first, uint64_t last, const char *next,
    const char *words)
{
    caplat_identity      who = { .claims = &d.a.claims,
                                 .client_id = d.a.claims.client_id };
    caplat_slice         text, id;
    some_order           order;
    char                 end[64];
    caplat_denial        denial;
    uint64_t             number = first;
    const char          *at;

    caplat_job_close(d.job);

    if (!test_that(caplat_job_list(&d.conf, &who, test_slice(query), 1,
                                   &d.job, &d.a.faults, &denial), query))
    {
        return;
    }

    caplat_clerk_read(&d.clerk, d.job, &d.ledger.error);
    text = caplat_job_reply(d.job)->text;
    at = text.ptr;

    while ((at = memmem(at, (size_t) (text.ptr + text.len - at), "{\"id\":\"",
                        7)) != NULL)
    {
        at += 7;
        id = some_id(&order, number);
        test_text(caplat_slice_of(at, id.len), id, words);
        number--;
    }

    test_number(number + 1, last, words);
    (void) snprintf(end, sizeof(end), "],\"next\":%s}", next);
    desk_must_say(&d, end, words);
}


int
main(void)
{
    if (!caplat_trust_open()) {
        return test_done();
    }

    lay();
    must_list("limit=100", ORDERS, ORDERS - 99, "\"CA20261126010201\"",
        "the newest");
    must_list("limit=100&after=CA20261126010201", 10200, 10101,
        "\"CA20261126010101\"", "the next page");
    must_list("limit=100&after=CA20261126000151", 150, 51,
        "\"CA20261126000051\"", "far behind");
    must_list("limit=100&after=CA20261126000051", 50, 1, "null", "the last");
    must_list("state=paid", 0, 1, "\"CA20261126000301\"", "none so far");
    must_list("state=paid&after=CA20261126000301", 0, 1, "null", "none");
    desk_end(&d);

    return test_done();
}
