/*
 * What must hold for every rate card and every question, on random ones.
 *
 * Each case is made from its number alone: a law that is broken names the
 * first case that breaks it, and that case can be run by itself.
 */

#include "caplat_quote.h"

#include "random.h"
#include "test.h"


#define CASES  30000


typedef enum {
    ORDER, ADDS_UP, EXACT, FAIR, IN_RANGE, EXPLAINED, HELD_FREE, HELD_REFUSED,
    TWO_STEPS, TWO_STEPS_WHOLE, LAWS
} law;

static const char *const  laws[LAWS] = {
    [ORDER]           = "the order of the choice changes nothing",
    [ADDS_UP]         = "the lines add up to the total",
    [EXACT]           = "the total is the exact sum, rounded once",
    [FAIR]            = "a line is less than a fen from its exact amount",
    [IN_RANGE]        = "no amount is below nothing or over the limit",
    [EXPLAINED]       = "each line has a reason",
    [HELD_FREE]       = "what is held has no line, and changes no other",
    [HELD_REFUSED]    = "what is held cannot be bought again",
    [TWO_STEPS]       = "two steps cost what one costs, to a fen",
    [TWO_STEPS_WHOLE] = "and exactly, where a step has no fraction",
};

static unsigned  broken[LAWS];
static unsigned  first_broken[LAWS];
static unsigned  kept[LAWS];
static unsigned  number_of_case;


static void
expect(law l, bool holds)
{
    if (holds) {
        kept[l]++;

    } else if (broken[l]++ == 0) {
        first_broken[l] = number_of_case;
    }
}


static bool
make(const question *q, caplat_quote *quote, caplat_err *err)
{
    return caplat_quote_make(&q->tariff, &q->certificate, q->choice, q->count,
        q->day, quote, err);
}


static bool
same_line(const caplat_line *a, const caplat_line *b)
{
    return a->platform_at == b->platform_at
        && a->fee_fen == b->fee_fen
        && a->is_prorated == b->is_prorated
        && a->units == b->units
        && caplat_slice_eq(a->name, b->name)
        && caplat_slice_eq(a->reason, b->reason);
}


static bool
same_quote(const caplat_quote *a, const caplat_quote *b)
{
    bool  same = a->line_count == b->line_count
                 && a->total_fen == b->total_fen;

    for (size_t i = 0; same && i < a->line_count; i++) {
        same = same_line(&a->lines[i], &b->lines[i]);
    }

    return same;
}


static void
shuffle(size_t *items, size_t count)
{
    for (size_t i = count; i > 1; i--) {
        size_t  other = random_below(i);
        size_t  item = items[i - 1];

        items[i - 1] = items[other];
        items[other] = item;
    }
}


static void
try_order(const question *q, bool is_made, const caplat_quote *quote,
    caplat_code code)
{
    question      other = *q;
    caplat_quote  again;
    caplat_err    err;

    shuffle(other.choice, other.count);
    shuffle(other.certificate.held, other.certificate.held_count);

    if (make(&other, &again, &err)) {
        expect(ORDER, is_made && same_quote(quote, &again));

    } else {
        expect(ORDER, !is_made && err.code == code);
    }
}


/*
 * The exact amount of a line in parts of a fen. What its rule states is what
 * it costs alone, where nothing is prorated.
 */
static int64_t
exact_part(const question *q, const caplat_line *line, int64_t of)
{
    question      alone = *q;
    caplat_quote  quote;
    caplat_err    err;

    if (line->platform_at == CAPLAT_ANY) {
        return q->tariff.base_fen * of;
    }

    alone.choice[0] = line->platform_at;
    alone.count = 1;
    alone.certificate.base = CAPLAT_BASE_PAID;
    alone.tariff.unit = CAPLAT_UNIT_NONE;

    if (!make(&alone, &quote, &err)) {
        return -1;
    }

    return quote.total_fen * (line->is_prorated ? line->units : of);
}


static void
try_amounts(const question *q, const caplat_quote *quote)
{
    int64_t  of = q->tariff.unit == CAPLAT_UNIT_NONE
                      ? 1 : q->tariff.units_per_year;
    int64_t  fees = 0;
    int64_t  exact = 0;
    bool     is_fair = true;
    bool     in_range = caplat_fen_valid(quote->total_fen);
    bool     is_explained = true;

    for (size_t i = 0; i < quote->line_count; i++) {
        int64_t  fee = quote->lines[i].fee_fen;
        int64_t  part = exact_part(q, &quote->lines[i], of);

        fees += fee;
        exact += part;
        in_range = in_range && caplat_fen_valid(fee);
        is_explained = is_explained && quote->lines[i].reason.len != 0;
        is_fair = is_fair && fee * of < part + of && fee * of > part - of;
    }

    expect(ADDS_UP, fees == quote->total_fen);
    expect(EXACT, caplat_fen_round(exact, of, q->tariff.round)
                  == quote->total_fen);
    expect(FAIR, is_fair);
    expect(IN_RANGE, in_range);
    expect(EXPLAINED, is_explained);
}


/* Hold another platform: the base aside, nothing else changes. */
static void
try_held(const question *q, const caplat_quote *quote)
{
    question      more = *q;
    caplat_quote  again;
    caplat_err    err;
    bool          is_free = true;

    for (size_t i = 0; i < quote->line_count; i++) {
        for (size_t n = 0; n < q->certificate.held_count; n++) {
            is_free = is_free && quote->lines[i].platform_at
                                 != q->certificate.held[n];
        }
    }

    if (more.certificate.base == CAPLAT_BASE_BY_HELD) {
        more.certificate.base = more.certificate.held_count != 0
                                    ? CAPLAT_BASE_PAID : CAPLAT_BASE_DUE;
    }

    more.certificate.held_count = 0;
    expect(HELD_FREE, is_free && make(&more, &again, &err)
                      && same_quote(quote, &again));

    more.certificate.held[0] = q->choice[random_below(q->count)];
    more.certificate.held_count = 1;
    expect(HELD_REFUSED, !make(&more, &again, &err)
                         && err.code == CAPLAT_PLATFORM_HELD);
}


/* The second step: the first one's platforms are held, the base is paid. */
static void
hold_first(question *second, const question *first)
{
    caplat_certificate  *certificate = &second->certificate;

    for (size_t i = 0; i < first->count; i++) {
        certificate->held[certificate->held_count++] = first->choice[i];
    }

    if (certificate->base == CAPLAT_BASE_DUE) {
        certificate->base = CAPLAT_BASE_PAID;
    }
}


static bool
is_whole(const question *q, const caplat_quote *quote)
{
    int64_t  of = q->tariff.unit == CAPLAT_UNIT_NONE
                      ? 1 : q->tariff.units_per_year;
    int64_t  exact = 0;

    for (size_t i = 0; i < quote->line_count; i++) {
        exact += exact_part(q, &quote->lines[i], of);
    }

    return exact % of == 0;
}


static void
try_two_steps(const question *q, const caplat_quote *quote)
{
    question      first = *q;
    question      second = *q;
    caplat_quote  one;
    caplat_quote  two;
    caplat_err    err;
    int64_t       more;
    size_t        cut;

    if (q->count < 2) {
        return;
    }

    cut = 1 + random_below(q->count - 1);
    first.count = cut;
    second.count = q->count - cut;
    memcpy(second.choice, q->choice + cut,
        second.count * sizeof(second.choice[0]));
    hold_first(&second, &first);

    if (!make(&first, &one, &err) || !make(&second, &two, &err)) {
        expect(TWO_STEPS, false);
        return;
    }

    more = one.total_fen + two.total_fen - quote->total_fen;

    switch (q->tariff.round) {

    case CAPLAT_ROUND_HALF_UP:
        expect(TWO_STEPS, more >= -1 && more <= 1);
        break;

    case CAPLAT_ROUND_UP:
        expect(TWO_STEPS, more == 0 || more == 1);
        break;

    case CAPLAT_ROUND_DOWN:
        expect(TWO_STEPS, more == 0 || more == -1);
        break;
    }

    if (is_whole(&first, &one) || is_whole(&second, &two)) {
        expect(TWO_STEPS_WHOLE, more == 0);
    }
}


int
main(void)
{
    static question  q;

    for (number_of_case = 1; number_of_case <= CASES; number_of_case++) {
        caplat_quote  quote;
        caplat_err    err = { CAPLAT_OK, 0, "" };
        bool          is_made;

        random_question(number_of_case, &q);
        is_made = make(&q, &quote, &err);
        try_order(&q, is_made, &quote, err.code);

        if (is_made) {
            try_amounts(&q, &quote);
            try_held(&q, &quote);
            try_two_steps(&q, &quote);
        }
    }

    for (law l = 0; l < LAWS; l++) {
        if (!test_number(broken[l], 0, laws[l])) {
            printf("    first broken by case %u\n", first_broken[l]);
        }

        test_that(kept[l] > CASES / 10, laws[l]);
    }

    return test_done();
}
