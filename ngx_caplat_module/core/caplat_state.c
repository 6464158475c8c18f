#include "caplat_state.h"


static const caplat_slice  states[] = {
    CAPLAT_INIT("none"),
#define STATE_NAME(name, word, finished)  CAPLAT_INIT(word),
    CAPLAT_STATES(STATE_NAME)
#undef STATE_NAME
};


static const bool  finished_states[] = {
    false,
#define STATE_FINISHED(name, word, finished)  finished,
    CAPLAT_STATES(STATE_FINISHED)
#undef STATE_FINISHED
};


static const caplat_slice  events[] = {
    CAPLAT_INIT("none"),
#define EVENT_NAME(name, word)  CAPLAT_INIT(word),
    CAPLAT_EVENTS(EVENT_NAME)
#undef EVENT_NAME
};


typedef struct {
    caplat_event   event;
    caplat_state   from;
    caplat_state   to;
} move;

static const move  moves[] = {
#define MOVE(event, from, to)                                                 \
    { CAPLAT_EVENT_##event, CAPLAT_STATE_##from, CAPLAT_STATE_##to },
    CAPLAT_MOVES(MOVE)
#undef MOVE
};


static size_t
find(const caplat_slice *names, size_t count, caplat_slice name)
{
    for (size_t i = 1; i < count; i++) {
        if (caplat_slice_eq(names[i], name)) {
            return i;
        }
    }

    return 0;
}


caplat_slice
caplat_state_name(caplat_state state)
{
    caplat_assert(state < CAPLAT_STATE_COUNT);

    return states[state];
}


caplat_slice
caplat_event_name(caplat_event event)
{
    caplat_assert(event < CAPLAT_EVENT_COUNT);

    return events[event];
}


caplat_state
caplat_state_find(caplat_slice name)
{
    return (caplat_state) find(states, CAPLAT_STATE_COUNT, name);
}


caplat_event
caplat_event_find(caplat_slice name)
{
    return (caplat_event) find(events, CAPLAT_EVENT_COUNT, name);
}


bool
caplat_state_finished(caplat_state state)
{
    caplat_assert(state < CAPLAT_STATE_COUNT);

    return finished_states[state];
}


/* Whether the table has the event at all. */
static bool
is_move(caplat_event event)
{
    for (size_t i = 0; i < CAPLAT_COUNT(moves); i++) {
        if (moves[i].event == event) {
            return true;
        }
    }

    return false;
}


bool
caplat_state_move(caplat_state from, caplat_event event, caplat_state *to)
{
    for (size_t i = 0; i < CAPLAT_COUNT(moves); i++) {
        if (moves[i].event == event && moves[i].from == from) {
            *to = moves[i].to;
            return true;
        }
    }

    if (from == CAPLAT_STATE_NONE || is_move(event)) {
        return false;
    }

    *to = from;

    return true;
}
