/*
 * HTTP message signatures (RFC 9421) in one strict profile: which signature
 * of a request is meant, whether it covers what it must, and the bytes that
 * it signs. Verifying is not done here.
 *
 *   which     exactly one member of Signature-Input with our tag, a String;
 *             the others are somebody else's. Both fields are dictionaries as
 *             caplat_sfv.h reads them, theirs too
 *   covered   "@method"; "@target-uri", or "@authority" and "@path" and
 *             "@query" (which may be absent when the target has no `?`); and
 *             those of content-type, content-digest, authorization,
 *             idempotency-key that the request has; with content the first
 *             two are required, and without authorization the last is not
 *   names     lower case, no duplicates, at most 32, no parameters; derived
 *             only @method @target-uri @authority @scheme @path @query
 *             @request-target
 *   params    created (Integer, 1..), nonce 16..128 of [A-Za-z0-9+/=_-],
 *             keyid 1..64, tag: required; alg 1..64, expires (Integer,
 *             >= created, <= created+600): optional; duplicates, others, and
 *             strings with escapes are refused
 *   signature the member of the same label: bytes, without parameters
 *   sizes     Signature-Input 2048 bytes, Signature 1024, lines joined
 */

#ifndef CAPLAT_HTTPSIG_H
#define CAPLAT_HTTPSIG_H

#include "caplat_message.h"
#include "caplat_problem.h"
#include "caplat_sfv.h"
#include "caplat_write.h"


#define CAPLAT_HTTPSIG_COMPONENTS_MAX  32
#define CAPLAT_HTTPSIG_PARAMS_MAX      6        /* all that there are */
#define CAPLAT_HTTPSIG_BASE_LEN_MAX    32768    /* bytes: all header buffers */


/* Slices borrow from the message, names stand between their quotes. */
typedef struct {
    caplat_slice       components[CAPLAT_HTTPSIG_COMPONENTS_MAX];
    size_t             component_count;
    caplat_sfv_param   params[CAPLAT_HTTPSIG_PARAMS_MAX];   /* in order */
    size_t             param_count;
    int64_t            created;         /* seconds */
    int64_t            expires;         /* seconds; 0 when not given */
    caplat_slice       nonce;
    caplat_slice       keyid;
    caplat_slice       alg;             /* empty when not given */
    uint8_t            signature[64];
    size_t             signature_len;   /* 0..64; 65: it was longer */
} caplat_httpsig;


/*
 * Find and read our signature.
 *
 * tag     ours
 * sig     untouched on false
 * denial  SIGNATURE_MISSING (no signature fields, or none with our tag),
 *         SIGNATURE_MALFORMED, SIGNATURE_INCOMPLETE (a parameter that is
 *         required, or a component)
 */
bool caplat_httpsig_read(const caplat_message *message, caplat_slice tag,
    caplat_httpsig *sig, caplat_denial *denial);

/* Whether a component is one of the derived ones that we know. */
bool caplat_httpsig_is_derived(caplat_slice name);

/*
 * Write the signature base (RFC 9421, 2.5): the parameters are serialised
 * anew (RFC 9651, 4.1), repeated fields joined by `, `; without a query
 * "@query" is `?`, an empty "@path" is `/`.
 *
 * denial  SIGNATURE_INVALID: a component that the message does not have, a
 *         field with a line folded, a base larger than the writer's room
 */
bool caplat_httpsig_base(const caplat_message *message,
    const caplat_httpsig *sig, caplat_writer *base, caplat_denial *denial);


#endif /* CAPLAT_HTTPSIG_H */
