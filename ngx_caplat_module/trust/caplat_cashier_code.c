#include "caplat_cashier.h"

#include "caplat_text.h"

#include <stdlib.h>


/* What stands between `name="` and the next quotation mark. */
static bool
find_part(caplat_slice authorization, caplat_slice name, caplat_slice *part)
{
    for (size_t at = 0; at + name.len <= authorization.len; at++) {
        caplat_slice  rest = caplat_slice_of(authorization.ptr + at,
                                             authorization.len - at);

        if (!caplat_slice_eq(caplat_slice_of(rest.ptr, name.len), name)) {
            continue;
        }

        rest = caplat_slice_of(rest.ptr + name.len, rest.len - name.len);

        for (size_t len = 0; len < rest.len; len++) {
            if (rest.ptr[len] == '"') {
                *part = caplat_slice_of(rest.ptr, len);
                return true;
            }
        }
    }

    return false;
}


/* A signature of this kind is the same each time that it is made: so it is
   made again, with the merchant's key, and compared. */
static bool
is_ours(const caplat_cashier *cashier, caplat_slice given, caplat_slice body,
    int64_t now)
{
    char           room[CAPLAT_WECHAT_REQUEST_MAX];
    caplat_writer  w = caplat_writer_of(room, sizeof(room));
    caplat_slice   nonce, time;
    uint64_t       seconds;

    return find_part(given, CAPLAT_LIT("nonce_str=\""), &nonce)
        && caplat_notice_word(nonce, CAPLAT_WECHAT_NONCE_MAX)
        && find_part(given, CAPLAT_LIT("timestamp=\""), &time)
        && caplat_number_read(time, CAPLAT_JSON_INT_MAX, &seconds) == CAPLAT_OK
        && llabs((int64_t) seconds - now) <= CAPLAT_WECHAT_WINDOW
        && caplat_wechat_authorization(cashier->wechat, body, nonce,
               (int64_t) seconds, &w)
        && caplat_slice_eq(caplat_written(&w), given);
}


static bool
read_order(caplat_slice body, caplat_writer *w)
{
    caplat_json   *object;
    caplat_slice   order;
    caplat_err     err;
    bool           is_read;

    if (!caplat_json_open(body, CAPLAT_JSON_DEPTH_MAX, &object, &err)) {
        return false;
    }

    is_read = caplat_json_string(object, "out_trade_no", 1,
                                 CAPLAT_TRADE_LEN_MAX, &order)
              && caplat_notice_number(order);

    if (is_read) {
        caplat_put(w, CAPLAT_LIT("{\"code_url\":"
                                 "\"weixin://wxpay/bizpayurl?pr="));
        caplat_put(w, order);
        caplat_put(w, CAPLAT_LIT("\"}"));
    }

    caplat_json_close(object);

    return is_read;
}


bool
caplat_cashier_code(const caplat_cashier *cashier,
    const caplat_message *message, caplat_slice body, int64_t now,
    caplat_writer *w)
{
    caplat_slice  given;

    return caplat_message_header(message, CAPLAT_LIT("authorization"), &given)
        && is_ours(cashier, given, body, now)
        && read_order(body, w);
}
