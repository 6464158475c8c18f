#include "caplat_proof.h"
#include "caplat_hash.h"

#include "proofs.h"
#include "signed.h"
#include "test.h"


#define A16   "aaaaaaaaaaaaaaaa"
#define A128  A16 A16 A16 A16 A16 A16 A16 A16
#define BOUND "ydQXMtvbsOsZyFir-Y7A8t7fKEM1gbKPvyFkdpu4fvI"


static caplat_private_key  *browser;


/* One member that is another, and what the log is told of it. */
typedef struct {
    const char  *name;
    const char  *value;
    const char  *reason;                /* NULL: it is right */
} row;


static const row  headers[] = {
    { NULL,  NULL,                    NULL },
    { "typ", "\"application/dpop+jwt\"", NULL },
    { "typ", "\"DPoP+JWT\"",          NULL },
    { "kid", "\"ignored\"",           NULL },
    { "jwk", "{\"ext\":true,\"key_ops\":[\"verify\"],\"kty\":\"EC\","
             "\"crv\":\"P-256\","
             "\"x\":\"qIVYZVLCrPZHGHjP17CTW0_-D9Lfw0EkjqF7xB4FivA\","
             "\"y\":\"Mc4nN9LTDOBhfoUeg8Ye9WedFRhnZXZJA12Qp0zZ6F0\"}", NULL },
    { "typ", NULL,                    "proof-typ" },
    { "typ", "\"at+jwt\"",            "proof-typ" },
    { "typ", "\"JWT\"",               "proof-typ" },
    { "alg", NULL,                    "proof-alg" },
    { "alg", "\"none\"",              "proof-alg" },
    { "alg", "\"Ed25519\"",           "proof-alg" },
    { "alg", "\"ES384\"",             "proof-alg" },
    { "jwk", NULL,                    "proof-jwk" },
    { "jwk", "[]",                    "proof-jwk" },
    { "jwk", "{}",                    "proof-jwk" },
    { "jwk", JWK_ED25519,             "proof-alg" },
    { "jwk", KEY_P256_OTHER,          "proof-jwk" },
    { "crit", "[]",                   "proof-crit" },
    { "x",    "1e999",                "proof-form" },
};

static const row  claims[] = {
    { "jti", "\"" A128 "\"",          NULL },
    { "jti", "\"12345678\"",          NULL },
    { "jti", "\"1234 ~78\"",          NULL },
    { "nonce", "\"n\"",               NULL },
    { "content-digest", NULL,         NULL },
    { "other", "[{}]",                NULL },
    { "iat", "1",                     NULL },
    { "jti", NULL,                    "proof-jti" },
    { "jti", "\"1234567\"",           "proof-jti" },
    { "jti", "\"" A128 "a\"",         "proof-jti" },
    { "jti", "12345678",              "proof-jti" },
    { "jti", "\"1234567\\u007f\"",    "proof-jti" },
    { "jti", "\"1234567\xc3\xa9\"",   "proof-jti" },
    { "jti", "\"1234567\\u0000\"",    "proof-jti" },
    { "htm", NULL,                    "proof-htm" },
    { "htm", "1",                     "proof-htm" },
    { "htu", NULL,                    "proof-htu" },
    { "htu", "[]",                    "proof-htu" },
    { "iat", NULL,                    "proof-iat" },
    { "iat", "\"1800000000\"",        "proof-iat" },
    { "iat", "1800000000.0",          "proof-iat" },
    { "iat", "0",                     "proof-iat" },
    { "iat", "9007199254740992",      "proof-iat" },
    { "iat", "-0",                    "proof-payload" },
    { "iat", "1e400",                 "proof-payload" },
    { "ath", "\"\"",                  "proof-ath" },
    { "ath", "\"AAAA\"",              "proof-ath" },
    { "ath", "\"" BOUND "=\"",        "proof-ath" },
    { "ath", "1",                     "proof-ath" },
    { "nonce", "1",                   "proof-nonce" },
    { "nonce", "\"\"",                "proof-nonce" },
    { "content-digest", "\"\"",       "proof-digest" },
    { "content-digest", "null",       "proof-digest" },
    { "content-digest",
      "\"sha-512=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:\"",
      "proof-digest" },
    { "content-digest",
      "\"sha-256=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o:\"",
      "proof-digest" },
    { "content-digest",
      "\"sha-256=:RBNvo1WzZ4oRRq0W9-hknpT7T8If536DEMBg9hyq_4o=:\"",
      "proof-digest" },
    { "content-digest", "\"" DIGEST_OF_BRACES ", " DIGEST_OF_BRACES "\"",
      "proof-digest" },
    { "other", "[[[[[1]]]]]",         "proof-payload" },
    { "other", "{\"a\":1,\"a\":1}",   "proof-payload" },
};


static caplat_slice
sign(caplat_slice header, caplat_slice payload)
{
    static char  room[16384];

    caplat_writer  w = caplat_writer_of(room, sizeof(room));

    signed_put_jws(&w, header, payload, browser);

    return caplat_written(&w);
}


/* Read a proof as it should be read; closed again. */
static void
read_proof(caplat_slice text, const char *reason, const char *words)
{
    caplat_proof   proof;
    caplat_denial  denial = { CAPLAT_NO_PROBLEM, "" };
    bool           read = caplat_proof_read(text, &proof, &denial);

    test_that(read == (reason == NULL), words);

    if (read) {
        caplat_proof_close(&proof);
        return;
    }

    test_number(denial.problem, CAPLAT_PROBLEM_PROOF_INVALID, words);
    test_text(test_slice(denial.reason),
              test_slice(reason != NULL ? reason : ""), words);
}


static void
test_members(void)
{
    caplat_slice  none = CAPLAT_LIT("");

    for (size_t i = 0; i < CAPLAT_COUNT(headers); i++) {
        const row  *r = &headers[i];

        read_proof(sign(proof_header_with(r->name, r->value),
                        proof_claims_with(none, NULL, NULL)),
                   r->reason, r->value);
    }

    for (size_t i = 0; i < CAPLAT_COUNT(claims); i++) {
        const row  *r = &claims[i];

        read_proof(sign(proof_header_with(NULL, NULL),
                        proof_claims_with(none, r->name, r->value)),
                   r->reason, r->value);
    }
}


/* A claim of so many bytes that the proof has len, or a few less. */
static caplat_slice
sized(size_t len)
{
    static char  fill[4096];

    caplat_slice  none = CAPLAT_LIT("");
    caplat_slice  text;
    size_t        n = 3;

    do {
        memset(fill, 'a', n);
        fill[0] = '"';
        fill[n - 1] = '"';
        fill[n] = '\0';
        text = sign(proof_header_with(NULL, NULL),
                    proof_claims_with(none, "fill", fill));
        n++;
    } while (text.len < len);

    return text;
}


static void
test_sizes(void)
{
    caplat_slice  most = sized(CAPLAT_PROOF_LEN_MAX - 1);

    test_that(most.len <= CAPLAT_PROOF_LEN_MAX, "as long as may be");
    read_proof(most, NULL, "the longest");
    read_proof(sized(CAPLAT_PROOF_LEN_MAX + 1), "proof-long", "longer");
    read_proof(CAPLAT_LIT(""), "proof-form", "nothing");
    read_proof(CAPLAT_LIT("a.b"), "proof-form", "two parts");
    read_proof(CAPLAT_LIT("e30.e30.AA, e30.e30.AA"), "proof-form",
               "two in a line");
}


typedef struct {
    const char  *htu;
    const char  *origin;
    const char  *target;
    bool         fits;
} address;


#define CA  "https://ca.example.cn"


static const address  addresses[] = {
    { CA "/v1/orders",              CA, "/v1/orders",         true },
    { CA "/v1/orders",              CA, "/v1/orders?a=1",     true },
    { CA "/v1/orders?b=2",          CA, "/v1/orders?a=1",     true },
    { CA "/v1/orders#here",         CA, "/v1/orders",         true },
    { CA "/v1/orders?a#b?c",        CA, "/v1/orders",         true },
    { "HTTPS://CA.Example.CN/x",    CA, "/x",                 true },
    { CA ":443/x",                  CA, "/x",                 true },
    { CA,                           CA, "/",                  true },
    { CA "?q",                      CA, "/",                  true },
    { CA "/",                       CA, "/",                  true },
    { CA "/%e8%be%bd",              CA, "/%e8%be%bd",         true },
    { CA ":8443/x",                 CA ":8443", "/x",         true },
    { "http://a:80/x",              "http://a", "/x",         true },
    { "http://[::1]:80/x",          "http://[::1]", "/x",     true },

    { CA "/v1/orders/",             CA, "/v1/orders",         false },
    { CA "/v1/order",               CA, "/v1/orders",         false },
    { CA "/V1/orders",              CA, "/v1/orders",         false },
    { CA "/v1/../v1/orders",        CA, "/v1/orders",         false },
    { CA "/%E8%BE%BD",              CA, "/%e8%be%bd",         false },
    { CA "/v1/%6frders",            CA, "/v1/orders",         false },
    { CA "//v1/orders",             CA, "/v1/orders",         false },
    { "http://ca.example.cn/x",     CA, "/x",                 false },
    { CA ":80/x",                   CA, "/x",                 false },
    { CA ":443:443/x",              CA, "/x",                 false },
    { CA ":0443/x",                 CA, "/x",                 false },
    { CA ":/x",                     CA, "/x",                 false },
    { CA "./x",                     CA, "/x",                 false },
    { CA ".evil.cn/x",              CA, "/x",                 false },
    { "https://a@ca.example.cn/x",  CA, "/x",                 false },
    { "https://evil.cn/x",          CA, "/x",                 false },
    { "https:/ca.example.cn/x",     CA, "/x",                 false },
    { "https:ca.example.cn/x",      CA, "/x",                 false },
    { "//ca.example.cn/x",          CA, "/x",                 false },
    { "/x",                         CA, "/x",                 false },
    { " " CA "/x",                  CA, "/x",                 false },
    { CA "/x ",                     CA, "/x",                 false },
    { "https:",                     CA, "/",                  false },
    { "https:/",                    CA, "/",                  false },
    { "https://",                   CA, "/",                  false },
    { ":",                          CA, "/",                  false },
    { "x",                          CA, "/",                  false },
    { "http://a:443/x",             "http://a", "/x",         false },
    { "https://" A128 A128 A128 "/x", CA, "/x",               false },
};


static caplat_message
message_to(const char *origin, const char *target)
{
    return (caplat_message) {
        .method = CAPLAT_LIT("POST"),
        .origin = test_slice(origin),
        .target = test_slice(target),
        .has_content = true,
    };
}


static void
test_addresses(void)
{
    for (size_t i = 0; i < CAPLAT_COUNT(addresses); i++) {
        const address   *a = &addresses[i];
        caplat_message   message = message_to(a->origin, a->target);

        test_that(caplat_proof_address_fits(test_slice(a->htu), &message)
                  == a->fits, a->htu);
    }
}


static const row  fitting[] = {
    { NULL,   NULL,                            NULL },
    { "htm",  "\"post\"",                      "proof-htm" },
    { "htm",  "\"POS\"",                       "proof-htm" },
    { "htu",  "\"" CA "/v1/quotes\"",          "proof-htu" },
    { "ath",  NULL,                            "proof-ath" },
    { "ath",  "\"" BOUND "\"",                 "proof-ath" },
    { "content-digest", NULL,                  "proof-digest" },
};


static void
test_fits(void)
{
    caplat_slice    token = CAPLAT_LIT("some.token.here");
    caplat_message  message = message_to(CA, "/v1/orders");
    uint8_t         digest[CAPLAT_SHA256_LEN];

    caplat_sha256(token, digest);

    for (size_t i = 0; i < CAPLAT_COUNT(fitting); i++) {
        const row      *r = &fitting[i];
        const char     *words = r->name != NULL ? r->name : "all";
        caplat_proof    proof;
        caplat_denial   denial = { CAPLAT_NO_PROBLEM, "" };

        if (!test_that(caplat_proof_read(
                           sign(proof_header_with(NULL, NULL),
                                proof_claims_with(token, r->name, r->value)),
                           &proof, &denial), words))
        {
            continue;
        }

        test_that(caplat_jws_verify(&proof.jws,
                      caplat_private_key_public(browser)), words);
        test_that(caplat_proof_fits(&proof, &message, digest, &denial)
                  == (r->reason == NULL), words);
        test_text(test_slice(denial.reason),
                  test_slice(r->reason != NULL ? r->reason : ""), words);

        /* Where there is no token, ath may not be there either. */
        if (r->name == NULL) {
            test_that(!caplat_proof_fits(&proof, &message, NULL, &denial),
                      "a proof of a token alone");
            message.has_content = false;
            test_that(caplat_proof_fits(&proof, &message, digest, &denial),
                      "a digest of nothing");
            message.has_content = true;
        }

        caplat_proof_close(&proof);
    }
}


static void
test_window(void)
{
    int64_t  now = 1800000000;

    test_that(!caplat_proof_recent(now - 301, now), "301 s ago");
    test_that(caplat_proof_recent(now - 300, now), "300 s ago");
    test_that(caplat_proof_recent(now, now), "now");
    test_that(caplat_proof_recent(now + 60, now), "in 60 s");
    test_that(!caplat_proof_recent(now + 61, now), "in 61 s");
}


int
main(void)
{
    test_that(caplat_trust_open(), "the libraries start");
    browser = signed_key(KEY_P256_OTHER);

    test_members();
    test_sizes();
    test_addresses();
    test_fits();
    test_window();

    caplat_private_key_close(browser);

    return test_done();
}
