#include "caplat_replay.h"

#include "caplat_hash.h"
#include "caplat_ledger_inner.h"
#include "caplat_segment.h"

#include <stdlib.h>


#define SOON  4                         /* records before its turn that one is
                                           expected */


/* Room for one line more. */
static bool
make_room(caplat_replay_lines *lines)
{
    size_t               room = lines->room != 0 ? 2 * lines->room : 4;
    caplat_replay_line  *grown;

    if (lines->count != lines->room) {
        return true;
    }

    grown = realloc(lines->list, room * sizeof(*grown));

    if (grown == NULL) {
        return false;
    }

    lines->list = grown;
    lines->room = room;

    return true;
}


static void
is_wrong(caplat_replay_lines *lines, size_t at, const char *why)
{
    lines->at = at;
    lines->why = why;
}


static void
read_record(caplat_slice text, size_t at, caplat_replay_lines *lines)
{
    caplat_replay_line  *line;
    caplat_err           err;

    if (lines->count == CAPLAT_LINES_MAX) {
        is_wrong(lines, at, "the batch has too many records");
        return;
    }

    if (!make_room(lines)) {
        is_wrong(lines, at, "there is no memory");
        return;
    }

    line = &lines->list[lines->count];

    if (!caplat_record_read(text, &line->record, &err)) {
        is_wrong(lines, at + err.at, "this is no record");
        return;
    }

    line->text = text;
    lines->count++;
}


static void
read_all(caplat_slice text, caplat_replay_lines *lines)
{
    caplat_cursor  c = caplat_cursor_of(text);
    caplat_slice   line;
    size_t         at = 0;

    lines->text = text;
    lines->count = 0;
    lines->why = NULL;

    while (caplat_take_until(&c, '\n', text.len, &line)) {
        if (caplat_is_checkpoint_line(line)) {
            lines->checkpoint = line;
            lines->at = at;
            lines->why = lines->count != 0 ? NULL
                         : "the checkpoint has no record before it";
            return;
        }

        read_record(line, at, lines);

        if (lines->why != NULL) {
            return;
        }

        at = caplat_cursor_at(&c);
    }

    is_wrong(lines, at, "there is no checkpoint");
}


/* What the tree has of so many lines, at most CAPLAT_TOGETHER. */
static void
commit_some(caplat_replay_line *lines, size_t count)
{
    caplat_commitment  list[CAPLAT_TOGETHER];

    for (size_t i = 0; i < count; i++) {
        list[i].salt = lines[i].record.salt;
        list[i].record = lines[i].text;
    }

    caplat_commit_all(list, count);

    for (size_t i = 0; i < count; i++) {
        memcpy(lines[i].entry, list[i].entry, CAPLAT_ENTRY_LEN);
        lines[i].leaf = list[i].leaf;
    }
}


static void
commit_all(caplat_replay_lines *lines)
{
    for (size_t from = 0; from < lines->count; from += CAPLAT_TOGETHER) {
        size_t  left = lines->count - from;

        commit_some(lines->list + from,
            left < CAPLAT_TOGETHER ? left : CAPLAT_TOGETHER);
    }
}


void
caplat_replay_read(caplat_slice text, caplat_replay_lines *lines)
{
    read_all(text, lines);
    commit_all(lines);
}


void
caplat_replay_free(caplat_replay_lines *lines)
{
    free(lines->list);
    memset(lines, 0, sizeof(*lines));
}


static bool
fail(caplat_replay_fault *fault, const caplat_head *head, size_t at,
    const char *why)
{
    *fault = (caplat_replay_fault) { why, head->offset + at,
                                     head->frontier.size };

    return false;
}


static bool
replay_record(const caplat_replay_conf *conf, const caplat_replay_line *line,
    size_t at, const caplat_growing *growing, caplat_head *head,
    caplat_replay_fault *fault)
{
    const caplat_record  *record = &line->record;
    caplat_replayed       replayed;
    const char           *why = NULL;

    if (record->index != head->frontier.size) {
        return fail(fault, head, at, "the record has another index");
    }

    if (record->time_ms < head->time_ms) {
        return fail(fault, head, at, "the record is older than the one before");
    }

    replayed.line = line;
    replayed.full_count = caplat_merkle_append(growing, &head->frontier,
        replayed.full);
    head->time_ms = record->time_ms;

    if (conf->each != NULL && !conf->each(conf->data, &replayed, &why)) {
        head->frontier.size--;
        return fail(fault, head, at, why);
    }

    return true;
}


/* The hashes that the lines from one on complete, at most CAPLAT_TOGETHER. */
static void
grow(const caplat_replay_lines *lines, size_t from,
    const caplat_frontier *frontier, caplat_growing *growing)
{
    caplat_node  leaves[CAPLAT_TOGETHER];
    size_t       count = 0;

    while (count < CAPLAT_TOGETHER && from + count < lines->count) {
        leaves[count] = lines->list[from + count].leaf;
        count++;
    }

    caplat_merkle_grow(caplat_sha256_all, frontier, leaves, count, growing);
}


/* The note's checkpoint as it must be: of this size, with this root. */
static bool
replay_checkpoint(const caplat_replay_conf *conf, caplat_slice line, size_t at,
    const caplat_head *head, caplat_replay_fault *fault)
{
    char               room[CAPLAT_CHECKPOINT_MAX];
    caplat_slice       note;
    caplat_node        root;
    caplat_checkpoint  checkpoint;
    const char        *why;

    if (!caplat_checkpoint_line_read(line, room, &note)) {
        return fail(fault, head, at, "the checkpoint cannot be read");
    }

    if (conf->signatures
        ? !caplat_checkpoint_read(note, conf->verifier, &checkpoint, &why)
        : !caplat_checkpoint_parse(note, conf->verifier, &checkpoint, &why))
    {
        return fail(fault, head, at, why);
    }

    if (conf->notary != NULL
        && !caplat_notary_ask(conf->notary, note, &(caplat_notary_spot) {
                head->segment, head->offset + at, head->frontier.size
            }))
    {
        return fail(fault, head, at, "a checkpoint's signature does not hold");
    }

    caplat_merkle_root(caplat_sha256, &head->frontier, &root);

    if (checkpoint.size != head->frontier.size
        || memcmp(checkpoint.root.bytes, root.bytes, CAPLAT_NODE_LEN) != 0)
    {
        return fail(fault, head, at,
            "the records before it are not those that the checkpoint signs");
    }

    return true;
}


void
caplat_replay_blame(const caplat_levels *levels,
    const caplat_replay_lines *lines, uint64_t at, caplat_replay_fault *fault)
{
    caplat_node  was;

    if (lines->why != NULL || fault->at != at + lines->at) {
        return;
    }

    for (size_t i = 0; i < lines->count; i++) {
        const caplat_replay_line  *line = &lines->list[i];

        if (!caplat_levels_read((void *) (uintptr_t) levels, 0,
                                line->record.index, &was))
        {
            return;
        }

        if (memcmp(was.bytes, line->leaf.bytes, CAPLAT_NODE_LEN) != 0) {
            *fault = (caplat_replay_fault) {
                "the record is not the one that was hashed",
                at + (size_t) (line->text.ptr - lines->text.ptr),
                line->record.index
            };
            return;
        }
    }
}


bool
caplat_replay_batch(const caplat_replay_conf *conf,
    const caplat_replay_lines *lines, caplat_head *head,
    caplat_replay_fault *fault)
{
    caplat_growing  growing;

    for (size_t i = 0; i < lines->count; i++) {
        const caplat_replay_line  *line = &lines->list[i];

        if (i % CAPLAT_TOGETHER == 0) {
            grow(lines, i, &head->frontier, &growing);
        }

        if (!replay_record(conf, line,
                           (size_t) (line->text.ptr - lines->text.ptr),
                           &growing, head, fault))
        {
            return false;
        }
    }

    if (lines->why != NULL) {
        return fail(fault, head, lines->at, lines->why);
    }

    if (!replay_checkpoint(conf, lines->checkpoint, lines->at, head, fault)) {
        return false;
    }

    head->offset += lines->text.len;

    return true;
}


/* Where the lines stand, the checkpoint's with them. */
static bool
add_lines(caplat_view *view, const caplat_replay_lines *lines,
    const caplat_head *head, const char **why)
{
    uint32_t            ends[CAPLAT_LINES_MAX + 1];
    const caplat_lines  added = {
        head->segment, head->offset, head->frontier.size, lines->count, ends
    };

    for (size_t i = 0; i < lines->count; i++) {
        caplat_slice  text = lines->list[i].text;

        ends[i] = (uint32_t) (text.ptr + text.len - lines->text.ptr);
    }

    ends[lines->count] = (uint32_t) (lines->at + lines->checkpoint.len);

    return caplat_view_add_batch(view, &added, why);
}


bool
caplat_replay_apply(caplat_view *view, const caplat_replay_lines *lines,
    const caplat_head *head, caplat_replay_fault *fault)
{
    for (size_t i = 0; i < lines->count; i++) {
        const caplat_replay_line  *line = &lines->list[i];

        if (i + SOON < lines->count) {
            caplat_view_expect(view, &lines->list[i + SOON].record);
        }

        if (!caplat_view_apply(view, &line->record, &fault->why)) {
            fault->at = head->offset
                        + (size_t) (line->text.ptr - lines->text.ptr);
            fault->index = line->record.index;
            return false;
        }
    }

    return add_lines(view, lines, head, &fault->why)
        || fail(fault, head, lines->at, fault->why);
}
