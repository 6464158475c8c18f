/*
 * What tests sign with: the RFCs' example keys, and JSON Web Signatures over
 * any texts.
 */

#ifndef SIGNED_H
#define SIGNED_H

#include "caplat_b64.h"
#include "caplat_hash.h"
#include "caplat_json.h"
#include "caplat_key.h"

#include "test.h"

#include <stdlib.h>


/* RFC 8037, A.1. */
#define KEY_ED25519                                                           \
    "{\"kty\":\"OKP\",\"crv\":\"Ed25519\","                                   \
    "\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\","                  \
    "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}"

/* RFC 7515, A.3.1. */
#define KEY_P256                                                              \
    "{\"kty\":\"EC\",\"crv\":\"P-256\","                                      \
    "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","                  \
    "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\","                  \
    "\"d\":\"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI\"}"

/* RFC 9421, B.1.4 and B.1.3. */
#define KEY_ED25519_OTHER                                                     \
    "{\"kty\":\"OKP\",\"crv\":\"Ed25519\","                                   \
    "\"d\":\"n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU\","                  \
    "\"x\":\"JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs\"}"

#define KEY_P256_OTHER                                                        \
    "{\"kty\":\"EC\",\"crv\":\"P-256\","                                      \
    "\"d\":\"UpuF81l-kOxbjf7T4mNSv0r5tN67Gim7rnf6EFpcYDs\","                  \
    "\"x\":\"qIVYZVLCrPZHGHjP17CTW0_-D9Lfw0EkjqF7xB4FivA\","                  \
    "\"y\":\"Mc4nN9LTDOBhfoUeg8Ye9WedFRhnZXZJA12Qp0zZ6F0\"}"


static inline caplat_private_key *
signed_key(const char *jwk)
{
    caplat_private_key  *key = NULL;
    caplat_err           err = { CAPLAT_OK, 0, "" };

    if (!caplat_private_key_read(test_slice(jwk), &key, &err)) {
        printf("%s: %s at %zu\n", jwk, err.what, err.at);
        exit(1);
    }

    return key;
}


static inline caplat_slice
signed_thumbprint(const caplat_private_key *key)
{
    return caplat_slice_of(caplat_private_key_public(key)->thumbprint,
                           CAPLAT_THUMBPRINT_LEN);
}


static inline void
signed_put_base64url(caplat_writer *w, const void *bytes, size_t len)
{
    static char  room[16384];

    caplat_assert(CAPLAT_B64URL_LEN(len) <= sizeof(room));
    caplat_put(w, caplat_slice_of(room, caplat_b64url_write(bytes, len,
                                                            room)));
}


/* base64url of SHA-256, as `ath` is. */
static inline void
signed_put_hash(caplat_writer *w, caplat_slice text)
{
    uint8_t  digest[CAPLAT_SHA256_LEN];

    caplat_sha256(text, digest);
    signed_put_base64url(w, digest, sizeof(digest));
}


/* header.payload.signature, of whatever the texts are. */
static inline void
signed_put_jws(caplat_writer *w, caplat_slice header, caplat_slice payload,
    const caplat_private_key *key)
{
    uint8_t  signature[CAPLAT_SIGNATURE_LEN];
    size_t   start = w->len;

    signed_put_base64url(w, header.ptr, header.len);
    caplat_put(w, CAPLAT_LIT("."));
    signed_put_base64url(w, payload.ptr, payload.len);
    caplat_assert(caplat_sign(key, caplat_slice_of(w->ptr + start,
                                                   w->len - start),
                              signature));
    caplat_put(w, CAPLAT_LIT("."));
    signed_put_base64url(w, signature, sizeof(signature));
    caplat_assert(!w->full);
}


/* A member of an object: its name, and its value as JSON. */
typedef struct {
    const char  *name;
    const char  *value;                 /* NULL: there is no such member */
} signed_member;


static inline bool
signed_is(const char *a, const char *b)
{
    return caplat_slice_eq(test_slice(a), test_slice(b));
}


static inline void
signed_put_member(caplat_writer *w, const char *name, const char *value)
{
    if (w->ptr[w->len - 1] != '{') {
        caplat_put(w, CAPLAT_LIT(","));
    }

    caplat_put_word(w, name);
    caplat_put(w, CAPLAT_LIT(":"));
    caplat_put(w, test_slice(value));
}


/* An object of members, one of which is another, or none, or comes new. */
static inline void
signed_put_object(caplat_writer *w, const signed_member *members,
    size_t count, const char *name, const char *value)
{
    bool  is_new = name != NULL;

    caplat_put(w, CAPLAT_LIT("{"));

    for (size_t i = 0; i < count; i++) {
        bool         changed = name != NULL
                               && signed_is(members[i].name, name);
        const char  *is = changed ? value : members[i].value;

        is_new = is_new && !changed;

        if (is != NULL) {
            signed_put_member(w, members[i].name, is);
        }
    }

    if (is_new && value != NULL) {
        signed_put_member(w, name, value);
    }

    caplat_put(w, CAPLAT_LIT("}"));
}


#endif /* SIGNED_H */
