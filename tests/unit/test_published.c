/*
 * The file `checkpoint`: it is derived, and comes after what it tells of.
 */

#include "ledger_room.h"


/* The size that `checkpoint` tells, in its second line; 0: it is not there. */
static uint64_t
published(const ledger_room *room)
{
    caplat_slice   note = room_read(room, "checkpoint"), name;
    caplat_cursor  c = caplat_cursor_of(note);
    uint64_t       size = 0;

    (void) (caplat_take_until(&c, '\n', note.len, &name)
            && caplat_take_uint(&c, UINT64_MAX, &size));
    room_free(note);

    return size;
}


static bool
commit_so_many(ledger_room *room, size_t count, bool more)
{
    return caplat_ledger_commit(room->ledger, room_decide, room, count,
        room->now_ms, more, &room->batch, &room->error);
}


/* It may be left to the next commit, which may record nothing itself. */
static void
test_published(void)
{
    ledger_room  room;

    room_make(&room);
    room_must_open(&room, "new");
    test_that(commit_so_many(&room, 1, true), "the first");
    test_number(published(&room), 1, "at once");
    test_that(commit_so_many(&room, 1, true), "one, and more waits");
    test_number(published(&room), 1, "is left");
    test_that(commit_so_many(&room, 0, false), "of refusals");
    test_number(published(&room), 2, "is done");

    test_that(mkdir(room_path(&room, "checkpoint.new"), 0700) == 0, "a fault");
    test_that(commit_so_many(&room, 1, false), "is recorded all the same");
    test_number(room.error.fault, CAPLAT_LEDGER_UNPUBLISHED, "and told");
    test_that(rmdir(room_path(&room, "checkpoint.new")) == 0, "it is mended");
    test_that(commit_so_many(&room, 0, false), "of refusals");
    test_number(room.error.fault, CAPLAT_LEDGER_OK, "is done");
    test_number(published(&room), 3, "is done");
    room_end(&room);
}


int
main(void)
{
    test_that(caplat_trust_open(), "the libraries start");

    test_published();

    return test_done();
}
