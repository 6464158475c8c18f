#include "caplat_job_inner.h"

#include "caplat_member.h"
#include "caplat_query.h"


/* One line as JSON: names of a certificate that fit a key of the index, an id
   of an order, two numbers, and our own words. */
#define LINE_LEN_MAX  (CAPLAT_CERT_KEY_MAX + CAPLAT_ORDER_ID_LEN_MAX + 160)


typedef struct {
    bool   after;
    bool   limit;
    bool   wait;
} given;


static bool
bad(caplat_faults *faults, const char *name, const char *detail,
    caplat_denial *denial)
{
    caplat_fault_add(faults, caplat_slice_of_word(name), "not-one-of", detail);

    return caplat_deny(denial, CAPLAT_PROBLEM_VALIDATION_FAILED,
        "not-one-of");
}


static bool
bad_cursor(caplat_faults *faults, caplat_denial *denial)
{
    return bad(faults, "after", "A cursor that these openings have given.",
               denial);
}


/* One `key=value`, each at most once. */
static bool
read_pair(caplat_job *job, caplat_slice key, caplat_slice value, given *seen,
    caplat_faults *faults, caplat_denial *denial)
{
    if (caplat_slice_eq(key, CAPLAT_LIT("after")) && !seen->after) {
        seen->after = true;

        return caplat_query_number(value, 0, CAPLAT_JSON_INT_MAX, &job->after)
            || bad_cursor(faults, denial);
    }

    if (caplat_slice_eq(key, CAPLAT_LIT("limit")) && !seen->limit) {
        seen->limit = true;

        return caplat_query_number(value, 1, CAPLAT_OPENINGS_MAX, &job->limit)
            || bad(faults, "limit", "A number from 1 to 500.", denial);
    }

    if (caplat_slice_eq(key, CAPLAT_LIT("wait")) && !seen->wait) {
        seen->wait = true;

        return caplat_query_number(value, 1, CAPLAT_WAIT_MAX, &job->wait)
            || bad(faults, "wait", "Seconds from 1 to 60.", denial);
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
caplat_job_openings(const caplat_order_conf *conf, const caplat_identity *who,
    caplat_slice platform, caplat_slice query, int64_t now, caplat_job **job,
    caplat_faults *faults, caplat_denial *denial)
{
    caplat_job  *made;

    caplat_faults_clear(faults, true);

    if (who->partner == NULL || !caplat_jwk_serves(who->partner, platform)) {
        return caplat_deny(denial, CAPLAT_PROBLEM_NOT_FOUND,
            "platform-foreign");
    }

    made = caplat_job_make(CAPLAT_JOB_OPENINGS, conf, who, now);

    if (made == NULL) {
        return caplat_deny(denial, CAPLAT_PROBLEM_INTERNAL_ERROR, "no-memory");
    }

    caplat_assert(platform.len <= sizeof(made->platform));
    memcpy(made->platform, platform.ptr, platform.len);
    made->platform_len = platform.len;
    made->limit = CAPLAT_OPENINGS_DEFAULT;

    if (!read_query(made, query, faults, denial)) {
        caplat_job_close(made);
        return false;
    }

    *job = made;

    return true;
}


/* How much of the log may be told: what is on the disk, and is seen. */
static uint64_t
size_of(const caplat_clerk *clerk, const caplat_view *view)
{
    uint64_t     durable = caplat_ledger_durable(clerk->ledger);
    caplat_head  head;

    caplat_view_head(view, &head);

    return durable < head.frontier.size ? durable : head.frontier.size;
}


/* The next record for the platform. */
static bool
next_opening(const caplat_job *job, const caplat_view *view, uint64_t size,
    uint64_t from, uint64_t *index)
{
    return caplat_view_opening(view, caplat_slice_of(job->platform,
                                                     job->platform_len),
                               from, index)
        && *index < size;
}


/* Whether it is a cursor of ours: what another platform was told, or a log that
   has gone since, would let some records pass unseen. */
static bool
is_cursor(const caplat_job *job, const caplat_view *view, uint64_t size)
{
    uint64_t  index;

    return job->after == 0
        || (next_opening(job, view, size, job->after, &index)
            && index == job->after);
}


static void
put_cursor(caplat_writer *w, caplat_slice key, uint64_t index)
{
    caplat_put(w, key);
    caplat_put(w, CAPLAT_LIT("\""));
    caplat_put_number(w, index);
    caplat_put(w, CAPLAT_LIT("\""));
}


/* What the record says, of the certificate that its order is for. */
static void
put_line(caplat_writer *w, const caplat_record *record,
    const caplat_order_row *row)
{
    caplat_slice  org, ca, cert;

    caplat_order_row_cert(row, &org, &ca, &cert);

    put_cursor(w, CAPLAT_LIT("{\"cursor\":"), record->index);
    caplat_member(w, CAPLAT_LIT(",\"event\":"),
        record->type == CAPLAT_EVENT_PLATFORMS_OPENED
        ? CAPLAT_LIT("opened") : CAPLAT_LIT("closed"));
    caplat_put_raw(w, CAPLAT_LIT(",\"certificate\":"), cert);
    caplat_put_raw(w, CAPLAT_LIT(",\"ca\":"), ca);
    caplat_put_raw(w, CAPLAT_LIT(",\"enterprise\":"), org);
    caplat_put_raw(w, CAPLAT_LIT(",\"order\":"), record->order);
    caplat_member_number(w, CAPLAT_LIT(",\"at\":"), record->time_ms);
    caplat_put(w, CAPLAT_LIT("}"));
}


static bool
add_line(const caplat_clerk *clerk, caplat_job *job, const caplat_view *view,
    uint64_t index, char *room, caplat_writer *w, caplat_ledger_error *error)
{
    caplat_order_row  row;
    caplat_record     record;
    caplat_slice      line;
    caplat_err        err;
    uint64_t          number;

    if (!caplat_ledger_line(clerk->ledger, view, index, room, &line, error)
        || !caplat_record_read(line, &record, &err)
        || !caplat_order_number(record.order, &number)
        || !caplat_view_order(view, number, &row))
    {
        return caplat_job_refuse(job, CAPLAT_PROBLEM_LOG_UNAVAILABLE,
            "log-read");
    }

    put_line(w, &record, &row);

    return true;
}


void
caplat_job_show_openings(const caplat_clerk *clerk, caplat_job *job,
    const caplat_view *view, char *room, caplat_ledger_error *error)
{
    uint64_t       size = size_of(clerk, view);
    uint64_t       last = job->after, index, count = 0;
    caplat_writer  w;

    if (!is_cursor(job, view, size)) {
        caplat_denial  denial;

        caplat_faults_clear(&job->faults, true);
        (void) bad_cursor(&job->faults, &denial);
        (void) caplat_job_refuse(job, denial.problem, denial.reason);
        return;
    }

    w = caplat_job_writer(job, (job->limit + 1) * LINE_LEN_MAX);
    caplat_put(&w, CAPLAT_LIT("{\"openings\":["));

    while (count < job->limit
           && next_opening(job, view, size, last + 1, &index))
    {
        caplat_put(&w, count == 0 ? CAPLAT_LIT("") : CAPLAT_LIT(","));

        if (!add_line(clerk, job, view, index, room, &w, error)) {
            return;
        }

        last = index;
        count++;
    }

    put_cursor(&w, CAPLAT_LIT("],\"next\":"), last);
    caplat_put(&w, CAPLAT_LIT("}"));

    job->reply.wait = count == 0 ? job->wait : 0;
    job->reply.seen = size;
    caplat_job_answer(job, 200, &w);
}
