/*
 * Whether an index says what its log says: another one is made from the same
 * records, and all rows are compared, and what the finder leads to.
 *
 * The index has no checksums. A server believes it, for it is of this boot, and
 * was made from the log; a bit that has changed since is found here.
 *
 * It is looked at as it stood when this was opened, while servers go on; what
 * they change until it is closed takes new room in its file. Pages that cannot
 * be read may end the process by a signal: whoever opens this does so in one
 * that may die, and calls caplat_index_sweep then.
 */

#ifndef CAPLAT_INDEX_CHECK_H
#define CAPLAT_INDEX_CHECK_H

#include "caplat_ledger.h"
#include "caplat_replay.h"


typedef struct caplat_index_check  caplat_index_check;


/*
 * Open the index of a ledger's folder to read, and begin the other one, in that
 * folder too, where nothing of it is left once this is open.
 *
 * error  on false: there is no index of this boot, or the disk has not twice
 *        the room that it takes
 */
bool caplat_index_check_open(const char *folder, caplat_index_check **check,
    caplat_ledger_error *error);
void caplat_index_check_close(caplat_index_check *check);   /* NULL too */

/*
 * The next batch of the log, which holds. One behind what the index knew then
 * is passed over.
 *
 * before, after  the head
 * error          on false: a record cannot follow those of before
 */
bool caplat_index_check_take(caplat_index_check *check,
    const caplat_replay_lines *lines, const caplat_head *before,
    const caplat_head *after, caplat_ledger_error *error);

/*
 * All of the log has been taken.
 *
 * records  that the index knew
 * error    on false: the first row that differs, and its record
 */
bool caplat_index_check_end(caplat_index_check *check, uint64_t *records,
    caplat_ledger_error *error);


#endif /* CAPLAT_INDEX_CHECK_H */
