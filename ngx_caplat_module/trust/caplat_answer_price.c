#include "caplat_answer.h"


/* A question, `&day=` and a day. */
#define TEXT_LEN_MAX  (CAPLAT_QUESTION_LEN_MAX + 5 + CAPLAT_DATE_LEN)

#define KEY_LEN_MAX   32                /* bytes of an unknown key, shown */


/* Whether one of the keys is `day`. */
static bool
names_day(caplat_slice query)
{
    caplat_cursor  c = caplat_cursor_of(query);
    caplat_slice   part;

    do {
        if (caplat_take_literal(&c, CAPLAT_LIT("day="))) {
            return true;
        }
    } while (caplat_take_until(&c, '&', caplat_cursor_left(&c), &part));

    return false;
}


/* Form encoders write a comma as %2C: the one character of ours that they do
   not leave alone. */
static void
put_query(caplat_writer *w, caplat_slice query)
{
    caplat_cursor  c = caplat_cursor_of(query);
    caplat_slice   part;

    while (caplat_take_until(&c, '%', caplat_cursor_left(&c), &part)) {
        caplat_put(w, part);

        if (caplat_take_literal(&c, CAPLAT_LIT("2C"))
            || caplat_take_literal(&c, CAPLAT_LIT("2c")))
        {
            caplat_put(w, CAPLAT_LIT(","));

        } else {
            caplat_put(w, CAPLAT_LIT("%"));
        }
    }

    caplat_put(w, caplat_slice_of(c.at, caplat_cursor_left(&c)));
}


/* The question, with today's day when it names none; what is too long stays
   as it is. */
static caplat_slice
question_of(caplat_slice query, bool is_today, caplat_date today,
    char room[static TEXT_LEN_MAX])
{
    caplat_writer  w = caplat_writer_of(room, TEXT_LEN_MAX);
    char           day[CAPLAT_DATE_LEN];

    if (query.len > CAPLAT_QUESTION_LEN_MAX) {
        return query;
    }

    put_query(&w, query);

    if (is_today) {
        caplat_date_write(today, day);
        caplat_put(&w, query.len != 0 ? CAPLAT_LIT("&day=")
                                      : CAPLAT_LIT("day="));
        caplat_put(&w, caplat_slice_of(day, sizeof(day)));
    }

    caplat_assert(!w.full);

    return caplat_written(&w);
}


/* The unknown key that stands there, as far as it is a plain word. */
static caplat_slice
key_at(caplat_slice query, size_t at)
{
    size_t  len = 0;

    while (len < KEY_LEN_MAX && at + len < query.len
           && query.ptr[at + len] != '=' && query.ptr[at + len] != '&'
           && query.ptr[at + len] > ' ' && query.ptr[at + len] < 0x7f)
    {
        len++;
    }

    return len != 0 ? caplat_slice_of(query.ptr + at, len)
                    : CAPLAT_LIT("key");
}


static bool
refuse(caplat_slice query, const caplat_err *err, caplat_faults *faults,
    caplat_denial *denial)
{
    caplat_slice  key = err->code == CAPLAT_UNKNOWN_KEY
        ? key_at(query, err->at) : caplat_slice_of_word(err->what);

    caplat_fault_add_code(faults, key, err->code);

    return caplat_fault_deny(denial, err->code);
}


bool
caplat_answer_price(const caplat_rates *rates, caplat_slice query,
    caplat_date today, caplat_writer *out, int64_t *total_fen,
    bool *day_matters, caplat_faults *faults, caplat_denial *denial)
{
    char              room[TEXT_LEN_MAX];
    bool              is_today = !names_day(query);
    caplat_slice      text = question_of(query, is_today, today, room);
    caplat_question   question;
    caplat_quote      quote;
    caplat_err        err;

    caplat_faults_clear(faults, true);

    if (!caplat_question_parse(&rates->tariff, text, &question, &err)
        || !caplat_quote_make(&rates->tariff, &question.certificate,
                              question.choice, question.choice_count,
                              question.day, &quote, &err))
    {
        return refuse(text, &err, faults, denial);
    }

    caplat_price_write_answer(out, &rates->tariff, &quote);

    if (out->full) {
        return caplat_deny(denial, CAPLAT_PROBLEM_INTERNAL_ERROR,
            "answer-room");
    }

    *total_fen = quote.total_fen;
    *day_matters = is_today
        && (rates->is_dated || caplat_date_given(question.certificate.until));

    return true;
}
