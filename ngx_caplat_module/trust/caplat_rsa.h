/*
 * RSA as payment channels use it: PKCS #1 v1.5 with SHA-256 (RFC 8017, 8.2),
 * keys of PEM files, signatures in base64.
 *
 * A key has 2048 to 4096 bits and the exponent 65537, as those of both
 * channels have. Each holds all that using it needs, ready made: a signature
 * costs the power and a hash. A key is used by one thread at a time.
 *
 * Each function leaves OpenSSL's error queue empty.
 */

#ifndef CAPLAT_RSA_H
#define CAPLAT_RSA_H

#include "caplat_b64.h"
#include "caplat_err.h"
#include "caplat_pem.h"
#include "caplat_slice.h"


#define CAPLAT_RSA_BITS_MIN  2048
#define CAPLAT_RSA_BITS_MAX  4096

/* Bytes of a signature in base64, at most. */
#define CAPLAT_RSA_TEXT_MAX  CAPLAT_B64_LEN(CAPLAT_RSA_BITS_MAX / 8)


typedef struct caplat_rsa_public   caplat_rsa_public;
typedef struct caplat_rsa_private  caplat_rsa_private;


/*
 * A key out of a file's text: PUBLIC KEY (SubjectPublicKeyInfo), or the one of
 * a CERTIFICATE (X.509), of which nothing else is looked at.
 *
 * key  untouched on false; text may go
 * err  at: the byte of the text that is wrong
 */
bool caplat_rsa_public_read(caplat_slice text, caplat_rsa_public **key,
    caplat_err *err);
void caplat_rsa_public_close(caplat_rsa_public *key);       /* NULL too */

/*
 * The same of a private one: PRIVATE KEY (PKCS #8) or RSA PRIVATE KEY (PKCS
 * #1), not encrypted, whose halves fit. OpenSSL keeps the numbers, and wipes
 * them when the key is closed; the text is the caller's, who wipes it.
 */
bool caplat_rsa_private_read(caplat_slice text, caplat_rsa_private **key,
    caplat_err *err);
void caplat_rsa_private_close(caplat_rsa_private *key);     /* NULL too */

/*
 * Whether a signature is the key's over the parts, which are read as one text.
 * Its base64 is strict, and as long as the key wants it. Never an error: what
 * cannot be verified is not valid.
 */
bool caplat_rsa_verify(const caplat_rsa_public *key,
    const caplat_slice *parts, size_t count, caplat_slice signature);

/*
 * Sign as caplat_rsa_verify verifies; false when the library fails.
 *
 * text  base64
 */
bool caplat_rsa_sign(const caplat_rsa_private *key, const caplat_slice *parts,
    size_t count, char text[static CAPLAT_RSA_TEXT_MAX], size_t *len);


#endif /* CAPLAT_RSA_H */
