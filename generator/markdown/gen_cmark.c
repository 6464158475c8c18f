#include "gen_cmark.h"

#include "gen_emph.h"


/* Before each piece, so that realloc() knows what to copy. */
typedef struct {
    size_t        len;
    max_align_t   data[];
} piece;


/* cmark's allocator has no context. */
static _Thread_local gen_arena  *room;


static void *
take(size_t len)
{
    piece  *fresh = gen_arena_take(room, sizeof(piece) + len);

    fresh->len = len;

    return fresh->data;
}


static void *
take_zeroed(size_t count, size_t size)
{
    void  *data = take(count * size);

    memset(data, 0, count * size);

    return data;
}


static void *
grow(void *data, size_t len)
{
    const piece  *old;
    void         *fresh = take(len);

    if (data != NULL) {
        old = (const piece *) ((char *) data - offsetof(piece, data));
        memcpy(fresh, data, old->len < len ? old->len : len);
    }

    return fresh;
}


static void
give_back(void *data)
{
    (void) data;
}


cmark_node *
gen_cmark_parse(gen_arena *arena, caplat_slice text)
{
    static cmark_mem  memory = { take_zeroed, grow, give_back };
    cmark_parser     *parser;

    room = arena;
    parser = cmark_parser_new_with_mem(CMARK_OPT_DEFAULT, &memory);
    gen_emph_feed(parser, text);

    return cmark_parser_finish(parser);
}
