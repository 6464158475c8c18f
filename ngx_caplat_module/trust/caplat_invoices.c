#include "caplat_invoices.h"

#include <stdlib.h>


typedef struct {
    int64_t    paid;
    int64_t    amount_fen;              /* less what was sent back */
    uint32_t   issued;                  /* which of them, from 1; 0: none */
    bool       is_wanted;
    bool       is_shredded;
    bool       is_frozen;
} order;

typedef struct {
    char     number[CAPLAT_INVOICE_LEN_MAX];
    size_t   len;
    char     day[CAPLAT_DATE_LEN];
} issued;

struct caplat_invoices {
    order    *orders;                   /* by their numbers */
    size_t    order_room;
    issued   *issued;
    size_t    issued_count;
    size_t    issued_room;
};


caplat_invoices *
caplat_invoices_open(void)
{
    return calloc(1, sizeof(caplat_invoices));
}


void
caplat_invoices_close(caplat_invoices *list)
{
    if (list != NULL) {
        free(list->orders);
        free(list->issued);
        free(list);
    }
}


/* NULL: no memory, or no order. */
static order *
order_of(caplat_invoices *list, caplat_slice id)
{
    uint64_t  number;

    if (!caplat_order_number(id, &number) || number >= UINT32_MAX) {
        return NULL;
    }

    if (number >= list->order_room) {
        size_t  room = 2 * (size_t) number + 1024;
        order  *grown = realloc(list->orders, room * sizeof(*grown));

        if (grown == NULL) {
            return NULL;
        }

        memset(grown + list->order_room, 0,
               (room - list->order_room) * sizeof(*grown));
        list->orders = grown;
        list->order_room = room;
    }

    return &list->orders[number];
}


static bool
add_issued(caplat_invoices *list, const caplat_record *record, order *o)
{
    if (list->issued_count == list->issued_room) {
        size_t   room = list->issued_room != 0 ? 2 * list->issued_room : 256;
        issued  *grown = realloc(list->issued, room * sizeof(*grown));

        if (grown == NULL) {
            return false;
        }

        list->issued = grown;
        list->issued_room = room;
    }

    issued  *i = &list->issued[list->issued_count++];

    i->len = record->number.len;
    memcpy(i->number, record->number.ptr, record->number.len);
    memcpy(i->day, record->day.ptr, sizeof(i->day));
    o->issued = (uint32_t) list->issued_count;

    return true;
}


bool
caplat_invoices_record(caplat_invoices *list, const caplat_record *record)
{
    order  *o;

    if (record->order.len == 0) {
        return true;
    }

    o = order_of(list, record->order);

    if (o == NULL) {
        return false;
    }

    switch (record->type) {

    case CAPLAT_EVENT_ORDER_CREATED:
        o->is_wanted = record->invoice.len != 0 && record->amount_fen > 0;
        o->amount_fen = record->amount_fen;
        return true;

    case CAPLAT_EVENT_PAYMENT_RECEIVED:
        o->paid = record->paid;
        return true;

    case CAPLAT_EVENT_PAYMENT_REFUNDED:
        o->amount_fen -= record->amount_fen;
        return true;

    case CAPLAT_EVENT_INVOICE_ISSUED:
        return add_issued(list, record, o);

    case CAPLAT_EVENT_PII_SHREDDED:
        o->is_shredded = true;
        return true;

    case CAPLAT_EVENT_PII_FROZEN:
        o->is_frozen = true;
        return true;

    default:
        return true;
    }
}


bool
caplat_invoices_find(const caplat_invoices *list, caplat_slice id,
    caplat_due *due)
{
    uint64_t       number;
    const order   *o;
    const issued  *i;

    if (!caplat_order_number(id, &number) || number >= list->order_room) {
        return false;
    }

    o = &list->orders[number];

    if (!o->is_wanted
        || (o->issued == 0 && (o->paid == 0 || o->amount_fen <= 0)))
    {
        return false;
    }

    *due = (caplat_due) {
        .paid = o->paid, .amount_fen = o->amount_fen,
        .is_issued = o->issued != 0, .is_shredded = o->is_shredded,
        .is_frozen = o->is_frozen
    };

    if (o->issued != 0) {
        i = &list->issued[o->issued - 1];
        due->number = caplat_slice_of(i->number, i->len);
        due->day = caplat_slice_of(i->day, sizeof(i->day));
    }

    return true;
}
