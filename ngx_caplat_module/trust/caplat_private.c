#include "caplat_key.h"
#include "caplat_b64.h"
#include "caplat_ec.h"
#include "caplat_hash.h"
#include "caplat_json.h"

#include <sodium.h>


#define SECRET_LEN      32              /* bytes of d, of both kinds */
#define SECRET_TEXT     CAPLAT_B64URL_LEN(SECRET_LEN)
#define PRIVATE_DEPTH   2               /* an object of strings, and "keys" */
#define PRIVATE_LEN_MAX 4096            /* bytes of the file */


/* All of it lies in memory of libsodium's, which is locked and then wiped. */
struct caplat_private_key {
    caplat_public_key   public_half;
    EVP_PKEY_CTX       *signer;         /* of P-256; else NULL */
    uint8_t             d[SECRET_LEN];
    uint8_t             ed25519[crypto_sign_SECRETKEYBYTES];
};


void
caplat_private_key_close(caplat_private_key *key)
{
    if (key != NULL) {
        EVP_PKEY_CTX_free(key->signer);
        caplat_public_key_close(&key->public_half);
        sodium_free(key);
    }
}


/* Whether the point is that of d; makes all else that the key needs. */
static bool
complete(caplat_private_key *key, const caplat_point *point)
{
    if (point->algorithm == CAPLAT_ES256) {
        key->signer = caplat_ec_signer(key->d, point->x, point->y);

        return key->signer != NULL
               && caplat_public_key_make(point, &key->public_half);
    }

    uint8_t  x[crypto_sign_PUBLICKEYBYTES];

    crypto_sign_seed_keypair(x, key->ed25519, key->d);

    return caplat_ct_eq(x, point->x, sizeof(x))
           && caplat_public_key_make(point, &key->public_half);
}


static caplat_private_key *
make_room(void)
{
    caplat_private_key  *key = sodium_malloc(sizeof(caplat_private_key));

    if (key != NULL) {
        *key = (caplat_private_key) { .signer = NULL };
    }

    return key;
}


bool
caplat_private_key_new(caplat_algorithm algorithm, caplat_private_key **key)
{
    caplat_point         point = { .algorithm = algorithm };
    caplat_private_key  *made = make_room();
    bool                 drawn = made != NULL;

    if (drawn && algorithm == CAPLAT_ES256) {
        drawn = caplat_ec_new(made->d, point.x, point.y);

    } else if (drawn) {
        randombytes_buf(made->d, sizeof(made->d));
        crypto_sign_seed_keypair(point.x, made->ed25519, made->d);
    }

    if (!drawn || !complete(made, &point)) {
        caplat_private_key_close(made);
        return false;
    }

    *key = made;

    return true;
}


/*
 * Take d out of a text of our own: its characters become those of a number
 * that is no secret, so that the document, which wipes nothing, never has them.
 */
static bool
take_secret(char *text, size_t len, uint8_t d[static SECRET_LEN], size_t *at)
{
    size_t  d_len;

    if (!caplat_json_member_at(caplat_slice_of(text, len), 0, "d", at)
        || len - *at < SECRET_TEXT + 2
        || text[*at] != '"' || text[*at + 1 + SECRET_TEXT] != '"'
        || !caplat_b64url_read(caplat_slice_of(text + *at + 1, SECRET_TEXT),
                               d, SECRET_LEN, &d_len)
        || d_len != SECRET_LEN)
    {
        return false;
    }

    memset(text + *at + 1, 'A', SECRET_TEXT);

    return true;
}


/* The public half, of a JWK without its d, which is taken out of it too. */
static bool
read_public(caplat_slice text, size_t d_at, caplat_point *point,
    caplat_err *err)
{
    caplat_json  *jwk;
    const char   *member;
    size_t        at = 0;

    if (!caplat_json_open(text, PRIVATE_DEPTH, &jwk, err)) {
        return false;
    }

    /* Spelt in another way it was not taken out, and is not found here. */
    caplat_slice        taken = caplat_slice_of(text.ptr + d_at + 1,
                                                SECRET_TEXT);
    const caplat_json  *d = caplat_json_get(jwk, "d");
    bool                whole = caplat_json_is_string(d)
                                && caplat_slice_eq(caplat_json_slice(d), taken);

    if (!whole) {
        caplat_json_close(jwk);
        return caplat_fail(err, CAPLAT_NOT_ONE_OF, d_at, "d");
    }

    caplat_json_drop(jwk, "d");

    bool  read = caplat_point_read(jwk, point, &member);

    caplat_json_close(jwk);

    if (!read) {
        (void) caplat_json_member_at(text, 0, member, &at);
        return caplat_fail(err, CAPLAT_NOT_ONE_OF, at, member);
    }

    return true;
}


static bool
read_key(char *text, size_t len, caplat_private_key *key, caplat_err *err)
{
    caplat_point  point;
    size_t        at = 0;

    if (!take_secret(text, len, key->d, &at)) {
        return caplat_fail(err, at == 0 ? CAPLAT_MISSING_KEY
                                        : CAPLAT_NOT_A_NUMBER, at, "d");
    }

    if (!read_public(caplat_slice_of(text, len), at, &point, err)) {
        return false;
    }

    if (!complete(key, &point)) {
        return caplat_fail(err, CAPLAT_NOT_ONE_OF, at, "d");
    }

    return true;
}


bool
caplat_private_key_read(caplat_slice text, caplat_private_key **key,
    caplat_err *err)
{
    if (text.len == 0 || text.len > PRIVATE_LEN_MAX) {
        return caplat_fail(err, text.len == 0 ? CAPLAT_TRUNCATED
                                              : CAPLAT_TOO_LARGE, 0, "key");
    }

    char                *copy = sodium_malloc(text.len);
    caplat_private_key  *made = make_room();
    bool                 read = false;

    if (copy == NULL || made == NULL) {
        (void) caplat_fail(err, CAPLAT_TOO_LARGE, 0, "memory");

    } else {
        memcpy(copy, text.ptr, text.len);
        read = read_key(copy, text.len, made, err);
    }

    sodium_free(copy);

    if (!read) {
        caplat_private_key_close(made);
        return false;
    }

    *key = made;

    return true;
}


const caplat_public_key *
caplat_private_key_public(const caplat_private_key *key)
{
    return &key->public_half;
}


/* The public JWK, with d between crv and kty, where the order of bytes is. */
void
caplat_private_key_write(const caplat_private_key *key, caplat_writer *w)
{
    char           room[256];
    char           d[SECRET_TEXT];
    caplat_writer  half = caplat_writer_of(room, sizeof(room));
    caplat_cursor  c;
    caplat_slice   crv = CAPLAT_LIT("");

    caplat_public_key_write(&key->public_half, &half);
    c = caplat_cursor_of(caplat_written(&half));
    caplat_assert(!half.full && caplat_take_until(&c, ',', half.len, &crv));
    caplat_assert(caplat_b64url_write(key->d, sizeof(key->d), d)
                  == SECRET_TEXT);

    caplat_put(w, crv);
    caplat_put(w, CAPLAT_LIT(",\"d\":\""));
    caplat_put(w, caplat_slice_of(d, sizeof(d)));
    caplat_put(w, CAPLAT_LIT("\","));
    caplat_put(w, caplat_slice_of(c.at, caplat_cursor_left(&c)));
    sodium_memzero(d, sizeof(d));
}


bool
caplat_sign(const caplat_private_key *key, caplat_slice message,
    uint8_t signature[static CAPLAT_SIGNATURE_LEN])
{
    uint8_t  digest[CAPLAT_SHA256_LEN];

    if (key->public_half.algorithm == CAPLAT_ED25519) {
        return crypto_sign_detached(signature, NULL,
                   (const uint8_t *) message.ptr, message.len, key->ed25519)
               == 0;
    }

    caplat_sha256(message, digest);

    return caplat_ec_sign(key->signer, digest, signature);
}
