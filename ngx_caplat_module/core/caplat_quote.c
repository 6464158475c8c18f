#include "caplat_quote.h"

#include "caplat_prorate.h"
#include "caplat_rule.h"


_Static_assert(CAPLAT_FEN_MAX <= (INT64_C(1) << 61)
               / ((CAPLAT_CHOICE_MAX + 1) * CAPLAT_UNITS_MAX),
    "the sum of all parts fits");


/* A question on its way to an answer. */
typedef struct {
    const caplat_tariff       *tariff;
    const caplat_certificate  *certificate;
    const size_t              *choice;
    size_t                     count;
    caplat_date                day;
    caplat_date                until;   /* zero when the card does not ask */
    bool                       held[CAPLAT_PLATFORMS_MAX];
    bool                       chosen[CAPLAT_PLATFORMS_MAX];
    caplat_err                *err;
} asked;


static bool
check_card(const asked *q)
{
    return caplat_tariff_valid(q->tariff, q->day)
        || caplat_fail(q->err, CAPLAT_CARD_NOT_VALID, 0, "day");
}


/* Find the last valid day, which must lie ahead and not too far. */
static bool
check_term(asked *q)
{
    const caplat_certificate  *certificate = q->certificate;

    q->until = certificate->until;

    if (!caplat_date_given(q->until)) {
        if (certificate->months > CAPLAT_MONTHS_MAX) {
            return caplat_fail(q->err, CAPLAT_TERM_TOO_LONG, 0, "months");
        }

        if (certificate->months == 0) {
            return q->tariff->unit == CAPLAT_UNIT_NONE
                || caplat_fail(q->err, CAPLAT_CERTIFICATE_EXPIRED, 0,
                       "months");
        }

        q->until = caplat_date_until(q->day, certificate->months);
    }

    if (caplat_date_cmp(q->until, q->day) < 0) {
        return caplat_fail(q->err, CAPLAT_CERTIFICATE_EXPIRED, 0, "until");
    }

    return caplat_months_started(q->day, q->until) <= CAPLAT_MONTHS_MAX
        || caplat_fail(q->err, CAPLAT_TERM_TOO_LONG, 0, "until");
}


static bool
check_vendor(const asked *q)
{
    return !caplat_tariff_refuses(q->tariff, q->certificate->vendor)
        || caplat_fail(q->err, CAPLAT_VENDOR_NOT_SERVED, 0, "vendor");
}


/* Mark what is held and what is chosen; nothing may be chosen twice. */
static bool
check_duplicates(asked *q)
{
    const caplat_certificate  *certificate = q->certificate;

    for (size_t i = 0; i < certificate->held_count; i++) {
        caplat_assert(certificate->held[i] < q->tariff->platform_count);
        q->held[certificate->held[i]] = true;
    }

    for (size_t i = 0; i < q->count; i++) {
        caplat_assert(q->choice[i] < q->tariff->platform_count);

        if (q->chosen[q->choice[i]]) {
            return caplat_fail(q->err, CAPLAT_DUPLICATE, i, "add");
        }

        q->chosen[q->choice[i]] = true;
    }

    return true;
}


static bool
check_held(const asked *q)
{
    for (size_t i = 0; i < q->count; i++) {
        if (q->held[q->choice[i]]) {
            return caplat_fail(q->err, CAPLAT_PLATFORM_HELD, i, "add");
        }
    }

    return true;
}


static bool
check_none(const asked *q, caplat_status status, caplat_code code)
{
    for (size_t i = 0; i < q->count; i++) {
        if (q->tariff->platforms[q->choice[i]].status == status) {
            return caplat_fail(q->err, code, i, "add");
        }
    }

    return true;
}


static bool
relation_matches(caplat_relation relation, uint32_t region,
    uint32_t registered)
{
    bool  is_registered = region != 0 && region == registered;

    return relation == CAPLAT_REGION_ANY
        || (relation == CAPLAT_REGION_REGISTERED) == is_registered;
}


static const caplat_cover *
find_cover(const caplat_tariff *tariff, const caplat_certificate *certificate,
    const caplat_platform *platform)
{
    for (size_t i = 0; i < tariff->cover_count; i++) {
        const caplat_cover  *cover = &tariff->covers[i];

        if (cover->class_at == platform->class_at
            && relation_matches(cover->relation, platform->region,
                                certificate->region))
        {
            return cover;
        }
    }

    return NULL;
}


static bool
name_matches(caplat_slice wanted, caplat_slice name)
{
    return wanted.len == 0 || caplat_slice_eq(wanted, name);
}


static bool
rule_matches(const caplat_rule *rule, const caplat_certificate *certificate,
    uint32_t region, caplat_date day)
{
    return relation_matches(rule->relation, region, certificate->region)
        && name_matches(rule->lock, certificate->lock)
        && name_matches(rule->certificate, certificate->certificate)
        && name_matches(rule->vendor, certificate->vendor)
        && caplat_date_cmp(rule->from, day) <= 0
        && (!caplat_date_given(rule->until)
            || caplat_date_cmp(day, rule->until) <= 0);
}


/* The first that matches; the reader has seen to it that there is one. */
static const caplat_rule *
find_rule(const caplat_tariff *tariff, const caplat_certificate *certificate,
    size_t platform_at, caplat_date day)
{
    uint32_t  region = tariff->platforms[platform_at].region;
    size_t    at = 0;

    while (!caplat_rule_concerns(&tariff->rules[at], tariff, platform_at)
           || !rule_matches(&tariff->rules[at], certificate, region, day))
    {
        at++;
        caplat_assert(at < tariff->rule_count);
    }

    return &tariff->rules[at];
}


caplat_rate
caplat_quote_rate(const caplat_tariff *tariff,
    const caplat_certificate *certificate, size_t platform_at,
    caplat_date day)
{
    const caplat_cover  *cover;
    const caplat_rule   *rule;

    caplat_assert(platform_at < tariff->platform_count);

    cover = find_cover(tariff, certificate, &tariff->platforms[platform_at]);

    if (cover != NULL) {
        return (caplat_rate) { .is_covered = true, .reason = cover->reason };
    }

    rule = find_rule(tariff, certificate, platform_at, day);

    return (caplat_rate) { .per_year = rule->per_year,
        .price_fen = rule->price_fen, .reason = rule->reason };
}


static bool
is_base_due(const asked *q)
{
    const caplat_certificate  *certificate = q->certificate;

    return q->tariff->has_base
        && (certificate->base == CAPLAT_BASE_DUE
            || (certificate->base == CAPLAT_BASE_BY_HELD
                && certificate->held_count == 0));
}


/* Amounts are counted in fen / of. */
static int64_t
fractions(const caplat_tariff *tariff)
{
    return tariff->unit == CAPLAT_UNIT_NONE ? 1 : tariff->units_per_year;
}


static int64_t
price_base(const asked *q, caplat_line *line)
{
    *line = (caplat_line) { .platform_at = CAPLAT_ANY,
        .name = q->tariff->base_name, .reason = q->tariff->base_reason };

    return q->tariff->base_fen * fractions(q->tariff);
}


static int64_t
price_platform(const asked *q, size_t platform_at, caplat_line *line)
{
    const caplat_tariff  *tariff = q->tariff;
    caplat_rate           rate = caplat_quote_rate(tariff, q->certificate,
                                                   platform_at, q->day);

    *line = (caplat_line) { .platform_at = platform_at,
        .name = tariff->platforms[platform_at].name, .reason = rate.reason };

    if (rate.per_year && rate.price_fen != 0
        && tariff->unit != CAPLAT_UNIT_NONE)
    {
        line->is_prorated = true;
        line->units = caplat_prorate_units(tariff, q->day, q->until);

        return rate.price_fen * line->units;
    }

    return rate.price_fen * fractions(tariff);
}


/* Round the exact total once, then share it among the lines. */
static bool
add_up(const asked *q, const int64_t *parts, caplat_quote *quote)
{
    int64_t  of = fractions(q->tariff);
    int64_t  sum = 0;
    int64_t  total;
    int64_t  added = 0;
    int64_t  fees[CAPLAT_CHOICE_MAX + 1];

    for (size_t i = 0; i < quote->line_count; i++) {
        sum += parts[i];
    }

    total = caplat_fen_round(sum, of, q->tariff->round);

    if (!caplat_fen_valid(total)) {
        return caplat_fail(q->err, CAPLAT_TOTAL_TOO_LARGE, 0, "add");
    }

    caplat_fen_share(total, parts, of, fees, quote->line_count);

    for (size_t i = 0; i < quote->line_count; i++) {
        quote->lines[i].fee_fen = fees[i];
        caplat_assert(caplat_fen_add(added, fees[i], &added));
    }

    caplat_assert(added == total);
    quote->total_fen = total;

    return true;
}


/* The lines in the card's order, the base first. */
static bool
price_lines(const asked *q, caplat_quote *quote)
{
    caplat_quote  made;
    int64_t       parts[CAPLAT_CHOICE_MAX + 1];

    made.line_count = 0;
    made.total_fen = 0;

    if (is_base_due(q)) {
        parts[0] = price_base(q, &made.lines[0]);
        made.line_count = 1;
    }

    for (size_t i = 0; i < q->tariff->platform_count; i++) {
        if (q->chosen[i]) {
            size_t  at = made.line_count++;

            parts[at] = price_platform(q, i, &made.lines[at]);
        }
    }

    if (!add_up(q, parts, &made)) {
        return false;
    }

    /* Not as a whole: few orders fill all the lines. */
    quote->line_count = made.line_count;
    quote->total_fen = made.total_fen;

    for (size_t i = 0; i < made.line_count; i++) {
        quote->lines[i] = made.lines[i];
    }

    return true;
}


bool
caplat_quote_make(const caplat_tariff *tariff,
    const caplat_certificate *certificate, const size_t *choice, size_t count,
    caplat_date day, caplat_quote *quote, caplat_err *err)
{
    asked  q = { .tariff = tariff, .certificate = certificate,
                 .choice = choice, .count = count, .day = day, .err = err };

    if (count == 0) {
        return caplat_fail(err, CAPLAT_NOTHING_CHOSEN, 0, "add");
    }

    if (count > CAPLAT_CHOICE_MAX) {
        return caplat_fail(err, CAPLAT_TOO_MANY, 0, "add");
    }

    return check_card(&q)
        && check_term(&q)
        && check_vendor(&q)
        && check_duplicates(&q)
        && check_held(&q)
        && check_none(&q, CAPLAT_PAUSED, CAPLAT_PLATFORM_PAUSED)
        && check_none(&q, CAPLAT_CLOSED, CAPLAT_PLATFORM_CLOSED)
        && price_lines(&q, quote);
}
