/*
 * Writes a rate card as caplat_tariff.h says, from what the reader made of
 * one: the bytes must be those that were read.
 */

#ifndef CARD_WRITE_H
#define CARD_WRITE_H

#include "caplat_tariff.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>


#define CARD_WORDS(slice)  (int) (slice).len, (slice).ptr

typedef struct {
    char    *ptr;
    size_t   len;
    size_t   room;
} card_writer;


__attribute__((format(printf, 2, 3)))
static inline void
card_put(card_writer *w, const char *format, ...)
{
    va_list  words;
    int      len;

    va_start(words, format);
    len = vsnprintf(w->ptr + w->len, w->room - w->len, format, words);
    va_end(words);

    caplat_assert(len >= 0 && (size_t) len < w->room - w->len);
    w->len += (size_t) len;
}


static inline void
card_put_day(card_writer *w, const char *before, caplat_date day,
    const char *behind)
{
    card_put(w, "%s%04u-%02u-%02u%s", before, day.year, day.month, day.day,
        behind);
}


static inline void
card_put_head(card_writer *w, const caplat_tariff *tariff)
{
    static const char *const  rounds[] = { "half-up", "up", "down" };
    static const char *const  units[] = { "none", "day", "month", "quarter" };

    card_put(w, "caplat-rates 1\ncard %.*s", CARD_WORDS(tariff->id));
    card_put_day(w, " ", tariff->from, " ");

    if (caplat_date_given(tariff->until)) {
        card_put_day(w, "", tariff->until, "\n");

    } else {
        card_put(w, "-\n");
    }

    card_put(w, "round %s\nprorate %s", rounds[tariff->round],
        units[tariff->unit]);

    if (tariff->unit != CAPLAT_UNIT_NONE) {
        card_put(w, " %u %s %u %.*s", tariff->units_per_year,
            tariff->started_counts ? "up" : "down", tariff->units_min,
            CARD_WORDS(tariff->prorate_words));
    }

    card_put(w, "\n");
}


static inline void
card_put_base(card_writer *w, const caplat_tariff *tariff)
{
    static const char *const  relations[] = { "any", "registered" };

    if (!tariff->has_base) {
        card_put(w, "base none\n");
        return;
    }

    card_put(w, "base %" PRId64 " %.*s\n", tariff->base_fen,
        CARD_WORDS(tariff->base_name));
    card_put(w, "once %.*s\n", CARD_WORDS(tariff->base_reason));

    for (size_t i = 0; i < tariff->cover_count; i++) {
        const caplat_cover  *cover = &tariff->covers[i];

        card_put(w, "cover %.*s %s %.*s\n",
            CARD_WORDS(tariff->classes[cover->class_at].id),
            relations[cover->relation], CARD_WORDS(cover->reason));
    }
}


static inline void
card_put_platform(card_writer *w, const caplat_tariff *tariff,
    const caplat_platform *platform)
{
    static const char *const  statuses[] = { "open", "paused", "closed" };

    card_put(w, "platform %.*s %.*s ", CARD_WORDS(platform->id),
        CARD_WORDS(tariff->classes[platform->class_at].id));

    if (platform->region != 0) {
        card_put(w, "%u", platform->region);

    } else {
        card_put(w, "-");
    }

    card_put(w, " %s %.*s\n", statuses[platform->status],
        CARD_WORDS(platform->name));
}


static inline void
card_put_lists(card_writer *w, const caplat_tariff *tariff)
{
    for (size_t i = 0; i < tariff->class_count; i++) {
        card_put(w, "class %.*s %.*s\n", CARD_WORDS(tariff->classes[i].id),
            CARD_WORDS(tariff->classes[i].name));
    }

    for (size_t i = 0; i < tariff->region_count; i++) {
        card_put(w, "region %06u %.*s\n", tariff->regions[i].code,
            CARD_WORDS(tariff->regions[i].name));
    }

    for (size_t i = 0; i < tariff->platform_count; i++) {
        card_put_platform(w, tariff, &tariff->platforms[i]);
    }

    for (size_t i = 0; i < tariff->refusal_count; i++) {
        card_put(w, "refuse vendor %.*s %.*s\n",
            CARD_WORDS(tariff->refusals[i].vendor),
            CARD_WORDS(tariff->refusals[i].reason));
    }
}


static inline void
card_put_name(card_writer *w, const char *key, caplat_slice name)
{
    if (name.len != 0) {
        card_put(w, "%s=%.*s ", key, CARD_WORDS(name));
    }
}


static inline void
card_put_rule(card_writer *w, const caplat_tariff *tariff,
    const caplat_rule *rule)
{
    card_put(w, "rule ");

    if (rule->class_at != CAPLAT_ANY) {
        card_put_name(w, "class", tariff->classes[rule->class_at].id);
    }

    if (rule->relation != CAPLAT_REGION_ANY) {
        card_put(w, "region=%s ", rule->relation == CAPLAT_REGION_REGISTERED
                                      ? "registered" : "other");
    }

    if (rule->platform_at != CAPLAT_ANY) {
        card_put_name(w, "platform", tariff->platforms[rule->platform_at].id);
    }

    card_put_name(w, "lock", rule->lock);
    card_put_name(w, "certificate", rule->certificate);
    card_put_name(w, "vendor", rule->vendor);

    if (caplat_date_given(rule->from)) {
        card_put_day(w, "from=", rule->from, " ");
    }

    if (caplat_date_given(rule->until)) {
        card_put_day(w, "until=", rule->until, " ");
    }

    card_put(w, "%s %" PRId64 " %.*s\n", rule->per_year ? "year" : "flat",
        rule->price_fen, CARD_WORDS(rule->reason));
}


/* The card's bytes in room, which must be larger than they are. */
static inline caplat_slice
card_write(const caplat_tariff *tariff, char *out, size_t room)
{
    card_writer  w = { out, 0, room };

    card_put_head(&w, tariff);
    card_put_base(&w, tariff);
    card_put_lists(&w, tariff);

    for (size_t i = 0; i < tariff->rule_count; i++) {
        card_put_rule(&w, tariff, &tariff->rules[i]);
    }

    return caplat_slice_of(w.ptr, w.len);
}


#endif /* CARD_WRITE_H */
