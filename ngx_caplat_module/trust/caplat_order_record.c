#include "caplat_job_inner.h"

#include "caplat_hint.h"
#include "caplat_member.h"
#include "caplat_price.h"


#define TERMS_LEN_MAX  16384
#define LAPSES_MAX     256              /* of one batch */


static void
put_ids(caplat_writer *w, caplat_slice joined, bool *is_first)
{
    caplat_cursor  c = caplat_cursor_of(joined);
    caplat_slice   id;

    while (caplat_cursor_left(&c) != 0) {
        caplat_cert_take(&c, &id);
        caplat_put(w, *is_first ? CAPLAT_LIT("") : CAPLAT_LIT(","));
        caplat_put_string(w, id);
        *is_first = false;
    }
}


/* The day of the price, where the record's time is of a later one. */
static void
put_day(caplat_writer *w, const caplat_batch *batch)
{
    caplat_date  day = caplat_day_in_beijing(caplat_batch_now(batch) / 1000);
    char         text[CAPLAT_DATE_LEN];

    if (caplat_date_cmp(day, caplat_day_in_beijing(
                                 caplat_batch_time(batch) / 1000)) != 0)
    {
        caplat_date_write(day, text);
        caplat_member(w, CAPLAT_LIT(",\"day\":"),
            caplat_slice_of(text, sizeof(text)));
    }
}


/* What the price depends on besides the choice and the card. */
static void
put_terms(caplat_writer *w, const caplat_job *job, const caplat_batch *batch)
{
    const caplat_placing      *placing = job->placing;
    const caplat_certificate  *certificate = &placing->certificate;
    char                       day[CAPLAT_DATE_LEN];
    bool                       is_first = true;

    caplat_date_write(certificate->until, day);
    caplat_member_region(w, CAPLAT_LIT("{\"city\":"), job->claims->city);
    caplat_member(w, CAPLAT_LIT(",\"lock\":"), certificate->lock);
    caplat_member(w, CAPLAT_LIT(",\"vendor\":"), certificate->vendor);
    caplat_member(w, CAPLAT_LIT(",\"until\":"),
        caplat_slice_of(day, sizeof(day)));
    caplat_put(w, CAPLAT_LIT(",\"held\":["));
    put_ids(w, placing->buy.cert->held, &is_first);
    put_ids(w, caplat_slice_of(placing->held.held, placing->held.held_len),
        &is_first);
    caplat_put(w, CAPLAT_LIT("]"));
    put_day(w, batch);
    caplat_put(w, CAPLAT_LIT("}"));
}


static void
put_choice(caplat_writer *w, const caplat_placing *placing)
{
    const caplat_choice  *choice = &placing->buy.choice;

    for (size_t i = 0; i < choice->count; i++) {
        caplat_put(w, i == 0 ? CAPLAT_LIT("[") : CAPLAT_LIT(","));
        caplat_put_string(w,
            placing->rates->tariff.platforms[choice->list[i]].id);
    }

    caplat_put(w, CAPLAT_LIT("]"));
}


static caplat_slice
invoice_word(const caplat_form *form)
{
    static const caplat_slice  words[] = {
        [CAPLAT_DIGITAL_NORMAL] = CAPLAT_INIT("digital_normal"),
        [CAPLAT_DIGITAL_SPECIAL] = CAPLAT_INIT("digital_special"),
        [CAPLAT_PAPER_SPECIAL] = CAPLAT_INIT("paper_special"),
    };

    return form->invoice.issue ? words[form->invoice.type]
                               : caplat_slice_of("", 0);
}


/* Texts that a record borrows while it is written. */
typedef struct {
    char   terms[TERMS_LEN_MAX];
    char   add[CAPLAT_IDS_LEN_MAX];
    char   lines[CAPLAT_ANSWER_LEN_MAX];
    char   hint[CAPLAT_HINT_LEN_MAX];
} texts;


static void
fill_names(const caplat_job *job, caplat_record *record)
{
    const caplat_placing  *placing = job->placing;

    record->order = caplat_slice_of(placing->id, placing->id_len);
    record->client = caplat_raw_slice(&job->client);
    record->org = caplat_raw_slice(&placing->org);
    record->ca = caplat_raw_slice(&placing->ca);
    record->cert = caplat_raw_slice(&placing->cert);
    memcpy(record->subject, placing->subject, sizeof(record->subject));
    memcpy(record->key_hash, placing->key_hash[0], sizeof(record->key_hash));
    memcpy(record->print, placing->print[0], sizeof(record->print));
}


/* What nobody pays has no channel and no invoice. */
static void
fill_payment(const caplat_job *job, const caplat_batch *batch,
    caplat_record *record, texts *t)
{
    const caplat_form  *form = &job->placing->form;
    caplat_writer       hint = caplat_writer_of(t->hint, sizeof(t->hint));

    record->amount_fen = job->placing->quote.total_fen;

    if (record->amount_fen == 0) {
        return;
    }

    record->expires = caplat_batch_now(batch) / 1000
        + (form->channel == CAPLAT_TRANSFER ? job->conf->transfer_lapse
                                            : job->conf->lapse);
    record->invoice = invoice_word(form);
    record->channel = caplat_channel_word(form->channel);

    if (form->invoice.issue) {
        caplat_hint_email(form->invoice.email, &hint);
        record->hint = caplat_written(&hint);
    }
}


/* False when a text has no room. */
static bool
fill(const caplat_job *job, const caplat_batch *batch, caplat_record *record,
    texts *t)
{
    const caplat_placing  *placing = job->placing;
    caplat_writer          terms = caplat_writer_of(t->terms,
                                                    sizeof(t->terms));
    caplat_writer          add = caplat_writer_of(t->add, sizeof(t->add));
    caplat_writer          lines = caplat_writer_of(t->lines,
                                                    sizeof(t->lines));

    fill_names(job, record);
    fill_payment(job, batch, record, t);
    put_terms(&terms, job, batch);
    put_choice(&add, placing);
    caplat_price_write_lines(&lines, &placing->rates->tariff,
        &placing->quote);

    record->terms = caplat_written(&terms);
    record->add = caplat_written(&add);
    record->lines = caplat_written(&lines);
    record->rates = caplat_slice_of(placing->rates->id,
                                    sizeof(placing->rates->id));
    record->epoch = caplat_slice_of(placing->sealed.epoch,
                                    placing->sealed.epoch_len);
    record->seal = placing->sealed.seal;
    record->sealed = caplat_slice_of(placing->sealed.text,
                                     placing->sealed.len);

    return !terms.full && !add.full && !lines.full;
}


static bool
add_event(caplat_batch *batch, caplat_event type, caplat_slice order)
{
    caplat_record  record;

    memset(&record, 0, sizeof(record));
    record.type = type;
    record.order = order;

    return caplat_batch_add(batch, &record);
}


/* Platforms that cost nothing wait for nobody. */
static bool
add_opened(caplat_batch *batch, const caplat_record *created)
{
    caplat_record  record;

    memset(&record, 0, sizeof(record));
    record.type = CAPLAT_EVENT_PLATFORMS_OPENED;
    record.order = created->order;
    record.org = created->org;
    record.ca = created->ca;
    record.cert = created->cert;
    record.add = created->add;

    return caplat_batch_add(batch, &record);
}


bool
caplat_order_record(caplat_job *job, caplat_batch *batch)
{
    const caplat_placing  *placing = job->placing;
    caplat_record          record;
    texts                  t;

    if (placing->lapsed != 0
        && !add_event(batch, CAPLAT_EVENT_ORDER_LAPSED,
                      caplat_slice_of(placing->lapsed_id,
                                      placing->lapsed_id_len)))
    {
        return false;
    }

    memset(&record, 0, sizeof(record));
    record.type = CAPLAT_EVENT_ORDER_CREATED;

    if (!fill(job, batch, &record, &t) || !caplat_batch_add(batch, &record)) {
        return false;
    }

    job->index = record.index;
    job->reply.amount_fen = record.amount_fen;

    return record.amount_fen != 0 || add_opened(batch, &record);
}


bool
caplat_cancel_record(caplat_job *job, caplat_batch *batch)
{
    caplat_order_row  row;
    caplat_record     record;
    caplat_state      state;

    if (!caplat_job_find(job, caplat_batch_view(batch), &row)) {
        return true;
    }

    state = caplat_order_state(&row, UINT64_MAX,
        caplat_batch_now(batch) / 1000);

    if (state == CAPLAT_STATE_CANCELLED) {
        return true;
    }

    if (state != CAPLAT_STATE_CREATED) {
        caplat_writer  w = caplat_job_writer(job, 64);

        caplat_member(&w, CAPLAT_LIT(",\"state\":"),
            caplat_state_name(state));
        job->reply.text = caplat_written(&w);
        (void) caplat_job_refuse(job, CAPLAT_PROBLEM_ORDER_STATE_CONFLICT,
            "order-state");

        return true;
    }

    memset(&record, 0, sizeof(record));
    record.type = CAPLAT_EVENT_ORDER_CANCELLED;
    record.order = caplat_slice_of(row.id, row.id_len);
    record.client = caplat_raw_slice(&job->client);
    caplat_hash_subject(job->conf, job->claims, record.subject);

    return caplat_batch_add(batch, &record);
}


bool
caplat_lapse_record(caplat_batch *batch)
{
    const caplat_view  *view = caplat_batch_view(batch);
    int64_t             now = caplat_batch_now(batch) / 1000, expires;
    caplat_order_row    row;
    uint64_t            number;

    for (size_t i = 0; i < LAPSES_MAX; i++) {
        if (!caplat_view_next_lapse(view, &expires, &number) || expires > now
            || !caplat_view_order(view, number, &row))
        {
            return true;
        }

        if (!add_event(batch, CAPLAT_EVENT_ORDER_LAPSED,
                       caplat_slice_of(row.id, row.id_len)))
        {
            return false;
        }
    }

    return true;
}
