#include "caplat_job_inner.h"

#include "caplat_hash.h"
#include "caplat_member.h"

#include <sodium.h>
#include <stddef.h>
#include <stdlib.h>


/* Names of the members that are texts of the invoice, as the form has them. */
static void
put_invoice(caplat_writer *w, const caplat_invoice *invoice)
{
    caplat_member(w, CAPLAT_LIT(",\"invoice\":{\"title\":"), invoice->title);
    caplat_member(w, CAPLAT_LIT(",\"tax_no\":"), invoice->tax_no);
    caplat_member(w, CAPLAT_LIT(",\"address\":"), invoice->address);
    caplat_member(w, CAPLAT_LIT(",\"phone\":"), invoice->phone);
    caplat_member(w, CAPLAT_LIT(",\"bank\":"), invoice->bank);
    caplat_member(w, CAPLAT_LIT(",\"account\":"), invoice->account);
    caplat_member(w, CAPLAT_LIT(",\"email\":"), invoice->email);
    caplat_member(w, CAPLAT_LIT(",\"title_type\":"),
        invoice->title_type == CAPLAT_TITLE_PERSONAL
        ? CAPLAT_LIT("personal") : CAPLAT_LIT("enterprise"));
    caplat_put(w, CAPLAT_LIT("}"));
}


static void
put_personal(caplat_writer *w, const caplat_claims *claims,
    const caplat_form *form, const caplat_evidence *evidence)
{
    char  digest[CAPLAT_HEX_LEN];

    caplat_sha256_hex(evidence->body, digest);

    caplat_member(w, CAPLAT_LIT("{\"name\":"), claims->name);
    caplat_member(w, CAPLAT_LIT(",\"subject\":"), claims->subject);
    caplat_member(w, CAPLAT_LIT(",\"enterprise\":"), claims->org_name);

    if (form->invoice.issue) {
        put_invoice(w, &form->invoice);
    }

    caplat_member(w, CAPLAT_LIT(",\"address\":"), evidence->address);
    caplat_member(w, CAPLAT_LIT(",\"evidence\":{\"method\":"),
        evidence->method);
    caplat_member(w, CAPLAT_LIT(",\"target\":"), evidence->target);
    caplat_member(w, CAPLAT_LIT(",\"token\":"), evidence->token);
    caplat_member(w, CAPLAT_LIT(",\"proof\":"), evidence->proof);
    caplat_member(w, CAPLAT_LIT(",\"signature_input\":"),
        evidence->signature_input);
    caplat_member(w, CAPLAT_LIT(",\"signature\":"), evidence->signature);
    caplat_member(w, CAPLAT_LIT(",\"body_sha256\":"),
        caplat_slice_of(digest, sizeof(digest)));
    caplat_put(w, CAPLAT_LIT("}}"));
}


bool
caplat_personal_make(const caplat_claims *claims, const caplat_form *form,
    const caplat_evidence *evidence, char **text, size_t *len)
{
    char           *room = malloc(CAPLAT_PERSONAL_LEN_MAX);
    caplat_writer   w = caplat_writer_of(room, CAPLAT_PERSONAL_LEN_MAX);

    if (room == NULL) {
        return false;
    }

    put_personal(&w, claims, form, evidence);

    if (w.full) {
        sodium_memzero(room, w.len);
        free(room);
        return false;
    }

    *text = room;
    *len = w.len;

    return true;
}


static bool
refuse_name(caplat_faults *faults, caplat_denial *denial)
{
    caplat_fault_add(faults, CAPLAT_LIT("#/certificate"), "too_long",
        "The certificate's names are longer than a record has room for.");

    return caplat_deny(denial, CAPLAT_PROBLEM_VALIDATION_FAILED, "too_long");
}


/* Who it is, by hashes, and whose: all that finds the order of a key. */
static bool
name_caller(caplat_job *job, const caplat_evidence *evidence)
{
    caplat_placing       *placing = job->placing;
    const caplat_claims  *claims = job->claims;

    caplat_hash_subject(job->conf, claims, placing->subject);

    for (size_t i = 0; i < job->conf->hash.count; i++) {
        caplat_hash_key(job->conf, i, claims, evidence->idempotency_key,
            placing->key_hash[i]);
        caplat_hash_print(job->conf, i, evidence, placing->print[i]);
    }

    return claims->org_id.len == CAPLAT_ORG_LEN
        && caplat_raw_of(claims->org_id, &placing->org);
}


static bool
name_certificate(caplat_placing *placing)
{
    return caplat_raw_of(placing->buy.cert->ca, &placing->ca)
        && caplat_raw_of(placing->buy.cert->serial, &placing->cert)
        && placing->ca.len + placing->cert.len
           < CAPLAT_CERT_KEY_MAX - CAPLAT_ORG_LEN - 2;
}


/*
 * All that can be said of the body without the ledger.
 *
 * is_for_ever  on false: what is wrong stands in the body alone, and was never
 *              accepted
 */
static bool
check(caplat_job *job, caplat_faults *faults, caplat_denial *denial,
    bool *is_for_ever)
{
    caplat_placing       *placing = job->placing;
    const caplat_tariff  *tariff = &placing->rates->tariff;
    caplat_quote          quote;
    size_t                count;

    *is_for_ever = false;

    if (!caplat_buy_read(placing->body, job->claims, tariff, true, job->now,
                         &placing->buy, faults, denial))
    {
        return false;
    }

    /* Its faults stand in the list, which pricing looks at. */
    count = faults->count;
    (void) caplat_form_read(placing->body, &placing->form, faults);
    *is_for_ever = faults->count != count;

    if (placing->form.channel == CAPLAT_TRANSFER
        && (job->conf->channels & 1u << CAPLAT_TRANSFER) == 0)
    {
        caplat_fault_add_code(faults, CAPLAT_LIT("#/channel"),
            CAPLAT_NOT_ONE_OF);
    }

    return caplat_buy_price(&placing->buy, tariff, job->now, &quote, faults,
                            denial)
        && (name_certificate(placing) || refuse_name(faults, denial));
}


/* What token, card and clock have against it is kept for the case that the
   ledger does not know the key. */
static bool
judge(caplat_job *job, const caplat_evidence *evidence, caplat_faults *faults,
    caplat_denial *denial)
{
    caplat_placing  *placing = job->placing;
    bool             is_for_ever;

    if (check(job, faults, denial, &is_for_ever)) {
        return caplat_personal_make(job->claims, &placing->form, evidence,
                                    &placing->personal,
                                    &placing->personal_len)
            || caplat_deny(denial, CAPLAT_PROBLEM_INTERNAL_ERROR,
                           "no-memory");
    }

    placing->denial = *denial;
    job->faults = *faults;

    return !is_for_ever;
}


/* A key's print is of method, path and body, and so is what is sealed: there is
   no query. */
static bool
check_target(const caplat_evidence *evidence, caplat_faults *faults,
    caplat_denial *denial)
{
    if (memchr(evidence->target.ptr, '?', evidence->target.len) == NULL) {
        return true;
    }

    caplat_faults_clear(faults, true);
    caplat_fault_add_code(faults, CAPLAT_LIT("query"), CAPLAT_UNKNOWN_KEY);

    return caplat_deny(denial, CAPLAT_PROBLEM_VALIDATION_FAILED,
        "unknown-key");
}


static bool
make_placing(caplat_job *job, const caplat_rates *rates,
    const caplat_evidence *evidence, caplat_faults *faults,
    caplat_denial *denial)
{
    caplat_placing  *placing = malloc(sizeof(*placing));

    if (placing == NULL) {
        return caplat_deny(denial, CAPLAT_PROBLEM_INTERNAL_ERROR, "no-memory");
    }

    memset(placing, 0, offsetof(caplat_placing, quote));
    job->placing = placing;
    placing->rates = rates;

    return check_target(evidence, faults, denial)
        && caplat_body_open(evidence->body, &placing->body, faults, denial)
        && (name_caller(job, evidence) || refuse_name(faults, denial))
        && judge(job, evidence, faults, denial);
}


bool
caplat_job_place(const caplat_order_conf *conf, const caplat_rates *rates,
    const caplat_identity *who, const caplat_evidence *evidence, int64_t now,
    caplat_job **job, caplat_faults *faults, caplat_denial *denial)
{
    caplat_job  *made;

    caplat_assert(who->claims != NULL);
    caplat_faults_clear(faults, false);
    made = caplat_job_make(CAPLAT_JOB_PLACE, conf, who, now);

    if (made == NULL) {
        return caplat_deny(denial, CAPLAT_PROBLEM_INTERNAL_ERROR, "no-memory");
    }

    if (!make_placing(made, rates, evidence, faults, denial)) {
        caplat_job_close(made);
        return false;
    }

    *job = made;

    return true;
}
