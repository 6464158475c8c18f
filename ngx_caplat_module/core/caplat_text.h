/*
 * The small grammars that rate cards and questions share. Each reads a whole
 * field; none moves a cursor.
 */

#ifndef CAPLAT_TEXT_H
#define CAPLAT_TEXT_H

#include "caplat_err.h"
#include "caplat_slice.h"


#define CAPLAT_NAME_LEN_MAX   32
#define CAPLAT_WORDS_LEN_MAX  200


/*
 * One character of UTF-8 (RFC 3629), which has the shortest form, is no
 * surrogate and no more than U+10FFFF.
 */
bool caplat_take_character(caplat_cursor *c, uint32_t *character);

/* 1 to 32 bytes of a-z, 0-9 and `-`, which does not stand at either end. */
bool caplat_name_valid(caplat_slice text);

/*
 * 1 to 200 bytes of UTF-8 (RFC 3629) without control characters (C0, DEL,
 * C1), with no space at either end.
 */
bool caplat_words_valid(caplat_slice text);

/*
 * Decimal digits, no sign, no leading zero, at most max.
 *
 * Returns CAPLAT_OK, CAPLAT_NOT_A_NUMBER or CAPLAT_TOO_LARGE.
 */
caplat_code caplat_number_read(caplat_slice text, uint64_t max,
    uint64_t *number);

/* Six digits, the first not 0: a code of GB/T 2260. */
bool caplat_region_read(caplat_slice text, uint32_t *code);


#endif /* CAPLAT_TEXT_H */
