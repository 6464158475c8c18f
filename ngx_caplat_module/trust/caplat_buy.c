#include "caplat_buy.h"


bool
caplat_cert_is_own(const caplat_claims *claims, const caplat_cert *cert)
{
    return claims->name.len == 0 || cert->holder.len == 0
           || caplat_slice_eq(claims->name, cert->holder);
}


/* A certificate that can have platforms added; NULL, and denied, if not. */
static const caplat_cert *
find_cert(caplat_slice serial, const caplat_claims *claims,
    const caplat_tariff *tariff, bool by_role, int64_t now,
    caplat_denial *denial)
{
    const caplat_cert  *cert = caplat_claims_cert(claims, serial);

    if (cert == NULL) {
        (void) caplat_deny(denial, CAPLAT_PROBLEM_CERTIFICATE_FORBIDDEN,
            "certificate-foreign");

    } else if (by_role && claims->role == CAPLAT_INDIVIDUAL
               && !caplat_cert_is_own(claims, cert))
    {
        (void) caplat_deny(denial, CAPLAT_PROBLEM_ROLE_FORBIDDEN,
            "certificate-of-another");
        cert = NULL;

    } else if (caplat_tariff_refuses(tariff, cert->vendor)) {
        (void) caplat_fault_deny(denial, CAPLAT_VENDOR_NOT_SERVED);
        cert = NULL;

    } else if (cert->expires <= now) {
        (void) caplat_fault_deny(denial, CAPLAT_CERTIFICATE_EXPIRED);
        cert = NULL;
    }

    return cert;
}


bool
caplat_buy_read(const caplat_json *body, const caplat_claims *claims,
    const caplat_tariff *tariff, bool by_role, int64_t now, caplat_buy *buy,
    caplat_faults *faults, caplat_denial *denial)
{
    caplat_slice  serial;

    buy->cert = NULL;
    buy->held_count = 0;
    caplat_body_serial(body, true, &serial, faults);

    if (serial.len != 0) {
        buy->cert = find_cert(serial, claims, tariff, by_role, now, denial);

        if (buy->cert == NULL) {
            return false;
        }

        caplat_cert_price(buy->cert, claims, tariff, buy->lock,
            &buy->certificate);
    }

    caplat_body_platforms(body, tariff, CAPLAT_CHOICE_MAX, &buy->choice,
        faults);

    if (buy->cert != NULL) {
        buy->held_count = caplat_body_can_add(&buy->choice, tariff,
            &buy->certificate, faults);
    }

    return true;
}


/* What of the body is to blame. */
static caplat_slice
pointer_of(caplat_code code)
{
    switch (code) {

    case CAPLAT_TERM_TOO_LONG:
    case CAPLAT_CERTIFICATE_EXPIRED:
    case CAPLAT_VENDOR_NOT_SERVED:
        return CAPLAT_LIT("#/certificate");

    case CAPLAT_CARD_NOT_VALID:
        return CAPLAT_LIT("#");

    default:
        return CAPLAT_LIT("#/platforms");
    }
}


bool
caplat_buy_price(const caplat_buy *buy, const caplat_tariff *tariff,
    int64_t now, caplat_quote *quote, caplat_faults *faults,
    caplat_denial *denial)
{
    caplat_err  err;

    if (faults->count != 0) {
        bool  only_held = faults->count == buy->held_count;

        return caplat_deny(denial, only_held
            ? CAPLAT_PROBLEM_PLATFORM_ALREADY_HELD
            : CAPLAT_PROBLEM_VALIDATION_FAILED, faults->list[0].code);
    }

    caplat_assert(buy->cert != NULL);

    if (caplat_quote_make(tariff, &buy->certificate, buy->choice.list,
                          buy->choice.count, caplat_day_in_beijing(now), quote,
                          &err))
    {
        return true;
    }

    caplat_fault_add_code(faults, pointer_of(err.code), err.code);

    return caplat_fault_deny(denial, err.code);
}
