#include "gen_price_text.h"

#include "caplat_price.h"
#include "gen_near.h"
#include "gen_refusal.h"
#include "gen_text.h"


static void
add_blanks(gen_buf *out, size_t count)
{
    while (count-- != 0) {
        gen_buf_byte(out, ' ');
    }
}


/* One row: the name flush left, the amount flush right, why. */
static void
add_row(gen_buf *out, caplat_slice name, size_t name_cells, int64_t fen,
    size_t yuan_len, caplat_slice reason)
{
    char    yuan[CAPLAT_YUAN_LEN_MAX];
    size_t  len = caplat_fen_yuan(fen, yuan);

    gen_buf_add(out, name);
    add_blanks(out, name_cells - gen_text_cells(name) + 2 + yuan_len - len);
    gen_buf_add(out, caplat_slice_of(yuan, len));
    gen_buf_lit(out, " 元");

    if (reason.len != 0) {
        gen_buf_lit(out, "  ");
        gen_buf_add(out, reason);
    }

    gen_buf_byte(out, '\n');
}


static size_t
larger(size_t a, size_t b)
{
    return a > b ? a : b;
}


void
gen_price_put_quote(const caplat_tariff *tariff, const caplat_quote *quote,
    gen_buf *out)
{
    caplat_slice  total = CAPLAT_LIT("合计");
    size_t        name_cells = gen_text_cells(total);
    size_t        yuan_len = 0;
    char          yuan[CAPLAT_YUAN_LEN_MAX];

    for (size_t i = 0; i < quote->line_count; i++) {
        const caplat_line  *line = &quote->lines[i];

        name_cells = larger(name_cells, gen_text_cells(line->name));
        yuan_len = larger(yuan_len, caplat_fen_yuan(line->fee_fen, yuan));
    }

    yuan_len = larger(yuan_len, caplat_fen_yuan(quote->total_fen, yuan));

    for (size_t i = 0; i < quote->line_count; i++) {
        const caplat_line  *line = &quote->lines[i];
        char                reason[CAPLAT_REASON_LEN_MAX];
        size_t              len = caplat_line_reason(tariff, line, reason);

        add_row(out, line->name, name_cells, line->fee_fen, yuan_len,
            caplat_slice_of(reason, len));
    }

    add_row(out, total, name_cells, quote->total_fen, yuan_len,
        CAPLAT_LIT(""));
}


/* What stands at `at` in the question: up to the next comma or key. */
static caplat_slice
word_at(caplat_slice question, size_t at)
{
    size_t  end = at;

    while (end < question.len && question.ptr[end] != ','
           && question.ptr[end] != '&')
    {
        end++;
    }

    return gen_text_part(question, at, end);
}


/* The name of a platform, or the one that was probably meant. */
static void
add_platform(const caplat_tariff *tariff, caplat_slice id, gen_buf *out)
{
    size_t        at = caplat_tariff_platform(tariff, id);
    caplat_slice  ids[CAPLAT_PLATFORMS_MAX];
    caplat_slice  near;

    if (at != CAPLAT_ANY) {
        gen_buf_lit(out, "（");
        gen_buf_add(out, tariff->platforms[at].name);
        gen_buf_lit(out, "）");
        return;
    }

    for (size_t i = 0; i < tariff->platform_count; i++) {
        ids[i] = tariff->platforms[i].id;
    }

    near = gen_near(id, ids, tariff->platform_count);

    if (near.len != 0) {
        gen_buf_lit(out, "，是不是 ");
        gen_buf_add(out, near);
        gen_buf_lit(out, "？");
    }
}


/* Why a maker's keys are refused, as the card says. */
static void
add_vendor(const caplat_tariff *tariff, caplat_slice vendor, gen_buf *out)
{
    for (size_t i = 0; i < tariff->refusal_count; i++) {
        if (caplat_slice_eq(tariff->refusals[i].vendor, vendor)) {
            gen_buf_lit(out, "：");
            gen_buf_add(out, tariff->refusals[i].reason);
        }
    }
}


/* What is known of the word that is refused. */
static void
add_more(const caplat_tariff *tariff, caplat_slice word, caplat_code code,
    gen_buf *out)
{
    switch (code) {

    case CAPLAT_UNKNOWN_PLATFORM:
    case CAPLAT_DUPLICATE:
    case CAPLAT_PLATFORM_HELD:
    case CAPLAT_PLATFORM_PAUSED:
    case CAPLAT_PLATFORM_CLOSED:
        add_platform(tariff, word, out);
        break;

    case CAPLAT_VENDOR_NOT_SERVED:
        add_vendor(tariff, word, out);
        break;

    default:
        break;
    }
}


/* The value to blame; a choice that is too much has no one to blame. */
static caplat_slice
blamed_word(caplat_slice question, const caplat_err *err)
{
    switch (err->code) {

    case CAPLAT_TOO_MANY:
    case CAPLAT_TOTAL_TOO_LARGE:
        return CAPLAT_LIT("");

    default:
        return word_at(question, err->at);
    }
}


void
gen_price_put_refusal(const caplat_tariff *tariff, caplat_slice question,
    const caplat_err *err, gen_buf *out)
{
    caplat_slice  word = blamed_word(question, err);
    caplat_slice  advice = gen_refusal_advice(err->code);

    gen_buf_lit(out, "--");
    gen_buf_add(out, gen_slice_of(err->what));

    if (word.len != 0) {
        gen_buf_byte(out, ' ');
        gen_buf_add(out, word);
    }

    gen_buf_lit(out, "：");
    gen_buf_add(out, gen_refusal_words(err->code));

    add_more(tariff, word, err->code, out);

    if (advice.len != 0) {
        gen_buf_lit(out, "。");
        gen_buf_add(out, advice);
    }

    gen_buf_byte(out, '\n');
}
