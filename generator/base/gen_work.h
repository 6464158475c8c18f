/*
 * A loop over many things by several threads.
 */

#ifndef GEN_WORK_H
#define GEN_WORK_H

#include <stddef.h>


#define GEN_WORKERS_MAX  64


/* One thing: `at` of the loop, by worker `worker`. */
typedef void (*gen_job)(void *context, size_t worker, size_t at);

/*
 * Run job for 0 .. count - 1. Each worker takes ascending numbers, and all are
 * done when it returns.
 */
void gen_work(size_t workers, size_t count, gen_job job, void *context);

/* Processors that this process may use. */
size_t gen_work_processors(void);


#endif /* GEN_WORK_H */
