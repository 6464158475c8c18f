#include "caplat_token.h"

#include "judged.h"
#include "test.h"


/* Tokens of the issuer's other algorithm, and of a stranger. */
static void
test_keys(void)
{
    char           room[512];
    caplat_writer  w = caplat_writer_of(room, sizeof(room));

    caplat_put(&w, CAPLAT_LIT("{\"typ\":\"at+jwt\",\"alg\":\"ES256\","
                              "\"kid\":\""));
    caplat_put(&w, signed_thumbprint(ec));
    caplat_put(&w, CAPLAT_LIT("\"}"));

    caplat_slice  claims = token_claims_with(NULL, NULL);

    judge(sign(caplat_written(&w), claims, ec), NOW, GOOD, NULL, "ES256");
    judge(sign(caplat_written(&w), claims, ed), NOW, BAD, "token-signature",
          "a stranger's");
    judge(sign(token_header_with(NULL, NULL), claims, ec), NOW, BAD,
          "token-signature", "a stranger's");
}


static void
test_clock(void)
{
    int64_t  iat = 1799999970;
    int64_t  exp = 1800000870;

    judge(good(), iat - 61, BAD, "token-iat", "61 s before iat");
    judge(good(), iat - 60, GOOD, NULL, "60 s before iat");
    judge(good(), exp + 59, GOOD, NULL, "59 s behind exp");
    judge(good(), exp + 60, LATE, "token-exp", "60 s behind exp");
    judge(good(), INT64_MAX - 60, LATE, "token-exp", "the end of time");
    judge(sign(token_header_with(NULL, NULL), token_claims_with("iss", "1"),
               ed),
          exp + 60, BAD, "token-iss", "late, and wrong besides");
}


/* A token outlives neither itself nor its key. */
static void
test_alive(void)
{
    caplat_token_rules   policy = rules();
    caplat_claims       *claims = NULL;
    caplat_denial        denial;
    caplat_slice         token = sign(token_header_with("kid", "\"ending\""),
                                      token_claims_with(NULL, NULL), ed);

    if (test_that(caplat_token_verify(token, &policy, NOW, &claims, &denial),
                  "while its key lives"))
    {
        test_that(caplat_claims_alive(claims, NOW, &denial), "then");
        test_that(!caplat_claims_alive(claims, NOW + 1, &denial)
                  && denial.problem == BAD, "no longer");
    }

    caplat_claims_close(claims);
}


/* A text with `from` bytes of another put in their place. */
static caplat_slice
patched(caplat_slice token, size_t at, size_t from, const char *with)
{
    static char  room[32768];

    caplat_writer  w = caplat_writer_of(room, sizeof(room));

    caplat_put(&w, caplat_slice_of(token.ptr, at));
    caplat_put(&w, test_slice(with));
    caplat_put(&w, caplat_slice_of(token.ptr + at + from,
                                   token.len - at - from));

    return caplat_written(&w);
}


static void
test_form(void)
{
    caplat_slice  token = good();
    const char   *dot = memchr(token.ptr, '.', token.len);
    size_t        at = (size_t) (dot - token.ptr);

    judge(CAPLAT_LIT(""), NOW, FORM, "token-form", "nothing");
    judge(CAPLAT_LIT(".."), NOW, FORM, "token-form", "dots");
    judge(CAPLAT_LIT("a"), NOW, FORM, "token-form", "a word");
    judge(patched(token, at, 1, ""), NOW, FORM, "token-form", "two parts");
    judge(patched(token, at, 1, ".."), NOW, FORM, "token-form", "four parts");
    judge(patched(token, token.len, 0, "."), NOW, FORM, "token-form",
          "a dot behind");
    judge(patched(token, token.len, 0, "=="), NOW, FORM, "token-form",
          "padding");
    judge(patched(token, token.len, 0, " "), NOW, FORM, "token-form",
          "a blank behind");
    judge(patched(token, 0, 0, " "), NOW, FORM, "token-form", "one before");
    judge(patched(token, at, 1, "=."), NOW, FORM, "token-form", "padding");
    judge(patched(token, token.len - 86, 86, ""), NOW, BAD,
          "token-signature", "no signature");
    judge(patched(token, token.len - 86, 2, ""), NOW, BAD, "token-signature",
          "a short signature");
    judge(patched(token, token.len, 0, "AAAA"), NOW, BAD, "token-signature",
          "a long signature");
    judge(sign(CAPLAT_LIT("{\"typ\":\"at+jwt\",\"typ\":\"at+jwt\"}"),
               token_claims_with(NULL, NULL), ed), NOW, FORM, "token-form",
          "typ twice");
    judge(sign(token_header_with(NULL, NULL),
               CAPLAT_LIT("{\"sub\":\"a\",\"s\\u0075b\":\"a\"}"), ed), NOW,
          FORM, "token-payload", "sub twice");
    judge(sign(CAPLAT_LIT("[]"), token_claims_with(NULL, NULL), ed), NOW,
          FORM, "token-form", "a header that is a list");
    judge(sign(CAPLAT_LIT(""), token_claims_with(NULL, NULL), ed), NOW, FORM,
          "token-form", "no header");
    judge(sign(token_header_with(NULL, NULL), CAPLAT_LIT(""), ed), NOW, FORM,
          "token-payload", "no claims");
    judge(sign(token_header_with(NULL, NULL), CAPLAT_LIT("{} {}"), ed), NOW,
          FORM, "token-payload", "twice claims");
    judge(sign(token_header_with(NULL, NULL),
               CAPLAT_LIT("\xef\xbb\xbf{}"), ed), NOW, FORM, "token-payload",
          "a byte order mark");
}


/* A member of so many a's that the text has len bytes. */
static caplat_slice
filled(caplat_slice (*with)(const char *, const char *), size_t len)
{
    static char  fill[16384];

    size_t  more = len - with("fill", "\"\"").len;

    memset(fill, 'a', more + 2);
    fill[0] = '"';
    fill[more + 1] = '"';
    fill[more + 2] = '\0';

    return with("fill", fill);
}


static void
test_sizes(void)
{
    caplat_slice  none = token_claims_with(NULL, NULL);

    judge(sign(filled(token_header_with, 512), none, ed), NOW, GOOD, NULL,
          "a header of 512 bytes");
    judge(sign(filled(token_header_with, 513), none, ed), NOW, FORM,
          "token-form", "of 513");

    /* Of the 6144 bytes of a token 88 are dots and signature. */
    size_t  head = CAPLAT_B64URL_LEN(token_header_with(NULL, NULL).len);
    size_t  rest = CAPLAT_TOKEN_LEN_MAX - 88 - head;
    size_t  len = rest / 4 * 3 + rest % 4 * 3 / 4;

    caplat_slice  most = sign(token_header_with(NULL, NULL),
                              filled(token_claims_with, len), ed);

    test_that(most.len <= CAPLAT_TOKEN_LEN_MAX
              && most.len + 2 > CAPLAT_TOKEN_LEN_MAX, "as long as may be");
    judge(most, NOW, GOOD, NULL, "the longest token");

    caplat_slice  more = sign(token_header_with(NULL, NULL),
                              filled(token_claims_with, len + 2), ed);

    test_that(more.len > CAPLAT_TOKEN_LEN_MAX, "and longer");
    judge(more, NOW, FORM, "token-long", "a longer one");
}


/* No byte of a token may be another. */
static void
test_changed(void)
{
    caplat_slice  token = good();
    char          copy[4096];

    memcpy(copy, token.ptr, token.len);

    for (size_t i = 0; i < token.len; i++) {
        caplat_token_rules   policy = rules();
        caplat_claims       *claims = NULL;
        caplat_denial        denial;

        copy[i] ^= 1;
        (void) test_that(!caplat_token_verify(caplat_slice_of(copy,
                                                              token.len),
                                              &policy, NOW, &claims,
                                              &denial), "a byte changed");
        copy[i] ^= 1;
        (void) test_that(!caplat_token_verify(caplat_slice_of(copy, i),
                                              &policy, NOW, &claims,
                                              &denial), "cut");
    }
}


int
main(void)
{
    judged_open();

    test_keys();
    test_clock();
    test_alive();
    test_form();
    test_sizes();
    test_changed();

    judged_close();

    return test_done();
}
