#include "caplat_sfv_bare.h"

#include "caplat_b64.h"


#define INTEGER_DIGITS_MAX   15         /* of an Integer, RFC 9651, 3.3.1 */
#define DECIMAL_DIGITS_MAX   12         /* before the point of a Decimal */
#define FRACTION_DIGITS_MAX  3          /* and behind it */
#define FRACTION_ONE         1000       /* so many parts have a whole */


static bool
fail(caplat_err *err, caplat_code code, const caplat_cursor *c,
    const char *what)
{
    return caplat_fail(err, code, caplat_cursor_at(c), what);
}


/* Every byte of a Token but the first: tchar (RFC 9110, 5.6.2), `:`, `/`. */
static bool
is_of_token(char byte)
{
    static const char  marks[] = "!#$%&'*+-.^_`|~:/";

    return caplat_is_letter(byte) || caplat_is_digit(byte)
           || memchr(marks, byte, sizeof(marks) - 1) != NULL;
}


/* The bytes from the cursor on that are `of` something. */
static caplat_slice
take_all(caplat_cursor *c, bool (*of)(char))
{
    const char  *start = c->at;

    while (c->at != c->end && of(*c->at)) {
        c->at++;
    }

    return caplat_slice_of(start, (size_t) (c->at - start));
}


/* All the digits that there are, 1 to max. */
static bool
take_digits(caplat_cursor *c, size_t max, int64_t *number, size_t *count,
    caplat_err *err)
{
    caplat_cursor  start = *c;
    caplat_slice   digits = take_all(c, caplat_is_digit);

    if (digits.len == 0 || digits.len > max) {
        return fail(err, CAPLAT_NOT_A_NUMBER, &start, "number");
    }

    *number = 0;
    *count = digits.len;

    for (size_t i = 0; i < digits.len; i++) {
        *number = *number * 10 + (digits.ptr[i] - '0');
    }

    return true;
}


/* What stands behind the point, in thousandths. */
static bool
take_fraction(caplat_cursor *c, int64_t *thousandths, caplat_err *err)
{
    size_t  count;

    if (!take_digits(c, FRACTION_DIGITS_MAX, thousandths, &count, err)) {
        return false;
    }

    for (; count < FRACTION_DIGITS_MAX; count++) {
        *thousandths *= 10;
    }

    return true;
}


static bool
take_number(caplat_cursor *c, caplat_sfv_bare *bare, caplat_err *err)
{
    bool           minus = caplat_take_byte(c, '-');
    caplat_cursor  start = *c;
    int64_t        fraction;
    size_t         count;

    if (!take_digits(c, INTEGER_DIGITS_MAX, &bare->number, &count, err)) {
        return false;
    }

    bare->type = CAPLAT_SFV_INTEGER;

    if (caplat_take_byte(c, '.')) {
        if (count > DECIMAL_DIGITS_MAX) {
            return fail(err, CAPLAT_NOT_A_NUMBER, &start, "number");
        }

        if (!take_fraction(c, &fraction, err)) {
            return false;
        }

        bare->type = CAPLAT_SFV_DECIMAL;
        bare->number = bare->number * FRACTION_ONE + fraction;
    }

    if (minus) {
        bare->number = -bare->number;
    }

    return true;
}


static bool
take_date(caplat_cursor *c, caplat_sfv_bare *bare, caplat_err *err)
{
    caplat_cursor  start = *c;

    if (!take_number(c, bare, err)) {
        return false;
    }

    if (bare->type != CAPLAT_SFV_INTEGER) {
        return fail(err, CAPLAT_NOT_A_NUMBER, &start, "date");
    }

    bare->type = CAPLAT_SFV_DATE;

    return true;
}


/* One character of a String, an escape with what it escapes. */
static bool
take_character(caplat_cursor *c)
{
    if (caplat_take_byte(c, '\\')) {
        return caplat_take_byte(c, '"') || caplat_take_byte(c, '\\');
    }

    if (*c->at < 0x20 || *c->at > 0x7e) {
        return false;
    }

    c->at++;

    return true;
}


/* From behind its first quote. */
static bool
take_string(caplat_cursor *c, caplat_sfv_bare *bare, caplat_err *err)
{
    const char  *start = c->at;

    while (!caplat_take_byte(c, '"')) {
        if (c->at == c->end) {
            return fail(err, CAPLAT_TRUNCATED, c, "string");
        }

        if (!take_character(c)) {
            return fail(err, CAPLAT_NOT_WORDS, c, "string");
        }
    }

    bare->type = CAPLAT_SFV_STRING;
    bare->text = caplat_slice_of(start, (size_t) (c->at - start) - 1);

    return true;
}


/* From behind their first colon. */
static bool
take_bytes(caplat_cursor *c, caplat_sfv_bare *bare, caplat_err *err)
{
    caplat_cursor  start = *c;

    if (!caplat_take_until(c, ':', caplat_cursor_left(c), &bare->text)) {
        return fail(err, CAPLAT_TRUNCATED, c, "byte sequence");
    }

    if (!caplat_b64_valid(bare->text)) {
        return fail(err, CAPLAT_NOT_WORDS, &start, "byte sequence");
    }

    bare->type = CAPLAT_SFV_BYTES;

    return true;
}


static bool
take_boolean(caplat_cursor *c, caplat_sfv_bare *bare, caplat_err *err)
{
    bare->type = CAPLAT_SFV_BOOLEAN;
    bare->number = caplat_take_byte(c, '1');

    return bare->number != 0 || caplat_take_byte(c, '0')
           || fail(err, CAPLAT_NOT_ONE_OF, c, "boolean");
}


/* The kind of an item is known by its first byte. */
static bool
take_kind(caplat_cursor *c, caplat_sfv_bare *bare, caplat_err *err)
{
    if (caplat_take_byte(c, '"')) {
        return take_string(c, bare, err);
    }

    if (caplat_take_byte(c, ':')) {
        return take_bytes(c, bare, err);
    }

    if (caplat_take_byte(c, '?')) {
        return take_boolean(c, bare, err);
    }

    if (caplat_take_byte(c, '@')) {
        return take_date(c, bare, err);
    }

    if (c->at != c->end && (caplat_is_digit(*c->at) || *c->at == '-')) {
        return take_number(c, bare, err);
    }

    if (c->at != c->end && (caplat_is_letter(*c->at) || *c->at == '*')) {
        bare->type = CAPLAT_SFV_TOKEN;
        bare->text = take_all(c, is_of_token);
        return true;
    }

    return fail(err, CAPLAT_NOT_ONE_OF, c, "item");
}


bool
caplat_sfv_take_bare(caplat_cursor *c, caplat_sfv_bare *bare,
    caplat_err *err)
{
    caplat_cursor    walk = *c;
    caplat_sfv_bare  taken = { .number = 0 };

    if (!take_kind(&walk, &taken, err)) {
        return false;
    }

    *c = walk;
    *bare = taken;

    return true;
}


static void
put_integer(caplat_writer *w, int64_t number)
{
    if (number < 0) {
        caplat_put(w, CAPLAT_LIT("-"));
    }

    caplat_put_number(w, (uint64_t) (number < 0 ? -number : number));
}


/* One to three digits behind the point: no more zeros than it needs. */
static void
put_decimal(caplat_writer *w, int64_t thousandths)
{
    int64_t  size = thousandths < 0 ? -thousandths : thousandths;
    int64_t  fraction = size % FRACTION_ONE;
    char     digits[FRACTION_DIGITS_MAX] = {
        (char) ('0' + fraction / 100),
        (char) ('0' + fraction / 10 % 10),
        (char) ('0' + fraction % 10)
    };
    size_t   count = fraction % 10 != 0 ? 3 : fraction % 100 != 0 ? 2 : 1;

    if (thousandths < 0) {
        caplat_put(w, CAPLAT_LIT("-"));
    }

    caplat_put_number(w, (uint64_t) (size / FRACTION_ONE));
    caplat_put(w, CAPLAT_LIT("."));
    caplat_put(w, caplat_slice_of(digits, count));
}


static void
put_between(caplat_writer *w, caplat_slice mark, caplat_slice text)
{
    caplat_put(w, mark);
    caplat_put(w, text);
    caplat_put(w, mark);
}


void
caplat_sfv_put_bare(caplat_writer *w, const caplat_sfv_bare *bare)
{
    switch (bare->type) {

    case CAPLAT_SFV_INTEGER:
        put_integer(w, bare->number);
        return;

    case CAPLAT_SFV_DECIMAL:
        put_decimal(w, bare->number);
        return;

    case CAPLAT_SFV_STRING:
        put_between(w, CAPLAT_LIT("\""), bare->text);
        return;

    case CAPLAT_SFV_TOKEN:
        caplat_put(w, bare->text);
        return;

    case CAPLAT_SFV_BYTES:
        put_between(w, CAPLAT_LIT(":"), bare->text);
        return;

    case CAPLAT_SFV_BOOLEAN:
        caplat_put(w, bare->number != 0 ? CAPLAT_LIT("?1") : CAPLAT_LIT("?0"));
        return;

    case CAPLAT_SFV_DATE:
        caplat_put(w, CAPLAT_LIT("@"));
        put_integer(w, bare->number);
        return;
    }

    caplat_assert(false);
}
