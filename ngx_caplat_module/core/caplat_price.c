#include "caplat_price.h"


#define NUMBER_LEN_MAX  20              /* bytes of any uint64_t */

/* A line of an answer whose words are nothing but quotation marks. */
#define LINE_LEN_MAX                                                          \
    (sizeof("{\"platform\":\"\",\"name\":\"\",\"fee_fen\":,\"reason\":\"\"},")\
     + CAPLAT_NAME_LEN_MAX + 2 * CAPLAT_WORDS_LEN_MAX + NUMBER_LEN_MAX        \
     + 2 * CAPLAT_REASON_LEN_MAX)

_Static_assert((CAPLAT_CHOICE_MAX + 1) * LINE_LEN_MAX + 256
               <= CAPLAT_ANSWER_LEN_MAX, "every answer fits");


typedef struct {
    char    *ptr;
    size_t   len;
    size_t   room;
} writer;


static void
put(writer *w, caplat_slice text)
{
    caplat_assert(text.len <= w->room - w->len);

    if (text.len != 0) {
        memcpy(w->ptr + w->len, text.ptr, text.len);
        w->len += text.len;
    }
}


static void
put_number(writer *w, uint64_t number)
{
    char    digits[NUMBER_LEN_MAX];
    size_t  at = sizeof(digits);

    do {
        digits[--at] = (char) ('0' + number % 10);
        number /= 10;
    } while (number != 0);

    put(w, caplat_slice_of(digits + at, sizeof(digits) - at));
}


static void
put_string(writer *w, caplat_slice text)
{
    put(w, CAPLAT_LIT("\""));

    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"' || text.ptr[i] == '\\') {
            put(w, CAPLAT_LIT("\\"));
        }

        put(w, caplat_slice_of(text.ptr + i, 1));
    }

    put(w, CAPLAT_LIT("\""));
}


/* One of our own static words, which need no escape. */
static void
put_word(writer *w, const char *word)
{
    put(w, CAPLAT_LIT("\""));

    for ( ; *word != '\0'; word++) {
        put(w, caplat_slice_of(word, 1));
    }

    put(w, CAPLAT_LIT("\""));
}


static void
put_units(writer *w, caplat_slice words, uint32_t units)
{
    caplat_cursor  c = caplat_cursor_of(words);

    while (caplat_cursor_left(&c) != 0) {
        if (caplat_take_literal(&c, CAPLAT_UNITS_MARK)) {
            put_number(w, units);

        } else {
            put(w, caplat_slice_of(c.at, 1));
            c.at++;
        }
    }
}


size_t
caplat_line_reason(const caplat_tariff *tariff, const caplat_line *line,
    char out[static CAPLAT_REASON_LEN_MAX])
{
    writer  w = { out, 0, CAPLAT_REASON_LEN_MAX };

    put(&w, line->reason);

    if (line->is_prorated && line->units != tariff->units_per_year) {
        put_units(&w, tariff->prorate_words, line->units);
    }

    return w.len;
}


static void
put_line(writer *w, const caplat_tariff *tariff, const caplat_line *line)
{
    char    reason[CAPLAT_REASON_LEN_MAX];
    size_t  len = caplat_line_reason(tariff, line, reason);

    put(w, CAPLAT_LIT("{\"platform\":"));

    if (line->platform_at == CAPLAT_ANY) {
        put(w, CAPLAT_LIT("null"));

    } else {
        put_string(w, tariff->platforms[line->platform_at].id);
    }

    put(w, CAPLAT_LIT(",\"name\":"));
    put_string(w, line->name);
    put(w, CAPLAT_LIT(",\"fee_fen\":"));
    put_number(w, (uint64_t) line->fee_fen);
    put(w, CAPLAT_LIT(",\"reason\":"));
    put_string(w, caplat_slice_of(reason, len));
    put(w, CAPLAT_LIT("}"));
}


static void
put_quote(writer *w, const caplat_tariff *tariff, const caplat_quote *quote)
{
    put(w, CAPLAT_LIT(",\"total_fen\":"));
    put_number(w, (uint64_t) quote->total_fen);
    put(w, CAPLAT_LIT(",\"lines\":["));

    for (size_t i = 0; i < quote->line_count; i++) {
        if (i != 0) {
            put(w, CAPLAT_LIT(","));
        }

        put_line(w, tariff, &quote->lines[i]);
    }

    put(w, CAPLAT_LIT("]"));
}


static void
put_refusal(writer *w, const caplat_err *err)
{
    put(w, CAPLAT_LIT(",\"error\":"));
    put_word(w, caplat_code_name(err->code));
    put(w, CAPLAT_LIT(",\"at\":"));
    put_number(w, err->at);
    put(w, CAPLAT_LIT(",\"what\":"));
    put_word(w, err->what);
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


size_t
caplat_price_answer(const caplat_tariff *tariff, caplat_slice text,
    char answer[static CAPLAT_ANSWER_LEN_MAX])
{
    writer        w = { answer, 0, CAPLAT_ANSWER_LEN_MAX };
    caplat_quote  quote;
    caplat_err    err;

    put(&w, CAPLAT_LIT("{\"card\":"));
    put_string(&w, tariff->id);

    if (caplat_price_quote(tariff, text, &quote, &err)) {
        put_quote(&w, tariff, &quote);

    } else {
        put_refusal(&w, &err);
    }

    put(&w, CAPLAT_LIT("}"));

    return w.len;
}
