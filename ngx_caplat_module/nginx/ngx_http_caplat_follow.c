#include "ngx_http_caplat_work.h"


#define NGX_HTTP_CAPLAT_FOLLOWERS_MAX  256      /* of a worker */
#define NGX_HTTP_CAPLAT_LOOK           250      /* ms */


/* Lives with its request, which may wait several times. */
struct ngx_http_caplat_follower_s {
    ngx_queue_t                  queue;
    ngx_http_caplat_journal_t   *journal;
    ngx_http_request_t          *request;
    ngx_http_caplat_body_pt      again;
    uint64_t                     seen;
    ngx_msec_t                   until;         /* by nginx's own clock */
    unsigned                     waiting:1;
};


static void
ngx_http_caplat_leave(void *data)
{
    ngx_http_caplat_follower_t  *follower = data;

    if (follower->waiting) {
        ngx_queue_remove(&follower->queue);
        follower->journal->following--;
        follower->waiting = 0;
    }
}


static void
ngx_http_caplat_ask_again(ngx_http_caplat_follower_t *follower)
{
    ngx_connection_t    *c;
    ngx_http_request_t  *r;

    r = follower->request;
    c = r->connection;

    ngx_http_caplat_leave(follower);
    ngx_http_set_log_request(c->log, r);

    r->read_event_handler = ngx_http_block_reading;

    ngx_http_finalize_request(r, follower->again(r,
                         ngx_http_get_module_ctx(r, ngx_http_caplat_module)));

    ngx_http_run_posted_requests(c);
}


static ngx_uint_t
ngx_http_caplat_is_over(const ngx_http_caplat_follower_t *follower)
{
    /* A worker that shall end lets nobody wait. */
    return ngx_exiting
           || (ngx_msec_int_t) (follower->until - ngx_current_msec) <= 0;
}


/* Those who wait no longer, taken out before the first of them is asked: to
   answer one may end others. */
static void
ngx_http_caplat_take_due(ngx_http_caplat_journal_t *journal, ngx_queue_t *due)
{
    uint64_t                          size;
    ngx_queue_t                      *q, *next;
    ngx_http_caplat_follower_t       *follower;
    ngx_http_caplat_journal_state_t   state;

    state = ngx_http_caplat_journal_state(journal);
    size = state.ledger != NULL ? caplat_ledger_durable(state.ledger) : 0;

    for (q = ngx_queue_head(&journal->followers);
         q != ngx_queue_sentinel(&journal->followers);
         q = next)
    {
        next = ngx_queue_next(q);
        follower = ngx_queue_data(q, ngx_http_caplat_follower_t, queue);

        if (size > follower->seen || ngx_http_caplat_is_over(follower)) {
            ngx_queue_remove(q);
            ngx_queue_insert_tail(due, q);
        }
    }
}


static void
ngx_http_caplat_look(ngx_event_t *ev)
{
    ngx_queue_t                 due;
    ngx_http_caplat_journal_t  *journal;

    journal = ev->data;

    ngx_queue_init(&due);
    ngx_http_caplat_take_due(journal, &due);

    while (!ngx_queue_empty(&due)) {
        ngx_http_caplat_ask_again(ngx_queue_data(ngx_queue_head(&due),
                                         ngx_http_caplat_follower_t, queue));
    }

    if (!ngx_queue_empty(&journal->followers) && !ev->timer_set) {
        ngx_add_timer(ev, NGX_HTTP_CAPLAT_LOOK);
    }
}


static ngx_http_caplat_follower_t *
ngx_http_caplat_create_follower(ngx_http_request_t *r, uint64_t seconds,
    ngx_http_caplat_body_pt again)
{
    ngx_http_cleanup_t           *cleanup;
    ngx_http_caplat_follower_t   *follower;
    ngx_http_caplat_main_conf_t  *cmcf;

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_caplat_module);

    follower = ngx_pcalloc(r->pool, sizeof(ngx_http_caplat_follower_t));
    cleanup = ngx_http_cleanup_add(r, 0);

    if (follower == NULL || cleanup == NULL) {
        return NULL;
    }

    cleanup->handler = ngx_http_caplat_leave;
    cleanup->data = follower;

    follower->journal = cmcf->ledger->journal;
    follower->request = r;
    follower->again = again;
    follower->until = ngx_current_msec + (ngx_msec_t) seconds * 1000;

    return follower;
}


ngx_int_t
ngx_http_caplat_follow(ngx_http_request_t *r, ngx_http_caplat_ctx_t *ctx,
    uint64_t seen, uint64_t seconds, ngx_http_caplat_body_pt again)
{
    ngx_http_caplat_journal_t   *journal;
    ngx_http_caplat_follower_t  *follower;

    if (ctx->follower == NULL) {
        ctx->follower = ngx_http_caplat_create_follower(r, seconds, again);

        if (ctx->follower == NULL) {
            return NGX_ERROR;
        }
    }

    follower = ctx->follower;
    journal = follower->journal;

    if (ngx_http_caplat_is_over(follower)
        || journal->following >= NGX_HTTP_CAPLAT_FOLLOWERS_MAX)
    {
        return NGX_DECLINED;
    }

    /* Who leaves is noticed, as with a job. */
    if (ngx_handle_read_event(r->connection->read, 0) != NGX_OK) {
        return NGX_ERROR;
    }

    r->read_event_handler = ngx_http_test_reading;
    r->main->count++;

    follower->seen = seen;
    follower->waiting = 1;
    ngx_queue_insert_tail(&journal->followers, &follower->queue);
    journal->following++;

    if (!journal->look.timer_set) {
        journal->look.handler = ngx_http_caplat_look;
        journal->look.data = journal;
        journal->look.log = ngx_cycle->log;

        ngx_add_timer(&journal->look, NGX_HTTP_CAPLAT_LOOK);
    }

    return NGX_DONE;
}
