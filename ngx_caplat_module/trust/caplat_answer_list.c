#include "caplat_answer.h"

#include "caplat_body.h"
#include "caplat_member.h"


/* What it costs an enterprise registered in a region; 0: elsewhere. */
static void
put_rate(caplat_writer *w, const caplat_tariff *tariff, size_t platform_at,
    uint32_t region, caplat_date day)
{
    caplat_certificate  certificate;
    caplat_rate         rate;

    certificate.region = region;
    certificate.vendor = caplat_slice_of("", 0);
    certificate.lock = caplat_slice_of("", 0);
    certificate.certificate = caplat_slice_of("", 0);
    rate = caplat_quote_rate(tariff, &certificate, platform_at, day);

    caplat_member_number(w, CAPLAT_LIT("{\"price_fen\":"), rate.price_fen);
    caplat_put(w, CAPLAT_LIT(",\"per\":"));
    caplat_put_word(w, rate.is_covered ? "base"
                                       : rate.per_year ? "year" : "flat");
    caplat_member(w, CAPLAT_LIT(",\"reason\":"), rate.reason);
    caplat_put(w, CAPLAT_LIT("}"));
}


static void
put_platform(caplat_writer *w, const caplat_tariff *tariff, size_t at,
    caplat_date day)
{
    static const char *const  statuses[] = {
        [CAPLAT_OPEN] = "open",
        [CAPLAT_PAUSED] = "paused",
        [CAPLAT_CLOSED] = "closed",
    };

    const caplat_platform  *platform = &tariff->platforms[at];

    caplat_member(w, CAPLAT_LIT("{\"platform\":"), platform->id);
    caplat_member(w, CAPLAT_LIT(",\"name\":"), platform->name);
    caplat_member(w, CAPLAT_LIT(",\"class\":"),
        tariff->classes[platform->class_at].id);
    caplat_member_region(w, CAPLAT_LIT(",\"region\":"), platform->region);
    caplat_put(w, CAPLAT_LIT(",\"status\":"));
    caplat_put_word(w, statuses[platform->status]);
    caplat_put(w, CAPLAT_LIT(",\"registered\":"));

    if (platform->region != 0) {
        put_rate(w, tariff, at, platform->region, day);

    } else {
        caplat_put(w, CAPLAT_LIT("null"));
    }

    caplat_put(w, CAPLAT_LIT(",\"other\":"));
    put_rate(w, tariff, at, 0, day);
    caplat_put(w, CAPLAT_LIT("}"));
}


static void
put_head(caplat_writer *w, const caplat_rates *rates)
{
    const caplat_tariff  *tariff = &rates->tariff;

    caplat_member(w, CAPLAT_LIT("{\"rates\":"),
        caplat_slice_of(rates->id, sizeof(rates->id)));
    caplat_member(w, CAPLAT_LIT(",\"card\":"), tariff->id);

    if (tariff->has_base) {
        caplat_member(w, CAPLAT_LIT(",\"base\":{\"name\":"), tariff->base_name);
        caplat_member_number(w, CAPLAT_LIT(",\"price_fen\":"),
            tariff->base_fen);
        caplat_put(w, CAPLAT_LIT("}"));

    } else {
        caplat_put(w, CAPLAT_LIT(",\"base\":null"));
    }
}


/* All of the card, or those of the body, in their order. */
static void
read_choice(const caplat_json *body, const caplat_tariff *tariff,
    caplat_choice *choice, caplat_faults *faults)
{
    if (caplat_json_get(body, "platforms") != NULL) {
        caplat_body_platforms(body, tariff, CAPLAT_PLATFORMS_MAX, choice,
            faults);

        return;
    }

    choice->count = tariff->platform_count;

    for (size_t i = 0; i < choice->count; i++) {
        choice->list[i] = i;
    }
}


bool
caplat_answer_list(const caplat_rates *rates, caplat_slice body,
    caplat_date today, caplat_writer *out, caplat_faults *faults,
    caplat_denial *denial)
{
    static const caplat_slice  names[] = {
        CAPLAT_INIT("platforms"), CAPLAT_INIT("certificate")
    };

    caplat_choice  choice;
    caplat_slice   serial;
    caplat_json   *object;

    caplat_faults_clear(faults, false);

    if (!caplat_body_open(body, &object, faults, denial)) {
        return false;
    }

    caplat_body_members(object, CAPLAT_LIT("#"), names, CAPLAT_COUNT(names),
        faults);
    caplat_body_serial(object, false, &serial, faults);
    read_choice(object, &rates->tariff, &choice, faults);
    caplat_json_close(object);

    if (!caplat_tariff_valid(&rates->tariff, today)) {
        caplat_fault_add_code(faults, CAPLAT_LIT("#"),
            CAPLAT_CARD_NOT_VALID);
    }

    if (faults->count != 0) {
        return caplat_deny(denial, CAPLAT_PROBLEM_VALIDATION_FAILED,
            faults->list[0].code);
    }

    put_head(out, rates);
    caplat_put(out, CAPLAT_LIT(",\"platforms\":["));

    for (size_t i = 0; i < choice.count; i++) {
        caplat_put(out, i != 0 ? CAPLAT_LIT(",") : CAPLAT_LIT(""));
        put_platform(out, &rates->tariff, choice.list[i], today);
    }

    caplat_put(out, CAPLAT_LIT("]}"));

    return !out->full
        || caplat_deny(denial, CAPLAT_PROBLEM_INTERNAL_ERROR, "answer-room");
}
