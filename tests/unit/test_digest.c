#include "caplat_digest.h"

#include "test.h"

#include <openssl/evp.h>


#define LINE_LEN_MAX  1024              /* bytes of a vector */

/* Digests of no bytes at all (FIPS 180-4). */
#define SHA256  "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
#define SHA512  "z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKH" \
                "fuwvY7kxvUdBeoGlODJ6+SfaPg=="

#define LOOSE   "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU:"
#define OVER    "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=:"
#define SHORT   "sha-256=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==:"
#define LONG    "sha-256=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA:"


static const struct {
    const char      *words;
    const char      *text;
    caplat_problem   problem;
    bool             has_sha256;
    bool             has_sha512;
} cases[] = {
    { "one",             "sha-256=:" SHA256 ":",
      CAPLAT_NO_PROBLEM, true, false },
    { "the other",       "sha-512=:" SHA512 ":",
      CAPLAT_NO_PROBLEM, false, true },
    { "both",            "sha-512=:" SHA512 ":,sha-256=:" SHA256 ":",
      CAPLAT_NO_PROBLEM, true, true },
    { "beside another",  "md5=:AAAA:, sha-256=:" SHA256 ":, x=::",
      CAPLAT_NO_PROBLEM, true, false },

    { "another",         "md5=:AAAA:",
      CAPLAT_PROBLEM_DIGEST_UNSUPPORTED, false, false },
    { "two others",      "md5=:AAAA:, sha=:AAAA:",
      CAPLAT_PROBLEM_DIGEST_UNSUPPORTED, false, false },
    { "none",            "",
      CAPLAT_PROBLEM_DIGEST_INVALID, false, false },
    { "of no bytes",     "sha-256=::",
      CAPLAT_PROBLEM_DIGEST_INVALID, false, false },
    { "a byte short",    SHORT,
      CAPLAT_PROBLEM_DIGEST_INVALID, false, false },
    { "a byte long",     LONG,
      CAPLAT_PROBLEM_DIGEST_INVALID, false, false },
    { "half of the other", "sha-512=:" SHA256 ":",
      CAPLAT_PROBLEM_DIGEST_INVALID, false, false },
    { "twice the one",   "sha-256=:" SHA512 ":",
      CAPLAT_PROBLEM_DIGEST_INVALID, false, false },
    { "a good one and a short one", "sha-256=:" SHA256 ":, sha-512=:AAAA:",
      CAPLAT_PROBLEM_DIGEST_INVALID, false, false },
    { "twice",           "sha-256=:" SHA256 ":, sha-256=:" SHA256 ":",
      CAPLAT_PROBLEM_DIGEST_INVALID, false, false },
    { "no padding",      LOOSE,
      CAPLAT_PROBLEM_DIGEST_INVALID, false, false },
    { "bits over",       OVER,
      CAPLAT_PROBLEM_DIGEST_INVALID, false, false },
    { "a string",        "sha-256=\"" SHA256 "\"",
      CAPLAT_PROBLEM_DIGEST_INVALID, false, false },
    { "another's string", "md5=\"AAAA\", sha-256=:" SHA256 ":",
      CAPLAT_PROBLEM_DIGEST_INVALID, false, false },
    { "a list",          "sha-256=(:" SHA256 ":)",
      CAPLAT_PROBLEM_DIGEST_INVALID, false, false },
    { "a parameter",     "sha-256=:" SHA256 ":;a",
      CAPLAT_PROBLEM_DIGEST_INVALID, false, false },
    { "no value",        "sha-256",
      CAPLAT_PROBLEM_DIGEST_INVALID, false, false },
    { "capitals",        "SHA-256=:" SHA256 ":",
      CAPLAT_PROBLEM_DIGEST_INVALID, false, false },
    { "the old field",   "SHA-256=" SHA256,
      CAPLAT_PROBLEM_DIGEST_INVALID, false, false },
};


static void
test_dictionaries(void)
{
    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        caplat_digests  digests = { .sha256 = { 7 } };
        caplat_denial   denial = { CAPLAT_NO_PROBLEM, "" };
        bool            good = caplat_digests_read(test_slice(cases[i].text),
                                                   &digests, &denial);

        test_number(denial.problem, cases[i].problem, cases[i].words);
        test_number(good, cases[i].problem == CAPLAT_NO_PROBLEM,
            cases[i].words);
        test_number(digests.has_sha256, cases[i].has_sha256, cases[i].words);
        test_number(digests.has_sha512, cases[i].has_sha512, cases[i].words);
        test_number(digests.sha256[0],
            !good ? 7 : cases[i].has_sha256 ? 0xe3 : 0, cases[i].words);
        test_number(digests.sha512[0], cases[i].has_sha512 ? 0xcf : 0,
            cases[i].words);
    }
}


static void
test_claims(void)
{
    static const struct {
        const char  *words;
        const char  *text;
        bool         good;
    } claims[] = {
        { "as it should be", "sha-256=:" SHA256 ":",      true },
        { "a blank before",  " sha-256=:" SHA256 ":",     false },
        { "a blank behind",  "sha-256=:" SHA256 ": ",     false },
        { "one more",        "sha-256=:" SHA256 ":, a",   false },
        { "the other",       "sha-512=:" SHA512 ":",      false },
        { "without a key",   ":" SHA256 ":",              false },
        { "without colons",  "sha-256=" SHA256,           false },
        { "without the last", "sha-256=:" SHA256,         false },
        { "none",            "sha-256=::",                false },
        { "nothing",         "",                          false },
        { "a byte short",
          SHORT, false },
        { "a byte long",
          LONG, false },
        { "bits over",
          OVER, false },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(claims); i++) {
        uint8_t  out[32] = { 7 };
        bool     good = caplat_digest_sha256_read(test_slice(claims[i].text),
                                                  out);

        test_number(good, claims[i].good, claims[i].words);
        test_number(out[0], good ? 0xe3 : 7, claims[i].words);
        test_number(out[31], good ? 0x55 : 0, claims[i].words);
    }
}


static unsigned
hex_digit(char byte)
{
    return byte <= '9' ? (unsigned) (byte - '0') : (unsigned) (byte - 'a' + 10);
}


/* The bytes of hexadecimal digits. */
static size_t
from_hex(caplat_slice hex, uint8_t *out)
{
    for (size_t i = 0; i < hex.len / 2; i++) {
        out[i] = (uint8_t) (hex_digit(hex.ptr[i * 2]) << 4
                            | hex_digit(hex.ptr[i * 2 + 1]));
    }

    return hex.len / 2;
}


static void
check_example(caplat_slice body_hex, caplat_slice value)
{
    uint8_t         body[LINE_LEN_MAX];
    uint8_t         hash[64];
    size_t          len = from_hex(body_hex, body);
    caplat_digests  digests;
    caplat_denial   denial;

    if (!test_that(caplat_digests_read(value, &digests, &denial), "a digest")) {
        return;
    }

    if (digests.has_sha256) {
        EVP_Digest(body, len, hash, NULL, EVP_sha256(), NULL);
        test_that(memcmp(hash, digests.sha256, 32) == 0, "SHA-256");
    }

    if (digests.has_sha512) {
        EVP_Digest(body, len, hash, NULL, EVP_sha512(), NULL);
        test_that(memcmp(hash, digests.sha512, 64) == 0, "SHA-512");
    }
}


/* Those of the messages of RFC 9421, B.2: id, body, field, whether valid. */
static void
test_examples(void)
{
    char    line[LINE_LEN_MAX];
    FILE   *file = fopen("tests/vectors/content_digest.tsv", "r");
    size_t  count = 0;

    test_that(file != NULL, "the vectors");

    if (file == NULL) {
        return;
    }

    test_that(fgets(line, sizeof(line), file) != NULL, "the columns");

    while (fgets(line, sizeof(line), file) != NULL) {
        caplat_cursor  c = caplat_cursor_of(test_slice(line));
        caplat_slice   id;
        caplat_slice   body;
        caplat_slice   value;

        if (test_that(caplat_take_until(&c, '\t', LINE_LEN_MAX, &id)
                      && caplat_take_until(&c, '\t', LINE_LEN_MAX, &body)
                      && caplat_take_until(&c, '\t', LINE_LEN_MAX, &value)
                      && caplat_take_literal(&c, CAPLAT_LIT("valid\n")),
                      "four columns"))
        {
            check_example(body, value);
            count++;
        }
    }

    test_number(count, 4, "all of them");
    fclose(file);
}


int
main(void)
{
    test_dictionaries();
    test_claims();
    test_examples();

    return test_done();
}
