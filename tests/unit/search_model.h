/*
 * What gen_search should find, found slowly: every key of every document is
 * a fact, and sorting tells the rest. Words longer than a fact's key are left
 * out.
 */

#ifndef SEARCH_MODEL_H
#define SEARCH_MODEL_H

#include "gen_mem.h"
#include "gen_text.h"

#include "test.h"

#include <stdlib.h>


#define DOCUMENTS  60
#define TEXT_MAX   400                  /* bytes of a random text */


/* A key in a document, as the slow model knows it. */
typedef struct {
    char      key[8];
    uint32_t  document;
    bool      in_title;
} fact;

static fact    facts[DOCUMENTS * TEXT_MAX * 2];
static size_t  fact_count;


/* By first character, key and document; what is in the title goes first. */
static inline int
order_facts(const void *left, const void *right)
{
    const fact  *a = left;
    const fact  *b = right;
    int          order = memcmp(a->key, b->key, sizeof(a->key));

    if (order == 0) {
        order = (a->document > b->document) - (a->document < b->document);
    }

    return order != 0 ? order : b->in_title - a->in_title;
}


static inline void
add_fact(caplat_slice key, uint32_t document, bool in_title)
{
    fact  *f = &facts[fact_count];

    if (key.len > sizeof(f->key)) {
        return;
    }

    *f = (fact) { .document = document, .in_title = in_title };

    for (size_t i = 0; i < key.len; i++) {
        char  byte = key.ptr[i];

        f->key[i] = byte == 'B' ? 'b' : byte;
    }

    fact_count++;
}


static inline bool
is_latin(const char *byte)
{
    return *byte == 'a' || *byte == 'B' || *byte == '7';
}


static inline bool
is_han(caplat_slice text, size_t at)
{
    return at + 3 <= text.len && (uint8_t) text.ptr[at] >= 0xE4
           && (uint8_t) text.ptr[at] <= 0xE9;
}


/* The same cut, done plainly. Long Latin words are left out of the model. */
static inline void
model_text(caplat_slice text, uint32_t document, bool in_title)
{
    size_t  at = 0;
    size_t  end;

    while (at < text.len) {
        if (is_latin(text.ptr + at)) {
            for (end = at; end < text.len && is_latin(text.ptr + end); end++) {
                /* to the word's end */
            }

            add_fact(gen_text_part(text, at, end), document, in_title);
            at = end;

        } else if (is_han(text, at)) {
            if (is_han(text, at + 3)) {
                add_fact(gen_text_part(text, at, at + 6), document, in_title);

            } else if (at < 3 || !is_han(text, at - 3)) {
                add_fact(gen_text_part(text, at, at + 3), document, in_title);
            }

            at += 3;

        } else {
            at += text.ptr[at] == ' ' ? 1 : 3;
        }
    }
}


/* What tell_all() should say. */
static inline void
tell_model(gen_buf *out)
{
    qsort(facts, fact_count, sizeof(fact), order_facts);

    for (size_t i = 0; i < fact_count; i++) {
        const fact  *f = &facts[i];
        bool         same_key = i != 0 && memcmp(f->key, facts[i - 1].key,
                                                 sizeof(f->key)) == 0;

        if (same_key && f->document == facts[i - 1].document) {
            continue;
        }

        if (!same_key) {
            caplat_slice  key = caplat_slice_of(f->key, sizeof(f->key));

            while (key.len != 0 && key.ptr[key.len - 1] == '\0') {
                key.len--;
            }

            gen_buf_add(out, i != 0 ? CAPLAT_LIT(" ") : CAPLAT_LIT(""));
            gen_buf_add(out, key);
        }

        gen_buf_byte(out, same_key ? ',' : ':');
        gen_buf_uint(out, f->document);
        gen_buf_add(out, f->in_title ? CAPLAT_LIT("!") : CAPLAT_LIT(""));
    }

    gen_buf_byte(out, ' ');
}


/* Leave out words that are longer than the model knows. */
static inline void
short_keys_only(gen_buf *told)
{
    caplat_slice  text = gen_buf_slice(told);
    gen_buf       kept = { 0 };
    caplat_slice  entry;
    size_t        at = 0;
    size_t        colon;

    while (gen_text_item(text, ' ', &at, &entry)) {
        if (gen_text_find(entry, CAPLAT_LIT(":"), &colon)
            && colon <= sizeof(facts[0].key))
        {
            gen_buf_add(&kept, entry);
            gen_buf_byte(&kept, ' ');
        }
    }

    gen_buf_close(told);
    *told = kept;
}


#endif /* SEARCH_MODEL_H */
