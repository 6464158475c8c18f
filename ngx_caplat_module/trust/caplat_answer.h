/*
 * What the routes of the API answer: bytes of a request in, JSON out. They
 * know nothing of HTTP; who calls has been found out before (caplat_auth.h),
 * and so has whether his scopes allow it.
 *
 * All of them write to a writer with room for CAPLAT_ANSWER_ROOM bytes, lists
 * and sessions CAPLAT_LIST_ROOM, of which most use few: one room of a worker
 * will do, from which the answer is copied. On false nothing that was written
 * counts (but see caplat_answer_order), `denial` tells the problem, and
 * `faults`, where there are some, its `errors`. Each empties `faults` first,
 * so that nobody needs to clear its kilobytes. An answer that does not fit is
 * INTERNAL_ERROR.
 *
 * Amounts are fen. Moments are seconds since 1970; days are Beijing's.
 */

#ifndef CAPLAT_ANSWER_H
#define CAPLAT_ANSWER_H

#include "caplat_fault.h"
#include "caplat_price.h"
#include "caplat_problem.h"
#include "caplat_rates.h"
#include "caplat_token.h"


#define CAPLAT_ANSWER_ROOM   65536      /* bytes */
#define CAPLAT_LIST_ROOM     262144     /* of a list or a session: a card with
                                           all platforms that it can have,
                                           eight certificates that hold 64 */
#define CAPLAT_BODY_LEN_MAX  16384      /* bytes of a request's body */
#define CAPLAT_QUOTE_LIFE    1800       /* seconds that a quote is shown for */
#define CAPLAT_SOON_DAYS     30         /* a certificate that ends is noted */


/*
 * The day in Beijing (UTC+8, no summer time) of a moment; the first and last
 * day of the years 1 to 9999 for what lies beyond.
 */
caplat_date caplat_day_in_beijing(int64_t now);

/*
 * A certificate of the token as the core prices it. The last valid day is
 * Beijing's day of its last second; a lock's `_` is the card's `-`; platforms
 * that the card does not know any more are left out, but do tell that the base
 * has been paid.
 *
 * lock  room for the lock's name in the card's spelling
 */
void caplat_cert_price(const caplat_cert *cert, const caplat_claims *claims,
    const caplat_tariff *tariff, char lock[static 32],
    caplat_certificate *certificate);


/*
 * POST /v1/quotes: {"certificate":SN,"platforms":[ID,...]}
 *
 *   {"rates":SHA256,"card":ID,"certificate":SN,"total_fen":N,"lines":[...],
 *    "issued":N,"expires":N}                     lines: see caplat_price.h
 *
 * denial  in this order: REQUEST_MALFORMED (not strict JSON),
 *         CERTIFICATE_FORBIDDEN, CERTIFICATE_UNSUPPORTED,
 *         CERTIFICATE_EXPIRED, VALIDATION_FAILED (types, unknown members,
 *         codes of the core; those of platforms that are held among them),
 *         PLATFORM_ALREADY_HELD (nothing else is wrong)
 */
bool caplat_answer_quote(const caplat_rates *rates,
    const caplat_claims *claims, caplat_slice body, int64_t now,
    caplat_writer *out, int64_t *total_fen, caplat_faults *faults,
    caplat_denial *denial);

/*
 * GET /v1/prices?QUERY, see caplat_question.h; `day` absent is `today`, and a
 * comma may be %2C. The answer is caplat_price_answer's, byte for byte.
 *
 * day_matters  the answer holds for today only
 * denial       REQUEST_MALFORMED, VALIDATION_FAILED, CERTIFICATE_EXPIRED,
 *              CERTIFICATE_UNSUPPORTED, PLATFORM_ALREADY_HELD
 */
bool caplat_answer_price(const caplat_rates *rates, caplat_slice query,
    caplat_date today, caplat_writer *out, int64_t *total_fen,
    bool *day_matters, caplat_faults *faults, caplat_denial *denial);

/*
 * POST /v1/prices, for a partner: {"platforms":[ID,...]}, all without it;
 * {"certificate":SN} is allowed, as in a quote, and not looked up. Prices are
 * those for no certain lock, maker or kind of certificate.
 *
 *   {"rates":SHA256,"card":ID,"base":{"name":W,"price_fen":N}|null,
 *    "platforms":[{"platform":ID,"name":W,"class":ID,"region":CODE|null,
 *      "status":"open"|"paused"|"closed",
 *      "registered":PRICE,"other":PRICE},...]}
 *
 *   PRICE  {"price_fen":N,"per":"flat"|"year"|"base","reason":W}: `base` where
 *          the base covers it, price_fen is 0 then. `registered` is null
 *          where the platform has no region
 *
 * denial  REQUEST_MALFORMED, VALIDATION_FAILED
 */
bool caplat_answer_list(const caplat_rates *rates, caplat_slice body,
    caplat_date today, caplat_writer *out, caplat_faults *faults,
    caplat_denial *denial);

/*
 * GET /v1/session: who am I, and what can each certificate do.
 *
 *   {"role":"manager"|"individual","name":W|null,"client":ID,
 *    "expires":N,"scopes":["ca:quote",...],"channels":["alipay",...],
 *    "enterprise":{"id":USCC,"name":W,"city":CODE},
 *    "certificates":[{"certificate":SN,"ca":W,"vendor":W|null,"lock":W,
 *       "holder":W|null,"expires":N,"days_left":N,
 *       "held":[{"platform":ID,"name":W|null},...],
 *       "can_add":BOOL,"reason":CODE|null,"note":CODE|null,
 *       "available":N},...]}
 *
 *   scopes     those that the caller has: a partner's key may narrow the
 *              token's
 *   channels   by which an order can be paid here: bits of caplat_channel
 *   CODE       of a city: a string of six digits
 *   days_left  the last valid day counts too; 0 when it has expired
 *   held       name is null where the card does not know it any more
 *   reason     why it can't: certificate-unsupported-hardware,
 *              certificate-expired, all-held, the first that holds
 *   note       certificate-expires-soon: days_left is at most
 *              CAPLAT_SOON_DAYS
 *   available  open platforms that the certificate does not have
 */
bool caplat_answer_session(const caplat_rates *rates,
    const caplat_claims *claims, unsigned scopes, unsigned channels,
    int64_t now, caplat_writer *out, caplat_denial *denial);


/*
 * POST /v1/orders, steps 10, 12 and 14 of the order of checks but for the
 * scope: strict JSON, for the certificate stands in it; certificate, role,
 * hardware, expiry; the form's rules (caplat_form.h), all faults at once; the
 * amount that the caller was shown, and its card if that is named: another
 * than ours is PRICE_CHANGED.
 *
 * out     {"rates":...,"total_fen":N,"lines":[...]}: the quote that it is.
 *         Of PRICE_CHANGED it counts, and total_fen too: what it costs now
 * denial  in this order: REQUEST_MALFORMED, CERTIFICATE_FORBIDDEN,
 *         ROLE_FORBIDDEN, CERTIFICATE_UNSUPPORTED, CERTIFICATE_EXPIRED,
 *         VALIDATION_FAILED, PLATFORM_ALREADY_HELD, PRICE_CHANGED
 */
bool caplat_answer_order(const caplat_rates *rates,
    const caplat_claims *claims, caplat_slice body, int64_t now,
    caplat_writer *out, int64_t *total_fen, caplat_faults *faults,
    caplat_denial *denial);


#endif /* CAPLAT_ANSWER_H */
