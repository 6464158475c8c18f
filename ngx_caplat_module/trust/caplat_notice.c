#include "caplat_notice.h"

#include "caplat_member.h"


static void
put_fields(const caplat_message *message, caplat_writer *w)
{
    static const struct {
        caplat_slice  name;
        caplat_slice  key;
    } fields[] = {
        { CAPLAT_INIT("wechatpay-timestamp"),
          CAPLAT_INIT("\"wechatpay-timestamp\":") },
        { CAPLAT_INIT("wechatpay-nonce"),
          CAPLAT_INIT("\"wechatpay-nonce\":") },
        { CAPLAT_INIT("wechatpay-serial"),
          CAPLAT_INIT("\"wechatpay-serial\":") },
        { CAPLAT_INIT("wechatpay-signature"),
          CAPLAT_INIT("\"wechatpay-signature\":") },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(fields); i++) {
        caplat_slice  value;

        if (caplat_message_header(message, fields[i].name, &value)) {
            caplat_member(w, fields[i].key, value);
            caplat_put(w, CAPLAT_LIT(","));
        }
    }
}


static void
put_base64(caplat_slice bytes, caplat_writer *w)
{
    if (CAPLAT_B64_LEN(bytes.len) > w->room - w->len) {
        w->full = true;
        return;
    }

    w->len += caplat_b64_write((const uint8_t *) bytes.ptr, bytes.len,
                               w->ptr + w->len);
}


void
caplat_notice_personal(const caplat_notice *notice,
    const caplat_message *message, caplat_slice body, caplat_writer *w)
{
    caplat_member_or_null(w, CAPLAT_LIT("{\"payer\":"), notice->payer);
    caplat_put(w, CAPLAT_LIT(",\"notice\":{"));

    /* Alipay's signature is in its body. */
    if (notice->channel == CAPLAT_WECHAT) {
        put_fields(message, w);
    }

    caplat_put(w, CAPLAT_LIT("\"body_base64\":\""));
    put_base64(body, w);
    caplat_put(w, CAPLAT_LIT("\"}}"));
}
