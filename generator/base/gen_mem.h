/*
 * The generator's memory: arenas that are freed whole, buffers that grow.
 *
 * A run that has no memory left cannot go on: both say so and exit with
 * EX_OSERR, so that no caller has to ask.
 */

#ifndef GEN_MEM_H
#define GEN_MEM_H

#include "caplat_slice.h"


typedef struct gen_block  gen_block;


/* Before the first thread: how the heap grows. */
void gen_mem_open(void);

/* Say so and exit: for those who allocate by themselves. */
_Noreturn void gen_out_of_memory(void);


/* A NUL-terminated string of the program's own as a slice. */
static inline caplat_slice
gen_slice_of(const char *text)
{
    const char  *end = text;

    while (*end != '\0') {
        end++;
    }

    return caplat_slice_of(text, (size_t) (end - text));
}


/* Orders slices by bytes, for qsort(). */
int gen_by_bytes(const void *a, const void *b);


/* Zero is an empty arena. One arena belongs to one thread. */
typedef struct {
    gen_block  *blocks;
    char       *at;
    char       *end;
} gen_arena;


/* Bytes aligned for any type, not cleared. Freed with the arena. */
void *gen_arena_take(gen_arena *arena, size_t len);

/* The same, cleared: `count` things of `size` bytes. */
void *gen_arena_zero(gen_arena *arena, size_t count, size_t size);

caplat_slice gen_arena_copy(gen_arena *arena, caplat_slice text);

/* A copy for free(), of what does not live as long as an arena; never NULL. */
char *gen_mem_copy(caplat_slice text);

/* Forget all that was taken; the memory stays for the next use. */
void gen_arena_reset(gen_arena *arena);

void gen_arena_close(gen_arena *arena);


/* Zero is an empty buffer. */
typedef struct {
    char    *data;
    size_t   len;
    size_t   room;
} gen_buf;


void gen_buf_grow(gen_buf *buf, size_t more);
void gen_buf_close(gen_buf *buf);


static inline caplat_slice
gen_buf_slice(const gen_buf *buf)
{
    return caplat_slice_of(buf->data, buf->len);
}


static inline void
gen_buf_add(gen_buf *buf, caplat_slice text)
{
    if (buf->room - buf->len < text.len) {
        gen_buf_grow(buf, text.len);
    }

    if (text.len != 0) {
        memcpy(buf->data + buf->len, text.ptr, text.len);
        buf->len += text.len;
    }
}


static inline void
gen_buf_byte(gen_buf *buf, char byte)
{
    if (buf->room == buf->len) {
        gen_buf_grow(buf, 1);
    }

    buf->data[buf->len++] = byte;
}


#define gen_buf_lit(buf, s)  gen_buf_add((buf), CAPLAT_LIT(s))

void gen_buf_uint(gen_buf *buf, uint64_t value);

/* Fen as yuan for people: "0", "50", "12.50"; no unit. */
void gen_buf_yuan(gen_buf *buf, int64_t fen);


#endif /* GEN_MEM_H */
