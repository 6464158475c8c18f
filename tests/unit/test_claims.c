#include "caplat_token.h"

#include "judged.h"
#include "test.h"


#define A16   "aaaaaaaaaaaaaaaa"
#define A64   A16 A16 A16 A16
#define A128  A64 A64
#define WANG  "\xe7\x8e\x8b"
#define W8    WANG WANG WANG WANG WANG WANG WANG WANG
#define W64   W8 W8 W8 W8 W8 W8 W8 W8


/* One member that is another. */
typedef struct {
    const char       *name;
    const char       *value;
    caplat_problem    want;
    const char       *reason;           /* NULL: none */
} row;


static const row  headers[] = {
    { NULL,  NULL,                        GOOD, NULL },
    { "alg", "\"EdDSA\"",                 GOOD, NULL },
    { "typ", "\"AT+JWT\"",                GOOD, NULL },
    { "typ", "\"application/at+jwt\"",    GOOD, NULL },
    { "typ", "\"Application/AT+jwt\"",    GOOD, NULL },
    { "jwk", "{\"kty\":\"oct\"}",         GOOD, NULL },
    { "jku", "\"https://evil.example/\"", GOOD, NULL },
    { "kid", "\"ending\"",                GOOD, NULL },

    { "typ", NULL,                        BAD,  "token-typ" },
    { "typ", "\"JWT\"",                   BAD,  "token-typ" },
    { "typ", "\"at+jwt \"",               BAD,  "token-typ" },
    { "typ", "\"application/\"",          BAD,  "token-typ" },
    { "typ", "\"dpop+jwt\"",              BAD,  "token-typ" },
    { "typ", "\"application/application/at+jwt\"", BAD, "token-typ" },
    { "typ", "[\"at+jwt\"]",              BAD,  "token-typ" },
    { "alg", NULL,                        BAD,  "token-alg" },
    { "alg", "\"none\"",                  BAD,  "token-alg" },
    { "alg", "\"HS256\"",                 BAD,  "token-alg" },
    { "alg", "\"ES256\"",                 BAD,  "token-alg" },
    { "alg", "\"ed25519\"",               BAD,  "token-alg" },
    { "kid", NULL,                        BAD,  "token-kid" },
    { "kid", "\"\"",                      BAD,  "token-kid" },
    { "kid", "\"../../etc/passwd\"",      BAD,  "token-kid" },
    { "kid", "\"old\"",                   BAD,  "token-kid" },
    { "kid", "0",                         BAD,  "token-kid" },
    { "crit", "[]",                       BAD,  "token-crit" },
    { "crit", "[\"exp\"]",                BAD,  "token-crit" },
    { "x",    "1e999",                    BAD,  "token-form" },
};


#define CERTS(more)                                                           \
    "[{\"sn\":\"A\",\"ca\":\"C\",\"lock\":\"l\",\"exp\":1,\"plat\":[]" more   \
    "}]"
#define ORG(id, name, city)                                                   \
    "{\"id\":\"" id "\",\"name\":\"" name "\",\"city\":\"" city "\"}"
#define USCC  "91350100M000100Y43"


static const row  claims_rows[] = {
    { "aud", "[\"" AUDIENCE "\"]",        GOOD, NULL },
    { "aud", "[\"a\",\"" AUDIENCE "\"]",  GOOD, NULL },
    { "aud", "[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"" AUDIENCE "\"]",
      GOOD, NULL },
    { "sub", "\"a\"",                     GOOD, NULL },
    { "sub", "\"" A128 "\"",              GOOD, NULL },
    { "client_id", "\"" A64 "\"",         GOOD, NULL },
    { "jti", "\"12345678\"",              GOOD, NULL },
    { "jti", "\"" A128 "\"",              GOOD, NULL },
    { "iat", "1800000060",                GOOD, NULL },
    { "nbf", "1800000060",                GOOD, NULL },
    { "exp", "1799999971",                GOOD, NULL },
    { "exp", "1800003570",                GOOD, NULL },
    { "scope", NULL,                      GOOD, NULL },
    { "scope", "\"openid\"",              GOOD, NULL },
    { "roles", "[\"manager\"]",           GOOD, NULL },
    { "roles", "[\"x\",\"manager\",\"y\"]", GOOD, NULL },
    { "name", "\"" W64 "\"",              GOOD, NULL },
    { "auth_time", "1",                   GOOD, NULL },
    { "amr", "[]",                        GOOD, NULL },
    { "amr", "[\"hwk\",\"pin\"]",         GOOD, NULL },
    { "acr", "\"high\"",                  GOOD, NULL },
    { "act", "{\"sub\":\"a\",\"x\":1}",   GOOD, NULL },
    { "other", "[[[[{}]]]]",              GOOD, NULL },
    { "org", ORG(USCC, W64, "210100"),    GOOD, NULL },
    { "certs", CERTS(""),                 GOOD, NULL },
    { "certs", CERTS(",\"hw\":\"zhongfu\",\"hold\":\"" W64 "\",\"x\":1"),
      GOOD, NULL },

    { "iss", NULL,                        BAD,  "token-iss" },
    { "iss", "\"" ISSUER "/\"",           BAD,  "token-iss" },
    { "iss", "\"\"",                      BAD,  "token-iss" },
    { "iss", "[\"" ISSUER "\"]",          BAD,  "token-iss" },
    { "aud", NULL,                        BAD,  "token-aud" },
    { "aud", "\"\"",                      BAD,  "token-aud" },
    { "aud", "\"" AUDIENCE ".evil\"",     BAD,  "token-aud" },
    { "aud", "\"https://ca.example.c\"",  BAD,  "token-aud" },
    { "aud", "[]",                        BAD,  "token-aud" },
    { "aud", "[1,\"" AUDIENCE "\"]",      BAD,  "token-aud" },
    { "aud", "[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"" AUDIENCE
      "\"]",                              BAD,  "token-aud" },
    { "aud", "{\"0\":\"" AUDIENCE "\"}",  BAD,  "token-aud" },
    { "sub", NULL,                        BAD,  "token-sub" },
    { "sub", "\"\"",                      BAD,  "token-sub" },
    { "sub", "\"" A128 "a\"",             BAD,  "token-sub" },
    { "sub", "\"a\\u0000\"",              BAD,  "token-sub" },
    { "sub", "\"a\\nb\"",                 BAD,  "token-sub" },
    { "sub", "1",                         BAD,  "token-sub" },
    { "client_id", NULL,                  BAD,  "token-client" },
    { "client_id", "\"" A64 "a\"",        BAD,  "token-client" },
    { "jti", NULL,                        BAD,  "token-jti" },
    { "jti", "\"1234567\"",               BAD,  "token-jti" },
    { "jti", "\"" A128 "a\"",             BAD,  "token-jti" },
    { "iat", NULL,                        BAD,  "token-times" },
    { "iat", "0",                         BAD,  "token-times" },
    { "iat", "1799999970.0",              BAD,  "token-times" },
    { "iat", "\"1799999970\"",            BAD,  "token-times" },
    { "iat", "1.79999997e9",              BAD,  "token-times" },
    { "iat", "1800000061",                BAD,  "token-iat" },
    { "exp", NULL,                        BAD,  "token-times" },
    { "exp", "null",                      BAD,  "token-times" },
    { "exp", "9007199254740992",          BAD,  "token-times" },
    { "exp", "9007199254740991",          BAD,  "token-life" },
    { "exp", "18000008700000000000",      BAD,  "token-payload" },
    { "exp", "-0",                        BAD,  "token-payload" },
    { "exp", "-1",                        BAD,  "token-times" },
    { "exp", "1800003571",                BAD,  "token-life" },
    { "exp", "1799999970",                BAD,  "token-life" },
    { "nbf", "1800000061",                BAD,  "token-nbf" },
    { "nbf", "0",                         BAD,  "token-times" },
    { "nbf", "\"1\"",                     BAD,  "token-times" },
    { "scope", "\"\"",                    BAD,  "token-scope" },
    { "scope", "\" ca:quote\"",           BAD,  "token-scope" },
    { "scope", "[\"ca:quote\"]",          BAD,  "token-scope" },
    { "roles", NULL,                      BAD,  "token-roles" },
    { "roles", "[]",                      BAD,  "token-roles" },
    { "roles", "\"manager\"",             BAD,  "token-roles" },
    { "roles", "[\"Manager\"]",           BAD,  "token-roles" },
    { "roles", "[\"manager\",\"individual\"]", BAD, "token-roles" },
    { "roles", "[\"manager\",\"manager\"]", BAD, "token-roles" },
    { "roles", "[\"manager\",1]",         BAD,  "token-roles" },
    { "cnf", NULL,                        BAD,  "token-cnf" },
    { "cnf", "{}",                        BAD,  "token-cnf" },
    { "cnf", "{\"jkt\":\"a\"}",           BAD,  "token-cnf" },
    { "cnf", "{\"jkt\":\"" BOUND_TO "=\"}", BAD, "token-cnf" },
    { "cnf", "{\"jkt\":\"ydQXMtvbsOsZyFir-Y7A8t7fKEM1gbKPvyFkdpu4fvJ\"}",
      BAD, "token-cnf" },
    { "cnf", "{\"jkt\":\"" BOUND_TO "\",\"x5t#S256\":\"a\"}", BAD,
      "token-cnf" },
    { "cnf", "\"" BOUND_TO "\"",          BAD,  "token-cnf" },
    { "org", NULL,                        BAD,  "token-org" },
    { "org", ORG("91350100M000100Y4", WANG, "210100"), BAD, "token-org" },
    { "org", ORG("91350100m000100Y43", WANG, "210100"), BAD, "token-org" },
    { "org", ORG(USCC, "", "210100"),     BAD,  "token-org" },
    { "org", ORG(USCC, W64 W64, "210100"), BAD, "token-org" },
    { "org", ORG(USCC, WANG, "21010"),    BAD,  "token-org" },
    { "org", ORG(USCC, WANG, "010100"),   BAD,  "token-org" },
    { "org", ORG(USCC, WANG, "21010a"),   BAD,  "token-org" },
    { "org", "{\"id\":\"" USCC "\",\"city\":\"210100\"}", BAD, "token-org" },
    { "org", "[]",                        BAD,  "token-org" },
    { "certs", NULL,                      BAD,  "token-certs" },
    { "certs", "[]",                      BAD,  "token-certs" },
    { "certs", "[1]",                     BAD,  "token-certs" },
    { "certs", CERTS(",\"hw\":\"\""),     BAD,  "token-certs" },
    { "certs", CERTS(",\"hw\":null"),     BAD,  "token-certs" },
    { "certs", CERTS(",\"hold\":\"" W64 "a\""), BAD, "token-certs" },
    { "certs", "[" CERT "," CERT "]",     BAD,  "token-certs" },
    { "certs", "[{\"ca\":\"C\",\"lock\":\"l\",\"exp\":1,\"plat\":[]}]", BAD,
      "token-certs" },
    { "certs", "[{\"sn\":\"A\",\"ca\":\"C\",\"lock\":\"l\",\"exp\":1}]", BAD,
      "token-certs" },
    { "certs", "[{\"sn\":\"A\",\"ca\":\"C\",\"lock\":\"l\",\"exp\":\"1\","
      "\"plat\":[]}]",                    BAD,  "token-certs" },
    { "certs", "[{\"sn\":\"A\",\"ca\":\"C\",\"lock\":\"l\",\"exp\":1,"
      "\"plat\":[\"A\"]}]",               BAD,  "token-certs" },
    { "certs", "[{\"sn\":\"A\",\"ca\":\"C\",\"lock\":\"l\",\"exp\":1,"
      "\"plat\":[\"\"]}]",                BAD,  "token-certs" },
    { "certs", "[{\"sn\":\"A\",\"ca\":\"C\",\"lock\":\"l\",\"exp\":1,"
      "\"plat\":[\"a,b\"]}]",             BAD,  "token-certs" },
    { "name", "\"\"",                     BAD,  "token-name" },
    { "name", "\"" W64 WANG "\"",         BAD,  "token-name" },
    { "auth_time", "\"1\"",               BAD,  "token-others" },
    { "amr", "\"hwk\"",                   BAD,  "token-others" },
    { "amr", "[1]",                       BAD,  "token-others" },
    { "acr", "[]",                        BAD,  "token-others" },
    { "act", "{}",                        BAD,  "token-others" },

    { "other", "{\"a\":1,\"a\":2}",       FORM, "token-payload" },
    { "other", "\"\\ud800\"",             FORM, "token-payload" },
    { "other", "[[[[[{}]]]]]",            FORM, "token-payload" },
    { "other", "[[[[[1]]]]]",             FORM, "token-payload" },
    { "other", "\"\xff\"",                FORM, "token-payload" },
    { "other", "01",                      FORM, "token-payload" },
};


static void
test_members(void)
{
    for (size_t i = 0; i < CAPLAT_COUNT(headers); i++) {
        const row  *r = &headers[i];

        judge(sign(token_header_with(r->name, r->value),
                   token_claims_with(NULL, NULL), ed),
              NOW, r->want, r->reason, r->value);
    }

    for (size_t i = 0; i < CAPLAT_COUNT(claims_rows); i++) {
        const row  *r = &claims_rows[i];

        judge(sign(token_header_with(NULL, NULL),
                   token_claims_with(r->name, r->value), ed),
              NOW, r->want, r->reason, r->value);
    }
}


static void
test_claims(void)
{
    caplat_token_rules   policy = rules();
    caplat_claims       *claims = NULL;
    caplat_denial        denial;

    if (!test_that(caplat_token_verify(good(), &policy, NOW, &claims,
                                       &denial), "a good token"))
    {
        return;
    }

    test_text(claims->subject, CAPLAT_LIT("u-7f3a9c2e"), "sub");
    test_text(claims->client_id, CAPLAT_LIT("wizard"), "client_id");
    test_text(claims->token_id, CAPLAT_LIT("tok-0001"), "jti");
    test_text(claims->name, CAPLAT_LIT(""), "name");
    test_number(claims->issued, 1799999970, "iat");
    test_number(claims->expires, 1800000870, "exp");
    test_number(claims->not_before, 0, "nbf");
    test_number(claims->scopes, CAPLAT_SCOPE_QUOTE | CAPLAT_SCOPE_READ,
                "scope");
    test_number(claims->role, CAPLAT_INDIVIDUAL, "roles");
    test_text(caplat_slice_of(claims->thumbprint, CAPLAT_THUMBPRINT_LEN),
              CAPLAT_LIT(BOUND_TO), "cnf");
    test_text(claims->org_id, CAPLAT_LIT(USCC), "org.id");
    test_text(claims->org_name, CAPLAT_LIT("\xe5\x85\xac\xe5\x8f\xb8"),
              "org.name");
    test_number(claims->city, 210100, "org.city");
    test_number(claims->cert_count, 1, "certs");

    const caplat_cert  *cert = caplat_claims_cert(claims, CAPLAT_LIT("JK1"));

    if (test_that(cert != NULL, "its certificate")) {
        test_text(cert->ca, CAPLAT_LIT("CFCA"), "ca");
        test_text(cert->lock, CAPLAT_LIT("project_leader"), "lock");
        test_text(cert->vendor, CAPLAT_LIT(""), "hw");
        test_number(cert->expires, 1806912000, "exp");
        test_text(cert->held, CAPLAT_LIT("ln-tender,anshan"), "plat");
        test_number(cert->held_count, 2, "two of them");
    }

    test_that(caplat_claims_cert(claims, CAPLAT_LIT("JK")) == NULL, "JK");
    test_that(caplat_claims_cert(claims, CAPLAT_LIT("")) == NULL, "none");
    caplat_claims_close(claims);
    caplat_claims_close(NULL);
}


/* Lists as long as they may be, and longer by one. */
static void
test_lists(size_t certs, size_t held, caplat_problem want)
{
    static char  room[16384];

    caplat_writer  w = caplat_writer_of(room, sizeof(room) - 1);

    caplat_put(&w, CAPLAT_LIT("["));

    for (size_t i = 0; i < certs; i++) {
        caplat_put(&w, i != 0 ? CAPLAT_LIT(",") : CAPLAT_LIT(""));
        caplat_put(&w, CAPLAT_LIT("{\"sn\":\""));
        caplat_put_number(&w, i);
        caplat_put(&w, CAPLAT_LIT("\",\"ca\":\"C\",\"lock\":\"l\",\"exp\":1,"
                                  "\"plat\":["));

        for (size_t j = 0; j < held; j++) {
            caplat_put(&w, j != 0 ? CAPLAT_LIT(",") : CAPLAT_LIT(""));
            caplat_put(&w, CAPLAT_LIT("\"a\""));
        }

        caplat_put(&w, CAPLAT_LIT("]}"));
    }

    caplat_put(&w, CAPLAT_LIT("]"));
    room[w.len] = '\0';
    judge(sign(token_header_with(NULL, NULL),
               token_claims_with("certs", room), ed),
          NOW, want, want == GOOD ? NULL : "token-certs", "lists");
}


int
main(void)
{
    judged_open();

    test_members();
    test_claims();
    test_lists(8, 1, GOOD);
    test_lists(9, 1, BAD);
    test_lists(1, 64, GOOD);
    test_lists(1, 65, BAD);

    judged_close();

    return test_done();
}
