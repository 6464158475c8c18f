/*
 * AES-256-GCM (NIST SP 800-38D) as WeChat Pay uses it: a nonce of 12 bytes, and
 * the tag of 16 behind the ciphertext.
 */

#ifndef CAPLAT_GCM_H
#define CAPLAT_GCM_H

#include "caplat_slice.h"


#define CAPLAT_GCM_KEY    32            /* bytes */
#define CAPLAT_GCM_NONCE  12
#define CAPLAT_GCM_TAG    16


/* A key with all that using it needs, ready made; for one thread at a time. */
typedef struct caplat_gcm  caplat_gcm;

/* NULL when there is no memory. The key is the caller's, who wipes it. */
caplat_gcm *caplat_gcm_open(const uint8_t key[static CAPLAT_GCM_KEY]);
void caplat_gcm_close(caplat_gcm *gcm);         /* NULL too; wipes */

/*
 * sealed  ciphertext and tag; less than a tag is refused
 * plain   sealed.len - CAPLAT_GCM_TAG bytes; may begin where sealed does. All
 *         zero on false: what is not authentic is never seen
 */
bool caplat_gcm_decrypt(const caplat_gcm *gcm,
    const uint8_t nonce[static CAPLAT_GCM_NONCE], caplat_slice associated,
    caplat_slice sealed, char *plain);

/*
 * Seal as caplat_gcm_decrypt opens; false when the library fails.
 *
 * nonce   never used before with the key
 * sealed  plain.len + CAPLAT_GCM_TAG bytes
 */
bool caplat_gcm_encrypt(const caplat_gcm *gcm,
    const uint8_t nonce[static CAPLAT_GCM_NONCE], caplat_slice associated,
    caplat_slice plain, char *sealed);


#endif /* CAPLAT_GCM_H */
