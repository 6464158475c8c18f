/*
 * Holders and their certificates, for the built-in issuer: a JSON file that
 * an operator keeps (or that a nightly export of the CA writes).
 *
 *   {"holders":[
 *     {"id":"demo-manager",            1..32 of [a-z0-9-], unique
 *      "label":"管理员 …",              1..64 characters, for who chooses
 *      "subject":"u-…",                the token's sub, 1..128 bytes
 *      "name":"王某",                   1..64 characters, may be absent
 *      "role":"manager"|"individual",
 *      "org":{"id":USCC,"name":W,"city":CODE},
 *      "certs":[{...}],                as in the token, 1..8; instead of
 *                                      "exp" may stand "exp_days":N, days
 *                                      from now, also negative: for samples
 *      "tls":[{"issuer":DN,"serial":HEX},...]}]}
 *                                      client certificates that sign in as
 *                                      this holder: issuer as nginx's
 *                                      $ssl_client_i_dn (RFC 2253), serial
 *                                      as $ssl_client_serial; 1..8, may be
                                      absent
 *
 * There is at least one holder. Members that are not named here are faults,
 * and so is a holder whose claims are longer than CAPLAT_HOLDER_CLAIMS_MAX:
 * no token could hold them. Two holders may have the same client certificate
 * or the same subject, a person in two roles.
 */

#ifndef CAPLAT_REGISTRY_H
#define CAPLAT_REGISTRY_H

#include "caplat_err.h"
#include "caplat_slice.h"
#include "caplat_write.h"


#define CAPLAT_REGISTRY_LEN_MAX   (16 * 1024 * 1024)
#define CAPLAT_HOLDER_CLAIMS_MAX  3584  /* bytes: what a token of 6144 has
                                           besides issuer, audience, times */
#define CAPLAT_HOLDER_TLS_MAX     8     /* client certificates of a holder */
#define CAPLAT_HOLDER_DAYS_MAX    36500 /* exp_days, either way */
#define CAPLAT_HOLDER_LEN_MAX     2048  /* bytes that caplat_holder_write
                                           writes */


typedef struct caplat_registry  caplat_registry;
typedef struct caplat_holder  caplat_holder;


/*
 * registry  owns all; text may go. Untouched on false
 * err       at: the byte in text of the value that is wrong, or of the object
 *           where one is missing. Codes of caplat_json_open, and MISSING_KEY,
 *           UNKNOWN_KEY, NOT_WORDS, NOT_A_NAME, NOT_ONE_OF, NOT_A_NUMBER,
 *           NOT_A_REGION, TWICE, TOO_MANY, TOO_LARGE
 */
bool caplat_registry_read(caplat_slice text, caplat_registry **registry,
    caplat_err *err);
void caplat_registry_close(caplat_registry *registry);      /* NULL too */

size_t caplat_registry_count(const caplat_registry *registry);

/* NULL when there is none such. */
const caplat_holder *caplat_registry_holder(const caplat_registry *registry,
    caplat_slice id);

/* The holders of a client certificate: the n-th, NULL when there are less. */
const caplat_holder *caplat_registry_tls(const caplat_registry *registry,
    caplat_slice issuer, caplat_slice serial, size_t n);

/* The n-th of the registry, in the file's order; n < its count. */
const caplat_holder *caplat_registry_at(const caplat_registry *registry,
    size_t n);

caplat_slice caplat_holder_id(const caplat_holder *holder);

/* {"id":...,"label":...,"role":...,"enterprise":W}, for who chooses. */
void caplat_holder_write(const caplat_holder *holder, caplat_writer *w);

/*
 * What a token says of a holder, members without braces:
 *
 *   "sub":...,"roles":[...],"org":{...},"certs":[...],"name":...
 */
void caplat_holder_claims(const caplat_holder *holder, int64_t now,
    caplat_writer *w);


#endif /* CAPLAT_REGISTRY_H */
