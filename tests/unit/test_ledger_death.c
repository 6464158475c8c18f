/*
 * A ledger that several processes write: killed within a commit, at any moment,
 * with the index gone under them, and with two keys.
 */

#include "ledger_room.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>


#define WRITERS  4
#define KILLS    40


static bool
decide_death(void *data, size_t at, caplat_batch *batch)
{
    if (at == 1) {
        (void) raise(SIGKILL);
    }

    return room_decide(data, at, batch);
}


/* Killed in the transaction, which is the lock: another who has it open, and
   one who opens it, go on. */
static void
test_killed_within(void)
{
    ledger_room  room;
    int          go[2], status;
    char         byte = 0;
    pid_t        child;

    room_make(&room);
    test_that(pipe(go) == 0, "a pipe");
    child = fork();

    if (child == 0) {
        if (read(go[0], &byte, 1) == 1 && room_open(&room)) {
            (void) caplat_ledger_commit(room.ledger, decide_death, &room, 2,
                NOW_MS, false, &room.batch, &room.error);
        }

        _exit(1);
    }

    room_must_open(&room, "new");
    room_must_commit(&room, 3, "before");
    test_that(write(go[1], &byte, 1) == 1
              && waitpid(child, &status, 0) == child && WIFSIGNALED(status)
              && WTERMSIG(status) == SIGKILL, "it is dead");
    room_must_commit(&room, 2, "who has it open goes on");
    room_close(&room);
    room_must_open(&room, "who opens it, too");
    room_must_commit(&room, 1, "and writes");
    room_must_hold(&room, 6, "all");
    (void) close(go[0]);
    (void) close(go[1]);
    room_end(&room);
}


/* Commits until it is killed, and tells what it was told, in whole lines. */
static void
write_on(ledger_room *room, int told, size_t size)
{
    char    line[128];
    int     len;

    if (!room_open(room)) {
        _exit(2);
    }

    for ( ;; ) {
        if (!room_commit(room, size)) {
            _exit(3);
        }

        for (size_t i = 0; i < size; i++) {
            uint64_t        index = caplat_batch_size(room->batch) - size + i;
            caplat_slice    text = caplat_batch_line(room->batch, index);
            caplat_record   record;
            caplat_err      err;

            if (!caplat_record_read(text, &record, &err)) {
                _exit(4);
            }

            len = snprintf(line, sizeof(line), "%lu %.*s\n",
                           (unsigned long) index, (int) record.order.len,
                           record.order.ptr);

            if (write(told, line, (size_t) len) != len) {
                _exit(5);
            }
        }
    }
}


typedef struct {
    char      (*ids)[CAPLAT_ORDER_ID_LEN_MAX + 1];
    uint64_t    count;
} orders;


static bool
collect(void *data, const caplat_record *record, caplat_slice line)
{
    orders  *all = data;

    (void) line;

    if (all->count == 1000000) {
        return false;
    }

    memset(all->ids[all->count], 0, sizeof(all->ids[0]));
    memcpy(all->ids[all->count++], record->order.ptr, record->order.len);

    return true;
}


static int
by_text(const void *a, const void *b)
{
    return memcmp(a, b, CAPLAT_ORDER_ID_LEN_MAX + 1);
}


/* Each order that somebody was told of stands where he was told, and none
   stands there twice. */
static void
check_told(ledger_room *room, const char *path)
{
    static orders      all;

    caplat_audit_conf  conf;
    caplat_audit       audit;
    FILE              *file = fopen(path, "r");
    unsigned long      index, told = 0, wrong = 0, twice = 0;
    char               id[64];

    all.ids = calloc(1000000, sizeof(all.ids[0]));
    all.count = 0;
    memset(&conf, 0, sizeof(conf));
    conf.folder = room->folder;
    conf.verifier = &room->verifier;
    conf.each = collect;
    conf.data = &all;

    if (!test_that(caplat_audit_log(&conf, &audit, &room->error), "it holds"))
    {
        printf("    %.*s\n", (int) room->error.len, room->error.words);
    }

    while (file != NULL && fscanf(file, "%lu %63s", &index, id) == 2) {
        told++;
        wrong += index >= all.count
                 || memcmp(id, all.ids[index], test_slice(id).len + 1) != 0;
    }

    test_that(told > 100, "many were told");
    test_number(wrong, 0, "all that were told are there");
    qsort(all.ids, all.count, sizeof(all.ids[0]), by_text);

    for (uint64_t i = 1; i < all.count; i++) {
        twice += by_text(all.ids[i - 1], all.ids[i]) == 0;
    }

    test_number(twice, 0, "none is there twice");
    free(all.ids);

    if (file != NULL) {
        (void) fclose(file);
    }
}


static pid_t
start(ledger_room *room, int told, size_t size)
{
    pid_t  child = fork();

    if (child == 0) {
        write_on(room, told, size);
    }

    return child;
}


/* Writers of several processes, each killed now and then, and begun anew. */
static void
test_kills(void)
{
    ledger_room  room;
    pid_t        writers[WRITERS];
    int          status, told;
    unsigned     seed = 1;

    room_make(&room);
    room.conf.segment_len = 65536;
    room.conf.index_len = (size_t) 256 << 20;
    told = open(room_path(&room, "told"), O_CREAT | O_WRONLY | O_APPEND, 0600);

    for (size_t i = 0; i < WRITERS; i++) {
        writers[i] = start(&room, told, 1 + i);
    }

    for (size_t n = 0; n < KILLS; n++) {
        size_t  i = (size_t) rand_r(&seed) % WRITERS;

        (void) nanosleep(&(struct timespec) {
            0, 20000000 + rand_r(&seed) % 60000000
        }, NULL);
        (void) kill(writers[i], SIGKILL);

        if (!test_that(waitpid(writers[i], &status, 0) == writers[i]
                       && WIFSIGNALED(status), "it wrote until it was killed"))
        {
            printf("    status %d\n", WEXITSTATUS(status));
        }

        /* All at once, now and then. */
        for (size_t other = 0; n % 10 == 9 && other < WRITERS; other++) {
            if (other != i) {
                (void) kill(writers[other], SIGKILL);
                (void) waitpid(writers[other], &status, 0);
                writers[other] = start(&room, told, 1 + other);
            }
        }

        writers[i] = start(&room, told, 1 + i);
    }

    for (size_t i = 0; i < WRITERS; i++) {
        (void) kill(writers[i], SIGKILL);
        (void) waitpid(writers[i], &status, 0);
    }

    (void) close(told);
    room_must_open(&room, "after all");
    room_must_commit(&room, 1, "and it goes on");
    check_told(&room, room_path(&room, "told"));
    room_close(&room);

    /* And out of the log alone. */
    room_forget(&room);
    room_must_open(&room, "out of the log");
    room_must_commit(&room, 1, "and on");
    room_end(&room);
}


/* The index is gone while it is used: no second one beside it. */
static void
test_index_gone(void)
{
    ledger_room  room, other;
    int          status;
    pid_t        child;

    room_make(&room);
    room_must_open(&room, "new");
    room_must_commit(&room, 1, "one");
    room_forget(&room);
    (void) unlink(room_path(&room, "index/lock"));
    other = room;
    child = fork();

    if (child == 0) {
        room_must_refuse(&other, CAPLAT_LEDGER_IO, "index", "gone");
        _exit(test_failed != 0);
    }

    test_that(waitpid(child, &status, 0) == child && WIFEXITED(status)
              && WEXITSTATUS(status) == 0, "it is refused");
    room_must_commit(&room, 1, "who has it goes on");
    room_close(&room);
    room_must_open(&room, "nobody uses it any more");
    test_number(caplat_ledger_durable(room.ledger), 2, "all are there");
    room_end(&room);
}


/* Another key before there is a record: no second log on the same folder. */
static void
test_two_keys(void)
{
    ledger_room          room, other;
    caplat_private_key  *key;
    int                  status;
    pid_t                child;

    room_make(&room);
    room_must_open(&room, "new");
    other = room;
    test_that(caplat_private_key_new(CAPLAT_ED25519, &key)
              && caplat_verifier_make(test_slice(LOG_NAME),
                                      caplat_private_key_public(key),
                                      &other.verifier), "another key");
    other.conf.key = key;
    other.conf.verifier = &other.verifier;
    child = fork();

    if (child == 0) {
        room_must_refuse(&other, CAPLAT_LEDGER_DAMAGED, "others", "beside it");
        other.conf.key = room.key;
        other.conf.verifier = &room.verifier;
        room_must_open(&other, "with the same one");
        _exit(test_failed != 0);
    }

    test_that(waitpid(child, &status, 0) == child && WIFEXITED(status)
              && WEXITSTATUS(status) == 0, "it is refused");
    room_close(&room);
    other.conf.key = key;
    other.conf.verifier = &other.verifier;
    room_must_open(&other, "nobody else has it");
    room_must_commit(&other, 1, "it is his");
    room_close(&other);
    room_must_refuse(&room, CAPLAT_LEDGER_DAMAGED, "", "and not the first's");
    caplat_private_key_close(key);
    room_end(&room);
}


int
main(void)
{
    test_that(caplat_trust_open(), "the libraries start");

    test_killed_within();
    test_index_gone();
    test_two_keys();
    test_kills();

    return test_done();
}
