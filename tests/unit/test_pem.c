#include "caplat_pem.h"

#include "caplat_hash.h"

#include "rsa_keys.h"


static EVP_PKEY  *one;


#define SPKI_BASE64  27                 /* where it begins */

/* The file around the key. */
static void
test_pem(void)
{
    rsa_pem             pem;
    caplat_rsa_public  *key;
    caplat_err          err;

    rsa_pem_of(one, RSA_SPKI, &pem);

    caplat_slice  text = rsa_text(&pem);
    size_t        end = rsa_find(text, "-----END");

    static const struct {
        size_t        at;               /* from the end where end is true */
        bool          end;
        size_t        from;
        const char   *with;
        caplat_code   code;
        size_t        fault;            /* likewise */
        const char   *words;
    } cases[] = {
        { 0, false, 1, "", CAPLAT_MISSING_KEY, 0, "no BEGIN" },
        { 5, false, 5, "begin", CAPLAT_MISSING_KEY, 0, "a small BEGIN" },
        { 21, false, 5, "", CAPLAT_MISSING_KEY, 0, "BEGIN without its end" },
        { 0, true, 1, "", CAPLAT_NOT_ONE_OF, 0, "no END" },
        { 9, true, 6, "SECRET", CAPLAT_NOT_ONE_OF, 9, "another END" },
        { SPKI_BASE64, false, 1, "*", CAPLAT_NOT_ONE_OF, SPKI_BASE64, "*" },
        { SPKI_BASE64 + 70, false, 0, " ", CAPLAT_NOT_ONE_OF,
          SPKI_BASE64 + 70, "a blank" },
        { SPKI_BASE64 + 70, false, 1, "", CAPLAT_NOT_ONE_OF, SPKI_BASE64,
          "a digit that is not there" },
        { SPKI_BASE64 + 70, false, 1, "=", CAPLAT_NOT_ONE_OF, SPKI_BASE64,
          "padding inside" },
        { SPKI_BASE64, false, 4, "AAAA", CAPLAT_NOT_ONE_OF, SPKI_BASE64,
          "bytes that are no key" },
        { 0, true, 0, "AAAA\n", CAPLAT_NOT_ONE_OF, SPKI_BASE64,
          "bytes behind the key" },
        { 25, true, 0, "x", CAPLAT_TRAILING, 25, "words behind" },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        size_t        at = cases[i].end ? end + cases[i].at : cases[i].at;
        size_t        fault = cases[i].end && cases[i].fault != SPKI_BASE64
                                  ? end + cases[i].fault : cases[i].fault;
        caplat_slice  bad = rsa_patched(text, at, cases[i].from, cases[i].with);

        rsa_refused(rsa_reads(bad, &key, &err), &err, cases[i].code, fault,
                    cases[i].words);
    }

    rsa_refused(rsa_reads(CAPLAT_LIT(""), &key, &err), &err,
                CAPLAT_MISSING_KEY, 0, "nothing");
    rsa_refused(rsa_reads(CAPLAT_LIT("-----BEGIN -----\n-----END -----\n"),
                          &key, &err),
                &err, CAPLAT_MISSING_KEY, 0, "no label");
    rsa_refused(rsa_reads(CAPLAT_LIT("-----BEGIN ---"), &key, &err), &err,
                CAPLAT_MISSING_KEY, 0, "the beginning of BEGIN");
    rsa_refused(rsa_reads(caplat_slice_of(text.ptr, end), &key, &err), &err,
                CAPLAT_TRUNCATED, end, "half a file");
    rsa_refused(rsa_reads(caplat_slice_of(text.ptr + SPKI_BASE64,
                                          end - SPKI_BASE64), &key, &err),
                &err, CAPLAT_MISSING_KEY, 0, "base64 alone");
    rsa_refused(rsa_reads(rsa_patched(text, text.len, 0, text.ptr), &key, &err),
                &err, CAPLAT_TRAILING, text.len, "two keys");
}


static void
test_pem_is_lenient(void)
{
    rsa_pem             pem;
    caplat_rsa_public  *key;
    caplat_err          err;
    char                crlf[8192];
    caplat_writer       w = caplat_writer_of(crlf, sizeof(crlf));

    rsa_pem_of(one, RSA_SPKI, &pem);

    for (size_t i = 0; i < pem.len; i++) {
        caplat_put(&w, pem.text[i] == '\n' ? CAPLAT_LIT("\r\n")
                                : caplat_slice_of(&pem.text[i], 1));
    }

    caplat_slice  good[] = {
        caplat_written(&w),
        rsa_patched(rsa_text(&pem), 0, 0, "Platform key of 2026\n\n"),
    };

    for (size_t i = 0; i < CAPLAT_COUNT(good); i++) {
        if (test_that(rsa_reads(good[i], &key, &err), "a good file")) {
            caplat_rsa_public_close(key);
        }
    }

    good[0] = caplat_slice_of(rsa_text(&pem).ptr, pem.len - 1);

    if (test_that(rsa_reads(good[0], &key, &err), "no LF at its end")) {
        caplat_rsa_public_close(key);
    }
}


static void
test_too_large(void)
{
    static char  room[CAPLAT_PEM_LEN_MAX + 1];

    caplat_rsa_public  *key;
    caplat_err          err;
    rsa_pem             pem;

    memset(room, '\n', sizeof(room));
    rsa_pem_of(one, RSA_SPKI, &pem);
    memcpy(room, pem.text, pem.len);

    if (test_that(rsa_reads(caplat_slice_of(room, sizeof(room) - 1), &key,
                               &err), "as large as may be"))
    {
        caplat_rsa_public_close(key);
    }

    rsa_refused(rsa_reads(caplat_slice_of(room, sizeof(room)), &key, &err),
                &err, CAPLAT_TOO_LARGE, 0, "a byte more");
}


int
main(void)
{
    test_that(caplat_trust_open(), "the libraries start");
    one = EVP_RSA_gen(2048);

    test_pem();
    test_pem_is_lenient();
    test_too_large();

    EVP_PKEY_free(one);

    return test_done();
}
