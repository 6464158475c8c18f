#include "caplat_proof.h"
#include "caplat_b64.h"
#include "caplat_digest.h"
#include "caplat_hash.h"
#include "caplat_json.h"


#define ID_LEN_MIN       8              /* bytes of jti */
#define ID_LEN_MAX       128
#define METHOD_LEN_MAX   32
#define NONCE_LEN_MAX    128
#define ORIGIN_LEN_MAX   320            /* scheme, and a host of DNS, port */


static bool
deny(caplat_denial *denial, const char *reason)
{
    return caplat_deny(denial, CAPLAT_PROBLEM_PROOF_INVALID, reason);
}


static bool
read_header(caplat_proof *proof, caplat_denial *denial)
{
    const caplat_json  *jwk = caplat_json_get(proof->jws.header, "jwk");
    const char         *member;

    if (!caplat_jws_is_type(&proof->jws, CAPLAT_LIT("dpop+jwt"))) {
        return deny(denial, "proof-typ");
    }

    if (caplat_jws_is_critical(&proof->jws)) {
        return deny(denial, "proof-crit");
    }

    if (!caplat_json_is_object(jwk)
        || !caplat_point_read(jwk, &proof->point, &member))
    {
        return deny(denial, "proof-jwk");
    }

    if (!caplat_jws_fits(&proof->jws, proof->point.algorithm)) {
        return deny(denial, "proof-alg");
    }

    return true;
}


static bool
read_id(const caplat_json *claims, caplat_slice *id)
{
    caplat_slice  text;

    if (!caplat_json_string(claims, "jti", ID_LEN_MIN, ID_LEN_MAX, &text)) {
        return false;
    }

    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < ' ' || text.ptr[i] > '~') {
            return false;
        }
    }

    *id = text;

    return true;
}


static bool
read_token(caplat_proof *proof)
{
    caplat_slice  text;
    size_t        len;

    proof->has_token = caplat_json_get(proof->claims, "ath") != NULL;

    return !proof->has_token
           || (caplat_json_string(proof->claims, "ath", 1,
                                  CAPLAT_B64URL_LEN(sizeof(proof->token)),
                                  &text)
               && caplat_b64url_read(text, proof->token,
                                     sizeof(proof->token), &len)
               && len == sizeof(proof->token));
}


static bool
read_nonce(caplat_proof *proof)
{
    proof->nonce = CAPLAT_LIT("");

    return caplat_json_get(proof->claims, "nonce") == NULL
           || caplat_json_string(proof->claims, "nonce", 1, NONCE_LEN_MAX,
                                 &proof->nonce);
}


static bool
read_digest(caplat_proof *proof)
{
    const caplat_json  *digest = caplat_json_get(proof->claims,
                                                 "content-digest");
    caplat_slice        text;

    proof->has_digest = digest != NULL;

    return digest == NULL
           || (caplat_json_text(digest, 1, 64, &text)
               && caplat_digest_sha256_read(text, proof->digest));
}


static bool
read_claims(caplat_proof *proof, caplat_denial *denial)
{
    const caplat_json  *claims = proof->claims;

    const char  *wrong =
        !read_id(claims, &proof->id) ? "proof-jti"
        : !caplat_json_string(claims, "htm", 1, METHOD_LEN_MAX,
                              &proof->method)
        ? "proof-htm"
        : !caplat_json_string(claims, "htu", 1, CAPLAT_PROOF_LEN_MAX,
                              &proof->address)
        ? "proof-htu"
        : !caplat_json_integer(claims, "iat", 1, CAPLAT_JSON_INT_MAX,
                               &proof->made)
        ? "proof-iat"
        : !read_token(proof) ? "proof-ath"
        : !read_nonce(proof) ? "proof-nonce"
        : !read_digest(proof) ? "proof-digest"
        : NULL;

    return wrong == NULL || deny(denial, wrong);
}


bool
caplat_proof_read(caplat_slice text, caplat_proof *proof,
    caplat_denial *denial)
{
    caplat_err  err;

    if (text.len > CAPLAT_PROOF_LEN_MAX) {
        return deny(denial, "proof-long");
    }

    if (!caplat_jws_open(text, CAPLAT_PROOF_LEN_MAX, &proof->jws, &err)) {
        return deny(denial, "proof-form");
    }

    proof->claims = NULL;

    if (!read_header(proof, denial)) {
        caplat_proof_close(proof);
        return false;
    }

    if (!caplat_jws_payload(&proof->jws, &proof->claims, &err)) {
        proof->claims = NULL;
        caplat_proof_close(proof);
        return deny(denial, "proof-payload");
    }

    if (!read_claims(proof, denial)) {
        caplat_proof_close(proof);
        return false;
    }

    return true;
}


void
caplat_proof_close(caplat_proof *proof)
{
    caplat_jws_close(&proof->jws);
    caplat_json_close(proof->claims);
    proof->claims = NULL;
}


static size_t
find_any(caplat_slice text, size_t from, caplat_slice bytes)
{
    while (from < text.len
           && memchr(bytes.ptr, text.ptr[from], bytes.len) == NULL)
    {
        from++;
    }

    return from;
}


static bool
ends_with(caplat_slice text, caplat_slice end)
{
    return text.len >= end.len
           && memcmp(text.ptr + text.len - end.len, end.ptr, end.len) == 0;
}


/* In lower case, and without the port that the scheme has anyway. */
static caplat_slice
normal_origin(caplat_slice origin, char room[static ORIGIN_LEN_MAX])
{
    static const caplat_slice  tls = CAPLAT_INIT("https://");
    static const caplat_slice  plain = CAPLAT_INIT("http://");

    caplat_cursor  c = caplat_cursor_of(caplat_slice_of(room, origin.len));
    caplat_slice   port = CAPLAT_LIT("");

    for (size_t i = 0; i < origin.len; i++) {
        room[i] = caplat_lower(origin.ptr[i]);
    }

    if (caplat_take_literal(&c, tls)) {
        port = CAPLAT_LIT(":443");

    } else if (caplat_take_literal(&c, plain)) {
        port = CAPLAT_LIT(":80");
    }

    return caplat_slice_of(room, ends_with(caplat_slice_of(c.at,
                                               caplat_cursor_left(&c)), port)
                                 ? origin.len - port.len : origin.len);
}


bool
caplat_proof_address_fits(caplat_slice address, const caplat_message *message)
{
    char    room[ORIGIN_LEN_MAX];
    size_t  colon = find_any(address, 0, CAPLAT_LIT(":"));
    size_t  from = colon + 3;           /* behind `://` */
    size_t  slash = find_any(address, from, CAPLAT_LIT("/?#"));
    size_t  end = find_any(address, slash, CAPLAT_LIT("?#"));

    if (from > address.len || slash > sizeof(room)) {
        return false;
    }

    caplat_slice  origin = caplat_slice_of(address.ptr, slash);
    caplat_slice  path = caplat_slice_of(address.ptr + slash, end - slash);

    if (path.len == 0) {
        path = CAPLAT_LIT("/");
    }

    return caplat_slice_eq(normal_origin(origin, room), message->origin)
           && caplat_slice_eq(path, caplat_message_path(message));
}


bool
caplat_proof_fits(const caplat_proof *proof, const caplat_message *message,
    const uint8_t *token, caplat_denial *denial)
{
    if (!caplat_slice_eq(proof->method, message->method)) {
        return deny(denial, "proof-htm");
    }

    if (!caplat_proof_address_fits(proof->address, message)) {
        return deny(denial, "proof-htu");
    }

    if (proof->has_token != (token != NULL)
        || (token != NULL
            && !caplat_ct_eq(proof->token, token, sizeof(proof->token))))
    {
        return deny(denial, "proof-ath");
    }

    if (message->has_content && !proof->has_digest) {
        return deny(denial, "proof-digest");
    }

    return true;
}


bool
caplat_proof_recent(int64_t made, int64_t now)
{
    return made >= now - CAPLAT_WINDOW_PAST
           && made <= now + CAPLAT_WINDOW_FUTURE;
}
