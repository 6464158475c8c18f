/*
 * WeChat Pay v3, Native (requests.md, 7.2): the request for a code that a buyer
 * scans, what the gateway answers, and the notices that WeChat sends.
 *
 * Sending the request is the caller's. What comes back, as a response or as a
 * notice, is signed in the same way: RSA over `timestamp LF nonce LF body LF`,
 * told by the fields Wechatpay-Timestamp, -Nonce, -Serial, -Signature, each of
 * them once, and Wechatpay-Signature-Type, which may be absent.
 */

#ifndef CAPLAT_WECHAT_H
#define CAPLAT_WECHAT_H

#include "caplat_err.h"
#include "caplat_gcm.h"
#include "caplat_json.h"
#include "caplat_message.h"
#include "caplat_notice.h"
#include "caplat_rsa.h"
#include "caplat_write.h"


#define CAPLAT_WECHAT_NATIVE      "/v3/pay/transactions/native"
#define CAPLAT_WECHAT_WINDOW      300   /* seconds, in both directions */

#define CAPLAT_WECHAT_REQUEST_MAX 2048  /* bytes: room for any request's body,
                                           and for any Authorization */
#define CAPLAT_WECHAT_BODY_MAX    16384 /* of a notice or a response; most have
                                           1 KB */
#define CAPLAT_WECHAT_NONCE_MAX   32    /* of a request's nonce */
#define CAPLAT_WECHAT_CODE_MAX    512   /* of a code_url */


/* What the operator has configured. */
typedef struct {
    caplat_slice               appid;
    caplat_slice               mchid;
    caplat_slice               serial;          /* of our certificate */
    const caplat_rsa_private  *merchant_key;    /* ours: signs requests */
    const caplat_rsa_public   *platform_key;    /* WeChat's */
    caplat_slice               platform_serial; /* its certificate's serial, or
                                                   PUB_KEY_ID_... */
    const caplat_gcm          *api_key;         /* opens notices */
    caplat_slice               notify_url;
} caplat_wechat;

/*
 * The APIv3 key out of a file's text: 32 printable bytes and maybe LF.
 *
 * text  the caller's, who wipes it
 * err   NOT_WORDS: a byte that is not printable; TRUNCATED; TRAILING
 */
bool caplat_wechat_api_key_read(caplat_slice text, caplat_gcm **key,
    caplat_err *err);


/* The body of POST CAPLAT_WECHAT_NATIVE. */
void caplat_wechat_native_body(const caplat_wechat *wechat,
    const caplat_charge *charge, caplat_writer *w);

/* What is signed of that request. */
void caplat_wechat_native_content(caplat_slice body, caplat_slice nonce,
    int64_t now, caplat_writer *w);

/*
 * Its field Authorization.
 *
 * nonce  1 to CAPLAT_WECHAT_NONCE_MAX of [0-9A-Za-z_-], random, and another one
 *        every time
 * false  the text did not fit (w is full), or the library failed
 */
bool caplat_wechat_authorization(const caplat_wechat *wechat,
    caplat_slice body, caplat_slice nonce, int64_t now, caplat_writer *w);


/*
 * Whether WeChat has signed a body, and lately.
 *
 * message  only its fields are looked at
 * reason   on false: wechat-fields (one is absent, there twice, or not of its
 *          form), wechat-time, wechat-probe (a signature that WeChat has made
 *          wrong to see whether we look: WECHATPAY/SIGNTEST/), wechat-serial,
 *          wechat-signature
 */
bool caplat_wechat_verify(const caplat_wechat *wechat,
    const caplat_message *message, caplat_slice body, int64_t now,
    const char **reason);

/*
 * What the gateway answers: the code_url, of weixin://wxpay/ and no more than
 * CAPLAT_WECHAT_CODE_MAX printable bytes.
 *
 * status  of the response; all but 200 is a refusal, whose signature is not
 *         looked at, for the gateway does not sign all of them
 * why     on false, for the log: the `code` of the gateway's refusal, 1 to 32
 *         of [0-9A-Z_], which borrows from the body, and may be anybody's word;
 *         else wechat-status, a reason of caplat_wechat_verify, wechat-json or
 *         wechat-code-url
 */
bool caplat_wechat_code_url(const caplat_wechat *wechat, unsigned status,
    const caplat_message *message, caplat_slice body, int64_t now,
    caplat_writer *code_url, caplat_slice *why);


/*
 * Read a notice.
 *
 *   signed     as above, before all else
 *   resource   AEAD_AES_256_GCM with our APIv3 key, whatever the event is; the
 *              tag is checked; associated_data may be empty
 *   kind       TRANSACTION.SUCCESS whose trade_state is SUCCESS: paid.
 *              REFUND.SUCCESS whose refund_status is SUCCESS: a refund. Those
 *              two with another state, and every other event: nothing
 *   for us     mchid; appid, which a refund does not have; currency CNY, which
 *              the amount of a refund does not have
 *   amount     paid: amount.total, for what the payer paid is less with a
 *              coupon. Refund: amount.refund. Not 0
 *   trade      transaction_id; refund_id, WeChat's own number of the refund
 *   time       success_time
 *   payer      payer.openid, where it is one to 128 of [0-9A-Za-z_-];
 *              personal
 *
 * Whether the order is there and costs that much is the caller's to see. The
 * answer is 204; on false 401 to FORGED, 400 to UNREADABLE, 500 to UNFIT, with
 * {"code":"FAIL","message":...}.
 *
 * room     body.len bytes, which the notice borrows from; the caller's, who
 *          wipes it when the payer is no longer needed. Of the plain text
 *          nothing else is left in it, and the copy that was read is wiped
 * refusal  FORGED: as caplat_wechat_verify
 *          UNREADABLE: wechat-json (not JSON, too large, a member is absent)
 *          UNFIT: wechat-algorithm, wechat-nonce, wechat-api-key (the tag),
 *          wechat-plain (what was sealed is no JSON, or a member is absent),
 *          wechat-mchid, wechat-appid, wechat-currency, wechat-order,
 *          wechat-trade, wechat-amount, wechat-time
 */
bool caplat_wechat_notice_read(const caplat_wechat *wechat,
    const caplat_message *message, caplat_slice body, int64_t now, char *room,
    caplat_notice *notice, caplat_notice_refusal *refusal);

/* The same of a body that WeChat has signed. */
bool caplat_wechat_notice_open(const caplat_wechat *wechat, caplat_slice body,
    char *room, caplat_notice *notice, caplat_notice_refusal *refusal);

/* The last step of it: what the plain text of an event says. */
bool caplat_wechat_notice_judge(const caplat_wechat *wechat,
    caplat_slice event_type, const caplat_json *plain, caplat_notice *notice,
    caplat_notice_refusal *refusal);


#endif /* CAPLAT_WECHAT_H */
