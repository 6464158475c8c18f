#include "caplat_answer.h"

#include "caplat_body.h"


#define BEIJING     28800               /* seconds ahead of UTC */
#define DAY         86400
#define NUMBER_MIN  (-719162)           /* 0001-01-01 */
#define NUMBER_MAX  2932896             /* 9999-12-31 */


caplat_date
caplat_day_in_beijing(int64_t now)
{
    int64_t  number;

    /* Far enough from the ends for the sum and for rounding down. */
    if (now < (int64_t) NUMBER_MIN * DAY) {
        number = NUMBER_MIN;

    } else if (now > (int64_t) NUMBER_MAX * DAY) {
        number = NUMBER_MAX;

    } else {
        number = (now + BEIJING - (int64_t) NUMBER_MIN * DAY) / DAY
                 + NUMBER_MIN;
    }

    return caplat_date_of_number((int32_t) number);
}


/* The card's spelling of a lock. */
static caplat_slice
lock_of(caplat_slice name, char lock[static 32])
{
    caplat_assert(name.len <= 32);

    for (size_t i = 0; i < name.len; i++) {
        lock[i] = name.ptr[i] == '_' ? '-' : name.ptr[i];
    }

    return caplat_slice_of(lock, name.len);
}


void
caplat_cert_take(caplat_cursor *c, caplat_slice *id)
{
    if (!caplat_take_until(c, ',', caplat_cursor_left(c), id)) {
        (void) caplat_take_rest(c, caplat_cursor_left(c), id);
    }
}


bool
caplat_cert_holds(caplat_slice held, caplat_slice id)
{
    caplat_cursor  c = caplat_cursor_of(held);
    caplat_slice   next;

    while (caplat_cursor_left(&c) != 0) {
        caplat_cert_take(&c, &next);

        if (caplat_slice_eq(next, id)) {
            return true;
        }
    }

    return false;
}


/* The platforms that the card knows, as indices. */
static void
read_held(const caplat_cert *cert, const caplat_tariff *tariff,
    caplat_certificate *certificate)
{
    caplat_cursor  c = caplat_cursor_of(cert->held);
    size_t         count = 0;
    caplat_slice   id;

    caplat_assert(cert->held_count <= CAPLAT_CERT_HELD_MAX);

    for (size_t i = 0; i < cert->held_count; i++) {
        size_t  at;

        caplat_cert_take(&c, &id);
        at = caplat_tariff_platform(tariff, id);

        if (at != CAPLAT_ANY) {
            certificate->held[count++] = at;
        }
    }

    certificate->held_count = count;
}


void
caplat_cert_price(const caplat_cert *cert, const caplat_claims *claims,
    const caplat_tariff *tariff, char lock[static 32],
    caplat_certificate *certificate)
{
    certificate->region = claims->city;
    certificate->until = caplat_day_in_beijing(cert->expires - 1);
    certificate->months = 0;
    certificate->vendor = cert->vendor;
    certificate->lock = lock_of(cert->lock, lock);
    certificate->certificate = caplat_slice_of("", 0);

    /* By what is on the certificate, also where the card has dropped it. */
    certificate->base = cert->held_count != 0 ? CAPLAT_BASE_PAID
                                              : CAPLAT_BASE_DUE;
    read_held(cert, tariff, certificate);
}
