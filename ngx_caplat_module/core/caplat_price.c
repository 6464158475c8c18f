#include "caplat_price.h"


#define NUMBER_LEN_MAX  20              /* bytes of any uint64_t */

/* A line of an answer whose words are nothing but quotation marks. */
#define LINE_LEN_MAX                                                          \
    (sizeof("{\"platform\":\"\",\"name\":\"\",\"fee_fen\":,\"reason\":\"\"},")\
     + CAPLAT_NAME_LEN_MAX + 2 * CAPLAT_WORDS_LEN_MAX + NUMBER_LEN_MAX        \
     + 2 * CAPLAT_REASON_LEN_MAX)

_Static_assert((CAPLAT_CHOICE_MAX + 1) * LINE_LEN_MAX + 256
               <= CAPLAT_ANSWER_LEN_MAX, "every answer fits");


/* The words, with the units in the place of their mark. */
static void
put_units(caplat_writer *w, caplat_slice words, uint32_t units)
{
    caplat_cursor  c = caplat_cursor_of(words);

    while (caplat_cursor_left(&c) != 0) {
        caplat_slice  before = caplat_slice_of(c.start, caplat_cursor_at(&c));

        if (caplat_take_literal(&c, CAPLAT_UNITS_MARK)) {
            caplat_put(w, before);
            caplat_put_number(w, units);
            caplat_put(w, caplat_slice_of(c.at, caplat_cursor_left(&c)));

            return;
        }

        c.at++;
    }

    caplat_put(w, words);
}


size_t
caplat_line_reason(const caplat_tariff *tariff, const caplat_line *line,
    char out[static CAPLAT_REASON_LEN_MAX])
{
    caplat_writer  w = caplat_writer_of(out, CAPLAT_REASON_LEN_MAX);

    caplat_put(&w, line->reason);

    if (line->is_prorated && line->units != tariff->units_per_year) {
        put_units(&w, tariff->prorate_words, line->units);
    }

    caplat_assert(!w.full);

    return w.len;
}


static void
put_line(caplat_writer *w, const caplat_tariff *tariff, const caplat_line *line)
{
    char    reason[CAPLAT_REASON_LEN_MAX];
    size_t  len = caplat_line_reason(tariff, line, reason);

    caplat_put(w, CAPLAT_LIT("{\"platform\":"));

    if (line->platform_at == CAPLAT_ANY) {
        caplat_put(w, CAPLAT_LIT("null"));

    } else {
        caplat_put_string(w, tariff->platforms[line->platform_at].id);
    }

    caplat_put(w, CAPLAT_LIT(",\"name\":"));
    caplat_put_string(w, line->name);
    caplat_put(w, CAPLAT_LIT(",\"fee_fen\":"));
    caplat_put_number(w, (uint64_t) line->fee_fen);
    caplat_put(w, CAPLAT_LIT(",\"reason\":"));
    caplat_put_string(w, caplat_slice_of(reason, len));
    caplat_put(w, CAPLAT_LIT("}"));
}


void
caplat_price_write_lines(caplat_writer *w, const caplat_tariff *tariff,
    const caplat_quote *quote)
{
    caplat_put(w, CAPLAT_LIT("["));

    for (size_t i = 0; i < quote->line_count; i++) {
        if (i != 0) {
            caplat_put(w, CAPLAT_LIT(","));
        }

        put_line(w, tariff, &quote->lines[i]);
    }

    caplat_put(w, CAPLAT_LIT("]"));
}


void
caplat_price_write(caplat_writer *w, const caplat_tariff *tariff,
    const caplat_quote *quote)
{
    caplat_put(w, CAPLAT_LIT("\"total_fen\":"));
    caplat_put_number(w, (uint64_t) quote->total_fen);
    caplat_put(w, CAPLAT_LIT(",\"lines\":"));
    caplat_price_write_lines(w, tariff, quote);
}


static void
put_refusal(caplat_writer *w, const caplat_err *err)
{
    caplat_put(w, CAPLAT_LIT(",\"error\":"));
    caplat_put_word(w, caplat_code_name(err->code));
    caplat_put(w, CAPLAT_LIT(",\"at\":"));
    caplat_put_number(w, err->at);
    caplat_put(w, CAPLAT_LIT(",\"what\":"));
    caplat_put_word(w, err->what);
}


bool
caplat_price_quote(const caplat_tariff *tariff, caplat_slice text,
    caplat_quote *quote, caplat_err *err)
{
    caplat_question  question;

    if (!caplat_question_parse(tariff, text, &question, err)) {
        return false;
    }

    if (!caplat_quote_make(tariff, &question.certificate, question.choice,
                           question.choice_count, question.day, quote, err))
    {
        err->at = caplat_question_place(&question, err);

        return false;
    }

    return true;
}


static void
put_card(caplat_writer *w, const caplat_tariff *tariff)
{
    caplat_put(w, CAPLAT_LIT("{\"card\":"));
    caplat_put_string(w, tariff->id);
}


void
caplat_price_write_answer(caplat_writer *w, const caplat_tariff *tariff,
    const caplat_quote *quote)
{
    put_card(w, tariff);
    caplat_put(w, CAPLAT_LIT(","));
    caplat_price_write(w, tariff, quote);
    caplat_put(w, CAPLAT_LIT("}"));
}


size_t
caplat_price_answer(const caplat_tariff *tariff, caplat_slice text,
    char answer[static CAPLAT_ANSWER_LEN_MAX])
{
    caplat_writer  w = caplat_writer_of(answer, CAPLAT_ANSWER_LEN_MAX);
    caplat_quote   quote;
    caplat_err     err;

    if (caplat_price_quote(tariff, text, &quote, &err)) {
        caplat_price_write_answer(&w, tariff, &quote);

    } else {
        put_card(&w, tariff);
        put_refusal(&w, &err);
        caplat_put(&w, CAPLAT_LIT("}"));
    }

    caplat_assert(!w.full);

    return w.len;
}
