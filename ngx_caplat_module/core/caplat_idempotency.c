#include "caplat_idempotency.h"


static bool
is_of_key(char byte)
{
    return caplat_is_letter(byte) || caplat_is_digit(byte)
           || byte == '.' || byte == '_' || byte == '~' || byte == '-';
}


bool
caplat_idempotency_key_read(caplat_slice value, caplat_slice *key)
{
    if (value.len >= 2 && value.ptr[0] == '"'
        && value.ptr[value.len - 1] == '"')
    {
        value = caplat_slice_of(value.ptr + 1, value.len - 2);
    }

    if (value.len < CAPLAT_IDEMPOTENCY_KEY_LEN_MIN
        || value.len > CAPLAT_IDEMPOTENCY_KEY_LEN_MAX)
    {
        return false;
    }

    for (size_t i = 0; i < value.len; i++) {
        if (!is_of_key(value.ptr[i])) {
            return false;
        }
    }

    *key = value;

    return true;
}
