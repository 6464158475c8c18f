#include "caplat_member.h"


void
caplat_member(caplat_writer *w, caplat_slice key, caplat_slice text)
{
    caplat_put(w, key);
    caplat_put_string(w, text);
}


void
caplat_member_or_null(caplat_writer *w, caplat_slice key, caplat_slice text)
{
    if (text.len != 0) {
        caplat_member(w, key, text);
        return;
    }

    caplat_put(w, key);
    caplat_put(w, CAPLAT_LIT("null"));
}


void
caplat_member_number(caplat_writer *w, caplat_slice key, int64_t number)
{
    caplat_assert(number >= 0);
    caplat_put(w, key);
    caplat_put_number(w, (uint64_t) number);
}


void
caplat_member_region(caplat_writer *w, caplat_slice key, uint32_t code)
{
    caplat_put(w, key);

    if (code == 0) {
        caplat_put(w, CAPLAT_LIT("null"));
        return;
    }

    caplat_put(w, CAPLAT_LIT("\""));
    caplat_put_number(w, code);
    caplat_put(w, CAPLAT_LIT("\""));
}
