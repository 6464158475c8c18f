/*
 * The things in a figure, one by one: the signs that editors write before and
 * behind their words, and the elements that they become.
 */

#ifndef GEN_ITEM_H
#define GEN_ITEM_H

#include "gen_fence.h"


#define GEN_MARK_MAX  9


/* The marks that are drawn so far. */
typedef struct {
    unsigned       drawn;               /* bit N is mark N */
    gen_span       spans[GEN_MARK_MAX + 1];
} gen_marks;


typedef struct {
    gen_words      words;
    unsigned       mark;                /* 1..9, or 0 */
    bool           on;                  /* the current one */
    bool           narrow;              /* hides when narrow */
} gen_item;


/* An item, its "!1 " taken off and noted. */
gen_item gen_item_of(gen_marks *marks, gen_words words);

/* Take a sign off the front, or "~" off the end. */
bool gen_item_take(gen_words *words, caplat_slice sign);
void gen_item_take_narrow(gen_item *thing);

/*
 * <tag class="name on opt-col hit">, as far as it is all that; its words; the
 * dot of its mark; or all of these and the closing tag.
 */
void gen_item_open(gen_writer *w, caplat_slice tag, caplat_slice name,
    const gen_item *thing);
void gen_item_words(gen_writer *w, gen_words words);
void gen_item_dot(gen_writer *w, const gen_item *thing);
void gen_item_write(gen_writer *w, caplat_slice tag, caplat_slice name,
    const gen_item *thing);


#endif /* GEN_ITEM_H */
