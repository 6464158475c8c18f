/*
 * The Idempotency-Key field (draft-ietf-httpapi-idempotency-key-header-07):
 * by it a client says that it sends a request a second time.
 */

#ifndef CAPLAT_IDEMPOTENCY_H
#define CAPLAT_IDEMPOTENCY_H

#include "caplat_slice.h"


#define CAPLAT_IDEMPOTENCY_KEY_LEN_MIN  8       /* else keys meet by chance */
#define CAPLAT_IDEMPOTENCY_KEY_LEN_MAX  64


/*
 * Read a field of one line: a String of RFC 9651, or the same without quotes,
 * as many clients send it; 8 to 64 of [A-Za-z0-9._~-]. Both are one key.
 *
 * key  without quotes; untouched on false
 */
bool caplat_idempotency_key_read(caplat_slice value, caplat_slice *key);


#endif /* CAPLAT_IDEMPOTENCY_H */
