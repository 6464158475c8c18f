#include "caplat_job_inner.h"

#include "caplat_answer.h"
#include "caplat_body.h"

#include <stdlib.h>


/* Claims with what the log has opened since the token was made. */
typedef struct {
    caplat_claims    claims;
    caplat_cert_row  row;
    char             held[CAPLAT_CERTS_MAX][2 * CAPLAT_HELD_LEN_MAX];
} united;


/* The ids of the log's row, behind the token's own. */
static void
add_held(caplat_cert *cert, caplat_slice opened, char *room)
{
    caplat_cursor  c = caplat_cursor_of(opened);
    caplat_writer  w = caplat_writer_of(room, 2 * CAPLAT_HELD_LEN_MAX);
    size_t         count = cert->held_count;
    caplat_slice   id;

    caplat_put(&w, cert->held);

    while (caplat_cursor_left(&c) != 0 && count < CAPLAT_CERT_HELD_MAX) {
        caplat_cert_take(&c, &id);

        if (!caplat_cert_holds(cert->held, id)) {
            caplat_put(&w, count == 0 ? CAPLAT_LIT("") : CAPLAT_LIT(","));
            caplat_put(&w, id);
            count++;
        }
    }

    if (!w.full) {
        cert->held = caplat_written(&w);
        cert->held_count = count;
    }
}


static bool
unite(const caplat_claims *claims, const caplat_view *view, united *out)
{
    caplat_raw  org, ca, serial;

    out->claims = *claims;

    if (!caplat_raw_of(claims->org_id, &org)) {
        return false;
    }

    for (size_t i = 0; i < claims->cert_count; i++) {
        caplat_cert  *cert = &out->claims.certs[i];

        if (caplat_raw_of(cert->ca, &ca)
            && caplat_raw_of(cert->serial, &serial)
            && caplat_view_cert(view, caplat_raw_slice(&org),
                                caplat_raw_slice(&ca),
                                caplat_raw_slice(&serial), &out->row))
        {
            add_held(cert, caplat_slice_of(out->row.held, out->row.held_len),
                     out->held[i]);
        }
    }

    return true;
}


static caplat_job *
make(caplat_job_kind kind, const caplat_order_conf *conf,
    const caplat_rates *rates, const caplat_identity *who, int64_t now)
{
    caplat_job  *job = caplat_job_make(kind, conf, who, now);

    if (job != NULL) {
        job->rates = rates;
        job->scopes = who->scopes;
    }

    return job;
}


bool
caplat_job_session(const caplat_order_conf *conf, const caplat_rates *rates,
    const caplat_identity *who, int64_t now, caplat_job **job,
    caplat_denial *denial)
{
    *job = make(CAPLAT_JOB_SESSION, conf, rates, who, now);

    return *job != NULL
        || caplat_deny(denial, CAPLAT_PROBLEM_INTERNAL_ERROR, "memory");
}


bool
caplat_job_quote(const caplat_order_conf *conf, const caplat_rates *rates,
    const caplat_identity *who, caplat_slice body, int64_t now,
    caplat_job **job, caplat_denial *denial)
{
    caplat_job  *made = make(CAPLAT_JOB_QUOTE, conf, rates, who, now);

    if (made != NULL) {
        made->body = malloc(body.len + 1);
        made->body_len = body.len;
    }

    if (made == NULL || made->body == NULL) {
        caplat_job_close(made);
        return caplat_deny(denial, CAPLAT_PROBLEM_INTERNAL_ERROR, "memory");
    }

    memcpy(made->body, body.ptr, body.len);
    *job = made;

    return true;
}


void
caplat_job_current(caplat_job *job, const caplat_view *view)
{
    united         *now = malloc(sizeof(*now));
    caplat_writer   w = caplat_job_writer(job, CAPLAT_ANSWER_ROOM);
    caplat_denial   denial;
    bool            is_answered;

    if (now == NULL || !unite(job->claims, view, now)) {
        free(now);
        (void) caplat_job_refuse(job, CAPLAT_PROBLEM_INTERNAL_ERROR, "memory");
        return;
    }

    is_answered = job->kind == CAPLAT_JOB_SESSION
        ? caplat_answer_session(job->rates, &now->claims, job->scopes,
                                job->conf->channels, job->now, &w, &denial)
        : caplat_answer_quote(job->rates, &now->claims,
                              caplat_slice_of(job->body, job->body_len),
                              job->now, &w, &job->reply.amount_fen,
                              &job->faults, &denial);
    free(now);

    if (is_answered) {
        caplat_job_answer(job, 200, &w);

    } else {
        (void) caplat_job_refuse(job, denial.problem, denial.reason);
    }
}
