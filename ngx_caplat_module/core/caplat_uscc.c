#include "caplat_uscc.h"

#include "caplat_date.h"


#define BASE            31              /* characters, and the modulus */
#define REGION_AT       2               /* where the six digits stand */
#define REGION_LEN      6
#define BIRTH_YEAR_MIN  1800            /* an example of GB 11643 has 1880 */
#define BIRTH_YEAR_MAX  2099


static const char  characters[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

_Static_assert(sizeof(characters) - 1 == BASE, "the set of GB 32100-2015");


static bool
are_digits(caplat_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!caplat_is_digit(text.ptr[i])) {
            return false;
        }
    }

    return true;
}


/* BASE when it has none. */
static unsigned
value_of(char byte)
{
    const char  *at = memchr(characters, byte, BASE);

    return at != NULL ? (unsigned) (at - characters) : BASE;
}


bool
caplat_uscc_well_formed(caplat_slice code)
{
    if (code.len != CAPLAT_USCC_LEN
        || !are_digits(caplat_slice_of(code.ptr + REGION_AT, REGION_LEN)))
    {
        return false;
    }

    for (size_t i = 0; i < CAPLAT_USCC_LEN; i++) {
        if (value_of(code.ptr[i]) == BASE) {
            return false;
        }
    }

    return true;
}


/* The weights are the powers of 3. */
char
caplat_uscc_check(caplat_slice code)
{
    unsigned  sum = 0;
    unsigned  weight = 1;

    caplat_assert(caplat_uscc_well_formed(code));

    for (size_t i = 0; i < CAPLAT_USCC_LEN - 1; i++) {
        sum += value_of(code.ptr[i]) * weight;
        weight = weight * 3 % BASE;
    }

    return characters[(BASE - sum % BASE) % BASE];
}


/* Whether YYYYMMDD is a day of those centuries. */
static bool
is_birth(const char digits[static 8])
{
    char         text[CAPLAT_DATE_LEN] = "0000-00-00";
    caplat_date  date;

    memcpy(text, digits, 4);
    memcpy(text + 5, digits + 4, 2);
    memcpy(text + 8, digits + 6, 2);

    return caplat_date_parse(caplat_slice_of(text, sizeof(text)), &date)
           && date.year >= BIRTH_YEAR_MIN && date.year <= BIRTH_YEAR_MAX;
}


/* ISO 7064 MOD 11-2 of the first 17 digits. */
static char
resident_check(const char digits[static 17])
{
    unsigned  rest = 0;

    for (size_t i = 0; i < 17; i++) {
        rest = (rest + (unsigned) (digits[i] - '0')) * 2 % 11;
    }

    return "0123456789X"[(12 - rest) % 11];
}


/* The older form, of which the year has two digits and nothing checks. */
static bool
is_resident_15(caplat_slice text)
{
    char  birth[8] = "19";

    if (!are_digits(text)) {
        return false;
    }

    memcpy(birth + 2, text.ptr + 6, 6);

    return is_birth(birth);
}


static bool
is_resident_18(caplat_slice text)
{
    char  last = text.ptr[17];

    return are_digits(caplat_slice_of(text.ptr, 17))
           && is_birth(text.ptr + 6)
           && resident_check(text.ptr) == (last == 'x' ? 'X' : last);
}


bool
caplat_resident_id_like(caplat_slice text)
{
    return text.len == 15 ? is_resident_15(text)
                          : text.len == 18 && is_resident_18(text);
}
