/*
 * What a body asks to buy, a quote or an order: platforms for a certificate,
 * judged by the token and the card.
 */

#ifndef CAPLAT_BUY_H
#define CAPLAT_BUY_H

#include "caplat_answer.h"
#include "caplat_body.h"
#include "caplat_json.h"


typedef struct {
    const caplat_cert    *cert;         /* NULL when that is a fault */
    caplat_certificate    certificate;
    char                  lock[32];     /* its name, which that points to */
    caplat_choice         choice;
    size_t                held_count;   /* of the choice, and faults */
} caplat_buy;


/* Whether it is the caller's own certificate, as far as the token tells. */
bool caplat_cert_is_own(const caplat_claims *claims, const caplat_cert *cert);

/*
 * Read `certificate` and `platforms`; other faults may be added behind theirs.
 *
 * by_role  an individual may do it for the own certificate only: one whose
 *          holder has the token's name, where both are known
 * denial   CERTIFICATE_FORBIDDEN, ROLE_FORBIDDEN, CERTIFICATE_UNSUPPORTED,
 *          CERTIFICATE_EXPIRED, in this order
 */
bool caplat_buy_read(const caplat_json *body, const caplat_claims *claims,
    const caplat_tariff *tariff, bool by_role, int64_t now, caplat_buy *buy,
    caplat_faults *faults, caplat_denial *denial);

/*
 * Price it, unless there are faults.
 *
 * denial  PLATFORM_ALREADY_HELD (no other faults than that),
 *         VALIDATION_FAILED
 */
bool caplat_buy_price(const caplat_buy *buy, const caplat_tariff *tariff,
    int64_t now, caplat_quote *quote, caplat_faults *faults,
    caplat_denial *denial);


#endif /* CAPLAT_BUY_H */
