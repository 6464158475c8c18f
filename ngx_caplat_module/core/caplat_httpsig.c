#include "caplat_httpsig.h"

#include "caplat_b64.h"


#define INPUT_LEN_MAX      2048         /* bytes of Signature-Input */
#define SIGNATURE_LEN_MAX  1024         /* bytes of Signature */
#define NONCE_LEN_MIN      16
#define NONCE_LEN_MAX      128
#define KEYID_LEN_MAX      64
#define ALG_LEN_MAX        64
#define LIFE_MAX           600          /* seconds from created to expires */


static bool
malformed(caplat_denial *denial, const char *reason)
{
    return caplat_deny(denial, CAPLAT_PROBLEM_SIGNATURE_MALFORMED, reason);
}


static bool
incomplete(caplat_denial *denial, const char *reason)
{
    return caplat_deny(denial, CAPLAT_PROBLEM_SIGNATURE_INCOMPLETE, reason);
}


static bool
is_of_nonce(char byte)
{
    static const char  marks[] = "+/=_-";

    return caplat_is_letter(byte) || caplat_is_digit(byte)
           || memchr(marks, byte, sizeof(marks) - 1) != NULL;
}


/* tchar (RFC 9110, 5.6.2), in lower case. */
static bool
is_of_name(char byte)
{
    static const char  marks[] = "!#$%&'*+-.^_`|~";

    return (byte >= 'a' && byte <= 'z') || caplat_is_digit(byte)
           || memchr(marks, byte, sizeof(marks) - 1) != NULL;
}


static bool
is_unescaped(char byte)
{
    return byte != '\\';
}


/* A String of min to max bytes, all of them `of` something. */
static bool
is_string(const caplat_sfv_bare *bare, size_t min, size_t max,
    bool (*of)(char))
{
    if (bare->type != CAPLAT_SFV_STRING
        || bare->text.len < min || bare->text.len > max)
    {
        return false;
    }

    for (size_t i = 0; i < bare->text.len; i++) {
        if (!of(bare->text.ptr[i])) {
            return false;
        }
    }

    return true;
}


/* All lines of a field, which together have at most max bytes. */
static bool
read_field(const caplat_message *message, caplat_slice name, size_t max,
    caplat_sfv *sfv)
{
    caplat_err    err;
    caplat_slice  line;
    size_t        at = 0;
    size_t        left = max;

    sfv->member_count = sfv->item_count = sfv->param_count = 0;

    while (caplat_message_next(message, name, &at, &line)) {
        size_t  len = line.len + (left != max ? 2 : 0);     /* with `, ` */

        if (len > left || !caplat_sfv_read(line, sfv, &err)) {
            return false;
        }

        left -= len;
    }

    return true;
}


/* Both fields, or neither. */
static bool
read_fields(const caplat_message *message, caplat_sfv *input,
    caplat_sfv *signatures, caplat_denial *denial)
{
    caplat_slice  input_name = CAPLAT_LIT("signature-input");
    caplat_slice  name = CAPLAT_LIT("signature");
    bool          has_input = caplat_message_count(message, input_name) != 0;
    bool          has_signature = caplat_message_count(message, name) != 0;

    if (!has_input && !has_signature) {
        return caplat_deny(denial, CAPLAT_PROBLEM_SIGNATURE_MISSING,
            "signature-fields");
    }

    if (!has_input || !has_signature) {
        return malformed(denial, "signature-one-field");
    }

    if (!read_field(message, input_name, INPUT_LEN_MAX, input)) {
        return malformed(denial, "signature-input");
    }

    return read_field(message, name, SIGNATURE_LEN_MAX, signatures)
           || malformed(denial, "signature-field");
}


static bool
has_tag(const caplat_sfv *input, const caplat_sfv_member *member,
    caplat_slice tag)
{
    const caplat_sfv_bare  *given = caplat_sfv_param_find(input, member,
                                                          CAPLAT_LIT("tag"));

    return given != NULL && given->type == CAPLAT_SFV_STRING
           && caplat_slice_eq(given->text, tag);
}


/* The only member with our tag. */
static bool
find_ours(const caplat_sfv *input, caplat_slice tag,
    const caplat_sfv_member **ours, caplat_denial *denial)
{
    *ours = NULL;

    for (size_t i = 0; i < input->member_count; i++) {
        if (!has_tag(input, &input->members[i], tag)) {
            continue;
        }

        if (*ours != NULL) {
            return malformed(denial, "signature-tag-twice");
        }

        *ours = &input->members[i];
    }

    return *ours != NULL
           || caplat_deny(denial, CAPLAT_PROBLEM_SIGNATURE_MISSING,
                          "signature-tag");
}


static bool
covers(const caplat_httpsig *sig, caplat_slice name)
{
    for (size_t i = 0; i < sig->component_count; i++) {
        if (caplat_slice_eq(sig->components[i], name)) {
            return true;
        }
    }

    return false;
}


static bool
read_component(const caplat_sfv_item *item, caplat_httpsig *sig)
{
    caplat_slice  name = item->value.text;

    if (item->param_count != 0
        || sig->component_count == CAPLAT_HTTPSIG_COMPONENTS_MAX
        || covers(sig, name))
    {
        return false;
    }

    if (!is_string(&item->value, 1, INPUT_LEN_MAX, is_of_name)
        && (item->value.type != CAPLAT_SFV_STRING
            || !caplat_httpsig_is_derived(name)))
    {
        return false;
    }

    sig->components[sig->component_count++] = name;

    return true;
}


static bool
read_components(const caplat_sfv *input, const caplat_sfv_member *ours,
    caplat_httpsig *sig, caplat_denial *denial)
{
    if (!ours->is_list) {
        return malformed(denial, "signature-list");
    }

    for (size_t i = 0; i < ours->item_count; i++) {
        if (!read_component(&input->items[ours->item_at + i], sig)) {
            return malformed(denial, "signature-component");
        }
    }

    return true;
}


static bool
read_time(const caplat_sfv_bare *value, int64_t *seconds)
{
    *seconds = value->number;

    return value->type == CAPLAT_SFV_INTEGER && value->number > 0;
}


static bool
read_param(const caplat_sfv_param *param, caplat_httpsig *sig)
{
    const caplat_sfv_bare  *value = &param->value;

    if (caplat_slice_eq(param->key, CAPLAT_LIT("created"))) {
        return read_time(value, &sig->created);
    }

    if (caplat_slice_eq(param->key, CAPLAT_LIT("expires"))) {
        return read_time(value, &sig->expires);
    }

    if (caplat_slice_eq(param->key, CAPLAT_LIT("nonce"))) {
        sig->nonce = value->text;
        return is_string(value, NONCE_LEN_MIN, NONCE_LEN_MAX, is_of_nonce);
    }

    if (caplat_slice_eq(param->key, CAPLAT_LIT("keyid"))) {
        sig->keyid = value->text;
        return is_string(value, 1, KEYID_LEN_MAX, is_unescaped);
    }

    if (caplat_slice_eq(param->key, CAPLAT_LIT("alg"))) {
        sig->alg = value->text;
        return is_string(value, 1, ALG_LEN_MAX, is_unescaped);
    }

    return caplat_slice_eq(param->key, CAPLAT_LIT("tag"));
}


static bool
read_params(const caplat_sfv *input, const caplat_sfv_member *ours,
    caplat_httpsig *sig, caplat_denial *denial)
{
    const caplat_sfv_param  *params = &input->params[ours->param_at];

    for (size_t i = 0; i < ours->param_count; i++) {
        if (!read_param(&params[i], sig)) {
            return malformed(denial, "signature-parameter");
        }

        /* No key is there twice, and of those read there are no more. */
        caplat_assert(i < CAPLAT_HTTPSIG_PARAMS_MAX);
        sig->params[sig->param_count++] = params[i];
    }

    if (sig->expires != 0 && sig->created != 0
        && (sig->expires < sig->created
            || sig->expires - sig->created > LIFE_MAX))
    {
        return malformed(denial, "signature-expires");
    }

    return true;
}


/* The member of Signature that belongs to ours. */
static bool
read_signature(const caplat_sfv *signatures, caplat_slice label,
    caplat_httpsig *sig, caplat_denial *denial)
{
    const caplat_sfv_member  *member = caplat_sfv_find(signatures, label);
    const caplat_sfv_bare    *value;

    if (member == NULL) {
        return malformed(denial, "signature-label");
    }

    value = &signatures->items[member->item_at].value;

    if (member->is_list || member->param_count != 0
        || value->type != CAPLAT_SFV_BYTES)
    {
        return malformed(denial, "signature-bytes");
    }

    if (!caplat_b64_read(value->text, sig->signature, sizeof(sig->signature),
                         &sig->signature_len))
    {
        sig->signature_len = sizeof(sig->signature) + 1;
    }

    return true;
}


static bool
covers_target(const caplat_message *message, const caplat_httpsig *sig)
{
    return covers(sig, CAPLAT_LIT("@target-uri"))
           || (covers(sig, CAPLAT_LIT("@authority"))
               && covers(sig, CAPLAT_LIT("@path"))
               && (covers(sig, CAPLAT_LIT("@query"))
                   || caplat_message_query(message).len == 0));
}


static bool
check_params(const caplat_httpsig *sig, caplat_denial *denial)
{
    if (sig->created == 0) {
        return incomplete(denial, "signature-created");
    }

    if (sig->nonce.len == 0) {
        return incomplete(denial, "signature-nonce");
    }

    return sig->keyid.len != 0 || incomplete(denial, "signature-keyid");
}


static bool
check_covered(const caplat_message *message, const caplat_httpsig *sig,
    caplat_denial *denial)
{
    static const struct {
        caplat_slice   name;
        bool           of_content;      /* needed where there is any */
        bool           of_token;        /* idle without one */
    } fields[] = {
        { CAPLAT_INIT("content-type"),    true,  false },
        { CAPLAT_INIT("content-digest"),  true,  false },
        { CAPLAT_INIT("authorization"),   false, false },
        { CAPLAT_INIT("idempotency-key"), false, true },
    };

    if (!covers(sig, CAPLAT_LIT("@method")) || !covers_target(message, sig)) {
        return incomplete(denial, "signature-target");
    }

    for (size_t i = 0; i < CAPLAT_COUNT(fields); i++) {
        bool  matters = !fields[i].of_token
                        || caplat_message_count(message,
                               CAPLAT_LIT("authorization")) != 0;
        bool  needed = (fields[i].of_content && message->has_content)
                       || caplat_message_count(message, fields[i].name) != 0;

        if (matters && needed && !covers(sig, fields[i].name)) {
            return incomplete(denial, "signature-covered");
        }
    }

    return true;
}


bool
caplat_httpsig_read(const caplat_message *message, caplat_slice tag,
    caplat_httpsig *sig, caplat_denial *denial)
{
    caplat_sfv                input;
    caplat_sfv                signatures;
    caplat_httpsig            read = { .component_count = 0 };
    const caplat_sfv_member  *ours;

    if (!read_fields(message, &input, &signatures, denial)
        || !find_ours(&input, tag, &ours, denial)
        || !read_components(&input, ours, &read, denial)
        || !read_params(&input, ours, &read, denial)
        || !read_signature(&signatures, ours->key, &read, denial)
        || !check_params(&read, denial)
        || !check_covered(message, &read, denial))
    {
        return false;
    }

    *sig = read;

    return true;
}
