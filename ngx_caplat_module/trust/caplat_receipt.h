/*
 * A receipt: the proof that an order's record stands in the log, which anyone
 * checks with the file and the log's vkey alone (C2SP tlog-proof).
 *
 *   c2sp.org/tlog-proof@v1 0A
 *   extra base64(salt || record) 0A
 *   index N 0A
 *   (base64 hash 0A)*        the leaf's sibling first, at most 63
 *   0A
 *   the checkpoint, a signed note
 *
 *   entry  SHA-256("order-commitment/v1\n" || salt || record): what the tree
 *          holds, so that it shows nothing of the record
 */

#ifndef CAPLAT_RECEIPT_H
#define CAPLAT_RECEIPT_H

#include "caplat_merkle.h"
#include "caplat_note.h"
#include "caplat_write.h"


#define CAPLAT_SALT_LEN          32
#define CAPLAT_RECEIPT_LEN_MAX   196608     /* bytes of one that is read */


/* The commitment to a record. */
void caplat_commit(const uint8_t salt[static CAPLAT_SALT_LEN],
    caplat_slice record, uint8_t entry[static CAPLAT_ENTRY_LEN]);

/* A record and its salt; and what caplat_commit_all makes of them. */
typedef struct {
    const uint8_t  *salt;               /* CAPLAT_SALT_LEN */
    caplat_slice    record;
    uint8_t         entry[CAPLAT_ENTRY_LEN];
    caplat_node     leaf;
} caplat_commitment;

/* Of several records at once, CAPLAT_TOGETHER at most: several times as fast as
   one by one. */
void caplat_commit_all(caplat_commitment *list, size_t count);

/*
 * Write a receipt; a writer without room is full.
 *
 * record  not empty
 * count   of hashes in the path, at most 63
 */
void caplat_receipt_write(caplat_writer *w,
    const uint8_t salt[static CAPLAT_SALT_LEN], caplat_slice record,
    uint64_t index, const caplat_node *path, size_t count,
    caplat_slice checkpoint);


/* What a receipt proves; record is malloc'ed, the caller frees record.ptr. */
typedef struct {
    caplat_slice        record;
    uint64_t            index;
    caplat_checkpoint   checkpoint;
} caplat_receipt;

/*
 * Read a receipt and verify all of it.
 *
 * why  on false: static words for a person, e.g. "the record is not the one
 *      that the log holds"
 */
bool caplat_receipt_verify(caplat_slice text, const caplat_verifier *verifier,
    caplat_receipt *receipt, const char **why);


#endif /* CAPLAT_RECEIPT_H */
