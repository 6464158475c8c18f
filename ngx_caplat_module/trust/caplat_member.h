/*
 * Members of the JSON objects that we send. `key` is written as it is, with
 * what stands before and behind it: `,"name":`.
 */

#ifndef CAPLAT_MEMBER_H
#define CAPLAT_MEMBER_H

#include "caplat_write.h"


/* A string. */
void caplat_member(caplat_writer *w, caplat_slice key, caplat_slice text);

/* A string, or null where it is empty. */
void caplat_member_or_null(caplat_writer *w, caplat_slice key,
    caplat_slice text);

/* A number, which is not negative. */
void caplat_member_number(caplat_writer *w, caplat_slice key, int64_t number);

/* A code of GB/T 2260, which is a string, or null where it is 0. */
void caplat_member_region(caplat_writer *w, caplat_slice key, uint32_t code);


#endif /* CAPLAT_MEMBER_H */
