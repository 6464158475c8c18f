#include "caplat_reprice.h"

#include "caplat_answer.h"
#include "caplat_price.h"
#include "caplat_record_parts.h"


/* A region's code, as terms have it. */
static bool
take_city(caplat_cursor *c, uint32_t *city)
{
    caplat_cursor  digits;
    caplat_slice   text;
    uint64_t       number;

    if (caplat_take_literal(c, CAPLAT_LIT("null"))) {
        *city = 0;
        return true;
    }

    if (!caplat_take_string(c, &text)) {
        return false;
    }

    digits = caplat_cursor_of(text);

    if (!caplat_take_uint(&digits, 999999, &number)
        || caplat_cursor_left(&digits) != 0)
    {
        return false;
    }

    *city = (uint32_t) number;

    return true;
}


static void
take_held(caplat_slice list, const caplat_tariff *tariff,
    caplat_certificate *certificate)
{
    caplat_cursor  c = caplat_cursor_of(list);
    caplat_slice   id;

    certificate->base = CAPLAT_BASE_DUE;
    certificate->held_count = 0;

    while (caplat_record_next_id(&c, &id)) {
        size_t  at = caplat_tariff_platform(tariff, id);

        certificate->base = CAPLAT_BASE_PAID;

        if (at != CAPLAT_ANY
            && certificate->held_count < CAPLAT_PLATFORMS_MAX)
        {
            certificate->held[certificate->held_count++] = at;
        }
    }
}


/* The day of the price: the record's, unless the terms have one before it. */
static bool
take_day(caplat_cursor *c, caplat_date *day)
{
    caplat_slice  text;
    caplat_date   given;

    if (!caplat_take_literal(c, CAPLAT_LIT(",\"day\":"))) {
        return true;
    }

    if (!caplat_take_string(c, &text) || !caplat_date_parse(text, &given)
        || caplat_date_cmp(given, *day) >= 0)
    {
        return false;
    }

    *day = given;

    return true;
}


/* day  in: the record's; out: the one of the price */
static bool
read_terms(caplat_slice terms, const caplat_tariff *tariff,
    caplat_certificate *certificate, caplat_date *day)
{
    caplat_cursor  c = caplat_cursor_of(terms);
    caplat_slice   until, held;

    memset(certificate, 0, sizeof(*certificate));
    certificate->certificate = caplat_slice_of("", 0);

    if (!caplat_take_literal(&c, CAPLAT_LIT("{\"city\":"))
        || !take_city(&c, &certificate->region)
        || !caplat_take_literal(&c, CAPLAT_LIT(",\"lock\":"))
        || !caplat_take_string(&c, &certificate->lock)
        || !caplat_take_literal(&c, CAPLAT_LIT(",\"vendor\":"))
        || !caplat_take_string(&c, &certificate->vendor)
        || !caplat_take_literal(&c, CAPLAT_LIT(",\"until\":"))
        || !caplat_take_string(&c, &until)
        || !caplat_date_parse(until, &certificate->until)
        || !caplat_take_literal(&c, CAPLAT_LIT(",\"held\":"))
        || !caplat_take_ids(&c, &held) || !take_day(&c, day))
    {
        return false;
    }

    take_held(held, tariff, certificate);

    return true;
}


static bool
read_choice(caplat_slice list, const caplat_tariff *tariff, size_t *choice,
    size_t *count)
{
    caplat_cursor  c = caplat_cursor_of(list);
    caplat_slice   id;

    *count = 0;

    while (caplat_record_next_id(&c, &id)) {
        size_t  at = caplat_tariff_platform(tariff, id);

        if (at == CAPLAT_ANY || *count == CAPLAT_CHOICE_MAX) {
            return false;
        }

        choice[(*count)++] = at;
    }

    return true;
}


bool
caplat_record_reprice(const caplat_record *record, const caplat_rates *rates,
    const char **why)
{
    const caplat_tariff  *tariff = &rates->tariff;
    caplat_date           day = caplat_day_in_beijing(record->time_ms / 1000);
    caplat_certificate    certificate;
    size_t                choice[CAPLAT_CHOICE_MAX], count;
    caplat_quote          quote;
    caplat_err            err;
    char                  room[CAPLAT_ANSWER_LEN_MAX];
    caplat_writer         w = caplat_writer_of(room, sizeof(room));

    if (!read_terms(record->terms, tariff, &certificate, &day)
        || !read_choice(record->add, tariff, choice, &count)
        || !caplat_quote_make(tariff, &certificate, choice, count, day,
                              &quote, &err))
    {
        *why = "the card of its day has no price for it";
        return false;
    }

    caplat_price_write_lines(&w, tariff, &quote);

    if (quote.total_fen != record->amount_fen
        || !caplat_slice_eq(caplat_written(&w), record->lines))
    {
        *why = "the card of its day has another price for it";
        return false;
    }

    return true;
}
