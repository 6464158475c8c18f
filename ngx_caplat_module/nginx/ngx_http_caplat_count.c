#include "ngx_http_caplat_metrics.h"
#include "ngx_http_caplat_pay.h"


_Static_assert(NGX_HTTP_CAPLAT_LEDGER_AT + NGX_HTTP_CAPLAT_LEDGER_COUNT
               <= CAPLAT_COUNTERS_MAX,
               "the zone has room for the ledger's counters");


static const ngx_uint_t
    ngx_http_caplat_commit_bounds[NGX_HTTP_CAPLAT_COMMIT_BUCKETS] =
{
    250, 500, 1000, 2500, 5000, 25000, 100000, 1000000  /* microseconds */
};

static const char *
    ngx_http_caplat_commit_words[NGX_HTTP_CAPLAT_COMMIT_BUCKETS] =
{
    "0.00025", "0.0005", "0.001", "0.0025", "0.005", "0.025", "0.1", "1"
};

static const char  *ngx_http_caplat_counter_words[] = {
#define NGX_HTTP_CAPLAT_COUNTER(name, word)  word,
    NGX_HTTP_CAPLAT_LEDGER_COUNTERS(NGX_HTTP_CAPLAT_COUNTER)
#undef NGX_HTTP_CAPLAT_COUNTER
};


static const char  *ngx_http_caplat_noticed_words[] = {
#define NGX_HTTP_CAPLAT_NOTICE(name, word)  word,
    NGX_HTTP_CAPLAT_NOTICES(NGX_HTTP_CAPLAT_NOTICE)
#undef NGX_HTTP_CAPLAT_NOTICE
};


void
ngx_http_caplat_count_ledger(const ngx_http_caplat_main_conf_t *cmcf,
    ngx_http_caplat_counter_e counter, uint64_t add)
{
    if (cmcf->zone != NULL) {
        caplat_zone_count(cmcf->zone, NGX_HTTP_CAPLAT_LEDGER_AT + counter,
                          add);
    }
}


void
ngx_http_caplat_count_commit(const ngx_http_caplat_main_conf_t *cmcf,
    ngx_uint_t jobs, uint64_t us)
{
    ngx_uint_t  bucket;

    bucket = 0;

    while (bucket < NGX_HTTP_CAPLAT_COMMIT_BUCKETS
           && us > ngx_http_caplat_commit_bounds[bucket])
    {
        bucket++;
    }

    ngx_http_caplat_count_ledger(cmcf, NGX_HTTP_CAPLAT_COUNT_BUCKETS + bucket,
                                 1);
    ngx_http_caplat_count_ledger(cmcf, NGX_HTTP_CAPLAT_COUNT_JOBS, jobs);
    ngx_http_caplat_count_ledger(cmcf, NGX_HTTP_CAPLAT_COUNT_US, us);
}


static ngx_uint_t
ngx_http_caplat_noticed_at(ngx_uint_t channel, ngx_uint_t noticed)
{
    return NGX_HTTP_CAPLAT_COUNT_NOTICES
           + (channel - CAPLAT_ALIPAY) * NGX_HTTP_CAPLAT_NOTED_COUNT + noticed;
}


void
ngx_http_caplat_count_notice(const ngx_http_caplat_main_conf_t *cmcf,
    ngx_uint_t channel, ngx_http_caplat_noticed_e noticed)
{
    ngx_http_caplat_count_ledger(cmcf,
                                 ngx_http_caplat_noticed_at(channel, noticed),
                                 1);
}


static uint64_t
ngx_http_caplat_counted(const ngx_http_caplat_main_conf_t *cmcf,
    ngx_uint_t counter)
{
    return caplat_zone_counter(cmcf->zone,
                               NGX_HTTP_CAPLAT_LEDGER_AT + counter);
}


/* caplat_orders_total{result=} */
static void
ngx_http_caplat_put_orders(caplat_writer *w,
    const ngx_http_caplat_main_conf_t *cmcf)
{
    ngx_uint_t  n;

    ngx_http_caplat_put_type(w, "caplat_orders_total",
                             "Orders, by what has been answered.", "counter");

    for (n = 0; n < NGX_HTTP_CAPLAT_COUNT_JOBS; n++) {
        caplat_put(w, CAPLAT_LIT("caplat_orders_total{result=\""));
        ngx_http_caplat_put_text(w, ngx_http_caplat_counter_words[n]);
        caplat_put(w, CAPLAT_LIT("\"}"));
        ngx_http_caplat_put_value(w, ngx_http_caplat_counted(cmcf, n));
    }
}


/* caplat_notices_total{channel=,outcome=} */
static void
ngx_http_caplat_put_notices(caplat_writer *w,
    const ngx_http_caplat_main_conf_t *cmcf)
{
    ngx_uint_t  channel, n;

    ngx_http_caplat_put_type(w, "caplat_notices_total",
                             "Notices of payment channels, by what has become "
                             "of them.", "counter");

    for (channel = CAPLAT_ALIPAY; channel < CAPLAT_TRANSFER; channel++) {

        if (cmcf->pay->places[channel].line == 0) {
            continue;
        }

        for (n = 0; n < NGX_HTTP_CAPLAT_NOTED_COUNT; n++) {
            caplat_put(w, CAPLAT_LIT("caplat_notices_total{channel=\""));
            caplat_put(w, caplat_channel_word((caplat_channel) channel));
            caplat_put(w, CAPLAT_LIT("\",outcome=\""));
            ngx_http_caplat_put_text(w, ngx_http_caplat_noticed_words[n]);
            caplat_put(w, CAPLAT_LIT("\"}"));
            ngx_http_caplat_put_value(w, ngx_http_caplat_counted(cmcf,
                                    ngx_http_caplat_noticed_at(channel, n)));
        }
    }
}


/* caplat_commit_seconds: a histogram; its count is that of commits. */
static void
ngx_http_caplat_put_commits(caplat_writer *w,
    const ngx_http_caplat_main_conf_t *cmcf)
{
    uint64_t    count;
    ngx_uint_t  n;

    ngx_http_caplat_put_type(w, "caplat_commit_seconds",
                             "Time of a commit, with its sync.", "histogram");

    count = 0;

    for (n = 0; n <= NGX_HTTP_CAPLAT_COMMIT_BUCKETS; n++) {
        count += ngx_http_caplat_counted(cmcf,
                                         NGX_HTTP_CAPLAT_COUNT_BUCKETS + n);

        caplat_put(w, CAPLAT_LIT("caplat_commit_seconds_bucket{le=\""));
        ngx_http_caplat_put_text(w, n < NGX_HTTP_CAPLAT_COMMIT_BUCKETS
                                    ? ngx_http_caplat_commit_words[n]
                                    : "+Inf");
        caplat_put(w, CAPLAT_LIT("\"}"));
        ngx_http_caplat_put_value(w, count);
    }

    caplat_put(w, CAPLAT_LIT("caplat_commit_seconds_sum"));
    ngx_http_caplat_put_seconds(w, ngx_http_caplat_counted(cmcf,
                                                  NGX_HTTP_CAPLAT_COUNT_US));
    caplat_put(w, CAPLAT_LIT("caplat_commit_seconds_count"));
    ngx_http_caplat_put_value(w, count);
}


void
ngx_http_caplat_put_ledger(caplat_writer *w,
    const ngx_http_caplat_main_conf_t *cmcf)
{
    ngx_http_caplat_journal_state_t  state;

    state = ngx_http_caplat_journal_state(cmcf->ledger->journal);

    ngx_http_caplat_put_orders(w, cmcf);
    ngx_http_caplat_put_notices(w, cmcf);
    ngx_http_caplat_put_commits(w, cmcf);

    ngx_http_caplat_put_counter(w, "caplat_commit_jobs_total",
                                "Requests of all commits.",
                                ngx_http_caplat_counted(cmcf,
                                                NGX_HTTP_CAPLAT_COUNT_JOBS));
    ngx_http_caplat_put_counter(w, "caplat_commit_faults_total",
                                "Commits that have failed.",
                                ngx_http_caplat_counted(cmcf,
                                              NGX_HTTP_CAPLAT_COUNT_FAULTS));
    ngx_http_caplat_put_gauge(w, "caplat_jobs_waiting",
                              "Requests that wait in this worker for the "
                              "ledger.", state.waiting);
    ngx_http_caplat_put_gauge(w, "caplat_openings_waiting",
                              "Requests that wait in this worker for "
                              "openings.", state.following);
    ngx_http_caplat_put_gauge(w, "caplat_ledger_open",
                              "Whether this worker has opened the ledger.",
                              state.ledger != NULL);

    if (state.ledger == NULL) {
        return;
    }

    ngx_http_caplat_put_gauge(w, "caplat_ledger_records",
                              "Records that are on the disk.",
                              caplat_ledger_durable(state.ledger));
    ngx_http_caplat_put_gauge(w, "caplat_ledger_closed",
                              "Whether a failed sync has closed the ledger.",
                              caplat_ledger_closed(state.ledger));
    ngx_http_caplat_put_gauge(w, "caplat_ledger_ahead_seconds",
                              "How far the log was ahead of the clock at this "
                              "worker's last commit.",
                              state.ahead_ms / 1000);
}
