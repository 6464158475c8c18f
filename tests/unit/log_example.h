/*
 * A log of five orders, worked out with code that is not ours: its key, its
 * leaves and roots, its checkpoint, a receipt.
 */

#ifndef LOG_EXAMPLE_H
#define LOG_EXAMPLE_H

#include "caplat_merkle.h"

#include "vectors.h"


#define LOG_SIZE     5
#define LOG_NAME     "shop.example/orders"

/* The seed 000102..1f. */
#define LOG_KEY                                                               \
    "{\"kty\":\"OKP\",\"crv\":\"Ed25519\","                                   \
    "\"d\":\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\","                  \
    "\"x\":\"A6EHv_POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg\"}"
#define LOG_VKEY                                                              \
    LOG_NAME "+2c2b041f+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"

#define LOG_ROOT     "6PAhwhfU7OGB5xNQoldI7FpqWT2W5vTE1n394h55W0w="
#define LOG_TEXT     LOG_NAME "\n5\n" LOG_ROOT "\n"
#define LOG_LINE                                                              \
    "\xe2\x80\x94 " LOG_NAME                                                  \
    " LCsEH4Ozb+7re918XCYOfS8vJ9lPbFkB93ewnpJUSQljJqWrhvKxTFPrh1GrftvB7dkEg"  \
    "XWLkXZ1WDryVXPfxK//JwE=\n"
#define LOG_NOTE     LOG_TEXT "\n" LOG_LINE

/* Of the witness witness.example/w1, over the same checkpoint. */
#define LOG_COSIGNATURE                                                       \
    "\xe2\x80\x94 witness.example/w1 2aPHoAAAAABlU/EAJjK4xg24tB553oX+w2UsmLZ" \
    "+YKiKy0XVciVhV3H61UMqZYwjWd9BYq20t0zba0TaqHXDl3czRh93RUtscinXBw==\n"

/* Record 2, whose salt is 32 of 21. */
#define LOG_RECORD   "{\"id\":\"ord_2\",\"amount\":1002}"
#define LOG_ENTRY                                                             \
    "9b43a3c88b8993b4041901726aa9c4305a335f9e0f29a1e2331d362a0def6436"

#define LOG_HEAD     "c2sp.org/tlog-proof@v1\n"
#define LOG_EXTRA                                                             \
    "extra ISEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISF7ImlkIjoib3JkXzIiLCJh" \
    "bW91bnQiOjEwMDJ9\n"
#define LOG_PATH_0   "ddewnE3T5QknzLuUrppnaU8jx/pAmP7n1A4ZfuHahY8=\n"
#define LOG_PATH_1   "8pJeqg+pCNe7XGxRFqq70EVM/a1RJsLRhXGWcb9rDFo=\n"
#define LOG_PATH_2   "e/fru4I/lqLeoNb72oPv+9XvIQY0CUPATVvCwr+pVUU=\n"
#define LOG_PATH     LOG_PATH_0 LOG_PATH_1 LOG_PATH_2
#define LOG_RECEIPT                                                           \
    LOG_HEAD LOG_EXTRA "index 2\n" LOG_PATH "\n" LOG_NOTE LOG_COSIGNATURE


static const char *const  log_leaves[LOG_SIZE] = {
    "2c6c032e67278d6846492cee8d3655d4776194a5332a3da4f32b0a07799ab6c9",
    "12ada4a56b6c1c8ffc4c1a4831688543fd138dc2c28bd590bf26c58e41c0006c",
    "e1554fe515d60b2fe662092eacdf76d01ebf206ca57ae0009aeed96e6ac3efb5",
    "75d7b09c4dd3e50927ccbb94ae9a67694f23c7fa4098fee7d40e197ee1da858f",
    "7bf7ebbb823f96a2dea0d6fbda83effbd5ef2106340943c04d5bc2c2bfa95545",
};

/* Of the first 1, 2... leaves. */
static const char *const  log_roots[LOG_SIZE] = {
    "2c6c032e67278d6846492cee8d3655d4776194a5332a3da4f32b0a07799ab6c9",
    "f2925eaa0fa908d7bb5c6c5116aabbd0454cfdad5126c2d185719671bf6b0c5a",
    "90803949d1e969d6699957f65ef8dbfd145a623aaa970e7172ed0ef18b3f8fbc",
    "7941d2fadd8944e3374b854b6936cc90b08059be603bcedad34b3e1c00458e75",
    "e8f021c217d4ece181e71350a25748ec5a6a593d96e6f4c4d67dfde21e795b4c",
};


static inline caplat_node
log_node(const char *hex)
{
    caplat_node  node = { { 0 } };
    size_t       len;

    caplat_assert(vectors_hex(test_slice(hex), node.bytes, sizeof(node.bytes),
                              &len)
                  && len == sizeof(node.bytes));

    return node;
}


static inline bool
log_same(const caplat_node *a, const caplat_node *b)
{
    return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}


#endif /* LOG_EXAMPLE_H */
