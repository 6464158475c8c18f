/*
 * SHA-256 as core/ asks for it: whoever calls hands it in.
 */

#ifndef CAPLAT_SHA256_H
#define CAPLAT_SHA256_H

#include "caplat_slice.h"


#define CAPLAT_SHA256_LEN  32           /* bytes of a digest */


/* Of one text. */
typedef void (*caplat_sha256_pt)(caplat_slice text,
    uint8_t out[CAPLAT_SHA256_LEN]);

/* A text, and where its digest goes. */
typedef struct {
    caplat_slice    text;
    uint8_t        *out;
} caplat_sha256_task;

/* Of many texts at once. */
typedef void (*caplat_sha256_all_pt)(const caplat_sha256_task *tasks,
    size_t count);


#endif /* CAPLAT_SHA256_H */
