/*
 * A receipt is accepted when it is the example's, whatever others have signed
 * below it, and never otherwise. And the input is a record, of which a receipt
 * is made that is read back.
 */

#include "caplat_hash.h"
#include "caplat_receipt.h"

#include "../unit/log_example.h"

#include <stdlib.h>


#define SIZE_MAX_TRIED  4096            /* bytes of a record */


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static caplat_verifier      verifier;
static caplat_private_key  *key;


static void
open_once(void)
{
    caplat_err  err;

    if (key == NULL) {
        caplat_assert(caplat_trust_open());
        caplat_assert(caplat_private_key_read(CAPLAT_LIT(LOG_KEY), &key,
                                              &err));
        caplat_assert(caplat_verifier_read(CAPLAT_LIT(LOG_VKEY), &verifier));
    }
}


static void
check_read(caplat_slice text)
{
    caplat_receipt  receipt;
    const char     *why = NULL;
    caplat_cursor   c = caplat_cursor_of(text);

    if (!caplat_receipt_verify(text, &verifier, &receipt, &why)) {
        caplat_assert(why != NULL);
        return;
    }

    caplat_assert(caplat_take_literal(&c, CAPLAT_LIT(LOG_HEAD LOG_EXTRA
                                                     "index 2\n" LOG_PATH
                                                     "\n" LOG_TEXT "\n")));
    caplat_assert(caplat_slice_eq(receipt.record, CAPLAT_LIT(LOG_RECORD)));
    caplat_assert(receipt.index == 2 && receipt.checkpoint.size == LOG_SIZE);
    free((void *) (uintptr_t) receipt.record.ptr);
}


/* The record as one of a tree of two, left or right. */
static void
check_write(const uint8_t *data, size_t size)
{
    static char        room[3 * SIZE_MAX_TRIED];

    char               note[CAPLAT_CHECKPOINT_MAX];
    caplat_writer      w = caplat_writer_of(room, sizeof(room));
    caplat_writer      head = caplat_writer_of(note, sizeof(note));
    uint8_t            salt[CAPLAT_SALT_LEN], entry[CAPLAT_ENTRY_LEN];
    caplat_slice       record = caplat_slice_of((const char *) data, size);
    bool               is_right = data[0] & 1;
    caplat_checkpoint  checkpoint = { .size = 2 };
    caplat_node        leaf, other;
    caplat_receipt     receipt;
    const char        *why;

    memset(salt, data[size - 1], sizeof(salt));
    memset(&other, data[size / 2], sizeof(other));
    caplat_commit(salt, record, entry);
    caplat_merkle_leaf(caplat_sha256, caplat_slice_of((const char *) entry,
                                                      sizeof(entry)), &leaf);
    caplat_merkle_node(caplat_sha256, is_right ? &other : &leaf,
                       is_right ? &leaf : &other, &checkpoint.root);
    caplat_assert(caplat_checkpoint_sign(&verifier, key, &checkpoint, &head));
    caplat_receipt_write(&w, salt, record, is_right, &other, 1,
                         caplat_written(&head));

    caplat_assert(!w.full
                  && caplat_receipt_verify(caplat_written(&w), &verifier,
                                           &receipt, &why));
    caplat_assert(caplat_slice_eq(receipt.record, record));
    caplat_assert(receipt.index == is_right);
    free((void *) (uintptr_t) receipt.record.ptr);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    open_once();
    check_read(caplat_slice_of((const char *) data, size));

    if (size != 0 && size <= SIZE_MAX_TRIED) {
        check_write(data, size);
    }

    return 0;
}
