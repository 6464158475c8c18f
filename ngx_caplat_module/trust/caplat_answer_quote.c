#include "caplat_answer.h"

#include "caplat_buy.h"
#include "caplat_member.h"


/* A quote does not outlive its certificate. */
static int64_t
expiry_of(const caplat_cert *cert, int64_t now)
{
    return cert->expires - now < CAPLAT_QUOTE_LIFE ? cert->expires
                                                   : now + CAPLAT_QUOTE_LIFE;
}


static bool
answer(const caplat_rates *rates, const caplat_claims *claims,
    const caplat_json *body, int64_t now, caplat_writer *out,
    int64_t *total_fen, caplat_faults *faults, caplat_denial *denial)
{
    static const caplat_slice  names[] = {
        CAPLAT_INIT("certificate"), CAPLAT_INIT("platforms")
    };

    const caplat_tariff  *tariff = &rates->tariff;
    caplat_buy            buy;
    caplat_quote          quote;

    if (!caplat_buy_read(body, claims, tariff, false, now, &buy, faults,
                         denial))
    {
        return false;
    }

    caplat_body_members(body, CAPLAT_LIT("#"), names, CAPLAT_COUNT(names),
        faults);

    if (!caplat_buy_price(&buy, tariff, now, &quote, faults, denial)) {
        return false;
    }

    caplat_member(out, CAPLAT_LIT("{\"rates\":"),
        caplat_slice_of(rates->id, sizeof(rates->id)));
    caplat_member(out, CAPLAT_LIT(",\"card\":"), tariff->id);
    caplat_member(out, CAPLAT_LIT(",\"certificate\":"), buy.cert->serial);
    caplat_put(out, CAPLAT_LIT(","));
    caplat_price_write(out, tariff, &quote);
    caplat_member_number(out, CAPLAT_LIT(",\"issued\":"), now);
    caplat_member_number(out, CAPLAT_LIT(",\"expires\":"),
        expiry_of(buy.cert, now));
    caplat_put(out, CAPLAT_LIT("}"));

    if (out->full) {
        return caplat_deny(denial, CAPLAT_PROBLEM_INTERNAL_ERROR,
            "answer-room");
    }

    *total_fen = quote.total_fen;

    return true;
}


bool
caplat_answer_quote(const caplat_rates *rates, const caplat_claims *claims,
    caplat_slice body, int64_t now, caplat_writer *out, int64_t *total_fen,
    caplat_faults *faults, caplat_denial *denial)
{
    caplat_json  *object;
    bool          answered;

    caplat_faults_clear(faults, false);

    if (!caplat_body_open(body, &object, faults, denial)) {
        return false;
    }

    answered = answer(rates, claims, object, now, out, total_fen, faults,
        denial);
    caplat_json_close(object);

    return answered;
}
