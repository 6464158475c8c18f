#include "ngx_http_caplat_ledger.h"
#include "ngx_http_caplat_metrics.h"


/*
 * Counters of the zone, which all workers add to: for each route how often it
 * gave each answer (none: 200, else a problem), how long it took in buckets,
 * and the time in all.
 */

#define NGX_HTTP_CAPLAT_BUCKETS  8              /* and one for all above */

static const ngx_uint_t  ngx_http_caplat_bounds[NGX_HTTP_CAPLAT_BUCKETS] = {
    50, 100, 250, 500, 1000, 5000, 25000, 1000000       /* microseconds */
};

static const char  *ngx_http_caplat_bound_words[NGX_HTTP_CAPLAT_BUCKETS] = {
    "0.00005", "0.0001", "0.00025", "0.0005", "0.001", "0.005", "0.025", "1"
};

#define NGX_HTTP_CAPLAT_TIMES_AT                                              \
    (NGX_HTTP_CAPLAT_ROUTE_COUNT * CAPLAT_PROBLEM_COUNT)
#define NGX_HTTP_CAPLAT_TIMES     (NGX_HTTP_CAPLAT_BUCKETS + 2)

_Static_assert(NGX_HTTP_CAPLAT_TIMES_AT
               + NGX_HTTP_CAPLAT_ROUTE_COUNT * NGX_HTTP_CAPLAT_TIMES
               <= NGX_HTTP_CAPLAT_LEDGER_AT,
               "the zone has room for all counters");


static ngx_uint_t
ngx_http_caplat_answer_at(ngx_uint_t route, ngx_uint_t problem)
{
    return route * CAPLAT_PROBLEM_COUNT + problem;
}


static ngx_uint_t
ngx_http_caplat_time_at(ngx_uint_t route, ngx_uint_t n)
{
    return NGX_HTTP_CAPLAT_TIMES_AT + route * NGX_HTTP_CAPLAT_TIMES + n;
}


void
ngx_http_caplat_count(ngx_http_request_t *r, const ngx_http_caplat_ctx_t *ctx)
{
    uint64_t                      us;
    ngx_uint_t                    bucket;
    struct timespec               now;
    ngx_http_caplat_main_conf_t  *cmcf;

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_caplat_module);

    if (cmcf->zone == NULL) {
        return;
    }

    (void) clock_gettime(CLOCK_MONOTONIC, &now);

    us = (uint64_t) (now.tv_sec - ctx->start.tv_sec) * 1000000
         + now.tv_nsec / 1000 - ctx->start.tv_nsec / 1000;

    bucket = 0;

    while (bucket < NGX_HTTP_CAPLAT_BUCKETS
           && us > ngx_http_caplat_bounds[bucket])
    {
        bucket++;
    }

    caplat_zone_count(cmcf->zone,
                      ngx_http_caplat_answer_at(ctx->route, ctx->problem), 1);
    caplat_zone_count(cmcf->zone,
                      ngx_http_caplat_time_at(ctx->route, bucket), 1);
    caplat_zone_count(cmcf->zone,
                      ngx_http_caplat_time_at(ctx->route,
                                              NGX_HTTP_CAPLAT_BUCKETS + 1),
                      us);

    if (ctx->reason != NULL) {
        caplat_zone_tally(cmcf->zone, caplat_slice_of_word(ctx->reason));
    }
}


void
ngx_http_caplat_put_text(caplat_writer *w, const char *text)
{
    caplat_put(w, caplat_slice_of(text, ngx_strlen(text)));
}


void
ngx_http_caplat_put_type(caplat_writer *w, const char *name, const char *help,
    const char *type)
{
    caplat_put(w, CAPLAT_LIT("# HELP "));
    ngx_http_caplat_put_text(w, name);
    caplat_put(w, CAPLAT_LIT(" "));
    ngx_http_caplat_put_text(w, help);
    caplat_put(w, CAPLAT_LIT("\n# TYPE "));
    ngx_http_caplat_put_text(w, name);
    caplat_put(w, CAPLAT_LIT(" "));
    ngx_http_caplat_put_text(w, type);
    caplat_put(w, CAPLAT_LIT("\n"));
}


void
ngx_http_caplat_put_value(caplat_writer *w, uint64_t value)
{
    caplat_put(w, CAPLAT_LIT(" "));
    caplat_put_number(w, value);
    caplat_put(w, CAPLAT_LIT("\n"));
}


void
ngx_http_caplat_put_gauge(caplat_writer *w, const char *name,
    const char *help, uint64_t value)
{
    ngx_http_caplat_put_type(w, name, help, "gauge");
    ngx_http_caplat_put_text(w, name);
    ngx_http_caplat_put_value(w, value);
}


void
ngx_http_caplat_put_counter(caplat_writer *w, const char *name,
    const char *help, uint64_t value)
{
    ngx_http_caplat_put_type(w, name, help, "counter");
    ngx_http_caplat_put_text(w, name);
    ngx_http_caplat_put_value(w, value);
}


/* caplat_answers_total{route=,status=,problem=} */
static void
ngx_http_caplat_put_answers(caplat_writer *w, const caplat_zone *zone)
{
    uint64_t    count;
    ngx_uint_t  route, problem;

    ngx_http_caplat_put_type(w, "caplat_answers_total",
                             "Answers by route, status and problem.",
                             "counter");

    for (route = 1; route < NGX_HTTP_CAPLAT_ROUTE_COUNT; route++) {
        for (problem = 0; problem < CAPLAT_PROBLEM_COUNT; problem++) {
            count = caplat_zone_counter(zone,
                                   ngx_http_caplat_answer_at(route, problem));

            if (count == 0) {
                continue;
            }

            caplat_put(w, CAPLAT_LIT("caplat_answers_total{route=\""));
            ngx_http_caplat_put_text(w, ngx_http_caplat_route_word(route));
            caplat_put(w, CAPLAT_LIT("\",status=\""));
            caplat_put_number(w, problem == 0
                                 ? NGX_HTTP_OK
                                 : caplat_problem_status(problem));
            caplat_put(w, CAPLAT_LIT("\",problem=\""));
            caplat_put(w, problem == 0 ? CAPLAT_LIT("")
                                       : caplat_problem_name(problem));
            caplat_put(w, CAPLAT_LIT("\"}"));
            ngx_http_caplat_put_value(w, count);
        }
    }
}


/* caplat_refusals_total{reason=}: finer than the problem that was told. */
static void
ngx_http_caplat_put_reasons(caplat_writer *w, const caplat_zone *zone)
{
    uint64_t      count;
    ngx_uint_t    at;
    caplat_slice  reason;

    ngx_http_caplat_put_type(w, "caplat_refusals_total",
                             "Refusals by reason, as the log has it.",
                             "counter");

    for (at = 0; at < CAPLAT_TALLIES_MAX; at++) {
        if (caplat_zone_tallied(zone, at, &reason, &count)) {
            caplat_put(w, CAPLAT_LIT("caplat_refusals_total{reason=\""));
            caplat_put(w, reason);
            caplat_put(w, CAPLAT_LIT("\"}"));
            ngx_http_caplat_put_value(w, count);
        }
    }
}


static void
ngx_http_caplat_put_bucket(caplat_writer *w, ngx_uint_t route,
    const char *bound, uint64_t count)
{
    caplat_put(w, CAPLAT_LIT("caplat_answer_seconds_bucket{route=\""));
    ngx_http_caplat_put_text(w, ngx_http_caplat_route_word(route));
    caplat_put(w, CAPLAT_LIT("\",le=\""));
    ngx_http_caplat_put_text(w, bound);
    caplat_put(w, CAPLAT_LIT("\"}"));
    ngx_http_caplat_put_value(w, count);
}


/* Microseconds as seconds: "12.000345". */
void
ngx_http_caplat_put_seconds(caplat_writer *w, uint64_t us)
{
    u_char   text[NGX_INT64_LEN + 8];
    u_char  *end;

    end = ngx_sprintf(text, " %uL.%06uL\n", us / 1000000, us % 1000000);

    caplat_put(w, caplat_slice_of((char *) text, end - text));
}


/* caplat_answer_seconds: a histogram by route. */
static void
ngx_http_caplat_put_times(caplat_writer *w, const caplat_zone *zone)
{
    uint64_t    count;
    ngx_uint_t  route, n;

    ngx_http_caplat_put_type(w, "caplat_answer_seconds",
                             "Time from a request's head to its answer.",
                             "histogram");

    for (route = 1; route < NGX_HTTP_CAPLAT_ROUTE_COUNT; route++) {
        count = 0;

        for (n = 0; n < NGX_HTTP_CAPLAT_BUCKETS; n++) {
            count += caplat_zone_counter(zone,
                                         ngx_http_caplat_time_at(route, n));
            ngx_http_caplat_put_bucket(w, route,
                                       ngx_http_caplat_bound_words[n], count);
        }

        count += caplat_zone_counter(zone, ngx_http_caplat_time_at(route, n));
        ngx_http_caplat_put_bucket(w, route, "+Inf", count);

        caplat_put(w, CAPLAT_LIT("caplat_answer_seconds_sum{route=\""));
        ngx_http_caplat_put_text(w, ngx_http_caplat_route_word(route));
        caplat_put(w, CAPLAT_LIT("\"}"));
        ngx_http_caplat_put_seconds(w,
            caplat_zone_counter(zone,
                ngx_http_caplat_time_at(route, NGX_HTTP_CAPLAT_BUCKETS + 1)));

        caplat_put(w, CAPLAT_LIT("caplat_answer_seconds_count{route=\""));
        ngx_http_caplat_put_text(w, ngx_http_caplat_route_word(route));
        caplat_put(w, CAPLAT_LIT("\"}"));
        ngx_http_caplat_put_value(w, count);
    }
}


/* What this worker knows by itself: each has a cache of its own. */
static void
ngx_http_caplat_put_tokens(caplat_writer *w, const caplat_auth *auth)
{
    caplat_auth_fill  fill;

    fill = caplat_auth_tokens(auth);

    ngx_http_caplat_put_gauge(w, "caplat_tokens_cached",
                              "Verified tokens in this worker's cache.",
                              fill.count);
    ngx_http_caplat_put_gauge(w, "caplat_tokens_room",
                              "Tokens that this worker's cache can hold.",
                              fill.room);
    ngx_http_caplat_put_counter(w, "caplat_tokens_hits_total",
                                "Tokens found in this worker's cache.",
                                fill.hits);
    ngx_http_caplat_put_counter(w, "caplat_tokens_misses_total",
                                "Tokens that this worker had to verify.",
                                fill.misses);
}


ngx_int_t
ngx_http_caplat_status_handler(ngx_http_request_t *r)
{
    ngx_int_t                     rc;
    caplat_writer                 w;
    caplat_zone_fill              fill;
    ngx_http_caplat_ctx_t        *ctx;
    ngx_http_caplat_main_conf_t  *cmcf;

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_caplat_module);

    if (ngx_http_caplat_enter(r, NGX_HTTP_CAPLAT_STATUS,
                              NGX_HTTP_GET|NGX_HTTP_HEAD, &ctx, &rc)
        != NGX_OK)
    {
        return rc;
    }

    w = ngx_http_caplat_scratch();

    ngx_http_caplat_put_answers(&w, cmcf->zone);
    ngx_http_caplat_put_reasons(&w, cmcf->zone);
    ngx_http_caplat_put_times(&w, cmcf->zone);

    fill = caplat_zone_proofs(cmcf->zone);

    ngx_http_caplat_put_gauge(&w, "caplat_proofs_remembered",
                              "Used proofs in the zone.", fill.count);
    ngx_http_caplat_put_gauge(&w, "caplat_proofs_room",
                              "Used proofs that the zone can hold.",
                              fill.room);
    ngx_http_caplat_put_tokens(&w, cmcf->auth);

    if (cmcf->ledger != NULL) {
        ngx_http_caplat_put_ledger(&w, cmcf);
    }

    if (w.full) {
        return ngx_http_caplat_refuse_plainly(r,
                                              CAPLAT_PROBLEM_INTERNAL_ERROR);
    }

    ngx_str_set(&r->headers_out.content_type,
                "text/plain; version=0.0.4; charset=utf-8");
    r->headers_out.content_type_len = r->headers_out.content_type.len;

    return ngx_http_caplat_send_private(r, NGX_HTTP_OK, caplat_written(&w));
}
