#include "caplat_answer.h"

#include "caplat_body.h"
#include "caplat_form.h"
#include "caplat_member.h"


static void
put_scopes(caplat_writer *w, unsigned scopes)
{
    static const char *const  names[] = {
        "ca:quote", "ca:order", "ca:read", "ca:admin"
    };

    bool  is_first = true;

    caplat_put(w, CAPLAT_LIT(",\"scopes\":["));

    for (size_t i = 0; i < CAPLAT_COUNT(names); i++) {
        if ((scopes & 1u << i) != 0) {
            caplat_put(w, is_first ? CAPLAT_LIT("") : CAPLAT_LIT(","));
            caplat_put_word(w, names[i]);
            is_first = false;
        }
    }

    caplat_put(w, CAPLAT_LIT("]"));
}


static void
put_channels(caplat_writer *w, unsigned channels)
{
    bool  is_first = true;

    caplat_put(w, CAPLAT_LIT(",\"channels\":["));

    for (size_t i = CAPLAT_ALIPAY; i < CAPLAT_CHANNEL_COUNT; i++) {
        if ((channels & 1u << i) != 0) {
            caplat_put(w, is_first ? CAPLAT_LIT("") : CAPLAT_LIT(","));
            caplat_put_string(w, caplat_channel_word((caplat_channel) i));
            is_first = false;
        }
    }

    caplat_put(w, CAPLAT_LIT("]"));
}


/* What is on the certificate; what the card knows no more has no name. */
static void
put_held(caplat_writer *w, const caplat_cert *cert,
    const caplat_tariff *tariff)
{
    caplat_cursor  c = caplat_cursor_of(cert->held);
    caplat_slice   id;

    caplat_put(w, CAPLAT_LIT(",\"held\":["));

    for (size_t i = 0; i < cert->held_count; i++) {
        size_t  at;

        caplat_cert_take(&c, &id);
        at = caplat_tariff_platform(tariff, id);
        caplat_member(w, i != 0 ? CAPLAT_LIT(",{\"platform\":")
                           : CAPLAT_LIT("{\"platform\":"), id);
        caplat_member_or_null(w, CAPLAT_LIT(",\"name\":"), at != CAPLAT_ANY
            ? tariff->platforms[at].name : caplat_slice_of("", 0));
        caplat_put(w, CAPLAT_LIT("}"));
    }

    caplat_put(w, CAPLAT_LIT("]"));
}


/* How many platforms are open and not on the certificate. */
static size_t
count_available(const caplat_certificate *certificate,
    const caplat_tariff *tariff)
{
    bool    held[CAPLAT_PLATFORMS_MAX] = { false };
    size_t  count = 0;

    for (size_t i = 0; i < certificate->held_count; i++) {
        held[certificate->held[i]] = true;
    }

    for (size_t i = 0; i < tariff->platform_count; i++) {
        count += !held[i] && tariff->platforms[i].status == CAPLAT_OPEN;
    }

    return count;
}


/*
 * Why nothing can be added; empty when something can. A maker that is not
 * served comes first: to extend such a key would be in vain.
 */
static caplat_slice
reason_of(const caplat_cert *cert, const caplat_tariff *tariff, int64_t now,
    size_t available)
{
    if (caplat_tariff_refuses(tariff, cert->vendor)) {
        return CAPLAT_LIT("certificate-unsupported-hardware");
    }

    if (cert->expires <= now) {
        return CAPLAT_LIT("certificate-expired");
    }

    return available == 0 ? CAPLAT_LIT("all-held") : CAPLAT_LIT("");
}


static void
put_cert(caplat_writer *w, const caplat_rates *rates,
    const caplat_claims *claims, const caplat_cert *cert, int64_t now)
{
    const caplat_tariff  *tariff = &rates->tariff;
    char                  lock[32];
    caplat_certificate    certificate;
    int32_t               left = 0;
    size_t                available;
    caplat_slice          reason;

    caplat_cert_price(cert, claims, tariff, lock, &certificate);
    available = count_available(&certificate, tariff);
    reason = reason_of(cert, tariff, now, available);

    if (cert->expires > now) {
        left = caplat_date_number(certificate.until)
               - caplat_date_number(caplat_day_in_beijing(now)) + 1;
    }

    caplat_member(w, CAPLAT_LIT("{\"certificate\":"), cert->serial);
    caplat_member(w, CAPLAT_LIT(",\"ca\":"), cert->ca);
    caplat_member_or_null(w, CAPLAT_LIT(",\"vendor\":"), cert->vendor);
    caplat_member(w, CAPLAT_LIT(",\"lock\":"), cert->lock);
    caplat_member_or_null(w, CAPLAT_LIT(",\"holder\":"), cert->holder);
    caplat_member_number(w, CAPLAT_LIT(",\"expires\":"), cert->expires);
    caplat_member_number(w, CAPLAT_LIT(",\"days_left\":"), left);
    put_held(w, cert, tariff);
    caplat_put(w, reason.len == 0 ? CAPLAT_LIT(",\"can_add\":true")
                                 : CAPLAT_LIT(",\"can_add\":false"));
    caplat_member_or_null(w, CAPLAT_LIT(",\"reason\":"), reason);
    caplat_member_or_null(w, CAPLAT_LIT(",\"note\":"),
        left > 0 && left <= CAPLAT_SOON_DAYS
        ? CAPLAT_LIT("certificate-expires-soon") : CAPLAT_LIT(""));
    caplat_member_number(w, CAPLAT_LIT(",\"available\":"), (int64_t) available);
    caplat_put(w, CAPLAT_LIT("}"));
}


bool
caplat_answer_session(const caplat_rates *rates, const caplat_claims *claims,
    unsigned scopes, unsigned channels, int64_t now, caplat_writer *out,
    caplat_denial *denial)
{
    caplat_put(out, claims->role == CAPLAT_MANAGER
        ? CAPLAT_LIT("{\"role\":\"manager\"")
        : CAPLAT_LIT("{\"role\":\"individual\""));
    caplat_member_or_null(out, CAPLAT_LIT(",\"name\":"), claims->name);
    caplat_member(out, CAPLAT_LIT(",\"client\":"), claims->client_id);
    caplat_member_number(out, CAPLAT_LIT(",\"expires\":"), claims->expires);
    put_scopes(out, scopes);
    put_channels(out, channels);
    caplat_member(out, CAPLAT_LIT(",\"enterprise\":{\"id\":"), claims->org_id);
    caplat_member(out, CAPLAT_LIT(",\"name\":"), claims->org_name);
    caplat_member_region(out, CAPLAT_LIT(",\"city\":"), claims->city);
    caplat_put(out, CAPLAT_LIT("},\"certificates\":["));

    for (size_t i = 0; i < claims->cert_count; i++) {
        caplat_put(out, i != 0 ? CAPLAT_LIT(",") : CAPLAT_LIT(""));
        put_cert(out, rates, claims, &claims->certs[i], now);
    }

    caplat_put(out, CAPLAT_LIT("]}"));

    return !out->full
        || caplat_deny(denial, CAPLAT_PROBLEM_INTERNAL_ERROR, "answer-room");
}
