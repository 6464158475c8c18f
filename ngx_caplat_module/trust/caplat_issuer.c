#include "caplat_issuer.h"

#include "caplat_b64.h"
#include "caplat_jws.h"
#include "caplat_member.h"

#include <sodium.h>


#define HEADER_LEN_MAX  160             /* bytes: our words, and a kid */
#define ID_LEN          16              /* bytes of a jti, at random */


static void
put_b64url(caplat_writer *w, const uint8_t *bytes, size_t len)
{
    if (w->room - w->len < CAPLAT_B64URL_LEN(len)) {
        w->full = true;
        return;
    }

    w->len += caplat_b64url_write(bytes, len, w->ptr + w->len);
}


static void
put_text(caplat_writer *w, caplat_slice text)
{
    put_b64url(w, (const uint8_t *) text.ptr, text.len);
}


static caplat_slice
algorithm_name(const caplat_private_key *key)
{
    return caplat_private_key_public(key)->algorithm == CAPLAT_ED25519
               ? CAPLAT_LIT("Ed25519") : CAPLAT_LIT("ES256");
}


static bool
sign(const caplat_issuer *issuer, caplat_slice claims, caplat_writer *token)
{
    char           room[HEADER_LEN_MAX];
    uint8_t        signature[CAPLAT_SIGNATURE_LEN];
    caplat_writer  header = caplat_writer_of(room, sizeof(room));
    caplat_writer  w = *token;

    caplat_member(&header, CAPLAT_LIT("{\"typ\":\"at+jwt\",\"alg\":"),
                  algorithm_name(issuer->key));
    caplat_member(&header, CAPLAT_LIT(",\"kid\":"), issuer->kid);
    caplat_put(&header, CAPLAT_LIT("}"));

    put_text(&w, caplat_written(&header));
    caplat_put(&w, CAPLAT_LIT("."));
    put_text(&w, claims);

    caplat_slice  signed_text = { w.ptr + token->len, w.len - token->len };

    if (header.full || w.full
        || !caplat_sign(issuer->key, signed_text, signature))
    {
        return false;
    }

    caplat_put(&w, CAPLAT_LIT("."));
    put_b64url(&w, signature, sizeof(signature));

    if (w.full) {
        return false;
    }

    *token = w;

    return true;
}


/* A new name of a token, that nobody can guess. */
static void
put_id(caplat_writer *w)
{
    uint8_t  id[ID_LEN];

    randombytes_buf(id, sizeof(id));
    caplat_put(w, CAPLAT_LIT(",\"jti\":\""));
    put_b64url(w, id, sizeof(id));
    caplat_put(w, CAPLAT_LIT("\""));
}


bool
caplat_issuer_token(const caplat_issuer *issuer, const caplat_holder *holder,
    const char thumbprint[static CAPLAT_THUMBPRINT_LEN], const char *amr,
    int64_t now, caplat_writer *token)
{
    char           room[CAPLAT_JWS_PAYLOAD_MAX];
    caplat_writer  w = caplat_writer_of(room, sizeof(room));
    caplat_slice   jkt = { thumbprint, CAPLAT_THUMBPRINT_LEN };

    caplat_assert(now >= 1 && issuer->life >= 1
                  && issuer->life <= CAPLAT_TOKEN_LIFE_MAX);

    caplat_member(&w, CAPLAT_LIT("{\"iss\":"), issuer->issuer);
    caplat_member(&w, CAPLAT_LIT(",\"aud\":"), issuer->audience);
    caplat_member(&w, CAPLAT_LIT(",\"client_id\":"), issuer->client_id);
    caplat_member_number(&w, CAPLAT_LIT(",\"iat\":"), now);
    caplat_member_number(&w, CAPLAT_LIT(",\"exp\":"), now + issuer->life);
    put_id(&w);
    caplat_put(&w, CAPLAT_LIT(",\"amr\":["));
    caplat_put_word(&w, amr);
    caplat_member(&w, CAPLAT_LIT("],\"cnf\":{\"jkt\":"), jkt);
    caplat_put(&w, CAPLAT_LIT("},"));
    caplat_holder_claims(holder, now, &w);
    caplat_put(&w, CAPLAT_LIT("}"));

    return !w.full && sign(issuer, caplat_written(&w), token);
}
