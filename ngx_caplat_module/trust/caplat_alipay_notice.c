#include "caplat_alipay.h"
#include "caplat_time.h"


#define YUAN_DIGITS_MAX  9              /* before the point */

/* The parameters that we read, besides sign and sign_type. */
#define NAMES(N)                                                              \
    N(app_id) N(buyer_id) N(buyer_open_id) N(charset) N(gmt_payment)          \
    N(gmt_refund) N(notify_time) N(out_biz_no) N(out_request_no)              \
    N(out_trade_no) N(refund_fee) N(seller_id) N(total_amount) N(trade_no)    \
    N(trade_status)


/* What they say; empty where one is absent. */
typedef struct {
#define VALUE(name)  caplat_slice name;
    NAMES(VALUE)
#undef VALUE
} values;


static const caplat_slice  names[] = {
#define NAME(name)  CAPLAT_INIT(#name),
    NAMES(NAME)
#undef NAME
};


static values
values_of(const caplat_params *params)
{
    return (values) {
#define GET(name)  .name = caplat_params_get(params, CAPLAT_LIT(#name)),
        NAMES(GET)
#undef GET
    };
}


/* Whether one of the names and `=` stand there. */
static bool
begins_parameter(const caplat_cursor *c)
{
    for (size_t i = 0; i < CAPLAT_COUNT(names); i++) {
        caplat_cursor  walk = *c;

        if (caplat_take_literal(&walk, names[i])
            && caplat_take_byte(&walk, '='))
        {
            return true;
        }
    }

    return false;
}


/* Whether there is another way to part what was signed. */
static bool
is_ambiguous(const caplat_params *params)
{
    caplat_slice  before;

    for (size_t i = 0; i < params->count; i++) {
        caplat_slice   value = params->list[i].value;
        caplat_cursor  c = caplat_cursor_of(value);

        while (caplat_take_until(&c, '&', value.len, &before)) {
            if (begins_parameter(&c)) {
                return true;
            }
        }
    }

    return false;
}


/* At most max digits, which may begin with zeros. */
static size_t
take_digits(caplat_cursor *c, size_t max, int64_t *number)
{
    size_t  count = 0;

    while (count < max && c->at != c->end && caplat_is_digit(*c->at)) {
        *number = *number * 10 + (*c->at - '0');
        c->at++;
        count++;
    }

    return count;
}


/* ^[0-9]{1,9}(\.[0-9]{1,2})?$ */
static bool
read_yuan(caplat_slice text, int64_t *fen)
{
    caplat_cursor  c = caplat_cursor_of(text);
    int64_t        number = 0;
    size_t         decimals = 0;

    if (take_digits(&c, YUAN_DIGITS_MAX, &number) == 0
        || (caplat_take_byte(&c, '.')
            && (decimals = take_digits(&c, 2, &number)) == 0)
        || c.at != c.end)
    {
        return false;
    }

    *fen = decimals == 2 ? number : decimals == 1 ? number * 10 : number * 100;

    return true;
}


static bool
read_time(caplat_slice text, const values *said, int64_t *seconds)
{
    return caplat_time_parse(text.len != 0 ? text : said->notify_time,
                             seconds);
}


static caplat_slice
payer_of(const values *said)
{
    caplat_slice  payer = said->buyer_id.len != 0 ? said->buyer_id
                                                  : said->buyer_open_id;

    return caplat_notice_word(payer, CAPLAT_NOTICE_PAYER_MAX)
           ? payer : CAPLAT_LIT("");
}


static caplat_slice
refund_number(const values *said)
{
    return said->out_biz_no.len != 0 ? said->out_biz_no
         : said->out_request_no.len != 0 ? said->out_request_no
         : said->out_trade_no;
}


/* Some notices say that nothing was sent back. */
static bool
is_refund(const values *said)
{
    int64_t  fen;

    return said->gmt_refund.len != 0
           || (said->refund_fee.len != 0
               && (!read_yuan(said->refund_fee, &fen) || fen != 0));
}


static bool
find_kind(const values *said, caplat_notice_kind *kind)
{
    static const struct {
        caplat_slice        status;
        caplat_notice_kind  kind;
    } kinds[] = {
        { CAPLAT_INIT("TRADE_SUCCESS"), CAPLAT_NOTICE_PAID },
        { CAPLAT_INIT("TRADE_FINISHED"), CAPLAT_NOTICE_PAID },
        { CAPLAT_INIT("TRADE_CLOSED"), CAPLAT_NOTICE_NOTHING },
        { CAPLAT_INIT("WAIT_BUYER_PAY"), CAPLAT_NOTICE_NOTHING },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(kinds); i++) {
        if (caplat_slice_eq(said->trade_status, kinds[i].status)) {
            *kind = is_refund(said) ? CAPLAT_NOTICE_REFUND : kinds[i].kind;
            return true;
        }
    }

    return false;
}


/* What is wrong with the sender, the receiver or the status: a reason. */
static const char *
flaw_of(const caplat_alipay *alipay, const values *said,
    caplat_notice_kind *kind)
{
    return !caplat_slice_eq_lower(said->charset, CAPLAT_LIT("utf-8"))
               ? "alipay-charset"
         : !caplat_slice_eq(said->app_id, alipay->app_id) ? "alipay-app-id"
         : !caplat_slice_eq(said->seller_id, alipay->seller_id)
               ? "alipay-seller-id"
         : !find_kind(said, kind) ? "alipay-status"
         : NULL;
}


/* The same of an event, which is filled in. */
static const char *
flaw_of_event(const values *said, caplat_notice *event)
{
    bool  is_paid = event->kind == CAPLAT_NOTICE_PAID;

    event->order = said->out_trade_no;
    event->trade = is_paid ? said->trade_no : refund_number(said);
    event->payer = payer_of(said);

    return !caplat_notice_number(event->order) ? "alipay-order"
         : !caplat_notice_number(event->trade) ? "alipay-trade"
         : !read_yuan(is_paid ? said->total_amount : said->refund_fee,
                      &event->amount_fen)
           || event->amount_fen == 0 ? "alipay-amount"
         : !read_time(is_paid ? said->gmt_payment : said->gmt_refund, said,
                      &event->time) ? "alipay-time"
         : NULL;
}


bool
caplat_alipay_notice_judge(const caplat_alipay *alipay,
    const caplat_params *params, caplat_notice *notice,
    caplat_notice_refusal *refusal)
{
    values         said = values_of(params);
    caplat_notice  read = { .channel = CAPLAT_ALIPAY };
    const char    *flaw = is_ambiguous(params)
                              ? "alipay-ambiguous"
                              : flaw_of(alipay, &said, &read.kind);

    if (flaw == NULL && read.kind != CAPLAT_NOTICE_NOTHING) {
        flaw = flaw_of_event(&said, &read);
    }

    if (flaw != NULL) {
        return caplat_notice_refuse(refusal, CAPLAT_NOTICE_UNFIT, flaw);
    }

    *notice = read;

    return true;
}


/* There is room: what is signed is never longer than the form was. */
static bool
verify(const caplat_alipay *alipay, const caplat_params *params,
    caplat_slice signature)
{
    char           room[CAPLAT_ALIPAY_NOTICE_MAX];
    caplat_writer  w = caplat_writer_of(room, sizeof(room));

    caplat_params_content(params, &w);
    caplat_assert(!w.full);

    caplat_slice  content = caplat_written(&w);

    return caplat_rsa_verify(alipay->platform_key, &content, 1, signature);
}


bool
caplat_alipay_notice_read(const caplat_alipay *alipay, caplat_slice body,
    char *room, caplat_notice *notice, caplat_notice_refusal *refusal)
{
    caplat_params  params;

    if (body.len > CAPLAT_ALIPAY_NOTICE_MAX
        || !caplat_params_read(body, room, &params))
    {
        return caplat_notice_refuse(refusal, CAPLAT_NOTICE_UNREADABLE,
                                    "alipay-form");
    }

    caplat_slice  signature = caplat_params_take(&params, CAPLAT_LIT("sign"));
    caplat_slice  sign_type = caplat_params_take(&params,
                                                 CAPLAT_LIT("sign_type"));

    if (!caplat_slice_eq(sign_type, CAPLAT_LIT("RSA2"))) {
        return caplat_notice_refuse(refusal, CAPLAT_NOTICE_FORGED,
                                    "alipay-sign-type");
    }

    if (!verify(alipay, &params, signature)) {
        return caplat_notice_refuse(refusal, CAPLAT_NOTICE_FORGED,
                                    "alipay-signature");
    }

    return caplat_alipay_notice_judge(alipay, &params, notice, refusal);
}
