#include "caplat_httpsig.h"


typedef enum {
    METHOD, TARGET_URI, AUTHORITY, SCHEME, PATH, QUERY, REQUEST_TARGET, DERIVED
} derived;


static const caplat_slice  derived_names[DERIVED] = {
    [METHOD]         = CAPLAT_INIT("@method"),
    [TARGET_URI]     = CAPLAT_INIT("@target-uri"),
    [AUTHORITY]      = CAPLAT_INIT("@authority"),
    [SCHEME]         = CAPLAT_INIT("@scheme"),
    [PATH]           = CAPLAT_INIT("@path"),
    [QUERY]          = CAPLAT_INIT("@query"),
    [REQUEST_TARGET] = CAPLAT_INIT("@request-target"),
};


/* DERIVED when it is none. */
static derived
find_derived(caplat_slice name)
{
    size_t  i = 0;

    while (i < DERIVED && !caplat_slice_eq(derived_names[i], name)) {
        i++;
    }

    return (derived) i;
}


bool
caplat_httpsig_is_derived(caplat_slice name)
{
    return find_derived(name) != DERIVED;
}


static bool
invalid(caplat_denial *denial, const char *reason)
{
    return caplat_deny(denial, CAPLAT_PROBLEM_SIGNATURE_INVALID, reason);
}


static bool
is_white(char byte)
{
    return byte == ' ' || byte == '\t';
}


static caplat_slice
trim(caplat_slice text)
{
    while (text.len != 0 && is_white(text.ptr[0])) {
        text = caplat_slice_of(text.ptr + 1, text.len - 1);
    }

    while (text.len != 0 && is_white(text.ptr[text.len - 1])) {
        text.len--;
    }

    return text;
}


/* A line feed would end the component's line, and begin another. */
static bool
put_value(caplat_writer *w, caplat_slice value, caplat_denial *denial)
{
    for (size_t i = 0; i < value.len; i++) {
        if (value.ptr[i] == '\n' || value.ptr[i] == '\r'
            || value.ptr[i] == '\0')
        {
            return invalid(denial, "signature-line-folded");
        }
    }

    caplat_put(w, value);

    return true;
}


static bool
put_field(caplat_writer *w, const caplat_message *message, caplat_slice name,
    caplat_denial *denial)
{
    caplat_slice  value;
    size_t        at = 0;

    if (!caplat_message_next(message, name, &at, &value)) {
        return invalid(denial, "signature-component-absent");
    }

    if (!put_value(w, trim(value), denial)) {
        return false;
    }

    while (caplat_message_next(message, name, &at, &value)) {
        caplat_put(w, CAPLAT_LIT(", "));

        if (!put_value(w, trim(value), denial)) {
            return false;
        }
    }

    return true;
}


static caplat_slice
or_else(caplat_slice text, caplat_slice other)
{
    return text.len != 0 ? text : other;
}


/* RFC 9421, 2.2.1 to 2.2.7 */
static bool
put_component(caplat_writer *w, const caplat_message *message,
    caplat_slice name, caplat_denial *denial)
{
    switch (find_derived(name)) {

    case METHOD:
        return put_value(w, message->method, denial);

    case TARGET_URI:
        return put_value(w, message->origin, denial)
               && put_value(w, message->target, denial);

    case AUTHORITY:
        return put_value(w, caplat_message_authority(message), denial);

    case SCHEME:
        return put_value(w, caplat_message_scheme(message), denial);

    case PATH:
        return put_value(w, or_else(caplat_message_path(message),
                                    CAPLAT_LIT("/")), denial);

    case QUERY:
        return put_value(w, or_else(caplat_message_query(message),
                                    CAPLAT_LIT("?")), denial);

    case REQUEST_TARGET:
        return put_value(w, message->target, denial);

    case DERIVED:
        break;
    }

    return put_field(w, message, name, denial);
}


static void
put_name(caplat_writer *w, caplat_slice name)
{
    caplat_put(w, CAPLAT_LIT("\""));
    caplat_put(w, name);
    caplat_put(w, CAPLAT_LIT("\""));
}


/* The last line, which has no line feed. */
static void
put_params(caplat_writer *w, const caplat_httpsig *sig)
{
    caplat_put(w, CAPLAT_LIT("\"@signature-params\": ("));

    for (size_t i = 0; i < sig->component_count; i++) {
        if (i != 0) {
            caplat_put(w, CAPLAT_LIT(" "));
        }

        put_name(w, sig->components[i]);
    }

    caplat_put(w, CAPLAT_LIT(")"));
    caplat_sfv_put_params(w, sig->params, sig->param_count);
}


bool
caplat_httpsig_base(const caplat_message *message, const caplat_httpsig *sig,
    caplat_writer *base, caplat_denial *denial)
{
    for (size_t i = 0; i < sig->component_count; i++) {
        put_name(base, sig->components[i]);
        caplat_put(base, CAPLAT_LIT(": "));

        if (!put_component(base, message, sig->components[i], denial)) {
            return false;
        }

        caplat_put(base, CAPLAT_LIT("\n"));
    }

    put_params(base, sig);

    return !base->full || invalid(denial, "signature-base-size");
}
