/*
 * Hashes: SHA-256 where others check us (asset names, integrity, rate card),
 * XXH3 where only we compare (what changed since the last build).
 */

#ifndef GEN_HASH_H
#define GEN_HASH_H

#include "gen_mem.h"


/* Hex digits of a hashed name: it need differ, not resist; 80 bits do. */
#define GEN_HASH_NAME_LEN  20


typedef struct {
    uint8_t   bytes[32];
} gen_sha256;

typedef struct {
    uint64_t  high;
    uint64_t  low;
} gen_print;                            /* a fingerprint */


gen_sha256 gen_hash_sha256(caplat_slice text);
void gen_hash_hex(gen_buf *buf, gen_sha256 hash);

/* RFC 4648, 4: with padding, as integrity and CSP want it. */
void gen_hash_base64(gen_buf *buf, gen_sha256 hash);

gen_print gen_hash_print(caplat_slice text);


#endif /* GEN_HASH_H */
