#include "caplat_bill_form.h"


static const caplat_bill_form  forms[] = {
    { CAPLAT_ALIPAY, false,
      { [CAPLAT_BILL_TRADE] = { CAPLAT_INIT("支付宝交易号") },
        [CAPLAT_BILL_ORDER] = { CAPLAT_INIT("商户订单号") },
        [CAPLAT_BILL_TYPE] = { CAPLAT_INIT("业务类型") },
        [CAPLAT_BILL_TIME] = { CAPLAT_INIT("完成时间") },
        [CAPLAT_BILL_PAID] = { CAPLAT_INIT("订单金额") },
        [CAPLAT_BILL_BACK] = { CAPLAT_INIT("订单金额") },
        [CAPLAT_BILL_REFUND_NO] = { CAPLAT_INIT("退款批次号/请求号"),
                                    CAPLAT_INIT("退款批次号") } },
      { { CAPLAT_INIT("交易"), CAPLAT_BILL_PAYMENT },
        { CAPLAT_INIT("退款"), CAPLAT_BILL_REFUND } } },

    { CAPLAT_ALIPAY, false,
      { [CAPLAT_BILL_TRADE] = { CAPLAT_INIT("业务流水号") },
        [CAPLAT_BILL_ORDER] = { CAPLAT_INIT("商户订单号") },
        [CAPLAT_BILL_TYPE] = { CAPLAT_INIT("业务类型") },
        [CAPLAT_BILL_TIME] = { CAPLAT_INIT("发生时间") },
        [CAPLAT_BILL_PAID] = { CAPLAT_INIT("收入金额") },
        [CAPLAT_BILL_BACK] = { CAPLAT_INIT("支出金额") } },
      { { CAPLAT_INIT("交易付款"), CAPLAT_BILL_PAYMENT },
        { CAPLAT_INIT("在线支付"), CAPLAT_BILL_PAYMENT },
        { CAPLAT_INIT("交易退款"), CAPLAT_BILL_REFUND },
        { CAPLAT_INIT("退款"), CAPLAT_BILL_REFUND } } },

    { CAPLAT_WECHAT, true,
      { [CAPLAT_BILL_TRADE] = { CAPLAT_INIT("微信订单号") },
        [CAPLAT_BILL_ORDER] = { CAPLAT_INIT("商户订单号") },
        [CAPLAT_BILL_TYPE] = { CAPLAT_INIT("交易状态") },
        [CAPLAT_BILL_TIME] = { CAPLAT_INIT("交易时间") },
        [CAPLAT_BILL_PAID] = { CAPLAT_INIT("订单金额"),
                               CAPLAT_INIT("应结订单金额"),
                               CAPLAT_INIT("总金额") },
        [CAPLAT_BILL_BACK] = { CAPLAT_INIT("申请退款金额"),
                               CAPLAT_INIT("退款金额") },
        [CAPLAT_BILL_REFUND_NO] = { CAPLAT_INIT("微信退款单号") },
        [CAPLAT_BILL_REQUEST_NO] = { CAPLAT_INIT("商户退款单号") },
        [CAPLAT_BILL_STATUS] = { CAPLAT_INIT("退款状态") },
        [CAPLAT_BILL_CURRENCY] = { CAPLAT_INIT("货币种类") } },
      { { CAPLAT_INIT("SUCCESS"), CAPLAT_BILL_PAYMENT },
        { CAPLAT_INIT("REFUND"), CAPLAT_BILL_REFUND },
        { CAPLAT_INIT("REVOKED"), CAPLAT_BILL_REFUND } } },
};


bool
caplat_bill_is_titled(caplat_slice title, caplat_slice name)
{
    caplat_cursor  c = caplat_cursor_of(title);

    return name.len != 0 && caplat_take_literal(&c, name)
        && (c.at == c.end || caplat_take_byte(&c, '(')
            || caplat_take_literal(&c, CAPLAT_LIT("（")));
}


static size_t
find_title(const caplat_bill_cells *titles, caplat_slice name)
{
    for (size_t i = 0; i < titles->count; i++) {
        if (caplat_bill_is_titled(titles->cells[i], name)) {
            return i;
        }
    }

    return CAPLAT_BILL_NO_COLUMN;
}


/* What each calls the number of a trade is its own. */
const caplat_bill_form *
caplat_bill_form_find(const caplat_bill_cells *titles)
{
    for (size_t i = 0; i < CAPLAT_COUNT(forms); i++) {
        if (find_title(titles, forms[i].names[CAPLAT_BILL_TRADE][0])
            != CAPLAT_BILL_NO_COLUMN)
        {
            return &forms[i];
        }
    }

    return NULL;
}


size_t
caplat_bill_form_column(const caplat_bill_form *form, caplat_bill_field field,
    const caplat_bill_cells *titles)
{
    for (size_t i = 0; i < CAPLAT_BILL_NAMES_MAX; i++) {
        size_t  column = find_title(titles, form->names[field][i]);

        if (column != CAPLAT_BILL_NO_COLUMN) {
            return column;
        }
    }

    return CAPLAT_BILL_NO_COLUMN;
}


bool
caplat_bill_form_needs(const caplat_bill_form *form, caplat_bill_field field)
{
    return field < CAPLAT_BILL_BACK
        || (field == CAPLAT_BILL_BACK && !form->has_sums);
}


caplat_bill_kind
caplat_bill_form_kind(const caplat_bill_form *form, caplat_slice type)
{
    for (size_t i = 0; i < CAPLAT_BILL_TYPES_MAX; i++) {
        if (form->types[i].word.len != 0
            && caplat_slice_eq(form->types[i].word, type))
        {
            return form->types[i].kind;
        }
    }

    return CAPLAT_BILL_END;
}
