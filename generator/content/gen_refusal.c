#include "gen_refusal.h"


typedef struct {
    caplat_slice  words;
    caplat_slice  advice;
} refusal;


static const refusal  refusals[CAPLAT_CODES] = {
    [CAPLAT_TRUNCATED] = {
        CAPLAT_INIT("这一行不完整"), CAPLAT_INIT("") },
    [CAPLAT_TRAILING] = {
        CAPLAT_INIT("这里有多余的内容"), CAPLAT_INIT("") },
    [CAPLAT_TOO_LARGE] = {
        CAPLAT_INIT("超过上限"), CAPLAT_INIT("") },
    [CAPLAT_UNKNOWN_KEY] = {
        CAPLAT_INIT("不认识这一项"), CAPLAT_INIT("") },
    [CAPLAT_MISSING_KEY] = {
        CAPLAT_INIT("缺少这一项"), CAPLAT_INIT("") },
    [CAPLAT_TWICE] = {
        CAPLAT_INIT("给了两次"), CAPLAT_INIT("") },
    [CAPLAT_OUT_OF_ORDER] = {
        CAPLAT_INIT("先后次序不对"), CAPLAT_INIT("") },
    [CAPLAT_NOT_A_NUMBER] = {
        CAPLAT_INIT("不是整数"), CAPLAT_INIT("") },
    [CAPLAT_NOT_A_DATE] = {
        CAPLAT_INIT("不是日期"), CAPLAT_INIT("请写成 2021-06-18。") },
    [CAPLAT_NOT_A_NAME] = {
        CAPLAT_INIT("不是代号"),
        CAPLAT_INIT("代号只用小写字母、数字和连字符。") },
    [CAPLAT_NOT_A_REGION] = {
        CAPLAT_INIT("不是行政区划代码"),
        CAPLAT_INIT("请写六位数字，例如 210700。") },
    [CAPLAT_NOT_ONE_OF] = {
        CAPLAT_INIT("不在可选的值里"), CAPLAT_INIT("") },
    [CAPLAT_NOT_WORDS] = {
        CAPLAT_INIT("不是可用的文字"), CAPLAT_INIT("") },
    [CAPLAT_UNKNOWN_NAME] = {
        CAPLAT_INIT("前面没有这个代号"), CAPLAT_INIT("") },
    [CAPLAT_NOT_PRICED] = {
        CAPLAT_INIT("这个平台没有价格"),
        CAPLAT_INIT("请给它的类别写一条规则。") },
    [CAPLAT_UNKNOWN_PLATFORM] = {
        CAPLAT_INIT("费率卡里没有这个平台"), CAPLAT_INIT("") },
    [CAPLAT_NOTHING_CHOSEN] = {
        CAPLAT_INIT("没有选择平台"),
        CAPLAT_INIT("请用 --add 写上要新增的平台。") },
    [CAPLAT_TOO_MANY] = {
        CAPLAT_INIT("平台太多"),
        CAPLAT_INIT("请分几次办理。") },
    [CAPLAT_CARD_NOT_VALID] = {
        CAPLAT_INIT("费率卡在这一天无效"),
        CAPLAT_INIT("请换一个日期，或换一份费率卡。") },
    [CAPLAT_CERTIFICATE_EXPIRED] = {
        CAPLAT_INIT("证书已经过期"),
        CAPLAT_INIT("请先延期，再新增平台。") },
    [CAPLAT_TERM_TOO_LONG] = {
        CAPLAT_INIT("证书的有效期太长"),
        CAPLAT_INIT("请检查到期日。") },
    [CAPLAT_VENDOR_NOT_SERVED] = {
        CAPLAT_INIT("这个厂商的证书不能新增平台"), CAPLAT_INIT("") },
    [CAPLAT_DUPLICATE] = {
        CAPLAT_INIT("写了两次"),
        CAPLAT_INIT("请去掉一个。") },
    [CAPLAT_PLATFORM_HELD] = {
        CAPLAT_INIT("已经在证书上"),
        CAPLAT_INIT("请从 --add 里去掉它。") },
    [CAPLAT_PLATFORM_PAUSED] = {
        CAPLAT_INIT("暂停受理"),
        CAPLAT_INIT("请从 --add 里去掉它，恢复受理后再办。") },
    [CAPLAT_PLATFORM_CLOSED] = {
        CAPLAT_INIT("已停止受理"),
        CAPLAT_INIT("请从 --add 里去掉它。") },
    [CAPLAT_TOTAL_TOO_LARGE] = {
        CAPLAT_INIT("合计超过上限"),
        CAPLAT_INIT("请分几次办理，或检查证书的到期日。") },
};


caplat_slice
gen_refusal_words(caplat_code code)
{
    caplat_assert(code > CAPLAT_OK && code < CAPLAT_CODES);

    return refusals[code].words;
}


caplat_slice
gen_refusal_advice(caplat_code code)
{
    caplat_assert(code > CAPLAT_OK && code < CAPLAT_CODES);

    return refusals[code].advice;
}
