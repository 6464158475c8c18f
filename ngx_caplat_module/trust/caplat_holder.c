#include "caplat_holder.h"

#include "caplat_json.h"
#include "caplat_text.h"

#include <stdlib.h>


#define PERSON_MAX   64                 /* characters, as those below */
#define LABEL_MAX    64
#define ORG_MAX      100
#define WORD_MAX     32                 /* bytes, as those below */
#define SERIAL_MAX   64
#define SUBJECT_MAX  128
#define DN_MAX       512
#define ORG_ID_LEN   18

static const caplat_shape  holder_shape = {
    { "id", "label", "subject", "role", "org", "certs", "name", "tls" }, 6
};
static const caplat_shape  org_shape = { { "id", "name", "city" }, 3 };
static const caplat_shape  tls_shape = { { "issuer", "serial" }, 2 };
static const caplat_shape  cert_shape = {
    { "sn", "ca", "lock", "plat", "exp", "exp_days", "hw", "hold" }, 4
};


static bool
is_made_of(caplat_slice text, const char *first, const char *second)
{
    for (size_t i = 0; i < text.len; i++) {
        char  byte = text.ptr[i];

        if ((byte < first[0] || byte > first[1])
            && (byte < second[0] || byte > second[1]))
        {
            return false;
        }
    }

    return true;
}


static bool
is_serial(caplat_slice text)
{
    return text.len % 2 == 0 && is_made_of(text, "09", "AF");
}


static bool
read_org(const caplat_json *org, caplat_place *place, caplat_holder *holder)
{
    caplat_placed  m = { org, place };
    uint32_t       city;

    place->inner = "org";
    place->item = CAPLAT_NO_ITEM;

    if (!caplat_place_fit(&m, &org_shape)
        || !caplat_place_words(&m, "name", ORG_MAX, &holder->org_name))
    {
        return false;
    }

    if (!caplat_json_string(org, "id", ORG_ID_LEN, ORG_ID_LEN,
                            &holder->org_id)
        || !is_made_of(holder->org_id, "09", "AZ"))
    {
        return caplat_place_fail(place, CAPLAT_NOT_A_NAME, "id");
    }

    if (!caplat_json_string(org, "city", 6, 6, &holder->city)
        || !caplat_region_read(holder->city, &city))
    {
        return caplat_place_fail(place, CAPLAT_NOT_A_REGION, "city");
    }

    return true;
}


/* Names, none of them twice. */
static bool
read_held(const caplat_placed *m, const caplat_json **held)
{
    const caplat_json  *list = caplat_json_get(m->object, "plat");
    size_t              count = caplat_json_items(list);

    if (!caplat_json_is_array(list)) {
        return caplat_place_fail(m->place, CAPLAT_NOT_ONE_OF, "plat");
    }

    if (count > CAPLAT_CERT_HELD_MAX) {
        return caplat_place_fail(m->place, CAPLAT_TOO_MANY, "plat");
    }

    for (size_t i = 0; i < count; i++) {
        const caplat_json  *item = caplat_json_item(list, i);
        caplat_slice        name;

        if (!caplat_json_text(item, 1, CAPLAT_NAME_LEN_MAX, &name)
            || !caplat_name_valid(name))
        {
            return caplat_place_fail(m->place, CAPLAT_NOT_A_NAME, "plat");
        }

        for (size_t j = 0; j < i; j++) {
            if (caplat_slice_eq(caplat_json_slice(caplat_json_item(list, j)),
                                name))
            {
                return caplat_place_fail(m->place, CAPLAT_TWICE, "plat");
            }
        }
    }

    *held = list;

    return true;
}


/* Either a moment or a number of days, which may be negative. */
static bool
read_end(const caplat_placed *m, caplat_holder_cert *cert)
{
    const caplat_json  *days = caplat_json_get(m->object, "exp_days");
    const caplat_json  *moment = caplat_json_get(m->object, "exp");

    if (days != NULL && moment != NULL) {
        return caplat_place_fail(m->place, CAPLAT_TWICE, "exp_days");
    }

    if (days == NULL && moment == NULL) {
        return caplat_place_fail(m->place, CAPLAT_MISSING_KEY, "exp");
    }

    cert->in_days = days != NULL;

    if (cert->in_days) {
        return caplat_json_integer(m->object, "exp_days",
                                   -CAPLAT_HOLDER_DAYS_MAX,
                                   CAPLAT_HOLDER_DAYS_MAX, &cert->expires)
               || caplat_place_fail(m->place, CAPLAT_NOT_A_NUMBER, "exp_days");
    }

    return caplat_json_integer(m->object, "exp", 1, CAPLAT_JSON_INT_MAX,
                               &cert->expires)
           || caplat_place_fail(m->place, CAPLAT_NOT_A_NUMBER, "exp");
}


static bool
read_cert(const caplat_json *object, const caplat_place *place,
    caplat_holder *holder)
{
    caplat_placed        m = { object, place };
    caplat_holder_cert  *cert = &holder->certs[holder->cert_count];

    if (!caplat_place_fit(&m, &cert_shape)
        || !caplat_place_text(&m, "sn", SERIAL_MAX, &cert->serial)
        || !caplat_place_text(&m, "ca", WORD_MAX, &cert->ca)
        || !caplat_place_text(&m, "lock", WORD_MAX, &cert->lock)
        || (caplat_json_get(object, "hw") != NULL
            && !caplat_place_text(&m, "hw", WORD_MAX, &cert->vendor))
        || !caplat_place_given(&m, "hold", PERSON_MAX, &cert->holder)
        || !read_end(&m, cert)
        || !read_held(&m, &cert->held))
    {
        return false;
    }

    for (size_t i = 0; i < holder->cert_count; i++) {
        if (caplat_slice_eq(holder->certs[i].serial, cert->serial)) {
            return caplat_place_fail(place, CAPLAT_TWICE, "sn");
        }
    }

    holder->cert_count++;

    return true;
}


static bool
read_tls(const caplat_json *object, const caplat_place *place,
    caplat_holder *holder)
{
    caplat_placed       m = { object, place };
    caplat_holder_tls  *tls = &holder->tls[holder->tls_count];

    if (!caplat_place_fit(&m, &tls_shape)
        || !caplat_place_text(&m, "issuer", DN_MAX, &tls->issuer))
    {
        return false;
    }

    if (!caplat_json_string(object, "serial", 2, SERIAL_MAX, &tls->serial)
        || !is_serial(tls->serial))
    {
        return caplat_place_fail(place, CAPLAT_NOT_A_NUMBER, "serial");
    }

    for (size_t i = 0; i < holder->tls_count; i++) {
        if (caplat_slice_eq(holder->tls[i].issuer, tls->issuer)
            && caplat_slice_eq(holder->tls[i].serial, tls->serial))
        {
            return caplat_place_fail(place, CAPLAT_TWICE, "serial");
        }
    }

    holder->tls_count++;

    return true;
}


/* A list of 1 to max. */
static bool
check_count(const caplat_json *list, size_t max, const char *name,
    const caplat_place *place)
{
    size_t  count = caplat_json_items(list);

    if (count == 0) {
        return caplat_place_fail(place, CAPLAT_NOT_ONE_OF, name);
    }

    return count <= max || caplat_place_fail(place, CAPLAT_TOO_MANY, name);
}


static bool
read_certs(const caplat_json *list, caplat_place *place, caplat_holder *holder)
{
    if (!check_count(list, CAPLAT_CERTS_MAX, "certs", place)) {
        return false;
    }

    size_t  count = caplat_json_items(list);

    holder->certs = calloc(count, sizeof(*holder->certs));

    if (holder->certs == NULL) {
        return caplat_place_fail(place, CAPLAT_TOO_LARGE, "certs");
    }

    place->inner = "certs";

    for (place->item = 0; place->item < count; place->item++) {
        if (!read_cert(caplat_json_item(list, place->item), place, holder)) {
            return false;
        }
    }

    place->inner = NULL;

    return true;
}


static bool
read_all_tls(const caplat_json *list, caplat_place *place,
    caplat_holder *holder)
{
    if (list == NULL) {
        return true;
    }

    if (!check_count(list, CAPLAT_HOLDER_TLS_MAX, "tls", place)) {
        return false;
    }

    size_t  count = caplat_json_items(list);

    holder->tls = calloc(count, sizeof(*holder->tls));

    if (holder->tls == NULL) {
        return caplat_place_fail(place, CAPLAT_TOO_LARGE, "tls");
    }

    place->inner = "tls";

    for (place->item = 0; place->item < count; place->item++) {
        if (!read_tls(caplat_json_item(list, place->item), place, holder)) {
            return false;
        }
    }

    place->inner = NULL;

    return true;
}


static bool
read_role(const caplat_placed *m, caplat_role *role)
{
    caplat_slice  text;

    if (!caplat_json_string(m->object, "role", 1, WORD_MAX, &text)) {
        return caplat_place_fail(m->place, CAPLAT_NOT_ONE_OF, "role");
    }

    if (caplat_slice_eq(text, CAPLAT_LIT("manager"))) {
        *role = CAPLAT_MANAGER;
        return true;
    }

    *role = CAPLAT_INDIVIDUAL;

    return caplat_slice_eq(text, CAPLAT_LIT("individual"))
           || caplat_place_fail(m->place, CAPLAT_NOT_ONE_OF, "role");
}


/* The members that are no objects. */
static bool
read_names(const caplat_placed *m, caplat_holder *holder)
{
    if (!caplat_json_string(m->object, "id", 1, CAPLAT_NAME_LEN_MAX,
                            &holder->id)
        || !caplat_name_valid(holder->id))
    {
        return caplat_place_fail(m->place, CAPLAT_NOT_A_NAME, "id");
    }

    return caplat_place_text(m, "subject", SUBJECT_MAX, &holder->subject)
           && caplat_place_words(m, "label", LABEL_MAX, &holder->label)
           && caplat_place_given(m, "name", PERSON_MAX, &holder->name)
           && read_role(m, &holder->role);
}


/* Whether a token can hold it, with the longest of numbers. */
static bool
is_small_enough(const caplat_holder *holder)
{
    char           room[CAPLAT_HOLDER_CLAIMS_MAX];
    caplat_writer  w = caplat_writer_of(room, sizeof(room));

    caplat_holder_claims(holder, CAPLAT_JSON_INT_MAX, &w);

    return !w.full;
}


bool
caplat_holder_read(const caplat_json *object, caplat_place *place,
    caplat_holder *holder)
{
    caplat_placed  m = { object, place };

    if (!caplat_place_fit(&m, &holder_shape)
        || !read_names(&m, holder)
        || !read_certs(caplat_json_get(object, "certs"), place, holder)
        || !read_all_tls(caplat_json_get(object, "tls"), place, holder)
        || !read_org(caplat_json_get(object, "org"), place, holder))
    {
        return false;
    }

    place->inner = NULL;

    return is_small_enough(holder)
           || caplat_place_fail(place, CAPLAT_TOO_LARGE, NULL);
}


void
caplat_holder_free(caplat_holder *holder)
{
    free(holder->certs);
    free(holder->tls);
}
