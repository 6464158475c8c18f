/*
 * POST /v1/orders/ID/payments: by which channel, and what the buyer is told.
 *
 *   {"channel":"alipay"|"wechat"|"transfer"}
 *
 *   {"channel":"alipay","url":URL,"expires":S}
 *   {"channel":"wechat","code_url":URL,"expires":S}
 *   {"channel":"transfer","name":W,"bank":W,"account":W,"reference":ID,
 *    "expires":S}
 */

#ifndef CAPLAT_CHARGE_H
#define CAPLAT_CHARGE_H

#include "caplat_answer.h"
#include "caplat_notice.h"


/* What buyers are shown for what they pay. */
#define CAPLAT_CHARGE_SUBJECT  "\u65b0\u589eCA\u5e73\u53f0"

#define CAPLAT_CHARGE_NONCE    32       /* bytes of hex */
#define CAPLAT_CODE_LIFE       7200     /* seconds of a code of WeChat's, from
                                           when it was asked for */


/* Where a bank transfer goes. */
typedef struct {
    caplat_slice  name;
    caplat_slice  bank;
    caplat_slice  account;
} caplat_transfer;


/*
 * Read the request.
 *
 * channels  that are configured: bits of caplat_channel
 * denial    REQUEST_MALFORMED or VALIDATION_FAILED, with faults
 */
bool caplat_charge_read(caplat_slice body, unsigned channels,
    caplat_channel *channel, caplat_faults *faults, caplat_denial *denial);

/*
 * The answers: Alipay's page, WeChat's code and what it looks like
 * (caplat_qr.h), the account. A writer without room is full.
 */
void caplat_charge_show_page(caplat_slice url, int64_t expires,
    caplat_writer *w);
void caplat_charge_show_code(caplat_slice code_url, int64_t expires,
    caplat_writer *w);
void caplat_charge_show_transfer(const caplat_transfer *transfer,
    const caplat_charge *charge, caplat_writer *w);

/* When a code can be scanned no more: with the order, or before it. */
int64_t caplat_charge_code_ends(int64_t expires, int64_t asked);

/* For one request of ours to a channel: random. */
void caplat_charge_nonce(char nonce[static CAPLAT_CHARGE_NONCE]);


#endif /* CAPLAT_CHARGE_H */
