#include "caplat_reconcile_inner.h"

#include "caplat_money.h"


caplat_slice
caplat_difference_name(caplat_difference_kind kind)
{
    static const caplat_slice  names[CAPLAT_DIFFERENCE_COUNT] = {
        [CAPLAT_NO_DIFFERENCE] = CAPLAT_INIT("none"),
#define CAPLAT_DIFFERENCE_NAME(name, word)  [CAPLAT_##name] = CAPLAT_INIT(word),
        CAPLAT_DIFFERENCES(CAPLAT_DIFFERENCE_NAME)
#undef CAPLAT_DIFFERENCE_NAME
    };

    return names[kind];
}


static caplat_slice
order_of(const caplat_bill_side *side)
{
    return caplat_slice_of(side->order, side->order_len);
}


static caplat_difference_kind
judge(const caplat_bill_side *side)
{
    if (side->is_again) {
        return CAPLAT_TWICE_IN_BILL;
    }

    if (!side->is_known) {
        return side->is_order_paid && side->row.kind == CAPLAT_BILL_PAYMENT
                   ? CAPLAT_PAID_TWICE : CAPLAT_ONLY_IN_BILL;
    }

    if (!caplat_slice_eq(side->row.order, order_of(side))) {
        return CAPLAT_OTHER_ORDER;
    }

    if (side->ledger_fen != side->row.amount_fen) {
        return CAPLAT_OTHER_AMOUNT;
    }

    return side->returned_fen >= side->ledger_fen ? CAPLAT_NO_DIFFERENCE
                                                  : side->why;
}


static caplat_difference
difference_of(const caplat_bill_side *side)
{
    const caplat_bill_row  *row = &side->row;
    caplat_slice            refund = row->refund.len != 0 ? row->refund
                                                          : row->request;

    return (caplat_difference) {
        .difference = judge(side), .channel = side->channel,
        .kind = row->kind, .time = row->time,
        .trade = row->kind == CAPLAT_BILL_PAYMENT ? row->trade : refund,
        .is_in_bill = true, .bill = side->bill, .line = row->line,
        .bill_order = row->order, .bill_fen = row->amount_fen,
        .is_in_ledger = side->is_known, .index = side->index,
        .ledger_order = order_of(side), .ledger_fen = side->ledger_fen,
    };
}


static caplat_channel
only_channel(unsigned channels)
{
    switch (channels) {

    case 1u << CAPLAT_ALIPAY:
        return CAPLAT_ALIPAY;

    case 1u << CAPLAT_WECHAT:
        return CAPLAT_WECHAT;

    default:
        return CAPLAT_CHANNEL_NONE;
    }
}


static caplat_difference
only_in_ledger(const caplat_ledger_side *entry)
{
    return (caplat_difference) {
        .difference = CAPLAT_ONLY_IN_LEDGER,
        .channel = only_channel(entry->channels),
        .kind = entry->kind, .time = entry->time,
        .trade = caplat_slice_of(entry->number, entry->number_len),
        .is_in_ledger = true, .index = entry->index,
        .ledger_order = caplat_slice_of(entry->order, entry->order_len),
        .ledger_fen = entry->amount_fen,
    };
}


static bool
add(caplat_total *total, int64_t fen)
{
    total->count++;

    return caplat_fen_add(total->sum_fen, fen, &total->sum_fen);
}


/* False: a sum is too large. */
static bool
tell(const caplat_difference *d, caplat_difference_pt each, void *data,
    caplat_totals *totals)
{
    size_t  kind = d->kind == CAPLAT_BILL_REFUND;

    if (d->difference != CAPLAT_NO_DIFFERENCE) {
        totals->differences++;
        each(data, d);
    }

    return (!d->is_in_bill || add(&totals->bill[kind], d->bill_fen))
        && (!d->is_in_ledger || add(&totals->ledger[kind], d->ledger_fen));
}


/* What has no number in common may be the same all the same. */
static void
match_amounts(caplat_reconcile *r)
{
    for (size_t i = 0; i < r->entry_count; i++) {
        caplat_ledger_side  *entry = &r->entries[i];

        entry->is_found = entry->kind == CAPLAT_BILL_REFUND
            && caplat_reconcile_refund(r, entry, false);
    }
}


bool
caplat_reconcile_end(caplat_reconcile *r, caplat_difference_pt each,
    void *data, caplat_totals *totals)
{
    bool  is_good = true;

    memset(totals, 0, sizeof(*totals));
    match_amounts(r);

    for (size_t i = 0; is_good && i < r->row_count; i++) {
        caplat_difference  d = difference_of(&r->rows[i]);

        is_good = !r->rows[i].is_judged || tell(&d, each, data, totals);
    }

    for (size_t i = 0; is_good && i < r->entry_count; i++) {
        caplat_difference  d = only_in_ledger(&r->entries[i]);

        is_good = r->entries[i].is_found || !r->entries[i].is_judged
            || tell(&d, each, data, totals);
    }

    return is_good;
}
