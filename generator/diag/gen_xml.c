#define _GNU_SOURCE                     /* memmem */

#include "gen_xml.h"

#include <libxml/parser.h>


caplat_slice
gen_xml_slice(const xmlChar *text)
{
    return text != NULL ? gen_slice_of((const char *) text) : CAPLAT_LIT("");
}


/* libxml2 ends its messages with a line end. */
static caplat_slice
trimmed(caplat_slice text)
{
    while (text.len != 0 && (text.ptr[text.len - 1] == '\n'
                             || text.ptr[text.len - 1] == ' '))
    {
        text.len--;
    }

    return text;
}


static void
be_silent(void *context, xmlError *error)
{
    (void) context;
    (void) error;
}


/* Behind a DOCTYPE an unknown entity is no fault to libxml2: it vanishes. */
static xmlDoc *
without_doctype(xmlDoc *doc, const gen_source *source, gen_code code,
    gen_diags *diags)
{
    if (doc == NULL || doc->intSubset == NULL) {
        return doc;
    }

    gen_report(diags, source, gen_xml_find(source, CAPLAT_LIT("<!DOCTYPE")),
               code, GEN_WORDS(GEN_BOTH("不能有 DOCTYPE 和自定的实体",
                                        "no DOCTYPE, no entities of one's "
                                        "own")),
               CAPLAT_LIT(""));
    xmlFreeDoc(doc);

    return NULL;
}


xmlDoc *
gen_xml_read(const gen_source *source, gen_code code, gen_diags *diags)
{
    xmlParserCtxt  *context = xmlNewParserCtxt();
    xmlDoc         *doc;
    caplat_slice    words;

    if (context == NULL) {
        gen_out_of_memory();
    }

    context->sax->serror = (xmlStructuredErrorFunc) be_silent;
    doc = xmlCtxtReadMemory(context, source->text.ptr,
                            (int) source->text.len, NULL, NULL,
                            XML_PARSE_NONET | XML_PARSE_BIG_LINES);

    if (doc == NULL) {
        words = trimmed(gen_slice_of(context->lastError.message != NULL
                                     ? context->lastError.message : ""));
        gen_report(diags, source,
                   gen_xml_line(source, context->lastError.line), code,
                   GEN_WORDS(words), CAPLAT_LIT(""));
    }

    xmlFreeParserCtxt(context);

    return without_doctype(doc, source, code, diags);
}


gen_span
gen_xml_find(const gen_source *source, caplat_slice words)
{
    const char  *found = words.len == 0 ? NULL
                         : memmem(source->text.ptr, source->text.len,
                                  words.ptr, words.len);

    if (found == NULL) {
        return gen_span_of(0, 0);
    }

    return gen_span_of((size_t) (found - source->text.ptr), words.len);
}


gen_span
gen_xml_line(const gen_source *source, int line)
{
    const char  *at = source->text.ptr;
    const char  *end = at + source->text.len;
    const char  *stop;

    while (--line > 0 && at != end) {
        stop = memchr(at, '\n', (size_t) (end - at));
        at = stop != NULL ? stop + 1 : end;
    }

    while (at != end && (*at == ' ' || *at == '\t')) {
        at++;
    }

    stop = at != end ? memchr(at, '\n', (size_t) (end - at)) : NULL;

    return gen_span_of((size_t) (at - source->text.ptr),
                       (size_t) ((stop != NULL ? stop : end) - at));
}


gen_span
gen_xml_at(const gen_source *source, const xmlNode *node, caplat_slice words)
{
    gen_span     line = gen_xml_line(source, (int) xmlGetLineNo(node));
    const char  *start = source->text.ptr + line.at;
    const char  *found = words.len == 0 ? NULL
                         : memmem(start, line.len, words.ptr, words.len);

    return found == NULL ? line
                         : gen_span_of(line.at + (size_t) (found - start),
                                       words.len);
}


caplat_slice
gen_xml_attribute(const xmlNode *node, const char *name, gen_arena *keep)
{
    xmlChar       *value = xmlGetNoNsProp(node, (const xmlChar *) name);
    caplat_slice   copy = gen_arena_copy(keep, gen_xml_slice(value));

    xmlFree(value);

    return copy;
}


static bool
is_blank(char byte)
{
    return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r';
}


caplat_slice
gen_xml_text(const xmlNode *node, gen_arena *keep)
{
    xmlChar       *content = xmlNodeGetContent(node);
    caplat_slice   text = gen_xml_slice(content);
    char          *folded = gen_arena_take(keep, text.len + 1);
    size_t         len = 0;

    for (size_t i = 0; i != text.len; i++) {
        if (!is_blank(text.ptr[i])) {
            folded[len++] = text.ptr[i];

        } else if (len != 0 && folded[len - 1] != ' ') {
            folded[len++] = ' ';
        }
    }

    xmlFree(content);

    return trimmed(caplat_slice_of(folded, len));
}


const xmlNode *
gen_xml_next(const xmlNode *node, const char *name)
{
    while (node != NULL
           && (node->type != XML_ELEMENT_NODE
               || (name != NULL
                   && !xmlStrEqual(node->name, (const xmlChar *) name))))
    {
        node = node->next;
    }

    return node;
}


caplat_slice
gen_xml_child_text(const xmlNode *node, const char *name, gen_arena *keep)
{
    const xmlNode  *child = gen_xml_next(node->children, name);

    return child != NULL ? gen_xml_text(child, keep) : CAPLAT_LIT("");
}


size_t
gen_xml_count(const xmlNode *node, const char *name)
{
    size_t  count = 0;

    for (const xmlNode *n = gen_xml_next(node->children, name); n != NULL;
         n = gen_xml_next(n->next, name))
    {
        count++;
    }

    return count;
}
