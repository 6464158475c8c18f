#include "gen_fee.h"


bool
gen_fee_quote(const gen_catalogue *catalogue,
    const caplat_certificate *certificate, const size_t *choice,
    size_t choice_count, caplat_date day, caplat_quote *quote,
    caplat_err *err)
{
    caplat_tariff  open = catalogue->tariff;

    for (size_t i = 0; i != choice_count; i++) {
        open.platforms[choice[i]].status = CAPLAT_OPEN;
    }

    return caplat_quote_make(&open, certificate, choice, choice_count, day,
                             quote, err);
}


bool
gen_fee_of(const gen_catalogue *catalogue, size_t platform_at,
    gen_fee_case which, caplat_date day, gen_fee *fee)
{
    caplat_certificate   certificate = { .base = CAPLAT_BASE_PAID };
    caplat_quote         quote;
    caplat_err           err;

    certificate.months = 12;

    if (which == GEN_FEE_REGISTERED) {
        certificate.region = catalogue->tariff.platforms[platform_at].region;
    }

    if (!gen_fee_quote(catalogue, &certificate, &platform_at, 1, day, &quote,
                       &err))
    {
        return false;
    }

    *fee = (gen_fee) {
        .fen = quote.total_fen,
        .per_year = quote.lines[0].is_prorated,
        .reason = quote.lines[0].reason,
    };

    return true;
}
