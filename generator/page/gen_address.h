/*
 * All addresses that the site will have: of its pages, and of the places in
 * them to which something may lead.
 */

#ifndef GEN_ADDRESS_H
#define GEN_ADDRESS_H

#include "gen_book.h"


typedef struct {
    uint64_t        *slots;             /* prints of the texts; 0 is free */
    size_t           mask;
    gen_buf          text;              /* one that is put together */
    const gen_book  *book;
} gen_addresses;


/* Two steps or questions with the same address are reported. */
void gen_addresses_open(gen_addresses *addresses, const gen_book *book,
    gen_diags *diags);

/* "/x/" or "/x/#y" */
bool gen_addresses_has(const gen_addresses *addresses, caplat_slice address);

/* The page, or the anchor of that page, that may be meant; empty when none is
   near. The result lives in the arena. */
caplat_slice gen_addresses_near(const gen_addresses *addresses,
    caplat_slice page, gen_arena *arena);
caplat_slice gen_addresses_near_anchor(const gen_addresses *addresses,
    caplat_slice page, caplat_slice anchor, gen_arena *arena);

void gen_addresses_close(gen_addresses *addresses);


#endif /* GEN_ADDRESS_H */
