#include "caplat_entry.h"

#include "caplat_gbk.h"
#include "caplat_text.h"
#include "caplat_uscc.h"


#define WIDE(ascii)   (0xfee0u + (ascii))   /* its full-width form */

#define ID_LEN        18                /* digits of an identity number */
#define OLD_ID_LEN    15
#define PHONE_DIGITS  5                 /* the shortest, as of a hotline */


static const caplat_slice  wide_blank = CAPLAT_INIT("\xe3\x80\x80");
static const caplat_slice  wide_hyphen = CAPLAT_INIT("\xef\xbc\x8d");


static const caplat_flaw  empty = {
    "empty", "This is empty; leave it out where there is nothing to say." };
static const caplat_flaw  control = {
    "not_words", "This has control characters." };
static const caplat_flaw  foreign = {
    "not_in_gbk", "This has characters that invoices cannot have." };
static const caplat_flaw  too_long = {
    "too_long", "This is longer than invoices allow." };
static const caplat_flaw  markup = {
    "not_words", "A title has no `<` and no `>`." };
static const caplat_flaw  tax_no_form = {
    "not_a_tax_no", "A taxpayer number has 15, 17, 18 or 20 of 0-9 and A-Z; "
    "18 are a unified social credit code." };
static const caplat_flaw  tax_no_check = {
    "check_character", "The check character is wrong; if the number is right "
    "all the same, say so with tax_no_confirmed." };
static const caplat_flaw  phone_form = {
    "not_a_phone", "A phone number has at most 20 of digits, `+`, `(`, `)` "
    "and `-`, and 5 digits at least." };
static const caplat_flaw  account_form = {
    "not_an_account", "An account has 8 to 32 digits, and single `-` between "
    "them." };
static const caplat_flaw  email_form = {
    "not_an_email", "This is not an e-mail address of ASCII characters." };


caplat_slice
caplat_entry_trim(caplat_slice text)
{
    caplat_cursor  c = caplat_cursor_of(text);

    while (caplat_take_byte(&c, ' ') || caplat_take_literal(&c, wide_blank)) { }

    while (c.end != c.at) {
        if (c.end[-1] == ' ') {
            c.end--;

        } else if (caplat_cursor_left(&c) >= wide_blank.len
                   && memcmp(c.end - wide_blank.len, wide_blank.ptr,
                             wide_blank.len) == 0)
        {
            c.end -= wide_blank.len;

        } else {
            break;
        }
    }

    return caplat_slice_of(c.at, caplat_cursor_left(&c));
}


/*
 * A digit of either width as ASCII. An X is one, as `X`, only where it ends an
 * identity number: behind 17 others.
 */
static bool
take_digit(caplat_cursor *c, size_t count, char *digit)
{
    caplat_cursor  walk = *c;
    uint32_t       character;

    if (!caplat_take_character(&walk, &character)) {
        return false;
    }

    if (character >= WIDE('0') && character <= WIDE('x')) {
        character -= WIDE(0);
    }

    if (character == 'x') {
        character = 'X';
    }

    if (!(character >= '0' && character <= '9')
        && !(character == 'X' && count == ID_LEN - 1))
    {
        return false;
    }

    *digit = (char) character;
    *c = walk;

    return true;
}


/* What people write between the digits of a long number. */
static void
skip_between(caplat_cursor *c)
{
    while (caplat_take_byte(c, ' ') || caplat_take_byte(c, '-')
           || caplat_take_literal(c, wide_blank)
           || caplat_take_literal(c, wide_hyphen)) { }
}


/* Digits that stand together, behind those of run; false when they overrun. */
static bool
take_group(caplat_cursor *c, char run[static ID_LEN], size_t *len)
{
    size_t  before = *len;
    char    digit;

    while (take_digit(c, *len, &digit)) {
        if (*len == ID_LEN) {
            return false;
        }

        run[*len] = digit;
        (*len)++;
    }

    return *len != before;
}


/*
 * Whether an identity number begins here, where a group of digits does. Of 18
 * digits the check character tells enough; 15 must be one group, or all groups
 * of the run, for parts of an account would often look like one.
 */
static bool
begins_resident_id(caplat_cursor c, bool is_first)
{
    char    run[ID_LEN];
    size_t  len = 0;
    char    digit;

    for (size_t groups = 1; take_group(&c, run, &len); groups++) {
        skip_between(&c);

        caplat_cursor  rest = c;
        bool           is_whole = groups == 1
                                  || (is_first
                                      && !take_digit(&rest, len, &digit));

        if ((len == ID_LEN || (len == OLD_ID_LEN && is_whole))
            && caplat_resident_id_like(caplat_slice_of(run, len)))
        {
            return true;
        }
    }

    return false;
}


bool
caplat_entry_has_resident_id(caplat_slice text)
{
    caplat_cursor  c = caplat_cursor_of(text);
    bool           is_first = true;
    char           digit;
    uint32_t       character;

    while (caplat_cursor_left(&c) != 0) {
        if (begins_resident_id(c, is_first)) {
            return true;
        }

        is_first = !take_digit(&c, 0, &digit);

        if (is_first) {
            if (!caplat_take_character(&c, &character)) {
                return false;
            }

            continue;
        }

        while (take_digit(&c, 0, &digit)) { }

        skip_between(&c);
    }

    return false;
}


const caplat_flaw *
caplat_entry_words(caplat_slice text)
{
    size_t  len;

    if (text.len == 0) {
        return &empty;
    }

    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char) text.ptr[i] < 0x20 || text.ptr[i] == 0x7f) {
            return &control;
        }
    }

    if (!caplat_gbk_len(text, &len)) {
        return &foreign;
    }

    return len > CAPLAT_ENTRY_GBK_MAX ? &too_long : NULL;
}


const caplat_flaw *
caplat_entry_title(caplat_slice text)
{
    const caplat_flaw  *flaw = caplat_entry_words(text);

    if (flaw == NULL && (memchr(text.ptr, '<', text.len) != NULL
                         || memchr(text.ptr, '>', text.len) != NULL))
    {
        flaw = &markup;
    }

    return flaw;
}


const caplat_flaw *
caplat_entry_tax_no(caplat_slice text, bool is_confirmed)
{
    if (text.len != 15 && text.len != 17 && text.len != 18
        && text.len != 20)
    {
        return &tax_no_form;
    }

    for (size_t i = 0; i < text.len; i++) {
        if (!caplat_is_digit(text.ptr[i])
            && (text.ptr[i] < 'A' || text.ptr[i] > 'Z'))
        {
            return &tax_no_form;
        }
    }

    if (text.len != CAPLAT_USCC_LEN) {
        return NULL;
    }

    if (!caplat_uscc_well_formed(text)) {
        return &tax_no_form;
    }

    return is_confirmed || caplat_uscc_check(text) == text.ptr[text.len - 1]
           ? NULL : &tax_no_check;
}


const caplat_flaw *
caplat_entry_phone(caplat_slice text)
{
    static const caplat_slice  marks = CAPLAT_INIT("0123456789+()-");

    caplat_cursor  c = caplat_cursor_of(text);
    uint32_t       character;
    size_t         count = 0;
    size_t         digits = 0;

    while (caplat_take_character(&c, &character)) {
        if (character >= WIDE('(') && character <= WIDE('9')) {
            character -= WIDE(0);
        }

        if (character == '\0' || character > '9'
            || memchr(marks.ptr, (int) character, marks.len) == NULL)
        {
            return &phone_form;
        }

        count++;
        digits += character >= '0';
    }

    return digits < PHONE_DIGITS || count > CAPLAT_PHONE_MAX ? &phone_form
                                                             : NULL;
}


const caplat_flaw *
caplat_entry_account(caplat_slice text)
{
    size_t  digits = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (caplat_is_digit(text.ptr[i])) {
            digits++;

        } else if (text.ptr[i] != '-' || i == 0 || i + 1 == text.len
                   || text.ptr[i - 1] == '-')
        {
            return &account_form;
        }
    }

    return text.len > CAPLAT_ACCOUNT_MAX || digits < 8 || digits > 32
           ? &account_form : NULL;
}


static bool
is_local_part(caplat_slice text)
{
    static const caplat_slice  marks = CAPLAT_INIT(".!#$%&'*+/=?^_{}~-");

    for (size_t i = 0; i < text.len; i++) {
        if (!caplat_is_digit(text.ptr[i]) && !caplat_is_letter(text.ptr[i])
            && memchr(marks.ptr, text.ptr[i], marks.len) == NULL)
        {
            return false;
        }
    }

    return text.len != 0 && text.len <= 64;
}


/* RFC 1123, 2.1: letters, digits and `-`, which does not stand at an end. */
static bool
is_label(caplat_slice text)
{
    if (text.len == 0 || text.len > 63
        || text.ptr[0] == '-' || text.ptr[text.len - 1] == '-')
    {
        return false;
    }

    for (size_t i = 0; i < text.len; i++) {
        if (!caplat_is_digit(text.ptr[i]) && !caplat_is_letter(text.ptr[i])
            && text.ptr[i] != '-')
        {
            return false;
        }
    }

    return true;
}


const caplat_flaw *
caplat_entry_email(caplat_slice text)
{
    caplat_cursor  c = caplat_cursor_of(text);
    caplat_slice   part;
    size_t         labels = 1;

    if (text.len > CAPLAT_EMAIL_MAX
        || !caplat_take_until(&c, '@', CAPLAT_EMAIL_MAX, &part)
        || !is_local_part(part))
    {
        return &email_form;
    }

    while (caplat_take_until(&c, '.', CAPLAT_EMAIL_MAX, &part)) {
        if (!is_label(part)) {
            return &email_form;
        }

        labels++;
    }

    return labels > 1 && caplat_take_rest(&c, CAPLAT_EMAIL_MAX, &part)
           && is_label(part) ? NULL : &email_form;
}
