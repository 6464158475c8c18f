/*
 * Where a row may stand: numbers of rows, by the hash of what they are looked
 * for by, in a file that all processes of a ledger map. For names that come in
 * no order: in a tree each would go to a page of its own, which is copied to be
 * changed, and that costs ten times what is here.
 *
 * An entry is a hint. Who follows it looks whether the row is there, in its own
 * view, and whether it is the one; so nothing is ever taken out, and an entry
 * may stand there whose row was never committed. None may be missing of a row
 * that was: it is added before. One adds at a time, who holds the index's write
 * transaction; readers never wait. It may be killed at any instruction.
 *
 *   0           magic, version (8 each), key (16), bits, count, added (8 each)
 *   16 << bits  1 << bits slots: a hash (8; 0: empty) and a number (8), as they
 *               lie in this machine, from the hash's highest bits on
 *
 * A table that is three quarters full is copied behind itself, twice as large;
 * until that is whole the one of before is used.
 *
 * The hash is SipHash-2-4 under the file's key, for a name may be chosen by who
 * wants it to be slow.
 */

#ifndef CAPLAT_FINDER_H
#define CAPLAT_FINDER_H

#include "caplat_slice.h"


#define CAPLAT_FINDER_KEY_LEN   16
#define CAPLAT_FINDER_BITS_MIN  12
#define CAPLAT_FINDER_BITS_MAX  28      /* 200 million entries; 8 GB of address
                                           space are set aside for them */


typedef struct caplat_finder  caplat_finder;    /* a process's own */

/* Where one looks; zero: nowhere yet. */
typedef struct {
    uint64_t  bits;
    uint64_t  steps;
} caplat_finder_place;


/*
 * Open `finder` in a folder. Not across fork.
 *
 * may_make  nobody else uses it: what is none of this version, or not there, is
 *           made, and empty; else it is refused, and left as it is
 */
bool caplat_finder_open(const char *folder, bool may_make,
    caplat_finder **finder, const char **why);
void caplat_finder_close(caplat_finder *finder);    /* NULL too */

/* Empty it, under another key, when nobody else has it open. */
bool caplat_finder_clear(caplat_finder *finder, const char **why);

/* Its key, CAPLAT_FINDER_KEY_LEN bytes: no other finder has it. And how often
   something was added to it, which a copy of before does not know. */
caplat_slice caplat_finder_key(const caplat_finder *finder);
uint64_t caplat_finder_added(const caplat_finder *finder);

/* Never 0: its lowest bit is 1. */
uint64_t caplat_finder_hash(const caplat_finder *finder, caplat_slice name);

/* It will soon be looked for: what is far away is fetched meanwhile. */
void caplat_finder_expect(const caplat_finder *finder, uint64_t hash);

/*
 * Once more changes nothing. False: it would have to grow, and there is no room
 * for that on the disk beyond what is to stay free, or at all.
 *
 * reserve_len  bytes of the disk that are to stay free; 0: none
 */
bool caplat_finder_add(caplat_finder *finder, uint64_t hash, uint64_t number,
    uint64_t reserve_len, const char **why);

/* The next number of a hash; false: there is none. Who has begun does not learn
   of all that is added meanwhile. */
bool caplat_finder_next(const caplat_finder *finder, uint64_t hash,
    caplat_finder_place *place, uint64_t *number);


#endif /* CAPLAT_FINDER_H */
