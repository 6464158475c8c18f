#define _GNU_SOURCE                     /* mkdtemp */

#include "caplat_auth.h"

#include "browsers.h"
#include "test.h"


/* What Authorization may look like, and what it asks for besides. */
typedef struct {
    const char       *first;            /* `$` stands for the token */
    const char       *second;           /* another line, or NULL */
    const char       *dpop;             /* a field, or NULL; `$` the proof */
    bool              token_needed;
    caplat_problem    want;
    const char       *reason;
} scheme_row;


static const scheme_row  schemes[] = {
    { "DPoP $",   NULL, "$", true,  CAPLAT_NO_PROBLEM, "" },
    { "dpop $",   NULL, "$", true,  CAPLAT_NO_PROBLEM, "" },
    { "DPOP $",   NULL, "$", false, CAPLAT_NO_PROBLEM, "" },
    { NULL,       NULL, "$", true,  CAPLAT_PROBLEM_TOKEN_MISSING,
      "authorization-missing" },
    { NULL,       NULL, "$", false, CAPLAT_PROBLEM_SIGNATURE_MISSING,
      "signature-fields" },
    { NULL,       NULL, NULL, false, CAPLAT_PROBLEM_SIGNATURE_MISSING,
      "signature-fields" },
    { "Basic eDp4", NULL, "$", true,  CAPLAT_PROBLEM_TOKEN_MISSING,
      "authorization-scheme" },
    { "Basic eDp4", NULL, "$", false, CAPLAT_PROBLEM_TOKEN_MISSING,
      "authorization-scheme" },
    { "DPo $",    NULL, "$", true,  CAPLAT_PROBLEM_TOKEN_MISSING,
      "authorization-scheme" },
    { "$",        NULL, "$", true,  CAPLAT_PROBLEM_TOKEN_MISSING,
      "authorization-scheme" },
    { "",         NULL, "$", true,  CAPLAT_PROBLEM_TOKEN_MALFORMED,
      "authorization-form" },
    { "DPoP",     NULL, "$", true,  CAPLAT_PROBLEM_TOKEN_MALFORMED,
      "authorization-form" },
    { "DPoP ",    NULL, "$", true,  CAPLAT_PROBLEM_TOKEN_MALFORMED,
      "authorization-form" },
    { " DPoP $",  NULL, "$", true,  CAPLAT_PROBLEM_TOKEN_MALFORMED,
      "authorization-form" },
    { "DPoP  $",  NULL, "$", true,  CAPLAT_PROBLEM_TOKEN_MALFORMED,
      "token-form" },
    { "DPoP $ x", NULL, "$", true,  CAPLAT_PROBLEM_TOKEN_MALFORMED,
      "token-form" },
    { "DPoP $",   "DPoP $", "$", true, CAPLAT_PROBLEM_TOKEN_MALFORMED,
      "authorization-twice" },
    { "DPoP $",   NULL, NULL, true, CAPLAT_PROBLEM_PROOF_MISSING,
      "proof-missing" },
    { "DPoP $",   NULL, "",  true,  CAPLAT_PROBLEM_PROOF_INVALID,
      "proof-form" },
    { "Bearer $", NULL, "$", true,  CAPLAT_PROBLEM_PROOF_MISSING,
      "signature-missing" },
    { "bearer $", NULL, NULL, false, CAPLAT_PROBLEM_PROOF_MISSING,
      "signature-missing" },
};


/* A text with `$` replaced, in room. */
static caplat_slice
fill(const char *text, caplat_slice value, char room[static 8192])
{
    caplat_writer  w = caplat_writer_of(room, 8192);

    for (const char *p = text; *p != '\0'; p++) {
        caplat_put(&w, *p == '$' ? value : caplat_slice_of(p, 1));
    }

    return caplat_written(&w);
}


static void
test_schemes(void)
{
    for (size_t i = 0; i < CAPLAT_COUNT(schemes); i++) {
        static char  rooms[3][8192];

        const scheme_row  *row = &schemes[i];
        server             s = open_server(OLD, 4);
        caplat_slice       token = token_with(NULL, NULL);
        caplat_slice       proof = proof_with(token, NULL, NULL, browser);
        callers_request    r;

        open_request(&r);

        if (row->first != NULL) {
            callers_add(&r, CAPLAT_LIT("Authorization"),
                        fill(row->first, token, rooms[0]));
        }

        if (row->second != NULL) {
            callers_add(&r, CAPLAT_LIT("authorization"),
                        fill(row->second, token, rooms[1]));
        }

        if (row->dpop != NULL) {
            callers_add(&r, CAPLAT_LIT("DPoP"),
                        fill(row->dpop, proof, rooms[2]));
        }

        expect_at(&s, &r, row->token_needed, NOW, row->want, row->reason,
                  row->first != NULL ? row->first : "none");
        close_server(&s);
    }
}


/* A proof's claim that is another, twice: with the token new, then cached. */
typedef struct {
    const char       *name;
    const char       *value;
    caplat_problem    want;
    const char       *reason;
} proof_row;


static const proof_row  proofs[] = {
    { NULL,  NULL,            CAPLAT_NO_PROBLEM, "" },
    { "iat", "1799999700",    CAPLAT_NO_PROBLEM, "" },
    { "iat", "1800000060",    CAPLAT_NO_PROBLEM, "" },
    { "iat", "1799999699",    CAPLAT_PROBLEM_DPOP_NONCE_REQUIRED,
      "proof-iat" },
    { "iat", "1800000061",    CAPLAT_PROBLEM_DPOP_NONCE_REQUIRED,
      "proof-iat" },
    { "iat", "1",             CAPLAT_PROBLEM_DPOP_NONCE_REQUIRED,
      "proof-iat" },
    { "nonce", "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"",
      CAPLAT_PROBLEM_DPOP_NONCE_REQUIRED, "proof-nonce" },
    { "htm", "\"GET\"",       CAPLAT_PROBLEM_PROOF_INVALID, "proof-htm" },
    { "htu", "\"" NOBODY "\"", CAPLAT_PROBLEM_PROOF_INVALID, "proof-htu" },
    { "ath", NULL,            CAPLAT_PROBLEM_PROOF_INVALID, "proof-ath" },
    { "content-digest", NULL, CAPLAT_PROBLEM_PROOF_INVALID, "proof-digest" },
};


static void
test_proofs(void)
{
    caplat_slice  token = token_with(NULL, NULL);

    for (size_t i = 0; i < CAPLAT_COUNT(proofs); i++) {
        const proof_row  *row = &proofs[i];
        server            s = open_server(OLD, 4);
        callers_request   r;

        browser_request(&r, token, proof_with(token, row->name, row->value,
                                              browser));
        expect(&s, &r, row->want, row->reason);

        browser_request(&r, token, proof_with(token, "jti", "\"proof-02\"",
                                              browser));
        expect(&s, &r, CAPLAT_NO_PROBLEM, "");

        browser_request(&r, token, proof_with(token, row->name, row->value,
                                              browser));
        expect(&s, &r, row->want == CAPLAT_NO_PROBLEM
                       ? CAPLAT_PROBLEM_PROOF_REPLAYED : row->want,
               row->want == CAPLAT_NO_PROBLEM ? "proof-used" : row->reason);
        close_server(&s);
    }
}


/* Keys that the token is not bound to, also when its own is known. */
static void
test_strangers(void)
{
    server           s = open_server(OLD, 4);
    caplat_slice     token = token_with(NULL, NULL);
    callers_request  r;

    for (size_t i = 0; i < 2; i++) {
        browser_request(&r, token, proof_with(token, NULL, NULL, stranger));
        expect(&s, &r, CAPLAT_PROBLEM_KEY_MISMATCH, "token-key");

        browser_request(&r, token, proof_with(token, "jti", i == 0
                                              ? "\"proof-02\""
                                              : "\"proof-03\"", browser));
        expect(&s, &r, CAPLAT_NO_PROBLEM, "");
    }

    /* The token's key in the header, another's signature below. */
    char           room[4096];
    caplat_writer  w = caplat_writer_of(room, sizeof(room));

    signed_put_jws(&w, proof_header_with(NULL, NULL),
                   proof_claims_with(token, "jti", "\"proof-04\""), stranger);
    browser_request(&r, token, caplat_written(&w));
    expect(&s, &r, CAPLAT_PROBLEM_PROOF_INVALID, "proof-signature");
    test_number(caplat_zone_proofs(s.zone).count, 2, "only what held");
    close_server(&s);
}


/* Each byte of what the browser sent changed, in turn: none is forged. */
static void
test_changed(void)
{
    server           s = open_server(OLD, 4);
    caplat_slice     token = token_with(NULL, NULL);
    callers_request  r;

    browser_request(&r, token, proof_with(token, NULL, NULL, browser));

    for (size_t i = 0; i < r.message.header_count; i++) {
        char   *bytes = (char *) (uintptr_t) r.headers[i].value.ptr;
        size_t  skip = i == 0 ? sizeof("DPoP ") - 1 : 0;

        for (size_t at = skip; at < r.headers[i].value.len; at++) {
            caplat_identity  who;
            caplat_denial    denial;

            bytes[at] ^= 1;
            (void) test_that(!caplat_auth_request(s.auth, &policy, &r.message,
                                                  true, NOW, &who, &denial),
                             "a byte changed");
            bytes[at] ^= 1;
        }
    }

    test_number(caplat_zone_proofs(s.zone).count, 0, "nothing remembered");
    expect(&s, &r, CAPLAT_NO_PROBLEM, "");
    close_server(&s);
}


int
main(void)
{
    browsers_open();

    test_schemes();
    test_proofs();
    test_strangers();
    test_changed();

    browsers_close();
    caplat_auth_close(NULL);

    return test_done();
}
