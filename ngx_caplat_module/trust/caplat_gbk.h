/*
 * How long a text is in GBK, which invoices are issued in: their fields are
 * bounded in its bytes.
 *
 * A table of our own and not iconv: that loads a module from the disk on
 * first use, which a server may not find there, and passes over characters
 * that nobody sees (U+E0000 to U+E007F) in silence.
 */

#ifndef CAPLAT_GBK_H
#define CAPLAT_GBK_H

#include "caplat_slice.h"


/*
 * The bytes of a text in GBK: 1 for ASCII, 2 for any other character.
 *
 * text  UTF-8
 * len   untouched on false: a character that GBK does not have
 */
bool caplat_gbk_len(caplat_slice text, size_t *len);


#endif /* CAPLAT_GBK_H */
