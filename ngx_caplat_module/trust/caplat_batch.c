#include "caplat_ledger_inner.h"

#include "caplat_hash.h"

#include <sodium.h>


const caplat_view *
caplat_batch_view(const caplat_batch *batch)
{
    return batch->view;
}


int64_t
caplat_batch_now(const caplat_batch *batch)
{
    return batch->now_ms;
}


int64_t
caplat_batch_time(const caplat_batch *batch)
{
    return batch->time_ms;
}


int64_t
caplat_ledger_ahead(const caplat_ledger *ledger)
{
    return ledger->batch.time_ms - ledger->batch.now_ms;
}


size_t
caplat_batch_decided(const caplat_batch *batch)
{
    return batch->decided;
}


caplat_slice
caplat_batch_checkpoint(const caplat_batch *batch)
{
    return caplat_slice_of(batch->note, batch->note_len);
}


uint64_t
caplat_batch_size(const caplat_batch *batch)
{
    return batch->head.frontier.size;
}


caplat_slice
caplat_batch_line(const caplat_batch *batch, uint64_t index)
{
    uint64_t  n = index - batch->before.frontier.size;
    size_t    from;

    caplat_assert(n < batch->count);
    from = n == 0 ? 0 : (size_t) batch->ends[n - 1] + 1;

    return caplat_slice_of(batch->text.ptr + from, batch->ends[n] - from);
}


/* caplat_node_read_pt: what was complete before the batch and is asked for is
   one of the frontier's. */
static bool
read_node(void *data, unsigned level, uint64_t number, caplat_node *node)
{
    const caplat_batch     *batch = data;
    const caplat_frontier  *frontier = &batch->before.frontier;
    uint64_t                first = frontier->size >> level;

    if (number < first) {
        caplat_assert(number + 1 == first && (first & 1));
        *node = frontier->roots[level];

    } else {
        *node = batch->nodes[batch->node_at[level] + (number - first)];
    }

    return true;
}


bool
caplat_batch_path(const caplat_batch *batch, uint64_t index,
    caplat_node path[static CAPLAT_PATH_LEN_MAX], size_t *count)
{
    caplat_assert(index >= batch->before.frontier.size);

    return caplat_merkle_path(caplat_sha256, index, batch->head.frontier.size,
        read_node, (void *) (uintptr_t) batch, path, count);
}


void
caplat_batch_clear(caplat_batch *batch, caplat_ledger *ledger)
{
    size_t  at = 0;

    batch->ledger = ledger;
    batch->part = "log";
    batch->why = "a record has no room";
    batch->decided = 0;
    batch->text.len = 0;
    batch->text.full = false;
    batch->note_len = 0;
    batch->count = 0;
    batch->growth.count = 0;
    batch->growth.hash_count = 0;

    /* Room for the nodes that records can complete at each level. */

    for (size_t level = 0; level < 64; level++) {
        batch->node_at[level] = at;
        at += (level < 32 ? (size_t) CAPLAT_LINES_MAX >> level : 0) + 2;
    }

    caplat_assert(at <= CAPLAT_COUNT(batch->nodes));
}


static void
keep_nodes(caplat_batch *batch, uint64_t index, const caplat_node *leaf,
    const caplat_node *full, size_t count)
{
    for (size_t level = 0; level <= count; level++) {
        uint64_t  n = (index >> level)
                      - (batch->before.frontier.size >> level);

        batch->nodes[batch->node_at[level] + n] = level == 0
                                                  ? *leaf : full[level - 1];
    }
}


/* Random bytes that nobody sees, for many records at once: ChaCha20 of a seed
   that the kernel gives, for it gives 256 bytes a call, and each call costs as
   much as a record's hash. */
static void
take_salt(caplat_ledger *ledger, uint8_t salt[static CAPLAT_SALT_LEN])
{
    if (ledger->salts_left == 0) {
        uint8_t  seed[randombytes_SEEDBYTES];

        randombytes_buf(seed, sizeof(seed));
        randombytes_buf_deterministic(ledger->salts, sizeof(ledger->salts),
            seed);
        sodium_memzero(seed, sizeof(seed));
        ledger->salts_left = CAPLAT_LINES_MAX;
    }

    ledger->salts_left--;
    memcpy(salt, ledger->salts[ledger->salts_left], CAPLAT_SALT_LEN);
    sodium_memzero(ledger->salts[ledger->salts_left], CAPLAT_SALT_LEN);
}


static bool
add_line(caplat_batch *batch, const caplat_record *record)
{
    size_t  from = batch->text.len;

    if (batch->count == CAPLAT_LINES_MAX) {
        return false;
    }

    caplat_record_write(record, &batch->text);

    if (batch->text.full || batch->text.len - from > CAPLAT_RECORD_LEN_MAX) {
        return false;
    }

    memcpy(batch->salts[batch->count], record->salt, CAPLAT_SALT_LEN);
    batch->ends[batch->count++] = (uint32_t) batch->text.len;
    caplat_put(&batch->text, CAPLAT_LIT("\n"));

    return true;
}


bool
caplat_batch_add(caplat_batch *batch, caplat_record *record)
{
    record->index = batch->before.frontier.size + batch->count;
    record->time_ms = batch->time_ms;
    take_salt(batch->ledger, record->salt);
    caplat_view_expect(batch->view, record);

    if (!add_line(batch, record)) {
        return false;
    }

    if (!caplat_view_apply(batch->view, record, &batch->why)) {
        batch->part = "index";
        return false;
    }

    batch->head.time_ms = record->time_ms;

    return true;
}


static void
grow(caplat_batch *batch, uint64_t index, const caplat_commitment *c,
    const caplat_growing *growing)
{
    caplat_node  full[64];
    size_t       count = caplat_merkle_append(growing,
                             &batch->head.frontier, full);

    caplat_growth_add(&batch->growth, index, c->entry, &c->leaf, full, count);
    keep_nodes(batch, index, &c->leaf, full, count);
}


/* With so many lines from one on, at most CAPLAT_TOGETHER. */
static void
grow_some(caplat_batch *batch, size_t from, size_t count)
{
    uint64_t           index = batch->before.frontier.size + from;
    caplat_commitment  list[CAPLAT_TOGETHER];
    caplat_node        leaves[CAPLAT_TOGETHER];
    caplat_growing     growing;

    for (size_t i = 0; i < count; i++) {
        list[i].salt = batch->salts[from + i];
        list[i].record = caplat_batch_line(batch, index + i);
    }

    caplat_commit_all(list, count);

    for (size_t i = 0; i < count; i++) {
        leaves[i] = list[i].leaf;
    }

    caplat_merkle_grow(caplat_sha256_all, &batch->head.frontier, leaves, count,
        &growing);

    for (size_t i = 0; i < count; i++) {
        grow(batch, index + i, &list[i], &growing);
    }
}


void
caplat_batch_grow(caplat_batch *batch)
{
    for (size_t from = 0; from < batch->count; from += CAPLAT_TOGETHER) {
        size_t  left = batch->count - from;

        grow_some(batch, from, left < CAPLAT_TOGETHER ? left : CAPLAT_TOGETHER);
    }
}
