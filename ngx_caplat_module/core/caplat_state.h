/*
 * The states of an order, the events that stand in the log, and which event
 * leads from which state to which: one table, from which answers, records, the
 * API's description and the manual are made or checked.
 */

#ifndef CAPLAT_STATE_H
#define CAPLAT_STATE_H

#include "caplat_slice.h"


/* S(NAME, "name", finished): a finished order does not hinder the next one of
   its certificate. */
#define CAPLAT_STATES(S)                                                      \
    S(CREATED,   "created",   false)                                          \
    S(PAID,      "paid",      false)                                          \
    S(OPENED,    "opened",    true)                                           \
    S(CANCELLED, "cancelled", true)                                           \
    S(LAPSED,    "lapsed",    true)                                           \
    S(REFUNDED,  "refunded",  true)


/* E(NAME, "name"): the types of records. */
#define CAPLAT_EVENTS(E)                                                      \
    E(ORDER_CREATED,    "order.created")                                      \
    E(ORDER_CANCELLED,  "order.cancelled")                                    \
    E(ORDER_LAPSED,     "order.lapsed")                                       \
    E(PAYMENT_RECEIVED, "payment.received")                                   \
    E(PAYMENT_UNMATCHED, "payment.unmatched")                                 \
    E(PAYMENT_REFUNDED, "payment.refunded")                                   \
    E(PAYMENT_RETURNED, "payment.returned")                                   \
    E(REFUND_CONFIRMED, "refund.confirmed")                                   \
    E(PLATFORMS_OPENED, "platforms.opened")                                   \
    E(INVOICE_ISSUED,   "invoice.issued")                                     \
    E(PII_FROZEN,       "pii.frozen")                                         \
    E(PII_SHREDDED,     "pii.shredded")                                       \
    E(LEDGER_REOPENED,  "ledger.reopened")


/* M(EVENT, FROM, TO). An order that costs nothing is opened at once. Money that
   comes late wins over an order that was given up. The events that are not here
   leave the state of an order as it is. */
#define CAPLAT_MOVES(M)                                                       \
    M(ORDER_CREATED,    NONE,    CREATED)                                     \
    M(ORDER_CANCELLED,  CREATED, CANCELLED)                                   \
    M(ORDER_LAPSED,     CREATED, LAPSED)                                      \
    M(PAYMENT_RECEIVED, CREATED, PAID)                                        \
    M(PAYMENT_RECEIVED, LAPSED,  PAID)                                        \
    M(PAYMENT_RECEIVED, CANCELLED, PAID)                                      \
    M(PLATFORMS_OPENED, CREATED, OPENED)                                      \
    M(PLATFORMS_OPENED, PAID,    OPENED)                                      \
    M(PAYMENT_REFUNDED, PAID,    REFUNDED)                                    \
    M(PAYMENT_REFUNDED, OPENED,  REFUNDED)                                    \
    M(PAYMENT_REFUNDED, REFUNDED, REFUNDED)


typedef enum {
    CAPLAT_STATE_NONE,
#define CAPLAT_STATE_ENUM(name, word, finished)  CAPLAT_STATE_##name,
    CAPLAT_STATES(CAPLAT_STATE_ENUM)
#undef CAPLAT_STATE_ENUM
    CAPLAT_STATE_COUNT
} caplat_state;


typedef enum {
    CAPLAT_EVENT_NONE,
#define CAPLAT_EVENT_ENUM(name, word)  CAPLAT_EVENT_##name,
    CAPLAT_EVENTS(CAPLAT_EVENT_ENUM)
#undef CAPLAT_EVENT_ENUM
    CAPLAT_EVENT_COUNT
} caplat_event;


caplat_slice caplat_state_name(caplat_state state);
caplat_slice caplat_event_name(caplat_event event);

/* NONE when there is none such. */
caplat_state caplat_state_find(caplat_slice name);
caplat_event caplat_event_find(caplat_slice name);

bool caplat_state_finished(caplat_state state);

/* Whether an order in that state can have the event, and its state then. */
bool caplat_state_move(caplat_state from, caplat_event event,
    caplat_state *to);


#endif /* CAPLAT_STATE_H */
