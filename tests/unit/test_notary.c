/*
 * Notes verified by any number of threads: all of them are, and the first that
 * is wrong is told, whichever was judged first.
 */

#include "caplat_notary.h"

#include "caplat_hash.h"
#include "caplat_key.h"

#include "test.h"


#define NAME   CAPLAT_LIT("shop.example/orders")
#define NOTES  (5 * CAPLAT_NOTARY_MAX)


typedef struct {
    char     text[CAPLAT_CHECKPOINT_MAX];
    size_t   len;
} note;


static caplat_private_key  *key;
static caplat_verifier      verifier;
static note                 notes[NOTES];


static void
make_notes(void)
{
    test_that(caplat_private_key_new(CAPLAT_ED25519, &key)
              && caplat_verifier_make(NAME, caplat_private_key_public(key),
                                      &verifier),
              "a key");

    for (size_t i = 0; i < NOTES; i++) {
        const caplat_checkpoint  checkpoint = { i + 1, { { (uint8_t) i } } };
        caplat_writer            w = caplat_writer_of(notes[i].text,
                                                      sizeof(notes[i].text));

        test_that(caplat_checkpoint_sign(&verifier, key, &checkpoint, &w),
                  "a note");
        notes[i].len = w.len;
    }
}


/* Another signature of the same length. */
static void
spoil(size_t i)
{
    char  *letter = &notes[i].text[notes[i].len - 30];

    *letter = *letter == 'A' ? 'B' : 'A';
}


/* Hand all of them in; how many until it was told to stop. */
static size_t
ask_all(caplat_notary *notary)
{
    for (size_t i = 0; i < NOTES; i++) {
        const caplat_notary_spot  spot = { 7, 1000 + i, i };

        if (!caplat_notary_ask(notary,
                               caplat_slice_of(notes[i].text, notes[i].len),
                               &spot))
        {
            return i;
        }
    }

    return NOTES;
}


static void
test_good(size_t crew)
{
    caplat_notary       *notary;
    caplat_notary_spot   spot;
    const char          *why;

    test_that(caplat_notary_open(&verifier, crew, &notary), "it opens");
    test_that(caplat_notary_settle(notary, &spot, &why), "nothing is wrong");
    test_number(ask_all(notary), NOTES, "all are handed in");
    test_that(caplat_notary_settle(notary, &spot, &why), "all hold");
    caplat_notary_close(notary);

    /* Closed without being settled with. */
    test_that(caplat_notary_open(&verifier, crew, &notary), "it opens");
    (void) ask_all(notary);
    caplat_notary_close(notary);
}


static void
test_wrong(size_t crew, size_t first)
{
    caplat_notary       *notary;
    caplat_notary_spot   spot = { 0, 0, 0 };
    const char          *why = "";
    size_t               stop;

    test_that(caplat_notary_open(&verifier, crew, &notary), "it opens");
    stop = ask_all(notary);
    test_that(crew != 0 ? stop >= first : stop == first, "it stops behind it");
    test_that(!caplat_notary_settle(notary, &spot, &why), "one is wrong");
    test_number(spot.index, first, "the first");
    test_number(spot.at, 1000 + first, "its byte");
    test_number(spot.segment, 7, "its segment");
    test_text(test_slice(why),
              CAPLAT_LIT("the log's signature does not hold"), "why");
    caplat_notary_close(notary);
}


int
main(void)
{
    static const size_t  wrong[] = {
        NOTES - 1, 200, 199, CAPLAT_NOTARY_MAX, CAPLAT_NOTARY_MAX - 1, 1, 0
    };

    test_that(caplat_trust_open(), "the libraries start");
    test_that(caplat_notary_crew() <= CAPLAT_NOTARY_CREW, "how many threads");
    make_notes();

    for (size_t crew = 0; crew <= CAPLAT_NOTARY_CREW; crew++) {
        test_good(crew);
    }

    for (size_t i = 0; i < CAPLAT_COUNT(wrong); i++) {
        spoil(wrong[i]);

        for (size_t crew = 0; crew <= CAPLAT_NOTARY_CREW; crew++) {
            test_wrong(crew, wrong[i]);
        }
    }

    caplat_notary_close(NULL);
    caplat_private_key_close(key);

    return test_done();
}
