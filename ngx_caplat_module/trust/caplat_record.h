/*
 * A record of the log: one line of JSON in one canonical form, which is written
 * here, and read back byte for byte. The line without its LF is the record that
 * the tree commits to.
 *
 *   {"v":1,"i":N,"t":MS,"type":T,                 N: its index in the tree
 *    "order":ID,                                  none in ledger.reopened
 *    ...,
 *    "salt":B64(32)}
 *
 *   order.created
 *     "subj":B64(16),          keyed hash of iss|sub
 *     "client":W,"org":USCC,"ca":W,"cert":SN,
 *     "terms":{"city":"210100","lock":W,"vendor":W,"until":DAY,
 *              "held":[ID,...],                   what the price depends on
 *              "day":DAY},           of the price, only where it is before
 *                                    the day of `t`: the clock was ahead once
 *     "add":[ID,...],"amount":FEN,
 *     "expires":S|null,        when it lapses; null: there is nothing to pay
 *     "rates":SHA256,
 *     "lines":[{"platform":ID|null,"name":W,"fee_fen":N,"reason":W},...],
 *     "inv":"digital_normal"|...|null,"channel":"alipay"|"wechat"|null,
 *     "hint":W|null,           the e-mail as answers show it
 *     "idem":B64(16),"fp":B64(32),                keyed hashes of the key, and
 *                                                 of method, path and body
 *     "pii":{"epoch":W,"slot":N,"n":B64(24),"kc":B64(32),"c":B64}
 *   payment.received         the order is paid
 *     "client":W,            who says so: "alipay", "wechat", "operator", or a
 *                            partner's client_id
 *     "channel":"alipay"|"wechat"|"transfer",
 *     "trade":TRADE,         the channel's number of the payment
 *     "amount":FEN,"paid":S, when, by the channel
 *     "pii":{...}|null       who paid, and the notice that says so
 *   payment.unmatched        money came that the order does not wait for
 *     "client":W,"channel":W,"trade":TRADE,"amount":FEN,"paid":S,
 *     "why":"amount"|"twice"|"refunded"|"held",
 *     "pii":{...}|null
 *   payment.refunded         somebody has decided that money goes back
 *     "client":W,
 *     "trade":TRADE,         of the refund
 *     "amount":FEN,"closed":[ID,...]
 *   payment.returned         the same of money that came unmatched
 *     "client":W,"channel":W,"trade":TRADE,
 *     "of":TRADE,            of the payment
 *     "amount":FEN
 *   refund.confirmed         the channel says that money went back
 *     "client":W,"channel":W,"trade":TRADE,"amount":FEN
 *   invoice.issued
 *     "client":W,"number":W,"day":DAY
 *   order.cancelled
 *     "subj":B64(16),"client":W
 *   order.lapsed
 *   platforms.opened
 *     "org":USCC,"ca":W,"cert":SN,
 *     "add":[ID,...]         of the order's, what the certificate did not have
 *   pii.frozen
 *   pii.shredded
 *     "epoch":W,"slot":N
 *   ledger.reopened
 *
 * TRADE is 1 to 64 of [0-9A-Za-z_-], B64(n) base64url of n bytes, W a JSON
 * string without needless escapes, ID of an order `CA` (or what it is
 * configured with), the day in Beijing, and its number of six digits at least:
 * CA20261126000017.
 *
 * Nothing here is personal data in clear: the certificate's number and the
 * enterprise's code are what an order is about, the rest is hashed, sealed or
 * hidden.
 */

#ifndef CAPLAT_RECORD_H
#define CAPLAT_RECORD_H

#include "caplat_date.h"
#include "caplat_err.h"
#include "caplat_quote.h"
#include "caplat_receipt.h"
#include "caplat_slice.h"
#include "caplat_state.h"
#include "caplat_vault.h"
#include "caplat_write.h"


#define CAPLAT_RECORD_LEN_MAX    98304  /* bytes of a line: the longest
                                           order, and some; most have 4 KB */
#define CAPLAT_ORDER_ID_LEN_MAX  32
#define CAPLAT_PREFIX_LEN_MAX    4      /* of an order's id: A-Z */
#define CAPLAT_ORG_LEN           18     /* of an enterprise's code */
#define CAPLAT_SUBJECT_LEN       16
#define CAPLAT_KEY_HASH_LEN      16
#define CAPLAT_PRINT_LEN         32     /* of a request: `fp` */
#define CAPLAT_TRADE_LEN_MAX     64     /* bytes of a payment's number */
#define CAPLAT_IDS_LEN_MAX                                                    \
    (CAPLAT_CHOICE_MAX * (CAPLAT_NAME_LEN_MAX + 3) + 2)     /* of a list of an
                                           order's platforms */
#define CAPLAT_INVOICE_LEN_MAX   32     /* bytes of an invoice's number: digits,
                                           letters and `-` */


/*
 * Slices of text are what stands between the quotation marks, escapes as they
 * are (most have none); those of lists and `lines` are the JSON itself, from
 * bracket to bracket. They borrow. What a type does not have is empty or zero.
 */
typedef struct {
    uint64_t       index;
    int64_t        time_ms;
    caplat_event   type;
    caplat_slice   order;

    uint8_t        subject[CAPLAT_SUBJECT_LEN];
    caplat_slice   client;
    caplat_slice   org;
    caplat_slice   ca;
    caplat_slice   cert;
    caplat_slice   terms;               /* the object's JSON */
    caplat_slice   add;                 /* the list's JSON */
    int64_t        amount_fen;
    int64_t        expires;             /* seconds; 0: null */
    caplat_slice   rates;               /* 64 of hex */
    caplat_slice   lines;               /* the list's JSON */
    caplat_slice   invoice;             /* empty: null, as the next two */
    caplat_slice   channel;
    caplat_slice   hint;
    uint8_t        key_hash[CAPLAT_KEY_HASH_LEN];   /* idem */
    uint8_t        print[CAPLAT_PRINT_LEN];         /* fp */

    caplat_slice   trade;
    caplat_slice   of;                  /* the payment's trade */
    int64_t        paid;                /* seconds */
    caplat_slice   why;
    caplat_slice   closed;              /* the list's JSON; may be [] */
    caplat_slice   number;              /* of an invoice */
    caplat_slice   day;                 /* 2026-11-26 */

    caplat_slice   epoch;               /* pii, and pii.shredded */
    caplat_seal    seal;
    caplat_slice   sealed;              /* c: as base64url when it was read, and
                                           when it is to be written; empty:
                                           no pii */

    uint8_t        salt[CAPLAT_SALT_LEN];
} caplat_record;


/* Write the canonical line, without LF. A writer without room is full. */
void caplat_record_write(const caplat_record *record, caplat_writer *w);

/*
 * Read a line, without LF, that caplat_record_write has written.
 *
 * record  borrows from text
 * err     at: the byte that is not as it must be
 */
bool caplat_record_read(caplat_slice text, caplat_record *record,
    caplat_err *err);

/* The number in an order's id; false when it is no id. */
bool caplat_order_number(caplat_slice id, uint64_t *number);

/* Write an id; day is `20261126`'s date. */
void caplat_order_id_write(caplat_writer *w, caplat_slice prefix,
    caplat_date day, uint64_t number);

/* Whether it may be a TRADE; or an invoice's number. */
bool caplat_is_trade(caplat_slice text);
bool caplat_is_invoice_number(caplat_slice text);

/*
 * What makes a record of money the same as another of its order and type: the
 * first bytes of a hash of channel and trade, in which a refund that somebody
 * decided has no channel. 0: the record is not of money.
 */
uint64_t caplat_record_mark(const caplat_record *record);

/* Walk a list's JSON of plain ids: the next one, until false. */
bool caplat_record_next_id(caplat_cursor *list, caplat_slice *id);


#endif /* CAPLAT_RECORD_H */
