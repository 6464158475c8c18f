#include "caplat_answer.h"

#include "caplat_buy.h"
#include "caplat_form.h"
#include "caplat_member.h"


static void
write_quote(caplat_writer *out, const caplat_rates *rates,
    const caplat_quote *quote)
{
    caplat_member(out, CAPLAT_LIT("{\"rates\":"),
        caplat_slice_of(rates->id, sizeof(rates->id)));
    caplat_put(out, CAPLAT_LIT(","));
    caplat_price_write(out, &rates->tariff, quote);
    caplat_put(out, CAPLAT_LIT("}"));
}


/* Whether the caller was shown this card, and this total of it. */
static bool
check_shown(const caplat_rates *rates, const caplat_form *form,
    int64_t total_fen, caplat_denial *denial)
{
    if (form->rates.len != 0
        && !caplat_slice_eq(form->rates, caplat_slice_of(rates->id,
                                                         sizeof(rates->id))))
    {
        return caplat_deny(denial, CAPLAT_PROBLEM_PRICE_CHANGED,
            "rates-changed");
    }

    return form->amount_fen == total_fen
        || caplat_deny(denial, CAPLAT_PROBLEM_PRICE_CHANGED, "amount-changed");
}


static bool
answer(const caplat_rates *rates, const caplat_claims *claims,
    const caplat_json *body, int64_t now, caplat_writer *out,
    int64_t *total_fen, caplat_faults *faults, caplat_denial *denial)
{
    caplat_buy    buy;
    caplat_form   form;
    caplat_quote  quote;

    if (!caplat_buy_read(body, claims, &rates->tariff, true, now, &buy,
                         faults, denial))
    {
        return false;
    }

    /* Its faults stand in the list, which pricing looks at. */
    (void) caplat_form_read(body, &form, faults);

    if (!caplat_buy_price(&buy, &rates->tariff, now, &quote, faults, denial)) {
        return false;
    }

    write_quote(out, rates, &quote);

    if (out->full) {
        return caplat_deny(denial, CAPLAT_PROBLEM_INTERNAL_ERROR,
            "answer-room");
    }

    *total_fen = quote.total_fen;

    return check_shown(rates, &form, quote.total_fen, denial);
}


bool
caplat_answer_order(const caplat_rates *rates, const caplat_claims *claims,
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
