/*
 * Whatever a form holds: it is refused, or has no name twice and is read back
 * as it was when it is written. What Alipay has not signed is never a notice.
 * And as if it had signed it: what is accepted has an order, a number and an
 * amount as they should be, and there is no second way to read it.
 */

#include "caplat_alipay.h"
#include "caplat_hash.h"
#include "fuzz_notice.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static caplat_alipay  alipay;


static void
open_once(void)
{
    caplat_rsa_public  *key;
    caplat_err          err;

    if (alipay.platform_key != NULL) {
        return;
    }

    caplat_assert(caplat_trust_open());
    caplat_assert(caplat_rsa_public_read(CAPLAT_LIT(PLATFORM_KEY), &key,
                                         &err));
    alipay = (caplat_alipay) {
        .app_id = CAPLAT_LIT("1"),
        .seller_id = CAPLAT_LIT("2"),
        .platform_key = key,
    };
}


static void
check_unsigned(caplat_slice body)
{
    static char  room[CAPLAT_ALIPAY_NOTICE_MAX];

    caplat_notice          notice;
    caplat_notice_refusal  refusal = { CAPLAT_NOTICE_UNFIT, NULL };

    caplat_assert(!caplat_alipay_notice_read(&alipay, body, room, &notice,
                                             &refusal));
    caplat_assert(refusal.reason != NULL
                  && refusal.fault != CAPLAT_NOTICE_UNFIT);
}


static void
check_written(const caplat_params *params)
{
    static char  text[3 * CAPLAT_ALIPAY_NOTICE_MAX];
    static char  room[3 * CAPLAT_ALIPAY_NOTICE_MAX];

    caplat_writer  w = caplat_writer_of(text, sizeof(text));
    caplat_params  again;

    caplat_params_query(params, &w);
    caplat_assert(!w.full);
    caplat_assert(caplat_params_read(caplat_written(&w), room, &again));
    caplat_assert(again.count == params->count);

    for (size_t i = 0; i < params->count; i++) {
        caplat_assert(caplat_slice_eq(again.list[i].name,
                                      params->list[i].name));
        caplat_assert(caplat_slice_eq(again.list[i].value,
                                      params->list[i].value));
        caplat_assert(i == 0 || caplat_slice_cmp(params->list[i - 1].name,
                                                 params->list[i].name) < 0);
    }
}


/* A parameter drawn into the one before it: the text that is signed stays. */
static void
check_other_ways(const caplat_params *params)
{
    static char  room[CAPLAT_ALIPAY_NOTICE_MAX];

    for (size_t i = 1; i < params->count; i++) {
        caplat_params          less = { .count = 0 };
        caplat_writer          w = caplat_writer_of(room, sizeof(room));
        caplat_notice          notice, other;
        caplat_notice_refusal  refusal;

        for (size_t j = 0; j < params->count; j++) {
            if (j != i) {
                caplat_params_add(&less, params->list[j].name,
                                  params->list[j].value);
            }
        }

        caplat_put(&w, params->list[i - 1].value);
        caplat_put(&w, CAPLAT_LIT("&"));
        caplat_put(&w, params->list[i].name);
        caplat_put(&w, CAPLAT_LIT("="));
        caplat_put(&w, params->list[i].value);
        caplat_assert(!w.full);
        less.list[i - 1].value = caplat_written(&w);

        if (caplat_alipay_notice_judge(&alipay, params, &notice, &refusal)
            && caplat_alipay_notice_judge(&alipay, &less, &other, &refusal))
        {
            caplat_assert(notice.kind == other.kind
                          && notice.amount_fen == other.amount_fen
                          && notice.time == other.time
                          && caplat_slice_eq(notice.order, other.order)
                          && caplat_slice_eq(notice.trade, other.trade));
        }
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char  room[CAPLAT_ALIPAY_NOTICE_MAX];

    caplat_slice           body = caplat_slice_of((const char *) data, size);
    caplat_params          params;
    caplat_notice          notice;
    caplat_notice_refusal  refusal = { CAPLAT_NOTICE_UNFIT, NULL };

    open_once();

    if (size > sizeof(room)) {
        return 0;
    }

    check_unsigned(body);

    if (!caplat_params_read(body, room, &params)) {
        return 0;
    }

    check_written(&params);
    check_other_ways(&params);

    if (caplat_alipay_notice_judge(&alipay, &params, &notice, &refusal)) {
        check_notice(&notice, CAPLAT_ALIPAY);

    } else {
        caplat_assert(refusal.fault == CAPLAT_NOTICE_UNFIT
                      && refusal.reason != NULL);
    }

    return 0;
}
