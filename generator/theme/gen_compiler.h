/*
 * A template while it is compiled: what gen_compile.c, which walks elements,
 * and gen_slots.c, which fills in text and attributes, hand to each other.
 */

#ifndef GEN_COMPILER_H
#define GEN_COMPILER_H

#include "gen_theme.h"
#include "gen_xml.h"


#define GEN_THEME_NS  "urn:caplat:theme"


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
} gen_compiler;


/* Where a value stands among the frames. */
typedef struct {
    size_t             level;
    size_t             slot;
    const gen_field   *field;
} gen_found;


/* Report a fault where `where` first stands in the file. */
void gen_slot_fault(gen_compiler *c, gen_code code, caplat_slice where,
    caplat_slice word);

/* The value of that name, innermost scope first. */
bool gen_slot_find(const gen_compiler *c, caplat_slice name,
    gen_found *found);

/* There is none: say so, and which one may be meant. */
void gen_slot_unknown(gen_compiler *c, caplat_slice where,
    caplat_slice name);

/* A text node, the forms in it filled in. */
void gen_slot_text(gen_compiler *c, const xmlNode *node);

void gen_slot_attribute(gen_compiler *c, const xmlAttr *attribute);

/* Whether a namespace is the theme's own. */
bool gen_slot_is_theme(const xmlNs *ns);

/* Whether a word is in a list that ends in NULL. */
bool gen_slot_is_one_of(caplat_slice word, const char *const *list);


#endif /* GEN_COMPILER_H */
