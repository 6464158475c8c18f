#include "caplat_job_inner.h"

#include "caplat_member.h"
#include "caplat_query.h"

#include <stdlib.h>


#define CHAINS     64                   /* certificates of an enterprise that
                                           most have room in */
#define STEPS_MAX  10000                /* orders that one page looks at */


static bool
bad(caplat_faults *faults, const char *name, const char *detail,
    caplat_denial *denial)
{
    caplat_fault_add(faults, caplat_slice_of_word(name), "not-one-of", detail);

    return caplat_deny(denial, CAPLAT_PROBLEM_VALIDATION_FAILED,
        "not-one-of");
}


typedef struct {
    bool   state;
    bool   after;
    bool   limit;
} given;


/* One `key=value`, each at most once. */
static bool
read_pair(caplat_job *job, caplat_slice key, caplat_slice value, given *seen,
    caplat_faults *faults, caplat_denial *denial)
{
    if (caplat_slice_eq(key, CAPLAT_LIT("state")) && !seen->state) {
        seen->state = true;
        job->state = caplat_state_find(value);

        return job->state != CAPLAT_STATE_NONE
            || bad(faults, "state", "The state of an order.", denial);
    }

    if (caplat_slice_eq(key, CAPLAT_LIT("after")) && !seen->after) {
        seen->after = true;

        /* Behind what names no order there is none: not a fault, as it is
           none for an order that the caller may not see. */
        if (value.len > CAPLAT_ORDER_ID_LEN_MAX
            || !caplat_order_number(value, &job->after))
        {
            job->after = 1;
        }

        return true;
    }

    if (caplat_slice_eq(key, CAPLAT_LIT("limit")) && !seen->limit) {
        seen->limit = true;

        return caplat_query_number(value, 1, CAPLAT_LIST_MAX, &job->limit)
            || bad(faults, "limit", "A number from 1 to 100.", denial);
    }

    caplat_fault_add_code(faults, CAPLAT_LIT("query"), CAPLAT_UNKNOWN_KEY);

    return caplat_deny(denial, CAPLAT_PROBLEM_VALIDATION_FAILED,
        "unknown-key");
}


static bool
read_query(caplat_job *job, caplat_slice query, caplat_faults *faults,
    caplat_denial *denial)
{
    caplat_cursor  c = caplat_cursor_of(query);
    caplat_slice   key, value;
    given          seen = { false, false, false };

    while (caplat_query_next(&c, &key, &value)) {
        if (!read_pair(job, key, value, &seen, faults, denial)) {
            return false;
        }
    }

    return true;
}


bool
caplat_job_list(const caplat_order_conf *conf, const caplat_identity *who,
    caplat_slice query, int64_t now, caplat_job **job, caplat_faults *faults,
    caplat_denial *denial)
{
    caplat_job  *made = caplat_job_make(CAPLAT_JOB_LIST, conf, who, now);

    caplat_assert(who->claims != NULL);
    caplat_faults_clear(faults, true);

    if (made == NULL) {
        return caplat_deny(denial, CAPLAT_PROBLEM_INTERNAL_ERROR, "no-memory");
    }

    made->limit = CAPLAT_LIST_DEFAULT;

    if (!read_query(made, query, faults, denial)) {
        caplat_job_close(made);
        return false;
    }

    *job = made;

    return true;
}


/* The orders of all certificates, from the newest back: a heap of each one's
   newest that has not been taken yet. */
typedef struct {
    uint64_t  *heads;                   /* malloc'ed */
    size_t     count;
    size_t     room;
} chains;


/* Where its head has been replaced by an older order. */
static void
sink(chains *all, size_t at)
{
    for ( ;; ) {
        size_t    newest = at;
        uint64_t  head = all->heads[at];

        for (size_t i = 2 * at + 1; i <= 2 * at + 2 && i < all->count; i++) {
            if (all->heads[i] > all->heads[newest]) {
                newest = i;
            }
        }

        if (newest == at) {
            return;
        }

        all->heads[at] = all->heads[newest];
        all->heads[newest] = head;
        at = newest;
    }
}


static bool
add_chain(chains *all, uint64_t head)
{
    if (all->count == all->room) {
        size_t     room = all->room != 0 ? 2 * all->room : CHAINS;
        uint64_t  *heads = realloc(all->heads, room * sizeof(*heads));

        if (heads == NULL) {
            return false;
        }

        all->heads = heads;
        all->room = room;
    }

    all->heads[all->count++] = head;

    return true;
}


/* False: there is no memory. */
static bool
find_chains(const caplat_job *job, const caplat_view *view, chains *all)
{
    caplat_org_place  place = { 0, { 0, 0 } };
    caplat_cert_row   row;
    caplat_raw        org;

    *all = (chains) { NULL, 0, 0 };

    if (!caplat_raw_of(job->claims->org_id, &org)) {
        return true;
    }

    while (caplat_view_next_cert(view, caplat_raw_slice(&org), &place, &row)) {
        caplat_slice  ca, cert;

        caplat_cert_row_names(&row, &ca, &cert);

        if (caplat_job_sees(job, caplat_raw_slice(&org), ca, cert)
            && !add_chain(all, row.last))
        {
            return false;
        }
    }

    for (size_t at = all->count / 2; at-- != 0; ) {
        sink(all, at);
    }

    return true;
}


/* The newest order of all chains, which goes on with the one before. */
static bool
next_order(const caplat_view *view, chains *all, uint64_t *number,
    caplat_order_row *row)
{
    if (all->count == 0 || !caplat_view_order(view, all->heads[0], row)) {
        return false;
    }

    *number = all->heads[0];
    all->heads[0] = row->before != 0 ? row->before
                                     : all->heads[--all->count];
    sink(all, 0);

    return true;
}


static bool
put_order(const caplat_clerk *clerk, caplat_job *job, const caplat_view *view,
    const caplat_order_row *row, caplat_state state, bool is_first,
    caplat_writer *w, caplat_ledger_error *error)
{
    char                *room = malloc(CAPLAT_RECORD_LEN_MAX);
    caplat_order_money   money;
    caplat_record        record;
    caplat_slice         line;
    bool                 is_read;

    if (room == NULL) {
        return caplat_job_refuse(job, CAPLAT_PROBLEM_INTERNAL_ERROR,
            "no-memory");
    }

    is_read = caplat_job_created(clerk, job, view, row, room, &record, &line,
                                 error)
        && (caplat_order_money_read(clerk, view, row, &money, error)
            || caplat_job_refuse(job, CAPLAT_PROBLEM_LOG_UNAVAILABLE,
                                 "log-read"));

    if (is_read) {
        caplat_put(w, is_first ? CAPLAT_LIT("") : CAPLAT_LIT(","));
        caplat_order_write(w, &record, state, &money);
        caplat_put(w, CAPLAT_LIT("}"));
    }

    free(room);

    return is_read;
}


/* The orders of a page, behind job->after; false: the job is refused. `next` is
   the last one that was looked at, or empty: there are no more. */
static bool
put_page(const caplat_clerk *clerk, caplat_job *job, const caplat_view *view,
    chains *all, caplat_writer *w, caplat_writer *next,
    caplat_ledger_error *error)
{
    uint64_t           durable = caplat_ledger_durable(clerk->ledger);
    size_t             count = 0, steps = 0;
    caplat_order_row   row;
    uint64_t           number;

    while (next_order(view, all, &number, &row)) {
        caplat_state  state = caplat_order_state(&row, durable, job->now);

        if (job->after != 0 && number >= job->after) {
            continue;
        }

        if (count == job->limit || steps++ == STEPS_MAX
            || w->room - w->len < CAPLAT_RECORD_LEN_MAX + CAPLAT_ORDER_EXTRA)
        {
            return true;
        }

        next->len = 0;
        caplat_put(next, caplat_slice_of(row.id, row.id_len));

        if (state == CAPLAT_STATE_NONE
            || (job->state != CAPLAT_STATE_NONE && state != job->state))
        {
            continue;
        }

        if (!put_order(clerk, job, view, &row, state, count == 0, w, error)) {
            return false;
        }

        count++;
    }

    next->len = 0;

    return true;
}


void
caplat_job_page(const caplat_clerk *clerk, caplat_job *job,
    const caplat_view *view, caplat_ledger_error *error)
{
    caplat_writer  w = caplat_job_writer(job, CAPLAT_PAGE_ROOM);
    char           room[CAPLAT_ORDER_ID_LEN_MAX];
    caplat_writer  next = caplat_writer_of(room, sizeof(room));
    chains         all;

    caplat_put(&w, CAPLAT_LIT("{\"orders\":["));

    if (!find_chains(job, view, &all)) {
        (void) caplat_job_refuse(job, CAPLAT_PROBLEM_INTERNAL_ERROR,
            "no-memory");

    } else if (put_page(clerk, job, view, &all, &w, &next, error)) {
        caplat_put(&w, CAPLAT_LIT("],\"next\":"));

        if (next.len != 0) {
            caplat_put_string(&w, caplat_written(&next));

        } else {
            caplat_put(&w, CAPLAT_LIT("null"));
        }

        caplat_put(&w, CAPLAT_LIT("}"));
        caplat_job_answer(job, 200, &w);
    }

    free(all.heads);
}
