#include "caplat_receipt.h"

#include "caplat_b64.h"
#include "caplat_hash.h"

#include "log_example.h"
#include "signed.h"

#include <stdlib.h>


#define NO_RECEIPT  "this is no receipt (c2sp.org/tlog-proof@v1)"
#define NO_RECORD   "the receipt's record cannot be read"
#define NOT_HELD    "the record is not the one that the log holds"
#define UNSIGNED    "the note is not signed by the log's key"
#define WORSE       "the log's signature does not hold"


static caplat_verifier      verifier;
static caplat_private_key  *key;
static uint8_t              salt[CAPLAT_SALT_LEN];


static void
test_commitment(void)
{
    uint8_t  entry[CAPLAT_ENTRY_LEN], want[CAPLAT_ENTRY_LEN];
    size_t   len;

    caplat_commit(salt, CAPLAT_LIT(LOG_RECORD), entry);
    test_that(vectors_hex(CAPLAT_LIT(LOG_ENTRY), want, sizeof(want), &len)
              && memcmp(entry, want, sizeof(want)) == 0, "the example's");
}


/* As many as may be, some longer than others, one too long to stand beside
   any. */
static void
test_commitments(void)
{
    static const size_t  lens[] = { 1, 70000, 300, 767, 20000 };
    static char          text[70000];

    caplat_commitment  list[CAPLAT_TOGETHER];
    uint8_t            salts[CAPLAT_TOGETHER][CAPLAT_SALT_LEN];

    memset(text, 'r', sizeof(text));

    for (size_t i = 0; i < CAPLAT_TOGETHER; i++) {
        memset(salts[i], (int) i, CAPLAT_SALT_LEN);
        list[i].salt = salts[i];
        list[i].record = caplat_slice_of(text,
                                         lens[i % CAPLAT_COUNT(lens)]);
    }

    caplat_commit_all(list, CAPLAT_TOGETHER);

    for (size_t i = 0; i < CAPLAT_TOGETHER; i++) {
        uint8_t      entry[CAPLAT_ENTRY_LEN];
        caplat_node  leaf;

        caplat_commit(salts[i], list[i].record, entry);
        caplat_merkle_leaf(caplat_sha256,
            caplat_slice_of((const char *) entry, sizeof(entry)), &leaf);
        test_that(memcmp(list[i].entry, entry, sizeof(entry)) == 0, "entry");
        test_that(memcmp(list[i].leaf.bytes, leaf.bytes, CAPLAT_NODE_LEN) == 0,
                  "leaf");
    }
}


static void
test_write(void)
{
    const caplat_node  path[] = { log_node(log_leaves[3]),
                                  log_node(log_roots[1]),
                                  log_node(log_leaves[4]) };
    char               room[1024];
    caplat_writer      w = caplat_writer_of(room, sizeof(room));
    caplat_writer      small = caplat_writer_of(room, 566);

    test_number(sizeof(LOG_RECEIPT) - 1, 567, "the example's length");
    caplat_receipt_write(&w, salt, CAPLAT_LIT(LOG_RECORD), 2, path,
                         CAPLAT_COUNT(path),
                         CAPLAT_LIT(LOG_NOTE LOG_COSIGNATURE));
    test_text(caplat_written(&w), CAPLAT_LIT(LOG_RECEIPT), "the example");
    caplat_receipt_write(&small, salt, CAPLAT_LIT(LOG_RECORD), 2, path,
                         CAPLAT_COUNT(path),
                         CAPLAT_LIT(LOG_NOTE LOG_COSIGNATURE));
    test_that(small.full, "a writer without room is full");
}


static bool
verify(caplat_slice text, caplat_receipt *receipt, const char **why)
{
    char  *copy = malloc(text.len);

    caplat_assert(copy != NULL || text.len == 0);

    if (text.len != 0) {
        memcpy(copy, text.ptr, text.len);
    }

    bool  holds = caplat_receipt_verify(caplat_slice_of(copy, text.len),
                                        &verifier, receipt, why);

    free(copy);

    return holds;
}


static void
test_good(const char *words, caplat_slice text)
{
    caplat_receipt  receipt;
    const char     *why = "";
    caplat_node     root = log_node(log_roots[4]);

    if (!test_that(verify(text, &receipt, &why), words)) {
        printf("    %s\n", why);
        return;
    }

    test_text(receipt.record, CAPLAT_LIT(LOG_RECORD), words);
    test_number(receipt.index, 2, words);
    test_number(receipt.checkpoint.size, LOG_SIZE, words);
    test_that(log_same(&receipt.checkpoint.root, &root), words);
    free((void *) (uintptr_t) receipt.record.ptr);
}


static void
test_bad(const char *words, caplat_slice text, const char *want)
{
    caplat_receipt  receipt = { .index = 99 };
    const char     *why = "";

    if (test_that(!verify(text, &receipt, &why) && receipt.index == 99,
                  words))
    {
        test_text(test_slice(why), test_slice(want), words);
    }
}


#define BAD(words, text, why)  test_bad((words), CAPLAT_LIT(text), (why))
#define INDEX                  "index 2\n"
#define REST                   INDEX LOG_PATH "\n" LOG_NOTE
#define PATH_16                                                               \
    LOG_PATH_0 LOG_PATH_0 LOG_PATH_0 LOG_PATH_0 LOG_PATH_0 LOG_PATH_0         \
    LOG_PATH_0 LOG_PATH_0 LOG_PATH_0 LOG_PATH_0 LOG_PATH_0 LOG_PATH_0         \
    LOG_PATH_0 LOG_PATH_0 LOG_PATH_0 LOG_PATH_0


static void
test_forms(void)
{
    test_good("the example", CAPLAT_LIT(LOG_RECEIPT));
    test_good("without a cosignature", CAPLAT_LIT(LOG_HEAD LOG_EXTRA REST));

    BAD("nothing", "", NO_RECEIPT);
    BAD("another version", "c2sp.org/tlog-proof@v2\n" LOG_EXTRA REST,
        NO_RECEIPT);
    BAD("CR LF", "c2sp.org/tlog-proof@v1\r\n" LOG_EXTRA REST, NO_RECEIPT);
    BAD("without the record", LOG_HEAD REST, NO_RECEIPT);
    BAD("the record twice", LOG_HEAD LOG_EXTRA LOG_EXTRA REST, NO_RECEIPT);
    BAD("no index", LOG_HEAD LOG_EXTRA LOG_PATH "\n" LOG_NOTE, NO_RECEIPT);
    BAD("a leading zero",
        LOG_HEAD LOG_EXTRA "index 02\n" LOG_PATH "\n" LOG_NOTE, NO_RECEIPT);
    BAD("a blank more",
        LOG_HEAD LOG_EXTRA "index  2\n" LOG_PATH "\n" LOG_NOTE, NO_RECEIPT);
    BAD("a sign",
        LOG_HEAD LOG_EXTRA "index +2\n" LOG_PATH "\n" LOG_NOTE, NO_RECEIPT);
    BAD("2^64 more", LOG_HEAD LOG_EXTRA "index 18446744073709551618\n"
        LOG_PATH "\n" LOG_NOTE, NO_RECEIPT);
    BAD("a hash of 31 bytes", LOG_HEAD LOG_EXTRA INDEX
        "ddewnE3T5QknzLuUrppnaU8jx/pAmP7n1A4ZfuHahQ==\n" LOG_PATH_1
        LOG_PATH_2 "\n" LOG_NOTE, NO_RECEIPT);
    BAD("a hash of 33 bytes", LOG_HEAD LOG_EXTRA INDEX
        "ddewnE3T5QknzLuUrppnaU8jx/pAmP7n1A4ZfuHahY8A\n" LOG_PATH_1
        LOG_PATH_2 "\n" LOG_NOTE, NO_RECEIPT);
    BAD("a hash spelt otherwise", LOG_HEAD LOG_EXTRA INDEX
        "ddewnE3T5QknzLuUrppnaU8jx/pAmP7n1A4ZfuHahY9=\n" LOG_PATH_1
        LOG_PATH_2 "\n" LOG_NOTE, NO_RECEIPT);
    BAD("no empty line", LOG_HEAD LOG_EXTRA INDEX LOG_PATH LOG_NOTE,
        NO_RECEIPT);
    BAD("64 hashes", LOG_HEAD LOG_EXTRA INDEX PATH_16 PATH_16 PATH_16 PATH_16
        "\n" LOG_NOTE, NO_RECEIPT);
    BAD("15 hashes", LOG_HEAD LOG_EXTRA INDEX LOG_PATH PATH_16
        "\n" LOG_NOTE, NOT_HELD);
}


static void
test_contents(void)
{
    BAD("another record", LOG_HEAD
        "extra ISEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISF7ImlkIjoib3JkXzIiL"
        "CJhbW91bnQiOjEwMDN9\n" REST, NOT_HELD);
    BAD("another salt", LOG_HEAD
        "extra ICEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISF7ImlkIjoib3JkXzIiL"
        "CJhbW91bnQiOjEwMDJ9\n" REST, NOT_HELD);
    BAD("no base64", LOG_HEAD "extra ISEhISEhIS\n" REST, NO_RECORD);
    BAD("nothing in it", LOG_HEAD "extra \n" REST, NO_RECORD);
    BAD("a salt alone", LOG_HEAD
        "extra ISEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISE=\n" REST,
        NO_RECORD);
    BAD("another index",
        LOG_HEAD LOG_EXTRA "index 3\n" LOG_PATH "\n" LOG_NOTE, NOT_HELD);
    BAD("an index past the tree",
        LOG_HEAD LOG_EXTRA "index 5\n" LOG_PATH "\n" LOG_NOTE, NOT_HELD);
    BAD("another order", LOG_HEAD LOG_EXTRA INDEX LOG_PATH_1 LOG_PATH_0
        LOG_PATH_2 "\n" LOG_NOTE, NOT_HELD);
    BAD("one hash less",
        LOG_HEAD LOG_EXTRA INDEX LOG_PATH_0 LOG_PATH_1 "\n" LOG_NOTE,
        NOT_HELD);
    BAD("no hash", LOG_HEAD LOG_EXTRA INDEX "\n" LOG_NOTE, NOT_HELD);
    BAD("the witness alone", LOG_HEAD LOG_EXTRA INDEX LOG_PATH "\n" LOG_TEXT
        "\n" LOG_COSIGNATURE, UNSIGNED);
    BAD("another size", LOG_HEAD LOG_EXTRA INDEX LOG_PATH "\n" LOG_NAME
        "\n4\n" LOG_ROOT "\n\n" LOG_LINE, WORSE);
}


/* Whatever bit is another, before the witness's line, and whatever is cut. */
static void
test_bytes(void)
{
    char             text[] = LOG_RECEIPT;
    size_t           len = sizeof(text) - 1;
    size_t           ours = len - (sizeof(LOG_COSIGNATURE) - 1);
    caplat_receipt   receipt;
    const char      *why;
    unsigned         wrong = 0;

    for (size_t i = 0; i < ours; i++) {
        for (int bit = 1; bit < 256; bit <<= 1) {
            text[i] = (char) (text[i] ^ bit);
            wrong += caplat_receipt_verify(caplat_slice_of(text, len),
                                           &verifier, &receipt, &why);
            text[i] = (char) (text[i] ^ bit);
        }
    }

    for (size_t i = 0; i < len; i++) {
        if (i != ours) {
            wrong += caplat_receipt_verify(caplat_slice_of(text, i),
                                           &verifier, &receipt, &why);
        }
    }

    test_number(wrong, 0, "no bit may be another, no byte wanting");
}


/* A log of one record of that length, and its receipt. */
static void
test_length(size_t len)
{
    static char        record[CAPLAT_RECEIPT_LEN_MAX];
    static char        room[2 * CAPLAT_RECEIPT_LEN_MAX];

    char               note[CAPLAT_CHECKPOINT_MAX];
    caplat_writer      w = caplat_writer_of(room, sizeof(room));
    caplat_writer      signed_note = caplat_writer_of(note, sizeof(note));
    uint8_t            entry[CAPLAT_ENTRY_LEN];
    caplat_checkpoint  checkpoint = { .size = 1 };
    caplat_receipt     receipt;
    const char        *why = "";

    for (size_t i = 0; i < len; i++) {
        record[i] = (char) ('a' + i % 23);
    }

    caplat_commit(salt, caplat_slice_of(record, len), entry);
    caplat_merkle_leaf(caplat_sha256,
                       caplat_slice_of((const char *) entry, sizeof(entry)),
                       &checkpoint.root);
    caplat_assert(caplat_checkpoint_sign(&verifier, key, &checkpoint,
                                         &signed_note));
    caplat_receipt_write(&w, salt, caplat_slice_of(record, len), 0, NULL, 0,
                         caplat_written(&signed_note));
    caplat_assert(!w.full);

    if (w.len > CAPLAT_RECEIPT_LEN_MAX) {
        test_bad("too long", caplat_written(&w), "the receipt is too long");

    } else if (test_that(verify(caplat_written(&w), &receipt, &why), "read"))
    {
        test_text(receipt.record, caplat_slice_of(record, len), "a record");
        test_number(receipt.index, 0, "the first");
        free((void *) (uintptr_t) receipt.record.ptr);
    }
}


/* Records are written in pieces of 768 bytes, the first with the salt. */
static void
test_lengths(void)
{
    static const size_t  lens[] = { 1, 2, 3, 734, 735, 736, 737, 738, 1503,
                                    1504, 1505, 4096, 98304, 147000, 148000 };

    for (size_t i = 0; i < CAPLAT_COUNT(lens); i++) {
        test_length(lens[i]);
    }
}


int
main(void)
{
    test_that(caplat_trust_open(), "the libraries start");
    test_that(caplat_verifier_read(CAPLAT_LIT(LOG_VKEY), &verifier),
              "the example's key");
    memset(salt, 0x21, sizeof(salt));
    key = signed_key(LOG_KEY);

    test_commitment();
    test_commitments();
    test_write();
    test_forms();
    test_contents();
    test_bytes();
    test_lengths();

    caplat_private_key_close(key);

    return test_done();
}
