#include "caplat_state.h"

#include "test.h"


/* From the issue of the ledger and journey: which event may follow where. */
static const struct {
    caplat_event  event;
    caplat_state  from, to;
} allowed[] = {
    { CAPLAT_EVENT_ORDER_CREATED, CAPLAT_STATE_NONE, CAPLAT_STATE_CREATED },
    { CAPLAT_EVENT_ORDER_CANCELLED, CAPLAT_STATE_CREATED,
      CAPLAT_STATE_CANCELLED },
    { CAPLAT_EVENT_ORDER_LAPSED, CAPLAT_STATE_CREATED, CAPLAT_STATE_LAPSED },
    { CAPLAT_EVENT_PAYMENT_RECEIVED, CAPLAT_STATE_CREATED, CAPLAT_STATE_PAID },
    { CAPLAT_EVENT_PAYMENT_RECEIVED, CAPLAT_STATE_LAPSED, CAPLAT_STATE_PAID },
    { CAPLAT_EVENT_PAYMENT_RECEIVED, CAPLAT_STATE_CANCELLED,
      CAPLAT_STATE_PAID },
    { CAPLAT_EVENT_PLATFORMS_OPENED, CAPLAT_STATE_CREATED,
      CAPLAT_STATE_OPENED },
    { CAPLAT_EVENT_PLATFORMS_OPENED, CAPLAT_STATE_PAID, CAPLAT_STATE_OPENED },
    { CAPLAT_EVENT_PAYMENT_REFUNDED, CAPLAT_STATE_PAID,
      CAPLAT_STATE_REFUNDED },
    { CAPLAT_EVENT_PAYMENT_REFUNDED, CAPLAT_STATE_OPENED,
      CAPLAT_STATE_REFUNDED },
    { CAPLAT_EVENT_PAYMENT_REFUNDED, CAPLAT_STATE_REFUNDED,
      CAPLAT_STATE_REFUNDED },
};

/* They tell of an order and leave its state. */
static const caplat_event  notes[] = {
    CAPLAT_EVENT_PAYMENT_UNMATCHED, CAPLAT_EVENT_PAYMENT_RETURNED,
    CAPLAT_EVENT_REFUND_CONFIRMED, CAPLAT_EVENT_INVOICE_ISSUED,
    CAPLAT_EVENT_PII_FROZEN, CAPLAT_EVENT_PII_SHREDDED,
    CAPLAT_EVENT_LEDGER_REOPENED,
};


static bool
is_note(caplat_event event)
{
    for (size_t i = 0; i < CAPLAT_COUNT(notes); i++) {
        if (notes[i] == event) {
            return true;
        }
    }

    return false;
}


/* What should come of it; NONE when it is not allowed. */
static caplat_state
wanted(caplat_state from, caplat_event event)
{
    for (size_t i = 0; i < CAPLAT_COUNT(allowed); i++) {
        if (allowed[i].from == from && allowed[i].event == event) {
            return allowed[i].to;
        }
    }

    return is_note(event) ? from : CAPLAT_STATE_NONE;
}


static void
test_moves(void)
{
    for (int from = CAPLAT_STATE_NONE; from < CAPLAT_STATE_COUNT; from++) {
        for (int event = CAPLAT_EVENT_NONE + 1; event < CAPLAT_EVENT_COUNT;
             event++)
        {
            caplat_state  to = CAPLAT_STATE_COUNT;
            caplat_state  want = wanted((caplat_state) from,
                                        (caplat_event) event);
            bool          moves = caplat_state_move((caplat_state) from,
                                      (caplat_event) event, &to);

            if (from == CAPLAT_STATE_NONE && is_note((caplat_event) event)) {
                continue;
            }

            test_that(moves == (want != CAPLAT_STATE_NONE),
                      caplat_event_name((caplat_event) event).ptr);
            test_number(to, moves ? want : CAPLAT_STATE_COUNT,
                        "and what is refused changes nothing");
        }
    }
}


static void
test_names(void)
{
    for (int i = CAPLAT_STATE_NONE + 1; i < CAPLAT_STATE_COUNT; i++) {
        test_number(caplat_state_find(caplat_state_name((caplat_state) i)), i,
                    "a state is found by its name");
    }

    for (int i = CAPLAT_EVENT_NONE + 1; i < CAPLAT_EVENT_COUNT; i++) {
        test_number(caplat_event_find(caplat_event_name((caplat_event) i)), i,
                    "an event is found by its name");
    }

    test_number(caplat_state_find(CAPLAT_LIT("Created")), CAPLAT_STATE_NONE,
                "by no other");
    test_number(caplat_event_find(CAPLAT_LIT("order.create")),
                CAPLAT_EVENT_NONE, "by no part of it");
    test_number(caplat_event_find(CAPLAT_LIT("")), CAPLAT_EVENT_NONE,
                "nor by nothing");
    test_that(!caplat_state_finished(CAPLAT_STATE_CREATED)
              && !caplat_state_finished(CAPLAT_STATE_PAID)
              && caplat_state_finished(CAPLAT_STATE_OPENED)
              && caplat_state_finished(CAPLAT_STATE_CANCELLED)
              && caplat_state_finished(CAPLAT_STATE_LAPSED)
              && caplat_state_finished(CAPLAT_STATE_REFUNDED),
              "which states let a certificate order again");
}


int
main(void)
{
    test_moves();
    test_names();

    return test_done();
}
