/*
 * A channel's bill of a day, as its merchants download it: what it says that
 * was paid and sent back. Three tables are known by their row of titles:
 *
 *   Alipay's trades ("业务明细", bill_type=trade of
 *   alipay.data.dataservice.bill.downloadurl.query), and its account
 *   ("账务明细", bill_type=signcustomer), GBK:
 *
 *     #支付宝业务明细查询
 *     #账号：[20880000000000010156]
 *     #起始日期：[2026年11月26日 00:00:00]   终止日期：[2026年11月27日 00:00:00]
 *     #-----------------业务明细列表----------------
 *     支付宝交易号,商户订单号,业务类型,...,完成时间,...,订单金额（元）,...
 *     2026112622001400000000000001<TAB>,CA20261126000017<TAB>,交易<TAB>,...
 *     #-----------------业务明细列表结束------------
 *     #交易合计：...
 *
 *   WeChat's trades (GET /v3/bill/tradebill; pay.weixin.qq.com, "交易账单详细
 *   说明": ALL, SUCCESS or REFUND), UTF-8, a back-tick before each value:
 *
 *     交易时间,公众账号ID,...,微信订单号,商户订单号,...,订单金额,申请退款金额,...
 *     `2026-11-26 10:00:00,`wx0000000000000001,...
 *     总交易单数,应结订单总金额,...
 *     `1,`25.00,...
 *
 * Columns are found by their titles, for both channels have added some. Values
 * lose blanks and tabs at their ends; Alipay's may stand in quotation marks, a
 * comma in one of WeChat's is told by the missing back-tick behind it. Bytes
 * that are no UTF-8 are read as GB18030, which has all of GBK.
 *
 * A bill without its end (Alipay's line, WeChat's two rows of sums, whose count
 * must be the rows') has been cut off, and is refused.
 *
 * What is neither paid nor sent back (fees, withdrawals, refunds that failed,
 * in an account what we have paid ourselves) is only counted. An account has no
 * numbers of refunds.
 */

#ifndef CAPLAT_BILL_H
#define CAPLAT_BILL_H

#include "caplat_err.h"
#include "caplat_form.h"
#include "caplat_slice.h"


#define CAPLAT_BILL_LEN_MAX      (64 << 20)     /* bytes: 150,000 rows */
#define CAPLAT_BILL_COLUMNS_MAX  64
#define CAPLAT_BILL_NUMBER_MAX   64             /* bytes of an order's, a
                                                   trade's, a refund's */


typedef enum { CAPLAT_BILL_END, CAPLAT_BILL_PAYMENT, CAPLAT_BILL_REFUND }
    caplat_bill_kind;


typedef struct {
    caplat_bill_kind  kind;
    caplat_slice      order;            /* out_trade_no; can be empty */
    caplat_slice      trade;            /* of the payment, a refund's too */
    caplat_slice      refund;           /* the channel's number of it, Alipay:
                                           ours, for it has no other; empty */
    caplat_slice      request;          /* our number of it, WeChat only */
    int64_t           amount_fen;       /* what was paid, or sent back */
    int64_t           time;             /* seconds: when */
    size_t            line;             /* where it stands, from 1 */
} caplat_bill_row;


/* What is looked for among the titles. */
typedef enum {
    CAPLAT_BILL_ORDER, CAPLAT_BILL_TRADE, CAPLAT_BILL_TYPE, CAPLAT_BILL_TIME,
    CAPLAT_BILL_PAID, CAPLAT_BILL_BACK, CAPLAT_BILL_REFUND_NO,
    CAPLAT_BILL_REQUEST_NO, CAPLAT_BILL_STATUS, CAPLAT_BILL_CURRENCY,
    CAPLAT_BILL_FIELDS
} caplat_bill_field;


typedef enum { CAPLAT_BILL_BEFORE, CAPLAT_BILL_ROWS, CAPLAT_BILL_SUMS,
    CAPLAT_BILL_OVER } caplat_bill_state;


/* What a table is like. */
typedef struct caplat_bill_form  caplat_bill_form;


/* To be read from: text, channel, from, until, others; the rest is its own. */
typedef struct {
    caplat_slice        text;           /* UTF-8, what faults count in */
    caplat_channel      channel;        /* NONE before the titles */
    int64_t             from, until;    /* seconds, what an Alipay bill says of
                                           itself; 0, 0: nothing */
    uint64_t            others;         /* rows that were only counted */

    caplat_bill_state        state;
    const caplat_bill_form  *form;
    size_t                   columns[CAPLAT_BILL_FIELDS];
    size_t                   column_count;
    uint64_t                 rows;
    caplat_cursor            at;
    size_t                   line;      /* that was taken last */
    bool                     is_broken; /* the text ends where the bytes are
                                           no characters */
    char                    *room;
} caplat_bill;


/* The bytes of a file; the bill may borrow from them. False: no memory, or no
   converter. */
bool caplat_bill_open(caplat_slice bytes, caplat_bill *bill);
void caplat_bill_close(caplat_bill *bill);

/*
 * The next row; CAPLAT_BILL_END behind the last one.
 *
 * row  borrows from the bill
 * err  at: a byte of bill->text; NOT_WORDS (no characters), UNKNOWN_NAME (no
 *      titles of a known bill), MISSING_KEY (a title), TOO_MANY (columns),
 *      TRUNCATED (a row, or the bill), TRAILING, NOT_A_NUMBER, NOT_A_DATE,
 *      NOT_A_NAME (of an order, ...), NOT_ONE_OF (a currency)
 */
bool caplat_bill_next(caplat_bill *bill, caplat_bill_row *row,
    caplat_err *err);


#endif /* CAPLAT_BILL_H */
