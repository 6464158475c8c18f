#include "caplat_job_inner.h"

#include "caplat_member.h"
#include "caplat_price.h"


#define DAY_MS  INT64_C(86400000)


static caplat_verdict
refuse(caplat_job *job, caplat_problem problem, const char *reason)
{
    (void) caplat_job_refuse(job, problem, reason);

    return CAPLAT_VERDICT_REFUSE;
}


/* Whether the Idempotency-Key is known, by the key of now or of before. */
static caplat_verdict
judge_key(caplat_job *job, const caplat_view *view, int64_t now_ms)
{
    const caplat_placing  *placing = job->placing;
    caplat_order_row       row;
    uint64_t               number;

    job->number = 0;

    for (size_t i = 0; i < job->conf->hash.count; i++) {
        if (!caplat_view_key(view, caplat_raw_slice(&placing->org),
                             placing->key_hash[i], &number, &row)
            || now_ms - row.created_ms > CAPLAT_KEY_DAYS * DAY_MS)
        {
            continue;
        }

        job->number = number;

        if (memcmp(row.print, placing->print[i], CAPLAT_PRINT_LEN) != 0) {
            (void) refuse(job, CAPLAT_PROBLEM_IDEMPOTENCY_KEY_REUSED,
                "idempotency-key-reused");
            job->reply.faults = NULL;

            return CAPLAT_VERDICT_REFUSE;
        }

        return CAPLAT_VERDICT_REPLAY;
    }

    return CAPLAT_VERDICT_ORDER;
}


static bool
holds(const caplat_certificate *certificate, size_t platform_at)
{
    for (size_t i = 0; i < certificate->held_count; i++) {
        if (certificate->held[i] == platform_at) {
            return true;
        }
    }

    return false;
}


/* The token's platforms and the ledger's: a token can be older than an
   order. */
static void
unite(caplat_placing *placing)
{
    const caplat_tariff  *tariff = &placing->rates->tariff;
    caplat_certificate   *certificate = &placing->certificate;
    caplat_cursor         c = caplat_cursor_of(
        caplat_slice_of(placing->held.held, placing->held.held_len));
    caplat_slice          id;

    *certificate = placing->buy.certificate;

    while (caplat_cursor_left(&c) != 0) {
        size_t  at;

        caplat_cert_take(&c, &id);
        at = caplat_tariff_platform(tariff, id);
        certificate->base = CAPLAT_BASE_PAID;

        if (at != CAPLAT_ANY && !holds(certificate, at)) {
            certificate->held[certificate->held_count++] = at;
        }
    }
}


/* What it costs now, for a page that shows both. */
static caplat_verdict
refuse_price(caplat_job *job, const char *reason)
{
    const caplat_placing  *placing = job->placing;
    caplat_writer          w = caplat_job_writer(job, CAPLAT_ANSWER_ROOM);

    caplat_member_number(&w, CAPLAT_LIT(",\"amount\":"),
        placing->quote.total_fen);
    caplat_member(&w, CAPLAT_LIT(",\"quote\":{\"rates\":"),
        caplat_slice_of(placing->rates->id, sizeof(placing->rates->id)));
    caplat_put(&w, CAPLAT_LIT(","));
    caplat_price_write(&w, &placing->rates->tariff, &placing->quote);
    caplat_put(&w, CAPLAT_LIT("},\"reason\":"));
    caplat_put_word(&w, reason);

    job->reply.text = caplat_written(&w);
    job->reply.amount_fen = placing->quote.total_fen;

    return refuse(job, CAPLAT_PROBLEM_PRICE_CHANGED, reason);
}


static caplat_verdict
judge_price(caplat_job *job, int64_t now_ms)
{
    caplat_placing      *placing = job->placing;
    const caplat_rates  *rates = placing->rates;
    caplat_buy           buy = placing->buy;
    caplat_denial        denial;

    unite(placing);
    caplat_faults_clear(&job->faults, false);
    buy.certificate = placing->certificate;
    buy.held_count = caplat_body_can_add(&buy.choice, &rates->tariff,
        &buy.certificate, &job->faults);

    if (!caplat_buy_price(&buy, &rates->tariff, now_ms / 1000, &placing->quote,
                          &job->faults, &denial))
    {
        return refuse(job, denial.problem, denial.reason);
    }

    if (placing->form.rates.len != 0
        && !caplat_slice_eq(placing->form.rates,
                            caplat_slice_of(rates->id, sizeof(rates->id))))
    {
        return refuse_price(job, "rates-changed");
    }

    if (placing->form.amount_fen != placing->quote.total_fen) {
        return refuse_price(job, "amount-changed");
    }

    return CAPLAT_VERDICT_ORDER;
}


/* One order at a time for a certificate. */
static caplat_verdict
judge_unfinished(caplat_job *job, const caplat_view *view, int64_t now_ms)
{
    caplat_placing    *placing = job->placing;
    caplat_order_row   row;
    caplat_writer      w;

    placing->lapsed = 0;

    if (placing->held.unfinished == 0) {
        return CAPLAT_VERDICT_ORDER;
    }

    if (!caplat_view_order(view, placing->held.unfinished, &row)) {
        return refuse(job, CAPLAT_PROBLEM_INTERNAL_ERROR, "index");
    }

    if (caplat_order_state(&row, UINT64_MAX, now_ms / 1000)
        == CAPLAT_STATE_LAPSED)
    {
        placing->lapsed = placing->held.unfinished;
        placing->lapsed_id_len = row.id_len;
        memcpy(placing->lapsed_id, row.id, row.id_len);

        return CAPLAT_VERDICT_ORDER;
    }

    w = caplat_job_writer(job, 64 + CAPLAT_ORDER_ID_LEN_MAX);
    caplat_member(&w, CAPLAT_LIT(",\"order\":"),
        caplat_slice_of(row.id, row.id_len));
    job->reply.text = caplat_written(&w);

    return refuse(job, CAPLAT_PROBLEM_ORDER_STATE_CONFLICT,
        "order-unfinished");
}


/* The first answer comes again whatever has changed since: a token that knows
   of the platforms by now, a certificate that has expired, another card. */
caplat_verdict
caplat_order_judge_known(caplat_job *job, const caplat_view *view,
    int64_t now_ms)
{
    const caplat_denial  *denial = &job->placing->denial;
    caplat_verdict        verdict = judge_key(job, view, now_ms);

    return verdict == CAPLAT_VERDICT_ORDER
           && denial->problem != CAPLAT_NO_PROBLEM
           ? refuse(job, denial->problem, denial->reason) : verdict;
}


caplat_verdict
caplat_order_judge(caplat_job *job, const caplat_view *view, int64_t now_ms)
{
    caplat_placing  *placing = job->placing;
    caplat_verdict   verdict = caplat_order_judge_known(job, view, now_ms);

    if (verdict != CAPLAT_VERDICT_ORDER) {
        return verdict;
    }

    if (!caplat_view_cert(view, caplat_raw_slice(&placing->org),
                          caplat_raw_slice(&placing->ca),
                          caplat_raw_slice(&placing->cert), &placing->held))
    {
        placing->held.last = 0;
        placing->held.unfinished = 0;
        placing->held.held_len = 0;
    }

    verdict = judge_price(job, now_ms);

    return verdict == CAPLAT_VERDICT_ORDER
           ? judge_unfinished(job, view, now_ms) : verdict;
}
