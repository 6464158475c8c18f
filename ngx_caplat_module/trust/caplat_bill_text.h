/*
 * The pieces that a bill is made of: its encoding, lines, cells, amounts and
 * times.
 */

#ifndef CAPLAT_BILL_TEXT_H
#define CAPLAT_BILL_TEXT_H

#include "caplat_bill.h"


/*
 * Bytes as UTF-8 without a byte order mark: as they are when they are that or
 * begin with one, else from GB18030.
 *
 * text       as far as the bytes are characters; borrows from them or room
 * is_broken  that is not all of them
 * room       the caller frees it; NULL
 *
 * False: no memory, or the C library cannot read GB18030.
 */
bool caplat_bill_decode(caplat_slice bytes, caplat_slice *text,
    bool *is_broken, char **room);

/* The next line without its end and the blanks around it; false: no more. */
bool caplat_bill_take_line(caplat_cursor *c, caplat_slice *line);

/* The cells of a line that is not empty, without blanks, quotation marks or
   back-tick; false when there are more than CAPLAT_BILL_COLUMNS_MAX. */
bool caplat_bill_split(caplat_slice line,
    caplat_slice cells[static CAPLAT_BILL_COLUMNS_MAX], size_t *count);

/* Whether a part stands in a text. */
bool caplat_bill_has(caplat_slice text, caplat_slice part);

/* 起始日期：[2026年11月26日 00:00:00] 终止日期：[2026年11月27日 00:00:00] as
   seconds, from and until; false where it is not all there. */
bool caplat_bill_range(caplat_slice line, int64_t *from, int64_t *until);


#endif /* CAPLAT_BILL_TEXT_H */
