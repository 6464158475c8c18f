/*
 * A token that nobody signed is never accepted. The input is a token, which is
 * read as it is; and it is a header and a payload with a line feed between,
 * which are signed here, so that the claims are explored too: what is accepted
 * then has claims as they should be.
 */

#include "caplat_b64.h"
#include "caplat_hash.h"
#include "caplat_token.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


#define NOW     INT64_C(1800000000)

/* RFC 8037, A.1 and A.2. */
#define X       "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\""
#define D       "\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\""
#define OKP     "\"kty\":\"OKP\",\"crv\":\"Ed25519\"," X
#define JWKS    "{\"keys\":[{" OKP ",\"kid\":\"k\"}]}"

/* The one token that its issuer has signed: also a seed in token/. */
#define HEADER                                                                \
    "{\"typ\":\"at+jwt\",\"alg\":\"Ed25519\",\"kid\":\"k\"}"
#define PAYLOAD                                                               \
    "{\"iss\":\"https://id.example.cn\",\"aud\":\"https://ca.example."        \
    "cn\",\"sub\":\"u-1\",\"client_id\":\"wizard\",\"iat\":1799999970"        \
    ",\"exp\":1800000870,\"jti\":\"tok-0001\",\"roles\":[\"manager\"]"        \
    ",\"cnf\":{\"jkt\":\"ydQXMtvbsOsZyFir-Y7A8t7fKEM1gbKPvyFkdpu4fvI"         \
    "\"},\"org\":{\"id\":\"91350100M000100Y43\",\"name\":\"A\",\"city"        \
    "\":\"210100\"},\"certs\":[{\"sn\":\"JK1\",\"ca\":\"CFCA\",\"lock"        \
    "\":\"l\",\"exp\":1,\"plat\":[\"a\"]}]}"


static char                  seed[2048];
static size_t                seed_len;
static caplat_private_key   *key;
static caplat_token_rules    rules;


/* A token of these texts; returns its length. */
static size_t
sign(caplat_slice header, caplat_slice payload, char *room)
{
    uint8_t  signature[CAPLAT_SIGNATURE_LEN];
    size_t   len;

    len = caplat_b64url_write((const uint8_t *) header.ptr, header.len, room);
    room[len++] = '.';
    len += caplat_b64url_write((const uint8_t *) payload.ptr, payload.len,
                               room + len);
    caplat_assert(caplat_sign(key, caplat_slice_of(room, len), signature));
    room[len++] = '.';

    return len + caplat_b64url_write(signature, sizeof(signature),
                                     room + len);
}


static void
open_once(void)
{
    caplat_keyring  *ring;
    caplat_err       err;

    if (key != NULL) {
        return;
    }

    caplat_assert(caplat_trust_open());
    caplat_assert(caplat_private_key_read(CAPLAT_LIT("{" OKP "," D "}"), &key,
                                          &err));
    caplat_assert(caplat_keyring_read(CAPLAT_LIT(JWKS), CAPLAT_ISSUER_KEYS,
                                      &ring, &err));
    rules = (caplat_token_rules) {
        CAPLAT_LIT("https://id.example.cn"),
        CAPLAT_LIT("https://ca.example.cn"), ring
    };
    seed_len = sign(CAPLAT_LIT(HEADER), CAPLAT_LIT(PAYLOAD), seed);
}


static void
check_claims(const caplat_claims *claims)
{
    caplat_denial  denial;

    caplat_assert(claims->subject.len >= 1 && claims->subject.len <= 128);
    caplat_assert(claims->client_id.len >= 1 && claims->client_id.len <= 64);
    caplat_assert(claims->token_id.len >= 8 && claims->token_id.len <= 128);
    caplat_assert(claims->expires > claims->issued
                  && claims->expires - claims->issued
                     <= CAPLAT_TOKEN_LIFE_MAX);
    caplat_assert(claims->scopes <= CAPLAT_SCOPES_ALL);
    caplat_assert(claims->org_id.len == 18);
    caplat_assert(claims->city >= 100000 && claims->city <= 999999);
    caplat_assert(claims->cert_count >= 1
                  && claims->cert_count <= CAPLAT_CERTS_MAX);
    caplat_assert(caplat_claims_alive(claims, NOW, &denial));

    for (size_t i = 0; i < claims->cert_count; i++) {
        const caplat_cert  *cert = &claims->certs[i];

        caplat_assert(caplat_claims_cert(claims, cert->serial) == cert);
        caplat_assert(cert->held_count <= CAPLAT_CERT_HELD_MAX);
    }
}


static bool
verify(caplat_slice text)
{
    caplat_claims  *claims = NULL;
    caplat_denial   denial = { CAPLAT_NO_PROBLEM, NULL };

    if (!caplat_token_verify(text, &rules, NOW, &claims, &denial)) {
        caplat_assert(claims == NULL && denial.reason != NULL
                      && (denial.problem == CAPLAT_PROBLEM_TOKEN_MALFORMED
                          || denial.problem == CAPLAT_PROBLEM_TOKEN_INVALID
                          || denial.problem == CAPLAT_PROBLEM_TOKEN_EXPIRED));
        return false;
    }

    check_claims(claims);
    caplat_claims_close(claims);

    return true;
}


/* Sign header and payload, and see what becomes of them. */
static void
verify_signed(caplat_slice header, caplat_slice payload)
{
    static char  room[16384];

    if (header.len + payload.len <= 4500) {
        (void) verify(caplat_slice_of(room, sign(header, payload, room)));
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    caplat_slice   text = caplat_slice_of((const char *) data, size);
    caplat_cursor  c = caplat_cursor_of(text);
    caplat_slice   header;

    open_once();

    if (verify(text)) {
        caplat_assert(caplat_slice_eq(text, caplat_slice_of(seed,
                                                            seed_len)));
    }

    if (caplat_take_until(&c, '\n', size, &header)) {
        verify_signed(header, caplat_slice_of(c.at, caplat_cursor_left(&c)));
    }

    return 0;
}
