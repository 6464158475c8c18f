#include "caplat_quote.h"

#include "cards.h"
#include "test.h"


/* A question and what should come of it; ids are parted by commas. */
typedef struct {
    const char   *words;
    uint32_t      city;
    const char   *held;                 /* NULL: none */
    const char   *add;
    uint32_t      months;
    const char   *until;
    const char   *day;                  /* NULL: 2021-06-18 */
    caplat_base   base;
    const char   *vendor;
    const char   *lock;
    const char   *certificate;

    caplat_code   code;
    size_t        at;
    const char   *fees;                 /* in fen, the total last */
} quote_case;


#define PROVINCIAL  "ln-construction,ln-tender,ln-procurement,ln-resource"
#define PICTURED    "ln-construction,ln-tender,ln-procurement,shenyang,"      \
                    "dalian,anshan"


/* The four amounts that the guide states, all from one card. */
static const quote_case  published[] = {
    { .words = "the provincial ones and the own city: 250 yuan",
      .city = 210700, .add = PROVINCIAL ",jinzhou", .months = 12,
      .fees = "25000 0 0 0 0 0 25000" },
    { .words = "the own city, the provincial ones held: 0 yuan",
      .city = 210700, .held = PROVINCIAL, .add = "jinzhou", .months = 12,
      .fees = "0 0" },
    { .words = "the own city and one more: 50 yuan",
      .city = 210700, .held = PROVINCIAL, .add = "jinzhou,anshan",
      .months = 12, .fees = "5000 0 5000" },
    { .words = "the walk-through's pictures: 25 yuan",
      .city = 210100, .held = PICTURED, .add = "jinzhou,chaoyang,huachen",
      .months = 3, .fees = "1250 1250 0 2500" },
    { .words = "and the same by its last day",
      .city = 210100, .held = PICTURED, .add = "jinzhou,chaoyang,huachen",
      .until = "2021-08-18", .fees = "1250 1250 0 2500" },
    { .words = "each further city: 50 more",
      .city = 210700, .held = PROVINCIAL ",jinzhou",
      .add = "shenyang,dalian,anshan,chaoyang", .months = 12,
      .fees = "5000 5000 5000 5000 20000" },
};


static const quote_case  ln_cases[] = {
    { .words = "the base is bought with the first platform of any class",
      .city = 210700, .add = "huachen", .months = 1, .fees = "25000 0 25000" },
    { .words = "it is not prorated",
      .city = 210700, .add = "jinzhou", .months = 1, .fees = "25000 0 25000" },
    { .words = "it is bought again in the next term",
      .city = 210700, .held = PROVINCIAL, .add = "jinzhou", .months = 12,
      .base = CAPLAT_BASE_DUE, .fees = "25000 0 25000" },
    { .words = "it is paid, though nothing is held",
      .city = 210700, .add = "jinzhou", .months = 12,
      .base = CAPLAT_BASE_PAID, .fees = "0 0" },
    { .words = "an enterprise of another province has no city here",
      .city = 110000, .held = PROVINCIAL, .add = "jinzhou", .months = 12,
      .fees = "5000 5000" },
    { .words = "a year and a half",
      .city = 210700, .held = "jinzhou", .add = "shenfu", .months = 18,
      .fees = "7500 7500" },
    { .words = "the last day",
      .city = 210700, .held = "jinzhou", .add = "shenfu",
      .until = "2021-06-18", .fees = "417 417" },
    { .words = "seven months: 2916.67 each, rounded once",
      .city = 210700, .held = "jinzhou", .add = "shenfu,anshan,dalian",
      .months = 7, .fees = "2917 2917 2916 8750" },
    { .words = "a hundred years",
      .city = 210700, .held = "jinzhou", .add = "shenfu", .months = 1200,
      .fees = "500000 500000" },
    { .words = "the day on which the card begins",
      .city = 210700, .held = "jinzhou", .add = "shenfu", .months = 12,
      .day = "2021-01-01", .fees = "5000 5000" },
};


static const quote_case  refusals[] = {
    { .words = "nothing chosen", .city = 210700, .months = 12,
      .code = CAPLAT_NOTHING_CHOSEN },
    { .words = "before the card", .city = 210700, .add = "jinzhou",
      .months = 12, .day = "2020-12-31", .code = CAPLAT_CARD_NOT_VALID },
    { .words = "no time given", .city = 210700, .add = "jinzhou",
      .code = CAPLAT_CERTIFICATE_EXPIRED },
    { .words = "ended yesterday", .city = 210700, .add = "jinzhou",
      .until = "2021-06-17", .code = CAPLAT_CERTIFICATE_EXPIRED },
    { .words = "more months than there are days", .city = 210700,
      .add = "jinzhou", .months = UINT32_MAX, .code = CAPLAT_TERM_TOO_LONG },
    { .words = "a hundred years and a month", .city = 210700,
      .add = "jinzhou", .months = 1201, .code = CAPLAT_TERM_TOO_LONG },
    { .words = "a hundred years to the day", .city = 210700,
      .held = "dalian", .add = "jinzhou", .until = "2121-06-17",
      .fees = "0 0" },
    { .words = "and a day", .city = 210700, .add = "jinzhou",
      .until = "2121-06-18", .code = CAPLAT_TERM_TOO_LONG },
    { .words = "a maker that is gone", .city = 210700, .add = "jinzhou",
      .months = 12, .vendor = "zhongfu",
      .code = CAPLAT_VENDOR_NOT_SERVED },
    { .words = "another maker", .city = 210700, .add = "jinzhou",
      .months = 12, .vendor = "cfca", .fees = "25000 0 25000" },
    { .words = "chosen twice", .city = 210700, .add = "anshan,dalian,anshan",
      .months = 12, .code = CAPLAT_DUPLICATE, .at = 2 },
    { .words = "held already", .city = 210700, .held = "dalian,anshan",
      .add = "jinzhou,anshan", .months = 12, .code = CAPLAT_PLATFORM_HELD,
      .at = 1 },

    { .words = "the time before the maker", .city = 210700, .add = "jinzhou",
      .vendor = "zhongfu", .code = CAPLAT_CERTIFICATE_EXPIRED },
    { .words = "the maker before the choice", .city = 210700,
      .held = "jinzhou", .add = "jinzhou", .months = 12, .vendor = "zhongfu",
      .code = CAPLAT_VENDOR_NOT_SERVED },
    { .words = "twice before held", .city = 210700, .held = "jinzhou",
      .add = "jinzhou,anshan,anshan", .months = 12, .code = CAPLAT_DUPLICATE,
      .at = 2 },
};


/* Each condition of a rule, met and missed. */
static const quote_case  kinds_cases[] = {
    { .words = "registered, personal", .city = 210100, .held = "b1",
      .add = "a1", .months = 12, .lock = "personal", .fees = "100 100" },
    { .words = "registered, another lock", .city = 210100, .held = "b1",
      .add = "a1", .months = 12, .lock = "project", .fees = "200 200" },
    { .words = "registered, lock not known", .city = 210100, .held = "b1",
      .add = "a1", .months = 12, .fees = "200 200" },
    { .words = "every condition", .city = 210100, .held = "b1", .add = "a2",
      .months = 12, .lock = "personal", .certificate = "seal",
      .vendor = "cfca", .day = "2021-03-01", .fees = "301 301" },
    { .words = "on its last day", .city = 210100, .held = "b1", .add = "a2",
      .months = 12, .lock = "personal", .certificate = "seal",
      .vendor = "cfca", .day = "2021-03-31", .fees = "301 301" },
    { .words = "a day later", .city = 210100, .held = "b1", .add = "a2",
      .months = 12, .lock = "personal", .certificate = "seal",
      .vendor = "cfca", .day = "2021-04-01", .fees = "77 77" },
    { .words = "another certificate", .city = 210100, .held = "b1",
      .add = "a2", .months = 12, .lock = "personal", .certificate = "sign",
      .vendor = "cfca", .day = "2021-03-01", .fees = "707 707" },
    { .words = "another maker", .city = 210100, .held = "b1", .add = "a2",
      .months = 12, .lock = "personal", .certificate = "seal",
      .vendor = "bjca", .day = "2021-03-01", .fees = "77 77" },
    { .words = "from a day on", .city = 210100, .held = "b1", .add = "a2",
      .months = 12, .vendor = "cfca", .day = "2021-06-01", .fees = "66 66" },
    { .words = "up to a day", .city = 210100, .held = "b1", .add = "a2",
      .months = 12, .day = "2021-02-28", .fees = "500 500" },
    { .words = "and no longer", .city = 210100, .held = "b1", .add = "a2",
      .months = 12, .day = "2021-03-01", .fees = "707 707" },
    { .words = "the last rule", .city = 210100, .held = "a1", .add = "b1",
      .months = 1, .fees = "100 100" },
    { .words = "paused", .city = 210100, .add = "b1,b2", .months = 12,
      .code = CAPLAT_PLATFORM_PAUSED, .at = 1 },
    { .words = "closed", .city = 210100, .add = "b3", .months = 12,
      .code = CAPLAT_PLATFORM_CLOSED },
    { .words = "paused before closed", .city = 210100, .add = "b3,b2",
      .months = 12, .code = CAPLAT_PLATFORM_PAUSED, .at = 1 },
    { .words = "paused, but held", .city = 210100, .held = "b2", .add = "b1",
      .months = 12, .fees = "1201 1201" },
    { .words = "held before paused", .city = 210100, .held = "b1",
      .add = "b2,b1", .months = 12, .code = CAPLAT_PLATFORM_HELD, .at = 1 },
};


/* Days: the total is rounded up, thirty days are the least. */
static const quote_case  day_cases[] = {
    { .words = "registered: 7301 * 365 / 365", .city = 110000, .held = "w1",
      .add = "n1", .until = "2022-06-17", .fees = "7301 7301" },
    { .words = "elsewhere: 10007 * 366 / 365", .city = 110000, .held = "w1",
      .add = "n2", .until = "2022-06-18", .fees = "10035 10035" },
    { .words = "thirty days: 10007 * 30 / 365", .city = 110000, .held = "w1",
      .add = "n2", .until = "2021-07-17", .fees = "823 823" },
    { .words = "a day costs no less", .city = 110000, .held = "w1",
      .add = "n2", .until = "2021-06-18", .fees = "823 823" },
    { .words = "a month of thirty-one days", .city = 110000, .held = "w1",
      .add = "n2", .months = 1, .day = "2021-07-01", .fees = "850 850" },
    { .words = "without a region it is registered nowhere", .city = 110000,
      .held = "w1", .add = "n3", .until = "2022-06-17",
      .fees = "10007 10007" },
    { .words = "nor is it where nobody is registered", .city = 0,
      .held = "w1", .add = "n3", .until = "2022-06-17",
      .fees = "10007 10007" },
    { .words = "the cover comes before the rule", .city = 110000,
      .held = "w1", .add = "w2", .until = "2022-06-17", .fees = "0 0" },
};


/* Quarters: the total is rounded down, a started one counts. */
static const quote_case  quarter_cases[] = {
    { .words = "one month: 999 / 4", .city = 110000, .add = "p1",
      .months = 1, .fees = "249 249" },
    { .words = "three months", .city = 110000, .add = "p1", .months = 3,
      .fees = "249 249" },
    { .words = "four months: 999 * 2 / 4", .city = 110000, .add = "p1",
      .months = 4, .fees = "499 499" },
    { .words = "five quarters: 999 * 5 / 4", .city = 110000, .add = "p1",
      .months = 13, .fees = "1248 1248" },
    { .words = "two of them: 999 * 2 / 2, rounded once", .city = 110000,
      .add = "p1,p2,p3", .months = 6, .fees = "500 499 333 1332" },
};


/* Whole quarters: one is the least. */
static const quote_case  whole_quarter_cases[] = {
    { .words = "one month: 1111 / 4", .city = 110000, .held = "p3",
      .add = "p1", .months = 1, .fees = "278 278" },
    { .words = "five months", .city = 110000, .held = "p3", .add = "p1",
      .months = 5, .fees = "278 278" },
    { .words = "six months: 1111 / 2", .city = 110000, .held = "p3",
      .add = "p1", .months = 6, .fees = "556 556" },
};


/* Whole months, near the limit. */
static const quote_case  whole_month_cases[] = {
    { .words = "a day less than a month is free", .city = 110000,
      .add = "p1", .until = "2021-07-16", .fees = "0 0" },
    { .words = "the dearest year", .city = 110000, .add = "p1",
      .months = 12, .fees = "100000000000 100000000000" },
    { .words = "a month more", .city = 110000, .add = "p1", .months = 13,
      .code = CAPLAT_TOTAL_TOO_LARGE },
    { .words = "a fen more", .city = 110000, .add = "p1,p2", .months = 12,
      .code = CAPLAT_TOTAL_TOO_LARGE },
    { .words = "a twelfth of a fen, rounded up", .city = 110000,
      .add = "p2", .months = 1, .fees = "1 1" },
};


static size_t
find_ids(const caplat_tariff *tariff, const char *ids, size_t *out)
{
    caplat_slice   text = test_slice(ids != NULL ? ids : "");
    caplat_cursor  c = caplat_cursor_of(text);
    caplat_slice   id;
    size_t         count = 0;

    while (caplat_cursor_left(&c) != 0) {
        if (!caplat_take_until(&c, ',', caplat_cursor_left(&c), &id)) {
            (void) caplat_take_rest(&c, caplat_cursor_left(&c), &id);
        }

        out[count] = caplat_tariff_platform(tariff, id);
        caplat_assert(out[count] != CAPLAT_ANY);
        count++;
    }

    return count;
}


static caplat_slice
slice_or_none(const char *text)
{
    return test_slice(text != NULL ? text : "");
}


/* The fees and the total, as the cases state them. */
static caplat_slice
write_fees(const caplat_quote *quote, char *out, size_t room)
{
    size_t  len = 0;

    for (size_t i = 0; i < quote->line_count; i++) {
        len += (size_t) snprintf(out + len, room - len, "%lld ",
                                 (long long) quote->lines[i].fee_fen);
    }

    len += (size_t) snprintf(out + len, room - len, "%lld",
                             (long long) quote->total_fen);

    return caplat_slice_of(out, len);
}


static void
test_case(const caplat_tariff *tariff, const quote_case *one)
{
    const char          *day_text = one->day != NULL ? one->day
                                                     : "2021-06-18";
    caplat_certificate   certificate = {
        .region = one->city, .base = one->base, .months = one->months,
        .vendor = slice_or_none(one->vendor), .lock = slice_or_none(one->lock),
        .certificate = slice_or_none(one->certificate)
    };
    size_t               choice[CAPLAT_CHOICE_MAX];
    size_t               count = find_ids(tariff, one->add, choice);
    caplat_date          day = { 0 };
    caplat_quote         quote = { .total_fen = -1 };
    caplat_err           err = { CAPLAT_OK, 0, "" };
    char                 fees[512];

    (void) caplat_date_parse(test_slice(day_text), &day);
    (void) caplat_date_parse(slice_or_none(one->until), &certificate.until);
    certificate.held_count = find_ids(tariff, one->held, certificate.held);

    if (caplat_quote_make(tariff, &certificate, choice, count, day, &quote,
                          &err))
    {
        test_text(write_fees(&quote, fees, sizeof(fees)),
            slice_or_none(one->fees), one->words);
    }

    test_text(test_slice(caplat_code_name(err.code)),
        test_slice(caplat_code_name(one->code)), one->words);
    test_number(err.at, one->at, one->words);
    test_number(quote.total_fen == -1, err.code != CAPLAT_OK,
        "untouched when refused");
}


static void
test_cases(const char *name, const quote_case *cases, size_t count)
{
    static card  read;

    if (!card_read(name, &read)) {
        return;
    }

    for (size_t i = 0; i < count; i++) {
        test_case(&read.tariff, &cases[i]);
    }
}


/* Lines stand in the card's order and say why they cost what they cost. */
static void
test_lines(void)
{
    static card  read;

    caplat_certificate  certificate = { .region = 210700, .months = 3 };
    caplat_quote        quote;
    caplat_err          err;
    size_t              choice[3];
    caplat_date         day = { 2021, 6, 18 };

    if (!card_read("ln-2021", &read)) {
        return;
    }

    (void) find_ids(&read.tariff, "huachen,anshan,ln-tender", choice);
    test_that(caplat_quote_make(&read.tariff, &certificate, choice, 3, day,
                                &quote, &err), "a quote");
    test_number(quote.line_count, 4, "the base and three");

    test_number(quote.lines[0].platform_at, CAPLAT_ANY, "the base");
    test_text(quote.lines[0].name, CAPLAT_LIT("套餐"), "the base");
    test_text(quote.lines[0].reason, CAPLAT_LIT("证书有效期内只收一次"),
        "the base");
    test_that(!quote.lines[0].is_prorated, "the base");

    test_text(quote.lines[1].name, CAPLAT_LIT("辽宁省招标投标监管网"),
        "covered");
    test_text(quote.lines[1].reason, CAPLAT_LIT("套餐内，不另收费"),
        "covered");
    test_that(!quote.lines[1].is_prorated, "covered");

    test_text(quote.lines[2].reason, CAPLAT_LIT("50 元/年"), "per year");
    test_that(quote.lines[2].is_prorated, "per year");
    test_number(quote.lines[2].units, 3, "per year");

    test_text(quote.lines[3].reason, CAPLAT_LIT("不收费"), "flat");
    test_that(!quote.lines[3].is_prorated, "flat");
}


/* More than an order may hold, whatever it is. */
static void
test_too_many(void)
{
    static card  read;

    caplat_certificate  certificate = { .region = 210700, .months = 3 };
    caplat_quote        quote;
    caplat_err          err = { CAPLAT_OK, 0, "" };
    size_t              choice[CAPLAT_CHOICE_MAX + 1] = { 0 };
    caplat_date         day = { 2021, 6, 18 };

    if (!card_read("ln-2021", &read)) {
        return;
    }

    test_that(!caplat_quote_make(&read.tariff, &certificate, choice,
                                 CAPLAT_CHOICE_MAX + 1, day, &quote, &err),
        "one too many");
    test_number(err.code, CAPLAT_TOO_MANY, "one too many");

    test_that(!caplat_quote_make(&read.tariff, &certificate, choice,
                                 CAPLAT_CHOICE_MAX, day, &quote, &err),
        "as many as may be");
    test_number(err.code, CAPLAT_DUPLICATE, "as many as may be");
    test_number(err.at, 1, "the second of two");
}


typedef struct {
    const char  *card;
    const char  *platform;
    const char  *lock;
    caplat_date  day;
    uint32_t     region;
    bool         is_covered;
    bool         per_year;
    int64_t      price_fen;
} rate_case;


/* What one costs by itself, at home and elsewhere, open or not. */
static void
test_rates(void)
{
    static const rate_case  cases[] = {
        { "ln-2021", "jinzhou", "", { 2021, 6, 18 }, 210700, true, false, 0 },
        { "ln-2021", "jinzhou", "", { 2021, 6, 18 }, 0, false, true, 5000 },
        { "ln-2021", "ln-tender", "", { 2021, 6, 18 }, 0, true, false, 0 },
        { "ln-2021", "huachen", "", { 2021, 6, 18 }, 0, false, false, 0 },
        { "ln-2021", "shenfu", "", { 2021, 6, 18 }, 0, false, true, 5000 },
        { "kinds", "a1", "", { 2021, 6, 18 }, 210100, false, true, 200 },
        { "kinds", "a1", "personal", { 2021, 6, 18 }, 210100, false, true,
          100 },
        { "kinds", "a1", "", { 2021, 2, 28 }, 0, false, true, 500 },
        { "kinds", "a1", "", { 2021, 3, 1 }, 0, false, true, 707 },
        { "kinds", "b3", "", { 2021, 6, 18 }, 0, false, true, 1201 },
        { "kinds", "b3", "", { 1999, 1, 1 }, 0, false, true, 500 },
    };

    static card  read;

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        const rate_case     *one = &cases[i];
        caplat_certificate   certificate = { .region = one->region,
                                             .lock = test_slice(one->lock) };
        size_t               at;
        caplat_rate          rate;

        if (!card_read(one->card, &read)) {
            return;
        }

        at = caplat_tariff_platform(&read.tariff, test_slice(one->platform));
        rate = caplat_quote_rate(&read.tariff, &certificate, at, one->day);
        test_that(rate.is_covered == one->is_covered, one->platform);
        test_that(rate.per_year == one->per_year, one->platform);
        test_number(rate.price_fen, one->price_fen, one->platform);
        test_that(rate.reason.len != 0, one->platform);
    }
}


/* Makers that are not served, and those of whom the card says nothing. */
static void
test_refused(void)
{
    static card  read;

    if (!card_read("kinds", &read)) {
        return;
    }

    test_that(caplat_tariff_refuses(&read.tariff, CAPLAT_LIT("acme")), "acme");
    test_that(caplat_tariff_refuses(&read.tariff, CAPLAT_LIT("zeta")), "zeta");
    test_that(!caplat_tariff_refuses(&read.tariff, CAPLAT_LIT("acm")), "acm");
    test_that(!caplat_tariff_refuses(&read.tariff, CAPLAT_LIT("Acme")),
        "Acme");
    test_that(!caplat_tariff_refuses(&read.tariff, CAPLAT_LIT("")), "none");
}


int
main(void)
{
    test_cases("ln-2021", published, CAPLAT_COUNT(published));
    test_cases("ln-2021", ln_cases, CAPLAT_COUNT(ln_cases));
    test_cases("ln-2021", refusals, CAPLAT_COUNT(refusals));
    test_cases("kinds", kinds_cases, CAPLAT_COUNT(kinds_cases));
    test_cases("by-day", day_cases, CAPLAT_COUNT(day_cases));
    test_cases("by-quarter", quarter_cases, CAPLAT_COUNT(quarter_cases));
    test_cases("whole-quarters", whole_quarter_cases,
        CAPLAT_COUNT(whole_quarter_cases));
    test_cases("whole-months", whole_month_cases,
        CAPLAT_COUNT(whole_month_cases));
    test_lines();
    test_too_many();
    test_rates();
    test_refused();

    return test_done();
}
