#include "caplat_job.h"

#include "caplat_job_inner.h"

#include <sodium.h>
#include <stdlib.h>


void
caplat_put_raw(caplat_writer *w, caplat_slice key, caplat_slice raw)
{
    caplat_put(w, key);

    if (raw.len == 0) {
        caplat_put(w, CAPLAT_LIT("null"));
        return;
    }

    caplat_put(w, CAPLAT_LIT("\""));
    caplat_put(w, raw);
    caplat_put(w, CAPLAT_LIT("\""));
}


bool
caplat_raw_of(caplat_slice text, caplat_raw *raw)
{
    char           room[CAPLAT_RAW_LEN_MAX + 2];
    caplat_writer  w = caplat_writer_of(room, sizeof(room));

    caplat_put_string(&w, text);

    if (w.full) {
        return false;
    }

    raw->len = w.len - 2;
    memcpy(raw->room, room + 1, raw->len);

    return true;
}


caplat_slice
caplat_raw_slice(const caplat_raw *raw)
{
    return caplat_slice_of(raw->room, raw->len);
}


bool
caplat_raw_is(caplat_slice raw, caplat_slice text)
{
    caplat_raw  escaped;

    return caplat_slice_eq(raw, text)
           ? memchr(text.ptr, '\\', text.len) == NULL
           : caplat_raw_of(text, &escaped)
             && caplat_slice_eq(raw, caplat_raw_slice(&escaped));
}


caplat_job *
caplat_job_make(caplat_job_kind kind, const caplat_order_conf *conf,
    const caplat_identity *who, int64_t now)
{
    caplat_job  *job = calloc(1, sizeof(*job));

    if (job == NULL) {
        return NULL;
    }

    job->kind = kind;
    job->conf = conf;
    job->now = now;
    job->reply.amount_fen = -1;

    if (who != NULL && !caplat_raw_of(who->client_id, &job->client)) {
        free(job);
        return NULL;
    }

    if (who != NULL && who->claims != NULL) {
        job->claims = caplat_claims_hold(who->claims);
    }

    return job;
}


static void
close_placing(caplat_placing *placing)
{
    if (placing == NULL) {
        return;
    }

    caplat_json_close(placing->body);

    if (placing->personal != NULL) {
        sodium_memzero(placing->personal, placing->personal_len);
        free(placing->personal);
    }

    free(placing->sealed.text);
    free(placing);
}


static void
close_saying(caplat_saying *saying)
{
    if (saying == NULL) {
        return;
    }

    if (saying->personal != NULL) {
        sodium_memzero(saying->personal, saying->personal_len);
        free(saying->personal);
    }

    free(saying->text);
    free(saying->sealed.text);
    free(saying);
}


void
caplat_job_close(caplat_job *job)
{
    if (job == NULL) {
        return;
    }

    close_placing(job->placing);
    close_saying(job->saying);
    caplat_claims_close((caplat_claims *) (uintptr_t) job->claims);
    free(job->body);
    free(job->text);
    free(job);
}


const caplat_reply *
caplat_job_reply(const caplat_job *job)
{
    return &job->reply;
}


bool
caplat_job_refuse(caplat_job *job, caplat_problem problem, const char *reason)
{
    job->reply.status = 0;
    job->reply.faults = job->faults.count != 0 ? &job->faults : NULL;

    return caplat_deny(&job->reply.denial, problem, reason);
}


caplat_writer
caplat_job_writer(caplat_job *job, size_t room)
{
    free(job->text);
    job->text = malloc(room);

    return caplat_writer_of(job->text, job->text != NULL ? room : 0);
}


void
caplat_job_answer(caplat_job *job, unsigned status, const caplat_writer *w)
{
    if (w->full) {
        (void) caplat_job_refuse(job, CAPLAT_PROBLEM_INTERNAL_ERROR,
            "answer-room");
        return;
    }

    job->reply.status = status;
    job->reply.text = caplat_written(w);
}


static bool
no_memory(caplat_denial *denial)
{
    return caplat_deny(denial, CAPLAT_PROBLEM_INTERNAL_ERROR, "no-memory");
}


/* A job about one order. */
static bool
make_of_id(caplat_job_kind kind, const caplat_order_conf *conf,
    const caplat_identity *who, caplat_slice id, int64_t now, caplat_job **job,
    caplat_denial *denial)
{
    caplat_job  *made;
    uint64_t     number;

    if (id.len > CAPLAT_ORDER_ID_LEN_MAX || !caplat_order_number(id, &number)) {
        return caplat_deny(denial, CAPLAT_PROBLEM_ORDER_NOT_FOUND, "order-id");
    }

    made = caplat_job_make(kind, conf, who, now);

    if (made == NULL) {
        return no_memory(denial);
    }

    made->number = number;
    memcpy(made->id, id.ptr, id.len);
    made->id_len = id.len;
    *job = made;

    return true;
}


bool
caplat_job_cancel(const caplat_order_conf *conf, const caplat_identity *who,
    caplat_slice id, int64_t now, caplat_job **job, caplat_denial *denial)
{
    return make_of_id(CAPLAT_JOB_CANCEL, conf, who, id, now, job, denial);
}


bool
caplat_job_order(const caplat_order_conf *conf, const caplat_identity *who,
    caplat_slice id, int64_t now, caplat_job **job, caplat_denial *denial)
{
    return make_of_id(CAPLAT_JOB_ORDER, conf, who, id, now, job, denial);
}


bool
caplat_job_events(const caplat_order_conf *conf, const caplat_identity *who,
    caplat_slice id, int64_t now, caplat_job **job, caplat_denial *denial)
{
    return make_of_id(CAPLAT_JOB_EVENTS, conf, who, id, now, job, denial);
}


bool
caplat_job_receipt(const caplat_order_conf *conf, const caplat_identity *who,
    caplat_slice id, int64_t now, caplat_job **job, caplat_denial *denial)
{
    return make_of_id(CAPLAT_JOB_RECEIPT, conf, who, id, now, job, denial);
}


bool
caplat_job_charge(const caplat_order_conf *conf, const caplat_identity *who,
    caplat_slice id, int64_t now, caplat_job **job, caplat_denial *denial)
{
    return make_of_id(CAPLAT_JOB_CHARGE, conf, who, id, now, job, denial);
}


bool
caplat_job_lapse(const caplat_order_conf *conf, int64_t now, caplat_job **job)
{
    caplat_job  *made = caplat_job_make(CAPLAT_JOB_LAPSE, conf, NULL, now);

    if (made == NULL) {
        return false;
    }

    *job = made;

    return true;
}
