#define _POSIX_C_SOURCE 200809L

#include "caplat_ahead.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>


#define RESERVE  4                      /* batches whose lines wait for a thread
                                           that has nothing to do */


typedef struct {
    caplat_ahead_batch   batch;
    char                *text;          /* what its lines borrow from */
    bool                 is_ready;
} slot;


/*
 * Batches have numbers. Those from `taken` on are to be taken; those from
 * `begun` on have been walked over, and nobody has begun with their lines;
 * those from `walked` on are still in the file.
 */
struct caplat_ahead {
    pthread_t         crew[CAPLAT_AHEAD_CREW];
    size_t            crew_count;
    caplat_walk       walk;             /* of whoever has set is_walking */
    bool              is_open;          /* the walk, which is the taker's */

    pthread_mutex_t   lock;             /* of all that follows */
    pthread_cond_t    more;             /* there is something to do */
    pthread_cond_t    done;             /* something has been done */
    slot              slots[CAPLAT_AHEAD_MAX];      /* by number, round */
    uint64_t          taken;
    uint64_t          begun;
    uint64_t          walked;
    bool              is_held;          /* the one before `taken`, by who took
                                           it */
    size_t            len;              /* bytes of all texts */
    bool              is_walking;
    bool              is_stopped;       /* or the walk has ended */
    size_t            busy;             /* threads that do something */
    size_t            idle;             /* threads of the crew that wait */
    bool              is_over;
};


static slot *
slot_of(caplat_ahead *ahead, uint64_t number)
{
    return &ahead->slots[number % CAPLAT_AHEAD_MAX];
}


static uint64_t
held(const caplat_ahead *ahead)
{
    return ahead->walked - ahead->taken + ahead->is_held;
}


static void
drop(caplat_ahead *ahead, uint64_t number)
{
    slot  *s = slot_of(ahead, number);

    ahead->len -= s->batch.lines.text.len;
    caplat_replay_free(&s->batch.lines);
    free(s->text);
    s->text = NULL;
    s->is_ready = false;
}


/* The batch lies in the walk's room, where the next one will: a copy. */
static void
copy_text(slot *s, caplat_slice text)
{
    s->text = malloc(text.len);

    if (s->text == NULL) {
        s->batch.state = CAPLAT_WALK_FAILED;
        s->batch.code = ENOMEM;
        return;
    }

    memcpy(s->text, text.ptr, text.len);
    s->batch.lines.text = caplat_slice_of(s->text, text.len);
}


static void
walk_on(caplat_ahead *ahead)
{
    slot          *s = slot_of(ahead, ahead->walked);
    caplat_slice   text;

    ahead->is_walking = true;
    (void) pthread_mutex_unlock(&ahead->lock);
    s->batch.state = caplat_walk_next(&ahead->walk, &s->batch.at, &text);
    s->batch.code = errno;

    if (s->batch.state == CAPLAT_WALK_BATCH) {
        copy_text(s, text);
    }

    (void) pthread_mutex_lock(&ahead->lock);
    ahead->is_walking = false;
    ahead->len += s->batch.lines.text.len;
    ahead->walked++;

    if (s->batch.state != CAPLAT_WALK_BATCH) {
        ahead->is_stopped = true;
    }
}


static void
read_lines(caplat_ahead *ahead)
{
    slot  *s = slot_of(ahead, ahead->begun++);

    (void) pthread_mutex_unlock(&ahead->lock);

    if (s->batch.state == CAPLAT_WALK_BATCH) {
        caplat_replay_read(s->batch.lines.text, &s->batch.lines);
    }

    (void) pthread_mutex_lock(&ahead->lock);
    s->is_ready = true;
}


static bool
may_walk(const caplat_ahead *ahead)
{
    uint64_t  count = held(ahead);

    return !ahead->is_walking && !ahead->is_stopped
        && (count == 0
            || (ahead->crew_count != 0 && count < CAPLAT_AHEAD_MAX
                && ahead->len < CAPLAT_AHEAD_LEN));
}


/* Do whatever is to be done next, without the lock; false: nothing is. */
static bool
do_next(caplat_ahead *ahead)
{
    uint64_t  waiting = ahead->walked - ahead->begun;

    if (waiting < RESERVE && may_walk(ahead)) {
        ahead->busy++;
        walk_on(ahead);

    } else if (waiting != 0) {
        ahead->busy++;
        read_lines(ahead);

    } else {
        return false;
    }

    ahead->busy--;

    return true;
}


static void *
work(void *data)
{
    caplat_ahead  *ahead = data;

    (void) pthread_mutex_lock(&ahead->lock);

    while (!ahead->is_over) {
        if (do_next(ahead)) {
            (void) pthread_cond_broadcast(&ahead->done);

        } else {
            ahead->idle++;
            (void) pthread_cond_wait(&ahead->more, &ahead->lock);
            ahead->idle--;
        }
    }

    (void) pthread_mutex_unlock(&ahead->lock);

    return NULL;
}


/* Signals are for the threads of whoever has called. */
static void
hire(caplat_ahead *ahead, size_t crew)
{
    sigset_t  all, before;

    (void) sigfillset(&all);
    caplat_assert(pthread_sigmask(SIG_SETMASK, &all, &before) == 0);

    /* Fewer than were wanted are slower, and no fault. */
    while (ahead->crew_count < crew
           && pthread_create(&ahead->crew[ahead->crew_count], NULL, work,
                             ahead) == 0)
    {
        ahead->crew_count++;
    }

    caplat_assert(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
}


bool
caplat_ahead_open(size_t crew, caplat_ahead **ahead)
{
    caplat_ahead  *made = calloc(1, sizeof(*made));

    if (made == NULL) {
        return false;
    }

    caplat_assert(pthread_mutex_init(&made->lock, NULL) == 0
                  && pthread_cond_init(&made->more, NULL) == 0
                  && pthread_cond_init(&made->done, NULL) == 0);
    made->is_stopped = true;
    hire(made, crew < CAPLAT_AHEAD_CREW ? crew : CAPLAT_AHEAD_CREW);
    *ahead = made;

    return true;
}


/* All that is held, when nobody does anything. */
static void
drop_all(caplat_ahead *ahead)
{
    for (uint64_t i = ahead->taken - ahead->is_held; i < ahead->walked; i++) {
        drop(ahead, i);
    }

    ahead->is_held = false;
    ahead->taken = ahead->walked;
    ahead->begun = ahead->walked;

    if (ahead->is_open) {
        caplat_walk_close(&ahead->walk);
        ahead->is_open = false;
    }
}


void
caplat_ahead_close(caplat_ahead *ahead)
{
    if (ahead == NULL) {
        return;
    }

    caplat_ahead_stop(ahead);
    (void) pthread_mutex_lock(&ahead->lock);
    ahead->is_over = true;
    (void) pthread_cond_broadcast(&ahead->more);
    (void) pthread_mutex_unlock(&ahead->lock);

    for (size_t i = 0; i < ahead->crew_count; i++) {
        (void) pthread_join(ahead->crew[i], NULL);
    }

    drop_all(ahead);
    (void) pthread_cond_destroy(&ahead->done);
    (void) pthread_cond_destroy(&ahead->more);
    (void) pthread_mutex_destroy(&ahead->lock);
    free(ahead);
}


bool
caplat_ahead_start(caplat_ahead *ahead, int fd, uint64_t at)
{
    caplat_ahead_stop(ahead);
    (void) pthread_mutex_lock(&ahead->lock);
    drop_all(ahead);
    ahead->is_open = caplat_walk_open(fd, at, &ahead->walk);
    ahead->is_stopped = !ahead->is_open;
    (void) pthread_cond_broadcast(&ahead->more);
    (void) pthread_mutex_unlock(&ahead->lock);

    return ahead->is_open;
}


/* Who waits for room is woken when there is much: to sleep costs as well. */
static bool
has_much_room(const caplat_ahead *ahead)
{
    return held(ahead) <= CAPLAT_AHEAD_MAX / 2
        && ahead->len <= CAPLAT_AHEAD_LEN / 2;
}


const caplat_ahead_batch *
caplat_ahead_next(caplat_ahead *ahead)
{
    slot  *next;

    (void) pthread_mutex_lock(&ahead->lock);

    if (ahead->is_held) {
        drop(ahead, ahead->taken - 1);
        ahead->is_held = false;
    }

    next = slot_of(ahead, ahead->taken);

    while (!next->is_ready) {
        if (!do_next(ahead)) {
            caplat_assert(ahead->busy != 0);
            (void) pthread_cond_wait(&ahead->done, &ahead->lock);
        }
    }

    ahead->taken++;
    ahead->is_held = true;

    if (ahead->idle != 0 && has_much_room(ahead)) {
        (void) pthread_cond_broadcast(&ahead->more);
    }

    (void) pthread_mutex_unlock(&ahead->lock);

    return &next->batch;
}


void
caplat_ahead_stop(caplat_ahead *ahead)
{
    (void) pthread_mutex_lock(&ahead->lock);
    ahead->is_stopped = true;
    ahead->begun = ahead->walked;

    while (ahead->busy != 0) {
        (void) pthread_cond_wait(&ahead->done, &ahead->lock);
    }

    ahead->begun = ahead->walked;
    (void) pthread_mutex_unlock(&ahead->lock);
}
