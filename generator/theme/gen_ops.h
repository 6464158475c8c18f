/*
 * A compiled template: a list of operations over literals and values.
 *
 * Values stand in frames, one for each scope: level 0 what every page has,
 * level 1 the page's own, level 2 and up the rows of the lists that surround
 * the place. A schema names the values of a frame and their types; names are
 * resolved when a template is compiled, so that rendering only copies.
 */

#ifndef GEN_OPS_H
#define GEN_OPS_H

#include "gen_mem.h"


#define GEN_LEVELS_MAX  6               /* common, page, four nested lists */


typedef enum { GEN_VALUE_TEXT, GEN_VALUE_HTML, GEN_VALUE_LIST }
    gen_value_type;

typedef struct gen_field  gen_field;


/* The values of a frame, in the order of its cells. */
typedef struct {
    const gen_field  *fields;
    size_t            count;
} gen_schema;


struct gen_field {
    const char       *name;             /* "step.title" */
    gen_value_type    type;
    const gen_schema *rows;             /* of a list */
};


/* A text's bytes, or a list's rows, each as many cells as its schema has. */
typedef struct {
    const void       *data;
    size_t            count;
} gen_value;


static inline gen_value
gen_value_text(caplat_slice text)
{
    return (gen_value) { text.ptr, text.len };
}


static inline gen_value
gen_value_rows(const gen_value *cells, size_t rows)
{
    return (gen_value) { cells, rows };
}


/* A flag is a text that is either "yes" or empty. */
static inline gen_value
gen_value_flag(bool on)
{
    return gen_value_text(on ? CAPLAT_LIT("yes") : CAPLAT_LIT(""));
}


typedef enum {
    GEN_OP_LITERAL,
    GEN_OP_TEXT,                        /* a value, escaped for its place */
    GEN_OP_ATTRIBUTE,
    GEN_OP_URL,
    GEN_OP_JSON,
    GEN_OP_HTML,                        /* cmark's output, as it is */
    GEN_OP_IF,                          /* else jump */
    GEN_OP_UNLESS,
    GEN_OP_EACH,                        /* jump past its NEXT when empty */
    GEN_OP_NEXT,                        /* jump back while rows are left */
} gen_op_kind;


typedef struct {
    uint8_t           kind;
    uint8_t           level;
    uint16_t          slot;
    uint32_t          jump;             /* an op; of a LITERAL: its offset */
    uint32_t          len;              /* of a LITERAL; NEXT: row's cells */
    uint32_t          between;          /* NEXT: bytes between two rows, */
    uint32_t          between_len;      /* an offset into the literals */
} gen_op;


typedef struct {
    gen_op           *ops;
    size_t            op_count;
    size_t            op_room;
    gen_buf           literals;
    bool              sealed;           /* a jump leads here: begin anew */
} gen_template;


/* Append an operation; returns its place. */
size_t gen_ops_add(gen_template *template, gen_op op);

/* The place of the next operation, for a jump. */
size_t gen_ops_here(gen_template *template);

/* Append text to the last literal, or begin one. */
void gen_ops_literal(gen_template *template, caplat_slice text);

/*
 * Write a page. frames[0] and frames[1] are the common and the page's cells.
 */
void gen_ops_render(const gen_template *template, const gen_value *common,
    const gen_value *page, gen_buf *out);

void gen_ops_close(gen_template *template);


#endif /* GEN_OPS_H */
