#include "caplat_key.h"
#include "caplat_hash.h"
#include "caplat_json.h"

#include "signed.h"
#include "test.h"

#include <openssl/err.h>


#define OKP    "\"kty\":\"OKP\",\"crv\":\"Ed25519\","
#define EC     "\"kty\":\"EC\",\"crv\":\"P-256\","
#define ED_X   "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\""
#define EC_X   "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\""
#define EC_Y   "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\""
#define ZERO   "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\""

#define ED_KID  "\"kid\":\"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k\""
#define EC_KID  "\"kid\":\"oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U\""


typedef struct {
    const char  *jwk;
    const char  *member;                /* that is wrong; NULL: none */
} jwk_row;


static const jwk_row  jwks[] = {
    { "{" OKP ED_X "}",                            NULL },
    { "{" EC EC_X "," EC_Y "}",                    NULL },
    { "{" EC EC_X "," EC_Y ",\"ext\":true,\"key_ops\":[\"verify\"],"
      "\"alg\":\"Ed25519\"}",                      NULL },
    { "{" OKP ED_X ",\"y\":\"?\"}",                NULL },

    { "{\"crv\":\"Ed25519\"," ED_X "}",            "kty" },
    { "{\"kty\":\"okp\",\"crv\":\"Ed25519\"," ED_X "}", "kty" },
    { "{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}", "kty" },
    { "{\"kty\":[\"OKP\"],\"crv\":\"Ed25519\"," ED_X "}", "kty" },
    { "{\"kty\":\"oct\",\"k\":\"AQAB\"}",          "k" },
    { "{\"kty\":\"OKP\"," ED_X "}",                "crv" },
    { "{\"kty\":\"OKP\",\"crv\":\"X25519\"," ED_X "}", "crv" },
    { "{\"kty\":\"OKP\",\"crv\":\"P-256\"," ED_X "}", "crv" },
    { "{\"kty\":\"EC\",\"crv\":\"P-384\"," EC_X "," EC_Y "}", "crv" },
    { "{\"kty\":\"EC\",\"crv\":\"Ed25519\"," EC_X "," EC_Y "}", "crv" },
    { "{" OKP "\"x\":1}",                          "x" },
    { "{" OKP "\"x\":\"\"}",                       "x" },
    { "{" OKP "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHUR\"}", "x" },
    { "{" OKP "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo=\"}",
      "x" },
    { "{" OKP "\"x\":\"11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}", "x" },
    { "{" OKP "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURp\"}", "x" },
    { "{" OKP "\"x\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}", "x" },
    { "{" EC EC_X "}",                             "y" },
    { "{" EC EC_Y "}",                             "x" },
    { "{" OKP ED_X ",\"d\":\"AQAB\"}",             "d" },
    { "{" OKP ED_X ",\"d\":null}",                 "d" },
    { "{" EC EC_X "," EC_Y ",\"p\":1}",            "p" },
    { "{" EC EC_X "," EC_Y ",\"q\":1}",            "q" },
    { "{" EC EC_X "," EC_Y ",\"dp\":1}",           "dp" },
    { "{" EC EC_X "," EC_Y ",\"dq\":1}",           "dq" },
    { "{" EC EC_X "," EC_Y ",\"qi\":1}",           "qi" },
};


static caplat_json *
open_text(const char *text)
{
    caplat_json  *object = NULL;
    caplat_err    err;

    (void) test_that(caplat_json_open(test_slice(text), 8, &object, &err),
                     text);

    return object;
}


static void
test_jwks(void)
{
    for (size_t i = 0; i < CAPLAT_COUNT(jwks); i++) {
        caplat_json       *jwk = open_text(jwks[i].jwk);
        const char        *member = NULL;
        caplat_point       point;
        caplat_public_key  key;

        test_that(caplat_point_read(jwk, &point, &member)
                  == (jwks[i].member == NULL), jwks[i].jwk);
        test_that(jwks[i].member == NULL
                  || (member != NULL && signed_is(member, jwks[i].member)),
                  jwks[i].jwk);

        if (jwks[i].member == NULL
            && test_that(caplat_public_key_make(&point, &key), jwks[i].jwk))
        {
            test_that(caplat_public_key_is(&key, &point), "it is its point");
            caplat_public_key_close(&key);
        }

        caplat_json_close(jwk);
    }
}


/* Coordinates that are well written and are no point, or no good one. */
static const char *const  no_points[] = {
    "{" EC "\"x\":" ZERO ",\"y\":" ZERO "}",
    "{" EC EC_X ",\"y\":" ZERO "}",
    "{" EC EC_X ",\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a4\"}",
    /* p and p + 5 for 0 and 5, each of which is the x of a point. */
    "{" EC "\"x\":\"_____wAAAAEAAAAAAAAAAAAAAAD_______________8\","
    "\"y\":\"ZkhceA4vg9ckM71dhKBrtlQcKvMdrocXKL-FahdPk_Q\"}",
    "{" EC "\"x\":\"_____wAAAAEAAAAAAAAAAAAAAAEAAAAAAAAAAAAAAAQ\","
    "\"y\":\"RZJDuapYGAb-kTvOmYF63hHKUDxk2aPFM0FcCDJI-8w\"}",
    /* Of order 1, 2, 4 and 8; p + 1 for 1; no y of the curve. */
    "{" OKP "\"x\":\"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}",
    "{" OKP "\"x\":\"7P_______________________________________38\"}",
    "{" OKP "\"x\":" ZERO "}",
    "{" OKP "\"x\":\"xxdqcD1N2E-6PAt2DRBnDyogU_osOczGTsf9d5KsA3o\"}",
    "{" OKP "\"x\":\"7v_______________________________________38\"}",
    "{" OKP "\"x\":\"AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}",
};


/* The same x and y without p are points: it is p that is refused. */
static const char *const  points[] = {
    "{" EC "\"x\":" ZERO ","
    "\"y\":\"ZkhceA4vg9ckM71dhKBrtlQcKvMdrocXKL-FahdPk_Q\"}",
    "{" EC "\"x\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAU\","
    "\"y\":\"RZJDuapYGAb-kTvOmYF63hHKUDxk2aPFM0FcCDJI-8w\"}",
};


static void
test_points(void)
{
    for (size_t i = 0; i < CAPLAT_COUNT(points); i++) {
        caplat_json       *jwk = open_text(points[i]);
        const char        *member;
        caplat_point       point;
        caplat_public_key  key;

        if (test_that(caplat_point_read(jwk, &point, &member)
                      && caplat_public_key_make(&point, &key), points[i]))
        {
            caplat_public_key_close(&key);
        }

        caplat_json_close(jwk);
    }

    for (size_t i = 0; i < CAPLAT_COUNT(no_points); i++) {
        caplat_json       *jwk = open_text(no_points[i]);
        const char        *member;
        caplat_point       point;
        caplat_public_key  key;

        test_that(caplat_point_read(jwk, &point, &member), no_points[i]);
        test_that(!caplat_public_key_make(&point, &key), no_points[i]);
        test_number(ERR_peek_error(), 0, "OpenSSL's queue is empty");
        caplat_json_close(jwk);
    }
}


/*
 * What caplat_public_key_take lets pass: with a key of small order, R the
 * identity and S zero would sign any message.
 */
static void
test_small(void)
{
    for (size_t i = 0; i < CAPLAT_COUNT(no_points); i++) {
        caplat_json       *jwk = open_text(no_points[i]);
        uint8_t            signature[CAPLAT_SIGNATURE_LEN] = { 1 };
        const char        *member;
        caplat_point       point;
        caplat_public_key  key;

        test_that(caplat_point_read(jwk, &point, &member), no_points[i]);

        if (caplat_public_key_take(&point, &key)) {
            test_number(key.algorithm, CAPLAT_ED25519, no_points[i]);
            test_that(!caplat_verify(&key, CAPLAT_LIT("any"), signature),
                      no_points[i]);
            caplat_public_key_close(&key);
        }

        caplat_json_close(jwk);
    }
}


typedef struct {
    const char        *alg;
    caplat_algorithm   algorithm;
    bool               jws;
    bool               httpsig;
} alg_row;


static const alg_row  algs[] = {
    { "Ed25519",           CAPLAT_ED25519, true,  false },
    { "EdDSA",             CAPLAT_ED25519, true,  false },
    { "ed25519",           CAPLAT_ED25519, false, true },
    { "ES256",             CAPLAT_ED25519, false, false },
    { "ES256",             CAPLAT_ES256,   true,  false },
    { "es256",             CAPLAT_ES256,   false, false },
    { "EdDSA",             CAPLAT_ES256,   false, false },
    { "ecdsa-p256-sha256", CAPLAT_ES256,   false, true },
    { "ecdsa-p256-sha256", CAPLAT_ED25519, false, false },
    { "none",              CAPLAT_ES256,   false, false },
    { "HS256",             CAPLAT_ED25519, false, false },
    { "",                  CAPLAT_ED25519, false, false },
};


static void
test_algorithms(void)
{
    for (size_t i = 0; i < CAPLAT_COUNT(algs); i++) {
        caplat_slice  alg = test_slice(algs[i].alg);

        test_that(caplat_algorithm_fits_jws(algs[i].algorithm, alg)
                  == algs[i].jws, algs[i].alg);
        test_that(caplat_algorithm_fits_httpsig(algs[i].algorithm, alg)
                  == algs[i].httpsig, algs[i].alg);
    }
}


/* What a key signs it verifies, and nothing else. */
static void
test_pair(caplat_private_key *key, caplat_private_key *other)
{
    const caplat_public_key  *half = caplat_private_key_public(key);
    caplat_slice              text = CAPLAT_LIT("a message");
    uint8_t                   signature[CAPLAT_SIGNATURE_LEN];

    test_that(caplat_sign(key, text, signature), "signed");
    test_that(caplat_verify(half, text, signature), "verified");
    test_that(!caplat_verify(caplat_private_key_public(other), text,
                             signature), "another key's");
    test_that(!caplat_verify(half, CAPLAT_LIT("another"), signature),
              "another message");

    for (size_t i = 0; i < sizeof(signature); i++) {
        signature[i] ^= 0x10;
        (void) test_that(!caplat_verify(half, text, signature), "changed");
        signature[i] ^= 0x10;
    }

    memset(signature, 0, 32);
    test_that(!caplat_verify(half, text, signature), "r is 0");
    memset(signature, 0, 64);
    test_that(!caplat_verify(half, text, signature), "all is 0");
    memset(signature, 0xff, 64);
    test_that(!caplat_verify(half, text, signature), "all is too large");
    test_number(ERR_peek_error(), 0, "OpenSSL's queue is empty");
}


static void
test_new(caplat_algorithm algorithm)
{
    caplat_private_key  *key = NULL;
    caplat_private_key  *again = NULL;
    char                 room[256];
    caplat_writer        w = caplat_writer_of(room, sizeof(room));
    caplat_err           err;

    if (!test_that(caplat_private_key_new(algorithm, &key), "new")) {
        return;
    }

    caplat_private_key_write(key, &w);
    test_that(!w.full, "it fits");
    test_that(caplat_private_key_read(caplat_written(&w), &again, &err),
              "read back");
    test_text(signed_thumbprint(again), signed_thumbprint(key), "the same");

    caplat_private_key  *other = signed_key(algorithm == CAPLAT_ES256
                                            ? KEY_P256 : KEY_ED25519);

    test_pair(again, other);
    caplat_private_key_close(other);
    caplat_private_key_close(again);
    caplat_private_key_close(key);
}


/* A text that is no key of ours; `|` as in the tables of other tests. */
typedef struct {
    const char   *text;
    caplat_code   code;
    const char   *what;
} fault;


#define D  "\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\""


static const fault  private_faults[] = {
    { "|",                                 CAPLAT_TRUNCATED,    "key" },
    { "|{" OKP ED_X "}",                   CAPLAT_MISSING_KEY,  "d" },
    { "{" OKP ED_X ",\"d\":|1}",           CAPLAT_NOT_A_NUMBER, "d" },
    { "{" OKP ED_X ",\"d\":|\"nWGx\"}",    CAPLAT_NOT_A_NUMBER, "d" },
    { "{" OKP ED_X ",\"d\":|\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2\\u0"
      "041\"}",                            CAPLAT_NOT_A_NUMBER, "d" },
    { "{" OKP ED_X ",\"d\":|" ZERO "}",    CAPLAT_NOT_ONE_OF,   "d" },
    { "|{" OKP ED_X ",\"\\u0064\":" D "}", CAPLAT_MISSING_KEY,  "d" },
    { "{" OKP "\"d\":" D ",\"x\":|1}",     CAPLAT_NOT_ONE_OF,   "x" },
    { "{" OKP "\"d\":|" D ",\"x\":"
      "\"JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs\"}",
      CAPLAT_NOT_ONE_OF, "d" },
    { "{\"kty\":|\"RSA\",\"d\":" D "}",    CAPLAT_NOT_ONE_OF,   "kty" },
    { "{" EC EC_X "," EC_Y ",\"d\":|" ZERO "}", CAPLAT_NOT_ONE_OF, "d" },
    { "{" EC EC_X "," EC_Y ",\"d\":|" D "}", CAPLAT_NOT_ONE_OF, "d" },
    /* n, which is no more a private key than 0 is. */
    { "{" EC EC_X "," EC_Y ",\"d\":|"
      "\"_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE\"}",
      CAPLAT_NOT_ONE_OF, "d" },
};


/* Without its mark, which is where `at` should point. */
static caplat_slice
unmark(const char *marked, char *room, size_t *mark)
{
    size_t  len = 0;

    *mark = SIZE_MAX;

    for (const char *p = marked; *p != '\0'; p++) {
        if (*p == '|') {
            *mark = len;
        } else {
            room[len++] = *p;
        }
    }

    return caplat_slice_of(room, len);
}


static void
test_private_faults(void)
{
    for (size_t i = 0; i < CAPLAT_COUNT(private_faults); i++) {
        const fault         *row = &private_faults[i];
        char                 room[1024];
        size_t               mark;
        caplat_private_key  *key = NULL;
        caplat_err           err = { CAPLAT_OK, 0, "" };

        test_that(!caplat_private_key_read(unmark(row->text, room, &mark),
                                           &key, &err) && key == NULL,
                  row->text);
        test_number(err.code, row->code, row->text);
        test_text(test_slice(err.what), test_slice(row->what), row->text);
        test_number(err.at, mark, row->text);
        test_number(ERR_peek_error(), 0, "OpenSSL's queue is empty");
    }

    caplat_private_key_close(NULL);
}


int
main(void)
{
    test_that(caplat_trust_open(), "the libraries start");
    test_that(caplat_trust_open(), "and do so once");

    test_jwks();
    test_points();
    test_small();
    test_algorithms();

    caplat_private_key  *ed = signed_key(KEY_ED25519);
    caplat_private_key  *ec = signed_key(KEY_P256);

    test_pair(ed, ec);
    test_pair(ec, ed);
    caplat_private_key_close(ed);
    caplat_private_key_close(ec);
    test_new(CAPLAT_ED25519);
    test_new(CAPLAT_ES256);
    test_private_faults();

    return test_done();
}
