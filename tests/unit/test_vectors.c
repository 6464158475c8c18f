/*
 * Signatures of others: the examples of RFC 7515, 8037 and 9421, thumbprints
 * of RFC 7638, and the attacks of Wycheproof.
 */

#include "caplat_b64.h"
#include "caplat_hash.h"
#include "caplat_json.h"
#include "caplat_jws.h"
#include "caplat_key.h"

#include "test.h"
#include "vectors.h"


#define MESSAGE_MAX  65536


/* A name that ends with NUL, for what test_that prints. */
static const char *
name_of(caplat_slice id)
{
    static char  name[128];

    size_t  len = id.len < sizeof(name) - 1 ? id.len : sizeof(name) - 1;

    memcpy(name, id.ptr, len);
    name[len] = '\0';

    return name;
}


/* A row's key: x of Ed25519, or 04, x and y. */
static bool
make_key(const uint8_t *bytes, size_t len, caplat_public_key *key)
{
    caplat_point  point = { .algorithm = CAPLAT_ED25519 };

    if (len == 65) {
        point.algorithm = CAPLAT_ES256;
        memcpy(point.x, bytes + 1, 32);
        memcpy(point.y, bytes + 33, 32);

    } else {
        memcpy(point.x, bytes, 32);
    }

    return caplat_public_key_make(&point, key);
}


static void
test_wycheproof_row(caplat_slice line)
{
    static uint8_t  message[MESSAGE_MAX];

    const char         *name = name_of(vectors_column(line, 0));
    uint8_t             bytes[65];
    uint8_t             signature[256];
    size_t              key_len;
    size_t              message_len;
    size_t              signature_len;
    caplat_public_key   key;

    if (!test_that(vectors_hex(vectors_column(line, 1), bytes, sizeof(bytes),
                               &key_len)
                   && vectors_hex(vectors_column(line, 2), message,
                                  sizeof(message), &message_len)
                   && vectors_hex(vectors_column(line, 3), signature,
                                  sizeof(signature), &signature_len), name)
        || !test_that(make_key(bytes, key_len, &key), name))
    {
        return;
    }

    bool  valid = signature_len == CAPLAT_SIGNATURE_LEN
                  && caplat_verify(&key,
                         caplat_slice_of((const char *) message, message_len),
                         signature);

    test_that(valid == caplat_slice_eq(vectors_column(line, 4),
                                       CAPLAT_LIT("valid")), name);
    caplat_public_key_close(&key);
}


static void
test_wycheproof(const char *file, unsigned long rows)
{
    caplat_slice   text;
    caplat_slice   line;
    unsigned long  count = 0;

    if (!vectors_shared(file, &text)) {
        return;
    }

    caplat_cursor  c = caplat_cursor_of(text);

    test_that(vectors_line(&c, &line), "a line of titles");

    while (vectors_line(&c, &line)) {
        test_wycheproof_row(line);
        count++;
    }

    test_number(count, rows, file);
    vectors_close(text);
}


static caplat_json *
open_line(caplat_slice line)
{
    caplat_json  *object = NULL;
    caplat_err    err;

    test_that(caplat_json_open(line, 8, &object, &err), "a line of JSON");

    return object;
}


static bool
read_key(const caplat_json *jwk, caplat_public_key *key)
{
    caplat_point  point;
    const char   *member;

    return caplat_point_read(jwk, &point, &member)
           && caplat_public_key_make(&point, key);
}


static void
test_thumbprints(void)
{
    caplat_slice  text;
    caplat_slice  line;

    if (!vectors_own("jwk_thumbprint.tsv", &text)) {
        return;
    }

    caplat_cursor  c = caplat_cursor_of(text);

    test_that(vectors_line(&c, &line), "a line of titles");

    while (vectors_line(&c, &line)) {
        const char        *name = name_of(vectors_column(line, 0));
        caplat_json       *jwk = open_line(vectors_column(line, 1));
        char               room[256];
        caplat_writer      w = caplat_writer_of(room, sizeof(room));
        caplat_public_key  key;

        if (test_that(read_key(jwk, &key), name)) {
            caplat_public_key_write(&key, &w);
            test_text(caplat_written(&w), vectors_column(line, 2), name);
            test_text(caplat_slice_of(key.thumbprint, CAPLAT_THUMBPRINT_LEN),
                      vectors_column(line, 3), name);
            caplat_public_key_close(&key);
        }

        caplat_json_close(jwk);
    }

    vectors_close(text);
}


static caplat_slice
string_of(const caplat_json *object, const char *name)
{
    const caplat_json  *value = caplat_json_get(object, name);

    return caplat_json_is_string(value) ? caplat_json_slice(value)
                                        : CAPLAT_LIT("");
}


static void
test_jws_row(const caplat_json *row)
{
    const char         *name = string_of(row, "id").ptr;
    bool                ours = caplat_slice_eq(string_of(row, "profile"),
                                               CAPLAT_LIT("accept"));
    const caplat_json  *jwk = caplat_json_get(row, "key");
    caplat_public_key   key;
    caplat_jws          jws;
    caplat_err          err;

    test_that(caplat_json_is_object(jwk) && read_key(jwk, &key)
              ? ours : !ours, name);

    if (!ours) {
        return;
    }

    caplat_slice  token = string_of(row, "token");
    char          copy[1024];

    test_that(token.len < sizeof(copy), name);
    memcpy(copy, token.ptr, token.len);

    /* No character of it may be another. */
    for (size_t i = 0; i < token.len; i++) {
        caplat_slice  text = caplat_slice_of(copy, token.len);

        if (i == 0) {
            test_that(caplat_jws_open(text, 512, &jws, &err)
                      && caplat_jws_verify(&jws, &key)
                      && caplat_jws_fits(&jws, key.algorithm), name);
            caplat_jws_close(&jws);
        }

        copy[i] = copy[i] == 'A' ? 'B' : 'A';

        bool  open = caplat_jws_open(text, 512, &jws, &err);

        test_that(!open || !caplat_jws_verify(&jws, &key), name);

        if (open) {
            caplat_jws_close(&jws);
        }

        copy[i] = token.ptr[i];
    }

    caplat_public_key_close(&key);
}


/* base64 between the colons of `label=:...:`. */
static bool
read_signature(caplat_slice field, uint8_t *out, size_t *len)
{
    caplat_cursor  c = caplat_cursor_of(field);
    caplat_slice   text;

    return caplat_take_until(&c, ':', field.len, &text)
           && caplat_take_until(&c, ':', field.len, &text)
           && caplat_b64_read(text, out, 512, len);
}


/* Those of our algorithms whose base the RFC prints, or that it implies. */
static void
test_httpsig_row(const caplat_json *row)
{
    const char         *name = string_of(row, "id").ptr;
    caplat_slice        alg = string_of(row, "alg");
    caplat_slice        base = string_of(row, "base");
    uint8_t             signature[512];
    size_t              len = 0;
    caplat_public_key   key;

    if (!read_key(caplat_json_get(row, "key"), &key)) {
        test_that(!caplat_algorithm_fits_httpsig(CAPLAT_ED25519, alg)
                  && !caplat_algorithm_fits_httpsig(CAPLAT_ES256, alg), name);
        return;
    }

    test_that(caplat_algorithm_fits_httpsig(key.algorithm, alg), name);
    test_that(read_signature(string_of(row, "signature"), signature, &len)
              && len == CAPLAT_SIGNATURE_LEN, name);

    if (base.len != 0) {
        test_that(caplat_verify(&key, base, signature), name);
        signature[40] ^= 1;
        test_that(!caplat_verify(&key, base, signature), name);
        signature[40] ^= 1;
        base.len--;
        test_that(!caplat_verify(&key, base, signature), name);
    }

    caplat_public_key_close(&key);
}


static void
test_rows(const char *file, void (*test_row)(const caplat_json *row))
{
    caplat_slice  text;
    caplat_slice  line;

    if (!vectors_own(file, &text)) {
        return;
    }

    caplat_cursor  c = caplat_cursor_of(text);

    while (vectors_line(&c, &line)) {
        caplat_json  *row = open_line(line);

        test_row(row);
        caplat_json_close(row);
    }

    vectors_close(text);
}


int
main(void)
{
    test_that(caplat_trust_open(), "the libraries start");

    test_wycheproof("vectors/ed25519_wycheproof.tsv", 151);
    test_wycheproof("vectors/ecdsa_p256_sha256_p1363_wycheproof.tsv", 262);
    test_thumbprints();
    test_rows("jws_rfc.jsonl", test_jws_row);
    test_rows("httpsig_rfc9421.jsonl", test_httpsig_row);

    return test_done();
}
