#define _GNU_SOURCE                     /* mkdtemp */

#include "caplat_auth.h"
#include "caplat_hash.h"

#include "callers.h"
#include "proofs.h"
#include "test.h"


/* A body, and what is said of it. */
typedef struct {
    const char       *proof;            /* whose SHA-256 it is; NULL: none */
    const char       *field;            /* Content-Digest, or NULL */
    const char       *second;           /* another line of it, or NULL */
    const char       *body;
    caplat_problem    want;
} content_row;


#define SHA512_OF_BRACES                                                      \
    "sha-512=:J8dGcK23UHX60FjVzq97IMTneGyDuuijL2Jvl4KvNMm"                    \
    "jPCBG72D9Knh403jin+yFGAa72aZ4ePOp8c2kgwdj/Q==:"
#define SHA512_OF_OTHERS                                                      \
    "sha-512=:K8dGcK23UHX60FjVzq97IMTneGyDuuijL2Jvl4KvNMm"                    \
    "jPCBG72D9Knh403jin+yFGAa72aZ4ePOp8c2kgwdj/Q==:"


static const content_row  contents[] = {
    { "{}", NULL, NULL, "{}", CAPLAT_NO_PROBLEM },
    { NULL, DIGEST_OF_BRACES, NULL, "{}", CAPLAT_NO_PROBLEM },
    { "{}", DIGEST_OF_BRACES, NULL, "{}", CAPLAT_NO_PROBLEM },
    { NULL, "md5=:AAAA:", DIGEST_OF_BRACES, "{}", CAPLAT_NO_PROBLEM },
    { NULL, NULL, NULL, "", CAPLAT_NO_PROBLEM },
    { NULL, NULL, NULL, "{}", CAPLAT_PROBLEM_DIGEST_MISMATCHED },
    { "{}", NULL, NULL, "", CAPLAT_PROBLEM_DIGEST_MISMATCHED },
    { "{}", NULL, NULL, "{ }", CAPLAT_PROBLEM_DIGEST_MISMATCHED },
    { NULL, DIGEST_OF_BRACES, NULL, "{ }", CAPLAT_PROBLEM_DIGEST_MISMATCHED },
    { "{ }", DIGEST_OF_BRACES, NULL, "{}", CAPLAT_PROBLEM_DIGEST_MISMATCHED },
    { "{ }", DIGEST_OF_BRACES, NULL, "{ }",
      CAPLAT_PROBLEM_DIGEST_MISMATCHED },
    { NULL, DIGEST_OF_BRACES, SHA512_OF_BRACES, "{}", CAPLAT_NO_PROBLEM },
    { NULL, DIGEST_OF_BRACES, SHA512_OF_OTHERS, "{}",
      CAPLAT_PROBLEM_DIGEST_MISMATCHED },
    { NULL, DIGEST_OF_BRACES, DIGEST_OF_BRACES, "{}",
      CAPLAT_PROBLEM_DIGEST_INVALID },
    { NULL, "sha-256=:AAAA:", NULL, "{}", CAPLAT_PROBLEM_DIGEST_INVALID },
    { NULL, "md5=:AAAA:", NULL, "{}", CAPLAT_PROBLEM_DIGEST_UNSUPPORTED },
    { "{}", "md5=:AAAA:", NULL, "{}", CAPLAT_PROBLEM_DIGEST_UNSUPPORTED },
};


static void
test_contents(void)
{
    for (size_t i = 0; i < CAPLAT_COUNT(contents); i++) {
        const content_row  *row = &contents[i];
        callers_request     r = { .message = { .has_content = true } };
        caplat_identity     who = { .has_digest = row->proof != NULL };
        caplat_denial       denial = { CAPLAT_NO_PROBLEM, "" };

        if (row->proof != NULL) {
            caplat_sha256(test_slice(row->proof), who.digest);
        }

        if (row->field != NULL) {
            callers_add(&r, CAPLAT_LIT("content-digest"),
                        test_slice(row->field));
        }

        if (row->second != NULL) {
            callers_add(&r, CAPLAT_LIT("Content-Digest"),
                        test_slice(row->second));
        }

        test_that(caplat_auth_content(&who, &r.message, test_slice(row->body),
                                      &denial)
                  == (row->want == CAPLAT_NO_PROBLEM), row->body);
        test_number(denial.problem, row->want, row->body);
    }
}


/* A Content-Digest as long as our room for it, and longer. */
static void
test_long_digest(void)
{
    static char  field[2048];

    for (size_t len = 1020; len <= 1028; len += 4) {
        callers_request  r = { .message = { .has_content = true } };
        caplat_identity  who = { .has_digest = false };
        caplat_denial    denial = { CAPLAT_NO_PROBLEM, "" };
        caplat_writer    w = caplat_writer_of(field, sizeof(field));

        caplat_put(&w, CAPLAT_LIT(DIGEST_OF_BRACES ", x=:"));
        memset(field + w.len, 'A', len - w.len - 1);
        field[len - 1] = ':';
        callers_add(&r, CAPLAT_LIT("content-digest"),
                    caplat_slice_of(field, len));
        test_that(caplat_auth_content(&who, &r.message, CAPLAT_LIT("{}"),
                                      &denial) == (len <= 1024), "so long");
    }
}


int
main(void)
{
    test_that(caplat_trust_open(), "the libraries start");

    test_contents();
    test_long_digest();

    return test_done();
}
