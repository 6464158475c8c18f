#include "caplat_fault.h"


/* Sentences in the order of the table of caplat_err.h. */
static const char *const  sentences[CAPLAT_CODES] = {
    [CAPLAT_OK] = "There is nothing wrong.",
    [CAPLAT_TRUNCATED] = "The text ends too early.",
    [CAPLAT_TRAILING] = "There is something behind the end.",
    [CAPLAT_TOO_LARGE] = "This is larger than it may be.",
    [CAPLAT_UNKNOWN_KEY] = "There is no such member here.",
    [CAPLAT_MISSING_KEY] = "This is required.",
    [CAPLAT_TWICE] = "This stands here twice.",
    [CAPLAT_OUT_OF_ORDER] = "This stands in the wrong place.",
    [CAPLAT_NOT_A_NUMBER] = "This is not a whole number in its range.",
    [CAPLAT_NOT_A_DATE] = "This is not a day as YYYY-MM-DD.",
    [CAPLAT_NOT_A_NAME] = "This is not a name of a-z, 0-9 and `-`.",
    [CAPLAT_NOT_A_REGION] = "This is not a code of six digits.",
    [CAPLAT_NOT_ONE_OF] = "This is not one of the values that it may have.",
    [CAPLAT_NOT_WORDS] = "This has characters that are not allowed.",
    [CAPLAT_UNKNOWN_NAME] = "There is nothing of this name.",
    [CAPLAT_NOT_PRICED] = "The rate card has no price for this platform.",
    [CAPLAT_UNKNOWN_PLATFORM] = "The rate card has no such platform.",
    [CAPLAT_NOTHING_CHOSEN] = "At least one platform is required.",
    [CAPLAT_TOO_MANY] = "These are more platforms than one order can have.",
    [CAPLAT_CARD_NOT_VALID] = "The rate card is not valid on this day.",
    [CAPLAT_CERTIFICATE_EXPIRED] = "The certificate has expired.",
    [CAPLAT_TERM_TOO_LONG] = "The certificate is valid for too long.",
    [CAPLAT_VENDOR_NOT_SERVED] = "Keys of this maker are not served.",
    [CAPLAT_DUPLICATE] = "This platform stands here twice.",
    [CAPLAT_PLATFORM_HELD] = "The certificate has this platform already.",
    [CAPLAT_PLATFORM_PAUSED] = "This platform is paused.",
    [CAPLAT_PLATFORM_CLOSED] = "This platform is closed.",
    [CAPLAT_TOTAL_TOO_LARGE] = "The total is larger than it may be.",
};


void
caplat_faults_clear(caplat_faults *faults, bool in_query)
{
    faults->in_query = in_query;
    faults->count = 0;
}


/* The next free place; NULL when there is none. */
static caplat_fault *
next_fault(caplat_faults *faults, const char *code, const char *detail)
{
    caplat_fault  *fault;

    if (faults->count == CAPLAT_FAULTS_MAX) {
        return NULL;
    }

    fault = &faults->list[faults->count++];
    fault->pointer_len = 0;
    fault->code = code;
    fault->detail = detail;

    return fault;
}


static caplat_writer
writer_of(caplat_fault *fault)
{
    return caplat_writer_of(fault->pointer, sizeof(fault->pointer));
}


void
caplat_fault_add(caplat_faults *faults, caplat_slice pointer,
    const char *code, const char *detail)
{
    caplat_fault  *fault = next_fault(faults, code, detail);

    if (fault != NULL) {
        caplat_writer  w = writer_of(fault);

        caplat_put(&w, pointer);
        fault->pointer_len = w.len;
    }
}


void
caplat_fault_add_code(caplat_faults *faults, caplat_slice pointer,
    caplat_code code)
{
    caplat_fault_add(faults, pointer, caplat_code_name(code),
        caplat_fault_words(code));
}


void
caplat_fault_add_at(caplat_faults *faults, caplat_slice pointer, size_t at,
    const char *code, const char *detail)
{
    caplat_fault  *fault = next_fault(faults, code, detail);

    if (fault != NULL) {
        caplat_writer  w = writer_of(fault);

        caplat_put(&w, pointer);
        caplat_put(&w, CAPLAT_LIT("/"));
        caplat_put_number(&w, at);
        fault->pointer_len = w.len;
    }
}


/* What may stand in a fragment as it is (RFC 3986, 3.5), `~` and `/` aside. */
static bool
is_plain(char byte)
{
    return caplat_is_letter(byte) || caplat_is_digit(byte)
        || byte == '-' || byte == '.' || byte == '_';
}


/* A byte of a member's name: whole, or dropped and the writer full. */
static void
put_escaped(caplat_writer *w, char byte)
{
    static const char  hex[] = "0123456789ABCDEF";

    char  escape[3] = { '%', hex[(unsigned char) byte >> 4],
                        hex[(unsigned char) byte & 15] };

    if (is_plain(byte)) {
        caplat_put(w, caplat_slice_of(&byte, 1));

    } else if (byte == '~') {
        caplat_put(w, CAPLAT_LIT("~0"));

    } else if (byte == '/') {
        caplat_put(w, CAPLAT_LIT("~1"));

    } else {
        caplat_put(w, caplat_slice_of(escape, sizeof(escape)));
    }
}


void
caplat_fault_add_member(caplat_faults *faults, caplat_slice pointer,
    caplat_slice name, const char *code, const char *detail)
{
    caplat_fault  *fault = next_fault(faults, code, detail);

    if (fault != NULL) {
        caplat_writer  w = writer_of(fault);

        caplat_put(&w, pointer);
        caplat_put(&w, CAPLAT_LIT("/"));

        for (size_t i = 0; i < name.len && !w.full; i++) {
            put_escaped(&w, name.ptr[i]);
        }

        fault->pointer_len = w.len;
    }
}


const char *
caplat_fault_words(caplat_code code)
{
    caplat_assert(code < CAPLAT_CODES);

    return sentences[code];
}


bool
caplat_fault_deny(caplat_denial *denial, caplat_code code)
{
    const char  *reason = caplat_code_name(code);

    switch (code) {

    case CAPLAT_CERTIFICATE_EXPIRED:
        return caplat_deny(denial, CAPLAT_PROBLEM_CERTIFICATE_EXPIRED, reason);

    case CAPLAT_VENDOR_NOT_SERVED:
        return caplat_deny(denial, CAPLAT_PROBLEM_CERTIFICATE_UNSUPPORTED,
            reason);

    case CAPLAT_PLATFORM_HELD:
        return caplat_deny(denial, CAPLAT_PROBLEM_PLATFORM_ALREADY_HELD,
            reason);

    default:
        return caplat_deny(denial, caplat_code_status(code) == 422
            ? CAPLAT_PROBLEM_VALIDATION_FAILED
            : CAPLAT_PROBLEM_REQUEST_MALFORMED, reason);
    }
}


void
caplat_faults_write(caplat_writer *w, const caplat_faults *faults)
{
    caplat_put(w, CAPLAT_LIT("["));

    for (size_t i = 0; i < faults->count; i++) {
        const caplat_fault  *fault = &faults->list[i];

        caplat_put(w, i != 0 ? CAPLAT_LIT(",{") : CAPLAT_LIT("{"));
        caplat_put(w, faults->in_query ? CAPLAT_LIT("\"parameter\":")
                                       : CAPLAT_LIT("\"pointer\":"));
        caplat_put_string(w, caplat_slice_of(fault->pointer,
                                             fault->pointer_len));
        caplat_put(w, CAPLAT_LIT(",\"code\":"));
        caplat_put_word(w, fault->code);
        caplat_put(w, CAPLAT_LIT(",\"detail\":"));
        caplat_put_word(w, fault->detail);
        caplat_put(w, CAPLAT_LIT("}"));
    }

    caplat_put(w, CAPLAT_LIT("]"));
}
