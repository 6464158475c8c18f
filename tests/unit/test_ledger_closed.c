/*
 * A ledger that a failed sync has closed: what it tells until then, what the
 * disk has of it, and who may open it again.
 */

#include "ledger_room.h"

#include "caplat_ledger_inner.h"

#include <sys/wait.h>


static void
must_reopen(ledger_room *room, caplat_audit *audit)
{
    if (!test_that(caplat_ledger_reopen(&room->conf, NULL, NOW_MS + 5000000,
                                        NULL, NULL, audit, &room->error),
                   "reopen"))
    {
        printf("    %.*s\n", (int) room->error.len, room->error.words);
    }
}


static bool
decide_closed(void *data, size_t at, caplat_batch *batch)
{
    ledger_room  *room = data;

    atomic_store(&room->ledger->shared->closed, 1);

    return room_decide(data, at, batch);
}


/* Somebody else's sync fails while ours is under way: what it has written is
   not told. */
static void
test_closed_meanwhile(void)
{
    ledger_room  room;

    room_make(&room);
    room_must_open(&room, "new");
    room_must_commit(&room, 2, "before");
    test_that(!caplat_ledger_commit(room.ledger, decide_closed, &room, 1,
                                    NOW_MS + 5000, false, &room.batch,
                                    &room.error), "closed meanwhile");
    test_number(room.error.fault, CAPLAT_LEDGER_CLOSED, "closed meanwhile");
    test_number(caplat_ledger_durable(room.ledger), 2, "nobody is told");
    room_end(&room);
}


/* Whether a file of the ledger has some bytes. */
static bool
has_bytes(const ledger_room *room, const char *name, caplat_slice bytes)
{
    caplat_slice  text = room_read(room, name);
    bool          has = memmem(text.ptr, text.len, bytes.ptr, bytes.len)
                        != NULL;

    room_free(text);

    return has;
}


/*
 * A batch that is signed, written and then given up, for the disk has no room
 * for its tiles: nobody ever sees its signature, and another batch of that size
 * may be signed.
 */
static void
test_aborted(void)
{
    ledger_room    room;
    caplat_slice   note;
    char           signature[44];
    struct stat    was, is;
    int            full = open("/dev/full", O_RDWR), kept;

    room_make(&room);
    room_must_open(&room, "new");
    room_must_commit(&room, 2, "before");
    test_that(stat(room_path(&room, ROOM_LOG), &was) == 0, "the log");
    kept = dup(room.ledger->levels.entries);
    test_that(full >= 0 && dup2(full, room.ledger->levels.entries) >= 0,
              "a full disk");
    test_that(!room_commit(&room, 1), "there is no room for a tile");
    test_number(room.error.fault, CAPLAT_LEDGER_FULL, "the words");

    note = caplat_slice_of(room.ledger->batch.note,
                           room.ledger->batch.note_len);
    test_that(note.len > 100, "it was signed");
    memcpy(signature, note.ptr + note.len - 50, sizeof(signature));
    note = caplat_slice_of(signature, sizeof(signature));
    test_that(stat(room_path(&room, ROOM_LOG), &is) == 0
              && is.st_size == was.st_size, "the log is as it was");
    test_that(!has_bytes(&room, ROOM_LOG, note)
              && !has_bytes(&room, "checkpoint", note)
              && !has_bytes(&room, "index/data.mdb", note),
              "its signature is nowhere");

    test_that(dup2(kept, room.ledger->levels.entries) >= 0, "room again");
    room_must_commit(&room, 1, "another one");
    test_that(!has_bytes(&room, ROOM_LOG, note), "another signature");
    room_must_hold(&room, 3, "it holds");
    (void) close(full);
    (void) close(kept);
    room_end(&room);
}


/* What a sync that has failed leaves: `closed`, and a last batch that the disk
   has in parts. It opens again by the operator's word, without it. */
static void
test_reopen(bool is_torn)
{
    ledger_room    room;
    caplat_slice   first, log;
    struct stat    st;
    caplat_audit   audit;
    size_t         good;

    room_make(&room);
    room_must_open(&room, "new");
    room_must_commit(&room, 2, "synced");
    first = room_read(&room, "checkpoint");
    test_that(stat(room_path(&room, "log/0000000000.ndjson"), &st) == 0,
              "the log");
    good = (size_t) st.st_size;
    room_must_commit(&room, 2, "not synced");
    room_write(&room, "checkpoint", first);
    room_write(&room, "closed", CAPLAT_LIT("why\n"));
    atomic_store(&room.ledger->shared->closed, 1);
    atomic_store(&room.ledger->shared->durable, 2);
    atomic_store(&room.ledger->shared->published, 2);
    log = room_read(&room, "log/0000000000.ndjson");

    if (is_torn) {
        memset((char *) (uintptr_t) log.ptr + good, 0, 512);
        room_write(&room, "log/0000000000.ndjson", log);
    }

    test_that(!room_commit(&room, 1), "it is closed");
    test_number(room.error.fault, CAPLAT_LEDGER_CLOSED, "it is closed");
    room_close(&room);

    if (!is_torn) {
        room_must_open(&room, "to read");
        test_number(caplat_ledger_durable(room.ledger), 2, "what was synced");
        test_that(caplat_ledger_closed(room.ledger), "still closed");
        room_close(&room);
    }

    must_reopen(&room, &audit);

    test_number(audit.records, 2, "what was synced has been audited");
    test_that(access(room_path(&room, "closed"), F_OK) != 0, "the mark");
    room_must_open(&room, "again");
    room_must_commit(&room, 1, "orders go in");
    room_close(&room);
    test_that(!caplat_ledger_reopen(&room.conf, NULL, NOW_MS + 5000000, NULL,
                                    NULL, &audit, &room.error),
              "it is not closed");
    room_must_hold(&room, 4, "two, the word, and one");
    room_free(first);
    room_free(log);
    room_end(&room);
}


/* A worker that has it open while it is closed, and opened again: refused
   meanwhile, then it goes on. */
static void
test_reopen_beside(void)
{
    ledger_room   room;
    int           told[2], go[2], status;
    char          byte = 0;
    pid_t         child;
    caplat_audit  audit;

    room_make(&room);
    room.conf.segment_len = 2000;
    test_that(pipe(told) == 0 && pipe(go) == 0, "pipes");
    child = fork();

    if (child == 0) {
        (void) close(told[0]);
        room_must_open(&room, "the worker's");
        room_must_commit(&room, 2, "before");
        room_must_commit(&room, 1, "not synced");
        room_write(&room, "closed", CAPLAT_LIT("why\n"));
        (void) unlink(room_path(&room, "checkpoint"));
        atomic_store(&room.ledger->shared->closed, 1);
        atomic_store(&room.ledger->shared->durable, 2);
        atomic_store(&room.ledger->shared->published, 0);
        test_that(!room_commit(&room, 1), "closed");
        test_that(write(told[1], &byte, 1) == 1 && read(go[0], &byte, 1) == 1,
                  "its turn");
        room_must_commit(&room, 2, "after");
        test_number(caplat_ledger_durable(room.ledger), 5, "after");
        _exit(test_failed != 0);
    }

    test_that(read(told[0], &byte, 1) == 1, "closed");

    must_reopen(&room, &audit);

    test_that(write(go[1], &byte, 1) == 1
              && waitpid(child, &status, 0) == child && WIFEXITED(status)
              && WEXITSTATUS(status) == 0, "the worker goes on");
    room_must_hold(&room, 5, "two, the word, and two");

    for (size_t i = 0; i < 2; i++) {
        (void) close(told[i]);
        (void) close(go[i]);
    }

    room_end(&room);
}


/* What was acknowledged is not on the disk: it stays closed. */
static void
test_not_reopened(void)
{
    ledger_room   room;
    caplat_slice  log;
    caplat_audit  audit;

    room_make(&room);
    room_must_open(&room, "new");
    room_must_commit(&room, 2, "one");
    room_must_commit(&room, 2, "two");
    room_write(&room, "closed", CAPLAT_LIT("why\n"));
    log = room_read(&room, "log/0000000000.ndjson");
    ((char *) (uintptr_t) log.ptr)[700] ^= 1;
    room_write(&room, "log/0000000000.ndjson", log);
    room_close(&room);
    test_that(!caplat_ledger_reopen(&room.conf, NULL, NOW_MS, NULL, NULL,
                                    &audit, &room.error), "damaged");
    test_number(room.error.fault, CAPLAT_LEDGER_DAMAGED, "damaged");
    test_that(access(room_path(&room, "closed"), F_OK) == 0, "stays closed");
    room_free(log);
    room_end(&room);
}


int
main(void)
{
    test_that(caplat_trust_open(), "the libraries start");

    test_closed_meanwhile();
    test_aborted();
    test_reopen(false);
    test_reopen(true);
    test_reopen_beside();
    test_not_reopened();

    return test_done();
}
