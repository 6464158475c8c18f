/*
 * libxml2 in our words: read a file that we name, tell its faults as ours.
 */

#ifndef GEN_XML_H
#define GEN_XML_H

#include "gen_source.h"

#include <libxml/tree.h>


/* libxml2's text as a slice; NULL is empty. */
caplat_slice gen_xml_slice(const xmlChar *text);


/*
 * Parse a source. No network, no DOCTYPE, no entities but XML's own. A fault
 * is reported as `code` with libxml2's words, and NULL is returned.
 */
xmlDoc *gen_xml_read(const gen_source *source, gen_code code,
    gen_diags *diags);

/* Where `words` first stand in the source, its start when they do not. */
gen_span gen_xml_find(const gen_source *source, caplat_slice words);

/* The words of a line from its first non-blank. Lines count from 1. */
gen_span gen_xml_line(const gen_source *source, int line);

/* Where `words` stand on the line on which a start tag ends; that line when
   they do not. */
gen_span gen_xml_at(const gen_source *source, const xmlNode *node,
    caplat_slice words);

/* An attribute's value, copied into keep; empty when it is not there. */
caplat_slice gen_xml_attribute(const xmlNode *node, const char *name,
    gen_arena *keep);

/* An element's text, blanks folded, copied into keep. */
caplat_slice gen_xml_text(const xmlNode *node, gen_arena *keep);

/* The text of the first child of that name; empty when there is none. */
caplat_slice gen_xml_child_text(const xmlNode *node, const char *name,
    gen_arena *keep);

/* How many children of that name there are. */
size_t gen_xml_count(const xmlNode *node, const char *name);

/* The next element of that name from `node` on; NULL is any name. */
const xmlNode *gen_xml_next(const xmlNode *node, const char *name);


#endif /* GEN_XML_H */
