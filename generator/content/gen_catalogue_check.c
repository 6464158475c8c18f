#include "gen_catalogue_check.h"

#include "gen_text.h"

#include <stdlib.h>


typedef struct {
    caplat_slice      words;
    const xmlNode    *node;             /* where they stand */
    size_t            order;
} name;

typedef struct {
    const gen_source *source;
    gen_diags        *diags;
    gen_arena         scratch;
    name             *names;
    size_t            count;
} checker;


static void
report(checker *c, const xmlNode *node, caplat_slice where, gen_code code,
    caplat_slice word)
{
    gen_report(c->diags, c->source, gen_xml_at(c->source, node, where), code,
               GEN_WORDS(word), CAPLAT_LIT(""));
}


static void
add_name(checker *c, const xmlNode *node, caplat_slice words)
{
    c->names[c->count] = (name) { words, node, c->count };
    c->count++;
}


/* Names are attributes, and in a platform an element. */
static void
add_names(checker *c, const xmlNode *node)
{
    caplat_slice  own = gen_xml_attribute(node, "name", &c->scratch);

    if (own.len != 0) {
        add_name(c, node, own);
    }

    for (const xmlNode *n = gen_xml_next(node->children, NULL); n != NULL;
         n = gen_xml_next(n->next, NULL))
    {
        caplat_slice  element = gen_xml_slice(n->name);

        if (caplat_slice_eq(element, CAPLAT_LIT("alias"))
            || caplat_slice_eq(element, CAPLAT_LIT("name")))
        {
            add_name(c, n, gen_xml_text(n, &c->scratch));
        }
    }
}


static int
by_words(const void *a, const void *b)
{
    const name  *left = a;
    const name  *right = b;
    int          order = caplat_slice_cmp(left->words, right->words);

    return order != 0 ? order : (left->order > right->order)
                                - (left->order < right->order);
}


static void
check_names(checker *c, const xmlNode *catalogue, const xmlNode *base)
{
    size_t  room = base != NULL ? 1 + gen_xml_count(base, "alias") : 0;

    for (const xmlNode *n = gen_xml_next(catalogue->children, NULL);
         n != NULL; n = gen_xml_next(n->next, NULL))
    {
        room += 2 + gen_xml_count(n, "alias");
    }

    c->names = gen_arena_zero(&c->scratch, room, sizeof(name));

    if (base != NULL) {
        add_names(c, base);
    }

    for (const xmlNode *n = gen_xml_next(catalogue->children, NULL);
         n != NULL; n = gen_xml_next(n->next, NULL))
    {
        if (!caplat_slice_eq(gen_xml_slice(n->name), CAPLAT_LIT("region"))) {
            add_names(c, n);
        }
    }

    qsort(c->names, c->count, sizeof(name), by_words);

    for (size_t i = 1; i < c->count; i++) {
        if (caplat_slice_eq(c->names[i].words, c->names[i - 1].words)) {
            report(c, c->names[i].node, c->names[i].words,
                   GEN_CATALOGUE_TWICE, c->names[i].words);
        }
    }
}


/* One form is filled in; any other brace would be shown as it is. */
static void
check_form(checker *c, const xmlNode *node, const char *attribute,
    caplat_slice form)
{
    caplat_slice  words = gen_xml_attribute(node, attribute, &c->scratch);
    caplat_slice  before = words;
    caplat_slice  after = { "", 0 };
    size_t        at;

    (void) gen_text_cut(words, form, &before, &after);

    if (gen_text_find(before, CAPLAT_LIT("{"), &at)
        || gen_text_find(after, CAPLAT_LIT("{"), &at))
    {
        report(c, node, words, GEN_CATALOGUE_FORM, form);
    }
}


static void
check_forms(checker *c, const xmlNode *tariff)
{
    for (const xmlNode *n = gen_xml_next(tariff->children, NULL); n != NULL;
         n = gen_xml_next(n->next, NULL))
    {
        if (caplat_slice_eq(gen_xml_slice(n->name), CAPLAT_LIT("prorate"))) {
            check_form(c, n, "words", CAPLAT_LIT("{n}"));

        } else if (!caplat_slice_eq(gen_xml_slice(n->name),
                                    CAPLAT_LIT("refuse")))
        {
            check_form(c, n, "reason", CAPLAT_LIT("{price}"));
        }
    }
}


bool
gen_catalogue_check(const xmlNode *catalogue, const gen_source *source,
    gen_diags *diags)
{
    size_t          errors = diags->errors;
    const xmlNode  *tariff = gen_xml_next(catalogue->children, "tariff");
    checker         c = { .source = source, .diags = diags };

    check_names(&c, catalogue, gen_xml_next(tariff->children, "base"));
    check_forms(&c, tariff);
    gen_arena_close(&c.scratch);

    return diags->errors == errors;
}
