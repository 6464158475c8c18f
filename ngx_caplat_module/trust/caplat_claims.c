#include "caplat_token.h"
#include "caplat_b64.h"
#include "caplat_json.h"
#include "caplat_text.h"

#include <stdlib.h>


#define STRINGS_MAX      8              /* of aud, roles and amr */
#define WORD_LEN_MAX     256            /* bytes of iss, aud, acr and alike */
#define CHARACTER_MAX    4              /* bytes of one, in UTF-8 */
#define HOLDER_MAX       64             /* characters of a person's name */
#define ORG_MAX          100            /* characters of an enterprise's */
#define ORG_ID_LEN       18
#define CITY_LEN         6


/* Claims while they are read; the writer keeps their texts. */
typedef struct {
    caplat_claims   *claims;
    caplat_writer    texts;
} reading;


/* A copy that lives as long as the claims. */
static caplat_slice
keep(reading *r, caplat_slice text)
{
    size_t  at = r->texts.len;

    caplat_put(&r->texts, text);

    return caplat_slice_of(r->texts.ptr + at, r->texts.len - at);
}


static bool
keep_string(reading *r, const caplat_json *object, const char *name, size_t min,
    size_t max, caplat_slice *text)
{
    caplat_slice  found;

    if (!caplat_json_string(object, name, min, max, &found)) {
        return false;
    }

    *text = keep(r, found);

    return true;
}


/* A text for people, of 1 to max characters; absent it stays empty. */
static bool
keep_words(reading *r, const caplat_json *object, const char *name, size_t max,
    caplat_slice *text)
{
    caplat_slice  found;
    size_t        characters = 0;

    if (caplat_json_get(object, name) == NULL) {
        return true;
    }

    if (!caplat_json_string(object, name, 1, max * CHARACTER_MAX, &found)) {
        return false;
    }

    for (size_t i = 0; i < found.len; i++) {
        characters += (found.ptr[i] & 0xc0) != 0x80;
    }

    if (characters > max) {
        return false;
    }

    *text = keep(r, found);

    return true;
}


/* An array of strings, how many of them `is` likes. */
static bool
count_strings(const caplat_json *list, size_t min, size_t max,
    bool (*is)(caplat_slice item, const void *what), const void *what,
    size_t *liked)
{
    size_t  count = caplat_json_items(list);
    size_t  found = 0;

    if (!caplat_json_is_array(list) || count < min || count > max) {
        return false;
    }

    for (size_t i = 0; i < count; i++) {
        caplat_slice  item;

        if (!caplat_json_text(caplat_json_item(list, i), 1, WORD_LEN_MAX,
                              &item))
        {
            return false;
        }

        found += is(item, what);
    }

    *liked = found;

    return true;
}


static bool
is_same(caplat_slice item, const void *what)
{
    return caplat_slice_eq(item, *(const caplat_slice *) what);
}


static bool
is_issuer(const caplat_json *payload, caplat_slice issuer)
{
    caplat_slice  text;

    return caplat_json_string(payload, "iss", 1, WORD_LEN_MAX, &text)
           && caplat_slice_eq(text, issuer);
}


static bool
is_audience(const caplat_json *payload, caplat_slice audience)
{
    const caplat_json  *aud = caplat_json_get(payload, "aud");
    caplat_slice        text;
    size_t              ours;

    if (caplat_json_text(aud, 1, WORD_LEN_MAX, &text)) {
        return caplat_slice_eq(text, audience);
    }

    return count_strings(aud, 1, STRINGS_MAX, is_same, &audience, &ours)
           && ours != 0;
}


static bool
read_times(const caplat_json *payload, caplat_claims *claims)
{
    if (!caplat_json_integer(payload, "iat", 1, CAPLAT_JSON_INT_MAX,
                             &claims->issued)
        || !caplat_json_integer(payload, "exp", 1, CAPLAT_JSON_INT_MAX,
                                &claims->expires))
    {
        return false;
    }

    return caplat_json_get(payload, "nbf") == NULL
           || caplat_json_integer(payload, "nbf", 1, CAPLAT_JSON_INT_MAX,
                                  &claims->not_before);
}


static bool
is_life(const caplat_claims *claims)
{
    return claims->expires > claims->issued
           && claims->expires - claims->issued <= CAPLAT_TOKEN_LIFE_MAX;
}


static bool
read_scope(const caplat_json *payload, caplat_claims *claims)
{
    caplat_slice  text;
    bool          foreign;

    if (caplat_json_get(payload, "scope") == NULL) {
        claims->scopes = CAPLAT_SCOPES_USER;
        return true;
    }

    return caplat_json_string(payload, "scope", 1, CAPLAT_SCOPE_LEN_MAX,
                              &text)
           && caplat_scopes_read(text, &claims->scopes, &foreign);
}


static bool
read_role(const caplat_json *payload, caplat_claims *claims)
{
    static const caplat_slice  manager = CAPLAT_INIT("manager");
    static const caplat_slice  individual = CAPLAT_INIT("individual");

    const caplat_json  *roles = caplat_json_get(payload, "roles");
    size_t              managers;
    size_t              individuals;

    if (!count_strings(roles, 1, STRINGS_MAX, is_same, &manager, &managers)
        || !count_strings(roles, 1, STRINGS_MAX, is_same, &individual,
                          &individuals)
        || managers + individuals != 1)
    {
        return false;
    }

    claims->role = managers == 1 ? CAPLAT_MANAGER : CAPLAT_INDIVIDUAL;

    return true;
}


/* Exactly {"jkt":T}: a binding that we do not know may not be overlooked. */
static bool
read_binding(const caplat_json *payload, caplat_claims *claims)
{
    const caplat_json  *cnf = caplat_json_get(payload, "cnf");
    caplat_slice        text;
    uint8_t             digest[32];
    size_t              len;

    if (!caplat_json_is_object(cnf) || caplat_json_members(cnf) != 1
        || !caplat_json_string(cnf, "jkt", CAPLAT_THUMBPRINT_LEN,
                               CAPLAT_THUMBPRINT_LEN, &text)
        || !caplat_b64url_read(text, digest, sizeof(digest), &len)
        || len != sizeof(digest))
    {
        return false;
    }

    memcpy(claims->thumbprint, text.ptr, CAPLAT_THUMBPRINT_LEN);

    return true;
}


static bool
is_org_id(caplat_slice id)
{
    for (size_t i = 0; i < id.len; i++) {
        char  byte = id.ptr[i];

        if ((byte < '0' || byte > '9') && (byte < 'A' || byte > 'Z')) {
            return false;
        }
    }

    return true;
}


static bool
read_org(reading *r, const caplat_json *payload)
{
    const caplat_json  *org = caplat_json_get(payload, "org");
    caplat_claims      *claims = r->claims;
    caplat_slice        city;

    return caplat_json_is_object(org)
           && keep_string(r, org, "id", ORG_ID_LEN, ORG_ID_LEN,
                          &claims->org_id)
           && is_org_id(claims->org_id)
           && keep_words(r, org, "name", ORG_MAX, &claims->org_name)
           && claims->org_name.len != 0
           && caplat_json_string(org, "city", CITY_LEN, CITY_LEN, &city)
           && caplat_region_read(city, &claims->city);
}


static bool
is_platform(caplat_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char  byte = text.ptr[i];

        if ((byte < '0' || byte > '9') && (byte < 'a' || byte > 'z')
            && byte != '-')
        {
            return false;
        }
    }

    return true;
}


/* plat, as one text: what the core's questions ask with. */
static bool
read_held(reading *r, const caplat_json *list, caplat_cert *cert)
{
    size_t  count = caplat_json_items(list);
    size_t  start = r->texts.len;

    if (!caplat_json_is_array(list) || count > CAPLAT_CERT_HELD_MAX) {
        return false;
    }

    for (size_t i = 0; i < count; i++) {
        caplat_slice  text;

        if (!caplat_json_text(caplat_json_item(list, i), 1, CAPLAT_NAME_LEN_MAX,
                              &text)
            || !is_platform(text))
        {
            return false;
        }

        if (i != 0) {
            (void) keep(r, CAPLAT_LIT(","));
        }

        (void) keep(r, text);
    }

    cert->held = caplat_slice_of(r->texts.ptr + start, r->texts.len - start);
    cert->held_count = count;

    return true;
}


static bool
read_cert(reading *r, const caplat_json *object, caplat_cert *cert)
{
    return caplat_json_is_object(object)
           && keep_string(r, object, "sn", 1, 64, &cert->serial)
           && keep_string(r, object, "ca", 1, 32, &cert->ca)
           && keep_string(r, object, "lock", 1, 32, &cert->lock)
           && (caplat_json_get(object, "hw") == NULL
               || keep_string(r, object, "hw", 1, 32, &cert->vendor))
           && caplat_json_integer(object, "exp", 1, CAPLAT_JSON_INT_MAX,
                                  &cert->expires)
           && keep_words(r, object, "hold", HOLDER_MAX, &cert->holder)
           && read_held(r, caplat_json_get(object, "plat"), cert);
}


static bool
read_certs(reading *r, const caplat_json *payload)
{
    const caplat_json  *list = caplat_json_get(payload, "certs");
    caplat_claims      *claims = r->claims;
    size_t              count = caplat_json_items(list);

    if (!caplat_json_is_array(list) || count == 0 || count > CAPLAT_CERTS_MAX) {
        return false;
    }

    for (size_t i = 0; i < count; i++) {
        caplat_cert  *cert = &claims->certs[i];

        if (!read_cert(r, caplat_json_item(list, i), cert)
            || caplat_claims_cert(claims, cert->serial) != NULL)
        {
            return false;
        }

        claims->cert_count++;
    }

    return true;
}


/* What we make no use of, and what must be right nevertheless. */
static bool
check_others(const caplat_json *payload)
{
    const caplat_json  *act = caplat_json_get(payload, "act");
    const caplat_json  *amr = caplat_json_get(payload, "amr");
    caplat_slice        text = CAPLAT_LIT("");
    int64_t             number;
    size_t              count;

    return (caplat_json_get(payload, "auth_time") == NULL
            || caplat_json_integer(payload, "auth_time", 1,
                                   CAPLAT_JSON_INT_MAX, &number))
           && (caplat_json_get(payload, "acr") == NULL
               || caplat_json_string(payload, "acr", 1, WORD_LEN_MAX, &text))
           && (amr == NULL
               || count_strings(amr, 0, STRINGS_MAX, is_same, &text, &count))
           && (act == NULL
               || (caplat_json_is_object(act)
                   && caplat_json_string(act, "sub", 1, 128, &text)));
}


/* The first claim that is wrong, as the log calls it; NULL: none. */
static const char *
read_all(reading *r, const caplat_json *payload,
    const caplat_token_rules *rules)
{
    caplat_claims  *claims = r->claims;

    return !is_issuer(payload, rules->issuer) ? "token-iss"
         : !is_audience(payload, rules->audience) ? "token-aud"
         : !read_times(payload, claims) ? "token-times"
         : !is_life(claims) ? "token-life"
         : !keep_string(r, payload, "sub", 1, 128, &claims->subject)
         ? "token-sub"
         : !keep_string(r, payload, "client_id", 1, CAPLAT_CLIENT_LEN_MAX,
                        &claims->client_id)
         ? "token-client"
         : !keep_string(r, payload, "jti", 8, 128, &claims->token_id)
         ? "token-jti"
         : !read_scope(payload, claims) ? "token-scope"
         : !read_role(payload, claims) ? "token-roles"
         : !read_binding(payload, claims) ? "token-cnf"
         : !read_org(r, payload) ? "token-org"
         : !read_certs(r, payload) ? "token-certs"
         : !keep_words(r, payload, "name", HOLDER_MAX, &claims->name)
         ? "token-name"
         : !check_others(payload) ? "token-others"
         : NULL;
}


bool
caplat_claims_read(const caplat_json *payload, size_t len,
    const caplat_token_rules *rules, caplat_claims **claims,
    const char **reason)
{
    caplat_claims  *made = malloc(sizeof(caplat_claims) + len);

    if (made == NULL) {
        *reason = NULL;
        return false;
    }

    /* Decoded, no text of a document is longer than the document. */
    reading  r = { made, caplat_writer_of((char *) (made + 1), len) };

    *made = (caplat_claims) { .owners = 1 };

    const char  *wrong = read_all(&r, payload, rules);

    caplat_assert(!r.texts.full);

    if (wrong != NULL) {
        free(made);
        *reason = wrong;
        return false;
    }

    *claims = made;

    return true;
}
