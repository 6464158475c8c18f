#include "caplat_job_inner.h"

#include "caplat_body.h"
#include "caplat_member.h"
#include "caplat_money.h"

#include <sodium.h>
#include <stdlib.h>


/* Let a slice live as long as the saying: its bytes move into the text. */
static void
keep(caplat_writer *w, caplat_slice *text)
{
    size_t  at = w->len;

    caplat_put(w, *text);
    *text = caplat_slice_of(w->ptr + at, w->len - at);
}


/* A job of its own copy of what is said; NULL: no memory. */
static caplat_job *
make(const caplat_order_conf *conf, const caplat_identity *who,
    const caplat_booking *booking, int64_t now)
{
    caplat_job      *job = caplat_job_make(CAPLAT_JOB_BOOK, conf, who, now);
    caplat_saying   *saying = calloc(1, sizeof(*saying));
    size_t           room = booking->order.len + booking->client.len
                            + booking->channel.len + booking->trade.len
                            + booking->number.len + booking->day.len + 1;
    caplat_booking  *kept;
    caplat_writer    w;

    if (job == NULL || saying == NULL) {
        free(saying);
        caplat_job_close(job);
        return NULL;
    }

    job->saying = saying;
    job->reply.outcome = CAPLAT_NOT_READ;
    saying->text = malloc(room);

    if (saying->text == NULL) {
        caplat_job_close(job);
        return NULL;
    }

    kept = &saying->booking;
    *kept = *booking;
    w = caplat_writer_of(saying->text, room);
    keep(&w, &kept->order);
    keep(&w, &kept->client);
    keep(&w, &kept->channel);
    keep(&w, &kept->trade);
    keep(&w, &kept->number);
    keep(&w, &kept->day);

    return job;
}


_Static_assert(CAPLAT_NOTICE_PERSONAL_MAX <= CAPLAT_PERSONAL_LEN_MAX,
               "what is personal of a notice can be sealed");


bool
caplat_job_notice(const caplat_order_conf *conf, const caplat_notice *notice,
    caplat_slice personal, int64_t now, caplat_job **job)
{
    caplat_slice    channel = caplat_channel_word(notice->channel);
    caplat_booking  booking = {
        .said = notice->kind == CAPLAT_NOTICE_PAID
                ? CAPLAT_EVENT_PAYMENT_RECEIVED
                : CAPLAT_EVENT_REFUND_CONFIRMED,
        .order = notice->order, .client = channel, .channel = channel,
        .trade = notice->trade, .amount_fen = notice->amount_fen,
        .paid = notice->time, .is_total = notice->channel == CAPLAT_ALIPAY
    };
    caplat_job     *made;

    caplat_assert(notice->kind == CAPLAT_NOTICE_PAID
                  || notice->kind == CAPLAT_NOTICE_REFUND);
    made = make(conf, NULL, &booking, now);

    /* Who paid is said of a payment only. */
    if (made != NULL && notice->kind == CAPLAT_NOTICE_PAID) {
        made->saying->personal = malloc(personal.len);
        made->saying->personal_len = personal.len;

        if (made->saying->personal == NULL) {
            caplat_job_close(made);
            return false;
        }

        memcpy(made->saying->personal, personal.ptr, personal.len);
    }

    *job = made;

    return made != NULL;
}


static void
read_trade(const caplat_json *body, caplat_booking *booking,
    caplat_faults *faults)
{
    if (!caplat_json_string(body, "trade", 1, CAPLAT_TRADE_LEN_MAX,
                            &booking->trade)
        || !caplat_is_trade(booking->trade))
    {
        caplat_fault_add(faults, CAPLAT_LIT("#/trade"), "not_an_id",
            "The bank's number of the payment: 1 to 64 of letters, digits, "
            "`-` and `_`.");
    }

    if (!caplat_json_integer(body, "amount", 1, CAPLAT_FEN_MAX,
                             &booking->amount_fen))
    {
        caplat_fault_add_code(faults, CAPLAT_LIT("#/amount"),
            CAPLAT_NOT_A_NUMBER);
    }

    if (!caplat_json_integer(body, "paid", 1, CAPLAT_JSON_INT_MAX,
                             &booking->paid))
    {
        caplat_fault_add_code(faults, CAPLAT_LIT("#/paid"),
            CAPLAT_NOT_A_NUMBER);
    }
}


/* A partner books transfers only: the channels speak for themselves. */
static void
read_payment(const caplat_json *body, caplat_booking *booking,
    caplat_faults *faults)
{
    static const caplat_slice  names[] = {
        CAPLAT_INIT("channel"), CAPLAT_INIT("trade"), CAPLAT_INIT("amount"),
        CAPLAT_INIT("paid")
    };

    caplat_body_members(body, CAPLAT_LIT("#"), names, CAPLAT_COUNT(names),
        faults);

    if (!caplat_json_string(body, "channel", 1, 16, &booking->channel)
        || !caplat_slice_eq(booking->channel,
                            caplat_channel_word(CAPLAT_TRANSFER)))
    {
        caplat_fault_add_code(faults, CAPLAT_LIT("#/channel"),
            CAPLAT_NOT_ONE_OF);
    }

    read_trade(body, booking, faults);
}


static void
read_invoice(const caplat_json *body, caplat_booking *booking,
    caplat_faults *faults)
{
    static const caplat_slice  names[] = {
        CAPLAT_INIT("number"), CAPLAT_INIT("day")
    };

    caplat_date  day;

    caplat_body_members(body, CAPLAT_LIT("#"), names, CAPLAT_COUNT(names),
        faults);

    if (!caplat_json_string(body, "number", 1, CAPLAT_INVOICE_LEN_MAX,
                            &booking->number)
        || !caplat_is_invoice_number(booking->number))
    {
        caplat_fault_add(faults, CAPLAT_LIT("#/number"), "not_an_id",
            "The number of the invoice: 1 to 32 of letters, digits and `-`.");
    }

    if (!caplat_json_string(body, "day", CAPLAT_DATE_LEN, CAPLAT_DATE_LEN,
                            &booking->day)
        || !caplat_date_parse(booking->day, &day))
    {
        caplat_fault_add(faults, CAPLAT_LIT("#/day"), "not_a_day",
            "The day of the invoice, as in 2026-11-26.");
    }
}


bool
caplat_job_book(const caplat_order_conf *conf, const caplat_identity *who,
    caplat_event said, caplat_slice id, caplat_slice body, int64_t now,
    caplat_job **job, caplat_faults *faults, caplat_denial *denial)
{
    caplat_booking  booking = { .said = said, .order = id };
    caplat_json    *object;
    caplat_raw      client;

    caplat_faults_clear(faults, false);

    if (!caplat_body_open(body, &object, faults, denial)) {
        return false;
    }

    if (said == CAPLAT_EVENT_INVOICE_ISSUED) {
        read_invoice(object, &booking, faults);

    } else {
        read_payment(object, &booking, faults);
    }

    if (faults->count != 0) {
        caplat_json_close(object);
        return caplat_deny(denial, CAPLAT_PROBLEM_VALIDATION_FAILED,
            "booking");
    }

    *job = NULL;

    if (caplat_raw_of(who->client_id, &client)) {
        booking.client = caplat_raw_slice(&client);
        *job = make(conf, who, &booking, now);
    }

    caplat_json_close(object);

    return *job != NULL
        || caplat_deny(denial, CAPLAT_PROBLEM_INTERNAL_ERROR, "no-memory");
}


static caplat_problem
problem_of(caplat_outcome outcome)
{
    switch (outcome) {

    case CAPLAT_BOOKED:
    case CAPLAT_BOOKED_PARTLY:
    case CAPLAT_BOOKED_BEFORE:
        return CAPLAT_NO_PROBLEM;

    case CAPLAT_NO_ORDER:
        return CAPLAT_PROBLEM_ORDER_NOT_FOUND;

    case CAPLAT_NOT_READ:
        return CAPLAT_PROBLEM_LOG_UNAVAILABLE;

    default:
        return CAPLAT_PROBLEM_ORDER_STATE_CONFLICT;
    }
}


void
caplat_job_booked(caplat_job *job)
{
    const caplat_saying  *saying = job->saying;
    caplat_outcome        outcome = saying->booked.outcome;
    caplat_problem        problem = problem_of(outcome);
    caplat_writer         w = caplat_job_writer(job, 512);
    bool                  is_refused = problem != CAPLAT_NO_PROBLEM;

    job->reply.outcome = outcome;
    job->reply.is_replay = outcome == CAPLAT_BOOKED_BEFORE
                           || saying->booked.is_known;
    job->reply.amount_fen = saying->booking.amount_fen;

    if (!is_refused) {
        caplat_member(&w, CAPLAT_LIT("{\"order\":"), saying->booking.order);
        caplat_member(&w, CAPLAT_LIT(",\"event\":"),
            caplat_event_name(saying->booking.said));
    }

    if (problem == CAPLAT_NO_PROBLEM
        || problem == CAPLAT_PROBLEM_ORDER_STATE_CONFLICT)
    {
        caplat_member(&w, CAPLAT_LIT(",\"state\":"),
            caplat_state_name(saying->booked.state));
        caplat_member(&w, CAPLAT_LIT(",\"outcome\":"),
            caplat_outcome_word(outcome));
    }

    if (is_refused) {
        (void) caplat_job_refuse(job, problem, "booking");
        job->reply.text = caplat_written(&w);
        return;
    }

    caplat_put(&w, CAPLAT_LIT("}"));
    caplat_job_answer(job, 200, &w);
}


/* What the token says that the certificate holds; empty without one. */
static caplat_slice
held_by_token(const caplat_job *job, const caplat_record *created)
{
    const caplat_claims  *claims = job->claims;

    for (size_t i = 0; claims != NULL && i < claims->cert_count; i++) {
        const caplat_cert  *cert = &claims->certs[i];

        if (caplat_raw_is(created->org, claims->org_id)
            && caplat_raw_is(created->ca, cert->ca)
            && caplat_raw_is(created->cert, cert->serial))
        {
            return cert->held;
        }
    }

    return caplat_slice_of("", 0);
}


/* Whether the certificate has some of it by now: what is there is not sold
   again. */
static bool
holds_some(const caplat_job *job, const caplat_view *view,
    const caplat_record *created)
{
    caplat_slice     of_token = held_by_token(job, created), id;
    caplat_cursor    add = caplat_cursor_of(created->add);
    caplat_cert_row  row;

    if (!caplat_view_cert(view, created->org, created->ca, created->cert,
                          &row))
    {
        row.held_len = 0;
    }

    while (caplat_record_next_id(&add, &id)) {
        if (caplat_cert_holds(of_token, id)
            || caplat_cert_holds(caplat_slice_of(row.held, row.held_len), id))
        {
            return true;
        }
    }

    return false;
}


static void
show_charge(const caplat_clerk *clerk, caplat_job *job,
    const caplat_view *view, const caplat_order_row *row, char *room)
{
    caplat_state         state = caplat_order_state(row,
                             caplat_ledger_durable(clerk->ledger), job->now);
    caplat_ledger_error  error;
    caplat_record        created;
    caplat_slice         line;
    caplat_writer        w;

    if (!caplat_job_created(clerk, job, view, row, room, &created, &line,
                            &error))
    {
        return;
    }

    w = caplat_job_writer(job, 64);

    if (state != CAPLAT_STATE_CREATED) {
        caplat_member(&w, CAPLAT_LIT(",\"state\":"), caplat_state_name(state));
        (void) caplat_job_refuse(job, CAPLAT_PROBLEM_ORDER_STATE_CONFLICT,
            "order-state");
        job->reply.text = caplat_written(&w);

    } else if (holds_some(job, view, &created)) {
        (void) caplat_job_refuse(job, CAPLAT_PROBLEM_PLATFORM_ALREADY_HELD,
            "platform-already-held");

    } else {
        job->reply.amount_fen = created.amount_fen;
        job->reply.expires = created.expires;
        caplat_job_answer(job, 200, &w);
    }
}


void
caplat_job_show_charge(const caplat_clerk *clerk, caplat_job *job,
    const caplat_view *view)
{
    char              *room = malloc(CAPLAT_RECORD_LEN_MAX);
    caplat_order_row   row;

    if (room == NULL) {
        (void) caplat_job_refuse(job, CAPLAT_PROBLEM_INTERNAL_ERROR,
            "no-memory");

    } else if (caplat_job_find(job, view, &row)) {
        show_charge(clerk, job, view, &row, room);
    }

    free(room);
}
