#include "ngx_http_caplat_work.h"


#define NGX_HTTP_CAPLAT_SAY_SHUT     60000      /* ms between lines */
#define NGX_HTTP_CAPLAT_SAY_FAULT    5000
#define NGX_HTTP_CAPLAT_SAY_CLOCK    60000

#define NGX_HTTP_CAPLAT_AHEAD        60000      /* ms that are told */


/* Loss is crit, a full disk is an error; a few lines, not one a request. */
static void
ngx_http_caplat_tell(const char *what, const caplat_ledger_error *error,
    ngx_msec_t *told, ngx_msec_t pause)
{
    static const char  *faults[] = { "ok", "full", "io", "closed",
                                     "damaged", "unpublished" };

    ngx_uint_t  level;

    if (*told != 0 && ngx_current_msec - *told < pause) {
        return;
    }

    *told = ngx_current_msec;

    level = error->fault == CAPLAT_LEDGER_FULL ? NGX_LOG_ERR : NGX_LOG_CRIT;

    ngx_log_error(level, ngx_cycle->log, 0, "caplat: %s fault=%s: %*s",
                  what, faults[error->fault], error->len, error->words);
}


static void
ngx_http_caplat_refuse_work(ngx_http_caplat_journal_t *journal,
    ngx_http_caplat_work_t *work)
{
    caplat_reply  reply;

    ngx_memzero(&reply, sizeof(caplat_reply));
    reply.amount_fen = -1;
    (void) caplat_deny(&reply.denial, CAPLAT_PROBLEM_LOG_UNAVAILABLE,
                       "log-unavailable");

    journal->waiting--;
    ngx_http_caplat_finish(work, &reply);
}


static void
ngx_http_caplat_refuse_all(ngx_http_caplat_journal_t *journal,
    ngx_queue_t *queue)
{
    ngx_queue_t  *q;

    while (!ngx_queue_empty(queue)) {
        q = ngx_queue_head(queue);
        ngx_queue_remove(q);

        ngx_http_caplat_refuse_work(journal,
                     ngx_queue_data(q, ngx_http_caplat_work_t, queue));
    }
}


/* In a thread: the ledger, then the vault, which no commit does without. */
static void
ngx_http_caplat_open_in_thread(void *data, ngx_log_t *log)
{
    ngx_http_caplat_journal_t  *journal = data;

    const char                      *why;
    const ngx_http_caplat_ledger_t  *conf;

    conf = journal->conf;

    if (!caplat_ledger_open(&conf->conf, NULL, NULL, &journal->clerk.ledger,
                            &journal->error))
    {
        journal->clerk.ledger = NULL;
        return;
    }

    if (caplat_vault_open((const char *) conf->vault.data, &conf->epoch,
                          &journal->clerk.vault, &why))
    {
        return;
    }

    journal->error.fault = CAPLAT_LEDGER_IO;
    journal->error.len = ngx_snprintf((u_char *) journal->error.words,
                                      sizeof(journal->error.words),
                                      "%V: %s", &conf->vault, why)
                         - (u_char *) journal->error.words;

    caplat_ledger_close(journal->clerk.ledger);
    journal->clerk.ledger = NULL;
    journal->clerk.vault = NULL;
}


static void
ngx_http_caplat_fail(ngx_http_caplat_journal_t *journal)
{
    journal->state = NGX_HTTP_CAPLAT_FAILED;
    journal->failed = ngx_current_msec;

    ngx_http_caplat_tell("no orders", &journal->error, &journal->told_shut,
                         NGX_HTTP_CAPLAT_SAY_SHUT);

    ngx_http_caplat_refuse_all(journal, &journal->writes);
    ngx_http_caplat_refuse_all(journal, &journal->reads);
}


static void
ngx_http_caplat_opened(ngx_event_t *ev)
{
    caplat_slice                torn;
    ngx_http_caplat_journal_t  *journal;

    journal = ev->data;

    if (!ngx_http_caplat_task_done(ev)) {
        return;
    }

    if (journal->clerk.ledger == NULL) {
        ngx_http_caplat_fail(journal);
        return;
    }

    torn = caplat_ledger_torn(journal->clerk.ledger);

    if (torn.len != 0) {
        ngx_log_error(NGX_LOG_WARN, ngx_cycle->log, 0,
                      "caplat: what a crash has left was moved away: %*s",
                      torn.len, torn.ptr);
    }

    journal->clerk.conf = &journal->conf->orders;
    journal->state = NGX_HTTP_CAPLAT_READY;

    ngx_http_caplat_go_on(journal);
}


static void
ngx_http_caplat_commit_in_thread(void *data, ngx_log_t *log)
{
    ngx_http_caplat_journal_t  *journal = data;

    struct timespec  start, end;

    (void) clock_gettime(CLOCK_MONOTONIC, &start);

    caplat_clerk_commit(&journal->clerk, journal->jobs, journal->count,
                        journal->now_ms, journal->more, &journal->error);

    (void) clock_gettime(CLOCK_MONOTONIC, &end);

    journal->us = (uint64_t) (end.tv_sec - start.tv_sec) * 1000000
                  + end.tv_nsec / 1000 - start.tv_nsec / 1000;
}


/* Records have times that are not, until the clock has come so far. */
static void
ngx_http_caplat_tell_clock(ngx_http_caplat_journal_t *journal)
{
    journal->ahead_ms = caplat_ledger_ahead(journal->clerk.ledger);

    if (journal->ahead_ms < NGX_HTTP_CAPLAT_AHEAD
        || (journal->told_clock != 0
            && ngx_current_msec - journal->told_clock
               < NGX_HTTP_CAPLAT_SAY_CLOCK))
    {
        return;
    }

    journal->told_clock = ngx_current_msec;

    ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
                  "caplat: the clock is behind the log ms=%L",
                  journal->ahead_ms);
}


static void
ngx_http_caplat_committed(ngx_event_t *ev)
{
    size_t                      n;
    ngx_http_caplat_work_t     *work;
    ngx_http_caplat_journal_t  *journal;

    journal = ev->data;

    if (!ngx_http_caplat_task_done(ev)) {
        return;
    }

    ngx_http_caplat_count_commit(journal->cmcf, journal->count, journal->us);
    ngx_http_caplat_tell_clock(journal);

    if (journal->error.fault != CAPLAT_LEDGER_OK) {
        ngx_http_caplat_count_ledger(journal->cmcf,
                                     NGX_HTTP_CAPLAT_COUNT_FAULTS, 1);
        ngx_http_caplat_tell(journal->error.fault == CAPLAT_LEDGER_UNPUBLISHED
                             ? "not published" : "no orders",
                             &journal->error, &journal->told_fault,
                             NGX_HTTP_CAPLAT_SAY_FAULT);
    }

    /* An answer may bring the next request, which joins the next batch. */
    for (n = 0; n < journal->count; n++) {
        work = journal->batch[n];
        journal->batch[n] = NULL;
        journal->waiting--;

        ngx_http_caplat_finish(work, caplat_job_reply(work->job));
    }

    journal->count = 0;
    journal->state = NGX_HTTP_CAPLAT_READY;

    ngx_http_caplat_go_on(journal);
}


void
ngx_http_caplat_start_commit(ngx_http_caplat_journal_t *journal)
{
    size_t                   n;
    ngx_time_t              *tp;
    ngx_queue_t             *q;
    ngx_http_caplat_work_t  *work;

    for (n = 0; n < CAPLAT_BATCH_MAX; n++) {

        if (ngx_queue_empty(&journal->writes)) {
            break;
        }

        q = ngx_queue_head(&journal->writes);
        ngx_queue_remove(q);

        work = ngx_queue_data(q, ngx_http_caplat_work_t, queue);
        journal->batch[n] = work;
        journal->jobs[n] = work->job;
    }

    tp = ngx_timeofday();

    journal->count = n;
    journal->now_ms = (int64_t) tp->sec * 1000 + tp->msec;
    journal->more = !ngx_queue_empty(&journal->writes);
    journal->state = NGX_HTTP_CAPLAT_COMMITTING;

    if (ngx_http_caplat_post(journal->conf->pool, &journal->task, journal,
                             ngx_http_caplat_commit_in_thread,
                             ngx_http_caplat_committed)
        == NGX_OK)
    {
        return;
    }

    /* The pool's queue is full. Those who gather meanwhile have their turn with
       the next job, or sweep. */
    journal->count = 0;
    journal->state = NGX_HTTP_CAPLAT_READY;

    while (n-- != 0) {
        ngx_http_caplat_refuse_work(journal, journal->batch[n]);
    }
}


static void
ngx_http_caplat_read_in_thread(void *data, ngx_log_t *log)
{
    ngx_http_caplat_work_t  *work = data;

    caplat_clerk_read(&work->journal->clerk, work->job, &work->error);
}


static void
ngx_http_caplat_was_read(ngx_event_t *ev)
{
    ngx_http_caplat_work_t     *work;
    ngx_http_caplat_journal_t  *journal;

    work = ev->data;
    journal = work->journal;

    if (!ngx_http_caplat_task_done(ev)) {
        return;
    }

    ngx_queue_remove(&work->queue);
    journal->waiting--;
    journal->reading_count--;

    if (work->error.fault != CAPLAT_LEDGER_OK) {
        ngx_http_caplat_tell("no answer", &work->error, &journal->told_fault,
                             NGX_HTTP_CAPLAT_SAY_FAULT);
    }

    ngx_http_caplat_finish(work, caplat_job_reply(work->job));

    ngx_http_caplat_go_on(journal);
}


void
ngx_http_caplat_start_reads(ngx_http_caplat_journal_t *journal)
{
    ngx_queue_t             *q;
    ngx_http_caplat_work_t  *work;

    while (journal->reading_count < NGX_HTTP_CAPLAT_READING_MAX
           && !ngx_queue_empty(&journal->reads))
    {
        q = ngx_queue_head(&journal->reads);
        ngx_queue_remove(q);

        work = ngx_queue_data(q, ngx_http_caplat_work_t, queue);

        if (ngx_http_caplat_post(journal->conf->pool, &work->task, work,
                                 ngx_http_caplat_read_in_thread,
                                 ngx_http_caplat_was_read)
            != NGX_OK)
        {
            ngx_http_caplat_refuse_work(journal, work);
            continue;
        }

        ngx_queue_insert_tail(&journal->reading, &work->queue);
        journal->reading_count++;
    }
}


void
ngx_http_caplat_start_opening(ngx_http_caplat_journal_t *journal)
{
    journal->state = NGX_HTTP_CAPLAT_OPENING;

    if (ngx_http_caplat_post(journal->conf->pool, &journal->task, journal,
                             ngx_http_caplat_open_in_thread,
                             ngx_http_caplat_opened)
        != NGX_OK)
    {
        journal->state = NGX_HTTP_CAPLAT_FAILED;
        journal->failed = ngx_current_msec;

        ngx_http_caplat_refuse_all(journal, &journal->writes);
        ngx_http_caplat_refuse_all(journal, &journal->reads);
    }
}
