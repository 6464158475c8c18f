#include "gen_quote.h"

#include "caplat_price.h"
#include "gen_fee.h"
#include "gen_refusal.h"
#include "gen_text.h"


static void
report_platform(const gen_writer *w, caplat_slice id, gen_span span)
{
    const gen_names      *names = w->reader->names;
    const caplat_tariff  *tariff = &names->catalogue->tariff;
    caplat_slice          near = gen_near(id, names->platform_ids,
                                          tariff->platform_count);
    size_t                at = caplat_tariff_platform(tariff, near);
    gen_buf               hint = { 0 };

    if (at != CAPLAT_ANY) {
        gen_buf_add(&hint, near);
        gen_buf_lit(&hint, "（");
        gen_buf_add(&hint, names->catalogue->platforms[at].name);
        gen_buf_lit(&hint, "）");
    }

    gen_writer_report(w, span, GEN_UNKNOWN_PLATFORM, GEN_WORDS(id),
                      gen_buf_slice(&hint));
    gen_buf_close(&hint);
}


bool
gen_quote_platform(const gen_writer *w, caplat_slice id, size_t at,
    size_t *platform_at)
{
    size_t  found = caplat_tariff_platform(&w->reader->catalogue->tariff, id);

    if (found == CAPLAT_ANY) {
        report_platform(w, id, gen_span_of(at, id.len));
        return false;
    }

    *platform_at = found;

    return true;
}


/* A region's code as it is written. */
static caplat_slice
region_code(const gen_writer *w, size_t region_at)
{
    gen_buf       digits = { 0 };
    caplat_slice  code;

    gen_buf_uint(&digits,
                 w->reader->catalogue->tariff.regions[region_at].code);
    code = gen_arena_copy(w->reader->scratch, gen_buf_slice(&digits));
    gen_buf_close(&digits);

    return code;
}


static void
report_city(const gen_writer *w, caplat_slice code, gen_span span)
{
    const caplat_tariff  *tariff = &w->reader->catalogue->tariff;
    caplat_slice          codes[CAPLAT_REGIONS_MAX];
    caplat_slice          near;
    gen_buf               hint = { 0 };

    for (size_t i = 0; i != tariff->region_count; i++) {
        codes[i] = region_code(w, i);
    }

    near = gen_near(code, codes, tariff->region_count);

    for (size_t i = 0; i != tariff->region_count && hint.len == 0; i++) {
        if (caplat_slice_eq(codes[i], near)) {
            gen_buf_add(&hint, near);
            gen_buf_lit(&hint, "（");
            gen_buf_add(&hint, tariff->regions[i].name);
            gen_buf_lit(&hint, "）");
        }
    }

    gen_writer_report(w, span, GEN_UNKNOWN_CITY, GEN_WORDS(code),
                      gen_buf_slice(&hint));
    gen_buf_close(&hint);
}


bool
gen_quote_city(const gen_writer *w, caplat_slice code, size_t at)
{
    const caplat_tariff  *tariff = &w->reader->catalogue->tariff;
    uint64_t              number = 0;

    if (gen_text_uint(code, UINT32_MAX, &number)) {
        for (size_t i = 0; i != tariff->region_count; i++) {
            if (tariff->regions[i].code == number) {
                return true;
            }
        }
    }

    report_city(w, code, gen_span_of(at, code.len));

    return false;
}


/* The value of "key=" in a question; false when it is not there. */
static bool
find_key(caplat_slice question, caplat_slice key, caplat_slice *value)
{
    caplat_slice  pair;
    size_t        at = 0;

    while (gen_text_item(question, '&', &at, &pair)) {
        if (gen_text_begins(pair, key)) {
            *value = gen_text_part(pair, key.len, pair.len);
            return true;
        }
    }

    return false;
}


static bool
has_key(caplat_slice question, caplat_slice key)
{
    caplat_slice  value;

    return find_key(question, key, &value);
}


static void
complete(const gen_writer *w, caplat_slice question, gen_buf *whole)
{
    gen_buf_add(whole, question);

    if (!has_key(question, CAPLAT_LIT("months="))
        && !has_key(question, CAPLAT_LIT("until=")))
    {
        gen_buf_lit(whole, "&months=12");
    }

    if (!has_key(question, CAPLAT_LIT("day="))) {
        gen_buf_lit(whole, "&day=");
        gen_buf_add(whole, w->reader->day);
    }
}


/* The id or value of a question that begins at `at`. */
static caplat_slice
word_at(caplat_slice question, size_t at)
{
    size_t  to = at < question.len ? at : question.len;
    size_t  from = to;

    while (to < question.len && question.ptr[to] != ','
           && question.ptr[to] != '&')
    {
        to++;
    }

    return gen_text_part(question, from, to);
}


/* Where a word stands within the part that asks; all of it if nowhere. */
static gen_span
span_of(const gen_writer *w, caplat_slice word, gen_span where)
{
    caplat_slice  part;
    size_t        at;

    where = gen_writer_span(w, where);
    part = gen_text_part(w->source->text, where.at, where.at + where.len);

    return gen_text_find(part, word, &at) ? gen_span_of(where.at + at, word.len)
                                          : where;
}


/* "jinzhou 已经在证书上", and the same in English. */
static void
add_refusal(gen_buf *words, caplat_slice word, caplat_slice refusal)
{
    if (word.len != 0) {
        gen_buf_add(words, word);
        gen_buf_lit(words, " ");
    }

    gen_buf_add(words, refusal);
}


static bool
refuse(const gen_writer *w, caplat_slice word, gen_span where,
    const caplat_err *err)
{
    gen_span  span = span_of(w, word, where);
    gen_buf   words = { 0 };

    if (err->code == CAPLAT_UNKNOWN_PLATFORM) {
        report_platform(w, word, span);
        return false;
    }

    add_refusal(&words, word, gen_refusal_words(err->code));
    gen_buf_lit(&words, GEN_BOTH_MARK);
    add_refusal(&words, word, gen_slice_of(caplat_code_name(err->code)));

    gen_writer_report(w, span, GEN_PRICE_REFUSED,
                      GEN_WORDS(gen_buf_slice(&words)), caplat_slice_of("", 0));
    gen_buf_close(&words);

    return false;
}


/* The platform that a refusal means, if it means one. */
static caplat_slice
refused_platform(const caplat_tariff *tariff, const caplat_question *question,
    const caplat_err *err)
{
    switch (err->code) {

    case CAPLAT_DUPLICATE:
    case CAPLAT_PLATFORM_HELD:
        return tariff->platforms[question->choice[err->at]].id;

    default:
        return caplat_slice_of("", 0);
    }
}


static bool
ask(const gen_writer *w, caplat_slice text, gen_span where,
    int64_t *total_fen)
{
    const caplat_tariff  *tariff = &w->reader->catalogue->tariff;
    caplat_question       question;
    caplat_quote          quote;
    caplat_err            err;

    if (!caplat_question_parse(tariff, text, &question, &err)) {
        return refuse(w, word_at(text, err.at), where, &err);
    }

    if (!gen_fee_quote(w->reader->catalogue, &question.certificate,
                       question.choice, question.choice_count, question.day,
                       &quote, &err))
    {
        return refuse(w, refused_platform(tariff, &question, &err), where,
                      &err);
    }

    *total_fen = quote.total_fen;

    return true;
}


bool
gen_quote_total(const gen_writer *w, caplat_slice question, gen_span where,
    int64_t *total_fen)
{
    gen_buf       whole = { 0 };
    caplat_slice  city;
    gen_span      span;
    bool          answered;

    if (find_key(question, CAPLAT_LIT("city="), &city)) {
        span = span_of(w, city, where);

        if (!gen_quote_city(w, city, span.at)) {
            return false;
        }
    }

    complete(w, question, &whole);
    answered = ask(w, gen_buf_slice(&whole), where, total_fen);
    gen_buf_close(&whole);

    return answered;
}
