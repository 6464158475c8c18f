#include "caplat_receipt.h"

#include "caplat_b64.h"
#include "caplat_hash.h"

#include <stdlib.h>


#define FIRST_LINE   CAPLAT_LIT("c2sp.org/tlog-proof@v1\n")
#define COMMITMENT   CAPLAT_LIT("order-commitment/v1\n")
#define STAGE_LEN    65536              /* bytes that are hashed at once */
#define EXTRA_MAX    (CAPLAT_RECEIPT_LEN_MAX / 4 * 3)
#define PATH_MAX     63                 /* hashes, says tlog-proof */


void
caplat_commit(const uint8_t salt[static CAPLAT_SALT_LEN], caplat_slice record,
    uint8_t entry[static CAPLAT_ENTRY_LEN])
{
    const caplat_slice  parts[] = {
        COMMITMENT, caplat_slice_of((const char *) salt, CAPLAT_SALT_LEN),
        record
    };

    caplat_sha256_parts(parts, CAPLAT_COUNT(parts), entry);
}


/*
 * The entries of as many as there is room for to lay them out, each in one
 * piece, but of one at least. Returns how many.
 */
static size_t
commit_some(caplat_commitment *list, size_t count)
{
    char                stage[STAGE_LEN];
    caplat_writer       w = caplat_writer_of(stage, sizeof(stage));
    caplat_sha256_task  tasks[CAPLAT_TOGETHER];
    size_t              n = 0;

    while (n < count) {
        caplat_commitment  *c = &list[n];
        size_t              from = w.len;

        caplat_put(&w, COMMITMENT);
        caplat_put(&w, caplat_slice_of((const char *) c->salt,
                                       CAPLAT_SALT_LEN));
        caplat_put(&w, c->record);

        if (w.full) {
            break;
        }

        tasks[n++] = (caplat_sha256_task) {
            caplat_slice_of(stage + from, w.len - from), c->entry
        };
    }

    if (n == 0) {
        caplat_commit(list->salt, list->record, list->entry);
        return 1;
    }

    caplat_sha256_all(tasks, n);

    return n;
}


void
caplat_commit_all(caplat_commitment *list, size_t count)
{
    caplat_leaf_text    texts[CAPLAT_TOGETHER];
    caplat_sha256_task  tasks[CAPLAT_TOGETHER];

    caplat_assert(count <= CAPLAT_TOGETHER);

    for (size_t n = 0; n < count;) {
        n += commit_some(list + n, count - n);
    }

    for (size_t i = 0; i < count; i++) {
        tasks[i] = (caplat_sha256_task) {
            caplat_merkle_leaf_text(
                caplat_slice_of((const char *) list[i].entry,
                                CAPLAT_ENTRY_LEN), &texts[i]),
            list[i].leaf.bytes
        };
    }

    caplat_sha256_all(tasks, count);
}


/* In pieces of whole groups, so that there is no second copy of a record. */
static void
put_b64(caplat_writer *w, const uint8_t *bytes, size_t len)
{
    char  text[CAPLAT_B64_LEN(768)];

    for (size_t at = 0; at < len; at += 768) {
        size_t  part = len - at < 768 ? len - at : 768;

        caplat_put(w, caplat_slice_of(text, caplat_b64_write(bytes + at, part,
                                                             text)));
    }
}


/* salt || record, of which the first 768 bytes are put together. */
static void
put_extra(caplat_writer *w, const uint8_t salt[static CAPLAT_SALT_LEN],
    caplat_slice record)
{
    uint8_t  head[768];
    size_t   part = sizeof(head) - CAPLAT_SALT_LEN;

    if (record.len < part) {
        part = record.len;
    }

    memcpy(head, salt, CAPLAT_SALT_LEN);
    memcpy(head + CAPLAT_SALT_LEN, record.ptr, part);
    put_b64(w, head, CAPLAT_SALT_LEN + part);
    put_b64(w, (const uint8_t *) record.ptr + part, record.len - part);
}


void
caplat_receipt_write(caplat_writer *w,
    const uint8_t salt[static CAPLAT_SALT_LEN], caplat_slice record,
    uint64_t index, const caplat_node *path, size_t count,
    caplat_slice checkpoint)
{
    caplat_assert(record.len != 0 && count <= PATH_MAX);

    caplat_put(w, FIRST_LINE);
    caplat_put(w, CAPLAT_LIT("extra "));
    put_extra(w, salt, record);
    caplat_put(w, CAPLAT_LIT("\nindex "));
    caplat_put_number(w, index);
    caplat_put(w, CAPLAT_LIT("\n"));

    for (size_t i = 0; i < count; i++) {
        put_b64(w, path[i].bytes, CAPLAT_NODE_LEN);
        caplat_put(w, CAPLAT_LIT("\n"));
    }

    caplat_put(w, CAPLAT_LIT("\n"));
    caplat_put(w, checkpoint);
}


typedef struct {
    caplat_slice   extra;               /* base64 */
    uint64_t       index;
    caplat_node    path[PATH_MAX];
    size_t         count;
    caplat_slice   note;
} parts;


static bool
take_hash(caplat_cursor *c, caplat_node *node)
{
    caplat_slice  text;
    size_t        len;

    return caplat_take_until(c, '\n', CAPLAT_B64_LEN(CAPLAT_NODE_LEN), &text)
        && caplat_b64_read(text, node->bytes, CAPLAT_NODE_LEN, &len)
        && len == CAPLAT_NODE_LEN;
}


static bool
read_parts(caplat_slice text, parts *p)
{
    caplat_cursor  c = caplat_cursor_of(text);

    if (!caplat_take_literal(&c, FIRST_LINE)
        || !caplat_take_literal(&c, CAPLAT_LIT("extra "))
        || !caplat_take_until(&c, '\n', text.len, &p->extra)
        || !caplat_take_literal(&c, CAPLAT_LIT("index "))
        || !caplat_take_uint(&c, CAPLAT_TREE_SIZE_MAX, &p->index)
        || !caplat_take_literal(&c, CAPLAT_LIT("\n")))
    {
        return false;
    }

    p->count = 0;

    while (!caplat_take_literal(&c, CAPLAT_LIT("\n"))) {
        if (p->count == PATH_MAX || !take_hash(&c, &p->path[p->count])) {
            return false;
        }

        p->count++;
    }

    return caplat_take_rest(&c, text.len, &p->note);
}


/* Whether the tree of the checkpoint holds salt || record at the index. */
static bool
is_held(const parts *p, const uint8_t *extra, size_t len,
    const caplat_checkpoint *checkpoint)
{
    uint8_t      entry[CAPLAT_ENTRY_LEN];
    caplat_node  leaf;

    caplat_commit(extra, caplat_slice_of((const char *) extra
                                         + CAPLAT_SALT_LEN,
                                         len - CAPLAT_SALT_LEN), entry);
    caplat_merkle_leaf(caplat_sha256, caplat_slice_of((const char *) entry,
                                                      sizeof(entry)), &leaf);

    return caplat_merkle_path_holds(caplat_sha256, &leaf, p->index,
        checkpoint->size, p->path, p->count, &checkpoint->root);
}


static bool
judge(const parts *p, uint8_t *extra, size_t room,
    const caplat_verifier *verifier, caplat_receipt *receipt,
    const char **why)
{
    caplat_checkpoint  checkpoint;
    size_t             len;

    if (!caplat_b64_read(p->extra, extra, room, &len)
        || len <= CAPLAT_SALT_LEN)
    {
        *why = "the receipt's record cannot be read";
        return false;
    }

    if (!caplat_checkpoint_read(p->note, verifier, &checkpoint, why)) {
        return false;
    }

    if (!is_held(p, extra, len, &checkpoint)) {
        *why = "the record is not the one that the log holds";
        return false;
    }

    len -= CAPLAT_SALT_LEN;
    memmove(extra, extra + CAPLAT_SALT_LEN, len);

    *receipt = (caplat_receipt) {
        caplat_slice_of((const char *) extra, len), p->index, checkpoint
    };

    return true;
}


bool
caplat_receipt_verify(caplat_slice text, const caplat_verifier *verifier,
    caplat_receipt *receipt, const char **why)
{
    parts     p;
    uint8_t  *extra;

    if (text.len > CAPLAT_RECEIPT_LEN_MAX) {
        *why = "the receipt is too long";
        return false;
    }

    if (!read_parts(text, &p)) {
        *why = "this is no receipt (c2sp.org/tlog-proof@v1)";
        return false;
    }

    extra = malloc(EXTRA_MAX);

    if (extra == NULL) {
        *why = "there is no memory";
        return false;
    }

    if (!judge(&p, extra, EXTRA_MAX, verifier, receipt, why)) {
        free(extra);
        return false;
    }

    return true;
}
