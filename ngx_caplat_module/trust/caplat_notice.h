/*
 * What a payment channel is asked for, and what its notices say, whichever
 * channel it is.
 */

#ifndef CAPLAT_NOTICE_H
#define CAPLAT_NOTICE_H

#include "caplat_b64.h"
#include "caplat_form.h"
#include "caplat_message.h"
#include "caplat_record.h"
#include "caplat_slice.h"
#include "caplat_write.h"


#define CAPLAT_NOTICE_PAYER_MAX   128   /* bytes: WeChat's longest openid */
#define CAPLAT_NOTICE_BODY_MAX    16384 /* of any channel's notice */

/* Bytes of JSON: the body, and as much again as its signature's fields have. */
#define CAPLAT_NOTICE_PERSONAL_MAX                                            \
    (CAPLAT_B64_LEN(CAPLAT_NOTICE_BODY_MAX) + 2048)


/* What a buyer is to pay. */
typedef struct {
    caplat_slice  order;                /* our number, out_trade_no */
    int64_t       amount_fen;
    caplat_slice  subject;              /* UTF-8, what the buyer is shown */
    int64_t       expires;              /* seconds: no payment after that */
} caplat_charge;


typedef enum { CAPLAT_NOTICE_NOTHING, CAPLAT_NOTICE_PAID,
    CAPLAT_NOTICE_REFUND, CAPLAT_NOTICE_STUCK } caplat_notice_kind;

/*
 * NOTHING is a true notice that changes no order: it is to be answered as if
 * it had. Of it, all but kind and channel may be empty.
 *
 * STUCK is a refund that could not be sent, as when the buyer's card is gone:
 * it stays with the merchant until a human acts. It has no time.
 *
 * The amount of a refund is what WeChat says was sent back this time, and what
 * Alipay says was sent back in all, this time included.
 *
 * A notice comes again, late, and out of turn. What it is about is told by
 * channel, order, kind and trade; the same four are the same event.
 */
typedef struct {
    caplat_notice_kind   kind;
    caplat_channel       channel;
    caplat_slice         order;         /* out_trade_no; [0-9A-Za-z_-] */
    caplat_slice         trade;         /* of a payment: trade_no,
                                           transaction_id; of a refund: its own
                                           number; [0-9A-Za-z_-] */
    int64_t              amount_fen;
    int64_t              time;          /* seconds: when it was paid or sent
                                           back */
    caplat_slice         payer;         /* personal; empty: not told */
} caplat_notice;


/* How bad it is that a notice was refused; one word of the three is its fault,
   its `reason` the finer one, static, for our log. */
typedef enum {
    CAPLAT_NOTICE_FORGED,               /* not the channel's word: whoever
                                           sent it may be anybody */
    CAPLAT_NOTICE_UNREADABLE,           /* no notice at all */
    CAPLAT_NOTICE_UNFIT,                /* the channel's word, and not as we
                                           know it, or not for us: a key, an
                                           id, a number. A human must look;
                                           the channel will ask again for a
                                           day */
} caplat_notice_fault;

typedef struct {
    caplat_notice_fault   fault;
    const char           *reason;
} caplat_notice_refusal;


/* Fill refusal; always false, so that a caller can return it. */
static inline bool
caplat_notice_refuse(caplat_notice_refusal *refusal, caplat_notice_fault fault,
    const char *reason)
{
    *refusal = (caplat_notice_refusal) { fault, reason };

    return false;
}


/*
 * What is personal of a notice, and the notice itself, which its channel has
 * signed: evidence.
 *
 *   {"payer":W|null,"notice":{"wechatpay-timestamp":W,"wechatpay-nonce":W,
 *    "wechatpay-serial":W,"wechatpay-signature":W,"body_base64":W}}
 *
 * The fields are WeChat's; what a message does not have is absent.
 */
void caplat_notice_personal(const caplat_notice *notice,
    const caplat_message *message, caplat_slice body, caplat_writer *w);


/* 1 to max of [0-9A-Za-z_-]. */
static inline bool
caplat_notice_word(caplat_slice text, size_t max)
{
    for (size_t i = 0; i < text.len; i++) {
        char  byte = text.ptr[i];

        if (!caplat_is_digit(byte) && !caplat_is_letter(byte) && byte != '_'
            && byte != '-')
        {
            return false;
        }
    }

    return text.len >= 1 && text.len <= max;
}


/* The number of an order, a payment or a refund: what records take. */
static inline bool
caplat_notice_number(caplat_slice text)
{
    return caplat_is_trade(text);
}


#endif /* CAPLAT_NOTICE_H */
