/*
 * What the tests of a ledger share: folders of their own, in memory where there
 * is a place for that, a key, and commits of some orders.
 */

#ifndef LEDGER_ROOM_H
#define LEDGER_ROOM_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE                     /* nftw, mkdtemp */
#endif

#include "caplat_audit.h"
#include "caplat_hash.h"
#include "caplat_ledger.h"

#include "some_order.h"
#include "test.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>


#define LOG_NAME  "shop.example/orders"
#define ROOM_LOG  "log/0000000000.ndjson"
#define NOW_MS    INT64_C(1795334400000)


typedef struct {
    char                  folder[64];
    caplat_private_key   *key;
    caplat_verifier       verifier;
    caplat_ledger_conf    conf;
    caplat_ledger        *ledger;
    caplat_ledger_error   error;
    caplat_batch         *batch;
    int64_t               now_ms;
} ledger_room;


static inline int
room_remove(const char *path, const struct stat *st, int kind,
    struct FTW *where)
{
    (void) st;
    (void) kind;
    (void) where;

    return remove(path);
}


static inline void
room_delete(const char *folder)
{
    (void) nftw(folder, room_remove, 16, FTW_DEPTH | FTW_PHYS);
}


/* folder/name; for one expression. */
static inline const char *
room_path(const ledger_room *room, const char *name)
{
    static char  paths[4][256];
    static int   next;
    char        *path = paths[next++ % 4];

    (void) snprintf(path, sizeof(paths[0]), "%s/%s", room->folder, name);

    return path;
}


/* A new folder and key, or the end. */
static inline void
room_make(ledger_room *room)
{
    memset(room, 0, sizeof(*room));
    (void) mkdir("build", 0755);
    (void) snprintf(room->folder, sizeof(room->folder),
                    access("/dev/shm", W_OK) == 0
                    ? "/dev/shm/caplat-XXXXXX" : "build/ledger-XXXXXX");

    if (mkdtemp(room->folder) == NULL
        || !caplat_private_key_new(CAPLAT_ED25519, &room->key)
        || !caplat_verifier_make(test_slice(LOG_NAME),
                                 caplat_private_key_public(room->key),
                                 &room->verifier)
        || !caplat_ledger_prepare(room->folder, -1, -1, &room->error))
    {
        perror(room->folder);
        exit(1);
    }

    room->now_ms = NOW_MS;
    room->conf = (caplat_ledger_conf) {
        room->folder, test_slice(LOG_NAME), room->key, &room->verifier,
        CAPLAT_SEGMENT_LEN, 0, (size_t) 16 << 20, false, false
    };
}


static inline bool
room_open(ledger_room *room)
{
    room->ledger = NULL;

    return caplat_ledger_open(&room->conf, NULL, NULL, &room->ledger,
        &room->error);
}


static inline void
room_close(ledger_room *room)
{
    caplat_ledger_close(room->ledger);
    room->ledger = NULL;
}


static inline void
room_end(ledger_room *room)
{
    room_close(room);
    room_delete(room->folder);
    caplat_private_key_close(room->key);
}


/* To open must succeed; else its words are printed. */
static inline bool
room_must_open(ledger_room *room, const char *words)
{
    bool  is_open = test_that(room_open(room), words);

    if (!is_open) {
        printf("    %.*s\n", (int) room->error.len, room->error.words);
    }

    return is_open;
}


/* It must be refused, in words that have that word. */
static inline void
room_must_refuse(ledger_room *room, caplat_ledger_fault fault,
    const char *word, const char *words)
{
    if (!test_that(!room_open(room), words)) {
        room_close(room);
        return;
    }

    test_number(room->error.fault, fault, words);

    if (!test_that(memmem(room->error.words, room->error.len, word,
                          test_slice(word).len)
                   != NULL, words))
    {
        printf("    `%.*s` has no `%s`\n", (int) room->error.len,
               room->error.words, word);
    }
}


/* caplat_decide_pt: a new order for a certificate of its own. */
static inline bool
room_decide(void *data, size_t at, caplat_batch *batch)
{
    ledger_room    *room = data;
    uint64_t        number = caplat_ledger_next_order(room->ledger);
    some_order      order;
    caplat_record   record;

    (void) at;
    some_created(&order, number, number, &record);

    return caplat_batch_add(batch, &record);
}


static inline bool
room_commit(ledger_room *room, size_t count)
{
    room->now_ms += 1000;

    return caplat_ledger_commit(room->ledger, room_decide, room, count,
        room->now_ms, false, &room->batch, &room->error);
}


static inline void
room_must_commit(ledger_room *room, size_t count, const char *words)
{
    if (!test_that(room_commit(room, count), words)) {
        printf("    %.*s\n", (int) room->error.len, room->error.words);
    }
}


static inline bool
room_audit(ledger_room *room, caplat_audit *audit)
{
    caplat_audit_conf  conf;

    memset(&conf, 0, sizeof(conf));
    conf.folder = room->folder;
    conf.verifier = &room->verifier;

    return caplat_audit_log(&conf, audit, &room->error);
}


/* All must hold, of so many records. */
static inline void
room_must_hold(ledger_room *room, uint64_t records, const char *words)
{
    caplat_audit  audit;

    if (!test_that(room_audit(room, &audit), words)) {
        printf("    %.*s\n", (int) room->error.len, room->error.words);
        return;
    }

    test_number(audit.records, records, words);
    test_number(audit.last.size, records, words);
}


/* A file, whole; the caller frees it. */
static inline caplat_slice
room_read(const ledger_room *room, const char *name)
{
    FILE    *file = fopen(room_path(room, name), "rb");
    char    *text = malloc((size_t) 8 << 20);
    size_t   len = 0;

    if (file != NULL) {
        len = fread(text, 1, (size_t) 8 << 20, file);
        (void) fclose(file);
    }

    return caplat_slice_of(text, len);
}


static inline void
room_free(caplat_slice text)
{
    free((void *) (uintptr_t) text.ptr);
}


static inline void
room_write(const ledger_room *room, const char *name, caplat_slice text)
{
    FILE  *file = fopen(room_path(room, name), "wb");

    if (file == NULL || fwrite(text.ptr, 1, text.len, file) != text.len
        || fclose(file) != 0)
    {
        perror(name);
        exit(1);
    }
}


/* As after another boot: what was not synced is not believed. */
static inline void
room_forget(const ledger_room *room)
{
    (void) unlink(room_path(room, "index/data.mdb"));
    (void) unlink(room_path(room, "index/lock.mdb"));
    (void) unlink(room_path(room, "index/shared"));
}


/* Batches of two, two and one order; their ends. */
static inline void
room_make_log(ledger_room *room, size_t ends[3])
{
    room_make(room);
    room_must_open(room, "new");

    for (size_t i = 0; i < 3; i++) {
        room_must_commit(room, i < 2 ? 2 : 1, "make");

        struct stat  st;

        test_that(stat(room_path(room, ROOM_LOG), &st) == 0, "make");
        ends[i] = (size_t) st.st_size;
    }

    room_close(room);
}


/* How many files recovery has made; they are removed. */
static inline size_t
room_take_torn(const ledger_room *room)
{
    DIR            *dir = opendir(room_path(room, "log"));
    struct dirent  *entry;
    size_t          count = 0;
    char            path[512];

    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        if (memmem(entry->d_name, test_slice(entry->d_name).len, ".torn", 5)
            != NULL)
        {
            (void) snprintf(path, sizeof(path), "%s/log/%s", room->folder,
                            entry->d_name);
            (void) unlink(path);
            count++;
        }
    }

    if (dir != NULL) {
        (void) closedir(dir);
    }

    return count;
}


/* A tail: the good part of the log, and something behind it. */
static inline void
room_put_tail(const ledger_room *room, caplat_slice log, size_t good,
    caplat_slice tail)
{
    char  *text = malloc(good + tail.len);

    memcpy(text, log.ptr, good);
    memcpy(text + good, tail.ptr, tail.len);
    room_write(room, ROOM_LOG, caplat_slice_of(text, good + tail.len));
    free(text);
}


#endif /* LEDGER_ROOM_H */
