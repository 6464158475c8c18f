/*
 * What may stand in one field of the order's form (requests.md, 8). Fields are
 * UTF-8, as JSON gives them; lengths in GBK, as invoices have them.
 */

#ifndef CAPLAT_ENTRY_H
#define CAPLAT_ENTRY_H

#include "caplat_slice.h"


#define CAPLAT_ENTRY_GBK_MAX   100      /* a title; address and phone
                                           together, bank and account too */
#define CAPLAT_PHONE_MAX       20       /* characters */
#define CAPLAT_ACCOUNT_MAX     50       /* bytes, 8..32 of them digits */
#define CAPLAT_EMAIL_MAX       254      /* bytes (RFC 5321, 4.5.3.1.3) */


/* What is wrong with a field; both are static words. */
typedef struct {
    const char  *code;
    const char  *detail;
} caplat_flaw;


/* Without the blanks at both ends, U+3000 too. */
caplat_slice caplat_entry_trim(caplat_slice text);

/*
 * Whether digits form a resident identity number, also full-width ones, and
 * also with blanks and `-` (of either width too) between them.
 */
bool caplat_entry_has_resident_id(caplat_slice text);

/*
 * Each of these tells the first thing that is wrong; NULL when nothing is.
 *
 *   words    1..100 bytes of GBK, no control characters: an address, a bank
 *   title    words without `<` and `>`
 *   tax_no   15, 17, 18 or 20 of 0-9 and A-Z; 18 are a unified social credit
 *            code, whose check character is right unless it is confirmed:
 *            there are real ones that fail it
 *   phone    1..20 of digits, `+` `(` `)` `-`, all of them full-width too; 5
 *            digits at least
 *   account  8..32 digits, single `-` between them, 50 bytes at most
 *   email    as requests.md, 8 says: ASCII, one `@`, a dot in the domain
 */
const caplat_flaw *caplat_entry_words(caplat_slice text);
const caplat_flaw *caplat_entry_title(caplat_slice text);
const caplat_flaw *caplat_entry_tax_no(caplat_slice text, bool is_confirmed);
const caplat_flaw *caplat_entry_phone(caplat_slice text);
const caplat_flaw *caplat_entry_account(caplat_slice text);
const caplat_flaw *caplat_entry_email(caplat_slice text);


#endif /* CAPLAT_ENTRY_H */
