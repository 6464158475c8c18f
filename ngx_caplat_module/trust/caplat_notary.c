#define _POSIX_C_SOURCE 200809L

#include "caplat_notary.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>


typedef struct {
    bool                 is_busy;       /* from when it is handed in until it
                                           is judged */
    caplat_notary_spot   spot;
    size_t               len;
    char                 note[CAPLAT_CHECKPOINT_MAX];
} task;


struct caplat_notary {
    const caplat_verifier  *verifier;
    pthread_t               crew[CAPLAT_NOTARY_CREW];
    size_t                  crew_count;

    pthread_mutex_t         lock;       /* of all that follows */
    pthread_cond_t          more;       /* something has been handed in */
    pthread_cond_t          done;       /* something has been judged */
    task                    tasks[CAPLAT_NOTARY_MAX];   /* by number, round */
    uint64_t                asked;      /* numbers: the next to be handed in */
    uint64_t                taken;      /* the next to be judged */
    uint64_t                judged;     /* how many have been */
    size_t                  idle;       /* threads that wait */
    bool                    is_over;

    bool                    is_wrong;   /* one of them */
    uint64_t                wrong;      /* the least such number */
    caplat_notary_spot      wrong_spot;
    const char             *why;
};


size_t
caplat_notary_crew(void)
{
    long  count = sysconf(_SC_NPROCESSORS_ONLN);

    return count < 2 ? 0
           : count > CAPLAT_NOTARY_CREW ? CAPLAT_NOTARY_CREW
           : (size_t) count - 1;
}


static void
note_wrong(caplat_notary *notary, uint64_t number,
    const caplat_notary_spot *spot, const char *why)
{
    if (notary->is_wrong && notary->wrong < number) {
        return;
    }

    notary->is_wrong = true;
    notary->wrong = number;
    notary->wrong_spot = *spot;
    notary->why = why;
}


/* Judge the next one; the lock is let go meanwhile. */
static void
judge_next(caplat_notary *notary)
{
    uint64_t           number = notary->taken++;
    task              *next = &notary->tasks[number % CAPLAT_NOTARY_MAX];
    caplat_checkpoint  checkpoint;
    const char        *why;
    bool               is_good;

    (void) pthread_mutex_unlock(&notary->lock);
    is_good = caplat_checkpoint_read(caplat_slice_of(next->note, next->len),
                                     notary->verifier, &checkpoint, &why);
    (void) pthread_mutex_lock(&notary->lock);

    if (!is_good) {
        note_wrong(notary, number, &next->spot, why);
    }

    next->is_busy = false;
    notary->judged++;
}


/* Whoever would have to wait takes a share of it. */
static void
help_or_wait(caplat_notary *notary)
{
    if (notary->taken != notary->asked) {
        judge_next(notary);

    } else {
        (void) pthread_cond_wait(&notary->done, &notary->lock);
    }
}


static void *
work(void *data)
{
    caplat_notary  *notary = data;

    (void) pthread_mutex_lock(&notary->lock);

    for ( ;; ) {
        while (notary->taken != notary->asked) {
            judge_next(notary);
            (void) pthread_cond_signal(&notary->done);
        }

        if (notary->is_over) {
            break;
        }

        notary->idle++;
        (void) pthread_cond_wait(&notary->more, &notary->lock);
        notary->idle--;
    }

    (void) pthread_mutex_unlock(&notary->lock);

    return NULL;
}


bool
caplat_notary_open(const caplat_verifier *verifier, size_t crew,
    caplat_notary **notary)
{
    caplat_notary  *made = calloc(1, sizeof(*made));

    if (made == NULL) {
        return false;
    }

    caplat_assert(crew <= CAPLAT_NOTARY_CREW
                  && pthread_mutex_init(&made->lock, NULL) == 0
                  && pthread_cond_init(&made->more, NULL) == 0
                  && pthread_cond_init(&made->done, NULL) == 0);
    made->verifier = verifier;

    /* Fewer than were wanted are slower, and no fault. */
    while (made->crew_count < crew
           && pthread_create(&made->crew[made->crew_count], NULL, work, made)
              == 0)
    {
        made->crew_count++;
    }

    *notary = made;

    return true;
}


void
caplat_notary_close(caplat_notary *notary)
{
    if (notary == NULL) {
        return;
    }

    (void) pthread_mutex_lock(&notary->lock);
    notary->is_over = true;
    (void) pthread_cond_broadcast(&notary->more);
    (void) pthread_mutex_unlock(&notary->lock);

    for (size_t i = 0; i < notary->crew_count; i++) {
        (void) pthread_join(notary->crew[i], NULL);
    }

    (void) pthread_cond_destroy(&notary->done);
    (void) pthread_cond_destroy(&notary->more);
    (void) pthread_mutex_destroy(&notary->lock);
    free(notary);
}


bool
caplat_notary_ask(caplat_notary *notary, caplat_slice note,
    const caplat_notary_spot *spot)
{
    task  *next;
    bool   is_good;

    caplat_assert(note.len <= CAPLAT_CHECKPOINT_MAX);
    (void) pthread_mutex_lock(&notary->lock);
    next = &notary->tasks[notary->asked % CAPLAT_NOTARY_MAX];

    while (next->is_busy) {
        help_or_wait(notary);
    }

    next->is_busy = true;
    next->spot = *spot;
    next->len = note.len;
    memcpy(next->note, note.ptr, note.len);
    notary->asked++;

    if (notary->crew_count == 0) {
        judge_next(notary);

    } else if (notary->idle != 0) {
        (void) pthread_cond_signal(&notary->more);
    }

    is_good = !notary->is_wrong;
    (void) pthread_mutex_unlock(&notary->lock);

    return is_good;
}


bool
caplat_notary_settle(caplat_notary *notary, caplat_notary_spot *spot,
    const char **why)
{
    bool  is_good;

    (void) pthread_mutex_lock(&notary->lock);

    while (notary->judged != notary->asked) {
        help_or_wait(notary);
    }

    is_good = !notary->is_wrong;

    if (!is_good) {
        *spot = notary->wrong_spot;
        *why = notary->why;
    }

    (void) pthread_mutex_unlock(&notary->lock);

    return is_good;
}
