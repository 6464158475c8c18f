#include "gen_money.h"

#include "caplat_money.h"


int64_t
gen_money_read(caplat_slice number)
{
    int64_t   value = 0;
    unsigned  decimals = 0;
    bool      point = false;

    if (number.len == 0 || number.ptr[0] == '.' || number.ptr[0] == ',') {
        return GEN_MONEY_NONE;
    }

    for (size_t i = 0; i < number.len; i++) {
        char  byte = number.ptr[i];

        if (byte == '.' && !point) {
            point = true;

        } else if (byte >= '0' && byte <= '9') {
            decimals += point;
            value = value * 10 + (byte - '0');

        } else if (byte != ',' || point) {
            return GEN_MONEY_NONE;
        }

        if (value > CAPLAT_FEN_MAX || decimals > 2) {
            return GEN_MONEY_NONE;
        }
    }

    for ( /* void */ ; decimals < 2; decimals++) {
        value *= 10;
    }

    return value <= CAPLAT_FEN_MAX ? value : GEN_MONEY_NONE;
}


caplat_slice
gen_money_words(gen_arena *arena, int64_t fen)
{
    static const caplat_slice  unit = CAPLAT_INIT(" 元");
    char                      *words = gen_arena_take(arena,
                                           CAPLAT_YUAN_LEN_MAX + unit.len);
    size_t                     len = caplat_fen_yuan(fen, words);

    memcpy(words + len, unit.ptr, unit.len);

    return caplat_slice_of(words, len + unit.len);
}
