#include "gen_ops.h"

#include "gen_html.h"

#include <stdlib.h>


typedef struct {
    const gen_value  *cells;            /* of the row that is written */
    size_t            left;             /* rows, this one too */
} gen_frame;


size_t
gen_ops_add(gen_template *template, gen_op op)
{
    if (template->op_count == template->op_room) {
        size_t   room = template->op_room != 0 ? template->op_room * 2 : 64;
        gen_op  *ops = realloc(template->ops, room * sizeof(gen_op));

        if (ops == NULL) {
            gen_out_of_memory();
        }

        template->ops = ops;
        template->op_room = room;
    }

    template->ops[template->op_count] = op;

    return template->op_count++;
}


void
gen_ops_literal(gen_template *template, caplat_slice text)
{
    gen_op  *last;

    if (text.len == 0) {
        return;
    }

    last = template->op_count != 0
           ? &template->ops[template->op_count - 1] : NULL;

    if (last != NULL && last->kind == GEN_OP_LITERAL
        && !template->sealed
        && last->jump + last->len == template->literals.len)
    {
        last->len += (uint32_t) text.len;

    } else {
        (void) gen_ops_add(template, (gen_op) {
            .kind = GEN_OP_LITERAL,
            .jump = (uint32_t) template->literals.len,
            .len = (uint32_t) text.len,
        });
    }

    template->sealed = false;
    gen_buf_add(&template->literals, text);
}


size_t
gen_ops_here(gen_template *template)
{
    template->sealed = true;

    return template->op_count;
}


static caplat_slice
text_of(const gen_value *value)
{
    return caplat_slice_of(value->data, value->count);
}


static caplat_slice
literal_of(const gen_template *template, uint32_t at, uint32_t len)
{
    return caplat_slice_of(template->literals.data + at, len);
}


void
gen_ops_render(const gen_template *template, const gen_value *common,
    const gen_value *page, gen_buf *out)
{
    gen_frame  frames[GEN_LEVELS_MAX] = { { common, 1 }, { page, 1 } };
    size_t     top = 1;
    size_t     at = 0;

    while (at != template->op_count) {
        const gen_op     *op = &template->ops[at++];
        const gen_value  *value = &frames[op->level].cells[op->slot];

        switch ((gen_op_kind) op->kind) {

        case GEN_OP_LITERAL:
            gen_buf_add(out, literal_of(template, op->jump, op->len));
            break;

        case GEN_OP_TEXT:
            gen_html_text(out, text_of(value));
            break;

        case GEN_OP_ATTRIBUTE:
            gen_html_attribute(out, text_of(value));
            break;

        case GEN_OP_URL:
            gen_html_url(out, text_of(value));
            break;

        case GEN_OP_JSON:
            gen_html_json(out, text_of(value));
            break;

        case GEN_OP_HTML:
            gen_buf_add(out, text_of(value));
            break;

        case GEN_OP_IF:
            at = value->count != 0 ? at : op->jump;
            break;

        case GEN_OP_UNLESS:
            at = value->count == 0 ? at : op->jump;
            break;

        case GEN_OP_EACH:
            if (value->count == 0) {
                at = op->jump;
                break;
            }

            frames[++top] = (gen_frame) { value->data, value->count };
            break;

        case GEN_OP_NEXT:
            if (--frames[top].left == 0) {
                top--;
                break;
            }

            frames[top].cells += op->len;
            gen_buf_add(out, literal_of(template, op->between,
                                        op->between_len));
            at = op->jump;
            break;
        }
    }

    caplat_assert(top == 1);
}


void
gen_ops_close(gen_template *template)
{
    free(template->ops);
    gen_buf_close(&template->literals);
    *template = (gen_template) { 0 };
}
