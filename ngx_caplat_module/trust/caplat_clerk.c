#include "caplat_job_inner.h"


/* The jobs of a commit, as its decisions see them. */
typedef struct {
    caplat_clerk       *clerk;
    caplat_job *const  *jobs;           /* those that wait */
    size_t              count;
} desk;


/* Whether an order that an answer leans on is on the disk; 0: it leans on
   none. */
static bool
is_on_disk(const desk *d, const caplat_view *view, uint64_t number)
{
    caplat_order_row  row;

    return number == 0
        || (caplat_view_order(view, number, &row)
            && row.events[0].index < caplat_ledger_durable(d->clerk->ledger));
}


/* What the job comes to where nothing can be recorded. */
static void
answer_one_by_reading(const desk *d, caplat_job *job, const caplat_view *view,
    int64_t now_ms)
{
    caplat_verdict       verdict = CAPLAT_VERDICT_ORDER;
    caplat_ledger_error  ignored;

    job->reply.text = caplat_slice_of("", 0);

    if (job->kind == CAPLAT_JOB_PLACE && view != NULL) {
        verdict = caplat_order_judge_known(job, view, now_ms);
    }

    if (verdict == CAPLAT_VERDICT_ORDER || !is_on_disk(d, view, job->number)) {
        (void) caplat_job_refuse(job, CAPLAT_PROBLEM_LOG_UNAVAILABLE,
            "log-unavailable");
        job->reply.faults = NULL;

    } else if (verdict == CAPLAT_VERDICT_REPLAY) {
        job->reply.denial = (caplat_denial) { CAPLAT_NO_PROBLEM, NULL };
        caplat_job_replay(d->clerk, job, view, &ignored);
    }
}


static void
answer_by_reading(const desk *d, int64_t now_ms)
{
    caplat_view          *view;
    caplat_ledger_error   ignored;

    if (!caplat_ledger_view(d->clerk->ledger, &view, &ignored)) {
        view = NULL;
    }

    for (size_t i = 0; i < d->count; i++) {
        answer_one_by_reading(d, d->jobs[i], view, now_ms);
    }

    caplat_view_end(view);
}


/* A number of its own, and what is personal sealed to it. */
static bool
seal_order(caplat_clerk *clerk, caplat_job *job, int64_t now_ms,
    const char **why)
{
    caplat_placing  *placing = job->placing;
    caplat_writer    id = caplat_writer_of(placing->id, sizeof(placing->id));

    caplat_order_id_write(&id, clerk->conf->prefix,
        caplat_day_in_beijing(now_ms / 1000),
        caplat_ledger_next_order(clerk->ledger));
    placing->id_len = id.len;

    return caplat_seal_for(clerk, caplat_written(&id),
        caplat_slice_of(placing->personal, placing->personal_len), now_ms,
        &placing->sealed, why);
}


static bool
seal_saying(caplat_clerk *clerk, caplat_saying *saying, int64_t now_ms,
    const char **why)
{
    caplat_booking  *booking = &saying->booking;
    caplat_sealed   *sealed = &saying->sealed;

    if (!caplat_seal_for(clerk, booking->order,
                         caplat_slice_of(saying->personal,
                                         saying->personal_len), now_ms,
                         sealed, why))
    {
        return false;
    }

    booking->epoch = caplat_slice_of(sealed->epoch, sealed->epoch_len);
    booking->seal = sealed->seal;
    booking->sealed = caplat_slice_of(sealed->text, sealed->len);

    return true;
}


/* What is sealed of the jobs of a commit. */
typedef struct {
    bool                  is_any;       /* a slot was written */
    caplat_ledger_fault   fault;        /* when one cannot be */
    const char           *why;
} sealing;


/* Whether the vault's disk, which may be one of its own, has room beyond what
   is to stay free. */
static bool
has_room(const caplat_clerk *clerk, sealing *s)
{
    uint64_t  room;

    if (!caplat_vault_room(clerk->vault, &room, &s->why)) {
        return false;
    }

    s->fault = CAPLAT_LEDGER_FULL;
    s->why = "the disk has less room than is to stay free (reserve=)";

    return room >= caplat_ledger_reserve(clerk->ledger);
}


/* Seal for a job that will be recorded, as far as can be told. */
static bool
seal(caplat_clerk *clerk, caplat_job *job, const caplat_view *view,
    int64_t now_ms, sealing *s)
{
    bool  is_order = job->kind == CAPLAT_JOB_PLACE
        && caplat_order_judge(job, view, now_ms) == CAPLAT_VERDICT_ORDER;

    if (!is_order
        && (job->kind != CAPLAT_JOB_BOOK || job->saying->personal == NULL
            || !caplat_booking_is_news(&job->saying->booking, view)))
    {
        return true;
    }

    if (!s->is_any && !has_room(clerk, s)) {
        return false;
    }

    s->is_any = true;
    s->fault = CAPLAT_LEDGER_IO;

    return is_order ? seal_order(clerk, job, now_ms, &s->why)
                    : seal_saying(clerk, job->saying, now_ms, &s->why);
}


static bool
refuse_slot(const sealing *s, caplat_ledger_error *error)
{
    caplat_writer  w = caplat_writer_of(error->words, sizeof(error->words));

    caplat_put(&w, CAPLAT_LIT("vault: "));
    caplat_put(&w, caplat_slice_of_word(s->why));
    error->fault = s->fault;
    error->len = w.len;

    return false;
}


/*
 * Before the lock, and only when a commit can begin: seal for those that will
 * be recorded, as far as can be told. The others cost no slot and no sync; what
 * is decided counts in the lock.
 */
static bool
prepare(const desk *d, int64_t now_ms, caplat_ledger_error *error)
{
    sealing       s = { false, CAPLAT_LEDGER_IO, NULL };
    bool          is_done = true;
    caplat_view  *view;

    if (!caplat_ledger_is_ready(d->clerk->ledger, error)
        || !caplat_ledger_view(d->clerk->ledger, &view, error))
    {
        return false;
    }

    for (size_t i = 0; i < d->count && is_done; i++) {
        is_done = seal(d->clerk, d->jobs[i], view, now_ms, &s);
    }

    caplat_view_end(view);

    if (!is_done) {
        return refuse_slot(&s, error);
    }

    return !s.is_any || caplat_vault_sync(d->clerk->vault, &s.why)
        || caplat_ledger_shut(d->clerk->ledger, "vault", s.why, error);
}


/*
 * A notice without its payer is not recorded: the order it is about was not
 * there when it was looked at, and the channel asks again.
 */
static bool
decide_book(const caplat_clerk *clerk, caplat_job *job, caplat_batch *batch)
{
    caplat_saying  *saying = job->saying;

    if (saying->personal != NULL && !saying->sealed.is_done
        && caplat_booking_is_news(&saying->booking, caplat_batch_view(batch)))
    {
        saying->booked.outcome = CAPLAT_NOT_READ;
        return true;
    }

    return caplat_booking_record(clerk->ledger, &saying->booking, batch,
                                 &saying->booked);
}


static bool
decide_place(caplat_job *job, caplat_batch *batch)
{
    job->verdict = caplat_order_judge(job, caplat_batch_view(batch),
        caplat_batch_now(batch));

    if (job->verdict != CAPLAT_VERDICT_ORDER) {
        return true;
    }

    if (!job->placing->sealed.is_done) {
        /* What hindered it has gone since it was looked at. */
        job->verdict = CAPLAT_VERDICT_REFUSE;
        (void) caplat_job_refuse(job, CAPLAT_PROBLEM_IDEMPOTENCY_IN_PROGRESS,
            "order-overtaken");

        return true;
    }

    return caplat_order_record(job, batch);
}


static bool
decide(void *data, size_t at, caplat_batch *batch)
{
    const desk  *d = data;
    caplat_job  *job = d->jobs[at];

    job->reply.denial = (caplat_denial) { CAPLAT_NO_PROBLEM, NULL };

    switch (job->kind) {

    case CAPLAT_JOB_PLACE:
        return decide_place(job, batch);

    case CAPLAT_JOB_CANCEL:
        return caplat_cancel_record(job, batch);

    case CAPLAT_JOB_BOOK:
        return decide_book(d->clerk, job, batch);

    default:
        caplat_assert(job->kind == CAPLAT_JOB_LAPSE);
        return caplat_lapse_record(batch);
    }
}


/* 201, out of the very line that was written. */
static void
answer_created(caplat_job *job, const caplat_batch *batch)
{
    caplat_slice   line = caplat_batch_line(batch, job->index);
    caplat_node    path[CAPLAT_PATH_LEN_MAX];
    size_t         count;
    caplat_record  record;
    caplat_err     err;
    caplat_writer  w;

    caplat_assert(caplat_record_read(line, &record, &err));
    caplat_assert(caplat_batch_path(batch, job->index, path, &count));

    w = caplat_job_writer(job, line.len + CAPLAT_ORDER_EXTRA
                               + CAPLAT_PROOF_EXTRA);
    caplat_order_write(&w, &record, record.amount_fen == 0
        ? CAPLAT_STATE_OPENED : CAPLAT_STATE_CREATED, NULL);
    caplat_order_write_proof(&w, caplat_batch_checkpoint(batch), path, count);
    caplat_job_answer(job, 201, &w);
}


static bool
needs_view(const caplat_job *job)
{
    return job->reply.denial.problem == CAPLAT_NO_PROBLEM
        && (job->kind == CAPLAT_JOB_CANCEL
            || (job->kind == CAPLAT_JOB_PLACE
                && job->verdict == CAPLAT_VERDICT_REPLAY));
}


/* Those that were decided. */
static void
answer(const desk *d, const caplat_batch *batch, caplat_ledger_error *error)
{
    caplat_view  *view = NULL;

    for (size_t i = 0; i < caplat_batch_decided(batch); i++) {
        caplat_job  *job = d->jobs[i];

        if (job->kind == CAPLAT_JOB_PLACE
            && job->verdict == CAPLAT_VERDICT_ORDER)
        {
            answer_created(job, batch);
            continue;
        }

        if (job->kind == CAPLAT_JOB_BOOK) {
            caplat_job_booked(job);
            continue;
        }

        if (!needs_view(job)) {
            continue;
        }

        if (view == NULL
            && !caplat_ledger_view(d->clerk->ledger, &view, error))
        {
            (void) caplat_job_refuse(job, CAPLAT_PROBLEM_LOG_UNAVAILABLE,
                "index");

        } else if (job->kind == CAPLAT_JOB_CANCEL) {
            caplat_job_show(d->clerk, job, view, error);

        } else {
            caplat_job_replay(d->clerk, job, view, error);
        }
    }

    caplat_view_end(view);
}


void
caplat_clerk_commit(caplat_clerk *clerk, caplat_job *const *jobs,
    size_t count, int64_t now_ms, bool more, caplat_ledger_error *error)
{
    desk           d = { clerk, jobs, count };
    caplat_batch  *batch;

    error->fault = CAPLAT_LEDGER_OK;
    error->len = 0;

    if (!prepare(&d, now_ms, error)) {
        answer_by_reading(&d, now_ms);
        return;
    }

    while (d.count != 0) {
        size_t  done;

        if (!caplat_ledger_commit(clerk->ledger, decide, &d, d.count, now_ms,
                                  more, &batch, error))
        {
            answer_by_reading(&d, now_ms);
            return;
        }

        answer(&d, batch, error);
        done = caplat_batch_decided(batch);
        d.jobs += done;
        d.count -= done;
    }
}
