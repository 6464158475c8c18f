#include "caplat_money.h"


int64_t
caplat_fen_round(int64_t value, int64_t of, caplat_round how)
{
    int64_t  up = 0;

    caplat_assert(value >= 0 && value <= INT64_C(1) << 61);
    caplat_assert(of > 0 && of <= INT64_C(1) << 31);

    switch (how) {

    case CAPLAT_ROUND_HALF_UP:
        up = value % of * 2 >= of;
        break;

    case CAPLAT_ROUND_UP:
        up = value % of != 0;
        break;

    case CAPLAT_ROUND_DOWN:
        break;
    }

    return value / of + up;
}


/* Of the lines that have no fen of what is left yet, the largest fraction. */
static size_t
largest_fraction(const int64_t *parts, int64_t of, const int64_t *fees,
    size_t count)
{
    int64_t  largest = 0;
    size_t   at = count;

    for (size_t i = 0; i < count; i++) {
        if (fees[i] == parts[i] / of && parts[i] % of > largest) {
            largest = parts[i] % of;
            at = i;
        }
    }

    caplat_assert(at != count);

    return at;
}


void
caplat_fen_share(int64_t total, const int64_t *parts, int64_t of,
    int64_t *fees, size_t count)
{
    int64_t  left = total;

    for (size_t i = 0; i < count; i++) {
        fees[i] = parts[i] / of;
        left -= fees[i];
    }

    caplat_assert(left >= 0);

    while (left != 0) {
        fees[largest_fraction(parts, of, fees, count)]++;
        left--;
    }
}


size_t
caplat_fen_yuan(int64_t fen, char out[static CAPLAT_YUAN_LEN_MAX])
{
    char     digits[CAPLAT_YUAN_LEN_MAX];
    size_t   at = sizeof(digits);
    int64_t  yuan = fen / 100;

    caplat_assert(caplat_fen_valid(fen));

    if (fen % 100 != 0) {
        digits[--at] = (char) ('0' + fen % 10);
        digits[--at] = (char) ('0' + fen / 10 % 10);
        digits[--at] = '.';
    }

    do {
        digits[--at] = (char) ('0' + yuan % 10);
        yuan /= 10;
    } while (yuan != 0);

    memcpy(out, digits + at, sizeof(digits) - at);

    return sizeof(digits) - at;
}


bool
caplat_take_yuan(caplat_cursor *c, int64_t *fen)
{
    caplat_cursor  walk = *c;
    uint64_t       yuan;
    int64_t        part = 0;

    if (!caplat_take_uint(&walk, CAPLAT_FEN_MAX / 100, &yuan)) {
        return false;
    }

    if (caplat_take_byte(&walk, '.')) {
        if (walk.at == walk.end || !caplat_is_digit(*walk.at)) {
            return false;
        }

        part = (*walk.at++ - '0') * 10;

        if (walk.at != walk.end && caplat_is_digit(*walk.at)) {
            part += *walk.at++ - '0';
        }
    }

    if (!caplat_fen_valid((int64_t) yuan * 100 + part)) {
        return false;
    }

    *fen = (int64_t) yuan * 100 + part;
    *c = walk;

    return true;
}
