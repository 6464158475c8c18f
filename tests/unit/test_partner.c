#define _GNU_SOURCE                     /* mkdtemp */

#include "caplat_auth.h"
#include "caplat_httpsig.h"

#include "callers.h"
#include "proofs.h"
#include "test.h"
#include "tokens.h"


#define TAG    "ca-order-v1"
#define NONCE  "0123456789abcdef"
#define OLD    (NOW - 3600)

/* Of KEY_ED25519_OTHER and KEY_P256_OTHER, by their thumbprints. */
#define PARTNERS(more)                                                        \
    "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\","                        \
    "\"x\":\"JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs\","                  \
    "\"kid\":\"" ERP1 "\",\"client_id\":\"erp-1\"" more "},"                  \
    "{\"kty\":\"EC\",\"crv\":\"P-256\","                                      \
    "\"x\":\"qIVYZVLCrPZHGHjP17CTW0_-D9Lfw0EkjqF7xB4FivA\","                  \
    "\"y\":\"Mc4nN9LTDOBhfoUeg8Ye9WedFRhnZXZJA12Qp0zZ6F0\","                  \
    "\"kid\":\"" BOUND_TO "\",\"client_id\":\"erp-2\"}]}"
#define ERP1  "poqkLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0U"


static caplat_policy        policy;
static caplat_private_key  *issuer;
static caplat_private_key  *erp1;
static caplat_private_key  *erp2;


/* A token of erp-1, or of what one claim makes it, in static room. */
static caplat_slice
token_of(const char *jkt, const char *client)
{
    static char  room[8192];
    static char  claims[8192];

    signed_member  members[CAPLAT_COUNT(token_claims)];
    char           cnf[128];
    caplat_writer  w = caplat_writer_of(room, sizeof(room));
    caplat_writer  c = caplat_writer_of(cnf, sizeof(cnf) - 1);
    caplat_writer  object = caplat_writer_of(claims, sizeof(claims));

    caplat_put(&c, CAPLAT_LIT("{\"jkt\":"));
    caplat_put_word(&c, jkt);
    caplat_put(&c, CAPLAT_LIT("}"));
    cnf[c.len] = '\0';
    memcpy(members, token_claims, sizeof(members));

    for (size_t i = 0; i < CAPLAT_COUNT(members); i++) {
        if (signed_is(members[i].name, "cnf")) {
            members[i].value = cnf;
        }
    }

    signed_put_object(&object, members, CAPLAT_COUNT(members), "client_id",
                      client);
    signed_put_jws(&w, token_header_with(NULL, NULL), caplat_written(&object),
                   issuer);

    return caplat_written(&w);
}


/* What one signs, and how. */
typedef struct {
    const char                 *params; /* behind the components */
    const char                 *jkt;    /* of the token; NULL: no token */
    const char                 *client; /* of the token, as JSON */
    const caplat_private_key   *key;
    size_t                      cut;    /* bytes off the signature */
} signing;


/* label=:BYTES: of the base of what has been added so far. */
static void
sign_request(const signing *how, callers_request *r)
{
    static char  base[CAPLAT_HTTPSIG_BASE_LEN_MAX];
    static char  field[256];

    uint8_t          signature[CAPLAT_SIGNATURE_LEN] = { 0 };
    caplat_writer    w = caplat_writer_of(base, sizeof(base));
    caplat_writer    f = caplat_writer_of(field, sizeof(field));
    char             text[96];
    caplat_httpsig   read;
    caplat_denial    denial;
    caplat_header   *last = &r->headers[r->message.header_count];

    callers_add(r, CAPLAT_LIT("Signature"), CAPLAT_LIT("s=:AAAA:"));

    if (!caplat_httpsig_read(&r->message, CAPLAT_LIT(TAG), &read, &denial)) {
        return;
    }

    test_that(caplat_httpsig_base(&r->message, &read, &w, &denial)
              && caplat_sign(how->key, caplat_written(&w), signature),
              "signed");
    caplat_put(&f, CAPLAT_LIT("s=:"));
    caplat_put(&f, caplat_slice_of(text,
                       caplat_b64_write(signature,
                                        sizeof(signature) - how->cut, text)));
    caplat_put(&f, CAPLAT_LIT(":"));
    last->value = caplat_written(&f);
}


static void
make_request(const signing *how, callers_request *r)
{
    static char  input[1024];
    static char  bearer[8192];

    caplat_writer  i = caplat_writer_of(input, sizeof(input));
    caplat_writer  b = caplat_writer_of(bearer, sizeof(bearer));

    r->message = (caplat_message) {
        .method = CAPLAT_LIT("POST"),
        .origin = CAPLAT_LIT(AUDIENCE),
        .target = CAPLAT_LIT("/v1/orders"),
        .has_content = true,
    };

    caplat_put(&i, CAPLAT_LIT("s=(\"@method\" \"@target-uri\" "
                              "\"content-type\" \"content-digest\""));

    if (how->jkt != NULL) {
        caplat_put(&i, CAPLAT_LIT(" \"authorization\""));
        caplat_put(&b, CAPLAT_LIT("Bearer "));
        caplat_put(&b, token_of(how->jkt, how->client));
        callers_add(r, CAPLAT_LIT("authorization"), caplat_written(&b));
    }

    caplat_put(&i, CAPLAT_LIT(")"));
    caplat_put(&i, test_slice(how->params));
    callers_add(r, CAPLAT_LIT("Content-Type"),
                CAPLAT_LIT("application/json"));
    callers_add(r, CAPLAT_LIT("Content-Digest"),
                CAPLAT_LIT(DIGEST_OF_BRACES));
    callers_add(r, CAPLAT_LIT("Signature-Input"), caplat_written(&i));
    sign_request(how, r);
}


#define PARAMS(created, keyid, more)                                          \
    ";created=" created ";nonce=\"" NONCE "\";keyid=\"" keyid "\";tag=\"" TAG \
    "\"" more
#define ERP1_PARAMS  PARAMS("1800000000", ERP1, "")
#define ERP2_PARAMS  PARAMS("1800000000", BOUND_TO, "")


typedef struct {
    const char       *params;
    const char       *jkt;
    const char       *client;
    bool              by_erp2;
    size_t            cut;
    caplat_problem    want;
    const char       *reason;
} signed_row;


#define EXPIRED  CAPLAT_PROBLEM_SIGNATURE_EXPIRED
#define INVALID  CAPLAT_PROBLEM_SIGNATURE_INVALID


static const signed_row  rows[] = {
    { ERP1_PARAMS, ERP1, "\"erp-1\"", false, 0, CAPLAT_NO_PROBLEM, "" },
    { ERP2_PARAMS, BOUND_TO, "\"erp-2\"", true, 0, CAPLAT_NO_PROBLEM, "" },
    { PARAMS("1800000000", ERP1, ";alg=\"ed25519\""), ERP1, "\"erp-1\"",
      false, 0, CAPLAT_NO_PROBLEM, "" },
    { PARAMS("1799999700", ERP1, ""), ERP1, "\"erp-1\"", false, 0,
      CAPLAT_NO_PROBLEM, "" },
    { PARAMS("1800000060", ERP1, ""), ERP1, "\"erp-1\"", false, 0,
      CAPLAT_NO_PROBLEM, "" },
    { PARAMS("1799999900", ERP1, ";expires=1799999940"), ERP1, "\"erp-1\"",
      false, 0, CAPLAT_NO_PROBLEM, "" },

    { PARAMS("1799999699", ERP1, ""), ERP1, "\"erp-1\"", false, 0, EXPIRED,
      "signature-created" },
    { PARAMS("1800000061", ERP1, ""), ERP1, "\"erp-1\"", false, 0, EXPIRED,
      "signature-created" },
    { PARAMS("1799999900", ERP1, ";expires=1799999939"), ERP1, "\"erp-1\"",
      false, 0, EXPIRED, "signature-expires" },
    { PARAMS("1800000000", ERP1, ";alg=\"ecdsa-p256-sha256\""), ERP1,
      "\"erp-1\"", false, 0, INVALID, "signature-alg" },
    { PARAMS("1800000000", ERP1, ";alg=\"EdDSA\""), ERP1, "\"erp-1\"", false,
      0, INVALID, "signature-alg" },
    { PARAMS("1800000000", "erp-1", ""), ERP1, "\"erp-1\"", false, 0, INVALID,
      "signature-keyid" },
    { ERP1_PARAMS, ERP1, "\"erp-1\"", true, 0, INVALID, "signature-value" },
    { ERP1_PARAMS, ERP1, "\"erp-1\"", false, 1, INVALID, "signature-length" },
    { ERP1_PARAMS, BOUND_TO, "\"erp-1\"", false, 0,
      CAPLAT_PROBLEM_KEY_MISMATCH, "token-key" },
    { ERP2_PARAMS, ERP1, "\"erp-1\"", true, 0, CAPLAT_PROBLEM_KEY_MISMATCH,
      "token-key" },
    { ERP1_PARAMS, ERP1, "\"erp-2\"", false, 0, CAPLAT_PROBLEM_KEY_MISMATCH,
      "token-client" },
    { ERP1_PARAMS, ERP1, "\"wizard\"", false, 0, CAPLAT_PROBLEM_KEY_MISMATCH,
      "token-client" },
    { ERP1_PARAMS, ERP1, "1", false, 0, CAPLAT_PROBLEM_TOKEN_INVALID,
      "token-client" },
    { ";created=1800000000;nonce=\"" NONCE "\";keyid=\"" ERP1 "\";tag=\"x\"",
      ERP1, "\"erp-1\"", false, 0, CAPLAT_PROBLEM_SIGNATURE_MISSING,
      "signature-tag" },
};


typedef struct {
    caplat_zone   *zone;
    caplat_auth   *auth;
} server;


static server
open_server(int64_t made)
{
    server  s = { callers_zone(made), NULL };

    s.auth = caplat_auth_open(s.zone, 4);

    return s;
}


static void
close_server(server *s)
{
    caplat_auth_close(s->auth);
    caplat_zone_close(s->zone);
}


static void
expect(const server *s, const callers_request *r, bool token_needed,
    int64_t now, caplat_problem want, const char *reason, const char *words)
{
    caplat_identity  who;
    caplat_denial    denial = { CAPLAT_NO_PROBLEM, "" };

    test_that(caplat_auth_request(s->auth, &policy, &r->message, token_needed,
                                  now, &who, &denial)
              == (want == CAPLAT_NO_PROBLEM), words);
    test_number(denial.problem, want, words);
    test_text(test_slice(denial.reason), test_slice(reason), words);
}


static void
test_rows(void)
{
    for (size_t i = 0; i < CAPLAT_COUNT(rows); i++) {
        const signed_row  *row = &rows[i];
        server             s = open_server(OLD);
        callers_request    r;
        signing            how = { row->params, row->jkt, row->client,
                                   row->by_erp2 ? erp2 : erp1, row->cut };

        make_request(&how, &r);
        expect(&s, &r, true, NOW, row->want, row->reason, row->params);

        if (row->want == CAPLAT_NO_PROBLEM) {
            expect(&s, &r, true, NOW, CAPLAT_PROBLEM_SIGNATURE_REPLAYED,
                   "signature-used", "again");
        } else {
            test_number(caplat_zone_proofs(s.zone).count, 0, "not remembered");
        }

        close_server(&s);
    }
}


static void
test_rate(void)
{
    server           s = open_server(OLD);
    callers_request  r;
    signing          how = { PARAMS("1800000000", ERP1, ""), ERP1,
                             "\"erp-1\"", erp1, 0 };

    callers_use_share(s.zone, CAPLAT_LIT(ERP1), 0, NOW);
    make_request(&how, &r);
    expect(&s, &r, true, NOW, CAPLAT_PROBLEM_RATE_LIMITED, "signature-rate",
           "too many");
    close_server(&s);
}


static void
test_blind(void)
{
    server           s = open_server(NOW);
    callers_request  r;
    signing          how = { PARAMS("1800000060", ERP1, ""), ERP1,
                             "\"erp-1\"", erp1, 0 };

    make_request(&how, &r);
    expect(&s, &r, true, NOW + 60, EXPIRED, "signature-blind", "blind");
    how.params = PARAMS("1800000061", ERP1, "");
    make_request(&how, &r);
    expect(&s, &r, true, NOW + 61, CAPLAT_NO_PROBLEM, "", "no longer");
    close_server(&s);
}


/* What one may do by what one's key says, with a token and without. */
static void
test_scopes(const char *jwks, unsigned with, unsigned without)
{
    caplat_keyring        *ring = NULL;
    const caplat_keyring  *before = policy.partners;
    caplat_err             err;

    test_that(caplat_keyring_read(test_slice(jwks), CAPLAT_PARTNER_KEYS,
                                  &ring, &err), "partners' keys");
    policy.partners = ring;

    for (size_t i = 0; i < 2; i++) {
        server           s = open_server(OLD);
        callers_request  r;
        caplat_identity  who;
        caplat_denial    denial;
        signing          how = { ERP1_PARAMS, i == 0 ? ERP1 : NULL,
                                 "\"erp-1\"", erp1, 0 };

        make_request(&how, &r);

        if (test_that(caplat_auth_request(s.auth, &policy, &r.message, i == 0,
                                          NOW, &who, &denial), "accepted"))
        {
            test_number(who.scopes, i == 0 ? with : without, "scopes");
            test_number(who.way, CAPLAT_BY_SIGNATURE, "by a signature");
            test_text(who.client_id, CAPLAT_LIT("erp-1"), "client_id");
            test_that((who.claims != NULL) == (i == 0), "claims");
            test_that(!who.has_digest, "the digest is in a field");
            test_that(who.partner == caplat_keyring_find(ring,
                          test_slice(ERP1), NOW), "whose key it is");
            test_text(caplat_slice_of(who.thumbprint, CAPLAT_THUMBPRINT_LEN),
                      CAPLAT_LIT(ERP1), "thumbprint");
        }

        close_server(&s);
    }

    policy.partners = before;
    caplat_keyring_close(ring);
}


static void
test_no_partners(void)
{
    const caplat_keyring  *before = policy.partners;
    server                 s = open_server(OLD);
    callers_request        r;
    signing                how = { ERP1_PARAMS, NULL, NULL, erp1, 0 };

    make_request(&how, &r);
    policy.partners = NULL;
    expect(&s, &r, false, NOW, INVALID, "signature-keyid", "no partners");
    policy.partners = before;
    expect(&s, &r, true, NOW, CAPLAT_PROBLEM_TOKEN_MISSING,
           "authorization-missing", "no token");
    close_server(&s);
}


/* No byte of a signed field may be another, nor one of the signature's. */
static void
test_changed(void)
{
    server           s = open_server(OLD);
    callers_request  r;
    signing          how = { ERP1_PARAMS, ERP1, "\"erp-1\"", erp1, 0 };

    make_request(&how, &r);

    for (size_t i = 0; i < r.message.header_count; i++) {
        static char  copy[8192];

        caplat_slice  value = r.headers[i].value;

        memcpy(copy, value.ptr, value.len);
        r.headers[i].value = caplat_slice_of(copy, value.len);

        for (size_t at = 0; at < value.len; at++) {
            caplat_identity  who;
            caplat_denial    denial;

            copy[at] ^= 1;
            (void) test_that(!caplat_auth_request(s.auth, &policy, &r.message,
                                                  true, NOW, &who, &denial),
                             "a byte changed");
            copy[at] ^= 1;
        }

        r.headers[i].value = value;
    }

    test_number(caplat_zone_proofs(s.zone).count, 0, "nothing remembered");
    expect(&s, &r, true, NOW, CAPLAT_NO_PROBLEM, "", "unchanged");
    close_server(&s);
}


int
main(void)
{
    caplat_keyring  *partners = NULL;
    caplat_err       err;

    test_that(caplat_trust_open(), "the libraries start");
    test_that(caplat_keyring_read(test_slice(PARTNERS("")),
                                  CAPLAT_PARTNER_KEYS, &partners, &err),
              "partners' keys");

    caplat_keyring  *ring = token_ring();

    issuer = signed_key(KEY_ED25519);
    erp1 = signed_key(KEY_ED25519_OTHER);
    erp2 = signed_key(KEY_P256_OTHER);
    policy = (caplat_policy) {
        .token = { CAPLAT_LIT(ISSUER), CAPLAT_LIT(AUDIENCE), ring },
        .partners = partners,
        .tag = CAPLAT_LIT(TAG),
    };
    callers_room_open();

    test_rows();
    test_rate();
    test_blind();
    test_scopes(PARTNERS(""), CAPLAT_SCOPE_QUOTE | CAPLAT_SCOPE_READ,
                CAPLAT_SCOPES_USER);
    test_scopes(PARTNERS(",\"scope\":\"ca:read\""), CAPLAT_SCOPE_READ,
                CAPLAT_SCOPE_READ);
    test_scopes(PARTNERS(",\"scope\":\"ca:order ca:admin\""), 0,
                CAPLAT_SCOPE_ORDER | CAPLAT_SCOPE_ADMIN);
    test_no_partners();
    test_changed();

    callers_room_close();
    caplat_private_key_close(issuer);
    caplat_private_key_close(erp1);
    caplat_private_key_close(erp2);
    caplat_keyring_close(partners);
    caplat_keyring_close(ring);

    return test_done();
}
