#include "gen_clause.h"

#include "caplat_money.h"
#include "gen_money.h"
#include "gen_number.h"
#include "gen_text.h"


#define COUNT_MAX   1000                /* N of "N 个" */


/* Where a number that ends a little before `end` begins in the source. */
static size_t
number_place(const gen_writer *w, caplat_slice number, size_t end)
{
    size_t  reach = GEN_NUMBER_LEN_MAX + number.len;
    size_t  least = end > reach ? end - reach : 0;

    for (size_t at = end; at > least; at--) {
        if (gen_text_ends(gen_text_part(w->source->text, 0, at), number)) {
            return at - number.len;
        }
    }

    return end;
}


static int64_t
read_fen(caplat_slice number)
{
    char  ascii[GEN_NUMBER_LEN_MAX];

    return gen_money_read(gen_number_fold(number, ascii));
}


/* Where the last amount ends; 0 when the clause has had none. */
static size_t
amounts_end(const gen_clause *clause)
{
    return clause->amount_count != 0
           ? clause->amounts[clause->amount_count - 1].to : clause->judged_to;
}


static void
add_amount(gen_writer *w, const gen_clause_amount *amount)
{
    gen_clause  *clause = &w->clause;

    if (amounts_end(clause) == 0) {
        clause->amount_leads = clause->name_count == 0;
    }

    if (clause->amount_count == GEN_CLAUSE_AMOUNTS_MAX) {
        gen_clause_judge(w);
    }

    clause->amounts[clause->amount_count++] = *amount;
}


void
gen_clause_sign(gen_writer *w, caplat_slice text, size_t sign_len, size_t at)
{
    size_t        from = w->text->len;
    size_t        blank = sign_len < text.len && text.ptr[sign_len] == ' ';
    size_t        number_at = sign_len + blank;
    caplat_slice  number = gen_number_after(gen_text_part(text, number_at,
                                                          text.len));
    size_t        len = number_at + number.len;

    if (number.len != 0) {
        add_amount(w, &(gen_clause_amount) {
            from, from + len, read_fen(number), gen_span_of(at, len)
        });
    }
}


void
gen_clause_unit(gen_writer *w, size_t unit_len, size_t at)
{
    caplat_slice  text = gen_buf_slice(w->text);
    caplat_slice  number = gen_number_before(gen_number_unspaced(text));
    size_t        number_at = (size_t) (number.ptr - text.ptr);
    size_t        from;

    /* The end of "¥50 元" says nothing new. */
    if (number.len == 0 || number_at < amounts_end(&w->clause)) {
        return;
    }

    from = number_place(w, number, at);
    add_amount(w, &(gen_clause_amount) {
        number_at, text.len + unit_len, read_fen(number),
        gen_span_of(from, at + unit_len - from)
    });
}


/* N when text ends with "N 个", otherwise 1. */
static uint64_t
count_before(caplat_slice text)
{
    uint64_t  count = 1;
    char      ascii[GEN_NUMBER_LEN_MAX];

    text = gen_number_unspaced(text);

    if (gen_text_ends(text, CAPLAT_LIT("个"))) {
        text = gen_number_unspaced(gen_text_part(text, 0, text.len - 3));
        text = gen_number_fold(gen_number_before(text), ascii);

        if (!gen_text_uint(text, COUNT_MAX, &count)) {
            return 1;
        }
    }

    return count;
}


/*
 * Judge what is held, and forget the names before the last amount: those
 * behind it may still be what the next amount is for. Where a list is longer
 * than there is room, its first name goes.
 */
static void
make_room(gen_writer *w)
{
    gen_clause  *clause = &w->clause;
    size_t       past = 0;

    gen_clause_judge(w);

    while (past < clause->name_count
           && clause->names[past].to <= clause->judged_to)
    {
        past++;
    }

    past = past != 0 ? past : 1;
    clause->name_count -= past;
    memmove(clause->names, clause->names + past,
            clause->name_count * sizeof(gen_clause_name));
}


void
gen_clause_named(gen_writer *w, uint32_t priced_at, size_t from, size_t to)
{
    gen_clause  *clause = &w->clause;
    uint32_t     platform = w->reader->names->priced[priced_at].platform_at;

    if (platform != GEN_NO_PLATFORM) {
        w->named[platform / 64] |= UINT64_C(1) << (platform % 64);
    }

    if (clause->name_count == GEN_CLAUSE_NAMES_MAX) {
        make_room(w);
    }

    clause->names[clause->name_count++] = (gen_clause_name) {
        from, to, count_before(gen_text_part(gen_buf_slice(w->text), 0, from)),
        priced_at
    };
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


/* Names that follow each other in a clause. */
typedef struct {
    const gen_clause_name  *at;
    size_t                  count;
} name_run;


static name_run
names_between(const gen_clause *clause, size_t from, size_t to)
{
    size_t  first = 0;
    size_t  last;

    while (first < clause->name_count && clause->names[first].from < from) {
        first++;
    }

    last = first;

    while (last < clause->name_count && clause->names[last].to <= to) {
        last++;
    }

    return (name_run) { clause->names + first, last - first };
}


/*
 * What an amount may be the price of: the names since the amount before it; in
 * a clause that begins with an amount those up to the next one too, as in
 * "0 元的省级平台、50 元的市级平台". Where there is none, any name.
 */
static name_run
names_of(const gen_clause *clause, size_t amount_at, size_t end)
{
    const gen_clause_amount  *amount = &clause->amounts[amount_at];
    size_t                    from = clause->judged_to;
    size_t                    to = amount->from;
    name_run                  run;

    if (amount_at > 0) {
        from = amount[-1].to;
    }

    if (clause->amount_leads) {
        to = amount_at + 1 < clause->amount_count ? amount[1].from : end;
    }

    run = names_between(clause, from, to);

    return run.count != 0 ? run : names_between(clause, 0, end);
}


static bool
is_allowed(const gen_writer *w, name_run run, int64_t fen)
{
    for (size_t i = 0; i < run.count; i++) {
        if (allows(w, &run.at[i], fen)) {
            return true;
        }
    }

    return run.count == 0;
}


static size_t
distance(const gen_clause_name *name, const gen_clause_amount *amount)
{
    return name->to <= amount->from ? amount->from - name->to
                                    : name->from - amount->to;
}


static const gen_clause_name *
nearest(name_run run, const gen_clause_amount *amount)
{
    const gen_clause_name  *best = run.at;

    for (size_t i = 1; i < run.count; i++) {
        if (distance(&run.at[i], amount) < distance(best, amount)) {
            best = &run.at[i];
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
report(const gen_writer *w, name_run run, const gen_clause_amount *amount)
{
    const gen_clause_name  *name = nearest(run, amount);
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

    for (size_t i = 0; i < clause->amount_count; i++) {
        const gen_clause_amount  *amount = &clause->amounts[i];
        name_run                  run = names_of(clause, i, w->text->len);

        if (!is_allowed(w, run, amount->fen)) {
            report(w, run, amount);
        }
    }

    clause->judged_to = amounts_end(clause);
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
