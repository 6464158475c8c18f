#include "caplat_job_inner.h"

#include "caplat_b64.h"
#include "caplat_member.h"

#include <stdlib.h>


static void
put_json(caplat_writer *w, caplat_slice key, caplat_slice json)
{
    caplat_put(w, key);
    caplat_put(w, json);
}


static void
put_invoice(caplat_writer *w, const caplat_record *record,
    const caplat_order_money *money)
{
    bool  is_issued = money != NULL && money->number_len != 0;

    if (record->invoice.len == 0) {
        caplat_put(w, CAPLAT_LIT(",\"invoice\":null"));
        return;
    }

    caplat_put_raw(w, CAPLAT_LIT(",\"invoice\":{\"type\":"), record->invoice);
    caplat_put_raw(w, CAPLAT_LIT(",\"email\":"), record->hint);
    caplat_put_raw(w, CAPLAT_LIT(",\"number\":"), is_issued
        ? caplat_slice_of(money->number, money->number_len)
        : caplat_slice_of("", 0));
    caplat_put_raw(w, CAPLAT_LIT(",\"day\":"), is_issued
        ? caplat_slice_of(money->day, sizeof(money->day))
        : caplat_slice_of("", 0));
    caplat_put(w, CAPLAT_LIT("}"));
}


static void
put_payment(caplat_writer *w, const caplat_order_money *money)
{
    if (money == NULL || !money->is_paid) {
        caplat_put(w, CAPLAT_LIT(",\"payment\":null"));
        return;
    }

    caplat_put_raw(w, CAPLAT_LIT(",\"payment\":{\"channel\":"),
        caplat_slice_of(money->channel, money->channel_len));
    caplat_member_number(w, CAPLAT_LIT(",\"amount\":"), money->amount_fen);
    caplat_member_number(w, CAPLAT_LIT(",\"paid\":"), money->paid);
    caplat_put(w, CAPLAT_LIT("}"));
}


static void
put_refund(caplat_writer *w, const caplat_order_money *money)
{
    if (money == NULL || money->refunded_fen == 0) {
        caplat_put(w, CAPLAT_LIT(",\"refund\":null"));
        return;
    }

    caplat_member_number(w, CAPLAT_LIT(",\"refund\":{\"amount\":"),
        money->refunded_fen);
    caplat_member_number(w, CAPLAT_LIT(",\"at\":"), money->refunded);
    put_json(w, CAPLAT_LIT(",\"closed\":"),
        caplat_slice_of(money->closed, money->closed_len));
    caplat_put(w, CAPLAT_LIT("}"));
}


void
caplat_order_write(caplat_writer *w, const caplat_record *record,
    caplat_state state, const caplat_order_money *money)
{
    caplat_put_raw(w, CAPLAT_LIT("{\"id\":"), record->order);
    caplat_member(w, CAPLAT_LIT(",\"state\":"), caplat_state_name(state));
    put_json(w, CAPLAT_LIT(",\"finished\":"), caplat_state_finished(state)
        ? CAPLAT_LIT("true") : CAPLAT_LIT("false"));
    caplat_member_number(w, CAPLAT_LIT(",\"created\":"),
        record->time_ms / 1000);

    if (record->expires != 0 && state == CAPLAT_STATE_CREATED) {
        caplat_member_number(w, CAPLAT_LIT(",\"expires\":"), record->expires);

    } else {
        caplat_put(w, CAPLAT_LIT(",\"expires\":null"));
    }

    caplat_put_raw(w, CAPLAT_LIT(",\"certificate\":"), record->cert);
    caplat_put_raw(w, CAPLAT_LIT(",\"ca\":"), record->ca);
    caplat_put_raw(w, CAPLAT_LIT(",\"enterprise\":"), record->org);
    put_json(w, CAPLAT_LIT(",\"platforms\":"), record->add);
    caplat_member_number(w, CAPLAT_LIT(",\"amount\":"), record->amount_fen);
    caplat_put_raw(w, CAPLAT_LIT(",\"rates\":"), record->rates);
    put_json(w, CAPLAT_LIT(",\"lines\":"), record->lines);
    put_invoice(w, record, money);
    caplat_put_raw(w, CAPLAT_LIT(",\"channel\":"), record->channel);
    put_payment(w, money);
    put_refund(w, money);
    caplat_member_number(w, CAPLAT_LIT(",\"index\":"),
        (int64_t) record->index);
}


void
caplat_order_write_proof(caplat_writer *w, caplat_slice checkpoint,
    const caplat_node *path, size_t count)
{
    char  text[CAPLAT_B64_LEN(CAPLAT_NODE_LEN)];

    caplat_member(w, CAPLAT_LIT(",\"checkpoint\":"), checkpoint);
    caplat_put(w, CAPLAT_LIT(",\"proof\":["));

    for (size_t i = 0; i < count; i++) {
        caplat_member(w, i == 0 ? CAPLAT_LIT("") : CAPLAT_LIT(","),
            caplat_slice_of(text, caplat_b64_write(path[i].bytes,
                                                   CAPLAT_NODE_LEN, text)));
    }

    caplat_put(w, CAPLAT_LIT("]}"));
}


caplat_state
caplat_order_state(const caplat_order_row *row, uint64_t durable, int64_t now)
{
    caplat_state  state = CAPLAT_STATE_NONE, to;

    for (size_t i = 0; i < row->event_count; i++) {
        if (row->events[i].index < durable
            && caplat_state_move(state, row->events[i].type, &to))
        {
            state = to;
        }
    }

    return state == CAPLAT_STATE_CREATED && row->expires != 0
           && row->expires <= now ? CAPLAT_STATE_LAPSED : state;
}


bool
caplat_job_sees(const caplat_job *job, caplat_slice org, caplat_slice ca,
    caplat_slice cert)
{
    const caplat_claims  *claims = job->claims;

    if (claims->role == CAPLAT_MANAGER) {
        return caplat_raw_is(org, claims->org_id);
    }

    for (size_t i = 0; i < claims->cert_count; i++) {
        const caplat_cert  *own = &claims->certs[i];

        if (caplat_raw_is(org, claims->org_id) && caplat_raw_is(ca, own->ca)
            && caplat_raw_is(cert, own->serial)
            && caplat_cert_is_own(claims, own))
        {
            return true;
        }
    }

    return false;
}


static bool
not_found(caplat_job *job)
{
    return caplat_job_refuse(job, CAPLAT_PROBLEM_ORDER_NOT_FOUND,
        "order-not-found");
}


bool
caplat_job_find(caplat_job *job, const caplat_view *view,
    caplat_order_row *row)
{
    caplat_slice  org, ca, cert;

    if (!caplat_view_order(view, job->number, row)
        || !caplat_slice_eq(caplat_slice_of(row->id, row->id_len),
                            caplat_slice_of(job->id, job->id_len)))
    {
        return not_found(job);
    }

    caplat_order_row_cert(row, &org, &ca, &cert);

    return job->claims == NULL || caplat_job_sees(job, org, ca, cert)
        || not_found(job);
}


bool
caplat_job_created(const caplat_clerk *clerk, caplat_job *job,
    const caplat_view *view, const caplat_order_row *row, char *room,
    caplat_record *record, caplat_slice *line, caplat_ledger_error *error)
{
    caplat_err  err;

    if (row->event_count == 0
        || row->events[0].index >= caplat_ledger_durable(clerk->ledger))
    {
        return not_found(job);
    }

    if (!caplat_ledger_line(clerk->ledger, view, row->events[0].index, room,
                            line, error))
    {
        return caplat_job_refuse(job, CAPLAT_PROBLEM_LOG_UNAVAILABLE,
            "log-read");
    }

    if (!caplat_record_read(*line, record, &err)) {
        return caplat_job_refuse(job, CAPLAT_PROBLEM_LOG_UNAVAILABLE,
            "log-record");
    }

    /* A partner without a token sees what came through it. */
    return job->claims != NULL
        || caplat_slice_eq(record->client, caplat_raw_slice(&job->client))
        || not_found(job);
}


static bool
read_money(const caplat_clerk *clerk, caplat_job *job,
    const caplat_view *view, const caplat_order_row *row,
    caplat_order_money *money, caplat_ledger_error *error)
{
    return caplat_order_money_read(clerk, view, row, money, error)
        || caplat_job_refuse(job, CAPLAT_PROBLEM_LOG_UNAVAILABLE, "log-read");
}


void
caplat_job_show(const caplat_clerk *clerk, caplat_job *job,
    const caplat_view *view, caplat_ledger_error *error)
{
    char                *room = malloc(CAPLAT_RECORD_LEN_MAX);
    caplat_order_row     row;
    caplat_order_money   money;
    caplat_record        record;
    caplat_slice         line;
    caplat_writer        w;

    if (room == NULL) {
        (void) caplat_job_refuse(job, CAPLAT_PROBLEM_INTERNAL_ERROR,
            "no-memory");
        return;
    }

    if (caplat_job_find(job, view, &row)
        && caplat_job_created(clerk, job, view, &row, room, &record, &line,
                              error)
        && read_money(clerk, job, view, &row, &money, error))
    {
        w = caplat_job_writer(job, line.len + CAPLAT_ORDER_EXTRA);
        caplat_order_write(&w, &record, caplat_order_state(&row,
            caplat_ledger_durable(clerk->ledger), job->now), &money);
        caplat_put(&w, CAPLAT_LIT("}"));
        job->reply.amount_fen = record.amount_fen;
        caplat_job_answer(job, 200, &w);
    }

    free(room);
}


/* The order as it was when it was recorded, and its proof in that tree. */
static void
replay(const caplat_clerk *clerk, caplat_job *job, const caplat_view *view,
    const caplat_order_row *row, char *room, caplat_ledger_error *error)
{
    char               note_room[CAPLAT_CHECKPOINT_MAX];
    caplat_node        path[CAPLAT_PATH_LEN_MAX];
    size_t             count;
    caplat_record      record;
    caplat_slice       line, note;
    caplat_checkpoint  checkpoint;
    caplat_writer      w;

    if (!caplat_job_created(clerk, job, view, row, room, &record, &line,
                            error))
    {
        return;
    }

    if (!caplat_ledger_checkpoint_of(clerk->ledger, view, record.index,
                                     note_room, &note, &checkpoint, error)
        || !caplat_ledger_path(clerk->ledger, record.index, checkpoint.size,
                               path, &count, error))
    {
        (void) caplat_job_refuse(job, CAPLAT_PROBLEM_LOG_UNAVAILABLE,
            "log-read");
        return;
    }

    w = caplat_job_writer(job, line.len + CAPLAT_ORDER_EXTRA
                               + CAPLAT_PROOF_EXTRA);
    caplat_order_write(&w, &record, record.amount_fen == 0
        ? CAPLAT_STATE_OPENED : CAPLAT_STATE_CREATED, NULL);
    caplat_order_write_proof(&w, note, path, count);
    job->reply.amount_fen = record.amount_fen;
    job->reply.is_replay = true;
    caplat_job_answer(job, 201, &w);
}


void
caplat_job_replay(const caplat_clerk *clerk, caplat_job *job,
    const caplat_view *view, caplat_ledger_error *error)
{
    char              *room = malloc(CAPLAT_RECORD_LEN_MAX);
    caplat_order_row   row;

    if (room == NULL) {
        (void) caplat_job_refuse(job, CAPLAT_PROBLEM_INTERNAL_ERROR,
            "no-memory");

    } else if (!caplat_view_order(view, job->number, &row)) {
        (void) caplat_job_refuse(job, CAPLAT_PROBLEM_LOG_UNAVAILABLE,
            "index");

    } else {
        replay(clerk, job, view, &row, room, error);
    }

    free(room);
}
