/*
 * Digests, and the comparison that takes as long for any bytes.
 *
 * SHA-2 is OpenSSL's, which uses the processor's instructions, and of many
 * texts at once Intel's Multi-Buffer library's, where the processor is one that
 * it knows; the keyed hash is libsodium's BLAKE2b.
 */

#ifndef CAPLAT_HASH_H
#define CAPLAT_HASH_H

#include "caplat_sha256.h"


#define CAPLAT_SHA512_LEN  64
#define CAPLAT_KEYED_KEY   32           /* bytes of a keyed hash's key */
#define CAPLAT_HEX_LEN     64           /* of a SHA-256 in hex */


/*
 * Once in a process, before anything else of trust/: libsodium's start, and
 * OpenSSL's algorithms fetched. False when one of them fails; later calls do
 * nothing.
 */
bool caplat_trust_open(void);

void caplat_sha256(caplat_slice text, uint8_t out[static CAPLAT_SHA256_LEN]);

/* Of several texts, as if they were one. */
void caplat_sha256_parts(const caplat_slice *parts, size_t count,
    uint8_t out[static CAPLAT_SHA256_LEN]);

/* Of many texts, side by side in the processor's wide registers: several times
   as fast as one by one. */
void caplat_sha256_all(const caplat_sha256_task *tasks, size_t count);

void caplat_sha512(caplat_slice text, uint8_t out[static CAPLAT_SHA512_LEN]);

/* Lower-case hex of a SHA-256: how rate cards are named. */
void caplat_sha256_hex(caplat_slice text, char out[static CAPLAT_HEX_LEN]);

/*
 * BLAKE2b of parts, each preceded by its length (8 bytes, little endian), so
 * that no two lists of parts are the same bytes; out_len from 16 to 64.
 */
void caplat_keyed_hash(const uint8_t key[static CAPLAT_KEYED_KEY],
    const caplat_slice *parts, size_t count, uint8_t *out, size_t out_len);

/* In constant time. */
bool caplat_ct_eq(const uint8_t *a, const uint8_t *b, size_t len);


#endif /* CAPLAT_HASH_H */
