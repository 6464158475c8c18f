#include "caplat_hint.h"


#define STARS  CAPLAT_LIT("***")


/* Where the last of a byte stands; the length where there is none. */
static size_t
last_of(caplat_slice text, char byte)
{
    for (size_t i = text.len; i != 0; i--) {
        if (text.ptr[i - 1] == byte) {
            return i - 1;
        }
    }

    return text.len;
}


void
caplat_hint_email(caplat_slice email, caplat_writer *w)
{
    size_t        at = last_of(email, '@');
    caplat_slice  domain;
    size_t        dot;

    if (at == 0 || at + 1 >= email.len) {
        return;
    }

    domain = caplat_slice_of(email.ptr + at + 1, email.len - at - 1);
    dot = last_of(domain, '.');

    caplat_put(w, caplat_slice_of(email.ptr, 1));
    caplat_put(w, STARS);
    caplat_put(w, CAPLAT_LIT("@"));
    caplat_put(w, caplat_slice_of(domain.ptr, 1));
    caplat_put(w, STARS);
    caplat_put(w, caplat_slice_of(domain.ptr + dot, domain.len - dot));
}
