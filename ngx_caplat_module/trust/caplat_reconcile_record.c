#include "caplat_reconcile_inner.h"

#include <stdlib.h>


static bool
has_number(const caplat_bill_row *row, caplat_slice number)
{
    return number.len != 0 && (caplat_slice_eq(row->refund, number)
                               || caplat_slice_eq(row->request, number));
}


static void
know(caplat_bill_side *side, const caplat_ledger_side *entry)
{
    /* Of two records that differ, the one that the bill denies. */
    if (!side->is_known || side->ledger_fen == side->row.amount_fen) {
        side->ledger_fen = entry->amount_fen;
        side->index = entry->index;
    }

    side->is_known = true;
    side->said |= entry->said;
    memcpy(side->order, entry->order, entry->order_len);
    side->order_len = entry->order_len;
}


bool
caplat_reconcile_refund(caplat_reconcile *r, const caplat_ledger_side *entry,
    bool by_number)
{
    caplat_slice  order = caplat_slice_of(entry->order, entry->order_len);
    caplat_slice  number = caplat_slice_of(entry->number, entry->number_len);
    size_t        i = caplat_reconcile_order(r, order);

    for ( ; caplat_reconcile_is_of(r, i, order); i++) {
        caplat_bill_side  *side = r->by_order[i];

        if (side->row.kind == CAPLAT_BILL_REFUND
            && (entry->channels & 1u << side->channel) != 0
            && (side->said & entry->said) == 0
            && (by_number ? has_number(&side->row, number)
                          : side->row.amount_fen == entry->amount_fen))
        {
            know(side, entry);
            return true;
        }
    }

    return false;
}


static bool
has_refund(const caplat_reconcile *r, caplat_slice order)
{
    size_t  i = caplat_reconcile_order(r, order);

    for ( ; caplat_reconcile_is_of(r, i, order); i++) {
        if (r->by_order[i]->row.kind == CAPLAT_BILL_REFUND) {
            return true;
        }
    }

    return false;
}


static bool
keep(caplat_reconcile *r, const caplat_ledger_side *entry)
{
    if (r->entry_count == r->entry_room) {
        size_t               room = r->entry_room != 0 ? 2 * r->entry_room
                                                       : 256;
        caplat_ledger_side  *grown = realloc(r->entries,
                                             room * sizeof(*grown));

        if (grown == NULL) {
            return false;
        }

        r->entries = grown;
        r->entry_room = room;
    }

    r->entries[r->entry_count++] = *entry;

    return true;
}


static caplat_channel
channel_of(const caplat_record *record)
{
    caplat_channel  channel = caplat_channel_find(record->channel);

    return channel < CAPLAT_BILL_CHANNELS ? channel : CAPLAT_CHANNEL_NONE;
}


/* Bits of the channels that an order's money came by: of one that has no bills
   the first. NULL: no memory, or no order. */
static uint8_t *
paid_by(caplat_reconcile *r, caplat_slice order)
{
    uint64_t  number;

    if (!caplat_order_number(order, &number) || number >= UINT32_MAX) {
        return NULL;
    }

    if (number >= r->paid_room) {
        size_t    room = 2 * (size_t) number + 4096;
        uint8_t  *grown = realloc(r->paid_by, room);

        if (grown == NULL) {
            return NULL;
        }

        memset(grown + r->paid_room, 0, room - r->paid_room);
        r->paid_by = grown;
        r->paid_room = room;
    }

    return &r->paid_by[number];
}


static caplat_ledger_side
entry_of(const caplat_record *record)
{
    caplat_ledger_side  entry;

    memset(&entry, 0, sizeof(entry));
    entry.index = record->index;
    entry.time = record->time_ms / 1000;
    entry.amount_fen = record->amount_fen;
    entry.order_len = record->order.len;
    entry.number_len = record->trade.len;
    memcpy(entry.order, record->order.ptr, record->order.len);
    memcpy(entry.number, record->trade.ptr, record->trade.len);

    return entry;
}


static caplat_difference_kind
why_of(const caplat_record *record)
{
    if (record->type != CAPLAT_EVENT_PAYMENT_UNMATCHED) {
        return CAPLAT_NO_DIFFERENCE;
    }

    if (caplat_slice_eq(record->why, CAPLAT_LIT("twice"))) {
        return CAPLAT_PAID_TWICE;
    }

    if (caplat_slice_eq(record->why, CAPLAT_LIT("held"))) {
        return CAPLAT_PAID_FOR_HELD;
    }

    return caplat_slice_eq(record->why, CAPLAT_LIT("refunded"))
               ? CAPLAT_PAID_AFTER_REFUND : CAPLAT_PAID_OTHERWISE;
}


/* What else the bills have for an order that is paid was paid twice. */
static void
mark_order_paid(caplat_reconcile *r, const caplat_record *record,
    const caplat_bill_side *found)
{
    size_t  i = caplat_reconcile_order(r, record->order);

    for ( ; caplat_reconcile_is_of(r, i, record->order); i++) {
        if (r->by_order[i] != found) {
            r->by_order[i]->is_order_paid = true;
        }
    }
}


static bool
add_payment(caplat_reconcile *r, const caplat_record *record)
{
    caplat_channel      channel = channel_of(record);
    caplat_ledger_side  entry = entry_of(record);
    caplat_bill_side   *found = caplat_reconcile_payment(r, channel,
                                                         record->trade);
    uint8_t            *paid = paid_by(r, record->order);

    if (paid == NULL) {
        return false;
    }

    *paid |= (uint8_t) (1u << channel);

    if (record->type == CAPLAT_EVENT_PAYMENT_RECEIVED) {
        mark_order_paid(r, record, found);
    }

    if (found != NULL && !found->is_known) {
        know(found, &entry);
        found->why = why_of(record);
        return true;
    }

    entry.kind = CAPLAT_BILL_PAYMENT;
    entry.channels = 1u << channel;
    entry.time = record->paid;
    entry.is_judged = caplat_reconcile_judges(r, channel, entry.time);

    return !entry.is_judged || keep(r, &entry);
}


/* All that it can be of has a bill of the day: else it is in another. */
static bool
is_judged(const caplat_reconcile *r, unsigned channels, int64_t time)
{
    for (caplat_channel i = CAPLAT_CHANNEL_NONE; i < CAPLAT_BILL_CHANNELS;
         i++)
    {
        if ((channels & 1u << i) != 0
            && !caplat_reconcile_judges(r, i, time))
        {
            return false;
        }
    }

    return channels != 0;
}


/* A record of the same refund that waits already; NULL. */
static caplat_ledger_side *
find_entry(const caplat_reconcile *r, const caplat_ledger_side *entry)
{
    for (size_t i = 0; i < r->entry_count; i++) {
        caplat_ledger_side  *e = &r->entries[i];

        if (e->kind == CAPLAT_BILL_REFUND && (e->said & entry->said) == 0
            && e->order_len == entry->order_len
            && memcmp(e->order, entry->order, e->order_len) == 0
            && e->number_len == entry->number_len
            && memcmp(e->number, entry->number, e->number_len) == 0)
        {
            return e;
        }
    }

    return NULL;
}


/* Who says that money went back, and by which channel. */
static void
fill_refund(const caplat_record *record, uint8_t paid,
    caplat_ledger_side *entry)
{
    entry->kind = CAPLAT_BILL_REFUND;
    entry->said = record->type == CAPLAT_EVENT_REFUND_CONFIRMED
                  ? CAPLAT_CONFIRMED : CAPLAT_DECIDED;
    entry->channels = record->type == CAPLAT_EVENT_PAYMENT_REFUNDED
                      ? paid : 1u << channel_of(record);
}


/* Of money that no order has, what has gone back is no difference. */
static void
note_returned(const caplat_reconcile *r, const caplat_record *record)
{
    caplat_bill_side  *found = caplat_reconcile_payment(r, channel_of(record),
                                                        record->of);

    if (record->type == CAPLAT_EVENT_PAYMENT_RETURNED && found != NULL) {
        found->returned_fen += record->amount_fen;
    }
}


static bool
add_refund(caplat_reconcile *r, const caplat_record *record)
{
    caplat_ledger_side   entry = entry_of(record);
    caplat_ledger_side  *same;
    uint8_t             *paid = paid_by(r, record->order);

    if (paid == NULL) {
        return false;
    }

    fill_refund(record, *paid, &entry);
    note_returned(r, record);
    entry.is_judged = is_judged(r, entry.channels, entry.time);

    if (caplat_reconcile_refund(r, &entry, true)
        || (!entry.is_judged && !has_refund(r, record->order)))
    {
        return true;
    }

    same = find_entry(r, &entry);

    if (same == NULL) {
        return keep(r, &entry);
    }

    same->said |= entry.said;
    same->is_judged |= entry.is_judged;

    return true;
}


bool
caplat_reconcile_record(caplat_reconcile *r, const caplat_record *record)
{
    switch (record->type) {

    case CAPLAT_EVENT_PAYMENT_RECEIVED:
    case CAPLAT_EVENT_PAYMENT_UNMATCHED:
        return add_payment(r, record);

    case CAPLAT_EVENT_REFUND_CONFIRMED:
    case CAPLAT_EVENT_PAYMENT_REFUNDED:
    case CAPLAT_EVENT_PAYMENT_RETURNED:
        return add_refund(r, record);

    default:
        return true;
    }
}
