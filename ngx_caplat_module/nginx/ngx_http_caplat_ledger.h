/*
 * The ledger as nginx has it: what the configuration says of it, the master's
 * look at it before it starts, each worker's own opening of it, and the
 * worker's journal, which carries jobs to threads and their replies back.
 *
 * A job is made in the event loop and belongs to the journal from then on. No
 * thread ever sees a request, and no request owns what a thread uses: a client
 * that leaves is forgotten, its job is done all the same.
 */

#ifndef NGX_HTTP_CAPLAT_LEDGER_H
#define NGX_HTTP_CAPLAT_LEDGER_H

#include "ngx_http_caplat_module.h"

#include "caplat_job.h"

#if !(NGX_THREADS)
#error "caplat needs an nginx that is configured --with-threads"
#endif


#define NGX_HTTP_CAPLAT_WAITING_MAX  8192       /* jobs of a worker */
#define NGX_HTTP_CAPLAT_READING_MAX  64         /* reads at once */

/* Counters of the zone, after those of the routes. */
#define NGX_HTTP_CAPLAT_COMMIT_BUCKETS  8       /* and one for all above */

#define NGX_HTTP_CAPLAT_LEDGER_COUNTERS(C)                                    \
    C(ORDERED,    "created")                                                  \
    C(REPEATED,   "replayed")                                                 \
    C(CANCELLED,  "cancelled")

/* What has become of notices; for each channel that sends some. */
#define NGX_HTTP_CAPLAT_NOTICES(N)                                            \
    N(BOOKED,      "booked")                                                  \
    N(PARTLY,      "partly-held")                                             \
    N(BEFORE,      "booked-before")                                           \
    N(NOTHING,     "nothing")                                                 \
    N(AMOUNT,      "amount")                                                  \
    N(TWICE,       "twice")                                                   \
    N(REFUNDED,    "refunded")                                                \
    N(HELD,        "held")                                                    \
    N(STUCK,       "stuck")                                                   \
    N(NO_ORDER,    "no-order")                                                \
    N(NO_ROOM,     "no-room")                                                 \
    N(UNAVAILABLE, "unavailable")                                             \
    N(FORGED,      "forged")                                                  \
    N(UNREADABLE,  "unreadable")                                              \
    N(UNFIT,       "unfit")

typedef enum {
#define NGX_HTTP_CAPLAT_NOTICE(name, word)  NGX_HTTP_CAPLAT_NOTED_##name,
    NGX_HTTP_CAPLAT_NOTICES(NGX_HTTP_CAPLAT_NOTICE)
#undef NGX_HTTP_CAPLAT_NOTICE
    NGX_HTTP_CAPLAT_NOTED_COUNT
} ngx_http_caplat_noticed_e;

#define NGX_HTTP_CAPLAT_NOTIFIERS  2            /* channels */

typedef enum {
#define NGX_HTTP_CAPLAT_COUNTER(name, word)  NGX_HTTP_CAPLAT_COUNT_##name,
    NGX_HTTP_CAPLAT_LEDGER_COUNTERS(NGX_HTTP_CAPLAT_COUNTER)
#undef NGX_HTTP_CAPLAT_COUNTER
    NGX_HTTP_CAPLAT_COUNT_JOBS,
    NGX_HTTP_CAPLAT_COUNT_FAULTS,
    NGX_HTTP_CAPLAT_COUNT_US,                   /* of all commits */
    NGX_HTTP_CAPLAT_COUNT_BUCKETS,
    NGX_HTTP_CAPLAT_COUNT_NOTICES = NGX_HTTP_CAPLAT_COUNT_BUCKETS
                                    + NGX_HTTP_CAPLAT_COMMIT_BUCKETS + 1,
    NGX_HTTP_CAPLAT_LEDGER_COUNT = NGX_HTTP_CAPLAT_COUNT_NOTICES
                                   + NGX_HTTP_CAPLAT_NOTIFIERS
                                     * NGX_HTTP_CAPLAT_NOTED_COUNT
} ngx_http_caplat_counter_e;


typedef struct ngx_http_caplat_journal_s  ngx_http_caplat_journal_t;

/* caplat_ledger; const for workers but for the journal, which each has. */
struct ngx_http_caplat_ledger_s {
    ngx_http_caplat_place_t     place;
    ngx_str_t                   folder;         /* NUL behind both */
    ngx_str_t                   vault;
    ngx_str_t                   name;
    caplat_private_key         *key;
    caplat_verifier             verifier;
    caplat_epoch                epoch;
    caplat_ledger_conf          conf;
    caplat_order_conf           orders;
    ngx_http_caplat_place_t     orders_place;   /* of the first caplat_orders */
    ngx_uint_t                  is_public;      /* unsigned  is_public:1; */
    ngx_thread_pool_t          *pool;
    ngx_http_caplat_journal_t  *journal;
};


/* ngx_http_caplat_start.c: what is opened when the server starts for real, or
   reads its configuration again; and what each worker has besides. */

ngx_int_t ngx_http_caplat_open(ngx_conf_t *cf);
ngx_int_t ngx_http_caplat_init_process(ngx_cycle_t *cycle);
void ngx_http_caplat_exit_process(ngx_cycle_t *cycle);


/* ngx_http_caplat_ledger_conf.c */

char *ngx_http_caplat_set_ledger(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/* A location with orders: all of them have one issuer. */
char *ngx_http_caplat_join_ledger(ngx_conf_t *cf,
    ngx_http_caplat_ledger_t *ledger,
    const ngx_http_caplat_loc_conf_t *clcf);


/* ngx_http_caplat_ledger.c: what the master does. */

/*
 * Folders made and handed to the workers' user; what a crash has left is
 * recovered, and the ledger closed again: nothing of it crosses a fork.
 * `running` NULL: it does not run yet. Failing refuses the start or reload.
 */
ngx_int_t ngx_http_caplat_start_ledger(ngx_conf_t *cf,
    ngx_http_caplat_ledger_t *ledger,
    const ngx_http_caplat_ledger_t *running);


/* ngx_http_caplat_journal.c: what a worker does. */

/*
 * What follows when a job is done: it answers, and its result finalizes the
 * request. The reply lives until it returns.
 */
typedef ngx_int_t (*ngx_http_caplat_done_pt)(ngx_http_request_t *r,
    ngx_http_caplat_ctx_t *ctx, const caplat_reply *reply);

/* The configuration's: empty until the worker uses it. */
ngx_http_caplat_journal_t *ngx_http_caplat_create_journal(ngx_conf_t *cf,
    ngx_http_caplat_main_conf_t *cmcf);

/* A worker begins, and ends. */
void ngx_http_caplat_open_journal(ngx_cycle_t *cycle,
    ngx_http_caplat_journal_t *journal);
void ngx_http_caplat_close_journal(ngx_http_caplat_journal_t *journal);

/*
 * Have a job done, by the next commit or by a thread that reads; the job is
 * the journal's from now on, whatever is returned: NGX_DONE, as a content
 * handler does; or the answer that there is no ledger or too much to do.
 */
ngx_int_t ngx_http_caplat_commit(ngx_http_request_t *r,
    ngx_http_caplat_ctx_t *ctx, caplat_job *job,
    ngx_http_caplat_done_pt done);
ngx_int_t ngx_http_caplat_read(ngx_http_request_t *r,
    ngx_http_caplat_ctx_t *ctx, caplat_job *job,
    ngx_http_caplat_done_pt done);

/* This worker's; `ledger` is NULL while it is not open. */
typedef struct {
    caplat_ledger  *ledger;
    ngx_uint_t      failed;             /* unsigned  failed:1;  to open it */
    ngx_uint_t      waiting;            /* jobs */
    ngx_uint_t      reading;
    ngx_uint_t      following;          /* requests that wait for records */
    int64_t         ahead_ms;           /* the log, of the clock */
} ngx_http_caplat_journal_state_t;

ngx_http_caplat_journal_state_t ngx_http_caplat_journal_state(
    const ngx_http_caplat_journal_t *journal);


/*
 * ngx_http_caplat_follow.c: requests that wait until the log has grown. They
 * cost no thread: a timer of the worker looks at the log's size four times a
 * second, while there are some.
 *
 * seen     the size that the log had when there was nothing to tell
 * seconds  how long the request waits in all, from its first call on
 * again    then asks once more; it may wait again, for what is left
 *
 * NGX_DONE, as a content handler does; or NGX_DECLINED: it shall not wait, for
 * its time is over, the worker ends, or too many do. Whoever leaves is
 * forgotten, and logged as 499.
 */
ngx_int_t ngx_http_caplat_follow(ngx_http_request_t *r,
    ngx_http_caplat_ctx_t *ctx, uint64_t seen, uint64_t seconds,
    ngx_http_caplat_body_pt again);


/* ngx_http_caplat_reply.c: what is answered when a job is done. */

ngx_int_t ngx_http_caplat_replied(ngx_http_request_t *r,
    ngx_http_caplat_ctx_t *ctx, const caplat_reply *reply);

/* The same of a new order, and of one that has been cancelled. */
ngx_int_t ngx_http_caplat_placed(ngx_http_request_t *r,
    ngx_http_caplat_ctx_t *ctx, const caplat_reply *reply);
ngx_int_t ngx_http_caplat_cancelled(ngx_http_request_t *r,
    ngx_http_caplat_ctx_t *ctx, const caplat_reply *reply);


/* ngx_http_caplat_count.c: the ledger's counters. */

void ngx_http_caplat_count_ledger(const ngx_http_caplat_main_conf_t *cmcf,
    ngx_http_caplat_counter_e counter, uint64_t add);
void ngx_http_caplat_count_commit(const ngx_http_caplat_main_conf_t *cmcf,
    ngx_uint_t jobs, uint64_t us);

/* All of them, as ngx_http_caplat_status.c puts the others. */
void ngx_http_caplat_put_ledger(caplat_writer *w,
    const ngx_http_caplat_main_conf_t *cmcf);


#endif /* NGX_HTTP_CAPLAT_LEDGER_H */
