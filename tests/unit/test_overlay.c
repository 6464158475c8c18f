/*
 * Rows that wait: the newest of each key is found, all come in the order of
 * their keys, what it can hold is bounded, and what it had is never forgotten.
 */

#include "caplat_overlay.h"

#include "test.h"


#define KEYS  3000


/* Keys of some lengths, among them prefixes of others, and NULs. */
static caplat_slice
key_of(char room[static 40], size_t number)
{
    size_t  len = 1 + number % 35;

    memset(room, 0, 40);

    for (size_t i = 0; i < 4; i++) {
        room[i] = (char) (number >> (8 * (3 - i)));
    }

    room[17] = (char) ('a' + number % 3);

    return caplat_slice_of(room, len < 4 ? 4 : len);
}


static size_t
number_of(caplat_slice key)
{
    size_t  number = 0;

    for (size_t i = 0; i < 4; i++) {
        number = number << 8 | (unsigned char) key.ptr[i];
    }

    return number;
}


static caplat_slice
value_of(char room[static 300], size_t number, size_t round)
{
    size_t  len = 1 + (number * 7 + round * 11) % 299;

    memset(room, (char) (number + round), 300);

    return caplat_slice_of(room, len);
}


static void
test_rows(void)
{
    caplat_overlay  *overlay = caplat_overlay_open();
    char             key[40], value[300];
    caplat_slice     found, text, before = CAPLAT_LIT("");
    size_t           wrong = 0, count;

    if (!test_that(overlay != NULL, "it opens")) {
        return;
    }

    for (size_t cleared = 0; cleared < 2; cleared++) {
        for (size_t round = 0; round < 4; round++) {
            for (size_t i = 0; i < KEYS; i++) {
                size_t  number = i * 1237 % KEYS;

                wrong += caplat_overlay_find(overlay, key_of(key, number),
                                             &found) != (round != 0);
                wrong += !caplat_overlay_put(overlay, key_of(key, number),
                                             value_of(value, number, round));
            }
        }

        for (size_t i = 0; i < KEYS; i++) {
            wrong += !caplat_overlay_find(overlay, key_of(key, i), &found)
                     || !caplat_slice_eq(found, value_of(value, i, 3));
            wrong += caplat_overlay_had(overlay, key_of(key, i)) < cleared;
        }

        test_number(wrong, 0, "the newest are found");
        caplat_overlay_turn(overlay);
        before = CAPLAT_LIT("");
        count = 0;

        /* As long as any leaves all are found. */
        while (caplat_overlay_take(overlay, &text, &found)) {
            wrong += caplat_slice_cmp(before, text) >= 0
                     || !caplat_slice_eq(found,
                                         value_of(value, number_of(text), 3))
                     || (count + 1 < KEYS
                         && !caplat_overlay_find(overlay, key_of(key, 5),
                                                 &found));
            before = text;
            count++;
        }

        test_number(count, KEYS, "each once");
        test_number(wrong, 0, "in order");
        test_that(!caplat_overlay_find(overlay, key_of(key, 5), &found),
                  "it is empty");
    }

    count = 0;

    for (size_t i = 0; i < KEYS; i++) {
        wrong += !caplat_overlay_had(overlay, key_of(key, i));
        count += caplat_overlay_had(overlay, key_of(key, i + 10 * KEYS));
    }

    test_number(wrong, 0, "what it had");
    test_that(count < KEYS / 100, "and what it never had");
    caplat_overlay_close(overlay);
}


/* Rows that nobody looks for: the last of each key, between the others. */
static void
test_added(void)
{
    caplat_overlay  *overlay = caplat_overlay_open();
    char             key[40], value[300];
    caplat_slice     text, found, before = CAPLAT_LIT("");
    size_t           wrong = 0, count = 0;

    for (size_t round = 0; round < 3; round++) {
        for (size_t i = 0; i < KEYS; i++) {
            size_t        number = i * 1237 % KEYS;
            caplat_slice  row = value_of(value, number, round);

            wrong += !(number % 2 == 0
                       ? caplat_overlay_add(overlay, key_of(key, number), row)
                       : caplat_overlay_put(overlay, key_of(key, number),
                                            row));
        }
    }

    for (size_t i = 0; i < KEYS; i++) {
        wrong += caplat_overlay_find(overlay, key_of(key, i), &found)
                 != (i % 2 == 1);
    }

    test_number(wrong, 0, "only those that were put are found");
    caplat_overlay_turn(overlay);

    while (caplat_overlay_take(overlay, &text, &found)) {
        wrong += caplat_slice_cmp(before, text) >= 0;
        before = text;
        wrong += !caplat_slice_eq(text, key_of(key, count))
                 || !caplat_slice_eq(found, value_of(value, count, 2));
        count++;
    }

    test_number(count, KEYS, "each once");
    test_number(wrong, 0, "the last of each");
    caplat_overlay_close(overlay);
}


/* A newer row of a key that leaves: the newer one is found, and leaves with the
   next ones. */
static void
test_newer(void)
{
    caplat_overlay  *overlay = caplat_overlay_open();
    caplat_slice     a = CAPLAT_LIT("a"), b = CAPLAT_LIT("b"), key, value;

    test_that(caplat_overlay_put(overlay, a, CAPLAT_LIT("old"))
              && caplat_overlay_put(overlay, b, CAPLAT_LIT("old")), "two");
    caplat_overlay_turn(overlay);
    test_that(caplat_overlay_put(overlay, b, CAPLAT_LIT("newer")), "a newer");
    test_that(caplat_overlay_find(overlay, a, &value)
              && caplat_slice_eq(value, CAPLAT_LIT("old")), "it leaves");
    test_that(caplat_overlay_find(overlay, b, &value)
              && caplat_slice_eq(value, CAPLAT_LIT("newer")), "the newer");
    test_that(caplat_overlay_take(overlay, &key, &value)
              && caplat_slice_eq(key, a), "the first");
    test_that(caplat_overlay_take(overlay, &key, &value)
              && caplat_slice_eq(key, b)
              && caplat_slice_eq(value, CAPLAT_LIT("old")), "the second");
    test_that(!caplat_overlay_take(overlay, &key, &value), "no more");
    test_that(!caplat_overlay_find(overlay, a, &value), "it has left");
    caplat_overlay_turn(overlay);
    test_that(caplat_overlay_take(overlay, &key, &value)
              && caplat_slice_eq(key, b)
              && caplat_slice_eq(value, CAPLAT_LIT("newer")), "the newer");
    test_that(!caplat_overlay_take(overlay, &key, &value), "no more");
    caplat_overlay_turn(overlay);
    test_that(!caplat_overlay_take(overlay, &key, &value), "it is empty");
    caplat_overlay_close(overlay);
}


/* Full of rows, and full of bytes: what it has stays. */
static void
test_full(void)
{
    static char      large[8192];

    caplat_overlay  *overlay = caplat_overlay_open();
    char             key[40];
    caplat_slice     found, value = caplat_slice_of(large, sizeof(large));
    caplat_slice     text, before = CAPLAT_LIT("");
    size_t           count = 0, wrong = 0;

    while (caplat_overlay_put(overlay, key_of(key, count), CAPLAT_LIT("x"))) {
        count++;
    }

    test_number(count, CAPLAT_OVERLAY_ROWS, "so many rows");
    test_that(caplat_overlay_find(overlay, key_of(key, 77), &found)
              && caplat_slice_eq(found, CAPLAT_LIT("x")), "they stay");
    test_that(caplat_overlay_put(overlay, key_of(key, 77), CAPLAT_LIT("y")),
              "one that is there");
    caplat_overlay_turn(overlay);
    count = 0;

    while (caplat_overlay_take(overlay, &text, &found)) {
        wrong += caplat_slice_cmp(before, text) >= 0
                 || !caplat_slice_eq(found, number_of(text) == 77
                                            ? CAPLAT_LIT("y")
                                            : CAPLAT_LIT("x"));
        before = text;
        count++;
    }

    test_number(count, CAPLAT_OVERLAY_ROWS, "all of them leave");
    test_number(wrong, 0, "in order");
    count = 0;

    while (caplat_overlay_put(overlay, key_of(key, count), value)) {
        count++;
    }

    test_that(count > CAPLAT_OVERLAY_LEN / 8300
              && count <= CAPLAT_OVERLAY_LEN / 8192, "so many bytes");
    test_that(caplat_overlay_find(overlay, key_of(key, count - 1), &found)
              && found.len == sizeof(large), "they stay");
    caplat_overlay_close(overlay);
    caplat_overlay_close(NULL);
}


int
main(void)
{
    test_rows();
    test_added();
    test_newer();
    test_full();

    return test_done();
}
