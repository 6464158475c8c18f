/*
 * A dictionary that is read, written and read again is the same, and what was
 * written once is written again to the same bytes. The lines of the input are
 * the lines of a field.
 */

#include "caplat_sfv.h"


#define READ_MAX     16384              /* bytes of an input */
#define WRITTEN_MAX  (2 * READ_MAX)     /* blanks are added behind commas */


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static void
check_bare(const caplat_sfv_bare *a, const caplat_sfv_bare *b)
{
    caplat_assert(a->type == b->type && a->number == b->number);
    caplat_assert(caplat_slice_eq(a->text, b->text));
}


static void
check_same(const caplat_sfv *a, const caplat_sfv *b)
{
    caplat_assert(a->member_count == b->member_count);
    caplat_assert(a->item_count == b->item_count);
    caplat_assert(a->param_count == b->param_count);

    for (size_t i = 0; i < a->member_count; i++) {
        const caplat_sfv_member  *x = &a->members[i];
        const caplat_sfv_member  *y = &b->members[i];

        caplat_assert(caplat_slice_eq(x->key, y->key));
        caplat_assert(x->is_list == y->is_list);
        caplat_assert(x->item_at == y->item_at);
        caplat_assert(x->item_count == y->item_count);
        caplat_assert(x->param_at == y->param_at);
        caplat_assert(x->param_count == y->param_count);
        caplat_assert(caplat_sfv_find(a, x->key) == x);
    }

    for (size_t i = 0; i < a->item_count; i++) {
        check_bare(&a->items[i].value, &b->items[i].value);
        caplat_assert(a->items[i].param_at == b->items[i].param_at);
        caplat_assert(a->items[i].param_count == b->items[i].param_count);
    }

    for (size_t i = 0; i < a->param_count; i++) {
        caplat_assert(caplat_slice_eq(a->params[i].key, b->params[i].key));
        check_bare(&a->params[i].value, &b->params[i].value);
    }
}


/* False when a line is refused, and then it is said where. */
static bool
read_lines(caplat_slice text, caplat_sfv *sfv)
{
    caplat_cursor  c = caplat_cursor_of(text);
    caplat_slice   line;
    caplat_err     err = { .code = CAPLAT_OK };

    sfv->member_count = sfv->item_count = sfv->param_count = 0;

    while (caplat_take_until(&c, '\n', text.len, &line)
           || caplat_take_rest(&c, text.len, &line))
    {
        if (!caplat_sfv_read(line, sfv, &err)) {
            caplat_assert(err.code != CAPLAT_OK && err.at <= line.len);
            return false;
        }

        if (c.at == c.end) {
            break;
        }
    }

    return true;
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static caplat_sfv  first;
    static caplat_sfv  second;
    static char        once[WRITTEN_MAX];
    static char        twice[WRITTEN_MAX];

    caplat_writer  w = caplat_writer_of(once, sizeof(once));
    caplat_writer  again = caplat_writer_of(twice, sizeof(twice));

    if (size > READ_MAX
        || !read_lines(caplat_slice_of((const char *) data, size), &first))
    {
        return 0;
    }

    caplat_sfv_put(&w, &first);
    caplat_assert(read_lines(caplat_written(&w), &second));
    check_same(&first, &second);

    caplat_sfv_put(&again, &second);
    caplat_assert(!again.full);
    caplat_assert(caplat_slice_eq(caplat_written(&w),
                                  caplat_written(&again)));

    return 0;
}
