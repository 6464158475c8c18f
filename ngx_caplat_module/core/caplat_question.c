#include "caplat_question.h"

#include "caplat_text.h"


typedef enum {
    KEY_CITY, KEY_HELD, KEY_ADD, KEY_MONTHS, KEY_UNTIL, KEY_DAY, KEY_BASE,
    KEY_VENDOR, KEY_LOCK, KEY_CERTIFICATE, KEYS
} key;


typedef struct {
    caplat_slice   head;                /* as it stands in the question */
    const char    *name;
} key_row;


static const key_row  keys[KEYS] = {
    [KEY_CITY]        = { CAPLAT_INIT("city="),        "city" },
    [KEY_HELD]        = { CAPLAT_INIT("held="),        "held" },
    [KEY_ADD]         = { CAPLAT_INIT("add="),         "add" },
    [KEY_MONTHS]      = { CAPLAT_INIT("months="),      "months" },
    [KEY_UNTIL]       = { CAPLAT_INIT("until="),       "until" },
    [KEY_DAY]         = { CAPLAT_INIT("day="),         "day" },
    [KEY_BASE]        = { CAPLAT_INIT("base="),        "base" },
    [KEY_VENDOR]      = { CAPLAT_INIT("vendor="),      "vendor" },
    [KEY_LOCK]        = { CAPLAT_INIT("lock="),        "lock" },
    [KEY_CERTIFICATE] = { CAPLAT_INIT("certificate="), "certificate" },
};


typedef struct {
    const caplat_tariff  *tariff;
    caplat_slice          text;
    caplat_slice          values[KEYS];     /* ptr NULL when absent */
    caplat_err           *err;
} form;


static bool
is_given(const form *f, key k)
{
    return f->values[k].ptr != NULL;
}


static size_t
place_of(const form *f, key k)
{
    return is_given(f, k) ? (size_t) (f->values[k].ptr - f->text.ptr)
                          : f->text.len;
}


static bool
fail(const form *f, caplat_code code, key k)
{
    return caplat_fail(f->err, code, place_of(f, k), keys[k].name);
}


/* The bytes before the next `byte` or the end; whether there was one. */
static bool
take_part(caplat_cursor *c, char byte, caplat_slice *part)
{
    return caplat_take_until(c, byte, caplat_cursor_left(c), part)
        || !caplat_take_rest(c, caplat_cursor_left(c), part);
}


static bool
take_key(caplat_cursor *c, key *k)
{
    for (size_t i = 0; i < KEYS; i++) {
        if (caplat_take_literal(c, keys[i].head)) {
            *k = (key) i;

            return true;
        }
    }

    return false;
}


/* Find the value of each key. */
static bool
split(form *f)
{
    caplat_cursor  c = caplat_cursor_of(f->text);
    bool           more = f->text.len != 0;
    key            k;

    while (more) {
        if (!take_key(&c, &k)) {
            return caplat_fail(f->err, CAPLAT_UNKNOWN_KEY,
                caplat_cursor_at(&c), "key");
        }

        if (is_given(f, k)) {
            return caplat_fail(f->err, CAPLAT_TWICE, caplat_cursor_at(&c),
                keys[k].name);
        }

        more = take_part(&c, '&', &f->values[k]);
    }

    return true;
}


static bool
read_city(const form *f, uint32_t *region)
{
    if (!is_given(f, KEY_CITY)) {
        return fail(f, CAPLAT_MISSING_KEY, KEY_CITY);
    }

    return caplat_region_read(f->values[KEY_CITY], region)
        || fail(f, CAPLAT_NOT_A_REGION, KEY_CITY);
}


static bool
read_day(const form *f, caplat_date *day)
{
    if (!is_given(f, KEY_DAY)) {
        return fail(f, CAPLAT_MISSING_KEY, KEY_DAY);
    }

    return caplat_date_parse(f->values[KEY_DAY], day)
        || fail(f, CAPLAT_NOT_A_DATE, KEY_DAY);
}


static bool
read_months(const form *f, uint32_t *months)
{
    uint64_t     number;
    caplat_code  code = caplat_number_read(f->values[KEY_MONTHS],
                                           CAPLAT_MONTHS_MAX, &number);

    if (code == CAPLAT_TOO_LARGE) {
        return fail(f, CAPLAT_TERM_TOO_LONG, KEY_MONTHS);
    }

    if (code != CAPLAT_OK) {
        return fail(f, code, KEY_MONTHS);
    }

    if (number == 0) {
        return fail(f, CAPLAT_CERTIFICATE_EXPIRED, KEY_MONTHS);
    }

    *months = (uint32_t) number;

    return true;
}


/* How long the certificate still runs: months or until. */
static bool
read_term(const form *f, caplat_certificate *certificate)
{
    certificate->months = 0;
    certificate->until = (caplat_date) { 0, 0, 0 };

    if (is_given(f, KEY_MONTHS) && is_given(f, KEY_UNTIL)) {
        return fail(f, CAPLAT_TWICE, KEY_UNTIL);
    }

    if (is_given(f, KEY_MONTHS)) {
        return read_months(f, &certificate->months);
    }

    if (is_given(f, KEY_UNTIL)) {
        return caplat_date_parse(f->values[KEY_UNTIL], &certificate->until)
            || fail(f, CAPLAT_NOT_A_DATE, KEY_UNTIL);
    }

    return f->tariff->unit == CAPLAT_UNIT_NONE
        || fail(f, CAPLAT_MISSING_KEY, KEY_MONTHS);
}


static bool
read_base(const form *f, caplat_base *base)
{
    if (!is_given(f, KEY_BASE)) {
        *base = CAPLAT_BASE_BY_HELD;

    } else if (caplat_slice_eq(f->values[KEY_BASE], CAPLAT_LIT("due"))) {
        *base = CAPLAT_BASE_DUE;

    } else if (caplat_slice_eq(f->values[KEY_BASE], CAPLAT_LIT("paid"))) {
        *base = CAPLAT_BASE_PAID;

    } else {
        return fail(f, CAPLAT_NOT_ONE_OF, KEY_BASE);
    }

    return true;
}


static bool
read_name(const form *f, key k, caplat_slice *name)
{
    *name = f->values[k];

    return !is_given(f, k)
        || caplat_name_valid(f->values[k])
        || fail(f, CAPLAT_NOT_A_NAME, k);
}


static size_t
count_ids(caplat_slice list)
{
    size_t  count = list.len != 0;

    for (size_t i = 0; i < list.len; i++) {
        count += list.ptr[i] == ',';
    }

    return count;
}


/* Ids, as indices, and the offsets at which they stand. */
static bool
read_ids(const form *f, key k, size_t max, size_t *ids, size_t *places,
    size_t *count)
{
    caplat_cursor  c = caplat_cursor_of(f->values[k]);
    size_t         given = count_ids(f->values[k]);
    caplat_slice   id;

    if (given > max) {
        return fail(f, CAPLAT_TOO_MANY, k);
    }

    for (size_t i = 0; i < given; i++) {
        places[i] = place_of(f, k) + caplat_cursor_at(&c);
        (void) take_part(&c, ',', &id);
        ids[i] = caplat_tariff_platform(f->tariff, id);

        if (ids[i] == CAPLAT_ANY) {
            return caplat_fail(f->err, CAPLAT_UNKNOWN_PLATFORM, places[i],
                keys[k].name);
        }
    }

    *count = given;

    return true;
}


static bool
read_held(const form *f, caplat_certificate *certificate)
{
    size_t  places[CAPLAT_PLATFORMS_MAX];
    bool    seen[CAPLAT_PLATFORMS_MAX] = { false };

    if (!read_ids(f, KEY_HELD, CAPLAT_PLATFORMS_MAX, certificate->held,
                  places, &certificate->held_count))
    {
        return false;
    }

    for (size_t i = 0; i < certificate->held_count; i++) {
        if (seen[certificate->held[i]]) {
            return caplat_fail(f->err, CAPLAT_DUPLICATE, places[i], "held");
        }

        seen[certificate->held[i]] = true;
    }

    return true;
}


bool
caplat_question_parse(const caplat_tariff *tariff, caplat_slice text,
    caplat_question *question, caplat_err *err)
{
    form                 f = { .tariff = tariff, .text = text, .err = err };
    caplat_question      read;              /* 3 KB: each part is set once */
    caplat_certificate  *certificate = &read.certificate;

    if (text.len > CAPLAT_QUESTION_LEN_MAX) {
        return caplat_fail(err, CAPLAT_TOO_LARGE, CAPLAT_QUESTION_LEN_MAX,
            "question");
    }

    if (!split(&f)
        || !read_city(&f, &certificate->region)
        || !read_day(&f, &read.day)
        || !read_term(&f, certificate)
        || !read_base(&f, &certificate->base)
        || !read_name(&f, KEY_VENDOR, &certificate->vendor)
        || !read_name(&f, KEY_LOCK, &certificate->lock)
        || !read_name(&f, KEY_CERTIFICATE, &certificate->certificate)
        || !read_held(&f, certificate)
        || !read_ids(&f, KEY_ADD, CAPLAT_CHOICE_MAX, read.choice,
                     read.choice_at, &read.choice_count))
    {
        return false;
    }

    read.add_at = place_of(&f, KEY_ADD);
    read.term_at = place_of(&f, is_given(&f, KEY_UNTIL) ? KEY_UNTIL
                                                        : KEY_MONTHS);
    read.day_at = place_of(&f, KEY_DAY);
    read.vendor_at = place_of(&f, KEY_VENDOR);
    *question = read;

    return true;
}


size_t
caplat_question_place(const caplat_question *question, const caplat_err *err)
{
    switch (err->code) {

    case CAPLAT_CARD_NOT_VALID:
        return question->day_at;

    case CAPLAT_CERTIFICATE_EXPIRED:
    case CAPLAT_TERM_TOO_LONG:
        return question->term_at;

    case CAPLAT_VENDOR_NOT_SERVED:
        return question->vendor_at;

    case CAPLAT_DUPLICATE:
    case CAPLAT_PLATFORM_HELD:
    case CAPLAT_PLATFORM_PAUSED:
    case CAPLAT_PLATFORM_CLOSED:
        return question->choice_at[err->at];

    default:                /* the choice as a whole */
        return question->add_at;
    }
}
