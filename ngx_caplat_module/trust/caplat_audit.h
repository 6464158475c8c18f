/*
 * All of a log read again and judged: each record's form, index and time, the
 * tree, each checkpoint's signature and root, tiles against the tree; and where
 * an index is given, that against the log, and with it orders against the
 * states that they may have. Memory does not grow with the log. A live server
 * may go on appending meanwhile: it is judged up to its end.
 *
 * What the folder's own `checkpoint` signs must be in the log, and in tile/.
 * Without one, as in a copy of log/ alone, nobody can tell from the folder
 * whether the log's end is missing.
 */

#ifndef CAPLAT_AUDIT_H
#define CAPLAT_AUDIT_H

#include "caplat_index_check.h"
#include "caplat_ledger.h"


/* Called for each record that holds; false ends the audit. */
typedef bool (*caplat_audit_pt)(void *data, const caplat_record *record,
    caplat_slice line);

typedef struct {
    const char               *folder;
    const caplat_verifier    *verifier;
    const caplat_checkpoint  *since;    /* kept elsewhere: the log must be
                                           consistent with it; NULL */
    caplat_audit_pt           each;     /* NULL */
    void                     *data;
    caplat_progress_pt        progress; /* NULL */
    void                     *progress_data;
    caplat_index_check       *index;    /* the folder's; NULL */
} caplat_audit_conf;

typedef struct {
    uint64_t            records;
    uint64_t            checkpoints;
    uint64_t            segments;
    uint64_t            bytes;
    uint64_t            torn;           /* bytes behind the last checkpoint */
    uint64_t            published;      /* records under the file `checkpoint`;
                                           0: there is none */
    uint64_t            indexed;        /* records that the index has, and has
                                           right */
    caplat_checkpoint   last;           /* size 0: an empty log */
} caplat_audit;


/*
 * error  on false: the first thing that is wrong, with file, byte and record
 */
bool caplat_audit_log(const caplat_audit_conf *conf, caplat_audit *audit,
    caplat_ledger_error *error);

/*
 * Open a ledger again that a failed sync has closed. As the disk has it, for
 * the page cache is dropped first: move what stands behind the last synced
 * batch to log/NAME.torn (after another boot, what is not whole), make the
 * index anew, audit all, append `ledger.reopened`, and let orders in. DAMAGED
 * where the disk lacks what was acknowledged on this boot: it stays closed, as
 * it does whatever else fails. One that is not closed is refused.
 *
 * since  the newest checkpoint that anybody has, or NULL. With it also a ledger
 *        that is not closed, whose end sectors have reached out of order when
 *        the power failed: what cannot be read behind what that checkpoint and
 *        the folder's own sign is moved away too
 */
bool caplat_ledger_reopen(const caplat_ledger_conf *conf,
    const caplat_checkpoint *since, int64_t now_ms,
    caplat_progress_pt progress, void *data, caplat_audit *audit,
    caplat_ledger_error *error);


#endif /* CAPLAT_AUDIT_H */
