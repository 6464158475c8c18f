#include "caplat_jws.h"
#include "caplat_b64.h"
#include "caplat_json.h"


#define ALG_LEN_MAX   16                /* bytes */
#define TYPE_LEN_MAX  64


/* The parts, still in base64url. */
typedef struct {
    caplat_slice  header;
    caplat_slice  payload;
    caplat_slice  signature;
} parts;


static bool
part(caplat_slice text, parts *found)
{
    caplat_cursor  c = caplat_cursor_of(text);

    return caplat_take_until(&c, '.', CAPLAT_JWS_LEN_MAX, &found->header)
           && caplat_take_until(&c, '.', CAPLAT_JWS_LEN_MAX, &found->payload)
           && caplat_take_rest(&c, CAPLAT_JWS_LEN_MAX, &found->signature)
           && (found->signature.len == 0
               || memchr(found->signature.ptr, '.', found->signature.len)
                  == NULL);
}


/* Strict base64url all of it, also of a length that no key has. */
static bool
read_signature(caplat_slice text, caplat_jws *jws)
{
    uint8_t  bytes[CAPLAT_JWS_PAYLOAD_MAX];
    size_t   len;

    if (!caplat_b64url_read(text, bytes, sizeof(bytes), &len)) {
        return false;
    }

    jws->signature_fits = len == sizeof(jws->signature);

    if (jws->signature_fits) {
        memcpy(jws->signature, bytes, sizeof(jws->signature));
    }

    return true;
}


bool
caplat_jws_open(caplat_slice text, size_t header_max, caplat_jws *jws,
    caplat_err *err)
{
    uint8_t  header[CAPLAT_JWS_PAYLOAD_MAX];
    parts    found;
    size_t   len;

    if (text.len > CAPLAT_JWS_LEN_MAX || !part(text, &found)) {
        return caplat_fail(err, CAPLAT_TRAILING, 0, "parts");
    }

    if (!caplat_b64url_read(found.header, header, sizeof(header), &len)
        || !caplat_b64url_read(found.payload, jws->payload,
                               sizeof(jws->payload), &jws->payload_len)
        || !read_signature(found.signature, jws))
    {
        return caplat_fail(err, CAPLAT_NOT_WORDS, 0, "base64url");
    }

    if (len > header_max) {
        return caplat_fail(err, CAPLAT_TOO_LARGE, 0, "header");
    }

    jws->signed_text = caplat_slice_of(text.ptr,
                           found.header.len + 1 + found.payload.len);

    return caplat_json_open(caplat_slice_of((const char *) header, len),
                            CAPLAT_JSON_DEPTH_MAX, &jws->header, err);
}


void
caplat_jws_close(caplat_jws *jws)
{
    caplat_json_close(jws->header);
    jws->header = NULL;
}


bool
caplat_jws_payload(const caplat_jws *jws, caplat_json **payload,
    caplat_err *err)
{
    return caplat_json_open(caplat_slice_of((const char *) jws->payload,
                                            jws->payload_len),
                            CAPLAT_JSON_DEPTH_MAX, payload, err);
}


bool
caplat_jws_is_type(const caplat_jws *jws, caplat_slice type)
{
    static const caplat_slice  application = CAPLAT_INIT("application/");

    caplat_slice  text;
    size_t        at = application.len;

    if (!caplat_json_string(jws->header, "typ", 1, TYPE_LEN_MAX, &text)) {
        return false;
    }

    if (text.len < at
        || !caplat_slice_eq_lower(caplat_slice_of(text.ptr, at), application))
    {
        at = 0;
    }

    return caplat_slice_eq_lower(caplat_slice_of(text.ptr + at, text.len - at),
                                 type);
}


bool
caplat_jws_fits(const caplat_jws *jws, caplat_algorithm algorithm)
{
    caplat_slice  alg;

    return caplat_json_string(jws->header, "alg", 1, ALG_LEN_MAX, &alg)
           && caplat_algorithm_fits_jws(algorithm, alg);
}


bool
caplat_jws_is_critical(const caplat_jws *jws)
{
    return caplat_json_get(jws->header, "crit") != NULL;
}


bool
caplat_jws_verify(const caplat_jws *jws, const caplat_public_key *key)
{
    return jws->signature_fits
           && caplat_verify(key, jws->signed_text, jws->signature);
}
