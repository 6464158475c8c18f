#define _GNU_SOURCE                     /* memmem */

#include "gen_rates.h"

#include <stdlib.h>


/* A tariff's lists are short; the card's reader refuses what is longer. */
#define SORTED_MAX  128


/* The card as it grows; what libxml2 hands out is copied into scratch. */
typedef struct {
    gen_buf    *out;
    gen_arena   scratch;
} writer;


static caplat_slice
attribute(writer *w, const xmlNode *node, const char *name)
{
    return gen_xml_attribute(node, name, &w->scratch);
}


static void
put_words(writer *w, caplat_slice words)
{
    gen_buf_add(w->out, words);
    gen_buf_byte(w->out, ' ');
}


static void
put_attribute(writer *w, const xmlNode *node, const char *name,
    caplat_slice absent)
{
    caplat_slice  value = attribute(w, node, name);

    put_words(w, value.len != 0 ? value : absent);
}


/* The last field of a line, and its end. */
static void
put_last(writer *w, caplat_slice words)
{
    gen_buf_add(w->out, words);
    gen_buf_byte(w->out, '\n');
}


static const xmlNode *
child(const xmlNode *parent, const char *name)
{
    return parent != NULL ? gen_xml_next(parent->children, name) : NULL;
}


static int64_t
fen_of(caplat_slice digits)
{
    caplat_cursor  c = caplat_cursor_of(digits);
    uint64_t       fen = 0;

    (void) caplat_take_uint(&c, INT64_MAX, &fen);

    return (int64_t) fen;
}


/* The reason of what has a price, `{price}` filled in. */
static void
put_reason(writer *w, const xmlNode *priced)
{
    caplat_slice   form = CAPLAT_LIT("{price}");
    caplat_slice   words = attribute(w, priced, "reason");
    const char    *at = memmem(words.ptr, words.len, form.ptr, form.len);
    size_t         before;

    if (at != NULL) {
        before = (size_t) (at - words.ptr);
        gen_buf_add(w->out, caplat_slice_of(words.ptr, before));
        gen_buf_yuan(w->out, fen_of(attribute(w, priced, "price")));
        words = caplat_slice_of(at + form.len, words.len - before - form.len);
    }

    put_last(w, words);
}


static void
put_head(writer *w, const xmlNode *tariff)
{
    gen_buf_lit(w->out, "caplat-rates 1\ncard ");
    put_attribute(w, tariff, "id", CAPLAT_LIT("-"));
    put_attribute(w, tariff, "valid-from", CAPLAT_LIT("-"));

    if (attribute(w, tariff, "valid-until").len != 0) {
        put_last(w, attribute(w, tariff, "valid-until"));

    } else {
        put_last(w, CAPLAT_LIT("-"));
    }

    gen_buf_lit(w->out, "round ");
    put_last(w, attribute(w, tariff, "rounding"));
}


static void
put_prorate(writer *w, const xmlNode *prorate)
{
    gen_buf_lit(w->out, "prorate ");

    if (prorate == NULL) {
        put_last(w, CAPLAT_LIT("none"));
        return;
    }

    put_attribute(w, prorate, "unit", CAPLAT_LIT("-"));
    put_attribute(w, prorate, "of", CAPLAT_LIT("-"));
    put_attribute(w, prorate, "round", CAPLAT_LIT("-"));
    put_attribute(w, prorate, "min", CAPLAT_LIT("0"));
    put_last(w, attribute(w, prorate, "words"));
}


static void
put_base(writer *w, const xmlNode *base)
{
    const xmlNode  *covers;

    gen_buf_lit(w->out, "base ");

    if (base == NULL) {
        put_last(w, CAPLAT_LIT("none"));
        return;
    }

    put_attribute(w, base, "price", CAPLAT_LIT("-"));
    put_last(w, attribute(w, base, "name"));
    gen_buf_lit(w->out, "once ");
    put_reason(w, base);

    for (covers = child(base, "covers"); covers != NULL;
         covers = gen_xml_next(covers->next, "covers"))
    {
        gen_buf_lit(w->out, "cover ");
        put_attribute(w, covers, "class", CAPLAT_LIT("-"));
        put_attribute(w, covers, "where", CAPLAT_LIT("any"));
        put_last(w, attribute(w, covers, "reason"));
    }
}


static void
put_class(writer *w, const xmlNode *node)
{
    gen_buf_lit(w->out, "class ");
    put_attribute(w, node, "id", CAPLAT_LIT("-"));
    put_last(w, attribute(w, node, "name"));
}


static void
put_region(writer *w, const xmlNode *node)
{
    gen_buf_lit(w->out, "region ");
    put_attribute(w, node, "code", CAPLAT_LIT("-"));
    put_last(w, attribute(w, node, "name"));
}


static void
put_platform(writer *w, const xmlNode *node)
{
    gen_buf_lit(w->out, "platform ");
    put_attribute(w, node, "id", CAPLAT_LIT("-"));
    put_attribute(w, node, "class", CAPLAT_LIT("-"));
    put_attribute(w, node, "region", CAPLAT_LIT("-"));
    put_attribute(w, node, "status", CAPLAT_LIT("open"));
    put_last(w, gen_xml_text(child(node, "name"), &w->scratch));
}


static void
put_refusal(writer *w, const xmlNode *node)
{
    gen_buf_lit(w->out, "refuse vendor ");
    put_attribute(w, node, "vendor", CAPLAT_LIT("-"));
    put_last(w, attribute(w, node, "reason"));
}


static void
put_condition(writer *w, const xmlNode *rule, const char *name,
    caplat_slice key)
{
    caplat_slice  value = attribute(w, rule, name);

    if (value.len != 0) {
        gen_buf_add(w->out, key);
        gen_buf_byte(w->out, '=');
        put_words(w, value);
    }
}


static void
put_rule(writer *w, const xmlNode *rule)
{
    gen_buf_lit(w->out, "rule ");
    put_condition(w, rule, "class", CAPLAT_LIT("class"));
    put_condition(w, rule, "where", CAPLAT_LIT("region"));
    put_condition(w, rule, "platform", CAPLAT_LIT("platform"));
    put_condition(w, rule, "lock", CAPLAT_LIT("lock"));
    put_condition(w, rule, "certificate", CAPLAT_LIT("certificate"));
    put_condition(w, rule, "vendor", CAPLAT_LIT("vendor"));
    put_condition(w, rule, "from", CAPLAT_LIT("from"));
    put_condition(w, rule, "until", CAPLAT_LIT("until"));
    put_attribute(w, rule, "per", CAPLAT_LIT("flat"));
    put_attribute(w, rule, "price", CAPLAT_LIT("-"));
    put_reason(w, rule);
}


static void
put_each(writer *w, const xmlNode *parent, const char *name,
    void (*put)(writer *w, const xmlNode *node))
{
    for (const xmlNode *node = child(parent, name); node != NULL;
         node = gen_xml_next(node->next, name))
    {
        put(w, node);
    }
}


/* The same, its lines in the order of their bytes: editors need not care. */
static void
put_each_sorted(writer *w, const xmlNode *parent, const char *name,
    void (*put)(writer *w, const xmlNode *node))
{
    gen_buf       lines = { 0 };
    gen_buf      *out = w->out;
    caplat_slice  sorted[SORTED_MAX];
    size_t        count = 0;

    w->out = &lines;
    put_each(w, parent, name, put);
    w->out = out;

    caplat_cursor  c = caplat_cursor_of(gen_buf_slice(&lines));

    while (count != SORTED_MAX
           && caplat_take_until(&c, '\n', lines.len, &sorted[count]))
    {
        count++;
    }

    qsort(sorted, count, sizeof(caplat_slice), gen_by_bytes);

    for (size_t i = 0; i != count; i++) {
        put_last(w, sorted[i]);
    }

    gen_buf_close(&lines);
}


void
gen_rates_write(const xmlNode *catalogue, gen_buf *out)
{
    const xmlNode  *tariff = child(catalogue, "tariff");
    writer          w = { .out = out };

    put_head(&w, tariff);
    put_prorate(&w, child(tariff, "prorate"));
    put_base(&w, child(tariff, "base"));
    put_each(&w, catalogue, "class", put_class);
    put_each_sorted(&w, catalogue, "region", put_region);
    put_each(&w, catalogue, "platform", put_platform);
    put_each_sorted(&w, tariff, "refuse", put_refusal);
    put_each(&w, tariff, "rule", put_rule);

    gen_arena_close(&w.scratch);
}
