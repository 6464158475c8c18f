#include "caplat_wechat.h"
#include "caplat_time.h"


#define CONTENT_MAX  (CAPLAT_WECHAT_REQUEST_MAX + 128)
#define FIELD_MAX    1024               /* bytes of a field's value */
#define ERROR_MAX    32                 /* of a refusal's code */
#define SCHEME       "WECHATPAY2-SHA256-RSA2048"
#define PROBE        CAPLAT_LIT("WECHATPAY/SIGNTEST/")
#define CODE_BEGIN   CAPLAT_LIT("weixin://wxpay/")
#define LF           CAPLAT_LIT("\n")


bool
caplat_wechat_api_key_read(caplat_slice text, caplat_gcm **key,
    caplat_err *err)
{
    size_t  len = text.len != 0 && text.ptr[text.len - 1] == '\n'
                      ? text.len - 1 : text.len;

    for (size_t i = 0; i < len && i < CAPLAT_GCM_KEY; i++) {
        if (text.ptr[i] <= ' ' || text.ptr[i] > '~') {
            return caplat_fail(err, CAPLAT_NOT_WORDS, i, "APIv3 key");
        }
    }

    if (len != CAPLAT_GCM_KEY) {
        return caplat_fail(err, len < CAPLAT_GCM_KEY ? CAPLAT_TRUNCATED
                                                     : CAPLAT_TRAILING,
                           len < CAPLAT_GCM_KEY ? len : CAPLAT_GCM_KEY,
                           "APIv3 key (32 bytes)");
    }

    caplat_gcm  *made = caplat_gcm_open((const uint8_t *) text.ptr);

    if (made == NULL) {
        return caplat_fail(err, CAPLAT_TOO_LARGE, 0, "memory");
    }

    *key = made;

    return true;
}


void
caplat_wechat_native_body(const caplat_wechat *wechat,
    const caplat_charge *charge, caplat_writer *w)
{
    char  expires[CAPLAT_TIME_LEN];

    caplat_time_write(charge->expires, 'T', expires);
    caplat_put(w, CAPLAT_LIT("{\"appid\":"));
    caplat_put_string(w, wechat->appid);
    caplat_put(w, CAPLAT_LIT(",\"mchid\":"));
    caplat_put_string(w, wechat->mchid);
    caplat_put(w, CAPLAT_LIT(",\"description\":"));
    caplat_put_string(w, charge->subject);
    caplat_put(w, CAPLAT_LIT(",\"out_trade_no\":"));
    caplat_put_string(w, charge->order);
    caplat_put(w, CAPLAT_LIT(",\"time_expire\":\""));
    caplat_put(w, caplat_slice_of(expires, sizeof(expires)));
    caplat_put(w, CAPLAT_LIT("+08:00\",\"notify_url\":"));
    caplat_put_string(w, wechat->notify_url);
    caplat_put(w, CAPLAT_LIT(",\"amount\":{\"total\":"));
    caplat_put_number(w, (uint64_t) charge->amount_fen);
    caplat_put(w, CAPLAT_LIT(",\"currency\":\"CNY\"}}"));
}


void
caplat_wechat_native_content(caplat_slice body, caplat_slice nonce,
    int64_t now, caplat_writer *w)
{
    caplat_put(w, CAPLAT_LIT("POST\n" CAPLAT_WECHAT_NATIVE "\n"));
    caplat_put_number(w, (uint64_t) now);
    caplat_put(w, LF);
    caplat_put(w, nonce);
    caplat_put(w, LF);
    caplat_put(w, body);
    caplat_put(w, LF);
}


bool
caplat_wechat_authorization(const caplat_wechat *wechat,
    caplat_slice body, caplat_slice nonce, int64_t now, caplat_writer *w)
{
    char           room[CONTENT_MAX];
    char           text[CAPLAT_RSA_TEXT_MAX];
    size_t         len;
    caplat_writer  content = caplat_writer_of(room, sizeof(room));

    caplat_assert(caplat_notice_word(nonce, CAPLAT_WECHAT_NONCE_MAX));
    caplat_wechat_native_content(body, nonce, now, &content);

    caplat_slice  part = caplat_written(&content);

    if (content.full
        || !caplat_rsa_sign(wechat->merchant_key, &part, 1, text, &len))
    {
        return false;
    }

    caplat_put(w, CAPLAT_LIT(SCHEME " mchid=\""));
    caplat_put(w, wechat->mchid);
    caplat_put(w, CAPLAT_LIT("\",nonce_str=\""));
    caplat_put(w, nonce);
    caplat_put(w, CAPLAT_LIT("\",timestamp=\""));
    caplat_put_number(w, (uint64_t) now);
    caplat_put(w, CAPLAT_LIT("\",serial_no=\""));
    caplat_put(w, wechat->serial);
    caplat_put(w, CAPLAT_LIT("\",signature=\""));
    caplat_put(w, caplat_slice_of(text, len));
    caplat_put(w, CAPLAT_LIT("\""));

    return !w->full;
}


/* What the fields say, as they are. */
typedef struct {
    caplat_slice   timestamp;
    caplat_slice   nonce;
    caplat_slice   serial;
    caplat_slice   signature;
    int64_t        time;
} signed_by;


static bool
take_field(const caplat_message *message, caplat_slice name,
    caplat_slice *value)
{
    return caplat_message_count(message, name) == 1
           && caplat_message_header(message, name, value)
           && value->len >= 1 && value->len <= FIELD_MAX;
}


/* Absent, or there once and of the one algorithm. */
static bool
type_fits(const caplat_message *message)
{
    static const caplat_slice  name = CAPLAT_INIT("wechatpay-signature-type");

    caplat_slice  type;

    return caplat_message_count(message, name) == 0
           || (take_field(message, name, &type)
               && caplat_slice_eq(type, CAPLAT_LIT(SCHEME)));
}


static bool
read_fields(const caplat_message *message, signed_by *by)
{
    uint64_t       seconds;
    caplat_cursor  c;

    if (!take_field(message, CAPLAT_LIT("wechatpay-timestamp"),
                    &by->timestamp)
        || !take_field(message, CAPLAT_LIT("wechatpay-nonce"), &by->nonce)
        || !take_field(message, CAPLAT_LIT("wechatpay-serial"), &by->serial)
        || !take_field(message, CAPLAT_LIT("wechatpay-signature"),
                       &by->signature)
        || !type_fits(message))
    {
        return false;
    }

    c = caplat_cursor_of(by->timestamp);

    if (!caplat_take_uint(&c, CAPLAT_JSON_INT_MAX, &seconds) || c.at != c.end) {
        return false;
    }

    by->time = (int64_t) seconds;

    return true;
}


static bool
begins(caplat_slice text, caplat_slice with)
{
    caplat_cursor  c = caplat_cursor_of(text);

    return caplat_take_literal(&c, with);
}


static bool
signature_is_valid(const caplat_wechat *wechat, const signed_by *by,
    caplat_slice body)
{
    caplat_slice  parts[] = { by->timestamp, LF, by->nonce, LF, body, LF };

    return caplat_rsa_verify(wechat->platform_key, parts, CAPLAT_COUNT(parts),
                             by->signature);
}


bool
caplat_wechat_verify(const caplat_wechat *wechat,
    const caplat_message *message, caplat_slice body, int64_t now,
    const char **reason)
{
    signed_by    by;
    const char  *flaw;

    flaw = !read_fields(message, &by) ? "wechat-fields"
         : by.time > now + CAPLAT_WECHAT_WINDOW
           || by.time < now - CAPLAT_WECHAT_WINDOW ? "wechat-time"
         : begins(by.signature, PROBE) ? "wechat-probe"
         : !caplat_slice_eq(by.serial, wechat->platform_serial)
               ? "wechat-serial"
         : !signature_is_valid(wechat, &by, body) ? "wechat-signature"
         : NULL;

    if (flaw != NULL) {
        *reason = flaw;
    }

    return flaw == NULL;
}


static bool
is_error_code(caplat_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char  byte = text.ptr[i];

        if (!caplat_is_digit(byte) && byte != '_'
            && (byte < 'A' || byte > 'Z'))
        {
            return false;
        }
    }

    return text.len >= 1 && text.len <= ERROR_MAX;
}


/* The code of {"code":"PARAM_ERROR",...}, where it stands in the body. */
static caplat_slice
error_code(caplat_slice body)
{
    caplat_json    *json;
    caplat_err      err;
    caplat_slice    code = CAPLAT_LIT("wechat-status");
    caplat_slice    text;
    size_t          at;

    if (body.len > CAPLAT_WECHAT_BODY_MAX
        || !caplat_json_open(body, CAPLAT_JSON_DEPTH_MAX, &json, &err))
    {
        return code;
    }

    if (caplat_json_string(json, "code", 1, ERROR_MAX, &text)
        && is_error_code(text)
        && caplat_json_member_at(body, 0, "code", &at)
        && begins(caplat_slice_of(body.ptr + at + 1, body.len - at - 1), text))
    {
        code = caplat_slice_of(body.ptr + at + 1, text.len);
    }

    caplat_json_close(json);

    return code;
}


/* What browsers can show and others can scan. */
static bool
is_code_url(caplat_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char  byte = text.ptr[i];

        if (byte <= ' ' || byte > '~' || byte == '"' || byte == '\\'
            || byte == '<' || byte == '>')
        {
            return false;
        }
    }

    return text.len > CODE_BEGIN.len && begins(text, CODE_BEGIN);
}


static const char *
read_code_url(caplat_slice body, caplat_writer *code_url)
{
    caplat_json  *json;
    caplat_err    err;
    caplat_slice  text;

    if (body.len > CAPLAT_WECHAT_BODY_MAX
        || !caplat_json_open(body, CAPLAT_JSON_DEPTH_MAX, &json, &err))
    {
        return "wechat-json";
    }

    bool  read = caplat_json_string(json, "code_url", 1,
                                    CAPLAT_WECHAT_CODE_MAX, &text)
                 && is_code_url(text);

    if (read) {
        caplat_put(code_url, text);
    }

    caplat_json_close(json);

    return read ? NULL : "wechat-code-url";
}


bool
caplat_wechat_code_url(const caplat_wechat *wechat, unsigned status,
    const caplat_message *message, caplat_slice body, int64_t now,
    caplat_writer *code_url, caplat_slice *why)
{
    const char  *reason = NULL;

    if (status != 200) {
        *why = error_code(body);
        return false;
    }

    if (caplat_wechat_verify(wechat, message, body, now, &reason)) {
        reason = read_code_url(body, code_url);
    }

    if (reason != NULL) {
        *why = caplat_slice_of_word(reason);
    }

    return reason == NULL;
}
