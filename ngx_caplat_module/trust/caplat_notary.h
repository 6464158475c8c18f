/*
 * The signatures of checkpoints, verified beside whoever reads the log: one of
 * them costs as much as to read a batch. Threads of its own, as many as there
 * are other processors; without any it verifies where it is asked.
 */

#ifndef CAPLAT_NOTARY_H
#define CAPLAT_NOTARY_H

#include "caplat_note.h"


#define CAPLAT_NOTARY_MAX   64          /* notes that are under way */
#define CAPLAT_NOTARY_CREW  8           /* threads, at most */


typedef struct caplat_notary  caplat_notary;

/* Where a note stands, and the size of the tree there. */
typedef struct {
    uint64_t      segment;
    uint64_t      at;
    uint64_t      index;
} caplat_notary_spot;


/* How many threads would be of use on this machine. */
size_t caplat_notary_crew(void);

/* At most crew threads; verifier is borrowed. False: no memory. */
bool caplat_notary_open(const caplat_verifier *verifier, size_t crew,
    caplat_notary **notary);
void caplat_notary_close(caplat_notary *notary);    /* NULL too; it waits */

/*
 * Hand in the next note, of CAPLAT_CHECKPOINT_MAX bytes at most, which is
 * copied. False: one of those that were handed in is wrong, so that there is no
 * need to go on.
 */
bool caplat_notary_ask(caplat_notary *notary, caplat_slice note,
    const caplat_notary_spot *spot);

/*
 * Wait for all that was handed in.
 *
 * spot, why  on false: of the first that is wrong, in the order in which they
 *            were handed in
 */
bool caplat_notary_settle(caplat_notary *notary, caplat_notary_spot *spot,
    const char **why);


#endif /* CAPLAT_NOTARY_H */
