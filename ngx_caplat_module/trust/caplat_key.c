#include "caplat_key.h"
#include "caplat_b64.h"
#include "caplat_ec.h"
#include "caplat_hash.h"
#include "caplat_json.h"

#include <sodium.h>


#define COORDINATE_LEN   CAPLAT_B64URL_LEN(CAPLAT_EC_LEN)
#define KIND_LEN_MAX     16             /* bytes of kty and crv */
#define CANONICAL_ROOM   160            /* bytes of a public JWK */


static bool
read_coordinate(const caplat_json *jwk, const char *name,
    uint8_t out[static 32])
{
    caplat_slice  text;
    uint8_t       bytes[CAPLAT_EC_LEN];
    size_t        len;

    if (!caplat_json_string(jwk, name, COORDINATE_LEN, COORDINATE_LEN, &text)
        || !caplat_b64url_read(text, bytes, sizeof(bytes), &len)
        || len != sizeof(bytes))
    {
        return false;
    }

    memcpy(out, bytes, sizeof(bytes));

    return true;
}


static bool
fail(const char **member, const char *name)
{
    *member = name;

    return false;
}


/* RFC 7518, 6.2.2 and 6.3.2, RFC 8037, 2. */
static bool
has_private(const caplat_json *jwk, const char **member)
{
    static const char *const  names[] = {
        "d", "p", "q", "dp", "dq", "qi", "oth", "k"
    };

    for (size_t i = 0; i < CAPLAT_COUNT(names); i++) {
        if (caplat_json_get(jwk, names[i]) != NULL) {
            *member = names[i];
            return true;
        }
    }

    return false;
}


static bool
is_text(const caplat_json *jwk, const char *name, caplat_slice want)
{
    caplat_slice  text;

    return caplat_json_string(jwk, name, 1, KIND_LEN_MAX, &text)
           && caplat_slice_eq(text, want);
}


bool
caplat_point_read(const caplat_json *jwk, caplat_point *point,
    const char **member)
{
    caplat_point  read = { .algorithm = CAPLAT_ED25519 };
    const char   *private_name;

    if (has_private(jwk, &private_name)) {
        return fail(member, private_name);
    }

    if (is_text(jwk, "kty", CAPLAT_LIT("EC"))) {
        read.algorithm = CAPLAT_ES256;

    } else if (!is_text(jwk, "kty", CAPLAT_LIT("OKP"))) {
        return fail(member, "kty");
    }

    if (!is_text(jwk, "crv", read.algorithm == CAPLAT_ES256
                             ? CAPLAT_LIT("P-256") : CAPLAT_LIT("Ed25519")))
    {
        return fail(member, "crv");
    }

    if (!read_coordinate(jwk, "x", read.x)) {
        return fail(member, "x");
    }

    if (read.algorithm == CAPLAT_ES256 && !read_coordinate(jwk, "y", read.y))
    {
        return fail(member, "y");
    }

    *point = read;

    return true;
}


static void
put_coordinate(caplat_writer *w, const uint8_t bytes[static 32])
{
    char    text[COORDINATE_LEN];
    size_t  len = caplat_b64url_write(bytes, CAPLAT_EC_LEN, text);

    caplat_assert(len == COORDINATE_LEN);
    caplat_put(w, CAPLAT_LIT("\""));
    caplat_put(w, caplat_slice_of(text, len));
    caplat_put(w, CAPLAT_LIT("\""));
}


void
caplat_public_key_write(const caplat_public_key *key, caplat_writer *w)
{
    if (key->algorithm == CAPLAT_ED25519) {
        caplat_put(w, CAPLAT_LIT("{\"crv\":\"Ed25519\",\"kty\":\"OKP\","
                                 "\"x\":"));
        put_coordinate(w, key->x);

    } else {
        caplat_put(w, CAPLAT_LIT("{\"crv\":\"P-256\",\"kty\":\"EC\","
                                 "\"x\":"));
        put_coordinate(w, key->x);
        caplat_put(w, CAPLAT_LIT(",\"y\":"));
        put_coordinate(w, key->y);
    }

    caplat_put(w, CAPLAT_LIT("}"));
}


/* RFC 7638, 3. */
static void
set_thumbprint(caplat_public_key *key)
{
    char           room[CANONICAL_ROOM];
    uint8_t        digest[CAPLAT_SHA256_LEN];
    caplat_writer  w = caplat_writer_of(room, sizeof(room));

    caplat_public_key_write(key, &w);
    caplat_assert(!w.full);
    caplat_sha256(caplat_written(&w), digest);
    caplat_assert(caplat_b64url_write(digest, sizeof(digest),
                                      key->thumbprint)
                  == CAPLAT_THUMBPRINT_LEN);
}


bool
caplat_public_key_make(const caplat_point *point, caplat_public_key *key)
{
    return (point->algorithm != CAPLAT_ED25519
            || crypto_core_ed25519_is_valid_point(point->x) == 1)
           && caplat_public_key_take(point, key);
}


bool
caplat_public_key_take(const caplat_point *point, caplat_public_key *key)
{
    caplat_public_key  made = { .algorithm = point->algorithm };

    memcpy(made.x, point->x, sizeof(made.x));
    memcpy(made.y, point->y, sizeof(made.y));

    if (point->algorithm == CAPLAT_ES256) {
        made.evp = caplat_ec_verifier(point->x, point->y);

        if (made.evp == NULL) {
            return false;
        }
    }

    set_thumbprint(&made);
    *key = made;

    return true;
}


void
caplat_public_key_close(caplat_public_key *key)
{
    caplat_ec_release(key->evp);
    *key = (caplat_public_key) { .evp = NULL };
}


bool
caplat_public_key_is(const caplat_public_key *key, const caplat_point *point)
{
    return key->algorithm == point->algorithm
           && memcmp(key->x, point->x, sizeof(key->x)) == 0
           && memcmp(key->y, point->y, sizeof(key->y)) == 0;
}


bool
caplat_verify(const caplat_public_key *key, caplat_slice message,
    const uint8_t signature[static CAPLAT_SIGNATURE_LEN])
{
    uint8_t  digest[CAPLAT_SHA256_LEN];

    if (key->algorithm == CAPLAT_ED25519) {
        return crypto_sign_verify_detached(signature,
                   (const uint8_t *) message.ptr, message.len, key->x) == 0;
    }

    caplat_sha256(message, digest);

    return caplat_ec_verify(key->evp, digest, signature);
}


bool
caplat_algorithm_fits_jws(caplat_algorithm algorithm, caplat_slice alg)
{
    if (algorithm == CAPLAT_ED25519) {
        return caplat_slice_eq(alg, CAPLAT_LIT("Ed25519"))
               || caplat_slice_eq(alg, CAPLAT_LIT("EdDSA"));
    }

    return caplat_slice_eq(alg, CAPLAT_LIT("ES256"));
}


bool
caplat_algorithm_fits_httpsig(caplat_algorithm algorithm, caplat_slice alg)
{
    return caplat_slice_eq(alg, algorithm == CAPLAT_ED25519
                                ? CAPLAT_LIT("ed25519")
                                : CAPLAT_LIT("ecdsa-p256-sha256"));
}
