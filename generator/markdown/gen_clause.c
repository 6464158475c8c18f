#include "gen_clause.h"

#include "caplat_money.h"
#include "gen_money.h"
#include "gen_text.h"


#define YUAN_LEN    3                   /* bytes of 元 */
#define NUMBER_LEN_MAX  32              /* bytes that an amount is looked for */
#define COUNT_MAX   1000                /* N of "N 个" */


static bool
is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}


static bool
is_number(char byte)
{
    return is_digit(byte) || byte == ',' || byte == '.';
}


/* Without a blank at the end. */
static caplat_slice
unspaced(caplat_slice text)
{
    return gen_text_ends(text, CAPLAT_LIT(" "))
           ? gen_text_part(text, 0, text.len - 1) : text;
}


/* The number with which text ends; empty when it ends otherwise. */
static caplat_slice
number_before(caplat_slice text)
{
    size_t  from = text.len;

    while (from > 0 && is_number(text.ptr[from - 1])) {
        from--;
    }

    while (from < text.len && !is_digit(text.ptr[from])) {
        from++;
    }

    if (from < text.len && !is_digit(text.ptr[text.len - 1])) {
        from = text.len;
    }

    return gen_text_part(text, from, text.len);
}


/* Where a number that ends a little before `end` begins in the source. */
static size_t
number_place(const gen_writer *w, caplat_slice number, size_t end)
{
    size_t  least = end > NUMBER_LEN_MAX + number.len
                    ? end - NUMBER_LEN_MAX - number.len : 0;

    for (size_t at = end; at > least; at--) {
        if (gen_text_ends(gen_text_part(w->source->text, 0, at), number)) {
            return at - number.len;
        }
    }

    return end;
}


void
gen_clause_yuan(gen_writer *w, size_t yuan_at)
{
    gen_clause    *clause = &w->clause;
    caplat_slice   number = number_before(unspaced(gen_buf_slice(w->text)));
    size_t         from;

    if (number.len == 0 || number.len > NUMBER_LEN_MAX
        || clause->amount_count == GEN_CLAUSE_AMOUNTS_MAX)
    {
        return;
    }

    from = number_place(w, number, yuan_at);

    clause->amounts[clause->amount_count++] = (gen_clause_amount) {
        (size_t) (number.ptr - w->text->data), w->text->len + YUAN_LEN,
        gen_money_read(number), gen_span_of(from, yuan_at + YUAN_LEN - from)
    };
}


/* N when text ends with "N 个", otherwise 1. */
static uint64_t
count_before(caplat_slice text)
{
    uint64_t  count = 1;

    text = unspaced(text);

    if (gen_text_ends(text, CAPLAT_LIT("个"))) {
        text = unspaced(gen_text_part(text, 0, text.len - 3));

        if (!gen_text_uint(number_before(text), COUNT_MAX, &count)) {
            return 1;
        }
    }

    return count;
}


void
gen_clause_named(gen_writer *w, uint32_t priced_at, size_t from, size_t to)
{
    gen_clause  *clause = &w->clause;
    uint32_t     platform = w->reader->names->priced[priced_at].platform_at;

    if (platform != GEN_NO_PLATFORM) {
        w->named[platform / 64] |= UINT64_C(1) << (platform % 64);
    }

    if (clause->name_count < GEN_CLAUSE_NAMES_MAX) {
        clause->names[clause->name_count] = (gen_clause_name) {
            from, to,
            count_before(gen_text_part(gen_buf_slice(w->text), 0, from)),
            priced_at
        };
    }

    clause->name_count++;
}


static bool
is_times(int64_t fen, int64_t price_fen, uint64_t count)
{
    int64_t  product;

    return price_fen == fen
           || (caplat_fen_mul(price_fen, (int64_t) count, &product)
               && product == fen);
}


static bool
allows(const gen_writer *w, const gen_clause_name *name, int64_t fen)
{
    const gen_priced  *base = &w->reader->names->priced[0];
    const gen_priced  *priced = &w->reader->names->priced[name->priced_at];

    if (priced->price_fen == GEN_NO_PRICE) {
        return true;
    }

    return is_times(fen, priced->price_fen, name->count)
           || (priced->covered && (fen == 0 || fen == base->price_fen));
}


static bool
is_allowed(const gen_writer *w, int64_t fen)
{
    const gen_clause  *clause = &w->clause;

    for (size_t i = 0; i < clause->name_count; i++) {
        if (allows(w, &clause->names[i], fen)) {
            return true;
        }
    }

    return false;
}


static size_t
distance(const gen_clause_name *name, const gen_clause_amount *amount)
{
    return name->to <= amount->from ? amount->from - name->to
                                    : name->from - amount->to;
}


static const gen_clause_name *
nearest(const gen_clause *clause, const gen_clause_amount *amount)
{
    const gen_clause_name  *best = &clause->names[0];

    for (size_t i = 1; i < clause->name_count; i++) {
        if (distance(&clause->names[i], amount) < distance(best, amount)) {
            best = &clause->names[i];
        }
    }

    return best;
}


/* What N of a name cost; of one, when that is more than there is. */
static int64_t
price_of(const gen_writer *w, const gen_clause_name *name)
{
    int64_t  one = w->reader->names->priced[name->priced_at].price_fen;
    int64_t  all;

    return caplat_fen_mul(one, (int64_t) name->count, &all) ? all : one;
}


static void
report(const gen_writer *w, const gen_clause_amount *amount)
{
    const gen_clause_name  *name = nearest(&w->clause, amount);
    caplat_slice            text = gen_buf_slice(w->text);
    caplat_slice            price = gen_money_words(w->reader->scratch,
                                                    price_of(w, name));

    gen_writer_report(w, amount->span, GEN_AMOUNT_WRONG,
        GEN_WORDS(gen_text_part(text, amount->from, amount->to),
                  gen_text_part(text, name->from, name->to), price), price);
}


void
gen_clause_judge(gen_writer *w)
{
    gen_clause  *clause = &w->clause;

    if (clause->name_count != 0
        && clause->name_count <= GEN_CLAUSE_NAMES_MAX)
    {
        for (size_t i = 0; i < clause->amount_count; i++) {
            if (!is_allowed(w, clause->amounts[i].fen)) {
                report(w, &clause->amounts[i]);
            }
        }
    }

    clause->amount_count = 0;
}


void
gen_clause_hold(gen_writer *w)
{
    gen_clause_end(w);
    w->clause.held = true;
}


void
gen_clause_release(gen_writer *w)
{
    w->clause.held = false;
    gen_clause_end(w);
}
