#include "caplat_index_view.h"

#include "caplat_body.h"


/* Whether an id stands in a list's JSON. */
static bool
is_in(caplat_slice list, caplat_slice id)
{
    caplat_cursor  c = caplat_cursor_of(list);
    caplat_slice   next;

    while (caplat_record_next_id(&c, &next)) {
        if (caplat_slice_eq(next, id)) {
            return true;
        }
    }

    return false;
}


static bool
add_held(caplat_cert_row *row, caplat_slice list, const char **why)
{
    caplat_cursor  c = caplat_cursor_of(list);
    caplat_slice   id;

    while (caplat_record_next_id(&c, &id)) {
        caplat_writer  w = { row->held, row->held_len, sizeof(row->held),
                             false };

        if (caplat_cert_holds(caplat_slice_of(row->held, row->held_len), id)) {
            continue;
        }

        caplat_put(&w, row->held_len != 0 ? CAPLAT_LIT(",") : CAPLAT_LIT(""));
        caplat_put(&w, id);

        if (w.full) {
            *why = "the certificate holds too many platforms";
            return false;
        }

        row->held_len = w.len;
    }

    return true;
}


/* Take those of a list out of `held`. */
static void
drop_held(caplat_cert_row *row, caplat_slice list)
{
    char           kept[CAPLAT_HELD_LEN_MAX];
    caplat_writer  w = caplat_writer_of(kept, sizeof(kept));
    caplat_cursor  c = caplat_cursor_of(caplat_slice_of(row->held,
                                                        row->held_len));
    caplat_slice   held;

    while (caplat_cursor_left(&c) != 0) {
        caplat_cert_take(&c, &held);

        if (!is_in(list, held)) {
            caplat_put(&w, w.len != 0 ? CAPLAT_LIT(",") : CAPLAT_LIT(""));
            caplat_put(&w, held);
        }
    }

    memcpy(row->held, kept, w.len);
    row->held_len = w.len;
}


bool
caplat_held_change(caplat_cert_row *cert, const caplat_record *record,
    const char **why)
{
    switch (record->type) {

    case CAPLAT_EVENT_PLATFORMS_OPENED:
        return add_held(cert, record->add, why);

    case CAPLAT_EVENT_PAYMENT_REFUNDED:
        drop_held(cert, record->closed);
        return true;

    default:
        return true;
    }
}
