#include "gen_fee.h"


bool
gen_fee_of(const gen_catalogue *catalogue, size_t platform_at,
    gen_fee_case which, caplat_date day, gen_fee *fee)
{
    caplat_tariff        open = catalogue->tariff;
    caplat_certificate   certificate = { .base = CAPLAT_BASE_PAID };
    caplat_quote         quote;
    caplat_err           err;

    open.platforms[platform_at].status = CAPLAT_OPEN;
    certificate.months = 12;

    if (which == GEN_FEE_REGISTERED) {
        certificate.region = open.platforms[platform_at].region;
    }

    if (!caplat_quote_make(&open, &certificate, &platform_at, 1, day, &quote,
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
