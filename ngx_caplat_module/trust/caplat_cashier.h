/*
 * A cashier for demonstrations: notices as channels send them, and WeChat's
 * gateway, signed with keys that stand for the channels' own. Nobody pays
 * anything; who has such keys configured as a channel's takes that for paid.
 *
 *   {"order":ID,"channel":"alipay"|"wechat","amount":FEN,
 *    "event":"paid"|"refunded","trade":W}
 *
 *   trade  the payment's number, or the refund's; may be absent: a new one
 *
 *   {"target":"/v1/notify/alipay","headers":{NAME:VALUE,...},"body":W}
 *
 * is a POST that makes it known, once or as often as one likes.
 */

#ifndef CAPLAT_CASHIER_H
#define CAPLAT_CASHIER_H

#include "caplat_alipay.h"
#include "caplat_answer.h"
#include "caplat_wechat.h"


#define CAPLAT_CASHIER_FIELDS  4        /* that WeChat signs with */
#define CAPLAT_CASHIER_TEXT    512      /* bytes of all their values */


typedef struct {
    const caplat_alipay       *alipay;  /* as its notices are read */
    const caplat_wechat       *wechat;
    const caplat_rsa_private  *alipay_key;      /* NULL: not that channel */
    const caplat_rsa_private  *wechat_key;
} caplat_cashier;


/*
 * Make a notice.
 *
 * denial  REQUEST_MALFORMED or VALIDATION_FAILED, with faults; or
 *         INTERNAL_ERROR: the library failed
 */
bool caplat_cashier_notice(const caplat_cashier *cashier, caplat_slice body,
    int64_t now, caplat_writer *w, caplat_faults *faults,
    caplat_denial *denial);


/* What WeChat signs a body with; the values lie in room. */
typedef struct {
    caplat_header  fields[CAPLAT_CASHIER_FIELDS];
    char           room[CAPLAT_CASHIER_TEXT];
} caplat_cashier_signed;

/* False when the library fails. */
bool caplat_cashier_sign(const caplat_cashier *cashier, caplat_slice body,
    int64_t now, caplat_cashier_signed *made);

/*
 * Answer the request for a code, as the gateway: `weixin://wxpay/bizpayurl?pr=`
 * and the order. False when our merchant has not signed it, or not lately.
 */
bool caplat_cashier_code(const caplat_cashier *cashier,
    const caplat_message *message, caplat_slice body, int64_t now,
    caplat_writer *w);


#endif /* CAPLAT_CASHIER_H */
