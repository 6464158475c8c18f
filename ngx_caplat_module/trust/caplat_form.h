/*
 * The form of an order: the body of POST /v1/orders, without the certificate
 * and the platforms, which are judged by the card and the token.
 *
 *   {"certificate":SN,"platforms":[ID,...],
 *    "amount":N,                  fen, as the caller was shown it
 *    "rates":SHA256,              the card that it was shown by; may be absent
 *    "invoice":{
 *      "issue":BOOL,              false: no other member
 *      "type":"digital_normal"|"digital_special"|"paper_special",
 *      "title_type":"enterprise"|"personal",
 *      "title":W,"tax_no":W,"tax_no_confirmed":BOOL,
 *      "address":W,"phone":W,"bank":W,"account":W,"email":W},
 *    "channel":"alipay"|"wechat"|"transfer"}
 *
 *   amount 0     no invoice; the channel may be absent, and means nothing
 *   personal     normal invoices only; no tax_no, tax_no_confirmed,
 *                bank, account
 *   enterprise   title and tax_no are required
 *   digital      email is required
 *   paper        address, phone, bank and account are required
 *
 * Blanks around title, address and bank are taken off; see caplat_entry.h for
 * the rest. A resident identity number is refused wherever it stands.
 *
 * Codes of faults, besides the core's missing-key, unknown-key, not-one-of and
 * not-a-number: empty, not_words, not_in_gbk, too_long, not_a_tax_no,
 * check_character, not_a_phone, not_an_account, not_an_email, not_allowed,
 * not_a_string, not_a_boolean, not_an_object, not_an_id, enterprise_only,
 * looks_like_resident_id.
 */

#ifndef CAPLAT_FORM_H
#define CAPLAT_FORM_H

#include "caplat_fault.h"
#include "caplat_json.h"


typedef enum { CAPLAT_DIGITAL_NORMAL, CAPLAT_DIGITAL_SPECIAL,
    CAPLAT_PAPER_SPECIAL } caplat_invoice_type;

typedef enum { CAPLAT_TITLE_ENTERPRISE, CAPLAT_TITLE_PERSONAL }
    caplat_title_type;

typedef enum { CAPLAT_CHANNEL_NONE, CAPLAT_ALIPAY, CAPLAT_WECHAT,
    CAPLAT_TRANSFER, CAPLAT_CHANNEL_COUNT } caplat_channel;


/* Texts are empty where they were absent. */
typedef struct {
    bool                  issue;
    caplat_invoice_type   type;
    caplat_title_type     title_type;
    caplat_slice          title;
    caplat_slice          tax_no;
    caplat_slice          address;
    caplat_slice          phone;
    caplat_slice          bank;
    caplat_slice          account;
    caplat_slice          email;
} caplat_invoice;

typedef struct {
    int64_t               amount_fen;
    caplat_slice          rates;        /* empty when not given */
    caplat_invoice        invoice;
    caplat_channel        channel;
} caplat_form;


/* "alipay", "wechat", "transfer"; empty of none. */
caplat_slice caplat_channel_word(caplat_channel channel);

/* The channel of a word; NONE when there is none such. */
caplat_channel caplat_channel_find(caplat_slice word);

/*
 * Judge all of it; what is wrong is added to faults.
 *
 * body  an object; form borrows from it, and means nothing on false
 */
bool caplat_form_read(const caplat_json *body, caplat_form *form,
    caplat_faults *faults);


#endif /* CAPLAT_FORM_H */
