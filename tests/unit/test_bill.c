#include "caplat_bill.h"

#include "caplat_bill_text.h"
#include "test.h"

#include <iconv.h>


/* Bills in the parts that the cases below replace. */
#define ALIPAY_HEAD                                                           \
    "#支付宝业务明细查询\r\n"                                                 \
    "#账号：[20880000000000010156]\r\n"                                       \
    "#起始日期：[2026年11月26日 00:00:00]   "                                 \
    "终止日期：[2026年11月27日 00:00:00]\r\n"                                 \
    "#----------业务明细列表----------\r\n"
#define ALIPAY_TITLES                                                         \
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,"   \
    "门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,"          \
    "退款批次号/请求号,服务费（元）,备注\r\n"
#define ALIPAY_END                                                            \
    "#----------业务明细列表结束----------\r\n"                               \
    "#交易合计：1笔，商家实收共25.00元\r\n"                                   \
    "#导出时间：[2026年11月27日 05:46:49]\r\n"
#define ALIPAY_PAID                                                           \
    "2026112622001400000000000001\t,CA20261126000017\t,交易\t,平台,"          \
    "2026-11-26 09:59:01,2026-11-26 10:00:00,\t,\t,\t,\t,*三(138****00)\t,"   \
    "25.00,25.00,\t,0.00,\r\n"
#define ALIPAY_BACK                                                           \
    "2026112622001400000000000001\t,CA20261126000017\t,退款\t,平台,"          \
    "2026-11-26 09:59:01,2026-11-26 23:59:59,\t,\t,\t,\t,*三(138****00)\t,"   \
    "-12.50,-12.50,R1\t,0.00,\r\n"

#define ACCOUNT_HEAD                                                          \
    "#支付宝账务明细查询\n#账号：[20880000000000010156]\n"                    \
    "账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,"            \
    "收入金额（+元）,支出金额（-元）,账户余额（元）,交易渠道,业务类型,备注\n"
#define ACCOUNT_END  "#-----账务明细列表结束-----,,,,,,,\n"

#define WECHAT_TITLES                                                         \
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,"     \
    "用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,"   \
    "微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,"    \
    "商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注\r\n"
#define WECHAT_PAID                                                           \
    "`2026-11-26 10:00:00,`wx0000000000000001,`1900000001,`0,`,`4200001,"     \
    "`CA20261126000017,`oUpF8,`NATIVE,`SUCCESS,`OTHERS,`CNY,`24.00,`1.00,"    \
    "`0,`0,`0.00,`0.00,`,`,`平台, 锦州,`,`0.15000,`0.60%,`25.00,`0.00,`\r\n"
#define WECHAT_BACK(status)                                                   \
    "`2026-11-26 11:00:00,`wx0000000000000001,`1900000001,`0,`,`4200001,"     \
    "`CA20261126000017,`oUpF8,`NATIVE,`REFUND,`OTHERS,`CNY,`0.00,`0.00,"      \
    "`5030001,`R1,`12.00,`0.50,`ORIGINAL,`" status ",`平台,`,`-0.07,`0.60%,"  \
    "`0.00,`12.50,`\r\n"
#define WECHAT_SUMS(count)                                                    \
    "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,"     \
    "订单总金额,申请退款总金额\r\n"                                           \
    "`" count ",`25.00,`12.50,`0.50,`0.08,`25.00,`12.50\r\n"

#define DAY  INT64_C(1795622400)        /* 2026-11-26 00:00 in Beijing */


/* How a bill is read: its rows as lines, or the place of its fault. */
typedef struct {
    char           room[2048];
    caplat_writer  w;
    caplat_err     err;
    bool           is_read;
    size_t         line;
    size_t         col;
    caplat_bill    bill;
} reading;


static void
put_row(caplat_writer *w, const caplat_bill_row *row)
{
    const caplat_slice  parts[] = {
        row->kind == CAPLAT_BILL_PAYMENT ? CAPLAT_LIT("payment")
                                         : CAPLAT_LIT("refund"),
        row->order, row->trade, row->refund, row->request
    };

    for (size_t i = 0; i < CAPLAT_COUNT(parts); i++) {
        caplat_put(w, parts[i]);
        caplat_put(w, CAPLAT_LIT("|"));
    }

    caplat_put_number(w, (uint64_t) row->amount_fen);
    caplat_put(w, CAPLAT_LIT("|"));
    caplat_put_number(w, (uint64_t) (row->time - DAY));
    caplat_put(w, CAPLAT_LIT("|"));
    caplat_put_number(w, row->line);
    caplat_put(w, CAPLAT_LIT("\n"));
}


static void
read_bill(caplat_slice bytes, reading *r)
{
    caplat_bill_row  row;

    r->w = caplat_writer_of(r->room, sizeof(r->room));
    caplat_assert(caplat_bill_open(bytes, &r->bill));

    do {
        r->is_read = caplat_bill_next(&r->bill, &row, &r->err);

        if (r->is_read && row.kind != CAPLAT_BILL_END) {
            put_row(&r->w, &row);
        }
    } while (r->is_read && row.kind != CAPLAT_BILL_END);

    if (!r->is_read) {
        caplat_locate(r->bill.text, r->err.at, &r->line, &r->col);
    }
}


static caplat_slice
in_gbk(const char *utf8, char *room, size_t room_len)
{
    iconv_t  converter = iconv_open("GBK", "UTF-8");
    char    *in = (char *) (uintptr_t) utf8, *out = room;
    size_t   in_len = test_slice(utf8).len, out_len = room_len;

    caplat_assert(converter != (iconv_t) -1);
    caplat_assert(iconv(converter, &in, &in_len, &out, &out_len) == 0);
    (void) iconv_close(converter);

    return caplat_slice_of(room, room_len - out_len);
}


static void
check_rows(const char *words, caplat_slice bytes, const char *rows,
    caplat_channel channel, uint64_t others)
{
    reading  r;

    read_bill(bytes, &r);

    if (!test_that(r.is_read, words)) {
        printf("    %zu:%zu %s %s\n", r.line, r.col, r.err.what,
               caplat_code_name(r.err.code));
    }

    test_text(caplat_written(&r.w), test_slice(rows), words);
    test_number(r.bill.channel, channel, words);
    test_number(r.bill.others, others, words);
    caplat_bill_close(&r.bill);
}


/* Bills that are read, in both encodings. */
static void
test_rows(void)
{
    static const struct {
        const char      *words;
        const char      *text;
        const char      *rows;
        caplat_channel   channel;
        uint64_t         others;
    } cases[] = {
        { "trades of Alipay",
          ALIPAY_HEAD ALIPAY_TITLES ALIPAY_PAID ALIPAY_BACK ALIPAY_END,
          "payment|CA20261126000017|2026112622001400000000000001|||2500|36000"
          "|6\n"
          "refund|CA20261126000017|2026112622001400000000000001|R1||1250|86399"
          "|7\n",
          CAPLAT_ALIPAY, 0 },
        { "no trades of Alipay", ALIPAY_HEAD ALIPAY_TITLES ALIPAY_END, "",
          CAPLAT_ALIPAY, 0 },
        { "an account of Alipay",
          ACCOUNT_HEAD
          "1\t,20261\t,CA1\t,平台,2026-11-26 00:00:00,陈 (a@b.com)\t,"
          "25.00,0.00,100.00,支付宝,在线支付,\n"
          "2\t,20262\t,CA2\t,平台,2026-11-26 00:00:01,陈\t,"
          "9.9,0,100.00,支付宝,交易付款,\n"
          "3\t,20261\t,CA1\t,平台,2026-11-26 00:00:02,陈\t,"
          "0.00,-25.00,100.00,支付宝,交易退款,\n"
          "4\t,20261\t,CA1\t,平台,2026-11-26 00:00:02,陈\t,"
          "0.00,-0.15,100.00,支付宝,收费,\n" ACCOUNT_END,
          "payment|CA1|20261|||2500|0|4\npayment|CA2|20262|||990|1|5\n"
          "refund|CA1|20261|||2500|2|6\n", CAPLAT_ALIPAY, 1 },
        { "trades of WeChat",
          WECHAT_TITLES WECHAT_PAID WECHAT_BACK("SUCCESS")
          WECHAT_BACK("FAIL") WECHAT_SUMS("3"),
          "payment|CA20261126000017|4200001|||2500|36000|2\n"
          "refund|CA20261126000017|4200001|5030001|R1|1250|39600|3\n",
          CAPLAT_WECHAT, 1 },
        { "payments of WeChat alone, as they were before 2018",
          "`交易时间,`微信订单号,`商户订单号,`交易状态,`总金额\n"
          "`2026-11-26 00:00:00,`4200001,`CA1,`SUCCESS,`0.01\n"
          "总交易单数,总交易额\n`1.0,`0.01\n",
          "payment|CA1|4200001|||1|0|2\n", CAPLAT_WECHAT, 0 },
        { "an account with money that went the other way",
          ACCOUNT_HEAD
          "1\t,20261\t,CA1\t,平台,2026-11-26 00:00:00,陈\t,"
          "25.00,,100.00,支付宝,交易付款,\n"
          "2\t,20262\t,\t,平台,2026-11-26 00:00:01,陈\t,"
          ",-9.90,100.00,支付宝,交易付款,\n"
          "3\t,20263\t,\t,平台,2026-11-26 00:00:02,陈\t,"
          "9.90,,100.00,支付宝,退款,\n" ACCOUNT_END,
          "payment|CA1|20261|||2500|0|4\n", CAPLAT_ALIPAY, 2 },
        { "columns in another order, and some more of a spreadsheet",
          "备注,订单金额,完成时间,业务类型,商户订单号,支付宝交易号,,\n"
          "\"a, \"\"b\"\"\",1,2026-11-26 00:00:09,交易,CA1,2026,,\n\n"
          "#业务明细列表结束,,,\n",
          "payment|CA1|2026|||100|9|2\n", CAPLAT_ALIPAY, 0 },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        char  room[4096];

        check_rows(cases[i].words, test_slice(cases[i].text), cases[i].rows,
                   cases[i].channel, cases[i].others);
        check_rows(cases[i].words,
                   in_gbk(cases[i].text, room, sizeof(room)), cases[i].rows,
                   cases[i].channel, cases[i].others);
    }

    check_rows("a byte order mark",
               CAPLAT_LIT("\xef\xbb\xbf" WECHAT_TITLES WECHAT_SUMS("0")), "",
               CAPLAT_WECHAT, 0);
}


/* A bill of Alipay with one row more, and where it is wrong. */
static void
test_faults(void)
{
    static const struct {
        const char   *words;
        const char   *text;
        caplat_code   code;
        size_t        line;
        size_t        col;
    } cases[] = {
        { "nothing", "", CAPLAT_TRUNCATED, 1, 1 },
        { "no titles", "a,b\n", CAPLAT_UNKNOWN_NAME, 1, 1 },
        { "a title too few", "\n支付宝交易号,商户订单号\n",
          CAPLAT_MISSING_KEY, 2, 1 },
        { "no end", ALIPAY_HEAD ALIPAY_TITLES ALIPAY_PAID, CAPLAT_TRUNCATED,
          7, 1 },
        { "half a row", ALIPAY_HEAD ALIPAY_TITLES "2026,CA1,交易",
          CAPLAT_TRUNCATED, 6, 12 },
        { "something behind the end", ALIPAY_HEAD ALIPAY_TITLES ALIPAY_END
          "x\n", CAPLAT_TRAILING, 9, 1 },
        { "a count of rows that are not there",
          WECHAT_TITLES WECHAT_PAID WECHAT_SUMS("2"), CAPLAT_TRUNCATED, 4, 2 },
        { "more rows than are counted",
          WECHAT_TITLES WECHAT_PAID WECHAT_SUMS("0"), CAPLAT_TRAILING, 4, 2 },
        { "a count that is none",
          WECHAT_TITLES WECHAT_PAID WECHAT_SUMS("1.5"), CAPLAT_NOT_A_NUMBER,
          4, 2 },
        { "half of WeChat's", WECHAT_TITLES WECHAT_PAID, CAPLAT_TRUNCATED, 3,
          1 },
        { "a byte that is no character of either",
          "#a\n#\xc6\xbd\xff,\n", CAPLAT_NOT_WORDS, 2, 3 },
        { "the same behind a byte order mark",
          "\xef\xbb\xbf#a\n#平\xff,\n", CAPLAT_NOT_WORDS, 2, 3 },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        reading  r;

        read_bill(test_slice(cases[i].text), &r);
        test_that(!r.is_read, cases[i].words);

        if (!r.is_read) {
            test_number(r.err.code, cases[i].code, cases[i].words);
            test_number(r.line, cases[i].line, cases[i].words);
            test_number(r.col, cases[i].col, cases[i].words);
        }

        caplat_bill_close(&r.bill);
    }
}


/* A row of few columns, and where in it something is wrong. */
static void
test_cells(void)
{
    static const struct {
        const char   *row;
        caplat_code   code;
        size_t        col;
    } cases[] = {
        { "2,CA1,交易,2026-11-26 00:00:00,1.00", CAPLAT_OK, 0 },
        { "2,CA1,转账,yesterday,a lot", CAPLAT_OK, 0 },
        { "2,,交易,2026-11-26 00:00:00,1.00", CAPLAT_OK, 0 },
        { "2,CA1,交易,2026-11-26 00:00:00,0.00", CAPLAT_OK, 0 },
        { "2,CA1,退款,2026-11-26 00:00:00,-1.00", CAPLAT_OK, 0 },
        { "2,CA1,交易,2026-11-26 00:00:00,1000000000.00", CAPLAT_OK, 0 },
        { ",CA1,交易,2026-11-26 00:00:00,1.00", CAPLAT_NOT_A_NAME, 1 },
        { "2,C A,交易,2026-11-26 00:00:00,1.00", CAPLAT_NOT_A_NAME, 3 },
        { "2,平台,交易,2026-11-26 00:00:00,1.00", CAPLAT_NOT_A_NAME, 3 },
        { "2,CA1,交易,2026-11-26,1.00", CAPLAT_NOT_A_DATE, 10 },
        { "2,CA1,交易,2026/11/26 00:00:00,1.00", CAPLAT_NOT_A_DATE, 10 },
        { "2,CA1,交易,2026-11-31 00:00:00,1.00", CAPLAT_NOT_A_DATE, 10 },
        { "2,CA1,交易,2026-11-26 24:00:00,1.00", CAPLAT_NOT_A_DATE, 10 },
        { "2,CA1,交易,2026-11-26 00:00:00,-1.00", CAPLAT_NOT_A_NUMBER, 30 },
        { "2,CA1,退款,2026-11-26 00:00:00,--1.00", CAPLAT_NOT_A_NUMBER, 30 },
        { "2,CA1,交易,2026-11-26 00:00:00,01.00", CAPLAT_NOT_A_NUMBER, 30 },
        { "2,CA1,交易,2026-11-26 00:00:00,1.", CAPLAT_NOT_A_NUMBER, 30 },
        { "2,CA1,交易,2026-11-26 00:00:00,1.001", CAPLAT_NOT_A_NUMBER, 30 },
        { "2,CA1,交易,2026-11-26 00:00:00,\"1,000.00\"", CAPLAT_NOT_A_NUMBER,
          31 },
        { "2,CA1,交易,2026-11-26 00:00:00,", CAPLAT_NOT_A_NUMBER, 30 },
        { "2,CA1,交易,2026-11-26 00:00:00,1000000000.01",
          CAPLAT_NOT_A_NUMBER, 30 },
        { "2,CA1,交易,2026-11-26 00:00:00,1.00,x", CAPLAT_TRAILING, 35 },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        char           room[512];
        caplat_writer  w = caplat_writer_of(room, sizeof(room));
        reading        r;

        caplat_put(&w, CAPLAT_LIT("支付宝交易号,商户订单号,业务类型,完成时间,"
                                  "订单金额\n"));
        caplat_put(&w, test_slice(cases[i].row));
        caplat_put(&w, CAPLAT_LIT("\n#列表结束\n"));
        read_bill(caplat_written(&w), &r);
        test_number(r.is_read ? CAPLAT_OK : r.err.code, cases[i].code,
                    cases[i].row);

        if (!r.is_read) {
            test_number(r.line, 2, cases[i].row);
            test_number(r.col, cases[i].col, cases[i].row);
        }

        caplat_bill_close(&r.bill);
    }
}


/* A number of 64 bytes is the longest, a row of 64 cells too. */
static void
test_limits(void)
{
    static char    cells[] = ",,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,"
                             ",,,,,,,,,,,,,,,,";
    caplat_slice   parts[CAPLAT_BILL_COLUMNS_MAX];
    size_t         count = 0;

    test_that(caplat_bill_split(caplat_slice_of(cells, 63), parts, &count),
              "64 cells");
    test_number(count, 64, "64 cells");
    test_that(!caplat_bill_split(caplat_slice_of(cells, 64), parts, &count),
              "65 cells");

    for (size_t len = 64; len <= 65; len++) {
        char           room[512];
        caplat_writer  w = caplat_writer_of(room, sizeof(room));
        reading        r;

        caplat_put(&w, CAPLAT_LIT("支付宝交易号,商户订单号,业务类型,完成时间,"
                                  "订单金额\n2,"));

        for (size_t i = 0; i < len; i++) {
            caplat_put(&w, CAPLAT_LIT("9"));
        }

        caplat_put(&w, CAPLAT_LIT(",交易,2026-11-26 00:00:00,1\n#列表结束\n"));
        read_bill(caplat_written(&w), &r);
        test_number(r.is_read, len == 64, "an order's number");
        caplat_bill_close(&r.bill);
    }
}


/* Another currency is no sum of ours. */
static void
test_currency(void)
{
    reading  r;

    read_bill(CAPLAT_LIT("交易时间,微信订单号,商户订单号,交易状态,订单金额,"
                         "货币种类\n`2026-11-26 00:00:00,`4,`CA1,`SUCCESS,"
                         "`1.00,`HKD\n"), &r);
    test_that(!r.is_read && r.err.code == CAPLAT_NOT_ONE_OF, "HKD");
    test_number(r.col, 46, "HKD");
    caplat_bill_close(&r.bill);
}


static void
test_range(void)
{
    int64_t  from = 0, until = 0;
    reading  r;

    read_bill(CAPLAT_LIT(ALIPAY_HEAD ALIPAY_TITLES ALIPAY_END), &r);
    test_number(r.bill.from, DAY, "from");
    test_number(r.bill.until, DAY + 86400, "until");
    caplat_bill_close(&r.bill);

    test_that(!caplat_bill_range(CAPLAT_LIT(
                  "起始日期：[2026年11月27日 00:00:00] "
                  "终止日期：[2026年11月26日 00:00:00]"), &from, &until),
              "the end before the start");
    test_that(!caplat_bill_range(CAPLAT_LIT(
                  "起始日期：[2026年11月27日 00:00:00]"), &from, &until),
              "no end");
    test_that(!caplat_bill_range(CAPLAT_LIT(
                  "起始日期：[2026年13月27日 00:00:00] "
                  "终止日期：[2027年01月01日 00:00:00]"), &from, &until),
              "no month");
}


int
main(void)
{
    test_rows();
    test_faults();
    test_cells();
    test_limits();
    test_currency();
    test_range();

    return test_done();
}
