/*
 * PEM files (RFC 7468) of one block, as keys and certificates come in.
 *
 *   words that explain, or none
 *   -----BEGIN PRIVATE KEY-----
 *   base64, in lines of any length
 *   -----END PRIVATE KEY-----
 *
 * Lines end in LF or CR LF. Strict base64, no blanks in it and no header lines
 * (an encrypted key has them); nothing but blanks behind the block. Base64
 * alone, as Alipay's key tool saves it, is refused: the two lines must be put
 * around it, which say what it is.
 */

#ifndef CAPLAT_PEM_H
#define CAPLAT_PEM_H

#include "caplat_err.h"
#include "caplat_slice.h"


#define CAPLAT_PEM_LEN_MAX  16384       /* bytes of a file: a key of 4096 bits
                                           has 3.3 KB, a certificate less */


/* All that was read is in locked memory. */
typedef struct caplat_pem  caplat_pem;

/*
 * text  the caller's, who wipes it
 * pem   untouched on false
 * err   MISSING_KEY: no BEGIN line; TRUNCATED: no END line; NOT_ONE_OF: what
 *       stands at `at` is no base64, or the labels differ; TRAILING; TOO_LARGE
 */
bool caplat_pem_open(caplat_slice text, caplat_pem **pem, caplat_err *err);
void caplat_pem_close(caplat_pem *pem);         /* NULL too; wipes */

/* "PRIVATE KEY", and where it stands; borrows from the text. */
caplat_slice caplat_pem_label(const caplat_pem *pem, size_t *at);

/* The bytes, and where their base64 begins. */
caplat_slice caplat_pem_bytes(const caplat_pem *pem, size_t *at);


#endif /* CAPLAT_PEM_H */
