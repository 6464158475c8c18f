/*
 * What a crash leaves, and what rots: a ledger opens on all that it has
 * promised, or says what is wrong and touches nothing.
 */

#include "ledger_room.h"

#include "caplat_segment.h"

#include <pthread.h>


#define LOG            ROOM_LOG
#define PARTS_BATCHES  40
#define PARTS_EACH     150


/* Of many bytes those at both ends, and a third of the others. */
static bool
is_tried(size_t at, size_t from, size_t to)
{
    return at - from < 64 || to - at <= 64 || at % 3 == 0;
}


/* The log ends within its last batch; zeros and garbage. */
static void
test_tails(void)
{
    static char  junk[9000];

    ledger_room   room;
    size_t        ends[3];
    caplat_slice  log;

    room_make_log(&room, ends);
    log = room_read(&room, LOG);

    for (size_t cut = ends[1]; cut < ends[2]; cut++) {
        room_put_tail(&room, log, ends[1],
            caplat_slice_of(log.ptr + ends[1], cut - ends[1]));
        (void) unlink(room_path(&room, "checkpoint"));
        room_forget(&room);

        if (room_must_open(&room, "torn")) {
            test_number(caplat_ledger_durable(room.ledger), 4, "torn");
            test_that((caplat_ledger_torn(room.ledger).len != 0)
                      == (cut != ends[1]), "torn");
        }

        room_close(&room);
        test_number(room_take_torn(&room), cut != ends[1], "torn");
    }

    for (size_t i = 0; i < sizeof(junk); i++) {
        junk[i] = (char) (i * 131 % 251);
    }

    (void) unlink(room_path(&room, "checkpoint"));
    room_put_tail(&room, log, ends[1], caplat_slice_of(junk, sizeof(junk)));
    room_forget(&room);
    room_must_open(&room, "garbage");
    test_number(caplat_ledger_durable(room.ledger), 4, "garbage");
    test_that(caplat_ledger_torn(room.ledger).len != 0, "garbage is told");
    room_must_commit(&room, 1, "and it goes on");
    room_close(&room);
    room_must_hold(&room, 5, "and holds");
    test_number(room_take_torn(&room), 1, "garbage is kept");

    memset(junk, 0, sizeof(junk));
    (void) unlink(room_path(&room, "checkpoint"));
    room_put_tail(&room, log, ends[1], caplat_slice_of(junk, sizeof(junk)));
    room_forget(&room);
    room_must_open(&room, "zeros");
    test_number(caplat_ledger_durable(room.ledger), 4, "zeros");
    test_that(caplat_ledger_torn(room.ledger).len != 0, "zeros are told");
    room_close(&room);

    room_free(log);
    room_end(&room);
}


/* A whole batch behind the head of an intact index, as of one who was killed
   before the index: it is taken. */
static void
test_behind_the_head(void)
{
    ledger_room   room;
    size_t        ends[3];
    caplat_slice  log;

    room_make_log(&room, ends);
    log = room_read(&room, LOG);

    room_put_tail(&room, log, ends[1], caplat_slice_of("", 0));
    room_forget(&room);
    (void) unlink(room_path(&room, "checkpoint"));
    room_must_open(&room, "two");
    room_close(&room);

    room_write(&room, LOG, log);
    room_must_open(&room, "three");
    test_number(caplat_ledger_durable(room.ledger), 5, "it is taken");
    test_number(caplat_ledger_torn(room.ledger).len, 0, "nothing is torn");

    /* While it is open, too. */
    room_must_commit(&room, 1, "more");
    room_close(&room);
    room_must_hold(&room, 6, "all");
    room_free(log);
    room_end(&room);
}


/*
 * Whatever bit is flipped in what was acknowledged: it does not open, and the
 * log is as it was. Most of all bytes of the last batch.
 */
static void
test_rot(void)
{
    ledger_room   room;
    size_t        ends[3];
    caplat_slice  log, now;
    caplat_audit  audit;

    room_make_log(&room, ends);
    log = room_read(&room, LOG);

    for (size_t at = 0; at < log.len; at++) {
        char  *text;

        if (at < ends[1] ? at % 17 != 0 : !is_tried(at, ends[1], ends[2])) {
            continue;
        }

        text = malloc(log.len);

        memcpy(text, log.ptr, log.len);
        text[at] = (char) (text[at] ^ (1 << at % 7));
        room_write(&room, LOG, caplat_slice_of(text, log.len));

        test_that(!room_audit(&room, &audit), "an audit finds it");

        /* As after another boot. */
        room_forget(&room);

        if (room_open(&room)) {
            /* A signature of before, which roots do not show. */
            test_that(at < ends[1], "rot of the last batch is found");
            room_close(&room);

        } else {
            test_number(room.error.fault, CAPLAT_LEDGER_DAMAGED, "rot");
        }

        now = room_read(&room, LOG);
        test_that(now.len == log.len && memcmp(now.ptr, text, log.len) == 0,
                  "the log is as it was");
        test_number(room_take_torn(&room), 0, "nothing is moved");
        room_free(now);
        free(text);
    }

    room_free(log);
    room_end(&room);
}


/* A checkpoint without records: nobody has written that. */
static void
test_no_records(void)
{
    ledger_room   room;
    size_t        ends[3];
    caplat_slice  log;
    const char   *last;
    caplat_audit  audit;

    room_make_log(&room, ends);
    log = room_read(&room, LOG);
    last = memrchr(log.ptr, '\n', log.len - 1);
    room_put_tail(&room, log, log.len,
        caplat_slice_of(last + 1, (size_t) (log.ptr + log.len - last - 1)));
    room_forget(&room);
    test_that(!room_audit(&room, &audit), "an audit finds it");
    room_must_refuse(&room, CAPLAT_LEDGER_DAMAGED, "no record", "refused");
    room_free(log);
    room_end(&room);
}


/* What was published is newer than the log: a backup. */
static void
test_backup(void)
{
    ledger_room   room;
    size_t        ends[3];
    caplat_slice  log;

    room_make_log(&room, ends);
    log = room_read(&room, LOG);
    room_put_tail(&room, log, ends[1], caplat_slice_of("", 0));
    room_must_refuse(&room, CAPLAT_LEDGER_DAMAGED, "checkpoint",
        "the index knows better");
    room_forget(&room);
    room_must_refuse(&room, CAPLAT_LEDGER_DAMAGED, "checkpoint",
        "published");
    room_free(log);
    room_end(&room);
}


/* Another log's folder: refused, and nothing is moved. */
static void
test_foreign(void)
{
    ledger_room          room;
    size_t               ends[3];
    caplat_verifier      verifier, ours;
    caplat_private_key  *key, *our_key;

    room_make_log(&room, ends);
    ours = room.verifier;
    our_key = room.key;
    test_that(caplat_private_key_new(CAPLAT_ED25519, &key)
              && caplat_verifier_make(test_slice(LOG_NAME),
                                      caplat_private_key_public(key),
                                      &verifier), "another key");

    for (size_t i = 0; i < 4; i++) {
        if (i == 2) {
            test_that(caplat_verifier_make(test_slice("other.example/log"),
                                           caplat_private_key_public(our_key),
                                           &verifier), "another name");
        }

        room.verifier = verifier;
        room.conf.key = i < 2 ? key : our_key;

        for (size_t published = 0; published < 2; published++) {
            room_must_refuse(&room, CAPLAT_LEDGER_DAMAGED, "",
                i < 2 ? "another key" : "another name");
            test_number(room_take_torn(&room), 0, "nothing is moved");

            if (i % 2 == 1) {
                (void) unlink(room_path(&room, "checkpoint"));
            }
        }

        room_forget(&room);
    }

    room.verifier = ours;
    room.conf.key = our_key;
    room_must_open(&room, "as it was");
    test_number(caplat_ledger_durable(room.ledger), 5, "all are there");
    room_end(&room);
    caplat_private_key_close(key);
}


/* What was told, and by whom. */
typedef struct {
    pthread_t   thread;
    uint64_t    done;
    size_t      count;
    size_t      wrong;
} told;


static void
tell(void *data, const char *what, uint64_t done, uint64_t all)
{
    told  *t = data;

    t->wrong += !caplat_slice_eq(test_slice(what), CAPLAT_LIT("records"))
                || all != 0 || done <= t->done
                || !pthread_equal(pthread_self(), t->thread);
    t->done = done;
    t->count++;
}


/* A log of several segments, long enough to be read by several threads; the
   name of one in its middle. */
static void
make_long_log(ledger_room *room, char segment[static 64])
{
    uint64_t  *list;
    size_t     count;
    char       name[CAPLAT_SEGMENT_NAME_MAX];

    room_make(room);
    room->conf.index_len = (size_t) 64 << 20;
    room->conf.segment_len = (uint64_t) 1 << 20;
    room_must_open(room, "new");

    for (size_t i = 0; i < PARTS_BATCHES; i++) {
        room_must_commit(room, PARTS_EACH, "make");
    }

    room_close(room);
    test_that(caplat_segment_list(room_path(room, "log"), &list, &count)
              && count >= 4, "segments");
    caplat_segment_name(list[count / 2], name);
    (void) snprintf(segment, 64, "log/%s", name);
    free(list);
}


/* It opens, all is told, and it goes on. */
static void
check_parts(ledger_room *room, uint64_t records)
{
    told  t = { pthread_self(), 0, 0, 0 };

    room_forget(room);
    test_that(caplat_ledger_open(&room->conf, tell, &t, &room->ledger,
                                 &room->error), "made anew");
    test_number(caplat_ledger_durable(room->ledger), records, "all of it");
    test_number(t.done, records, "all is told");
    test_number(t.count, records / PARTS_EACH, "after each batch");
    test_number(t.wrong, 0, "in order, by who has called");
    room_close(room);
}


/* The same words as an audit has for it, which reads one line after the other;
   and nothing is moved. */
static void
check_rot(ledger_room *room, const char *segment, caplat_slice text)
{
    caplat_audit  audit;
    char          words[256];
    size_t        len;
    caplat_slice  now;

    room_write(room, segment, text);
    test_that(!room_audit(room, &audit), "an audit finds it");
    len = room->error.len;
    memcpy(words, room->error.words, len);

    room_forget(room);
    room_must_refuse(room, CAPLAT_LEDGER_DAMAGED, "", "rot");
    test_text(caplat_slice_of(room->error.words, room->error.len),
        caplat_slice_of(words, len), "the same byte, record and words");
    now = room_read(room, segment);
    test_that(caplat_slice_eq(now, text), "the log is as it was");
    room_free(now);
    test_number(room_take_torn(room), 0, "nothing is moved");
}


static void
test_parts(void)
{
    ledger_room   room;
    char          segment[64];
    char         *text;
    caplat_slice  log;
    uint64_t      records = PARTS_BATCHES * PARTS_EACH;

    make_long_log(&room, segment);
    check_parts(&room, records);
    log = room_read(&room, segment);
    text = malloc(log.len);

    /* A record that is none, another one, another checkpoint. */
    for (size_t i = 0; i < 60; i++) {
        size_t  at = log.len * i / 60 + i % 7;

        memcpy(text, log.ptr, log.len);
        text[at] = (char) (text[at] ^ 1);
        check_rot(&room, segment, caplat_slice_of(text, log.len));
    }

    /* A batch is gone; so is the segment's end. */
    const char  *end = memmem(log.ptr, log.len, "{\"checkpoint\"", 13);
    const char  *next = memchr(end, '\n', log.len - (size_t) (end - log.ptr));
    size_t       rest = log.len - (size_t) (next + 1 - log.ptr);

    check_rot(&room, segment, caplat_slice_of(next + 1, rest));
    check_rot(&room, segment, caplat_slice_of(log.ptr, log.len - 1));
    check_rot(&room, segment, caplat_slice_of(log.ptr, log.len - rest));

    room_write(&room, segment, log);
    check_parts(&room, records);
    room_free(log);
    free(text);
    room_end(&room);
}


/* A crash has left the end of a long log. */
static void
test_parts_torn(void)
{
    ledger_room   room;
    char          segment[64], name[CAPLAT_SEGMENT_NAME_MAX];
    uint64_t     *list;
    size_t        count;
    caplat_slice  log;
    uint64_t      records = PARTS_BATCHES * PARTS_EACH;

    make_long_log(&room, segment);
    test_that(caplat_segment_list(room_path(&room, "log"), &list, &count),
              "segments");
    caplat_segment_name(list[count - 1], name);
    (void) snprintf(segment, sizeof(segment), "log/%s", name);
    free(list);
    log = room_read(&room, segment);
    room_write(&room, segment, caplat_slice_of(log.ptr, log.len - 1));
    (void) unlink(room_path(&room, "checkpoint"));
    check_parts(&room, records - PARTS_EACH);
    test_number(room_take_torn(&room), 1, "it is kept");

    room_write(&room, segment, log);
    room_must_open(&room, "the last is back");
    test_number(caplat_ledger_durable(room.ledger), records, "all of it");
    room_must_commit(&room, 1, "more");
    room_close(&room);
    room_must_hold(&room, records + 1, "all");
    room_free(log);
    room_end(&room);
}


int
main(void)
{
    test_that(caplat_trust_open(), "the libraries start");

    test_tails();
    test_behind_the_head();
    test_no_records();
    test_backup();
    test_foreign();
    test_rot();
    test_parts();
    test_parts_torn();

    return test_done();
}
