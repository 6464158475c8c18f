/*
 * What a start believes of what it finds, and what it says of the rest: the
 * file `checkpoint`, another boot's numbers, a log whose end is damaged.
 */

#include "ledger_room.h"

#include "caplat_shared.h"


/* `checkpoint` is derived, and not synced: what a crash leaves of it stops
   nothing. */
static void
test_checkpoint_torn(void)
{
    static const char  junk[] = "shop.example/orders\n5\njunk";

    ledger_room   room;
    size_t        ends[3];
    caplat_slice  was, now;

    room_make_log(&room, ends);
    was = room_read(&room, "checkpoint");

    caplat_slice  texts[] = {
        CAPLAT_LIT(""), CAPLAT_LIT("\0\0\0\0"),
        caplat_slice_of(was.ptr, was.len - 1), CAPLAT_LIT(junk)
    };

    for (size_t i = 0; i < 2 * CAPLAT_COUNT(texts); i++) {
        room_write(&room, "checkpoint", texts[i / 2]);

        if (i % 2 != 0) {
            room_forget(&room);
        }

        if (room_must_open(&room, "torn")) {
            caplat_slice  torn = caplat_ledger_torn(room.ledger);

            test_that(memmem(torn.ptr, torn.len, "checkpoint.torn", 15)
                      != NULL, "it is told");
            room_close(&room);
        }

        now = room_read(&room, "checkpoint.torn");
        test_text(now, texts[i / 2], "it is kept");
        room_free(now);
        now = room_read(&room, "checkpoint");
        test_text(now, was, "it is made anew");
        room_free(now);
        room_must_hold(&room, 5, "it holds");
    }

    test_that(unlink(room_path(&room, "checkpoint")) == 0, "it is gone");
    room_must_open(&room, "gone");
    test_number(caplat_ledger_torn(room.ledger).len, 0, "nothing is torn");
    now = room_read(&room, "checkpoint");
    test_text(now, was, "it is made anew");
    room_free(now);
    room_must_commit(&room, 1, "it goes on");
    room_must_hold(&room, 6, "with it");
    room_close(&room);

    room_write(&room, "checkpoint", was);
    room_must_open(&room, "the one of before");
    room_close(&room);
    now = room_read(&room, "checkpoint");
    test_that(!caplat_slice_eq(now, was), "the newest stands there");
    room_free(now);
    room_free(was);
    room_end(&room);

    /* It was there only when records were: they are lost. */
    room_make(&room);
    room_write(&room, "checkpoint", CAPLAT_LIT(""));
    room_must_refuse(&room, CAPLAT_LEDGER_DAMAGED, "checkpoint", "no log");
    room_end(&room);
}


/* A record of the first batch is another one: it is named, and not the batch's
   end. */
static void
test_which_record(void)
{
    ledger_room    room;
    size_t         ends[3];
    caplat_slice   log;
    const char    *second;
    char          *letter;
    char           words[64];
    caplat_audit   audit;

    room_make_log(&room, ends);
    log = room_read(&room, ROOM_LOG);
    second = (const char *) memchr(log.ptr, '\n', log.len) + 1;
    letter = memmem(second, 600, "wizard", 6);
    *letter = 'l';
    room_write(&room, ROOM_LOG, log);
    (void) snprintf(words, sizeof(words), ROOM_LOG ": byte %zu, record 1: ",
                    (size_t) (second - log.ptr));
    test_that(!room_audit(&room, &audit)
              && memmem(room.error.words, room.error.len, words,
                        test_slice(words).len) != NULL, "an audit names it");
    room_forget(&room);
    room_must_refuse(&room, CAPLAT_LEDGER_DAMAGED, words, "so does a start");
    room_free(log);
    room_end(&room);
}


static bool
reopen_since(ledger_room *room, const caplat_checkpoint *since)
{
    caplat_audit  audit;

    return caplat_ledger_reopen(&room->conf, since, NOW_MS + 5000000, NULL,
        NULL, &audit, &room->error);
}


/* Two unsynced batches when the power failed: the disk has them in the wrong
   order. Only who says what was shown opens it. */
static void
test_out_of_order(void)
{
    ledger_room        room;
    size_t             ends[3];
    char               zeros[100] = { 0 };
    caplat_slice       log, newest, kept;
    caplat_checkpoint  since, longer;
    const char        *why;

    room_make_log(&room, ends);
    newest = room_read(&room, "checkpoint");
    log = room_read(&room, ROOM_LOG);
    room_put_tail(&room, log, ends[1], CAPLAT_LIT(""));
    room_forget(&room);
    (void) unlink(room_path(&room, "checkpoint"));
    room_must_open(&room, "four");
    room_close(&room);
    kept = room_read(&room, "checkpoint");
    test_that(caplat_checkpoint_read(kept, &room.verifier, &since, &why)
              && caplat_checkpoint_read(newest, &room.verifier, &longer, &why),
              "checkpoints");
    test_number(since.size, 4, "what was shown");

    memcpy((char *) (uintptr_t) log.ptr + ends[1], zeros, sizeof(zeros));
    room_write(&room, ROOM_LOG, log);
    room_forget(&room);
    room_must_refuse(&room, CAPLAT_LEDGER_DAMAGED, "record 4", "no start");
    test_that(!reopen_since(&room, NULL), "it is not closed");
    test_that(!reopen_since(&room, &longer), "of a longer log");
    test_number(room_take_torn(&room), 0, "nothing is moved");
    since.root.bytes[0] ^= 1;
    test_that(!reopen_since(&room, &since), "of another log");
    since.root.bytes[0] ^= 1;
    room_write(&room, "checkpoint", newest);
    test_that(!reopen_since(&room, &since), "more was published");
    test_number(room_take_torn(&room), 0, "nothing is moved");
    room_write(&room, "checkpoint", kept);

    if (!test_that(reopen_since(&room, &since), "its end may go")) {
        printf("    %.*s\n", (int) room.error.len, room.error.words);
    }

    test_number(room_take_torn(&room), 1, "it is kept");
    room_must_hold(&room, 5, "four, and the word");
    test_that(!reopen_since(&room, &since), "there is nothing to do");
    room_must_open(&room, "and on");
    room_must_commit(&room, 1, "and on");
    room_must_hold(&room, 6, "and on");
    room_free(log);
    room_free(newest);
    room_free(kept);
    room_end(&room);
}


static void
tell(void *data, const char *what, uint64_t done, uint64_t all)
{
    (void) what;
    (void) all;
    *(uint64_t *) data = done;
}


/* What another boot has left is not believed: it was not synced. */
static void
test_other_boot(void)
{
    ledger_room     room;
    size_t          ends[3];
    caplat_slice    text;
    caplat_shared  *shared;
    char            boot[CAPLAT_BOOT_LEN], *at;
    uint64_t        done = 0;

    test_that(caplat_boot_read(boot), "this boot");
    room_make_log(&room, ends);
    text = room_read(&room, "index/shared");
    shared = (caplat_shared *) (uintptr_t) text.ptr;
    test_that(text.len == sizeof(*shared)
              && memcmp(shared->boot, boot, sizeof(boot)) == 0, "shared");
    shared->boot[0] = shared->boot[0] == 'x' ? 'y' : 'x';
    shared->durable = 1000;
    room_write(&room, "index/shared", text);
    room_free(text);
    room_must_open(&room, "numbers of another boot");
    test_number(caplat_ledger_durable(room.ledger), 5, "what the log has");
    room_close(&room);

    text = room_read(&room, "index/data.mdb");
    at = memmem(text.ptr, text.len, boot, sizeof(boot));
    test_that(at != NULL, "the index");

    for (; at != NULL; at = memmem(text.ptr, text.len, boot, sizeof(boot))) {
        *at = 'x';
    }

    room_write(&room, "index/data.mdb", text);
    room_free(text);
    test_that(caplat_ledger_open(&room.conf, tell, &done, &room.ledger,
                                 &room.error), "an index of another boot");
    test_number(done, 5, "it is made anew");
    room_end(&room);
}


int
main(void)
{
    test_that(caplat_trust_open(), "the libraries start");

    test_checkpoint_torn();
    test_which_record();
    test_out_of_order();
    test_other_boot();

    return test_done();
}
