#include "caplat_tariff.h"

#include "caplat_field.h"
#include "caplat_prorate.h"
#include "caplat_rule.h"


/* Each in the order of its enum in the header. */
static const caplat_slice  rounds[] = {
    CAPLAT_INIT("half-up"), CAPLAT_INIT("up"), CAPLAT_INIT("down")
};

static const caplat_slice  statuses[] = {
    CAPLAT_INIT("open"), CAPLAT_INIT("paused"), CAPLAT_INIT("closed")
};

static const caplat_slice  cover_relations[] = {
    CAPLAT_INIT("any"), CAPLAT_INIT("registered")
};


typedef struct {
    caplat_fields   f;
    caplat_tariff  *tariff;
    /* Covers stand before the classes that they name. */
    caplat_slice    cover_classes[CAPLAT_COVERS_MAX];
} reader;


static bool
fail(const reader *r, caplat_code code, const char *place, const char *what)
{
    return caplat_fields_fail(&r->f, code, place, what);
}


/* None or more lines that begin with key; counted by read_line. */
static bool
read_lines(reader *r, caplat_slice key, const size_t *count, size_t max,
    const char *what, bool (*read_line)(reader *r))
{
    const char  *line = r->f.c.at;

    while (caplat_take_literal(&r->f.c, key)) {
        if (*count == max) {
            return fail(r, CAPLAT_TOO_LARGE, line, what);
        }

        if (!read_line(r)) {
            return false;
        }

        line = r->f.c.at;
    }

    return true;
}


/* One or more. */
static bool
read_some_lines(reader *r, caplat_slice key, const size_t *count, size_t max,
    const char *what, bool (*read_line)(reader *r))
{
    return read_lines(r, key, count, max, what, read_line)
        && (*count != 0 || fail(r, CAPLAT_MISSING_KEY, r->f.c.at, what));
}


static bool
read_card(reader *r)
{
    caplat_tariff  *tariff = r->tariff;
    const char     *place;

    if (!caplat_fields_key(&r->f, CAPLAT_LIT("caplat-rates 1\n"), "format")
        || !caplat_fields_key(&r->f, CAPLAT_LIT("card "), "card")
        || !caplat_fields_name(&r->f, ' ', "card id", &tariff->id)
        || !caplat_fields_day(&r->f, ' ', "card from", &tariff->from))
    {
        return false;
    }

    place = r->f.c.at;

    if (!caplat_take_literal(&r->f.c, CAPLAT_LIT("-\n"))
        && !caplat_fields_day(&r->f, '\n', "card until", &tariff->until))
    {
        return false;
    }

    return caplat_fields_term(&r->f, tariff->from, tariff->until, place,
        "card until");
}


static bool
read_round(reader *r)
{
    size_t  at;

    if (!caplat_fields_key(&r->f, CAPLAT_LIT("round "), "round")
        || !caplat_fields_one_of(&r->f, '\n', rounds, CAPLAT_COUNT(rounds),
                                 "round", &at))
    {
        return false;
    }

    r->tariff->round = (caplat_round) at;

    return true;
}


static bool
read_cover(reader *r)
{
    caplat_tariff  *tariff = r->tariff;
    size_t          count = tariff->cover_count;
    caplat_cover   *cover = &tariff->covers[count];
    caplat_slice   *class_id = &r->cover_classes[count];
    size_t          at;

    if (!caplat_fields_name(&r->f, ' ', "cover class", class_id)
        || !caplat_fields_one_of(&r->f, ' ', cover_relations,
                                 CAPLAT_COUNT(cover_relations),
                                 "cover relation", &at)
        || !caplat_fields_words(&r->f, "cover words", &cover->reason))
    {
        return false;
    }

    cover->relation = (caplat_relation) (CAPLAT_REGION_ANY + at);

    for (size_t i = 0; i < count; i++) {
        if (cover->relation == tariff->covers[i].relation
            && caplat_slice_eq(*class_id, r->cover_classes[i]))
        {
            return fail(r, CAPLAT_TWICE, class_id->ptr, "cover class");
        }
    }

    tariff->cover_count++;

    return true;
}


static bool
read_base(reader *r)
{
    caplat_tariff  *tariff = r->tariff;

    if (!caplat_fields_key(&r->f, CAPLAT_LIT("base "), "base")) {
        return false;
    }

    if (caplat_take_literal(&r->f.c, CAPLAT_LIT("none\n"))) {
        return true;
    }

    if (!caplat_fields_fen(&r->f, "base price", &tariff->base_fen)
        || !caplat_fields_words(&r->f, "base words", &tariff->base_name)
        || !caplat_fields_key(&r->f, CAPLAT_LIT("once "), "once")
        || !caplat_fields_words(&r->f, "once words", &tariff->base_reason))
    {
        return false;
    }

    tariff->has_base = true;

    return read_lines(r, CAPLAT_LIT("cover "), &tariff->cover_count,
        CAPLAT_COVERS_MAX, "cover", read_cover);
}


static bool
read_class(reader *r)
{
    caplat_tariff  *tariff = r->tariff;
    caplat_class   *class = &tariff->classes[tariff->class_count];

    if (!caplat_fields_name(&r->f, ' ', "class id", &class->id)
        || !caplat_fields_words(&r->f, "class name", &class->name))
    {
        return false;
    }

    if (caplat_tariff_class(tariff, class->id) != CAPLAT_ANY) {
        return fail(r, CAPLAT_TWICE, class->id.ptr, "class id");
    }

    tariff->class_count++;

    return true;
}


static bool
read_classes(reader *r)
{
    caplat_tariff  *tariff = r->tariff;

    if (!read_some_lines(r, CAPLAT_LIT("class "), &tariff->class_count,
                         CAPLAT_CLASSES_MAX, "class", read_class))
    {
        return false;
    }

    for (size_t i = 0; i < tariff->cover_count; i++) {
        caplat_slice  id = r->cover_classes[i];
        size_t        class_at = caplat_tariff_class(tariff, id);

        if (class_at == CAPLAT_ANY) {
            return fail(r, CAPLAT_UNKNOWN_NAME, id.ptr, "cover class");
        }

        tariff->covers[i].class_at = class_at;
    }

    return true;
}


static bool
take_region(reader *r, const char *what, uint32_t *code)
{
    caplat_slice  field;

    if (!caplat_fields_raw(&r->f, ' ', what, &field)) {
        return false;
    }

    return caplat_region_read(field, code)
        || fail(r, CAPLAT_NOT_A_REGION, field.ptr, what);
}


static bool
read_region(reader *r)
{
    caplat_tariff  *tariff = r->tariff;
    size_t          count = tariff->region_count;
    caplat_region  *region = &tariff->regions[count];
    const char     *place = r->f.c.at;

    if (!take_region(r, "region code", &region->code)
        || !caplat_fields_words(&r->f, "region name", &region->name))
    {
        return false;
    }

    if (count != 0 && tariff->regions[count - 1].code >= region->code) {
        return fail(r, CAPLAT_OUT_OF_ORDER, place, "region code");
    }

    tariff->region_count++;

    return true;
}


static bool
take_platform_region(reader *r, uint32_t *code)
{
    const caplat_tariff  *tariff = r->tariff;
    const char           *place = r->f.c.at;

    if (caplat_take_literal(&r->f.c, CAPLAT_LIT("- "))) {
        return true;
    }

    if (!take_region(r, "platform region", code)) {
        return false;
    }

    for (size_t i = 0; i < tariff->region_count; i++) {
        if (tariff->regions[i].code == *code) {
            return true;
        }
    }

    return fail(r, CAPLAT_UNKNOWN_NAME, place, "platform region");
}


static bool
read_platform(reader *r)
{
    caplat_tariff    *tariff = r->tariff;
    caplat_platform  *platform = &tariff->platforms[tariff->platform_count];
    size_t            status;

    if (!caplat_fields_name(&r->f, ' ', "platform id", &platform->id)
        || !caplat_rule_take_class(&r->f, tariff, "platform class",
                                   &platform->class_at)
        || !take_platform_region(r, &platform->region)
        || !caplat_fields_one_of(&r->f, ' ', statuses, CAPLAT_COUNT(statuses),
                                 "platform status", &status)
        || !caplat_fields_words(&r->f, "platform name", &platform->name))
    {
        return false;
    }

    if (caplat_tariff_platform(tariff, platform->id) != CAPLAT_ANY) {
        return fail(r, CAPLAT_TWICE, platform->id.ptr, "platform id");
    }

    platform->status = (caplat_status) status;
    tariff->platform_count++;

    return true;
}


static bool
read_refusal(reader *r)
{
    caplat_tariff   *tariff = r->tariff;
    size_t           count = tariff->refusal_count;
    caplat_refusal  *refusal = &tariff->refusals[count];

    if (!caplat_fields_name(&r->f, ' ', "refused vendor", &refusal->vendor)
        || !caplat_fields_words(&r->f, "refusal words", &refusal->reason))
    {
        return false;
    }

    if (count != 0
        && caplat_slice_cmp(tariff->refusals[count - 1].vendor,
                            refusal->vendor) >= 0)
    {
        return fail(r, CAPLAT_OUT_OF_ORDER, refusal->vendor.ptr,
            "refused vendor");
    }

    tariff->refusal_count++;

    return true;
}


static bool
read_rule(reader *r)
{
    caplat_tariff  *tariff = r->tariff;

    if (!caplat_rule_read(&r->f, tariff, &tariff->rules[tariff->rule_count]))
    {
        return false;
    }

    tariff->rule_count++;

    return true;
}


/* Whether it has a price, whatever the certificate and the day are. */
static bool
is_priced(const caplat_tariff *tariff, size_t platform_at)
{
    for (size_t i = 0; i < tariff->cover_count; i++) {
        const caplat_cover  *cover = &tariff->covers[i];

        if (cover->class_at == tariff->platforms[platform_at].class_at
            && cover->relation == CAPLAT_REGION_ANY)
        {
            return true;
        }
    }

    for (size_t i = 0; i < tariff->rule_count; i++) {
        if (caplat_rule_always(&tariff->rules[i], tariff, platform_at)) {
            return true;
        }
    }

    return false;
}


static bool
check_prices(const reader *r)
{
    const caplat_tariff  *tariff = r->tariff;

    for (size_t i = 0; i < tariff->platform_count; i++) {
        if (!is_priced(tariff, i)) {
            return fail(r, CAPLAT_NOT_PRICED, tariff->platforms[i].id.ptr,
                "platform id");
        }
    }

    return true;
}


bool
caplat_tariff_parse(caplat_slice text, caplat_tariff *tariff, caplat_err *err)
{
    reader  r = { .f = { caplat_cursor_of(text), err }, .tariff = tariff };

    if (text.len > CAPLAT_RATES_LEN_MAX) {
        return caplat_fail(err, CAPLAT_TOO_LARGE, CAPLAT_RATES_LEN_MAX,
            "rate card");
    }

    memset(tariff, 0, sizeof(*tariff));

    if (!read_card(&r)
        || !read_round(&r)
        || !caplat_prorate_read(&r.f, tariff)
        || !read_base(&r)
        || !read_classes(&r)
        || !read_lines(&r, CAPLAT_LIT("region "), &tariff->region_count,
                       CAPLAT_REGIONS_MAX, "region", read_region)
        || !read_some_lines(&r, CAPLAT_LIT("platform "),
                            &tariff->platform_count, CAPLAT_PLATFORMS_MAX,
                            "platform", read_platform)
        || !read_lines(&r, CAPLAT_LIT("refuse vendor "),
                       &tariff->refusal_count, CAPLAT_REFUSALS_MAX, "refuse",
                       read_refusal)
        || !read_some_lines(&r, CAPLAT_LIT("rule "), &tariff->rule_count,
                            CAPLAT_RULES_MAX, "rule", read_rule))
    {
        return false;
    }

    if (caplat_cursor_left(&r.f.c) != 0) {
        return fail(&r, CAPLAT_TRAILING, r.f.c.at, "rate card");
    }

    return check_prices(&r);
}


size_t
caplat_tariff_class(const caplat_tariff *tariff, caplat_slice id)
{
    for (size_t i = 0; i < tariff->class_count; i++) {
        if (caplat_slice_eq(tariff->classes[i].id, id)) {
            return i;
        }
    }

    return CAPLAT_ANY;
}


size_t
caplat_tariff_platform(const caplat_tariff *tariff, caplat_slice id)
{
    for (size_t i = 0; i < tariff->platform_count; i++) {
        if (caplat_slice_eq(tariff->platforms[i].id, id)) {
            return i;
        }
    }

    return CAPLAT_ANY;
}


bool
caplat_tariff_valid(const caplat_tariff *tariff, caplat_date day)
{
    return caplat_date_cmp(day, tariff->from) >= 0
        && (!caplat_date_given(tariff->until)
            || caplat_date_cmp(day, tariff->until) <= 0);
}


bool
caplat_tariff_refuses(const caplat_tariff *tariff, caplat_slice vendor)
{
    for (size_t i = 0; i < tariff->refusal_count; i++) {
        if (caplat_slice_eq(tariff->refusals[i].vendor, vendor)) {
            return true;
        }
    }

    return false;
}
