/*
 * A finder that is another one, or an older copy of the index's own: nobody
 * records on it, for what it does not know would be sold twice.
 */

#include "ledger_room.h"


typedef struct {
    uint64_t  number;
    uint64_t  cert;
} choice;


static bool
decide(void *data, size_t at, caplat_batch *batch)
{
    const choice   *c = data;
    some_order      room;
    caplat_record   record;

    (void) at;
    some_created(&room, c->number, c->cert, &record);

    return caplat_batch_add(batch, &record);
}


/* An order of that number, for a certificate. */
static bool
order(ledger_room *room, uint64_t number, uint64_t cert)
{
    choice  c = { number, cert };

    room->now_ms += 1000;

    return caplat_ledger_commit(room->ledger, decide, &c, 1, room->now_ms,
        false, &room->batch, &room->error);
}


/* The finder's file, whole. */
static caplat_slice
take_finder(ledger_room *room, caplat_slice in_its_place)
{
    caplat_slice  was = room_read(room, "index/finder");

    if (in_its_place.len != 0) {
        int  fd = open(room_path(room, "index/finder"), O_WRONLY);

        test_that(write(fd, in_its_place.ptr, in_its_place.len)
                  == (ssize_t) in_its_place.len && close(fd) == 0, "written");
    }

    return was;
}


/* An older copy of the finder, or none: nobody records on it, and the index is
   made anew. */
static void
test_replaced(void)
{
    ledger_room   room, other;
    caplat_slice  older, newer, cut;

    room_make(&room);
    room_must_open(&room, "new");
    test_that(order(&room, 1, 1), "an order");
    older = take_finder(&room, CAPLAT_LIT(""));
    test_that(order(&room, 2, 2), "one of another certificate");

    newer = take_finder(&room, older);
    test_that(!order(&room, 3, 2)
              && memmem(room.error.words, room.error.len, "finder", 6) != NULL,
              "nothing is recorded on an older one");
    room_free(take_finder(&room, newer));
    test_that(!order(&room, 3, 2)
              && memmem(room.error.words, room.error.len, "not finished", 12)
                 != NULL, "nor a second order");

    /* Who comes while others use it must not make another one. */
    test_that(truncate(room_path(&room, "index/finder"), 100000) == 0, "cut");
    other = room;
    room_must_refuse(&other, CAPLAT_LEDGER_IO, "finder", "refused");
    cut = take_finder(&room, CAPLAT_LIT(""));
    test_number(cut.len, 100000, "and left");
    room_free(cut);
    room_close(&room);

    for (size_t i = 0; i < 3; i++) {
        if (i == 0) {
            room_free(take_finder(&room, older));

        } else if (i == 1) {
            (void) unlink(room_path(&room, "index/finder"));
        }

        room_must_open(&room, "made anew");
        test_that(!order(&room, 3, 2), "it is known again");
        room_close(&room);
    }

    room_must_hold(&room, 2, "nothing else");
    room_free(older);
    room_free(newer);
    room_end(&room);
}


int
main(void)
{
    test_that(caplat_trust_open(), "the libraries start");

    test_replaced();

    return test_done();
}
