/*
 * Whatever the card and the question: an answer adds up, and a choice turned
 * round costs the same. The input is a card, and behind its last line feed a
 * question.
 */

#include "caplat_price.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static void
check_sum(const caplat_quote *quote)
{
    int64_t  sum = 0;

    for (size_t i = 0; i < quote->line_count; i++) {
        caplat_assert(caplat_fen_add(sum, quote->lines[i].fee_fen, &sum));
    }

    caplat_assert(sum == quote->total_fen);
}


static void
check_turned(const caplat_tariff *tariff, const caplat_question *question,
    const caplat_quote *quote)
{
    size_t        turned[CAPLAT_CHOICE_MAX];
    caplat_quote  again;
    caplat_err    err;

    for (size_t i = 0; i < question->choice_count; i++) {
        turned[i] = question->choice[question->choice_count - 1 - i];
    }

    caplat_assert(caplat_quote_make(tariff, &question->certificate, turned,
        question->choice_count, question->day, &again, &err));
    caplat_assert(again.total_fen == quote->total_fen);

    for (size_t i = 0; i < quote->line_count; i++) {
        caplat_assert(again.lines[i].fee_fen == quote->lines[i].fee_fen);
    }
}


static void
check_question(const caplat_tariff *tariff, caplat_slice text)
{
    static char  answer[CAPLAT_ANSWER_LEN_MAX];

    caplat_question  question;
    caplat_quote     quote;
    caplat_err       err;
    size_t           len = caplat_price_answer(tariff, text, answer);

    caplat_assert(answer[0] == '{' && answer[len - 1] == '}');

    if (caplat_price_quote(tariff, text, &quote, &err)) {
        caplat_assert(caplat_question_parse(tariff, text, &question, &err));
        check_sum(&quote);
        check_turned(tariff, &question, &quote);

    } else {
        caplat_assert(err.code != CAPLAT_OK && err.at <= text.len);
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static caplat_tariff  tariff;

    size_t        end = size;
    caplat_slice  text = caplat_slice_of((const char *) data, size);
    caplat_err    err;

    while (end != 0 && data[end - 1] != '\n') {
        end--;
    }

    if (caplat_tariff_parse(caplat_slice_of(text.ptr, end), &tariff, &err)) {
        check_question(&tariff, caplat_slice_of(text.ptr + end, size - end));
    }

    return 0;
}
