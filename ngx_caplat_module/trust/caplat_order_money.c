#include "caplat_job_inner.h"

#include <stdlib.h>


/* False when the text is longer than a record has it: it is not ours. */
static bool
keep(caplat_slice text, char *room, size_t max, size_t *len)
{
    if (text.len > max) {
        return false;
    }

    memcpy(room, text.ptr, text.len);
    *len = text.len;

    return true;
}


static bool
note(const caplat_record *record, caplat_order_money *money)
{
    size_t  len;

    switch (record->type) {

    case CAPLAT_EVENT_PAYMENT_RECEIVED:
        money->is_paid = true;
        money->amount_fen = record->amount_fen;
        money->paid = record->paid;

        return keep(record->channel, money->channel, sizeof(money->channel),
                    &money->channel_len);

    case CAPLAT_EVENT_PAYMENT_REFUNDED:
        money->refunded_fen += record->amount_fen;
        money->refunded = record->time_ms / 1000;

        /* What is closed is told once. */
        if (caplat_slice_eq(record->closed, CAPLAT_LIT("[]"))
            && money->closed_len != 0)
        {
            return true;
        }

        return keep(record->closed, money->closed, sizeof(money->closed),
                    &money->closed_len);

    case CAPLAT_EVENT_INVOICE_ISSUED:
        return keep(record->number, money->number, sizeof(money->number),
                    &money->number_len)
            && keep(record->day, money->day, sizeof(money->day), &len);

    default:
        return true;
    }
}


static bool
tells(caplat_event type)
{
    return type == CAPLAT_EVENT_PAYMENT_RECEIVED
        || type == CAPLAT_EVENT_PAYMENT_REFUNDED
        || type == CAPLAT_EVENT_INVOICE_ISSUED;
}


static bool
read_events(const caplat_clerk *clerk, const caplat_view *view,
    const caplat_order_row *row, char *room, caplat_order_money *money,
    caplat_ledger_error *error)
{
    uint64_t       durable = caplat_ledger_durable(clerk->ledger);
    caplat_record  record;
    caplat_slice   line;
    caplat_err     err;

    for (size_t i = 0; i < row->event_count; i++) {
        const caplat_order_event  *event = &row->events[i];

        if (tells(event->type) && event->index < durable
            && (!caplat_ledger_line(clerk->ledger, view, event->index, room,
                                    &line, error)
                || !caplat_record_read(line, &record, &err)
                || !note(&record, money)))
        {
            return false;
        }
    }

    return true;
}


bool
caplat_order_money_read(const caplat_clerk *clerk, const caplat_view *view,
    const caplat_order_row *row, caplat_order_money *money,
    caplat_ledger_error *error)
{
    char  *room;
    bool   is_read;

    *money = (caplat_order_money) { .is_paid = false };

    if (row->event_count == 1) {
        return true;
    }

    room = malloc(CAPLAT_RECORD_LEN_MAX);
    is_read = room != NULL
        && read_events(clerk, view, row, room, money, error);
    free(room);

    return is_read;
}
