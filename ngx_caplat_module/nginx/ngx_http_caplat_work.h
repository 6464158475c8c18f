/*
 * A job on its way: the request that waits for it, while there is one, and the
 * task of a thread. It lives in memory of its own, for it may outlive the
 * request, and its thread must not meet memory that goes with one. And the
 * journal, through which the jobs of a worker go.
 */

#ifndef NGX_HTTP_CAPLAT_WORK_H
#define NGX_HTTP_CAPLAT_WORK_H

#include "ngx_http_caplat_ledger.h"


typedef struct {
    ngx_queue_t                  queue;
    ngx_thread_task_t            task;          /* of a read */
    ngx_http_caplat_journal_t   *journal;
    caplat_job                  *job;
    ngx_http_request_t          *request;       /* NULL: nobody waits */
    ngx_http_cleanup_t          *cleanup;       /* of the request */
    ngx_http_caplat_done_pt      done;
    caplat_ledger_error          error;
} ngx_http_caplat_work_t;


typedef enum {
    NGX_HTTP_CAPLAT_SHUT,               /* for the first job */
    NGX_HTTP_CAPLAT_OPENING,            /* for a thread; jobs gather */
    NGX_HTTP_CAPLAT_READY,              /* for a job */
    NGX_HTTP_CAPLAT_COMMITTING,         /* for a thread; the next gather */
    NGX_HTTP_CAPLAT_FAILED              /* for a while, then as SHUT */
} ngx_http_caplat_journal_e;


struct ngx_http_caplat_journal_s {
    ngx_http_caplat_main_conf_t     *cmcf;
    const ngx_http_caplat_ledger_t  *conf;
    ngx_http_caplat_journal_e        state;

    /* What is in a thread: one opening or commit, and several reads. */
    ngx_thread_task_t                task;
    caplat_clerk                     clerk;
    caplat_ledger_error              error;
    ngx_http_caplat_work_t          *batch[CAPLAT_BATCH_MAX];
    caplat_job                      *jobs[CAPLAT_BATCH_MAX];
    size_t                           count;
    int64_t                          now_ms;
    int64_t                          ahead_ms;  /* the log, of the clock */
    uint64_t                         us;
    ngx_uint_t                       more;      /* unsigned  more:1; */

    ngx_queue_t                      writes;    /* that gather */
    ngx_queue_t                      reads;
    ngx_queue_t                      reading;   /* in threads */
    ngx_uint_t                       waiting;   /* jobs in all of these */
    ngx_uint_t                       reading_count;

    ngx_queue_t                      followers;
    ngx_uint_t                       following;
    ngx_event_t                      look;      /* set while there are some */

    ngx_event_t                      sweep;
    /* By nginx's own clock, which nobody sets; 0: never. */
    ngx_msec_t                       failed;
    ngx_msec_t                       told_shut;
    ngx_msec_t                       told_fault;
    ngx_msec_t                       told_clock;
};


/* ngx_http_caplat_work.c */

/* The job's; NULL, and the job closed, when there is no memory. */
ngx_http_caplat_work_t *ngx_http_caplat_create_work(
    ngx_http_caplat_journal_t *journal, caplat_job *job);

/* The request waits; when it goes before, it is forgotten. */
ngx_int_t ngx_http_caplat_wait(ngx_http_request_t *r,
    ngx_http_caplat_work_t *work, ngx_http_caplat_done_pt done);

/* Tell whoever waits, and free all. */
void ngx_http_caplat_finish(ngx_http_caplat_work_t *work,
    const caplat_reply *reply);

/* Free all; whoever waits waits on. */
void ngx_http_caplat_drop(ngx_http_caplat_work_t *work);


/*
 * Give a task to the pool. Its timer keeps a worker that shall end from
 * leaving while it runs; it is the handler's to call
 * ngx_http_caplat_task_done, which is false when only the timer was over.
 */
ngx_int_t ngx_http_caplat_post(ngx_thread_pool_t *pool,
    ngx_thread_task_t *task, void *data,
    void (*in_thread)(void *data, ngx_log_t *log),
    ngx_event_handler_pt handler);
ngx_uint_t ngx_http_caplat_task_done(ngx_event_t *ev);


/*
 * ngx_http_caplat_threads.c: what is begun here is ended by the event loop,
 * which then calls ngx_http_caplat_go_on.
 */

void ngx_http_caplat_start_opening(ngx_http_caplat_journal_t *journal);
void ngx_http_caplat_start_commit(ngx_http_caplat_journal_t *journal);
void ngx_http_caplat_start_reads(ngx_http_caplat_journal_t *journal);


/* ngx_http_caplat_journal.c: the one place that moves the journal on, whenever
   something has changed. */
void ngx_http_caplat_go_on(ngx_http_caplat_journal_t *journal);


#endif /* NGX_HTTP_CAPLAT_WORK_H */
