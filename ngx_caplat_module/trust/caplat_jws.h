/*
 * JSON Web Signatures in compact form (RFC 7515, 3.1), as tokens and proofs
 * are: three parts of strict base64url with a dot between, of which the first
 * two are JSON objects.
 */

#ifndef CAPLAT_JWS_H
#define CAPLAT_JWS_H

#include "caplat_err.h"
#include "caplat_json.h"
#include "caplat_key.h"
#include "caplat_slice.h"


#define CAPLAT_JWS_LEN_MAX      6144    /* bytes of the longest, a token */
#define CAPLAT_JWS_PAYLOAD_MAX  (CAPLAT_JWS_LEN_MAX / 4 * 3)


/* signed_text borrows from the text that was read. About 5 KB. */
typedef struct {
    caplat_json  *header;
    caplat_slice  signed_text;          /* header.payload: what is signed */
    uint8_t       payload[CAPLAT_JWS_PAYLOAD_MAX];
    size_t        payload_len;          /* bytes; nobody knows yet whether it
                                          is JSON */
    uint8_t       signature[CAPLAT_SIGNATURE_LEN];
    bool          signature_fits;       /* it has that length */
} caplat_jws;


/*
 * Part a text and read its header. What the payload says is read later, once
 * somebody has vouched for it.
 *
 * text        at most CAPLAT_JWS_LEN_MAX bytes
 * header_max  bytes that the header may have
 * jws         on false it means nothing and need not be closed
 * err         at: 0, or the byte of the header's JSON. NOT_A_NUMBER: the
 *             header is JSON but for a number; all else is malformed
 */
bool caplat_jws_open(caplat_slice text, size_t header_max, caplat_jws *jws,
    caplat_err *err);
void caplat_jws_close(caplat_jws *jws);

/* The payload, which caplat_json_close frees. err as above. */
bool caplat_jws_payload(const caplat_jws *jws, caplat_json **payload,
    caplat_err *err);

/*
 * typ: a media type, `application/` before it or not, in any case (RFC 7515,
 * 4.1.9). type is in lower case, without application/.
 */
bool caplat_jws_is_type(const caplat_jws *jws, caplat_slice type);

/* Whether alg is one of the algorithm's names. */
bool caplat_jws_fits(const caplat_jws *jws, caplat_algorithm algorithm);

/* Whether there is crit, of which we understand nothing (RFC 7515, 4.1.11). */
bool caplat_jws_is_critical(const caplat_jws *jws);

/* Whether the signature is the key's. */
bool caplat_jws_verify(const caplat_jws *jws, const caplat_public_key *key);


#endif /* CAPLAT_JWS_H */
