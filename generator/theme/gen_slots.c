#include "gen_compiler.h"

#include "gen_html.h"
#include "gen_text.h"


#define SCHEME_LEN_MAX  32              /* bytes: no scheme is longer */


void
gen_slot_fault(gen_compiler *c, gen_code code, caplat_slice where,
    caplat_slice word)
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


bool
gen_slot_find(const gen_compiler *c, caplat_slice name, gen_found *found)
{
    for (size_t level = c->scope_count; level-- != 0; ) {
        const gen_schema  *schema = c->scopes[level];

        for (size_t slot = 0; slot != schema->count; slot++) {
            const gen_field  *field = &schema->fields[slot];

            if (caplat_slice_eq(gen_slice_of(field->name), name)) {
                *found = (gen_found) { level, slot, field };
                return true;
            }
        }
    }

    return false;
}


void
gen_slot_unknown(gen_compiler *c, caplat_slice where, caplat_slice name)
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
put_constant(gen_compiler *c, const place *where, caplat_slice value)
{
    gen_buf  escaped = { 0 };

    where->escape(&escaped, value);
    gen_ops_literal(c->out, gen_buf_slice(&escaped));
    gen_buf_close(&escaped);
}


/* `form` is the whole "{name}". */
static void
put_value(gen_compiler *c, const place *where, caplat_slice form)
{
    caplat_slice  name = { form.ptr + 1, form.len - 2 };
    caplat_slice  constant;
    gen_found     found;

    if (gen_slot_find(c, name, &found)) {
        if (found.field->type != GEN_VALUE_TEXT) {
            gen_slot_fault(c, GEN_THEME_PLACE, form, name);
            return;
        }

        (void) gen_ops_add(c->out, (gen_op) {
            .kind = (uint8_t) where->kind, .level = (uint8_t) found.level,
            .slot = (uint16_t) found.slot,
        });

    } else if (gen_theme_constant(c->theme, name, &constant)) {
        put_constant(c, where, constant);

    } else {
        gen_slot_unknown(c, form, name);
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
put_text(gen_compiler *c, const place *where, bool keep, caplat_slice text)
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


bool
gen_slot_is_one_of(caplat_slice word, const char *const *list)
{
    while (*list != NULL && !caplat_slice_eq(gen_slice_of(*list), word)) {
        list++;
    }

    return *list != NULL;
}


void
gen_slot_text(gen_compiler *c, const xmlNode *node)
{
    gen_buf  text = { 0 };

    fold_blanks(&text, gen_xml_slice(node->content));
    put_text(c, c->json ? &in_json : &in_text, c->json,
             gen_buf_slice(&text));
    gen_buf_close(&text);
}


static bool
is_url_attribute(const xmlAttr *attribute)
{
    static const char *const  urls[] = {
        "href", "src", "action", "formaction", "poster", NULL
    };
    caplat_slice              name = gen_xml_slice(attribute->name);

    return gen_slot_is_one_of(name, urls)
           || (caplat_slice_eq(name, CAPLAT_LIT("data"))
               && caplat_slice_eq(gen_xml_slice(attribute->parent->name),
                                  CAPLAT_LIT("object")));
}


/*
 * The scheme of a URL in small letters; empty when it has none. Browsers pass
 * over blanks and control characters, wherever they stand.
 */
static caplat_slice
scheme_of(caplat_slice url, char scheme[static SCHEME_LEN_MAX])
{
    size_t  len = 0;

    for (size_t i = 0; i != url.len; i++) {
        char  byte = url.ptr[i];

        if (byte >= 0 && byte <= ' ') {
            continue;
        }

        if (byte == ':') {
            return caplat_slice_of(scheme, len);
        }

        if (byte >= 'A' && byte <= 'Z') {
            byte = (char) (byte - 'A' + 'a');
        }

        if ((!is_name_byte(byte) && byte != '+') || len == SCHEME_LEN_MAX) {
            break;
        }

        scheme[len++] = byte;
    }

    return CAPLAT_LIT("");
}


static bool
is_icon(const xmlNode *node)
{
    xmlChar  *rel = xmlGetNoNsProp(node, (const xmlChar *) "rel");
    bool      icon = caplat_slice_eq(gen_xml_slice(rel), CAPLAT_LIT("icon"))
                     && caplat_slice_eq(gen_xml_slice(node->name),
                                        CAPLAT_LIT("link"));

    xmlFree(rel);

    return icon;
}


/* Whether a literal URL is one that a page of ours may have. */
static bool
is_allowed_url(const xmlAttr *attribute, caplat_slice url)
{
    static const char *const  allowed[] = {
        "", "https", "http", "mailto", "tel", NULL
    };
    char                      room[SCHEME_LEN_MAX];
    caplat_slice              scheme = scheme_of(url, room);

    return gen_slot_is_one_of(scheme, allowed)
           || (caplat_slice_eq(scheme, CAPLAT_LIT("data"))
               && is_icon(attribute->parent));
}


/* Attributes that hold a page or a header of their own. */
static bool
is_foreign(caplat_slice name)
{
    static const char *const  names[] = { "srcdoc", "http-equiv", NULL };

    return gen_slot_is_one_of(name, names);
}


bool
gen_slot_is_theme(const xmlNs *ns)
{
    return ns != NULL && caplat_slice_eq(gen_xml_slice(ns->href),
                                         CAPLAT_LIT(GEN_THEME_NS));
}


/* ` name="value"`, only when the value is not empty. */
static void
compile_optional(gen_compiler *c, const xmlAttr *attribute,
    caplat_slice value_name)
{
    const place  *where = is_url_attribute(attribute) ? &in_url
                                                      : &in_attribute;
    caplat_slice  name = gen_xml_slice(attribute->name);
    gen_found     found;
    size_t        branch;

    if (!gen_slot_find(c, value_name, &found)
        || found.field->type != GEN_VALUE_TEXT)
    {
        gen_slot_unknown(c, value_name, value_name);
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


static bool
leads_to_page(const xmlAttr *attribute, caplat_slice value)
{
    caplat_slice  name = gen_xml_slice(attribute->name);
    caplat_slice  element = gen_xml_slice(attribute->parent->name);
    bool          leads = (caplat_slice_eq(element, CAPLAT_LIT("a"))
                           && caplat_slice_eq(name, CAPLAT_LIT("href")))
                          || (caplat_slice_eq(element, CAPLAT_LIT("form"))
                              && caplat_slice_eq(name,
                                                 CAPLAT_LIT("action")));

    return leads && gen_text_begins(value, CAPLAT_LIT("/"))
           && plain_len(value) == value.len;
}


static void
note_link(gen_compiler *c, const xmlAttr *attribute, caplat_slice value)
{
    gen_theme       *theme = c->theme;
    caplat_slice     name = gen_xml_slice(attribute->name);
    gen_theme_link  *link = gen_arena_zero(theme->keep, 1,
                                           sizeof(gen_theme_link));
    gen_buf          written = { 0 };

    gen_buf_add(&written, name);
    gen_buf_lit(&written, "=\"");
    gen_buf_add(&written, value);
    gen_buf_lit(&written, "\"");

    link->span = gen_xml_find(c->source, gen_buf_slice(&written));
    gen_buf_close(&written);

    if (link->span.len != 0) {
        link->span = gen_span_of(link->span.at + name.len + 2, value.len);
    }

    link->source = c->source;
    link->url = gen_arena_copy(theme->keep, value);
    link->next = theme->links;
    theme->links = link;
}


void
gen_slot_attribute(gen_compiler *c, const xmlAttr *attribute)
{
    caplat_slice  name = gen_xml_slice(attribute->name);
    xmlChar      *content = xmlNodeListGetString(attribute->doc,
                                                 attribute->children, 1);
    caplat_slice  value = gen_xml_slice(content);

    if (leads_to_page(attribute, value)) {
        note_link(c, attribute, value);
    }

    if (caplat_slice_eq(name, CAPLAT_LIT("style"))
        || (name.len > 2 && memcmp(name.ptr, "on", 2) == 0))
    {
        gen_slot_fault(c, GEN_THEME_STYLE, name, name);

    } else if (is_foreign(name)) {
        gen_slot_fault(c, GEN_THEME_ELEMENT, name, name);

    } else if (is_url_attribute(attribute)
               && !is_allowed_url(attribute, value))
    {
        gen_slot_fault(c, GEN_THEME_PLACE, value, value);

    } else if (gen_slot_is_theme(attribute->ns)) {
        compile_optional(c, attribute, value);

    } else {
        gen_ops_literal(c->out, CAPLAT_LIT(" "));
        if (attribute->ns != NULL) {
            gen_ops_literal(c->out, gen_xml_slice(attribute->ns->prefix));
            gen_ops_literal(c->out, CAPLAT_LIT(":"));
        }

        gen_ops_literal(c->out, name);

        if (value.len != 0) {
            gen_ops_literal(c->out, CAPLAT_LIT("=\""));
            put_text(c, is_url_attribute(attribute) ? &in_url : &in_attribute,
                     false, value);
            gen_ops_literal(c->out, CAPLAT_LIT("\""));
        }
    }

    xmlFree(content);
}
