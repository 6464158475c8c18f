#include "caplat_form.h"

#include "caplat_body.h"
#include "caplat_entry.h"
#include "caplat_gbk.h"
#include "caplat_money.h"
#include "caplat_uscc.h"


#define RATES_LEN  64                   /* hex of a SHA-256 */


/* A text of the invoice. */
typedef struct {
    const char           *name;
    caplat_slice          pointer;
    bool                  is_trimmed;
    const caplat_flaw  *(*judge)(caplat_slice text);    /* NULL: tax_no */
} entry;


typedef enum { TITLE, TAX_NO, ADDRESS, PHONE, BANK, ACCOUNT, EMAIL, ENTRIES }
    entry_at;


static const entry  entries[ENTRIES] = {
    [TITLE] = { "title", CAPLAT_INIT("#/invoice/title"), true,
                caplat_entry_title },
    [TAX_NO] = { "tax_no", CAPLAT_INIT("#/invoice/tax_no"), false, NULL },
    [ADDRESS] = { "address", CAPLAT_INIT("#/invoice/address"), true,
                  caplat_entry_words },
    [PHONE] = { "phone", CAPLAT_INIT("#/invoice/phone"), false,
                caplat_entry_phone },
    [BANK] = { "bank", CAPLAT_INIT("#/invoice/bank"), true,
               caplat_entry_words },
    [ACCOUNT] = { "account", CAPLAT_INIT("#/invoice/account"), false,
                  caplat_entry_account },
    [EMAIL] = { "email", CAPLAT_INIT("#/invoice/email"), false,
                caplat_entry_email },
};


/* An invoice that is being read. */
typedef struct {
    const caplat_json  *object;
    caplat_faults      *faults;
    bool                is_typed;       /* type was right */
    bool                is_titled;      /* title_type was right */
    bool                is_confirmed;   /* tax_no_confirmed */
    bool                is_given[ENTRIES];
    bool                is_right[ENTRIES]; /* given, and without fault */
    caplat_slice        texts[ENTRIES];
} reader;


/* A member that is one of some words; false when it is absent or another. */
static bool
read_one_of(const caplat_json *value, caplat_slice pointer,
    const caplat_slice *words, size_t count, size_t *at,
    caplat_faults *faults)
{
    if (value == NULL) {
        caplat_fault_add_code(faults, pointer, CAPLAT_MISSING_KEY);

        return false;
    }

    for (size_t i = 0; i < count && caplat_json_is_string(value); i++) {
        if (caplat_slice_eq(caplat_json_slice(value), words[i])) {
            *at = i;

            return true;
        }
    }

    caplat_fault_add_code(faults, pointer, CAPLAT_NOT_ONE_OF);

    return false;
}


/* A member that may be absent, which is false. */
static void
read_flag(const caplat_json *value, caplat_slice pointer, bool *flag,
    caplat_faults *faults)
{
    *flag = caplat_json_is_true(value);

    if (value != NULL && !*flag && !caplat_json_is_false(value)) {
        caplat_fault_add(faults, pointer, "not_a_boolean",
            "This is true or false.");
    }
}


/* A code that is right is no identity number, also where it is all digits. */
static bool
is_credit_code(caplat_slice text)
{
    return text.len == CAPLAT_USCC_LEN && caplat_uscc_well_formed(text)
           && caplat_uscc_check(text) == text.ptr[text.len - 1];
}


static void
read_entry(reader *r, entry_at at)
{
    static const caplat_flaw  no_text = {
        "not_a_string", "This is a string." };
    static const caplat_flaw  resident = {
        "looks_like_resident_id",
        "This looks like a person's identity number, which is not kept." };

    const entry        *one = &entries[at];
    const caplat_json  *value = caplat_json_get(r->object, one->name);
    const caplat_flaw  *flaw;
    caplat_slice        text;

    if (value == NULL) {
        return;
    }

    r->is_given[at] = true;
    text = caplat_json_is_string(value) ? caplat_json_slice(value)
                                 : caplat_slice_of("", 0);

    if (one->is_trimmed) {
        text = caplat_entry_trim(text);
    }

    if (!caplat_json_is_string(value)) {
        flaw = &no_text;

    } else if (!(at == TAX_NO && is_credit_code(text))
               && caplat_entry_has_resident_id(text))
    {
        flaw = &resident;

    } else {
        flaw = one->judge != NULL ? one->judge(text)
                                  : caplat_entry_tax_no(text, r->is_confirmed);
    }

    if (flaw != NULL) {
        caplat_fault_add(r->faults, one->pointer, flaw->code, flaw->detail);
        return;
    }

    r->is_right[at] = true;
    r->texts[at] = text;
}


static void
require(const reader *r, entry_at at)
{
    if (!r->is_given[at]) {
        caplat_fault_add_code(r->faults, entries[at].pointer,
            CAPLAT_MISSING_KEY);
    }
}


/* Members that may not be there. */
static void
forbid(const caplat_json *object, const caplat_slice *names, size_t count,
    const char *detail, caplat_faults *faults)
{
    for (size_t i = 0; i < count; i++) {
        if (caplat_json_get(object, names[i].ptr) != NULL) {
            caplat_fault_add_member(faults, CAPLAT_LIT("#/invoice"), names[i],
                "not_allowed", detail);
        }
    }
}


/* Two fields that stand on one line of the invoice. */
static void
check_pair(const reader *r, entry_at first, entry_at second,
    const char *detail)
{
    size_t  len = 0;
    size_t  more = 0;

    if (r->is_right[first] && r->is_right[second]
        && caplat_gbk_len(r->texts[first], &len)
        && caplat_gbk_len(r->texts[second], &more)
        && len + more > CAPLAT_ENTRY_GBK_MAX)
    {
        caplat_fault_add(r->faults, entries[first].pointer, "too_long",
            detail);
    }
}


/* What the kind of invoice and of title ask for. */
static void
check_kinds(const reader *r, const caplat_invoice *invoice)
{
    static const caplat_slice  no_persons[] = {
        CAPLAT_INIT("tax_no"), CAPLAT_INIT("tax_no_confirmed"),
        CAPLAT_INIT("bank"), CAPLAT_INIT("account")
    };

    bool  is_person = r->is_titled
                      && invoice->title_type == CAPLAT_TITLE_PERSONAL;
    bool  is_company = r->is_titled && !is_person;

    require(r, TITLE);

    if (is_company) {
        require(r, TAX_NO);
    }

    if (is_person) {
        forbid(r->object, no_persons, CAPLAT_COUNT(no_persons),
            "An invoice to a person does not have this.", r->faults);
    }

    if (is_person && r->is_typed && invoice->type != CAPLAT_DIGITAL_NORMAL) {
        caplat_fault_add(r->faults, CAPLAT_LIT("#/invoice/title_type"),
            "enterprise_only", "Special invoices are for enterprises.");
    }

    if (r->is_typed && invoice->type != CAPLAT_PAPER_SPECIAL) {
        require(r, EMAIL);

    } else if (r->is_typed && !is_person) {
        require(r, ADDRESS);
        require(r, PHONE);
        require(r, BANK);
        require(r, ACCOUNT);
    }
}


static void
read_kinds(reader *r, caplat_invoice *invoice)
{
    static const caplat_slice  types[] = {
        CAPLAT_INIT("digital_normal"), CAPLAT_INIT("digital_special"),
        CAPLAT_INIT("paper_special")
    };
    static const caplat_slice  titles[] = {
        CAPLAT_INIT("enterprise"), CAPLAT_INIT("personal")
    };

    size_t  at = 0;

    r->is_typed = read_one_of(caplat_json_get(r->object, "type"),
        CAPLAT_LIT("#/invoice/type"), types, CAPLAT_COUNT(types), &at,
        r->faults);
    invoice->type = (caplat_invoice_type) at;

    at = 0;
    r->is_titled = read_one_of(caplat_json_get(r->object, "title_type"),
        CAPLAT_LIT("#/invoice/title_type"), titles, CAPLAT_COUNT(titles), &at,
        r->faults);
    invoice->title_type = (caplat_title_type) at;
}


static void
read_issued(reader *r, caplat_invoice *invoice)
{
    read_kinds(r, invoice);
    read_flag(caplat_json_get(r->object, "tax_no_confirmed"),
        CAPLAT_LIT("#/invoice/tax_no_confirmed"), &r->is_confirmed,
        r->faults);

    for (size_t i = 0; i < ENTRIES; i++) {
        read_entry(r, (entry_at) i);
    }

    check_kinds(r, invoice);
    check_pair(r, ADDRESS, PHONE,
        "Address and phone have at most 100 bytes together.");
    check_pair(r, BANK, ACCOUNT,
        "Bank and account have at most 100 bytes together.");

    invoice->title = r->texts[TITLE];
    invoice->tax_no = r->texts[TAX_NO];
    invoice->address = r->texts[ADDRESS];
    invoice->phone = r->texts[PHONE];
    invoice->bank = r->texts[BANK];
    invoice->account = r->texts[ACCOUNT];
    invoice->email = r->texts[EMAIL];
}


/* The members that an invoice may have; issue alone where there is none. */
static const caplat_slice  invoice_names[] = {
    CAPLAT_INIT("issue"), CAPLAT_INIT("type"), CAPLAT_INIT("title_type"),
    CAPLAT_INIT("title"), CAPLAT_INIT("tax_no"),
    CAPLAT_INIT("tax_no_confirmed"), CAPLAT_INIT("address"),
    CAPLAT_INIT("phone"), CAPLAT_INIT("bank"), CAPLAT_INIT("account"),
    CAPLAT_INIT("email")
};


static void
read_invoice(const caplat_json *object, bool is_needed, caplat_invoice *invoice,
    caplat_faults *faults)
{
    reader              r = { .object = object, .faults = faults };
    const caplat_json  *issue = caplat_json_get(object, "issue");

    if (object == NULL) {
        if (is_needed) {
            caplat_fault_add_code(faults, CAPLAT_LIT("#/invoice"),
                CAPLAT_MISSING_KEY);
        }

        return;
    }

    if (!caplat_json_is_object(object)) {
        caplat_fault_add(faults, CAPLAT_LIT("#/invoice"), "not_an_object",
            "An invoice is an object.");

        return;
    }

    caplat_body_members(object, CAPLAT_LIT("#/invoice"), invoice_names,
        CAPLAT_COUNT(invoice_names), faults);
    read_flag(issue, CAPLAT_LIT("#/invoice/issue"), &invoice->issue, faults);

    if (issue == NULL) {
        caplat_fault_add_code(faults, CAPLAT_LIT("#/invoice/issue"),
            CAPLAT_MISSING_KEY);

    } else if (invoice->issue) {
        read_issued(&r, invoice);

    } else if (caplat_json_is_false(issue)) {
        forbid(object, invoice_names + 1, CAPLAT_COUNT(invoice_names) - 1,
            "Without an invoice this means nothing.", faults);
    }
}


static const caplat_slice  channels[] = {
    [CAPLAT_CHANNEL_NONE] = CAPLAT_INIT(""),
    [CAPLAT_ALIPAY] = CAPLAT_INIT("alipay"),
    [CAPLAT_WECHAT] = CAPLAT_INIT("wechat"),
    [CAPLAT_TRANSFER] = CAPLAT_INIT("transfer"),
};


caplat_slice
caplat_channel_word(caplat_channel channel)
{
    caplat_assert(channel < CAPLAT_CHANNEL_COUNT);

    return channels[channel];
}


caplat_channel
caplat_channel_find(caplat_slice word)
{
    for (size_t i = CAPLAT_ALIPAY; i < CAPLAT_CHANNEL_COUNT; i++) {
        if (caplat_slice_eq(channels[i], word)) {
            return (caplat_channel) i;
        }
    }

    return CAPLAT_CHANNEL_NONE;
}


static void
read_channel(const caplat_json *value, bool is_needed, caplat_channel *channel,
    caplat_faults *faults)
{
    size_t  at;

    if ((value != NULL || is_needed)
        && read_one_of(value, CAPLAT_LIT("#/channel"), channels + 1,
                       CAPLAT_COUNT(channels) - 1, &at, faults))
    {
        *channel = (caplat_channel) (CAPLAT_ALIPAY + at);
    }
}


/* The id of a rate card: lower-case hex. */
static void
read_rates(const caplat_json *value, caplat_slice *rates, caplat_faults *faults)
{
    caplat_slice  text = caplat_slice_of("", 0);
    bool          is_id = caplat_json_is_string(value);

    if (value == NULL) {
        return;
    }

    if (is_id) {
        text = caplat_json_slice(value);
        is_id = text.len == RATES_LEN;
    }

    for (size_t i = 0; is_id && i < text.len; i++) {
        is_id = memchr("0123456789abcdef", text.ptr[i], 16) != NULL;
    }

    if (is_id) {
        *rates = text;

    } else {
        caplat_fault_add(faults, CAPLAT_LIT("#/rates"), "not_an_id",
            "The id of a rate card is 64 digits of hex in lower case.");
    }
}


bool
caplat_form_read(const caplat_json *body, caplat_form *form,
    caplat_faults *faults)
{
    static const caplat_slice  names[] = {
        CAPLAT_INIT("certificate"), CAPLAT_INIT("platforms"),
        CAPLAT_INIT("amount"), CAPLAT_INIT("rates"), CAPLAT_INIT("invoice"),
        CAPLAT_INIT("channel")
    };

    size_t  count = faults->count;
    bool    is_needed = false, is_free = false;

    *form = (caplat_form) { .amount_fen = 0 };
    caplat_body_members(body, CAPLAT_LIT("#"), names, CAPLAT_COUNT(names),
        faults);

    if (caplat_json_get(body, "amount") == NULL) {
        caplat_fault_add_code(faults, CAPLAT_LIT("#/amount"),
            CAPLAT_MISSING_KEY);

    } else if (!caplat_json_integer(body, "amount", 0, CAPLAT_FEN_MAX,
                                    &form->amount_fen))
    {
        caplat_fault_add_code(faults, CAPLAT_LIT("#/amount"),
            CAPLAT_NOT_A_NUMBER);

    } else {
        is_needed = form->amount_fen != 0;
        is_free = !is_needed;
    }

    read_rates(caplat_json_get(body, "rates"), &form->rates, faults);
    read_invoice(caplat_json_get(body, "invoice"), is_needed, &form->invoice,
        faults);
    read_channel(caplat_json_get(body, "channel"), is_needed, &form->channel,
        faults);

    if (is_free && form->invoice.issue) {
        caplat_fault_add(faults, CAPLAT_LIT("#/invoice/issue"), "not_allowed",
            "An order of 0 yuan has no invoice.");
    }

    return faults->count == count;
}
