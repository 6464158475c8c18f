#include "caplat_alipay.h"
#include "caplat_money.h"
#include "caplat_time.h"


#define BIZ_MAX      1024               /* bytes of biz_content */
#define CONTENT_MAX  4096               /* of what is signed */


void
caplat_alipay_put_yuan(caplat_writer *w, int64_t fen)
{
    char  decimals[3] = { '.', (char) ('0' + fen / 10 % 10),
                          (char) ('0' + fen % 10) };

    caplat_assert(caplat_fen_valid(fen));
    caplat_put_number(w, (uint64_t) fen / 100);
    caplat_put(w, caplat_slice_of(decimals, sizeof(decimals)));
}


void
caplat_alipay_biz_content(const caplat_charge *charge, caplat_writer *w)
{
    char  expires[CAPLAT_TIME_LEN];

    caplat_time_write(charge->expires, ' ', expires);
    caplat_put(w, CAPLAT_LIT("{\"out_trade_no\":"));
    caplat_put_string(w, charge->order);
    caplat_put(w, CAPLAT_LIT(",\"total_amount\":\""));
    caplat_alipay_put_yuan(w, charge->amount_fen);
    caplat_put(w, CAPLAT_LIT("\",\"subject\":"));
    caplat_put_string(w, charge->subject);
    caplat_put(w, CAPLAT_LIT(",\"product_code\":\"FAST_INSTANT_TRADE_PAY\","
                             "\"time_expire\":"));
    caplat_put_string(w, caplat_slice_of(expires, sizeof(expires)));
    caplat_put(w, CAPLAT_LIT("}"));
}


/* All of a request but its signature, in the order of names. */
static void
fill(const caplat_alipay *alipay, caplat_slice biz, caplat_slice timestamp,
    caplat_params *params)
{
    params->count = 0;
    caplat_params_add(params, CAPLAT_LIT("app_id"), alipay->app_id);
    caplat_params_add(params, CAPLAT_LIT("biz_content"), biz);
    caplat_params_add(params, CAPLAT_LIT("charset"), CAPLAT_LIT("utf-8"));
    caplat_params_add(params, CAPLAT_LIT("method"),
                      CAPLAT_LIT("alipay.trade.page.pay"));
    caplat_params_add(params, CAPLAT_LIT("notify_url"), alipay->notify_url);

    if (alipay->return_url.len != 0) {
        caplat_params_add(params, CAPLAT_LIT("return_url"),
                          alipay->return_url);
    }

    caplat_params_add(params, CAPLAT_LIT("sign_type"), CAPLAT_LIT("RSA2"));
    caplat_params_add(params, CAPLAT_LIT("timestamp"), timestamp);
    caplat_params_add(params, CAPLAT_LIT("version"), CAPLAT_LIT("1.0"));
}


static bool
sign(const caplat_alipay *alipay, const caplat_params *params,
    char text[static CAPLAT_RSA_TEXT_MAX], size_t *len)
{
    char           room[CONTENT_MAX];
    caplat_writer  w = caplat_writer_of(room, sizeof(room));

    caplat_params_content(params, &w);

    caplat_slice  content = caplat_written(&w);

    return !w.full && caplat_rsa_sign(alipay->app_key, &content, 1, text, len);
}


bool
caplat_alipay_pay_url(const caplat_alipay *alipay,
    const caplat_charge *charge, int64_t now, caplat_writer *w)
{
    char           timestamp[CAPLAT_TIME_LEN];
    char           text[CAPLAT_RSA_TEXT_MAX];
    size_t         len;
    char           room[BIZ_MAX];
    caplat_writer  biz = caplat_writer_of(room, sizeof(room));
    caplat_params  params;

    if (charge->subject.len > CAPLAT_ALIPAY_SUBJECT_MAX) {
        return false;
    }

    caplat_time_write(now, ' ', timestamp);
    caplat_alipay_biz_content(charge, &biz);
    fill(alipay, caplat_written(&biz),
         caplat_slice_of(timestamp, sizeof(timestamp)), &params);

    if (biz.full || !sign(alipay, &params, text, &len)) {
        return false;
    }

    caplat_params_add(&params, CAPLAT_LIT("sign"), caplat_slice_of(text, len));
    caplat_put(w, alipay->gateway);
    caplat_put(w, CAPLAT_LIT("?"));
    caplat_params_query(&params, w);

    return !w->full;
}
