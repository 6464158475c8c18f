/*
 * Random rate cards and questions, the same ones on every machine.
 */

#ifndef RANDOM_H
#define RANDOM_H

#include "caplat_quote.h"


/* splitmix64: small, good enough, and the same everywhere. */
static uint64_t  random_state;

static inline uint64_t
random_bits(void)
{
    uint64_t  z = (random_state += UINT64_C(0x9e3779b97f4a7c15));

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);

    return z ^ z >> 31;
}


static inline size_t
random_below(size_t limit)
{
    return (size_t) (random_bits() % limit);
}


static inline bool
one_in(size_t count)
{
    return random_below(count) == 0;
}


/* Mostly everyday prices, at times free, at times near the limit. */
static inline int64_t
random_fen(void)
{
    switch (random_below(8)) {

    case 0:
        return 0;

    case 1:
        return CAPLAT_FEN_MAX - (int64_t) random_below(1000);

    case 2:
        return (int64_t) random_below((size_t) CAPLAT_FEN_MAX + 1);

    case 3:
        return 1200 * (int64_t) random_below(100);

    default:
        return (int64_t) random_below(20000);
    }
}


static inline caplat_slice
random_name(void)
{
    static const caplat_slice  names[] = {
        CAPLAT_INIT(""), CAPLAT_INIT("red"), CAPLAT_INIT("blue")
    };

    return names[random_below(CAPLAT_COUNT(names))];
}


static inline caplat_date
random_day(void)
{
    return caplat_date_of_number(18000 + (int32_t) random_below(2000));
}


static inline void
random_rule(const caplat_tariff *tariff, caplat_rule *rule)
{
    *rule = (caplat_rule) {
        .class_at = one_in(2) ? random_below(tariff->class_count)
                              : CAPLAT_ANY,
        .relation = (caplat_relation) random_below(3),
        .platform_at = one_in(4) ? random_below(tariff->platform_count)
                                 : CAPLAT_ANY,
        .lock = random_name(),
        .certificate = random_name(),
        .vendor = random_name(),
        .per_year = !one_in(3),
        .price_fen = random_fen(),
        .reason = CAPLAT_LIT("rule"),
    };

    if (one_in(4)) {
        rule->from = random_day();
    }

    if (one_in(4)) {
        rule->until = random_day();
    }
}


static inline void
random_proration(caplat_tariff *tariff)
{
    static const uint32_t  per_year[] = { 0, 365, 12, 4 };

    tariff->unit = (caplat_unit) random_below(4);
    tariff->units_per_year = per_year[tariff->unit];
    tariff->started_counts = one_in(2);
    tariff->units_min = tariff->unit == CAPLAT_UNIT_NONE
                            ? 0 : (uint32_t) random_below(4);
    tariff->round = (caplat_round) random_below(3);
}


static inline void
random_tariff(caplat_tariff *tariff)
{
    memset(tariff, 0, sizeof(*tariff));
    tariff->from = (caplat_date) { 2000, 1, 1 };
    tariff->has_base = !one_in(4);
    tariff->base_fen = random_fen();
    tariff->base_name = CAPLAT_LIT("base");
    tariff->base_reason = CAPLAT_LIT("once");
    tariff->class_count = 1 + random_below(4);
    tariff->platform_count = 2 + random_below(20);
    tariff->rule_count = 1 + random_below(8);
    tariff->cover_count = tariff->has_base ? random_below(4) : 0;
    random_proration(tariff);

    for (size_t i = 0; i < tariff->cover_count; i++) {
        tariff->covers[i] = (caplat_cover) {
            .class_at = random_below(tariff->class_count),
            .relation = (caplat_relation) random_below(2),
            .reason = CAPLAT_LIT("cover"),
        };
    }

    for (size_t i = 0; i < tariff->platform_count; i++) {
        tariff->platforms[i] = (caplat_platform) {
            .name = CAPLAT_LIT("platform"),
            .class_at = random_below(tariff->class_count),
            .region = (uint32_t) random_below(4),
            .status = one_in(40) ? CAPLAT_PAUSED : CAPLAT_OPEN,
        };
    }

    for (size_t i = 0; i < tariff->rule_count; i++) {
        random_rule(tariff, &tariff->rules[i]);
    }

    /* The last one prices whatever the others leave. */
    tariff->rules[tariff->rule_count - 1] = (caplat_rule) {
        .class_at = CAPLAT_ANY, .platform_at = CAPLAT_ANY,
        .per_year = one_in(2), .price_fen = random_fen(),
        .reason = CAPLAT_LIT("last"),
    };
}


/* A rate card and what is asked of it. */
typedef struct {
    caplat_tariff        tariff;
    caplat_certificate   certificate;
    size_t               choice[CAPLAT_CHOICE_MAX];
    size_t               count;
    caplat_date          day;
} question;


/*
 * The question of a number, and a card for it. Its platforms fall among held,
 * chosen and left.
 */
static inline void
random_question(uint64_t number, question *q)
{
    caplat_certificate  *certificate = &q->certificate;

    random_state = number;
    random_tariff(&q->tariff);
    memset(certificate, 0, sizeof(*certificate));
    q->day = random_day();
    q->count = 0;
    certificate->region = 1 + (uint32_t) random_below(4);
    certificate->base = (caplat_base) random_below(3);
    certificate->vendor = random_name();
    certificate->lock = random_name();
    certificate->certificate = random_name();

    if (one_in(2)) {
        certificate->months = 1 + (uint32_t) random_below(one_in(9) ? 1200
                                                                    : 24);

    } else {
        certificate->until = caplat_date_of_number(
            caplat_date_number(q->day) + (int32_t) random_below(800));
    }

    for (size_t i = 0; i < q->tariff.platform_count; i++) {
        if (one_in(3)) {
            certificate->held[certificate->held_count++] = i;

        } else if (one_in(2)) {
            q->choice[q->count++] = i;
        }
    }
}


#endif /* RANDOM_H */
