#include "caplat_key.h"
#include "caplat_json.h"
#include "caplat_text.h"

#include <stdlib.h>


#define KEYRING_DEPTH  8                /* what others add may be nested */
#define WORD_LEN_MAX   32               /* bytes of alg and use */


struct caplat_keyring {
    caplat_json  *document;              /* the keys borrow from it */
    size_t        count;
    caplat_jwk    keys[];
};


/* One key of a file, while it is being read. */
typedef struct {
    caplat_slice        text;
    size_t              at;             /* where it begins in text */
    const caplat_json  *jwk;
    caplat_jwks_kind    kind;
    caplat_err         *err;
} entry;


/* A fault of a member: its place, or the key's when it is not there. */
static bool
fail(const entry *e, caplat_code code, const char *member)
{
    size_t  at = e->at;

    (void) caplat_json_member_at(e->text, e->at, member, &at);

    return caplat_fail(e->err, caplat_json_get(e->jwk, member) != NULL
                               ? code : CAPLAT_MISSING_KEY, at, member);
}


static bool
is_kid(caplat_slice kid)
{
    for (size_t i = 0; i < kid.len; i++) {
        char  byte = kid.ptr[i];

        if ((byte < '0' || byte > '9') && (byte < 'A' || byte > 'Z')
            && (byte < 'a' || byte > 'z') && byte != '-' && byte != '_')
        {
            return false;
        }
    }

    return true;
}


static bool
read_names(const entry *e, caplat_jwk *key)
{
    const caplat_public_key  *half = &key->key;

    if (!caplat_json_string(e->jwk, "kid", 1, CAPLAT_KID_LEN_MAX, &key->kid)
        || !is_kid(key->kid))
    {
        return fail(e, CAPLAT_NOT_A_NAME, "kid");
    }

    if (e->kind == CAPLAT_ISSUER_KEYS) {
        return true;
    }

    if (!caplat_slice_eq(key->kid, caplat_slice_of(half->thumbprint,
                                                   CAPLAT_THUMBPRINT_LEN)))
    {
        return fail(e, CAPLAT_NOT_ONE_OF, "kid");
    }

    if (!caplat_json_string(e->jwk, "client_id", 1, CAPLAT_CLIENT_LEN_MAX,
                            &key->client_id))
    {
        return fail(e, CAPLAT_NOT_A_NAME, "client_id");
    }

    return true;
}


/* alg and use: what, if it is there, must agree with what the key is for. */
static bool
check_purpose(const entry *e, const caplat_jwk *key)
{
    caplat_slice  word;

    if (caplat_json_get(e->jwk, "alg") != NULL
        && (!caplat_json_string(e->jwk, "alg", 1, WORD_LEN_MAX, &word)
            || !caplat_algorithm_fits_jws(key->key.algorithm, word)))
    {
        return fail(e, CAPLAT_NOT_ONE_OF, "alg");
    }

    if (caplat_json_get(e->jwk, "use") != NULL
        && (!caplat_json_string(e->jwk, "use", 1, WORD_LEN_MAX, &word)
            || !caplat_slice_eq(word, CAPLAT_LIT("sig"))))
    {
        return fail(e, CAPLAT_NOT_ONE_OF, "use");
    }

    return true;
}


static bool
read_moment(const entry *e, const char *member, int64_t *moment)
{
    if (caplat_json_get(e->jwk, member) != NULL
        && !caplat_json_integer(e->jwk, member, 1, CAPLAT_JSON_INT_MAX,
                                moment))
    {
        return fail(e, CAPLAT_NOT_A_NUMBER, member);
    }

    return true;
}


static bool
read_scopes(const entry *e, caplat_jwk *key)
{
    caplat_slice  text;
    bool          foreign;

    key->scopes = CAPLAT_SCOPES_ALL;

    if (e->kind == CAPLAT_ISSUER_KEYS
        || caplat_json_get(e->jwk, "scope") == NULL)
    {
        return true;
    }

    if (!caplat_json_string(e->jwk, "scope", 1, CAPLAT_SCOPE_LEN_MAX, &text)
        || !caplat_scopes_read(text, &key->scopes, &foreign) || foreign)
    {
        return fail(e, CAPLAT_NOT_ONE_OF, "scope");
    }

    return true;
}


/* The id of a platform, which is none of those before it. */
static bool
check_platform(const entry *e, size_t list_at, const caplat_json *list,
    size_t n)
{
    const caplat_json  *item = caplat_json_item(list, n);
    caplat_slice        id, other;
    size_t              at = list_at;

    caplat_assert(caplat_json_item_at(e->text, list_at, n, &at));

    if (!caplat_json_text(item, 1, CAPLAT_NAME_LEN_MAX, &id)
        || !caplat_name_valid(id))
    {
        return caplat_fail(e->err, CAPLAT_NOT_A_NAME, at, "platform");
    }

    for (size_t i = 0; i < n; i++) {
        other = caplat_json_slice(caplat_json_item(list, i));

        if (caplat_slice_eq(other, id)) {
            return caplat_fail(e->err, CAPLAT_TWICE, at, "platform");
        }
    }

    return true;
}


static bool
read_platforms(const entry *e, caplat_jwk *key)
{
    const caplat_json  *list = caplat_json_get(e->jwk, "platforms");
    size_t              count = caplat_json_items(list);
    size_t              at = e->at;

    if (e->kind == CAPLAT_ISSUER_KEYS || list == NULL) {
        return true;
    }

    if (!caplat_json_is_array(list)) {
        return fail(e, CAPLAT_NOT_ONE_OF, "platforms");
    }

    if (count == 0 || count > CAPLAT_KEY_PLATFORMS_MAX) {
        return fail(e, count == 0 ? CAPLAT_MISSING_KEY : CAPLAT_TOO_LARGE,
                    "platforms");
    }

    caplat_assert(caplat_json_member_at(e->text, e->at, "platforms", &at));

    for (size_t i = 0; i < count; i++) {
        if (!check_platform(e, at, list, i)) {
            return false;
        }
    }

    key->platforms = list;

    return true;
}


static bool
read_public(const entry *e, caplat_public_key *key)
{
    caplat_point  point;
    const char   *member;

    if (!caplat_json_is_object(e->jwk)) {
        return caplat_fail(e->err, CAPLAT_NOT_ONE_OF, e->at, "key");
    }

    if (!caplat_point_read(e->jwk, &point, &member)) {
        return fail(e, member[0] == 'x' || member[0] == 'y'
                       ? CAPLAT_NOT_A_NUMBER : CAPLAT_NOT_ONE_OF, member);
    }

    if (!caplat_public_key_make(&point, key)) {
        return fail(e, CAPLAT_NOT_ONE_OF, "x");
    }

    return true;
}


/* What has been read of key is the caller's to close, also on false. */
static bool
read_entry(const entry *e, caplat_jwk *key)
{
    if (!read_public(e, &key->key) || !read_names(e, key)
        || !check_purpose(e, key)
        || !read_moment(e, "nbf", &key->not_before)
        || !read_moment(e, "exp", &key->expires) || !read_scopes(e, key)
        || !read_platforms(e, key))
    {
        return false;
    }

    if (key->expires != 0 && key->expires <= key->not_before) {
        return fail(e, CAPLAT_OUT_OF_ORDER, "exp");
    }

    return true;
}


static bool
is_twice(const caplat_keyring *ring, caplat_slice kid)
{
    for (size_t i = 0; ring != NULL && i < ring->count; i++) {
        if (caplat_slice_eq(ring->keys[i].kid, kid)) {
            return true;
        }
    }

    return false;
}


static bool
read_keys(caplat_slice text, size_t list_at, caplat_jwks_kind kind,
    caplat_keyring *ring, caplat_err *err)
{
    const caplat_json  *list = caplat_json_get(ring->document, "keys");
    size_t              count = caplat_json_items(list);

    for (size_t i = 0; i < count; i++) {
        caplat_jwk  *key = &ring->keys[ring->count];
        entry        e = { text, 0, caplat_json_item(list, i), kind, err };

        caplat_assert(caplat_json_item_at(text, list_at, i, &e.at));
        *key = (caplat_jwk) { .scopes = 0 };

        bool  read = read_entry(&e, key);

        if (read && is_twice(ring, key->kid)) {
            read = fail(&e, CAPLAT_TWICE, "kid");
        }

        if (!read) {
            caplat_public_key_close(&key->key);
            return false;
        }

        ring->count++;
    }

    return true;
}


/* How many keys the document has, and where their list begins. */
static bool
measure(caplat_slice text, const caplat_json *document, size_t *count,
    size_t *list_at, caplat_err *err)
{
    const caplat_json  *list = caplat_json_get(document, "keys");
    size_t              at = 0;

    if (!caplat_json_member_at(text, 0, "keys", &at)) {
        return caplat_fail(err, CAPLAT_MISSING_KEY, 0, "keys");
    }

    if (!caplat_json_is_array(list)) {
        return caplat_fail(err, CAPLAT_NOT_ONE_OF, at, "keys");
    }

    if (caplat_json_items(list) == 0) {
        return caplat_fail(err, CAPLAT_MISSING_KEY, at, "key");
    }

    if (caplat_json_items(list) > CAPLAT_KEYS_MAX) {
        return caplat_fail(err, CAPLAT_TOO_LARGE, at, "keys");
    }

    *count = caplat_json_items(list);
    *list_at = at;

    return true;
}


bool
caplat_keyring_read(caplat_slice text, caplat_jwks_kind kind,
    caplat_keyring **ring, caplat_err *err)
{
    caplat_json     *document;
    caplat_keyring  *made;
    size_t           count;
    size_t           list_at;

    if (text.len > CAPLAT_JWKS_LEN_MAX) {
        return caplat_fail(err, CAPLAT_TOO_LARGE, CAPLAT_JWKS_LEN_MAX,
                           "file");
    }

    if (!caplat_json_open(text, KEYRING_DEPTH, &document, err)) {
        return false;
    }

    if (!measure(text, document, &count, &list_at, err)) {
        caplat_json_close(document);
        return false;
    }

    made = malloc(sizeof(caplat_keyring) + count * sizeof(caplat_jwk));

    if (made == NULL) {
        caplat_json_close(document);
        return caplat_fail(err, CAPLAT_TOO_LARGE, list_at, "memory");
    }

    made->document = document;
    made->count = 0;

    if (!read_keys(text, list_at, kind, made, err)) {
        caplat_keyring_close(made);
        return false;
    }

    *ring = made;

    return true;
}


void
caplat_keyring_close(caplat_keyring *ring)
{
    if (ring == NULL) {
        return;
    }

    for (size_t i = 0; i < ring->count; i++) {
        caplat_public_key_close(&ring->keys[i].key);
    }

    caplat_json_close(ring->document);
    free(ring);
}


static bool
is_alive(const caplat_jwk *jwk, int64_t now)
{
    return now >= jwk->not_before && (jwk->expires == 0 || now < jwk->expires);
}


/* The key of a kid; NULL when there is none, or no ring. */
static const caplat_jwk *
key_of(const caplat_keyring *ring, caplat_slice kid)
{
    for (size_t i = 0; ring != NULL && i < ring->count; i++) {
        if (caplat_slice_eq(ring->keys[i].kid, kid)) {
            return &ring->keys[i];
        }
    }

    return NULL;
}


const caplat_jwk *
caplat_keyring_find(const caplat_keyring *ring, caplat_slice kid, int64_t now)
{
    const caplat_jwk  *jwk = key_of(ring, kid);

    return jwk != NULL && is_alive(jwk, now) ? jwk : NULL;
}


bool
caplat_keyring_has(const caplat_keyring *ring, caplat_slice kid)
{
    return key_of(ring, kid) != NULL;
}


bool
caplat_jwk_serves(const caplat_jwk *jwk, caplat_slice platform)
{
    const caplat_json  *item = caplat_json_first(jwk->platforms);

    while (item != NULL) {
        if (caplat_slice_eq(caplat_json_slice(item), platform)) {
            return true;
        }

        item = caplat_json_next(item);
    }

    return false;
}
