#include "caplat_charge.h"

#include "caplat_body.h"
#include "caplat_member.h"
#include "caplat_qr.h"

#include <sodium.h>


static bool
find_channel(caplat_slice word, unsigned channels, caplat_channel *channel)
{
    for (unsigned i = CAPLAT_ALIPAY; i < CAPLAT_CHANNEL_COUNT; i++) {
        if ((channels & 1u << i) != 0
            && caplat_slice_eq(word, caplat_channel_word((caplat_channel) i)))
        {
            *channel = (caplat_channel) i;
            return true;
        }
    }

    return false;
}


bool
caplat_charge_read(caplat_slice body, unsigned channels,
    caplat_channel *channel, caplat_faults *faults, caplat_denial *denial)
{
    static const caplat_slice  names[] = { CAPLAT_INIT("channel") };

    caplat_json   *object;
    caplat_slice   word;

    caplat_faults_clear(faults, false);

    if (!caplat_body_open(body, &object, faults, denial)) {
        return false;
    }

    caplat_body_members(object, CAPLAT_LIT("#"), names, CAPLAT_COUNT(names),
        faults);

    if (!caplat_json_string(object, "channel", 1, 16, &word)
        || !find_channel(word, channels, channel))
    {
        caplat_fault_add_code(faults, CAPLAT_LIT("#/channel"),
            CAPLAT_NOT_ONE_OF);
    }

    caplat_json_close(object);

    return faults->count == 0
        || caplat_deny(denial, CAPLAT_PROBLEM_VALIDATION_FAILED, "payment");
}


void
caplat_charge_show_page(caplat_slice url, int64_t expires, caplat_writer *w)
{
    caplat_member(w, CAPLAT_LIT("{\"channel\":"),
        caplat_channel_word(CAPLAT_ALIPAY));
    caplat_member(w, CAPLAT_LIT(",\"url\":"), url);
    caplat_member_number(w, CAPLAT_LIT(",\"expires\":"), expires);
    caplat_put(w, CAPLAT_LIT("}"));
}


void
caplat_charge_show_code(caplat_slice code_url, int64_t expires,
    caplat_writer *w)
{
    caplat_member(w, CAPLAT_LIT("{\"channel\":"),
        caplat_channel_word(CAPLAT_WECHAT));
    caplat_member(w, CAPLAT_LIT(",\"code_url\":"), code_url);
    caplat_put(w, CAPLAT_LIT(",\"qr\":"));

    if (!caplat_qr_write(w, code_url)) {
        w->full = true;
        return;
    }

    caplat_member_number(w, CAPLAT_LIT(",\"expires\":"), expires);
    caplat_put(w, CAPLAT_LIT("}"));
}


void
caplat_charge_show_transfer(const caplat_transfer *transfer,
    const caplat_charge *charge, caplat_writer *w)
{
    caplat_member(w, CAPLAT_LIT("{\"channel\":"),
        caplat_channel_word(CAPLAT_TRANSFER));
    caplat_member(w, CAPLAT_LIT(",\"name\":"), transfer->name);
    caplat_member(w, CAPLAT_LIT(",\"bank\":"), transfer->bank);
    caplat_member(w, CAPLAT_LIT(",\"account\":"), transfer->account);
    caplat_member(w, CAPLAT_LIT(",\"reference\":"), charge->order);
    caplat_member_number(w, CAPLAT_LIT(",\"expires\":"), charge->expires);
    caplat_put(w, CAPLAT_LIT("}"));
}


int64_t
caplat_charge_code_ends(int64_t expires, int64_t asked)
{
    int64_t  ends = asked + CAPLAT_CODE_LIFE;

    return expires < ends ? expires : ends;
}


void
caplat_charge_nonce(char nonce[static CAPLAT_CHARGE_NONCE])
{
    uint8_t  bytes[CAPLAT_CHARGE_NONCE / 2];
    char     hex[CAPLAT_CHARGE_NONCE + 1];

    randombytes_buf(bytes, sizeof(bytes));
    (void) sodium_bin2hex(hex, sizeof(hex), bytes, sizeof(bytes));
    memcpy(nonce, hex, CAPLAT_CHARGE_NONCE);
}
