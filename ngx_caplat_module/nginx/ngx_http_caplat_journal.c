#include "ngx_http_caplat_work.h"


#define NGX_HTTP_CAPLAT_FIRST_SWEEP  100        /* ms */
#define NGX_HTTP_CAPLAT_SWEEP_MAX    30         /* seconds */
#define NGX_HTTP_CAPLAT_RETRY        1000       /* ms, to open again */


ngx_http_caplat_journal_t *
ngx_http_caplat_create_journal(ngx_conf_t *cf,
    ngx_http_caplat_main_conf_t *cmcf)
{
    ngx_http_caplat_journal_t  *journal;

    journal = ngx_pcalloc(cf->pool, sizeof(ngx_http_caplat_journal_t));
    if (journal == NULL) {
        return NULL;
    }

    journal->cmcf = cmcf;
    journal->conf = cmcf->ledger;

    ngx_queue_init(&journal->writes);
    ngx_queue_init(&journal->reads);
    ngx_queue_init(&journal->reading);
    ngx_queue_init(&journal->followers);

    return journal;
}


void
ngx_http_caplat_go_on(ngx_http_caplat_journal_t *journal)
{
    switch (journal->state) {

    case NGX_HTTP_CAPLAT_SHUT:
    case NGX_HTTP_CAPLAT_FAILED:
        if (journal->waiting != 0) {
            ngx_http_caplat_start_opening(journal);
        }

        break;

    case NGX_HTTP_CAPLAT_OPENING:
        break;

    case NGX_HTTP_CAPLAT_READY:
        ngx_http_caplat_start_reads(journal);

        if (!ngx_queue_empty(&journal->writes)) {
            ngx_http_caplat_start_commit(journal);
        }

        break;

    case NGX_HTTP_CAPLAT_COMMITTING:
        ngx_http_caplat_start_reads(journal);
        break;
    }
}


/* Whether it has failed just now: nobody need wait to hear that. */
static ngx_uint_t
ngx_http_caplat_has_failed(const ngx_http_caplat_journal_t *journal)
{
    return journal->state == NGX_HTTP_CAPLAT_FAILED
           && ngx_current_msec - journal->failed < NGX_HTTP_CAPLAT_RETRY;
}


static ngx_int_t
ngx_http_caplat_enqueue(ngx_http_request_t *r, ngx_http_caplat_ctx_t *ctx,
    caplat_job *job, ngx_http_caplat_done_pt done, ngx_uint_t reads)
{
    ngx_http_caplat_work_t       *work;
    ngx_http_caplat_journal_t    *journal;
    ngx_http_caplat_main_conf_t  *cmcf;

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_caplat_module);
    journal = cmcf->ledger->journal;

    if (ngx_http_caplat_has_failed(journal)
        || journal->waiting >= NGX_HTTP_CAPLAT_WAITING_MAX)
    {
        caplat_job_close(job);

        ctx->retry_soon = journal->state != NGX_HTTP_CAPLAT_FAILED;
        return ngx_http_caplat_refuse_plainly(r,
                                              CAPLAT_PROBLEM_LOG_UNAVAILABLE);
    }

    work = ngx_http_caplat_create_work(journal, job);
    if (work == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ngx_http_caplat_wait(r, work, done) != NGX_OK) {
        ngx_http_caplat_drop(work);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_queue_insert_tail(reads ? &journal->reads : &journal->writes,
                          &work->queue);
    journal->waiting++;

    ngx_http_caplat_go_on(journal);

    return NGX_DONE;
}


ngx_int_t
ngx_http_caplat_commit(ngx_http_request_t *r, ngx_http_caplat_ctx_t *ctx,
    caplat_job *job, ngx_http_caplat_done_pt done)
{
    return ngx_http_caplat_enqueue(r, ctx, job, done, 0);
}


ngx_int_t
ngx_http_caplat_read(ngx_http_request_t *r, ngx_http_caplat_ctx_t *ctx,
    caplat_job *job, ngx_http_caplat_done_pt done)
{
    return ngx_http_caplat_enqueue(r, ctx, job, done, 1);
}


static void
ngx_http_caplat_sweep_again(ngx_http_caplat_journal_t *journal)
{
    int64_t  pause;

    pause = ngx_max(1, ngx_min(journal->conf->orders.lapse / 4,
                               NGX_HTTP_CAPLAT_SWEEP_MAX));

    ngx_add_timer(&journal->sweep, (ngx_msec_t) pause * 1000);
}


/* Orders whose time is over, when there is nothing else to do. */
static void
ngx_http_caplat_sweep(ngx_event_t *ev)
{
    caplat_job                 *job;
    ngx_http_caplat_work_t     *work;
    ngx_http_caplat_journal_t  *journal;

    journal = ev->data;

    if (ngx_exiting) {
        return;
    }

    ngx_http_caplat_sweep_again(journal);

    /* No thread seals now. */
    if (journal->state == NGX_HTTP_CAPLAT_READY) {
        caplat_vault_rest(journal->clerk.vault, ngx_time());
    }

    if (journal->waiting == 0
        && caplat_job_lapse(&journal->conf->orders, ngx_time(), &job))
    {
        work = ngx_http_caplat_create_work(journal, job);

        if (work == NULL) {
            return;
        }

        ngx_queue_insert_tail(&journal->writes, &work->queue);
        journal->waiting++;
    }

    ngx_http_caplat_go_on(journal);
}


void
ngx_http_caplat_open_journal(ngx_cycle_t *cycle,
    ngx_http_caplat_journal_t *journal)
{
    ngx_event_t  *sweep;

    sweep = &journal->sweep;

    sweep->handler = ngx_http_caplat_sweep;
    sweep->data = journal;
    sweep->log = cycle->log;

    /* It keeps no worker from ending. */
    sweep->cancelable = 1;

    ngx_add_timer(sweep, NGX_HTTP_CAPLAT_FIRST_SWEEP);
}


static void
ngx_http_caplat_drop_all(ngx_queue_t *queue)
{
    ngx_queue_t  *q;

    while (!ngx_queue_empty(queue)) {
        q = ngx_queue_head(queue);
        ngx_queue_remove(q);

        ngx_http_caplat_drop(ngx_queue_data(q, ngx_http_caplat_work_t,
                                            queue));
    }
}


/* The threads have ended before: their module is nginx's own. */
void
ngx_http_caplat_close_journal(ngx_http_caplat_journal_t *journal)
{
    size_t  n;

    for (n = 0; n < journal->count; n++) {
        if (journal->batch[n] != NULL) {
            ngx_http_caplat_drop(journal->batch[n]);
        }
    }

    ngx_http_caplat_drop_all(&journal->writes);
    ngx_http_caplat_drop_all(&journal->reads);
    ngx_http_caplat_drop_all(&journal->reading);

    caplat_vault_close(journal->clerk.vault);
    caplat_ledger_close(journal->clerk.ledger);
}


ngx_http_caplat_journal_state_t
ngx_http_caplat_journal_state(const ngx_http_caplat_journal_t *journal)
{
    ngx_http_caplat_journal_state_t  state;

    /* While a thread opens it, what it has so far is the thread's. */
    state.ledger = journal->state == NGX_HTTP_CAPLAT_READY
                   || journal->state == NGX_HTTP_CAPLAT_COMMITTING
                   ? journal->clerk.ledger : NULL;
    state.failed = journal->state == NGX_HTTP_CAPLAT_FAILED;
    state.waiting = journal->waiting;
    state.reading = journal->reading_count;
    state.following = journal->following;
    state.ahead_ms = journal->ahead_ms;

    return state;
}
