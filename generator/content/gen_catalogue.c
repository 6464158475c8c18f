#include "gen_catalogue.h"

#include "gen_catalogue_check.h"
#include "gen_hash.h"
#include "gen_rates.h"

#include <libxml/relaxng.h>


/* Where a validator's complaints go. */
typedef struct {
    const gen_source  *source;
    gen_diags         *diags;
    gen_code           code;
} complaints;


static void
complain(void *context, xmlError *error)
{
    complaints    *c = context;
    caplat_slice   words = gen_xml_slice((const xmlChar *) error->message);

    while (words.len != 0 && words.ptr[words.len - 1] == '\n') {
        words.len--;
    }

    gen_report(c->diags, c->source, gen_xml_line(c->source, error->line),
               c->code, GEN_WORDS(words), CAPLAT_LIT(""));
}


static xmlRelaxNG *
read_schema(const gen_source *schema, gen_diags *diags)
{
    complaints           c = { schema, diags, GEN_CATALOGUE_XML };
    xmlRelaxNGParserCtxt *context;
    xmlRelaxNG           *relaxng;

    context = xmlRelaxNGNewMemParserCtxt(schema->text.ptr,
                                         (int) schema->text.len);
    if (context == NULL) {
        gen_out_of_memory();
    }

    xmlRelaxNGSetParserStructuredErrors(context,
                                        (xmlStructuredErrorFunc) complain,
                                        &c);
    relaxng = xmlRelaxNGParse(context);
    xmlRelaxNGFreeParserCtxt(context);

    return relaxng;
}


static bool
is_valid(xmlDoc *doc, const gen_source *source, const gen_source *schema,
    gen_diags *diags)
{
    complaints            c = { source, diags, GEN_CATALOGUE_SCHEMA };
    xmlRelaxNG           *relaxng = read_schema(schema, diags);
    xmlRelaxNGValidCtxt  *context;
    bool                  valid;

    if (relaxng == NULL) {
        return false;
    }

    context = xmlRelaxNGNewValidCtxt(relaxng);
    if (context == NULL) {
        gen_out_of_memory();
    }

    xmlRelaxNGSetValidStructuredErrors(context,
                                       (xmlStructuredErrorFunc) complain, &c);
    valid = xmlRelaxNGValidateDoc(context, doc) == 0;

    xmlRelaxNGFreeValidCtxt(context);
    xmlRelaxNGFree(relaxng);

    return valid;
}


static size_t
read_aliases(const xmlNode *node, gen_arena *keep, caplat_slice **aliases)
{
    size_t  count = 0;

    *aliases = gen_arena_zero(keep, gen_xml_count(node, "alias"),
                              sizeof(caplat_slice));

    for (const xmlNode *n = gen_xml_next(node->children, "alias"); n != NULL;
         n = gen_xml_next(n->next, "alias"))
    {
        (*aliases)[count++] = gen_xml_text(n, keep);
    }

    return count;
}


static caplat_slice
platform_url(caplat_slice id, gen_arena *keep)
{
    gen_buf       url = { 0 };
    caplat_slice  copy;

    gen_buf_lit(&url, "/platform/");
    gen_buf_add(&url, id);
    gen_buf_byte(&url, '/');
    copy = gen_arena_copy(keep, gen_buf_slice(&url));
    gen_buf_close(&url);

    return copy;
}


static void
read_platforms(const xmlNode *root, gen_arena *keep, gen_catalogue *catalogue)
{
    gen_platform  *p = gen_arena_zero(keep, gen_xml_count(root, "platform"),
                                      sizeof(gen_platform));

    catalogue->platforms = p;

    for (const xmlNode *n = gen_xml_next(root->children, "platform");
         n != NULL; n = gen_xml_next(n->next, "platform"))
    {
        p->id = gen_xml_attribute(n, "id", keep);
        p->name = gen_xml_child_text(n, "name", keep);
        p->url = platform_url(p->id, keep);
        p->purpose = gen_xml_child_text(n, "purpose", keep);
        p->enrol = gen_xml_child_text(n, "enrol", keep);
        p->until = gen_xml_attribute(n, "until", keep);
        p->alias_count = read_aliases(n, keep, &p->aliases);
        p++;
    }
}


static void
read_name(const xmlNode *node, caplat_slice id, gen_arena *keep,
    gen_catalogue *catalogue)
{
    gen_tariff_name  *name = &catalogue->names[catalogue->name_count++];

    name->id = id;
    name->name = gen_xml_attribute(node, "name", keep);
    name->alias_count = read_aliases(node, keep, &name->aliases);
}


static void
read_names(const xmlNode *root, gen_arena *keep, gen_catalogue *catalogue)
{
    const xmlNode  *tariff = gen_xml_next(root->children, "tariff");
    const xmlNode  *base = gen_xml_next(tariff->children, "base");

    catalogue->names = gen_arena_zero(keep, gen_xml_count(root, "class") + 1,
                                      sizeof(gen_tariff_name));

    if (base != NULL) {
        read_name(base, CAPLAT_LIT("base"), keep, catalogue);
    }

    for (const xmlNode *n = gen_xml_next(root->children, "class"); n != NULL;
         n = gen_xml_next(n->next, "class"))
    {
        read_name(n, gen_xml_attribute(n, "id", keep), keep, catalogue);
    }
}


/* The line of the card in which a fault stands. */
static caplat_slice
line_at(caplat_slice text, size_t at)
{
    size_t  from = at;
    size_t  to = at;

    while (from != 0 && text.ptr[from - 1] != '\n') {
        from--;
    }

    while (to < text.len && text.ptr[to] != '\n') {
        to++;
    }

    return caplat_slice_of(text.ptr + from, to - from);
}


/* A card's line names its element by the second field: an id, a code. */
static caplat_slice
second_field(caplat_slice line)
{
    caplat_cursor  c = caplat_cursor_of(line);
    caplat_slice   field = { "", 0 };

    (void) (caplat_take_until(&c, ' ', line.len, &field)
            && (caplat_take_until(&c, ' ', line.len, &field)
                || caplat_take_rest(&c, line.len, &field)));

    return field;
}


static void
report_rates(const gen_source *source, caplat_slice rates,
    const caplat_err *err, gen_diags *diags)
{
    caplat_slice  line = line_at(rates, err->at);
    gen_buf       words = { 0 };

    gen_buf_add(&words, gen_slice_of(err->what));
    gen_buf_lit(&words, ": ");
    gen_buf_add(&words, gen_slice_of(caplat_code_name(err->code)));
    gen_buf_lit(&words, " (");
    gen_buf_add(&words, line);
    gen_buf_lit(&words, ")");

    gen_report(diags, source, gen_xml_find(source, second_field(line)),
               GEN_CATALOGUE_RATES, GEN_WORDS(gen_buf_slice(&words)),
               CAPLAT_LIT(""));
    gen_buf_close(&words);
}


static bool
make_card(const xmlNode *root, const gen_source *source, gen_arena *keep,
    gen_diags *diags, gen_catalogue *catalogue)
{
    gen_buf     card = { 0 };
    gen_buf     hex = { 0 };
    caplat_err  err;

    gen_rates_write(root, &card);
    catalogue->rates = gen_arena_copy(keep, gen_buf_slice(&card));
    gen_buf_close(&card);

    if (!caplat_tariff_parse(catalogue->rates, &catalogue->tariff, &err)) {
        report_rates(source, catalogue->rates, &err, diags);
        return false;
    }

    gen_hash_hex(&hex, gen_hash_sha256(catalogue->rates));
    memcpy(catalogue->rates_id, hex.data, hex.len);
    catalogue->rates_id[hex.len] = '\0';
    gen_buf_close(&hex);

    return true;
}


static bool
read_valid(xmlDoc *doc, const gen_source *source, gen_arena *keep,
    gen_diags *diags, gen_catalogue *catalogue)
{
    const xmlNode  *root = xmlDocGetRootElement(doc);

    if (!make_card(root, source, keep, diags, catalogue)
        || !gen_catalogue_check(root, source, diags))
    {
        return false;
    }

    catalogue->updated = gen_xml_attribute(root, "updated", keep);
    read_names(root, keep, catalogue);
    read_platforms(root, keep, catalogue);

    return true;
}


bool
gen_catalogue_read(caplat_slice content, gen_arena *keep, gen_diags *diags,
    gen_catalogue *catalogue)
{
    const gen_source  *source;
    const gen_source  *schema;
    xmlDoc            *doc;
    bool               done;

    *catalogue = (gen_catalogue) { 0 };

    if (!gen_source_open(content, CAPLAT_LIT("catalogue.xml"), keep,
                                diags, &source)
        || !gen_source_open(content,
                                   CAPLAT_LIT("schema/catalogue.rng"), keep,
                                   diags, &schema))
    {
        return false;
    }

    doc = gen_xml_read(source, GEN_CATALOGUE_XML, diags);
    if (doc == NULL) {
        return false;
    }

    done = is_valid(doc, source, schema, diags)
           && read_valid(doc, source, keep, diags, catalogue);
    xmlFreeDoc(doc);

    return done;
}
