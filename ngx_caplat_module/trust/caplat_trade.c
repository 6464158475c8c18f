#include "caplat_hash.h"
#include "caplat_record.h"


static bool
is_of(caplat_slice text, size_t max, bool underscore)
{
    for (size_t i = 0; i < text.len; i++) {
        char  byte = text.ptr[i];

        if (!caplat_is_digit(byte) && !caplat_is_letter(byte) && byte != '-'
            && !(underscore && byte == '_'))
        {
            return false;
        }
    }

    return text.len != 0 && text.len <= max;
}


bool
caplat_is_trade(caplat_slice text)
{
    return is_of(text, CAPLAT_TRADE_LEN_MAX, true);
}


bool
caplat_is_invoice_number(caplat_slice text)
{
    return is_of(text, CAPLAT_INVOICE_LEN_MAX, false);
}


uint64_t
caplat_record_mark(const caplat_record *record)
{
    const caplat_slice  parts[] = {
        record->channel, CAPLAT_LIT("\n"), record->trade
    };
    uint8_t             hash[CAPLAT_SHA256_LEN];
    uint64_t            mark;

    if (record->trade.len == 0) {
        return 0;
    }

    caplat_sha256_parts(parts, CAPLAT_COUNT(parts), hash);
    memcpy(&mark, hash, sizeof(mark));

    return mark;
}
