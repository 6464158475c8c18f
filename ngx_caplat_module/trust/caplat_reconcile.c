#include "caplat_reconcile.h"

#include "caplat_answer.h"
#include "caplat_reconcile_inner.h"

#include <stdlib.h>


caplat_reconcile *
caplat_reconcile_open(void)
{
    return calloc(1, sizeof(caplat_reconcile));
}


void
caplat_reconcile_close(caplat_reconcile *r)
{
    if (r != NULL) {
        free(r->rows);
        free(r->by_trade);
        free(r->by_order);
        free(r->entries);
        free(r->paid_by);
        free(r);
    }
}


static int32_t
day_of(int64_t time)
{
    return caplat_date_number(caplat_day_in_beijing(time));
}


void
caplat_reconcile_day(caplat_reconcile *r, caplat_date day)
{
    caplat_assert(r->row_count == 0);
    r->is_one_day = true;
    r->day = caplat_date_number(day);
}


static void
cover(caplat_reconcile *r, caplat_channel channel, int32_t day)
{
    if (!r->has_days[channel] || day < r->first[channel]) {
        r->first[channel] = day;
    }

    if (!r->has_days[channel] || day > r->last[channel]) {
        r->last[channel] = day;
    }

    r->has_days[channel] = true;
}


bool
caplat_reconcile_row(caplat_reconcile *r, caplat_channel channel, size_t bill,
    const caplat_bill_row *row)
{
    if (r->row_count == r->row_room) {
        size_t             room = r->row_room != 0 ? 2 * r->row_room : 256;
        caplat_bill_side  *grown = realloc(r->rows, room * sizeof(*grown));

        if (grown == NULL) {
            return false;
        }

        r->rows = grown;
        r->row_room = room;
    }

    caplat_bill_side  *side = &r->rows[r->row_count++];

    memset(side, 0, sizeof(*side));
    side->row = *row;
    side->channel = channel;
    side->bill = bill;

    if (!r->is_one_day) {
        cover(r, channel, day_of(row->time));
    }

    return true;
}


void
caplat_reconcile_bill(caplat_reconcile *r, const caplat_bill *bill)
{
    r->has_bill[bill->channel] = true;

    if (r->is_one_day) {
        cover(r, bill->channel, r->day);

    } else if (bill->from != 0) {
        cover(r, bill->channel, day_of(bill->from));
        cover(r, bill->channel, day_of(bill->until - 1));
    }
}


bool
caplat_reconcile_judges(const caplat_reconcile *r, caplat_channel channel,
    int64_t time)
{
    int32_t  day = day_of(time);

    return r->has_days[channel] && day >= r->first[channel]
        && day <= r->last[channel];
}


static int
trade_cmp(const caplat_bill_side *a, caplat_channel channel,
    caplat_slice trade)
{
    return a->channel != channel ? (int) a->channel - (int) channel
                                 : caplat_slice_cmp(a->row.trade, trade);
}


/* Rows that are equal stay in their order. */
static int
place_cmp(const caplat_bill_side *a, const caplat_bill_side *b)
{
    return (a > b) - (a < b);
}


static int
sort_by_trade(const void *left, const void *right)
{
    const caplat_bill_side  *a = *(caplat_bill_side *const *) left;
    const caplat_bill_side  *b = *(caplat_bill_side *const *) right;
    int                      order = trade_cmp(a, b->channel, b->row.trade);

    return order != 0 ? order : place_cmp(a, b);
}


static int
sort_by_order(const void *left, const void *right)
{
    const caplat_bill_side  *a = *(caplat_bill_side *const *) left;
    const caplat_bill_side  *b = *(caplat_bill_side *const *) right;
    int                      order = caplat_slice_cmp(a->row.order,
                                                      b->row.order);

    return order != 0 ? order : place_cmp(a, b);
}


static void
mark_again(caplat_reconcile *r)
{
    for (size_t i = 1; i < r->trade_count; i++) {
        const caplat_bill_side  *before = r->by_trade[i - 1];

        r->by_trade[i]->is_again = trade_cmp(r->by_trade[i], before->channel,
                                             before->row.trade) == 0;
    }
}


bool
caplat_reconcile_has_days(const caplat_reconcile *r)
{
    for (size_t i = 0; i < CAPLAT_BILL_CHANNELS; i++) {
        if (r->has_bill[i] && !r->has_days[i]) {
            return false;
        }
    }

    return true;
}


bool
caplat_reconcile_start(caplat_reconcile *r)
{
    r->by_trade = malloc((r->row_count + 1) * sizeof(*r->by_trade));
    r->by_order = malloc((r->row_count + 1) * sizeof(*r->by_order));

    if (r->by_trade == NULL || r->by_order == NULL) {
        return false;
    }

    for (size_t i = 0; i < r->row_count; i++) {
        caplat_bill_side  *side = &r->rows[i];

        side->is_judged = caplat_reconcile_judges(r, side->channel,
                                                  side->row.time);
        r->by_order[i] = side;

        if (side->row.kind == CAPLAT_BILL_PAYMENT) {
            r->by_trade[r->trade_count++] = side;
        }
    }

    qsort(r->by_trade, r->trade_count, sizeof(*r->by_trade), sort_by_trade);
    qsort(r->by_order, r->row_count, sizeof(*r->by_order), sort_by_order);
    mark_again(r);

    return true;
}


caplat_bill_side *
caplat_reconcile_payment(const caplat_reconcile *r, caplat_channel channel,
    caplat_slice trade)
{
    size_t  from = 0, to = r->trade_count;

    while (from != to) {
        size_t  middle = from + (to - from) / 2;

        if (trade_cmp(r->by_trade[middle], channel, trade) < 0) {
            from = middle + 1;

        } else {
            to = middle;
        }
    }

    return from != r->trade_count
           && trade_cmp(r->by_trade[from], channel, trade) == 0
               ? r->by_trade[from] : NULL;
}


size_t
caplat_reconcile_order(const caplat_reconcile *r, caplat_slice order)
{
    size_t  from = 0, to = r->row_count;

    while (from != to) {
        size_t  middle = from + (to - from) / 2;

        if (caplat_slice_cmp(r->by_order[middle]->row.order, order) < 0) {
            from = middle + 1;

        } else {
            to = middle;
        }
    }

    return from;
}


bool
caplat_reconcile_is_of(const caplat_reconcile *r, size_t at,
    caplat_slice order)
{
    return at != r->row_count
        && caplat_slice_eq(r->by_order[at]->row.order, order);
}
