#include "caplat_job_inner.h"

#include "caplat_member.h"

#include <stdlib.h>


#define EVENT_LEN_MAX  128              /* bytes of one as JSON */


static void
put_event(caplat_writer *w, const caplat_record *record, caplat_state state)
{
    caplat_member(w, CAPLAT_LIT("{\"event\":"),
        caplat_event_name(record->type));
    caplat_member_number(w, CAPLAT_LIT(",\"at\":"), record->time_ms);
    caplat_member(w, CAPLAT_LIT(",\"state\":"), caplat_state_name(state));
    caplat_member_number(w, CAPLAT_LIT(",\"index\":"),
        (int64_t) record->index);
    caplat_put(w, CAPLAT_LIT("}"));
}


/* One event more, read from the log; false: the job is refused. */
static bool
add_event(const caplat_clerk *clerk, caplat_job *job, const caplat_view *view,
    const caplat_order_event *event, char *room, caplat_state *state,
    caplat_writer *w, caplat_ledger_error *error)
{
    caplat_record  record;
    caplat_slice   line;
    caplat_err     err;

    if (!caplat_ledger_line(clerk->ledger, view, event->index, room, &line,
                            error)
        || !caplat_record_read(line, &record, &err)
        || !caplat_state_move(*state, record.type, state))
    {
        return caplat_job_refuse(job, CAPLAT_PROBLEM_LOG_UNAVAILABLE,
            "log-read");
    }

    caplat_put(w, *state == CAPLAT_STATE_CREATED
                  && record.type == CAPLAT_EVENT_ORDER_CREATED
                  ? CAPLAT_LIT("") : CAPLAT_LIT(","));
    put_event(w, &record, *state);

    return true;
}


static void
show_events(const caplat_clerk *clerk, caplat_job *job,
    const caplat_view *view, const caplat_order_row *row, char *room,
    caplat_ledger_error *error)
{
    uint64_t       durable = caplat_ledger_durable(clerk->ledger);
    caplat_state   state = CAPLAT_STATE_NONE;
    caplat_writer  w = caplat_job_writer(job, EVENT_LEN_MAX
                                              * (CAPLAT_ORDER_EVENTS + 1));

    caplat_put(&w, CAPLAT_LIT("{\"events\":["));

    for (size_t i = 0; i < row->event_count; i++) {
        if (row->events[i].index < durable
            && !add_event(clerk, job, view, &row->events[i], room, &state, &w,
                          error))
        {
            return;
        }
    }

    caplat_put(&w, CAPLAT_LIT("]}"));
    caplat_job_answer(job, 200, &w);
}


static void
show_receipt(const caplat_clerk *clerk, caplat_job *job,
    const caplat_view *view, const caplat_record *record, caplat_slice line,
    caplat_ledger_error *error)
{
    char               note_room[CAPLAT_CHECKPOINT_MAX];
    caplat_node        path[CAPLAT_PATH_LEN_MAX];
    size_t             count;
    caplat_slice       note;
    caplat_checkpoint  checkpoint;
    caplat_writer      w;

    if (!caplat_ledger_checkpoint(clerk->ledger, view, note_room, &note,
                                  &checkpoint, error)
        || record->index >= checkpoint.size
        || !caplat_ledger_path(clerk->ledger, record->index, checkpoint.size,
                               path, &count, error))
    {
        (void) caplat_job_refuse(job, CAPLAT_PROBLEM_LOG_UNAVAILABLE,
            "log-read");
        return;
    }

    w = caplat_job_writer(job, 2 * line.len + CAPLAT_PROOF_EXTRA);
    caplat_receipt_write(&w, record->salt, line, record->index, path, count,
        note);
    job->reply.is_receipt = true;
    caplat_job_answer(job, 200, &w);
}


/* What is read of one order, whose first record is known to be the caller's. */
static void
read_one(const caplat_clerk *clerk, caplat_job *job, const caplat_view *view,
    char *room, caplat_ledger_error *error)
{
    caplat_order_row  row;
    caplat_record     record;
    caplat_slice      line;

    if (!caplat_job_find(job, view, &row)
        || !caplat_job_created(clerk, job, view, &row, room, &record, &line,
                               error))
    {
        return;
    }

    if (job->kind == CAPLAT_JOB_RECEIPT) {
        show_receipt(clerk, job, view, &record, line, error);

    } else {
        show_events(clerk, job, view, &row, room, error);
    }
}


void
caplat_clerk_read(const caplat_clerk *clerk, caplat_job *job,
    caplat_ledger_error *error)
{
    caplat_view  *view;
    char         *room = malloc(CAPLAT_RECORD_LEN_MAX);

    error->fault = CAPLAT_LEDGER_OK;
    error->len = 0;

    if (room == NULL || !caplat_ledger_view(clerk->ledger, &view, error)) {
        free(room);
        (void) caplat_job_refuse(job, CAPLAT_PROBLEM_LOG_UNAVAILABLE,
            "index");
        return;
    }

    switch (job->kind) {

    case CAPLAT_JOB_SESSION:
    case CAPLAT_JOB_QUOTE:
        caplat_job_current(job, view);
        break;

    case CAPLAT_JOB_LIST:
        caplat_job_page(clerk, job, view, error);
        break;

    case CAPLAT_JOB_ORDER:
        caplat_job_show(clerk, job, view, error);
        break;

    case CAPLAT_JOB_OPENINGS:
        caplat_job_show_openings(clerk, job, view, room, error);
        break;

    case CAPLAT_JOB_CHARGE:
        caplat_job_show_charge(clerk, job, view);
        break;

    default:
        read_one(clerk, job, view, room, error);
        break;
    }

    caplat_view_end(view);
    free(room);
}
