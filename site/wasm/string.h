/*
 * All that core/ may ask of a C library. The browser's build finds no other
 * header of that name, so that a further call does not compile.
 */

#ifndef CAPLAT_STRING_H
#define CAPLAT_STRING_H

#include <stddef.h>


void *memcpy(void *restrict to, const void *restrict from, size_t len);
void *memset(void *to, int byte, size_t len);
void *memchr(const void *bytes, int byte, size_t len);
int memcmp(const void *a, const void *b, size_t len);


#endif /* CAPLAT_STRING_H */
