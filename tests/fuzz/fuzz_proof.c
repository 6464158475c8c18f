/*
 * A proof that nobody signed is never accepted. The input is a proof, which is
 * read as it is; it is a header and a payload with a line feed between, which
 * get a signature that is none: what is read then keeps the profile; and it is
 * an address.
 */

#include "caplat_b64.h"
#include "caplat_hash.h"
#include "caplat_proof.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


/* RFC 8037, A.1. */
#define KEY                                                                   \
    "{\"kty\":\"OKP\",\"crv\":\"Ed25519\","                                   \
    "\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\","                  \
    "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}"

/* The one proof that the key has signed: also a seed in proof/. */
#define HEADER                                                                \
    "{\"typ\":\"dpop+jwt\",\"alg\":\"Ed25519\",\"jwk\":{\"kty\":\"OKP"        \
    "\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlr"        \
    "wIaaPcHURo\"}}"
#define PAYLOAD                                                               \
    "{\"jti\":\"proof-01\",\"htm\":\"POST\",\"htu\":\"https://ca.exam"        \
    "ple.cn/v1/orders\",\"iat\":1800000000,\"content-digest\":\"sha-2"        \
    "56=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:\"}"


static char                  seed[1024];
static size_t                seed_len;
static caplat_private_key   *key;

static const caplat_message  message = {
    .method = CAPLAT_INIT("POST"),
    .origin = CAPLAT_INIT("https://ca.example.cn"),
    .target = CAPLAT_INIT("/v1/orders?a=1"),
    .has_content = true,
};


static void
check_fields(const caplat_proof *proof)
{
    caplat_denial  denial;

    caplat_assert(proof->id.len >= 8 && proof->id.len <= 128);
    caplat_assert(proof->made >= 1);

    if (caplat_proof_fits(proof, &message, NULL, &denial)) {
        caplat_assert(proof->has_digest && !proof->has_token);
        caplat_assert(caplat_slice_eq(proof->method, message.method));
    }
}


/* Whether a proof is read, and our key's. */
static bool
verify(caplat_slice text)
{
    caplat_proof   proof;
    caplat_denial  denial = { CAPLAT_NO_PROBLEM, NULL };

    if (!caplat_proof_read(text, &proof, &denial)) {
        caplat_assert(denial.problem == CAPLAT_PROBLEM_PROOF_INVALID
                      && denial.reason != NULL);
        return false;
    }

    check_fields(&proof);

    bool  ours = caplat_jws_verify(&proof.jws,
                                   caplat_private_key_public(key));

    caplat_proof_close(&proof);

    return ours;
}


/* The length of a proof of these texts. */
static size_t
put_proof(caplat_slice header, caplat_slice payload,
    uint8_t signature[static CAPLAT_SIGNATURE_LEN], bool sign, char *room)
{
    size_t  len;

    len = caplat_b64url_write((const uint8_t *) header.ptr, header.len, room);
    room[len++] = '.';
    len += caplat_b64url_write((const uint8_t *) payload.ptr, payload.len,
                               room + len);

    if (sign) {
        caplat_assert(caplat_sign(key, caplat_slice_of(room, len),
                                  signature));
    }

    room[len++] = '.';

    return len + caplat_b64url_write(signature, CAPLAT_SIGNATURE_LEN,
                                     room + len);
}


static void
open_once(void)
{
    uint8_t     signature[CAPLAT_SIGNATURE_LEN];
    caplat_err  err;

    if (key == NULL) {
        caplat_assert(caplat_trust_open());
        caplat_assert(caplat_private_key_read(CAPLAT_LIT(KEY), &key, &err));
        seed_len = put_proof(CAPLAT_LIT(HEADER), CAPLAT_LIT(PAYLOAD),
                             signature, true, seed);
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char  room[8192];

    uint8_t        signature[CAPLAT_SIGNATURE_LEN] = { 1 };
    caplat_slice   text = caplat_slice_of((const char *) data, size);
    caplat_cursor  c = caplat_cursor_of(text);
    caplat_slice   header;

    open_once();

    if (verify(text)) {
        caplat_assert(caplat_slice_eq(text, caplat_slice_of(seed,
                                                            seed_len)));
    }

    if (!caplat_take_until(&c, '\n', size, &header)) {
        (void) caplat_proof_address_fits(text, &message);

    } else if (size <= CAPLAT_PROOF_LEN_MAX) {
        caplat_slice  payload = caplat_slice_of(c.at, caplat_cursor_left(&c));

        caplat_assert(!verify(caplat_slice_of(room,
                                  put_proof(header, payload, signature, false,
                                            room))));
    }

    return 0;
}
