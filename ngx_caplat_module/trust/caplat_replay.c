#include "caplat_replay.h"

#include "caplat_hash.h"
#include "caplat_segment.h"


static bool
fail(caplat_replay_fault *fault, const caplat_head *head, size_t at,
    const char *why)
{
    *fault = (caplat_replay_fault) { why, head->offset + at,
                                     head->frontier.size };

    return false;
}


static bool
replay_record(const caplat_replay_conf *conf, caplat_slice line, size_t at,
    caplat_head *head, caplat_replay_fault *fault)
{
    caplat_record    record;
    caplat_replayed  replayed;
    caplat_err       err;
    const char      *why = NULL;

    if (!caplat_record_read(line, &record, &err)) {
        return fail(fault, head, at + err.at, "this is no record");
    }

    if (record.index != head->frontier.size) {
        return fail(fault, head, at, "the record has another index");
    }

    if (record.time_ms < head->time_ms) {
        return fail(fault, head, at, "the record is older than the one before");
    }

    replayed.record = &record;
    replayed.line = line;
    replayed.spot = (caplat_spot) { head->segment, head->offset + at,
                                    line.len };
    caplat_commit(record.salt, line, replayed.entry);
    caplat_merkle_leaf(caplat_sha256,
        caplat_slice_of((const char *) replayed.entry, CAPLAT_ENTRY_LEN),
        &replayed.leaf);
    replayed.full_count = caplat_merkle_append(caplat_sha256, &head->frontier,
        &replayed.leaf, replayed.full);
    head->time_ms = record.time_ms;

    if (conf->each != NULL && !conf->each(conf->data, &replayed, &why)) {
        head->frontier.size--;
        return fail(fault, head, at, why);
    }

    return true;
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


bool
caplat_replay_batch(const caplat_replay_conf *conf, caplat_slice text,
    caplat_head *head, caplat_spot *note, caplat_replay_fault *fault)
{
    caplat_cursor  c = caplat_cursor_of(text);
    caplat_slice   line;
    size_t         at = 0;

    while (caplat_take_until(&c, '\n', text.len, &line)) {
        if (caplat_is_checkpoint_line(line)) {
            if (!replay_checkpoint(conf, line, at, head, fault)) {
                return false;
            }

            *note = (caplat_spot) { head->segment, head->offset + at,
                                    line.len };
            head->offset += text.len;

            return true;
        }

        if (!replay_record(conf, line, at, head, fault)) {
            return false;
        }

        at = caplat_cursor_at(&c);
    }

    return fail(fault, head, at, "there is no checkpoint");
}
