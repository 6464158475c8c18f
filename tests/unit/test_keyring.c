#include "caplat_key.h"
#include "caplat_hash.h"

#include "test.h"

#include <openssl/err.h>


#define OKP     "\"kty\":\"OKP\",\"crv\":\"Ed25519\","
#define ED_X    "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\""
#define ED      OKP ED_X
#define EC_XY                                                                 \
    "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","                  \
    "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\""
#define EC      "\"kty\":\"EC\",\"crv\":\"P-256\"," EC_XY
#define ED_KID  "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
#define EC_KID  "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U"
#define K64                                                                   \
    "0123456789abcdef0123456789ABCDEF0123456789abcdef0123456789abc_-f"

/* One key, of an issuer or of a partner, with more members behind. */
#define ISSUER(more)  "{\"keys\":[{" ED ",\"kid\":\"a\"" more "}]}"
#define PARTNER(more)                                                         \
    "{\"keys\":[{" ED ",\"kid\":\"" ED_KID "\",\"client_id\":\"erp\"" more "}]}"


/* Names of platforms: one of 32 bytes, and lists of 16. */
#define N32      "0123456789abcdef0123456789abcdef"
#define N4(a)    "\"" a "0\",\"" a "1\",\"" a "2\",\"" a "3\""
#define N16(a)   N4(a "a") "," N4(a "b") "," N4(a "c") "," N4(a "d")


/* `|` stands before the byte that `at` should name. */
typedef struct {
    caplat_jwks_kind   kind;
    const char        *text;
    caplat_code        code;            /* CAPLAT_OK: it is right */
    const char        *what;
} row;


static const row  rows[] = {
    { CAPLAT_ISSUER_KEYS, ISSUER(""), CAPLAT_OK, "" },
    { CAPLAT_ISSUER_KEYS, ISSUER(",\"alg\":\"EdDSA\""), CAPLAT_OK, "" },
    { CAPLAT_ISSUER_KEYS, ISSUER(",\"alg\":\"Ed25519\",\"use\":\"sig\""),
      CAPLAT_OK, "" },
    { CAPLAT_ISSUER_KEYS, ISSUER(",\"x5c\":[\"?\"],\"key_ops\":[]"),
      CAPLAT_OK, "" },
    { CAPLAT_ISSUER_KEYS, ISSUER(",\"client_id\":1,\"scope\":2"), CAPLAT_OK,
      "" },
    { CAPLAT_ISSUER_KEYS, ISSUER(",\"nbf\":1,\"exp\":2"), CAPLAT_OK, "" },
    { CAPLAT_ISSUER_KEYS, "{\"keys\":[{" ED ",\"kid\":\"" K64 "\"}]}",
      CAPLAT_OK, "" },
    { CAPLAT_ISSUER_KEYS, "{\"keys\":[{" ED ",\"kid\":\"a\"},{" EC
      ",\"kid\":\"A\"}],\"other\":1}", CAPLAT_OK, "" },
    { CAPLAT_PARTNER_KEYS, PARTNER(""), CAPLAT_OK, "" },
    { CAPLAT_PARTNER_KEYS, PARTNER(",\"scope\":\"ca:read\""), CAPLAT_OK, "" },
    { CAPLAT_PARTNER_KEYS, "{\"keys\":[{" EC ",\"kid\":\"" EC_KID
      "\",\"client_id\":\"erp\",\"alg\":\"ES256\"}]}", CAPLAT_OK, "" },

    { CAPLAT_ISSUER_KEYS, "|", CAPLAT_TRUNCATED, "json" },
    { CAPLAT_ISSUER_KEYS, "|{}", CAPLAT_MISSING_KEY, "keys" },
    { CAPLAT_ISSUER_KEYS, "{\"keys\":|{}}", CAPLAT_NOT_ONE_OF, "keys" },
    { CAPLAT_ISSUER_KEYS, "{\"keys\": |[]}", CAPLAT_MISSING_KEY, "key" },
    { CAPLAT_ISSUER_KEYS, "{\"keys\":[|1]}", CAPLAT_NOT_ONE_OF, "key" },
    { CAPLAT_ISSUER_KEYS, "{\"keys\":[|{}]}", CAPLAT_MISSING_KEY, "kty" },
    { CAPLAT_ISSUER_KEYS, "{\"keys\":[{\"kty\":|\"RSA\",\"n\":\"AQ\"}]}",
      CAPLAT_NOT_ONE_OF, "kty" },
    { CAPLAT_ISSUER_KEYS, "{\"keys\":[{\"kty\":\"oct\",\"k\":|\"AQ\"}]}",
      CAPLAT_NOT_ONE_OF, "k" },
    { CAPLAT_ISSUER_KEYS, "{\"keys\":[{\"kty\":\"OKP\",\"crv\":|\"X25519\","
      ED_X "}]}", CAPLAT_NOT_ONE_OF, "crv" },
    { CAPLAT_ISSUER_KEYS, "{\"keys\":[{" OKP "\"x\":|\"AQ\"}]}",
      CAPLAT_NOT_A_NUMBER, "x" },
    { CAPLAT_ISSUER_KEYS, "{\"keys\":[{" OKP
      "\"x\":|\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}]}",
      CAPLAT_NOT_ONE_OF, "x" },
    { CAPLAT_ISSUER_KEYS, "{\"keys\":[{" ED ",\"d\":|\"AQ\"}]}",
      CAPLAT_NOT_ONE_OF, "d" },
    { CAPLAT_ISSUER_KEYS, "{\"keys\":[|{" ED "}]}", CAPLAT_MISSING_KEY,
      "kid" },
    { CAPLAT_ISSUER_KEYS, "{\"keys\":[{" ED ",\"kid\":|\"\"}]}",
      CAPLAT_NOT_A_NAME, "kid" },
    { CAPLAT_ISSUER_KEYS, "{\"keys\":[{" ED ",\"kid\":|\"a.b\"}]}",
      CAPLAT_NOT_A_NAME, "kid" },
    { CAPLAT_ISSUER_KEYS, "{\"keys\":[{" ED ",\"kid\":|\"" K64 "a\"}]}",
      CAPLAT_NOT_A_NAME, "kid" },
    { CAPLAT_ISSUER_KEYS, "{\"keys\":[{" ED ",\"kid\":\"a\"},{\"kid\":|\"a\","
      EC "}]}", CAPLAT_TWICE, "kid" },
    { CAPLAT_ISSUER_KEYS, ISSUER(",\"alg\":|\"ES256\""), CAPLAT_NOT_ONE_OF,
      "alg" },
    { CAPLAT_ISSUER_KEYS, ISSUER(",\"alg\":|\"none\""), CAPLAT_NOT_ONE_OF,
      "alg" },
    { CAPLAT_ISSUER_KEYS, ISSUER(",\"alg\":|null"), CAPLAT_NOT_ONE_OF,
      "alg" },
    { CAPLAT_ISSUER_KEYS, ISSUER(",\"use\":|\"enc\""), CAPLAT_NOT_ONE_OF,
      "use" },
    { CAPLAT_ISSUER_KEYS, ISSUER(",\"nbf\":|0"), CAPLAT_NOT_A_NUMBER, "nbf" },
    { CAPLAT_ISSUER_KEYS, ISSUER(",\"exp\":|\"1\""), CAPLAT_NOT_A_NUMBER,
      "exp" },
    { CAPLAT_ISSUER_KEYS, ISSUER(",\"exp\":|9007199254740992"),
      CAPLAT_NOT_A_NUMBER, "exp" },
    { CAPLAT_ISSUER_KEYS, ISSUER(",\"nbf\":2,\"exp\":|2"),
      CAPLAT_OUT_OF_ORDER, "exp" },

    { CAPLAT_PARTNER_KEYS, "{\"keys\":[{" ED ",\"kid\":|\"a\"}]}",
      CAPLAT_NOT_ONE_OF, "kid" },
    { CAPLAT_PARTNER_KEYS, "{\"keys\":[|{" ED ",\"kid\":\"" ED_KID "\"}]}",
      CAPLAT_MISSING_KEY, "client_id" },
    { CAPLAT_PARTNER_KEYS, "{\"keys\":[{" ED ",\"kid\":\"" ED_KID
      "\",\"client_id\":|\"a\\u0000\"}]}", CAPLAT_NOT_A_NAME, "client_id" },
    { CAPLAT_PARTNER_KEYS, PARTNER(",\"scope\":|\"ca:raed\""),
      CAPLAT_NOT_ONE_OF, "scope" },
    { CAPLAT_PARTNER_KEYS, PARTNER(",\"scope\":|\"\""), CAPLAT_NOT_ONE_OF,
      "scope" },
    { CAPLAT_PARTNER_KEYS, PARTNER(",\"scope\":|\"ca:read  ca:quote\""),
      CAPLAT_NOT_ONE_OF, "scope" },

    { CAPLAT_PARTNER_KEYS, PARTNER(",\"platforms\":[\"jinzhou\"]"), CAPLAT_OK,
      "" },
    { CAPLAT_PARTNER_KEYS, PARTNER(",\"platforms\":[ \"a\" ,\"" N32 "\"]"),
      CAPLAT_OK, "" },
    { CAPLAT_PARTNER_KEYS, PARTNER(",\"platforms\":[" N16("1") "," N16("2")
      "]"), CAPLAT_OK, "" },
    { CAPLAT_ISSUER_KEYS, ISSUER(",\"platforms\":1"), CAPLAT_OK, "" },
    { CAPLAT_PARTNER_KEYS, PARTNER(",\"platforms\":|\"jinzhou\""),
      CAPLAT_NOT_ONE_OF, "platforms" },
    { CAPLAT_PARTNER_KEYS, PARTNER(",\"platforms\":|null"), CAPLAT_NOT_ONE_OF,
      "platforms" },
    { CAPLAT_PARTNER_KEYS, PARTNER(",\"platforms\":|{}"), CAPLAT_NOT_ONE_OF,
      "platforms" },
    { CAPLAT_PARTNER_KEYS, PARTNER(",\"platforms\":|[]"), CAPLAT_MISSING_KEY,
      "platforms" },
    { CAPLAT_PARTNER_KEYS, PARTNER(",\"platforms\":|[" N16("1") "," N16("2")
      ",\"a\"]"), CAPLAT_TOO_LARGE, "platforms" },
    { CAPLAT_PARTNER_KEYS, PARTNER(",\"platforms\":[\"a\",|1]"),
      CAPLAT_NOT_A_NAME, "platform" },
    { CAPLAT_PARTNER_KEYS, PARTNER(",\"platforms\":[|\"\"]"),
      CAPLAT_NOT_A_NAME, "platform" },
    { CAPLAT_PARTNER_KEYS, PARTNER(",\"platforms\":[\"a\",|\"Jinzhou\"]"),
      CAPLAT_NOT_A_NAME, "platform" },
    { CAPLAT_PARTNER_KEYS, PARTNER(",\"platforms\":[|\"jinzhou-\"]"),
      CAPLAT_NOT_A_NAME, "platform" },
    { CAPLAT_PARTNER_KEYS, PARTNER(",\"platforms\":[|\"a/b\"]"),
      CAPLAT_NOT_A_NAME, "platform" },
    { CAPLAT_PARTNER_KEYS, PARTNER(",\"platforms\":[|\"" N32 "1\"]"),
      CAPLAT_NOT_A_NAME, "platform" },
    { CAPLAT_PARTNER_KEYS, PARTNER(",\"platforms\":[\"a\",\"b\",|\"a\"]"),
      CAPLAT_TWICE, "platform" },
};


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
test_rows(void)
{
    for (size_t i = 0; i < CAPLAT_COUNT(rows); i++) {
        char             room[1024];
        size_t           mark;
        caplat_keyring  *ring = NULL;
        caplat_err       err = { CAPLAT_OK, 0, "" };

        if (test_that(caplat_keyring_read(unmark(rows[i].text, room, &mark),
                                          rows[i].kind, &ring, &err)
                      == (rows[i].code == CAPLAT_OK), rows[i].text)
            && rows[i].code != CAPLAT_OK)
        {
            test_that(ring == NULL, rows[i].text);
            test_number(err.code, rows[i].code, rows[i].text);
            test_text(test_slice(err.what), test_slice(rows[i].what),
                      rows[i].text);
            test_number(err.at, mark, rows[i].text);
        }

        test_number(ERR_peek_error(), 0, "OpenSSL's queue is empty");
        caplat_keyring_close(ring);
    }
}


static caplat_keyring *
open_ring(caplat_jwks_kind kind, const char *text)
{
    caplat_keyring  *ring = NULL;
    caplat_err       err;

    test_that(caplat_keyring_read(test_slice(text), kind, &ring, &err), text);

    return ring;
}


static void
test_find(void)
{
    caplat_keyring  *ring = open_ring(CAPLAT_ISSUER_KEYS,
        "{\"keys\":[{" ED ",\"kid\":\"a\",\"nbf\":100,\"exp\":200},{" EC
        ",\"kid\":\"b\"}]}");

    test_that(caplat_keyring_find(ring, CAPLAT_LIT("a"), 99) == NULL, "99");
    test_that(caplat_keyring_find(ring, CAPLAT_LIT("a"), 100) != NULL, "100");
    test_that(caplat_keyring_find(ring, CAPLAT_LIT("a"), 199) != NULL, "199");
    test_that(caplat_keyring_find(ring, CAPLAT_LIT("a"), 200) == NULL, "200");
    test_that(caplat_keyring_find(ring, CAPLAT_LIT("b"), 0) != NULL, "b");
    test_that(caplat_keyring_find(ring, CAPLAT_LIT("B"), 0) == NULL, "B");
    test_that(caplat_keyring_find(ring, CAPLAT_LIT("bb"), 0) == NULL, "bb");
    test_that(caplat_keyring_find(ring, CAPLAT_LIT(""), 0) == NULL, "none");
    caplat_keyring_close(ring);
}


static void
test_partner(void)
{
    caplat_keyring    *ring = open_ring(CAPLAT_PARTNER_KEYS,
                                        PARTNER(",\"scope\":\"ca:read\""));
    const caplat_jwk  *jwk = caplat_keyring_find(ring, CAPLAT_LIT(ED_KID), 1);

    if (test_that(jwk != NULL, "by its thumbprint")) {
        test_text(jwk->client_id, CAPLAT_LIT("erp"), "its partner");
        test_number(jwk->scopes, CAPLAT_SCOPE_READ, "its scope");
        test_number(jwk->key.algorithm, CAPLAT_ED25519, "its algorithm");
        test_number(jwk->expires, 0, "it lives for ever");
    }

    caplat_keyring_close(ring);
    ring = open_ring(CAPLAT_PARTNER_KEYS, PARTNER(""));
    jwk = caplat_keyring_find(ring, CAPLAT_LIT(ED_KID), 1);
    test_that(jwk != NULL && jwk->scopes == CAPLAT_SCOPES_ALL, "all scopes");
    test_that(jwk != NULL && !caplat_jwk_serves(jwk, CAPLAT_LIT("jinzhou")),
              "no platform's");
    caplat_keyring_close(ring);
    caplat_keyring_close(NULL);
}


static void
test_platforms(void)
{
    caplat_keyring    *ring = open_ring(CAPLAT_PARTNER_KEYS,
        PARTNER(",\"platforms\":[\"jinzhou\",\"huachen\"]"));
    const caplat_jwk  *jwk = caplat_keyring_find(ring, CAPLAT_LIT(ED_KID), 1);

    if (test_that(jwk != NULL, "a platform's key")) {
        test_that(caplat_jwk_serves(jwk, CAPLAT_LIT("jinzhou")), "the first");
        test_that(caplat_jwk_serves(jwk, CAPLAT_LIT("huachen")), "the last");
        test_that(!caplat_jwk_serves(jwk, CAPLAT_LIT("jinzho")), "a part");
        test_that(!caplat_jwk_serves(jwk, CAPLAT_LIT("jinzhou2")), "more");
        test_that(!caplat_jwk_serves(jwk, CAPLAT_LIT("")), "nothing");
    }

    caplat_keyring_close(ring);
}


/* n keys of one point, whose kids are numbers. */
static bool
reads_many(size_t n, size_t len)
{
    static char  room[CAPLAT_JWKS_LEN_MAX + 16];

    caplat_writer    w = caplat_writer_of(room, sizeof(room));
    caplat_keyring  *ring = NULL;
    caplat_err       err = { CAPLAT_OK, 0, "" };

    caplat_put(&w, CAPLAT_LIT("{\"keys\":["));

    for (size_t i = 0; i < n; i++) {
        caplat_put(&w, i != 0 ? CAPLAT_LIT(",") : CAPLAT_LIT(""));
        caplat_put(&w, CAPLAT_LIT("{" ED ",\"kid\":\""));
        caplat_put_number(&w, i);
        caplat_put(&w, CAPLAT_LIT("\"}"));
    }

    caplat_put(&w, CAPLAT_LIT("]}"));

    while (w.len < len) {
        caplat_put(&w, CAPLAT_LIT("\n"));
    }

    bool  read = caplat_keyring_read(caplat_written(&w), CAPLAT_ISSUER_KEYS,
                                     &ring, &err);

    test_that(read || err.code == CAPLAT_TOO_LARGE, "it is read or too large");

    for (size_t i = 0; read && i <= n; i++) {
        char           digits[24];
        caplat_writer  kid = caplat_writer_of(digits, sizeof(digits));

        caplat_put_number(&kid, i);
        test_that(caplat_keyring_has(ring, caplat_written(&kid)) == (i != n),
                  "all of them");
    }

    caplat_keyring_close(ring);

    return read;
}


int
main(void)
{
    test_that(caplat_trust_open(), "the libraries start");

    test_rows();
    test_find();
    test_partner();
    test_platforms();
    test_that(reads_many(CAPLAT_KEYS_MAX, 0), "the most keys");
    test_that(!reads_many(CAPLAT_KEYS_MAX + 1, 0), "one more");
    test_that(reads_many(1, CAPLAT_JWKS_LEN_MAX), "the longest file");
    test_that(!reads_many(1, CAPLAT_JWKS_LEN_MAX + 1), "one byte more");

    return test_done();
}
