#include "gen_mem.h"

#include "caplat_money.h"

#include <malloc.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>


#define GEN_BLOCK_LEN  (256 * 1024)     /* bytes: few system calls, little */
                                        /* slack in each thread's arenas */
#define HEAP_STEP      (1024 * 1024)    /* bytes by which the heap grows */

struct gen_block {
    gen_block    *next;
    size_t        len;                  /* bytes behind this head */
    max_align_t   data[];
};


/*
 * A heap for each thread would grow by a system call for every text of some
 * kilobytes, and would not have the room that another thread gave back.
 */
void
gen_mem_open(void)
{
    (void) mallopt(M_ARENA_MAX, 1);
    (void) mallopt(M_TOP_PAD, HEAP_STEP);
}


_Noreturn void
gen_out_of_memory(void)
{
    (void) fputs("caplat-site: out of memory\n", stderr);
    exit(EX_OSERR);
}


int
gen_by_bytes(const void *a, const void *b)
{
    return caplat_slice_cmp(*(const caplat_slice *) a,
                            *(const caplat_slice *) b);
}


static void
open_block(gen_arena *arena, size_t len)
{
    gen_block  *block = malloc(sizeof(gen_block) + len);

    if (block == NULL) {
        gen_out_of_memory();
    }

    block->len = len;
    block->next = arena->blocks;
    arena->blocks = block;
    arena->at = (char *) block->data;
    arena->end = arena->at + len;
}


void *
gen_arena_take(gen_arena *arena, size_t len)
{
    void  *taken;

    len = len != 0 ? (len + 15) & ~(size_t) 15 : 16;

    if ((size_t) (arena->end - arena->at) < len) {
        open_block(arena, len > GEN_BLOCK_LEN ? len : GEN_BLOCK_LEN);
    }

    taken = arena->at;
    arena->at += len;

    return taken;
}


void *
gen_arena_zero(gen_arena *arena, size_t count, size_t size)
{
    void  *taken = gen_arena_take(arena, count * size);

    memset(taken, 0, count * size);

    return taken;
}


caplat_slice
gen_arena_copy(gen_arena *arena, caplat_slice text)
{
    char  *copy;

    if (text.len == 0) {
        return CAPLAT_LIT("");
    }

    copy = gen_arena_take(arena, text.len);
    memcpy(copy, text.ptr, text.len);

    return caplat_slice_of(copy, text.len);
}


char *
gen_mem_copy(caplat_slice text)
{
    char  *copy = malloc(text.len + 1);

    if (copy == NULL) {
        gen_out_of_memory();
    }

    if (text.len != 0) {
        memcpy(copy, text.ptr, text.len);
    }

    return copy;
}


void
gen_arena_reset(gen_arena *arena)
{
    gen_block  *block = arena->blocks;
    size_t      len = 0;

    if (block == NULL) {
        return;
    }

    if (block->next == NULL) {
        arena->at = (char *) block->data;
        return;
    }

    /* What needed several blocks will find room in one next time. */
    for (; block != NULL; block = block->next) {
        len += block->len;
    }

    gen_arena_close(arena);
    open_block(arena, len);
}


void
gen_arena_close(gen_arena *arena)
{
    gen_block  *next;

    for (gen_block *block = arena->blocks; block != NULL; block = next) {
        next = block->next;
        free(block);
    }

    *arena = (gen_arena) { 0 };
}


void
gen_buf_grow(gen_buf *buf, size_t more)
{
    size_t   room = buf->room != 0 ? buf->room : 512;
    char    *data;

    while (room - buf->len < more) {
        room *= 2;
    }

    data = realloc(buf->data, room);
    if (data == NULL) {
        gen_out_of_memory();
    }

    buf->data = data;
    buf->room = room;
}


void
gen_buf_close(gen_buf *buf)
{
    free(buf->data);
    *buf = (gen_buf) { 0 };
}


void
gen_buf_uint(gen_buf *buf, uint64_t value)
{
    char    digits[20];
    size_t  at = sizeof(digits);

    do {
        digits[--at] = (char) ('0' + value % 10);
        value /= 10;
    } while (value != 0);

    gen_buf_add(buf, caplat_slice_of(digits + at, sizeof(digits) - at));
}


void
gen_buf_yuan(gen_buf *buf, int64_t fen)
{
    char  yuan[CAPLAT_YUAN_LEN_MAX];

    gen_buf_add(buf, caplat_slice_of(yuan, caplat_fen_yuan(fen, yuan)));
}
