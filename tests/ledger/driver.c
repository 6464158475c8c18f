/*
 * A writer of a ledger for tests that kill it, cut its power or let its disk
 * fail: ledger-driver FOLDER KEY NAME COUNT BATCH [SEGMENT]
 *
 *   KEY      the file of a JWK, made when there is none
 *   COUNT    batches; 0: until it is killed
 *   BATCH    orders in each
 *   SEGMENT  bytes of the log from which on a new one is begun
 *
 * After each commit, when all of it is on the disk, it prints a line for each
 * order of it, and flushes: `ok SIZE INDEX ID`, of the batch's tree. It ends
 * with 3 and the words of a refusal, with 2 where it cannot begin. What
 * recovery has moved away it tells first: `torn WORDS`.
 */

#define _POSIX_C_SOURCE 200809L

#include "caplat_file.h"
#include "caplat_hash.h"
#include "caplat_ledger.h"

#include "../unit/some_order.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>


typedef struct {
    caplat_ledger  *ledger;
    char            ids[CAPLAT_BATCH_MAX][CAPLAT_ORDER_ID_LEN_MAX];
    size_t          lens[CAPLAT_BATCH_MAX];
} work;


static int
say(int status, const char *what, const char *words, size_t len)
{
    printf("%s %.*s\n", what, (int) len, words);
    (void) fflush(stdout);

    return status;
}


static int
stop(const char *words)
{
    return say(2, "no", words, caplat_slice_of_word(words).len);
}


static bool
read_number(const char *text, uint64_t *number)
{
    caplat_cursor  c = caplat_cursor_of(caplat_slice_of_word(text));

    return caplat_take_uint(&c, UINT32_MAX, number)
        && caplat_cursor_left(&c) == 0;
}


static caplat_private_key *
read_key(const char *path)
{
    caplat_private_key  *key;
    caplat_slice         text;
    caplat_err           err;
    const char          *why;
    char                 room[256];
    caplat_writer        w = caplat_writer_of(room, sizeof(room));

    if (caplat_file_read(path, 4096, &text, &why)) {
        bool  is_read = caplat_private_key_read(text, &key, &err);

        free((void *) (uintptr_t) text.ptr);
        return is_read ? key : NULL;
    }

    if (!caplat_private_key_new(CAPLAT_ED25519, &key)) {
        return NULL;
    }

    caplat_private_key_write(key, &w);

    return caplat_file_write(path, caplat_written(&w), 0600, false, &why)
           ? key : NULL;
}


static bool
decide(void *data, size_t at, caplat_batch *batch)
{
    work           *w = data;
    uint64_t        number = caplat_ledger_next_order(w->ledger);
    some_order      room;
    caplat_record   record;

    some_created(&room, number, number, &record);
    memcpy(w->ids[at], record.order.ptr, record.order.len);
    w->lens[at] = record.order.len;

    return caplat_batch_add(batch, &record);
}


static int64_t
now_ms(void)
{
    struct timespec  t;

    (void) clock_gettime(CLOCK_REALTIME, &t);

    return (int64_t) t.tv_sec * 1000 + t.tv_nsec / 1000000;
}


static int
run(work *w, uint64_t count, size_t size)
{
    caplat_batch         *batch;
    caplat_ledger_error   error;

    for (uint64_t n = 0; count == 0 || n < count; n++) {
        uint64_t  tree;

        if (!caplat_ledger_commit(w->ledger, decide, w, size, now_ms(), false,
                                  &batch, &error))
        {
            return say(3, "no", error.words, error.len);
        }

        tree = caplat_batch_size(batch);

        for (size_t i = 0; i < size; i++) {
            printf("ok %lu %lu %.*s\n", (unsigned long) tree,
                   (unsigned long) (tree - size + i), (int) w->lens[i],
                   w->ids[i]);
        }

        (void) fflush(stdout);
    }

    return 0;
}


int
main(int argc, char **argv)
{
    static work  w;

    caplat_ledger_error   error;
    caplat_private_key   *key;
    caplat_verifier       verifier;
    caplat_ledger_conf    conf;
    caplat_slice          torn;
    uint64_t              count, size, segment = CAPLAT_SEGMENT_LEN;
    int                   status;

    (void) signal(SIGXFSZ, SIG_IGN);

    if (argc < 6 || argc > 7 || !caplat_trust_open()
        || !read_number(argv[4], &count) || !read_number(argv[5], &size)
        || (argc == 7 && !read_number(argv[6], &segment)))
    {
        return stop("ledger-driver FOLDER KEY NAME COUNT BATCH [SEGMENT]");
    }

    key = read_key(argv[2]);

    if (size == 0 || size > CAPLAT_BATCH_MAX || key == NULL
        || !caplat_verifier_make(caplat_slice_of_word(argv[3]),
                                 caplat_private_key_public(key), &verifier))
    {
        return stop("the key, the name or the batch's size is none");
    }

    conf = (caplat_ledger_conf) {
        argv[1], caplat_slice_of_word(argv[3]), key, &verifier,
        segment, 0, (size_t) 256 << 20, false, false
    };

    if (!caplat_ledger_prepare(argv[1], -1, -1, &error)
        || !caplat_ledger_open(&conf, NULL, NULL, &w.ledger, &error))
    {
        return say(2, "no", error.words, error.len);
    }

    torn = caplat_ledger_torn(w.ledger);

    if (torn.len != 0) {
        (void) say(0, "torn", torn.ptr, torn.len);
    }

    status = run(&w, count, size);
    caplat_ledger_close(w.ledger);
    caplat_private_key_close(key);

    return status;
}
