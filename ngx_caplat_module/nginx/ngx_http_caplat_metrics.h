/*
 * Prometheus text: https://prometheus.io/docs/instrumenting/exposition_formats
 */

#ifndef NGX_HTTP_CAPLAT_METRICS_H
#define NGX_HTTP_CAPLAT_METRICS_H

#include "ngx_http_caplat_module.h"


/* The zone's last counters are the ledger's. */
#define NGX_HTTP_CAPLAT_LEDGER_AT  (CAPLAT_COUNTERS_MAX - 64)


void ngx_http_caplat_put_text(caplat_writer *w, const char *text);

/* # HELP, # TYPE */
void ngx_http_caplat_put_type(caplat_writer *w, const char *name,
    const char *help, const char *type);

/* " 17" and the end of the line. */
void ngx_http_caplat_put_value(caplat_writer *w, uint64_t value);

/* Microseconds as seconds: " 12.000345". */
void ngx_http_caplat_put_seconds(caplat_writer *w, uint64_t us);

/* One value, whole. */
void ngx_http_caplat_put_gauge(caplat_writer *w, const char *name,
    const char *help, uint64_t value);
void ngx_http_caplat_put_counter(caplat_writer *w, const char *name,
    const char *help, uint64_t value);


#endif /* NGX_HTTP_CAPLAT_METRICS_H */
