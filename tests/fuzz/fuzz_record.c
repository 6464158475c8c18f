/* A line that is read as a record is the only spelling of it: what is written
   again are the same bytes. */

#include "caplat_record.h"

#include <stdlib.h>


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char    room[CAPLAT_RECORD_LEN_MAX];

    caplat_slice   text = caplat_slice_of((const char *) data, size);
    caplat_writer  w = caplat_writer_of(room, sizeof(room));
    caplat_record  record;
    caplat_err     err = { .at = 0 };

    if (!caplat_record_read(text, &record, &err)) {
        caplat_assert(err.at <= size);
        return 0;
    }

    caplat_record_write(&record, &w);
    caplat_assert(!w.full && caplat_slice_eq(caplat_written(&w), text));

    return 0;
}
