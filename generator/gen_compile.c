/*
 * Templates become operations. The compiler walks libxml2's tree once and
 * keeps what it knows of the place in one struct: the schemas in scope, the
 * fills of the page, whether text is JSON.
 */

#include "gen_theme.h"

#include "gen_file.h"
#include "gen_html.h"
#include "gen_xml.h"

#include <libxml/parser.h>


#define THEME_NS   "urn:caplat:theme"
#define PARTS_MAX  8                    /* parts within parts */


typedef struct {
    gen_theme         *theme;
    gen_template      *out;
    const gen_source  *source;          /* of the file that is compiled */
    const xmlNode     *page;            /* <c:page> whose fills go into slots */
    const gen_source  *page_source;
    const gen_schema  *scopes[GEN_LEVELS_MAX];
    size_t             scope_count;
    size_t             parts;           /* how deep in parts */
    bool               json;            /* inside a JSON script */
    size_t             faults;
} compiler;


typedef struct {
    size_t             level;
    size_t             slot;
    const gen_field   *field;
} found_value;


static void compile_children(compiler *c, const xmlNode *parent);


static void
fault(compiler *c, gen_code code, caplat_slice where, caplat_slice word)
{
    c->faults++;
    gen_report(c->theme->diags, c->source, gen_xml_find(c->source, where),
               code, GEN_WORDS(word), CAPLAT_LIT(""));
}


static bool
is_blank(char byte)
{
    return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r';
}


static bool
is_name_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9')
           || byte == '.' || byte == '-' || byte == '_';
}


static bool
find_value(const compiler *c, caplat_slice name, found_value *found)
{
    for (size_t level = c->scope_count; level-- != 0; ) {
        const gen_schema  *schema = c->scopes[level];

        for (size_t slot = 0; slot != schema->count; slot++) {
            const gen_field  *field = &schema->fields[slot];

            if (caplat_slice_eq(gen_slice_of(field->name), name)) {
                *found = (found_value) { level, slot, field };
                return true;
            }
        }
    }

    return false;
}


static void
unknown_value(compiler *c, caplat_slice where, caplat_slice name)
{
    caplat_slice  names[256];
    size_t        count = 0;

    for (size_t level = 0; level != c->scope_count; level++) {
        for (size_t i = 0; i != c->scopes[level]->count && count != 256; i++) {
            names[count++] = gen_slice_of(c->scopes[level]->fields[i].name);
        }
    }

    c->faults++;
    gen_report(c->theme->diags, c->source, gen_xml_find(c->source, where),
               GEN_THEME_VALUE, GEN_WORDS(name),
               gen_near(name, names, count));
}


/* What a value becomes in its place, and the same for a constant, now. */
typedef struct {
    gen_op_kind   kind;
    void        (*escape)(gen_buf *buf, caplat_slice text);
} place;

static const place  in_text = { GEN_OP_TEXT, gen_html_text };
static const place  in_attribute = { GEN_OP_ATTRIBUTE, gen_html_attribute };
static const place  in_url = { GEN_OP_URL, gen_html_url };
static const place  in_json = { GEN_OP_JSON, gen_html_json };


static void
put_constant(compiler *c, const place *where, caplat_slice value)
{
    gen_buf  escaped = { 0 };

    where->escape(&escaped, value);
    gen_ops_literal(c->out, gen_buf_slice(&escaped));
    gen_buf_close(&escaped);
}


/* `form` is the whole "{name}". */
static void
put_value(compiler *c, const place *where, caplat_slice form)
{
    caplat_slice  name = { form.ptr + 1, form.len - 2 };
    caplat_slice  constant;
    found_value   found;

    if (find_value(c, name, &found)) {
        if (found.field->type != GEN_VALUE_TEXT) {
            fault(c, GEN_THEME_PLACE, form, name);
            return;
        }

        (void) gen_ops_add(c->out, (gen_op) {
            .kind = (uint8_t) where->kind, .level = (uint8_t) found.level,
            .slot = (uint16_t) found.slot,
        });

    } else if (gen_theme_constant(c->theme, name, &constant)) {
        put_constant(c, where, constant);

    } else {
        unknown_value(c, form, name);
    }
}


/* The form "{name}" at the start of text; empty when there is none. */
static caplat_slice
take_form(caplat_slice text)
{
    size_t  len = 1;

    if (text.len < 3 || text.ptr[0] != '{' || text.ptr[1] < 'a'
        || text.ptr[1] > 'z')
    {
        return CAPLAT_LIT("");
    }

    while (len != text.len && is_name_byte(text.ptr[len])) {
        len++;
    }

    if (len == text.len || text.ptr[len] != '}') {
        return CAPLAT_LIT("");
    }

    return caplat_slice_of(text.ptr, len + 1);
}


/* How much of text stands before its first form. */
static size_t
plain_len(caplat_slice text)
{
    size_t  at = 0;

    while (at != text.len
           && take_form(caplat_slice_of(text.ptr + at, text.len - at)).len
              == 0)
    {
        at++;
    }

    return at;
}


/* Text with forms in it; the plain parts are escaped now, or kept. */
static void
put_text(compiler *c, const place *where, bool keep, caplat_slice text)
{
    while (text.len != 0) {
        caplat_slice  plain = { text.ptr, plain_len(text) };
        caplat_slice  form;

        if (keep) {
            gen_ops_literal(c->out, plain);

        } else {
            put_constant(c, where, plain);
        }

        text = caplat_slice_of(text.ptr + plain.len, text.len - plain.len);
        form = take_form(text);

        if (form.len != 0) {
            put_value(c, where, form);
            text = caplat_slice_of(text.ptr + form.len,
                                   text.len - form.len);
        }
    }
}


/* A run of blanks with a line end in it becomes one line end. */
static void
fold_blanks(gen_buf *out, caplat_slice text)
{
    for (size_t i = 0; i != text.len; ) {
        size_t  run = i;
        bool    has_line_end = false;

        while (run != text.len && is_blank(text.ptr[run])) {
            has_line_end |= text.ptr[run] == '\n';
            run++;
        }

        if (has_line_end) {
            gen_buf_byte(out, '\n');
            i = run;

        } else {
            gen_buf_byte(out, text.ptr[i++]);
        }
    }
}


static void
compile_text(compiler *c, const xmlNode *node)
{
    gen_buf  text = { 0 };

    fold_blanks(&text, gen_xml_slice(node->content));
    put_text(c, c->json ? &in_json : &in_text, c->json,
             gen_buf_slice(&text));
    gen_buf_close(&text);
}


static bool
is_one_of(caplat_slice word, const char *const *list)
{
    while (*list != NULL && !caplat_slice_eq(gen_slice_of(*list), word)) {
        list++;
    }

    return *list != NULL;
}


static bool
is_url_attribute(caplat_slice name)
{
    static const char *const  urls[] = { "href", "src", "action", NULL };

    return is_one_of(name, urls);
}


static bool
is_theme_name(const xmlNs *ns)
{
    return ns != NULL
           && caplat_slice_eq(gen_xml_slice(ns->href), CAPLAT_LIT(THEME_NS));
}


/* ` name="value"`, only when the value is not empty. */
static void
compile_optional(compiler *c, caplat_slice name, caplat_slice value_name)
{
    const place  *where = is_url_attribute(name) ? &in_url : &in_attribute;
    found_value   found;
    size_t        branch;

    if (!find_value(c, value_name, &found)
        || found.field->type != GEN_VALUE_TEXT)
    {
        unknown_value(c, value_name, value_name);
        return;
    }

    branch = gen_ops_add(c->out, (gen_op) {
        .kind = GEN_OP_IF, .level = (uint8_t) found.level,
        .slot = (uint16_t) found.slot,
    });

    gen_ops_literal(c->out, CAPLAT_LIT(" "));
    gen_ops_literal(c->out, name);
    gen_ops_literal(c->out, CAPLAT_LIT("=\""));
    (void) gen_ops_add(c->out, (gen_op) {
        .kind = (uint8_t) where->kind, .level = (uint8_t) found.level,
        .slot = (uint16_t) found.slot,
    });
    gen_ops_literal(c->out, CAPLAT_LIT("\""));

    c->out->ops[branch].jump = (uint32_t) gen_ops_here(c->out);
}


static void
compile_attribute(compiler *c, const xmlAttr *attribute)
{
    caplat_slice  name = gen_xml_slice(attribute->name);
    xmlChar      *content = xmlNodeListGetString(attribute->doc,
                                                 attribute->children, 1);
    caplat_slice  value = gen_xml_slice(content);

    if (caplat_slice_eq(name, CAPLAT_LIT("style"))
        || (name.len > 2 && memcmp(name.ptr, "on", 2) == 0))
    {
        fault(c, GEN_THEME_STYLE, name, name);

    } else if (is_theme_name(attribute->ns)) {
        compile_optional(c, name, value);

    } else {
        gen_ops_literal(c->out, CAPLAT_LIT(" "));
        if (attribute->ns != NULL) {
            gen_ops_literal(c->out, gen_xml_slice(attribute->ns->prefix));
            gen_ops_literal(c->out, CAPLAT_LIT(":"));
        }

        gen_ops_literal(c->out, name);

        if (value.len != 0) {
            gen_ops_literal(c->out, CAPLAT_LIT("=\""));
            put_text(c, is_url_attribute(name) ? &in_url : &in_attribute,
                     false, value);
            gen_ops_literal(c->out, CAPLAT_LIT("\""));
        }
    }

    xmlFree(content);
}


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
    return node->type == XML_ELEMENT_NODE && is_theme_name(node->ns)
           && caplat_slice_eq(gen_xml_slice(node->name), gen_slice_of(name));
}


/* <c:if has="…">, <c:if not="…"> */
static void
compile_if(compiler *c, const xmlNode *node)
{
    caplat_slice  has = attribute_of(node, "has");
    caplat_slice  not = attribute_of(node, "not");
    caplat_slice  name = has.len != 0 ? has : not;
    found_value   found;
    size_t        branch;

    if (!find_value(c, name, &found)) {
        unknown_value(c, name, name);
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
compile_each(compiler *c, const xmlNode *node)
{
    caplat_slice  name = attribute_of(node, "of");
    caplat_slice  between = attribute_of(node, "sep");
    found_value   found;
    size_t        each;
    size_t        first;
    uint32_t      between_at;

    if (!find_value(c, name, &found)
        || found.field->type != GEN_VALUE_LIST
        || c->scope_count == GEN_LEVELS_MAX)
    {
        unknown_value(c, name, name);
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
compile_html(compiler *c, const xmlNode *node)
{
    caplat_slice  name = attribute_of(node, "value");
    found_value   found;

    if (!find_value(c, name, &found)) {
        unknown_value(c, name, name);

    } else if (found.field->type != GEN_VALUE_HTML) {
        fault(c, GEN_THEME_PLACE, name, name);

    } else {
        (void) gen_ops_add(c->out, (gen_op) {
            .kind = GEN_OP_HTML, .level = (uint8_t) found.level,
            .slot = (uint16_t) found.slot,
        });
    }
}


/* <c:slot name="…"/> takes what the page's <c:fill name="…"> has. */
static void
compile_slot(compiler *c, const xmlNode *node)
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
compile_part(compiler *c, const xmlNode *node)
{
    caplat_slice       file = attribute_of(node, "src");
    const gen_source  *source = c->source;
    const gen_source  *part;
    xmlDoc            *doc;

    if (c->parts == PARTS_MAX
        || !gen_source_try(c->theme->folder, file, c->theme->keep, &part))
    {
        fault(c, GEN_THEME_FILE, file, file);
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
compile_inline(compiler *c, const xmlNode *node)
{
    caplat_slice  file = attribute_of(node, "src");
    bool          is_style = caplat_slice_eq(gen_xml_slice(node->parent->name),
                                             CAPLAT_LIT("style"));
    caplat_slice  text;

    if (gen_theme_inline(c->theme, file, is_style, &text)) {
        gen_ops_literal(c->out, text);

    } else {
        fault(c, GEN_THEME_FILE, file, file);
    }
}


static void
compile_theme_element(compiler *c, const xmlNode *node)
{
    static const struct {
        const char  *name;
        void       (*compile)(compiler *c, const xmlNode *node);
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

    fault(c, GEN_THEME_ELEMENT, gen_xml_slice(node->name),
          gen_xml_slice(node->name));
}


static bool
is_void(caplat_slice name)
{
    static const char *const  names[] = {
        "area", "base", "br", "col", "hr", "img", "input", "link", "meta",
        "source", "track", "wbr", NULL
    };

    return is_one_of(name, names);
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
compile_script(compiler *c, const xmlNode *node)
{
    bool  json = is_json_script(node);

    if (!is_allowed_script(node, json)) {
        fault(c, GEN_THEME_SCRIPT, gen_xml_slice(node->name),
              gen_xml_slice(node->name));
        return;
    }

    c->json = json;

    for (const xmlNode *n = node->children; n != NULL; n = n->next) {
        if (n->type == XML_ELEMENT_NODE) {
            compile_theme_element(c, n);

        } else if (json && n->type == XML_TEXT_NODE) {
            compile_text(c, n);
        }
    }

    c->json = false;
}


static void
compile_element(compiler *c, const xmlNode *node)
{
    caplat_slice  name = gen_xml_slice(node->name);

    if (is_theme_name(node->ns)) {
        compile_theme_element(c, node);
        return;
    }

    gen_ops_literal(c->out, CAPLAT_LIT("<"));
    gen_ops_literal(c->out, name);

    for (const xmlAttr *a = node->properties; a != NULL; a = a->next) {
        compile_attribute(c, a);
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
compile_children(compiler *c, const xmlNode *parent)
{
    for (const xmlNode *n = parent->children; n != NULL; n = n->next) {
        if (n->type == XML_ELEMENT_NODE) {
            compile_element(c, n);

        } else if (n->type == XML_TEXT_NODE
                   || n->type == XML_CDATA_SECTION_NODE)
        {
            compile_text(c, n);
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
compile_document(compiler *c, const xmlDoc *doc)
{
    gen_ops_literal(c->out, CAPLAT_LIT("<!DOCTYPE html>\n"));
    compile_element(c, xmlDocGetRootElement(doc));
    gen_ops_literal(c->out, CAPLAT_LIT("\n"));
}


/* A page goes into base.html; a template with a root of <html> stands alone. */
static bool
compile_page(compiler *c, const xmlDoc *page)
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
    compiler  c = {
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
