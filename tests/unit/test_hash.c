#include "caplat_hash.h"

#include "test.h"
#include "vectors.h"

#include <pthread.h>


#define THREADS  4
#define ROUNDS   3000


/* FIPS 180-4's examples, of "" and "abc". */
static void
test_sha(void)
{
    char     hex[CAPLAT_HEX_LEN];
    uint8_t  bytes[CAPLAT_SHA512_LEN];
    uint8_t  want[CAPLAT_SHA512_LEN];
    size_t   len;

    caplat_sha256_hex(CAPLAT_LIT(""), hex);
    test_text(caplat_slice_of(hex, sizeof(hex)),
              CAPLAT_LIT("e3b0c44298fc1c149afbf4c8996fb924"
                         "27ae41e4649b934ca495991b7852b855"), "nothing");
    caplat_sha256_hex(CAPLAT_LIT("abc"), hex);
    test_text(caplat_slice_of(hex, sizeof(hex)),
              CAPLAT_LIT("ba7816bf8f01cfea414140de5dae2223"
                         "b00361a396177a9cb410ff61f20015ad"), "abc");
    caplat_sha512(CAPLAT_LIT("abc"), bytes);
    test_that(vectors_hex(CAPLAT_LIT("ddaf35a193617abacc417349ae204131"
                                     "12e6fa4e89a97ea20a9eeee64b55d39a"
                                     "2192992a274fc1a836ba3c23a3feebbd"
                                     "454d4423643ce80e2a9ac94fa54ca49f"),
                          want, sizeof(want), &len)
              && caplat_ct_eq(bytes, want, sizeof(want)), "SHA-512 of abc");
}


/* Whatever they are and however many: the same as one by one. */
static void
test_all(void)
{
    enum { MOST = 70 };

    static const size_t  counts[] = { 0, 1, 3, 4, 15, 16, 17, 33, MOST };
    static const size_t  lens[] = { 0, 1, 55, 56, 63, 64, 65, 119, 120, 833,
                                    4096, 65534, 65535, 70000 };
    static char          text[70000 + MOST];

    for (size_t i = 0; i < sizeof(text); i++) {
        text[i] = (char) (i * 131 >> 3);
    }

    for (size_t i = 0; i < CAPLAT_COUNT(counts); i++) {
        caplat_sha256_task  tasks[MOST];
        uint8_t             out[MOST + 1][CAPLAT_SHA256_LEN] = { { 0 } };
        uint8_t             want[CAPLAT_SHA256_LEN];
        bool                are_same = true;

        for (size_t j = 0; j < counts[i]; j++) {
            tasks[j] = (caplat_sha256_task) {
                caplat_slice_of(text + j, lens[(i + j) % CAPLAT_COUNT(lens)]),
                out[j]
            };
        }

        caplat_sha256_all(tasks, counts[i]);

        for (size_t j = 0; j < counts[i]; j++) {
            caplat_sha256(tasks[j].text, want);
            are_same = are_same
                       && memcmp(out[j], want, sizeof(want)) == 0;
        }

        test_that(are_same, "each is its text's");
        memset(want, 0, sizeof(want));
        test_that(memcmp(out[counts[i]], want, sizeof(want)) == 0,
                  "and nothing more");
    }
}


/* Two lists of parts that are the same bytes are not the same list. */
static void
test_keyed(void)
{
    static const caplat_slice  lists[][2] = {
        { CAPLAT_INIT("ab"), CAPLAT_INIT("c") },
        { CAPLAT_INIT("a"), CAPLAT_INIT("bc") },
        { CAPLAT_INIT("abc"), CAPLAT_INIT("") },
        { CAPLAT_INIT(""), CAPLAT_INIT("abc") },
    };

    uint8_t  keys[2][CAPLAT_KEYED_KEY] = { { 0 }, { 1 } };
    uint8_t  out[8][32];

    for (size_t i = 0; i < 8; i++) {
        caplat_keyed_hash(keys[i / 4], lists[i % 4], 2, out[i],
                          sizeof(out[i]));
    }

    for (size_t i = 0; i < 8; i++) {
        for (size_t j = 0; j < i; j++) {
            test_that(!caplat_ct_eq(out[i], out[j], sizeof(out[i])),
                      "another list or key, another hash");
        }
    }

    caplat_keyed_hash(keys[0], lists[0], 2, out[1], sizeof(out[1]));
    test_that(caplat_ct_eq(out[0], out[1], sizeof(out[0])), "the same");
    out[1][31] ^= 1;
    test_that(!caplat_ct_eq(out[0], out[1], sizeof(out[0])), "the last byte");
}


/* What a thread hashes: another length each round, and in parts. */
static void *
hash_often(void *data)
{
    const uint8_t  *want = data;        /* ROUNDS digests */
    char            text[ROUNDS];

    memset(text, 'x', sizeof(text));

    for (size_t i = 0; i < ROUNDS; i++) {
        const caplat_slice  parts[] = { caplat_slice_of(text, i / 3),
                                        caplat_slice_of(text, i - i / 3) };
        uint8_t             whole[CAPLAT_SHA256_LEN];
        uint8_t             joined[CAPLAT_SHA256_LEN];

        caplat_sha256(caplat_slice_of(text, i), whole);
        caplat_sha256_parts(parts, CAPLAT_COUNT(parts), joined);

        if (memcmp(whole, want + i * sizeof(whole), sizeof(whole)) != 0
            || memcmp(joined, whole, sizeof(whole)) != 0)
        {
            return data;
        }
    }

    return NULL;
}


/* Each thread has a context of its own, which ends with it. */
static void
test_threads(void)
{
    static uint8_t  want[ROUNDS * CAPLAT_SHA256_LEN];

    pthread_t       threads[THREADS];
    char            text[ROUNDS];

    memset(text, 'x', sizeof(text));

    for (size_t i = 0; i < ROUNDS; i++) {
        caplat_sha256(caplat_slice_of(text, i), want + i * CAPLAT_SHA256_LEN);
    }

    for (size_t i = 0; i < THREADS; i++) {
        caplat_assert(pthread_create(&threads[i], NULL, hash_often, want)
                      == 0);
    }

    for (size_t i = 0; i < THREADS; i++) {
        void  *wrong;

        caplat_assert(pthread_join(threads[i], &wrong) == 0);
        test_that(wrong == NULL, "threads do not disturb each other");
    }
}


int
main(void)
{
    test_that(caplat_trust_open(), "the libraries start");

    test_sha();
    test_all();
    test_keyed();
    test_threads();

    return test_done();
}
