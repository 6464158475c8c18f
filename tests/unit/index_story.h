/*
 * What happens to some orders, as records: for tests of an index.
 */

#ifndef INDEX_STORY_H
#define INDEX_STORY_H

#include "ledger_room.h"


/* A step of a scene: an event of an order of a certificate. */
typedef struct {
    caplat_event   type;
    uint64_t       number;
    uint64_t       cert;
    const char    *ids;                 /* opened or closed */
} step;

typedef struct {
    const step  *steps;
    const char  *why;                   /* of the last that was refused */
} scene;


static inline bool
story_decide(void *data, size_t at, caplat_batch *batch)
{
    scene          *s = data;
    const step     *now = &s->steps[at];
    some_order      room;
    caplat_record   record;

    switch (now->type) {

    case CAPLAT_EVENT_ORDER_CREATED:
        some_created(&room, now->number, now->cert, &record);
        break;

    case CAPLAT_EVENT_PLATFORMS_OPENED:
        some_opened(&room, now->number, now->cert, test_slice(now->ids),
            &record);
        break;

    case CAPLAT_EVENT_PAYMENT_RECEIVED:
    case CAPLAT_EVENT_PAYMENT_UNMATCHED:
    case CAPLAT_EVENT_REFUND_CONFIRMED:
        some_paid(&room, now->number, now->type, "T1", &record);
        break;

    case CAPLAT_EVENT_PAYMENT_REFUNDED:
        some_refunded(&room, now->number, "R1", now->ids, &record);
        break;

    default:
        some_event(&room, now->number, now->type, &record);
        record.epoch = CAPLAT_LIT("2026Q4");
        break;
    }

    return caplat_batch_add(batch, &record);
}


static inline bool
play(ledger_room *room, const step *steps, size_t count)
{
    scene  s = { steps, "" };

    room->now_ms += 1000;

    return caplat_ledger_commit(room->ledger, story_decide, &s, count,
        room->now_ms, false, &room->batch, &room->error);
}


/* One of each kind. */
static const step  story[] = {
    { CAPLAT_EVENT_ORDER_CREATED,    1, 1, NULL },
    { CAPLAT_EVENT_ORDER_CREATED,    2, 2, NULL },
    { CAPLAT_EVENT_ORDER_CREATED,    3, 3, NULL },
    { CAPLAT_EVENT_ORDER_CANCELLED,  1, 1, NULL },
    { CAPLAT_EVENT_ORDER_CREATED,    4, 1, NULL },
    { CAPLAT_EVENT_ORDER_LAPSED,     2, 2, NULL },
    { CAPLAT_EVENT_PLATFORMS_OPENED, 4, 1, "[\"jinzhou\",\"anshan\"]" },
    { CAPLAT_EVENT_ORDER_CREATED,    5, 1, NULL },
    { CAPLAT_EVENT_PLATFORMS_OPENED, 5, 1, "[\"anshan\",\"dalian\"]" },
    { CAPLAT_EVENT_PII_FROZEN,       4, 1, NULL },
    { CAPLAT_EVENT_PII_SHREDDED,     4, 1, NULL },
    { CAPLAT_EVENT_ORDER_CREATED,    9, 8, NULL },
};


#endif /* INDEX_STORY_H */
