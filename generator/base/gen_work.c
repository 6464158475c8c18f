#define _GNU_SOURCE                     /* sched_getaffinity */

#include "gen_work.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>


typedef struct {
    gen_job        job;
    void          *context;
    size_t         count;
    size_t         step;                /* things taken at a time */
    atomic_size_t  next;
} loop;


typedef struct {
    loop          *loop;
    size_t         worker;
} share;


static void *
run(void *data)
{
    const share  *mine = data;
    loop         *all = mine->loop;
    size_t        from;

    while ((from = atomic_fetch_add(&all->next, all->step)) < all->count) {
        size_t  to = all->count - from < all->step
                     ? all->count : from + all->step;

        for (size_t at = from; at != to; at++) {
            all->job(all->context, mine->worker, at);
        }
    }

    return NULL;
}


void
gen_work(size_t workers, size_t count, gen_job job, void *context)
{
    loop       all = { .job = job, .context = context, .count = count };
    pthread_t  threads[GEN_WORKERS_MAX];
    share      shares[GEN_WORKERS_MAX];
    size_t     started = 1;

    all.step = count / (workers * 64) + 1;
    shares[0] = (share) { &all, 0 };

    for (size_t i = 1; i < workers && i < count; i++) {
        shares[i] = (share) { &all, i };

        /* A thread that does not start leaves its share to the others. */
        if (pthread_create(&threads[started], NULL, run, &shares[i]) != 0) {
            break;
        }

        started++;
    }

    (void) run(&shares[0]);

    for (size_t i = 1; i != started; i++) {
        (void) pthread_join(threads[i], NULL);
    }
}


size_t
gen_work_processors(void)
{
    cpu_set_t  set;
    int        count = 1;

    if (sched_getaffinity(0, sizeof(set), &set) == 0) {
        count = CPU_COUNT(&set);
    }

    return count < 1 ? 1
           : count > GEN_WORKERS_MAX ? GEN_WORKERS_MAX : (size_t) count;
}
