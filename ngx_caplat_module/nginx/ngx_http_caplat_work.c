#include "ngx_http_caplat_work.h"


#define NGX_HTTP_CAPLAT_LONG  60000             /* ms */


ngx_http_caplat_work_t *
ngx_http_caplat_create_work(ngx_http_caplat_journal_t *journal,
    caplat_job *job)
{
    ngx_http_caplat_work_t  *work;

    work = ngx_calloc(sizeof(ngx_http_caplat_work_t), ngx_cycle->log);
    if (work == NULL) {
        caplat_job_close(job);
        return NULL;
    }

    work->journal = journal;
    work->job = job;

    return work;
}


void
ngx_http_caplat_drop(ngx_http_caplat_work_t *work)
{
    if (work->cleanup != NULL) {
        work->cleanup->handler = NULL;
    }

    caplat_job_close(work->job);
    ngx_free(work);
}


/* The request goes: its client has left, or there is no more time. */
static void
ngx_http_caplat_forget(void *data)
{
    ngx_http_caplat_work_t  *work = data;

    work->request = NULL;
    work->cleanup = NULL;
}


ngx_int_t
ngx_http_caplat_wait(ngx_http_request_t *r, ngx_http_caplat_work_t *work,
    ngx_http_caplat_done_pt done)
{
    ngx_http_cleanup_t  *cleanup;

    cleanup = ngx_http_cleanup_add(r, 0);
    if (cleanup == NULL) {
        return NGX_ERROR;
    }

    cleanup->handler = ngx_http_caplat_forget;
    cleanup->data = work;

    work->request = r;
    work->cleanup = cleanup;
    work->done = done;

    /* Who leaves is noticed, and logged as 499. */
    if (ngx_handle_read_event(r->connection->read, 0) != NGX_OK) {
        return NGX_ERROR;
    }

    r->read_event_handler = ngx_http_test_reading;
    r->main->count++;

    return NGX_OK;
}


void
ngx_http_caplat_finish(ngx_http_caplat_work_t *work,
    const caplat_reply *reply)
{
    ngx_connection_t    *c;
    ngx_http_request_t  *r;

    r = work->request;

    if (r == NULL) {
        ngx_http_caplat_drop(work);
        return;
    }

    c = r->connection;
    ngx_http_set_log_request(c->log, r);

    r->read_event_handler = ngx_http_block_reading;

    ngx_http_finalize_request(r, work->done(r,
                          ngx_http_get_module_ctx(r, ngx_http_caplat_module),
                          reply));

    ngx_http_caplat_drop(work);

    ngx_http_run_posted_requests(c);
}


ngx_int_t
ngx_http_caplat_post(ngx_thread_pool_t *pool, ngx_thread_task_t *task,
    void *data, void (*in_thread)(void *data, ngx_log_t *log),
    ngx_event_handler_pt handler)
{
    task->ctx = data;
    task->handler = in_thread;
    task->event.data = data;
    task->event.handler = handler;
    task->event.log = ngx_cycle->log;
    task->event.complete = 0;

    if (ngx_thread_task_post(pool, task) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_add_timer(&task->event, NGX_HTTP_CAPLAT_LONG);

    return NGX_OK;
}


ngx_uint_t
ngx_http_caplat_task_done(ngx_event_t *ev)
{
    if (!ev->complete) {
        ev->timedout = 0;
        ngx_add_timer(ev, NGX_HTTP_CAPLAT_LONG);

        ngx_log_error(NGX_LOG_WARN, ev->log, 0,
                      "caplat: the ledger has not answered ms=%d",
                      NGX_HTTP_CAPLAT_LONG);
        return 0;
    }

    if (ev->timer_set) {
        ngx_del_timer(ev);
    }

    ev->complete = 0;

    return 1;
}
