#include "gen_compiler.h"

#include <libxml/parser.h>


#define PARTS_MAX  8                    /* parts within parts */


static void compile_children(gen_compiler *c, const xmlNode *parent);


static caplat_slice
attribute_of(const xmlNode *node, const char *name)
{
    for (const xmlAttr *a = node->properties; a != NULL; a = a->next) {
        if (a->ns == NULL && a->children != NULL
            && caplat_slice_eq(gen_xml_slice(a->name), gen_slice_of(name)))
        {
            return gen_xml_slice(a->children->content);
        }
    }

    return CAPLAT_LIT("");
}


static bool
is_element(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && gen_slot_is_theme(node->ns)
           && caplat_slice_eq(gen_xml_slice(node->name), gen_slice_of(name));
}


/* <c:if has="…">, <c:if not="…"> */
static void
compile_if(gen_compiler *c, const xmlNode *node)
{
    caplat_slice  has = attribute_of(node, "has");
    caplat_slice  not = attribute_of(node, "not");
    caplat_slice  name = has.len != 0 ? has : not;
    gen_found     found;
    size_t        branch;

    if (!gen_slot_find(c, name, &found)) {
        gen_slot_unknown(c, name, name);
        return;
    }

    branch = gen_ops_add(c->out, (gen_op) {
        .kind = has.len != 0 ? GEN_OP_IF : GEN_OP_UNLESS,
        .level = (uint8_t) found.level, .slot = (uint16_t) found.slot,
    });

    compile_children(c, node);
    c->out->ops[branch].jump = (uint32_t) gen_ops_here(c->out);
}


/* <c:each of="…" sep="…"> */
static void
compile_each(gen_compiler *c, const xmlNode *node)
{
    caplat_slice  name = attribute_of(node, "of");
    caplat_slice  between = attribute_of(node, "sep");
    gen_found     found;
    size_t        each;
    size_t        first;
    uint32_t      between_at;

    if (!gen_slot_find(c, name, &found)
        || found.field->type != GEN_VALUE_LIST
        || c->scope_count == GEN_LEVELS_MAX)
    {
        gen_slot_unknown(c, name, name);
        return;
    }

    each = gen_ops_add(c->out, (gen_op) {
        .kind = GEN_OP_EACH, .level = (uint8_t) found.level,
        .slot = (uint16_t) found.slot,
    });
    first = gen_ops_here(c->out);

    c->scopes[c->scope_count++] = found.field->rows;
    compile_children(c, node);
    c->scope_count--;

    between_at = (uint32_t) c->out->literals.len;
    gen_buf_add(&c->out->literals, between);

    (void) gen_ops_add(c->out, (gen_op) {
        .kind = GEN_OP_NEXT, .jump = (uint32_t) first,
        .len = (uint32_t) found.field->rows->count,
        .between = between_at, .between_len = (uint32_t) between.len,
    });
    c->out->ops[each].jump = (uint32_t) gen_ops_here(c->out);
}


static void
compile_html(gen_compiler *c, const xmlNode *node)
{
    caplat_slice  name = attribute_of(node, "value");
    gen_found     found;

    if (!gen_slot_find(c, name, &found)) {
        gen_slot_unknown(c, name, name);

    } else if (found.field->type != GEN_VALUE_HTML) {
        gen_slot_fault(c, GEN_THEME_PLACE, name, name);

    } else {
        (void) gen_ops_add(c->out, (gen_op) {
            .kind = GEN_OP_HTML, .level = (uint8_t) found.level,
            .slot = (uint16_t) found.slot,
        });
    }
}


/* <c:slot name="…"/> takes what the page's <c:fill name="…"> has. */
static void
compile_slot(gen_compiler *c, const xmlNode *node)
{
    caplat_slice       name = attribute_of(node, "name");
    const gen_source  *source = c->source;

    if (c->page == NULL) {
        return;
    }

    for (const xmlNode *n = c->page->children; n != NULL; n = n->next) {
        if (is_element(n, "fill")
            && caplat_slice_eq(attribute_of(n, "name"), name))
        {
            c->source = c->page_source;
            compile_children(c, n);
            c->source = source;
        }
    }
}


static void
compile_part(gen_compiler *c, const xmlNode *node)
{
    caplat_slice       file = attribute_of(node, "src");
    const gen_source  *source = c->source;
    const gen_source  *part;
    xmlDoc            *doc;

    if (c->parts == PARTS_MAX
        || !gen_source_try(c->theme->folder, file, c->theme->keep, &part))
    {
        gen_slot_fault(c, GEN_THEME_FILE, file, file);
        return;
    }

    doc = gen_xml_read(part, GEN_THEME_XML, c->theme->diags);
    if (doc == NULL) {
        c->faults++;
        return;
    }

    c->parts++;
    c->source = part;
    compile_children(c, xmlDocGetRootElement(doc));
    c->source = source;
    c->parts--;
    xmlFreeDoc(doc);
}


static void
compile_inline(gen_compiler *c, const xmlNode *node)
{
    caplat_slice  file = attribute_of(node, "src");
    bool          is_style = caplat_slice_eq(gen_xml_slice(node->parent->name),
                                             CAPLAT_LIT("style"));
    caplat_slice  text;

    if (gen_theme_inline(c->theme, file, is_style, &text)) {
        gen_ops_literal(c->out, text);

    } else {
        gen_slot_fault(c, GEN_THEME_FILE, file, file);
    }
}


static void
compile_theme_element(gen_compiler *c, const xmlNode *node)
{
    static const struct {
        const char  *name;
        void       (*compile)(gen_compiler *c, const xmlNode *node);
    } elements[] = {
        { "if", compile_if },
        { "each", compile_each },
        { "html", compile_html },
        { "slot", compile_slot },
        { "part", compile_part },
        { "inline", compile_inline },
    };

    for (size_t i = 0; i != sizeof(elements) / sizeof(elements[0]); i++) {
        if (is_element(node, elements[i].name)) {
            elements[i].compile(c, node);
            return;
        }
    }

    gen_slot_fault(c, GEN_THEME_ELEMENT, gen_xml_slice(node->name),
          gen_xml_slice(node->name));
}


static bool
is_void(caplat_slice name)
{
    static const char *const  names[] = {
        "area", "base", "br", "col", "hr", "img", "input", "link", "meta",
        "source", "track", "wbr", NULL
    };

    return gen_slot_is_one_of(name, names);
}


/* A script or style holds JSON, an inlined file, or nothing. */
static bool
is_allowed_script(const xmlNode *node, bool json)
{
    for (const xmlNode *n = node->children; n != NULL && !json; n = n->next) {
        if (!is_element(n, "inline") && !xmlIsBlankNode((xmlNode *) n)) {
            return false;
        }
    }

    return true;
}


static bool
is_json_script(const xmlNode *node)
{
    caplat_slice  type = attribute_of(node, "type");

    return caplat_slice_eq(type, CAPLAT_LIT("application/ld+json"))
           || caplat_slice_eq(type, CAPLAT_LIT("application/json"));
}


static void
compile_script(gen_compiler *c, const xmlNode *node)
{
    bool  json = is_json_script(node);

    if (!is_allowed_script(node, json)) {
        gen_slot_fault(c, GEN_THEME_SCRIPT, gen_xml_slice(node->name),
              gen_xml_slice(node->name));
        return;
    }

    c->json = json;

    for (const xmlNode *n = node->children; n != NULL; n = n->next) {
        if (n->type == XML_ELEMENT_NODE) {
            compile_theme_element(c, n);

        } else if (json && n->type == XML_TEXT_NODE) {
            gen_slot_text(c, n);
        }
    }

    c->json = false;
}


static void
compile_element(gen_compiler *c, const xmlNode *node)
{
    caplat_slice  name = gen_xml_slice(node->name);

    if (gen_slot_is_theme(node->ns)) {
        compile_theme_element(c, node);
        return;
    }

    gen_ops_literal(c->out, CAPLAT_LIT("<"));
    gen_ops_literal(c->out, name);

    for (const xmlAttr *a = node->properties; a != NULL; a = a->next) {
        gen_slot_attribute(c, a);
    }

    gen_ops_literal(c->out, CAPLAT_LIT(">"));

    if (is_void(name)) {
        return;
    }

    if (caplat_slice_eq(name, CAPLAT_LIT("script"))
        || caplat_slice_eq(name, CAPLAT_LIT("style")))
    {
        compile_script(c, node);

    } else {
        compile_children(c, node);
    }

    gen_ops_literal(c->out, CAPLAT_LIT("</"));
    gen_ops_literal(c->out, name);
    gen_ops_literal(c->out, CAPLAT_LIT(">"));
}


static void
compile_children(gen_compiler *c, const xmlNode *parent)
{
    for (const xmlNode *n = parent->children; n != NULL; n = n->next) {
        if (n->type == XML_ELEMENT_NODE) {
            compile_element(c, n);

        } else if (n->type == XML_TEXT_NODE
                   || n->type == XML_CDATA_SECTION_NODE)
        {
            gen_slot_text(c, n);
        }
    }
}


static xmlDoc *
read_template(gen_theme *theme, caplat_slice file, const gen_source **source)
{
    if (!gen_source_open(theme->folder, file, theme->keep,
                                theme->diags, source))
    {
        return NULL;
    }

    return gen_xml_read(*source, GEN_THEME_XML, theme->diags);
}


static void
compile_document(gen_compiler *c, const xmlDoc *doc)
{
    gen_ops_literal(c->out, CAPLAT_LIT("<!DOCTYPE html>\n"));
    compile_element(c, xmlDocGetRootElement(doc));
    gen_ops_literal(c->out, CAPLAT_LIT("\n"));
}


/* A page goes into base.html; a template with a root of <html> stands alone. */
static bool
compile_page(gen_compiler *c, const xmlDoc *page)
{
    xmlDoc  *base;

    if (!is_element(xmlDocGetRootElement(page), "page")) {
        compile_document(c, page);
        return true;
    }

    c->page = xmlDocGetRootElement(page);
    c->page_source = c->source;

    base = read_template(c->theme, CAPLAT_LIT("base.html"), &c->source);
    if (base == NULL) {
        return false;
    }

    compile_document(c, base);
    xmlFreeDoc(base);

    return true;
}


bool
gen_theme_compile(gen_theme *theme, const char *name,
    const gen_schema *common, const gen_schema *page, gen_template *template)
{
    gen_buf   file = { 0 };
    gen_compiler  c = {
        .theme = theme, .out = template,
        .scopes = { common, page }, .scope_count = 2,
    };
    xmlDoc   *doc;
    bool      done;

    *template = (gen_template) { 0 };

    gen_buf_add(&file, gen_slice_of(name));
    gen_buf_lit(&file, ".html");
    doc = read_template(theme, gen_arena_copy(theme->keep,
                                              gen_buf_slice(&file)), &c.source);
    gen_buf_close(&file);

    if (doc == NULL) {
        return false;
    }

    done = compile_page(&c, doc);
    xmlFreeDoc(doc);

    return done && c.faults == 0;
}
