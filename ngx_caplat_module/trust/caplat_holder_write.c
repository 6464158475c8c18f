#include "caplat_holder.h"

#include "caplat_json.h"
#include "caplat_member.h"


#define DAY_SECONDS  86400


static caplat_slice
role_name(caplat_role role)
{
    return role == CAPLAT_MANAGER ? CAPLAT_LIT("manager")
                                  : CAPLAT_LIT("individual");
}


caplat_slice
caplat_holder_id(const caplat_holder *holder)
{
    return holder->id;
}


void
caplat_holder_write(const caplat_holder *holder, caplat_writer *w)
{
    caplat_member(w, CAPLAT_LIT("{\"id\":"), holder->id);
    caplat_member(w, CAPLAT_LIT(",\"label\":"), holder->label);
    caplat_member(w, CAPLAT_LIT(",\"role\":"), role_name(holder->role));
    caplat_member(w, CAPLAT_LIT(",\"enterprise\":"), holder->org_name);
    caplat_put(w, CAPLAT_LIT("}"));
}


static void
put_given(caplat_writer *w, caplat_slice key, caplat_slice text)
{
    if (text.len != 0) {
        caplat_member(w, key, text);
    }
}


/* The moment at which a certificate ends, from 1. */
static int64_t
end_of(const caplat_holder_cert *cert, int64_t now)
{
    int64_t  end = cert->in_days ? now + cert->expires * DAY_SECONDS
                                 : cert->expires;

    return end < 1 ? 1 : end > CAPLAT_JSON_INT_MAX ? CAPLAT_JSON_INT_MAX
                                                   : end;
}


static void
put_held(caplat_writer *w, const caplat_json *held)
{
    caplat_put(w, CAPLAT_LIT(",\"plat\":["));

    for (size_t i = 0; i < caplat_json_items(held); i++) {
        if (i != 0) {
            caplat_put(w, CAPLAT_LIT(","));
        }

        caplat_put_string(w, caplat_json_slice(caplat_json_item(held, i)));
    }

    caplat_put(w, CAPLAT_LIT("]"));
}


static void
put_cert(caplat_writer *w, const caplat_holder_cert *cert, int64_t now)
{
    caplat_member(w, CAPLAT_LIT("{\"sn\":"), cert->serial);
    caplat_member(w, CAPLAT_LIT(",\"ca\":"), cert->ca);
    caplat_member(w, CAPLAT_LIT(",\"lock\":"), cert->lock);
    put_given(w, CAPLAT_LIT(",\"hw\":"), cert->vendor);
    caplat_member_number(w, CAPLAT_LIT(",\"exp\":"), end_of(cert, now));
    put_given(w, CAPLAT_LIT(",\"hold\":"), cert->holder);
    put_held(w, cert->held);
    caplat_put(w, CAPLAT_LIT("}"));
}


static void
put_org(caplat_writer *w, const caplat_holder *holder)
{
    caplat_member(w, CAPLAT_LIT(",\"org\":{\"id\":"), holder->org_id);
    caplat_member(w, CAPLAT_LIT(",\"name\":"), holder->org_name);
    caplat_member(w, CAPLAT_LIT(",\"city\":"), holder->city);
    caplat_put(w, CAPLAT_LIT("}"));
}


void
caplat_holder_claims(const caplat_holder *holder, int64_t now,
    caplat_writer *w)
{
    caplat_member(w, CAPLAT_LIT("\"sub\":"), holder->subject);
    caplat_member(w, CAPLAT_LIT(",\"roles\":["), role_name(holder->role));
    caplat_put(w, CAPLAT_LIT("]"));
    put_org(w, holder);
    caplat_put(w, CAPLAT_LIT(",\"certs\":["));

    for (size_t i = 0; i < holder->cert_count; i++) {
        if (i != 0) {
            caplat_put(w, CAPLAT_LIT(","));
        }

        put_cert(w, &holder->certs[i], now);
    }

    caplat_put(w, CAPLAT_LIT("]"));
    put_given(w, CAPLAT_LIT(",\"name\":"), holder->name);
}
