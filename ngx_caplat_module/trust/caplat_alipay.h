/*
 * Alipay's page pay (alipay.trade.page.pay): the address that a buyer is sent
 * to, and the notices that Alipay sends of it (requests.md, 7.1). No call goes
 * out from here.
 */

#ifndef CAPLAT_ALIPAY_H
#define CAPLAT_ALIPAY_H

#include "caplat_notice.h"
#include "caplat_params.h"
#include "caplat_rsa.h"
#include "caplat_write.h"


#define CAPLAT_ALIPAY_GATEWAY      "https://openapi.alipay.com/gateway.do"

#define CAPLAT_ALIPAY_URL_MAX      8192 /* bytes: room for any pay URL */
#define CAPLAT_ALIPAY_NOTICE_MAX   16384        /* bytes of a notice's body;
                                                   most have 2 KB */
#define CAPLAT_ALIPAY_SUBJECT_MAX  256  /* bytes; Alipay takes as many
                                           characters */


/* What the operator has configured. */
typedef struct {
    caplat_slice               app_id;
    caplat_slice               seller_id;
    const caplat_rsa_private  *app_key;         /* ours: signs requests */
    const caplat_rsa_public   *platform_key;    /* Alipay's: of notices */
    caplat_slice               gateway;         /* without a query */
    caplat_slice               notify_url;
    caplat_slice               return_url;      /* empty: none */
} caplat_alipay;


/*
 * The address at which the buyer pays: gateway?app_id=...&sign=..., good until
 * the charge expires. sign_type is in what is signed here, unlike in notices.
 *
 * false  the text did not fit (w is full), the subject is too long, or the
 *        library failed
 */
bool caplat_alipay_pay_url(const caplat_alipay *alipay,
    const caplat_charge *charge, int64_t now, caplat_writer *w);

/* "25.00": always with both decimals. */
void caplat_alipay_put_yuan(caplat_writer *w, int64_t fen);

/* What is to be paid, as it stands in biz_content. */
void caplat_alipay_biz_content(const caplat_charge *charge, caplat_writer *w);


/*
 * Read a notice: the body of a POST, application/x-www-form-urlencoded.
 *
 *   signature  RSA2 alone (RSA is SHA-1), over the parameters without sign and
 *              sign_type, sorted, empty values too. There is no freshness:
 *              Alipay asks again for 25 hours, so that an old notice is good
 *   for us     charset utf-8 (in any case), app_id, seller_id
 *   kind       refund_fee above 0 or gmt_refund: a refund, whatever the status
 *              is (it stays TRADE_SUCCESS when a part went back). Else
 *              TRADE_SUCCESS, TRADE_FINISHED: paid. Else WAIT_BUYER_PAY,
 *              TRADE_CLOSED: nothing. Any other status is unfit
 *   amount     ^[0-9]{1,9}(\.[0-9]{1,2})?$ yuan, not 0. Paid: total_amount.
 *              Refund: refund_fee, which Alipay documents as the total of all
 *              refunds of the trade so far, not as this one
 *   trade      paid: trade_no. Refund: out_biz_no, which Alipay documents as
 *              the number of the request for a refund; else out_request_no;
 *              else out_trade_no, which Alipay takes for that number where the
 *              request had none (then all went back, and once)
 *   time       gmt_payment, gmt_refund; notify_time where that is absent
 *   payer      buyer_id, else buyer_open_id, where it is one to 128 of
 *              [0-9A-Za-z_-]; personal
 *
 * What is signed says where a parameter ends by `&` alone, so that a value
 * that has `&refund_fee=` in it reads as a parameter too. A notice in which a
 * value has the name of a parameter that we read in it is unfit.
 *
 * Whether the order is there and costs that much is the caller's to see. The
 * answer is `success`, on false `fail`, both with 200.
 *
 * room     body.len bytes, which the notice borrows from; the caller's, who
 *          wipes it when the payer is no longer needed
 * refusal  FORGED: alipay-sign-type, alipay-signature
 *          UNREADABLE: alipay-form (too large, broken escapes, a parameter
 *          twice, too many)
 *          UNFIT: alipay-ambiguous, alipay-charset, alipay-app-id,
 *          alipay-seller-id, alipay-status, alipay-order, alipay-trade,
 *          alipay-amount, alipay-time
 */
bool caplat_alipay_notice_read(const caplat_alipay *alipay, caplat_slice body,
    char *room, caplat_notice *notice, caplat_notice_refusal *refusal);

/*
 * The last step of it, of parameters that Alipay has signed: what they say.
 *
 * params  sorted, without sign and sign_type
 */
bool caplat_alipay_notice_judge(const caplat_alipay *alipay,
    const caplat_params *params, caplat_notice *notice,
    caplat_notice_refusal *refusal);


#endif /* CAPLAT_ALIPAY_H */
