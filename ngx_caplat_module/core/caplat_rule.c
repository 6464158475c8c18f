#include "caplat_rule.h"


/* In the order of caplat_relation, without `any`. */
static const caplat_slice  relations[] = {
    CAPLAT_INIT("registered"), CAPLAT_INIT("other")
};

/* What a price is for. */
static const caplat_slice  pers[] = {
    CAPLAT_INIT("flat"), CAPLAT_INIT("year")
};


bool
caplat_rule_take_class(caplat_fields *f, const caplat_tariff *tariff,
    const char *what, size_t *class_at)
{
    caplat_slice  id;
    size_t        at;

    if (!caplat_fields_name(f, ' ', what, &id)) {
        return false;
    }

    at = caplat_tariff_class(tariff, id);

    if (at == CAPLAT_ANY) {
        return caplat_fields_fail(f, CAPLAT_UNKNOWN_NAME, id.ptr, what);
    }

    *class_at = at;

    return true;
}


static bool
take_class(caplat_fields *f, const caplat_tariff *tariff, caplat_rule *rule)
{
    if (!caplat_take_literal(&f->c, CAPLAT_LIT("class="))) {
        return true;
    }

    return caplat_rule_take_class(f, tariff, "rule class", &rule->class_at);
}


static bool
take_region(caplat_fields *f, caplat_rule *rule)
{
    size_t  at;

    if (!caplat_take_literal(&f->c, CAPLAT_LIT("region="))) {
        return true;
    }

    if (!caplat_fields_one_of(f, ' ', relations, CAPLAT_COUNT(relations),
                              "rule region", &at))
    {
        return false;
    }

    rule->relation = (caplat_relation) (CAPLAT_REGION_REGISTERED + at);

    return true;
}


static bool
take_platform(caplat_fields *f, const caplat_tariff *tariff,
    caplat_rule *rule)
{
    caplat_slice  id;

    if (!caplat_take_literal(&f->c, CAPLAT_LIT("platform="))) {
        return true;
    }

    if (!caplat_fields_name(f, ' ', "rule platform", &id)) {
        return false;
    }

    rule->platform_at = caplat_tariff_platform(tariff, id);

    return rule->platform_at != CAPLAT_ANY
        || caplat_fields_fail(f, CAPLAT_UNKNOWN_NAME, id.ptr,
            "rule platform");
}


static bool
take_name(caplat_fields *f, caplat_slice key, const char *what,
    caplat_slice *name)
{
    return !caplat_take_literal(&f->c, key)
        || caplat_fields_name(f, ' ', what, name);
}


static bool
take_days(caplat_fields *f, caplat_rule *rule)
{
    const char  *place;

    if (caplat_take_literal(&f->c, CAPLAT_LIT("from="))
        && !caplat_fields_day(f, ' ', "rule from", &rule->from))
    {
        return false;
    }

    if (!caplat_take_literal(&f->c, CAPLAT_LIT("until="))) {
        return true;
    }

    place = f->c.at;

    return caplat_fields_day(f, ' ', "rule until", &rule->until)
        && caplat_fields_term(f, rule->from, rule->until, place,
                              "rule until");
}


bool
caplat_rule_read(caplat_fields *f, const caplat_tariff *tariff,
    caplat_rule *rule)
{
    caplat_rule  read = { .class_at = CAPLAT_ANY, .platform_at = CAPLAT_ANY };
    size_t       per;

    if (!take_class(f, tariff, &read)
        || !take_region(f, &read)
        || !take_platform(f, tariff, &read)
        || !take_name(f, CAPLAT_LIT("lock="), "rule lock", &read.lock)
        || !take_name(f, CAPLAT_LIT("certificate="), "rule certificate",
                      &read.certificate)
        || !take_name(f, CAPLAT_LIT("vendor="), "rule vendor", &read.vendor)
        || !take_days(f, &read)
        || !caplat_fields_one_of(f, ' ', pers, CAPLAT_COUNT(pers),
                                 "rule per", &per)
        || !caplat_fields_fen(f, "rule price", &read.price_fen)
        || !caplat_fields_words(f, "rule words", &read.reason))
    {
        return false;
    }

    read.per_year = per != 0;
    *rule = read;

    return true;
}


bool
caplat_rule_concerns(const caplat_rule *rule, const caplat_tariff *tariff,
    size_t platform_at)
{
    size_t  class_at = tariff->platforms[platform_at].class_at;

    return (rule->class_at == CAPLAT_ANY || rule->class_at == class_at)
        && (rule->platform_at == CAPLAT_ANY
            || rule->platform_at == platform_at);
}


bool
caplat_rule_always(const caplat_rule *rule, const caplat_tariff *tariff,
    size_t platform_at)
{
    return caplat_rule_concerns(rule, tariff, platform_at)
        && rule->relation == CAPLAT_REGION_ANY
        && rule->lock.len == 0
        && rule->certificate.len == 0
        && rule->vendor.len == 0
        && !caplat_date_given(rule->from)
        && !caplat_date_given(rule->until);
}
