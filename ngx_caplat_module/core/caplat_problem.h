/*
 * Why a request is refused, as its caller is told: the one list of problems.
 *
 * A problem is sent as application/problem+json (RFC 9457) with a status, and
 * a type that is `<origin>/problems/<name>`, a page of the site; those that
 * IANA has registered (RFC 9530 and its successor) have IANA's type. All that
 * a caller learns is the problem's name: title and detail, which tells a
 * developer what to do, are the same whenever it occurs. The reason, finer, is
 * for our log.
 */

#ifndef CAPLAT_PROBLEM_H
#define CAPLAT_PROBLEM_H

#include "caplat_slice.h"


/* P(NAME, HTTP status, "name", "title", "detail") */
#define CAPLAT_PROBLEMS(P)                                                    \
    P(REQUEST_MALFORMED, 400, "request-malformed",                            \
      "The request cannot be read",                                           \
      "Compare the request's query, fields and content with the API's "       \
      "description.")                                                         \
    P(IDEMPOTENCY_KEY_MISSING, 400, "idempotency-key-missing",                \
      "An Idempotency-Key is needed",                                         \
      "Send an Idempotency-Key: a new one for each order, the same one when"  \
      " an order is tried again.")                                            \
    P(DIGEST_UNSUPPORTED, 400, "digest-unsupported-algorithms",               \
      "None of the digests is of an algorithm that is supported",             \
      "Send a digest of one of the algorithms that Want-Content-Digest "      \
      "lists.")                                                               \
    P(DIGEST_INVALID, 400, "digest-invalid-values",                           \
      "A digest is not a digest of its algorithm",                            \
      "Write Content-Digest as RFC 9530 says: the whole digest in base64, "   \
      "between colons.")                                                      \
    P(DIGEST_MISMATCHED, 400, "digest-mismatched-values",                     \
      "The content is not what its digest says",                              \
      "Send a digest of the content with the request, and make it of the "    \
      "very bytes that are sent.")                                            \
    P(TOKEN_MISSING, 401, "token-missing",                                    \
      "An access token is needed",                                            \
      "Send an access token in Authorization, with the scheme DPoP or, "      \
      "where the request is signed, Bearer.")                                 \
    P(TOKEN_MALFORMED, 401, "token-malformed",                                \
      "The access token cannot be read",                                      \
      "Send one Authorization: the scheme, one space, and the access token "  \
      "just as it was issued.")                                               \
    P(TOKEN_INVALID, 401, "token-invalid",                                    \
      "The access token is not valid here",                                   \
      "Get a token from this service's issuer, for its audience and with "    \
      "the claims that it wants.")                                            \
    P(TOKEN_EXPIRED, 401, "token-expired",                                    \
      "The access token has expired",                                         \
      "Get a new access token and send the request again.")                   \
    P(PROOF_MISSING, 401, "proof-missing",                                    \
      "A proof of the token's key is needed",                                 \
      "Send one DPoP proof (RFC 9449) with each request.")                    \
    P(PROOF_INVALID, 401, "proof-invalid",                                    \
      "The proof is not valid for this request",                              \
      "Check the proof's header, its htm, htu, iat, ath and content-digest "  \
      "against the request, and the clock.")                                  \
    P(PROOF_REPLAYED, 401, "proof-replayed",                                  \
      "The proof has been used before",                                       \
      "Make a new proof, with a jti of its own, for each request.")           \
    P(DPOP_NONCE_REQUIRED, 401, "dpop-nonce-required",                        \
      "The proof needs the nonce of this answer",                             \
      "Make a new proof with the nonce that DPoP-Nonce has, and send the "    \
      "request again.")                                                       \
    P(KEY_MISMATCH, 401, "key-mismatch",                                      \
      "The token is bound to another key",                                    \
      "Sign with the key that the token's cnf.jkt names and that belongs to"  \
      " the token's client.")                                                 \
    P(SIGNATURE_MISSING, 401, "signature-missing",                            \
      "A signature for this service is needed",                               \
      "Sign the request (RFC 9421) with the tag that Accept-Signature "       \
      "names.")                                                               \
    P(SIGNATURE_MALFORMED, 401, "signature-malformed",                        \
      "The signature's fields cannot be read",                                \
      "Write Signature-Input and Signature as RFC 9421 and RFC 9651 say.")    \
    P(SIGNATURE_INCOMPLETE, 401, "signature-incomplete",                      \
      "The signature does not cover all that it must",                        \
      "Cover the components and send the parameters that Accept-Signature "   \
      "lists, and Content-Digest where there is content.")                    \
    P(SIGNATURE_EXPIRED, 401, "signature-expired",                            \
      "The signature was not made just now",                                  \
      "Sign the request again, and check the clock that `created` comes "     \
      "from.")                                                                \
    P(SIGNATURE_INVALID, 401, "signature-invalid",                            \
      "The signature is not valid for this request",                          \
      "Check keyid and key, the signature base, and that nothing on the way"  \
      " changes what is covered.")                                            \
    P(SIGNATURE_REPLAYED, 401, "signature-replayed",                          \
      "The signature has been used before",                                   \
      "Sign each request anew, with a nonce of its own.")                     \
    P(SCOPE_INSUFFICIENT, 403, "scope-insufficient",                          \
      "The token's scope does not allow this",                                \
      "Get a token with the scope that the operation needs; a partner's key"  \
      " must allow it too.")                                                  \
    P(ROLE_FORBIDDEN, 403, "role-forbidden",                                  \
      "This role may not do this",                                            \
      "Let a manager of the enterprise do it, or the holder of the "          \
      "certificate.")                                                         \
    P(CERTIFICATE_FORBIDDEN, 403, "certificate-forbidden",                    \
      "The certificate is not one of the token's",                            \
      "Name a certificate that GET /v1/session lists.")                       \
    P(CLIENT_CERTIFICATE_REQUIRED, 403, "client-certificate-required",        \
      "A client certificate of the CA is needed",                             \
      "Connect with the client certificate of a lock of the CA.")             \
    P(HOLDER_NOT_REGISTERED, 403, "holder-not-registered",                    \
      "The registry has no such holder",                                      \
      "Choose a holder of the registry, or ask its keeper to add this one.")  \
    P(NOT_FOUND, 404, "not-found",                                            \
      "There is nothing at this address",                                     \
      "Compare the address with the API's description.")                      \
    P(ORDER_NOT_FOUND, 404, "order-not-found",                                \
      "There is no such order",                                               \
      "Take the id of an order from GET /v1/orders.")                         \
    P(METHOD_NOT_ALLOWED, 405, "method-not-allowed",                          \
      "This address does not allow the method",                               \
      "Use a method that Allow lists.")                                       \
    P(PRICE_CHANGED, 409, "price-changed",                                    \
      "The price is not the one that was shown",                              \
      "Show the price that `amount` and `quote` tell, and order again when "  \
      "it is agreed to.")                                                     \
    P(IDEMPOTENCY_IN_PROGRESS, 409, "idempotency-in-progress",                \
      "The same request is still being worked on",                            \
      "Wait as long as Retry-After says, then send the same request again.")  \
    P(ORDER_STATE_CONFLICT, 409, "order-state-conflict",                      \
      "The order's state does not allow this",                                \
      "Read the order again before changing it.")                             \
    P(CONTENT_TOO_LARGE, 413, "content-too-large",                            \
      "The content is too large",                                             \
      "Send no more content than the API's description allows.")              \
    P(UNSUPPORTED_MEDIA_TYPE, 415, "unsupported-media-type",                  \
      "The content must be application/json",                                 \
      "Send JSON, with Content-Type: application/json.")                      \
    P(VALIDATION_FAILED, 422, "validation-failed",                            \
      "Some values need to be corrected",                                     \
      "Correct each of the values that `errors` lists.")                      \
    P(IDEMPOTENCY_KEY_REUSED, 422, "idempotency-key-reused",                  \
      "The Idempotency-Key belongs to another request",                       \
      "Send a new Idempotency-Key with another request; a used one only "     \
      "repeats its own.")                                                     \
    P(CERTIFICATE_EXPIRED, 422, "certificate-expired",                        \
      "The certificate has expired",                                          \
      "Have the certificate renewed first.")                                  \
    P(CERTIFICATE_UNSUPPORTED, 422, "certificate-unsupported-hardware",       \
      "The certificate's hardware is not served",                             \
      "Have the certificate moved to hardware that is served first.")         \
    P(PLATFORM_ALREADY_HELD, 422, "platform-already-held",                    \
      "The certificate has the platform already",                             \
      "Leave out the platforms that `errors` lists.")                         \
    P(RATE_LIMITED, 429, "rate-limited",                                      \
      "Too many requests",                                                    \
      "Wait as long as Retry-After says, and send fewer requests.")           \
    P(INTERNAL_ERROR, 500, "internal-error",                                  \
      "The service failed to answer",                                         \
      "Send the request again later; tell the operator its `instance` if "    \
      "that does not help.")                                                  \
    P(PAYMENT_UNAVAILABLE, 502, "payment-unavailable",                        \
      "The payment channel does not answer",                                  \
      "Try again after Retry-After, or pay through another channel.")         \
    P(LOG_UNAVAILABLE, 503, "log-unavailable",                                \
      "Orders cannot be recorded at the moment",                              \
      "Send the same request after Retry-After, an order with the same "      \
      "Idempotency-Key: should it have been recorded, the answer tells so.")  \
    P(REPLAY_CACHE_FULL, 503, "replay-cache-full",                            \
      "Signed requests cannot be checked at the moment",                      \
      "Send the request again, signed anew, after Retry-After; nothing was "  \
      "done.")


typedef enum {
    CAPLAT_NO_PROBLEM,
#define CAPLAT_PROBLEM_ENUM(name, status, word, title, detail)                \
    CAPLAT_PROBLEM_##name,
    CAPLAT_PROBLEMS(CAPLAT_PROBLEM_ENUM)
#undef CAPLAT_PROBLEM_ENUM
    CAPLAT_PROBLEM_COUNT                /* how many there are, and one */
} caplat_problem;


/* A refusal: what the caller is told, and what the log is told. */
typedef struct {
    caplat_problem   problem;
    const char      *reason;            /* static word, e.g. "proof-ath" */
} caplat_denial;


/*
 * Fill denial; always false, so that a caller can return it. Inline, so that
 * the compiler knows that too.
 */
static inline bool
caplat_deny(caplat_denial *denial, caplat_problem problem, const char *reason)
{
    *denial = (caplat_denial) { problem, reason };

    return false;
}


/* Of a problem that is one. */
unsigned caplat_problem_status(caplat_problem problem);
caplat_slice caplat_problem_name(caplat_problem problem);
caplat_slice caplat_problem_title(caplat_problem problem);
caplat_slice caplat_problem_detail(caplat_problem problem);

/* Whether its type is registered with IANA, which all digest-* are. */
bool caplat_problem_is_iana(caplat_problem problem);

/* The problem of a name; CAPLAT_NO_PROBLEM when there is none such. */
caplat_problem caplat_problem_find(caplat_slice name);


#endif /* CAPLAT_PROBLEM_H */
