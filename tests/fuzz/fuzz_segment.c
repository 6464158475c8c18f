/* A segment of whatever bytes: a walk over it ends, its batches and its tail
   are all of it, and those that are replayed hold up to their fault. */

#define _GNU_SOURCE                     /* memfd_create */

#include "caplat_hash.h"
#include "caplat_io.h"
#include "caplat_replay.h"
#include "caplat_segment.h"

#include <sys/mman.h>
#include <unistd.h>


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


/* Lines that are read are pieces of their batch; a fault stands within it. */
static void
check_batch(caplat_slice batch, caplat_replay_lines *lines, caplat_head *head)
{
    const caplat_verifier     verifier = { .name = "a", .name_len = 1 };
    const caplat_replay_conf  conf = { &verifier, false, NULL, NULL, NULL };

    uint64_t              at = head->offset;
    caplat_head           next = *head;
    caplat_replay_fault   fault;

    caplat_replay_read(batch, lines);

    for (size_t i = 0; i < lines->count; i++) {
        caplat_slice  line = lines->list[i].text;

        caplat_assert(line.ptr >= batch.ptr
                      && line.ptr + line.len < batch.ptr + batch.len);
    }

    if (caplat_replay_batch(&conf, lines, &next, &fault)) {
        caplat_assert(next.offset == at + batch.len && lines->count != 0);
        *head = next;

    } else {
        caplat_assert(fault.why != NULL && fault.at >= at
                      && fault.at < at + batch.len);
        head->offset += batch.len;
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static caplat_replay_lines  lines;

    caplat_walk        walk;
    caplat_walk_state  state;
    caplat_slice       batch, text = caplat_slice_of((const char *) data, size);
    caplat_head        head = { .offset = 0 };
    uint64_t           at;
    int                fd = memfd_create("segment", 0);

    caplat_assert(caplat_trust_open() && fd >= 0
                  && caplat_io_write(fd, text, 0)
                  && caplat_walk_open(fd, 0, &walk));

    while ((state = caplat_walk_next(&walk, &at, &batch)) == CAPLAT_WALK_BATCH)
    {
        caplat_assert(at == head.offset
                      && caplat_slice_eq(batch, caplat_slice_of(
                             text.ptr + at, batch.len)));
        check_batch(batch, &lines, &head);
    }

    caplat_assert(at == head.offset
                  && (state == CAPLAT_WALK_TAIL ? at < size
                      : state == CAPLAT_WALK_END && at == size));
    caplat_walk_close(&walk);
    (void) close(fd);

    return 0;
}
